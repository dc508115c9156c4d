// SPDX-License-Identifier: BSD-2-Clause
// tx_park: lines of functions that may not go on let the others pass, lose neither their place nor their wake-up, and stay
// in order.
#include <deque>
#include <map>
#include <memory>
#include <vector>

#include "Vtx_park.h"
#include "cu_main.h"
#include "verilated.h"

namespace {

constexpr unsigned kN = 384;

// Each function may have so many lines out at a time; those that it has out end, and wake it.
class Bench {
public:
	Bench(uint64_t seed, unsigned most_) : top(new Vtx_park), most(most_), rng(seed)
	{
		top->rst_ni = 0;
		top->valid_i = 0;
		top->wake_i = 0;
		top->admit_i = 0;
		top->take_i = top->park_i = top->lobby_i = 0;
		for (int i = 0; i < 3; i++)
			tick();
		top->rst_ni = 1;
		tick();
		for (unsigned i = 0; i < kN; i++)
			unused.push_back(i);
	}

	~Bench() { top->final(); }

	unsigned rnd(unsigned n) { return unsigned(cu_rand(&rng) % n); }
	bool chance(unsigned pct) { return rnd(100) < pct; }

	// A line of func is offered, unless one is; one of end_func ends; the way out and the lobby are open, or not.
	void cycle(int func, int end_func, bool room, bool open)
	{
		const bool ends = end_func >= 0 && out[unsigned(end_func)];

		if (!top->valid_i && func >= 0 && !unused.empty()) {
			top->valid_i = 1;
			top->idx_i = unused.front();
			top->func_i = unsigned(func);
			unused.pop_front();
			offered++;
		}
		top->wake_i = ends;
		top->wake_func_i = unsigned(end_func);
		top->admit_i = open;
		top->take_i = top->park_i = top->lobby_i = 0;
		top->eval();
		if (top->look_valid_o) {
			const unsigned f = top->look_func_o;

			top->park_i = out[f] >= most;
			top->lobby_i = !top->park_i && lobby.count(f) && !open;
			top->take_i = room && !top->park_i && !top->lobby_i;
			top->eval();
		}
		const unsigned f = top->look_func_o;
		if (top->valid_i && top->ready_o)
			order[top->func_i].push_back(top->idx_i);
		CU_ASSERT(!(top->put_o && top->take_i));
		if (top->take_i) {
			CU_ASSERT_FATAL(!order[f].empty());
			CU_ASSERT_EQUAL(top->look_idx_o, order[f].front());
			order[f].pop_front();
			unused.push_back(top->look_idx_o);
			out[f]++;
			taken++;
		}
		if (ends)
			out[unsigned(end_func)]--;
		const bool took = top->valid_i && top->ready_o;
		tick();
		top->wake_i = 0;
		if (took)
			top->valid_i = 0;
		top->eval();
		unsigned parked = 0;
		for (const auto &q : order)
			parked += unsigned(q.second.size());
		CU_ASSERT_EQUAL(bool(top->empty_o), parked == 0);
	}

	std::unique_ptr<Vtx_park> top;
	const unsigned most;
	std::map<unsigned, bool> lobby; // functions that wait there while it is closed
	unsigned out[256] = {}, offered = 0, taken = 0;
	std::map<unsigned, std::deque<unsigned>> order;

private:
	void tick()
	{
		top->clk_i = 1;
		top->eval();
		top->clk_i = 0;
		top->eval();
	}

	uint64_t rng;
	std::deque<unsigned> unused;
};

void test_random()
{
	static const unsigned funcs[] = { 1, 4, 40, 256 };

	for (unsigned i = 0; i < 4; i++) {
		Bench b(cu_seed() * 8 + i + 1, 1 + i % 3);

		for (unsigned f = 0; f < funcs[i]; f += 3)
			b.lobby[f] = true;
		for (unsigned c = 0; c < 30000; c++)
			b.cycle(b.chance(50) ? int(b.rnd(funcs[i])) : -1,
				b.chance(60) ? int(b.rnd(funcs[i])) : -1, b.chance(70), b.chance(30));
		for (unsigned c = 0; c < 3 * kN + 40 * funcs[i]; c++)
			b.cycle(-1, int(c % funcs[i]), true, true);
		CU_ASSERT(b.offered > 2000);
		CU_ASSERT_EQUAL(b.taken, b.offered);
		CU_ASSERT(b.top->idle_o && b.top->empty_o);
	}
}

// Function 0 has all that it may have: the others go on, a line a cycle.
void test_others_pass()
{
	Bench b(cu_seed() + 9, 1);

	for (unsigned c = 0; c < 60; c++)
		b.cycle(0, -1, true, true);
	CU_ASSERT_EQUAL(b.taken, 1);
	for (unsigned c = 0; c < 200; c++)
		b.cycle(int(1 + c), -1, true, true);
	CU_ASSERT(b.taken >= 200);
	for (unsigned c = 0; c < 400; c++)
		b.cycle(-1, 0, true, true);
	CU_ASSERT_EQUAL(b.taken, b.offered);
}

} // namespace

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = {
		{ "tx_park", "random", test_random },
		{ "tx_park", "others_pass", test_others_pass },
		{ nullptr, nullptr, nullptr },
	};

	Verilated::randReset(2);
	return cu_main(argc, argv, tests);
}
