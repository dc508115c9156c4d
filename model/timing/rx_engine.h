/* SPDX-License-Identifier: BSD-2-Clause */
/* Host egress: descriptors on demand, payload and completions into host memory. */
#ifndef TIMING_RX_ENGINE_H
#define TIMING_RX_ENGINE_H

#include "link.h"
#include "wire.h"

namespace timing {

class RxEngine : public Station {
public:
	FrameFifo in;
	/* Free-running counts of each queue, kept by the host program and here. */
	struct Queue {
		uint32_t tail, head, fetched, completed, open;
		double open_ps;
	};
	std::vector<Queue> queues;

	SC_HAS_PROCESS(RxEngine);
	RxEngine(sc_core::sc_module_name name, Shared &s, UpPort &port_, Memory &memory_, Room &wire, Room &host)
		: Station(name, "rx engine", s), in("in", 1 << 16), queues(2048), port(port_), memory(memory_),
		  wire_room(wire), host_room(host), order("order", RxOrderDepth), lines("lines", RxLines),
		  tags(TagsDesc), line_room(RxLines)
	{
		for (Queue &q : queues)
			q.tail = s.cfg.ring;
		SC_THREAD(steer);
		SC_THREAD(write);
	}

private:
	UpPort &port;
	Memory &memory;
	Room &wire_room, &host_room;
	FrameFifo order;
	sc_core::sc_fifo<int> lines;
	sc_core::sc_semaphore tags, line_room;

	Room &room_of(const Frame *fr)
	{
		return fr->dir == SNIC_PREDICT_RX ? wire_room : host_room;
	}
	void steer()
	{
		for (;;) {
			Frame *fr = in.read();
			Queue &q = queues[fr->f.to_queue];

			wait_ps(fr->ready_ps - now_ps());
			serve(sh.cycles(RxCopyCycles));
			if (q.head == q.tail) {
				sh.meters[fr->dir].dropped++;
				room_of(fr).give(fr->f.len);
				delete fr;
				continue;
			}
			fr->new_line = q.head++ == q.fetched;
			if (fr->new_line) {
				const uint32_t n = std::min<uint32_t>(DescPerLine - q.fetched % DescPerLine, q.tail - q.fetched);

				q.fetched += n;
				line_room.wait();
				tags.wait();
				memory.read(n * DescBytes, [this] {
					tags.post();
					lines.nb_write(1);
				});
			}
			order.write(fr);
		}
	}
	void complete(uint16_t queue)
	{
		Queue &q = queues[queue];

		/* A line that has waited too long was written by itself before this completion came. */
		if (q.open && now_ps() - q.open_ps > sh.cycles(CplTimeout))
			flush(q);
		if (!q.open++)
			q.open_ps = now_ps();
		if (++q.completed % DescPerLine == 0)
			flush(q);
	}
	void flush(Queue &q)
	{
		port.payload.write(new Tlp{ TlpOverheadReq + q.open * DescBytes, 1, nullptr });
		q.open = 0;
	}
	void write()
	{
		for (;;) {
			Frame *fr = order.read();
			const uint32_t len = fr->f.len;
			const uint16_t queue = fr->f.to_queue;

			if (fr->new_line) {
				lines.read();
				line_room.post();
			}
			for (uint32_t at = 0; at < len; at += sh.cfg.mps) {
				const uint32_t n = std::min(len - at, sh.cfg.mps);
				const bool last = at + n == len;

				serve(sh.cycles(beats(n)));
				port.payload.write(new Tlp{ TlpOverheadReq + dwords(n), beats(n), [this, fr, last](double ps) {
								   if (last)
									   delivered(fr, ps);
							   } });
			}
			complete(queue);
		}
	}
	void delivered(Frame *fr, double ps)
	{
		const double at = ps + sh.cfg.write_latency_ns * 1e3 + sh.cycles(RxEngineLatency);

		sh.meters[fr->dir].out.push_back({ at, fr->f.len, at - fr->in_ps });
		room_of(fr).give(fr->f.len);
		delete fr;
	}
};

} // namespace timing

#endif
