// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The PF's picture of each function, and the device's tables made from it: row of the function
 * table, memberships of VLANs, and in the MAC table each of its addresses on each of its VLANs.
 * All under snic_pf.lock.
 */
#include "snic.h"
#include "snic_cuckoo.h"
#include "snic_flowop.h"
#include "snic_rep.h"

/* The VLAN of untagged frames: the port VLAN's, else 0. */
static u16 base_vid(const struct snic_vport *vp)
{
	return vp->tci & VLAN_VID_MASK;
}

static bool has_room(const struct snic_vport *vp, u32 rows)
{
	return vp->rows + rows <= vp->quota;
}

static int add_row(struct snic_pf *pf, u32 func, const u8 *mac, u16 vid)
{
	struct snic_vport *vp = &pf->vport[func];
	int rc = snic_mac_add(&pf->mactab, mac, vid, func, vp->port);

	vp->rows += !rc;
	return rc;
}

static void del_row(struct snic_pf *pf, u32 func, const u8 *mac, u16 vid)
{
	struct snic_vport *vp = &pf->vport[func];

	vp->rows -= !snic_mac_del(&pf->mactab, mac, vid, vp->port);
}

/*
 * The PF may be on more VLANs than its share of the MAC table has rows: then it gets by promiscuous
 * mode what has no row, as long as it has VLANs.
 */
static bool gets_by(struct snic_pf *pf, u32 func, int rc)
{
	if (func || rc != -ENOSPC)
		return false;
	pf->vport[0].no_rows = true;
	return true;
}

static void del_rows(struct snic_pf *pf, u32 func, const u8 *mac, int last_vid)
{
	struct snic_vport *vp = &pf->vport[func];
	u32 vid;

	del_row(pf, func, mac, base_vid(vp));
	for_each_set_bit(vid, vp->vlan, VLAN_N_VID) {
		if ((int)vid >= last_vid)
			break;
		del_row(pf, func, mac, vid);
	}
}

/* All or nothing; of the PF's VLANs as many as there is room for. */
static int add_rows(struct snic_pf *pf, u32 func, const u8 *mac)
{
	struct snic_vport *vp = &pf->vport[func];
	u32 vid;
	int rc;

	if (!has_room(vp, func ? 1 + vp->n_vlan : 1))
		return -ENOSPC;
	rc = add_row(pf, func, mac, base_vid(vp));
	if (rc)
		return rc;
	for_each_set_bit(vid, vp->vlan, VLAN_N_VID) {
		rc = has_room(vp, 1) ? add_row(pf, func, mac, vid) : -ENOSPC;
		if (gets_by(pf, func, rc))
			break;
		if (rc) {
			del_rows(pf, func, mac, vid);
			return rc;
		}
	}
	return 0;
}

/* Its addresses, 0 the MAC itself; NULL: no more. */
static const u8 *address(const struct snic_vport *vp, u32 i)
{
	if (!i)
		return is_zero_ether_addr(vp->mac) ? NULL : vp->mac;
	return i <= vp->n_uc ? vp->uc[i - 1].b : NULL;
}

static void del_vid_rows(struct snic_pf *pf, u32 func, u16 vid, u32 n)
{
	struct snic_vport *vp = &pf->vport[func];
	const u8 *mac;
	u32 i;

	for (i = 0; i < n && (mac = address(vp, i)); i++)
		del_row(pf, func, mac, vid);
}

static int add_vid_rows(struct snic_pf *pf, u32 func, u16 vid)
{
	struct snic_vport *vp = &pf->vport[func];
	const u8 *mac;
	u32 i;
	int rc;

	if (!has_room(vp, 1 + vp->n_uc))
		return -ENOSPC;
	for (i = 0; (mac = address(vp, i)); i++) {
		rc = add_row(pf, func, mac, vid);
		if (rc) {
			del_vid_rows(pf, func, vid, i);
			return rc;
		}
	}
	return 0;
}

