/* SPDX-License-Identifier: BSD-2-Clause */
/* What a result says of each direction, as flat figures: the rows of sweeps. */
#ifndef BENCH_LANES_H
#define BENCH_LANES_H

#include "suite.h"

/* Columns that a table for people shows of such rows, beside the settings. */
#define LANES_COLUMNS                                                                                        \
	"lane line_mpps measured_mpps predicted_mpps error_pct measured_gbps lost_pct limits limits_predicted"

/* Adds a row for each direction of a point that has a result. */
void lanes_rows(struct suite *s, size_t i);
/* A number in a result, by the names on the way: "measured", "rx", "mpps". NaN when it is not there. */
double lanes_number(const json_t *result, const char *a, const char *b, const char *c);
/* Whether the run was of captures that were given. */
bool lanes_captured(const json_t *result);
/* Whether frames are offered in this direction: in others there may be copies of them. */
bool lanes_offered(const json_t *result, const char *part, unsigned int d);
/* What a direction carried, with preambles and gaps, in % of the wire; of all that have frames offered the least. */
double lanes_load_pct(const json_t *result, const char *part, const char *lane);
double lanes_least_pct(const json_t *result, const char *part);
/* Rate of the slowest direction, in "measured" or "predicted": each must carry what is asked of all. NaN: there is none. */
double lanes_least_mpps(const json_t *result, const char *part);
/* Which station limits, into a row, if the result says so. */
void lanes_limits(json_t *row, const char *key, const json_t *result, const char *part);
/* Mean frame of a result's traffic, with FCS, and line rate for it. */
double lanes_mean_bytes(const json_t *result);
double lanes_line_mpps(const json_t *result);

#endif
