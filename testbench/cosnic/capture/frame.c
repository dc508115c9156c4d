/* SPDX-License-Identifier: BSD-2-Clause */
#include "frame.h"

#include "snic_contract.h"

#include <string.h>

#define UDP_HDR 8
#define TCP_HDR 32 /* with time stamps */
#define IP_HDR 20
#define ETH_HDR 14

static uint8_t *put16(uint8_t *p, uint16_t v)
{
	*p++ = (uint8_t)(v >> 8);
	*p++ = (uint8_t)v;
	return p;
}

static uint8_t *put32(uint8_t *p, uint32_t v)
{
	p = put16(p, (uint16_t)(v >> 16));
	return put16(p, (uint16_t)v);
}

/* Two 16-bit words at a time: fold() adds up the carries. */
static uint64_t sum16(const uint8_t *p, size_t n, uint64_t sum)
{
	size_t i;

	for (i = 0; i + 3 < n; i += 4)
		sum += (uint32_t)p[i] << 24 | (uint32_t)p[i + 1] << 16 | (uint32_t)p[i + 2] << 8 | p[i + 3];
	for (; i < n; i++)
		sum += (uint32_t)p[i] << (i & 1 ? 0 : 8);
	return sum;
}

static uint16_t fold(uint64_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static uint8_t *put_eth(uint8_t *p, const uint8_t *dmac, const uint8_t *smac, uint16_t type)
{
	memcpy(p, dmac, 6);
	memcpy(p + 6, smac, 6);
	return put16(p + 12, type);
}

static uint8_t *put_ipv4(uint8_t *p, size_t payload, uint8_t proto, uint32_t src, uint32_t dst)
{
	uint8_t *start = p;

	p = put16(p, 0x4500);
	p = put16(p, (uint16_t)(IP_HDR + payload));
	p = put32(p, 0x00004000); /* id 0, DF */
	*p++ = 64;
	*p++ = proto;
	p = put16(p, 0);
	p = put32(p, src);
	p = put32(p, dst);
	put16(start + 10, fold(sum16(start, IP_HDR, 0)));
	return p;
}

/* UDP over IPv4 with `payload` bytes; csum says whether the UDP checksum is filled (0: tunnels leave it out). */
static uint8_t *put_udp(uint8_t *p, size_t payload, uint16_t sport, uint16_t dport, bool csum)
{
	uint8_t *start = p;
	uint16_t c;

	p = put16(p, sport);
	p = put16(p, dport);
	p = put16(p, (uint16_t)(UDP_HDR + payload));
	p = put16(p, 0);
	if (csum) {
		c = fold(sum16(start, UDP_HDR + payload, sum16(start - 8, 8, 17 + UDP_HDR + payload)));
		put16(start + 6, c ? c : 0xffff);
	}
	return p;
}

/* Data of a connection: ACK and PSH. */
static uint8_t *put_tcp(uint8_t *p, size_t payload, uint16_t sport, uint16_t dport, uint32_t seq)
{
	uint8_t *start = p;

	p = put16(p, sport);
	p = put16(p, dport);
	p = put32(p, seq);
	p = put32(p, 1);
	p = put16(p, 0x8018);
	p = put16(p, 512);
	p = put32(p, 0);
	p = put32(p, 0x0101080a);
	p = put32(p, seq);
	p = put32(p, 1);
	put16(start + 16, fold(sum16(start, TCP_HDR + payload, sum16(start - 8, 8, 6 + TCP_HDR + payload))));
	return p;
}

static size_t outer_len(enum encap e)
{
	switch (e) {
	case ENCAP_VXLAN:
	case ENCAP_GENEVE:
		return ETH_HDR + IP_HDR + UDP_HDR + 8;
	case ENCAP_NVGRE:
		return ETH_HDR + IP_HDR + 8;
	case ENCAP_MPLSOGRE:
		return ETH_HDR + IP_HDR + 4 + 4;
	case ENCAP_VLAN:
		return 4;
	case ENCAP_QINQ:
		return 8;
	default:
		return 0;
	}
}

/* Everything in front of the inner IP header, or of the inner Ethernet header where the tunnel carries one. */
static uint8_t *put_outer(uint8_t *p, const struct frame_spec *s, size_t inner)
{
	const uint32_t tep1 = 0xc0a80001, tep2 = 0xc0a80002;
	const uint16_t entropy = (uint16_t)(0xc000 | (s->flow * 2654435761u >> 18));
	const uint32_t vni = 100 + s->flow % 16;

	switch (s->encap) {
	case ENCAP_VXLAN:
		p = put_eth(p, s->dmac, s->smac, 0x0800);
		p = put_ipv4(p, UDP_HDR + 8 + inner, 17, tep1, tep2);
		p = put_udp(p, 8 + inner, entropy, 4789, false);
		p = put32(p, 0x08000000);
		return put32(p, vni << 8);
	case ENCAP_GENEVE:
		p = put_eth(p, s->dmac, s->smac, 0x0800);
		p = put_ipv4(p, UDP_HDR + 8 + inner, 17, tep1, tep2);
		p = put_udp(p, 8 + inner, entropy, 6081, false);
		p = put32(p, 0x00006558);
		return put32(p, vni << 8);
	case ENCAP_NVGRE:
		p = put_eth(p, s->dmac, s->smac, 0x0800);
		p = put_ipv4(p, 8 + inner, 47, tep1, tep2);
		p = put32(p, 0x20006558);
		return put32(p, vni << 8 | (s->flow & 0xff));
	case ENCAP_MPLSOGRE:
		p = put_eth(p, s->dmac, s->smac, 0x0800);
		p = put_ipv4(p, 8 + inner, 47, tep1, tep2);
		p = put32(p, 0x00008847);
		return put32(p, vni << 12 | 0x100 | 64);
	default:
		return p;
	}
}

static size_t headers_len(enum encap e, size_t l4)
{
	return outer_len(e) + (e == ENCAP_MPLSOGRE ? 0 : ETH_HDR) + IP_HDR + l4;
}

size_t frame_min(enum encap e)
{
	size_t len = headers_len(e, UDP_HDR);

	return len < SNIC_FRAME_MIN ? SNIC_FRAME_MIN : len;
}

size_t frame_build(const struct frame_spec *s, uint8_t *buf)
{
	static const uint8_t in_dmac[6] = { 2, 0, 0, 0, 1, 1 }, in_smac[6] = { 2, 0, 0, 0, 1, 2 };
	const size_t outer = outer_len(s->encap);
	const bool tunnel = s->encap >= ENCAP_VXLAN;
	const size_t l4 = s->tcp ? TCP_HDR : UDP_HDR, headers = headers_len(s->encap, l4);
	size_t len = s->len < headers ? headers : s->len, payload = len - headers, i;
	const uint16_t sport = (uint16_t)(1024 + s->flow % 60000);
	uint8_t *p = buf, *start;
	uint64_t x = s->fill;

	if (tunnel) {
		p = put_outer(p, s, len - outer);
		if (s->encap != ENCAP_MPLSOGRE)
			p = put_eth(p, in_dmac, in_smac, 0x0800);
	} else {
		p = put_eth(p, s->dmac, s->smac,
			    s->encap == ENCAP_VLAN   ? 0x8100
			    : s->encap == ENCAP_QINQ ? 0x88a8
						     : 0x0800);
		/* The outer tag is VLAN 0, a priority tag: every function is a member. */
		if (s->encap == ENCAP_VLAN)
			p = put32(p, 0x00000800);
		if (s->encap == ENCAP_QINQ) {
			p = put32(p, 0x00008100);
			p = put32(p, (100u + s->flow % 16) << 16 | 0x0800);
		}
	}
	p = put_ipv4(p, l4 + payload, s->tcp ? 6 : 17, 0x0a000000 | (s->flow >> 12 & 0xfff),
		     0x0b000000 | (s->flow & 0xfff));
	start = p;
	for (i = 0, p += l4; i < payload; i += 8, p += 8) {
		memcpy(p, &x, payload - i < 8 ? payload - i : 8);
		x = x * 6364136223846793005ull + 1442695040888963407ull;
	}
	if (s->tcp)
		put_tcp(start, payload, sport, 9, (uint32_t)s->fill);
	else
		put_udp(start, payload, sport, 9, true);
	/* Short frames are padded to the Ethernet minimum; the IP length above does not count it. */
	if (len < SNIC_FRAME_MIN) {
		memset(buf + len, 0, SNIC_FRAME_MIN - len);
		len = SNIC_FRAME_MIN;
	}
	return len;
}
