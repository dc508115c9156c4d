/* SPDX-License-Identifier: BSD-2-Clause */
/* Host egress: descriptors on demand, payload and completions into host memory. */
#ifndef TIMING_RX_ENGINE_H
#define TIMING_RX_ENGINE_H

#include "flood_store.h"
#include "link.h"

namespace timing {

class RxEngine : public Station {
public:
	FrameQueue in;
	Signal came; /* here, or to the flood store */
	/* Counts are free-running. */
	struct Ring {
		uint32_t tail = 0, head = 0, fetched = 0; /* posted, used, of lines asked for */
		uint32_t open = 0, line = 0; /* completions gathered, of which line of the ring */
		std::deque<std::pair<Ps, uint32_t>>
			written;	      /* completions: when the host can see them, and how many */
		uint32_t rung = 0, freed = 0; /* host: last doorbell, buffers given back */
		bool used = false;
	};
	std::vector<Ring> rings;
	std::vector<uint16_t> used; /* rings that got a frame */
	UnderWay line_reads;
	Duration no_descriptor; /* some ring has none left */

	SC_HAS_PROCESS(RxEngine);
	RxEngine(sc_core::sc_module_name name, Shared &s, UpPort &port_, Memory &memory_, FloodStore &floods_)
		: Station(name, s,
			  { SNIC_STATION_RX_ENGINE, SNIC_STATION_RX_ENGINE, SNIC_STATION_RX_ENGINE }),
		  rings(Functions * QueuesPerFunction), port(port_), memory(memory_), floods(floods_),
		  tags(TagsRxDesc)
	{
		for (Ring &r : rings)
			r.tail = r.rung = r.freed = s.cfg.ring;
		SC_THREAD(steer);
		SC_THREAD(fetch);
		SC_THREAD(take);
		SC_THREAD(write);
		SC_THREAD(complete);
		SC_THREAD(timeouts);
	}
	/* A doorbell has arrived. It takes a cycle of rx_steer. */
	void doorbell(uint16_t ring, uint32_t tail)
	{
		Ring &r = rings[ring];

		empty_rings -= r.head == r.tail && tail != r.tail;
		no_descriptor.is(empty_rings);
		r.tail = tail;
		doorbells++;
	}

private:
	enum { Steer, Take, Write };
	struct LineRequest {
		uint64_t addr;
		unsigned len;
		Ps ready_ps;
	};
	struct Deadline {
		Ps ps;
		uint16_t ring;
		uint32_t line;
	};
	struct Done {
		uint16_t ring;
		uint32_t index;
		Ps ps;
	};
	UpPort &port;
	Memory &memory;
	FloodStore &floods;
	Frame *flood = nullptr; /* whose copies are under way */
	size_t flood_next = 0;
	int debt = 0;	    /* beats of others before the next copy of a flood, when both wait */
	unsigned below = 0; /* copies that are steered and not yet written */
	Queue<Copy *> order, taken;
	Queue<LineRequest> requests;
	Queue<Deadline> deadlines;
	Queue<Done> done;
	std::deque<uint64_t> gathered; /* cycles in which a completion is gathered, those to come */
	struct Line {
		Ps asked_ps, here_ps; /* 0: not yet */
		Ps waited_ps;	      /* for the link */
	};
	std::deque<Line> lines; /* asked for and not yet taken, in order */
	uint64_t taken_lines = 0, answered_lines = 0;
	Signal line_came;
	Tokens tags;
	unsigned doorbells = 0, empty_rings = 0;

