/* SPDX-License-Identifier: BSD-2-Clause */
#include "outcap.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advice.h"
#include "cosnic.h"
#include "names.h"
#include "pcapng.h"

#define N_PLACES ((SNIC_N_FUNC + SNIC_N_PORT) * SNIC_Q_PER_FUNC + 1)
#define DROPPED (N_PLACES - 1)
#define NO_INTERFACE UINT32_MAX
#define MAX_COMMENT 400

/* A packet that waits until none of before can come any more. */
struct held {
	uint64_t ps, order;
	struct pcapng_packet p;
	char comment[MAX_COMMENT];
	uint8_t data[];
};

struct outcap {
	struct pcapng *w;
	char *path;
	uint32_t interfaces[N_PLACES];
	struct held **heap; /* the oldest first */
	size_t n, room;
	uint64_t order;
	bool no_memory, any_lost;
};

const char *outcap_vport(char *buf, size_t size, unsigned int vport)
{
	if (vport >= SNIC_N_FUNC)
		snprintf(buf, size, "port%u", vport - SNIC_VPORT_WIRE0);
	else if (vport)
		snprintf(buf, size, "vf%u", vport);
	else
		snprintf(buf, size, "pf");
	return buf;
}

static bool before(const struct held *a, const struct held *b)
{
	return a->ps != b->ps ? a->ps < b->ps : a->order < b->order;
}

static void push(struct outcap *c, struct held *h)
{
	struct held **more;
	size_t at, up;

	if (c->n == c->room) {
		more = realloc(c->heap, (c->room ? 2 * c->room : 256) * sizeof(struct held *));
		if (!more) {
			c->no_memory = true;
			free(h);
			return;
		}
		c->heap = more;
		c->room = c->room ? 2 * c->room : 256;
	}
	for (at = c->n++; at && before(h, c->heap[(at - 1) / 2]); at = up) {
		up = (at - 1) / 2;
		c->heap[at] = c->heap[up];
	}
	c->heap[at] = h;
}

static struct held *pop(struct outcap *c)
{
	struct held *first = c->heap[0], *last = c->heap[--c->n];
	size_t at = 0, down;

	while ((down = 2 * at + 1) < c->n) {
		if (down + 1 < c->n && before(c->heap[down + 1], c->heap[down]))
			down++;
		if (before(last, c->heap[down]))
			break;
		c->heap[at] = c->heap[down];
		at = down;
	}
	c->heap[at] = last;
	return first;
}

static uint32_t interface(struct outcap *c, unsigned int vport, unsigned int queue)
{
	const unsigned int place =
		vport < SNIC_N_FUNC + SNIC_N_PORT ? vport * SNIC_Q_PER_FUNC + queue : DROPPED;
	char name[32], text[64];

	if (c->interfaces[place] != NO_INTERFACE)
		return c->interfaces[place];
	outcap_vport(name, sizeof(name), vport);
	if (place == DROPPED) {
		snprintf(name, sizeof(name), "dropped");
		snprintf(text, sizeof(text),
			 "went in and did not come out, by the time at which they went in");
	} else if (vport >= SNIC_N_FUNC) {
		snprintf(text, sizeof(text), "left by wire port %u", vport - SNIC_VPORT_WIRE0);
	} else {
		snprintf(text, sizeof(text), "received by function %u in queue %u", vport, queue);
		snprintf(name + strlen(name), sizeof(name) - strlen(name), "/q%u", queue);
	}
	c->interfaces[place] = pcapng_interface(c->w, name, text);
	return c->interfaces[place];
}

static struct held *hold(struct outcap *c, const uint8_t *data, size_t len, uint64_t ps)
{
	struct held *h = malloc(sizeof(*h) + len);

	if (!h) {
		c->no_memory = true;
		return NULL;
	}
	memset(h, 0, sizeof(*h));
	memcpy(h->data, data, len);
	h->ps = ps;
	h->order = c->order++;
	h->p = (struct pcapng_packet){
		.ns = ps / 1000, .data = h->data, .len = (uint32_t)len, .id = UINT64_MAX, .queue = -1
	};
	h->p.comment = h->comment;
	return h;
}

static void __attribute__((format(printf, 2, 3))) say(struct held *h, const char *fmt, ...)
{
	const size_t at = strlen(h->comment);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(h->comment + at, sizeof(h->comment) - at, fmt, ap);
	va_end(ap);
}

