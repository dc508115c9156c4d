/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A function reset in the middle of full traffic: by its own FUNC_CTRL, by the PF, and by a function-level reset of the
 * link. When it is done no DMA of the function is left, its registers and counters are at their reset values, it works
 * again when started, and what others send and get is complete.
 */
#include <string.h>

#include "cu_main.h"
#include "dev.h"

enum how { OWN, BY_PF, FLR };

#define VICTIM 2

/* One turn of traffic: 1 and 3 to each other and the wire, the wire to 1; VF 2 sends to and gets from everyone. */
static void turn(struct dev *d, unsigned int i, bool victim)
{
	static const unsigned int lens[] = { 60, 128, 1500, 64, 300 };
	uint8_t frame[2048];
	size_t len = lens[i % 5];

	dev_tx(d, 1, 0, frame, dev_frame(d, frame, 1, 3, i, ENCAP_NONE, len));
	dev_tx(d, 3, 1, frame, dev_frame(d, frame, 3, 1, i, ENCAP_NONE, len));
	dev_tx(d, 3, 0, frame, dev_frame(d, frame, 3, SNIC_VPORT_WIRE0, i, ENCAP_NONE, len));
	dev_wire(d, 0, frame, dev_frame(d, frame, SNIC_VPORT_WIRE0, 1, i, ENCAP_NONE, len));
	dev_wire(d, 0, frame, dev_frame(d, frame, SNIC_VPORT_WIRE0, VICTIM, i, ENCAP_NONE, len));
	if (!victim)
		return;
	dev_tx(d, VICTIM, i & 1, frame, dev_frame(d, frame, VICTIM, SNIC_VPORT_WIRE0, i, ENCAP_NONE, len));
	dev_tx(d, 1, 1, frame, dev_frame(d, frame, 1, VICTIM, i, ENCAP_NONE, len));
}

static uint64_t others_tx[2];

static void from_others(struct dev *d, unsigned int port, const uint8_t *frame, size_t len)
{
	(void)d;
	(void)len;
	/* source address: the last byte is the function */
	others_tx[port] += frame[11] == 3;
}

static void reset(struct dev *d, enum how how)
{
	unsigned int i;

	switch (how) {
	case OWN:
		CU_ASSERT_EQUAL(snic_hw_reset(&d->pmd->hw[VICTIM]), 0);
		return;
	case BY_PF:
		dev_wr(d, 0, SNIC_REG_FT_RESET, VICTIM);
		break;
	case FLR:
		host_flr(d->host, VICTIM);
		break;
	}
	dev_run_ns(d, 300); /* the request is there */
	for (i = 0; i < 200 && dev_rd(d, VICTIM, SNIC_REG_FUNC_CTRL) & SNIC_MASK(FUNC_CTRL, RESET); i++)
		dev_run_ns(d, 500);
	CU_ASSERT_EQUAL(dev_rd(d, VICTIM, SNIC_REG_FUNC_CTRL), 0);
}

static void check_reset_state(struct dev *d)
{
	unsigned int q, i;

	CU_ASSERT_EQUAL(dev_rd(d, VICTIM, SNIC_REG_FUNC_STATUS) & ~0x300u, 0);
	for (q = 0; q < SNIC_Q_PER_FUNC; q++) {
		CU_ASSERT_EQUAL(dev_rd(d, VICTIM, SNIC_REG_AT(TXQ_CFG, q)), 0);
		CU_ASSERT_EQUAL(dev_rd(d, VICTIM, SNIC_REG_AT(RXQ_CFG, q)), 0);
		CU_ASSERT_EQUAL(dev_rd(d, VICTIM, SNIC_REG_AT(TXQ_BASE_LO, q)), 0);
	}
	for (i = 0; i < SNIC_COUNT_RSS_INDIR; i++)
		CU_ASSERT_EQUAL(dev_rd(d, VICTIM, SNIC_REG_AT(RSS_INDIR, i)), 0);
	for (i = 0; i < SNIC_N_FSTAT; i++)
		CU_ASSERT(i == SNIC_FSTAT_RX_DROP || !dev_fstat(d, VICTIM, i));
	/* its address belongs to the PF */
	CU_ASSERT_EQUAL(dev_rd(d, VICTIM, SNIC_REG_FUNC_MAC_LO), 0x00005c02);
}

static bool untouched(const struct dev *d)
{
	unsigned int q, i;

	for (q = 0; q < 2; q++) {
		const uint8_t *p = pmd_queue(d->pmd, VICTIM, q)->rx_buf;

		for (i = 0; i < 128 * 2048; i++)
			if (p[i] != 0xee)
				return false;
	}
	return true;
}

