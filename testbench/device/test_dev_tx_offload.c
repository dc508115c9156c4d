/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames in many buffers, checksums that the card inserts, frames that it cuts: whatever leaves is held to the reference, byte for
 * byte, and where a function gets it, to the verdicts of the parser. Then what does not fit, beside a neighbour that works.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cu_main.h"
#include "dev.h"

enum { RING_LOG2 = 9, RING = 1 << RING_LOG2, POOL = 1 << 20, LONGEST = SNIC_TX_LSO_BYTES + 1 };

/* A TX ring of the test's own: buffers anywhere in a pool. */
struct own {
	struct dev *d;
	struct snic_txq tx;
	struct snic_ring_mem mem;
	uint8_t *pool;
	uint64_t pool_bus;
	size_t at; /* in the pool */
	unsigned int func, queue;
	uint64_t rnd;
};

static unsigned int rnd(struct own *o, unsigned int n)
{
	return (unsigned int)(cu_rand(&o->rnd) % n);
}

static void own_start(struct own *o)
{
	CU_ASSERT_EQUAL(snic_txq_start(&o->tx, &o->d->pmd->hw[o->func], o->queue, &o->mem, RING_LOG2, -1), 0);
}

static void own_open(struct own *o, struct dev *d, unsigned int func, unsigned int queue)
{
	const struct snic_pmd_bus *b = d->bus;
	uint64_t ring, report;

	memset(o, 0, sizeof(*o));
	o->d = d;
	o->func = func;
	o->queue = queue;
	o->rnd = cu_seed() + func;
	o->mem.ring = b->dma_alloc(b->ctx, func, sizeof(struct snic_qw2) << RING_LOG2, &ring);
	o->mem.report = b->dma_alloc(b->ctx, func, 4096, &report);
	o->mem.ring_bus = ring;
	o->mem.report_bus = report;
	o->pool = b->dma_alloc(b->ctx, func, POOL, &o->pool_bus);
	CU_ASSERT_FATAL(o->mem.ring && o->mem.report && o->pool);
	own_start(o);
}

static unsigned int status(const struct own *o)
{
	__u64 qw[2];

	memcpy(qw, o->mem.report, sizeof(qw));
	return (unsigned int)snic_bits_get(qw, SNIC_F(TX_WB, STATUS));
}

/* Until the ring is empty: buffers are used anew then. */
static void own_drain(struct own *o)
{
	unsigned int us;

	for (us = 0; us < 2000; us++) {
		CU_ASSERT_EQUAL_FATAL(snic_txq_reap(&o->tx), 0);
		if (snic_txq_room(&o->tx) == RING)
			break;
		dev_run_ns(o->d, 1000);
	}
	CU_ASSERT_EQUAL(snic_txq_room(&o->tx), RING);
}

/* Room for a frame, in the ring and in the pool. */
static void make_room(struct own *o, size_t len, unsigned int bufs)
{
	if (POOL - o->at < len + bufs * 130u) {
		snic_txq_kick(&o->tx);
		own_drain(o);
		o->at = 0;
	}
	while (snic_txq_room(&o->tx) < bufs + 1) {
		dev_run_ns(o->d, 500);
		CU_ASSERT_EQUAL_FATAL(snic_txq_reap(&o->tx), 0);
	}
}

/* The bytes, at a place of their own in the pool, any alignment. */
static uint64_t place(struct own *o, const uint8_t *p, size_t n)
{
	size_t at = o->at + rnd(o, 130);

	memcpy(o->pool + at, p, n);
	o->at = at + n;
	return o->pool_bus + at;
}

/* The frame in `bufs` buffers of any length. */
static void put(struct own *o, const uint8_t *frame, size_t len, unsigned int bufs, u64 csum)
{
	size_t at = 0, n;
	unsigned int i;

	for (i = 0; i < bufs; i++, at += n, csum = 0) {
		n = i + 1 == bufs
			    ? len - at
			    : 1 + rnd(o, (unsigned int)((len - at - (bufs - i - 1)) / (i % 3 ? 2 : 8) + 1));
		if (n > len - at - (bufs - i - 1))
			n = len - at - (bufs - i - 1);
		if (n > 65535)
			n = 65535;
		if (len - at - n > (bufs - i - 1) * 65535ul)
			n = len - at - (bufs - i - 1) * 65535ul;
		snic_txq_put_buf(&o->tx, place(o, frame + at, n), (u32)n, i + 1 == bufs, csum);
	}
}

