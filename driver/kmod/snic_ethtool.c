// SPDX-License-Identifier: GPL-2.0-or-later
/* ethtool: identity, rings, channels, interrupt moderation, receive side scaling. */
#include "snic_ethtool.h"

static void snic_get_drvinfo(struct net_device *netdev, struct ethtool_drvinfo *info)
{
	struct snic *nic = netdev_priv(netdev);
	u32 version = snic_gone(nic) ? 0 : snic_rd32(&nic->hw, SNIC_REG_VERSION);

	strscpy(info->driver, SNIC_DRV_NAME, sizeof(info->driver));
	strscpy(info->bus_info, pci_name(nic->pdev), sizeof(info->bus_info));
	/* there is no firmware: which RTL this is, and the contract that it keeps */
	snprintf(info->fw_version, sizeof(info->fw_version), "%08x contract %u.%u",
		 nic->hw.build, version >> 16, version & 0xffff);
}

static u32 snic_get_msglevel(struct net_device *netdev)
{
	const struct snic *nic = netdev_priv(netdev);

	return nic->msg_enable;
}

static void snic_set_msglevel(struct net_device *netdev, u32 level)
{
	struct snic *nic = netdev_priv(netdev);

	nic->msg_enable = level;
}

static int snic_get_regs_len(struct net_device *netdev)
{
	return snic_regdump_count(netdev_priv(netdev)) * sizeof(struct snic_reg_value);
}

static void snic_get_regs(struct net_device *netdev, struct ethtool_regs *regs, void *out)
{
	regs->version = SNIC_VERSION_MAJOR << 16 | SNIC_VERSION_MINOR;
	snic_regdump(netdev_priv(netdev), out);
}

/* --- rings and channels --- */

static void snic_get_ringparam(struct net_device *netdev, struct ethtool_ringparam *ring,
			       struct kernel_ethtool_ringparam *kernel_ring,
			       struct netlink_ext_ack *extack)
{
	const struct snic *nic = netdev_priv(netdev);

	ring->rx_max_pending = 1u << SNIC_RING_LOG2_MAX;
	ring->tx_max_pending = 1u << SNIC_RING_LOG2_MAX;
	ring->rx_pending = 1u << nic->cfg.rx_log2;
	ring->tx_pending = 1u << nic->cfg.tx_log2;
}

static int snic_set_ringparam(struct net_device *netdev, struct ethtool_ringparam *ring,
			      struct kernel_ethtool_ringparam *kernel_ring,
			      struct netlink_ext_ack *extack)
{
	struct snic *nic = netdev_priv(netdev);
	struct snic_config cfg = nic->cfg;

	if (min(ring->rx_pending, ring->tx_pending) < 1u << SNIC_RING_LOG2_MIN) {
		NL_SET_ERR_MSG_MOD(extack, "rings have at least 16 entries");
		return -EINVAL;
	}
	if (!is_power_of_2(ring->rx_pending) || !is_power_of_2(ring->tx_pending)) {
		NL_SET_ERR_MSG_MOD(extack, "ring sizes are powers of two");
		return -EINVAL;
	}
	cfg.rx_log2 = ilog2(ring->rx_pending);
	cfg.tx_log2 = ilog2(ring->tx_pending);
	return snic_set_config(nic, &cfg);
}

static void snic_get_channels(struct net_device *netdev, struct ethtool_channels *ch)
{
	const struct snic *nic = netdev_priv(netdev);

	ch->max_combined = nic->max_pair;
	ch->combined_count = nic->cfg.n_pair;
	ch->max_other = 1; /* the mailbox's vector */
	ch->other_count = 1;
}

static int snic_set_channels(struct net_device *netdev, struct ethtool_channels *ch)
{
	struct snic *nic = netdev_priv(netdev);
	struct snic_config cfg = nic->cfg;

	if (ch->other_count != 1)
		return -EINVAL;
	cfg.n_pair = ch->combined_count;
	return snic_set_config(nic, &cfg);
}

/* --- interrupt moderation: one gap for both rings of a pair, which share the vector --- */

static int snic_get_coalesce(struct net_device *netdev, struct ethtool_coalesce *coal,
			     struct kernel_ethtool_coalesce *kernel_coal,
			     struct netlink_ext_ack *extack)
{
	const struct snic *nic = netdev_priv(netdev);

	coal->use_adaptive_rx_coalesce = nic->rx_adaptive;
	coal->rx_coalesce_usecs = nic->coal_usecs;
	return 0;
}

