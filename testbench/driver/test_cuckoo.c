/* SPDX-License-Identifier: BSD-2-Clause */
/* Placement in the slot tables: hash, and that no write ever makes an entry unfindable. */
#include "snic_cuckoo.h"

#include <stdlib.h>

#include "cu_main.h"
#include "oracle_hash.h"

#define NONE SNIC_ID_NONE

/* A device of its own: what the callback was told, and which ids should be in it. */
struct table {
	struct snic_cuckoo ck;
	u32 log2, n;
	u32 *shadow, *device; /* id + 1 */
	struct snic_hash *hash;
	bool *present;
	bool check_all; /* after each write, look for every entry; else only for those that it can have hurt
			 */
	u32 n_removing; /* an id that may go away, + 1 */
	u32 writes, lost, bad_tags, wrong;
};

static u32 set_of(const struct table *t, u32 id, u32 table)
{
	u32 v = table ? t->hash[id].b : t->hash[id].c;

	return (table << t->log2 | (v & ((1u << t->log2) - 1))) * SNIC_CUCKOO_WAYS;
}

static u32 tag_of(const struct table *t, u32 id, u32 table)
{
	return ((table ? t->hash[id].c : t->hash[id].b) >> 16) & 0x7fff;
}

/* As the device looks: the first slot with the tag is the only one read. Without tags any slot with the key.
 */
static bool findable(const struct table *t, u32 id)
{
	u32 table, way, got;

	for (table = 0; table < 2; table++) {
		for (way = 0; way < SNIC_CUCKOO_WAYS; way++) {
			got = t->device[set_of(t, id, table) + way];
			if (!got)
				continue;
			if (got == id + 1)
				return true;
			if (t->ck.tagged && tag_of(t, got - 1, table) == tag_of(t, id, table))
				break;
		}
	}
	return false;
}

static void check_set_tags(struct table *t, u32 table, u32 slot)
{
	u32 set = slot / SNIC_CUCKOO_WAYS * SNIC_CUCKOO_WAYS, a, b;

	for (a = 0; t->ck.tagged && a < SNIC_CUCKOO_WAYS; a++)
		for (b = a + 1; b < SNIC_CUCKOO_WAYS; b++)
			if (t->device[set + a] && t->device[set + b] &&
			    tag_of(t, t->device[set + a] - 1, table) ==
				    tag_of(t, t->device[set + b] - 1, table))
				t->bad_tags++;
}

static void on_write(void *ctx, u32 table, u32 set, u32 way, u32 id)
{
	struct table *t = ctx;
	u32 slot = (table << t->log2 | set) * SNIC_CUCKOO_WAYS + way, was = t->device[slot], i;

	t->writes++;
	t->device[slot] = id + 1;
	/* nothing is stored where the device would not look for it */
	if (id != NONE && set_of(t, id, table) != slot / SNIC_CUCKOO_WAYS * SNIC_CUCKOO_WAYS)
		t->wrong++;
	check_set_tags(t, table, slot);
	if (t->check_all) {
		for (i = 0; i < t->n; i++)
			t->lost += t->present[i] && i + 1 != t->n_removing && !findable(t, i);
	} else {
		/* a write can hurt the one that was there, and those that share the set with the new one */
		if (was && t->present[was - 1] && was != t->n_removing)
			t->lost += !findable(t, was - 1);
		for (i = 0; i < SNIC_CUCKOO_WAYS; i++) {
			u32 other = t->device[slot / SNIC_CUCKOO_WAYS * SNIC_CUCKOO_WAYS + i];

			if (other && t->present[other - 1])
				t->lost += !findable(t, other - 1);
		}
	}
}

static struct table *table_new(u32 log2, u32 n, bool tagged)
{
	struct table *t = calloc(1, sizeof(*t));