/* ---- frames ---- */

struct shape {
	unsigned int vlans, outer,
		options; /* outer: 0 none, 4, 6: VXLAN over IPv4, IPv6; 1: GRE over IPv4; 2: IPIP */
	bool ip6, udp;
};

static void put16(uint8_t *p, unsigned int v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static unsigned int fold(unsigned int s)
{
	s = (s & 0xffff) + (s >> 16);
	return (s & 0xffff) + (s >> 16);
}

static unsigned int sum16(const uint8_t *p, size_t n, unsigned int s)
{
	size_t i;

	for (i = 0; i < n; i++)
		s = fold(s + (i & 1 ? p[i] : p[i] * 256u));
	return s;
}

static size_t ethernet(struct own *o, uint8_t *f, unsigned int dst, unsigned int vlans, unsigned int type)
{
	unsigned int i;

	snic_pmd_mac(o->d->pmd, o->func, f + 6);
	if (dst < SNIC_N_FUNC)
		snic_pmd_mac(o->d->pmd, dst, f);
	else
		memcpy(f, "\2\x99\0\0\0", 6);
	for (i = 0; i < vlans; i++) {
		put16(f + 12 + 4 * i, 0x8100);
		put16(f + 14 + 4 * i, 0);
	}
	put16(f + 12 + 4 * vlans, type);
	return 14 + 4 * vlans;
}

static size_t ipv4(struct own *o, uint8_t *f, unsigned int proto, unsigned int options, size_t total)
{
	memset(f, 1, 20 + options); /* options: no operation */
	f[0] = (uint8_t)(0x45 + options / 4);
	f[1] = 0;
	put16(f + 2, (unsigned int)total);
	put16(f + 4, rnd(o, 65536));
	put16(f + 6, 0);
	f[8] = 64;
	f[9] = (uint8_t)proto;
	put16(f + 10, 0);
	memcpy(f + 12, "\x0a\0\0\1\x0a\0\0\2", 8);
	put16(f + 10, ~sum16(f, 20 + options, 0));
	return 20 + options;
}

static size_t ipv6(uint8_t *f, unsigned int proto, size_t payload)
{
	memset(f, 0, 40);
	f[0] = 0x60;
	put16(f + 4, (unsigned int)payload);
	f[6] = (uint8_t)proto;
	f[7] = 64;
	f[8] = 0xfd;
	f[23] = 1;
	f[24] = 0xfd;
	f[39] = 2;
	return 40;
}

/* Headers as Linux leaves them to a card that cuts: lengths outside of the inner L3 are those of a segment of `seg` payload bytes. */
static void headers(struct own *o, uint8_t *f, const struct shape *s, unsigned int dst, size_t payload,
		    size_t seg, struct snic_ref_tx_cut *c)
{
	static const uint8_t vxlan[8] = { 8, 0, 0, 0, 0, 0, 7 }, gre[4] = { 0, 0, 0x65, 0x58 };
	size_t inner_ip = s->ip6 ? 40 : 20 + s->options, l4 = s->udp ? 8 : 20 + s->options;
	size_t inner = 14 + inner_ip + l4 + seg, at, i;
	unsigned int type = s->ip6 ? 0x86dd : 0x0800;

	memset(c, 0, sizeof(*c));
	if (s->outer == 0) {
		at = ethernet(o, f, dst, s->vlans, type);
	} else {
		at = ethernet(o, f, dst, s->vlans, s->outer == 6 ? 0x86dd : 0x0800);
		c->ol3 = at;
		c->oip4 = s->outer != 6;
		if (s->outer == 6) {
			at += ipv6(f + at, 17, 16 + inner);
		} else {
			size_t ip = at;

			at += ipv4(o, f + at,
				   s->outer == 4   ? 17
				   : s->outer == 1 ? 47
				   : s->ip6	   ? 41
						   : 4,
				   s->options, 0);
			put16(f + ip + 2, (unsigned int)(20 + s->options +
							 (s->outer == 4	  ? 16 + inner
							  : s->outer == 1 ? 4 + inner
									  : inner - 14)));
			put16(f + ip + 10, 0);
			put16(f + ip + 10, ~sum16(f + ip, 20 + s->options, 0));
		}
		if (s->outer == 4 || s->outer == 6) {
			put16(f + at, 50000);
			put16(f + at + 2, 4789);
			put16(f + at + 4, (unsigned int)(16 + inner));
			put16(f + at + 6, 0);
			memcpy(f + at + 8, vxlan, sizeof(vxlan));
			at += 16;
		} else if (s->outer == 1) {
			memcpy(f + at, gre, sizeof(gre));
			at += 4;
		}
		if (s->outer != 2)
			at += ethernet(o, f + at, dst, 0, type);
	}
	c->l3 = at;
	c->ip6 = s->ip6;
	c->udp = s->udp;
	if (s->ip6)
		at += ipv6(f + at, s->udp ? 17 : 6, l4 + payload);
	else
		at += ipv4(o, f + at, s->udp ? 17 : 6, s->options, inner_ip + l4 + payload);
	c->l4 = at;
	memset(f + at, 1, l4);
	put16(f + at, 1000 + rnd(o, 1000));
	put16(f + at + 2, 80);
	if (s->udp) {
		put16(f + at + 4, (unsigned int)(l4 + payload));
	} else {
		for (i = 4; i < 12; i++)
			f[at + i] = (uint8_t)rnd(o, 256);
		f[at + 12] = (uint8_t)(l4 * 4);
		f[at + 13] = (uint8_t)rnd(o, 256);
		put16(f + at + 14, 1000);
		put16(f + at + 18, 0);
	}
	/* the pseudo header without the length */
	put16(f + at + (s->udp ? 6 : 16),
	      sum16(f + c->l3 + (s->ip6 ? 8 : 12), s->ip6 ? 32 : 8, s->udp ? 17 : 6));
	c->hdr = at + l4;
}

static void fill(struct own *o, uint8_t *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		p[i] = (uint8_t)(cu_rand(&o->rnd) >> 11);
}

static void offer(struct own *o, const uint8_t *frame, size_t len)
{
	score_offer(o->d->score, (uint16_t)o->func, (uint8_t)o->queue, frame, len, o->d->number++,
		    host_now(o->d->host));
}

/* ---- chains ---- */

static void test_chains(void)
{
	static uint8_t f[SNIC_FRAME_MAX];
	struct dev *d = dev_open(&(struct dev_config){
		.vfs = 3, .queues = 1, .ring_log2 = 8, .jitter_ns = 300, .rx_buf = 9280 });
	struct own o, other;
	unsigned int i, bufs;
	size_t len;

	own_open(&o, d, 1, 1);
	own_open(&other, d, 1, 2);
	for (i = 0; i < 400; i++) {
		struct own *w = i % 5 == 4 ? &other : &o;

		len = i % 4 ? 60 + rnd(w, 1500) : 60 + rnd(w, SNIC_FRAME_MAX - 59);
		bufs = i % 3 == 0 ? 1 : i % 3 == 1 ? 2 + rnd(w, 4) : 1 + rnd(w, SNIC_TX_BUFS);
		dev_frame(d, f, 1, i & 1 ? 2 : SNIC_VPORT_WIRE0, i, ENCAP_NONE, len);
		d->number++;
		make_room(w, len, bufs);
		put(w, f, len, bufs, 0);
		offer(w, f, len);
		if (i % 7 == 0) /* a tail within the frame: it waits */
			snic_wr32(w->tx.hw, w->tx.doorbell, (u16)(w->tx.tail - (bufs > 1)));
		if (i % 3 == 0 || snic_txq_room(&w->tx) < 64)
			snic_txq_kick(&w->tx);
	}
	snic_txq_kick(&o.tx);
	snic_txq_kick(&other.tx);
	dev_settle(d);
	CU_ASSERT_EQUAL(snic_txq_reap(&o.tx), 0);
	CU_ASSERT_EQUAL(o.tx.head, o.tx.tail);
	CU_ASSERT_EQUAL(dev_fstat(d, 1, SNIC_FSTAT_TX_PKTS), 400);
	dev_close(d);
}

/* ---- checksums ---- */

static void test_csum(void)
{
	static uint8_t f[SNIC_FRAME_MAX];
	struct dev *d = dev_open(&(struct dev_config){
		.vfs = 3, .queues = 1, .ring_log2 = 8, .jitter_ns = 300, .rx_buf = 9280 });
	struct own o;
	struct snic_ref_tx_cut c;
	unsigned int i;

	own_open(&o, d, 1, 1);
	for (i = 0; i < 400; i++) {
		const struct shape s = { .vlans = i % 5 == 0,
					 .options = i % 3 * 4,
					 .ip6 = i & 1,
					 .udp = i & 2,
					 .outer = i % 7 == 3   ? 4
						  : i % 7 == 4 ? 6
							       : 0 };
		size_t payload = i % 9 ? 10 + rnd(&o, 1400) : rnd(&o, 9000), len, start, off;
		unsigned int bufs = i % 4 ? 1 : 1 + rnd(&o, 12);

		headers(&o, f, &s, i & 4 ? 2 : SNIC_VPORT_WIRE0, payload, payload, &c);
		fill(&o, f + c.hdr, payload);
		len = c.hdr + payload;
		if (len < 60 + bufs)
			len = 60 + bufs;
		start = c.l4;
		off = s.udp ? 6 : 16;
		if (i % 11 == 7) { /* nothing that the card knows: any place, any parity */
			start = 34 + rnd(&o, 200);
			off = rnd(&o, 20);
			len = len < start + off + 2 ? start + off + 2 : len;
		} else {
			put16(f + start + off, fold(sum16(f + start + off, 2, (unsigned int)(len - start))));
		}
		make_room(&o, len, bufs);
		put(&o, f, len, bufs, snic_tx_csum((u32)start, (u32)off));
		snic_ref_tx_csum(f, len, start, off);
		offer(&o, f, len);
		if (i % 3 == 0 || snic_txq_room(&o.tx) < 32)
			snic_txq_kick(&o.tx);
	}
	snic_txq_kick(&o.tx);
	dev_settle(d);
	CU_ASSERT_EQUAL(dev_fstat(d, 1, SNIC_FSTAT_TX_PKTS), 400);
	dev_close(d);
}

/* ---- segments ---- */

static void send_cut(struct own *o, uint8_t *f, const struct shape *s, unsigned int dst, size_t payload,
		     size_t mss, unsigned int bufs, bool fixid)
{
	static uint8_t seg[SNIC_FRAME_MAX + 64];
	struct snic_ref_tx_cut c;
	size_t k, n;

	headers(o, f, s, dst, payload, payload < mss ? payload : mss, &c);
	c.mss = mss;
	c.fixid = fixid && !s->ip6;
	fill(o, f + c.hdr, payload);
	if (bufs < (c.hdr + payload) / 65535 + 1)
		bufs = (unsigned int)((c.hdr + payload) / 65535 + 1);
	make_room(o, c.hdr + payload, bufs);
	snic_txq_put_lso(&o->tx, &(struct snic_tx_lso){ .mss = (u16)c.mss,
							.hdr = (u16)c.hdr,
							.l3 = (u8)c.l3,
							.l4 = (u8)c.l4,
							.ol3 = c.oip4 ? (u8)c.ol3 : 0,
							.ip6 = c.ip6,
							.udp = c.udp,
							.fixid = c.fixid,
							.oip4 = c.oip4 });
	put(o, f, c.hdr + payload, bufs, 0);
	for (k = 0; k < snic_ref_tx_segments(&c, c.hdr + payload); k++) {
		n = snic_ref_tx_segment(&c, f, c.hdr + payload, k, seg);
		offer(o, seg, n);
	}
}

static void test_segments(void)
{
	static uint8_t f[LONGEST + 512];
	static const unsigned int outers[] = { 0, 0, 4, 6, 1, 2 };
	struct dev *d = dev_open(&(struct dev_config){
		.vfs = 3, .queues = 1, .ring_log2 = 10, .jitter_ns = 300, .rx_buf = 9280 });
	struct own o;
	unsigned int i;

	own_open(&o, d, 1, 1);
	for (i = 0; i < 240; i++) {
		const struct shape s = { .vlans = i % 5 == 0,
					 .options = i % 4 * 4,
					 .ip6 = i & 1,
					 .udp = i % 3 == 1,
					 .outer = outers[i % 6] };
		size_t mss = i % 8 == 0 ? 8800 : i % 8 == 1 ? 1 + rnd(&o, 60) : 200 + rnd(&o, 1300);
		size_t segs = 1 + rnd(&o, i % 8 == 1 ? 40 : 12), payload = segs * mss;

		if (!s.outer && rnd(&o, 4)) /* the last one is shorter */
			payload -= rnd(&o, (unsigned int)mss);
		send_cut(&o, f, &s, i & 2 ? 2 : SNIC_VPORT_WIRE0, payload, mss, 1 + rnd(&o, i % 3 ? 20 : 3),
			 i % 7 == 0);
		snic_txq_kick(&o.tx);
		dev_run_ns(d, 500);
	}
	dev_settle(d);
	own_drain(&o);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_TX_DMA), 0);
	dev_close(d);
}

