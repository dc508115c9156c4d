// SPDX-License-Identifier: GPL-2.0-or-later
/* What the stack asks of the netdev. */
#include "snic.h"

static int snic_open(struct net_device *netdev)
{
	return snic_up(netdev_priv(netdev));
}

static int snic_stop(struct net_device *netdev)
{
	struct snic *nic = netdev_priv(netdev);

	snic_down(nic);
	if (nic->vf)
		snic_vf_keep_mac(nic);
	return 0;
}

static int snic_change_mtu(struct net_device *netdev, int mtu)
{
	struct snic *nic = netdev_priv(netdev);
	struct snic_config cfg = nic->cfg;

	if (rtnl_dereference(nic->xdp_prog) && snic_rx_scatters(nic, mtu)) {
		netdev_err(netdev,
			   "frames of MTU %d fill several buffers, which the XDP program does not see; take it off first\n",
			   mtu);
		return -EOPNOTSUPP;
	}
	cfg.mtu = mtu;
	return snic_set_config(nic, &cfg);
}

static int snic_set_mac(struct net_device *netdev, void *addr)
{
	struct snic *nic = netdev_priv(netdev);
	const struct sockaddr *sa = addr;
	int rc;

	rc = eth_prepare_mac_addr_change(netdev, addr);
	if (rc)
		return rc;
	rc = snic_filter_set_mac(nic, sa->sa_data);
	if (rc)
		return rc;
	eth_hw_addr_set(netdev, sa->sa_data);
	/* the old one may be in the list of secondary addresses */
	queue_work(nic->wq, &nic->rx_mode_work);
	return 0;
}

/* Atomic: the tables and the mailbox wait for the work. */
static void snic_set_rx_mode(struct net_device *netdev)
{
	struct snic *nic = netdev_priv(netdev);

	queue_work(nic->wq, &nic->rx_mode_work);
}

/* Id 0, untagged: every function takes it. An id stays as long as one kind of tag needs it. */
static int snic_vlan(struct net_device *netdev, __be16 proto, u16 vid, bool on)
{
	struct snic *nic = netdev_priv(netdev);
	bool ad = proto == htons(ETH_P_8021AD);
	unsigned long *mine = ad ? nic->vlan_ad : nic->vlan_q;
	unsigned long *other = ad ? nic->vlan_q : nic->vlan_ad;
	int rc = 0;

	if (vid && !test_bit(vid, other))
		rc = snic_filter_vlan(nic, vid, on);
	if (!rc)
		__assign_bit(vid, mine, on);
	return rc;
}

static int snic_vlan_add(struct net_device *netdev, __be16 proto, u16 vid)
{
	return snic_vlan(netdev, proto, vid, true);
}

static int snic_vlan_kill(struct net_device *netdev, __be16 proto, u16 vid)
{
	return snic_vlan(netdev, proto, vid, false);
}

/* `ethtool -K ... rxvlan` and `rx-vlan-filter` are the switches; 802.1ad follows. */
static netdev_features_t snic_fix_features(struct net_device *netdev, netdev_features_t features)
{
	features &= ~(NETIF_F_HW_VLAN_STAG_RX | NETIF_F_HW_VLAN_STAG_FILTER);
	if (features & NETIF_F_HW_VLAN_CTAG_RX)
		features |= NETIF_F_HW_VLAN_STAG_RX;
	if (features & NETIF_F_HW_VLAN_CTAG_FILTER)
		features |= NETIF_F_HW_VLAN_STAG_FILTER;
	return features;
}

static int snic_set_features(struct net_device *netdev, netdev_features_t features)
{
	struct snic *nic = netdev_priv(netdev);
	netdev_features_t changed = netdev->features ^ features;
	int rc;

	rc = snic_tc_set_features(&nic->tc_port, features);
	if (rc)
		return rc;
	if (!(changed & (SNIC_F_VLAN_RX | SNIC_F_VLAN_FILTER | NETIF_F_LOOPBACK)))
		return 0;
	netdev->features = features;
	rc = snic_filter_sync(nic);
	if (rc)
		netdev->features ^= changed;
	return rc;
}

static int snic_setup_tc(struct net_device *netdev, enum tc_setup_type type, void *data)
{
	struct snic *nic = netdev_priv(netdev);

	return snic_tc_setup(&nic->tc_port, type, data);
}

static void snic_tx_timeout(struct net_device *netdev, unsigned int queue)
{
	struct snic *nic = netdev_priv(netdev);
	struct snic_tx_ring *tx = &nic->pair[queue].tx;

	netif_warn(nic, tx_err, netdev, "TX queue %u: %u descriptors wait, device has done %u of %u\n",
		   queue, (u16)(tx->q.tail - tx->clean), tx->q.head, tx->q.rung);
	snic_request_reset(nic, SNIC_RESET_TX_TIMEOUT, queue);
}

const struct net_device_ops snic_netdev_ops = {
	.ndo_open = snic_open,
	.ndo_stop = snic_stop,
	.ndo_start_xmit = snic_start_xmit,
	.ndo_features_check = snic_features_check,
	.ndo_tx_timeout = snic_tx_timeout,
	.ndo_get_stats64 = snic_get_stats64,
	.ndo_set_rx_mode = snic_set_rx_mode,
	.ndo_set_mac_address = snic_set_mac,
	.ndo_validate_addr = eth_validate_addr,
	.ndo_change_mtu = snic_change_mtu,
	.ndo_fix_features = snic_fix_features,
	.ndo_set_features = snic_set_features,
	.ndo_setup_tc = snic_setup_tc,
	.ndo_vlan_rx_add_vid = snic_vlan_add,
	.ndo_vlan_rx_kill_vid = snic_vlan_kill,
	.ndo_bpf = snic_bpf,
	.ndo_xdp_xmit = snic_xdp_xmit,
	.ndo_set_vf_mac = snic_set_vf_mac,
	.ndo_set_vf_vlan = snic_set_vf_vlan,
	.ndo_set_vf_spoofchk = snic_set_vf_spoofchk,
	.ndo_set_vf_trust = snic_set_vf_trust,
	.ndo_set_vf_link_state = snic_set_vf_link_state,
	.ndo_get_vf_config = snic_get_vf_config,
	.ndo_get_vf_stats = snic_get_vf_stats,
	.ndo_bridge_setlink = snic_bridge_setlink,
	.ndo_bridge_getlink = snic_bridge_getlink,
#ifdef SNIC_NDO_GET_DEVLINK_PORT
	.ndo_get_devlink_port = snic_get_devlink_port,
#endif
};
