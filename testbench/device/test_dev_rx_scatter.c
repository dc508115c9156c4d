/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames that fill several receive buffers: whole or not at all, whatever the buffers are, and at nobody else's cost.
 */
#include <string.h>

#include "cu_main.h"
#include "dev.h"

#define RING (1u << RAW_LOG2)
#define ON(bufsize)                                                                                          \
	(SNIC_MASK(RXQ_CFG, ENABLE) | SNIC_MASK(RXQ_CFG, SCATTER) |                                          \
	 SNIC_PUT(RXQ_CFG, BUFSIZE, (bufsize) / 64) | RAW_LOG2)

/* Every size from the shortest frame to the longest, floods and VLAN tags, in 256 B and 2 KiB: what comes is the reference's. */
static void all_sizes(unsigned int rx_buf, bool strip)
{
	struct dev *d = dev_open(&(struct dev_config){ .vfs = 3,
						       .queues = 2,
						       .ring_log2 = 8,
						       .rx_buf = rx_buf,
						       .rx_scatter = true,
						       .strip_vlan = strip,
						       .jitter_ns = 200 });
	static const uint8_t everyone[6] = { 255, 255, 255, 255, 255, 255 };
	uint8_t frame[SNIC_FRAME_MAX];
	unsigned int i;
	size_t len;

	dev_port_vlan(d, 3, 7);
	for (i = 0; i < 80; i++) {
		len = i < 40 ? SNIC_FRAME_MIN + i * (SNIC_FRAME_MAX - SNIC_FRAME_MIN) / 39
			     : rx_buf - 20 + i % 40;
		len = dev_frame(d, frame, SNIC_VPORT_WIRE0, 1 + i % 2, i, ENCAP_NONE, len);
		if (i % 16 == 9)
			memcpy(frame, everyone, 6);
		dev_wire(d, 0, frame, len);
		dev_settle(d);
		if (len <= 2048) {
			len = dev_frame(d, frame, 1, 2, i, ENCAP_NONE, len);
			dev_tx(d, 1, i & 1, frame, len);
		}
	}
	dev_settle(d);
	CU_ASSERT(d->rx_count[1] >= 40 && d->rx_count[2] >= 40);
	dev_close(d);
}

static void test_all_sizes(void)
{
	all_sizes(256, false);
	all_sizes(2048, true);
}

/* A queue with SCATTER whose descriptors the test writes itself; all frames of the function go to it. */
static void open_scatter(struct dev *d, struct dev_raw *r, unsigned int func, uint32_t bufsize)
{
	unsigned int i;

	raw_open(d, r, func, 1, -1);
	CU_ASSERT_EQUAL(snic_rxq_stop(&r->rx), 0);
	for (i = 0; i < SNIC_COUNT_RSS_INDIR; i++)
		dev_wr(d, func, SNIC_REG_AT(RSS_INDIR, i), 0x11111111);
	dev_wr(d, func, SNIC_REG_AT(RXQ_CFG, 1), ON(bufsize));
}

static uint32_t cpl(const struct dev_raw *r, unsigned int k, unsigned int lsb, unsigned int width)
{
	__u64 qw[2] = { r->cpl[k].qw[0], r->cpl[k].qw[1] };

	return (uint32_t)snic_bits_get(qw, lsb, width);
}
#define CPL(r, k, f) cpl(r, k, SNIC_F(RX_CPL, f))

/* Buffers at any byte, over 4 KiB boundaries and up to them: each byte of the frame in its place, none beside it. */
static void test_any_byte(void)
{
	struct dev *d = dev_open(&(struct dev_config){ .vfs = 2, .queues = 1, .ring_log2 = 6 });
	static const unsigned int begin[] = { 1,    63,	       4096 - 256, 4096 - 255,
					      4095, 4096 - 64, 4096 - 65,  4096 - 63,
					      4033, 2049,      3840 + 17,  5 };
	const unsigned int n = sizeof(begin) / sizeof(begin[0]);
	static uint8_t frame[SNIC_FRAME_MAX], want[12 * 2 * 4096];
	unsigned int i, k, some;
	uint64_t bus, end;
	struct dev_raw r;
	uint8_t *mem;
	size_t len;

	d->no_score = true;
	open_scatter(d, &r, 1, 256);
	mem = d->bus->dma_alloc(d->bus->ctx, 1, sizeof(want), &bus);
	memset(mem, 0xee, sizeof(want));
	memset(want, 0xee, sizeof(want));
	for (k = 0; k < n; k++)
		raw_rx_desc(&r, k, bus + k * 8192 + begin[k]);
	dev_wr(d, 1, SNIC_REG_AT(RX_TAIL, 1), n);
	dev_run_ns(d, 1000);
	for (i = 0, k = 0; k < n; i++) {
		len = (n - k < 5 ? n - k : 5) * 256 - i * 3; /* five buffers, then what there is */
		len = dev_frame(d, frame, SNIC_VPORT_WIRE0, 1, i, ENCAP_NONE, len);
		CU_ASSERT_EQUAL(host_wire_rx(d->host, 0, frame, len, 0, &end), 0);
		dev_run_ns(d, 5000);
		for (some = 0; len; k++, len -= some) {
			some = len < 256 ? (unsigned int)len : 256;
			CU_ASSERT_EQUAL(CPL(&r, k, LEN), some);
			CU_ASSERT_EQUAL(CPL(&r, k, MORE), len > 256);
			memcpy(want + k * 8192 + begin[k], frame, some);
			memmove(frame, frame + some, len - some);
		}
	}
	CU_ASSERT_EQUAL(memcmp(mem, want, sizeof(want)), 0);
	CU_ASSERT_EQUAL(dev_fstat(d, 1, SNIC_FSTAT_RX_PKTS), i);
	CU_ASSERT_EQUAL(host_foreign_dma(d->host), 0);
	dev_close_after_loss(d);
}

