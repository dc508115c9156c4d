/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RX queues that come and go: a stop that is over when the card says so, a start at other memory, what is left after a
 * function's reset, and functions that write their queues' registers as fast as they can.
 */
#include <string.h>

#include "cu_main.h"
#include "dev.h"

#define RING (1u << RAW_LOG2)

/* All of the function's frames to its queue 1. */
static void steer(struct dev *d, unsigned int func)
{
	unsigned int i;

	for (i = 0; i < SNIC_COUNT_RSS_INDIR; i++)
		dev_wr(d, func, SNIC_REG_AT(RSS_INDIR, i), 0x11111111);
}

static void post_all(struct dev *d, struct dev_raw *r)
{
	unsigned int k;

	for (k = 0; k < RING; k++)
		raw_rx_desc(r, k, r->buf_bus + k * RAW_BUF);
	dev_wr(d, r->func, SNIC_REG_AT(RX_TAIL, r->queue), RING);
}

static unsigned int completions(const struct dev_raw *r)
{
	unsigned int k, n = 0;

	for (k = 0; k < RING; k++)
		n += r->cpl[k].qw[1] >> (SNIC_RX_CPL_PHASE_LSB - 64) & 1;
	return n;
}

static void wait_drained(struct dev *d, struct dev_raw *r)
{
	unsigned int n = 0;

	while (dev_rd(d, r->func, SNIC_REG_AT(RXQ_CFG, r->queue)) & SNIC_MASK(RXQ_CFG, BUSY) && ++n < 1000)
		dev_run_ns(d, 100);
	CU_ASSERT(n < 1000);
}

static void reset(struct dev *d, unsigned int func)
{
	dev_wr(d, func, SNIC_REG_FUNC_CTRL, SNIC_MASK(FUNC_CTRL, RESET));
	while (dev_rd(d, func, SNIC_REG_FUNC_CTRL) & SNIC_MASK(FUNC_CTRL, RESET))
		dev_run_ns(d, 100);
}

/* Stopped in the middle of its frames, at many points: after BUSY not a byte of the queue's memory changes. */
static void test_stop(void)
{
	struct dev *d =
		dev_open(&(struct dev_config){ .vfs = 3, .queues = 1, .ring_log2 = 6, .jitter_ns = 300 });
	struct dev_raw r;
	unsigned int round, k;
	uint64_t dma;

	d->no_score = true;
	raw_open(d, &r, 1, 1, -1);
	dev_wr(d, 1, SNIC_REG_AT(RXQ_CFG, 1), 0);
	steer(d, 1);
	for (round = 0; round < 40; round++) {
		raw_restart(d, &r, -1);
		post_all(d, &r);
		dev_run_ns(d, 400);
		for (k = 0; k < 12; k++)
			dev_send(d, SNIC_VPORT_WIRE0, 1, k);
		dev_run_ns(d, 60 * round);
		dev_wr(d, 1, SNIC_REG_AT(RXQ_CFG, 1), 0);
		wait_drained(d, &r);
		dma = host_dma_count(d->host, 1);
		dev_run_ns(d, 3000);
		CU_ASSERT_EQUAL(host_dma_count(d->host, 1), dma);
	}
	CU_ASSERT_EQUAL(host_foreign_dma(d->host), 0);
	dev_close_after_loss(d);
}

