/* SPDX-License-Identifier: BSD-2-Clause */
#include "score.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUCKETS (1u << 15)
#define NO_ENTRY UINT32_MAX
#define MAX_COPIES (SNIC_N_FUNC + SNIC_N_PORT)
#define N_VPORT (SNIC_N_FUNC + SNIC_N_PORT)
#define N_EDGE (N_VPORT * SNIC_Q_PER_FUNC) /* (vport, queue) */

/*
 * An expected copy. It stands in two lists: the chain of its content's hash, where an arriving frame looks it up, and
 * the stream of its (source queue, destination queue), in the order in which the device must deliver. Flooded frames
 * are a stream of their own: they may be late, but in order.
 */
struct entry {
	struct score_copy c;
	uint64_t hash;
	uint32_t chain_next, stream_next;
	uint32_t stream;
	size_t data_room;
	bool to_host;
	bool alone;   /* the only copy of its frame, and the frame is not in totals.dropped */
	bool dropped; /* the frame is in totals.dropped */
};

struct stream {
	uint64_t key;
	uint32_t head, tail;
};

struct score {
	struct snic_ref *ref;
	struct score_totals totals;
	struct entry *entries;
	uint32_t n_entries, free;
	uint32_t chain[BUCKETS];
	struct stream *streams; /* open addressing by key */
	uint32_t n_streams, stream_mask;
	uint32_t last[MAX_COPIES];
	int n_last;
	struct snic_ref_out out[MAX_COPIES];
	int cause; /* of the last frame offered, 0: it is not dropped */
	const struct score_copy *taken;
	score_lost_fn on_lost;
	void *lost_ctx;
};

static uint64_t content_hash(uint16_t dst, uint8_t queue, const uint8_t *data, size_t len)
{
	const uint64_t k = 0x9fb21c651e98df25ull;
	uint64_t h = ((uint64_t)dst << 32 | (uint64_t)queue << 24 | len) * k, w;
	size_t i;

	for (i = 0; i + 8 <= len; i += 8) {
		memcpy(&w, data + i, 8);
		h = (h ^ w) * k;
		h ^= h >> 29;
	}
	for (w = 0; i < len; i++)
		w = w << 8 | data[i];
	h = (h ^ w) * k;
	return h ^ h >> 32;
}

static void *grow(void *p, size_t n, size_t size)
{
	p = realloc(p, n * size);
	if (!p) {
		fprintf(stderr, "cosnic: out of memory for the scoreboard\n");
		exit(1);
	}
	return p;
}

static uint32_t entry_alloc(struct score *s)
{
	uint32_t i, n;

	if (s->free == NO_ENTRY) {
		n = s->n_entries ? s->n_entries * 2 : 4096;
		s->entries = grow(s->entries, n, sizeof(*s->entries));
		memset(s->entries + s->n_entries, 0, (n - s->n_entries) * sizeof(*s->entries));
		for (i = n; i-- > s->n_entries;) {
			s->entries[i].stream_next = s->free;
			s->free = i;
		}
		s->n_entries = n;
	}
	i = s->free;
	s->free = s->entries[i].stream_next;
	return i;
}

static void streams_rehash(struct score *s)
{
	uint32_t old = s->streams ? s->stream_mask + 1 : 0, n = old ? old * 4 : 1024, i, j;
	struct stream *t = grow(NULL, n, sizeof(*t));
	struct entry *e;

	for (i = 0; i < n; i++)
		t[i] = (struct stream){ UINT64_MAX, NO_ENTRY, NO_ENTRY };
	for (i = 0; i < old; i++) {
		uint32_t at;

		if (s->streams[i].key == UINT64_MAX)
			continue;
		for (j = (uint32_t)(s->streams[i].key * 0x9e3779b97f4a7c15ull >> 40);
		     t[j & (n - 1)].key != UINT64_MAX;)
			j++;
		t[j & (n - 1)] = s->streams[i];
		for (at = s->streams[i].head; at != NO_ENTRY; at = e->stream_next) {
			e = &s->entries[at];
			e->stream = j & (n - 1);
		}
	}
	free(s->streams);
	s->streams = t;
	s->stream_mask = n - 1;
}

