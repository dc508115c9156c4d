/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the ethtool interface share. */
#ifndef SNIC_ETHTOOL_H
#define SNIC_ETHTOOL_H

#include <linux/ethtool.h>

#include "snic.h"

/* snic_ethtool_stats.c */
u32 snic_stats_count(const struct snic *nic);
void snic_stats_strings(const struct snic *nic, u8 *data);
void snic_ethtool_stats(struct net_device *netdev, struct ethtool_stats *stats, u64 *data);

/* snic_ethtool_link.c */
int snic_get_link_ksettings(struct net_device *netdev, struct ethtool_link_ksettings *ks);
void snic_get_pauseparam(struct net_device *netdev, struct ethtool_pauseparam *pause);
int snic_set_pauseparam(struct net_device *netdev, struct ethtool_pauseparam *pause);
void snic_get_eth_mac_stats(struct net_device *netdev, struct ethtool_eth_mac_stats *mac);
void snic_get_rmon_stats(struct net_device *netdev, struct ethtool_rmon_stats *rmon,
			 const struct ethtool_rmon_hist_range **ranges);

/* snic_selftest.c */
u32 snic_selftest_count(void);
void snic_selftest_strings(u8 *data);
void snic_selftest(struct net_device *netdev, struct ethtool_test *test, u64 *result);

/*
 * Registers of the function that can be read without an effect: snic_regdump.c. The dump is pairs
 * of dwords, offset and value, so that whoever reads it needs no table for the holes.
 */
struct snic_reg_value {
	u32 offset;
	u32 value;
};

u32 snic_regdump_count(const struct snic *nic);
/* Reads all of them, count as above. A device that is gone is not asked: all ones. */
void snic_regdump(struct snic *nic, struct snic_reg_value *out);
/* "TXQ_CFG", and which of an array, -1 for a single register */
const char *snic_reg_name(u32 offset, int *index);

#endif