	t->log2 = log2;
	t->n = n;
	t->shadow = calloc(SNIC_CUCKOO_SLOTS(log2), sizeof(u32));
	t->device = calloc(SNIC_CUCKOO_SLOTS(log2), sizeof(u32));
	t->hash = calloc(n, sizeof(*t->hash));
	t->present = calloc(n, sizeof(bool));
	t->ck.slot = t->shadow;
	t->ck.hash = t->hash;
	t->ck.sets_log2 = log2;
	t->ck.tagged = tagged;
	t->ck.write = on_write;
	t->ck.ctx = t;
	return t;
}

static bool always(const void *ctx, u32 id, const void *key)
{
	(void)ctx;
	(void)id;
	(void)key;
	return true;
}

static void table_finish(struct table *t)
{
	u32 i, lost = 0, slots = 0, present = 0;

	for (i = 0; i < t->n; i++) {
		lost += t->present[i] && !findable(t, i);
		present += t->present[i];
	}
	for (i = 0; i < SNIC_CUCKOO_SLOTS(t->log2); i++)
		slots += t->device[i] != 0;
	CU_ASSERT_EQUAL(lost, 0);
	CU_ASSERT_EQUAL(t->lost, 0);
	CU_ASSERT_EQUAL(t->bad_tags, 0);
	CU_ASSERT_EQUAL(t->wrong, 0);
	CU_ASSERT_EQUAL(slots, present); /* no copy is left behind by a move */
	CU_ASSERT_EQUAL(memcmp(t->shadow, t->device, SNIC_CUCKOO_SLOTS(t->log2) * sizeof(u32)), 0);
	free(t->shadow);
	free(t->device);
	free(t->hash);
	free(t->present);
	free(t);
}

static int insert(struct table *t, u32 id)
{
	u32 writes = t->writes;
	int rc = snic_cuckoo_insert(&t->ck, id);

	t->present[id] = !rc;
	if (rc && t->writes != writes)
		t->wrong++; /* "nothing was written" */
	return rc;
}

static void discard(struct table *t, u32 id)
{
	t->n_removing = id + 1;
	snic_cuckoo_remove(&t->ck, id);
	t->n_removing = 0;
	t->present[id] = false;
}

static void random_hashes(struct table *t, uint64_t state)
{
	u32 i;

	for (i = 0; i < t->n; i++) {
		t->hash[i].c = (u32)(cu_rand(&state) >> 16);
		t->hash[i].b = (u32)(cu_rand(&state) >> 16);
	}
}

/*
 * Published with lookup3.c: hashlittle2("Four score and seven years ago", 30, 0, 0). As dwords the length
 * counts 32 bytes, which a seed of -2 takes back.
 */
static void test_hash_vector(void)
{
	static const char text[] = "Four score and seven years ago";
	struct snic_hash h;
	u32 dw[8] = { 0 }, i;

	for (i = 0; text[i]; i++)
		dw[i / 4] |= (u32)text[i] << 8 * (i % 4);
	h = snic_jhash2(dw, 8, (u32)-2);
	CU_ASSERT_EQUAL(h.c, 0x17770551);
	CU_ASSERT_EQUAL(h.b, 0xce7226e6);
}

static void test_hash_oracle(void)
{
	uint64_t rnd = cu_seed();
	u32 dw[24], want[2], n, i, bad = 0;
	struct snic_hash h;

	for (n = 0; n <= 24; n++) {
		for (i = 0; i < 24; i++)
			dw[i] = (u32)cu_rand(&rnd);
		oracle_hash(dw, n, dw[23], want);
		h = snic_jhash2(dw, n, dw[23]);
		bad += h.c != want[0] || h.b != want[1];
	}
	CU_ASSERT_EQUAL(bad, 0);
}

/* As many flows as the device has entries, in a table of its size. */
static void test_64k(void)
{
	struct table *t = table_new(14, 65536, true);
	u32 i, failed = 0;

	random_hashes(t, cu_seed());
	for (i = 0; i < t->n; i++)
		failed += insert(t, i) != 0;
	CU_ASSERT_EQUAL(failed, 0);
	CU_ASSERT_TRUE(t->writes < 65536 * 11 / 10); /* at half load few entries have to move */
	/* half of them out, and in again */
	for (i = 0; i < t->n; i += 2)
		discard(t, i);
	for (i = 0; i < t->n; i += 2)
		failed += insert(t, i) != 0;
	CU_ASSERT_EQUAL(failed, 0);
	table_finish(t);
}

