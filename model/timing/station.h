/* SPDX-License-Identifier: BSD-2-Clause */
/* What the stations share: the frame that goes through, time, busy time by station, result meters. */
#ifndef TIMING_STATION_H
#define TIMING_STATION_H

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <deque>
#include <functional>
#include <systemc>
#include <vector>

#include "directions.h"
#include "params.h"
#include "pcie.h"
#include "snic_contract.h"
#include "snic_predict.h"

namespace timing {

/* Picoseconds; a fraction is kept, so that a station at work all the time keeps its exact rate. */
using Ps = double;

class PacketBuffer;

struct Frame {
	snic_predict_frame f;
	snic_predict_dir dir;
	std::vector<snic_predict_copy> copies; /* for functions */
	Ps in_ps;			       /* complete at the device's edge, or posted by the host */
	Ps ready_ps;			       /* may enter the next station */
	int from;			       /* function, -1: the wire */
	PacketBuffer *buffer = nullptr;
	uint64_t slot = 0;
	uint32_t index = 0;	   /* TX: of its descriptor in the ring */
	uint32_t at = 0;	   /* TX: a segment's payload, in the frame that it is cut from */
	std::vector<Frame *> more; /* TX: the segments behind the first one */
	uint32_t line = 0;    /* TX: it is the last of so many frames of a descriptor line, 0: not the last */
	unsigned holders = 0; /* egresses that have not read it */
	Ps read_ps = 0;	      /* by those that have */

	Frame(const snic_predict_frame &f_, snic_predict_dir d, Ps in)
		: f(f_), dir(d), copies(f_.copies, f_.copies + f_.n_copies), in_ps(in), ready_ps(in),
		  from(from_wire(d) ? -1 : f_.queue / QueuesPerFunction)
	{
	}
};

/* One of a frame for a function. */
struct Copy {
	Frame *fr; /* until the last copy is read */
	snic_predict_dir dir;
	int from; /* as of the frame, which may be gone by then */
	uint16_t queue;
	uint32_t len;
	Ps in_ps, ready_ps;
	bool last;
	bool new_line;	/* it asked for a descriptor line */
	bool dropped;	/* no descriptor; it goes along to let its buffer go in order */
	uint32_t index; /* of its descriptor in the ring */
};

inline Ps now_ps()
{
	return static_cast<Ps>(sc_core::sc_time_stamp().value());
}

inline void wait_until(Ps t)
{
	const Ps d = std::ceil(t - now_ps());

	if (d > 0)
		sc_core::wait(sc_core::sc_time::from_value(static_cast<uint64_t>(d)));
}

/* Something has changed. It costs nothing while nobody waits for it. */
class Signal {
public:
	void wait()
	{
		waiting++;
		sc_core::wait(event);
		waiting--;
	}
	/* ... or until t. */
	void wait_until(Ps t)
	{
		waiting++;
		sc_core::wait(sc_core::sc_time::from_value(
				      static_cast<uint64_t>(std::ceil(std::max(t - now_ps(), 1.0)))),
			      event);
		waiting--;
	}
	bool awaited() const { return waiting; }
	void notify()
	{
		if (waiting)
			event.notify(sc_core::SC_ZERO_TIME);
	}

private:
	sc_core::sc_event event;
	unsigned waiting = 0;
};

/* Frames of one direction that came in, frames and copies that went out. */
struct Meter {
	struct Out {
		Ps ps;
		uint32_t len;
		Ps latency_ps;
		int from, to; /* functions, -1: the wire */
	};
	std::vector<Out> out;
	uint64_t offered = 0, dropped = 0, dropped_by_rule = 0, ring_full = 0;
	Ps first_ps = 0, last_ps = 0;
	double bytes = 0;

	void offer(uint32_t len, Ps ps)
	{
		if (!offered++)
			first_ps = ps;
		last_ps = ps;
		bytes += len;
	}
};

struct Shared {
	const snic_predict_config &cfg;
	const Ps cycle_ps, link_ps_per_byte, wire_ps_per_byte;
	Meter meters[SNIC_PREDICT_N_DIR];
	Signal arrival;	     /* a frame came in from the wire, or the last one has */
	uint64_t inside = 0; /* frames, and after forwarding copies */

	explicit Shared(const snic_predict_config &c)
		: cfg(c), cycle_ps(1e6 / c.clock_mhz),
		  link_ps_per_byte(pcie_ps_per_byte(c.pcie_gen, c.pcie_lanes, c.mps)),
		  wire_ps_per_byte(8e3 / c.wire_gbps)
	{
	}
	Ps cycles(double n) const { return n * cycle_ps; }
	/* The first edge of the clock that is not before t. */
	Ps edge(Ps t) const { return std::ceil((t - 1) / cycle_ps) * cycle_ps; }
	void offer(snic_predict_dir dir, uint32_t len, Ps ps)
	{
		meters[dir].offer(len, ps);
		inside++;
	}
	/* ... but found its ring full. */
	void refuse(snic_predict_dir dir, uint32_t len, Ps ps)
	{
		meters[dir].offer(len, ps);
		meters[dir].ring_full++;
	}
	void deliver(snic_predict_dir dir, uint32_t len, Ps in_ps, Ps ps, int from, int to)
	{
		meters[dir].out.push_back({ ps, len, ps - in_ps, from, to });
		inside--;
	}
	void drop(snic_predict_dir dir)
	{
		meters[dir].dropped++;
		inside--;
	}
	uint64_t dropped() const
	{
		uint64_t n = 0;

		for (const Meter &m : meters)
			n += m.dropped;
		return n;
	}
	/* Changes with every frame that comes in or goes out. */
	uint64_t moved() const
	{
		uint64_t n = 0;

		for (const Meter &m : meters)
			n += m.offered + m.out.size() + m.dropped + m.dropped_by_rule;
		return n;
	}
};

/* What stations did first. SystemC runs once in a process, so there is one. */
struct Spans {
	snic_predict_span at[SNIC_PREDICT_N_SPAN];
	unsigned n = 0;

