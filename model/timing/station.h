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
	PacketBuffer *buffer = nullptr;
	uint64_t slot = 0;
	uint32_t index = 0;   /* TX: of its descriptor in the ring */
	uint32_t line = 0;    /* TX: it is the last of so many frames of a descriptor line, 0: not the last */
	unsigned holders = 0; /* egresses that have not read it */

	Frame(const snic_predict_frame &f_, snic_predict_dir d, Ps in)
		: f(f_), dir(d), copies(f_.copies, f_.copies + f_.n_copies), in_ps(in), ready_ps(in)
	{
	}
};

/* One of a frame for a function. */
struct Copy {
	Frame *fr; /* until the last copy is read */
	snic_predict_dir dir;
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

/* Frames of one direction that came in, frames and copies that went out. */
struct Meter {
	struct Out {
		Ps ps;
		uint32_t len;
		Ps latency_ps;
	};
	std::vector<Out> out;
	uint64_t offered = 0, dropped = 0, dropped_by_rule = 0;
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
	sc_core::sc_event arrival; /* a frame came in from the wire, or the last one has */
	uint64_t inside = 0;	   /* frames, and after forwarding copies */

	explicit Shared(const snic_predict_config &c)
		: cfg(c), cycle_ps(1e6 / c.clock_mhz),
		  link_ps_per_byte(pcie_ps_per_byte(c.pcie_gen, c.pcie_lanes, c.mps)),
		  wire_ps_per_byte(8e3 / c.wire_gbps)
	{
	}
	Ps cycles(double n) const { return n * cycle_ps; }
	void offer(snic_predict_dir dir, uint32_t len, Ps ps)
	{
		meters[dir].offer(len, ps);
		inside++;
	}
	void deliver(snic_predict_dir dir, uint32_t len, Ps in_ps, Ps ps)
	{
		meters[dir].out.push_back({ ps, len, ps - in_ps });
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

/* Something that does one thing after another, and how long it was at it. */
struct Worker {
	const int station; /* SNIC_STATION_*, that it is a part of */
	Ps free_ps = 0, busy_ps = 0;

	/*
	 * Works for so long, from the end of what it did before if that is only a fraction of a
	 * picosecond ago.
	 */
	void serve(Ps ps)
	{
		free_ps = std::max(free_ps, now_ps() - 1) + ps;
		busy_ps += ps;
		wait_until(free_ps);
	}
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
	void serve(Ps ps, unsigned worker = 0) { workers[worker].serve(ps); }
	void cycles(double n, unsigned worker = 0) { serve(sh.cycles(n), worker); }
};

/* A queue that somebody waits for: get() blocks while it is empty, put() never. */
template <typename T> class Queue {
public:
	sc_core::sc_event written, read;
	std::deque<T> q;

	void put(T v)
	{
		q.push_back(std::move(v));
		written.notify(sc_core::SC_ZERO_TIME);
	}
	/* ... but put_max() blocks while max or more are inside. */
	void put_max(T v, size_t max)
	{
		while (q.size() >= max)
			sc_core::wait(read);
		put(std::move(v));
	}
	T get()
	{
		while (q.empty())
			sc_core::wait(written);
		return pop();
	}
	T pop()
	{
		T v = std::move(q.front());

		q.pop_front();
		read.notify(sc_core::SC_ZERO_TIME);
		return v;
	}
	/* The first one, once there is one; it stays. */
	T &peek()
	{
		while (q.empty())
			sc_core::wait(written);
		return q.front();
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
 * are answered, since they are taken in order.
 */
class UnderWay {
public:
	uint64_t issue(unsigned n)
	{
		level(n);
		reads.emplace_back(n, false);
		return first + reads.size() - 1;
	}
	void answered(uint64_t id)
	{
		reads[id - first].second = true;
		for (; !reads.empty() && reads.front().second; reads.pop_front(), first++)
			level(-static_cast<int>(reads.front().first));
	}
	/* Integral over time. */
	double sum() const { return sum_ps; }

private:
	std::deque<std::pair<unsigned, bool>> reads; /* how many each takes, answered */
	uint64_t first = 0;
	int now = 0;
	double sum_ps = 0;
	Ps since = 0;

	void level(int change)
	{
		sum_ps += now * (now_ps() - since);
		since = now_ps();
		now += change;
	}
};

/* So many of something; take() blocks until there are enough. */
class Tokens {
public:
	explicit Tokens(int64_t n) : left(n) {}
	void take(int64_t n = 1)
	{
		while (left < n)
			sc_core::wait(given);
		left -= n;
	}
	/* As long as there is any, the whole of n may be taken. */
	void overdraw(int64_t n)
	{
		while (left <= 0)
			sc_core::wait(given);
		left -= n;
	}
	void give(int64_t n = 1)
	{
		left += n;
		given.notify(sc_core::SC_ZERO_TIME);
	}

	bool any() const { return left > 0; }

private:
	int64_t left;
	sc_core::sc_event given;
};

using FrameQueue = Queue<Frame *>;

} // namespace timing

#endif