/* Switched off and, before that is over, on at other memory: no completion in the new ring but those of its frames. */
static void test_restart_elsewhere(void)
{
	struct dev *d = dev_open(&(struct dev_config){
		.vfs = 3, .queues = 1, .ring_log2 = 6, .jitter_ns = 300, .read_latency_ns = 3000 });
	struct dev_raw a, b;
	unsigned int round, k;

	d->no_score = true;
	for (round = 0; round < 12; round++) {
		raw_open(d, &a, 1, 1, -1);
		steer(d, 1);
		post_all(d, &a);
		dev_run_ns(d, 1000);
		for (k = 0; k < 10; k++)
			dev_send(d, SNIC_VPORT_WIRE0, 1, k);
		dev_run_ns(d, 300 + 300 * round);
		dev_wr(d, 1, SNIC_REG_AT(RXQ_CFG, 1), 0);
		raw_open(d, &b, 1, 1, -1);
		memset(b.buf, 0xee, RAW_BUF << RAW_LOG2);
		post_all(d, &b);
		dev_run_ns(d, 12000);
		CU_ASSERT_EQUAL(completions(&b), 0);
		for (k = 0; k < RAW_BUF << RAW_LOG2 && b.buf[k] == 0xee; k++)
			;
		CU_ASSERT_EQUAL(k, RAW_BUF << RAW_LOG2);
		for (k = 0; k < 7; k++)
			dev_send(d, SNIC_VPORT_WIRE0, 1, k);
		dev_run_ns(d, 8000);
		CU_ASSERT_EQUAL(completions(&b), 7);
		dev_wr(d, 1, SNIC_REG_AT(RXQ_CFG, 1), 0);
		wait_drained(d, &b);
	}
	CU_ASSERT_EQUAL(host_foreign_dma(d->host), 0);
	dev_close_after_loss(d);
}

/* What the engine uses, not what reads back: the next owner switches a queue on and says nothing of addresses. */
static void test_reset_addresses(void)
{
	struct dev *d = dev_open(&(struct dev_config){ .vfs = 3, .queues = 1, .ring_log2 = 6 });
	struct dev_raw r;
	unsigned int k;

	d->no_score = true;
	raw_open(d, &r, 1, 1, -1);
	for (k = 0; k < RING; k++)
		raw_rx_desc(&r, k, r.buf_bus + k * RAW_BUF);
	memset(r.buf, 0xee, RAW_BUF << RAW_LOG2);
	dev_run_ns(d, 1000);
	d->muted[1] = true;
	reset(d, 1);
	dev_wr(d, 1, SNIC_REG_FUNC_CTRL, SNIC_MASK(FUNC_CTRL, ENABLE));
	steer(d, 1);
	dev_wr(d, 1, SNIC_REG_AT(RXQ_CFG, 1),
	       SNIC_MASK(RXQ_CFG, ENABLE) | SNIC_PUT(RXQ_CFG, BUFSIZE, RAW_BUF / 64) | RAW_LOG2);
	dev_wr(d, 1, SNIC_REG_AT(RX_TAIL, 1), RING);
	dev_run_ns(d, 2000);
	for (k = 0; k < 4; k++)
		dev_send(d, SNIC_VPORT_WIRE0, 1, k);
	dev_run_ns(d, 10000);
	CU_ASSERT_EQUAL(dev_fstat(d, 1, SNIC_FSTAT_RX_PKTS), 0);
	CU_ASSERT_EQUAL(completions(&r), 0);
	CU_ASSERT_EQUAL(r.buf[0], 0xee);
	CU_ASSERT(host_foreign_dma(d->host) > 0); /* at address 0, which is nobody's */
	dev_close_after_loss(d);
}

/* A line of completions that is not full when the function is reset is out before the reset is. */
static void test_reset_partial_line(void)
{
	struct dev *d = dev_open(&(struct dev_config){ .vfs = 3, .queues = 1, .ring_log2 = 6 });
	struct dev_raw r;
	unsigned int k;
	uint64_t dma;

	d->no_score = true;
	dev_wr(d, 0, SNIC_REG_CPL_TIMEOUT, 20000);
	raw_open(d, &r, 1, 1, -1);
	steer(d, 1);
	post_all(d, &r);
	dev_run_ns(d, 2000);
	for (k = 0; k < 2; k++)
		dev_send(d, SNIC_VPORT_WIRE0, 1, k);
	dev_run_ns(d, 5000);
	CU_ASSERT_EQUAL(completions(&r), 0);
	d->muted[1] = true;
	reset(d, 1);
	dev_run_ns(d, 1000);
	dma = host_dma_count(d->host, 1);
	dev_run_ns(d, 200000);
	CU_ASSERT_EQUAL(host_dma_count(d->host, 1), dma);
	dev_close_after_loss(d);
}

