/* SPDX-License-Identifier: BSD-2-Clause */
/* The scoreboard must pass what is right, and find each thing that can be wrong with what comes out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cu_main.h"
#include "score.h"

#define FUNCS 24 /* functions 1..24, each with eight queues */
#define MAX_COPIES 32
#define W0 SNIC_VPORT_WIRE0

/* One copy as the device would deliver it. */
struct copy {
	uint16_t vport;
	uint8_t queue;
	uint8_t data[256];
	size_t len;
	uint16_t src;
	__u64 cpl[2];
};

struct bench {
	struct snic_ref *inside,
		*mine; /* configured alike: the scoreboard's, and the one that plays the device */
	struct score *s;
	uint64_t number;
};

static void mac(unsigned int func, uint8_t m[6])
{
	memset(m, 0, 6);
	m[0] = 2;
	m[5] = (uint8_t)func;
}

static struct snic_ref *configured(void)
{
	struct snic_ref_func fn = { .enabled = true,
				    .flags = SNIC_MASK(FT_FLAGS, ENABLE) | SNIC_MASK(FT_FLAGS, BCAST),
				    .rx_buf = 2048 };
	struct snic_actions mark = { { SNIC_ACTION(SNIC_ACT_MARK, 0x123), 0, 0, 0 } };
	struct snic_flow_key key = { { 0 } }, mask = { { 0 } };
	struct snic_ref *r = snic_ref_create();
	uint8_t rss[40];
	unsigned int i;

	CU_ASSERT_PTR_NOT_NULL_FATAL(r);
	for (i = 0; i < sizeof(rss); i++)
		rss[i] = (uint8_t)(i * 37 + 11);
	snic_ref_set_rss_key(r, rss);
	for (i = 0; i < SNIC_RSS_INDIR; i++)
		fn.indir[i] = i % SNIC_Q_PER_FUNC;
	for (i = 1; i <= FUNCS; i++) {
		mac(i, fn.mac);
		snic_ref_set_func(r, i, &fn);
		snic_ref_set_member(r, 0, i, true);
		snic_ref_mac_add(r, fn.mac, 0, (uint16_t)i);
	}
	/* Frames to UDP port 7 meet a rule. */
	snic_key_set(&mask, SNIC_K(DPORT), 0xffff);
	snic_key_set(&key, SNIC_K(DPORT), 7);
	snic_ref_rule_add(r, &key, &mask, 1, &mark);
	return r;
}

static struct bench begin(void)
{
	struct bench b = { .inside = configured(), .mine = configured() };

	b.s = score_create(b.inside);
	CU_ASSERT_PTR_NOT_NULL_FATAL(b.s);
	return b;
}

static void end(struct bench *b)
{
	score_destroy(b->s);
	snic_ref_destroy(b->inside);
	snic_ref_destroy(b->mine);
}

/* IPv4 and UDP, 64 bytes and more; `tag` makes it one of its kind and spreads it over queues. */
static size_t make(uint8_t *f, unsigned int dst, unsigned int dport, uint32_t tag)
{
	static const uint8_t headers[42] = { 0, 0, 0,	 0, 0, 0,  2, 9, 9, 9, 9,  9,
					     8, 0, 0x45, 0, 0, 50, 0, 0, 0, 0, 64, 17 };
	size_t len = 64 + tag % 100, i;

	memcpy(f, headers, sizeof(headers));
	mac(dst, f);
	memcpy(f + 26, &tag, 4);
	f[37] = (uint8_t)dport;
	f[39] = 30;
	for (i = sizeof(headers); i < len; i++)
		f[i] = (uint8_t)(tag + i);
	return len;
}

static void complete(struct copy *c, const struct snic_ref_out *o)
{
	const struct snic_ref_parse *p = o->parse;

	c->vport = o->vport;
	c->queue = o->queue;
	c->len = o->len;
	c->src = o->src;
	memcpy(c->data, o->data, o->len);
	memset(c->cpl, 0, sizeof(c->cpl));
#define SET(F, v) snic_bits_set(c->cpl, SNIC_F(RX_CPL, F), v)
	SET(LEN, o->len);
	SET(SRC, o->src);
	SET(RSS, o->rss);
	SET(MARK, o->mark);
	SET(FLOWHIT, o->hit);
	SET(PERR, p->perr);
	SET(VLAN, o->vlan_popped);
	SET(AD, o->ad);
	SET(TCI, o->tci);
	SET(L3, p->l3);
	SET(L4, p->l4);
	SET(TUN, p->tun);
	SET(IL3, p->il3);
	SET(IL4, p->il4);
	SET(L3OK, p->l3ok);
	SET(L4OK, p->l4ok);
	SET(IL3OK, p->il3ok);
	SET(IL4OK, p->il4ok);
#undef SET
}

