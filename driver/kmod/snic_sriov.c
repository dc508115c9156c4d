// SPDX-License-Identifier: GPL-2.0-or-later
/* VFs: made and taken down, and what "ip link set PF vf N ..." says of them. */
#include "snic.h"

/* VF v of "ip link" is function v + 1. */
static u32 func_of(int vf)
{
	return vf + 1;
}

/*
 * Addresses that follow the PF's, so that a VF has the same one every time; the local bit keeps
 * them apart from those of the next card.
 */
static void make_mac(const struct snic *nic, u32 func, u8 *mac)
{
	u64_to_ether_addr(ether_addr_to_u64(nic->netdev->perm_addr) + func, mac);
	mac[0] = (mac[0] & ~1) | 2;
}

/* A fair share of the MAC table; what is left, a quarter at least, is the PF's: SNIC_PF_ROWS. */
static u16 quota(u32 num_vfs)
{
	return min_t(u32, SNIC_MAC_SLOTS * 3 / 4 / num_vfs, 256);
}

static int add_vports(struct snic_pf *pf, u32 num_vfs)
{
	u8 mac[ETH_ALEN];
	u32 func;
	int rc = 0;

	mutex_lock(&pf->lock);
	for (func = 1; func <= num_vfs; func++) {
		make_mac(pf->nic, func, mac);
		rc = snic_vport_add(pf, func, mac, quota(num_vfs),
				    pf->vf_port_split && !(func & 1));
		if (rc)
			break;
		pf->vport[func].spoofchk = true;
		snic_vport_write(pf, func);
		pf->num_vfs = func;
	}
	mutex_unlock(&pf->lock);
	if (rc)
		dev_err(&pf->nic->pdev->dev, "VF %u: %d; another function has its MAC %pM, or no memory is left\n",
			func - 1, rc, mac);
	return rc;
}

static void del_vports(struct snic_pf *pf)
{
	u32 func;

	mutex_lock(&pf->lock);
	for (func = 1; func <= pf->num_vfs; func++)
		snic_vport_del(pf, func);
	pf->num_vfs = 0;
	mutex_unlock(&pf->lock);
}

int snic_sriov_disable(struct snic *nic)
{
	if (pci_vfs_assigned(nic->pdev)) {
		dev_warn(&nic->pdev->dev, "VFs are in use by virtual machines and stay; release them first\n");
		return -EBUSY;
	}
	/* nobody takes plain functions down */
	if (snic_plain_count(nic->pdev))
		return -EBUSY;
	/* without the lock: the VFs' drivers go, and may have a last request */
	pci_disable_sriov(nic->pdev);
	del_vports(nic->pf);
	return snic_eswitch_sync(nic);
}

/* The rows are there before the VFs: their drivers probe inside pci_enable_sriov(). */
static int enable(struct snic *nic, int num_vfs)
{
	int rc = add_vports(nic->pf, num_vfs);

	if (!rc)
		rc = snic_eswitch_sync(nic);
	if (!rc)
		rc = pci_enable_sriov(nic->pdev, num_vfs);
	if (rc) {
		del_vports(nic->pf);
		snic_eswitch_sync(nic);
	}
	return rc ? rc : num_vfs;
}

/* Another number while there are some: the core refuses. */
int snic_sriov_configure(struct pci_dev *pdev, int num_vfs)
{
	struct snic *nic = pci_get_drvdata(pdev);

	if (!nic->pf)
		return -EOPNOTSUPP;
	return num_vfs ? enable(nic, num_vfs) : snic_sriov_disable(nic);
}

/* VFs that an earlier driver of this PF left to their users, or plain functions in their place. */
int snic_sriov_adopt(struct snic *nic)
{
	u32 plain = snic_plain_count(nic->pdev);
	int num_vfs = pci_num_vf(nic->pdev) + plain;
	int rc;

	if (!num_vfs)
		return 0;
	dev_info(&nic->pdev->dev, "%d %s are there already\n", num_vfs,
		 plain ? "plain functions" : "VFs");
	rc = add_vports(nic->pf, num_vfs);
	if (rc)
		del_vports(nic->pf);
	return rc;
}

/* Locks the tables when there is such a VF; its function, or an error. */
static int get_vf(struct snic *nic, int vf)
{
	if (!nic->pf)
		return -EOPNOTSUPP;
	/* while the PF is reset, what is written to its tables is lost */
	if (!netif_device_present(nic->netdev))
		return -ENODEV;
	mutex_lock(&nic->pf->lock);
	if (vf >= 0 && vf < nic->pf->num_vfs)
		return func_of(vf);
	mutex_unlock(&nic->pf->lock);
	return -EINVAL;
}

static void put_vf(struct snic *nic, u32 func)
{
	snic_pf_notify(nic->pf, func);
	mutex_unlock(&nic->pf->lock);
}

