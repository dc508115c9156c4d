/* SPDX-License-Identifier: BSD-2-Clause */
#include "packet.h"

#include <string.h>

enum { TYPE_IPV4 = 0x0800, TYPE_IPV6 = 0x86dd, TYPE_VLAN = 0x8100, TYPE_AD = 0x88a8 };
enum { HOP_BY_HOP = 0, ROUTING = 43, FRAGMENT = 44, AUTH = 51, DESTINATION = 60 };
enum { IPV4_MIN = 20, IPV6_HDR = 40, TCP_MIN = 20, UDP_HDR = 8, ICMPV6_MIN = 4, MAC_PAIR = 12 };
enum { LOOSE_ROUTE = 131, STRICT_ROUTE = 137 };

static void ipv4(const uint8_t *f, size_t len, size_t at, struct packet *p)
{
	size_t head, total, i;

	if (len - at < IPV4_MIN || f[at] >> 4 != 4)
		return;
	head = (size_t)(f[at] & 15) * 4;
	/* 0: segmentation was left to the card, and the datagram is longer than the field can say */
	total = packet_get16(f + at + 2);
	if (!total)
		total = len - at;
	if (head < IPV4_MIN || total < head || len - at < head)
		return;
	p->version = 4;
	p->l3 = at;
	p->l4 = at + head;
	p->end = at + total < len ? at + total : len;
	p->proto = f[at + 9];
	p->fragment = packet_get16(f + at + 6) & 0x3fff;
	p->later = packet_get16(f + at + 6) & 0x1fff;
	for (i = at + IPV4_MIN; i < p->l4; i++)
		p->routed |= f[i] == LOOSE_ROUTE || f[i] == STRICT_ROUTE;
}

static void ipv6(const uint8_t *f, size_t len, size_t at, struct packet *p)
{
	size_t payload, head;
	uint8_t next;

	if (len - at < IPV6_HDR || f[at] >> 4 != 6)
		return;
	payload = packet_get16(f + at + 4);
	p->l3 = at;
	p->end = payload && at + IPV6_HDR + payload < len ? at + IPV6_HDR + payload : len;
	next = f[at + 6];
	for (at += IPV6_HDR; !p->later && p->end - at >= 8; at += head) {
		if (next == FRAGMENT) {
			p->fragment |= (packet_get16(f + at + 2) & 0xfff9) != 0;
			p->later = packet_get16(f + at + 2) & 0xfff8;
			head = 8;
		} else if (next == HOP_BY_HOP || next == ROUTING || next == DESTINATION) {
			head = (size_t)(f[at + 1] + 1) * 8;
			/* a Home Address among destination options, or segments that are left */
			p->routed |= next != HOP_BY_HOP;
		} else if (next == AUTH) {
			head = (size_t)(f[at + 1] + 2) * 4;
		} else {
			break;
		}
		if (p->end - at < head)
			return;
		next = f[at];
	}
	p->version = 6;
	p->l4 = at;
	p->proto = next;
}

void packet_parse(const uint8_t *frame, size_t len, struct packet *p)
{
	size_t at = MAC_PAIR;

	memset(p, 0, sizeof(*p));
	while (len >= at + 2 &&
	       (packet_get16(frame + at) == TYPE_VLAN || packet_get16(frame + at) == TYPE_AD))
		at += 4;
	if (len < at + 2)
		return;
	if (packet_get16(frame + at) == TYPE_IPV4)
		ipv4(frame, len, at + 2, p);
	else if (packet_get16(frame + at) == TYPE_IPV6)
		ipv6(frame, len, at + 2, p);
}

size_t packet_checksum_at(const struct packet *p)
{
	size_t room = p->version ? p->end - p->l4 : 0;

	if (!p->version || p->later)
		return 0;
	if (p->proto == PACKET_TCP && room >= TCP_MIN)
		return p->l4 + 16;
	if (p->proto == PACKET_UDP && room >= UDP_HDR)
		return p->l4 + 6;
	if (p->version == 6 && p->proto == PACKET_ICMPV6 && room >= ICMPV6_MIN)
		return p->l4 + 2;
	return 0;
}

uint64_t packet_sum(const uint8_t *b, size_t n, uint64_t sum)
{
	for (; n > 1; n -= 2, b += 2)
		sum += packet_get16(b);
	return n ? sum + ((uint64_t)*b << 8) : sum;
}

uint16_t packet_fold(uint64_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static unsigned int fix(uint8_t *at, uint16_t right)
{
	if (packet_get16(at) == right)
		return 0;
	packet_put16(at, right);
	return 1;
}

unsigned int packet_fix_checksums(uint8_t *f, const struct packet *p)
{
	size_t at = packet_checksum_at(p), n = p->end - p->l4;
	uint16_t was, right;
	unsigned int fixed = 0;
	uint64_t sum;

	if (p->version == 4) {
		sum = packet_sum(f + p->l3, p->l4 - p->l3, 0) - packet_get16(f + p->l3 + 10);
		fixed += fix(f + p->l3 + 10, packet_fold(sum));
	}
	/* of a fragment the rest is not here; with a source route the last destination may be another */
	if (!at || p->fragment || p->routed)
		return fixed;
	was = packet_get16(f + at);
	if (p->proto == PACKET_UDP && p->version == 4 && !was)
		return fixed; /* there is none */
	sum = packet_sum(f + p->l4, n, 0) - was;
	sum = packet_sum(f + p->l3 + (p->version == 4 ? 12 : 8), p->version == 4 ? 8 : 32, sum);
	right = packet_fold(sum + p->proto + n);
	return fixed + fix(f + at, p->proto == PACKET_UDP && !right ? 0xffff : right);
}