/* Offers a frame at time 1000 * its number and says what the device would deliver. */
static int offer_frame(struct bench *b, uint16_t src, uint8_t src_queue, const uint8_t *f, size_t len,
		       struct copy *c)
{
	struct snic_ref_out out[MAX_COPIES];
	int n, i, cause;

	n = snic_ref_packet(b->mine, src, f, len, false, out, MAX_COPIES, &cause);
	for (i = 0; i < n; i++)
		complete(&c[i], &out[i]);
	CU_ASSERT_EQUAL(score_offer(b->s, src, src_queue, f, len, b->number, 1000 * b->number), n);
	b->number++;
	return n;
}

/* One frame to one function. */
static struct copy offer(struct bench *b, uint16_t src, unsigned int dst, unsigned int dport, uint32_t tag)
{
	struct copy c[MAX_COPIES];
	uint8_t f[256];
	size_t len = make(f, dst, dport, tag);

	CU_ASSERT_EQUAL_FATAL(offer_frame(b, src, 0, f, len, c), 1);
	return c[0];
}

static bool deliver(struct bench *b, const struct copy *c, uint64_t *in_ps)
{
	uint16_t src = UINT16_MAX;

	if (c->vport >= W0)
		return score_wire(b->s, c->vport - W0, c->data, c->len, in_ps, &src) && src == c->src;
	return score_host(b->s, c->vport, c->queue, c->data, c->len, c->cpl, in_ps);
}

static bool arrives(struct bench *b, const struct copy *c, uint64_t number)
{
	uint64_t in_ps = 0;

	return deliver(b, c, &in_ps) && in_ps == 1000 * number;
}

/* Refused, counted once more, and the first report holds this text. */
static bool refused(struct bench *b, const struct copy *c, const char *says)
{
	uint64_t before = score_totals(b->s)->mismatched, in_ps;
	bool ok = !deliver(b, c, &in_ps) && score_totals(b->s)->mismatched == before + 1 &&
		  strstr(score_totals(b->s)->first, says);

	if (!ok)
		printf("    expected \"%s\", reported \"%s\"\n", says, score_totals(b->s)->first);
	return ok;
}

/* Right copies, the streams out of step with each other but each in order: nothing to report. */
static void right(void)
{
	enum { N = 2000 };
	static struct copy c[N];
	static uint64_t number[N];
	unsigned int next[FUNCS + 1][SNIC_Q_PER_FUNC] = { { 0 } }, i, k, left = N;
	uint64_t rng = cu_seed();
	struct bench b = begin();

	for (i = 0; i < N; i++) {
		number[i] = b.number;
		c[i] = offer(&b, W0, 1 + (unsigned int)(cu_rand(&rng) % FUNCS), i % 9, i);
	}
	CU_ASSERT_EQUAL(score_totals(b.s)->outstanding, N);
	while (left) {
		unsigned int f = 1 + (unsigned int)(cu_rand(&rng) % FUNCS),
			     q = (unsigned int)(cu_rand(&rng) % SNIC_Q_PER_FUNC);

		for (k = next[f][q]; k < N && (c[k].vport != f || c[k].queue != q); k++)
			;
		next[f][q] = k + 1;
		if (k < N) {
			CU_ASSERT(arrives(&b, &c[k], number[k]));
			left--;
		}
	}
	score_finish(b.s);
	CU_ASSERT_EQUAL(score_totals(b.s)->offered, N);
	CU_ASSERT_EQUAL(score_totals(b.s)->expected, N);
	CU_ASSERT_EQUAL(score_totals(b.s)->compared, N);
	CU_ASSERT_EQUAL(score_totals(b.s)->mismatched, 0);
	CU_ASSERT_EQUAL(score_totals(b.s)->lost, 0);
	CU_ASSERT_EQUAL(score_totals(b.s)->outstanding, 0);
	CU_ASSERT_STRING_EQUAL(score_totals(b.s)->first, "");
	end(&b);
}

