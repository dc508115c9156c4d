/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
#include "snic_cuckoo.h"

#define WAYS SNIC_CUCKOO_WAYS
#define NO_PARENT SNIC_ID_NONE

static inline u32 rotl(u32 v, u32 n)
{
	return v << n | v >> (32 - n);
}

struct snic_hash snic_jhash2(const u32 *k, u32 n, u32 seed)
{
	u32 a = 0xdeadbeef + (n << 2) + seed, b = a, c = a;

	for (; n > 3; n -= 3, k += 3) {
		a += k[0];
		b += k[1];
		c += k[2];
		a = (a - c) ^ rotl(c, 4), c += b;
		b = (b - a) ^ rotl(a, 6), a += c;
		c = (c - b) ^ rotl(b, 8), b += a;
		a = (a - c) ^ rotl(c, 16), c += b;
		b = (b - a) ^ rotl(a, 19), a += c;
		c = (c - b) ^ rotl(b, 4), b += a;
	}
	if (n > 2)
		c += k[2];
	if (n > 1)
		b += k[1];
	if (n > 0) {
		a += k[0];
		c = (c ^ b) - rotl(b, 14);
		a = (a ^ c) - rotl(c, 11);
		b = (b ^ a) - rotl(a, 25);
		c = (c ^ b) - rotl(b, 16);
		a = (a ^ c) - rotl(c, 4);
		b = (b ^ a) - rotl(a, 14);
		c = (c ^ b) - rotl(b, 24);
	}
	return (struct snic_hash){ .c = c, .b = b };
}

/* Slots are named by their index in the shadow; a set by that of its first slot. */
static u32 set_of(const struct snic_cuckoo *ck, const struct snic_hash *h, u32 table)
{
	u32 set = (table ? h->b : h->c) & ((1u << ck->sets_log2) - 1);

	return (table << ck->sets_log2 | set) * WAYS;
}

static u32 table_of(const struct snic_cuckoo *ck, u32 slot)
{
	return slot / WAYS >> ck->sets_log2;
}

static void put(struct snic_cuckoo *ck, u32 slot, u32 id)
{
	u32 set = slot / WAYS & ((1u << ck->sets_log2) - 1);

	ck->slot[slot] = id + 1; /* SNIC_ID_NONE gives 0 */
	ck->write(ck->ctx, table_of(ck, slot), set, slot % WAYS, id);
}

/* May id be in this slot, as far as the other slots of the set are concerned? */
static bool fits(const struct snic_cuckoo *ck, u32 id, u32 set, u32 way)
{
	u32 table = table_of(ck, set), tag = snic_hash_tag(&ck->hash[id], table), w, other;

	for (w = 0; ck->tagged && w < WAYS; w++) {
		other = ck->slot[set + w];
		if (w != way && other && snic_hash_tag(&ck->hash[other - 1], table) == tag)
			return false;
	}
	return true;
}

/* Appends the slots of a set to the search; true when the last one appended is free. */
static bool add_set(struct snic_cuckoo *ck, u32 *n, u32 id, u32 set, u32 parent)
{
	u32 way;

	for (way = 0; way < WAYS && *n < SNIC_CUCKOO_NODES; way++) {
		if (!fits(ck, id, set, way))
			continue;
		ck->node[*n].slot = set + way;
		ck->node[*n].parent = parent;
		(*n)++;
		if (!ck->slot[set + way])
			return true;
	}
	return false;
}

/*
 * Breadth first, so the path is a shortest one. It has no slot twice; and it comes to a set twice only if the
 * tag rule left a single slot there the first time, which then takes the same tag again. So what fits() said
 * while the path was searched still holds while it is walked.
 */
int snic_cuckoo_insert(struct snic_cuckoo *ck, u32 id)
{
	const struct snic_hash *h = &ck->hash[id];
	u32 n = 0, i, k, parent;
	bool found;

	found = add_set(ck, &n, id, set_of(ck, h, 0), NO_PARENT) ||
		add_set(ck, &n, id, set_of(ck, h, 1), NO_PARENT);
	for (i = 0; !found && i < n; i++) {
		u32 slot = ck->node[i].slot, guest = ck->slot[slot] - 1;
		u32 set = set_of(ck, &ck->hash[guest], !table_of(ck, slot));

		found = add_set(ck, &n, guest, set, i);
	}
	if (!found)
		return -ENOSPC;
	/* from the free slot backwards: each guest moves on before its slot is taken */
	for (k = n - 1; (parent = ck->node[k].parent) != NO_PARENT; k = parent)
		put(ck, ck->node[k].slot, ck->slot[ck->node[parent].slot] - 1);
	put(ck, ck->node[k].slot, id);
	return 0;
}

void snic_cuckoo_remove(struct snic_cuckoo *ck, u32 id)
{
	u32 table, way, set;

	for (table = 0; table < 2; table++) {
		set = set_of(ck, &ck->hash[id], table);
		for (way = 0; way < WAYS; way++)
			if (ck->slot[set + way] == id + 1)
				put(ck, set + way, SNIC_ID_NONE);
	}
}

u32 snic_cuckoo_find(const struct snic_cuckoo *ck, const struct snic_hash *h,
		     bool (*same)(const void *ctx, u32 id, const void *key), const void *key)
{
	u32 table, way, set, id;

	for (table = 0; table < 2; table++) {
		set = set_of(ck, h, table);
		for (way = 0; way < WAYS; way++) {
			id = ck->slot[set + way] - 1;
			if (id == SNIC_ID_NONE || ck->hash[id].c != h->c || ck->hash[id].b != h->b)
				continue;
			if (same(ck->ctx, id, key))
				return id;
		}
	}
	return SNIC_ID_NONE;
}

void snic_cuckoo_restore(struct snic_cuckoo *ck)
{
	u32 slot;

	for (slot = 0; slot < SNIC_CUCKOO_SLOTS(ck->sets_log2); slot++)
		if (ck->slot[slot])
			put(ck, slot, ck->slot[slot] - 1);
}

void snic_cuckoo_clear(struct snic_cuckoo *ck, bool all)
{
	u32 slot;

	for (slot = 0; slot < SNIC_CUCKOO_SLOTS(ck->sets_log2); slot++)
		if (all || ck->slot[slot])
			put(ck, slot, SNIC_ID_NONE);
}