void snic_vport_write(struct snic_pf *pf, u32 func)
{
	const struct snic_vport *vp = &pf->vport[func];
	struct snic_func_row row = { .vlan = vp->tci };

	ether_addr_copy(row.mac, vp->mac);
	if (vp->live)
		row.flags |= SNIC_MASK(FT_FLAGS, ENABLE) | SNIC_MASK(FT_FLAGS, BCAST);
	if (vp->spoofchk)
		row.flags |= SNIC_MASK(FT_FLAGS, SPOOFCHK);
	if (vp->trusted)
		row.flags |= SNIC_MASK(FT_FLAGS, TRUSTED);
	if (vp->port)
		row.flags |= SNIC_MASK(FT_FLAGS, UPLINK1);
	if (vp->rx_mode & SNIC_RX_MODE_MULTI)
		row.flags |= SNIC_MASK(FT_FLAGS, ALLMULTI);
	if (vp->rx_mode & SNIC_RX_MODE_PROMISC || vp->no_rows)
		row.flags |= SNIC_MASK(FT_FLAGS, PROMISC);
	if (vp->rx_mode & SNIC_RX_MODE_STRIP)
		row.flags |= SNIC_MASK(FT_FLAGS, STRIP);
	if (vp->rx_mode & SNIC_RX_MODE_LOOPBACK)
		row.flags |= SNIC_MASK(FT_FLAGS, LOOPBACK);
	if (pf->vepa)
		row.flags |= SNIC_MASK(FT_FLAGS, VEPA);
	snic_func_set(&pf->functab, func, &row);
	if (func)
		snic_rep_carrier(pf->nic, func, vp->live);
	else
		WRITE_ONCE(pf->nic->tx_to, pf->switchdev && !(vp->rx_mode & SNIC_RX_MODE_LOOPBACK) ?
			   snic_tx_to(SNIC_VPORT_WIRE0) : 0);
}

/* -EEXIST: another function has this address. */
int snic_vport_set_mac(struct snic_pf *pf, u32 func, const u8 *mac)
{
	struct snic_vport *vp = &pf->vport[func];
	u8 was[ETH_ALEN];
	u32 i;
	int rc;

	if (ether_addr_equal(vp->mac, mac))
		return 0;
	ether_addr_copy(was, vp->mac);
	for (i = 0; i < vp->n_uc && !ether_addr_equal(vp->uc[i].b, mac); i++)
		;
	if (i < vp->n_uc) {
		/* one of its secondary addresses: its rows are there */
		vp->uc[i] = vp->uc[--vp->n_uc];
	} else {
		rc = add_rows(pf, func, mac);
		if (rc)
			return rc;
	}
	ether_addr_copy(vp->mac, mac);
	snic_vport_write(pf, func); /* with no_rows, too */
	if (!is_zero_ether_addr(was))
		del_rows(pf, func, was, VLAN_N_VID);
	return 0;
}

static bool listed(const struct snic_addr *uc, u32 n, const u8 *mac)
{
	u32 i;

	for (i = 0; i < n; i++)
		if (ether_addr_equal(uc[i].b, mac))
			return true;
	return false;
}

/* The whole list. What does not fit is left out, and the first reason returned. */
int snic_vport_set_uc(struct snic_pf *pf, u32 func, const struct snic_addr *uc, u32 n)
{
	struct snic_vport *vp = &pf->vport[func];
	int rc = 0, rc1;
	u32 i;

	for (i = vp->n_uc; i--;) {
		if (listed(uc, n, vp->uc[i].b))
			continue;
		del_rows(pf, func, vp->uc[i].b, VLAN_N_VID);
		vp->uc[i] = vp->uc[--vp->n_uc];
	}
	for (i = 0; i < n; i++) {
		if (ether_addr_equal(uc[i].b, vp->mac) || listed(vp->uc, vp->n_uc, uc[i].b))
			continue;
		rc1 = vp->n_uc < SNIC_VPORT_UC_MAX ? add_rows(pf, func, uc[i].b) : -ENOSPC;
		if (!rc1)
			vp->uc[vp->n_uc++] = uc[i];
		else if (!rc)
			rc = rc1;
	}
	return rc;
}

/* A VLAN that the function tags itself. -EPERM: it has a port VLAN. */
int snic_vport_vlan(struct snic_pf *pf, u32 func, u16 vid, bool on)
{
	struct snic_vport *vp = &pf->vport[func];
	int rc;

	if (!vid || vid >= VLAN_N_VID - 1)
		return -EINVAL;
	if (test_bit(vid, vp->vlan) == on)
		return 0;
	if (vp->tci)
		return -EPERM;
	if (on) {
		rc = add_vid_rows(pf, func, vid);
		if (gets_by(pf, func, rc))
			snic_vport_write(pf, func);
		else if (rc)
			return rc;
		snic_vlan_member(&pf->functab, vid, func, true);
		__set_bit(vid, vp->vlan);
		vp->n_vlan++;
		return 0;
	}
	if (!vp->all_vlans)
		snic_vlan_member(&pf->functab, vid, func, false);
	__clear_bit(vid, vp->vlan);
	vp->n_vlan--;
	del_vid_rows(pf, func, vid, U32_MAX);
	if (vp->no_rows && !vp->n_vlan) {
		vp->no_rows = false;
		snic_vport_write(pf, func);
	}
	return 0;
}

