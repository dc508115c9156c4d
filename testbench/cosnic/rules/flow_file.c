/* SPDX-License-Identifier: BSD-2-Clause */
#include "flow_file.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "flow_text.h"

#define DEFAULT_PRIORITY 32768

/* What ovs-ofctl dump-flows prints of a flow's life. */
static const char *const passed_over[] = { "duration", "n_packets", "n_bytes", "idle_age", "hard_age" };

static bool is_passed_over(const struct flow_word *key)
{
	size_t i;

	for (i = 0; i < sizeof(passed_over) / sizeof(passed_over[0]); i++)
		if (flow_word_is(key, passed_over[i]))
			return true;
	return false;
}

/* Where "actions=" stands; NULL: nowhere. */
static const char *find_actions(const char *at, const char *end)
{
	const char *p;

	for (p = at; p + 7 < end; p++) {
		if (p > at && p[-1] != ',' && !isspace((unsigned char)p[-1]))
			continue;
		if (!strncasecmp(p, "actions=", 8) || !strncasecmp(p, "action=", 7))
			return p;
	}
	return NULL;
}

/* What is neither match nor action; false and known: it is wrong. */
static bool other_key(const struct flow_line *line, struct flow_rule *r, const struct flow_word *key,
		      const struct flow_word *value, bool *known)
{
	uint64_t v;

	*known = true;
	if (flow_word_is(key, "priority")) {
		if (!flow_number(value, UINT16_MAX, &v))
			return flow_fail(line, key->at, "priority: must be a number from 0 to 65535");
		r->priority = (uint16_t)v;
	} else if (flow_word_is(key, "cookie")) {
		if (!flow_number(value, UINT64_MAX, &r->cookie))
			return flow_fail(line, key->at, "cookie: must be a number");
	} else if (flow_word_is(key, "idle_timeout") || flow_word_is(key, "hard_timeout")) {
		if (!flow_number(value, 0, &v))
			return flow_fail(line, key->at, "%.*s: rules stay for the whole run: leave it out",
					 (int)key->len, key->at);
	} else if (!is_passed_over(key)) {
		*known = false;
	}
	return true;
}

static bool same_edit(const struct snic_edit *a, const struct snic_edit *b)
{
	return !memcmp(a, b, sizeof(*a));
}

/* The edit's place in the list, where it may stand already, becomes its id. */
static bool keep_edit(const struct flow_line *line, struct flow_rules *rs, const struct flow_doing *doing,
		      struct flow_rule *r)
{
	struct snic_edit *more;
	unsigned int id, i;

	r->act = doing->act;
	if (!doing->has_edit)
		return true;
	for (id = 0; id < rs->n_edits && !same_edit(&rs->edit[id], &doing->edit); id++)
		;
	if (id == SNIC_N_EDIT)
		return flow_fail(
			line, line->text,
			"the card stores %d edits, and this is one more: write what another line writes",
			SNIC_N_EDIT);
	if (id == rs->n_edits) {
		more = realloc(rs->edit, (id + 1) * sizeof(*more));
		if (!more)
			return flow_fail(line, line->text, "out of memory");
		rs->edit = more;
		rs->edit[rs->n_edits++] = doing->edit;
	}
	for (i = 0; i < SNIC_N_ACTION; i++)
		if ((r->act.a[i] & 0xff) == SNIC_ACT_EDIT)
			r->act.a[i] |= SNIC_PUT(EDIT_ARG, ID, id) << 8;
	return true;
}

static bool parse_line(const struct flow_line *line, struct flow_rules *rs, struct flow_rule *r)
{
	const char *at = line->text, *end = at + strlen(at), *actions;
	struct flow_match m = { 0 };
	struct flow_doing doing;
	struct flow_word key, value;
	bool known;

	r->priority = DEFAULT_PRIORITY;
	while (isspace((unsigned char)*at))
		at++;
	if (!strncasecmp(at, "add", 3) && isspace((unsigned char)at[3]))
		at += 3;
	actions = find_actions(at, end);
	if (!actions)
		return flow_fail(
			line, end,
			"actions= is missing: write actions=normal, actions=drop or actions=output:vf1");
	while (flow_next_word(&at, actions, &key, &value)) {
		if (!other_key(line, r, &key, &value, &known))
			return false;
		if (!known && !flow_match_field(line, &m, &key, &value))
			return false;
	}
	r->key = m.key;
	r->mask = m.mask;
	return flow_actions(line, &m, strchr(actions, '=') + 1, end, &doing) &&
	       keep_edit(line, rs, &doing, r);
}

static bool same(const struct snic_flow_key *a, const struct snic_flow_key *b)
{
	return !memcmp(a, b, sizeof(*a));
}

