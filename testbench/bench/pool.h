/* SPDX-License-Identifier: BSD-2-Clause */
/* Points run at the same time, each in a process of its own. */
#ifndef BENCH_POOL_H
#define BENCH_POOL_H

#include <stddef.h>

#define POOL_MAX_JOBS 1024u

/* Points at a time when nobody says how many: one for each core (as sysconf() counts them), and no more than are allowed. */
unsigned int pool_jobs(long cores);
/*
 * Runs the points of these ids and keys, `jobs` at a time, each once; what became of each is in its folder. what: name for the
 * progress line. Returns when all are through, or after Ctrl-C when those under way have ended. 0 or a negative errno.
 */
int pool_run(const char *dir, const char *const *ids, const char *const *keys, size_t n, unsigned int jobs,
	     const char *what);

#endif
