/* SPDX-License-Identifier: BSD-2-Clause */
/* Published experiments held against prediction and RTL: seeds.def lists them. */
#ifndef BENCH_SEEDS_H
#define BENCH_SEEDS_H

#include "bench.h"

/* An exit status. */
int seeds_run(struct bench *b);

#endif
