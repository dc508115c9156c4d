/* SPDX-License-Identifier: BSD-2-Clause */
/* Rings on the whole device: wrap, stop and start, 255 VFs, and descriptors that are out of contract or cannot be read. */
#include <string.h>

#include "cu_main.h"
#include "dev.h"

#define NOWHERE 0x7000000000ull /* no memory there */

/* Every frame for func goes to this queue. */
static void steer(struct dev *d, unsigned int func, unsigned int queue)
{
	unsigned int i;

	for (i = 0; i < SNIC_COUNT_RSS_INDIR; i++)
		dev_wr(d, func, SNIC_REG_AT(RSS_INDIR, i), 0x11111111u * queue);
}

static size_t fill(struct dev *d, struct dev_raw *r, unsigned int k, unsigned int dst)
{
	size_t len = dev_frame(d, r->buf + (k & 15) * RAW_BUF, r->func, dst, k, ENCAP_NONE, 200);

	raw_tx_desc(r, k, r->buf_bus + (k & 15) * RAW_BUF, (unsigned int)len);
	return len;
}

static void tail(struct dev *d, const struct dev_raw *r, bool rx, unsigned int v)
{
	dev_wr(d, r->func, rx ? SNIC_REG_AT(RX_TAIL, r->queue) : SNIC_REG_AT(TX_TAIL, r->queue), v);
}

static bool qerr(struct dev *d, unsigned int func)
{
	return dev_rd(d, func, SNIC_REG_FUNC_STATUS) & SNIC_MASK(FUNC_STATUS, QERR);
}

/* The free-running counts pass 65536, the rings many times over; not a frame is lost, doubled or out of order. */
static void test_wrap(void)
{
	struct dev *d =
		dev_open(&(struct dev_config){ .vfs = 2, .queues = 1, .ring_log2 = 8, .jitter_ns = 200 });
	uint8_t frame[64];
	unsigned int i, k;

	for (i = 0; i < 70000; i += 32) {
		for (k = 0; k < 32; k++) {
			dev_frame(d, frame, 1, 2, i + k, ENCAP_NONE, 60);
			dev_tx(d, 1, 0, frame, 60);
		}
		dev_run_ns(d, 500);
	}
	dev_settle(d);
	CU_ASSERT_EQUAL(d->rx_count[2], i);
	CU_ASSERT_EQUAL(dev_fstat(d, 2, SNIC_FSTAT_RX_PKTS), i);
	dev_close(d);
}

/* The smallest rings, every size of frame that they can meet. */
static void test_small_rings(void)
{
	struct dev *d =
		dev_open(&(struct dev_config){ .vfs = 2, .queues = 2, .ring_log2 = 4, .jitter_ns = 600 });
	uint8_t frame[2048];
	unsigned int i;

	for (i = 0; i < 600; i++) {
		size_t len = dev_frame(d, frame, i & 1 ? 1 : SNIC_VPORT_WIRE0, 2, i, ENCAP_NONE,
				       60 + i * 97 % 1900);

		if (i & 1)
			dev_tx(d, 1, i >> 1 & 1, frame, len);
		else
			dev_wire(d, 0, frame, len);
		if (i % 4 == 3)
			dev_run_ns(d, 1000);
	}
	dev_settle(d);
	CU_ASSERT_EQUAL(d->rx_count[2], 600);
	dev_close(d);
}

/* The sender is always ahead: every entry of its rings is in use, and is used again only when the device is done. */
static void test_full_rings(void)
{
	static uint8_t frame[1500];
	unsigned int log2, i;

	for (log2 = 4; log2 <= 6; log2++) {
		struct dev *d = dev_open(&(struct dev_config){ .vfs = 2, .queues = 2, .ring_log2 = log2 });

		for (i = 0; i < 500; i++) {
			size_t len =
				dev_frame(d, frame, 1, SNIC_VPORT_WIRE0, i, ENCAP_NONE, 60 + i * 97 % 1400);

			dev_tx(d, 1, i / 100 & 1, frame, len);
		}
		dev_settle(d);
		CU_ASSERT_EQUAL(d->wire_count[0], 500);
		CU_ASSERT_EQUAL(dev_fstat(d, 1, SNIC_FSTAT_TX_PKTS), 500);
		dev_close(d);
	}
}

