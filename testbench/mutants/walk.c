/* SPDX-License-Identifier: BSD-2-Clause */
/* Walks through the statements of a file and notes what may be mutated: conditions, right sides, port connections, whole
 * statements. What it does not know it steps over. */
#include "mutate.h"

#include <string.h>

static bool is_any(const struct source *s, unsigned int i, const char *const *words)
{
	for (; *words; words++)
		if (tok_is(s, i, *words))
			return true;
	return false;
}

static bool at_end(const struct source *s, unsigned int i)
{
	return s->tok[i].kind == TOK_END;
}

/* the first token at depth 0 that is one of the words, or the end of the group we are in */
static unsigned int find(const struct source *s, unsigned int i, const char *const *words)
{
	while (!at_end(s, i) && !is_any(s, i, words)) {
		if (tok_is(s, i, ")") || tok_is(s, i, "]") || tok_is(s, i, "}"))
			return i;
		if (tok_is(s, i, "(") || tok_is(s, i, "[") || tok_is(s, i, "{") || tok_is(s, i, "'{"))
			i = tok_after_group(s, i);
		else
			i++;
	}
	return i;
}

static const char *const semicolon[] = { ";", NULL };

static unsigned int after_semicolon(const struct source *s, unsigned int i)
{
	i = find(s, i, semicolon);
	return at_end(s, i) ? i : i + 1;
}

static bool has(const struct source *s, unsigned int from, unsigned int to, const char *text)
{
	for (; from < to; from++)
		if (tok_is(s, from, text))
			return true;
	return false;
}

static unsigned int add_unit(struct source *s, unsigned int from, unsigned int to, bool stmt, bool reset)
{
	s->unit = grow(s->unit, s->n_unit, sizeof(*s->unit));
	s->unit[s->n_unit] = (struct unit){ .from = from, .to = to, .stmt = stmt, .reset = reset };
	return s->n_unit++;
}

static void expr(struct source *s, unsigned int from, unsigned int to, bool cond, bool reset)
{
	unsigned int u;

	if (from >= to || s->tok[from].off || has(s, from, to, "rst_ni") || has(s, from, to, "'{") ||
	    (s->c && tok_is(s, from, "{")))
		return;
	u = add_unit(s, from, to, false, reset);
	ops_expr(s, u);
	if (cond)
		ops_cond(s, u);
}

/* ( E ): the token after it */
static unsigned int cond(struct source *s, unsigned int i)
{
	const unsigned int end = tok_after_group(s, i);

	expr(s, i + 1, end - 1, true, false);
	return end;
}

/* A declaration in C, which cannot be left out: names side by side, or with stars between. */
static bool declares(const struct source *s, unsigned int from, unsigned int to)
{
	unsigned int i;

	if (!s->c || tok_is(s, from, "*"))
		return false;
	for (i = from; i + 1 < to; i++) {
		if (tok_is(s, i, "[") || tok_is(s, i, "("))
			return false;
		if (s->tok[i].kind == TOK_ID && (s->tok[i + 1].kind == TOK_ID || tok_is(s, i + 1, "*")))
			return true;
	}
	return false;
}

/* lhs = E; or a call; the token after it */
static unsigned int simple(struct source *s, unsigned int i, bool reset)
{
	static const char *const assigns[] = { ";",  "=",  "<=", "+=", "-=",  "*=",  "/=",
					       "%=", "&=", "|=", "^=", "<<=", ">>=", NULL };
	const unsigned int eq = find(s, i, assigns), end = after_semicolon(s, eq);
	unsigned int u;

	if (s->tok[i].off || *s->tok[i].s == '$' || end <= i + 1)
		return end;
	if (tok_is(s, eq, ";")) {
		if (s->c && s->tok[i].kind == TOK_ID && tok_is(s, i + 1, "("))
			ops_call(s, add_unit(s, i, end, true, reset));
		return end;
	}
	if (!declares(s, i, eq)) {
		u = add_unit(s, i, end, true, reset);
		ops_assign(s, u, eq);
	} else if (find(s, eq, (const char *const[]){ ",", ";", NULL }) != end - 1) {
		return end; /* declares several */
	}
	expr(s, eq + 1, end - 1, false, reset);
	return end;
}

static unsigned int statement(struct source *s, unsigned int i, bool reset);

static unsigned int block(struct source *s, unsigned int i, const char *end, bool reset)
{
	while (!at_end(s, i) && !tok_is(s, i, end))
		i = statement(s, i, reset);
	return at_end(s, i) ? i : i + 1;
}

static unsigned int skip_label(const struct source *s, unsigned int i)
{
	return tok_is(s, i, ":") ? i + 2 : i;
}

static unsigned int if_statement(struct source *s, unsigned int i)
{
	const bool reset = has(s, i + 1, tok_after_group(s, i + 1), "rst_ni");

	i = statement(s, cond(s, i + 1), reset);
	return tok_is(s, i, "else") ? statement(s, i + 1, false) : i;
}

static unsigned int sv_case(struct source *s, unsigned int i)
{
	i = cond(s, i + 1);
	while (!at_end(s, i) && !tok_is(s, i, "endcase")) {
		i = find(s, i, (const char *const[]){ ":", NULL });
		i = statement(s, i + 1, false);
	}
	return i + 1;
}

