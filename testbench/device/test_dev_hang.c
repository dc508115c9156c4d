/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A read that is never answered, and no completion timeout: the device waits without a move, and the harness leaps over it. That has to end in the same
 * error at the same cycle as when every edge is simulated. A read whose answer is on its way is no hang, however long it takes.
 */
#include <stdio.h>
#include <string.h>

#include "cu_main.h"
#include "dev.h"

#define WATCHDOG_CYCLES 2000
#define LATE_NS 20000 /* 8000 cycles */

static struct dev *open_with(struct snic_sim_fault f, bool no_jump)
{
	struct dev *d = dev_open(&(struct dev_config){ .queues = 1,
						       .ring_log2 = 4,
						       .watchdog_cycles = WATCHDOG_CYCLES,
						       .faults = &f,
						       .n_faults = 1,
						       .no_jump = no_jump });

	return d;
}

/* Sends a frame; the error that this ends in. */
static void error_of(bool no_jump, char *error, size_t size)
{
	struct dev *d = open_with((struct snic_sim_fault){ .kind = SNIC_SIM_FAULT_LOST }, no_jump);
	uint8_t frame[SNIC_FRAME_MIN] = { 0 };
	struct snic_sim_stats s;
	uint64_t end;

	d->no_score = true;
	dev_wr(d, 0, SNIC_REG_READ_TIMEOUT, 0); /* the card waits for ever */
	dev_tx(d, 0, 0, frame, sizeof(frame));
	CU_ASSERT_EQUAL(host_run_until(d->host, host_now(d->host) + 1000000), 0);
	end = host_now(d->host) + 2500ull * (WATCHDOG_CYCLES + 1);
	/* a host with a clock of its own has to come back in time to be told */
	CU_ASSERT(host_next_event(d->host) < end);
	CU_ASSERT_NOT_EQUAL(host_run_until(d->host, end), 0);
	host_stats(d->host, &s);
	CU_ASSERT(no_jump == (s.cycles == s.cycles_run));
	snprintf(error, size, "%s", host_error(d->host));
	dev_abandon(d);
}

static void test_no_answer(void)
{
	char leapt[256], simulated[256];

	error_of(false, leapt, sizeof(leapt));
	error_of(true, simulated, sizeof(simulated));
	CU_ASSERT_STRING_EQUAL(leapt, simulated);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(leapt, "watchdog: nothing moved for 2000 cycles; busy: tx_engine, rd_arb"));
}

static void test_late_answer(void)
{
	struct dev *d =
		open_with((struct snic_sim_fault){ .kind = SNIC_SIM_FAULT_LATE, .ns = LATE_NS }, false);

	dev_send(d, 0, SNIC_VPORT_WIRE0, 0);
	dev_run_ns(d, 2 * LATE_NS + 5000);
	CU_ASSERT_EQUAL(d->wire_count[0], 1);
	CU_ASSERT_EQUAL(host_fault_hits(d->host, 0), 2);
	dev_close(d);
}

/* On a narrow link what is posted takes longer than the watchdog waits; the read behind it is answered all the same. */
static void test_posted_first(void)
{
	struct dev *d = dev_open(&(struct dev_config){ .queues = 1,
						       .ring_log2 = 4,
						       .watchdog_cycles = WATCHDOG_CYCLES,
						       .pcie_gen = 1,
						       .pcie_lanes = 1 });
	uint64_t start = host_now(d->host);
	unsigned int i;

	for (i = 0; i < 400; i++)
		dev_wr(d, 0, SNIC_REG_TEST_SCRATCH, i);
	CU_ASSERT_EQUAL(dev_rd(d, 0, SNIC_REG_TEST_SCRATCH), ~399u);
	CU_ASSERT(host_now(d->host) - start > 2 * 2500 * WATCHDOG_CYCLES);
	dev_close(d);
}

/* No run is longer than time has picoseconds for, and none is wrong because of it. */
static void test_end_of_time(void)
{
	struct dev *d = dev_open(&(struct dev_config){ .queues = 1, .ring_log2 = 4 });

	CU_ASSERT_EQUAL(host_run_until(d->host, SNIC_SIM_TIME_MAX_PS), 0);
	CU_ASSERT_EQUAL(host_now(d->host), SNIC_SIM_TIME_MAX_PS);
	CU_ASSERT_NOT_EQUAL(host_run_until(d->host, SNIC_SIM_TIME_MAX_PS + 1), 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(host_error(d->host), "106 days"));
	dev_abandon(d);
}

static const struct cu_test tests[] = {
	{ "hang", "no_answer", test_no_answer },
	{ "hang", "late_answer", test_late_answer },
	{ "hang", "posted_first", test_posted_first },
	{ "hang", "end_of_time", test_end_of_time },
	{ 0 },
};

int main(int argc, char **argv)
{
	return cu_main(argc, argv, tests);
}
