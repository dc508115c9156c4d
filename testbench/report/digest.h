/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Results, brought together for readers: what the page, CSV and Markdown all show is worked out here, once.
 *   { "stations": [[key, label], ...], "runs": {commits, contracts, tools, from, to}, "summary": {...},
 *     "disagree": [...], "failed": [...], "worst": [...], "speed": [...], "sets": [...], "trend": [...] (trend.h) }
 * README.md describes the parts.
 */
#ifndef REPORT_DIGEST_H
#define REPORT_DIGEST_H

#include "results.h"

#define N_LANES 3
extern const char *const digest_lanes[N_LANES];

json_t *digest_make(const struct results *r);
/* Label of a station's key; the key itself when there is no such station. */
const char *digest_label(const char *key);

/* Part of digest_make(): summary and the lists that come first, from the sets. */
void findings_add(json_t *digest);

#endif
