/* SPDX-License-Identifier: BSD-2-Clause */
/* Flow table through the driver on the RTL: actions, counters, changes under traffic, collisions, full table, rules. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cu_main.h"
#include "dev.h"

#define ACT(op, arg) SNIC_ACTION(SNIC_ACT_##op, arg)

static struct dev *open_vfs(unsigned int vfs)
{
	return dev_open(&(struct dev_config){ .vfs = vfs, .queues = 1, .ring_log2 = 10, .jitter_ns = 300 });
}

/* Each action alone and together, from the wire and from a function, tagged and not; the reference knows what comes out. */
static void test_actions(void)
{
	static const struct snic_actions acts[] = {
		{ { ACT(FWD, 3) } },
		{ { ACT(FWD, 0) } },
		{ { ACT(FWD, SNIC_VPORT_WIRE1) } },
		{ { ACT(DROP, 0) } },
		{ { ACT(MIRROR, 4) } },
		{ { ACT(MIRROR, SNIC_VPORT_WIRE1), ACT(DROP, 0) } },
		{ { ACT(COUNT, 7), ACT(COUNT, 7), ACT(COUNT, 255) } },
		{ { ACT(VLAN_PUSH, 0x6123) } },
		{ { ACT(VLAN_POP, 0) } },
		{ { ACT(VLAN_POP, 0), ACT(VLAN_PUSH, 0x0fff), ACT(FWD, SNIC_VPORT_WIRE0) } },
		{ { ACT(MARK, 0xabcdef) } },
		{ { ACT(MARK, 1), ACT(FWD, 4), ACT(MIRROR, 0), ACT(COUNT, 7) } },
		{ { ACT(SET_DSCP, 46) } },
		{ { ACT(VLAN_POP, 0), ACT(SET_DSCP, 1), ACT(SET_DSCP, 63), ACT(FWD, SNIC_VPORT_WIRE1) } },
		{ { ACT(VLAN_PUSH, 0x2005), ACT(SET_DSCP, 0), ACT(FWD, 3), ACT(MIRROR, SNIC_VPORT_WIRE0) } },
		{ { 0 } },
	};
	enum { N = sizeof(acts) / sizeof(acts[0]), PKTS = 5 };
	static const unsigned int srcs[] = { SNIC_VPORT_WIRE0, SNIC_VPORT_WIRE1, 1 };
	static const enum encap encaps[] = { ENCAP_NONE, ENCAP_VLAN, ENCAP_VXLAN };
	static struct {
		uint8_t frame[512];
		size_t len;
		unsigned int src;
		uint32_t id;
	} f[N * 9];
	struct dev *d = open_vfs(4);
	struct snic_flow_stats st;
	unsigned int i, j, n = 0;
	uint64_t drops = 0;

	for (i = 0; i < N; i++) {
		for (j = 0; j < 9; j++, n++) {
			f[n].src = srcs[j % 3];
			f[n].len =
				dev_frame(d, f[n].frame, f[n].src, 2, n, encaps[j / 3], 100 + 13 * n % 300);
			f[n].id = dev_flow(d, f[n].frame, f[n].len, f[n].src, acts[i]);
			drops += i == 3 || i == 5 ? PKTS : 0;
		}
	}
	for (i = 0; i < PKTS; i++) {
		for (j = 0; j < n; j++) {
			if (f[j].src < SNIC_N_FUNC)
				dev_tx(d, f[j].src, 0, f[j].frame, f[j].len);
			else
				dev_wire(d, f[j].src - SNIC_VPORT_WIRE0, f[j].frame, f[j].len);
		}
	}
	dev_settle(d);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_FLOW), drops);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_FLOW_EXACT), n * PKTS);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_COUNT_BASE + 7), 9 * PKTS * 3);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_COUNT_BASE + 255), 9 * PKTS);
	for (j = 0; j < n; j++) {
		CU_ASSERT_EQUAL(snic_pmd_flow_query(d->pmd, &f[j].id, &st, 1), 1);
		CU_ASSERT_EQUAL(st.packets, PKTS);
		CU_ASSERT_EQUAL(st.bytes, PKTS * f[j].len);
	}
	dev_close(d);
}

