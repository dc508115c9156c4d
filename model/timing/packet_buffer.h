/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Packet buffer of one side: a ring of slots, taken and freed in order, done in any order; a read port. The wire sees room, and the
 * pipeline what the egress holds, some cycles after the fact: small frames come close enough together for that to
 * matter.
 */
#ifndef TIMING_PACKET_BUFFER_H
#define TIMING_PACKET_BUFFER_H

#include "station.h"

namespace timing {

class PacketBuffer {
public:
	Worker port{ SNIC_STATION_RX_ENGINE }; /* a beat a cycle, for all egresses */

	PacketBuffer(const Shared &s, unsigned cells_, unsigned slots_)
		: sh(s), all_cells(cells_), free_cells(cells_), free_slots(slots_)
	{
	}
	/* Is there room for the longest frame? */
	bool fits()
	{
		settle();
		return free_slots && free_cells >= MaxFrameCells;
	}
	void wait_for_room()
	{
		while (!fits()) {
			if (ring.front().done)
				wait_until(next_free());
			else
				given.wait();
		}
	}
	void take(Frame *fr)
	{
		fr->buffer = this;
		fr->slot = first + ring.size();
		free_cells -= beats(fr->f.len);
		free_slots--;
		ring.push_back({ beats(fr->f.len), false, 0 });
	}
	/* The slot is done at t. */
	void give(uint64_t slot, Ps t)
	{
		ring[slot - first].done = true;
		ring[slot - first].free_ps = t + sh.cycles(FreeLatency);
		given.notify();
	}
	/* Cells of frames that were let through to the host, and are read at t. */
	void hold(uint32_t len) { holds.emplace_back(now_ps() + sh.cycles(HeldLatency), beats(len)); }
	void release(uint32_t len, Ps t) { releases.emplace_back(t + sh.cycles(HeldLatency), beats(len)); }
	/* A frame goes by this egress: a wire port's, or that of the host behind them. */
	void goes(unsigned egress) { egresses |= 1u << egress; }
	/* An egress reads n beats from then on; when it has them. One alone is never held up by another. */
	Ps read(Ps from, unsigned n)
	{
		if (!shared())
			return from + sh.cycles(n);
		/* all work in the same cycles: less than one between two reads is none */
		return port.work(from < port.free_ps + sh.cycle_ps ? port.free_ps : from, sh.cycles(n));
	}
	bool shared() const { return egresses & (egresses - 1); }
	bool congested()
	{
		held += seen(holds);
		held -= seen(releases);
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
	unsigned egresses = 0; /* that frames went by so far */
	unsigned free_cells, free_slots;
	int held = 0;
	std::deque<std::pair<Ps, int>> holds, releases; /* and when they are seen */
	uint64_t first = 0;
	std::deque<Slot> ring;
	Ps last_freed = 0;
	Signal given;

	static int seen(std::deque<std::pair<Ps, int>> &list)
	{
		int n = 0;

		for (; !list.empty() && list.front().first <= now_ps(); list.pop_front())
			n += list.front().second;
		return n;
	}
	/* The oldest slot goes when it is done, one a cycle. */
	Ps next_free() const { return std::max(last_freed + sh.cycle_ps, ring.front().free_ps); }
	void settle()
	{
		while (!ring.empty() && ring.front().done && next_free() <= now_ps()) {
			last_freed = next_free();
			free_cells += ring.front().cells;
			free_slots++;
			ring.pop_front();
			first++;
		}
	}
};

/* An egress has read the frame for the last time, at t. */
inline void let_go(Frame *fr, Ps t)
{
	fr->read_ps = std::max(fr->read_ps, t);
	if (--fr->holders)
		return;
	fr->buffer->give(fr->slot, fr->read_ps);
	delete fr;
}

} // namespace timing

#endif