static int snic_set_coalesce(struct net_device *netdev, struct ethtool_coalesce *coal,
			     struct kernel_ethtool_coalesce *kernel_coal,
			     struct netlink_ext_ack *extack)
{
	struct snic *nic = netdev_priv(netdev);
	u32 max_usecs = U16_MAX * 16 / nic->clock_mhz; /* INT_ARM: 16 bits of 16 cycles */

	if (coal->rx_coalesce_usecs > max_usecs) {
		netdev_err(netdev, "rx-usecs %u: at most %u at %u MHz\n", coal->rx_coalesce_usecs,
			   max_usecs, nic->clock_mhz);
		NL_SET_ERR_MSG_MOD(extack, "rx-usecs is more than the device can wait; see dmesg");
		return -ERANGE;
	}
	nic->rx_adaptive = coal->use_adaptive_rx_coalesce;
	nic->coal_usecs = coal->rx_coalesce_usecs;
	snic_coal_apply(nic);
	return 0;
}

/* --- receive side scaling --- */

static int snic_get_rxnfc(struct net_device *netdev, struct ethtool_rxnfc *rxnfc, u32 *rules)
{
	const struct snic *nic = netdev_priv(netdev);

	switch (rxnfc->cmd) {
	case ETHTOOL_GRXRINGS:
		rxnfc->data = nic->cfg.n_pair;
		return 0;
	case ETHTOOL_GRXFH:
		switch (rxnfc->flow_type) {
		case TCP_V4_FLOW:
		case UDP_V4_FLOW:
		case TCP_V6_FLOW:
		case UDP_V6_FLOW:
			rxnfc->data = RXH_IP_SRC | RXH_IP_DST | RXH_L4_B_0_1 | RXH_L4_B_2_3;
			return 0;
		case SCTP_V4_FLOW:
		case AH_V4_FLOW:
		case ESP_V4_FLOW:
		case AH_ESP_V4_FLOW:
		case IPV4_FLOW:
		case SCTP_V6_FLOW:
		case AH_V6_FLOW:
		case ESP_V6_FLOW:
		case AH_ESP_V6_FLOW:
		case IPV6_FLOW:
			rxnfc->data = RXH_IP_SRC | RXH_IP_DST;
			return 0;
		default:
			return -EINVAL;
		}
	default:
		return -EOPNOTSUPP;
	}
}

static u32 snic_get_rxfh_indir_size(struct net_device *netdev)
{
	return SNIC_RSS_INDIR;
}

/* The key is one for the card, and the PF's. */
static u32 snic_get_rxfh_key_size(struct net_device *netdev)
{
	const struct snic *nic = netdev_priv(netdev);

	return nic->pf ? sizeof(nic->pf->rss_key) : 0;
}

static void snic_rss_get(const struct snic *nic, u32 *indir, u8 *key, u8 *hfunc)
{
	u32 i;

	*hfunc = ETH_RSS_HASH_TOP;
	if (indir)
		for (i = 0; i < SNIC_RSS_INDIR; i++)
			indir[i] = nic->rss_indir[i];
	if (key && nic->pf)
		memcpy(key, nic->pf->rss_key, sizeof(nic->pf->rss_key));
}

static int snic_rss_set_card_key(struct snic *nic, const u8 *key)
{
	__be32 be[SNIC_RSS_KEY_DWORDS];
	u32 dw[SNIC_RSS_KEY_DWORDS], i;

	if (!nic->pf)
		return -EOPNOTSUPP;
	memcpy(be, key, sizeof(be));
	for (i = 0; i < SNIC_RSS_KEY_DWORDS; i++)
		dw[i] = be32_to_cpu(be[i]);
	/* snic_rss_key_loaded() would take it for a card that no driver has set up */
	if (!dw[0]) {
		netdev_err(nic->netdev, "the first four bytes of the hash key must not all be 0\n");
		return -EINVAL;
	}
	mutex_lock(&nic->pf->lock);
	memcpy(nic->pf->rss_key, key, sizeof(nic->pf->rss_key));
	snic_rss_set_key(&nic->hw, dw);
	mutex_unlock(&nic->pf->lock);
	return 0;
}

/* The core has checked that every entry names a queue that there is. */
static int snic_rss_set(struct snic *nic, const u32 *indir, const u8 *key, u8 hfunc)
{
	u32 i;
	int rc;

	if (hfunc != ETH_RSS_HASH_NO_CHANGE && hfunc != ETH_RSS_HASH_TOP)
		return -EOPNOTSUPP;
	if (key) {
		rc = snic_rss_set_card_key(nic, key);
		if (rc)
			return rc;
	}
	if (!indir)
		return 0;
	nic->rss_indir_set = false;
	for (i = 0; i < SNIC_RSS_INDIR; i++) {
		nic->rss_indir[i] = indir[i];
		if (indir[i] != ethtool_rxfh_indir_default(i, nic->cfg.n_pair))
			nic->rss_indir_set = true;
	}
	if (test_bit(SNIC_UP, &nic->state))
		snic_rss_set_indir(&nic->hw, nic->rss_indir);
	return 0;
}

