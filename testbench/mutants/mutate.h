/* SPDX-License-Identifier: BSD-2-Clause */
/* A source file as tokens, the places in it that may be mutated, and the mutations made there. */
#ifndef MUTATE_H
#define MUTATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum tok_kind { TOK_ID, TOK_NUM, TOK_STR, TOK_OP, TOK_END };

struct tok {
	const char *s;
	size_t len;
	unsigned int line;
	enum tok_kind kind;
	bool off; /* assertions: not mutated */
};

/* What is rewritten as a whole, once for each mutation in it: an expression becomes (mut == 7 ? E7 : E), a statement
 * begin if (mut == 8) S8 else S end. */
struct unit {
	unsigned int from, to; /* tokens */
	bool stmt;
	bool reset; /* in the branch that is taken in reset */
};

/* Tokens [from, to) of a unit become text. */
struct site {
	unsigned int unit, from, to;
	char *text;
	const char *op;
	uint64_t key;	 /* the same wherever the unit stands in its file */
	uint64_t order;	 /* by the seed */
	unsigned int id; /* 0: not chosen */
};

struct source {
	bool c; /* else SystemVerilog */
	char *text;
	struct tok *tok;
	unsigned int n_tok;
	struct unit *unit;
	unsigned int n_unit;
	struct site *site;
	unsigned int n_site;
};

/* token.c */
void tokenize(struct source *s);
bool tok_is(const struct source *s, unsigned int i, const char *text);
/* text of tokens [from, to) in one line; to be freed */
char *tok_text(const struct source *s, unsigned int from, unsigned int to);
/* the token after the bracket that closes the one at i */
unsigned int tok_after_group(const struct source *s, unsigned int i);

/* walk.c: finds the units */
void walk(struct source *s);

/* ops.c: the mutations of a unit */
void ops_expr(struct source *s, unsigned int unit);
void ops_cond(struct source *s, unsigned int unit);
void ops_assign(struct source *s, unsigned int unit, unsigned int assign_tok);
void ops_call(struct source *s, unsigned int unit);

void *grow(void *p, unsigned int n, size_t size);

#endif
