/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Exact-match flows. Added and removed while traffic runs: entry first, then the slot that makes it found. */
#ifndef SNIC_FLOW_H
#define SNIC_FLOW_H

#include "snic_cuckoo.h"
#include "snic_flowop.h"

struct snic_flowtab {
	struct snic_flowop *op;
	struct snic_cuckoo ck;
	struct snic_ids ids;
	u32 id_fifo[SNIC_FLOW_ENTRIES];
	u32 slot[SNIC_CUCKOO_SLOTS(SNIC_FLOW_SETS_LOG2)];
	struct snic_hash hash[SNIC_FLOW_ENTRIES];
	struct snic_flow_key key[SNIC_FLOW_ENTRIES];
	struct snic_actions act[SNIC_FLOW_ENTRIES];
	bool live[SNIC_FLOW_ENTRIES];
};

/* tab is zeroed memory; the device's table is empty (or snic_flowtab_clear with `all` follows). */
void snic_flowtab_init(struct snic_flowtab *tab, struct snic_flowop *op);
void snic_flowtab_clear(struct snic_flowtab *tab, bool all);

/*
 * In batches: posted writes only, and one read at the end which says that the device has done them all. They
 * return how many were done, or the error of the first. -EEXIST: the key is there already; -ENOSPC: table
 * full, or no slot for this key; -EINVAL: key or actions not possible; -ENOENT: no such flow.
 */
int snic_flow_add(struct snic_flowtab *tab, const struct snic_flow_key *keys, const struct snic_actions *acts,
		  u32 *ids, u32 n);
int snic_flow_del(struct snic_flowtab *tab, const u32 *ids, u32 n);

int snic_flow_query(struct snic_flowtab *tab, u32 id, struct snic_flow_counters *out);

#endif
