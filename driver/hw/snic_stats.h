/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Counters, and their names as ethtool shows them. */
#ifndef SNIC_STATS_H
#define SNIC_STATS_H

#include "snic_hw.h"

struct snic_stat_name {
	u32 index;
	const char *name;
};

extern const struct snic_stat_name snic_stat_names[SNIC_N_STAT];
extern const struct snic_stat_name snic_fstat_names[SNIC_N_FSTAT];

/* All ones: the device is gone. */
u64 snic_stat_read(const struct snic_hw *pf, u32 index);
u64 snic_fstat_read(const struct snic_hw *hw, u32 func, u32 index);

#endif
