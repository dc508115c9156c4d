/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Placement for the device's hash tables. The device looks in one set of each of two tables; software decides
 * which slot holds what (cuckoo hashing, Pagh and Rodler 2001; sets of several slots and breadth-first search
 * as in libcuckoo and DPDK's rte_hash). Traffic runs meanwhile: an entry that must make room is first written
 * to its new slot and only then overwritten in the old one, so at no time does a lookup miss it.
 *
 * Where slots hold a hash tag and not the key, a tag may be only once in a set, or the device would read the
 * wrong entry.
 */
#ifndef SNIC_CUCKOO_H
#define SNIC_CUCKOO_H

#include "snic_ids.h"

#define SNIC_CUCKOO_WAYS 4
#define SNIC_CUCKOO_NODES 512

struct snic_hash {
	u32 c, b; /* index of table 0, of table 1 */
};

/* Bob Jenkins' lookup3 as in Linux' jhash2, both results. */
struct snic_hash snic_jhash2(const u32 *key, u32 n, u32 seed);

static inline u32 snic_hash_tag(const struct snic_hash *h, u32 table)
{
	return (table ? h->c : h->b) >> 16 & 0x7fff;
}

struct snic_cuckoo {
	u32 *slot;		      /* shadow: [table][set][way], id + 1 or 0 */
	const struct snic_hash *hash; /* of each id */
	u32 sets_log2;
	bool tagged;
	/* Writes one slot of the device; SNIC_ID_NONE: invalid. */
	void (*write)(void *ctx, u32 table, u32 set, u32 way, u32 id);
	void *ctx;
	/* the search's work space: too large for a kernel stack */
	struct snic_cuckoo_node {
		u32 slot;
		u32 parent;
	} node[SNIC_CUCKOO_NODES];
};

#define SNIC_CUCKOO_SLOTS(sets_log2) (2u * SNIC_CUCKOO_WAYS << (sets_log2))

/* hash[id] must be set. -ENOSPC: no way found; nothing was written. */
int snic_cuckoo_insert(struct snic_cuckoo *ck, u32 id);
void snic_cuckoo_remove(struct snic_cuckoo *ck, u32 id);

/* The id with hash h for which same(ctx, id, key) holds, or SNIC_ID_NONE. */
u32 snic_cuckoo_find(const struct snic_cuckoo *ck, const struct snic_hash *h,
		     bool (*same)(const void *ctx, u32 id, const void *key), const void *key);

/* Writes all slots in use again, for a device that has lost them. */
void snic_cuckoo_restore(struct snic_cuckoo *ck);

/* Empties all slots in use; `all`: writes the others too, for a device in an unknown state. */
void snic_cuckoo_clear(struct snic_cuckoo *ck, bool all);

#endif
