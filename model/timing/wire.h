/* SPDX-License-Identifier: BSD-2-Clause */
/* Wire port 0, both ways, with the packet buffer behind the one that receives. */
#ifndef TIMING_WIRE_H
#define TIMING_WIRE_H

#include "station.h"

namespace timing {

/* Room of a packet buffer: frames are let in while the longest would fit, and leave when they have been read. */
class Room {
public:
	sc_core::sc_event freed;
	Room(unsigned cells_, unsigned slots_) : free_cells(cells_), free_slots(slots_) {}
	bool fits() const
	{
		return free_slots && free_cells >= MaxFrameCells;
	}
	void take(uint32_t len)
	{
		free_cells -= cells(len);
		free_slots--;
	}
	void give(uint32_t len)
	{
		free_cells += cells(len);
		free_slots++;
		freed.notify();
	}

private:
	unsigned free_cells, free_slots;
};

class WireRx : public Station {
public:
	Room room{ WireCells, WireSlots };
	bool ended = false;

	SC_HAS_PROCESS(WireRx);
	WireRx(sc_core::sc_module_name name, Shared &s, FrameFifo &out_, snic_predict_next next_, void *ctx_)
		: Station(name, "wire in", s), out(out_), next(next_), ctx(ctx_)
	{
		SC_THREAD(run);
	}

private:
	FrameFifo &out;
	snic_predict_next next;
	void *ctx;

	void run()
	{
		Meter &m = sh.meters[SNIC_PREDICT_RX];
		snic_predict_frame f;

		while (next(ctx, SNIC_PREDICT_RX, &f)) {
			wait_ps((double)f.not_before_ps - now_ps());
			/* the gap belongs to the frame that follows: the first bit to the last is without it */
			serve((f.len + EthOverhead) * sh.wire_ps_per_byte);
			m.offer(f.len, now_ps());
			if (!room.fits()) {
				m.dropped++;
				continue;
			}
			room.take(f.len);
			out.write(new Frame{ f, SNIC_PREDICT_RX, now_ps(), now_ps() + sh.cycles(IngressLatency), false, 0,
					     false });
		}
		ended = true;
	}
};

class WireTx : public Station {
public:
	FrameFifo in;

	SC_HAS_PROCESS(WireTx);
	WireTx(sc_core::sc_module_name name, Shared &s, Room &room)
		: Station(name, "wire out", s), in("in", 1 << 16), host_room(room)
	{
		SC_THREAD(run);
	}

private:
	Room &host_room;
	void run()
	{
		for (;;) {
			Frame *fr = in.read();

			wait_ps(fr->ready_ps + sh.cycles(WireTxLatency) - now_ps());
			serve((fr->f.len + EthOverhead) * sh.wire_ps_per_byte);
			host_room.give(fr->f.len);
			sh.meters[SNIC_PREDICT_TX].out.push_back({ now_ps(), fr->f.len, now_ps() - fr->in_ps });
			delete fr;
		}
	}
};

} // namespace timing

#endif
