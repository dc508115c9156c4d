/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Representors (Documentation/networking/representors.rst): the netdevs by which the host sees the
 * card's other ports in switchdev mode, those of VFs and of wire port 1. The PF's own netdev is
 * that of wire port 0. There is a set of them while the mode is on.
 */
#ifndef SNIC_REP_H
#define SNIC_REP_H

#include <net/devlink.h>

#include "snic.h"

struct snic_rep {
	struct net_device *netdev;
	struct snic *nic; /* the PF */
	u16 vport;	  /* function of a VF, or SNIC_VPORT_WIRE1 */
	struct snic_tc_port tc_port;
	struct devlink_port port;
	struct list_head gone;
};

/* Made and taken down under devlink's lock; seen, and no more seen, under snic_pf.lock. */
struct snic_reps {
	struct snic_rep __rcu *of[SNIC_VPORT_WIRE1 + 1];
};

/* NAPI. Whom a frame from a vport is for; NULL: nobody. */
static inline struct net_device *snic_rep_netdev(const struct snic *nic,
						 const struct snic_reps *reps, u32 src)
{
	struct snic_rep *rep;

	/* its own ones come back for a self-test */
	if (src == SNIC_VPORT_WIRE0 || !src)
		return nic->netdev;
	if (src >= ARRAY_SIZE(reps->of))
		return NULL;
	rep = rcu_dereference_bh(reps->of[src]);
	return rep && netif_running(rep->netdev) ? rep->netdev : NULL;
}

/* The link of what it stands for. Any context that may read RCU. */
static inline void snic_rep_carrier(const struct snic *nic, u32 vport, bool up)
{
	const struct snic_reps *reps;
	struct snic_rep *rep;

	rcu_read_lock();
	reps = rcu_dereference(nic->reps);
	rep = reps ? rcu_dereference(reps->of[vport]) : NULL;
	if (rep && up)
		netif_carrier_on(rep->netdev);
	else if (rep)
		netif_carrier_off(rep->netdev);
	rcu_read_unlock();
}

static inline void snic_switch_id(const struct snic *nic, struct netdev_phys_item_id *id)
{
	id->id_len = ETH_ALEN;
	memcpy(id->id, nic->netdev->perm_addr, ETH_ALEN);
}

/* snic_rep.c (devlink's lock held) */
int snic_rep_add(struct snic *nic, struct snic_reps *reps, u32 vport);
void snic_reps_del(struct snic *nic, struct snic_reps *reps, u32 first, u32 last);

/* snic_eswitch.c (devlink's lock held) */
int snic_eswitch_mode_get(struct devlink *devlink, u16 *mode);
int snic_eswitch_mode_set(struct devlink *devlink, u16 mode, struct netlink_ext_ack *extack);

#endif
