// SPDX-License-Identifier: BSD-2-Clause
#include "latency.h"

#include <algorithm>

ReadLatency::ReadLatency(const snic_sim_config &cfg)
	: ps_(cfg.read_latency_ns * 1000ull), jitter_ps_(cfg.read_jitter_ns * 1000ull), random_(cfg.seed)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < cfg.n_read_bins; i++)
		bins_.push_back({ cfg.read_bins[i].ns * 1000ull, sum += cfg.read_bins[i].count });
}

uint64_t ReadLatency::next_ps()
{
	if (!bins_.empty()) {
		const unsigned __int128 scaled =
			static_cast<unsigned __int128>(random_.next()) * bins_.back().upto;
		const uint64_t at = static_cast<uint64_t>(scaled >> 64);

		return std::upper_bound(bins_.begin(), bins_.end(), at,
					[](uint64_t v, const Bin &b) { return v < b.upto; })
			->ps;
	}
	return jitter_ps_ ? ps_ + random_.next() % (jitter_ps_ + 1) : ps_;
}
