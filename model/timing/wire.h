/* SPDX-License-Identifier: BSD-2-Clause */
/* Wire port 0, both ways. */
#ifndef TIMING_WIRE_H
#define TIMING_WIRE_H

#include "packet_buffer.h"

namespace timing {

class WireRx : public Station {
public:
	PacketBuffer buffer;
	bool ended = false;

	SC_HAS_PROCESS(WireRx);
	WireRx(sc_core::sc_module_name name, Shared &s, FrameQueue &out_, snic_predict_next next_, void *ctx_)
		: Station(name, "wire in", s), buffer("buffer", s, WireCells, WireSlots), out(out_),
		  next(next_), ctx(ctx_)
	{
		SC_THREAD(run);
	}

private:
	FrameQueue &out;
	snic_predict_next next;
	void *ctx;

	void run()
	{
		const Ps byte = sh.wire_ps_per_byte, to_buffer = sh.cycles(WireRxLatency);
		Meter &m = sh.meters[SNIC_PREDICT_RX];
		snic_predict_frame f;
		Ps free = 0;

		while (next && next(ctx, SNIC_PREDICT_RX, &f)) {
			const Ps start = std::max<Ps>(free, f.not_before_ps),
				 end = start + (EthPreamble + f.len + EthFcs) * byte;

			free = end + EthGap * byte;
			workers[0].busy_ps += free - start;
			/*
			 * a frame that finds no room when its first beat is there is dropped, however
			 * long it is; the last beat is there when the FCS is
			 */
			wait_until((f.len > BeatBytes ? start + (EthPreamble + BeatBytes) * byte : end) +
				   to_buffer);
			const bool fits = buffer.fits();

			wait_until(end + to_buffer);
			m.offer(f.len, end);
			sh.arrival.notify(sc_core::SC_ZERO_TIME);
			if (fits)
				out.put(new Frame{ f, SNIC_PREDICT_RX, end,
						   now_ps() + sh.cycles(IngressLatency), buffer.take(f.len),
						   false, false, 0, 0 });
			else
				m.dropped++;
		}
		ended = true;
		sh.arrival.notify(sc_core::SC_ZERO_TIME);
	}
};

/*
 * The MAC may be ahead of the wire by its FIFO; a frame's buffer is free when its last beat is in
 * there.
 */
class WireTx : public Station {
public:
	FrameQueue in;

	SC_HAS_PROCESS(WireTx);
	WireTx(sc_core::sc_module_name name, Shared &s, PacketBuffer &b)
		: Station(name, "wire out", s), buffer(b)
	{
		SC_THREAD(run);
	}

private:
	PacketBuffer &buffer;

	void run()
	{
		const Ps byte = sh.wire_ps_per_byte;
		Ps free = 0;

		for (;;) {
			Frame *fr = in.get();
			const unsigned last = fr->f.len - (beats(fr->f.len) - 1) * BeatBytes;

			wait_until(fr->ready_ps + sh.cycles(WireTxLatency));
			/* beats are taken while what is ahead of the wire is less than the FIFO */
			wait_until(free - MacTxFifo * byte);
			const Ps start = std::max(free, now_ps()),
				 end = start + (EthPreamble + fr->f.len + EthFcs) * byte;

			free = end + EthGap * byte;
			workers[0].busy_ps += free - start;
			wait_until(std::max(now_ps() + sh.cycles(beats(fr->f.len)),
					    end - (EthFcs + last + MacTxFifo) * byte));
			buffer.give(fr->slot);
			sh.meters[SNIC_PREDICT_TX].out.push_back({ end, fr->f.len, end - fr->in_ps });
			delete fr;
		}
	}
};

} // namespace timing

#endif
