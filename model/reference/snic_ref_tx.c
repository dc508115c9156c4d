/* SPDX-License-Identifier: BSD-2-Clause */
/* What becomes of a frame whose sender asked for a checksum, or for segments: sums are made over the bytes that leave. */
#include <string.h>

#include "snic_ref.h"

enum { TCP_FIN = 0x01, TCP_PSH = 0x08, TCP_CWR = 0x80 };

static unsigned int get16(const uint8_t *p)
{
	return (unsigned int)p[0] << 8 | p[1];
}

static void put16(uint8_t *p, unsigned int v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static uint32_t get32(const uint8_t *p)
{
	return (uint32_t)get16(p) << 16 | get16(p + 2);
}

/* Ones' complement sum of big-endian words. */
static unsigned int sum(const uint8_t *p, size_t n, unsigned int s)
{
	size_t i;

	for (i = 0; i < n; i++) {
		s += i & 1 ? p[i] : (unsigned int)p[i] << 8;
		s = (s & 0xffff) + (s >> 16);
	}
	return s;
}

static void count_up(uint8_t *ip, unsigned int by)
{
	put16(ip + 4, get16(ip + 4) + by);
}

static void ip_checksum(uint8_t *ip)
{
	put16(ip + 10, 0);
	put16(ip + 10, ~sum(ip, (ip[0] & 15) * 4u, 0));
}

static void finish(uint8_t *out, size_t len, size_t start, size_t place, unsigned int more, bool zero)
{
	unsigned int s = ~sum(out + start, len - start, more) & 0xffff;

	put16(out + place, s || zero ? s : 0xffff);
}

void snic_ref_tx_csum(uint8_t *frame, size_t len, size_t start, size_t off)
{
	finish(frame, len, start, start + off, 0, false);
}

size_t snic_ref_tx_segments(const struct snic_ref_tx_cut *c, size_t len)
{
	return (len - c->hdr + c->mss - 1) / c->mss;
}

size_t snic_ref_tx_segment(const struct snic_ref_tx_cut *c, const uint8_t *frame, size_t len, size_t k,
			   uint8_t *out)
{
	size_t at = c->hdr + k * c->mss, n = len - at < c->mss ? len - at : c->mss, all = c->hdr + n;
	uint8_t *ip = out + c->l3, *l4 = out + c->l4;

	memcpy(out, frame, c->hdr);
	memcpy(out + c->hdr, frame + at, n);
	if (c->ip6) {
		put16(ip + 4, (unsigned int)(all - c->l3 - 40));
	} else {
		put16(ip + 2, (unsigned int)(all - c->l3));
		count_up(ip, c->fixid ? 0 : (unsigned int)k);
		ip_checksum(ip);
	}
	if (c->oip4) {
		count_up(out + c->ol3, (unsigned int)k);
		ip_checksum(out + c->ol3);
	}
	if (c->udp) {
		put16(l4 + 4, (unsigned int)(all - c->l4));
	} else {
		uint32_t seq = get32(l4 + 4) + (uint32_t)(k * c->mss);

		put16(l4 + 4, seq >> 16);
		put16(l4 + 6, seq);
		if (at + n != len)
			l4[13] &= (uint8_t) ~(TCP_FIN | TCP_PSH);
		if (k)
			l4[13] &= (uint8_t)~TCP_CWR;
	}
	finish(out, all, c->l4, c->l4 + (c->udp ? 6 : 16), (unsigned int)(all - c->l4), !c->udp);
	if (all < SNIC_FRAME_MIN)
		memset(out + all, 0, SNIC_FRAME_MIN - all);
	return all < SNIC_FRAME_MIN ? SNIC_FRAME_MIN : all;
}
