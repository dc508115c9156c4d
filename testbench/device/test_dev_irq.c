/* SPDX-License-Identifier: BSD-2-Clause */
/* MSI-X on the whole device: order behind data and completion, arming, moderation, ids. */
#include <string.h>

#include "cu_main.h"
#include "dev.h"

#define VEC 5

static struct dev_raw raw;
static struct {
	unsigned int n, wrong_id, early, posted;
	uint64_t at[256];
	uint32_t rearm; /* gap; ~0: no */
	struct dev *d;
} irq;

static bool cpl_there(unsigned int k)
{
	return raw.cpl[k].qw[1] >> 63;
}

static void on_irq(void *ctx, unsigned int func, unsigned int vector)
{
	struct dev *d = ctx;
	unsigned int k, n = 0;

	irq.wrong_id += func != 1 || vector != VEC;
	/* what it tells of is in memory: completions in order, each with its frame */
	while (n < 16 && cpl_there(n))
		n++;
	for (k = 0; k < n; k++)
		if (raw.buf[k * RAW_BUF] != 0x02 || raw.buf[k * RAW_BUF + 199] == 0xee)
			irq.early++;
	if (n < irq.posted)
		irq.early++;
	if (irq.n < 256)
		irq.at[irq.n] = host_now(d->host);
	irq.n++;
	if (irq.rearm != ~0u)
		dev_wr(d, 1, SNIC_REG_AT(INT_ARM, VEC), irq.rearm);
}

static struct dev *start(void)
{
	struct dev *d = dev_open(&(struct dev_config){ .vfs = 2, .queues = 1, .ring_log2 = 6 });
	unsigned int i;

	d->no_score = true;
	memset(&irq, 0, sizeof(irq));
	irq.rearm = ~0u;
	irq.d = d;
	raw_open(d, &raw, 1, 1, VEC);
	memset(raw.buf, 0xee, RAW_BUF << RAW_LOG2);
	for (i = 0; i < 16; i++)
		raw_rx_desc(&raw, i, raw.buf_bus + i * RAW_BUF);
	dev_wr(d, 1, SNIC_REG_AT(RX_TAIL, 1), 16);
	for (i = 0; i < SNIC_COUNT_RSS_INDIR; i++)
		dev_wr(d, 1, SNIC_REG_AT(RSS_INDIR, i), 0x11111111);
	host_on_interrupt(d->host, on_irq, d);
	dev_run_ns(d, 1000);
	return d;
}

static void rx(struct dev *d, unsigned int n)
{
	uint8_t frame[256];

	while (n--)
		dev_wire(d, 0, frame, dev_frame(d, frame, SNIC_VPORT_WIRE0, 1, n, ENCAP_NONE, 200));
}

/* Not armed: kept. Armed: sent at once. Sent: disarmed. */
static void test_arm(void)
{
	struct dev *d = start();
	uint64_t sent = dev_stat(d, SNIC_STAT_MSIX_SENT), t0;

	rx(d, 1);
	dev_run_ns(d, 5000);
	CU_ASSERT(cpl_there(0));
	CU_ASSERT_EQUAL(irq.n, 0);
	irq.posted = 1;
	t0 = host_now(d->host);
	dev_wr(d, 1, SNIC_REG_AT(INT_ARM, VEC), 0);
	dev_run_ns(d, 2000);
	CU_ASSERT_EQUAL(irq.n, 1);
	CU_ASSERT(irq.at[0] - t0 < 700000); /* two write latencies and a bit */
	rx(d, 3);
	dev_run_ns(d, 5000);
	CU_ASSERT_EQUAL(irq.n, 1);
	/* another vector's arm is not this one's */
	dev_wr(d, 1, SNIC_REG_AT(INT_ARM, VEC + 1), 0);
	dev_wr(d, 2, SNIC_REG_AT(INT_ARM, VEC), 0);
	dev_run_ns(d, 2000);
	CU_ASSERT_EQUAL(irq.n, 1);
	dev_wr(d, 1, SNIC_REG_AT(INT_ARM, VEC), 0);
	dev_run_ns(d, 2000);
	CU_ASSERT_EQUAL(irq.n, 2);
	/* armed and nothing to tell */
	dev_wr(d, 1, SNIC_REG_AT(INT_ARM, VEC), 0);
	dev_run_ns(d, 5000);
	CU_ASSERT_EQUAL(irq.n, 2);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_MSIX_SENT) - sent, 2);
	CU_ASSERT_EQUAL(irq.wrong_id + irq.early, 0);
	dev_close(d);
}

/* Armed before: the message comes behind the frame and its completion, however the completion line fills. */
static void test_order(void)
{
	static const unsigned int burst[] = { 1, 2, 4, 3, 5, 1 };
	struct dev *d = start();
	unsigned int i;

	for (i = 0; i < 6; i++) {
		dev_wr(d, 1, SNIC_REG_AT(INT_ARM, VEC), 0);
		dev_run_ns(d, 1000);
		irq.posted++; /* at least one more than told of before */
		rx(d, burst[i]);
		dev_run_ns(d, 5000);
		CU_ASSERT_EQUAL(irq.n, i + 1);
	}
	CU_ASSERT(cpl_there(15));
	CU_ASSERT_EQUAL(irq.wrong_id + irq.early, 0);
	dev_close(d);
}