/* Functions that a rule names, as source or as destination. */
static void note_functions(struct flow_rules *rs, const struct flow_rule *r)
{
	unsigned int f[1 + SNIC_N_ACTION] = { 0 }, n = 0, i;

	if (snic_key_get(&r->mask, SNIC_K(VPORT)))
		f[n++] = (unsigned int)snic_key_get(&r->key, SNIC_K(VPORT));
	for (i = 0; i < SNIC_N_ACTION; i++)
		if ((r->act.a[i] & 0xff) == SNIC_ACT_FWD || (r->act.a[i] & 0xff) == SNIC_ACT_MIRROR)
			f[n++] = r->act.a[i] >> 8;
	for (i = 0; i < n; i++) {
		if (f[i] < SNIC_N_FUNC && f[i] > rs->max_func) {
			rs->max_func = f[i];
			rs->max_line = r->line;
		}
	}
}

/* Into the list at `at`, with the text that it came from. */
static bool keep(const struct flow_line *line, struct flow_rule *at, const struct flow_rule *r,
		 const char *text)
{
	*at = *r;
	at->text = strdup(text);
	return at->text || flow_fail(line, line->text, "out of memory");
}

/* Into the list; one with the same match and priority is replaced, as ovs-ofctl does. */
static bool add(const struct flow_line *line, struct flow_rules *rs, const struct flow_rule *r,
		const char *text)
{
	bool new_mask = true;
	struct flow_rule *old, *more;
	unsigned int i;

	for (i = 0; i < rs->n; i++) {
		old = &rs->rule[i];
		if (!same(&old->mask, &r->mask))
			continue;
		new_mask = false;
		if (!same(&old->key, &r->key))
			continue;
		if (old->priority != r->priority)
			return flow_fail(
				line, line->text,
				"the match of line %u with another priority, of which only one could ever be found: "
				"delete the line with the lower one",
				old->line);
		free(old->text);
		return keep(line, old, r, text);
	}
	if (rs->n == SNIC_RULE_ENTRIES)
		return flow_fail(line, line->text, "more rules than the card's %d: leave some out",
				 SNIC_RULE_ENTRIES);
	if (new_mask && rs->n_masks == SNIC_RULE_MASKS)
		return flow_fail(
			line, line->text,
			"the card searches %d combinations of fields and masks, and this is one more: use one of "
			"the other lines'",
			SNIC_RULE_MASKS);
	more = realloc(rs->rule, (rs->n + 1) * sizeof(*more));
	if (!more)
		return flow_fail(line, line->text, "out of memory");
	rs->rule = more;
	rs->n_masks += new_mask;
	return keep(line, &rs->rule[rs->n++], r, text);
}

/* dump-flows begins with a line about the answer, which is none of a flow. */
static bool is_heading(const char *start)
{
	return !strncmp(start, "NXST_FLOW", 9) || !strncmp(start, "OFPST_FLOW", 10);
}

static bool read_line(void *rules, const struct flow_line *line, const char *start)
{
	struct flow_rule r = { .line = line->number };

	return is_heading(start) || (parse_line(line, rules, &r) && add(line, rules, &r, start));
}

struct flow_rules *flow_rules_parse(FILE *f, const char *path, char *err, size_t err_size)
{
	struct flow_rules *rs = calloc(1, sizeof(*rs));
	unsigned int i;
	bool ok;

	if (!rs) {
		snprintf(err, err_size, "%s: out of memory", path);
		return NULL;
	}
	ok = flow_lines(f, path, err, err_size, read_line, rs);
	if (ok && !rs->n) {
		snprintf(
			err, err_size,
			"%s: no rule in it: write one a line, such as ip,nw_dst=10.0.0.0/8,actions=output:vf1",
			path);
		ok = false;
	}
	if (!ok) {
		flow_rules_free(rs);
		return NULL;
	}
	rs->path = path;
	for (i = 0; i < rs->n; i++)
		note_functions(rs, &rs->rule[i]);
	return rs;
}

struct flow_rules *flow_rules_read(const char *path, char *err, size_t err_size)
{
	struct flow_rules *rs;
	FILE *f = fopen(path, "r");

	if (!f) {
		snprintf(err, err_size, "%s: %s", path, strerror(errno));
		return NULL;
	}
	rs = flow_rules_parse(f, path, err, err_size);
	fclose(f);
	return rs;
}

void flow_rules_free(struct flow_rules *rs)
{
	unsigned int i;

	for (i = 0; rs && i < rs->n; i++)
		free(rs->rule[i].text);
	if (rs) {
		free(rs->rule);
		free(rs->edit);
	}
	free(rs);
}
