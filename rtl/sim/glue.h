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

#include <verilated.h>

#include "host.h"

class VerilatedFstC;

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

	/*
	 * Clocks beside the core's, numbered from 0: how fast, 0: there is no such clock. Its edges lie at their own times, between those of the
	 * core clock (at the same time: before); edge_of() does all of one: inputs, clock low, eval, look, clock high, eval. False: nothing
	 * has been driven. A wire port may be on such a clock, TLPs not. In reset, too.
	 */
	virtual uint32_t clock_khz(unsigned int n) const
	{
		(void)n;
		return 0;
	}
	virtual bool edge_of(unsigned int n, Host &h)
	{
		(void)n, (void)h;
		return false;
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
