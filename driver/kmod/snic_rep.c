// SPDX-License-Identifier: GPL-2.0-or-later
/* A representor's netdev: its frames go by the PF's rings. */
#include <linux/ethtool.h>
#include <linux/rtnetlink.h>

#include "snic_rep.h"
#include "snic_tx.h"

/* The VF's carrier follows it. */
static void set_up(struct snic_rep *rep, bool up)
{
	struct snic_pf *pf = rep->nic->pf;

	if (rep->vport >= SNIC_N_FUNC)
		return;
	mutex_lock(&pf->lock);
	pf->vport[rep->vport].rep_up = up;
	snic_pf_notify(pf, rep->vport);
	mutex_unlock(&pf->lock);
}

static int snic_rep_open(struct net_device *netdev)
{
	set_up(netdev_priv(netdev), true);
	return 0;
}

static int snic_rep_stop(struct net_device *netdev)
{
	set_up(netdev_priv(netdev), false);
	return 0;
}

/* Without a queue: what the PF's ring has no room for is dropped, and counted here. */
static netdev_tx_t snic_rep_xmit(struct sk_buff *skb, struct net_device *netdev)
{
	struct snic_rep *rep = netdev_priv(netdev);
	struct snic_tx_sum sum = {};

	snic_tx_for(rep->nic, skb, rep->vport, &sum);
	if (unlikely(!sum.packets)) {
		dev_core_stats_tx_dropped_inc(netdev);
		return NETDEV_TX_OK;
	}
	u64_stats_update_begin(&this_cpu_ptr(netdev->tstats)->syncp);
	u64_stats_add(&this_cpu_ptr(netdev->tstats)->tx_packets, sum.packets);
	u64_stats_add(&this_cpu_ptr(netdev->tstats)->tx_bytes, sum.bytes);
	u64_stats_update_end(&this_cpu_ptr(netdev->tstats)->syncp);
	return NETDEV_TX_OK;
}

/* All that a representor counts the CPU has seen: frames of rules do not come here. */
static bool snic_rep_has_offload_stats(const struct net_device *netdev, int id)
{
	return id == IFLA_OFFLOAD_XSTATS_CPU_HIT;
}

static int snic_rep_offload_stats(int id, const struct net_device *netdev, void *to)
{
	struct rtnl_link_stats64 *s = to;

	if (id != IFLA_OFFLOAD_XSTATS_CPU_HIT)
		return -EINVAL;
	memset(s, 0, sizeof(*s));
	dev_fetch_sw_netstats(s, netdev->tstats);
	return 0;
}

static int snic_rep_setup_tc(struct net_device *netdev, enum tc_setup_type type, void *data)
{
	struct snic_rep *rep = netdev_priv(netdev);

	return snic_tc_setup(&rep->tc_port, type, data);
}

static int snic_rep_set_features(struct net_device *netdev, netdev_features_t features)
{
	struct snic_rep *rep = netdev_priv(netdev);

	return snic_tc_set_features(&rep->tc_port, features);
}

#ifdef SNIC_NDO_GET_DEVLINK_PORT
static struct devlink_port *snic_rep_devlink_port(struct net_device *netdev)
{
	struct snic_rep *rep = netdev_priv(netdev);

	return &rep->port;
}
#endif

static const struct net_device_ops snic_rep_ops = {
	.ndo_open = snic_rep_open,
	.ndo_stop = snic_rep_stop,
	.ndo_start_xmit = snic_rep_xmit,
	.ndo_features_check = snic_features_check,
	.ndo_get_stats64 = dev_get_tstats64,
	.ndo_has_offload_stats = snic_rep_has_offload_stats,
	.ndo_get_offload_stats = snic_rep_offload_stats,
	.ndo_set_mac_address = eth_mac_addr,
	.ndo_validate_addr = eth_validate_addr,
	.ndo_setup_tc = snic_rep_setup_tc,
	.ndo_set_features = snic_rep_set_features,
#ifdef SNIC_NDO_GET_DEVLINK_PORT
	.ndo_get_devlink_port = snic_rep_devlink_port,
#endif
};

static const struct ethtool_ops snic_rep_ethtool_ops = {
	.get_link = ethtool_op_get_link,
};

