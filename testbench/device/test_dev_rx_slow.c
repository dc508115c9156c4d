/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Functions whose host memory is slow, beside a victim whose memory is not: at line rate of 64 B frames the victim loses
 * nothing, whatever share of the frames is theirs and however many they are.
 */
#include <string.h>

#include "cu_main.h"
#include "dev.h"

static uint64_t received(struct dev *d, unsigned int funcs)
{
	uint64_t n = 0;
	unsigned int i;

	for (i = 1; i <= funcs; i++)
		n += dev_fstat(d, i, SNIC_FSTAT_RX_PKTS);
	return n;
}

static void slow(unsigned int funcs, unsigned int ns, unsigned int percent, unsigned int lines_pct)
{
	struct dev *d = dev_open(
		&(struct dev_config){ .vfs = funcs + 1, .queues = 1, .ring_log2 = 9, .rx_buf = 128 });
	static uint8_t frame[256];
	const unsigned int frames = 12000, victim = funcs + 1;
	unsigned int i, next = 0, to_victim = 0;
	uint64_t end, rnd = cu_seed() + funcs + ns + percent, got;
	size_t len;

	d->no_score = true;
	dev_fault(d, (struct snic_sim_fault){ .kind = SNIC_SIM_FAULT_LATE,
					      .func = 1,
					      .n_func = funcs,
					      .ns = ns,
					      .millionths = lines_pct * 10000 });
	for (i = 0; i < frames; i++) {
		bool theirs = cu_rand(&rnd) % 100 < percent;

		len = dev_frame(d, frame, SNIC_VPORT_WIRE0, theirs ? 1 + next++ % funcs : victim, i,
				ENCAP_NONE, 60);
		to_victim += !theirs;
		while (host_wire_rx_pending(d->host, 0) >= 512)
			dev_run_ns(d, 500);
		CU_ASSERT_EQUAL(host_wire_rx(d->host, 0, frame, len, 0, &end), 0);
	}
	dev_run_ns(d, 20000 + 2ull * ns);
	got = received(d, funcs);
	printf("    %3u slow functions, %3u %% of lines %5u ns later, %2u %% of the frames: they got %5u of %5u; victim %u of %u\n",
	       funcs, lines_pct, ns, percent, (unsigned int)got, frames - to_victim,
	       (unsigned int)dev_fstat(d, victim, SNIC_FSTAT_RX_PKTS), to_victim);
	CU_ASSERT_EQUAL(dev_fstat(d, victim, SNIC_FSTAT_RX_PKTS), to_victim);
	CU_ASSERT_EQUAL(d->rx_count[victim], to_victim);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_BUFFER) + dev_stat(d, SNIC_STAT_DROP_CONGESTED), 0);
	CU_ASSERT(got > 0);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_RX_SLOW), frames - to_victim - got);
	/* well again: what is left of a line that came, a line that comes in time, and then all */
	host_fault_clear(d->host, -1);
	for (next = 0; next < (lines_pct < 100 ? 100 : 6); next++) {
		for (i = 1; i <= funcs; i++)
			dev_send(d, SNIC_VPORT_WIRE0, i, i);
		dev_run_ns(d, lines_pct < 100 ? 100000 : 5000);
	}
	got = received(d, funcs);
	for (i = 1; i <= funcs; i++)
		dev_send(d, SNIC_VPORT_WIRE0, i, i);
	dev_run_ns(d, 10000);
	CU_ASSERT_EQUAL(received(d, funcs) - got, funcs);
	dev_close_after_loss(d);
}

static void test_one(void)
{
	slow(1, 5000, 2, 100);
	slow(1, 10000, 50, 100);
	slow(1, 50000, 2, 100);
}

static void test_eight(void)
{
	slow(8, 5000, 50, 100);
	slow(8, 50000, 2, 100);
}

static void test_all(void)
{
	slow(254, 10000, 2, 100);
	slow(254, 50000, 50, 100);
}

static void test_lines(void)
{
	slow(1, 5000, 20, 50);
	slow(8, 10000, 20, 10);
	slow(254, 10000, 20, 30);
}

static const struct cu_test tests[] = {
	{ "rx_slow", "one_function", test_one },
	{ "rx_slow", "eight_functions", test_eight },
	{ "rx_slow", "all_but_one", test_all },
	{ "rx_slow", "some_lines", test_lines },
	{ NULL, NULL, NULL },
};

int main(int argc, char **argv)
{
	return cu_main(argc, argv, tests);
}