/* Steady traffic, armed again at each message: never closer than the gap, and not much rarer. */
static void test_moderation(void)
{
	enum { GAP = 400 }; /* of 16 cycles of 2.5 ns: 16 us */
	struct dev *d = start();
	uint64_t gap_ps = GAP * 16 * 2500ull;
	unsigned int i;

	irq.rearm = GAP;
	dev_wr(d, 1, SNIC_REG_AT(INT_ARM, VEC), GAP);
	dev_run_ns(d, 1000);
	for (i = 0; i < 100; i++) {
		rx(d, 1);
		dev_run_ns(d, 1500);
		dev_wr(d, 1, SNIC_REG_AT(RX_TAIL, 1), 16 + i);
	}
	dev_run_ns(d, 20000);
	CU_ASSERT(irq.n >= 8 && irq.n <= 13);
	for (i = 1; i < irq.n && i < 256; i++) {
		/* on their way messages may wait for the link: some ten ns */
		CU_ASSERT(irq.at[i] - irq.at[i - 1] > gap_ps - 50000);
		CU_ASSERT(irq.at[i] - irq.at[i - 1] < gap_ps + 3000000 || i == irq.n - 1);
	}
	CU_ASSERT_EQUAL(irq.wrong_id, 0);
	dev_close(d);
}

/* TX: one when the write-back is in memory. And the message that software asks for, with any vector. */
static void tx_irq(void *ctx, unsigned int func, unsigned int vector)
{
	(void)ctx;
	irq.wrong_id += func != 1 || vector != VEC;
	irq.early += RAW_WB(&raw, HEAD) != irq.posted;
	irq.n++;
}

static unsigned int test_vec;

static void soft_irq(void *ctx, unsigned int func, unsigned int vector)
{
	(void)ctx;
	irq.wrong_id += func != 2 || vector != test_vec;
	irq.n++;
}

static void test_tx_and_software(void)
{
	struct dev *d = start();
	unsigned int k;

	host_on_interrupt(d->host, tx_irq, d);
	for (k = 0; k < 6; k++) {
		dev_frame(d, raw.buf, 1, 2, 0, ENCAP_NONE, 200);
		raw_tx_desc(&raw, k, raw.buf_bus, 200);
		irq.posted = k + 1;
		dev_wr(d, 1, SNIC_REG_AT(INT_ARM, VEC), 0);
		dev_wr(d, 1, SNIC_REG_AT(TX_TAIL, 1), k + 1);
		dev_run_ns(d, 6000);
		CU_ASSERT_EQUAL(irq.n, k + 1);
	}
	CU_ASSERT_EQUAL(irq.wrong_id + irq.early, 0);
	host_on_interrupt(d->host, soft_irq, d);
	irq.n = 0;
	for (test_vec = 0; test_vec < SNIC_VEC_PER_FUNC; test_vec++) {
		dev_wr(d, 2, SNIC_REG_TEST_GO, 2 | test_vec << 8);
		dev_run_ns(d, 1500);
		CU_ASSERT_EQUAL(irq.n, test_vec + 1);
	}
	CU_ASSERT_EQUAL(irq.wrong_id, 0);
	dev_close(d);
}

/* A reset forgets what was pending and armed; without bus mastering no message leaves. */
static void test_reset_and_bus_master(void)
{
	struct dev *d = start();

	rx(d, 1);
	dev_run_ns(d, 5000);
	CU_ASSERT_EQUAL(snic_hw_reset(&d->pmd->hw[1]), 0);
	dev_restart(d, 1);
	dev_wr(d, 1, SNIC_REG_AT(INT_ARM, VEC), 0);
	dev_run_ns(d, 5000);
	CU_ASSERT_EQUAL(irq.n, 0);
	d->bus->bus_master(d->bus->ctx, 1, false);
	dev_wr(d, 1, SNIC_REG_TEST_GO, 2 | VEC << 8);
	dev_run_ns(d, 3000);
	CU_ASSERT_EQUAL(irq.n, 0);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DMA_REFUSED), 1);
	d->bus->bus_master(d->bus->ctx, 1, true);
	dev_wr(d, 1, SNIC_REG_TEST_GO, 2 | VEC << 8);
	dev_run_ns(d, 3000);
	CU_ASSERT_EQUAL(irq.n, 1);
	dev_close(d);
}

static const struct cu_test tests[] = {
	{ "irq", "arm", test_arm },
	{ "irq", "order", test_order },
	{ "irq", "moderation", test_moderation },
	{ "irq", "tx_and_software", test_tx_and_software },
	{ "irq", "reset_and_bus_master", test_reset_and_bus_master },
	{ 0 },
};

int main(int argc, char **argv)
{
	return cu_main(argc, argv, tests);
}
