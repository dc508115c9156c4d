/* SPDX-License-Identifier: BSD-2-Clause */
#include "wrap.h"

#include <string.h>

const uint8_t wrap_mac[6] = { 2, 0xaa, 0xbb, 0xcc, 0xdd, 0xee };
const uint32_t wrap_ip4[4] = { 0xc0a80002 }, wrap_ip6[4] = { 0x00000002, 0, 0, 0x20010db8 };
const uint16_t wrap_dport[WRAP_N] = { 4789, 6081, 0, 0 };

static uint8_t *put16(uint8_t *p, unsigned int v)
{
	*p++ = (uint8_t)(v >> 8);
	*p++ = (uint8_t)v;
	return p;
}

static uint8_t *put32(uint8_t *p, uint32_t v)
{
	return put16(put16(p, v >> 16), v & 0xffff);
}

static uint8_t *put_ip(const struct wrap *w, uint8_t *p, size_t payload, uint8_t proto)
{
	uint8_t *start = p;
	uint32_t sum = 0;
	unsigned int i;

	if (w->v6) {
		p = put16(put32(p, 0x60300000), (unsigned int)payload);
		*p++ = proto;
		*p++ = 63;
		for (i = 0; i < 4; i++)
			p = put32(p, wrap_ip6[3 - i] ^ (i == 3 ? 3 : 0));
		for (i = 0; i < 4; i++)
			p = put32(p, wrap_ip6[3 - i]);
		return p;
	}
	p = put32(p, 0x45000000 | (uint32_t)(20 + payload));
	p = put32(p, 0x00004000);
	*p++ = 63;
	*p++ = proto;
	p = put32(put32(put16(p, 0), wrap_ip4[0] ^ 3), wrap_ip4[0]);
	for (i = 0; i < 20; i += 2)
		sum += (uint32_t)start[i] << 8 | start[i + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	put16(start + 10, ~(sum + (sum >> 16)) & 0xffff);
	return p;
}

/* What is between the IP header and the frame. */
static uint8_t *put_tunnel(const struct wrap *w, uint8_t *p, size_t len)
{
	unsigned int dport = w->dport ? w->dport : wrap_dport[w->kind], i, flags;

	if (dport) {
		p = put16(put16(p, 0xc123), dport);
		p = put16(put16(p, (unsigned int)(8 + len)), 0);
	}
	switch (w->kind) {
	case WRAP_VXLAN:
		return put32(put32(p, 0x08000000), WRAP_VNI << 8);
	case WRAP_GENEVE:
		p = put32(put32(p, w->options << 24 | 0x6558), WRAP_VNI << 8);
		for (i = 0; i < w->options; i++)
			p = put32(p, 0x01028000 + i);
		return p;
	case WRAP_NVGRE:
		return put32(put32(p, 0x20006558), WRAP_VNI << 8 | 7);
	default:
		flags = (w->options & 1 ? 0x8000 : 0) | (w->options > 2 ? 0x1000 : 0);
		p = put32(p, flags << 16 | 0x6558);
		if (flags & 0x8000)
			p = put32(p, 0x12340000);
		return flags & 0x1000 ? put32(p, 99) : p;
	}
}

size_t wrap(const struct wrap *w, uint8_t *out, const uint8_t *inner, size_t len)
{
	uint8_t tunnel[64], *p = out;
	size_t head = (size_t)(put_tunnel(w, tunnel, 0) - tunnel), udp = wrap_dport[w->kind] ? 8 : 0;
	unsigned int i;

	memcpy(p, wrap_mac, 6);
	memset(p + 6, 0x99, 6);
	p[6] = 0x02;
	p += 12;
	for (i = 0; i < w->tags; i++)
		p = put32(p, 0x81000000 | (100 + i));
	p = put16(p, w->v6 ? 0x86dd : 0x0800);
	p = put_ip(w, p, head + len, udp ? 17 : 47);
	p = put_tunnel(w, p, head - udp + len);
	memcpy(p, inner, len);
	memset(p + len, 0xee, w->trailer);
	return (size_t)(p - out) + len + w->trailer - w->cut;
}
