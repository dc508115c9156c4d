/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The PTP clocks of the card, one a wire port. Every function may read them, the PF sets them; they run on over resets of
 * functions. A clock stands still until it has a rate.
 */
#ifndef SNIC_CLOCK_H
#define SNIC_CLOCK_H

#include "snic_hw.h"

/* ns; two reads, of which the first latches: one caller of a function at a time */
u64 snic_ptp_time(const struct snic_hw *hw, u32 port);
u32 snic_ptp_time_low(const struct snic_hw *hw, u32 port); /* ... and the two by themselves */
u32 snic_ptp_time_high(const struct snic_hw *hw, u32 port);

void snic_ptp_set(const struct snic_hw *pf, u32 port, u64 ns);
void snic_ptp_add(const struct snic_hw *pf, u32 port, u64 ns); /* modulo 2^64 */

/* ns a cycle, in 2^-32: what makes the clock's second one of the oscillator. */
u64 snic_ptp_nominal_rate(u32 clock_khz);
void snic_ptp_set_rate(const struct snic_hw *pf, u32 port, u64 rate);

#endif
