// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a rule does with a frame. To tc each output has the edits before it; to the card all outputs
 * have all of them: edits come first.
 */
#include <linux/inetdevice.h>
#include <linux/ip.h>
#include <linux/ipv6.h>

#include "snic_rep.h"
#include "snic_tc.h"

struct list {
	const struct snic_tc_port *port;
	struct netlink_ext_ack *extack;
	struct snic_tc_rule *rule;
	u32 n;
	bool pop, push, dscp, mirror, end, host;
};

static int refuse(struct list *l, const char *why)
{
	if (l->extack)
		l->extack->_msg = why;
	return -EOPNOTSUPP;
}

#define no(l, why) refuse(l, KBUILD_MODNAME ": " why)

static int put(struct list *l, u32 op, u32 arg)
{
	if (l->n == SNIC_N_ACTION)
		return no(l, "a rule has four actions at most");
	l->rule->act.a[l->n++] = SNIC_ACTION(op, arg);
	return 0;
}

/* Of this card: its vport, or a negative number. */
static int vport_of(const struct snic *nic, const struct net_device *netdev)
{
	const struct snic_reps *reps;
	struct snic_rep *rep;
	u32 i;

	if (netdev == nic->netdev)
		return SNIC_VPORT_WIRE0;
	reps = rcu_dereference_protected(nic->reps, lockdep_is_held(&nic->pf->lock));
	if (!reps || netdev->dev.parent != &nic->pdev->dev)
		return -1;
	for (i = 1; i < ARRAY_SIZE(reps->of); i++) {
		rep = rcu_dereference_protected(reps->of[i], lockdep_is_held(&nic->pf->lock));
		if (rep && rep->netdev == netdev)
			return i;
	}
	return -1;
}

static int output(struct list *l, const struct net_device *netdev, bool mirror)
{
	int vport = vport_of(l->port->nic, netdev);

	if (vport < 0)
		return no(l, "outputs are representors of this card, and its PF");
	if (vport == l->port->vport)
		return no(l, "a frame does not go back where it came from");
	if (mirror && l->mirror)
		return no(l, "a rule has two outputs at most");
	l->mirror |= mirror;
	l->end |= !mirror;
	return put(l, mirror ? SNIC_ACT_MIRROR : SNIC_ACT_FWD, vport);
}

static int vlan_push(struct list *l, const struct flow_action_entry *act)
{
	if (act->vlan.proto != htons(ETH_P_8021Q))
		return no(l, "what is pushed is an 802.1Q tag");
	if (l->push)
		return no(l, "one tag is pushed at most");
	l->push = true;
	return put(l, SNIC_ACT_VLAN_PUSH, act->vlan.vid | act->vlan.prio << VLAN_PRIO_SHIFT);
}

static int vlan_pop(struct list *l)
{
	if (l->pop || l->push)
		return no(l, "one tag is popped at most, and that first");
	l->pop = true;
	return put(l, SNIC_ACT_VLAN_POP, 0);
}

/*
 * The tag gives way to a new one. Its priority stays when none is given, which is not told from 0:
 * it has to be known. Its drop eligibility stays: that has to be none.
 */
static int vlan_modify(struct list *l, const struct flow_action_entry *act)
{
	struct snic_tc_rule *rule = l->rule;
	u64 tci = snic_key_get(&rule->key, SNIC_K(VLAN));
	u64 known = snic_key_get(&rule->mask, SNIC_K(VLAN));
	int rc;

	if (!snic_key_get(&rule->key, SNIC_K(HAS_VLAN)))
		return no(l, "only a rule of protocol 802.1Q changes a tag");
	if (!act->vlan.prio && ((known & VLAN_PRIO_MASK) != VLAN_PRIO_MASK || tci & VLAN_PRIO_MASK))
		return no(l, "match vlan_prio 0, or give the new tag a priority");
	snic_key_set(&rule->key, SNIC_K(VLAN), tci & ~(u64)VLAN_CFI_MASK);
	snic_key_set(&rule->mask, SNIC_K(VLAN), known | VLAN_CFI_MASK);
	rc = vlan_pop(l);
	return rc ? rc : vlan_push(l, act);
}

