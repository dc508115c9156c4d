/* SPDX-License-Identifier: BSD-2-Clause */
/* The host: memory, requests held to the rules as they come, accesses. */
#include "card.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 4096u
#define FLR_NS 1000000 /* nothing may come in its second half */

const struct card_rule_row card_rules[N_RULES] = {
#define RULE(id, name, text, look) { name, text, look },
#include "rules.def"
#undef RULE
};

void card_breach(struct card *c, enum card_rule rule, const char *fmt, ...)
{
	struct card_breach *b = &c->breach[rule];
	size_t used = 0;
	va_list ap;

	if (b->count++)
		return;
	if (c->sim)
		used = (size_t)snprintf(b->what, sizeof(b->what),
					"at %.3f us: ", (double)c->door->now(c->sim) / 1e6);
	va_start(ap, fmt);
	vsnprintf(b->what + used, sizeof(b->what) - used, fmt, ap);
	va_end(ap);
}

bool card_failed(const struct card *c)
{
	unsigned int i;

	for (i = 0; i < N_RULES; i++)
		if (c->breach[i].count)
			return true;
	return false;
}

/* ---- what comes */

static uint64_t mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * 0x9e3779b97f4a7c15ull;
	return h ^ h >> 29;
}

static uint64_t hash_bytes(uint64_t h, const uint8_t *p, size_t n)
{
	uint64_t w;

	for (; n >= 8; n -= 8, p += 8) {
		memcpy(&w, p, 8);
		h = mix(h, w);
	}
	w = n;
	memcpy(&w, p, n);
	return mix(h, w ^ (uint64_t)n << 56);
}

static void note(struct card *c, uint64_t a, uint64_t b)
{
	c->last_ps = c->door->now(c->sim);
	c->hash = mix(mix(mix(c->hash, c->last_ps), a), b);
}

/* A request of this function is in order as far as the function goes. */
static void check_func(struct card *c, unsigned int func, const char *what)
{
	const uint64_t now = c->door->now(c->sim);

	if (func > c->door->desc.total_vfs) {
		card_breach(c, RULE_FUNCTION, "%s of function %u; the card has 0 to %u", what, func,
			    c->door->desc.total_vfs);
		return;
	}
	if (c->master[func] || (c->off_ps[func] != UINT64_MAX && now <= c->off_ps[func] + CARD_GRACE_PS))
		return;
	if (c->off_ps[func] == UINT64_MAX)
		card_breach(c, RULE_MASTER, "%s of function %u, whose bus mastering is not enabled", what,
			    func);
	else
		card_breach(c, RULE_MASTER, "%s of function %u, %.3f us after its bus mastering was cleared",
			    what, func, (double)(now - c->off_ps[func]) / 1e6);
}

static struct card_memory *check_request(struct card *c, unsigned int func, uint64_t bus, size_t len,
					 uint32_t most, const char *what)
{
	char text[96];
	struct card_memory *m;

	snprintf(text, sizeof(text), "%s of %zu bytes at 0x%" PRIx64, what, len, bus);
	check_func(c, func, text);
	if (!len || len > most)
		card_breach(c, RULE_LENGTH, "%s of function %u; at most %u", text, func, most);
	if (len && bus / PAGE != (bus + len - 1) / PAGE)
		card_breach(c, RULE_PAGE, "%s of function %u crosses 0x%" PRIx64, text, func,
			    (bus + len - 1) / PAGE * PAGE);
	m = card_at(c, bus, len);
	if (!m)
		card_breach(c, RULE_MEMORY, "%s of function %u, which is in nothing that it was given", text,
			    func);
	return m;
}

static int mem_read(void *ctx, uint8_t func, uint64_t bus, void *buf, size_t len)
{
	struct card *c = ctx;
	struct card_memory *m = check_request(c, func, bus, len, c->mrrs, "read");

	c->reads++;
	note(c, bus, (uint64_t)func << 32 | len);
	if (!m)
		return -1;
	memcpy(buf, m->data + (bus - m->bus), len);
	return 0;
}