static void test_last_seen(void)
{
	struct dev *d = open_vfs(1);
	static const struct snic_actions none = { { 0 } };
	struct snic_flow_stats st;
	uint8_t frame[256];
	size_t len = dev_frame(d, frame, SNIC_VPORT_WIRE0, 1, 0, ENCAP_NONE, 128);
	uint32_t id = dev_flow(d, frame, len, SNIC_VPORT_WIRE0, none);
	uint64_t t0, t1;
	unsigned int i;

	CU_ASSERT_EQUAL(snic_pmd_flow_query(d->pmd, &id, &st, 1), 1);
	CU_ASSERT_EQUAL(st.packets + st.bytes + st.last_seen, 0);
	for (i = 1; i <= 3; i++) {
		dev_run_ns(d, 50000);
		t0 = snic_pmd_time(d->pmd);
		dev_wire(d, 0, frame, len);
		dev_settle(d);
		t1 = snic_pmd_time(d->pmd);
		CU_ASSERT_EQUAL(snic_pmd_flow_query(d->pmd, &id, &st, 1), 1);
		CU_ASSERT_EQUAL(st.packets, i);
		CU_ASSERT(st.last_seen > t0 && st.last_seen < t1);
	}
	dev_close(d);
}

/*
 * The PF reads counters as fast as it can, while the wire brings a hit every 6.72 ns: none is lost, and the last one
 * is through as soon as when nobody reads.
 */
static uint64_t hits_at_line_rate(unsigned int reads)
{
	enum { N = 4000, LEN = 60 };
	static const struct snic_actions to_wire1 = { { ACT(FWD, SNIC_VPORT_WIRE1) } };
	struct dev *d = open_vfs(1);
	struct snic_flow_stats st;
	uint64_t t0, end;
	uint8_t frame[LEN];
	unsigned int i, k;
	uint32_t id;

	d->no_score = true;
	dev_frame(d, frame, SNIC_VPORT_WIRE0, 1, 3, ENCAP_NONE, LEN);
	id = dev_flow(d, frame, LEN, SNIC_VPORT_WIRE0, to_wire1);
	t0 = snic_pmd_time(d->pmd);
	for (i = 0; i < N; i++)
		CU_ASSERT_EQUAL_FATAL(host_wire_rx(d->host, 0, frame, LEN, 0, &end), 0);
	for (i = 0; i < 60; i++) {
		for (k = 0; k < reads; k++)
			dev_wr(d, 0, SNIC_REG_FLOW_OP, (uint32_t)SNIC_FLOP_STAT_READ << 24 | id);
		dev_run_ns(d, 500);
	}
	CU_ASSERT_EQUAL(d->wire_count[1], N);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_BUFFER) + dev_stat(d, SNIC_STAT_DROP_CONGESTED), 0);
	CU_ASSERT_EQUAL(snic_pmd_flow_query(d->pmd, &id, &st, 1), 1);
	CU_ASSERT_EQUAL(st.packets, N);
	CU_ASSERT_EQUAL(st.bytes, N * LEN);
	dev_close(d);
	return st.last_seen - t0;
}

static void test_reads_under_traffic(void)
{
	const uint64_t alone = hits_at_line_rate(0), storm = hits_at_line_rate(20);

	printf("    last of 4000 hits after %llu cycles, with 40 reads a us %llu\n",
	       (unsigned long long)alone, (unsigned long long)storm);
	CU_ASSERT(storm <= alone + alone / 100);
}

/*
 * Changes under traffic. The wire sends flows round robin at full rate; of each flow it is known what the table said of
 * it when the frame came: in place since before it was sent, or away, or changed meanwhile. Only in the last case may
 * the frame carry either.
 */
#define N_FLOWS 256
enum { OUT, IN };
static struct {
	uint8_t frame[128];
	struct snic_flow_key key;
	uint32_t id;
	int is;
	uint64_t changed; /* number of the first frame sent after the last change was sure */
	uint64_t wrong, hits, misses;
} fl[N_FLOWS];

