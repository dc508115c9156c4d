/* SPDX-License-Identifier: BSD-2-Clause */
/* A wire port, both ways. */
#ifndef TIMING_WIRE_H
#define TIMING_WIRE_H

#include "packet_buffer.h"

namespace timing {

class WireRx : public Station {
public:
	PacketBuffer buffer;
	bool ended = false;

	SC_HAS_PROCESS(WireRx);
	WireRx(sc_core::sc_module_name name, Shared &s, FrameQueue &out_, snic_predict_dir dir_,
	       snic_predict_next next_, void *ctx_)
		: Station(name, s, { SNIC_STATION_WIRE_IN }), buffer(s, WireCells, WireSlots), out(out_),
		  dir(dir_), next(next_), ctx(ctx_)
	{
		SC_THREAD(run);
	}

private:
	FrameQueue &out;
	const snic_predict_dir dir;
	snic_predict_next next;
	void *ctx;

	void run()
	{
		const Ps byte = sh.wire_ps_per_byte;
		snic_predict_frame f;
		Ps free = 0, port = 0;

		while (next && next(ctx, dir, &f)) {
			const Ps start = std::max<Ps>(free, f.not_before_ps),
				 end = start + (EthPreamble + f.len + EthFcs) * byte;

			free = end + EthGap * byte;
			workers[0].worked(start, free);
			/* The device takes a beat a cycle: with a slow clock they wait in the MAC. */
			port = std::max(port,
					f.len > BeatBytes ? start + (EthPreamble + BeatBytes) * byte : end);
			/* Room is asked for with the first beat, however long the frame is. */
			bool fits = buffer.fits();

			if (!fits) {
				wait_until(port + sh.cycles(WireRxLatency));
				fits = buffer.fits();
			}
			/* The last beat is there when the FCS is. */
			port = std::max(port + sh.cycles(beats(f.len) - 1), end);
			wait_until(port + sh.cycles(WireRxLatency));
			port += sh.cycle_ps;
			sh.offer(dir, f.len, end);
			sh.arrival.notify();
			if (!fits) {
				sh.drop(dir);
				continue;
			}
			Frame *fr = new Frame(f, dir, end);

			buffer.take(fr);
			fr->ready_ps = now_ps() + sh.cycles(IngressLatency);
			out.put(fr);
		}
		ended = true;
		sh.arrival.notify();
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
	WireTx(sc_core::sc_module_name name, Shared &s, unsigned wire_port)
		: Station(name, s, { SNIC_STATION_WIRE_OUT }), number(wire_port)
	{
		SC_THREAD(run);
	}

private:
	const unsigned number;

	void run()
	{
		const Ps byte = sh.wire_ps_per_byte;
		const snic_predict_dir dir = number ? SNIC_PREDICT_TX_P1 : SNIC_PREDICT_TX;
		Ps free = 0, port = 0;

		for (;;) {
			Frame *fr = in.get();
			const unsigned len = fr->f.wire_len[number],
				       last = len - (beats(len) - 1) * BeatBytes;

			/* beats are taken while what is ahead of the wire is less than the FIFO */
			Ps taken = std::max(
				{ port, fr->ready_ps + sh.cycles(WireTxLatency), free - MacTxFifo * byte });

			if (fr->buffer->shared()) {
				wait_until(taken);
				taken = fr->buffer->read(taken, beats(len)) - sh.cycles(beats(len));
			}
			const Ps start = std::max(free, taken),
				 end = start + (EthPreamble + len + EthFcs) * byte;

			free = end + EthGap * byte;
			workers[0].worked(start, free);
			port = std::max(taken + sh.cycles(beats(len)),
					end - (EthFcs + last + MacTxFifo) * byte);
			sh.deliver(dir, len, fr->in_ps, end, fr->from, -1);
			let_go(fr, port);
		}
	}
};

} // namespace timing

#endif