static unsigned int statement(struct source *s, unsigned int i, bool reset)
{
	static const char *const sv_decl[] = { "logic", "int", "automatic", "localparam", "bit", NULL };
	static const char *const plain[] = { "goto", "break", "continue", "typedef", "extern", NULL };

	if (tok_is(s, i, "if"))
		return if_statement(s, i);
	if (tok_is(s, i, "for")) { /* its bounds are constants, in SystemVerilog */
		const unsigned int end = tok_after_group(s, i + 1);

		if (s->c) {
			const unsigned int test = after_semicolon(s, i + 2);

			expr(s, test, find(s, test, semicolon), true, false);
		}
		return statement(s, end, reset);
	}
	if (!s->c) {
		if (tok_is(s, i, "begin"))
			return skip_label(s, block(s, skip_label(s, i + 1), "end", reset));
		if (tok_is(s, i, "case") || tok_is(s, i, "casez"))
			return sv_case(s, i);
		if (tok_is(s, i, "unique") || tok_is(s, i, "priority"))
			return statement(s, i + 1, reset);
		if (is_any(s, i, sv_decl))
			return after_semicolon(s, i);
		return simple(s, i, reset);
	}
	if (tok_is(s, i, "{"))
		return block(s, i + 1, "}", reset);
	if (tok_is(s, i, "while"))
		return statement(s, cond(s, i + 1), reset);
	if (tok_is(s, i, "switch"))
		return statement(s, tok_after_group(s, i + 1), reset);
	if (tok_is(s, i, "do"))
		return after_semicolon(s, cond(s, statement(s, i + 1, reset) + 1) - 1);
	if (tok_is(s, i, "case") || tok_is(s, i, "default") ||
	    (s->tok[i].kind == TOK_ID && tok_is(s, i + 1, ":")))
		return find(s, i, (const char *const[]){ ":", NULL }) + 1;
	if (tok_is(s, i, "return")) {
		expr(s, i + 1, find(s, i, semicolon), false, false);
		return after_semicolon(s, i);
	}
	if (is_any(s, i, plain))
		return after_semicolon(s, i);
	if (s->tok[i].kind == TOK_ID && tok_is(s, i + 1, "(")) { /* a loop that is a macro */
		const unsigned int end = tok_after_group(s, i + 1);

		if (tok_is(s, end, "{") || s->tok[end].kind == TOK_ID)
			return statement(s, end, reset);
	}
	return simple(s, i, reset);
}

/* module #(...) name ( .port(E) ); or a declaration */
static unsigned int instance(struct source *s, unsigned int i)
{
	const unsigned int end = after_semicolon(s, i);

	for (; i < end; i++) {
		if (tok_is(s, i, "#")) {
			i = tok_after_group(s, i + 1) - 1;
		} else if (tok_is(s, i, ".") && tok_is(s, i + 2, "(")) {
			const unsigned int close = tok_after_group(s, i + 2);

			if (close > i + 5) /* more than a name */
				expr(s, i + 3, close - 1, false, false);
			i = close - 1;
		}
	}
	return end;
}

static void walk_sv(struct source *s)
{
	static const char *const decl[] = { "module", "localparam", "parameter", "typedef", "logic", "genvar",
					    "int",    "import",	    "wire",	 "bit",	    NULL };
	static const char *const always[] = { "always_ff", "always_comb", "always", NULL };
	unsigned int i = 0;

	while (!at_end(s, i)) {
		if (tok_is(s, i, "package"))
			return;
		if (is_any(s, i, decl) || tok_is(s, i, "initial")) {
			i = after_semicolon(s, i);
		} else if (tok_is(s, i, "assign")) {
			const unsigned int eq = find(s, i, (const char *const[]){ "=", NULL });

			i = after_semicolon(s, eq);
			expr(s, eq + 1, i - 1, false, false);
		} else if (is_any(s, i, always)) {
			i++;
			if (tok_is(s, i, "@"))
				i = tok_is(s, i + 1, "(") ? tok_after_group(s, i + 1) : i + 2;
			i = statement(s, i, false);
		} else if (tok_is(s, i, "function")) {
			i = block(s, after_semicolon(s, i), "endfunction", false);
		} else if (tok_is(s, i, "for") || tok_is(s, i, "if")) {
			i = tok_after_group(s, i + 1);
		} else if (tok_is(s, i, "begin") || tok_is(s, i, "end")) {
			i = skip_label(s, i + 1);
		} else if (s->tok[i].kind == TOK_ID && !tok_is(s, i, "else") && !tok_is(s, i, "endmodule") &&
			   !tok_is(s, i, "generate") && !tok_is(s, i, "endgenerate")) {
			i = instance(s, i);
		} else {
			i++;
		}
	}
}

static void walk_c(struct source *s)
{
	unsigned int i = 0;

	while (!at_end(s, i)) {
		if (tok_is(s, i, "{")) {
			if (i && tok_is(s, i - 1, ")"))
				i = block(s, i + 1, "}", false);
			else
				i = tok_after_group(s, i);
		} else {
			i++;
		}
	}
}

void walk(struct source *s)
{
	if (s->c)
		walk_c(s);
	else
		walk_sv(s);
}
