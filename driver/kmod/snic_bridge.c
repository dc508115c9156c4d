// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * `bridge link set dev PF hwmode vepa`: what functions send goes to their wire port, also to each
 * other, and the switch there sees it all and reflects it (IEEE 802.1Qbg). veb: the card switches
 * by itself. It is of the whole card.
 */
#include <linux/if_bridge.h>
#include <linux/rtnetlink.h>
#include <net/netlink.h>

#include "snic.h"

static int set_mode(struct snic_pf *pf, u16 mode, struct netlink_ext_ack *extack)
{
	bool vepa = mode == BRIDGE_MODE_VEPA;
	u32 func;

	if (mode != BRIDGE_MODE_VEB && !vepa) {
		NL_SET_ERR_MSG_MOD(extack, "hwmode is veb or vepa");
		return -EINVAL;
	}
	mutex_lock(&pf->lock);
	if (pf->vepa != vepa) {
		pf->vepa = vepa;
		for (func = 0; func < pf->nic->hw.n_func; func++)
			snic_vport_write(pf, func);
	}
	mutex_unlock(&pf->lock);
	return 0;
}

int snic_bridge_setlink(struct net_device *netdev, struct nlmsghdr *nlh, u16 flags,
			struct netlink_ext_ack *extack)
{
	struct snic *nic = netdev_priv(netdev);
	struct nlattr *spec, *attr;
	int rem, rc;

	if (!nic->pf) {
		NL_SET_ERR_MSG_MOD(extack, "the PF decides for all functions");
		return -EOPNOTSUPP;
	}
	spec = nlmsg_find_attr(nlh, sizeof(struct ifinfomsg), IFLA_AF_SPEC);
	if (!spec)
		return -EINVAL;
	nla_for_each_nested(attr, spec, rem) {
		if (nla_type(attr) != IFLA_BRIDGE_MODE)
			continue;
		if (nla_len(attr) < sizeof(u16))
			return -EINVAL;
		rc = set_mode(nic->pf, nla_get_u16(attr), extack);
		if (rc)
			return rc;
	}
	return 0;
}

int snic_bridge_getlink(struct sk_buff *skb, u32 pid, u32 seq, struct net_device *netdev,
			u32 filter_mask, int nlflags)
{
	struct snic *nic = netdev_priv(netdev);

	if (!nic->pf)
		return -EOPNOTSUPP;
	return ndo_dflt_bridge_getlink(skb, pid, seq, netdev,
				       nic->pf->vepa ? BRIDGE_MODE_VEPA : BRIDGE_MODE_VEB, 0, 0,
				       nlflags, filter_mask, NULL);
}
