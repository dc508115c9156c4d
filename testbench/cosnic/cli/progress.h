/* SPDX-License-Identifier: BSD-2-Clause */
/* One line on a terminal's stderr for what takes over two seconds; nothing when quiet or not a terminal. */
#ifndef COSNIC_PROGRESS_H
#define COSNIC_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	const char *what;
	uint64_t total, next, step;
	double started;
	bool shown, on;
};

void progress_start(struct progress *p, const char *what, uint64_t total, bool quiet);
void progress_slow(struct progress *p, uint64_t done);
void progress_end(struct progress *p);
double wall_seconds(void);

static inline void progress_at(struct progress *p, uint64_t done)
{
	if (done >= p->next)
		progress_slow(p, done);
}

#endif
