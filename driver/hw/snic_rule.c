/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
#include "snic_rule.h"

static void write_slot(void *ctx, u32 table, u32 set, u32 way, u32 id)
{
	const struct snic_ruletab *tab = ctx;
	u32 tag = id == SNIC_ID_NONE ? 0 : snic_hash_tag(&tab->hash[id], table);

	snic_flowop_go(tab->op, SNIC_FLOP_RULE_SLOT_SET,
		       SNIC_PUT(RULE_AT, TBL, table) | SNIC_PUT(RULE_AT, SET_IDX, set) |
			       SNIC_PUT(RULE_AT, WAY, way),
		       snic_flowop_slot(id, tag));
}

/* Masks with a rule are the ones that are searched. */
static void enable_masks(struct snic_ruletab *tab)
{
	u32 i, bits = 0;

	for (i = 0; i < SNIC_RULE_MASKS; i++)
		bits |= (u32)(tab->mask[i].refs != 0) << i;
	snic_flowop_go(tab->op, SNIC_FLOP_MASK_ENABLE, 0, SNIC_PUT(MASK_SET, MASKS, bits));
}

/* key is a struct snic_rule: masked key and mask. */
static bool same_rule(const void *ctx, u32 id, const void *key)
{
	const struct snic_ruletab *tab = ctx;
	const struct snic_rule *a = &tab->rule[id], *b = key;

	return a->mask == b->mask && !memcmp(&a->key, &b->key, sizeof(a->key));
}

void snic_ruletab_init(struct snic_ruletab *tab, struct snic_flowop *op)
{
	tab->op = op;
	tab->ck.slot = tab->slot;
	tab->ck.hash = tab->hash;
	tab->ck.sets_log2 = SNIC_RULE_SETS_LOG2;
	tab->ck.tagged = true;
	tab->ck.write = write_slot;
	tab->ck.ctx = tab;
	snic_ids_init(&tab->ids, tab->id_fifo, op->pf->n_rule);
}

void snic_ruletab_clear(struct snic_ruletab *tab, bool all)
{
	u32 i;

	for (i = 0; i < SNIC_RULE_MASKS; i++)
		tab->mask[i].refs = 0;
	enable_masks(tab);
	snic_cuckoo_clear(&tab->ck, all);
	for (i = 0; i < SNIC_RULE_ENTRIES; i++)
		tab->rule[i].live = false;
	snic_ids_init(&tab->ids, tab->id_fifo, tab->op->pf->n_rule);
}

/* The slot that has this mask, or else a free one. */
static u32 pick_mask(const struct snic_ruletab *tab, const struct snic_flow_key *mask)
{
	u32 i, pick = SNIC_ID_NONE;

	for (i = 0; i < tab->op->pf->n_mask; i++) {
		if (tab->mask[i].refs && !memcmp(&tab->mask[i].key, mask, sizeof(*mask)))
			return i;
		if (!tab->mask[i].refs && pick == SNIC_ID_NONE)
			pick = i;
	}
	return pick;
}

int snic_rule_add(struct snic_ruletab *tab, const struct snic_flow_key *key, const struct snic_flow_key *mask,
		  u16 priority, const struct snic_actions *act, u32 *id_out)
{
	struct snic_rule rule = { .live = true, .act = *act };
	struct snic_hash h;
	u32 i, id, m;
	int rc;

	for (i = 0; i < SNIC_KEY_DWORDS; i++)
		rule.key.dw[i] = key->dw[i] & mask->dw[i];
	if (snic_key_check(&rule.key) || snic_actions_check(tab->op, act))
		return -EINVAL;
	m = pick_mask(tab, mask);
	if (m == SNIC_ID_NONE)
		return -ENOSPC;
	rule.mask = (u8)m;
	h = snic_jhash2(rule.key.dw, SNIC_KEY_DWORDS, SNIC_JHASH_SEED_FLOW + m);
	if (tab->mask[m].refs && snic_cuckoo_find(&tab->ck, &h, same_rule, &rule) != SNIC_ID_NONE)
		return -EEXIST;
	id = snic_ids_get(&tab->ids);
	if (id == SNIC_ID_NONE)
		return -ENOSPC;
	tab->hash[id] = h;
	tab->rule[id] = rule;
	if (!tab->mask[m].refs) {
		tab->mask[m].key = *mask;
		snic_flowop_key(tab->op, mask);
		snic_flowop_go(tab->op, SNIC_FLOP_MASK_SET, m, 0);
	}
	snic_flowop_key(tab->op, &rule.key);
	snic_flowop_actions(tab->op, act);
	snic_flowop_go(tab->op, SNIC_FLOP_RULE_SET, id,
		       SNIC_PUT(RULE_PRIO, PRIO, priority) | SNIC_PUT(RULE_PRIO, MASK, m));
	rc = snic_cuckoo_insert(&tab->ck, id);
	if (rc) {
		tab->rule[id].live = false;
		snic_ids_put(&tab->ids, id);
		return rc;
	}
	snic_actions_hold(tab->op, act, 1);
	if (!tab->mask[m].refs++)
		enable_masks(tab);
	*id_out = id;
	return snic_hw_sync(tab->op->pf);
}

int snic_rule_del(struct snic_ruletab *tab, u32 id)
{
	if (id >= SNIC_RULE_ENTRIES || !tab->rule[id].live)
		return -ENOENT;
	snic_cuckoo_remove(&tab->ck, id);
	if (!--tab->mask[tab->rule[id].mask].refs)
		enable_masks(tab);
	tab->rule[id].live = false;
	snic_actions_hold(tab->op, &tab->rule[id].act, -1);
	snic_ids_put(&tab->ids, id);
	return snic_hw_sync(tab->op->pf);
}

int snic_rule_query(struct snic_ruletab *tab, u32 id, struct snic_flow_counters *out)
{
	if (id >= SNIC_RULE_ENTRIES || !tab->rule[id].live)
		return -ENOENT;
	return snic_flowop_counters(tab->op, SNIC_FLOW_ENTRIES + id, out);
}