static void drop_vlans(struct snic_pf *pf, u32 func)
{
	u32 vid;

	for_each_set_bit(vid, pf->vport[func].vlan, VLAN_N_VID)
		snic_vport_vlan(pf, func, vid, false);
}

/* Member of all VLANs, or only of those that it asked for; of its port VLAN alone if it has one. */
static void set_all_vlans(struct snic_pf *pf, u32 func, bool on)
{
	struct snic_vport *vp = &pf->vport[func];
	u32 vid;

	if (vp->all_vlans == on)
		return;
	vp->all_vlans = on;
	for (vid = 1; vid < VLAN_N_VID - 1; vid++)
		if (!test_bit(vid, vp->vlan))
			snic_vlan_member(&pf->functab, vid, func, on);
}

/*
 * Port VLAN, 0 none. The VLANs that the function tagged itself are over with one: the device drops
 * what is tagged, and the function has to ask again after it.
 */
int snic_vport_set_tci(struct snic_pf *pf, u32 func, u16 tci)
{
	struct snic_vport *vp = &pf->vport[func];
	u16 was = base_vid(vp), vid = tci & VLAN_VID_MASK;
	int rc;

	if (vp->tci == tci)
		return 0;
	drop_vlans(pf, func);
	set_all_vlans(pf, func, false);
	if (vid != was) {
		rc = add_vid_rows(pf, func, vid);
		if (rc)
			goto out;
	}
	rc = snic_func_set_port_vlan(&pf->functab, func, tci);
	if (!rc)
		vp->tci = tci;
	if (vid != was)
		del_vid_rows(pf, func, rc ? vid : was, U32_MAX);
out:
	set_all_vlans(pf, func, vp->rx_mode & SNIC_RX_MODE_PROMISC && !vp->tci);
	return rc;
}

/* What the caller has found to be allowed. */
void snic_vport_rx_mode(struct snic_pf *pf, u32 func, u32 mode)
{
	struct snic_vport *vp = &pf->vport[func];

	if (vp->rx_mode == mode)
		return;
	vp->rx_mode = mode;
	set_all_vlans(pf, func, mode & SNIC_RX_MODE_PROMISC && !vp->tci);
	snic_vport_write(pf, func);
}

void snic_vport_forget(struct snic_pf *pf, u32 func)
{
	struct snic_vport *vp = &pf->vport[func];

	vp->live = false;
	vp->notify = false;
	vp->n_uc_new = 0;
	snic_vport_rx_mode(pf, func, 0);
	snic_vport_set_uc(pf, func, NULL, 0);
	drop_vlans(pf, func);
	/* Its own one may be in use by another function by now: then it keeps the one it has. */
	snic_vport_set_mac(pf, func, vp->own_mac);
	snic_vport_write(pf, func);
}

int snic_vport_add(struct snic_pf *pf, u32 func, const u8 *mac, u16 quota, u8 port)
{
	struct snic_vport *vp = &pf->vport[func];
	int rc;

	memset(vp, 0, sizeof(*vp));
	/* as they are, then as they come in: snic_pf_mbox.c */
	vp->uc = kcalloc(2 * SNIC_VPORT_UC_MAX, sizeof(*vp->uc), GFP_KERNEL);
	vp->vlan = bitmap_zalloc(VLAN_N_VID, GFP_KERNEL);
	if (!vp->uc || !vp->vlan) {
		rc = -ENOMEM;
		goto fail;
	}
	vp->uc_new = vp->uc + SNIC_VPORT_UC_MAX;
	vp->quota = quota;
	vp->port = port;
	ether_addr_copy(vp->own_mac, mac);
	rc = snic_vport_set_mac(pf, func, mac);
	if (rc)
		goto fail;
	snic_vlan_member(&pf->functab, 0, func, true);
	return 0;

fail:
	bitmap_free(vp->vlan);
	kfree(vp->uc);
	memset(vp, 0, sizeof(*vp));
	return rc;
}

