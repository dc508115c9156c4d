/* SPDX-License-Identifier: BSD-2-Clause */
/* Headers of a tunnel in front of a frame: RFC 791, RFC 8200, RFC 768, RFC 6040 (normal mode), entropy as RFC 7348 5 asks for. */
#include "act.h"

#include <string.h>

static unsigned int word(const uint8_t *p)
{
	return (unsigned int)p[0] << 8 | p[1];
}

static void put(uint8_t *p, size_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

/* TOS and TTL of the frame, if it is IP behind two tags at most. */
static bool inner(const uint8_t *frame, size_t len, uint8_t *tos, uint8_t *ttl)
{
	size_t at = 12, tags;

	for (tags = 0;
	     tags < 2 && at + 6 <= len && (word(frame + at) == 0x8100 || word(frame + at) == 0x88a8); tags++)
		at += 4;
	if (word(frame + at) == 0x0800 && len >= at + 2 + 20) {
		*tos = frame[at + 3];
		*ttl = frame[at + 10];
		return true;
	}
	if (word(frame + at) == 0x86dd && len >= at + 2 + 40) {
		*tos = (uint8_t)(word(frame + at + 2) >> 4);
		*ttl = frame[at + 9];
		return true;
	}
	return false;
}

static void ipv4(uint8_t *ip, size_t total, uint8_t tos, uint8_t ttl)
{
	uint32_t sum = 0;
	unsigned int i;

	ip[1] = tos;
	ip[8] = ttl;
	put(ip + 2, total);
	put(ip + 10, 0);
	for (i = 0; i < 20; i += 2)
		sum += word(ip + i);
	sum = (sum & 0xffff) + (sum >> 16);
	put(ip + 10, ~(sum + (sum >> 16)));
}

size_t snic_ref_encap(const struct snic_ref_encap *e, uint32_t hash, const uint8_t *frame, size_t len,
		      uint8_t *out)
{
	uint8_t *ip = out + e->l3, *udp = ip + (e->v6 ? 40 : 20), tos, ttl, in_tos, in_ttl;

	memcpy(out, e->hdr, e->len);
	memcpy(out + e->len, frame, len);
	tos = e->v6 ? (uint8_t)(word(ip) >> 4) : ip[1];
	ttl = e->v6 ? ip[7] : ip[8];
	if (inner(frame, len, &in_tos, &in_ttl)) {
		tos = (uint8_t)(((e->dscp ? in_tos : tos) & 0xfc) | ((e->ecn ? in_tos : tos) & 3));
		ttl = e->ttl ? in_ttl : ttl;
	}
	len += e->len;
	if (e->v6) {
		put(ip, (word(ip) & 0xf00f) | (unsigned int)tos << 4);
		put(ip + 4, len - e->l3 - 40);
		ip[7] = ttl;
	} else {
		ipv4(ip, len - e->l3, tos, ttl);
	}
	if (e->udp) {
		put(udp, 0xc000 | (hash & 0x3fff));
		put(udp + 4, len - (size_t)(udp - out));
	}
	return len;
}
