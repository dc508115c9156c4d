/* SPDX-License-Identifier: BSD-2-Clause */
/* What `cosnic bench SUITE [options]` was asked for. */
#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>

#include <jansson.h>

struct bench {
	const char *suite;
	const char *out;   /* folder of the suite */
	json_t *axes;	   /* of --over, NULL: not given */
	json_t *base;	   /* settings that all points have */
	json_t *files;	   /* captures, with absolute paths; empty: traffic is made */
	unsigned int jobs; /* points at a time; 0, by Slurm only: as many as it gives */
	bool slurm;	   /* points are tasks of a job array */
	bool fresh;	   /* run again what has a result */
	const char *cache; /* folder of results that machines share, NULL: none */
	json_t *merge;	   /* folders of suites whose points are taken, and nothing is run; empty: none */
	unsigned int shard, shards; /* this is part `shard` (from 0) of so many; 0: all of it */
	bool predict_only;	    /* no RTL */
	double width_pct;	    /* a search ends when its bounds are so close, in % of line rate */
	double trial_us;	    /* simulated length of a final trial */
	int argc;		    /* the command, for suite.json */
	char **argv;
};

#endif