/* Frame: number in the last 8 bytes. Mark of an entry: its flow + 1. */
static void churn_rx(struct dev *d, unsigned int func, unsigned int queue, const struct snic_pmd_rx *rx)
{
	uint64_t number, mark = snic_bits_get(rx->cpl, SNIC_F(RX_CPL, MARK));
	uint64_t hit = snic_bits_get(rx->cpl, SNIC_F(RX_CPL, FLOWHIT));
	unsigned int i;

	(void)queue;
	memcpy(&number, rx->data + 120, 8);
	i = number % N_FLOWS;
	(void)d;
	CU_ASSERT_FATAL(func == 1);
	fl[i].hits += hit == SNIC_HIT_EXACT;
	fl[i].misses += hit == SNIC_HIT_NONE;
	if (hit == SNIC_HIT_EXACT ? mark != i + 1 : mark != 0)
		fl[i].wrong++;
	/* an old one: the change came while it was under way */
	if (number >= fl[i].changed && (hit == SNIC_HIT_EXACT) != (fl[i].is == IN))
		fl[i].wrong++;
}

static void churn_send(struct dev *d, unsigned int n)
{
	while (n--) {
		unsigned int i = d->number % N_FLOWS;

		memcpy(fl[i].frame + 120, &d->number, 8);
		dev_wire(d, 0, fl[i].frame, 128);
	}
}

/* Batches of random flows put in and taken out; most share 32 sets of the first table, so the second is needed. */
static void test_churn(void)
{
	struct dev *d = open_vfs(1);
	struct snic_flow_key keys[32];
	struct snic_actions acts[32];
	uint32_t ids[32], pick[32];
	struct snic_ref_parse p;
	struct snic_flow_stats st;
	uint64_t rnd = cu_seed(), hits = 0, misses = 0, flow = 0;
	unsigned int i, k, n, round, second = 0;

	d->no_score = true;
	d->on_rx = churn_rx;
	memset(fl, 0, sizeof(fl));
	for (i = 0; i < N_FLOWS;) {
		struct snic_hash h;

		dev_frame(d, fl[i].frame, SNIC_VPORT_WIRE0, 1, (unsigned int)flow++, ENCAP_NONE, 128);
		snic_ref_parse(fl[i].frame, 128, SNIC_VPORT_WIRE0, &p);
		h = snic_jhash2(p.key.dw, SNIC_KEY_DWORDS, SNIC_JHASH_SEED_FLOW);
		/* table 0: one of 64 sets for all; table 1: anywhere */
		if (i < 200 && h.c % (1 << SNIC_FLOW_SETS_LOG2) >= 32)
			continue;
		fl[i++].key = p.key;
	}
	for (round = 0; round < 150; round++) {
		int to = (int)(cu_rand(&rnd) >> 20 & 1);

		for (n = 0, k = 0; k < 24; k++) {
			i = (unsigned int)(cu_rand(&rnd) >> 20) % N_FLOWS;
			if (fl[i].is == to)
				continue;
			fl[i].is = to;
			fl[i].changed = ~0ull;
			pick[n] = i;
			keys[n] = fl[i].key;
			acts[n] = (struct snic_actions){ { ACT(MARK, i + 1) } };
			ids[n++] = fl[i].id;
		}
		churn_send(d, 48);
		if (!n)
			continue;
		if (to == IN)
			CU_ASSERT_EQUAL_FATAL(snic_pmd_flow_add(d->pmd, keys, acts, ids, n), (int)n);
		if (to == OUT)
			CU_ASSERT_EQUAL_FATAL(snic_pmd_flow_del(d->pmd, ids, n), (int)n);
		for (k = 0; k < n; k++) {
			fl[pick[k]].id = ids[k];
			fl[pick[k]].changed = d->number;
		}
		churn_send(d, 48);
		dev_run_ns(d, 300);
	}
	dev_run_ns(d, 20000);
	for (i = 0; i < N_FLOWS; i++) {
		CU_ASSERT_EQUAL(fl[i].wrong, 0);
		hits += fl[i].hits;
		misses += fl[i].misses;
		if (fl[i].is == IN)
			CU_ASSERT_EQUAL(snic_pmd_flow_query(d->pmd, &fl[i].id, &st, 1), 1);
	}
	CU_ASSERT_EQUAL(hits + misses, d->number);
	CU_ASSERT_EQUAL(d->rx_count[1], d->number);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_FLOW_EXACT), hits);
	CU_ASSERT(hits > 1000 && misses > 1000);
	for (i = 0; i < SNIC_CUCKOO_SLOTS(SNIC_FLOW_SETS_LOG2) / 2; i++)
		second += d->pmd->flowtab.slot[SNIC_CUCKOO_SLOTS(SNIC_FLOW_SETS_LOG2) / 2 + i] != 0;
	CU_ASSERT(second > 0);
	dev_close(d);
}

