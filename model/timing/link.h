/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The PCIe link, and the device's ports to it. Up: TLPs with data and read requests wait in queues of
 * their own and leave in the order in which they came; each needs credits. Down: one queue, in the
 * order of being ready.
 */
#ifndef TIMING_LINK_H
#define TIMING_LINK_H

#include <queue>
#include <random>

#include "station.h"

namespace timing {

struct Tlp {
	unsigned bytes;			  /* on the link */
	unsigned beats;			  /* that the device's side of it takes */
	std::function<void(Ps end)> sent; /* its last bit left then */
	Ps came_ps = 0;
};

/* Credits: used by TLPs, and back some time after. */
class Credits {
public:
	explicit Credits(int64_t n) : left(n) {}
	/* When n are there. */
	Ps when(int64_t n) const
	{
		int64_t sum = left;
		Ps t = 0;

		for (auto a = away.begin(); sum < n && a != away.end(); ++a) {
			sum += a->second;
			t = a->first;
		}
		return t;
	}
	/* Uses n, as many as are there; back at t. */
	void use(int64_t n, Ps t)
	{
		for (; left < n; away.pop_front())
			left += away.front().second;
		left -= n;
		away.emplace_back(t, n);
	}

private:
	int64_t left;
	std::deque<std::pair<Ps, int64_t>> away;
};

class UpLink : public Station {
public:
	Ps last_land_ps = 0; /* of the writes sent so far */

	SC_HAS_PROCESS(UpLink);
	UpLink(sc_core::sc_module_name name, Shared &s)
		: Station(name, s, { SNIC_STATION_PCIE_UP }), beat_room(TxBeats + s.cfg.mps / BeatBytes),
		  read_room(TxReads), headers(PostedHdrCredits), units(PostedDataCredits),
		  requests(ReadCredits)
	{
		SC_THREAD(run);
	}
	/*
	 * Beats of a TLP with data are taken while the queue holds less than its limit: so many of n. The first of them is
	 * in it at the end of the cycle that begins at *from: after a wait for room, at the next edge of the clock.
	 */
	unsigned take_beats(unsigned n, Ps *from)
	{
		const bool any = beat_room.any();

		n = static_cast<unsigned>(beat_room.take_some(n));
		*from = any ? now_ps() : sh.edge(now_ps()) - sh.cycle_ps;
		return n;
	}
	void write(Tlp *t)
	{
		t->came_ps = now_ps();
		data.put(t);
		came.notify();
	}
	void request(std::function<void(Ps)> sent)
	{
		if (!read_room.any()) {
			read_room.take();
			wait_until(sh.edge(now_ps()));
		} else {
			read_room.take();
		}
		reads.put(new Tlp{ TlpOverheadReq, 0, std::move(sent), now_ps() });
		came.notify();
	}

private:
	Queue<Tlp *> data, reads;
	Tokens beat_room, read_room;
	Credits headers, units, requests;
	Signal came;

