/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Host to device: doorbells, descriptor lines by functions in turn, frame reads by tag, commit in
 * order, write-back.
 */
#ifndef TIMING_TX_ENGINE_H
#define TIMING_TX_ENGINE_H

#include <utility>

#include "link.h"
#include "packet_buffer.h"

namespace timing {

class TxEngine : public Station {
public:
	/* A descriptor: of the frame that ends with it, if one does; bytes of its buffer, 0: a context. */
	struct Descriptor {
		Frame *fr;
		uint32_t len;
	};
	/* A ring as host and device see it. */
	struct Ring {
		std::deque<Descriptor> posted; /* until they are asked for */
		uint32_t open = 0;	       /* asked for, of a frame that has not ended */
		std::deque<std::pair<Ps, uint32_t>> written_back; /* when the host can see it, and how many */
		uint32_t visible = 0;				  /* of those posted, known to the device */
		uint32_t next = 0;				  /* free-running: descriptors asked for */
		uint32_t put = 0, used = 0; /* host: free-running count posted, in the ring now */
	};
	std::vector<Ring> rings;
	UnderWay line_reads, data_reads, data_bytes;
	Duration no_descriptor; /* that the device knows of and has not asked for */
	PacketBuffer buffer;

	SC_HAS_PROCESS(TxEngine);
	TxEngine(sc_core::sc_module_name name, Shared &s, UpPort &port_, Memory &memory_, FrameQueue &out_)
		: Station(name, s, { SNIC_STATION_TX_ENGINE, SNIC_STATION_TX_ENGINE }),
		  rings(Functions * QueuesPerFunction), buffer(s, HostCells, HostSlots), port(port_),
		  memory(memory_), out(out_), functions(Functions), data_tags(TxDataTags),
		  in_flight(TxInFlight)
	{
		no_descriptor.is(true);
		SC_THREAD(schedule);
		SC_THREAD(choose);
		SC_THREAD(describe);
		SC_THREAD(fetch);
		SC_THREAD(gather);
		SC_THREAD(commit);
		SC_THREAD(write_back);
	}
	/* A doorbell has arrived: n more descriptors. */
	void doorbell(uint16_t ring, uint32_t n)
	{
		const unsigned func = ring / QueuesPerFunction;

		rings[ring].visible += n;
		posted += n;
		no_descriptor.is(false);
		functions[func].pending |= 1u << ring % QueuesPerFunction;
		if (!functions[func].active) {
			functions[func].active = true;
			work.put(func);
		}
	}

private:
	enum { Schedule, Fetch };
	struct Line {
		uint16_t ring;
		uint32_t guess;
		bool good;
		std::vector<Descriptor> descs;
		Ps asked_ps, here_ps; /* 0: not yet */
		Ps waited_ps;	      /* for the link */
	};
	struct Function {
		unsigned pending = 0, turn = 0; /* queues */
		bool active = false, blocked = false;
		bool good = false;	     /* has had a frame sent */
		unsigned lines = 0, all = 0; /* asked for and not here, or parked; not done with */
		unsigned tags = 0;	     /* of frames that are not here */
		std::deque<Line *> asked, parked;
		bool again = false; /* what is parked will be looked at */
		int64_t debt = 0;
		uint32_t guess = TxFirstLen; /* length of its last frame */
	};
	/* What a frame was guessed to be long, and is; known from then on. */
	struct Charge {
		Ps ps;
		uint16_t ring;
		bool good;
		uint32_t guess, len;
		bool next; /* the next ones may be as long */
	};
	struct Op {
		Frame *fr;
		uint16_t ring;
		Ps ready_ps;
	};
	struct Read {
		Frame *fr;
		uint16_t ring;
		uint32_t len;
		bool last;
		bool good;	      /* counted as under way: nobody waits for the others' */
		Ps asked_ps, here_ps; /* 0: not yet */
		Ps waited_ps;	      /* for the link */
	};
	struct WriteBack {
		uint16_t ring;
		uint32_t n;
		Ps ps;
	};
	UpPort &port;
	Memory &memory;
	FrameQueue &out;
	std::vector<Function> functions;
	Queue<unsigned> work;
	std::deque<Line *> here;    /* in the order in which they came, those of a function in its own */
	std::deque<unsigned> again; /* functions with parked lines to be looked at */
	std::deque<unsigned> lobby; /* ... when those that have not proven themselves have fewer tags */
	Queue<Line *> chosen;	    /* on their way to tx_desc */
	unsigned lines_ahead = 0;   /* asked for and not chosen */
	int64_t line_pool = TxLinePool, data_pool = TxDataPool, unproven_tags = 0;
	Queue<Op> ops;
	std::deque<Charge> charges;
	Queue<Read *> reads;
	Queue<std::vector<Read *>> frames; /* that are here */
	Queue<WriteBack> records;
	Tokens data_tags, in_flight;
	int64_t posted = 0, ahead = 0;
	Signal charged, line_left, line_moved, data_came;

