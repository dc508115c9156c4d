/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Settings of a point, {"size": "64", "pcie": "gen3x8", ...}, put to the command line of `cosnic gen` and of `cosnic
 * replay` (or predict), by whose doors they go. A flag is set by "on".
 */
#ifndef BENCH_SETTINGS_H
#define BENCH_SETTINGS_H

#include <stdbool.h>

#include <jansson.h>

#include "options.h"

#define SETTINGS_MAX 64

struct settings {
	struct options gen, run; /* run.traffic = &gen when there is traffic to be made */
	bool made;		 /* the traffic is made, and not given as captures */
	unsigned int n_words;
	int gen_argc, run_argc;
	char *gen_argv[SETTINGS_MAX], *run_argv[SETTINGS_MAX + 1]; /* run_argv[0] is "cosnic" */
	char words[2 * SETTINGS_MAX][256];
};

/* Whether there is a setting of this name. */
bool settings_known(const char *name);
/* Whether it is a flag, which on the command line has no value. */
bool settings_flag(const char *name);
/*
 * A value as points have it, in buf of PATH_MAX: a file that a setting names (library, read-latency) by its whole path, since
 * points run in folders of their own; a number as it is usually written, 064 as 64 and sizes 64-64 as 64.
 */
const char *settings_value(const char *name, const char *value, char *buf);
/* Line rate for the frames of a point, as far as its settings say, before there is a result that knows. */
double settings_line_mpps(const json_t *settings);
/*
 * Fills s with what a point means: aliases resolved, defaults set, every value checked. files: captures to replay, or
 * NULL. EXIT_OK, or EXIT_USAGE after one line on stderr. s stays where it is: the options point into it.
 */
int settings_resolve(struct settings *s, const json_t *settings, const json_t *files, bool predict_only);

#endif