static uint32_t stream_find(struct score *s, uint32_t src_edge, uint32_t dst_edge, bool flooded)
{
	uint64_t key = ((uint64_t)src_edge * N_EDGE + dst_edge) * 2 + flooded;
	uint32_t j;

	if (!s->streams || s->n_streams * 2 > s->stream_mask)
		streams_rehash(s);
	for (j = (uint32_t)(key * 0x9e3779b97f4a7c15ull >> 40);; j++) {
		struct stream *t = &s->streams[j & s->stream_mask];

		if (t->key == key)
			return j & s->stream_mask;
		if (t->key == UINT64_MAX) {
			t->key = key;
			s->n_streams++;
			return j & s->stream_mask;
		}
	}
}

static void chain_remove(struct score *s, uint32_t at)
{
	uint32_t *link = &s->chain[s->entries[at].hash % BUCKETS];

	while (*link != at)
		link = &s->entries[*link].chain_next;
	*link = s->entries[at].chain_next;
}

/* Takes the entry out for good; it is the head of its stream. */
static void stream_pop(struct score *s, struct stream *t)
{
	uint32_t at = t->head;
	struct entry *e = &s->entries[at];

	t->head = e->stream_next;
	if (t->head == NO_ENTRY)
		t->tail = NO_ENTRY;
	chain_remove(s, at);
	s->totals.outstanding--;
	e->stream_next = s->free;
	s->free = at;
}

static void lose(struct score *s, struct stream *t)
{
	s->totals.lost++;
	s->totals.lost_alone += s->entries[t->head].alone;
	s->totals.lost_mirrors += s->entries[t->head].dropped;
	if (s->on_lost)
		s->on_lost(s->lost_ctx, &s->entries[t->head].c);
	stream_pop(s, t);
}

static void add_copy(struct score *s, const struct snic_ref_out *o, uint8_t src_queue, uint64_t number,
		     uint64_t time_ps, bool alone, bool dropped)
{
	uint32_t at = entry_alloc(s), *link, st;
	const struct snic_ref_parse *p = o->parse;
	struct entry *e;

	st = stream_find(s, (uint32_t)o->src * SNIC_Q_PER_FUNC + src_queue,
			 (uint32_t)o->vport * SNIC_Q_PER_FUNC + o->queue, o->flooded);
	e = &s->entries[at];
	e->to_host = o->vport < SNIC_N_FUNC;
	e->alone = alone;
	e->dropped = dropped;
	e->c.dst = o->vport;
	e->c.dst_queue = o->queue;
	e->c.len = o->len;
	if (e->data_room < o->len) {
		e->data_room = o->len < 128 ? 128 : o->len;
		e->c.data = grow(e->c.data, e->data_room, 1);
	}
	memcpy(e->c.data, o->data, o->len);
	e->c.number = number;
	e->c.in_ps = time_ps;
	e->c.src_queue = src_queue;
	e->c.rule = o->rule;
	e->c.rss = o->rss;
	e->c.mark = o->mark;
	e->c.flooded = o->flooded;
	e->c.hit = o->hit;
	e->c.vlan_popped = o->vlan_popped;
	e->c.ad = o->ad;
	e->c.tci = o->tci;
	e->c.src = o->src;
	e->c.perr = p->perr;
	e->c.frag = p->frag;
	e->c.l3 = p->l3;
	e->c.l4 = p->l4;
	e->c.tun = p->tun;
	e->c.il3 = p->il3;
	e->c.il4 = p->il4;
	e->c.l3ok = p->l3ok;
	e->c.l4ok = p->l4ok;
	e->c.il3ok = p->il3ok;
	e->c.il4ok = p->il4ok;
	e->hash = content_hash(e->c.dst, e->c.dst_queue, o->data, o->len);
	/* Oldest first in the chain: equal frames are taken in the order in which they went in. */
	for (link = &s->chain[e->hash % BUCKETS]; *link != NO_ENTRY;)
		link = &s->entries[*link].chain_next;
	*link = at;
	e->chain_next = NO_ENTRY;
	e->stream = st;
	e->stream_next = NO_ENTRY;
	if (s->streams[st].tail == NO_ENTRY)
		s->streams[st].head = at;
	else
		s->entries[s->streams[st].tail].stream_next = at;
	s->streams[st].tail = at;
	s->last[s->n_last++] = at;
	s->totals.expected++;
	s->totals.outstanding++;
}

