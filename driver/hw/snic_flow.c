/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
#include "snic_flow.h"

_Static_assert(SNIC_FLOW_WAYS == SNIC_CUCKOO_WAYS && SNIC_FLOW_TAG_BITS == (int)SNIC_FLOW_SLOT_TAG_W &&
		       SNIC_FLOW_SETS_LOG2 == (int)SNIC_FLOW_AT_SET_IDX_W,
	       "snic_cuckoo's geometry");

static void write_slot(void *ctx, u32 table, u32 set, u32 way, u32 id)
{
	const struct snic_flowtab *tab = ctx;
	u32 tag = id == SNIC_ID_NONE ? 0 : snic_hash_tag(&tab->hash[id], table);

	snic_flowop_go(tab->op, SNIC_FLOP_SLOT_SET,
		       SNIC_PUT(FLOW_AT, TBL, table) | SNIC_PUT(FLOW_AT, SET_IDX, set) |
			       SNIC_PUT(FLOW_AT, WAY, way),
		       snic_flowop_slot(id, tag));
}

static bool same_key(const void *ctx, u32 id, const void *key)
{
	const struct snic_flowtab *tab = ctx;

	return !memcmp(&tab->key[id], key, sizeof(tab->key[id]));
}

void snic_flowtab_init(struct snic_flowtab *tab, struct snic_flowop *op)
{
	tab->op = op;
	tab->ck.slot = tab->slot;
	tab->ck.hash = tab->hash;
	tab->ck.sets_log2 = SNIC_FLOW_SETS_LOG2;
	tab->ck.tagged = true;
	tab->ck.write = write_slot;
	tab->ck.ctx = tab;
	snic_ids_init(&tab->ids, tab->id_fifo, op->pf->n_flow);
}

void snic_flowtab_clear(struct snic_flowtab *tab, bool all)
{
	snic_cuckoo_clear(&tab->ck, all);
	memset(tab->live, 0, sizeof(tab->live));
	snic_ids_init(&tab->ids, tab->id_fifo, tab->op->pf->n_flow);
}

static int add_one(struct snic_flowtab *tab, const struct snic_flow_key *key, const struct snic_actions *act,
		   u32 *id_out)
{
	struct snic_hash h = snic_jhash2(key->dw, SNIC_KEY_DWORDS, SNIC_JHASH_SEED_FLOW);
	u32 id;
	int rc;

	if (snic_key_check(key) || snic_actions_check(tab->op, act))
		return -EINVAL;
	if (snic_cuckoo_find(&tab->ck, &h, same_key, key) != SNIC_ID_NONE)
		return -EEXIST;
	id = snic_ids_get(&tab->ids);
	if (id == SNIC_ID_NONE)
		return -ENOSPC;
	tab->hash[id] = h;
	tab->key[id] = *key;
	snic_flowop_key(tab->op, key);
	snic_flowop_actions(tab->op, act);
	snic_flowop_go(tab->op, SNIC_FLOP_ENTRY_SET, id, 0);
	rc = snic_cuckoo_insert(&tab->ck, id);
	if (rc) {
		snic_ids_put(&tab->ids, id);
		return rc;
	}
	tab->live[id] = true;
	tab->act[id] = *act;
	snic_actions_hold(tab->op, act, 1);
	*id_out = id;
	return 0;
}

static int del_one(struct snic_flowtab *tab, u32 id)
{
	if (id >= SNIC_FLOW_ENTRIES || !tab->live[id])
		return -ENOENT;
	snic_cuckoo_remove(&tab->ck, id);
	tab->live[id] = false;
	snic_actions_hold(tab->op, &tab->act[id], -1);
	snic_ids_put(&tab->ids, id);
	return 0;
}

/* What a batch returns that stopped with rc after `done`. */
static int batch_end(struct snic_flowtab *tab, u32 done, int rc)
{
	if (done && snic_hw_sync(tab->op->pf))
		return -ENODEV;
	return done ? (int)done : rc;
}

int snic_flow_add(struct snic_flowtab *tab, const struct snic_flow_key *keys, const struct snic_actions *acts,
		  u32 *ids, u32 n)
{
	u32 i;
	int rc = 0;

	for (i = 0; i < n; i++) {
		rc = add_one(tab, &keys[i], &acts[i], &ids[i]);
		if (rc)
			break;
	}
	return batch_end(tab, i, rc);
}

int snic_flow_del(struct snic_flowtab *tab, const u32 *ids, u32 n)
{
	u32 i;
	int rc = 0;

	for (i = 0; i < n; i++) {
		rc = del_one(tab, ids[i]);
		if (rc)
			break;
	}
	return batch_end(tab, i, rc);
}

int snic_flow_query(struct snic_flowtab *tab, u32 id, struct snic_flow_counters *out)
{
	if (id >= SNIC_FLOW_ENTRIES || !tab->live[id])
		return -ENOENT;
	return snic_flowop_counters(tab->op, id, out);
}