/* One entry moved to and fro between the tables while its flow arrives: no frame may miss it. */
static void test_move(void)
{
	struct dev *d = open_vfs(1);
	struct snic_flowtab *tab = &d->pmd->flowtab;
	struct snic_actions act = { { ACT(MARK, 1) } };
	struct snic_ref_parse p;
	unsigned int i, k, s;
	uint8_t frame[128];
	uint32_t id;

	d->no_score = true;
	dev_frame(d, frame, SNIC_VPORT_WIRE0, 1, 5, ENCAP_NONE, 128);
	snic_ref_parse(frame, 128, SNIC_VPORT_WIRE0, &p);
	CU_ASSERT_EQUAL_FATAL(snic_pmd_flow_add(d->pmd, &p.key, &act, &id, 1), 1);
	for (i = 0; i < 120; i++) {
		const struct snic_hash *h = &tab->hash[id];
		u32 set[2], at = SNIC_ID_NONE, to;

		for (k = 0; k < 16; k++)
			dev_wire(d, 0, frame, 128);
		set[0] = (h->c & ((1u << SNIC_FLOW_SETS_LOG2) - 1)) * SNIC_CUCKOO_WAYS;
		set[1] = (1u << SNIC_FLOW_SETS_LOG2 | (h->b & ((1u << SNIC_FLOW_SETS_LOG2) - 1))) *
			 SNIC_CUCKOO_WAYS;
		for (k = 0; k < 2; k++)
			for (s = 0; s < SNIC_CUCKOO_WAYS; s++)
				if (tab->slot[set[k] + s] == id + 1)
					at = set[k] + s;
		to = at < SNIC_CUCKOO_SLOTS(SNIC_FLOW_SETS_LOG2) / 2 ? set[1] + i % 4 : set[0] + i % 4;
		/* as snic_cuckoo_insert() walks a path: new slot first, then the old one is given away */
		tab->slot[to] = id + 1;
		tab->ck.write(tab, to >= SNIC_CUCKOO_SLOTS(SNIC_FLOW_SETS_LOG2) / 2,
			      to / 4 & ((1u << SNIC_FLOW_SETS_LOG2) - 1), to % 4, id);
		tab->slot[at] = 0;
		tab->ck.write(tab, at >= SNIC_CUCKOO_SLOTS(SNIC_FLOW_SETS_LOG2) / 2,
			      at / 4 & ((1u << SNIC_FLOW_SETS_LOG2) - 1), at % 4, SNIC_ID_NONE);
		dev_run_ns(d, 137);
	}
	dev_run_ns(d, 20000);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_FLOW_EXACT), 120 * 16);
	CU_ASSERT_EQUAL(d->rx_count[1], 120 * 16);
	dev_close(d);
}

/* Flow i of the full table is told by its source port; its mark is i. */
static unsigned int full_wrong;