int score_offer(struct score *s, uint16_t src_vport, uint8_t src_queue, const uint8_t *frame, size_t len,
		uint64_t number, uint64_t time_ps)
{
	int cause = 0, n, i;
	bool dropped;

	n = snic_ref_packet(s->ref, src_vport, frame, len, false, s->out, MAX_COPIES, &cause);
	s->totals.offered++;
	s->n_last = 0;
	/* a mirror's copy goes on when a rule drops the frame, or nobody is there for it */
	dropped = cause > 0 && cause < SCORE_N_CAUSES &&
		  (!n || cause == SNIC_STAT_DROP_FLOW || cause == SNIC_STAT_DROP_NO_MATCH);
	s->cause = dropped ? cause : 0;
	if (dropped)
		s->totals.dropped[cause]++;
	for (i = 0; i < n; i++)
		add_copy(s, &s->out[i], src_queue, number, time_ps, n == 1 && !dropped, dropped);
	return n;
}

void score_restamp(struct score *s, uint64_t time_ps)
{
	int i;

	for (i = 0; i < s->n_last; i++)
		s->entries[s->last[i]].c.in_ps = time_ps;
}

static bool mismatch(struct score *s, const struct entry *e, const char *field, uint64_t want, uint64_t got)
{
	if (!s->totals.mismatched++)
		snprintf(s->totals.first, sizeof(s->totals.first),
			 "packet %llu to %s %u queue %u: %s: expected 0x%llx, got 0x%llx",
			 (unsigned long long)e->c.number, e->to_host ? "function" : "port",
			 e->to_host ? e->c.dst : e->c.dst - SNIC_VPORT_WIRE0, e->c.dst_queue, field,
			 (unsigned long long)want, (unsigned long long)got);
	return false;
}

/*
 * How well an expected copy explains a frame that nobody expected there: 3 the same bytes, somewhere else; 2 due at that
 * queue; 1 due at another queue of that function; 0 not at all.
 */
static int likeness(const struct entry *e, uint16_t dst, uint8_t queue, int src, const uint8_t *data,
		    size_t len)
{
	if (e->c.len == len && !memcmp(e->c.data, data, len))
		return 3;
	if (e->c.dst != dst || (src >= 0 && e->c.src != src))
		return 0;
	return e->c.dst_queue == queue ? 2 : 1;
}

/* A frame that nothing asked for: say how it differs from the most like of those that are due next. */
static bool unexpected(struct score *s, uint16_t dst, uint8_t queue, int src, const uint8_t *data, size_t len)
{
	const struct entry *e, *best = NULL;
	int like, best_like = 0;
	char field[40];
	uint32_t i, j;

	if (s->totals.mismatched) {
		s->totals.mismatched++;
		return false;
	}
	for (i = 0; s->streams && i <= s->stream_mask; i++) {
		if (s->streams[i].head == NO_ENTRY)
			continue;
		e = &s->entries[s->streams[i].head];
		like = likeness(e, dst, queue, src, data, len);
		if (like > best_like || (like && like == best_like && e->c.number < best->c.number)) {
			best = e;
			best_like = like;
		}
	}
	if (best && best->c.dst != dst)
		return mismatch(s, best, "destination", best->c.dst, dst);
	if (best && best->c.dst_queue != queue)
		return mismatch(s, best, "queue", best->c.dst_queue, queue);
	if (best && best_like == 3)
		return mismatch(s, best, "SRC", best->c.src, (uint64_t)src);
	if (best && best->c.len != len)
		return mismatch(s, best, "length", best->c.len, len);
	for (j = 0; best && j < len; j++) {
		if (best->c.data[j] != data[j]) {
			snprintf(field, sizeof(field), "byte %u", j);
			return mismatch(s, best, field, best->c.data[j], data[j]);
		}
	}
	snprintf(s->totals.first, sizeof(s->totals.first),
		 "%s %u queue %u: a frame of %zu bytes came out that nothing asked for",
		 dst < SNIC_N_FUNC ? "function" : "port", dst < SNIC_N_FUNC ? dst : dst - SNIC_VPORT_WIRE0,
		 queue, len);
	s->totals.mismatched++;
	return false;
}

static uint32_t find(const struct score *s, uint16_t dst, uint8_t queue, int src, const uint8_t *data,
		     size_t len)
{
	uint64_t hash = content_hash(dst, queue, data, len);
	uint32_t at;

	for (at = s->chain[hash % BUCKETS]; at != NO_ENTRY; at = s->entries[at].chain_next) {
		const struct entry *e = &s->entries[at];

		if (e->hash == hash && e->c.dst == dst && e->c.dst_queue == queue && e->c.len == len &&
		    (src < 0 || e->c.src == src) && !memcmp(e->c.data, data, len))
			return at;
	}
	return NO_ENTRY;
}

