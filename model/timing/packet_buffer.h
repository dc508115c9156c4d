/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Packet buffer of one side: a ring of slots, taken and freed in order, done in any order. The wire sees room, and the
 * pipeline what the egress holds, some cycles after the fact: small frames come close enough together for that to
 * matter.
 */
#ifndef TIMING_PACKET_BUFFER_H
#define TIMING_PACKET_BUFFER_H

#include "station.h"

namespace timing {

class PacketBuffer : public sc_core::sc_module {
public:
	sc_core::sc_event freed;

	SC_HAS_PROCESS(PacketBuffer);
	PacketBuffer(sc_core::sc_module_name name, const Shared &s, unsigned cells_, unsigned slots_)
		: sc_module(name), sh(s), all_cells(cells_), free_cells(cells_), free_slots(slots_)
	{
		SC_THREAD(scan);
	}
	/* Is there room for the longest frame? */
	bool fits() const { return free_slots && free_cells >= MaxFrameCells; }
	void take(Frame *fr)
	{
		fr->buffer = this;
		fr->slot = first + ring.size();
		free_cells -= beats(fr->f.len);
		free_slots--;
		ring.push_back({ beats(fr->f.len), false, 0 });
	}
	void give(uint64_t slot)
	{
		ring[slot - first].done = true;
		ring[slot - first].free_ps = now_ps() + sh.cycles(FreeLatency);
		given.notify(sc_core::SC_ZERO_TIME);
	}
	/* Cells of frames that were let through to the host and not read yet. */
	void hold(uint32_t len) { changes.emplace_back(now_ps() + sh.cycles(HeldLatency), beats(len)); }
	void release(uint32_t len)
	{
		changes.emplace_back(now_ps() + sh.cycles(HeldLatency), -static_cast<int>(beats(len)));
	}
	bool congested()
	{
		for (; !changes.empty() && changes.front().first <= now_ps(); changes.pop_front())
			held += changes.front().second;
		return held >= static_cast<int>(all_cells * CongestedShare / 100);
	}

private:
	struct Slot {
		unsigned cells;
		bool done;
		Ps free_ps;
	};
	const Shared &sh;
	const unsigned all_cells;
	unsigned free_cells, free_slots;
	int held = 0;
	std::deque<std::pair<Ps, int>> changes; /* of held, and when they are seen */
	uint64_t first = 0;
	std::deque<Slot> ring;
	sc_core::sc_event given;

	/* The oldest slot goes when it is done, one a cycle. */
	void scan()
	{
		for (Ps last = 0;;) {
			while (ring.empty() || !ring.front().done)
				sc_core::wait(given);
			last = std::max(last + sh.cycle_ps, ring.front().free_ps);
			wait_until(last);
			free_cells += ring.front().cells;
			free_slots++;
			ring.pop_front();
			first++;
			freed.notify(sc_core::SC_ZERO_TIME);
		}
	}
};

/* An egress has read the frame for the last time. */
inline void let_go(Frame *fr)
{
	if (--fr->holders)
		return;
	fr->buffer->give(fr->slot);
	delete fr;
}

} // namespace timing

#endif
