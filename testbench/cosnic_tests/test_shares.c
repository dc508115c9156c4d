/* SPDX-License-Identifier: BSD-2-Clause */
/* Rates of functions against streams whose rates are known. */
#include <math.h>
#include <stdio.h>

#include "cu_main.h"
#include "shares.h"

static struct shares s;

/*
 * Function f of 3 gets f frames of each 6, one frame in 10 ns: 100 Mpps in all, whatever the length of the run. Its frames
 * have f times 60 bytes, and the FCS.
 */
static void known(void)
{
	static const unsigned int owner[6] = { 1, 2, 3, 3, 2, 3 };
	static const uint64_t runs[] = { 2000, 4097, 100000, 3000000 };
	const uint64_t start = 5000000, gap = 10000;
	struct meter_window w;
	unsigned int i, f;
	uint64_t n;

	for (i = 0; i < sizeof(runs) / sizeof(runs[0]); i++) {
		shares_init(&s);
		for (n = 0; n < runs[i]; n++)
			shares_frame(&s, owner[n % 6], 60 * owner[n % 6], start + n * gap);
		w.from_ps = start + runs[i] * gap / 10;
		w.to_ps = start + runs[i] * gap * 9 / 10;
		for (f = 1; f <= 3; f++) {
			double mpps = 100.0 * f / 6, gbps = mpps * (60 * f + 4) * 8e-3;
			struct meter_rate got = shares_rate(&s, f, w);

			CU_ASSERT_DOUBLE_EQUAL(got.mpps, mpps, mpps * 0.01);
			CU_ASSERT_DOUBLE_EQUAL(got.gbps, gbps, gbps * 0.01);
			CU_ASSERT_DOUBLE_EQUAL((double)s.packets[f], (double)runs[i] * f / 6, 2);
		}
		CU_ASSERT_EQUAL(shares_rate(&s, 0, w).mpps, 0);
		CU_ASSERT_EQUAL(shares_rate(&s, 0, w).gbps, 0);
	}
}

/* Outside the window nothing counts, and a window of nothing has no rate. */
static void windows(void)
{
	uint64_t n;

	shares_init(&s);
	for (n = 0; n < 100000; n++)
		shares_frame(&s, n < 50000 ? 1 : 2, 60, 1 + n * 10000);
	CU_ASSERT_EQUAL(shares_rate(&s, 2, (struct meter_window){ 1, 490000000 }).mpps, 0);
	CU_ASSERT_DOUBLE_EQUAL(shares_rate(&s, 1, (struct meter_window){ 1, 490000000 }).mpps, 100, 1);
	CU_ASSERT_EQUAL(shares_rate(&s, 1, (struct meter_window){ 1000, 1000 }).mpps, 0);
}

/* (sum x)^2 / (n sum x^2): 1 when all get the same, 1/n when one gets all. */
static void jain(void)
{
	static const double equal[] = { 3, 3, 3, 3 }, one[] = { 0, 0, 8, 0 }, three_to_one[] = { 3, 1 };

	CU_ASSERT_DOUBLE_EQUAL(shares_jain(equal, 4), 1, 1e-12);
	CU_ASSERT_DOUBLE_EQUAL(shares_jain(one, 4), 0.25, 1e-12);
	CU_ASSERT_DOUBLE_EQUAL(shares_jain(three_to_one, 2), 0.8, 1e-12);
	/* nobody got anything, or there is nobody */
	CU_ASSERT(isnan(shares_jain(one, 2)));
	CU_ASSERT(isnan(shares_jain(one, 0)));
}

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = {
		{ "shares", "known", known },
		{ "shares", "windows", windows },
		{ "shares", "jain", jain },
		{ NULL, NULL, NULL },
	};

	return cu_main(argc, argv, tests);
}