/* The entry has come out: what stood before it in its stream has not, and can not any more. */
static void settle(struct score *s, uint32_t at)
{
	struct stream *t = &s->streams[s->entries[at].stream];

	while (t->head != at)
		lose(s, t);
	stream_pop(s, t);
}

static bool check_fields(struct score *s, const struct entry *e, const __u64 cpl[2])
{
	const struct {
		const char *name;
		uint64_t want, got;
	} fields[] = {
#define FIELD(F, v) { #F, v, snic_bits_get(cpl, SNIC_F(RX_CPL, F)) }
		FIELD(LEN, e->c.len),	  FIELD(SRC, e->c.src),
		FIELD(RSS, e->c.rss),	  FIELD(MARK, e->c.mark),
		FIELD(PERR, e->c.perr),	  FIELD(VLAN, e->c.vlan_popped),
		FIELD(AD, e->c.ad),	  FIELD(TCI, e->c.vlan_popped ? e->c.tci : 0),
		FIELD(L3, e->c.l3),	  FIELD(L4, e->c.l4),
		FIELD(TUN, e->c.tun),	  FIELD(IL3, e->c.il3),
		FIELD(IL4, e->c.il4),	  FIELD(L3OK, e->c.l3ok),
		FIELD(L4OK, e->c.l4ok),	  FIELD(IL3OK, e->c.il3ok),
		FIELD(IL4OK, e->c.il4ok), FIELD(FRAG, e->c.frag),
		FIELD(MORE, 0), /* a buffer holds any frame */
#undef FIELD
	};
	uint64_t hit = snic_bits_get(cpl, SNIC_F(RX_CPL, FLOWHIT));
	unsigned int i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (fields[i].want != fields[i].got)
			return mismatch(s, e, fields[i].name, fields[i].want, fields[i].got);
	/* Whether a rule came from the cache is a matter of time, not of what must come out. */
	if (hit == SNIC_HIT_CACHE)
		hit = SNIC_HIT_RULE;
	if (hit != e->c.hit)
		return mismatch(s, e, "FLOWHIT", e->c.hit, hit);
	return true;
}

bool score_host(struct score *s, unsigned int func, unsigned int queue, const uint8_t *data, size_t len,
		const __u64 cpl[2], uint64_t *in_ps)
{
	int src = (int)snic_bits_get(cpl, SNIC_F(RX_CPL, SRC));
	uint32_t at = find(s, (uint16_t)func, (uint8_t)queue, src, data, len);
	bool ok;

	s->totals.compared++;
	s->taken = NULL;
	if (at == NO_ENTRY)
		return unexpected(s, (uint16_t)func, (uint8_t)queue, src, data, len);
	ok = check_fields(s, &s->entries[at], cpl);
	*in_ps = s->entries[at].c.in_ps;
	s->taken = &s->entries[at].c;
	settle(s, at);
	return ok;
}

bool score_wire(struct score *s, unsigned int port, const uint8_t *data, size_t len, uint64_t *in_ps,
		uint16_t *src_vport)
{
	uint16_t dst = (uint16_t)(SNIC_VPORT_WIRE0 + port);
	uint32_t at = find(s, dst, 0, -1, data, len);

	s->totals.compared++;
	s->taken = NULL;
	if (at == NO_ENTRY)
		return unexpected(s, dst, 0, -1, data, len);
	*in_ps = s->entries[at].c.in_ps;
	s->taken = &s->entries[at].c;
	*src_vport = s->entries[at].c.src;
	settle(s, at);
	return true;
}

int score_cause(const struct score *s)
{
	return s->cause;
}

const struct score_copy *score_taken(const struct score *s)
{
	return s->taken;
}

void score_on_lost(struct score *s, score_lost_fn fn, void *ctx)
{
	s->on_lost = fn;
	s->lost_ctx = ctx;
}

void score_finish(struct score *s)
{
	uint32_t i;

	for (i = 0; s->streams && i <= s->stream_mask; i++) {
		while (s->streams[i].head != NO_ENTRY)
			lose(s, &s->streams[i]);
	}
}

const struct score_totals *score_totals(const struct score *s)
{
	return &s->totals;
}

struct score *score_create(struct snic_ref *ref)
{
	struct score *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->ref = ref;
	s->free = NO_ENTRY;
	memset(s->chain, 0xff, sizeof(s->chain));
	return s;
}

void score_destroy(struct score *s)
{
	uint32_t i;

	if (!s)
		return;
	for (i = 0; i < s->n_entries; i++)
		free(s->entries[i].c.data);
	free(s->entries);
	free(s->streams);
	free(s);
}
