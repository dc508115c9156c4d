// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rules of tc on representors and on the PF: the card's, as far as it can. All of it under RTNL,
 * which tc holds, and snic_pf.lock, which the table needs.
 *
 * Two rules may ask for the same frames: the card has the one that comes first to tc, and of two
 * of one priority the newer, since that is how tc replaces a rule. The other one waits here.
 */
#include "snic_rep.h"
#include "snic_tc.h"

#define BUCKET_BITS 10

struct snic_tc {
	struct snic_pf *pf;
	bool closed;	/* the mode is about to end: no more rules */
	u32 n;
	u32 n_waiting;	/* not in the card, since another one has their frames */
	DECLARE_HASHTABLE(rules, BUCKET_BITS);
	struct snic_flowop op;
	struct snic_ruletab tab;
};

static LIST_HEAD(blocks);

static bool waiting(const struct snic_tc_rule *rule)
{
	return rule->id == SNIC_ID_NONE && !rule->gone;
}

static bool same_frames(const struct snic_tc_rule *a, const struct snic_tc_rule *b)
{
	return !memcmp(&a->mask, &b->mask, sizeof(a->mask)) &&
	       !memcmp(&a->key, &b->key, sizeof(a->key));
}

static struct snic_tc_rule *find(struct snic_tc *tc, unsigned long cookie, u16 vport)
{
	struct snic_tc_rule *rule;

	hash_for_each_possible(tc->rules, rule, node, cookie)
		if (rule->cookie == cookie && rule->vport == vport)
			return rule;
	return NULL;
}

static int into_card(struct snic_tc *tc, struct snic_tc_rule *rule)
{
	int rc = snic_rule_add(&tc->tab, &rule->key, &rule->mask, rule->priority, &rule->act,
			       &rule->id);

	memset(&rule->told, 0, sizeof(rule->told));
	if (rc)
		rule->id = SNIC_ID_NONE;
	return rc;
}

static void out_of_card(struct snic_tc *tc, struct snic_tc_rule *rule)
{
	struct snic_flow_counters now;

	if (!snic_rule_query(&tc->tab, rule->id, &now)) {
		rule->packets += now.packets - rule->told.packets;
		rule->bytes += now.bytes - rule->told.bytes;
	}
	snic_rule_del(&tc->tab, rule->id);
	rule->id = SNIC_ID_NONE;
}

/* Whose frames are those of `rule`: of those in the card, or the first of those that wait. */
static struct snic_tc_rule *rival(struct snic_tc *tc, const struct snic_tc_rule *rule, bool waits)
{
	struct snic_tc_rule *other, *best = NULL;
	u32 i;

	hash_for_each(tc->rules, i, other, node) {
		if (other == rule || other->gone || waiting(other) != waits ||
		    !same_frames(other, rule))
			continue;
		if (!best || other->priority > best->priority)
			best = other;
	}
	return best;
}

/* It is in the card then, or one that comes first has its frames. */
static int put(struct snic_tc *tc, struct snic_tc_rule *rule)
{
	struct snic_tc_rule *other;
	int rc = into_card(tc, rule);

	if (rc != -EEXIST)
		return rc;
	other = rival(tc, rule, false);
	if (other && rule->priority >= other->priority) {
		out_of_card(tc, other);
		rc = into_card(tc, rule);
		if (rc && into_card(tc, other))
			other->gone = true; /* it is the host's */
		if (rc)
			return rc;
	}
	tc->n_waiting++;
	return 0;
}

static void take(struct snic_tc *tc, struct snic_tc_rule *rule)
{
	struct snic_tc_rule *next;

	if (waiting(rule)) {
		tc->n_waiting--;
		return;
	}
	if (rule->gone)
		return;
	out_of_card(tc, rule);
	next = tc->n_waiting ? rival(tc, rule, true) : NULL;
	if (!next)
		return;
	tc->n_waiting--;
	if (into_card(tc, next))
		next->gone = true;
}

