/* SPDX-License-Identifier: BSD-2-Clause */
/* What the benches of small blocks share: the block, its clock, and chance by the seed of the run. */
#ifndef CLOCKED_H
#define CLOCKED_H

#include <memory>

#include "cu_main.h"
#include "verilated.h"

template <typename Top> class Clocked {
public:
	explicit Clocked(uint64_t salt) : top(new Top), rng(cu_seed() * 1000 + salt) {}
	~Clocked() { top->final(); }

	/* Inputs are set: outputs that hang on them by logic follow. */
	void settle()
	{
		top->clk_i = 0;
		top->eval();
	}
	void edge()
	{
		top->clk_i = 1;
		top->eval();
	}
	void tick()
	{
		settle();
		edge();
	}
	void reset()
	{
		top->rst_ni = 0;
		tick();
		tick();
		top->rst_ni = 1;
	}
	/* ... and the sweeps that clear RAMs: nothing comes out meanwhile. */
	void reset_and_sweep(unsigned longest)
	{
		reset();
		settle();
		CU_ASSERT(!top->init_done_o);
		for (unsigned n = 0; n < longest && !top->init_done_o; n++) {
			CU_ASSERT(!output(*top, 0));
			tick();
		}
		CU_ASSERT_FATAL(top->init_done_o);
	}
	uint32_t any() { return uint32_t(cu_rand(&rng) >> 32); }
	bool chance(unsigned pct) { return any() % 100 < pct; }

	std::unique_ptr<Top> top;
	uint64_t rng;

private:
	/* valid_o, of those that have one */
	template <typename T> static auto output(T &t, int) -> decltype(bool(t.valid_o)) { return t.valid_o; }
	template <typename T> static bool output(T &, long) { return false; }
};

#endif
