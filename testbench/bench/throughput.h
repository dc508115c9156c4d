/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Throughput of each setting of a suite's axes: NDR (no loss) and PDR (0.5 %) as FD.io CSIT names them, in % of line rate.
 * What comes from the wire is searched for; what hosts send is never dropped, it waits, so that throughput is the rate reached.
 */
#ifndef BENCH_THROUGHPUT_H
#define BENCH_THROUGHPUT_H

#include "search.h"
#include "trial.h"

#define PDR_LOSS_PCT 0.5
/* Where --over says nothing: RFC 2544, 9.1, and a jumbo frame. */
#define TASK_SIZES "size=64,128,256,512,1024,1280,1518,9018"

/* What tells tasks apart, in tables for people. */
#define TASK_COLUMNS                                                                                         \
	"size direction pcie vfs hit rules latency clock-mhz wire-gbps encap queues mps mrrs rcb "

struct bounds {
	double lower_pct, upper_pct; /* of line rate */
	ssize_t lower, upper;	     /* their trials, -1: none */
};

struct task {
	json_t *settings; /* of the axes */
	char direction[8];
	bool dead;     /* a trial failed: nothing can be said; or another part of --shard has it */
	bool reached;  /* the rate reached, no search */
	ssize_t first; /* trial at line rate, or at top speed */
	double line_mpps, predicted_pct;
	double capture; /* frames of the captures that are given, 0: traffic is made */
	struct bounds ndr, pdr;
	struct search search;
	double loss_load; /* of the last trial of frame loss, and how many in a row lost nothing */
	unsigned int clean;
	ssize_t burst; /* trial of the longest burst without loss, -1: none */
	ssize_t trial; /* under way */
	double load;   /* of it */
};

struct tasks {
	struct suite *s;
	struct task *task;
	size_t n;
};

static inline struct trial_traffic task_traffic(const struct task *task)
{
	return (struct trial_traffic){ task->line_mpps, task->capture };
}

/* --over, the captures that are given, or sizes: that of --size, else TASK_SIZES. NULL after one line on stderr. */
json_t *task_axes(const struct bench *b);
/* A task for each point of the axes. EXIT_OK, or EXIT_USAGE after one line on stderr. */
int tasks_open(struct tasks *t, struct suite *s);
void tasks_close(struct tasks *t);
/* Trials at line rate, then the searches, for PDR too or not. An exit status. */
int tasks_search(struct tasks *t, bool pdr);
/* A row about a trial of a task: test, id, settings, direction, frames and simulated length. */
json_t *task_row(struct tasks *t, const struct task *task, size_t point, double load, const char *test);
/* A trial of the full length; -1: none. */
ssize_t task_trial(struct tasks *t, const struct task *task, double load);

#endif