/* The longest frames, and the most segments. */
static void test_limits(void)
{
	static uint8_t f[LONGEST + 512];
	const struct shape s = { .options = 12 }, u = { .udp = true };
	struct dev *d =
		dev_open(&(struct dev_config){ .vfs = 1, .queues = 1, .ring_log2 = 8, .rx_buf = 9280 });
	struct own o;

	own_open(&o, d, 1, 1);
	send_cut(&o, f, &s, SNIC_VPORT_WIRE0, SNIC_TX_LSO_BYTES - 78, 1448, 32, false);
	snic_txq_kick(&o.tx);
	dev_settle(d);
	send_cut(&o, f, &u, SNIC_VPORT_WIRE0, SNIC_TX_LSO_SEGS, 1, 1, false);
	snic_txq_kick(&o.tx);
	dev_settle(d);
	send_cut(&o, f, &u, SNIC_VPORT_WIRE0, 3 * (SNIC_FRAME_MAX - 42ul), SNIC_FRAME_MAX - 42, 5, true);
	snic_txq_kick(&o.tx);
	dev_settle(d);
	own_drain(&o);
	dev_close(d);
}

/* ---- what does not fit ---- */

struct bad {
	const char *what;
	unsigned int before; /* good descriptors of the frame before the bad one */
	struct snic_tx_lso lso;
	u64 lo, hi; /* the bad one; 0: the context above, changed by these bits */
	u64 flip_lo, flip_hi;
	u32 len; /* one buffer behind it, with EOP; 0: none */
};