/* Filled until nothing goes in any more; after each write every entry is looked for. */
static void fill(u32 log2, bool tagged, u32 min_percent)
{
	u32 slots = SNIC_CUCKOO_SLOTS(log2), i, in = 0, refused = 0;
	struct table *t = table_new(log2, slots + slots / 4, tagged);

	t->check_all = true;
	random_hashes(t, cu_seed() + log2);
	for (i = 0; i < t->n; i++) {
		if (insert(t, i))
			refused++;
		else
			in++;
	}
	CU_ASSERT_TRUE(refused > 0);
	CU_ASSERT_TRUE(in * 100 >= slots * min_percent);
	/* what was refused may go in once there is room */
	for (i = 0; i < t->n; i++)
		if (t->present[i] && i % 2)
			discard(t, i);
	for (i = 0; i < t->n; i++)
		if (!t->present[i])
			insert(t, i);
	table_finish(t);
}

static void test_fill_tagged(void)
{
	fill(4, true, 90);
	fill(7, true, 94);
}

static void test_fill_untagged(void)
{
	fill(0, false, 100);
	fill(3, false, 90);
	fill(7, false, 94);
}

/* Tags of one bit's worth: two a set, so most slots can never be used, and most moves are forbidden. */
static void test_few_tags(void)
{
	struct table *t = table_new(5, 400, true);
	u32 i;

	t->check_all = true;
	random_hashes(t, cu_seed());
	for (i = 0; i < t->n; i++) {
		t->hash[i].c &= 0x1ffff;
		t->hash[i].b &= 0x1ffff;
	}
	for (i = 0; i < t->n; i++)
		insert(t, i);
	for (i = 0; i < t->n; i += 3)
		if (t->present[i])
			discard(t, i);
	for (i = 0; i < t->n; i++)
		if (!t->present[i])
			insert(t, i);
	table_finish(t);
}

/* Tables so small that paths run into themselves, with tags so few that a changed set changes what fits. */
static void test_tiny(void)
{
	uint64_t rnd = cu_seed();
	struct table *t;
	u32 round, i;

	for (round = 0; round < 3000; round++) {
		t = table_new(1, 24, true);
		t->check_all = true;
		random_hashes(t, cu_rand(&rnd));
		for (i = 0; i < t->n; i++) {
			t->hash[i].c &= 0x7ffff;
			t->hash[i].b &= 0x7ffff;
			insert(t, i);
			if (cu_rand(&rnd) % 4 == 0 && t->present[i / 2])
				discard(t, i / 2);
		}
		table_finish(t);
	}
}

/* The same hash for all: one a table, the third is refused, and nothing else suffers. */
static void test_same_hash(void)
{
	struct table *t = table_new(6, 5, true);
	u32 i;

	t->check_all = true;
	for (i = 0; i < t->n; i++)
		t->hash[i] = (struct snic_hash){ .c = 0x12345678, .b = 0x9abcdef0 };
	CU_ASSERT_EQUAL(insert(t, 0), 0);
	CU_ASSERT_EQUAL(insert(t, 1), 0);
	CU_ASSERT_EQUAL(insert(t, 2), -ENOSPC);
	CU_ASSERT_EQUAL(snic_cuckoo_find(&t->ck, &t->hash[0], always, NULL), 0);
	discard(t, 0);
	CU_ASSERT_EQUAL(snic_cuckoo_find(&t->ck, &t->hash[0], always, NULL), 1);
	CU_ASSERT_EQUAL(insert(t, 2), 0);
	discard(t, 1);
	discard(t, 2);
	CU_ASSERT_EQUAL(snic_cuckoo_find(&t->ck, &t->hash[0], always, NULL), NONE);
	table_finish(t);
}

/* All into one set of table 0, then out to many of table 1: the set fills, later ones go to table 1 at once.
 */
