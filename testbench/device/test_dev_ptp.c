/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The PTP clocks of the card: they run at the rate that the PF gives them, over resets and days, to the nanosecond; a VF reads
 * them and changes nothing.
 */
#include "cu_main.h"
#include "dev.h"
#include "snic_clock.h"

#define CYCLE_PS 2500ull
#define DAY_PS (86400ull * 1000000000000ull)
#define EPOCH 1764511200000000000ull

static struct dev *start(void)
{
	return dev_open(&(struct dev_config){ .vfs = 2, .queues = 1, .ring_log2 = 6 });
}

static struct snic_hw *pf(struct dev *d)
{
	return &d->pmd->hw[0];
}

/* Clock and host are read one after the other: a read takes less than 2 us. */
static uint64_t ahead(struct dev *d, unsigned int func, unsigned int port)
{
	return snic_ptp_time(&d->pmd->hw[func], port) - host_now(d->host) / 1000;
}

static bool near(uint64_t a, uint64_t b, uint64_t ns)
{
	return a - b + ns <= 2 * ns;
}

static void test_set_and_run(void)
{
	struct dev *d = start();
	uint64_t before, port;

	for (port = 0; port < SNIC_N_PORT; port++)
		CU_ASSERT_EQUAL(snic_ptp_time(pf(d), port), 0);
	CU_ASSERT_EQUAL(snic_ptp_nominal_rate(snic_hw_clock_khz(pf(d))), 5ull << 31);
	snic_ptp_set_rate(pf(d), 0, 5ull << 31);
	snic_ptp_set(pf(d), 0, EPOCH);
	before = ahead(d, 0, 0);
	dev_run_ns(d, 1000000);
	CU_ASSERT(near(ahead(d, 0, 0), before, 20));
	CU_ASSERT_EQUAL(snic_ptp_time(pf(d), 1), 0); /* another clock */
	snic_ptp_add(pf(d), 0, -5000000ull);
	CU_ASSERT(near(ahead(d, 0, 0), before - 5000000, 20));
	/* every function reads the same */
	CU_ASSERT(near(ahead(d, 2, 0), before - 5000000, 20));
	/* 100 ppm fast, for a second */
	snic_ptp_set_rate(pf(d), 0, (5ull << 31) + (5ull << 31) / 10000);
	before = ahead(d, 0, 0);
	CU_ASSERT_EQUAL_FATAL(host_run_until(d->host, host_now(d->host) + 1000000000000ull), 0);
	CU_ASSERT(near(ahead(d, 0, 0), before + 100000, 20));
	/* no operation, nothing happens */
	dev_wr(d, 0, SNIC_REG_AT(PTP_OP, 0), 0);
	CU_ASSERT(near(ahead(d, 0, 0), before + 100000, 20));
	dev_close(d);
}

/* Device time wraps after 8 days, the clock does not; idle days cost nothing. */
static void test_days(void)
{
	static const unsigned int days[] = { 1, 3, 9, 40, 100 };
	struct dev *d = start();
	uint64_t before[SNIC_N_PORT];
	unsigned int i, port;

	for (port = 0; port < SNIC_N_PORT; port++) {
		snic_ptp_set(pf(d), port, EPOCH + port * 1000000000ull);
		snic_ptp_set_rate(pf(d), port, 5ull << 31);
		before[port] = ahead(d, 0, port);
	}
	for (i = 0; i < 5; i++) {
		CU_ASSERT_EQUAL_FATAL(host_run_until(d->host, days[i] * DAY_PS), 0);
		for (port = 0; port < SNIC_N_PORT; port++)
			CU_ASSERT(near(ahead(d, 1, port), before[port], 20));
	}
	dev_close(d);
}

/* A VF's writes do nothing, its reset neither; its latch is its own and is wiped. */
static void test_vf(void)
{
	struct dev *d = start();
	uint64_t before;
	uint32_t lo;

	snic_ptp_set(pf(d), 1, EPOCH);
	snic_ptp_set_rate(pf(d), 1, 5ull << 31);
	before = ahead(d, 1, 1);
	snic_ptp_set(&d->pmd->hw[1], 1, 12345);
	snic_ptp_add(&d->pmd->hw[1], 1, 1ull << 40);
	snic_ptp_set_rate(&d->pmd->hw[1], 1, 0);
	CU_ASSERT_EQUAL(dev_rd(d, 1, SNIC_REG_AT(PTP_ARG_LO, 1)), 0);
	CU_ASSERT_EQUAL(dev_rd(d, 1, SNIC_REG_AT(PTP_OP, 1)), 0);
	CU_ASSERT(near(ahead(d, 1, 1), before, 20));
	/* VF 2 reads between the two reads of VF 1, when the upper half has become another */
	snic_ptp_set(pf(d), 1, (77ull << 32) - 30000);
	lo = dev_rd(d, 1, SNIC_REG_AT(PTP_TIME_LO, 1));
	CU_ASSERT(lo > 0xffff0000u);
	dev_run_ns(d, 60000);
	CU_ASSERT_EQUAL(snic_ptp_time(&d->pmd->hw[2], 1) >> 32, 77);
	CU_ASSERT_EQUAL(dev_rd(d, 1, SNIC_REG_AT(PTP_TIME_HI, 1)), 76);
	before = ahead(d, 0, 1);
	CU_ASSERT_EQUAL(snic_hw_reset(&d->pmd->hw[1]), 0);
	CU_ASSERT_EQUAL(dev_rd(d, 1, SNIC_REG_AT(PTP_TIME_HI, 1)), 0);
	CU_ASSERT_EQUAL(snic_hw_reset(pf(d)), 0);
	CU_ASSERT(near(ahead(d, 0, 1), before, 20));
	/* in one access */
	CU_ASSERT_EQUAL(d->bus->read(d->bus->ctx, 1, SNIC_REG_AT(PTP_TIME_LO, 1), 8) >> 32, 77);
	dev_abandon(d);
}

static const struct cu_test tests[] = {
	{ "ptp", "set_and_run", test_set_and_run },
	{ "ptp", "days", test_days },
	{ "ptp", "vf", test_vf },
	{ 0 },
};

int main(int argc, char **argv)
{
	return cu_main(argc, argv, tests);
}
