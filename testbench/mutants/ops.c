/* SPDX-License-Identifier: BSD-2-Clause */
/* Mutation operators: what becomes of which tokens. README.md lists them. */
#include "mutate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* the same for the same text, wherever it stands */
static uint64_t hash(uint64_t h, const char *text)
{
	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * 0x100000001b3ull;
	return h;
}

static void add(struct source *s, unsigned int unit, const char *op, unsigned int from, unsigned int to,
		const char *text)
{
	const struct unit *u = &s->unit[unit];
	char *whole = tok_text(s, u->from, u->to), place[64];
	struct site *site;

	if (u->reset)
		op = "reset";
	s->site = grow(s->site, s->n_site, sizeof(*s->site));
	site = &s->site[s->n_site++];
	*site = (struct site){ .unit = unit, .from = from, .to = to, .text = strdup(text), .op = op };
	snprintf(place, sizeof(place), " %u %u ", from - u->from, to - u->from);
	site->key = hash(hash(hash(hash(0xcbf29ce484222325ull, op), whole), place), text);
	free(whole);
}

static bool ends_operand(const struct source *s, unsigned int i)
{
	return s->tok[i].kind != TOK_OP || tok_is(s, i, ")") || tok_is(s, i, "]") || tok_is(s, i, "}");
}

static bool binary(const struct source *s, const struct unit *u, unsigned int i)
{
	return i > u->from && ends_operand(s, i - 1) && !tok_is(s, i - 1, "return");
}

struct swap {
	const char *from, *to, *op;
};

static const struct swap swaps[] = {
	{ "<", "<=", "compare" }, { "<=", "<", "compare" },  { ">", ">=", "compare" },
	{ ">=", ">", "compare" }, { "==", "!=", "compare" }, { "!=", "==", "compare" },
	{ "&&", "||", "and-or" }, { "||", "&&", "and-or" },  { "&", "|", "and-or" },
	{ "|", "&", "and-or" },	  { "^", "|", "and-or" },    { "+", "-", "arith" },
	{ "-", "+", "arith" },	  { "<<", ">>", "arith" },   { ">>", "<<", "arith" },
};

static void op_swap(struct source *s, unsigned int unit, unsigned int i)
{
	size_t k;

	for (k = 0; k < sizeof(swaps) / sizeof(swaps[0]); k++) {
		const bool sign = *swaps[k].from == '+' || *swaps[k].from == '-';

		if (!tok_is(s, i, swaps[k].from))
			continue;
		/* or of all bits of one operand */
		if (binary(s, &s->unit[unit], i) ||
		    (!sign && !s->c && strlen(swaps[k].from) == 1 && *swaps[k].from != '^'))
			add(s, unit, swaps[k].op, i, i + 1, swaps[k].to);
	}
}

/* where what stands from i on at this depth ends: at one of the words, a closing bracket, or the end */
static unsigned int forward(const struct source *s, unsigned int i, unsigned int end,
			    const char *const *words)
{
	while (i < end) {
		const char *const *w;

		for (w = words; *w; w++)
			if (tok_is(s, i, *w))
				return i;
		if (tok_is(s, i, ")") || tok_is(s, i, "]") || tok_is(s, i, "}"))
			return i;
		if (tok_is(s, i, "(") || tok_is(s, i, "[") || tok_is(s, i, "{"))
			i = tok_after_group(s, i);
		else
			i++;
	}
	return i;
}

/* where what stands before i at this depth begins */
static unsigned int backward(const struct source *s, unsigned int i, unsigned int start,
			     const char *const *words)
{
	unsigned int depth = 0;

	for (; i > start; i--) {
		const char *const *w;

		if (tok_is(s, i - 1, ")") || tok_is(s, i - 1, "]") || tok_is(s, i - 1, "}")) {
			depth++;
			continue;
		}
		if (tok_is(s, i - 1, "(") || tok_is(s, i - 1, "[") || tok_is(s, i - 1, "{")) {
			if (!depth)
				return i;
			depth--;
			continue;
		}
		if (depth)
			continue;
		for (w = words; *w; w++)
			if (tok_is(s, i - 1, *w))
				return i;
	}
	return i;
}

