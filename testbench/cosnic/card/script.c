/* SPDX-License-Identifier: BSD-2-Clause */
/* A stimulus: lines of words, kept as they are read; numbers are looked at when a line is run, for loops and rounds. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "card.h"

#define WORDS 6
#define NAMES 2048
#define DEPTH 4
#define MEMORY_MAX (64 << 20)
#define KEPT 16

struct line {
	unsigned int number;
	char *word[WORDS];
	unsigned int n;
	unsigned int end; /* of repeat: the line of its end */
};

struct script {
	char *path;
	struct line *line;
	unsigned int n_line;
	struct {
		char name[CARD_NAME];
		uint64_t value;
	} name[NAMES];
	unsigned int n_name;
	struct {
		uint64_t from, to;
	} kept[KEPT];
	unsigned int n_kept;
	/* of a run */
	struct card *card;
	const struct line *at;
	uint64_t i, n; /* innermost loop, round */
	uint8_t func;
	bool setup, failed;
};

static bool complain(const struct script *s, const char *what, const char *word)
{
	fprintf(stderr, "cosnic: card-test: %s:%u: %s '%s'; testbench/cosnic/card/README.md has the words\n",
		s->path, s->at ? s->at->number : 0, what, word);
	return false;
}

/* ---- numbers: sums of products of numbers, names, lo(), hi() and ( ) */

static uint64_t sum(struct script *s, const char **p);

static bool named(const struct script *s, const char *name, size_t len, uint64_t *value)
{
	unsigned int i;

	if (len == 1 && (*name == 'i' || *name == 'n')) {
		*value = *name == 'i' ? s->i : s->n;
		return true;
	}
	for (i = 0; s->card && i < s->card->n_memory; i++)
		if (strlen(s->card->memory[i].name) == len && !memcmp(s->card->memory[i].name, name, len)) {
			*value = s->card->memory[i].bus;
			return true;
		}
	for (i = 0; i < s->n_name; i++)
		if (strlen(s->name[i].name) == len && !memcmp(s->name[i].name, name, len)) {
			*value = s->name[i].value;
			return true;
		}
	return false;
}

static uint64_t factor(struct script *s, const char **p)
{
	const char *from = *p;
	uint64_t v = 0;
	char *end;

	if (isdigit((unsigned char)*from)) {
		v = strtoull(from, &end, 0);
		*p = end;
		return v;
	}
	while (isalnum((unsigned char)**p) || **p == '_')
		++*p;
	if (**p == '(') {
		bool lo = !strncmp(from, "lo(", 3), hi = !strncmp(from, "hi(", 3);

		s->failed |= *p != from && !lo && !hi;
		++*p;
		v = sum(s, p);
		s->failed |= **p != ')';
		*p += **p == ')';
		return lo ? (uint32_t)v : hi ? v >> 32 : v;
	}
	s->failed |= *p == from || !named(s, from, (size_t)(*p - from), &v);
	return v;
}

static uint64_t term(struct script *s, const char **p)
{
	uint64_t v = factor(s, p), w;

	while (**p == '*' || **p == '%') {
		char op = *(*p)++;

		w = factor(s, p);
		v = op == '*' ? v * w : w ? v % w : 0;
	}
	return v;
}

static uint64_t sum(struct script *s, const char **p)
{
	uint64_t v = term(s, p);

	while (**p == '+' || **p == '-' || **p == '|') {
		char op = *(*p)++;
		uint64_t w = term(s, p);

		v = op == '+' ? v + w : op == '-' ? v - w : v | w;
	}
	return v;
}

/* The word's value, or that of a word that is not there. */
static uint64_t value(struct script *s, unsigned int word, uint64_t missing)
{
	const char *p;
	uint64_t v;

	if (word >= s->at->n)
		return missing;
	p = s->at->word[word];
	v = sum(s, &p);
	s->failed |= *p != 0;
	return v;
}

/* ---- reading */

