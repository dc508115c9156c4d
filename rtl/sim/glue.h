/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Between a Verilated top of anybody's and the kit: what a card has to say of its ports. One class a card, derived from
 * VerilatedGlue<Vtop>, and make_glue() that makes it; README.md, "Bring your own card", goes through it.
 *
 * At an edge of the core clock the kit calls drive() (set inputs to what has arrived), settle() (clock low, eval), sample() (note
 * what moves, now that the ports have settled) and clock() (clock high, eval). Nothing of the card is called at another time.
 */
#ifndef SNIC_GLUE_H
#define SNIC_GLUE_H

#include <memory>
#include <string>

#include <verilated.h>

#include "mac.h"
#include "pcie_link.h"

class VerilatedFstC;

/* What is at the other end of the card's ports, and the time. */
class Host {
public:
	Host(PcieLink &pcie, Mac *macs) : link(pcie), mac(macs) {}

	PcieLink &link;
	Mac *const mac;	      /* one a wire port */
	uint64_t time_ps = 0; /* of this edge */
	uint64_t cycle = 0;   /* the card's own time: 48 bits, it wraps */
	/* TLPs as they pass, SNIC_SIM_PASSED_*: a bit each */
	uint32_t passed = 0;
	uint64_t wire_moves = 0;
	std::string error;

	/* The beat that port has for the card at this edge; it is taken. False: none. */
	bool rx(unsigned int port, Mac::RxBeat *b)
	{
		Mac &m = mac[port];

		while (m.rx_due() <= time_ps && m.rx_lost())
			m.rx_drop();
		if (m.rx_due() > time_ps)
			return false;
		m.rx_beat(b);
		m.rx_beat_pop();
		passed |= 1u << (SNIC_SIM_PASSED_RX + port);
		wire_moves++;
		return true;
	}
	bool tx_ready(unsigned int port) const { return mac[port].tx_ready(time_ps); }
	/* A beat that leaves the card by port at this edge. */
	void tx(unsigned int port, bool sop, bool eop, uint32_t bytes, const void *data)
	{
		passed |= 1u << (SNIC_SIM_PASSED_TX + port);
		wire_moves++;
		if (!mac[port].tx_beat(time_ps, sop, eop, bytes, data))
			error = "wire " + std::to_string(port) +
				": start, end and length of a sent frame do not fit";
	}
};

class Glue {
public:
	virtual ~Glue() = default;

	/* Inputs that stay as they are. */
	virtual void start(const snic_sim_config &cfg) = 0;
	virtual void reset(bool on) = 0;
	/* False: nothing has been driven. */
	virtual bool drive(Host &h) = 0;
	virtual void settle(const Host &h) = 0;
	virtual void sample(Host &h) = 0;
	virtual void clock() = 0;

	/* ---- what a card may leave as it is */
	/* The wires: cut, or at their speed. */
	virtual void links(const bool *down, uint32_t mbps) { (void)down, (void)mbps; }
	/* Out of reset, its tables cleared: the first request may come. */
	virtual bool ready() const { return true; }
	/*
	 * Until an input changes, or until the cycle wake() where that is true, no edge changes anything that can be seen later. Without it
	 * time never leaps: each cycle of an idle card is simulated, which costs a guest its speed.
	 */
	virtual bool quiescent() const { return false; }
	virtual bool wake(uint64_t *cycle) const
	{
		(void)cycle;
		return false;
	}
	/* A bit for each block that has or holds work, and their names: for the watchdog, which looks at nothing else. */
	virtual uint32_t busy() const { return 0; }
	virtual const char *block(unsigned int bit) const
	{
		(void)bit;
		return "card";
	}

	/* ---- the simulator's own */
	virtual void trace(VerilatedFstC *fst) = 0;
	virtual void finish() = 0;
};

/* The one of this library. */
std::unique_ptr<Glue> make_glue(VerilatedContext *context);

/* What all Verilated tops have: a clock clk_i, a reset rst_ni. */
template <class Top> class VerilatedGlue : public Glue {
public:
	VerilatedGlue(VerilatedContext *context, const char *name) : t(*new Top(context, name)), top_(&t) {}

	void reset(bool on) override { t.rst_ni = !on; }
	void settle(const Host &h) override
	{
		(void)h;
		t.clk_i = 0;
		t.eval();
	}
	void clock() override
	{
		t.clk_i = 1;
		t.eval();
	}
	void trace(VerilatedFstC *fst) override
	{
#if VM_TRACE
		t.trace(fst, 99);
#else
		(void)fst;
#endif
	}
	void finish() override
	{
		t.final();
	}

protected:
	Top &t;

private:
	const std::unique_ptr<Top> top_;
};

#endif
