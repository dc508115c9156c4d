/* SPDX-License-Identifier: BSD-2-Clause */
/* The pool: how many points at a time. (What it runs: test_bench.) */
#include "cosnic.h"
#include "cu_main.h"
#include "pool.h"

/* The main program's, which no point of these tests runs. */
volatile int cosnic_interrupted;
bool cosnic_one_core;
char **cosnic_argv;
int cosnic_argc;

int cmd_replay(const struct options *o)
{
	(void)o;
	return EXIT_CHECK;
}

int cmd_predict(const struct options *o)
{
	(void)o;
	return EXIT_CHECK;
}

static void cores(void)
{
	CU_ASSERT_EQUAL(pool_jobs(1), 1);
	CU_ASSERT_EQUAL(pool_jobs(2), 2);
	/* more than may be asked for: as many as may be, not one */
	CU_ASSERT_EQUAL(pool_jobs(1024), 1024);
	CU_ASSERT_EQUAL(pool_jobs(1025), 1024);
	CU_ASSERT_EQUAL(pool_jobs(1L << 40), 1024);
	/* not known */
	CU_ASSERT_EQUAL(pool_jobs(-1), 1);
	CU_ASSERT_EQUAL(pool_jobs(0), 1);
}

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = { { "pool", "cores", cores }, { NULL, NULL, NULL } };

	return cu_main(argc, argv, tests);
}