#define QW1(f) (1ull << (SNIC_##f##_LSB - 64))
#define LEN(n) ((u64)(n) << (SNIC_TX_DESC_LEN_LSB - 64))
#define GOOD_LSO .mss = 1000, .hdr = 54, .l3 = 14, .l4 = 34

static const struct bad bads[] = {
	{ "MSS 0", 0, { .hdr = 54, .l3 = 14, .l4 = 34 }, .len = 2000 },
	{ "headers and MSS over 9216", 0, { .mss = 9163, .hdr = 54, .l3 = 14, .l4 = 34 }, .len = 2000 },
	{ "headers over 256", 0, { .mss = 1000, .hdr = 257, .l3 = 14, .l4 = 34 }, .len = 2000 },
	{ "TCP header behind the headers", 0, { .mss = 1000, .hdr = 53, .l3 = 14, .l4 = 34 }, .len = 2000 },
	{ "UDP header behind the headers",
	  0,
	  { .mss = 1000, .hdr = 41, .l3 = 14, .l4 = 34, .udp = true },
	  .len = 2000 },
	{ "L4 within IPv4", 0, { .mss = 1000, .hdr = 54, .l3 = 14, .l4 = 33 }, .len = 2000 },
	{ "L4 within IPv6", 0, { .mss = 1000, .hdr = 74, .l3 = 14, .l4 = 53, .ip6 = true }, .len = 2000 },
	{ "L4 at 255", 0, { .mss = 1000, .hdr = 256, .l3 = 14, .l4 = 255 }, .len = 2000 },
	{ "fixed id of IPv6",
	  0,
	  { .mss = 1000, .hdr = 94, .l3 = 14, .l4 = 54, .ip6 = true, .fixid = true },
	  .len = 2000 },
	{ "outer IPv4 within the inner",
	  0,
	  { .mss = 1000, .hdr = 94, .l3 = 54, .l4 = 74, .ol3 = 35, .oip4 = true },
	  .len = 2000 },
	{ "place of an outer header that is not",
	  0,
	  { .mss = 1000, .hdr = 94, .l3 = 54, .l4 = 74, .ol3 = 14 },
	  .len = 2000 },
	{ "reserved, MSS", 0, { GOOD_LSO }, .flip_lo = 1ull << 14, .len = 2000 },
	{ "reserved, HDR", 0, { GOOD_LSO }, .flip_lo = 1ull << 31, .len = 2000 },
	{ "reserved, places", 0, { GOOD_LSO }, .flip_lo = 1ull << 63, .len = 2000 },
	{ "reserved, first", 0, { GOOD_LSO }, .flip_hi = 1, .len = 2000 },
	{ "reserved, flags", 0, { GOOD_LSO }, .flip_hi = QW1(TX_CTX_RSVD4), .len = 2000 },
	{ "reserved, last", 0, { GOOD_LSO }, .flip_hi = 1ull << 63, .len = 2000 },
	{ "context with EOP", 0, { GOOD_LSO }, .flip_hi = QW1(TX_CTX_EOP), .len = 2000 },
	{ "no payload", 0, { GOOD_LSO }, .len = 54 },
	{ "less than the headers", 0, { GOOD_LSO }, .len = 20 },
	{ "too many segments", 0, { .mss = 1, .hdr = 54, .l3 = 14, .l4 = 34 }, .len = SNIC_TX_LSO_SEGS + 55 },
	{ "context within a frame", 1, { GOOD_LSO }, .len = 2000 },
	{ "checksum within a frame",
	  1,
	  { 0 },
	  .lo = 1,
	  .hi = LEN(100) | QW1(TX_DESC_EOP) | QW1(TX_DESC_CSUM) },
	{ "place of no checksum",
	  0,
	  { 0 },
	  .lo = 1,
	  .hi = LEN(100) | QW1(TX_DESC_EOP) | QW1(TX_DESC_CSUM_OFF) },
	{ "checksum behind 256",
	  0,
	  { 0 },
	  .lo = 1,
	  .hi = LEN(1000) | QW1(TX_DESC_EOP) | QW1(TX_DESC_CSUM) |
		255ull << (SNIC_TX_DESC_CSUM_START_LSB - 64) },
	{ "checksum behind the end",
	  0,
	  { 0 },
	  .lo = 1,
	  .hi = LEN(100) | QW1(TX_DESC_EOP) | QW1(TX_DESC_CSUM) | 99ull << (SNIC_TX_DESC_CSUM_OFF_LSB - 64) },
	{ "empty buffer", 1, { 0 }, .lo = 1, .hi = QW1(TX_DESC_EOP) },
	{ "33rd buffer", 32, { 0 }, .lo = 1, .hi = LEN(10) | QW1(TX_DESC_EOP) },
	{ "9217 bytes", 4, { 0 }, .lo = 1, .hi = LEN(SNIC_FRAME_MAX + 1 - 4 * 100) | QW1(TX_DESC_EOP) },
	{ "59 bytes", 0, { 0 }, .lo = 1, .hi = LEN(59) | QW1(TX_DESC_EOP) },
	{ "reserved, buffer", 1, { 0 }, .lo = 1, .hi = LEN(100) | QW1(TX_DESC_EOP) | QW1(TX_DESC_RSVD2) },
};