static void full_rx(struct dev *d, unsigned int func, unsigned int queue, const struct snic_pmd_rx *rx)
{
	(void)d;
	(void)func;
	(void)queue;
	full_wrong +=
		snic_bits_get(rx->cpl, SNIC_F(RX_CPL, FLOWHIT)) != SNIC_HIT_EXACT ||
		snic_bits_get(rx->cpl, SNIC_F(RX_CPL, MARK)) != ((__u64)rx->data[34] << 8 | rx->data[35]);
}

static void full_send(struct dev *d, uint8_t *frame, unsigned int flow)
{
	frame[34] = (uint8_t)(flow >> 8);
	frame[35] = (uint8_t)flow;
	dev_wire(d, 0, frame, 128);
}

static unsigned int slot_writes;

static void count_write(void *ctx, u32 table, u32 set, u32 way, u32 id)
{
	struct snic_flowtab *tab = ctx;
	u32 tag = snic_hash_tag(&tab->hash[id == SNIC_ID_NONE ? 0 : id], table);

	slot_writes++;
	snic_flowop_go(tab->op, SNIC_FLOP_SLOT_SET, table << (SNIC_FLOW_SETS_LOG2 + 3) | set << 3 | way,
		       snic_flowop_slot(id, tag));
}

/*
 * Every entry gets used, with flows that are in already arriving meanwhile: near the end the driver must move entries
 * to make room, and none of them may be missed. Then each is found, and the next is refused.
 */
static void test_full(void)
{
	enum { BATCH = 1024, N = SNIC_FLOW_ENTRIES };
	struct dev *d = open_vfs(1);
	struct snic_flow_key *keys = calloc(N + 1, sizeof(*keys));
	struct snic_actions *acts = calloc(N + 1, sizeof(*acts));
	uint32_t *ids = calloc(N + 1, sizeof(*ids));
	uint64_t t0, cycles, rnd = cu_seed();
	struct snic_ref_parse p;
	struct snic_flow_stats st;
	uint8_t frame[256];
	unsigned int i, k, sent = 0;

	CU_ASSERT_FATAL(keys && acts && ids);
	d->no_score = true;
	d->on_rx = full_rx;
	d->pmd->flowtab.ck.write = count_write;
	full_wrong = slot_writes = 0;
	dev_frame(d, frame, SNIC_VPORT_WIRE0, 1, 1, ENCAP_NONE, 128);
	frame[36] = 0;
	frame[37] = 1; /* destination port; the UDP checksum is wrong then, which matters to nobody here */
	snic_ref_parse(frame, 128, SNIC_VPORT_WIRE0, &p);
	for (i = 0; i <= N; i++) {
		keys[i] = p.key;
		snic_key_set(&keys[i], SNIC_K(SPORT), i & 0xffff);
		snic_key_set(&keys[i], SNIC_K(DPORT), 1 + (i >> 16));
		acts[i].a[0] = ACT(MARK, i & 0xffff);
	}
	t0 = snic_pmd_time(d->pmd);
	for (i = 0; i < N; i += BATCH) {
		for (k = 0; i && k < 60; k++, sent++)
			full_send(d, frame, (unsigned int)(cu_rand(&rnd) >> 20) % i);
		CU_ASSERT_EQUAL_FATAL(snic_pmd_flow_add(d->pmd, keys + i, acts + i, ids + i, BATCH), BATCH);
		dev_run_ns(d, 100);
	}
	cycles = snic_pmd_time(d->pmd) - t0;
	printf("    %u inserts, %u moves: %.1f cycles each, %.1f M/s at 400 MHz\n", N, slot_writes - N,
	       (double)cycles / N, 400.0 * N / (double)cycles);
	CU_ASSERT(slot_writes > N);
	CU_ASSERT(cycles < 60ull * N);
	CU_ASSERT_EQUAL(snic_pmd_flow_add(d->pmd, keys + i, acts + i, ids + i, 1), -ENOSPC);
	CU_ASSERT_EQUAL(snic_pmd_flow_add(d->pmd, keys + 5, acts, ids + i, 1), -EEXIST);
	for (i = 0; i < N; i++, sent++)
		full_send(d, frame, i);
	dev_run_ns(d, 10000);
	CU_ASSERT_EQUAL(full_wrong, 0);
	CU_ASSERT_EQUAL(d->rx_count[1], sent);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_FLOW_EXACT), sent);
	/* one out, one in */
	CU_ASSERT_EQUAL(snic_pmd_flow_query(d->pmd, &ids[257], &st, 1), 1);
	CU_ASSERT(st.packets >= 1 && st.bytes == 128 * st.packets);
	CU_ASSERT_EQUAL(snic_pmd_flow_del(d->pmd, &ids[257], 1), 1);
	CU_ASSERT_EQUAL(snic_pmd_flow_add(d->pmd, keys + N, acts + N, ids + N, 1), 1);
	CU_ASSERT_EQUAL(snic_pmd_flow_query(d->pmd, &ids[N], &st, 1), 1);
	CU_ASSERT_EQUAL(st.packets, 0);
	/* all out in one batch: posted writes that the card works off for milliseconds, and the read behind them waits */
	ids[257] = ids[N];
	t0 = snic_pmd_time(d->pmd);
	CU_ASSERT_EQUAL(snic_pmd_flow_del(d->pmd, ids, N), N);
	cycles = snic_pmd_time(d->pmd) - t0;
	printf("    %u deletes in one batch: %.1f cycles each\n", N, (double)cycles / N);
	CU_ASSERT(cycles < 30ull * N);
	full_send(d, frame, 5);
	dev_run_ns(d, 10000);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_FLOW_EXACT), sent);
	free(keys);
	free(acts);
	free(ids);
	dev_close(d);
}

