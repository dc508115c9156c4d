/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Trials of RFC 2544 and of searches: frames offered at a load for a stated simulated length, and what share of them is lost.
 * A device that falls behind loses nothing until its buffers are full, so a short trial would call it fast enough: frames that
 * are delivered at a lower rate than they are offered count as lost too.
 */
#ifndef BENCH_TRIAL_H
#define BENCH_TRIAL_H

#include "suite.h"

#define TRIAL_FRAMES_MIN 500u

/* Of what trials are made. A trial of captures is whole passes of them, one at least, so that all trials are of the same mix. */
struct trial_traffic {
	double line_mpps;
	double capture; /* frames of the captures, 0: traffic is made */
};

struct trial {
	double lost_pct;   /* frames that did not come out, of those offered */
	double behind_pct; /* what the rate delivered is short of the rate offered */
	double loss_pct;   /* the larger of the two, when it is beyond what a trial can resolve */
	double frames, us; /* offered per direction, and for so long */
};

/* Point with these settings (borrowed) at a load in % of line rate, for us microseconds at line_mpps; -1: refused. */
ssize_t trial_add(struct suite *s, const json_t *settings, double load, double us, struct trial_traffic t);
/* The same at top speed, for as long as line rate takes. */
ssize_t trial_add_top(struct suite *s, const json_t *settings, double us, struct trial_traffic t);
/* Point with a burst of so many frames at line rate. */
ssize_t trial_add_burst(struct suite *s, const json_t *settings, unsigned long frames,
			struct trial_traffic t);
/* What came of it. false: the point has no result. */
bool trial_read(const struct suite *s, size_t point, double load, struct trial *t);

#endif
