/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rate and latency of one direction. The rate is that of the steady window: between the delivered frames at 10 % and 95 %
 * of the run, from the first to the last of them. Memory does not grow with the run.
 */
#ifndef COSNIC_METER_H
#define COSNIC_METER_H

#include <stdint.h>

#define METER_POINTS 4096
#define METER_BUCKETS 2048

struct meter {
	uint64_t packets, bytes; /* bytes without FCS */
	uint64_t next, step;
	unsigned int n_points;
	struct {
		uint64_t packets, bytes, ps;
	} points[METER_POINTS];
	uint64_t latency[METER_BUCKETS], n_latency;
	uint64_t latency_min, latency_max; /* ps */
};

struct meter_rate {
	double mpps, gbps; /* Gb/s of frames with FCS; 0 when the run is too short for a window */
};

void meter_init(struct meter *m);
void meter_frame(struct meter *m, uint64_t len, uint64_t ps);
void meter_latency(struct meter *m, uint64_t ps);
struct meter_rate meter_rate(const struct meter *m);
double meter_quantile_ns(const struct meter *m, double q);

#endif