/* Masked rules of several masks and priorities, equal ones too; first the search, then the cache; exact goes before. */
static void test_rules(void)
{
	struct dev *d = open_vfs(4);
	struct snic_flow_key key[6], mask[6];
	uint8_t frame[512];
	unsigned int i, k, r;
	size_t len;
	uint32_t id;
	struct snic_flow_stats st;
	uint64_t search, rule;

	dev_flag(d, 4, SNIC_MASK(FT_FLAGS, UPLINK1), true); /* and 1 on port 0 */
	memset(key, 0, sizeof(key));
	memset(mask, 0, sizeof(mask));
	for (r = 0; r < 6; r++) {
		static const unsigned int bits[] = { 1, 3, 7, 2, 4, 5 };

		snic_key_set(&mask[r], SNIC_K(SPORT), bits[r]);
		snic_key_set(&key[r], SNIC_K(SPORT), bits[r]);
	}
	id = dev_rule(d, &key[0], &mask[0], 10, (struct snic_actions){ { ACT(MARK, 100), ACT(FWD, 2) } });
	dev_rule(d, &key[1], &mask[1], 20, (struct snic_actions){ { ACT(MARK, 101), ACT(MIRROR, 4) } });
	dev_rule(d, &key[2], &mask[2], 5, (struct snic_actions){ { ACT(MARK, 102), ACT(DROP, 0) } });
	dev_rule(d, &key[3], &mask[3], 10, (struct snic_actions){ { ACT(MARK, 103), ACT(FWD, 3) } });
	dev_rule(d, &key[4], &mask[4], 65535, (struct snic_actions){ { ACT(MARK, 104), ACT(COUNT, 3) } });
	for (k = 0; k < 4; k++) {
		for (i = 0; i < 100; i++) {
			len = dev_frame(d, frame, SNIC_VPORT_WIRE0, i & 1 ? 4 : 1, i,
					i & 1 ? ENCAP_NONE : ENCAP_VXLAN, 200);
			dev_wire(d, i & 1, frame, len);
		}
		dev_settle(d);
		if (!k) {
			search = dev_stat(d, SNIC_STAT_FLOW_SEARCH);
			CU_ASSERT(search >= 100);
		}
	}
	/* the later rounds hit what the first had brought into the cache; a few keys may share a set */
	search = dev_stat(d, SNIC_STAT_FLOW_SEARCH);
	CU_ASSERT(search < 140);
	CU_ASSERT_EQUAL(search + dev_stat(d, SNIC_STAT_FLOW_CACHE), 400);
	rule = dev_stat(d, SNIC_STAT_FLOW_RULE);
	CU_ASSERT(rule > 0 && rule < search);
	CU_ASSERT_EQUAL(snic_pmd_rule_query(d->pmd, id, &st), 0);
	CU_ASSERT(st.packets > 0 && st.packets % 4 == 0 && st.last_seen > 0);
	/* a better rule: the cached answers die */
	dev_rule(d, &key[5], &mask[5], 30, (struct snic_actions){ { ACT(MARK, 105), ACT(FWD, 0) } });
	/* and an exact entry goes before all of them */
	len = dev_frame(d, frame, SNIC_VPORT_WIRE0, 4, 1, ENCAP_NONE, 200);
	dev_flow(d, frame, len, SNIC_VPORT_WIRE1, (struct snic_actions){ { ACT(MARK, 999) } });
	for (i = 0; i < 100; i++) {
		len = dev_frame(d, frame, SNIC_VPORT_WIRE0, i & 1 ? 4 : 1, i,
				i & 1 ? ENCAP_NONE : ENCAP_VXLAN, 200);
		dev_wire(d, i & 1, frame, len);
	}
	dev_settle(d);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_FLOW_EXACT), 1);
	dev_close(d);
}