	/* The copy has been read at t. */
	void release(const Copy *c, Ps t)
	{
		below--;
		came.notify();
		if (!c->last)
			return;
		if (!c->fr->buffer) {
			floods.give(c->fr);
			return;
		}
		if (from_wire(c->dir))
			c->fr->buffer->release(c->fr->f.len, t);
		let_go(c->fr, t);
	}
	/* About one beat for completion and headers. */
	static int cost(const Copy *c) { return static_cast<int>(beats(c->len)) + 1; }
	void steer_nth(Frame *fr, size_t i)
	{
		const std::vector<snic_predict_copy> &copies = fr->copies;
		Copy *c = new Copy{ fr,
				    fr->dir,
				    fr->from,
				    copies[i].queue,
				    copies[i].len,
				    fr->in_ps,
				    0,
				    i == copies.size() - 1,
				    false,
				    false,
				    0 };

		if (in.q.empty() && below < RxFloodAhead)
			debt = 0;
		else
			debt = fr == flood ? RxFloodShare * cost(c) : std::max(0, debt - cost(c));
		below++;
		steer_copy(c);
	}
	/* Frames for one function, and floods: a copy of a flood when its turn has come or nothing else waits. */
	void steer()
	{
		for (;;) {
			wait_until(workers[Steer].free_ps);
			if (!flood && !floods.out.q.empty()) {
				flood = floods.out.pop();
				flood_next = 0;
				if (in.q.empty())
					workers[Steer].work(now_ps(), sh.cycles(RxMapCycles));
			} else if (flood && (!debt || (in.q.empty() && below < RxFloodAhead))) {
				const bool last = flood_next == flood->copies.size() - 1;

				steer_nth(flood, flood_next++);
				if (last)
					flood = nullptr;
			} else if (!in.q.empty()) {
				Frame *fr = in.pop();

				for (size_t i = 0, n = fr->copies.size(); i < n; i++)
					steer_nth(fr, i);
			} else {
				came.wait();
			}
		}
	}
	void steer_copy(Copy *c)
	{
		Ring &r = rings[c->queue];

		wait_until(workers[Steer].free_ps);
		const Ps steered = workers[Steer].work(now_ps(), sh.cycles(RxCopyCycles + doorbells));

		doorbells = 0;
		if (!r.used) {
			r.used = true;
			used.push_back(c->queue);
		}
		c->dropped = r.head == r.tail;
		if (!c->dropped) {
			c->index = r.head++;
			c->new_line = c->index == r.fetched;
			empty_rings += r.head == r.tail;
			no_descriptor.is(empty_rings);
		}
		if (c->new_line) {
			const uint32_t n =
				std::min<uint32_t>(DescPerLine - r.fetched % DescPerLine, r.tail - r.fetched);

			requests.put_max({ r.fetched % sh.cfg.ring * static_cast<uint64_t>(DescBytes),
					   n * DescBytes, steered + sh.cycles(RxRequestLatency) },
					 RxLineRequests);
			r.fetched += n;
		}
		c->ready_ps = steered + sh.cycles(RxSteerLatency + RxOrderLatency);
		order.put_max(c, RxOrderDepth);
	}
	void fetch()
	{
		for (;;) {
			const LineRequest r = requests.get();

			wait_until(r.ready_ps);
			tags.take();
			memory.read(ReadRxDesc, r.addr, r.len,
				    [this, id = taken_lines + lines.size()](Ps t, Ps waited) {
					    line_here(id, t, waited);
				    });
			lines.push_back({ now_ps(), 0, 0 });
		}
	}
	/* Lines are taken in order, whatever order they come in; a tag is free when its line is taken. */
	void line_here(uint64_t id, Ps t, Ps waited)
	{
		lines[id - taken_lines].here_ps = t;
		lines[id - taken_lines].waited_ps = waited;
		for (; answered_lines < taken_lines + lines.size(); answered_lines++) {
			const Line &l = lines[answered_lines - taken_lines];

			if (!l.here_ps)
				break;
			line_reads.answered(1, l.asked_ps, l.here_ps, l.waited_ps);
		}
		line_came.notify();
	}
	/* Copies take their descriptors in order; the one that asked for a line waits for it. */
	void take()
	{
		for (;;) {
			Copy *c = order.get();
			Ps ready = c->ready_ps;

			if (c->new_line) {
				while (lines.empty() || !lines.front().here_ps)
					line_came.wait();
				ready = std::max(ready, lines.front().here_ps + sh.cycles(RxLineInLatency));
				lines.pop_front();
				taken_lines++;
			}
			const Ps took = workers[Take].work(ready, sh.cycle_ps);

			if (c->new_line)
				tags.give_at(took + sh.cycles(RxTagLatency));
			c->ready_ps = took + sh.cycles(RxLineLatency - 1);
			if (taken.put_max(c, RxLineQueue))
				workers[Take].held_up();
		}
	}
	void write()
	{
		for (;;) {
			Copy *c = taken.get();
			uint64_t addr = static_cast<uint64_t>(c->index % sh.cfg.ring) * sh.cfg.rx_stride;
			uint32_t left = c->len;

			if (c->dropped) {
				wait_until(std::max(c->ready_ps, workers[Write].free_ps));
				release(c, now_ps());
				sh.drop(c->dir);
				delete c;
				continue;
			}
			while (left) {
				const uint32_t n = write_piece(addr, left, sh.cfg.mps);
				const bool last = n == left;

				wait_until(workers[Write].work(c->ready_ps, sh.cycle_ps));
				port.payload_ahead.overdraw(beats(n));
				workers[Write].held_up();
				const Ps from = now_ps() - sh.cycle_ps;
				const Ps read = c->fr->buffer ? c->fr->buffer->read(from, beats(n))
							      : from + sh.cycles(beats(n));

				workers[Write].work(read - sh.cycles(beats(n) - 1), sh.cycles(beats(n) - 1));
				if (last)
					release(c, read);
				port.put(port.payload,
					 new Tlp{ TlpOverheadReq + dwords(n), beats(n),
						  [this, c, last](Ps end) {
							  if (last)
								  delivered(c, end);
						  } },
					 RxReadAhead + 1);
				if (last) {
					const Ps there = read + sh.cycles(RxCplLatency);

					gathered.push_back(cycle_of(there));
					done.put({ c->queue, c->index, there });
				}
				addr += n;
				left -= n;
			}
		}
	}
	void delivered(Copy *c, Ps end)
	{
		spans.note(SNIC_STATION_HOST, end + sh.cfg.write_latency_ns * 1e3,
			   end + sh.cfg.write_latency_ns * 1e3);
		sh.deliver(from_wire(c->dir) ? c->dir : SNIC_PREDICT_VF2VF, c->len, c->in_ps,
			   end + sh.cfg.write_latency_ns * 1e3 + sh.cycles(RxWriteLatency), c->from,
			   c->queue / QueuesPerFunction);
		delete c;
	}
	void complete()
	{
		for (;;) {
			const Done d = done.get();
			Ring &r = rings[d.ring];

			if (!r.open++) {
				r.line = d.index / DescPerLine;
				if (d.index % DescPerLine != DescPerLine - 1)
					deadlines.put(
						{ d.ps + sh.cycles(sh.cfg.cpl_timeout), d.ring, r.line });
			}
			if (d.index % DescPerLine == DescPerLine - 1) {
				wait_until(d.ps);
				flush(r);
			}
		}
	}
	uint64_t cycle_of(Ps t) const { return static_cast<uint64_t>(t / sh.cycle_ps + 0.001); }
	/* The first cycle from then on that gathers no completion; it comes when time is there. */
	uint64_t wait_for_gap(uint64_t cycle)
	{
		for (bool waited = false;; waited = true) {
			const uint64_t was = cycle;

			for (; !gathered.empty() && gathered.front() <= cycle; gathered.pop_front())
				cycle += gathered.front() == cycle;
			if (waited && cycle == was)
				return cycle;
			wait_until(sh.cycles(static_cast<double>(cycle)));
		}
	}
	/*
	 * A line is written when its oldest entry has waited for the timeout; deadlines are looked at in their order, one in a
	 * cycle in which no completion comes. Where few such are left, most lines are full by then.
	 */
	void timeouts()
	{
		for (uint64_t next = 0;;) {
			const Deadline d = deadlines.get();
			Ring &r = rings[d.ring];

			next = wait_for_gap(std::max({ next, cycle_of(d.ps), cycle_of(now_ps()) })) + 1;
			if (r.open && r.line == d.line)
				flush(r);
		}
	}
	void flush(Ring &r)
	{
		const uint32_t n = r.open;

		r.open = 0;
		spans.note(SNIC_N_STATION, now_ps(), now_ps() + sh.cycle_ps);
		port.put(port.lines,
			 new Tlp{ TlpOverheadReq + n * DescBytes, 1,
				  [this, &r, n](Ps end) {
					  const Ps there = end + sh.cfg.write_latency_ns * 1e3;

					  r.written.emplace_back(there, n);
					  spans.note(SNIC_STATION_HOST, there, there);
				  } },
			 RxCplQueue);
	}
};

} // namespace timing

#endif