/* VF 1 writes RXQ_CFG or doorbells without end while PCIe up is full: VF 3's doorbell does its work, once and in time. */
static void storm(uint32_t reg, uint32_t odd, uint32_t even, bool all_queues)
{
	struct dev *d = dev_open(&(struct dev_config){
		.vfs = 3, .queues = 1, .ring_log2 = 15, .rx_buf = 64, .pcie_gen = 3, .pcie_lanes = 8 });
	static uint8_t frame[256];
	struct dev_raw r;
	unsigned int i, k;
	uint64_t end;
	size_t len;

	d->no_score = true;
	d->muted[0] = true;
	raw_open(d, &r, 3, 1, -1);
	steer(d, 3);
	for (k = 0; k < RING; k++)
		raw_rx_desc(&r, k, r.buf_bus + k * RAW_BUF);
	for (i = 0; i < 4000; i++) {
		len = dev_frame(d, frame, SNIC_VPORT_WIRE0, 0, i, ENCAP_NONE, 60);
		while (host_wire_rx_pending(d->host, 0) >= 2000)
			dev_run_ns(d, 500);
		host_wire_rx(d->host, 0, frame, len, 0, &end);
	}
	dev_run_ns(d, 8000);
	for (i = 0; i < 4000; i++) {
		dev_wr(d, 1,
		       reg + (all_queues
				      ? i / 2 % SNIC_Q_PER_FUNC * (reg < SNIC_REG_AT(TX_TAIL, 0) ? 0x40 : 8)
				      : 0),
		       i & 1 ? odd : even);
		if (i == 3990)
			dev_wr(d, 3, SNIC_REG_AT(RX_TAIL, 1), RING);
	}
	/* all of them are there, and each queue of VF 1 has had its turn */
	dev_rd(d, 3, SNIC_REG_MAGIC);
	dev_run_ns(d, 500);
	for (k = 0; k < 8; k++) {
		len = dev_frame(d, frame, SNIC_VPORT_WIRE0, 3, k, ENCAP_NONE, 200);
		CU_ASSERT_EQUAL(host_wire_rx(d->host, 0, frame, len, 0, &end), 0);
	}
	while (host_wire_rx_pending(d->host, 0))
		dev_run_ns(d, 500);
	dev_run_ns(d, 60000);
	CU_ASSERT_EQUAL(completions(&r), 8);
	CU_ASSERT_EQUAL(dev_fstat(d, 3, SNIC_FSTAT_RX_DROP), 0);
	dev_close_after_loss(d);
}

static void test_storm_cfg(void)
{
	const uint32_t on = SNIC_MASK(RXQ_CFG, ENABLE) | SNIC_PUT(RXQ_CFG, BUFSIZE, RAW_BUF / 64) | RAW_LOG2;

	storm(SNIC_REG_AT(RXQ_CFG, 1), 0, on, false);
	storm(SNIC_REG_AT(RXQ_CFG, 0), 0, on, true);
}

static void test_storm_doorbells(void)
{
	storm(SNIC_REG_AT(RX_TAIL, 1), 4, 8, false);
	storm(SNIC_REG_AT(RX_TAIL, 0), 4, 8, true);
}

static const struct cu_test tests[] = {
	{ "rx_queue", "stop_is_over_when_not_busy", test_stop },
	{ "rx_queue", "restart_at_other_memory", test_restart_elsewhere },
	{ "rx_queue", "reset_takes_addresses", test_reset_addresses },
	{ "rx_queue", "reset_writes_partial_line", test_reset_partial_line },
	{ "rx_queue", "storm_of_rxq_cfg", test_storm_cfg },
	{ "rx_queue", "storm_of_doorbells", test_storm_doorbells },
	{ NULL, NULL, NULL },
};

int main(int argc, char **argv)
{
	return cu_main(argc, argv, tests);
}
