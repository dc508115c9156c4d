// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the netdev wants to receive, brought to the forwarding plane: by the PF itself, by a VF
 * through the mailbox.
 */
#include "snic.h"

struct wanted {
	u32 mode; /* SNIC_RX_MODE_* */
	u32 n;	  /* of uc */
	struct snic_addr uc[SNIC_VPORT_UC_MAX];
};

/*
 * A list that is too long, or that the tables or the quota have no room for, becomes promiscuous
 * mode. Multicast is all of it or none: the MAC table names one receiver for an address, and
 * groups have many; the stack drops what it did not ask for.
 */
static void snapshot(struct snic *nic, struct wanted *w)
{
	struct net_device *netdev = nic->netdev;
	struct netdev_hw_addr *ha;

	w->n = 0;
	w->mode = 0;
	netif_addr_lock_bh(netdev);
	/* without the VLAN filter, too: no table has its MAC on each of 4094 VLANs */
	if (netdev->flags & IFF_PROMISC || !(netdev->features & NETIF_F_HW_VLAN_CTAG_FILTER))
		w->mode |= SNIC_RX_MODE_PROMISC | SNIC_RX_MODE_MULTI;
	if (netdev->flags & IFF_ALLMULTI || !netdev_mc_empty(netdev))
		w->mode |= SNIC_RX_MODE_MULTI;
	netdev_for_each_uc_addr(ha, netdev) {
		if (ether_addr_equal(ha->addr, netdev->dev_addr))
			continue;
		if (w->n == SNIC_VPORT_UC_MAX) {
			w->mode |= SNIC_RX_MODE_PROMISC;
			break;
		}
		ether_addr_copy(w->uc[w->n++].b, ha->addr);
	}
	netif_addr_unlock_bh(netdev);
	if (netdev->features & NETIF_F_HW_VLAN_CTAG_RX)
		w->mode |= SNIC_RX_MODE_STRIP;
	if (nic->loopback || netdev->features & NETIF_F_LOOPBACK)
		w->mode |= SNIC_RX_MODE_LOOPBACK;
}

static int apply_pf(struct snic *nic, struct wanted *w)
{
	struct snic_pf *pf = nic->pf;

	mutex_lock(&pf->lock);
	if (snic_vport_set_uc(pf, 0, w->uc, w->n))
		w->mode |= SNIC_RX_MODE_PROMISC;
	snic_vport_rx_mode(pf, 0, w->mode);
	mutex_unlock(&pf->lock);
	WRITE_ONCE(nic->rx_vlan, w->mode & SNIC_RX_MODE_STRIP);
	return 0;
}

static int apply_vf(struct snic *nic, struct wanted *w)
{
	u32 want, granted;
	bool refused;
	int rc;

	rc = snic_vf_set_uc(nic, w->uc, w->n);
	/* promiscuous mode needs trust, too, but the rest of the mode does not */
	if (rc == -ENOSPC || rc == -EEXIST || rc == -EPERM)
		w->mode |= SNIC_RX_MODE_PROMISC;
	else if (rc)
		return rc;
	want = w->mode;
	granted = want;
	rc = snic_vf_rx_mode(nic, &granted);
	if (rc)
		return rc;
	refused = want & ~granted & SNIC_RX_MODE_PROMISC;
	if (refused && !nic->vf->promisc_refused)
		netdev_warn(nic->netdev, "promiscuous mode refused by the PF: this VF is not trusted (ip link set PF vf N trust on)\n");
	nic->vf->promisc_refused = refused;
	WRITE_ONCE(nic->rx_vlan, granted & SNIC_RX_MODE_STRIP &&
		   !(READ_ONCE(nic->vf->granted.flags) & SNIC_STATE_PORT_VLAN));
	return refused && !(nic->netdev->features & NETIF_F_HW_VLAN_CTAG_FILTER) ? -EPERM : 0;
}

/* While the function is down there is nothing to tell: start does it. */
int snic_filter_sync(struct snic *nic)
{
	struct wanted *w;
	int rc = 0;

	if (!test_bit(SNIC_FILTER, &nic->state))
		return 0;
	w = kmalloc(sizeof(*w), GFP_KERNEL);
	if (!w)
		return -ENOMEM;
	mutex_lock(&nic->filter_lock);
	if (test_bit(SNIC_FILTER, &nic->state)) {
		snapshot(nic, w);
		rc = nic->pf ? apply_pf(nic, w) : apply_vf(nic, w);
	}
	mutex_unlock(&nic->filter_lock);
	kfree(w);
	return rc;
}

void snic_filter_work(struct work_struct *work)
{
	struct snic *nic = container_of(work, struct snic, rx_mode_work);
	int rc = snic_filter_sync(nic);

	/* -EPERM: has been told */
	if (rc && rc != -EPERM && !snic_gone(nic))
		netdev_warn(nic->netdev, "receive filters not set: %d\n", rc);
}

static int start_pf(struct snic *nic)
{
	struct snic_pf *pf = nic->pf;
	int rc;

	mutex_lock(&pf->lock);
	pf->vport[0].live = true;
	rc = snic_vport_set_mac(pf, 0, nic->netdev->dev_addr);
	if (rc)
		pf->vport[0].live = false;
	snic_vport_write(pf, 0);
	mutex_unlock(&pf->lock);
	if (rc)
		netdev_err(nic->netdev, "MAC %pM: %d; another function has it, or the MAC table is full\n",
			   nic->netdev->dev_addr, rc);
	return rc;
}

int snic_filter_start(struct snic *nic)
{
	int rc = nic->pf ? start_pf(nic) : snic_vf_start(nic);

	if (rc)
		return rc;
	set_bit(SNIC_FILTER, &nic->state);
	queue_work(nic->wq, &nic->rx_mode_work);
	return 0;
}

void snic_filter_stop(struct snic *nic)
{
	struct snic_pf *pf = nic->pf;

	clear_bit(SNIC_FILTER, &nic->state);
	cancel_work_sync(&nic->rx_mode_work);
	if (!pf) {
		snic_vf_stop(nic);
		return;
	}
	mutex_lock(&pf->lock);
	pf->vport[0].live = false;
	snic_vport_write(pf, 0);
	mutex_unlock(&pf->lock);
}

int snic_filter_set_mac(struct snic *nic, const u8 *mac)
{
	struct snic_pf *pf = nic->pf;
	int rc;

	if (!pf)
		return snic_vf_set_mac(nic, mac);
	mutex_lock(&pf->lock);
	rc = snic_vport_set_mac(pf, 0, mac);
	mutex_unlock(&pf->lock);
	return rc;
}

int snic_filter_vlan(struct snic *nic, u16 vid, bool on)
{
	struct snic_pf *pf = nic->pf;
	int rc;

	if (!pf)
		return snic_vf_vlan(nic, vid, on);
	mutex_lock(&pf->lock);
	rc = snic_vport_vlan(pf, 0, vid, on);
	mutex_unlock(&pf->lock);
	return rc;
}

int snic_filter_loopback(struct snic *nic, bool on)
{
	int rc;

	nic->loopback = on;
	rc = snic_filter_sync(nic);
	if (rc)
		nic->loopback = false;
	return rc;
}
