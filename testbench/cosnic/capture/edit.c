/* SPDX-License-Identifier: BSD-2-Clause */
#include "edit.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "packet.h"

enum { TYPE_VLAN = 0x8100, TYPE_AD = 0x88a8, TYPE_ARP = 0x0806, MAC_PAIR = 12, ETH_HDR = 14 };
enum { ARP_IPV4_LEN = 28, ARP_SENDER = 14, ARP_TARGET = 24 };

bool edit_any(const struct edit *e)
{
	return e->has_dmac || e->has_smac || e->vlan != EDIT_VLAN_KEEP || e->n_net || e->fixcsum;
}

const char *edit_mac(const char *text, uint8_t mac[6])
{
	unsigned int b[6], i;
	int end = 0;

	if (sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x%n", &b[0], &b[1], &b[2], &b[3], &b[4], &b[5], &end) != 6 ||
	    end != 17 || text[end])
		return "must be an address such as 52:54:00:12:34:56";
	for (i = 0; i < 6; i++)
		mac[i] = (uint8_t)b[i];
	return NULL;
}

/* NETWORK/BITS from *at on, up to `stop` or the end; moves behind it. */
static bool network(const char **at, char stop, unsigned int *version, uint8_t net[16], unsigned int *bits)
{
	bool bracket = **at == '[';
	const char *start = *at + bracket,
		   *end = bracket ? strchr(start, ']') : start + strcspn(start, stop == ':' ? ":," : ",");
	char text[64], *slash, *rest;
	unsigned long n;

	if (!end || (size_t)(end - start) >= sizeof(text))
		return false;
	memcpy(text, start, (size_t)(end - start));
	text[end - start] = 0;
	*at = end + bracket;
	slash = strchr(text, '/');
	if (!slash)
		return false;
	*slash = 0;
	*version = bracket ? 6 : 4;
	memset(net, 0, 16);
	n = strtoul(slash + 1, &rest, 10);
	if (rest == slash + 1 || *rest || n > (bracket ? 128 : 32) || slash[1] < '0' || slash[1] > '9')
		return false;
	*bits = (unsigned int)n;
	return inet_pton(bracket ? AF_INET6 : AF_INET, text, net) == 1;
}

const char *edit_nets(struct edit *e, const char *text, bool source, bool destination)
{
	static const char how[] =
		"must look like 10.0.0.0/8:192.168.0.0/16, or [2001:db8::/32]:[fd00::/16]; more of them with commas between";
	unsigned int to_version;

	for (;;) {
		struct edit_net *n = &e->net[e->n_net];

		if (e->n_net == EDIT_MAX_NETS)
			return "no more than 16 networks";
		if (!network(&text, ':', &n->version, n->from, &n->from_bits) || *text++ != ':' ||
		    !network(&text, ',', &to_version, n->to, &n->to_bits) || to_version != n->version)
			return how;
		n->source = source;
		n->destination = destination;
		e->n_net++;
		if (!*text)
			return NULL;
		if (*text++ != ',')
			return how;
	}
}

/* The first n bits are the same. */
static bool within(const uint8_t *a, const uint8_t *net, unsigned int n)
{
	return !memcmp(a, net, n / 8) && (n % 8 == 0 || !((a[n / 8] ^ net[n / 8]) >> (8 - n % 8)));
}

/* The first network that it is in decides; false: it is in none. */
static bool map_address(const struct edit *e, uint8_t *a, unsigned int version, bool source)
{
	unsigned int i, b;

	for (i = 0; i < e->n_net; i++) {
		const struct edit_net *n = &e->net[i];

		if (n->version != version || !(source ? n->source : n->destination) ||
		    !within(a, n->from, n->from_bits))
			continue;
		memcpy(a, n->to, n->to_bits / 8);
		for (b = n->to_bits / 8 * 8; b < n->to_bits; b++) {
			uint8_t bit = (uint8_t)(0x80 >> b % 8);

			a[b / 8] = (uint8_t)((a[b / 8] & ~bit) | (n->to[b / 8] & bit));
		}
		return true;
	}
	return false;
}

