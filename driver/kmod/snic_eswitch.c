// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How the card switches: `devlink dev eswitch set DEV mode switchdev`. All under devlink's lock,
 * which comes before RTNL. In switchdev mode the rules decide; what they do not decide comes to the
 * PF, and by the representor of whom it comes from to the host.
 */
#include <linux/rtnetlink.h>

#include "snic_devlink.h"
#include "snic_rep.h"

static struct snic_reps *reps_of(struct snic *nic)
{
	return rcu_dereference_protected(nic->reps, devl_lock_is_held(nic->devlink));
}

/* As many as there are VFs; what is more goes. */
static int sync(struct snic *nic, struct snic_reps *reps)
{
	u32 vport, n;
	int rc = 0;

	mutex_lock(&nic->pf->lock);
	n = nic->pf->num_vfs;
	mutex_unlock(&nic->pf->lock);
	snic_reps_del(nic, reps, n + 1, SNIC_N_FUNC - 1);
	for (vport = 1; !rc && vport <= n; vport++)
		if (!rcu_access_pointer(reps->of[vport]))
			rc = snic_rep_add(nic, reps, vport);
	return rc;
}

/* The card, and what the PF's netdev sends. snic_pf.lock held. */
static int set_card(struct snic_pf *pf, bool on)
{
	u32 func;

	/* its own frames name the wire before they have to, and as long as they have to */
	if (!on)
		snic_func_set_switchdev(&pf->functab, false);
	pf->switchdev = on;
	snic_vport_write(pf, 0);
	if (on)
		snic_func_set_switchdev(&pf->functab, true);
	for (func = 1; func <= pf->num_vfs; func++)
		snic_pf_notify(pf, func); /* whose link it is */
	return snic_hw_sync(&pf->nic->hw);
}

static int card_on(struct snic_pf *pf, struct netlink_ext_ack *extack)
{
	u32 func;
	int rc;

	for (func = 1; func <= pf->num_vfs; func++) {
		if (!pf->vport[func].tci)
			continue;
		NL_SET_ERR_MSG_MOD(extack, "a VF has a port VLAN: ip link set PF vf N vlan 0");
		return -EBUSY;
	}
	rc = snic_tc_init(pf);
	if (rc)
		return rc;
	rc = set_card(pf, true);
	if (rc)
		snic_tc_exit(pf);
	return rc;
}

static void leave(struct snic *nic)
{
	struct snic_reps *reps = reps_of(nic);

	snic_reps_del(nic, reps, 1, SNIC_VPORT_WIRE1);
	RCU_INIT_POINTER(nic->reps, NULL);
	mutex_lock(&nic->pf->lock);
	snic_tc_exit(nic->pf);
	set_card(nic->pf, false);
	mutex_unlock(&nic->pf->lock);
	synchronize_net();
	kfree(reps);
}

static int enter(struct snic *nic, struct netlink_ext_ack *extack)
{
	struct snic_reps *reps;
	int rc;

	if (!snic_hw_has_switchdev(&nic->hw)) {
		NL_SET_ERR_MSG_MOD(extack, "this card has no switchdev mode (contract 1.6)");
		return -EOPNOTSUPP;
	}
	reps = kzalloc(sizeof(*reps), GFP_KERNEL);
	if (!reps)
		return -ENOMEM;
	mutex_lock(&nic->pf->lock);
	rc = card_on(nic->pf, extack);
	mutex_unlock(&nic->pf->lock);
	if (rc) {
		kfree(reps);
		return rc;
	}
	/* from here on what VFs send is theirs */
	rcu_assign_pointer(nic->reps, reps);
	rc = snic_rep_add(nic, reps, SNIC_VPORT_WIRE1);
	if (!rc)
		rc = sync(nic, reps);
	if (!rc)
		return 0;
	NL_SET_ERR_MSG_MOD(extack, "a representor could not be made");
	leave(nic);
	return rc;
}

int snic_eswitch_mode_get(struct devlink *devlink, u16 *mode)
{
	struct snic_devlink *dl = devlink_priv(devlink);

	*mode = reps_of(dl->nic) ? DEVLINK_ESWITCH_MODE_SWITCHDEV : DEVLINK_ESWITCH_MODE_LEGACY;
	return 0;
}

int snic_eswitch_mode_set(struct devlink *devlink, u16 mode, struct netlink_ext_ack *extack)
{
	struct snic_devlink *dl = devlink_priv(devlink);
	struct snic *nic = dl->nic;
	bool on = mode == DEVLINK_ESWITCH_MODE_SWITCHDEV;
	int rc;

	if (!on && mode != DEVLINK_ESWITCH_MODE_LEGACY)
		return -EOPNOTSUPP;
	if (on == !!reps_of(nic))
		return 0;
	/* while the PF is reset, what is written to its tables is lost */
	if (snic_gone(nic) || !netif_device_present(nic->netdev)) {
		NL_SET_ERR_MSG_MOD(extack, "the device is gone, or being reset");
		return -ENODEV;
	}
	if (on)
		return enter(nic, extack);
	mutex_lock(&nic->pf->lock);
	rc = snic_tc_close(nic->pf);
	mutex_unlock(&nic->pf->lock);
	if (rc) {
		NL_SET_ERR_MSG_MOD(extack, "rules are in the card: tc qdisc del dev DEV ingress");
		return rc;
	}
	leave(nic);
	return 0;
}

int snic_eswitch_sync(struct snic *nic)
{
	struct snic_reps *reps;
	int rc = 0;

	devl_lock(nic->devlink);
	reps = reps_of(nic);
	if (reps)
		rc = sync(nic, reps);
	devl_unlock(nic->devlink);
	if (rc)
		dev_err(&nic->pdev->dev, "representors of VFs could not be made: %d\n", rc);
	return rc;
}

/* The driver goes; no more requests of devlink's. */
void snic_eswitch_exit(struct snic *nic)
{
	devl_lock(nic->devlink);
	if (reps_of(nic))
		leave(nic);
	devl_unlock(nic->devlink);
}