/* Each stops its queue at the frame's first descriptor; the frame before it leaves, and so do the neighbours'. */
static void test_bad(void)
{
	static uint8_t f[SNIC_FRAME_MAX];
	struct dev *d = dev_open(&(struct dev_config){ .vfs = 3, .queues = 1, .ring_log2 = 8 });
	struct own o;
	unsigned int i, k;
	uint64_t got, other;
	u64 hi;

	d->no_score = true;
	own_open(&o, d, 1, 1);
	for (i = 0; i < sizeof(bads) / sizeof(bads[0]); i++) {
		const struct bad *b = &bads[i];
		struct snic_qw2 *bad;
		size_t len = dev_frame(d, f, 1, 2, i, ENCAP_NONE, 200);
		u16 first;

		got = d->rx_count[2];
		other = d->rx_count[3];
		make_room(&o, 2 * len, 8);
		put(&o, f, len, 1 + i % 3, 0);
		first = o.tx.tail;
		for (k = 0; k < b->before; k++)
			snic_txq_put_buf(&o.tx, o.pool_bus, 100, false, 0);
		bad = &o.tx.desc[o.tx.tail & (RING - 1)];
		if (b->hi) {
			snic_txq_put_qw(&o.tx, o.pool_bus, b->hi);
		} else {
			snic_txq_put_lso(&o.tx, &b->lso);
			bad->qw[0] ^= b->flip_lo;
			bad->qw[1] ^= b->flip_hi;
		}
		if (b->len)
			snic_txq_put_buf(&o.tx, o.pool_bus, b->len, true, 0);
		put(&o, f, len, 1, 0);
		snic_txq_kick(&o.tx);
		for (k = 0; k < 3; k++)
			dev_send(d, k & 1 ? 1 : 2, 3, i);
		dev_run_ns(d, 12000);
		hi = snic_txq_reap(&o.tx) == -EIO;
		if (!hi || status(&o) != SNIC_QSTAT_BAD_DESC || o.tx.head != first ||
		    d->rx_count[2] - got != 1 || d->rx_count[3] - other != 3) {
			printf("    %s: status %u, head %u of %u, %u and %u frames\n", b->what, status(&o),
			       o.tx.head, first, (unsigned int)(d->rx_count[2] - got),
			       (unsigned int)(d->rx_count[3] - other));
			CU_FAIL("not stopped there, and only there");
		}
		CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_TX_DESC), i + 1);
		CU_ASSERT_EQUAL(snic_func_errors(&d->pmd->hw[0], 0), 1u << 1);
		snic_func_errors_seen(&d->pmd->hw[0], 0, 1u << 1);
		CU_ASSERT_EQUAL(snic_txq_stop(&o.tx), 0);
		o.at = 0;
		own_start(&o);
	}
	dev_close(d);
}