/* What a hostile or mistaken driver may say: dropped whole and counted, and VF 2 has its frames. */
static void test_impossible(void)
{
	struct dev *d = dev_open(&(struct dev_config){ .vfs = 2, .queues = 1, .ring_log2 = 6 });
	static const struct {
		uint32_t bufsize, tail;
		size_t len;
		unsigned int cause;
		uint64_t at; /* the buffers; 0: memory of the function */
	} cases[] = {
		{ 0, RING, 60, SNIC_STAT_DROP_RX_TOO_LONG, 0 },
		{ 64, RING, SNIC_FRAME_MAX, SNIC_STAT_DROP_RX_TOO_LONG, 0 },
		{ 192, RING, 193, SNIC_STAT_DROP_RX_TOO_LONG, 0 },
		{ 256, RING, 16 * 256 + 1, SNIC_STAT_DROP_RX_TOO_LONG, 0 },
		{ 256, 1, 257, SNIC_STAT_DROP_RX_NO_DESC, 0 },
		{ 256, RING - 1, 15 * 256 + 1, SNIC_STAT_DROP_RX_NO_DESC, 0 },
		{ 256, RING, 600, SNIC_N_STAT, ~0ull },
		{ 256, RING, 600, SNIC_N_STAT, ~0ull - 255 },
	};
	static uint8_t frame[SNIC_FRAME_MAX];
	uint64_t end, was, foreign, bytes;
	unsigned int i, k;
	struct dev_raw r;
	size_t len;

	d->no_score = true;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		open_scatter(d, &r, 1, cases[i].bufsize);
		memset(r.buf, 0xee, RAW_BUF << RAW_LOG2);
		for (k = 0; k < RING; k++)
			raw_rx_desc(&r, k, cases[i].at ? cases[i].at : r.buf_bus + k * RAW_BUF);
		dev_wr(d, 1, SNIC_REG_AT(RX_TAIL, 1), cases[i].tail);
		dev_run_ns(d, 1000);
		foreign = host_foreign_dma(d->host);
		bytes = dev_fstat(d, 1, SNIC_FSTAT_RX_BYTES);
		was = cases[i].cause < SNIC_N_STAT ? dev_stat(d, cases[i].cause) : 0;
		len = dev_frame(d, frame, SNIC_VPORT_WIRE0, 1, 0, ENCAP_NONE, cases[i].len);
		CU_ASSERT_EQUAL(host_wire_rx(d->host, 0, frame, len, 0, &end), 0);
		dev_send(d, SNIC_VPORT_WIRE0, 2, i);
		dev_run_ns(d, 6000);
		CU_ASSERT_EQUAL(d->rx_count[2], i + 1);
		if (cases[i].cause < SNIC_N_STAT) {
			CU_ASSERT_EQUAL(dev_stat(d, cases[i].cause), was + 1);
			CU_ASSERT_EQUAL(dev_fstat(d, 1, SNIC_FSTAT_RX_BYTES), bytes);
			CU_ASSERT_EQUAL(CPL(&r, 0, PHASE), 0);
			for (k = 0; k < RAW_BUF << RAW_LOG2 && r.buf[k] == 0xee; k++)
				;
			CU_ASSERT_EQUAL(k, RAW_BUF << RAW_LOG2);
			CU_ASSERT_EQUAL(host_foreign_dma(d->host), foreign);
		} else { /* nobody's memory: the host refuses it, the frame is gone */
			CU_ASSERT(host_foreign_dma(d->host) > foreign);
		}
		CU_ASSERT_EQUAL(snic_rxq_stop(&r.rx), 0);
	}
	dev_close_after_loss(d);
}