static void test_255_vfs(void)
{
	struct dev *d = dev_open(&(struct dev_config){ .vfs = 255, .queues = 1, .ring_log2 = 4 });
	unsigned int f, k;

	for (f = 1; f < 256; f += 2)
		dev_flag(d, f, SNIC_MASK(FT_FLAGS, UPLINK1), true);
	for (k = 0; k < 4; k++) {
		for (f = 0; f < 256; f++) {
			dev_send(d, f, (f * 7 + k + 1) % 256, f);
			dev_send(d, f, SNIC_VPORT_WIRE0, f);
			dev_send(d, SNIC_VPORT_WIRE0 + (f & 1), f, f);
			if (f % 16 == 15)
				dev_run_ns(d, 500);
		}
	}
	dev_settle(d);
	for (f = 0; f < 256; f++) {
		uint64_t rx = dev_fstat(d, f, SNIC_FSTAT_RX_PKTS);

		CU_ASSERT_EQUAL(rx, d->rx_count[f]);
		CU_ASSERT(rx >= 4);
		CU_ASSERT_EQUAL(dev_fstat(d, f, SNIC_FSTAT_TX_PKTS), 8);
	}
	dev_close(d);
}

/* A TX and an RX queue stopped and started, idle and busy, again and again; the VF's other queue notices nothing. */
static void test_stop_start(void)
{
	struct dev *d = dev_open(&(struct dev_config){ .vfs = 2, .queues = 1, .ring_log2 = 6 });
	struct dev_raw r;
	unsigned int round, k, sent, before, others = 0, stopped = 0;

	d->no_score = true;
	raw_open(d, &r, 1, 1, -1);
	steer(d, 1, 1);
	for (round = 0; round < 40; round++) {
		for (k = 0; k < 12; k++) {
			fill(d, &r, k, 2);
			raw_rx_desc(&r, k, r.buf_bus + k * RAW_BUF);
		}
		before = (unsigned int)d->rx_count[2];
		tail(d, &r, false, 12);
		for (k = 0; k < 3; k++, others++)
			dev_send(d, 1, SNIC_VPORT_WIRE0, k);
		if (round & 1)
			dev_run_ns(d, 300 + 41 * round); /* stop while frames are under way */
		else
			dev_run_ns(d, 8000);
		if (!(round & 1))
			CU_ASSERT_EQUAL(RAW_WB(&r, HEAD), 12);
		raw_restart(d, &r, -1);
		dev_run_ns(d, 8000);
		sent = (unsigned int)d->rx_count[2] - before;
		CU_ASSERT(round & 1 ? sent <= 12 : sent == 12);
		stopped += 12 - sent;
		/* from descriptor 0, after the restart */
		before = (unsigned int)d->rx_count[2];
		tail(d, &r, false, 5);
		tail(d, &r, true, 8);
		dev_run_ns(d, 1000); /* the wire is faster than a doorbell */
		for (k = 0; k < 4; k++)
			dev_send(d, SNIC_VPORT_WIRE0, 1, k);
		dev_run_ns(d, 8000);
		CU_ASSERT_EQUAL(d->rx_count[2] - before, 5);
		CU_ASSERT_EQUAL(RAW_WB(&r, HEAD), 5);
		CU_ASSERT_EQUAL(RAW_WB(&r, STATUS), SNIC_QSTAT_OK);
		for (k = 0; k < 5; k++)
			CU_ASSERT_EQUAL(r.cpl[k].qw[1] >> 63, k < 4);
		raw_restart(d, &r, -1);
	}
	CU_ASSERT_EQUAL(d->wire_count[0], others);
	/* what was under way at a stop is dropped, and nothing else */
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_TX_DESC), 0);
	CU_ASSERT(dev_stat(d, SNIC_STAT_DROP_TX_DMA) <= stopped);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_TX_DMA), dev_fstat(d, 1, SNIC_FSTAT_TX_DROP));
	/* stopped: counted as such */
	dev_wr(d, 1, SNIC_REG_AT(RXQ_CFG, 1), 0);
	dev_run_ns(d, 1000);
	dev_send(d, SNIC_VPORT_WIRE0, 1, 0);
	dev_run_ns(d, 8000);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_RX_DISABLED), 1);
	CU_ASSERT_EQUAL(dev_fstat(d, 1, SNIC_FSTAT_RX_DROP), 1);
	dev_close(d);
}

