/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A suite: points in a folder, run by the pool or by Slurm, and the rows that are made of their results. suite.json and
 * suite.csv are described in README.md.
 */
#ifndef BENCH_SUITE_H
#define BENCH_SUITE_H

#include <stdio.h>

#include "bench.h"
#include "cache.h"
#include "traffic.h"

struct suite {
	const struct bench *b;
	json_t *axes, *points, *rows, *run; /* as in suite.json */
	json_t *contract;		    /* with the RTL's build */
	size_t kept;			    /* points whose results were there before */
	json_t *inputs;			    /* what points are made of: hashes as first seen */
	struct cache cache;
	int lock;	   /* of the folder */
	bool tasks_shared; /* --shard deals out tasks of several points each, not points */
};

/* NULL after one line on stderr. axes is stolen. */
struct suite *suite_open(const struct bench *b, json_t *axes);
/* Adds a point with these settings (stolen) beside those of the base; its index, or -1 after one line on stderr. */
ssize_t suite_add(struct suite *s, json_t *settings);
/* The point with these settings (stolen), added unless it is there. */
ssize_t suite_find(struct suite *s, json_t *settings);
/* Runs what was added since. EXIT_OK, even when points fail; else nothing more can be run. */
int suite_run(struct suite *s);

/* Whether point or task i of the suite is for this process to run: with --shard others are for other machines. */
bool suite_mine(const struct suite *s, size_t i);

size_t suite_points(const struct suite *s);
/* Base and own settings of a point; borrowed by who asks, to be given back by json_decref(). */
json_t *suite_settings(const struct suite *s, size_t i);
/* result.json of a point; NULL: it failed. To be given back. */
json_t *suite_result(const struct suite *s, size_t i);
const char *suite_id(const struct suite *s, size_t i);
/* A new row: the point's own settings, to which the suite adds. */
json_t *suite_row(struct suite *s, size_t i);

/* Writes suite.json and suite.csv, tells what failed, frees. An exit status; `status` if that is not EXIT_OK. */
int suite_close(struct suite *s, int status);

#endif
