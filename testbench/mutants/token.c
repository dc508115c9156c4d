/* SPDX-License-Identifier: BSD-2-Clause */
/* SystemVerilog and C as tokens: enough of both to find expressions. */
#include "mutate.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* longest first */
static const char *const operators[] = {
	"<<<=", ">>>=", "<<<", ">>>", "===", "!==", "<<=", ">>=", "...", "&&", "||", "==",
	"!=",	"<=",	">=",  "<<",  ">>",  "+:",  "-:",  "::",  "->",	 "++", "--", "+=",
	"-=",	"*=",	"/=",  "%=",  "&=",  "|=",  "^=",  "~&",  "~|",	 "~^", "'{",
};

void *grow(void *p, unsigned int n, size_t size)
{
	if (n & (n - 1)) /* room for a power of two */
		return p;
	p = realloc(p, (n ? 2 * (size_t)n : 1) * size);
	if (!p)
		abort();
	return p;
}

static bool ident(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '$';
}

/* 8'hff, '0, 17, 0x1full, 1.5 */
static size_t number(const char *p, bool c)
{
	const char *start = p;

	if (c) {
		while (ident(*p) || *p == '.')
			p++;
		return (size_t)(p - start);
	}
	while (isdigit((unsigned char)*p) || *p == '_')
		p++;
	if (*p == '\'' && p[1] && strchr("bdhosBDHOS", p[1])) {
		p += 2;
		while (ident(*p) || *p == '?')
			p++;
	} else if (p == start) { /* '0 and '1 */
		p += 2;
	}
	return (size_t)(p - start);
}

static size_t quoted(const char *p)
{
	size_t n = 1;

	while (p[n] && p[n] != p[0])
		n += p[n] == '\\' && p[n + 1] ? 2 : 1;
	return n + 1;
}

static size_t operator_len(const char *p)
{
	size_t i;

	for (i = 0; i < sizeof(operators) / sizeof(operators[0]); i++)
		if (!strncmp(p, operators[i], strlen(operators[i])))
			return strlen(operators[i]);
	return 1;
}

/* A line that is for the preprocessor; says whether what follows is for simulation alone. */
static const char *directive(const char *p, bool c, bool *off)
{
	if (!c && !strncmp(p, "`ifndef SYNTHESIS", 17))
		*off = true;
	else if (!c && (!strncmp(p, "`endif", 6) || !strncmp(p, "`else", 5)))
		*off = false;
	while (*p && *p != '\n')
		p += c && *p == '\\' && p[1] ? 2 : 1;
	return p;
}

void tokenize(struct source *s)
{
	const char *p = s->text, *counted = s->text;
	unsigned int line = 1;
	bool off = false;

	for (;;) {
		struct tok t = { .off = off };
		bool num;

		if (isspace((unsigned char)*p)) {
			p++;
			continue;
		}
		if (p[0] == '/' && p[1] == '/') {
			p += strcspn(p, "\n");
			continue;
		}
		if (p[0] == '/' && p[1] == '*') {
			const char *end = strstr(p + 2, "*/");

			p = end ? end + 2 : p + strlen(p);
			continue;
		}
		if (*p == (s->c ? '#' : '`')) {
			p = directive(p, s->c, &off);
			continue;
		}
		for (; counted < p; counted++)
			line += *counted == '\n';
		t.s = p;
		t.line = line;
		num = isdigit((unsigned char)*p) ||
		      (!s->c && *p == '\'' && (p[1] == '0' || p[1] == '1') && !ident(p[2]));
		if (!*p) {
			t.kind = TOK_END;
		} else if (num) {
			t.kind = TOK_NUM;
			t.len = number(p, s->c);
		} else if (ident(*p)) {
			t.kind = TOK_ID;
			while (ident(p[t.len]))
				t.len++;
		} else if (*p == '"' || (s->c && *p == '\'')) {
			t.kind = TOK_STR;
			t.len = quoted(p);
		} else {
			t.kind = TOK_OP;
			t.len = operator_len(p);
		}
		s->tok = grow(s->tok, s->n_tok, sizeof(t));
		s->tok[s->n_tok++] = t;
		if (t.kind == TOK_END)
			return;
		p += t.len;
	}
}

bool tok_is(const struct source *s, unsigned int i, const char *text)
{
	return i < s->n_tok && s->tok[i].len == strlen(text) && !memcmp(s->tok[i].s, text, s->tok[i].len);
}

char *tok_text(const struct source *s, unsigned int from, unsigned int to)
{
	size_t len = 0, max = 1;
	unsigned int i;
	char *out;

	for (i = from; i < to; i++)
		max += s->tok[i].len + 1;
	out = malloc(max);
	if (!out)
		abort();
	for (i = from; i < to; i++) {
		if (i > from && s->tok[i].s != s->tok[i - 1].s + s->tok[i - 1].len)
			out[len++] = ' ';
		memcpy(out + len, s->tok[i].s, s->tok[i].len);
		len += s->tok[i].len;
	}
	out[len] = 0;
	return out;
}

unsigned int tok_after_group(const struct source *s, unsigned int i)
{
	unsigned int depth = 0;

	for (; s->tok[i].kind != TOK_END; i++) {
		if (tok_is(s, i, "(") || tok_is(s, i, "[") || tok_is(s, i, "{") || tok_is(s, i, "'{"))
			depth++;
		else if (tok_is(s, i, ")") || tok_is(s, i, "]") || tok_is(s, i, "}"))
			if (--depth == 0)
				return i + 1;
	}
	return i;
}