/* A word of the IP header, as bytes on the wire: bits that stay, and new ones. */
static int mangle(struct list *l, const struct flow_action_entry *act)
{
	const u8 *stay = (const u8 *)&act->mangle.mask, *val = (const u8 *)&act->mangle.val;
	u64 l3 = snic_key_get(&l->rule->key, SNIC_K(L3));
	u32 dscp;

	if (act->mangle.htype == FLOW_ACT_MANGLE_HDR_TYPE_IP4 && l3 == SNIC_L3_IPV4) {
		if (act->mangle.offset || stay[0] != 0xff || stay[1] != 0x03 || stay[2] != 0xff ||
		    stay[3] != 0xff)
			return no(l, "only the DSCP can be set (dsfield set V retain 0xfc)");
		dscp = val[1] >> 2;
	} else if (act->mangle.htype == FLOW_ACT_MANGLE_HDR_TYPE_IP6 && l3 == SNIC_L3_IPV6) {
		if (act->mangle.offset || stay[0] != 0xf0 || stay[1] != 0x3f || stay[2] != 0xff ||
		    stay[3] != 0xff)
			return no(l, "only the DSCP can be set (traffic_class set V retain 0xfc)");
		dscp = (val[0] & 0xf) << 2 | val[1] >> 6;
	} else {
		return no(l, "only the DSCP can be set, by a rule of protocol ip or ipv6");
	}
	if (l->dscp)
		return no(l, "the DSCP is set once");
	l->dscp = true;
	return put(l, SNIC_ACT_SET_DSCP, dscp);
}

static int edit(struct list *l, const struct flow_action_entry *act)
{
	if (l->mirror)
		return no(l, "a mirror has all edits: none may follow it");
	switch (act->id) {
	case FLOW_ACTION_VLAN_PUSH:
		return vlan_push(l, act);
	case FLOW_ACTION_VLAN_POP:
		return vlan_pop(l);
	case FLOW_ACTION_VLAN_MANGLE:
		return vlan_modify(l, act);
	default:
		return mangle(l, act);
	}
}

static int take(struct list *l, const struct flow_action_entry *act)
{
	if (l->end || l->host)
		return no(l, "nothing may follow a redirect, drop, trap or pass");
	switch (act->id) {
	case FLOW_ACTION_REDIRECT:
		return output(l, act->dev, false);
	case FLOW_ACTION_MIRRED:
		return output(l, act->dev, true);
	case FLOW_ACTION_DROP:
		l->end = true;
		return put(l, SNIC_ACT_DROP, 0);
	case FLOW_ACTION_ACCEPT:
	case FLOW_ACTION_TRAP:
		l->host = true;
		return 0;
	case FLOW_ACTION_PIPE:
	case FLOW_ACTION_CSUM: /* of what was edited: the card does it by itself */
		return 0;
	case FLOW_ACTION_VLAN_PUSH:
	case FLOW_ACTION_VLAN_POP:
	case FLOW_ACTION_VLAN_MANGLE:
	case FLOW_ACTION_MANGLE:
		return edit(l, act);
	case FLOW_ACTION_GOTO:
		return no(l, "the card has chain 0 only");
	case FLOW_ACTION_POLICE:
		return no(l, "the card has no meters");
	case FLOW_ACTION_SAMPLE:
		return no(l, "the card does not sample");
	case FLOW_ACTION_CT:
		return no(l, "the card does not track connections");
	case FLOW_ACTION_TUNNEL_ENCAP:
	case FLOW_ACTION_TUNNEL_DECAP:
		return no(l, "the card makes and ends no tunnels");
	case FLOW_ACTION_REDIRECT_INGRESS:
	case FLOW_ACTION_MIRRED_INGRESS:
		return no(l, "a frame goes out of a port, not in");
	default:
		return no(l, "the card does not have this action");
	}
}

int snic_tc_actions(const struct snic_tc_port *port, struct flow_cls_offload *f,
		    struct snic_tc_rule *rule)
{
	const struct flow_action *actions = &flow_cls_offload_flow_rule(f)->action;
	struct list l = { .port = port, .rule = rule, .extack = f->common.extack };
	const struct flow_action_entry *act;
	int i, rc;

	if (!flow_action_hw_stats_check(actions, l.extack, FLOW_ACTION_HW_STATS_IMMEDIATE_BIT))
		return -EOPNOTSUPP;
	flow_action_for_each(i, act, actions) {
		rc = take(&l, act);
		if (rc)
			return rc;
	}
	rule->host = !l.end;
	/* software has the whole rule, and would do it once more */
	if (rule->host && l.n)
		return no(&l, "edits and mirrors end with a redirect or a drop");
	return 0;
}