static const char *const and_ends[] = { "&&", "||", "?", ":", ",", NULL };
static const char *const or_ends[] = { "||", "?", ":", ",", NULL };

/* a && b: without b; and without a, where the chain begins */
static void op_term(struct source *s, unsigned int unit, unsigned int i)
{
	const bool and = tok_is(s, i, "&&");
	const char *const *ends = and? and_ends : or_ends;
	const struct unit *u = &s->unit[unit];
	const char *neutral = s->c ? (and? "1" : "0") : (and? "1'b1" : "1'b0");
	unsigned int left;

	if (!and&&!tok_is(s, i, "||"))
		return;
	add(s, unit, "term", i + 1, forward(s, i + 1, u->to, ends), neutral);
	left = backward(s, i, u->from, ends);
	if (left == u->from || !tok_is(s, left - 1, and? "&&" : "||"))
		add(s, unit, "term", left, i, neutral);
}

static void op_ternary(struct source *s, unsigned int unit, unsigned int i)
{
	static const char *const colon[] = { "?", ":", NULL }, *const ends[] = { "?", ":", ",", NULL };
	const struct unit *u = &s->unit[unit];
	unsigned int mid = i + 1, end, open = 1;
	char *yes, *no, *text;

	if (!tok_is(s, i, "?"))
		return;
	for (;;) { /* its own colon */
		mid = forward(s, mid, u->to, colon);
		if (mid >= u->to || (!tok_is(s, mid, "?") && !tok_is(s, mid, ":")))
			return;
		if (tok_is(s, mid, "?"))
			open++;
		else if (--open == 0)
			break;
		mid++;
	}
	for (end = mid + 1, open = 0;; end++) {
		end = forward(s, end, u->to, ends);
		if (end >= u->to)
			break;
		if (tok_is(s, end, "?"))
			open++;
		else if (!tok_is(s, end, ":") || !open)
			break;
		else
			open--;
	}
	yes = tok_text(s, i + 1, mid);
	no = tok_text(s, mid + 1, end);
	text = malloc(strlen(yes) + strlen(no) + 16);
	if (!text)
		abort();
	sprintf(text, "(%s) : (%s)", no, yes);
	add(s, unit, "arms", i + 1, end, text);
	free(text);
	free(yes);
	free(no);
}

/* A number one up, within its width; and one down. */
static void op_number(struct source *s, unsigned int unit, unsigned int i, const char *op)
{
	const struct tok *t = &s->tok[i];
	const char *quote = memchr(t->s, '\'', t->len);
	unsigned long long v;
	char text[64];
	int base = 10;

	if (tok_is(s, i, "'0") || tok_is(s, i, "'1")) {
		add(s, unit, op, i, i + 1, t->s[1] == '0' ? "'1" : "'0");
		return;
	}
	if (!s->c && (tok_is(s, i + 1, "'") || tok_is(s, i + 1, "{")))
		return; /* a cast, or how many copies */
	if (quote) {
		const unsigned long width = strtoul(t->s, NULL, 10);
		const char *digits = quote + 2;
		char *end;

		base = quote[1] == 'h' ? 16 : quote[1] == 'b' ? 2 : quote[1] == 'o' ? 8 : 10;
		v = strtoull(digits, &end, base);
		if (end != t->s + t->len || width > 64 || !width)
			return;
		snprintf(text, sizeof(text), "%lu'd%llu", width, (v + 1) & (~0ull >> (64 - width)));
		add(s, unit, op, i, i + 1, text);
		if (v && width > 1) {
			snprintf(text, sizeof(text), "%lu'd%llu", width, v - 1);
			add(s, unit, op, i, i + 1, text);
		}
		return;
	}
	v = strtoull(t->s, NULL, s->c ? 0 : 10);
	if (memchr(t->s, '.', t->len))
		return;
	snprintf(text, sizeof(text), s->c && v > 0x7ffffffe ? "%lluull" : "%llu", v + 1);
	add(s, unit, op, i, i + 1, text);
	if (v) {
		snprintf(text, sizeof(text), s->c && v > 0x7fffffff ? "%lluull" : "%llu", v - 1);
		add(s, unit, op, i, i + 1, text);
	}
}