	/* Lengths that are known by then. */
	void settle(Ps then = now_ps())
	{
		for (; !charges.empty() && charges.front().ps <= then; charges.pop_front()) {
			const Charge &c = charges.front();
			Function &fn = functions[c.ring / QueuesPerFunction];

			ahead -= c.good ? c.guess : 0;
			fn.debt += static_cast<int64_t>(c.len) - c.guess;
			if (c.next)
				fn.guess = c.len;
		}
	}
	/* What ends last in a line ends the line, and tells of all descriptors up to it. */
	static void end_line(Ring &r, const Line &l)
	{
		Frame *last = nullptr;

		for (const Descriptor &d : l.descs) {
			r.open++;
			if (!d.fr)
				continue;
			if (last)
				r.open += std::exchange(last->line, 0);
			last = d.fr->more.empty() ? d.fr : d.fr->more.back();
			last->line = std::exchange(r.open, 0);
		}
	}
	/* One line of the function's next queue. */
	void read_line(Function &fn, unsigned func)
	{
		while (!(fn.pending >> fn.turn & 1))
			fn.turn = (fn.turn + 1) % QueuesPerFunction;
		const uint16_t id = static_cast<uint16_t>(func * QueuesPerFunction + fn.turn);
		Ring &r = rings[id];
		const Ps picked = now_ps();

		wait_until(workers[Schedule].work(picked, sh.cycles(TxLineCycles)));
		settle(picked + sh.cycle_ps);
		const bool whole = fn.good && unproven_tags < TxSpareTags;
		const uint32_t most = whole ? DescPerLine - r.next % DescPerLine : 1;
		const uint32_t n = std::min<uint32_t>(most, r.visible);
		Line *l = new Line{
			id, fn.guess, fn.good, { r.posted.begin(), r.posted.begin() + n }, 0, 0, 0
		};

		r.posted.erase(r.posted.begin(), r.posted.begin() + n);
		r.visible -= n;
		posted -= n;
		no_descriptor.is(!posted);
		end_line(r, *l);
		if (!r.visible)
			fn.pending &= ~(1u << fn.turn);
		fn.turn = (fn.turn + 1) % QueuesPerFunction;
		fn.debt += static_cast<int64_t>(n) * l->guess;
		ahead += fn.good ? static_cast<int64_t>(n) * l->guess : 0;
		line_waits(func);
		fn.all++;
		lines_ahead += fn.good;
		l->asked_ps = now_ps();
		fn.asked.push_back(l);
		memory.read(ReadTxDesc, r.next % sh.cfg.ring * DescBytes, n * DescBytes,
			    [this, l](Ps t, Ps waited) {
				    l->here_ps = t;
				    l->waited_ps = waited;
				    line_reads.answered(1, l->asked_ps, l->here_ps, l->waited_ps);
				    line_is_here(l->ring / QueuesPerFunction);
			    });
		r.next += n;
	}
	/* A function that has had its share waits for what is under way of it. */
	bool full(const Function &fn) const { return fn.lines && fn.lines >= 2 * line_pool; }
	/* No more are asked for while one that is here waits behind enough of them. */
	bool far() const { return lines_ahead >= TxLinesAhead && !here.empty(); }
	void wake(unsigned func)
	{
		if (!functions[func].blocked)
			return;
		functions[func].blocked = false;
		work.put(func);
	}
	/* One of the function's has come: they go on in order. */
	void line_is_here(unsigned func)
	{
		std::deque<Line *> &asked = functions[func].asked;

		for (; !asked.empty() && asked.front()->here_ps; asked.pop_front()) {
			here.push_back(asked.front());
			line_goes_on(func);
		}
		line_moved.notify();
	}
	/* A line counts against its function's share while it is asked for, and while it is parked. */
	void line_waits(unsigned func)
	{
		functions[func].lines++;
		line_pool--;
	}
	void line_goes_on(unsigned func)
	{
		functions[func].lines--;
		line_pool++;
		line_left.notify();
		wake(func);
	}
	/* Has it as many frames under way as it may? Those that are here do not count. */
	bool frames_full(const Function &fn) const
	{
		return fn.good ? fn.tags && fn.tags >= 2 * data_pool : unproven_tags >= TxUnprovenTags;
	}
	void count_tags(Function &fn, int n)
	{
		fn.tags += n;
		data_pool -= n;
		unproven_tags += fn.good ? 0 : n;
		if (!lobby.empty() && unproven_tags < TxUnprovenTags)
			line_moved.notify();
	}
	/* Something of the function has ended: what is parked may go on. */
	void look_again(unsigned func)
	{
		Function &fn = functions[func];

		if (fn.parked.empty() || fn.again)
			return;
		fn.again = true;
		again.push_back(func);
		line_moved.notify();
	}
	/* Lines that are here go on, but those of a function that may not are parked, and the others pass. */
	void choose()
	{
		for (;;) {
			if (!lobby.empty() && unproven_tags < TxUnprovenTags) {
				again.push_back(lobby.front());
				lobby.pop_front();
			}
			if (again.empty() && here.empty()) {
				line_moved.wait();
				continue;
			}
			const bool parked = !again.empty();
			Line *l = parked ? functions[again.front()].parked.front() : here.front();
			const unsigned func = l->ring / QueuesPerFunction;
			Function &fn = functions[func];

			if (frames_full(fn) || (!parked && !fn.parked.empty())) {
				if (parked) {
					again.pop_front();
				} else {
					here.pop_front();
					fn.parked.push_back(l);
					line_waits(func);
				}
				fn.again = !fn.good;
				if (!fn.good)
					lobby.push_back(func);
				continue;
			}
			if (chosen.q.size() >= TxLineBuffer) {
				chosen.read.wait();
				continue;
			}
			if (parked) {
				fn.parked.pop_front();
				line_goes_on(func);
				if (fn.parked.empty()) {
					fn.again = false;
					again.pop_front();
				}
			} else {
				here.pop_front();
			}
			lines_ahead -= l->good;
			line_left.notify();
			chosen.put(l);
		}
	}
	void schedule()
	{
		for (;;) {
			const unsigned func = work.get();
			Function &fn = functions[func];

			wait_until(workers[Schedule].work(now_ps(), sh.cycles(TxPopCycles)));
			settle();
			if (fn.debt >= TxQuantum) {
				fn.debt -= TxQuantum;
				wait_until(workers[Schedule].work(now_ps(), sh.cycles(TxPayCycles)));
				settle();
			}
			bool blocked = false;

			/* lengths that become known while it waits for room may end the turn too */
			for (; fn.pending && fn.debt < TxQuantum; settle()) {
				blocked = fn.good ? full(fn) && line_pool < TxLinePool / 4 : fn.all;
				if (blocked)
					break;
				if (fn.good && (full(fn) || far()))
					line_left.wait();
				else if (ahead < TxAhead || !fn.good)
					read_line(fn, func);
				else if (charges.empty())
					charged.wait();
				else
					wait_until(charges.front().ps);
			}
			workers[Schedule].work(now_ps(), sh.cycles(TxEndCycles));
			fn.active = fn.pending;
			fn.blocked = blocked;
			if (fn.active && !blocked)
				work.put(func);
		}
	}
	/* A descriptor a cycle; its length is known when tx_fetch has a place for it. */
	void describe()
	{
		Ps free = 0;

		for (;;) {
			const Line *l = chosen.peek();

			free = std::max({ free, l->here_ps + sh.cycles(TxLineInLatency), now_ps() }) +
			       sh.cycles(TxLookupCycles);
			bool ended = false;

			for (const Descriptor &d : l->descs) {
				/* a frame may be gone when the next one is asked for */
				const std::vector<Frame *> more = d.fr ? d.fr->more : std::vector<Frame *>();
				const uint32_t head = d.fr ? d.fr->f.head : 0;

				free += sh.cycles(TxOpCycles);
				if (d.fr)
					ask(d.fr, *l, free);
				charges.push_back({ free, l->ring, l->good, l->guess, d.len, d.len != 0 });
				charged.notify();
				for (Frame *fr : more) {
					ask(fr, *l, free);
					charges.push_back({ free, l->ring, l->good, 0, head, false });
				}
				ended |= d.fr != nullptr;
			}
			if (!ended)
				line_is_done(l->ring / QueuesPerFunction);
			chosen.pop();
			delete l;
		}
	}
	/* Into tx_fetch; the buffers of a segment are looked up, headers and payload. */
	void ask(Frame *fr, const Line &l, Ps &free)
	{
		free += fr->f.head ? 2 * sh.cycles(TxWalkCycles) : 0;
		if (ops.put_max({ fr, l.ring, free + sh.cycles(TxFetchLatency) }, TxOps))
			free = std::max(free, now_ps());
	}
	void line_is_done(unsigned func)
	{
		functions[func].all--;
		wake(func);
		look_again(func);
	}
	void fetch()
	{
		for (;;) {
			const Op op = ops.peek();

			buffer.wait_for_room();
			buffer.take(op.fr);
			ops.pop();
			fetch_frame(op);
		}
	}
	void fetch_frame(const Op &op)
	{
		const uint64_t addr = static_cast<uint64_t>(op.fr->index) * sh.cfg.tx_stride;
		const uint32_t head = op.fr->f.head;

		if (head)
			fetch_bytes(op, addr, head, false);
		fetch_bytes(op, addr + op.fr->at, op.fr->f.len - head, true);
	}
	void fetch_bytes(const Op &op, uint64_t addr, uint32_t left, bool last)
	{
		Function &fn = functions[op.ring / QueuesPerFunction];

		while (left) {
			const uint32_t n = read_piece(addr, left, std::min<unsigned>(sh.cfg.mrrs, TxPiece));
			Read *r = new Read{ op.fr, op.ring, n, last && n == left, fn.good, 0, 0, 0 };

			wait_until(workers[Fetch].work(op.ready_ps, sh.cycle_ps));
			data_tags.take();
			if (fn.good)
				in_flight.overdraw(n);
			workers[Fetch].held_up();
			count_tags(fn, 1);
			r->asked_ps = now_ps();
			reads.put(r);
			memory.read(ReadTxData, addr, n, [this, r](Ps t, Ps waited) {
				r->here_ps = t;
				r->waited_ps = waited;
				data_came.notify();
			});
			addr += n;
			left -= n;
		}
	}
	/* Frames as they are whole. */
	void gather()
	{
		std::vector<Read *> frame;

		for (;;) {
			Read *r = reads.get();

			while (!r->here_ps)
				data_came.wait();
			data_reads.answered(1, r->asked_ps, r->here_ps, r->waited_ps);
			data_bytes.answered(r->len, r->asked_ps, r->here_ps, r->waited_ps);
			frame.push_back(r);
			if (!r->last)
				continue;
			wait_until(r->here_ps + sh.cycles(TxWholeLatency));
			count_tags(functions[r->ring / QueuesPerFunction], -static_cast<int>(frame.size()));
			look_again(r->ring / QueuesPerFunction);
			frames.put(frame);
			frame.clear();
		}
	}
	/* One goes into the packet buffer, a beat a cycle; its tags are free as their last beats go. */
	void commit()
	{
		Ps last = 0;

		for (;;) {
			const std::vector<Read *> frame = frames.get();

			last = std::max(last, frame.back()->here_ps + sh.cycles(TxLandLatency));
			last = write(frame, last);
			for (Read *done : frame)
				delete done;
		}
	}
	Ps write(const std::vector<Read *> &frame, Ps start)
	{
		Frame *fr = frame.back()->fr;
		Function &fn = functions[frame.back()->ring / QueuesPerFunction];
		Ps last = start;

		for (const Read *r : frame) {
			last += sh.cycles(beats(r->len));
			data_tags.give_at(last);
			if (r->good)
				in_flight.give_at(last, r->len);
		}
		if (fr->f.head)
			last += sh.cycles(fr->f.head > 2 * BeatBytes ? 2 * TxHeaderCycles : TxHeaderCycles);
		fr->ready_ps = last + sh.cycles(TxCommitLatency);
		if (fr->line) {
			fn.good = true;
			line_is_done(frame.back()->ring / QueuesPerFunction);
			if (records.put_max({ frame.back()->ring, fr->line, last }, TxWriteBackQueue))
				last = std::max(last, now_ps());
		}
		out.put(fr);
		return last;
	}
	void write_back()
	{
		for (;;) {
			const WriteBack w = records.get();
			Ring &ring = rings[w.ring];

			wait_until(std::max(now_ps(), w.ps) + sh.cycles(TxWriteBackCycles));
			spans.note(SNIC_STATION_TX_ENGINE, w.ps, now_ps());
			port.put(port.write_back,
				 new Tlp{ TlpOverheadReq + WriteBackBytes, 1,
					  [this, &ring, w](Ps end) {
						  const Ps there = end + sh.cfg.write_latency_ns * 1e3;

						  ring.written_back.emplace_back(there, w.n);
						  spans.note(SNIC_STATION_HOST, there, there);
					  } },
				 1);
		}
	}
};

} // namespace timing

#endif