/* A checksum after the words it covers have changed: RFC 1624, equation 3. */
static void update(uint8_t *at, const uint8_t *was, const uint8_t *is, size_t n)
{
	uint64_t sum = (uint16_t)~packet_get16(at);
	size_t i;

	for (i = 0; i < n; i += 2)
		sum += (uint64_t)(uint16_t)~packet_get16(was + i) + packet_get16(is + i);
	packet_put16(at, packet_fold(sum));
}

static void edit_ip(const struct edit *e, uint8_t *f, const struct packet *p)
{
	size_t size = p->version == 4 ? 4 : 16, sum_at = packet_checksum_at(p);
	uint8_t *src = f + p->l3 + (p->version == 4 ? 12 : 8), was[32];
	bool changed;

	memcpy(was, src, 2 * size);
	changed = map_address(e, src, p->version, true);
	changed |= map_address(e, src + size, p->version, false);
	if (!changed)
		return;
	if (p->version == 4)
		update(f + p->l3 + 10, was, src, 8);
	if (!sum_at || (p->proto == PACKET_UDP && !packet_get16(f + sum_at)))
		return;
	update(f + sum_at, was, src, 2 * size);
	if (p->proto == PACKET_UDP && !packet_get16(f + sum_at))
		packet_put16(f + sum_at, 0xffff);
}

/* Addresses in ARP are those of the same hosts. */
static void edit_arp(const struct edit *e, uint8_t *f, size_t len)
{
	size_t at = MAC_PAIR;

	while (len >= at + 2 && (packet_get16(f + at) == TYPE_VLAN || packet_get16(f + at) == TYPE_AD))
		at += 4;
	if (len < at + 2 + ARP_IPV4_LEN || packet_get16(f + at) != TYPE_ARP ||
	    packet_get16(f + at + 4) != 0x0800)
		return;
	map_address(e, f + at + 2 + ARP_SENDER, 4, true);
	map_address(e, f + at + 2 + ARP_TARGET, 4, false);
}

static bool tagged(const uint8_t *f, size_t len)
{
	return len >= ETH_HDR + 4 &&
	       (packet_get16(f + MAC_PAIR) == TYPE_VLAN || packet_get16(f + MAC_PAIR) == TYPE_AD);
}

/* As tcprewrite has it: add writes over a tag that is there, as far as it was told what. */
static size_t edit_tag(const struct edit *e, uint8_t *f, size_t len)
{
	unsigned int tci;

	if (e->vlan == EDIT_VLAN_DEL) {
		if (!tagged(f, len))
			return len;
		memmove(f + MAC_PAIR, f + MAC_PAIR + 4, len - MAC_PAIR - 4);
		return len - 4;
	}
	if (!tagged(f, len)) {
		memmove(f + MAC_PAIR + 4, f + MAC_PAIR, len - MAC_PAIR);
		packet_put16(f + MAC_PAIR, (uint16_t)e->vlan_proto);
		packet_put16(f + MAC_PAIR + 2, 0);
		len += 4;
	}
	tci = packet_get16(f + MAC_PAIR + 2);
	if (e->has_vlan_tag)
		tci = (tci & 0xf000) | e->vlan_tag;
	if (e->has_vlan_pri)
		tci = (tci & 0x1fff) | e->vlan_pri << 13;
	if (e->has_vlan_cfi)
		tci = (tci & 0xefff) | e->vlan_cfi << 12;
	packet_put16(f + MAC_PAIR + 2, (uint16_t)tci);
	return len;
}

size_t edit_frame(const struct edit *e, uint8_t *frame, size_t len, uint64_t *fixed)
{
	struct packet p;

	if (e->n_net || e->fixcsum)
		packet_parse(frame, len, &p);
	if (e->n_net && p.version)
		edit_ip(e, frame, &p);
	else if (e->n_net)
		edit_arp(e, frame, len);
	if (e->fixcsum && p.version)
		*fixed += packet_fix_checksums(frame, &p) != 0;
	if (e->has_dmac)
		memcpy(frame, e->dmac, 6);
	if (e->has_smac)
		memcpy(frame + 6, e->smac, 6);
	return e->vlan == EDIT_VLAN_KEEP ? len : edit_tag(e, frame, len);
}
