/* SPDX-License-Identifier: BSD-2-Clause */
/* Packet buffer of one side: a ring of slots, taken and freed in order, done in any order. */
#ifndef TIMING_PACKET_BUFFER_H
#define TIMING_PACKET_BUFFER_H

#include "station.h"

namespace timing {

class PacketBuffer {
public:
	sc_core::sc_event freed;
	PacketBuffer(unsigned cells_, unsigned slots_)
		: all_cells(cells_), free_cells(cells_), free_slots(slots_)
	{
	}
	/* Is there room for the longest frame? */
	bool fits() const { return free_slots && free_cells >= MaxFrameCells; }
	uint64_t take(uint32_t len)
	{
		free_cells -= beats(len);
		free_slots--;
		ring.push_back({ beats(len), false });
		return first + ring.size() - 1;
	}
	void give(uint64_t slot)
	{
		ring[slot - first].done = true;
		if (slot != first)
			return;
		while (!ring.empty() && ring.front().done) {
			free_cells += ring.front().cells;
			free_slots++;
			ring.pop_front();
			first++;
		}
		freed.notify(sc_core::SC_ZERO_TIME);
	}
	/* Cells of frames that were let through to the host and not read yet. */
	void hold(uint32_t len) { held += beats(len); }
	void release(uint32_t len) { held -= beats(len); }
	bool congested() const { return held >= all_cells * CongestedShare / 100; }

private:
	struct Slot {
		unsigned cells;
		bool done;
	};
	const unsigned all_cells;
	unsigned free_cells, free_slots, held = 0;
	uint64_t first = 0;
	std::deque<Slot> ring;
};

} // namespace timing

#endif