/* NAME=VALUE, as shells have them, or rows WORD(NAME, VALUE, ...) of a table. */
static void read_name(struct script *s, char *text)
{
	char *name, *end, *v = strpbrk(text, "=,");
	uint64_t number;

	name = v && *v == ',' ? strchr(text, '(') : NULL;
	if (!v || (*v == ',' && (!name || name > v)) || s->n_name == NAMES)
		return;
	name = name ? name + 1 : text;
	*v++ = 0;
	v += strspn(v, " \t");
	number = strtoull(v, &end, 0);
	if (end == v || strlen(name) >= CARD_NAME)
		return;
	snprintf(s->name[s->n_name].name, CARD_NAME, "%s", name);
	s->name[s->n_name++].value = number;
}

static bool read_names(struct script *s, const char *name)
{
	char path[PATH_MAX], *text = NULL, *word, *save;
	const char *slash = strrchr(s->path, '/');
	size_t size = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%.*s%s", *name != '/' && slash ? (int)(slash + 1 - s->path) : 0,
		 s->path, name);
	f = fopen(path, "r");
	if (!f) {
		fprintf(stderr, "cosnic: card-test: %s:%u: %s: %s; it names a file beside this one\n",
			s->path, s->at->number, path, strerror(errno));
		return false;
	}
	while (getline(&text, &size, f) > 0) {
		if (strchr(text, '(') && !strchr(text, '=')) {
			read_name(s, text);
			continue;
		}
		for (word = strtok_r(text, " \t\n", &save); word; word = strtok_r(NULL, " \t\n", &save))
			read_name(s, word);
	}
	free(text);
	fclose(f);
	return true;
}

/* Words and how many numbers they have behind them. */
static const struct {
	const char *name;
	unsigned int least, most;
} words[] = {
	{ "names", 1, 1 },  { "memory", 2, 3 }, { "setup", 0, 0 },  { "traffic", 0, 0 }, { "stop", 0, 0 },
	{ "put", 2, 3 },    { "fill", 2, 3 },	{ "write", 2, 3 },  { "wait", 4, 4 },	 { "await", 4, 5 },
	{ "frame", 2, 3 },  { "run", 1, 1 },	{ "repeat", 1, 1 }, { "end", 0, 0 },	 { "func", 1, 1 },
	{ "expect", 2, 3 }, { "keeps", 2, 2 },
};

static bool is(const struct line *l, const char *word)
{
	return !strcmp(l->word[0], word);
}

static bool read_line(struct script *s, char *text, unsigned int number)
{
	struct line *l;
	char *word, *save;
	unsigned int i;

	text[strcspn(text, "#\n")] = 0;
	word = strtok_r(text, " \t\r", &save);
	if (!word)
		return true;
	s->line = reallocarray(s->line, s->n_line + 1, sizeof(*s->line));
	if (!s->line)
		abort();
	l = &s->line[s->n_line++];
	*l = (struct line){ .number = number };
	s->at = l;
	for (; word; word = strtok_r(NULL, " \t\r", &save)) {
		if (l->n == WORDS)
			return complain(s, "too many words:", word);
		l->word[l->n++] = strdup(word);
	}
	for (i = 0; i < sizeof(words) / sizeof(*words) && !is(l, words[i].name); i++)
		;
	if (i == sizeof(words) / sizeof(*words))
		return complain(s, "no such word:", l->word[0]);
	if (l->n - 1 < words[i].least || l->n - 1 > words[i].most)
		return complain(s, "not so many numbers belong to", l->word[0]);
	if (is(l, "keeps") && s->n_kept < KEPT) {
		s->kept[s->n_kept].from = value(s, 1, 0);
		s->kept[s->n_kept].to = s->kept[s->n_kept].from + value(s, 2, 0);
		s->n_kept++;
		return !s->failed || complain(s, "a number that is none behind", l->word[0]);
	}
	return !is(l, "names") || (l->word[1] && read_names(s, l->word[1]));
}

bool script_keeps(const struct script *s, uint32_t offset)
{
	unsigned int i;

	for (i = 0; s && i < s->n_kept; i++)
		if (offset >= s->kept[i].from && offset < s->kept[i].to)
			return true;
	return false;
}