/* Every (source, source queue) to every function, all under way: the table of streams grows twice. */
static void many_streams(void)
{
	enum { N = FUNCS * SNIC_Q_PER_FUNC * (FUNCS - 1) };
	struct copy *c = calloc(N, sizeof(*c)), got[MAX_COPIES];
	unsigned int src, q, dst, n = 0, i;
	struct bench b = begin();
	uint8_t f[256];

	CU_ASSERT_PTR_NOT_NULL_FATAL(c);
	for (src = 1; src <= FUNCS; src++) {
		for (q = 0; q < SNIC_Q_PER_FUNC; q++) {
			for (dst = 1; dst <= FUNCS; dst++) {
				if (dst == src)
					continue;
				CU_ASSERT_EQUAL(offer_frame(&b, (uint16_t)src, (uint8_t)q, f,
							    make(f, dst, 1, n), got),
						1);
				c[n++] = got[0];
			}
		}
	}
	for (i = n; i-- > 0;)
		CU_ASSERT(arrives(&b, &c[i], i));
	CU_ASSERT_EQUAL(score_totals(b.s)->lost, 0);
	free(c);
	end(&b);
}

static void wrong_bytes(void)
{
	struct bench b = begin();
	struct copy one = offer(&b, W0, 1, 1, 5), two = offer(&b, W0, 2, 1, 6), bad = two;

	bad.data[50] ^= 0x10;
	CU_ASSERT(refused(&b, &bad, "packet 1 to function 2 queue"));
	CU_ASSERT(refused(&b, &bad, "byte 50: expected 0x38, got 0x28"));
	CU_ASSERT(arrives(&b, &one, 0));
	score_finish(b.s);
	CU_ASSERT_EQUAL(score_totals(b.s)->mismatched, 2);
	CU_ASSERT_EQUAL(score_totals(b.s)->lost, 1);
	end(&b);
}

/* A damaged frame is told from what is due at its own queue, not from an older one for another. */
static void wrong_byte_among_queues(void)
{
	struct bench b = begin();
	struct copy older = offer(&b, W0, 1, 1, 0), c = older;
	uint32_t tag;

	for (tag = 1; c.queue == older.queue; tag++)
		c = offer(&b, W0, 1, 1, tag);
	c.data[60]++;
	CU_ASSERT(refused(&b, &c, "byte 60"));
	end(&b);
}

static void wrong_length(void)
{
	struct bench b = begin();
	struct copy c = offer(&b, W0, 1, 1, 5);

	c.len--;
	CU_ASSERT(refused(&b, &c, "length: expected 0x45, got 0x44"));
	end(&b);
}

static void wrong_place(void)
{
	struct bench b = begin();
	struct copy c = offer(&b, W0, 1, 1, 5), bad = c;

	bad.queue ^= 1;
	CU_ASSERT(refused(&b, &bad, "packet 0 to function 1"));
	CU_ASSERT(refused(&b, &bad, ": queue: expected"));
	end(&b);
	b = begin();
	bad = offer(&b, W0, 1, 1, 5);
	bad.vport = 2;
	CU_ASSERT(refused(&b, &bad, "destination: expected 0x1, got 0x2"));
	end(&b);
	b = begin();
	bad = offer(&b, W0, 1, 1, 5);
	bad.vport = W0 + 1;
	CU_ASSERT(refused(&b, &bad, "destination: expected 0x1, got 0x101"));
	end(&b);
}

/* Each field of a completion, each of its bits. */
static void wrong_fields(void)
{
	static const struct {
		const char *name;
		unsigned int lsb, width;
	} fields[] = {
#define DESC(s, d)
#define DESC_FIELD(s, f, lsb, width, why) { #s "." #f, lsb, width },
#include "snic_desc.def"
	};
	unsigned int i, bit, tried = 0;
	char says[40];

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		const char *f = fields[i].name;

		/* reserved bits and the phase are the driver's business */
		if (strncmp(f, "RX_CPL.", 7) || !strncmp(f + 7, "RSVD", 4) || !strcmp(f + 7, "PHASE"))
			continue;
		snprintf(says, sizeof(says), ": %s: expected", f + 7);
		for (bit = 0; bit < fields[i].width; bit++) {
			struct bench b = begin();
			struct copy c = offer(&b, W0, 1, 1, 5);

			c.cpl[(fields[i].lsb + bit) / 64] ^= 1ull << (fields[i].lsb + bit) % 64;
			CU_ASSERT(refused(&b, &c, says));
			end(&b);
			tried++;
		}
	}
	CU_ASSERT(tried > 90);
}

