/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Flows as people write them for ovs-ofctl (ovs-actions(7), ovs-fields(7)): matches and actions of one line, as far as the
 * card has them. What it has not is an error that names the place, and what to write instead.
 */
#ifndef COSNIC_FLOW_TEXT_H
#define COSNIC_FLOW_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "snic_contract.h"

/* A line of a file, and room for one line about what is wrong in it. */
struct flow_line {
	const char *path;
	unsigned int number; /* from 1 */
	const char *text;    /* the whole line: columns count from its start */
	char *err;
	size_t err_size;
};

/* Part of a line. */
struct flow_word {
	const char *at;
	size_t len;
};

/* "path:line:column: ..." into line->err; false, for the caller to return. */
bool flow_fail(const struct flow_line *line, const char *at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Every line of a file that is not empty, from its first character that is no blank to the last; what stands behind # is none of it.
 * false: fn said so, or a line is no text, or the file cannot be read; err says what is wrong, and where.
 */
typedef bool (*flow_line_fn)(void *ctx, const struct flow_line *line, const char *start);
bool flow_lines(FILE *f, const char *path, char *err, size_t err_size, flow_line_fn fn, void *ctx);

/*
 * The next KEY, KEY=VALUE, KEY:VALUE or KEY(VALUE) of a list whose elements are parted by commas and blanks; *at moves behind
 * it, value->at is NULL when there is none. false: no more.
 */
bool flow_next_word(const char **at, const char *end, struct flow_word *key, struct flow_word *value);
bool flow_word_is(const struct flow_word *w, const char *name);
/* Decimal or 0x, at most max. */
bool flow_number(const struct flow_word *w, uint64_t max, uint64_t *out);
/* xx:xx:xx:xx:xx:xx */
bool flow_mac(const struct flow_word *w, uint64_t *out);
/* An IPv4 address (family 4) or IPv6 (6) as dwords of a key, least significant first. */
bool flow_address(const struct flow_word *w, int family, uint32_t dw[4]);
/* ADDRESS, ADDRESS/PREFIX or ADDRESS/MASK */
bool flow_network(const struct flow_word *w, int family, uint32_t dw[4], uint32_t mask[4]);
/* p0, p1, pf (also LOCAL), vfN, tunnelN, or the card's number of it (rtl/contract: VPORT). */
bool flow_port(const struct flow_word *w, uint16_t *vport);

/* What a frame must be: fields of the card's key and their masks. */
struct flow_match {
	struct snic_flow_key key, mask;
};
/* One field of a match, KEY or KEY=VALUE. */
bool flow_match_field(const struct flow_line *line, struct flow_match *m, const struct flow_word *key,
		      const struct flow_word *value);

/* What is done with it: the text behind actions=, up to end. An action EDIT of theirs has id 0, and writes *edit. */
struct flow_doing {
	struct snic_actions act;
	struct snic_edit edit;
	bool has_edit;
};
bool flow_actions(const struct flow_line *line, const struct flow_match *m, const char *at, const char *end,
		  struct flow_doing *out);

/*
 * flow_edit.c: an action that writes a field, by its old name (mod_nw_src) or by that of the field (set_field): into *e, and flags of
 * EDIT_ARG into *arg. *known: there is such a field.
 */
bool flow_edit_field(const struct flow_line *line, const struct flow_match *m, const struct flow_word *name,
		     const struct flow_word *value, bool by_field, struct snic_edit *e, uint32_t *arg,
		     bool *known);
/* The match says that the frames are of this kind: SNIC_L3_NONE for any IP; proto 0: any. */
bool flow_match_is_ip(const struct flow_match *m, unsigned int l3);
bool flow_match_is_proto(const struct flow_match *m, unsigned int proto);

#endif