/* The same in all copies of a frame; one frame of the capture may be sent from two sides. */
static uint64_t packet_id(uint16_t src_vport, uint64_t number)
{
	return (uint64_t)src_vport << 48 | number;
}

/* What the parser made of it. */
struct seen {
	unsigned int l3, l4, l3ok, l4ok, tun, il3, il4, il3ok, il4ok, frag, perr;
};

static void say_layer(struct held *h, const char *in, unsigned int l3, unsigned int l4, unsigned int l3ok,
		      unsigned int l4ok)
{
	if (!l3)
		return;
	say(h, " %sl3=%s", in, names_l3(l3));
	if (l3ok)
		say(h, " %sl3_csum=%s", in, names_csum(l3ok));
	if (l4)
		say(h, " %sl4=%s", in, names_l4(l4));
	if (l4ok)
		say(h, " %sl4_csum=%s", in, names_csum(l4ok));
}

static void say_seen(struct held *h, const struct seen *s)
{
	say_layer(h, "", s->l3, s->l4, s->l3ok, s->l4ok);
	if (s->tun)
		say(h, " tun=%s", names_tun(s->tun));
	say_layer(h, "inner_", s->il3, s->il4, s->il3ok, s->il4ok);
	if (s->frag)
		say(h, " frag=yes");
	if (s->perr)
		say(h, " parse_error=%s", names_perr(s->perr));
}

static void say_flow(struct held *h, unsigned int hit, int rule, uint32_t mark)
{
	say(h, " flow=%s", names_hit(hit));
	if (rule >= 0)
		say(h, " rule=%d", rule);
	if (mark)
		say(h, " mark=0x%x", mark);
}

#define CPL(F) ((unsigned int)snic_bits_get(cpl, SNIC_F(RX_CPL, F)))

static void say_completion(struct held *h, const __u64 *cpl, const struct score_copy *copy)
{
	const struct seen s = {
		.l3 = CPL(L3),
		.l4 = CPL(L4),
		.l3ok = CPL(L3OK),
		.l4ok = CPL(L4OK),
		.tun = CPL(TUN),
		.il3 = CPL(IL3),
		.il4 = CPL(IL4),
		.il3ok = CPL(IL3OK),
		.il4ok = CPL(IL4OK),
		.frag = CPL(FRAG),
		.perr = CPL(PERR),
	};

	say_seen(h, &s);
	say_flow(h, CPL(FLOWHIT), copy ? copy->rule : -1, CPL(MARK));
	if (CPL(VLAN))
		say(h, " popped=%s:0x%04x", CPL(AD) ? "802.1ad" : "802.1q", CPL(TCI));
}

/* A frame on the wire brings no completion: what is said of it is the reference's. */
static void say_reference(struct held *h, const struct score_copy *c)
{
	const struct seen s = {
		.l3 = c->l3,
		.l4 = c->l4,
		.l3ok = c->l3ok,
		.l4ok = c->l4ok,
		.tun = c->tun,
		.il3 = c->il3,
		.il4 = c->il4,
		.il3ok = c->il3ok,
		.il4ok = c->il4ok,
		.frag = c->frag,
		.perr = c->perr,
	};

	say_seen(h, &s);
	say_flow(h, c->hit, c->rule, c->mark);
}

void outcap_delivered(struct outcap *c, uint16_t vport, unsigned int queue, const uint8_t *data, size_t len,
		      const __u64 *cpl, const struct score_copy *copy, uint64_t out_ps)
{
	struct held *h = hold(c, data, len, out_ps);
	char name[16];

	if (!h)
		return;
	h->p.interface = interface(c, vport, queue);
	h->p.out = vport >= SNIC_N_FUNC;
	h->p.id = copy ? packet_id(copy->src, copy->number) : UINT64_MAX;
	if (copy || cpl)
		say(h, "src=%s", outcap_vport(name, sizeof(name), cpl ? CPL(SRC) : copy->src));
	if (copy && copy->src < SNIC_N_FUNC)
		say(h, "/q%u", copy->src_queue);
	if (cpl) {
		h->p.queue = (int)queue;
		h->p.has_hash = true;
		h->p.toeplitz = CPL(RSS);
		say(h, " rss=0x%08x", CPL(RSS));
		say_completion(h, cpl, copy);
	} else if (copy) {
		say_reference(h, copy);
	}
	if (copy)
		say(h, " latency_ns=%.1f frame=%llu",
		    (double)(out_ps > copy->in_ps ? out_ps - copy->in_ps : 0) / 1e3,
		    (unsigned long long)copy->number);
	else
		say(h, "%sunexpected=yes", h->comment[0] ? " " : "");
	push(c, h);
}