/* A rule's hit may come from the cache; an exact one or none may not be said in its place. */
static void rule_hits(void)
{
	static const struct {
		unsigned int hit;
		bool fine;
	} v[] = { { SNIC_HIT_RULE, true },
		  { SNIC_HIT_CACHE, true },
		  { SNIC_HIT_EXACT, false },
		  { SNIC_HIT_NONE, false } };
	unsigned int i;

	for (i = 0; i < 4; i++) {
		struct bench b = begin();
		struct copy c = offer(&b, W0, 1, 7, 5);

		CU_ASSERT_EQUAL(snic_bits_get(c.cpl, SNIC_F(RX_CPL, MARK)), 0x123);
		snic_bits_set(c.cpl, SNIC_F(RX_CPL, FLOWHIT), v[i].hit);
		CU_ASSERT(v[i].fine ? arrives(&b, &c, 0) : refused(&b, &c, "FLOWHIT: expected 0x3"));
		end(&b);
	}
}

/* Five of one stream, the third does not come: it is lost when the fourth does, the fifth at the end. */
static void loss(void)
{
	struct copy c[5], got[MAX_COPIES];
	struct bench b = begin();
	unsigned int i;
	uint8_t f[256];
	size_t len = make(f, 1, 1, 5);

	for (i = 0; i < 5; i++) {
		f[60] = (uint8_t)i;
		CU_ASSERT_EQUAL_FATAL(offer_frame(&b, W0, 0, f, len, got), 1);
		c[i] = got[0];
		CU_ASSERT_EQUAL(c[i].queue, c[0].queue);
	}
	CU_ASSERT(arrives(&b, &c[0], 0));
	CU_ASSERT(arrives(&b, &c[1], 1));
	CU_ASSERT_EQUAL(score_totals(b.s)->lost, 0);
	CU_ASSERT(arrives(&b, &c[3], 3));
	CU_ASSERT_EQUAL(score_totals(b.s)->lost, 1);
	CU_ASSERT_EQUAL(score_totals(b.s)->outstanding, 1);
	/* The third after the fourth is not late but out of order, and what comes twice was not asked for. */
	CU_ASSERT(refused(&b, &c[2], ""));
	CU_ASSERT(refused(&b, &c[3], ""));
	score_finish(b.s);
	CU_ASSERT_EQUAL(score_totals(b.s)->lost, 2);
	CU_ASSERT_EQUAL(score_totals(b.s)->lost_alone, 2);
	CU_ASSERT_EQUAL(score_totals(b.s)->outstanding, 0);
	CU_ASSERT_EQUAL(score_totals(b.s)->compared, 5);
	CU_ASSERT_EQUAL(score_totals(b.s)->mismatched, 2);
	end(&b);
}

static void duplicate(void)
{
	struct bench b = begin();
	struct copy c = offer(&b, W0, 1, 1, 5);

	CU_ASSERT(arrives(&b, &c, 0));
	CU_ASSERT(refused(&b, &c, "function 1 queue"));
	CU_ASSERT(refused(&b, &c, "a frame of 69 bytes came out that nothing asked for"));
	end(&b);
}

/* Equal frames are told apart by their order alone. */
static void equal_frames(void)
{
	struct bench b = begin();
	struct copy c = offer(&b, W0, 1, 1, 5);
	unsigned int i;

	offer(&b, W0, 1, 1, 5);
	offer(&b, W0, 1, 1, 5);
	for (i = 0; i < 3; i++)
		CU_ASSERT(arrives(&b, &c, i));
	CU_ASSERT(refused(&b, &c, "nothing asked for"));
	end(&b);
}

