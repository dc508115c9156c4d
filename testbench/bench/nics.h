/* SPDX-License-Identifier: BSD-2-Clause */
/* cosnic bench pcie: what PCIe carries, by the published model of NICs and drivers; arithmetic, nothing runs. */
#ifndef BENCH_NICS_H
#define BENCH_NICS_H

#include "bench.h"

/* An exit status. */
int nics_run(struct bench *b);

#endif
