/* SPDX-License-Identifier: BSD-2-Clause */
/* How a direction is shared between functions: frames of each in slots of time. Memory does not grow with the run. */
#ifndef COSNIC_SHARES_H
#define COSNIC_SHARES_H

#include <stddef.h>
#include <stdint.h>

#include "meter.h"
#include "snic_contract.h"

#define SHARES_SLOTS 256

struct shares {
	uint64_t start_ps;  /* of slot 0; 0: no frame yet */
	unsigned int shift; /* a slot is 2^shift ps long */
	uint64_t packets[SNIC_N_FUNC];
	struct shares_slot {
		uint64_t packets, bytes; /* with FCS */
	} slots[SNIC_N_FUNC][SHARES_SLOTS];
};

void shares_init(struct shares *s);
/* In any order, but the first one seen is about the first in time. */
void shares_frame(struct shares *s, unsigned int func, uint32_t len, uint64_t ps);
/* Rate of a function in the slots that lie in the window; 0: there is none. */
struct meter_rate shares_rate(const struct shares *s, unsigned int func, struct meter_window w);
/* Jain's index of fairness of n rates: 1 when all are the same, 1/n when one has all. NaN: nobody has anything. */
double shares_jain(const double *rates, size_t n);

#endif
