/* SPDX-License-Identifier: BSD-2-Clause */
/* What the benches of the PCIe-side arbiters share: clock and reset, clients with valid and ready, the functions'
 * bus-master bits. */
#ifndef ARB_BENCH_H
#define ARB_BENCH_H

#include <memory>

#include "bits.h"
#include "cu_main.h"

template <typename Top, unsigned Clients> class ArbBench {
public:
	std::unique_ptr<Top> top;
	uint64_t rng, refused = 0, want_refused = 0;

	bool rnd(unsigned pct) { return cu_rand(&rng) % 100 < pct; }
	/* So many of 100 functions may use the bus. */
	void set_bme(unsigned pct)
	{
		for (unsigned f = 0; f < 256; f++)
			bits_set(top->bme_i.data(), f, 1, rnd(pct));
	}

protected:
	uint8_t *valid[Clients], *ready[Clients];
	bool took[Clients]; // in this cycle

	explicit ArbBench(uint64_t seed) : top(new Top), rng(seed) {}
	~ArbBench() { top->final(); }

	/* valid and ready are wired up, the other inputs are quiet. */
	void reset()
	{
		for (uint8_t *v : valid)
			*v = 0;
		for (int i = 0; i < 8; i++)
			top->bme_i[i] = ~0u;
		top->rst_ni = 0;
		clock();
		clock();
		top->rst_ni = 1;
		clock();
	}
	/* Inputs are set: outputs follow. */
	void settle()
	{
		top->clk_i = 0;
		top->eval();
		refused += top->refused_o;
		for (unsigned c = 0; c < Clients; c++)
			took[c] = *valid[c] && *ready[c];
	}
	/* What was taken is no longer offered. Not clocked: the block's clock is gated. */
	void edge(bool clocked = true)
	{
		top->clk_i = clocked;
		top->eval();
		for (unsigned c = 0; c < Clients; c++)
			if (took[c])
				*valid[c] = 0;
	}
	bool may(unsigned func) { return bits_get(top->bme_i.data(), func, 1); }

private:
	void clock()
	{
		top->clk_i = 0;
		top->eval();
		top->clk_i = 1;
		top->eval();
	}
};

#endif