void outcap_dropped(struct outcap *c, uint16_t src_vport, const uint8_t *data, size_t len, uint64_t number,
		    uint64_t in_ps, const char *cause)
{
	struct held *h = hold(c, data, len, in_ps);
	char name[16];

	if (!h)
		return;
	h->p.interface = interface(c, UINT16_MAX, 0);
	h->p.id = packet_id(src_vport, number);
	say(h, "src=%s drop=%s frame=%llu", outcap_vport(name, sizeof(name), src_vport), cause,
	    (unsigned long long)number);
	push(c, h);
}

#define LOST "drop=for_want_of_room"
#define LOST_ROOM 160 /* of the word and its blanks: the causes will stand there */

void outcap_lost(struct outcap *c, const struct score_copy *copy)
{
	struct held *h = hold(c, copy->data, copy->len, copy->in_ps);
	char src[16], dst[16];

	if (!h)
		return;
	h->p.interface = interface(c, UINT16_MAX, 0);
	h->p.id = packet_id(copy->src, copy->number);
	say(h, "src=%s dst=%s%s frame=%llu %-*s", outcap_vport(src, sizeof(src), copy->src),
	    outcap_vport(dst, sizeof(dst), copy->dst), copy->flooded ? " flooded=yes" : "",
	    (unsigned long long)copy->number, LOST_ROOM, LOST);
	c->any_lost = true;
	push(c, h);
}

struct causes {
	outcap_cause_fn fn;
	void *ctx;
};

/* The comment of a lost copy says what it may have been lost to. */
static bool name_cause(void *ctx, char *comment, size_t len)
{
	const struct causes *causes = ctx;
	char text[MAX_COMMENT + 1], cause[LOST_ROOM - sizeof("drop=") + 2], *drop;
	struct outcap_lost lost;

	if (len > MAX_COMMENT)
		return false;
	memcpy(text, comment, len);
	text[len] = 0;
	drop = strstr(text, LOST " ");
	if (!drop)
		return false;
	lost.from_wire = strstr(text, "src=port") == text;
	lost.to_wire = strstr(text, "dst=port") != NULL;
	lost.flooded = strstr(text, "flooded=yes") != NULL;
	causes->fn(causes->ctx, &lost, cause, sizeof(cause));
	if (!*cause)
		return false;
	memset(drop, ' ', LOST_ROOM);
	/* NOLINTNEXTLINE(bugprone-not-null-terminated-result): a blank takes the place of the end */
	memcpy(drop + snprintf(drop, LOST_ROOM, "drop=%s", cause), " ", 1);
	memcpy(comment, text, len);
	return true;
}

void outcap_upto(struct outcap *c, uint64_t ps)
{
	struct held *h;

	while (c->n && c->heap[0]->ps < ps) {
		h = pop(c);
		pcapng_write(c->w, &h->p);
		free(h);
	}
}

struct outcap *outcap_open(const char *path, char *err, size_t err_size)
{
	struct outcap *c = calloc(1, sizeof(*c));

	if (!c || !(c->path = strdup(path))) {
		snprintf(err, err_size, "out of memory");
		free(c);
		return NULL;
	}
	memset(c->interfaces, 0xff, sizeof(c->interfaces));
	c->w = pcapng_create(path, err, err_size);
	if (c->w)
		return c;
	free(c->path);
	free(c);
	return NULL;
}

int outcap_close(struct outcap *c, outcap_cause_fn cause, void *ctx)
{
	struct causes causes = { cause, ctx };
	int ret;

	outcap_upto(c, UINT64_MAX);
	if (c->any_lost)
		pcapng_comments(c->w, name_cause, &causes);
	ret = pcapng_close(c->w);
	if (!ret && c->no_memory)
		ret = -ENOMEM;
	if (ret)
		fprintf(stderr, "cosnic: %s: %s; %s another --out-pcap\n", c->path, strerror(-ret),
			advice_write(-ret));
	free(c->heap);
	free(c->path);
	free(c);
	return ret ? EXIT_INPUT : EXIT_OK;
}
