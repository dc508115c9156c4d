/* SPDX-License-Identifier: BSD-2-Clause */
/* Rates and latencies against streams whose rate and latency are known. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>

#include "cu_main.h"
#include "meter.h"

static struct meter m;

static bool near(double got, double want, double rel)
{
	if (fabs(got - want) <= rel * want)
		return true;
	printf("    got %g, expected %g\n", got, want);
	return false;
}

/* 60 bytes every 6720 ps is line rate at 100 Gb/s: 148.8 Mpps, 76.19 Gb/s of frames with FCS. */
static void steady(void)
{
	static const uint64_t runs[] = { 100, 4096, 4097, 5000, 123456, 1000000 };
	struct meter_rate r;
	uint64_t n;
	unsigned int i;

	for (i = 0; i < sizeof(runs) / sizeof(runs[0]); i++) {
		meter_init(&m);
		for (n = 0; n < runs[i]; n++)
			meter_frame(&m, 60, 1000000 + 6720 * n);
		r = meter_rate(&m, meter_window(&m));
		CU_ASSERT(near(r.mpps, 1e6 / 6720, 1e-9));
		CU_ASSERT(near(r.gbps, 64 * 8 * 1e3 / 6720, 1e-9));
		CU_ASSERT_EQUAL(m.packets, runs[i]);
		CU_ASSERT_EQUAL(m.bytes, 60 * runs[i]);
	}
}

/* A slow start of 8 % and a slow end of 4 % lie outside the window. */
static void window(void)
{
	static const uint64_t runs[] = { 1000, 100000 };
	uint64_t n, ps;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		meter_init(&m);
		for (n = ps = 0; n < runs[i]; n++) {
			ps += n < runs[i] * 8 / 100 || n >= runs[i] * 96 / 100 ? 1000000 : 10000;
			meter_frame(&m, 60, ps);
		}
		CU_ASSERT(near(meter_rate(&m, meter_window(&m)).mpps, 100, 1e-9));
	}
	/* What goes wrong inside it shows: a pause of as long as the rest halves the rate. */
	meter_init(&m);
	for (n = ps = 0; n < 100000; n++) {
		ps += n == 50000 ? 850000000 : 10000;
		meter_frame(&m, 60, ps);
	}
	CU_ASSERT(near(meter_rate(&m, meter_window(&m)).mpps, 50, 0.01));
}

/* 1000 frames from a time on, one every 10 ns, or every 20 ns in the second half. */
static void fill(struct meter *x, uint64_t ps, bool slows)
{
	unsigned int n;

	meter_init(x);
	for (n = 0; n < 1000; n++, ps += slows && n >= 500 ? 20000 : 10000)
		meter_frame(x, 60, ps);
}

/* The time in which all directions of a run are steady; one too short for a window does not count. */
static void common(void)
{
	static struct meter a, b, empty, late;
	const struct meter *const all[] = { &a, &b, &empty, &late };
	struct meter_window w;

	fill(&a, 0, true);
	fill(&b, 200000, false);
	meter_init(&empty);
	fill(&late, 100000000, false);
	w = meter_common(all, 1);
	CU_ASSERT(near(meter_rate(&a, w).mpps, 850. / (400 * 10 + 450 * 20) * 1e3, 0.01));
	/* 1.2 to 9.7 us: a is fast until 5 us */
	w = meter_common(all, 3);
	CU_ASSERT(near((double)w.from_ps, 1.2e6, 0.01));
	CU_ASSERT(near((double)w.to_ps, 9.7e6, 0.01));
	CU_ASSERT(near(meter_rate(&a, w).mpps, (380 + 235) / 8.5, 0.01));
	CU_ASSERT(near(meter_rate(&b, w).mpps, 100, 0.01));
	CU_ASSERT_EQUAL(meter_rate(&late, w).mpps, 0);
	w = meter_common(all, 4);
	CU_ASSERT_EQUAL(w.from_ps, w.to_ps);
}

/* What comes after the frames that are predicted counts, but no rate is of it. Which frames a rate is of is told. */
static void which_frames(void)
{
	struct meter_rate r;
	uint64_t n;

	meter_init(&m);
	for (n = 0; n < 2000; n++)
		meter_frame(&m, 60, 10000 * n);
	r = meter_rate(&m, meter_window(&m));
	CU_ASSERT_EQUAL(r.before, 199); /* that of 10 % is in it */
	CU_ASSERT_EQUAL(r.frames, 1701);
	for (; n < 10000; n++)
		meter_past(&m, 60, 40000 * n);
	CU_ASSERT_EQUAL(m.packets, 10000);
	CU_ASSERT_EQUAL(m.metered, 2000);
	CU_ASSERT(near(meter_rate(&m, meter_window(&m)).mpps, 100, 1e-9));
	CU_ASSERT(near(meter_whole(&m).mpps, 25, 1e-9));
	CU_ASSERT(near(meter_whole(&m).gbps, 25 * 64 * 8e-3, 1e-3));
}

