/* SPDX-License-Identifier: BSD-2-Clause */
#include "func_map.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MAX_ENTRIES 65536u

static void put_dw(struct flow_match *m, unsigned int lsb, const uint32_t dw[4], const uint32_t mask[4])
{
	memcpy(&m->key.dw[lsb / 32], dw, 16);
	memcpy(&m->mask.dw[lsb / 32], mask, 16);
}

/* The function's own address. false: it is none. */
static bool own_address(struct map_entry *e, const struct flow_word *w)
{
	uint32_t dw[4], mask[4];
	uint64_t mac;
	int family;

	if (flow_mac(w, &mac)) {
		snic_key_set(&e->from.key, SNIC_K(SMAC), mac);
		snic_key_set(&e->from.mask, SNIC_K(SMAC), ~0ull);
		snic_key_set(&e->to.key, SNIC_K(DMAC), mac);
		snic_key_set(&e->to.mask, SNIC_K(DMAC), ~0ull);
		return true;
	}
	family = flow_network(w, 4, dw, mask) ? 4 : flow_network(w, 6, dw, mask) ? 6 : 0;
	if (!family)
		return false;
	put_dw(&e->from, SNIC_KEY_SIP_LSB, dw, mask);
	put_dw(&e->to, SNIC_KEY_DIP_LSB, dw, mask);
	snic_key_set(&e->from.key, SNIC_K(L3), family == 4 ? SNIC_L3_IPV4 : SNIC_L3_IPV6);
	snic_key_set(&e->from.mask, SNIC_K(L3), ~0ull);
	snic_key_set(&e->to.key, SNIC_K(L3), family == 4 ? SNIC_L3_IPV4 : SNIC_L3_IPV6);
	snic_key_set(&e->to.mask, SNIC_K(L3), ~0ull);
	return true;
}

static bool match(const struct flow_line *line, struct map_entry *e, const char *at, const char *end)
{
	const struct flow_word whole = { at, (size_t)(end - at) };
	struct flow_word key, value;

	if (flow_word_is(&whole, "*") || own_address(e, &whole))
		return true;
	while (flow_next_word(&at, end, &key, &value)) {
		if (flow_word_is(&key, "in_port"))
			return flow_fail(
				line, key.at,
				"in_port: frames have no port before they have a function: leave it out");
		if (!flow_match_field(line, &e->from, &key, &value))
			return false;
	}
	e->to = e->from;
	return true;
}

/* FUNCTION[:QUEUE], the line's last word. */
static bool target(const struct flow_line *line, struct map_entry *e, const char *at, const char *end)
{
	const char *colon = memchr(at, ':', (size_t)(end - at));
	struct flow_word func = { at, (size_t)((colon ? colon : end) - at) }, queue;
	uint16_t vport;
	uint64_t q;

	if (!flow_port(&func, &vport) || vport >= SNIC_N_FUNC)
		return flow_fail(line, at,
				 "%.*s: must be pf or vf1 to vf255, and :QUEUE behind it if one is meant",
				 (int)(end - at), at);
	e->func = vport;
	e->queue = -1;
	if (!colon)
		return true;
	queue = (struct flow_word){ colon + 1, (size_t)(end - colon - 1) };
	if (!flow_number(&queue, SNIC_Q_PER_FUNC - 1, &q))
		return flow_fail(line, colon + 1, "queue %.*s: must be a number from 0 to %d", (int)queue.len,
				 queue.at, SNIC_Q_PER_FUNC - 1);
	e->queue = (int)q;
	return true;
}

static bool parse_line(const struct flow_line *line, struct map_entry *e, const char *start)
{
	const char *end = start + strlen(start), *word = end, *what_end;

	while (word > start && !isspace((unsigned char)word[-1]))
		word--;
	if (word == start)
		return flow_fail(line, end,
				 "the function is missing: write WHAT FUNCTION, such as 10.0.0.0/8 vf1");
	for (what_end = word; what_end > start && isspace((unsigned char)what_end[-1]); what_end--)
		;
	return target(line, e, word, end) && match(line, e, start, what_end);
}

static bool read_line(void *map, const struct flow_line *line, const char *start)
{
	struct map_entry e = { .line = line->number }, *more;
	struct func_map *m = map;

	if (!parse_line(line, &e, start))
		return false;
	if (m->n == MAX_ENTRIES)
		return flow_fail(line, line->text, "more than %u lines: join some into networks",
				 MAX_ENTRIES);
	more = realloc(m->entry, (m->n + 1) * sizeof(*more));
	if (!more)
		return flow_fail(line, line->text, "out of memory");
	m->entry = more;
	more[m->n] = e;
	more[m->n].text = strdup(start);
	if (!more[m->n].text)
		return flow_fail(line, line->text, "out of memory");
	m->n++;
	return true;
}

struct func_map *func_map_parse(FILE *f, const char *path, char *err, size_t err_size)
{
	struct func_map *m = calloc(1, sizeof(*m));
	bool ok;

	if (!m) {
		snprintf(err, err_size, "%s: out of memory", path);
		return NULL;
	}
	ok = flow_lines(f, path, err, err_size, read_line, m);
	if (ok && !m->n) {
		snprintf(err, err_size, "%s: no line in it: write WHAT FUNCTION, such as 10.0.0.0/8 vf1",
			 path);
		ok = false;
	}
	if (!ok) {
		func_map_free(m);
		return NULL;
	}
	m->path = path;
	return m;
}

struct func_map *func_map_read(const char *path, char *err, size_t err_size)
{
	struct func_map *m;
	FILE *f = fopen(path, "r");

	if (!f) {
		snprintf(err, err_size, "%s: %s", path, strerror(errno));
		return NULL;
	}
	m = func_map_parse(f, path, err, err_size);
	fclose(f);
	return m;
}

void func_map_free(struct func_map *m)
{
	unsigned int i;

	if (!m)
		return;
	for (i = 0; i < m->n; i++)
		free(m->entry[i].text);
	free(m->entry);
	free(m->vlans);
	free(m);
}

const struct map_entry *func_map_find(const struct func_map *m, const struct snic_flow_key *key, bool sender)
{
	unsigned int i, w;

	for (i = 0; i < m->n; i++) {
		const struct flow_match *f = sender ? &m->entry[i].from : &m->entry[i].to;

		for (w = 0; w < SNIC_KEY_DWORDS && !((key->dw[w] ^ f->key.dw[w]) & f->mask.dw[w]); w++)
			;
		if (w == SNIC_KEY_DWORDS)
			return &m->entry[i];
	}
	return NULL;
}