/* Each repeat has its end, within a section. */
static bool pair(struct script *s)
{
	unsigned int open[DEPTH] = { 0 }, depth = 0, i;

	for (i = 0; i < s->n_line; i++) {
		struct line *l = &s->line[i];

		s->at = l;
		if (is(l, "repeat") && depth == DEPTH)
			return complain(s, "too deep:", l->word[0]);
		if (is(l, "repeat"))
			open[depth++] = i;
		else if (is(l, "end") && !depth)
			return complain(s, "no repeat before", l->word[0]);
		else if (is(l, "end"))
			s->line[open[--depth]].end = i;
		else if (depth && (is(l, "setup") || is(l, "traffic") || is(l, "stop")))
			return complain(s, "within a repeat:", l->word[0]);
	}
	return !depth || complain(s, "no end of", "repeat");
}

struct script *script_read(const char *path)
{
	struct script *s = calloc(1, sizeof(*s));
	unsigned int number = 0;
	char *text = NULL;
	size_t size = 0;
	bool ok = true;
	FILE *f;

	if (!s)
		abort();
	s->path = strdup(path);
	f = fopen(path, "r");
	if (!f || (getc(f) == EOF && ferror(f))) {
		fprintf(stderr, "cosnic: card-test: %s: %s; give the path of a stimulus\n", path,
			strerror(errno));
		ok = false;
	}
	if (f)
		rewind(f);
	while (ok && getline(&text, &size, f) > 0)
		ok = read_line(s, text, ++number);
	free(text);
	if (f)
		fclose(f);
	if (ok && pair(s))
		return s;
	script_free(s);
	return NULL;
}

void script_free(struct script *s)
{
	unsigned int i;

	for (i = 0; s && i < s->n_line; i++)
		while (s->line[i].n)
			free(s->line[i].word[--s->line[i].n]);
	if (s) {
		free(s->line);
		free(s->path);
	}
	free(s);
}

/* ---- running */

static void broken(struct script *s, const char *what)
{
	card_breach(s->card, RULE_TRAFFIC, "%s:%u (%s): %s", s->path, s->at->number, s->at->word[0], what);
}

/* `bytes` of memory, little endian. */
static uint8_t *bytes_at(struct script *s, uint64_t bus, uint64_t bytes)
{
	struct card_memory *m = card_at(s->card, bus, bytes);

	if (!m)
		broken(s, "not in memory of the stimulus");
	return m ? m->data + (bus - m->bus) : NULL;
}

static uint64_t load(const uint8_t *p, uint64_t bytes)
{
	uint64_t v = 0;

	memcpy(&v, p, bytes);
	return v;
}

static void do_memory(struct script *s)
{
	const uint64_t size = value(s, 2, 0);
	struct card_memory *m;

	if (!size || size > MEMORY_MAX) {
		broken(s, "1 byte to 64 MB");
		return;
	}
	m = card_alloc(s->card, s->at->word[1], size);
	if (!m)
		broken(s, "too many memories");
	else
		m->times = s->at->n > 3 && !strcmp(s->at->word[3], "times");
}

static void do_put(struct script *s)
{
	const uint64_t bytes = value(s, 3, 4), v = value(s, 2, 0);
	uint8_t *p = bytes && bytes <= 8 ? bytes_at(s, value(s, 1, 0), bytes) : NULL;

	if (p)
		memcpy(p, &v, bytes);
}

static void do_fill(struct script *s)
{
	uint64_t bytes = value(s, 2, 0), seed = value(s, 3, 1), i;
	uint8_t *p = bytes_at(s, value(s, 1, 0), bytes);

	for (i = 0; p && i < bytes; i++) {
		seed = seed * 6364136223846793005ull + 1442695040888963407ull;
		p[i] = (uint8_t)(seed >> 56);
	}
}

static void do_expect(struct script *s)
{
	const uint64_t bytes = value(s, 3, 4), v = value(s, 2, 0);
	uint8_t *p = bytes && bytes <= 8 ? bytes_at(s, value(s, 1, 0), bytes) : NULL;
	char what[96];

	if (!p || load(p, bytes) == v || s->card->unanswered || s->card->hurried)
		return;
	snprintf(what, sizeof(what), "0x%" PRIx64 " is there, 0x%" PRIx64 " is expected", load(p, bytes), v);
	broken(s, what);
}