static int mem_write(void *ctx, uint8_t func, uint64_t bus, const void *buf, size_t len)
{
	struct card *c = ctx;
	struct card_memory *m = check_request(c, func, bus, len, c->mps, "write");

	c->writes++;
	note(c, bus, (uint64_t)func << 32 | len);
	c->hash = hash_bytes(c->hash, buf, len);
	if (!m)
		return -1;
	memcpy(m->data + (bus - m->bus), buf, len);
	return 0;
}

static void msix(void *ctx, uint8_t func, uint8_t vector)
{
	struct card *c = ctx;
	const struct snic_card_func *f = func ? &c->door->desc.vf : &c->door->desc.pf;
	char text[32];

	c->messages++;
	note(c, func, vector);
	snprintf(text, sizeof(text), "message %u", vector);
	check_func(c, func, text);
	if (vector >= f->msix_vectors)
		card_breach(c, RULE_VECTOR, "message %u of function %u, which has %u vectors", vector, func,
			    f->msix_vectors);
}

static void wire_tx(void *ctx, unsigned int port, const void *frame, size_t len, uint64_t time_ps)
{
	struct card *c = ctx;

	c->frames++;
	note(c, port, len);
	c->hash = hash_bytes(mix(c->hash, time_ps), frame, len);
	c->sum += hash_bytes(port + 1, frame, len);
}

static const struct snic_sim_ops ops = { mem_read, mem_write, msix, wire_tx };

/* ---- life */

bool card_start(struct card *c, const struct snic_door *door, const struct snic_sim_config *cfg)
{
	char err[256] = "it says nothing of why";
	unsigned int i;

	memset(c, 0, sizeof(*c));
	c->door = door;
	c->cfg = *cfg;
	c->mps = cfg->mps;
	c->mrrs = cfg->mrrs;
	c->next_bus = 1 << 20;
	for (i = 0; i < SNIC_CARD_FUNCS; i++)
		c->off_ps[i] = UINT64_MAX;
	c->sim = door->create(&c->cfg, &ops, c, err, sizeof(err));
	if (!c->sim)
		card_breach(c, RULE_START, "%s", err);
	return c->sim;
}

void card_end(struct card *c)
{
	if (c->sim)
		c->door->destroy(c->sim);
	c->sim = NULL;
	card_free(c);
}

void card_free(struct card *c)
{
	while (c->n_memory)
		free(c->memory[--c->n_memory].data);
}

/* Once is enough: what is gone stays gone. */
static bool gone(struct card *c)
{
	const char *error = c->door->error(c->sim);

	if (error && *error && !c->breach[RULE_ALIVE].count)
		card_breach(c, RULE_ALIVE, "%s", error);
	return error && *error;
}

bool card_has(const struct snic_door *door, unsigned int func, uint64_t offset, uint64_t size)
{
	const struct snic_card_func *f = func ? &door->desc.vf : &door->desc.pf;
	unsigned int i;

	for (i = 0; (size == 4 || size == 8) && offset % size == 0 && i < SNIC_CARD_BARS; i++)
		if (!(f->msix_vectors && f->msix_bar == i) && offset >= f->bar[i].base &&
		    offset - f->bar[i].base < f->bar[i].size)
			return true;
	return false;
}

void card_run(struct card *c, uint64_t ns)
{
	if (gone(c))
		return;
	c->door->run_until(c->sim, c->door->now(c->sim) + ns * 1000);
	gone(c);
}

uint64_t card_read(struct card *c, uint8_t func, uint32_t offset, unsigned int size)
{
	uint64_t value = UINT64_MAX;

	if (gone(c))
		return value;
	value = c->door->mmio_read(c->sim, func, offset, size);
	gone(c);
	note(c, offset, value);
	return value;
}

