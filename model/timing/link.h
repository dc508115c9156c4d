/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The PCIe link, and the device's ports to it. Up: TLPs with data and read requests wait in queues of
 * their own and leave in the order in which they came; each needs credits. Down: one queue, in the
 * order of being ready.
 */
#ifndef TIMING_LINK_H
#define TIMING_LINK_H

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
	/* Takes n; the time at which they are there. */
	Ps take(int64_t n)
	{
		Ps t = 0;

		while (left < n && !away.empty()) {
			left += away.front().second;
			t = away.front().first;
			away.pop_front();
		}
		left -= n;
		return t;
	}
	void back(int64_t n, Ps t) { away.emplace_back(t, n); }

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
	/* A beat of a TLP with data is taken while the queue holds less than its limit. */
	void take_beat() { beat_room.take(); }
	void write(Tlp *t)
	{
		t->came_ps = now_ps();
		data.put(t);
		came.notify(sc_core::SC_ZERO_TIME);
	}
	void request(std::function<void(Ps)> sent)
	{
		read_room.take();
		reads.put(new Tlp{ TlpOverheadReq, 0, std::move(sent), now_ps() });
		came.notify(sc_core::SC_ZERO_TIME);
	}

private:
	Queue<Tlp *> data, reads;
	Tokens beat_room, read_room;
	Credits headers, units, requests;
	sc_core::sc_event came;

	void run()
	{
		for (;;) {
			if (data.q.empty() && reads.q.empty()) {
				sc_core::wait(came);
				continue;
			}
			const bool read =
				data.q.empty() ||
				(!reads.q.empty() && reads.q.front()->came_ps < data.q.front()->came_ps);
			Tlp *t = read ? reads.pop() : data.pop();
			const int64_t n = (t->bytes - TlpOverheadReq + 15) / 16;

			wait_until(read ? requests.take(1) : std::max(headers.take(1), units.take(n)));
			if (read)
				read_room.give();
			else
				beat_room.give(t->beats);
			serve(t->bytes * sh.link_ps_per_byte);
			const Ps end = now_ps(), back = end + CreditLoopNs * 1e3;

			if (read) {
				requests.back(1, back);
			} else {
				headers.back(1, back);
				units.back(n, back);
				last_land_ps = end + sh.cfg.write_latency_ns * 1e3;
			}
			if (t->sent)
				t->sent(end);
			delete t;
		}
	}
};

class DownLink : public Station {
public:
	SC_HAS_PROCESS(DownLink);
	DownLink(sc_core::sc_module_name name, Shared &s) : Station(name, s, { SNIC_STATION_PCIE_DOWN })
	{
		SC_THREAD(run);
		SC_THREAD(mmio);
		SC_THREAD(land);
	}
	void write(Tlp *t) { ready.put(t); }
	/* The host writes a register now; arrived is called when the device acts on it. */
	void doorbell(std::function<void()> arrived)
	{
		posted.put({ now_ps() + sh.cfg.write_latency_ns * 1e3, std::move(arrived) });
	}

private:
	struct Posted {
		Ps ps;
		std::function<void()> arrived;
	};
	Queue<Tlp *> ready;
	Queue<Posted> posted, landed;

	void mmio()
	{
		for (;;) {
			Posted p = posted.get();

			wait_until(p.ps);
			ready.put(new Tlp{
				DoorbellBytes, 0, [this, arrived = std::move(p.arrived)](Ps end) {
					landed.put({ end + sh.cycles(DoorbellLatency), std::move(arrived) });
				} });
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
	void run()
	{
		for (;;) {
			Tlp *t = ready.get();

			serve(t->bytes * sh.link_ps_per_byte);
			t->sent(now_ps());
			delete t;
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
		came.notify(sc_core::SC_ZERO_TIME);
	}

private:
	UpLink &up;
	sc_core::sc_event came;

	void run()
	{
		bool rx_was = false;

		for (;;) {
			const bool rx = !payload.q.empty() || !lines.q.empty(), wb = !write_back.q.empty();

			if (!rx && !wb) {
				sc_core::wait(came);
				continue;
			}
			rx_was = rx && (!wb || !rx_was);
			const bool pay = rx_was && lines.q.empty();
			Tlp *t = (!rx_was ? write_back : pay ? payload : lines).pop();

			for (unsigned i = 0; i < t->beats; i++) {
				up.take_beat();
				cycles(1);
				if (pay)
					payload_ahead.give();
			}
			up.write(t);
		}
	}
};

enum ReadClient { ReadTxDesc, ReadTxData, ReadRxDesc, NReadClients };

/*
 * Reads: three clients in turn, a request a cycle. One that has left the device is answered one read
 * latency later, on the link down; the device takes a beat of the answers a cycle.
 */
class Memory : public Station {
public:
	SC_HAS_PROCESS(Memory);
	Memory(sc_core::sc_module_name name, Shared &s, UpLink &u, DownLink &d)
		: Station(name, s, { SNIC_STATION_PCIE_DOWN }), up(u), down(d)
	{
		SC_THREAD(request);
		SC_THREAD(answer);
		SC_THREAD(land);
	}
	/* done is called when the last byte is in the device. Blocks as the device's port would. */
	void read(ReadClient client, uint64_t addr, unsigned len, std::function<void()> done)
	{
		client_q[client].put_max(new Read{ completions(addr, len, sh.cfg.mps, sh.cfg.rcb), beats(len),
						   0, std::move(done) },
					 2);
		came.notify(sc_core::SC_ZERO_TIME);
	}

private:
	struct Read {
		Load load;
		unsigned beats;
		Ps ready_ps;
		std::function<void()> done;
	};
	UpLink &up;
	DownLink &down;
	Queue<Read *> client_q[NReadClients], due, arrived;
	sc_core::sc_event came;

	void request()
	{
		unsigned turn = 0, i;

		for (;;) {
			for (i = 0; i < NReadClients && client_q[turn].q.empty(); i++)
				turn = (turn + 1) % NReadClients;
			if (i == NReadClients) {
				sc_core::wait(came);
				continue;
			}
			Read *r = client_q[turn].pop();

			turn = (turn + 1) % NReadClients;
			wait_until(now_ps() + sh.cycle_ps);
			up.request([this, r](Ps end) {
				/* a read pushes the writes before it */
				r->ready_ps = std::max(end + sh.cfg.read_latency_ns * 1e3, up.last_land_ps);
				due.put(r);
			});
		}
	}
	void answer()
	{
		for (;;) {
			Read *r = due.get();

			wait_until(r->ready_ps);
			down.write(new Tlp{ r->load.bytes, r->beats, [this, r](Ps) { arrived.put(r); } });
		}
	}
	void land()
	{
		Ps last = 0;

		for (;;) {
			Read *r = arrived.get();

			/* the beats of all TLPs but the last were taken while the next was on the link */
			wait_until(std::max(last + sh.cycles(r->beats),
					    now_ps() + sh.cycles(r->load.last_beats)));
			last = now_ps();
			workers[0].busy_ps += sh.cycles(r->beats);
			r->done();
			delete r;
		}
	}
};

} // namespace timing

#endif
