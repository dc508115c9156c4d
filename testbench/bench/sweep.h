/* SPDX-License-Identifier: BSD-2-Clause */
/* Suites in which every point is one run: the sweep that a user asks for, and the ready-made ones. */
#ifndef BENCH_SWEEP_H
#define BENCH_SWEEP_H

#include "bench.h"

/* Says the ready-made ones. */
void sweep_suites(void (*say)(void *ctx, const char *name, const char *what), void *ctx);
/* Whether the suite is one of them. */
bool sweep_has(const char *suite);
/* An exit status. */
int sweep_run(struct bench *b);

#endif