/* Sizes that change in mid-run: Gb/s is that of the bytes in the window. */
static void mixed_sizes(void)
{
	uint64_t n;

	meter_init(&m);
	for (n = 0; n < 200000; n++)
		meter_frame(&m, n % 2 ? 60 : 1514, 100000 * n);
	CU_ASSERT(near(meter_rate(&m, meter_window(&m)).gbps, (64 + 1518) / 2. * 8 / 100, 1e-3));
}

static void too_short(void)
{
	unsigned int n;

	meter_init(&m);
	CU_ASSERT_EQUAL(meter_rate(&m, meter_window(&m)).mpps, 0);
	CU_ASSERT_EQUAL(meter_quantile_ns(&m, 0.5), 0);
	meter_frame(&m, 60, 5);
	CU_ASSERT_EQUAL(meter_rate(&m, meter_window(&m)).mpps, 0);
	CU_ASSERT_EQUAL(meter_rate(&m, meter_window(&m)).gbps, 0);
	/* all at one time: no rate, and no division by zero */
	for (n = 0; n < 1000; n++)
		meter_frame(&m, 60, 5);
	CU_ASSERT_EQUAL(meter_rate(&m, meter_window(&m)).mpps, 0);
}

/* 1..100000 ns, each once: the quantile is the value, within a bucket's 1/32. */
static void quantiles(void)
{
	static const double q[] = { 0.01, 0.5, 0.9, 0.99, 0.999 };
	unsigned int i;
	uint64_t ns;

	meter_init(&m);
	for (ns = 100000; ns; ns--)
		meter_latency(&m, ns * 1000);
	for (i = 0; i < sizeof(q) / sizeof(q[0]); i++) {
		double got = meter_quantile_ns(&m, q[i]);

		CU_ASSERT(near(got, q[i] * 100000, 1. / 32));
		CU_ASSERT(got <= q[i] * 100000 + 1);
	}
	CU_ASSERT_EQUAL(m.latency_min, 1000);
	CU_ASSERT_EQUAL(m.latency_max, 100000000);
	CU_ASSERT_EQUAL(meter_quantile_ns(&m, 1), 100000);
	CU_ASSERT_EQUAL(meter_quantile_ns(&m, 0), 1);
}

/* Never below the least, whatever bucket it falls in; small values are exact; huge ones are kept. */
static void edges(void)
{
	uint64_t ns;

	for (ns = 0; ns < 100000; ns += 1 + ns / 7) {
		meter_init(&m);
		meter_latency(&m, ns * 1000);
		CU_ASSERT_EQUAL(meter_quantile_ns(&m, 0.5), (double)ns);
	}
	meter_init(&m);
	meter_latency(&m, UINT64_MAX);
	meter_latency(&m, UINT64_MAX);
	CU_ASSERT(near(meter_quantile_ns(&m, 0.5), 1.8446744073709551e16, 1. / 32));
	CU_ASSERT_EQUAL(m.latency_max, UINT64_MAX);
}

/* A bucket's end lies above what is in it, by 3 % or a nanosecond at most. */
static void bucket_ends(void)
{
	uint64_t ns;
	unsigned int b;

	for (ns = 0; ns < 1000000; ns += 1 + ns / 50) {
		meter_init(&m);
		meter_latency(&m, ns * 1000);
		for (b = 0; !m.latency[b]; b++)
			;
		CU_ASSERT(meter_bucket_end_ns(b) > (double)ns);
		CU_ASSERT(meter_bucket_end_ns(b) <= (double)ns * (1 + 1. / 32) + 1);
	}
}

/* Of a run whose rate is that of its first part shares are those of all but the start and the end. */
static void shares_window(void)
{
	struct meter_window w, longer;
	uint64_t n;

	meter_init(&m);
	for (n = 0; n < 1000; n++)
		meter_frame(&m, 60, 1000000 + 10000 * n);
	w = meter_window(&m);
	longer = meter_shares(&m, w, UINT64_MAX);
	CU_ASSERT_EQUAL(longer.to_ps, w.to_ps);
	for (; n <= 4000; n++)
		meter_past(&m, 60, 1000000 + 10000 * n);
	longer = meter_shares(&m, w, UINT64_MAX);
	CU_ASSERT_EQUAL(longer.from_ps, w.from_ps);
	CU_ASSERT_EQUAL(longer.to_ps, 1000000 + 10000 * 3800);
	/* what comes out when nobody offers any more is not of them */
	longer = meter_shares(&m, w, 1000000 + 10000 * 3000);
	CU_ASSERT_EQUAL(longer.to_ps, 1000000 + 10000 * 3000);
	/* a run that is too short for a rate has no shares */
	longer = meter_shares(&m, (struct meter_window){ 5, 5 }, UINT64_MAX);
	CU_ASSERT_EQUAL(longer.to_ps, 5);
}

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = {
		{ "rate", "steady", steady },
		{ "rate", "window", window },
		{ "rate", "common", common },
		{ "rate", "shares_window", shares_window },
		{ "rate", "which_frames", which_frames },
		{ "rate", "mixed_sizes", mixed_sizes },
		{ "rate", "too_short", too_short },
		{ "latency", "quantiles", quantiles },
		{ "latency", "edges", edges },
		{ "latency", "bucket_ends", bucket_ends },
		{ NULL, NULL, NULL },
	};

	return cu_main(argc, argv, tests);
}
