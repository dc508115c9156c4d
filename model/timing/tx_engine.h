/* SPDX-License-Identifier: BSD-2-Clause */
/* Host to device: doorbells, descriptor lines in turn over the queues, frame reads by tag, write-back. */
#ifndef TIMING_TX_ENGINE_H
#define TIMING_TX_ENGINE_H

#include "link.h"
#include "wire.h"

namespace timing {

class TxEngine : public Station {
public:
	/* A ring as host and device see it. Frames wait in `posted` until their doorbell has come. */
	struct Queue {
		std::deque<Frame *> posted;
		uint32_t visible = 0;	/* of these, known to the device */
		uint32_t taken = 0;	/* free-running: descriptors that the device has asked for */
		uint32_t in_ring = 0;	/* posted and not yet written back */
		bool scheduled = false;
	};
	std::vector<Queue> queues;
	Room room{ HostCells, HostSlots };

	SC_HAS_PROCESS(TxEngine);
	TxEngine(sc_core::sc_module_name name, Shared &s, UpPort &port_, Memory &memory_, FrameFifo &out_)
		: Station(name, "tx engine", s), queues(2048), port(port_), memory(memory_), out(out_), active("active", 2048),
		  lines("lines", TagsDesc), order("order", TagsTxData), line_tags(TagsDesc), data_tags(TagsTxData)
	{
		SC_THREAD(schedule);
		SC_THREAD(fetch);
		SC_THREAD(commit);
	}
	/* A doorbell has arrived: n more descriptors. */
	void doorbell(uint16_t queue, uint32_t n)
	{
		Queue &q = queues[queue];

		q.visible += n;
		if (!q.scheduled) {
			q.scheduled = true;
			active.nb_write(queue);
		}
	}

private:
	struct Line {
		uint16_t queue;
		std::vector<Frame *> frames;
		bool here = false;
	};
	struct Read {
		Frame *fr;
		uint16_t queue;
		unsigned left = 0; /* pieces that have not come */
	};
	UpPort &port;
	Memory &memory;
	FrameFifo &out;
	sc_core::sc_fifo<uint16_t> active;
	sc_core::sc_fifo<Line *> lines;
	sc_core::sc_fifo<Read *> order;
	sc_core::sc_semaphore line_tags, data_tags;
	sc_core::sc_event came;

	void schedule()
	{
		for (;;) {
			const uint16_t id = active.read();
			Queue &q = queues[id];
			const uint32_t n = std::min<uint32_t>(DescPerLine - q.taken % DescPerLine, q.visible);
			Line *l = new Line{ id, { q.posted.begin(), q.posted.begin() + n } };

			q.posted.erase(q.posted.begin(), q.posted.begin() + n);
			q.visible -= n;
			q.taken += n;
			l->frames.back()->last_of_line = true;
			l->frames.back()->line_count = n;
			line_tags.wait();
			memory.read(n * DescBytes, [this, l] {
				line_tags.post();
				l->here = true;
				came.notify(sc_core::SC_ZERO_TIME);
			});
			lines.write(l);
			q.scheduled = q.visible;
			if (q.scheduled)
				active.nb_write(id);
		}
	}
	void fetch()
	{
		for (;;) {
			Line *l = lines.read();

			while (!l->here)
				sc_core::wait(came);
			for (Frame *fr : l->frames) {
				Read *r = new Read{ fr, l->queue, read_pieces(fr->f.len, sh.cfg.mrrs) };

				serve(sh.cycles(TxOpCycles));
				while (!room.fits())
					sc_core::wait(room.freed);
				room.take(fr->f.len);
				order.write(r);
				for (uint32_t at = 0; at < fr->f.len; at += sh.cfg.mrrs) {
					data_tags.wait();
					memory.read(std::min(fr->f.len - at, sh.cfg.mrrs), [this, r] {
						data_tags.post();
						r->left--;
						came.notify(sc_core::SC_ZERO_TIME);
					});
				}
			}
			delete l;
		}
	}
	void commit()
	{
		for (;;) {
			Read *r = order.read();
			Frame *fr = r->fr;

			while (r->left)
				sc_core::wait(came);
			fr->ready_ps = now_ps() + sh.cycles(TxEngineLatency);
			if (fr->last_of_line) {
				Queue &q = queues[r->queue];
				const uint32_t n = fr->line_count;

				port.write_back.write(new Tlp{ TlpOverheadReq + WriteBackBytes, 1,
							       [&q, n](double) { q.in_ring -= n; } });
			}
			out.write(fr);
			delete r;
		}
	}
};

} // namespace timing

#endif
