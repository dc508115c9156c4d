/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Main program of a CUnit test: runs the listed tests, prints one line a test, writes results/junit/<program>.xml and
 * ends with "N passed, N failed". Exit status 0 only if all passed.
 *   --seed N    replay a random test; the seed is printed at the start
 *   --list      names only
 *   SUITE[.NAME] ...   only these
 */
#ifndef CU_MAIN_H
#define CU_MAIN_H

#include <stdint.h>

#include <CUnit/CUnit.h>

#ifdef __cplusplus
extern "C" {
#endif

struct cu_test {
	const char *suite;
	const char *name;
	void (*fn)(void);
};

/* tests ends with an entry whose fn is NULL; tests of one suite stand together */
int cu_main(int argc, char **argv, const struct cu_test *tests);
/* Seed of this run. Seed 0 unless --seed says otherwise: a CI run is always the same. */
uint64_t cu_seed(void);
/* Deterministic stream of numbers for tests: xorshift64*, state seeded by the caller (0 is fine). */
uint64_t cu_rand(uint64_t *state);

#ifdef __cplusplus
}
#endif
#endif
