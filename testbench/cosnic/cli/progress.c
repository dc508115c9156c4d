/* SPDX-License-Identifier: BSD-2-Clause */
#include "progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

double wall_seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec * 1e-9;
}

void progress_start(struct progress *p, const char *what, uint64_t total, bool quiet)
{
	p->what = what;
	p->total = total;
	p->step = total / 200 + 1;
	p->next = p->step;
	p->started = wall_seconds();
	p->shown = false;
	p->on = !quiet && isatty(STDERR_FILENO);
}

void progress_slow(struct progress *p, uint64_t done)
{
	double elapsed = wall_seconds() - p->started;

	p->next = done + p->step;
	if (!p->on || elapsed < 2)
		return;
	p->shown = true;
	fprintf(stderr, "\r%s: %3.0f %%  %.0f s left ", p->what, 100.0 * (double)done / (double)p->total,
		elapsed * (double)(p->total - done) / (double)(done ? done : 1));
	fflush(stderr);
}

void progress_end(struct progress *p)
{
	if (p->shown)
		fprintf(stderr, "\r%*s\r", 60, "");
}