static void test_one_set(void)
{
	struct table *t = table_new(6, 32, true);
	u32 i;

	t->check_all = true;
	for (i = 0; i < t->n; i++)
		t->hash[i] = (struct snic_hash){ .c = 7 | i << 16, .b = i | i << 16 };
	for (i = 0; i < t->n; i++)
		CU_ASSERT_EQUAL(insert(t, i), 0);
	CU_ASSERT_EQUAL(t->writes, 32);
	table_finish(t);
}

/* A move of known shape: two full sets, and one entry in them that can go elsewhere. */
static void test_move(void)
{
	struct table *t = table_new(4, 64, true);
	u32 i, n = 0, before;

	t->check_all = true;
	/* eight entries share both their sets, 0 and 1 */
	for (n = 0; n < 8; n++)
		t->hash[n] = (struct snic_hash){ .c = 0 | n << 16, .b = 1 | n << 16 };
	for (i = 0; i < n; i++)
		CU_ASSERT_EQUAL(insert(t, i), 0);
	/* a ninth has nowhere to go */
	t->hash[n] = (struct snic_hash){ .c = 0 | n << 16, .b = 1 | n << 16 };
	CU_ASSERT_EQUAL(insert(t, n), -ENOSPC);
	/* one of them gets another way out: entry 3's second set becomes set 5 */
	discard(t, 3);
	t->hash[3].b = 5 | 3 << 16;
	CU_ASSERT_EQUAL(insert(t, 3), 0);
	before = t->writes;
	CU_ASSERT_EQUAL(insert(t, n), 0);
	CU_ASSERT_EQUAL(t->writes - before, 2); /* 3 to table 1, set 5; the ninth to its place */
	CU_ASSERT_EQUAL(t->device[(1u << 4 | 5) * 4], 4);
	table_finish(t);
}

static void test_clear(void)
{
	struct table *t = table_new(3, 20, true);
	u32 i;

	random_hashes(t, cu_seed());
	for (i = 0; i < t->n; i++)
		insert(t, i);
	memset(t->present, 0, t->n);
	t->writes = 0;
	snic_cuckoo_clear(&t->ck, false);
	CU_ASSERT_EQUAL(t->writes, 20);
	snic_cuckoo_clear(&t->ck, false);
	CU_ASSERT_EQUAL(t->writes, 20);
	snic_cuckoo_clear(&t->ck, true);
	CU_ASSERT_EQUAL(t->writes, 20 + 64);
	table_finish(t);
}

static void test_ids(void)
{
	struct snic_ids ids;
	u32 fifo[5], i;

	snic_ids_init(&ids, fifo, 5);
	for (i = 0; i < 5; i++)
		CU_ASSERT_EQUAL(snic_ids_get(&ids), i);
	CU_ASSERT_EQUAL(snic_ids_get(&ids), NONE);
	snic_ids_put(&ids, 3);
	snic_ids_put(&ids, 1);
	CU_ASSERT_EQUAL(snic_ids_get(&ids), 3); /* freed first */
	snic_ids_put(&ids, 4);
	CU_ASSERT_EQUAL(snic_ids_get(&ids), 1);
	CU_ASSERT_EQUAL(snic_ids_get(&ids), 4);
	CU_ASSERT_EQUAL(snic_ids_get(&ids), NONE);
}

static const struct cu_test tests[] = {
	{ "hash", "published_vector", test_hash_vector },
	{ "hash", "oracle", test_hash_oracle },
	{ "cuckoo", "64k", test_64k },
	{ "cuckoo", "fill_tagged", test_fill_tagged },
	{ "cuckoo", "fill_untagged", test_fill_untagged },
	{ "cuckoo", "few_tags", test_few_tags },
	{ "cuckoo", "tiny", test_tiny },
	{ "cuckoo", "same_hash", test_same_hash },
	{ "cuckoo", "one_set", test_one_set },
	{ "cuckoo", "move", test_move },
	{ "cuckoo", "clear", test_clear },
	{ "ids", "oldest_first", test_ids },
	{ 0 },
};

int main(int argc, char **argv)
{
	return cu_main(argc, argv, tests);
}