/* wait OFFSET MASK VALUE US: of a register. await ADDRESS MASK VALUE US [BYTES]: of memory. */
static void do_wait(struct script *s, bool memory)
{
	const uint64_t at = value(s, 1, 0), mask = value(s, 2, 0), want = value(s, 3, 0),
		       bytes = value(s, 5, 4);
	uint64_t limit_ns = s->card->hurried ? 0 : value(s, 4, 0) * 1000, ns, got = 0;
	const uint8_t *p = memory && bytes && bytes <= 8 ? bytes_at(s, at, bytes) : NULL;
	char what[128];

	if (s->failed || (memory && !p))
		return;
	if (!memory && !card_has(s->card->door, s->func, at, 4)) {
		broken(s, "the card has no such register");
		return;
	}
	for (ns = 0; ns <= limit_ns && !s->card->breach[RULE_ALIVE].count; ns += 200) {
		got = memory ? load(p, bytes) : card_read(s->card, s->func, (uint32_t)at, 4);
		if ((got & mask) == want)
			return;
		card_run(s->card, 200);
	}
	snprintf(what, sizeof(what),
		 "0x%" PRIx64 " after %" PRIu64 " us; waits for 0x%" PRIx64 " of mask 0x%" PRIx64, got,
		 limit_ns / 1000, want, mask);
	if (!s->card->unanswered && !s->card->hurried)
		broken(s, what);
}

static void do_write(struct script *s)
{
	const uint64_t offset = value(s, 1, 0), size = value(s, 3, 4);

	if (card_has(s->card->door, s->func, offset, size))
		card_write(s->card, s->func, (uint32_t)offset, value(s, 2, 0), (unsigned int)size);
	else
		broken(s, "the card has no such register, or it is not 4 or 8 bytes");
}

/* A driver makes a function master before it sets it up. */
static void do_func(struct script *s)
{
	const uint64_t func = value(s, 1, 0);

	if (func > s->card->door->desc.total_vfs) {
		broken(s, "the card has no such function");
		return;
	}
	s->func = (uint8_t)func;
	if (s->setup && !s->card->master[func])
		card_master(s->card, s->func, true);
}

static void do_line(struct script *s)
{
	const struct line *l = s->at;

	if (is(l, "memory"))
		do_memory(s);
	else if (is(l, "put"))
		do_put(s);
	else if (is(l, "fill"))
		do_fill(s);
	else if (is(l, "expect"))
		do_expect(s);
	else if (is(l, "write"))
		do_write(s);
	else if (is(l, "wait") || is(l, "await"))
		do_wait(s, is(l, "await"));
	else if (is(l, "frame"))
		card_frame(s->card, (unsigned int)value(s, 1, 0), value(s, 2, 60), value(s, 3, 1) + s->n,
			   false);
	else if (is(l, "run"))
		card_run(s->card, value(s, 1, 0));
	else if (is(l, "func"))
		do_func(s);
	if (s->failed) {
		broken(s, "a number that is none");
		s->failed = false;
	}
}

static void run_lines(struct script *s, unsigned int from, unsigned int to)
{
	const uint64_t outer = s->i;
	unsigned int l;

	for (l = from; l < to; l++) {
		s->at = &s->line[l];
		if (s->card->breach[RULE_TRAFFIC].count || s->card->breach[RULE_ALIVE].count)
			return;
		if (!is(s->at, "repeat")) {
			do_line(s);
			continue;
		}

		const uint64_t times = value(s, 1, 0);

		for (uint64_t i = 0; i < times && i < 1 << 20; i++) {
			s->i = i;
			run_lines(s, l + 1, s->line[l].end);
		}
		s->i = outer;
		l = s->line[l].end;
	}
}

void script_run(struct script *s, struct card *c, const char *section, unsigned int round)
{
	unsigned int from, to;

	s->card = c;
	s->n = round;
	s->i = 0;
	s->func = 0;
	s->failed = false;
	s->setup = !strcmp(section, "setup");
	for (from = 0; from < s->n_line && !is(&s->line[from], section); from++)
		;
	for (to = from + 1; to < s->n_line && !is(&s->line[to], "setup") && !is(&s->line[to], "traffic") &&
			    !is(&s->line[to], "stop");
	     to++)
		;
	if (from < s->n_line)
		run_lines(s, from + 1, to);
}
