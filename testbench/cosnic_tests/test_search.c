/* SPDX-License-Identifier: BSD-2-Clause */
/* The search against devices whose throughput is known: the bounds hold it between them, and few trials are spent. */
#include <math.h>
#include <stdio.h>

#include "cu_main.h"
#include "search.h"

#define WIDTH 0.5
#define GRID 0.01
#define PHASES 2

/* A device that carries `rate`; a trial of an early phase is too short to see an overload below `blur`. */
struct device {
	double rate, blur;
};

static bool passes(const struct device *d, const struct search *s, double asked)
{
	return asked <= d->rate * (s->phase + 1 < PHASES ? 1 + d->blur : 1);
}

static void run(struct search *s, const struct device *d, double guess)
{
	double asked;

	search_init(s, 1, 100, WIDTH, GRID, guess, PHASES);
	while (search_next(s, &asked)) {
		CU_ASSERT(asked >= 1 && asked <= 100);
		CU_ASSERT(fabs(asked / GRID - round(asked / GRID)) < 1e-6);
		CU_ASSERT_FATAL(s->trials < 100);
		search_tell(s, passes(d, s, asked));
	}
}

/* Bounds on both sides of the truth, no further apart than asked for. */
static bool holds(const struct search *s, double rate)
{
	bool ok;

	if (rate < 1)
		ok = search_none(s) && !search_all(s);
	else if (rate >= 100)
		ok = search_all(s) && !search_none(s) && s->lower == 100;
	else
		ok = s->lower <= rate && s->upper > rate && s->upper - s->lower <= WIDTH + GRID &&
		     !search_none(s) && !search_all(s);
	if (!ok)
		printf("    %g: bounds %g to %g\n", rate, s->lower, s->upper);
	return ok;
}

static void bounds(void)
{
	uint64_t state = cu_seed();
	struct search s;
	int i;

	for (i = 0; i < 20000; i++) {
		struct device d = { (double)(cu_rand(&state) % 1100) / 10,
				    (double)(cu_rand(&state) % 100) / 1000 };
		double guess = (double)(cu_rand(&state) % 1200) / 10;

		run(&s, &d, guess);
		CU_ASSERT(holds(&s, d.rate));
	}
}

static void ends(void)
{
	static const double rates[] = { 0, 0.99, 1, 1.01, 1.5, 99.5, 99.99, 100, 100.01, 500 };
	static const double guesses[] = { 0, 1, 50, 99.9, 100, 1000 };
	struct search s;
	size_t i, g;

	for (i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		for (g = 0; g < sizeof(guesses) / sizeof(guesses[0]); g++) {
			struct device d = { rates[i], 0 };

			run(&s, &d, guesses[g]);
			CU_ASSERT(holds(&s, d.rate));
		}
	}
}

/* A right guess costs two trials a phase; a wrong one, no more than a binary search over everything in each. */
static void few_trials(void)
{
	struct device d = { 63.3, 0 };
	struct search s;

	run(&s, &d, 63.3);
	CU_ASSERT_EQUAL(s.trials, 2 * PHASES);
	run(&s, &d, 5);
	CU_ASSERT(s.trials <= 20);
	run(&s, &(struct device){ 200, 0 }, 200);
	CU_ASSERT_EQUAL(s.trials, PHASES);
}

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = {
		{ "search", "bounds", bounds },
		{ "search", "ends", ends },
		{ "search", "few_trials", few_trials },
		{ NULL, NULL, NULL },
	};

	return cu_main(argc, argv, tests);
}
