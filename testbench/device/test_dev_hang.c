/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A read that is not answered within the watchdog's time: the device waits without a move, and the harness leaps over
 * it. That has to end in the same error at the same cycle as when every edge is simulated.
 */
#include <stdio.h>
#include <string.h>

#include "cu_main.h"
#include "dev.h"

#define WATCHDOG_CYCLES 2000
#define ANSWER_NS 6000 /* 2400 cycles */

/* Sends a frame; the error that this ends in. */
static void error_of(bool no_jump, char *error, size_t size)
{
	struct dev *d = dev_open(&(struct dev_config){ .queues = 1,
						       .ring_log2 = 4,
						       .read_latency_ns = ANSWER_NS,
						       .watchdog_cycles = WATCHDOG_CYCLES,
						       .no_jump = no_jump });
	uint8_t frame[SNIC_FRAME_MIN] = { 0 };
	struct snic_sim_stats s;
	uint64_t end;

	d->no_score = true;
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

static const struct cu_test tests[] = {
	{ "hang", "no_answer", test_no_answer },
	{ 0 },
};

int main(int argc, char **argv)
{
	return cu_main(argc, argv, tests);
}
