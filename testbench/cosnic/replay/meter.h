/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rate and latency of one direction. The rate is that of a window in time, from the first to the last frame in it; a
 * direction is steady between its delivered frames at 10 % and 95 % of the run. Memory does not grow with the run.
 */
#ifndef COSNIC_METER_H
#define COSNIC_METER_H

#include <stdbool.h>
#include <stdint.h>

#define METER_BINS 4096
#define METER_BUCKETS 2048

/* Frames of one stretch of time. */
struct meter_bin {
	uint64_t packets, bytes, first_ps, last_ps;
	uint32_t first_len;
};

struct meter {
	uint64_t packets, bytes; /* bytes without FCS */
	uint64_t metered;	 /* of the packets, those in the bins */
	uint64_t start_ps;	 /* of bin 0 */
	uint64_t last_ps;	 /* of all packets */
	unsigned int shift;	 /* a bin is 2^shift ps long */
	struct meter_bin bins[METER_BINS];
	uint64_t latency[METER_BUCKETS], n_latency;
	uint64_t latency_min, latency_max; /* ps */
};

/* from_ps = to_ps: the run is too short for one. */
struct meter_window {
	uint64_t from_ps, to_ps;
};

/*
 * A rate needs so many frames in its window. With fewer, where the window begins and ends decides: one frame more or less is
 * half a percent, and what was under way when it began is most of what is in it.
 */
#define METER_MIN_FRAMES 200

struct meter_rate {
	double mpps, gbps; /* Gb/s of frames with FCS; 0 when there are no two frames in the window */
	uint64_t frames;   /* in the window */
	uint64_t before;   /* frames that came out before its first one */
};

/* Fewer than METER_MIN_FRAMES: what there is is shown, and compared with nothing. */
static inline bool meter_too_short(struct meter_rate r)
{
	return r.frames < METER_MIN_FRAMES;
}

void meter_init(struct meter *m);
/* In any order: what waits for a completion is seen later than frames of other queues that came after it. */
void meter_frame(struct meter *m, uint32_t len, uint64_t ps);
/* One that no rate is of: it comes after those that are predicted. */
void meter_past(struct meter *m, uint32_t len, uint64_t ps);
void meter_latency(struct meter *m, uint64_t ps);
struct meter_window meter_window(const struct meter *m);
/* The time in which all are steady that are for any; from_ps = to_ps: never at once. */
struct meter_window meter_common(const struct meter *const *meters, unsigned int n);
/*
 * Shares want some hundred turns of each sender, more than a rate: from the same time on, and up to 95 % of the run, also past the
 * frames that the rate is of; not past the last frame offered: what rings hold then is no share.
 */
struct meter_window meter_shares(const struct meter *m, struct meter_window w, uint64_t last_offered_ps);
struct meter_rate meter_rate(const struct meter *m, struct meter_window w);
/* From the first frame to the last of all. */
struct meter_rate meter_whole(const struct meter *m);
double meter_quantile_ns(const struct meter *m, double q);
/* Latencies in bucket b are below this, and not below that of bucket b - 1. */
double meter_bucket_end_ns(unsigned int b);

#endif