void snic_vport_del(struct snic_pf *pf, u32 func)
{
	struct snic_vport *vp = &pf->vport[func];
	const struct snic_func_row off = {};

	if (!vp->vlan)
		return;
	snic_vport_forget(pf, func);
	snic_vport_set_tci(pf, func, 0);
	if (!is_zero_ether_addr(vp->mac))
		del_rows(pf, func, vp->mac, VLAN_N_VID);
	snic_func_set(&pf->functab, func, &off);
	snic_vlan_member(&pf->functab, 0, func, false);
	bitmap_free(vp->vlan);
	kfree(vp->uc);
	memset(vp, 0, sizeof(*vp));
}

/* Exact flows, which this driver does not use, and rules: an earlier one may have left some. */
static void clear_flows(struct snic_hw *hw)
{
	struct snic_flowop op;
	u32 slot;

	snic_flowop_init(&op, hw);
	snic_flowop_go(&op, SNIC_FLOP_MASK_ENABLE, 0, 0);
	for (slot = 0; slot < SNIC_CUCKOO_SLOTS(SNIC_RULE_SETS_LOG2); slot++)
		snic_flowop_go(&op, SNIC_FLOP_RULE_SLOT_SET,
			       slot / SNIC_CUCKOO_WAYS << 3 | slot % SNIC_CUCKOO_WAYS, 0);
	for (slot = 0; slot < 2u << SNIC_FLOW_SETS_LOG2; slot++) {
		u32 way;

		for (way = 0; way < SNIC_FLOW_WAYS; way++)
			snic_flowop_go(&op, SNIC_FLOP_SLOT_SET, slot << 3 | way, 0);
		/* posted writes by the hundred thousand: let the device, and others, breathe */
		if (slot % 256 == 0 && snic_hw_sync(hw))
			return;
		cond_resched();
	}
}

static void load_key(struct snic_pf *pf)
{
	u32 key[SNIC_RSS_KEY_DWORDS], i;

	for (i = 0; i < SNIC_RSS_KEY_DWORDS; i++)
		key[i] = get_unaligned_be32(&pf->rss_key[4 * i]);
	snic_rss_set_key(&pf->nic->hw, key);
}

/* The key stands for tables in use: first to come, last to go. */
int snic_pf_init(struct snic *nic)
{
	struct snic_hw *hw = &nic->hw;
	const struct snic_storm storm = { SNIC_STORM_VF_KCOPIES, SNIC_STORM_VF_BURST };
	bool used = snic_rss_key_loaded(hw);
	struct snic_pf *pf;

	pf = kvzalloc(sizeof(*pf), GFP_KERNEL);
	if (!pf)
		return -ENOMEM;
	pf->nic = nic;
	mutex_init(&pf->lock);
	snic_functab_init(&pf->functab, hw);
	snic_mactab_init(&pf->mactab, hw);
	if (used) {
		dev_info(&nic->pdev->dev, "tables of an earlier driver are cleared\n");
		snic_functab_clear(&pf->functab, true);
		snic_mactab_clear(&pf->mactab, true);
		clear_flows(hw);
	}
	snic_func_set_storm(&pf->functab, SNIC_STORM_VF, &storm);
	/* the host's own secret: with a known key anybody could send all to one queue */
	netdev_rss_key_fill(pf->rss_key, sizeof(pf->rss_key));
	if (!get_unaligned_be32(pf->rss_key))
		pf->rss_key[0] = 1; /* 0 says that no driver is here: snic_rss_key_loaded() */
	load_key(pf);
	nic->pf = pf;
	return 0;
}

void snic_pf_exit(struct snic *nic)
{
	const u32 none[SNIC_RSS_KEY_DWORDS] = {};
	struct snic_pf *pf = nic->pf;
	u32 func;

	mutex_lock(&pf->lock);
	for (func = 0; func <= pf->num_vfs; func++)
		snic_vport_del(pf, func);
	snic_functab_clear(&pf->functab, false);
	snic_mactab_clear(&pf->mactab, false);
	snic_rss_set_key(&nic->hw, none);
	mutex_unlock(&pf->lock);
	nic->pf = NULL;
	kvfree(pf);
}

/* If the device was reset as a whole its tables are empty. The copies say what was there. */
void snic_pf_restore(struct snic_pf *pf)
{
	mutex_lock(&pf->lock);
	if (!snic_rss_key_loaded(&pf->nic->hw)) {
		dev_info(&pf->nic->pdev->dev, "the device's tables were lost and are written again\n");
		load_key(pf);
		snic_mactab_restore(&pf->mactab);
		snic_functab_restore(&pf->functab);
		snic_tc_restore(pf);
		snic_ptp_restore(pf->nic);
	}
	mutex_unlock(&pf->lock);
}
