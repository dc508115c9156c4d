/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
#include "snic_stats.h"

const struct snic_stat_name snic_stat_names[SNIC_N_STAT] = {
#define STAT_GLOBAL(name, index, str, why) { index, str },
#include "snic_stats.def"
};

const struct snic_stat_name snic_fstat_names[SNIC_N_FSTAT] = {
#define STAT_FUNC(name, index, str, why) { index, str },
#include "snic_stats.def"
};

static u64 read_sel(const struct snic_hw *hw, u32 sel)
{
	u64 lo;

	snic_wr32(hw, SNIC_REG_STAT_SEL, sel);
	lo = snic_rd32(hw, SNIC_REG_STAT_LO); /* latches the upper half */
	return lo | (u64)snic_rd32(hw, SNIC_REG_STAT_HI) << 32;
}

u64 snic_stat_read(const struct snic_hw *pf, u32 index)
{
	return read_sel(pf, index);
}

u64 snic_fstat_read(const struct snic_hw *hw, u32 func, u32 index)
{
	return read_sel(hw, SNIC_MASK(STAT_SEL, PER_FUNC) | SNIC_PUT(STAT_SEL, FUNC, func) |
				    SNIC_PUT(STAT_SEL, INDEX, index));
}
