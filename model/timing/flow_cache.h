/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Flows that the flow cache knows, and from when on: a frame that comes while its flow is searched
 * misses too.
 */
#ifndef TIMING_FLOW_CACHE_H
#define TIMING_FLOW_CACHE_H

#include <vector>

#include "station.h"

namespace timing {

class FlowCache {
public:
	FlowCache() : sets(CacheSets) {}
	bool hit(uint32_t flow, Ps now)
	{
		Set &s = sets[flow % CacheSets];

		for (unsigned w = 0; w < CacheWays; w++) {
			if (s.way[w].filled <= now && s.way[w].flow == flow) {
				s.last = w;
				return true;
			}
		}
		return false;
	}
	/* The way that was not used last is replaced; a flow is filled again where it is. */
	void fill(uint32_t flow, Ps from)
	{
		Set &s = sets[flow % CacheSets];
		unsigned w = !s.last;

		for (unsigned i = 0; i < CacheWays; i++)
			if (s.way[i].flow == flow && s.way[i].filled < Never)
				return;
		for (unsigned i = 0; i < CacheWays && s.way[w].filled < Never; i++)
			if (s.way[i].filled >= Never)
				w = i;
		s.way[w] = { flow, from };
		s.last = w;
	}

private:
	static constexpr Ps Never = 1e30;
	struct Set {
		struct {
			uint32_t flow = 0;
			Ps filled = Never;
		} way[CacheWays];
		unsigned last = 0;
	};
	std::vector<Set> sets;
};

} // namespace timing

#endif