void card_write(struct card *c, uint8_t func, uint32_t offset, uint64_t value, unsigned int size)
{
	if (!gone(c))
		c->door->mmio_write(c->sim, func, offset, value, size);
}

void card_master(struct card *c, uint8_t func, bool on)
{
	if (gone(c))
		return;
	c->door->bus_master(c->sim, func, on);
	if (c->master[func] && !on)
		c->off_ps[func] = c->door->now(c->sim);
	c->master[func] = on;
}

void card_flr(struct card *c, uint8_t func)
{
	uint64_t half;

	if (gone(c))
		return;
	/* a reset clears Bus Master Enable: the shell tells the card both */
	card_master(c, func, false);
	c->door->flr(c->sim, func);
	c->off_ps[func] = c->door->now(c->sim) + FLR_NS * 1000ull; /* of this rule, not of the other */
	card_run(c, FLR_NS / 2);
	half = c->reads + c->writes + c->messages;
	card_run(c, FLR_NS / 2);
	if (c->reads + c->writes + c->messages != half)
		card_breach(c, RULE_RESET,
			    "%" PRIu64 " requests in the last 0.5 ms, of the ms after its reset",
			    c->reads + c->writes + c->messages - half);
	c->off_ps[func] = UINT64_MAX;
}

void card_sizes(struct card *c, uint32_t mps, uint32_t mrrs)
{
	if (gone(c))
		return;
	c->door->sizes(c->sim, mps, mrrs);
	/* what is under way has the old ones */
	c->mps = c->mps > mps ? c->mps : mps;
	c->mrrs = c->mrrs > mrrs ? c->mrrs : mrrs;
	card_run(c, CARD_GRACE_PS / 1000);
	c->mps = mps;
	c->mrrs = mrrs;
}

void card_frame(struct card *c, unsigned int port, size_t len, uint64_t seed, bool bad)
{
	static const uint8_t from[8] = { 0x02, 0, 0, 0, 0, 0x01, 0x88, 0xb5 }; /* and the type */
	uint8_t frame[16384];
	uint64_t end;
	size_t i;

	if (gone(c) || len > sizeof(frame))
		return;
	for (i = 0; i < len; i++) {
		seed = seed * 6364136223846793005ull + 1442695040888963407ull;
		frame[i] = (uint8_t)(seed >> 56);
	}
	/* a broadcast of an experimental type: every card takes it */
	memset(frame, 0xff, len < 6 ? len : 6);
	if (len >= 14)
		memcpy(frame + 6, from, sizeof(from));
	c->door->wire_rx(c->sim, port, frame, len, bad, c->door->now(c->sim), &end);
}

/* ---- memory */

struct card_memory *card_alloc(struct card *c, const char *name, size_t size)
{
	struct card_memory *m = &c->memory[c->n_memory];

	if (c->n_memory == CARD_MEMORIES)
		return NULL;
	c->n_memory++;
	snprintf(m->name, sizeof(m->name), "%s", name);
	m->size = size;
	m->bus = c->next_bus;
	m->times = false;
	m->data = calloc(1, size);
	if (!m->data)
		abort();
	/* a page that is nobody's behind it */
	c->next_bus += (size + PAGE - 1) / PAGE * PAGE + PAGE;
	return m;
}

struct card_memory *card_at(struct card *c, uint64_t bus, uint64_t len)
{
	unsigned int i;

	for (i = 0; i < c->n_memory; i++) {
		struct card_memory *m = &c->memory[i];

		if (bus >= m->bus && len <= m->size && bus - m->bus <= m->size - len)
			return m;
	}
	return NULL;
}

uint64_t card_image(const struct card *c)
{
	uint64_t h = mix(c->sum, c->frames);
	unsigned int i;

	for (i = 0; i < c->n_memory; i++)
		if (!c->memory[i].times)
			h = hash_bytes(h, c->memory[i].data, c->memory[i].size);
	return h;
}
