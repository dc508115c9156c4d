/* SPDX-License-Identifier: BSD-2-Clause */
/* Figures over commits: results that were kept (--history) beside those of the report. */
#ifndef REPORT_TREND_H
#define REPORT_TREND_H

#include "results.h"

/*
 * Adds "trend" to a digest, for each suite that was kept of other commits, oldest first:
 *   [ { "set", "commits": [[commit, started], ...], "series": [ { "name", "figure", "values": [number or null, ...] } ] } ]
 */
void trend_add(json_t *digest, const struct results *now, const struct results *before);

#endif