	static int64_t units_of(const Tlp *t) { return (t->bytes - TlpOverheadReq + 15) / 16; }
	/* A read that came first goes first, unless it has no credit; one that came later waits for the write's credit, too. */
	bool read_is_next(Ps *start) const
	{
		const Ps never = 1e30;
		Ps read = never, write = never;

		if (!reads.q.empty())
			read = std::max(now_ps(), requests.when(1));
		if (!data.q.empty())
			write = std::max({ now_ps(), headers.when(1), units.when(units_of(data.q.front())) });
		const bool is_read = write == never ||
				     (read <= write && reads.q.front()->came_ps < data.q.front()->came_ps);

		*start = is_read ? read : write;
		return is_read;
	}
	void run()
	{
		for (;;) {
			Ps start;

			wait_until(workers[0].free_ps);
			if (data.q.empty() && reads.q.empty()) {
				came.wait();
				continue;
			}
			const bool read = read_is_next(&start);

			if (start > now_ps()) {
				came.wait_until(start);
				continue;
			}
			Tlp *t = read ? reads.pop() : data.pop();
			const Ps end = workers[0].work(start, t->bytes * sh.link_ps_per_byte),
				 back = end + CreditLoopNs * 1e3;

			if (read) {
				read_room.give();
				requests.use(1, back);
			} else {
				beat_room.give(t->beats);
				headers.use(1, back);
				units.use(units_of(t), back);
				last_land_ps = end + sh.cfg.write_latency_ns * 1e3;
			}
			if (t->sent)
				t->sent(end);
			delete t;
		}
	}
};

/*
 * Answers of memory and writes of registers share the link in the order in which they are ready; the device takes a beat of
 * the answers a cycle.
 */
class DownLink : public Station {
public:
	SC_HAS_PROCESS(DownLink);
	DownLink(sc_core::sc_module_name name, Shared &s)
		: Station(name, s, { SNIC_STATION_PCIE_DOWN, SNIC_STATION_PCIE_DOWN })
	{
		SC_THREAD(run);
		SC_THREAD(take);
		SC_THREAD(land);
	}
	/* When the last byte is in the device, and how long it has waited for the link. */
	using Answered = std::function<void(Ps end, Ps waited)>;
	/* What goes down. */
	struct Item {
		Load load;
		unsigned beats;
		Answered done;
		Ps asked_ps = 0; /* of a read */
		Ps ready_ps = 0;
		uint64_t order = 0; /* among those that are ready at once */
	};
	void put(Item *i, Ps ready_ps)
	{
		const bool first = waiting.empty() || ready_ps < waiting.top()->ready_ps;

		i->ready_ps = ready_ps;
		i->order = items++;
		waiting.push(i);
		if (first)
			sooner.notify();
	}
	/* The host writes a register now; arrived is called when the device acts on it. */
	void doorbell(std::function<void()> arrived)
	{
		put(new Item{ { DoorbellBytes, 0 },
			      0,
			      [this, arrived = std::move(arrived)](Ps end, Ps) {
				      landed.put({ end + sh.cycles(DoorbellLatency), arrived });
			      } },
		    now_ps() + sh.cfg.write_latency_ns * 1e3);
	}

private:
	enum { Link, Port };
	struct Later {
		bool operator()(const Item *a, const Item *b) const
		{
			return a->ready_ps != b->ready_ps ? a->ready_ps > b->ready_ps : a->order > b->order;
		}
	};
	struct Posted {
		Ps ps;
		std::function<void()> arrived;
	};
	struct Came {
		Item *item;
		Ps from, waited;
	};
	std::priority_queue<Item *, std::vector<Item *>, Later> waiting;
	uint64_t items = 0;
	Signal sooner; /* than what was waited for */
	Queue<Came> came;
	Queue<Posted> landed;

	void run()
	{
		for (;;) {
			if (waiting.empty()) {
				sooner.wait();
				continue;
			}
			if (waiting.top()->ready_ps > now_ps()) {
				sooner.wait_until(waiting.top()->ready_ps);
				continue;
			}
			/* who has reads under way does not know of their answers while those wait for the link */
			if (workers[Link].free_ps > now_ps()) {
				wait_until(workers[Link].free_ps);
				continue;
			}
			Item *i = waiting.top();

			waiting.pop();
			const Ps waited = std::max(0.0, workers[Link].free_ps - i->ready_ps),
				 end = workers[Link].work(i->ready_ps, i->load.bytes * sh.link_ps_per_byte);
			/* the beats of all TLPs but the last were taken while the next was on the link */
			const Ps from = end + sh.cycles(i->load.last_beats) - sh.cycles(i->beats);

			if (i->beats) {
				came.put({ i, from, waited });
			} else {
				i->done(end, waited);
				delete i;
			}
		}
	}
	/* ... or for the device's port. */
	void take()
	{
		for (;;) {
			const Came c = came.get();

			if (workers[Port].free_ps > c.from)
				wait_until(workers[Port].free_ps);
			const Ps there = workers[Port].work(c.from, sh.cycles(c.item->beats));

			spans.note(SNIC_STATION_DMA_TAGS, c.item->asked_ps, there);
			c.item->done(there, c.waited);
			delete c.item;
		}
	}
	void land()
	{
		for (;;) {
			Posted p = landed.get();

			wait_until(p.ps);
			p.arrived();
		}
	}
};

/*
 * The device's port for TLPs with data: a beat a cycle; payload and TX write-backs in turn, completion
 * lines before payload.
 */
class UpPort : public Station {
public:
	Queue<Tlp *> payload, lines, write_back;
	Tokens payload_ahead{ RxReadAhead }; /* beats of payload read and not yet on this port */

