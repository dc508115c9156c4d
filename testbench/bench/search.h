/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Looks for the highest rate at which a trial still passes. Trials come in phases, each longer than the one before: the
 * bounds of a short phase are where the next one begins, and only bounds of the last phase count (the idea of MLRsearch,
 * draft-ietf-bmwg-mlrsearch). Knows nothing of what a trial is.
 */
#ifndef BENCH_SEARCH_H
#define BENCH_SEARCH_H

#include <stdbool.h>

struct search {
	double min, max, width, grid;
	unsigned int phases, phase;
	double lower,
		upper; /* of this phase: the highest that passed, the lowest that failed; NAN: none yet */
	double below, above; /* where to look for them first */
	double step, asked;
	unsigned int trials;
};

/* Rates are asked for between min and max, in multiples of grid; ends when the bounds are no further apart than width. */
void search_init(struct search *s, double min, double max, double width, double grid, double guess,
		 unsigned int phases);
/* The rate of the next trial, and in s->phase how long it should be. false: the search is over. */
bool search_next(struct search *s, double *rate);
/* What became of that trial. */
void search_tell(struct search *s, bool passed);
/* After the end: min fails too, so there is no lower bound; or max passes too, so there is no upper one. */
bool search_none(const struct search *s);
bool search_all(const struct search *s);

#endif