/* A frame that never ends holds up nobody, and nothing of it is left when its queue goes. */
static void test_endless(void)
{
	static uint8_t f[SNIC_FRAME_MAX];
	struct dev *d = dev_open(&(struct dev_config){ .vfs = 3, .queues = 1, .ring_log2 = 8 });
	struct own o;
	unsigned int i, round;
	size_t len;

	own_open(&o, d, 1, 1);
	for (round = 0; round < 8; round++) {
		if (round & 1)
			snic_txq_put_lso(&o.tx, &(struct snic_tx_lso){ GOOD_LSO });
		for (i = 0; i < 31 - 3 * round; i++)
			snic_txq_put_buf(&o.tx, o.pool_bus + 64 * i, 64, false, 0);
		snic_txq_kick(&o.tx);
		for (i = 0; i < 20; i++) {
			dev_send(d, 1, 2, i);
			dev_send(d, 3, 2, i);
		}
		dev_settle(d);
		CU_ASSERT_EQUAL(snic_txq_reap(&o.tx), 0);
		CU_ASSERT_EQUAL(o.tx.head, 0);
		CU_ASSERT_EQUAL(snic_txq_stop(&o.tx), 0);
		own_start(&o);
		len = dev_frame(d, f, 1, 2, round, ENCAP_NONE, 300);
		o.at = 0;
		put(&o, f, len, 3, 0);
		offer(&o, f, len);
		snic_txq_kick(&o.tx);
		dev_settle(d);
		CU_ASSERT_EQUAL(snic_txq_stop(&o.tx), 0);
		own_start(&o);
	}
	dev_close(d);
}

