// SPDX-License-Identifier: GPL-2.0-or-later
/* The netdev: up and down, and what the stack asks of it. */
#include <linux/rtnetlink.h>

#include "snic.h"

/* Spread evenly, unless the user has chosen and the choice still names only queues that exist. */
void snic_default_indir(struct snic *nic)
{
	u32 i;

	for (i = 0; nic->rss_indir_set && i < SNIC_RSS_INDIR; i++)
		if (nic->rss_indir[i] >= nic->cfg.n_pair)
			nic->rss_indir_set = false;
	for (i = 0; !nic->rss_indir_set && i < SNIC_RSS_INDIR; i++)
		nic->rss_indir[i] = ethtool_rxfh_indir_default(i, nic->cfg.n_pair);
}

/*
 * The function is reset. Order: queues have buffers, the function runs, then the forwarding plane
 * lets frames through to it, and last the stack may send.
 */
static int start(struct snic *nic)
{
	u32 i;
	int rc;

	snic_default_indir(nic);
	snic_rss_set_indir(&nic->hw, nic->rss_indir);
	rc = snic_rings_start(nic);
	if (rc)
		return rc;
	rc = snic_irq_request(nic);
	if (rc)
		return rc;
	for (i = 0; i < nic->cfg.n_pair; i++)
		napi_enable(&nic->pair[i].napi);
	snic_hw_enable(&nic->hw, true);
	rc = snic_filter_start(nic);
	if (rc)
		goto stop;
	set_bit(SNIC_UP, &nic->state);
	for (i = 0; i < nic->cfg.n_pair; i++)
		snic_irq_arm(nic, snic_vec_pair(nic, i), 0);
	netif_tx_start_all_queues(nic->netdev);
	queue_delayed_work(nic->wq, &nic->watchdog, 0);
	return 0;

stop:
	for (i = 0; i < nic->cfg.n_pair; i++)
		napi_disable(&nic->pair[i].napi);
	snic_irq_release(nic);
	return rc;
}

static int bring_up(struct snic *nic)
{
	int rc;

	rc = netif_set_real_num_queues(nic->netdev, nic->cfg.n_pair, nic->cfg.n_pair);
	if (rc)
		return rc;
	rc = snic_reset_function(nic);
	if (rc)
		return rc;
	pci_set_master(nic->pdev);
	rc = snic_vectors_get(nic);
	if (rc)
		return rc;
	rc = snic_rings_alloc(nic);
	if (rc)
		goto vectors;
	rc = start(nic);
	if (!rc)
		return 0;
	snic_reset_function(nic);
	snic_rings_free(nic);
vectors:
	snic_vectors_put(nic);
	return rc;
}

int snic_up(struct snic *nic)
{
	int rc = bring_up(nic);

	snic_health_up(nic, !rc);
	return rc;
}

/*
 * Nothing is up: no error. NAPI ends first, since it may wake a queue; netif_tx_disable() then
 * waits for whoever sends just now, XDP included, and the reset for the device.
 */
void snic_down(struct snic *nic)
{
	u32 i;

	if (!test_and_clear_bit(SNIC_UP, &nic->state))
		return;
	cancel_delayed_work_sync(&nic->watchdog);
	netif_carrier_off(nic->netdev);
	snic_filter_stop(nic);
	for (i = 0; i < nic->cfg.n_pair; i++)
		napi_disable(&nic->pair[i].napi);
	snic_irq_release(nic);
	netif_tx_disable(nic->netdev);
	for (i = 0; i < nic->cfg.n_pair; i++) {
		cancel_work_sync(&nic->pair[i].dim.work);
		nic->pair[i].dim.state = DIM_START_MEASURE;
	}
	snic_reset_function(nic);
	snic_rings_free(nic);
	snic_vectors_put(nic);
}

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

/* While up: down and up again; when that fails, with what it was before. */
int snic_set_config(struct snic *nic, const struct snic_config *cfg)
{
	struct snic_config was = nic->cfg;
	bool up = test_bit(SNIC_UP, &nic->state);
	int rc;

	ASSERT_RTNL();
	if (cfg->n_pair < 1 || cfg->n_pair > nic->max_pair || cfg->tx_log2 < SNIC_RING_LOG2_MIN ||
	    cfg->tx_log2 > SNIC_RING_LOG2_MAX || cfg->rx_log2 < SNIC_RING_LOG2_MIN ||
	    cfg->rx_log2 > SNIC_RING_LOG2_MAX)
		return -EINVAL;
	if (!up) {
		nic->cfg = *cfg;
		snic_default_indir(nic);
		return 0;
	}
	snic_down(nic);
	nic->cfg = *cfg;
	rc = snic_up(nic);
	if (rc) {
		nic->cfg = was;
		if (snic_up(nic))
			netdev_err(nic->netdev, "not up again after a change of rings or channels failed; set the link down and up\n");
	}
	return rc;
}

static int snic_change_mtu(struct net_device *netdev, int mtu)
{
	struct snic *nic = netdev_priv(netdev);
	int was = netdev->mtu, rc;

	if (!test_bit(SNIC_UP, &nic->state)) {
		netdev->mtu = mtu;
		return 0;
	}
	snic_down(nic);
	netdev->mtu = mtu;
	rc = snic_up(nic);
	if (rc) {
		netdev->mtu = was;
		if (snic_up(nic))
			netdev_err(netdev, "not up again after MTU %d failed; set the link down and up\n",
				   mtu);
	}
	return rc;
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

	if (!(changed & (SNIC_F_VLAN_RX | SNIC_F_VLAN_FILTER)))
		return 0;
	netdev->features = features;
	rc = snic_filter_sync(nic);
	if (rc)
		netdev->features ^= changed;
	return rc;
}

static void snic_tx_timeout(struct net_device *netdev, unsigned int queue)
{
	struct snic *nic = netdev_priv(netdev);
	struct snic_tx_ring *tx = &nic->pair[queue].tx;

	netif_warn(nic, tx_err, netdev, "TX queue %u: %u frames wait, device has done %u of %u\n",
		   queue, (u16)(tx->q.tail - tx->clean), tx->q.head, tx->q.rung);
	snic_request_reset(nic, SNIC_RESET_TX_TIMEOUT, queue);
}

const struct net_device_ops snic_netdev_ops = {
	.ndo_open = snic_open,
	.ndo_stop = snic_stop,
	.ndo_start_xmit = snic_start_xmit,
	.ndo_tx_timeout = snic_tx_timeout,
	.ndo_get_stats64 = snic_get_stats64,
	.ndo_set_rx_mode = snic_set_rx_mode,
	.ndo_set_mac_address = snic_set_mac,
	.ndo_validate_addr = eth_validate_addr,
	.ndo_change_mtu = snic_change_mtu,
	.ndo_fix_features = snic_fix_features,
	.ndo_set_features = snic_set_features,
	.ndo_vlan_rx_add_vid = snic_vlan_add,
	.ndo_vlan_rx_kill_vid = snic_vlan_kill,
	.ndo_bpf = snic_bpf,
	.ndo_xdp_xmit = snic_xdp_xmit,
	.ndo_set_vf_mac = snic_set_vf_mac,
	.ndo_set_vf_vlan = snic_set_vf_vlan,
	.ndo_set_vf_spoofchk = snic_set_vf_spoofchk,
	.ndo_set_vf_trust = snic_set_vf_trust,
	.ndo_get_vf_config = snic_get_vf_config,
	.ndo_get_vf_stats = snic_get_vf_stats,
#ifdef SNIC_NDO_GET_DEVLINK_PORT
	.ndo_get_devlink_port = snic_get_devlink_port,
#endif
};