#ifdef SNIC_ETHTOOL_RXFH_PARAM
static int snic_get_rxfh(struct net_device *netdev, struct ethtool_rxfh_param *rxfh)
{
	snic_rss_get(netdev_priv(netdev), rxfh->indir, rxfh->key, &rxfh->hfunc);
	return 0;
}

static int snic_set_rxfh(struct net_device *netdev, struct ethtool_rxfh_param *rxfh,
			 struct netlink_ext_ack *extack)
{
	return snic_rss_set(netdev_priv(netdev), rxfh->indir, rxfh->key, rxfh->hfunc);
}
#else
static int snic_get_rxfh(struct net_device *netdev, u32 *indir, u8 *key, u8 *hfunc)
{
	u8 func;

	snic_rss_get(netdev_priv(netdev), indir, key, hfunc ? hfunc : &func);
	return 0;
}

static int snic_set_rxfh(struct net_device *netdev, const u32 *indir, const u8 *key,
			 const u8 hfunc)
{
	return snic_rss_set(netdev_priv(netdev), indir, key, hfunc);
}
#endif

/* --- strings --- */

static int snic_get_sset_count(struct net_device *netdev, int set)
{
	switch (set) {
	case ETH_SS_STATS:
		return snic_stats_count(netdev_priv(netdev));
	case ETH_SS_TEST:
		return snic_selftest_count();
	default:
		return -EOPNOTSUPP;
	}
}

static void snic_get_strings(struct net_device *netdev, u32 set, u8 *data)
{
	switch (set) {
	case ETH_SS_STATS:
		snic_stats_strings(netdev_priv(netdev), data);
		break;
	case ETH_SS_TEST:
		snic_selftest_strings(data);
		break;
	}
}

/* Everything of the function: what ethtool calls reset is what recovery does. */
static int snic_ethtool_reset(struct net_device *netdev, u32 *flags)
{
	struct snic *nic = netdev_priv(netdev);

	if ((*flags & ETH_RESET_DEDICATED) != ETH_RESET_DEDICATED)
		return -EOPNOTSUPP;
	snic_request_reset(nic, SNIC_RESET_USER, 0);
	*flags &= ~ETH_RESET_DEDICATED;
	return 0;
}

static int snic_get_ts_info(struct net_device *netdev, SNIC_TS_INFO *info)
{
	ethtool_op_get_ts_info(netdev, info);
	info->phc_index = snic_ptp_index(netdev_priv(netdev));
	return 0;
}

const struct ethtool_ops snic_ethtool_ops = {
	.supported_coalesce_params = ETHTOOL_COALESCE_RX_USECS | ETHTOOL_COALESCE_USE_ADAPTIVE_RX,
	.get_drvinfo = snic_get_drvinfo,
	.get_msglevel = snic_get_msglevel,
	.set_msglevel = snic_set_msglevel,
	.get_link = ethtool_op_get_link,
	.get_link_ksettings = snic_get_link_ksettings,
	.get_pauseparam = snic_get_pauseparam,
	.set_pauseparam = snic_set_pauseparam,
	.get_eth_mac_stats = snic_get_eth_mac_stats,
	.get_rmon_stats = snic_get_rmon_stats,
	.get_ts_info = snic_get_ts_info,
	.get_regs_len = snic_get_regs_len,
	.get_regs = snic_get_regs,
	.get_ringparam = snic_get_ringparam,
	.set_ringparam = snic_set_ringparam,
	.get_channels = snic_get_channels,
	.set_channels = snic_set_channels,
	.get_coalesce = snic_get_coalesce,
	.set_coalesce = snic_set_coalesce,
	.get_rxnfc = snic_get_rxnfc,
	.get_rxfh_indir_size = snic_get_rxfh_indir_size,
	.get_rxfh_key_size = snic_get_rxfh_key_size,
	.get_rxfh = snic_get_rxfh,
	.set_rxfh = snic_set_rxfh,
	.get_sset_count = snic_get_sset_count,
	.get_strings = snic_get_strings,
	.get_ethtool_stats = snic_ethtool_stats,
	.self_test = snic_selftest,
	.reset = snic_ethtool_reset,
};
