/* SPDX-License-Identifier: BSD-2-Clause */
/* Latency over load, and percentiles of a result's histogram. */
#ifndef BENCH_LATENCY_H
#define BENCH_LATENCY_H

#include "throughput.h"

/* Adds a row of test `latency` for each direction of a trial. share: of NDR, in %. */
void latency_rows(struct tasks *t, const struct task *task, size_t point, double load, double share_pct);
/* The suite. An exit status. */
int latency_run(struct bench *b);

#endif