/* No free descriptor: dropped and counted, and on it goes when there are some. A frame longer than the buffer: too. */
static void test_no_desc(void)
{
	struct dev *d =
		dev_open(&(struct dev_config){ .vfs = 1, .queues = 1, .ring_log2 = 4, .rx_buf = 512 });
	uint8_t frame[1024];
	unsigned int i;

	d->no_score = true;
	d->muted[1] = true;
	for (i = 0; i < 40; i++)
		dev_send(d, SNIC_VPORT_WIRE0, 1, i);
	dev_run_ns(d, 10000);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_RX_NO_DESC), 24);
	CU_ASSERT_EQUAL(dev_fstat(d, 1, SNIC_FSTAT_RX_DROP), 24);
	CU_ASSERT_EQUAL(dev_fstat(d, 1, SNIC_FSTAT_RX_PKTS), 16);
	d->muted[1] = false;
	dev_run_ns(d, 3000);
	dev_wire(d, 0, frame, dev_frame(d, frame, SNIC_VPORT_WIRE0, 1, 0, ENCAP_NONE, 513));
	dev_wire(d, 0, frame, dev_frame(d, frame, SNIC_VPORT_WIRE0, 1, 0, ENCAP_NONE, 512));
	dev_run_ns(d, 5000);
	CU_ASSERT_EQUAL(d->rx_count[1], 17);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_RX_TOO_LONG), 1);
	dev_close(d);
}

/* What is wrong with descriptor 2; the queue must stop there and only there. */
static void spoil(struct dev_raw *r, unsigned int how)
{
	static const unsigned int lens[] = { 0, 59, SNIC_FRAME_MAX + 1 };
	__u64 qw[2];

	raw_tx_desc(r, 2, r->buf_bus, how < 3 ? lens[how] : 200);
	memcpy(qw, &r->tx_ring[2], sizeof(qw));
	if (how == 3)
		snic_bits_set(qw, SNIC_F(TX_DESC, CTX), 1);
	if (how == 4)
		snic_bits_set(qw, SNIC_F(TX_DESC, CSUM_START), 2);
	if (how == 5)
		snic_bits_set(qw, SNIC_F(TX_DESC, RSVD1), 1);
	if (how == 6)
		snic_bits_set(qw, SNIC_F(TX_DESC, RSVD1), 1 << 12);
	if (how == 7)
		snic_bits_set(qw, SNIC_F(TX_DESC, RSVD2), 1u << 4);
	memcpy(&r->tx_ring[2], qw, sizeof(qw));
}

static void test_bad_tx_desc(void)
{
	struct dev *d = dev_open(&(struct dev_config){ .vfs = 3, .queues = 1, .ring_log2 = 6 });
	struct dev_raw r;
	unsigned int how, k;
	uint64_t got;

	d->no_score = true;
	raw_open(d, &r, 1, 1, -1);
	for (how = 0; how < 8; how++) {
		for (k = 0; k < 6; k++)
			fill(d, &r, k, 2);
		spoil(&r, how);
		got = d->rx_count[2];
		tail(d, &r, false, 6);
		dev_run_ns(d, 8000);
		CU_ASSERT_EQUAL(d->rx_count[2] - got, 2);
		CU_ASSERT_EQUAL(RAW_WB(&r, STATUS), SNIC_QSTAT_BAD_DESC);
		CU_ASSERT_EQUAL(RAW_WB(&r, HEAD), 2);
		CU_ASSERT(qerr(d, 1) && !qerr(d, 2) && !qerr(d, 0));
		CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_TX_DESC), how + 1);
		CU_ASSERT_EQUAL(snic_func_errors(&d->pmd->hw[0], 0), 1u << 1);
		snic_func_errors_seen(&d->pmd->hw[0], 0, 1u << 1);
		CU_ASSERT_EQUAL(snic_func_errors(&d->pmd->hw[0], 0), 0);
		CU_ASSERT_EQUAL(snic_txq_reap(&r.tx), -EIO);
		/* more doorbells do not wake it; the VF's other queue and other VFs run */
		tail(d, &r, false, 8);
		dev_send(d, 1, 3, how);
		dev_send(d, 3, 1, how);
		dev_run_ns(d, 5000);
		CU_ASSERT_EQUAL(d->rx_count[2] - got, 2);
		CU_ASSERT_EQUAL(d->rx_count[3], how + 1);
		CU_ASSERT_EQUAL(d->rx_count[1], how + 1);
		raw_restart(d, &r, -1);
		fill(d, &r, 0, 2);
		tail(d, &r, false, 1);
		dev_run_ns(d, 5000);
		CU_ASSERT_EQUAL(d->rx_count[2] - got, 3);
		CU_ASSERT_EQUAL(RAW_WB(&r, STATUS), SNIC_QSTAT_OK);
		raw_restart(d, &r, -1);
	}
	dev_close(d);
}

