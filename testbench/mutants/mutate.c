/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes a source file with mutations in it, each switched on by its number in $MUTANT at run time, and lists them:
 *   mutate -n COUNT -s SEED -i FIRST_NUMBER [-x NUMBER]... -o OUT FILE
 * A line of the list: number, key, FILE, line, operator, before, after; by tabs. -x leaves one out; the others keep their numbers.
 * Lines stay where they are. */
#include "mutate.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What generated code is searched for: no other constant looks like it. */
#define BASE 0x4d550000u
#define MAX_LEFT_OUT 4096

static char *read_all(FILE *f)
{
	char *text = NULL;
	size_t n = 0;
	int c;

	do {
		c = fgetc(f);
		text = n & (n - 1) ? text : realloc(text, n ? 2 * n : 1);
		if (!text)
			abort();
		text[n++] = c == EOF ? 0 : (char)c;
	} while (c != EOF);
	return text;
}

static uint64_t mix(uint64_t x)
{
	x = (x ^ (x >> 31)) * 0x9e3779b97f4a7c15ull;
	x = (x ^ (x >> 29)) * 0xbf58476d1ce4e5b9ull;
	return x ^ (x >> 32);
}

static int by_order(const void *a, const void *b)
{
	const struct site *x = *(struct site *const *)a, *y = *(struct site *const *)b;

	return x->order < y->order ? -1 : x->order > y->order;
}

static int by_id(const void *a, const void *b)
{
	const struct site *x = a, *y = b;

	return x->id < y->id ? -1 : x->id > y->id;
}

/* What stands in a file several times is told apart by which of them it is. */
static void tell_apart(struct source *s)
{
	unsigned int i, k, same;

	for (i = s->n_site; i-- > 0;) {
		for (k = same = 0; k < i; k++)
			same += s->site[k].key == s->site[i].key;
		s->site[i].key += mix(same);
	}
}

/* The operators take turns, so that each is there, however many places it has. Numbers go in the order of the file. */
static void choose(struct source *s, unsigned int count, uint64_t seed, unsigned int first)
{
	struct site **order = calloc(
		s->n_site + 1, sizeof(struct site *)); /* NOLINT(bugprone-sizeof-expression): of pointers */
	bool *chosen = calloc(s->n_site + 1, 1);
	unsigned int i, left = s->n_site < count ? s->n_site : count;
	const char **turn = calloc(s->n_site + 1, sizeof(*turn));
	unsigned int n_turn = 0;

	if (!order || !chosen || !turn)
		abort();
	for (i = 0; i < s->n_site; i++) {
		s->site[i].order = mix(s->site[i].key + mix(seed));
		order[i] = &s->site[i];
	}
	qsort(order, s->n_site, sizeof(struct site *),
	      by_order); /* NOLINT(bugprone-sizeof-expression): of pointers */
	while (left) {
		n_turn = 0; /* a turn of all operators */
		for (i = 0; i < s->n_site && left; i++) {
			unsigned int k = 0;

			while (k < n_turn && strcmp(turn[k], order[i]->op))
				k++;
			if (chosen[i] || k < n_turn)
				continue;
			turn[n_turn++] = order[i]->op;
			chosen[i] = true;
			order[i]->id = 1;
			left--;
		}
	}
	for (i = 0; i < s->n_site; i++)
		if (s->site[i].id)
			s->site[i].id = first++;
	free(order);
	free(chosen);
	free(turn);
}

static void print_short(FILE *f, char *text)
{
	size_t i;

	for (i = 0; text[i]; i++)
		if (text[i] == '\t')
			text[i] = ' ';
	if (strlen(text) > 70)
		strcpy(text + 67, "...");
	fputs(text, f);
}

static void list(const struct source *s, const struct site *m, const char *name)
{
	char *before = tok_text(s, m->from, m->to), *after = strdup(m->text);

	printf("%u\t%08x\t%s\t%u\t%s\t", m->id, (unsigned int)(m->key ^ (m->key >> 32)), name,
	       s->tok[m->from].line, m->op);
	print_short(stdout, before);
	putchar('\t');
	print_short(stdout, after);
	putchar('\n');
	free(before);
	free(after);
}

static void emit_mutated(FILE *f, const struct source *s, const struct site *m)
{
	const struct unit *u = &s->unit[m->unit];
	char *before = tok_text(s, u->from, m->from), *after = tok_text(s, m->to, u->to);

	fprintf(f, "%s %s %s", before, m->text, after);
	free(before);
	free(after);
}

static bool is(FILE *f, const struct source *s, unsigned int id)
{
	return fprintf(f, s->c ? "snic_mut == %uu" : "snic_mut == 32'd%u", BASE + id) > 0;
}

