/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the frames of a capture are: types, layers, tunnels, checksum verdicts, parse errors, sizes and flows, as the card's
 * parser sees them. Frames are those that are replayed, once.
 */
#ifndef COSNIC_COUNTS_H
#define COSNIC_COUNTS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#include "trace.h"

struct counts;

/* NULL: out of memory. */
struct counts *counts_create(void);
void counts_free(struct counts *c);
void counts_frame(struct counts *c, const uint8_t *frame, size_t len);
/* Before the first file: how many there are. What is skipped in which of them. */
void counts_files(struct counts *c, int n);
void counts_skip(struct counts *c, int file, enum trace_cause cause);
uint64_t counts_skipped(const struct counts *c, int file, enum trace_cause cause);
/* As in result.json. */
json_t *counts_json(const struct counts *c);
/* A line for people, and one of what is wrong when something is. */
void counts_table(const struct counts *c, FILE *f);

#endif