/* Shortest and longest frames are in contract. */
static void test_frame_limits(void)
{
	struct dev *d =
		dev_open(&(struct dev_config){ .vfs = 1, .queues = 1, .ring_log2 = 4, .rx_buf = 9280 });
	uint8_t *buf;
	struct dev_raw r;
	uint64_t bus;

	d->no_score = true;
	raw_open(d, &r, 1, 1, -1);
	buf = d->bus->dma_alloc(d->bus->ctx, 1, 3 * 4096, &bus);
	dev_frame(d, buf, 1, 0, 1, ENCAP_NONE, SNIC_FRAME_MAX);
	raw_tx_desc(&r, 0, bus, SNIC_FRAME_MIN);
	raw_tx_desc(&r, 1, bus, SNIC_FRAME_MAX);
	tail(d, &r, false, 2);
	dev_run_ns(d, 10000);
	CU_ASSERT_EQUAL(d->rx_count[0], 2);
	CU_ASSERT_EQUAL(dev_fstat(d, 0, SNIC_FSTAT_RX_BYTES), SNIC_FRAME_MIN + SNIC_FRAME_MAX);
	dev_close(d);
}

static void test_bad_tail(void)
{
	struct dev *d = dev_open(&(struct dev_config){ .vfs = 2, .queues = 1, .ring_log2 = 6 });
	struct dev_raw r;
	unsigned int k;

	d->no_score = true;
	raw_open(d, &r, 1, 1, -1);
	for (k = 0; k < 16; k++)
		fill(d, &r, k, 2);
	tail(d, &r, false, 16); /* the whole ring is in contract */
	dev_run_ns(d, 8000);
	CU_ASSERT_EQUAL(d->rx_count[2], 16);
	tail(d, &r, false, 16 + 17);
	dev_run_ns(d, 8000);
	CU_ASSERT_EQUAL(d->rx_count[2], 16);
	CU_ASSERT_EQUAL(RAW_WB(&r, STATUS), SNIC_QSTAT_BAD_TAIL);
	CU_ASSERT_EQUAL(RAW_WB(&r, HEAD), 16);
	CU_ASSERT(qerr(d, 1));
	dev_send(d, 1, 2, 0);
	dev_run_ns(d, 5000);
	CU_ASSERT_EQUAL(d->rx_count[2], 17);
	dev_close(d);
}

/* RX: a misaligned buffer, reserved bits, a ring that cannot be read; and the same VF's other queue. */
static void test_bad_rx(void)
{
	struct dev *d = dev_open(&(struct dev_config){ .vfs = 2, .queues = 1, .ring_log2 = 6 });
	struct dev_raw r;
	unsigned int how, k;
	uint64_t drops;

	d->no_score = true;
	raw_open(d, &r, 1, 1, -1);
	for (how = 0; how < 3; how++) {
		for (k = 0; k < 8; k++)
			raw_rx_desc(&r, k, r.buf_bus + k * RAW_BUF);
		if (how == 0)
			r.rx_ring[2].qw[0] += 32;
		if (how == 1)
			r.rx_ring[2].qw[1] = 1ull << 40;
		if (how == 2) {
			dev_wr(d, 1, SNIC_REG_AT(RXQ_CFG, 1), 0);
			d->bus->write(d->bus->ctx, 1, SNIC_REG_AT(RXQ_BASE_LO, 1), NOWHERE, 8);
			dev_wr(d, 1, SNIC_REG_AT(RXQ_CFG, 1),
			       SNIC_MASK(RXQ_CFG, ENABLE) | SNIC_PUT(RXQ_CFG, BUFSIZE, RAW_BUF / 64) |
				       RAW_LOG2);
		}
		steer(d, 1, 1);
		tail(d, &r, true, 8);
		dev_run_ns(d, 1000);
		drops = dev_stat(d, SNIC_STAT_DROP_RX_DMA) + dev_stat(d, SNIC_STAT_DROP_RX_DISABLED);
		for (k = 0; k < 5; k++)
			dev_send(d, SNIC_VPORT_WIRE0, 1, k);
		dev_run_ns(d, 8000);
		for (k = 0; k < 5; k++)
			CU_ASSERT_EQUAL(r.cpl[k].qw[1] >> 63, how < 2 && k < 2);
		CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_RX_DMA) + dev_stat(d, SNIC_STAT_DROP_RX_DISABLED) -
					drops,
				how < 2 ? 3 : 5);
		CU_ASSERT(dev_stat(d, SNIC_STAT_DROP_RX_DMA) > how);
		CU_ASSERT(qerr(d, 1) && !qerr(d, 2));
		steer(d, 1, 0);
		dev_run_ns(d, 1000);
		dev_send(d, SNIC_VPORT_WIRE0, 1, 0);
		dev_send(d, SNIC_VPORT_WIRE0, 2, 0);
		dev_run_ns(d, 5000);
		CU_ASSERT_EQUAL(d->rx_count[1], how + 1);
		CU_ASSERT_EQUAL(d->rx_count[2], how + 1);
		raw_restart(d, &r, -1);
	}
	CU_ASSERT(host_foreign_dma(d->host) >= 1);
	dev_close_after_loss(d);
}

