/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Host to device: doorbells, descriptor lines by functions in turn, frame reads by tag, commit in
 * order, write-back.
 */
#ifndef TIMING_TX_ENGINE_H
#define TIMING_TX_ENGINE_H

#include "link.h"
#include "packet_buffer.h"

namespace timing {

class TxEngine : public Station {
public:
	/* A ring as host and device see it. */
	struct Ring {
		std::deque<Frame *> posted;			  /* until their descriptors are asked for */
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
		  memory(memory_), out(out_), functions(Functions), line_tags(TagsTxDesc),
		  data_tags(TagsTxData), in_flight(TxInFlight)
	{
		no_descriptor.is(true);
		SC_THREAD(schedule);
		SC_THREAD(describe);
		SC_THREAD(fetch);
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
	struct Function {
		unsigned pending = 0, turn = 0; /* queues */
		bool active = false;
		int64_t debt = 0;
		uint32_t guess = TxFirstLen; /* length of its last frame */
	};
	struct Line {
		uint16_t ring;
		uint32_t guess;
		std::vector<Frame *> frames;
		Ps asked_ps, here_ps; /* 0: not yet */
		Ps waited_ps;	      /* for the link */
	};
	/* What a frame was guessed to be long, and is; known from then on. */
	struct Charge {
		Ps ps;
		uint16_t ring;
		uint32_t guess, len;
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
	std::deque<Line *> lines; /* in order */
	size_t read_lines = 0;	  /* of them, out of their tags */
	Queue<Op> ops;
	std::deque<Charge> charges;
	Queue<Read *> reads;
	Queue<WriteBack> records;
	Tokens line_tags, data_tags, in_flight;
	int64_t posted = 0, ahead = 0;
	Signal charged, line_came, data_came;

	/* Lengths that are known by then. */
	void settle(Ps then = now_ps())
	{
		for (; !charges.empty() && charges.front().ps <= then; charges.pop_front()) {
			const Charge &c = charges.front();
			Function &fn = functions[c.ring / QueuesPerFunction];

			ahead -= c.guess;
			fn.debt += static_cast<int64_t>(c.len) - c.guess;
			fn.guess = c.len;
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
		const uint32_t n = std::min<uint32_t>(DescPerLine - r.next % DescPerLine, r.visible);
		Line *l = new Line{ id, fn.guess, { r.posted.begin(), r.posted.begin() + n }, 0, 0, 0 };

		r.posted.erase(r.posted.begin(), r.posted.begin() + n);
		r.visible -= n;
		posted -= n;
		no_descriptor.is(!posted);
		l->frames.back()->line = n;
		if (!r.visible)
			fn.pending &= ~(1u << fn.turn);
		fn.turn = (fn.turn + 1) % QueuesPerFunction;
		fn.debt += static_cast<int64_t>(n) * l->guess;
		ahead += static_cast<int64_t>(n) * l->guess;
		line_tags.take();
		l->asked_ps = now_ps();
		lines.push_back(l);
		memory.read(ReadTxDesc, r.next % sh.cfg.ring * DescBytes, n * DescBytes,
			    [this, l](Ps t, Ps waited) {
				    l->here_ps = t;
				    l->waited_ps = waited;
				    read_out();
				    line_came.notify();
			    });
		r.next += n;
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
			/* lengths that become known while it waits for room may end the turn too */
			for (; fn.pending && fn.debt < TxQuantum; settle()) {
				if (ahead < TxAhead)
					read_line(fn, func);
				else if (charges.empty())
					charged.wait();
				else
					wait_until(charges.front().ps);
			}
			workers[Schedule].work(now_ps(), sh.cycles(TxEndCycles));
			fn.active = fn.pending;
			if (fn.active)
				work.put(func);
		}
	}
	/* Lines leave their tags in order, for the two places before tx_desc. */
	void read_out()
	{
		for (; read_lines < TxLineBuffer && read_lines < lines.size(); read_lines++) {
			const Line *l = lines[read_lines];

			if (!l->here_ps)
				break;
			line_reads.answered(1, l->asked_ps, l->here_ps, l->waited_ps);
			line_tags.give_at(std::max(line_reads.last, now_ps()) + sh.cycles(LineTagLatency));
		}
	}
	/* A descriptor a cycle; its length is known when tx_fetch has a place for it. */
	void describe()
	{
		Ps free = 0;

		for (;;) {
			while (!read_lines)
				line_came.wait();
			Line *l = lines.front();

			free = std::max(free, l->here_ps + sh.cycles(TxLineInLatency)) +
			       sh.cycles(TxLookupCycles);
			for (Frame *fr : l->frames) {
				free += sh.cycles(TxOpCycles);
				if (ops.put_max({ fr, l->ring, free + sh.cycles(TxFetchLatency) }, TxOps))
					free = std::max(free, now_ps());
				charges.push_back({ free, l->ring, l->guess, fr->f.len });
				charged.notify();
			}
			lines.pop_front();
			read_lines--;
			read_out();
			delete l;
		}
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
		uint64_t addr = static_cast<uint64_t>(op.fr->index) * sh.cfg.tx_stride;
		uint32_t left = op.fr->f.len;

		while (left) {
			const uint32_t n = read_piece(addr, left, sh.cfg.mrrs);
			Read *r = new Read{ op.fr, op.ring, n, n == left, 0, 0, 0 };

			wait_until(workers[Fetch].work(op.ready_ps, sh.cycle_ps));
			data_tags.take();
			in_flight.overdraw(n);
			workers[Fetch].held_up();
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
	void commit()
	{
		Ps last = 0;

		for (;;) {
			Read *r = reads.get();
			Frame *fr = r->fr;

			while (!r->here_ps)
				data_came.wait();
			data_reads.answered(1, r->asked_ps, r->here_ps, r->waited_ps);
			data_bytes.answered(r->len, r->asked_ps, r->here_ps, r->waited_ps);
			last = std::max(last + sh.cycle_ps, r->here_ps + sh.cycles(TxLandLatency));
			data_tags.give_at(last + sh.cycles(TxTagLatency));
			in_flight.give_at(last + sh.cycles(TxBytesLatency), r->len);
			if (r->last) {
				fr->ready_ps = last + sh.cycles(TxCommitLatency);
				if (fr->line &&
				    records.put_max({ r->ring, fr->line, last }, TxWriteBackQueue))
					last = std::max(last, now_ps());
				out.put(fr);
			}
			delete r;
		}
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
