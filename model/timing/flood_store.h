/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Flooded frames wait for the host egress in a store of their own: moved out of the packet buffer at once, a beat a cycle.
 * Who finds no place is dropped for functions.
 */
#ifndef TIMING_FLOOD_STORE_H
#define TIMING_FLOOD_STORE_H

#include "packet_buffer.h"

namespace timing {

class FloodStore : public Station {
public:
	FrameQueue out;
	Signal *taker = nullptr;

	SC_HAS_PROCESS(FloodStore);
	FloodStore(sc_core::sc_module_name name, Shared &s) : Station(name, s, { SNIC_STATION_RX_ENGINE })
	{
		SC_THREAD(move);
	}
	/* Takes the frame, which keeps its place in the packet buffer until it is moved; false: no place. */
	bool take(Frame *fr)
	{
		const unsigned cells = beats(fr->f.len);
		unsigned &used = part(fr);
		const bool own = fr->from >= 0 && cells <= FloodOwn && !has_own[fr->from];

		if (!own && used + cells > (fr->from < 0 ? FloodWire : FloodShared))
			return false;
		if (own)
			has_own[fr->from] = true;
		else
			used += cells;
		moves.put({ fr, new Frame(*fr), own });
		return true;
	}
	/* The last copy has been read. */
	void give(const Frame *here)
	{
		const auto own = owns.front();

		owns.pop_front();
		if (own)
			has_own[here->from] = false;
		else
			part(here) -= beats(here->f.len);
		delete here;
	}

private:
	struct Move {
		Frame *from, *to;
		bool own;
	};
	Queue<Move> moves;
	std::deque<bool> owns; /* of the frames that are here, in order */
	unsigned wire[SNIC_N_PORT] = {}, shared = 0;
	bool has_own[Functions] = {};

	/* Cells in use of the part of the store that a frame may use. */
	unsigned &part(const Frame *fr) { return !from_wire(fr->dir) ? shared : wire[port_of(fr->dir)]; }
	void move()
	{
		for (;;) {
			const Move m = moves.get();
			const unsigned n = beats(m.from->f.len);
			Ps t = workers[0].work(m.from->ready_ps + sh.cycles(FloodMoveLatency),
					       sh.cycles(n + 1));

			t = m.from->buffer->read(t - sh.cycles(n), n);
			if (from_wire(m.from->dir))
				m.from->buffer->release(m.from->f.len, t);
			let_go(m.from, t);
			wait_until(t);
			m.to->buffer = nullptr;
			owns.push_back(m.own);
			out.put(m.to);
			taker->notify();
		}
	}
};

} // namespace timing

#endif