/* What stands before the unit's text; and whether the unit is mutated at all. */
static bool emit_before(FILE *f, const struct source *s, unsigned int unit)
{
	const bool stmt = s->unit[unit].stmt;
	unsigned int i, n = 0;

	for (i = 0; i < s->n_site; i++) {
		const struct site *m = &s->site[i];

		if (m->unit != unit || !m->id)
			continue;
		if (!n++)
			fputs(!stmt ? "(" : s->c ? "{ " : "begin ", f);
		fputs(stmt ? "if (" : "", f);
		is(f, s, m->id);
		fputs(stmt ? ") " : " ? (", f);
		emit_mutated(f, s, m);
		fputs(stmt ? " else " : ") : ", f);
	}
	if (n && !stmt)
		fputc('(', f);
	return n;
}

static void emit_after(FILE *f, const struct source *s, unsigned int unit)
{
	fputs(!s->unit[unit].stmt ? "))" : s->c ? " }" : " end", f);
}

/* In SystemVerilog the module reads its number; in C the file. */
static const char sv_number[] =
	" bit [31:0] snic_mut; initial snic_mut = 32'd%u + $c32(\"(getenv(\\\"MUTANT\\\") ? atoi(getenv(\\\"MUTANT\\\")) : 0)\");";
static const char c_number[] =
	"char *getenv(const char *); int atoi(const char *); static unsigned int snic_mut; __attribute__((constructor)) "
	"static void snic_mut_init(void) { snic_mut = %uu + (getenv(\"MUTANT\") ? (unsigned int)atoi(getenv(\"MUTANT\")) : 0); } ";

static void emit(FILE *f, const struct source *s)
{
	const char *at = s->text;
	bool *mutated = calloc(s->n_unit + 1, 1), header = false;
	unsigned int i, u;

	if (!mutated)
		abort();
	if (s->c)
		fprintf(f, c_number, BASE);
	for (i = 0; i < s->n_tok; i++) {
		const struct tok *t = &s->tok[i];

		fwrite(at, 1, (size_t)(t->s - at), f);
		at = t->s;
		for (u = 0; u < s->n_unit; u++)
			if (s->unit[u].from == i)
				mutated[u] = emit_before(f, s, u);
		fwrite(at, 1, t->len, f);
		at += t->len;
		for (u = 0; u < s->n_unit; u++)
			if (s->unit[u].to == i + 1 && mutated[u])
				emit_after(f, s, u);
		header = header || tok_is(s, i, "module");
		if (!s->c && header && tok_is(s, i, ";")) {
			fprintf(f, sv_number, BASE);
			header = false;
		}
	}
	free(mutated);
}

int main(int argc, char **argv)
{
	struct source s = { 0 };
	unsigned int count = 0, first = 1, i, n_out = 0, left_out[MAX_LEFT_OUT];
	uint64_t seed = 0;
	const char *out = NULL, *name;
	FILE *f;
	int opt;

	while ((opt = getopt(argc, argv, "n:s:i:x:o:")) != -1) {
		if (opt == 'n')
			count = (unsigned int)strtoul(optarg, NULL, 0);
		else if (opt == 's')
			seed = strtoull(optarg, NULL, 0);
		else if (opt == 'i')
			first = (unsigned int)strtoul(optarg, NULL, 0);
		else if (opt == 'x' && n_out < MAX_LEFT_OUT)
			left_out[n_out++] = (unsigned int)strtoul(optarg, NULL, 0);
		else if (opt == 'o')
			out = optarg;
		else
			return 2;
	}
	if (optind + 1 != argc || !out) {
		fprintf(stderr, "mutate -n COUNT -s SEED -i FIRST_NUMBER [-x NUMBER]... -o OUT FILE\n");
		return 2;
	}
	name = argv[optind];
	s.c = strlen(name) > 2 && !strcmp(name + strlen(name) - 2, ".c");
	f = fopen(name, "r");
	if (!f) {
		perror(name);
		return 1;
	}
	s.text = read_all(f);
	fclose(f);
	tokenize(&s);
	walk(&s);
	tell_apart(&s);
	choose(&s, count, seed, first);
	qsort(s.site, s.n_site, sizeof(*s.site), by_id);
	for (i = 0; i < n_out; i++) {
		unsigned int k;

		for (k = 0; k < s.n_site; k++)
			if (s.site[k].id == left_out[i])
				s.site[k].id = 0;
	}
	f = fopen(out, "w");
	if (!f) {
		perror(out);
		return 1;
	}
	emit(f, &s);
	if (fclose(f)) {
		perror(out);
		return 1;
	}
	for (i = 0; i < s.n_site; i++)
		if (s.site[i].id)
			list(&s, &s.site[i], name);
	return 0;
}
