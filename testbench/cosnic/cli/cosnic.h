/* SPDX-License-Identifier: BSD-2-Clause */
/* The commands. Each returns an enum exit_status. */
#ifndef COSNIC_H
#define COSNIC_H

#include <stdbool.h>

#include "options.h"

int cmd_gen(const struct options *o);
/* Whether the frames asked for can be made: EXIT_OK, or EXIT_USAGE after one line on stderr. */
int gen_check(const struct options *o);
int cmd_replay(const struct options *o);
int cmd_predict(const struct options *o);
int cmd_explain(const struct options *o);
int cmd_guest(const struct options *o);
int cmd_bench(int argc, char **argv);
int cmd_info(const struct options *o);
int cmd_regs(int argc, char **argv);
int cmd_card_test(int argc, char **argv);

/* Settings of a bench that are no options of replay and gen. */
#define BENCH_ALIASES                                                                                        \
	"hit (share of flow-cache hits), latency (of a host read, ns), packets, load (% of line rate)"
/* Says each suite of cosnic bench. */
void bench_suites(void (*say)(void *ctx, const char *name, const char *what), void *ctx);

/* The command that result.json names. */
extern char **cosnic_argv;
extern int cosnic_argc;

/* There is one core for this process: nothing runs beside anything. */
extern bool cosnic_one_core;

/* Set by SIGINT: long loops end at the next turn and mark their results partial. */
extern volatile int cosnic_interrupted;

#endif
