/* SPDX-License-Identifier: BSD-2-Clause */
/* Suites in which every point is one run: the sweep that a user asks for, and the ready-made ones. */
#ifndef BENCH_SWEEP_H
#define BENCH_SWEEP_H

#include "bench.h"

/* Lists the ready-made ones, one line each. */
void sweep_help(void);
/* Whether the suite is one of them. */
bool sweep_has(const char *suite);
/* An exit status. */
int sweep_run(struct bench *b);

#endif
