// SPDX-License-Identifier: BSD-2-Clause
// idle_ctl: who is busy, when clocks run, and the earliest of the times at which blocks wake, over the wrap of time.
#include <algorithm>

#include "Vidle_ctl.h"
#include "clocked.h"
#include "snic_contract.h"

namespace {

constexpr uint64_t kTime = 1ull << 48;
constexpr unsigned kWakes = 3, kAll = (1u << SNIC_N_BLOCK) - 1;

struct Bench {
	Bench()
	{
		top->rst_ni = top->init_done_i = 1;
		top->clk_all_i = 0;
		top->still_i = kAll;
		top->hold_i = 0;
		top->wake_valid_i = 0;
		top->eval();
	}
	void wake(unsigned i, uint64_t at)
	{
		for (unsigned b = 0; b < 48; b++) {
			const unsigned bit = 48 * i + b;

			top->wake_i[bit / 32] = (top->wake_i[bit / 32] & ~(1u << bit % 32)) |
						uint32_t(at >> b & 1) << bit % 32;
		}
		top->wake_valid_i |= 1u << i;
	}

	std::unique_ptr<Vidle_ctl> top{ new Vidle_ctl };
};

void who_is_busy()
{
	Bench b;

	CU_ASSERT(b.top->quiescent_o && !b.top->busy_o && !b.top->ungate_o);
	for (unsigned i = 0; i < SNIC_N_BLOCK; i++) {
		b.top->still_i = kAll & ~(1u << i);
		b.top->eval();
		CU_ASSERT_EQUAL(b.top->busy_o, 1u << i);
		CU_ASSERT(!b.top->quiescent_o);
		// it holds work and waits: still, and busy
		b.top->still_i = kAll;
		b.top->hold_i = 1u << i;
		b.top->eval();
		CU_ASSERT_EQUAL(b.top->busy_o, 1u << i);
		CU_ASSERT(b.top->quiescent_o);
		b.top->hold_i = 0;
	}
}

void clocks_run()
{
	Bench b;

	b.top->init_done_i = 0;
	b.top->eval();
	CU_ASSERT(b.top->ungate_o && !b.top->quiescent_o);
	b.top->init_done_i = 1;
	b.top->rst_ni = 0;
	b.top->eval();
	CU_ASSERT(b.top->ungate_o);
	b.top->rst_ni = 1;
	b.top->clk_all_i = 1;
	b.top->eval();
	CU_ASSERT(b.top->ungate_o && b.top->quiescent_o);
}

void earliest_wake()
{
	uint64_t rng = cu_seed() + 1;

	for (int i = 0; i < 5000; i++) {
		Bench b;
		const uint64_t now = cu_rand(&rng) % kTime;
		const unsigned valid = unsigned(cu_rand(&rng) % (1u << kWakes));
		uint64_t least = kTime;

		for (unsigned w = 0; w < kWakes; w++) {
			const uint64_t ahead = cu_rand(&rng) % (kTime / 2);

			if (!(valid >> w & 1))
				continue;
			b.wake(w, (now + ahead) % kTime);
			least = std::min(least, ahead);
		}
		b.top->eval();
		CU_ASSERT_EQUAL(b.top->wake_valid_o, valid != 0);
		if (valid)
			CU_ASSERT_EQUAL((b.top->wake_o - now) % kTime, least);
	}
}

const struct cu_test tests[] = {
	{ "idle_ctl", "who_is_busy", who_is_busy },
	{ "idle_ctl", "clocks_run", clocks_run },
	{ "idle_ctl", "earliest_wake", earliest_wake },
	{ nullptr, nullptr, nullptr },
};

} // namespace

int main(int argc, char **argv)
{
	return cu_main(argc, argv, tests);
}