static int replace(const struct snic_tc_port *port, struct snic_tc *tc, struct flow_cls_offload *f)
{
	struct netlink_ext_ack *extack = f->common.extack;
	struct snic_tc_rule *rule;
	int rc;

	if (find(tc, f->cookie, port->vport)) {
		NL_SET_ERR_MSG_MOD(extack, "the rule is there");
		return -EEXIST;
	}
	rule = kzalloc(sizeof(*rule), GFP_KERNEL);
	if (!rule)
		return -ENOMEM;
	rule->cookie = f->cookie;
	rule->vport = port->vport;
	rule->priority = U16_MAX - f->common.prio;
	rule->id = SNIC_ID_NONE;
	rc = snic_tc_match(port, f, rule);
	if (!rc)
		rc = snic_tc_actions(port, f, rule);
	if (!rc) {
		rc = put(tc, rule);
		if (rc == -ENOSPC)
			NL_SET_ERR_MSG_MOD(extack, "rules, masks, or places for it are used up");
		else if (rc)
			NL_SET_ERR_MSG_MOD(extack, "the card did not take the rule");
	}
	if (rc) {
		kfree(rule);
		return rc;
	}
	hash_add(tc->rules, &rule->node, rule->cookie);
	tc->n++;
	return 0;
}

static void destroy(struct snic_tc *tc, struct snic_tc_rule *rule)
{
	take(tc, rule);
	hash_del(&rule->node);
	tc->n--;
	kfree(rule);
}

/* What has come since it was asked last. */
static int stats(struct snic_tc *tc, struct snic_tc_rule *rule, struct flow_cls_offload *f)
{
	const struct snic *nic = tc->pf->nic;
	struct snic_flow_counters now;
	u64 packets = rule->packets, bytes = rule->bytes, age = 0;
	int rc;

	if (rule->id != SNIC_ID_NONE) {
		rc = snic_rule_query(&tc->tab, rule->id, &now);
		if (rc)
			return rc;
		packets += now.packets - rule->told.packets;
		bytes += now.bytes - rule->told.bytes;
		if (now.packets != rule->told.packets)
			age = (snic_hw_time((struct snic_hw *)&nic->hw) - now.last_seen) &
			      GENMASK_ULL(47, 0);
		rule->told = now;
	}
	rule->packets = 0;
	rule->bytes = 0;
	/* without skip_sw software counts them, too */
	if (!packets || (rule->host && !f->common.extack))
		return 0;
	flow_stats_update(&f->stats, bytes - packets * rule->uncounted, packets, 0,
			  jiffies - nsecs_to_jiffies(div_u64(age * 1000000, nic->clock_khz)),
			  FLOW_ACTION_HW_STATS_IMMEDIATE);
	return 0;
}

static int flower(const struct snic_tc_port *port, struct snic_tc *tc, struct flow_cls_offload *f)
{
	struct snic_tc_rule *rule;

	if (f->command == FLOW_CLS_REPLACE)
		return replace(port, tc, f);
	rule = find(tc, f->cookie, port->vport);
	if (!rule)
		return -ENOENT;
	if (f->command == FLOW_CLS_STATS)
		return stats(tc, rule, f);
	destroy(tc, rule);
	return 0;
}

static int setup_flower(const struct snic_tc_port *port, struct flow_cls_offload *f)
{
	struct snic_pf *pf = port->nic->pf;
	int rc = -EOPNOTSUPP;

	if (f->command != FLOW_CLS_REPLACE && f->command != FLOW_CLS_DESTROY &&
	    f->command != FLOW_CLS_STATS)
		return rc;
	if (f->command == FLOW_CLS_REPLACE &&
	    !tc_cls_can_offload_and_chain0(port->netdev, &f->common))
		return rc;
	if (!pf) {
		NL_SET_ERR_MSG_MOD(f->common.extack, "rules are its representor's");
		return rc;
	}
	mutex_lock(&pf->lock);
	if (!pf->tc || pf->tc->closed)
		NL_SET_ERR_MSG_MOD(f->common.extack, "only in switchdev mode: devlink dev eswitch");
	else
		rc = flower(port, pf->tc, f);
	mutex_unlock(&pf->lock);
	return rc;
}