	void note(int station, Ps from, Ps to)
	{
		if (n < SNIC_PREDICT_N_SPAN)
			at[n++] = { static_cast<unsigned>(station), from, to };
	}
};
inline Spans spans;

/*
 * Something that does one thing after another, and how long it was at it. Processes say when something will be done rather
 * than wait for it, as long as nobody else could change that: a wait is what a prediction's run time goes into.
 */
struct Worker {
	const int station; /* SNIC_STATION_*, that it is a part of */
	Ps free_ps = 0, busy_ps = 0;

	/*
	 * Works for so long, not before `from`, and from the end of what it did before if that is only a rounded
	 * picosecond ago; the time of its end.
	 */
	Ps work(Ps from, Ps ps)
	{
		if (from > free_ps + 1)
			free_ps = from;
		free_ps += ps;
		busy_ps += ps;
		spans.note(station, free_ps - ps, free_ps);
		return free_ps;
	}
	/* It was at work, and knows itself when it is free. */
	void worked(Ps from, Ps to)
	{
		busy_ps += to - from;
		spans.note(station, from, to);
	}
	/* It was held up until now. */
	void held_up() { free_ps = std::max(free_ps, now_ps()); }
};

class Station : public sc_core::sc_module {
public:
	std::vector<Worker> workers;
	/* With a worker for each of stations. */
	Station(sc_core::sc_module_name name, Shared &s, std::initializer_list<int> stations)
		: sc_module(name), sh(s)
	{
		for (const int st : stations)
			workers.push_back({ st });
	}

protected:
	Shared &sh;
};

/* A queue that somebody waits for: get() blocks while it is empty, put() never. */
template <typename T> class Queue {
public:
	Signal written, read;
	std::deque<T> q;

	void put(T v)
	{
		q.push_back(std::move(v));
		written.notify();
	}
	/* ... but put_max() blocks while max or more are inside; did it? */
	bool put_max(T v, size_t max)
	{
		const bool full = q.size() >= max;

		while (q.size() >= max)
			read.wait();
		put(std::move(v));
		return full;
	}
	T get()
	{
		while (q.empty())
			written.wait();
		return pop();
	}
	/* The first one, once there is one; it stays. */
	T &peek()
	{
		while (q.empty())
			written.wait();
		return q.front();
	}
	T pop()
	{
		T v = std::move(q.front());

		q.pop_front();
		read.notify();
		return v;
	}
};

/* How long something was so, up to its last change. */
class Duration {
public:
	Ps sum_ps = 0;

	void is(bool so_now)
	{
		if (so && !so_now)
			sum_ps += now_ps() - since;
		if (!so && so_now)
			since = now_ps();
		so = so_now;
	}

private:
	bool so = false;
	Ps since = 0;
};

/*
 * Reads under way: how many of their tags, or bytes, are taken on average. A read counts until it and all before it
 * are answered, since they are taken in order, but not while its answer waits for the link.
 */
class UnderWay {
public:
	double sum_ps = 0; /* integral over time */
	Ps last = 0;	   /* when all so far are answered */

	/* The next read, of n, issued and answered then; its answer waited so long. */
	void answered(unsigned n, Ps issued, Ps at, Ps waited)
	{
		last = std::max(last, at);
		sum_ps += n * std::max(0.0, last - issued - waited);
	}
};

/* So many of something. */
class Tokens {
public:
	explicit Tokens(int64_t n) : left(n) {}
	/* Blocks until there are n. */
	void take(int64_t n = 1)
	{
		while (settle() < n)
			block();
		left -= n;
	}
	/* Blocks until there are any, takes n of them at most; how many. */
	int64_t take_some(int64_t n)
	{
		while (settle() <= 0)
			block();
		n = std::min(n, left);
		left -= n;
		return n;
	}
	/* As long as there is any, the whole of n may be taken. */
	void overdraw(int64_t n)
	{
		while (settle() <= 0)
			block();
		left -= n;
	}
	void give(int64_t n = 1)
	{
		left += n;
		given.notify();
	}
	/* ... at a time to come, not before that of what was given so before. */
	void give_at(Ps t, int64_t n = 1)
	{
		coming.emplace_back(t, n);
		given.notify();
	}
	bool any() { return settle() > 0; }

private:
	int64_t left;
	std::deque<std::pair<Ps, int64_t>> coming;
	Signal given;

	int64_t settle()
	{
		for (; !coming.empty() && coming.front().first <= now_ps(); coming.pop_front())
			left += coming.front().second;
		return left;
	}
	void block()
	{
		if (coming.empty())
			given.wait();
		else
			given.wait_until(coming.front().first);
	}
};

using FrameQueue = Queue<Frame *>;

} // namespace timing

#endif