/* ---- memory that is late, or does not answer ---- */

#define TIMEOUT_CYCLES 40000 /* 100 us */

static void others(struct dev *d, unsigned int us)
{
	uint64_t got[2] = { d->rx_count[2], d->rx_count[3] };
	unsigned int k;

	for (k = 0; k < 10; k++) {
		dev_send(d, 2, 3, k);
		dev_send(d, 3, 2, k);
	}
	dev_run_ns(d, us * 1000);
	CU_ASSERT_EQUAL(d->rx_count[2] - got[0], 10);
	CU_ASSERT_EQUAL(d->rx_count[3] - got[1], 10);
}

/*
 * VF 1 sends long frames whose reads come late, or never. Nobody else waits for its memory, whether it has proven itself before
 * or not; its queue goes on when the reads have ended, and what was not read is counted.
 */
static void slow_memory(uint32_t kind, unsigned int nth, unsigned int n, uint32_t ns, bool proven)
{
	static uint8_t f[SNIC_TX_LSO_BYTES];
	const struct shape s = { .options = 12 };
	struct dev *d = dev_open(
		&(struct dev_config){ .vfs = 3, .queues = 1, .ring_log2 = 6, .watchdog_cycles = 800000 });
	uint64_t before;
	struct own o;
	unsigned int k;

	d->no_score = true;
	dev_wr(d, 0, SNIC_REG_READ_TIMEOUT, TIMEOUT_CYCLES);
	own_open(&o, d, 1, 1);
	others(d, 8);
	for (k = 0; proven && k < 2; k++)
		send_cut(&o, f, &s, SNIC_VPORT_WIRE0, 3000, 1000, 2, false);
	snic_txq_kick(&o.tx);
	dev_run_ns(d, 8000);
	dev_fault(d, (struct snic_sim_fault){ .kind = kind,
					      .func = 1,
					      .addr = o.pool_bus,
					      .n_addr = POOL,
					      .nth = nth,
					      .n_read = n,
					      .ns = ns });
	for (k = 0; k < 4; k++)
		send_cut(&o, f, &s, SNIC_VPORT_WIRE0, 64000, k & 1 ? 100 : 1400, 3, false);
	snic_txq_kick(&o.tx);
	others(d, 60);
	others(d, 20);
	dev_run_ns(d, 2000000);
	own_drain(&o);
	if (kind == SNIC_SIM_FAULT_LOST)
		CU_ASSERT(dev_stat(d, SNIC_STAT_DROP_TX_DMA) > 0);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_TX_DMA), dev_fstat(d, 1, SNIC_FSTAT_TX_DROP));
	host_fault_clear(d->host, 0);
	before = d->wire_count[0];
	send_cut(&o, f, &s, SNIC_VPORT_WIRE0, 10000, 1000, 3, false);
	snic_txq_kick(&o.tx);
	dev_run_ns(d, 200000);
	CU_ASSERT_EQUAL(d->wire_count[0] - before, 10);
	dev_close_after_loss(d);
}

static void test_lost(void)
{
	unsigned int proven;

	for (proven = 0; proven < 2; proven++) {
		slow_memory(SNIC_SIM_FAULT_LOST, 8, 1, 0, proven);
		slow_memory(SNIC_SIM_FAULT_LOST, 20, 400, 0, proven);
		slow_memory(SNIC_SIM_FAULT_LATE, 1, 100000, 8000, proven);
		slow_memory(SNIC_SIM_FAULT_LATE, 8, 1, 60000, proven);
	}
}

static const struct cu_test tests[] = {
	{ "tx_offload", "chains", test_chains },     { "tx_offload", "csum", test_csum },
	{ "tx_offload", "segments", test_segments }, { "tx_offload", "limits", test_limits },
	{ "tx_offload", "bad", test_bad },	     { "tx_offload", "lost", test_lost },
	{ "tx_offload", "endless", test_endless },   { 0 },
};

int main(int argc, char **argv)
{
	return cu_main(argc, argv, tests);
}