/* x[E], x[7:4]: the one beside it. The token after the bracket, if nothing inside is to be looked at. */
static unsigned int op_index(struct source *s, unsigned int unit, unsigned int i)
{
	const unsigned int end = tok_after_group(s, i);
	unsigned int hi, lo;
	char text[64], *inner, *other;

	if (end == i + 5 && tok_is(s, i + 2, ":")) {
		if (s->tok[i + 1].kind != TOK_NUM || s->tok[i + 3].kind != TOK_NUM)
			return end;
		hi = (unsigned int)strtoul(s->tok[i + 1].s, NULL, 10);
		lo = (unsigned int)strtoul(s->tok[i + 3].s, NULL, 10);
		if (lo)
			snprintf(text, sizeof(text), "%u:%u", hi - 1, lo - 1);
		else if (hi)
			snprintf(text, sizeof(text), "%u:1", hi);
		else
			return end;
		add(s, unit, "index", i + 1, i + 4, text);
		return end;
	}
	if (end == i + 3 && s->tok[i + 1].kind == TOK_NUM) {
		op_number(s, unit, i + 1, "index");
		return end;
	}
	hi = forward(s, i + 1, end, (const char *const[]){ ":", "+:", "-:", NULL });
	if (hi < end - 1)
		return end;
	inner = tok_text(s, i + 1, end - 1);
	other = malloc(strlen(inner) + 16);
	if (!other)
		abort();
	sprintf(other, s->c ? "(%s) ^ 1" : "(%s) ^ 1'b1", inner);
	add(s, unit, "index", i + 1, end - 1, other);
	free(other);
	free(inner);
	return i + 1;
}

static void op_not(struct source *s, unsigned int unit, unsigned int i)
{
	if ((tok_is(s, i, "!") || tok_is(s, i, "~")) && !binary(s, &s->unit[unit], i))
		add(s, unit, "not", i, i + 1, "");
}

void ops_expr(struct source *s, unsigned int unit)
{
	const unsigned int from = s->unit[unit].from, to = s->unit[unit].to;
	unsigned int i = from;

	while (i < to) {
		if (tok_is(s, i, "[") && i > from && ends_operand(s, i - 1)) {
			i = op_index(s, unit, i);
			continue;
		}
		op_swap(s, unit, i);
		op_term(s, unit, i);
		op_ternary(s, unit, i);
		op_not(s, unit, i);
		if (s->tok[i].kind == TOK_NUM)
			op_number(s, unit, i, "const");
		i++;
	}
	if (!s->c && to > from + 1)
		add(s, unit, "stuck", from, to, "'0");
}

void ops_cond(struct source *s, unsigned int unit)
{
	const unsigned int from = s->unit[unit].from, to = s->unit[unit].to;
	char *text = tok_text(s, from, to), *not = malloc(strlen(text) + 8);

	if (!not )
		abort();
	sprintf(not, "!(%s)", text);
	add(s, unit, "negate", from, to, not );
	free(not );
	free(text);
}

void ops_assign(struct source *s, unsigned int unit, unsigned int assign_tok)
{
	const unsigned int from = s->unit[unit].from, to = s->unit[unit].to;
	unsigned int i = from;

	add(s, unit, "drop", from, to, ";");
	while (i < assign_tok)
		i = tok_is(s, i, "[") ? op_index(s, unit, i) : i + 1;
	if (s->c && tok_is(s, assign_tok, "|="))
		add(s, unit, "and-or", assign_tok, assign_tok + 1, "=");
	if (s->c && tok_is(s, assign_tok, "+="))
		add(s, unit, "arith", assign_tok, assign_tok + 1, "-=");
}

void ops_call(struct source *s, unsigned int unit)
{
	add(s, unit, "drop", s->unit[unit].from, s->unit[unit].to, ";");
}
