/* SPDX-License-Identifier: BSD-2-Clause */
/* One direction of the PCIe link: takes TLPs of two channels in turn and sends them bit after bit. */
#ifndef TIMING_LINK_H
#define TIMING_LINK_H

#include <functional>

#include "station.h"

namespace timing {

struct Tlp {
	unsigned bytes;			  /* on the link */
	unsigned beats;			  /* that the device's side of it takes */
	std::function<void(double ps)> sent; /* last bit has left */
};

class Link : public Station {
public:
	sc_core::sc_fifo<Tlp *> data, requests;

	SC_HAS_PROCESS(Link);
	Link(sc_core::sc_module_name name, const char *label_, Shared &s)
		: Station(name, label_, s), data("data", LinkQueue), requests("requests", LinkQueue)
	{
		SC_THREAD(run);
	}

private:
	void run()
	{
		bool turn = false;

		for (;;) {
			sc_core::sc_fifo<Tlp *> &first = turn ? requests : data, &second = turn ? data : requests;
			Tlp *t = nullptr;

			if (!first.nb_read(t) && !second.nb_read(t)) {
				sc_core::wait(data.data_written_event() | requests.data_written_event());
				continue;
			}
			turn = !turn;
			serve(t->bytes * sh.link_ps_per_byte);
			if (t->sent)
				t->sent(now_ps());
			delete t;
		}
	}
};

/* The device's port for TLPs with data: a beat a cycle for all who write. */
class UpPort : public Station {
public:
	sc_core::sc_fifo<Tlp *> payload, write_back;

	SC_HAS_PROCESS(UpPort);
	UpPort(sc_core::sc_module_name name, Shared &s, Link &link)
		: Station(name, "upstream data port", s), payload("payload", 2), write_back("write_back", 2), up(link)
	{
		SC_THREAD(run);
	}

private:
	Link &up;
	void run()
	{
		bool turn = false;

		for (;;) {
			sc_core::sc_fifo<Tlp *> &first = turn ? write_back : payload, &second = turn ? payload : write_back;
			Tlp *t = nullptr;

			if (!first.nb_read(t) && !second.nb_read(t)) {
				sc_core::wait(payload.data_written_event() | write_back.data_written_event());
				continue;
			}
			turn = !turn;
			serve(sh.cycles(t->beats));
			up.data.write(t);
		}
	}
};

/*
 * Host memory behind the link: a read that has left the device is answered one read latency later, on the link down; the
 * device takes a beat of it a cycle.
 */
class Memory : public Station {
public:
	SC_HAS_PROCESS(Memory);
	Memory(sc_core::sc_module_name name, Shared &s, Link &u, Link &d)
		: Station(name, "downstream data port", s), up(u), down(d), due("due", 4096), arrived("arrived", 4096)
	{
		SC_THREAD(answer);
		SC_THREAD(land);
	}
	/* Asks for `len` bytes; done is called when the last of them is in the device. Blocks as the device's port would. */
	void read(unsigned len, std::function<void()> done)
	{
		up.requests.write(new Tlp{ TlpOverheadReq, 1, [this, len, done](double ps) {
						  due.nb_write(new Read{ len, ps + sh.cfg.read_latency_ns * 1e3, done });
					  } });
	}

private:
	struct Read {
		unsigned len;
		double ready_ps;
		std::function<void()> done;
	};
	Link &up, &down;
	sc_core::sc_fifo<Read *> due, arrived;

	void answer()
	{
		for (;;) {
			Read *r = due.read();

			wait_ps(r->ready_ps - now_ps());
			down.data.write(new Tlp{ completion_bytes(r->len, sh.cfg.mps), beats(r->len),
						 [this, r](double) { arrived.nb_write(r); } });
		}
	}
	void land()
	{
		for (;;) {
			Read *r = arrived.read();

			serve(sh.cycles(beats(r->len)));
			r->done();
			delete r;
		}
	}
};

} // namespace timing

#endif