/* A broadcast: a copy for each, each checked; the sender's port gets its own without a completion. */
static void copies(void)
{
	struct copy c[MAX_COPIES];
	struct bench b = begin();
	uint8_t f[256];
	size_t len = make(f, 1, 1, 5);
	int i;

	memset(f, 0xff, 6);
	CU_ASSERT_EQUAL_FATAL(offer_frame(&b, 3, 2, f, len, c), FUNCS);
	CU_ASSERT_EQUAL(c[FUNCS - 1].vport, W0);
	for (i = FUNCS - 1; i > 0; i--)
		CU_ASSERT(arrives(&b, &c[i], 0));
	score_finish(b.s);
	CU_ASSERT_EQUAL(score_totals(b.s)->offered, 1);
	CU_ASSERT_EQUAL(score_totals(b.s)->expected, FUNCS);
	CU_ASSERT_EQUAL(score_totals(b.s)->compared, FUNCS - 1);
	CU_ASSERT_EQUAL(score_totals(b.s)->lost, 1);
	CU_ASSERT_EQUAL(score_totals(b.s)->lost_alone, 0);
	end(&b);
}

/* Two senders to one wire port keep their own order only. */
static void wire(void)
{
	struct copy a[2], c[2], got[MAX_COPIES];
	struct bench b = begin();
	uint8_t f[256];
	unsigned int i;

	for (i = 0; i < 2; i++) {
		CU_ASSERT_EQUAL_FATAL(offer_frame(&b, 1, 0, f, make(f, 99, 1, 10 + i), got), 1);
		a[i] = got[0];
		CU_ASSERT_EQUAL_FATAL(offer_frame(&b, 2, 0, f, make(f, 99, 1, 20 + i), got), 1);
		c[i] = got[0];
	}
	CU_ASSERT_EQUAL(a[0].vport, W0);
	CU_ASSERT(arrives(&b, &c[0], 1));
	CU_ASSERT(arrives(&b, &c[1], 3));
	CU_ASSERT(arrives(&b, &a[0], 0));
	CU_ASSERT_EQUAL(score_totals(b.s)->lost, 0);
	a[1].data[63]++;
	CU_ASSERT(refused(&b, &a[1], "packet 2 to port 0 queue 0: byte 63"));
	end(&b);
}

/* What the reference drops is not expected, and counted under its cause. */
static void drops(void)
{
	struct bench b = begin();
	uint8_t f[256];
	struct copy c[MAX_COPIES];
	size_t len = make(f, 99, 1, 5);

	CU_ASSERT_EQUAL(offer_frame(&b, W0, 0, f, len, c), 0);
	CU_ASSERT_EQUAL(offer_frame(&b, W0, 0, f, len, c), 0);
	CU_ASSERT_EQUAL(offer_frame(&b, W0, 0, f, 59, c), 0);
	CU_ASSERT_EQUAL(score_totals(b.s)->dropped[SNIC_STAT_DROP_NO_MATCH], 2);
	CU_ASSERT_EQUAL(score_totals(b.s)->dropped[SNIC_STAT_DROP_RUNT], 1);
	CU_ASSERT_EQUAL(score_totals(b.s)->offered, 3);
	CU_ASSERT_EQUAL(score_totals(b.s)->expected, 0);
	end(&b);
}

static void restamp(void)
{
	struct bench b = begin();
	struct copy first = offer(&b, W0, 1, 1, 5), second = offer(&b, W0, 2, 1, 5);
	uint64_t in_ps = 0;

	score_restamp(b.s, 777);
	CU_ASSERT(deliver(&b, &second, &in_ps));
	CU_ASSERT_EQUAL(in_ps, 777);
	CU_ASSERT(arrives(&b, &first, 0));
	end(&b);
}

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = {
		{ "passes", "right", right },
		{ "passes", "many_streams", many_streams },
		{ "passes", "equal_frames", equal_frames },
		{ "passes", "wire", wire },
		{ "passes", "restamp", restamp },
		{ "passes", "drops", drops },
		{ "finds", "wrong_bytes", wrong_bytes },
		{ "finds", "wrong_byte_among_queues", wrong_byte_among_queues },
		{ "finds", "wrong_length", wrong_length },
		{ "finds", "wrong_place", wrong_place },
		{ "finds", "wrong_fields", wrong_fields },
		{ "finds", "rule_hits", rule_hits },
		{ "finds", "loss", loss },
		{ "finds", "duplicate", duplicate },
		{ "finds", "copies", copies },
		{ NULL, NULL, NULL },
	};

	return cu_main(argc, argv, tests);
}