/* The same masked key under all masks: every one is found, the best wins, and as they go the next takes over. */
static void test_same_masked_key(void)
{
	struct dev *d = open_vfs(1);
	struct snic_flow_key key = { { 0 } }, mask[SNIC_RULE_MASKS] = { { { 0 } } };
	uint32_t id[SNIC_RULE_MASKS];
	struct snic_flow_stats st;
	uint8_t frame[256];
	size_t len = dev_frame(d, frame, SNIC_VPORT_WIRE0, 1, 0, ENCAP_NONE, 128);
	int i;

	d->no_score = true;
	snic_key_set(&key, SNIC_K(ETHERTYPE), 0x0800);
	for (i = 0; i < SNIC_RULE_MASKS; i++) {
		/* TUN_SIP is 0 here: what the mask says of it changes nothing of the masked key */
		snic_key_set(&mask[i], SNIC_K(ETHERTYPE), 0xffff);
		mask[i].dw[SNIC_KEY_TUN_SIP_LSB / 32] = (1u << i) - 1;
		CU_ASSERT_EQUAL_FATAL(snic_pmd_rule_add(d->pmd, &key, &mask[i], (uint16_t)i,
							&(struct snic_actions){ { ACT(MARK, i + 1) } },
							&id[i]),
				      0);
	}
	for (i = SNIC_RULE_MASKS - 1; i >= 0; i--) {
		dev_wire(d, 0, frame, len);
		dev_run_ns(d, 3000);
		CU_ASSERT_EQUAL(snic_pmd_rule_query(d->pmd, id[i], &st), 0);
		CU_ASSERT_EQUAL(st.packets, 1);
		CU_ASSERT_EQUAL(snic_pmd_rule_del(d->pmd, id[i]), 0);
	}
	dev_wire(d, 0, frame, len);
	dev_run_ns(d, 3000);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_FLOW_RULE), SNIC_RULE_MASKS);
	CU_ASSERT_EQUAL(d->rx_count[1], SNIC_RULE_MASKS + 1);
	dev_close(d);
}

static const struct cu_test tests[] = {
	{ "flow", "actions", test_actions },
	{ "flow", "last_seen", test_last_seen },
	{ "flow", "reads_under_traffic", test_reads_under_traffic },
	{ "flow", "churn_under_traffic", test_churn },
	{ "flow", "move_under_traffic", test_move },
	{ "flow", "full_table", test_full },
	{ "rules", "priorities_and_cache", test_rules },
	{ "rules", "same_masked_key", test_same_masked_key },
	{ 0 },
};

int main(int argc, char **argv)
{
	return cu_main(argc, argv, tests);
}
