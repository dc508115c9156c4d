/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a host with a clock of its own relies on: before snic_sim_next_delivery() no memory is touched and no message
 * sent, so running the device from one such time to the next misses nothing, and changes nothing.
 */
#include "cu_main.h"
#include "dev.h"

#define FRAMES 40

static uint64_t seen(struct dev *d)
{
	return host_dma_count(d->host, 0) + host_dma_count(d->host, 1) + host_dma_count(d->host, 2) +
	       host_interrupts(d->host);
}

/* Frames in both directions, a burst and singles, and an interrupt each. */
static void traffic(struct dev *d, unsigned int round)
{
	unsigned int i, n = round % 4 ? 1 : 8;

	for (i = 0; i < n; i++) {
		dev_send(d, SNIC_VPORT_WIRE0, 1, round + i);
		dev_send(d, 2, SNIC_VPORT_WIRE0, round + i);
	}
	dev_wr(d, 1, SNIC_REG_TEST_GO, 2);
}

static void test_nothing_before(void)
{
	struct dev *d = dev_open(&(struct dev_config){ .vfs = 2, .queues = 1, .ring_log2 = 6 });
	unsigned int round, steps = 0, hits = 0, early = 0;
	uint64_t t, before, at, start;

	for (round = 0; round < FRAMES; round++) {
		traffic(d, round);
		start = host_now(d->host);
		while ((t = host_next_delivery(d->host)) < start + 20000000) {
			steps++;
			before = seen(d);
			CU_ASSERT_FATAL(t > host_now(d->host));
			CU_ASSERT_EQUAL_FATAL(host_run_until(d->host, t - 1), 0);
			early += seen(d) != before;
			at = seen(d);
			CU_ASSERT_EQUAL_FATAL(host_run_until(d->host, t), 0);
			hits += seen(d) != at;
		}
		dev_settle(d);
	}
	CU_ASSERT_EQUAL(early, 0);
	/* and it is no mere "soon": a good part of the times are those of a delivery */
	CU_ASSERT(hits > FRAMES * 4);
	CU_ASSERT(hits * 4 > steps);
	dev_close(d);
}

static const struct cu_test tests[] = {
	{ "delivery", "nothing_before", test_nothing_before },
	{ 0 },
};

int main(int argc, char **argv)
{
	return cu_main(argc, argv, tests);
}
