/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Masked rules with priority. The device searches one hash table per distinct mask, and has room for a few
 * masks. */
#ifndef SNIC_RULE_H
#define SNIC_RULE_H

#include "snic_cuckoo.h"
#include "snic_flowop.h"

struct snic_ruletab {
	struct snic_flowop *op;
	struct snic_cuckoo ck;
	struct snic_ids ids;
	u32 id_fifo[SNIC_RULE_ENTRIES];
	u32 slot[SNIC_CUCKOO_SLOTS(SNIC_RULE_SETS_LOG2)];
	struct snic_hash hash[SNIC_RULE_ENTRIES];
	struct snic_rule {
		struct snic_flow_key key; /* masked */
		struct snic_actions act;
		u8 mask;
		bool live;
	} rule[SNIC_RULE_ENTRIES];
	struct snic_rule_mask {
		struct snic_flow_key key;
		u32 refs;
	} mask[SNIC_RULE_MASKS];
};

/* tab is zeroed memory; the device's table is empty (or snic_ruletab_clear with `all` follows). */
void snic_ruletab_init(struct snic_ruletab *tab, struct snic_flowop *op);
void snic_ruletab_clear(struct snic_ruletab *tab, bool all);

/*
 * The key is masked here; the higher priority wins. -EEXIST: a rule with this mask and masked key is there,
 * whatever its priority; -EINVAL: key or actions not possible; -ENOSPC: rules, masks, or slots for this key
 * used up.
 */
int snic_rule_add(struct snic_ruletab *tab, const struct snic_flow_key *key, const struct snic_flow_key *mask,
		  u16 priority, const struct snic_actions *act, u32 *id);
int snic_rule_del(struct snic_ruletab *tab, u32 id);

int snic_rule_query(struct snic_ruletab *tab, u32 id, struct snic_flow_counters *out);

#endif
