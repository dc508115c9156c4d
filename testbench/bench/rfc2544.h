/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RFC 2544, section 26, for each frame size: throughput (as NDR and PDR), latency at that rate, frame loss rate,
 * back-to-back frames.
 */
#ifndef BENCH_RFC2544_H
#define BENCH_RFC2544_H

#include "bench.h"

/* An exit status. */
int rfc2544_run(struct bench *b);

#endif