/* Frames that cannot be read are dropped and counted, their neighbours go out; a ring that cannot be read stops it. */
static void test_error_completions(void)
{
	struct dev *d =
		dev_open(&(struct dev_config){ .vfs = 2, .queues = 1, .ring_log2 = 6, .jitter_ns = 500 });
	struct dev_raw r;
	unsigned int k;

	d->no_score = true;
	raw_open(d, &r, 1, 1, -1);
	for (k = 0; k < 12; k++)
		fill(d, &r, k, 2);
	raw_tx_desc(&r, 3, NOWHERE, 200);
	raw_tx_desc(&r, 8, NOWHERE + 64, 9000);
	tail(d, &r, false, 12);
	dev_run_ns(d, 10000);
	CU_ASSERT_EQUAL(d->rx_count[2], 10);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_TX_DMA), 2);
	CU_ASSERT_EQUAL(dev_fstat(d, 1, SNIC_FSTAT_TX_DROP), 2);
	CU_ASSERT_EQUAL(RAW_WB(&r, HEAD), 12);
	CU_ASSERT_EQUAL(RAW_WB(&r, ERRS), 2);
	CU_ASSERT_EQUAL(RAW_WB(&r, STATUS), SNIC_QSTAT_OK);
	dev_wr(d, 1, SNIC_REG_AT(TXQ_CFG, 1), 0);
	d->bus->write(d->bus->ctx, 1, SNIC_REG_AT(TXQ_BASE_LO, 1), NOWHERE, 8);
	dev_wr(d, 1, SNIC_REG_AT(TXQ_CFG, 1), SNIC_MASK(TXQ_CFG, ENABLE) | RAW_LOG2);
	tail(d, &r, false, 2);
	dev_run_ns(d, 8000);
	CU_ASSERT_EQUAL(RAW_WB(&r, STATUS), SNIC_QSTAT_DMA_ERR);
	CU_ASSERT(qerr(d, 1));
	dev_send(d, 1, 2, 0);
	dev_run_ns(d, 5000);
	CU_ASSERT_EQUAL(d->rx_count[2], 11);
	dev_close_after_loss(d);
}

static const struct cu_test tests[] = {
	{ "queue", "wrap", test_wrap },
	{ "queue", "small_rings", test_small_rings },
	{ "queue", "full_rings", test_full_rings },
	{ "queue", "vfs_255", test_255_vfs },
	{ "queue", "stop_start", test_stop_start },
	{ "queue", "no_desc_and_too_long", test_no_desc },
	{ "contract", "bad_tx_desc", test_bad_tx_desc },
	{ "contract", "frame_limits", test_frame_limits },
	{ "contract", "bad_tail", test_bad_tail },
	{ "contract", "bad_rx", test_bad_rx },
	{ "contract", "error_completions", test_error_completions },
	{ 0 },
};

int main(int argc, char **argv)
{
	return cu_main(argc, argv, tests);
}
