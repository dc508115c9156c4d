// SPDX-License-Identifier: GPL-2.0-or-later
/* ethtool: the wire port of a function. Its MAC is all that there is: no PHY, no module. */
#include "snic_ethtool.h"

static const struct snic_link_mode {
	u32 mbps;
	enum ethtool_link_mode_bit_indices mode;
} snic_link_modes[] = {
	{ SPEED_10000, ETHTOOL_LINK_MODE_10000baseCR_Full_BIT },
	{ SPEED_25000, ETHTOOL_LINK_MODE_25000baseCR_Full_BIT },
	{ SPEED_40000, ETHTOOL_LINK_MODE_40000baseCR4_Full_BIT },
	{ SPEED_50000, ETHTOOL_LINK_MODE_50000baseCR_Full_BIT },
	{ SPEED_100000, ETHTOOL_LINK_MODE_100000baseCR4_Full_BIT },
	{ SPEED_200000, ETHTOOL_LINK_MODE_200000baseCR4_Full_BIT },
};

/* The one mode is what the port runs at; there is nothing to set. A VF's cable is the card's. */
int snic_get_link_ksettings(struct net_device *netdev, struct ethtool_link_ksettings *ks)
{
	struct snic *nic = netdev_priv(netdev);
	bool up = netif_carrier_ok(netdev) && !snic_gone(nic);
	u32 i;

	ethtool_link_ksettings_zero_link_mode(ks, supported);
	ethtool_link_ksettings_zero_link_mode(ks, advertising);
	ks->base.speed = up ? snic_hw_link_mbps(&nic->hw, READ_ONCE(nic->port)) : SPEED_UNKNOWN;
	ks->base.duplex = up ? DUPLEX_FULL : DUPLEX_UNKNOWN;
	ks->base.autoneg = AUTONEG_DISABLE;
	ks->base.port = nic->pf ? PORT_DA : PORT_OTHER;
	for (i = 0; nic->pf && i < ARRAY_SIZE(snic_link_modes); i++) {
		if (snic_link_modes[i].mbps != ks->base.speed)
			continue;
		__set_bit(snic_link_modes[i].mode, ks->link_modes.supported);
		__set_bit(snic_link_modes[i].mode, ks->link_modes.advertising);
	}
	return 0;
}

/* The MAC neither sends PAUSE nor heeds it: a frame of that kind is the PF's to see. */
void snic_get_pauseparam(struct net_device *netdev, struct ethtool_pauseparam *pause)
{
	pause->autoneg = AUTONEG_DISABLE;
	pause->rx_pause = 0;
	pause->tx_pause = 0;
}

int snic_set_pauseparam(struct net_device *netdev, struct ethtool_pauseparam *pause)
{
	return pause->autoneg || pause->rx_pause || pause->tx_pause ? -EOPNOTSUPP : 0;
}

/* The port's, so the PF's alone. Octets without addresses, type and FCS (IEEE 802.3 30.3.1.1). */
void snic_get_eth_mac_stats(struct net_device *netdev, struct ethtool_eth_mac_stats *mac)
{
	struct snic *nic = netdev_priv(netdev);
	u32 port = nic->port ? SNIC_STAT_P1_RX_PKTS : SNIC_STAT_P0_RX_PKTS;
	u64 rx, tx;

	if (!nic->pf)
		return;
	rx = snic_stat(nic, port);
	tx = snic_stat(nic, port + SNIC_STAT_P0_TX_PKTS);
	mac->FramesTransmittedOK = tx;
	mac->OctetsTransmittedOK = snic_stat(nic, port + SNIC_STAT_P0_TX_BYTES) - tx * ETH_HLEN;
	mac->FrameCheckSequenceErrors = snic_stat(nic, SNIC_STAT_DROP_FCS);
	mac->FrameTooLongErrors = snic_stat(nic, SNIC_STAT_DROP_OVERSIZE);
	/* what came in is counted good or bad; what is bad is counted for both ports */
	mac->OctetsReceivedOK = snic_stat(nic, port + SNIC_STAT_P0_RX_BYTES) - rx * ETH_HLEN;
	mac->FramesReceivedOK = rx - min(rx, mac->FrameCheckSequenceErrors +
					 mac->FrameTooLongErrors +
					 snic_stat(nic, SNIC_STAT_DROP_RUNT));
}

void snic_get_rmon_stats(struct net_device *netdev, struct ethtool_rmon_stats *rmon,
			 const struct ethtool_rmon_hist_range **ranges)
{
	struct snic *nic = netdev_priv(netdev);

	if (!nic->pf)
		return;
	rmon->undersize_pkts = snic_stat(nic, SNIC_STAT_DROP_RUNT);
	rmon->oversize_pkts = snic_stat(nic, SNIC_STAT_DROP_OVERSIZE);
}
