/* SPDX-License-Identifier: BSD-2-Clause */
/* How long host memory takes to answer a read: one time, one with jitter, or drawn from a measured histogram. */
#ifndef SNIC_LATENCY_H
#define SNIC_LATENCY_H

#include <cstdint>
#include <vector>

#include "random.h"
#include "snic_sim.h"

class ReadLatency {
public:
	explicit ReadLatency(const snic_sim_config &cfg);

	/* Of the next read. What cannot vary draws nothing. */
	uint64_t next_ps();

private:
	const uint64_t ps_, jitter_ps_;
	Random random_;
	/* Of a histogram: time, and how many reads took that long or less. */
	struct Bin {
		uint64_t ps, upto;
	};
	std::vector<Bin> bins_;
};

#endif
