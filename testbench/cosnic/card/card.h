/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cosnic card-test: a card behind the door on a host that looks at every request. Each check has a card of its own, in a
 * process of its own: what crashes or hangs is one failure.
 */
#ifndef COSNIC_CARD_H
#define COSNIC_CARD_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "snic_door.h"

#define CARD_MEMORIES 16
#define CARD_NAME 32
#define CARD_GRACE_PS (100 * 1000000ull) /* for what is under way when a function may not any more */

/* What a card must keep to; rules.def has what each means. */
enum card_rule {
#define RULE(id, name, text, look) RULE_##id,
#include "rules.def"
#undef RULE
	N_RULES
};
extern const struct card_rule_row {
	const char *name, *text, *look;
} card_rules[N_RULES];

/* The first breach of a rule, and how many there were. */
struct card_breach {
	uint64_t count;
	char what[256];
};

/* Host memory that the card was given. */
struct card_memory {
	char name[CARD_NAME];
	uint64_t bus;
	size_t size;
	uint8_t *data;
	bool times; /* it says when something was: not the same in runs that take other times */
};

struct card {
	const struct snic_door *door;
	struct snic_sim_config cfg;
	struct snic_sim *sim;
	struct card_memory memory[CARD_MEMORIES];
	unsigned int n_memory;
	uint64_t next_bus;
	bool master[SNIC_CARD_FUNCS];
	uint64_t off_ps[SNIC_CARD_FUNCS]; /* when it lost that; UINT64_MAX: it never had it */
	uint32_t mps, mrrs;		  /* the largest that hold now */
	uint64_t reads, writes, messages, frames, last_ps;
	uint64_t hash;	 /* all that came out, with its time */
	uint64_t sum;	 /* frames that left, in any order */
	bool unanswered; /* the host refuses and loses answers: waits may run out */
	bool hurried;	 /* nobody waits: what is asked for is under way */
	struct card_breach breach[N_RULES];
};

/* False: the card did not start, which is a breach. */
bool card_start(struct card *c, const struct snic_door *door, const struct snic_sim_config *cfg);
void card_end(struct card *c);
void card_breach(struct card *c, enum card_rule rule, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
bool card_failed(const struct card *c);

/* Whether an access of so many bytes is of a BAR that leads to the card. */
bool card_has(const struct snic_door *door, unsigned int func, uint64_t offset, uint64_t size);
void card_run(struct card *c, uint64_t ns);
uint64_t card_read(struct card *c, uint8_t func, uint32_t offset, unsigned int size);
void card_write(struct card *c, uint8_t func, uint32_t offset, uint64_t value, unsigned int size);
void card_master(struct card *c, uint8_t func, bool on);
/* And 1 ms, in whose second half nothing may come. */
void card_flr(struct card *c, uint8_t func);
void card_sizes(struct card *c, uint32_t mps, uint32_t mrrs);
void card_frame(struct card *c, unsigned int port, size_t len, uint64_t seed, bool bad);

struct card_memory *card_alloc(struct card *c, const char *name, size_t size);
/* Memory of the card's, all of [bus, bus + len) in one; NULL: none. */
struct card_memory *card_at(struct card *c, uint64_t bus, uint64_t len);
void card_free(struct card *c);
/* What traffic left: memory that says no times, frames. */
uint64_t card_image(const struct card *c);

/* ---- stimulus: what a driver would do, as text (README.md) */
struct script;
/* NULL after a line on stderr. */
struct script *script_read(const char *path);
void script_free(struct script *s);
/* The card says of this register that it keeps it over a reset. */
bool script_keeps(const struct script *s, uint32_t offset);
/* "setup", "traffic" (of this round), "stop". Fails as a breach. */
void script_run(struct script *s, struct card *c, const char *section, unsigned int round);

/* ---- checks */
enum verdict { PASSED, FAILED, SKIPPED };

struct check {
	const struct snic_door *door;
	const struct snic_sim_config *cfg;
	struct script *script;
	enum verdict verdict;
	char what[512];	      /* in one line */
	char rule[CARD_NAME]; /* the one that was broken */
};

struct check_row {
	const char *name, *question;
	void (*fn)(struct check *k);
	bool stimulated;
};
extern const struct check_row plain_checks[], traffic_checks[];

void check_says(struct check *k, enum verdict verdict, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* The card's breaches are the check's; false: there was one. */
bool check_card(struct check *k, const struct card *c);

#endif