static int block_cb(enum tc_setup_type type, void *data, void *priv)
{
	if (type != TC_SETUP_CLSFLOWER)
		return -EOPNOTSUPP;
	return setup_flower(priv, data);
}

int snic_tc_setup(struct snic_tc_port *port, enum tc_setup_type type, void *data)
{
	if (type != TC_SETUP_BLOCK)
		return -EOPNOTSUPP;
	return flow_block_cb_setup_simple(data, &blocks, block_cb, port, port, true);
}

/* Rules that are in the card say so: they would not be, without the feature. */
int snic_tc_set_features(const struct snic_tc_port *port, netdev_features_t features)
{
	struct snic_pf *pf = port->nic->pf;
	struct snic_tc_rule *rule;
	int rc = 0;
	u32 i;

	if (features & NETIF_F_HW_TC || !pf)
		return 0;
	mutex_lock(&pf->lock);
	if (pf->tc)
		hash_for_each(pf->tc->rules, i, rule, node)
			if (rule->vport == port->vport)
				rc = -EBUSY;
	mutex_unlock(&pf->lock);
	if (rc)
		netdev_err(port->netdev, "hw-tc-offload stays on: there are rules in the card\n");
	return rc;
}

int snic_tc_init(struct snic_pf *pf)
{
	struct snic_tc *tc = kvzalloc(sizeof(*tc), GFP_KERNEL);

	if (!tc)
		return -ENOMEM;
	tc->pf = pf;
	hash_init(tc->rules);
	snic_flowop_init(&tc->op, &pf->nic->hw);
	snic_ruletab_init(&tc->tab, &tc->op);
	pf->tc = tc;
	return 0;
}

int snic_tc_close(struct snic_pf *pf)
{
	if (pf->tc->n)
		return -EBUSY;
	pf->tc->closed = true;
	return 0;
}

void snic_tc_exit(struct snic_pf *pf)
{
	struct snic_tc *tc = pf->tc;
	struct snic_tc_rule *rule;
	struct hlist_node *next;
	u32 i;

	if (!tc)
		return;
	snic_ruletab_clear(&tc->tab, false);
	hash_for_each_safe(tc->rules, i, next, rule, node)
		kfree(rule);
	pf->tc = NULL;
	kvfree(tc);
}

static bool names(const struct snic_tc_rule *rule, u32 vport)
{
	u32 i;

	for (i = 0; i < SNIC_N_ACTION; i++)
		if (rule->act.a[i] == SNIC_ACTION(SNIC_ACT_FWD, vport) ||
		    rule->act.a[i] == SNIC_ACTION(SNIC_ACT_MIRROR, vport))
			return true;
	return false;
}

/* What names it is software's from here on, where its device has gone, too. */
void snic_tc_port_gone(struct snic_pf *pf, u32 vport)
{
	struct snic_tc *tc = pf->tc;
	struct snic_tc_rule *rule;
	u32 i;

	if (!tc)
		return;
	hash_for_each(tc->rules, i, rule, node) {
		if (rule->gone || !names(rule, vport))
			continue;
		take(tc, rule);
		rule->gone = true;
	}
}

/* The card has lost them. */
void snic_tc_restore(struct snic_pf *pf)
{
	struct snic_tc *tc = pf->tc;
	struct snic_tc_rule *rule;
	u32 i;

	if (!tc)
		return;
	memset(&tc->tab, 0, sizeof(tc->tab));
	snic_flowop_init(&tc->op, &pf->nic->hw);
	snic_ruletab_init(&tc->tab, &tc->op);
	hash_for_each(tc->rules, i, rule, node)
		if (rule->id != SNIC_ID_NONE && into_card(tc, rule))
			rule->gone = true;
}