/* All zero: the VF's own again, and it may change it. */
int snic_set_vf_mac(struct net_device *netdev, int vf, u8 *mac)
{
	struct snic *nic = netdev_priv(netdev);
	bool own = is_zero_ether_addr(mac);
	struct snic_vport *vp;
	u8 first[ETH_ALEN];
	int func, rc;

	if (!own && !is_valid_ether_addr(mac))
		return -EINVAL;
	func = get_vf(nic, vf);
	if (func < 0)
		return func;
	vp = &nic->pf->vport[func];
	make_mac(nic, func, first);
	rc = snic_vport_set_mac(nic->pf, func, own ? first : mac);
	if (!rc) {
		ether_addr_copy(vp->own_mac, vp->mac);
		vp->admin_mac = !own;
	}
	put_vf(nic, func);
	return rc;
}

int snic_set_vf_vlan(struct net_device *netdev, int vf, u16 vid, u8 qos, __be16 proto)
{
	struct snic *nic = netdev_priv(netdev);
	int func, rc;

	/* the device pushes 802.1Q tags only */
	if (proto != htons(ETH_P_8021Q))
		return -EPROTONOSUPPORT;
	if (vid >= VLAN_N_VID - 1 || qos > 7)
		return -EINVAL;
	/* a tag of priority alone would be VLAN 0, which means untagged to the device */
	if (!vid && qos)
		return -EOPNOTSUPP;
	func = get_vf(nic, vf);
	if (func < 0)
		return func;
	/* the card would take tags off that a rule has put on */
	if (nic->pf->switchdev && vid) {
		mutex_unlock(&nic->pf->lock);
		netdev_err(netdev, "in switchdev mode VLANs are rules: tc, or the bridge of the representors\n");
		return -EOPNOTSUPP;
	}
	rc = snic_vport_set_tci(nic->pf, func, vid | qos << VLAN_PRIO_SHIFT);
	put_vf(nic, func);
	return rc;
}

int snic_set_vf_spoofchk(struct net_device *netdev, int vf, bool on)
{
	struct snic *nic = netdev_priv(netdev);
	int func = get_vf(nic, vf);

	if (func < 0)
		return func;
	nic->pf->vport[func].spoofchk = on;
	snic_vport_write(nic->pf, func);
	mutex_unlock(&nic->pf->lock);
	return 0;
}

/* What trust had allowed ends with it; the VF is told, and asks again. */
int snic_set_vf_trust(struct net_device *netdev, int vf, bool on)
{
	struct snic *nic = netdev_priv(netdev);
	int func = get_vf(nic, vf);
	struct snic_vport *vp;

	if (func < 0)
		return func;
	vp = &nic->pf->vport[func];
	vp->trusted = on;
	if (!on)
		snic_vport_rx_mode(nic->pf, func, vp->rx_mode & ~SNIC_RX_MODE_PROMISC);
	snic_vport_write(nic->pf, func);
	put_vf(nic, func);
	return 0;
}

/* auto: that of the wire, in switchdev mode that of the representor. */
int snic_set_vf_link_state(struct net_device *netdev, int vf, int state)
{
	struct snic *nic = netdev_priv(netdev);
	int func;

	if (state < IFLA_VF_LINK_STATE_AUTO || state > IFLA_VF_LINK_STATE_DISABLE)
		return -EINVAL;
	func = get_vf(nic, vf);
	if (func < 0)
		return func;
	nic->pf->vport[func].link = state;
	put_vf(nic, func);
	return 0;
}

int snic_get_vf_config(struct net_device *netdev, int vf, struct ifla_vf_info *ivi)
{
	struct snic *nic = netdev_priv(netdev);
	const struct snic_vport *vp;
	int func = get_vf(nic, vf);

	if (func < 0)
		return func;
	vp = &nic->pf->vport[func];
	ivi->vf = vf;
	ether_addr_copy(ivi->mac, vp->mac);
	ivi->vlan = vp->tci & VLAN_VID_MASK;
	ivi->qos = vp->tci >> VLAN_PRIO_SHIFT;
	ivi->vlan_proto = htons(ETH_P_8021Q);
	ivi->spoofchk = vp->spoofchk;
	ivi->trusted = vp->trusted;
	ivi->linkstate = vp->link;
	mutex_unlock(&nic->pf->lock);
	return 0;
}

int snic_get_vf_stats(struct net_device *netdev, int vf, struct ifla_vf_stats *s)
{
	struct snic *nic = netdev_priv(netdev);
	int func = get_vf(nic, vf);

	if (func < 0)
		return func;
	s->rx_packets = snic_vf_fstat(nic, func, SNIC_FSTAT_RX_PKTS);
	s->rx_bytes = snic_vf_fstat(nic, func, SNIC_FSTAT_RX_BYTES);
	s->rx_dropped = snic_vf_fstat(nic, func, SNIC_FSTAT_RX_DROP);
	s->tx_packets = snic_vf_fstat(nic, func, SNIC_FSTAT_TX_PKTS);
	s->tx_bytes = snic_vf_fstat(nic, func, SNIC_FSTAT_TX_BYTES);
	s->tx_dropped = snic_vf_fstat(nic, func, SNIC_FSTAT_TX_DROP);
	mutex_unlock(&nic->pf->lock);
	return 0;
}
