/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
#include "snic_clock.h"

u32 snic_ptp_time_low(const struct snic_hw *hw, u32 port)
{
	return snic_rd32(hw, SNIC_REG_AT(PTP_TIME_LO, port));
}

u32 snic_ptp_time_high(const struct snic_hw *hw, u32 port)
{
	return snic_rd32(hw, SNIC_REG_AT(PTP_TIME_HI, port));
}

u64 snic_ptp_time(const struct snic_hw *hw, u32 port)
{
	u64 low = snic_ptp_time_low(hw, port);

	return low | (u64)snic_ptp_time_high(hw, port) << 32;
}

static void op(const struct snic_hw *pf, u32 port, u32 op, u64 arg)
{
	snic_wr64(pf, SNIC_REG_AT(PTP_ARG_LO, port), arg);
	snic_wr32(pf, SNIC_REG_AT(PTP_OP, port), SNIC_PUT(PTP_OP, OP, op));
}

void snic_ptp_set(const struct snic_hw *pf, u32 port, u64 ns)
{
	op(pf, port, SNIC_PTPOP_SET, ns);
}

void snic_ptp_add(const struct snic_hw *pf, u32 port, u64 ns)
{
	op(pf, port, SNIC_PTPOP_ADD, ns);
}

u64 snic_ptp_nominal_rate(u32 clock_khz)
{
	return (1000000ull << 32) / clock_khz;
}

void snic_ptp_set_rate(const struct snic_hw *pf, u32 port, u64 rate)
{
	op(pf, port, SNIC_PTPOP_RATE, rate);
}