static void run(enum how how)
{
	struct dev *d =
		dev_open(&(struct dev_config){ .vfs = 3, .queues = 2, .ring_log2 = 7, .jitter_ns = 500 });
	unsigned int round, i, sent = 0;
	uint64_t rx, dma;

	d->no_score = true;
	d->on_wire = from_others;
	others_tx[0] = others_tx[1] = 0;
	for (round = 0; round < 12; round++) {
		for (i = 0; i < 40; i++, sent++) {
			turn(d, sent, true);
			if (i % 2 == 1)
				dev_run_ns(d, 500);
		}
		dev_run_ns(d, 37 * round); /* at another point each time */
		d->muted[VICTIM] = true;
		reset(d, how);
		dma = host_dma_count(d->host, VICTIM);
		check_reset_state(d);
		for (i = 0; i < 2; i++)
			memset(pmd_queue(d->pmd, VICTIM, i)->rx_buf, 0xee, 128 * 2048);
		for (i = 0; i < 10; i++, sent++)
			turn(d, sent, false);
		dev_run_ns(d, 4000);
		CU_ASSERT(untouched(d));
		CU_ASSERT_EQUAL(host_dma_count(d->host, VICTIM), dma);
		CU_ASSERT_EQUAL(dev_fstat(d, VICTIM, SNIC_FSTAT_RX_PKTS) +
					dev_fstat(d, VICTIM, SNIC_FSTAT_TX_PKTS),
				0);
		/* and it works again */
		d->bus->bus_master(d->bus->ctx, VICTIM, true);
		dev_restart(d, VICTIM);
		d->muted[VICTIM] = false;
		dev_run_ns(d, 2000);
		rx = d->rx_count[VICTIM];
		for (i = 0; i < 10; i++, sent++) {
			turn(d, sent, true);
			dev_run_ns(d, 700);
		}
		dev_run_ns(d, 6000);
		CU_ASSERT_EQUAL(d->rx_count[VICTIM] - rx, 20);
		CU_ASSERT_EQUAL(dev_fstat(d, VICTIM, SNIC_FSTAT_RX_PKTS), 20);
		CU_ASSERT_EQUAL(dev_fstat(d, VICTIM, SNIC_FSTAT_TX_PKTS), 10);
	}
	CU_ASSERT_EQUAL(d->rx_count[1], 2 * sent);
	CU_ASSERT_EQUAL(d->rx_count[3], sent);
	CU_ASSERT_EQUAL(others_tx[0], sent);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_CPL_UNEXPECTED), 0);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_BUFFER) + dev_stat(d, SNIC_STAT_DROP_CONGESTED), 0);
	dev_close(d);
}

static void test_own(void)
{
	run(OWN);
}

static void test_by_pf(void)
{
	run(BY_PF);
}

static void test_flr(void)
{
	run(FLR);
}

/* All 255 VFs at once, while the PF keeps on. */
static void test_all_vfs(void)
{
	struct dev *d = dev_open(&(struct dev_config){ .vfs = 255, .queues = 1, .ring_log2 = 4 });
	unsigned int f, i, n = 0;

	d->no_score = true;
	for (f = 1; f < 256; f++)
		dev_send(d, f, f % 255 + 1, f);
	for (f = 1; f < 256; f++) {
		d->muted[f] = true;
		dev_wr(d, f, SNIC_REG_FUNC_CTRL, SNIC_MASK(FUNC_CTRL, RESET));
	}
	for (i = 0; i < 40; i++, n++) {
		dev_send(d, SNIC_VPORT_WIRE0, 0, i);
		dev_run_ns(d, 500);
	}
	for (f = 1; f < 256; f++) {
		for (i = 0; i < 100 && dev_rd(d, f, SNIC_REG_FUNC_CTRL); i++)
			dev_run_ns(d, 500);
		CU_ASSERT_EQUAL(dev_rd(d, f, SNIC_REG_FUNC_CTRL), 0);
		dev_restart(d, f);
		d->muted[f] = false;
	}
	memset(d->rx_count + 1, 0, sizeof(d->rx_count) - sizeof(d->rx_count[0]));
	for (f = 1; f < 256; f++)
		dev_send(d, f, f % 255 + 1, f);
	dev_run_ns(d, 20000);
	for (f = 1; f < 256; f++)
		CU_ASSERT_EQUAL(d->rx_count[f], 1);
	CU_ASSERT_EQUAL(d->rx_count[0], n);
	dev_close(d);
}

static const struct cu_test tests[] = {
	{ "reset", "own", test_own },
	{ "reset", "by_pf", test_by_pf },
	{ "reset", "flr", test_flr },
	{ "reset", "all_vfs", test_all_vfs },
	{ 0 },
};

int main(int argc, char **argv)
{
	return cu_main(argc, argv, tests);
}