	SC_HAS_PROCESS(UpPort);
	UpPort(sc_core::sc_module_name name, Shared &s, UpLink &link)
		: Station(name, s, { SNIC_STATION_PCIE_UP }), up(link)
	{
		SC_THREAD(run);
	}
	void put(Queue<Tlp *> &from, Tlp *t, size_t max)
	{
		from.put_max(t, max);
		came.notify();
	}

private:
	UpLink &up;
	Signal came;

	void run()
	{
		bool rx_was = false;

		for (;;) {
			const bool rx = !payload.q.empty() || !lines.q.empty(), wb = !write_back.q.empty();

			if (!rx && !wb) {
				came.wait();
				continue;
			}
			rx_was = rx && (!wb || !rx_was);
			const bool pay = rx_was && lines.q.empty();
			Tlp *t = (!rx_was ? write_back : pay ? payload : lines).pop();

			if (pay)
				payload_ahead.give(t->beats);
			for (unsigned n, left = t->beats; left; left -= n) {
				Ps from;

				n = up.take_beats(left, &from);
				wait_until(workers[0].work(from, sh.cycles(n)));
			}
			up.write(t);
		}
	}
};

/* How long host memory takes to answer. */
class ReadLatency {
public:
	explicit ReadLatency(const snic_predict_config &c) : cfg(c), random(c.seed)
	{
		for (uint32_t i = 0; i < c.n_read_bins; i++)
			upto.push_back((upto.empty() ? 0 : upto.back()) + c.read_bins[i].count);
	}
	Ps next()
	{
		if (upto.empty())
			return (cfg.read_latency_ns + share() * cfg.read_jitter_ns) * 1e3;
		const auto bin = std::upper_bound(upto.begin(), upto.end(), share() * upto.back());

		return cfg.read_bins[std::min<size_t>(bin - upto.begin(), upto.size() - 1)].ns * 1e3;
	}

private:
	const snic_predict_config &cfg;
	std::vector<double> upto; /* of all reads, how many take as long as a bin or less */
	std::mt19937_64 random;

	/* 0..1 */
	double share() { return static_cast<double>(random() >> 11) / (1ull << 53); }
};

enum ReadClient { ReadTxDesc, ReadTxData, ReadRxDesc, NReadClients };

/* Reads: three clients in turn, a request a cycle. One that has left the device is answered one read latency later. */
class Memory : public Station {
public:
	SC_HAS_PROCESS(Memory);
	Memory(sc_core::sc_module_name name, Shared &s, UpLink &u, DownLink &d)
		: Station(name, s, { SNIC_STATION_PCIE_UP }), up(u), down(d), latency(s.cfg)
	{
		SC_THREAD(request);
	}
	/*
	 * done is told when the last byte is in the device; it is called when that is known, which is before. Blocks
	 * as the device's port would.
	 */
	void read(ReadClient client, uint64_t addr, unsigned len, DownLink::Answered done)
	{
		client_q[client].put_max(new DownLink::Item{ completions(addr, len, sh.cfg.mps, sh.cfg.rcb),
							     beats(len), std::move(done), now_ps() },
					 2);
		came.notify();
	}

private:
	UpLink &up;
	DownLink &down;
	ReadLatency latency;
	Queue<DownLink::Item *> client_q[NReadClients];
	Signal came;

	void request()
	{
		unsigned turn = 0, i;

		for (;;) {
			for (i = 0; i < NReadClients && client_q[turn].q.empty(); i++)
				turn = (turn + 1) % NReadClients;
			if (i == NReadClients) {
				came.wait();
				continue;
			}
			DownLink::Item *r = client_q[turn].pop();

			turn = (turn + 1) % NReadClients;
			wait_until(workers[0].work(now_ps(), sh.cycle_ps));
			up.request([this, r](Ps end) {
				/* a read pushes the writes before it */
				down.put(r, std::max(end + latency.next(), up.last_land_ps));
			});
		}
	}
};

} // namespace timing

#endif