static void init_netdev(struct snic_rep *rep)
{
	struct net_device *netdev = rep->netdev;

	netdev->netdev_ops = &snic_rep_ops;
	netdev->ethtool_ops = &snic_rep_ethtool_ops;
	netdev->min_mtu = ETH_MIN_MTU;
	netdev->max_mtu = SNIC_MTU_MAX;
	netdev->hw_features = NETIF_F_RXCSUM | NETIF_F_HW_TC;
	netdev->features = NETIF_F_RXCSUM | NETIF_F_HW_TC | NETIF_F_HIGHDMA;
	netdev->vlan_features = NETIF_F_RXCSUM | NETIF_F_HIGHDMA;
	snic_tx_offload_init(&rep->nic->hw, netdev);
	netdev->priv_flags |= IFF_NO_QUEUE | IFF_LIVE_ADDR_CHANGE;
	/* a VF's belongs with the card's rules; the wire's may be anywhere */
	snic_netdev_lltx(netdev, rep->vport < SNIC_N_FUNC);
	eth_hw_addr_random(netdev);
	netif_carrier_off(netdev);
}

static int init_port(struct snic_rep *rep)
{
	struct devlink_port_attrs attrs = {
		.flavour = DEVLINK_PORT_FLAVOUR_PHYSICAL, .phys.port_number = 1
	};

	if (rep->vport < SNIC_N_FUNC) {
		snic_switch_id(rep->nic, &rep->port.attrs.switch_id);
		devlink_port_attrs_pci_vf_set(&rep->port, 0, 0, rep->vport - 1, false);
	} else {
		snic_switch_id(rep->nic, &attrs.switch_id);
		devlink_port_attrs_set(&rep->port, &attrs);
	}
	return devl_port_register(rep->nic->devlink, &rep->port, rep->vport);
}

static void show(struct snic_rep *rep, struct snic_reps *reps)
{
	struct snic *nic = rep->nic;
	struct snic_pf *pf = nic->pf;
	bool up;

	mutex_lock(&pf->lock);
	rcu_assign_pointer(reps->of[rep->vport], rep);
	up = rep->vport < SNIC_N_FUNC ? pf->vport[rep->vport].live :
	     snic_hw_link(snic_rd32(&nic->hw, SNIC_REG_FUNC_STATUS), 1);
	snic_rep_carrier(nic, rep->vport, up);
	mutex_unlock(&pf->lock);
}

int snic_rep_add(struct snic *nic, struct snic_reps *reps, u32 vport)
{
	struct net_device *netdev = alloc_etherdev(sizeof(struct snic_rep));
	struct snic_rep *rep;
	int rc = -ENOMEM;

	if (!netdev)
		return rc;
	SET_NETDEV_DEV(netdev, &nic->pdev->dev);
	rep = netdev_priv(netdev);
	rep->netdev = netdev;
	rep->nic = nic;
	rep->vport = vport;
	rep->tc_port = (struct snic_tc_port){ .nic = nic, .netdev = netdev, .vport = vport };
	netdev->tstats = netdev_alloc_pcpu_stats(struct pcpu_sw_netstats);
	if (!netdev->tstats)
		goto free;
	init_netdev(rep);
	rc = init_port(rep);
	if (rc)
		goto stats;
	snic_netdev_set_port(netdev, &rep->port);
	rc = register_netdev(netdev);
	if (rc)
		goto port;
	snic_port_set_netdev(&rep->port, netdev);
	show(rep, reps);
	return 0;

port:
	devl_port_unregister(&rep->port);
stats:
	free_percpu(netdev->tstats);
free:
	free_netdev(netdev);
	return rc;
}

/* Of vports first to last. All at once: each alone waits for the whole system. */
void snic_reps_del(struct snic *nic, struct snic_reps *reps, u32 first, u32 last)
{
	struct snic_rep *rep, *next;
	LIST_HEAD(netdevs);
	LIST_HEAD(gone);
	u32 vport;

	for (vport = first; vport <= last; vport++) {
		mutex_lock(&nic->pf->lock);
		rep = rcu_replace_pointer(reps->of[vport], NULL,
					  lockdep_is_held(&nic->pf->lock));
		if (rep)
			snic_tc_port_gone(nic->pf, vport);
		mutex_unlock(&nic->pf->lock);
		if (!rep)
			continue;
		list_add_tail(&rep->gone, &gone);
		snic_port_clear_netdev(&rep->port); /* asks for RTNL */
	}
	rtnl_lock();
	list_for_each_entry(rep, &gone, gone)
		unregister_netdevice_queue(rep->netdev, &netdevs);
	unregister_netdevice_many(&netdevs);
	rtnl_unlock();
	list_for_each_entry_safe(rep, next, &gone, gone) {
		devl_port_unregister(&rep->port);
		free_percpu(rep->netdev->tstats);
		free_netdev(rep->netdev);
	}
}
