// SPDX-License-Identifier: BSD-2-Clause
// util_counters against 64 plain counters: events of all densities, and reads in between, as fast as registers ask.
#include <memory>

#include "Vutil_counters.h"
#include "cu_main.h"
#include "verilated.h"

namespace {

constexpr unsigned kReadCycles = 6; // the registers ask no faster

class Bench {
public:
	explicit Bench(uint64_t salt) : top(new Vutil_counters), rng(cu_seed() * 100 + salt)
	{
		top->ev_i = top->rd_i = 0;
		top->rst_ni = 0;
		tick();
		top->rst_ni = 1;
		for (unsigned n = 0; n < 100 && !top->init_done_o; n++)
			tick();
		CU_ASSERT(top->init_done_o);
	}
	~Bench() { top->final(); }

	void tick()
	{
		top->clk_i = 0;
		top->eval();
		top->clk_i = 1;
		top->eval();
		top->ev_i = top->rd_i = 0;
	}
	void count(uint64_t ev)
	{
		top->ev_i = ev;
		for (unsigned i = 0; i < 64; i++)
			want[i] += ev >> i & 1;
	}
	// In the cycle of a read, what counts in it is not in the answer yet.
	uint64_t read(unsigned idx, uint64_t ev)
	{
		const uint64_t before = want[idx];

		count(ev);
		top->rd_i = 1;
		top->rd_idx_i = idx;
		tick();
		CU_ASSERT_EQUAL(top->rd_data_o, before);
		return top->rd_data_o;
	}
	uint64_t events(unsigned pct)
	{
		uint64_t ev = 0;

		for (unsigned i = 0; i < 64; i++)
			ev |= uint64_t(cu_rand(&rng) % 100 < pct) << i;
		return ev;
	}
	void check()
	{
		for (unsigned i = 0; i < 64; i++)
			read(i, 0);
	}

	std::unique_ptr<Vutil_counters> top;
	uint64_t rng, want[64] = {};
};

// All of them in every cycle, long enough for every small counter to come near its end, and no read at all.
void full_rate()
{
	Bench b(1);

	b.check(); // 0 after reset
	for (unsigned n = 0; n < 20000; n++) {
		b.count(~0ull);
		b.tick();
	}
	b.check();
	CU_ASSERT_EQUAL(b.want[63], 20000);
}

// The same while registers read as fast as they can: reads take turns away from the small counters.
void full_rate_reads()
{
	Bench b(2);

	for (unsigned n = 0; n < 20000; n++) {
		if (n % kReadCycles == 0) {
			b.read(n / 2000 % 2 ? 5 : unsigned(cu_rand(&b.rng) % 64), ~0ull);
		} else {
			b.count(~0ull);
			b.tick();
		}
	}
	b.check();
}

void mixed()
{
	static const unsigned pct[] = { 0, 1, 10, 50, 90 };
	Bench b(3);

	for (unsigned n = 0; n < 100000; n++) {
		const uint64_t ev = b.events(pct[n / 1000 % 5]);

		if (n % kReadCycles == 0 && cu_rand(&b.rng) % 4 == 0) {
			b.read(unsigned(cu_rand(&b.rng) % 64), ev);
		} else {
			b.count(ev);
			b.tick();
		}
	}
	b.check();
}

// A clock without events changes nothing, however long: it may be left out.
void idle()
{
	Bench b(4);

	for (unsigned n = 0; n < 77; n++) {
		b.count(b.events(30));
		b.tick();
	}
	for (unsigned n = 0; n < 1000; n++)
		b.tick();
	b.check();
}

const struct cu_test tests[] = {
	{ "util_counters", "full_rate", full_rate },
	{ "util_counters", "full_rate_reads", full_rate_reads },
	{ "util_counters", "mixed", mixed },
	{ "util_counters", "idle", idle },
	{ nullptr, nullptr, nullptr },
};

} // namespace

int main(int argc, char **argv)
{
	Verilated::randReset(2);
	return cu_main(argc, argv, tests);
}