/* Stopped, or its function reset, in the middle of a frame: it ends whole or not at all, and nothing comes afterwards. */
static void test_ends(void)
{
	struct dev *d =
		dev_open(&(struct dev_config){ .vfs = 2, .queues = 1, .ring_log2 = 6, .jitter_ns = 300 });
	static uint8_t frame[SNIC_FRAME_MAX];
	unsigned int round, k, parts, frames;
	uint64_t end, dma, pkts;
	struct dev_raw r;
	size_t len;

	d->no_score = true;
	for (round = 0; round < 48; round++) {
		open_scatter(d, &r, 1, 256);
		for (k = 0; k < RING; k++)
			raw_rx_desc(&r, k, r.buf_bus + k * RAW_BUF + k * 13);
		dev_wr(d, 1, SNIC_REG_AT(RX_TAIL, 1), RING);
		dev_run_ns(d, 800);
		pkts = dev_fstat(d, 1, SNIC_FSTAT_RX_PKTS);
		for (k = 0; k < 3; k++) {
			len = dev_frame(d, frame, SNIC_VPORT_WIRE0, 1, k, ENCAP_NONE, 256 * 5);
			CU_ASSERT_EQUAL(host_wire_rx(d->host, 0, frame, len, 0, &end), 0);
		}
		dev_run_ns(d, 400 + 40 * round);
		if (round & 1) {
			CU_ASSERT_EQUAL(snic_rxq_stop(&r.rx), 0);
			frames = (unsigned int)(dev_fstat(d, 1, SNIC_FSTAT_RX_PKTS) - pkts);
			for (k = 0, parts = 0; k < RING; k++)
				parts += CPL(&r, k, PHASE);
			CU_ASSERT_EQUAL(parts, frames * 5);
			for (k = 0; k < parts; k++)
				CU_ASSERT_EQUAL(CPL(&r, k, MORE), k % 5 != 4);
		} else {
			CU_ASSERT_EQUAL(snic_hw_reset(&d->pmd->hw[1]), 0);
		}
		dma = host_dma_count(d->host, 1);
		dev_run_ns(d, 4000);
		CU_ASSERT_EQUAL(host_dma_count(d->host, 1), dma);
		if (!(round & 1)) {
			d->muted[1] = true;
			snic_hw_enable(&d->pmd->hw[1], true);
		}
	}
	dev_send(d, SNIC_VPORT_WIRE0, 2, 0);
	dev_run_ns(d, 4000);
	CU_ASSERT_EQUAL(d->rx_count[2], 1);
	CU_ASSERT_EQUAL(host_foreign_dma(d->host), 0);
	dev_close_after_loss(d);
}

/* VF 1 has the smallest buffers, at odd bytes, and a port full of long frames; VF 2 loses none of the other port's short ones. */
static void test_neighbour(void)
{
	struct dev *d = dev_open(&(struct dev_config){
		.vfs = 2, .queues = 1, .ring_log2 = 11, .rx_buf = 256, .rx_scatter = true });
	static uint8_t longs[SNIC_FRAME_MAX], shorts[256];
	unsigned int i, sent = 0;
	size_t n, m;
	uint64_t end;

	d->no_score = true;
	CU_ASSERT_EQUAL(snic_pmd_set_uplink(d->pmd, 2, 1), 0);
	n = dev_frame(d, longs, SNIC_VPORT_WIRE0, 1, 0, ENCAP_NONE, SNIC_FRAME_MAX);
	for (i = 0; i < 24; i++) {
		CU_ASSERT_EQUAL(host_wire_rx(d->host, 0, longs, n, 0, &end), 0);
		while (host_wire_rx_pending(d->host, 1) < 110) {
			m = dev_frame(d, shorts, SNIC_VPORT_WIRE1, 2, sent++, ENCAP_NONE, 60);
			CU_ASSERT_EQUAL(host_wire_rx(d->host, 1, shorts, m, 0, &end), 0);
		}
		dev_run_ns(d, 500);
	}
	dev_run_ns(d, 20000);
	CU_ASSERT(sent > 1000);
	CU_ASSERT_EQUAL(d->rx_count[2], sent);
	CU_ASSERT_EQUAL(dev_fstat(d, 2, SNIC_FSTAT_RX_DROP), 0);
	CU_ASSERT_EQUAL(d->rx_count[1], 24);
	dev_close_after_loss(d);
}

static const struct cu_test tests[] = {
	{ "rx_scatter", "all_sizes", test_all_sizes },
	{ "rx_scatter", "buffers_at_any_byte", test_any_byte },
	{ "rx_scatter", "impossible_buffers", test_impossible },
	{ "rx_scatter", "ends_in_the_middle", test_ends },
	{ "rx_scatter", "neighbour_loses_nothing", test_neighbour },
	{ NULL, NULL, NULL },
};

int main(int argc, char **argv)
{
	return cu_main(argc, argv, tests);
}
