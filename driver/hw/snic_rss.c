/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
#include "snic_rss.h"

const u32 snic_rss_default_key[SNIC_RSS_KEY_DWORDS] = {
	0x6d5a56da, 0x255b0ec2, 0x4167253d, 0x43a38fb0, 0xd0ca2bcb,
	0xae7b30b4, 0x77cb2da3, 0x8030f20c, 0x6a42b73b, 0xbeac01fa,
};

void snic_rss_set_key(const struct snic_hw *pf, const u32 key[SNIC_RSS_KEY_DWORDS])
{
	u32 i;

	for (i = 0; i < SNIC_RSS_KEY_DWORDS; i++)
		snic_wr32(pf, SNIC_REG_AT(RSS_KEY, i), key[i]);
}

bool snic_rss_key_loaded(const struct snic_hw *pf)
{
	return snic_rd32(pf, SNIC_REG_RSS_KEY) != 0;
}

void snic_rss_set_indir(const struct snic_hw *hw, const u8 queue[SNIC_RSS_INDIR])
{
	u32 reg, i, v;

	for (reg = 0; reg < SNIC_COUNT_RSS_INDIR; reg++) {
		v = 0;
		for (i = 0; i < 8; i++)
			v |= (u32)queue[reg * 8 + i] << 4 * i;
		snic_wr32(hw, SNIC_REG_AT(RSS_INDIR, reg), v);
	}
}

void snic_rss_spread(const struct snic_hw *hw, u32 queues)
{
	u8 queue[SNIC_RSS_INDIR];
	u32 i;

	for (i = 0; i < SNIC_RSS_INDIR; i++)
		queue[i] = (u8)(i % queues);
	snic_rss_set_indir(hw, queue);
}
