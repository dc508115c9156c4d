// SPDX-License-Identifier: BSD-2-Clause
// tx_order: within a function in the order in which it asked, whatever order the answers come in; what one function waits
// for holds up no other.
#include <deque>
#include <map>
#include <memory>
#include <vector>

#include "Vtx_order.h"
#include "cu_main.h"
#include "verilated.h"

namespace {

constexpr unsigned kN = 384;

class Bench {
public:
	explicit Bench(uint64_t seed) : top(new Vtx_order), rng(seed)
	{
		top->rst_ni = 0;
		top->add_i = 0;
		top->whole_i = 0;
		top->hold_i = 0;
		top->ready_i = 0;
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

	// What happens in this cycle: one is asked for, one of those under way is whole.
	void cycle(int add_func, int whole_at, bool hold, bool ready)
	{
		unsigned idx = 0;

		top->add_i = add_func >= 0 && !unused.empty();
		if (top->add_i) {
			const size_t at = rnd(unsigned(unused.size()));
			idx = unused[at];
			unused.erase(unused.begin() + long(at));
			top->add_idx_i = idx;
			top->add_func_i = unsigned(add_func);
		}
		top->whole_i = whole_at >= 0;
		if (top->whole_i) {
			top->whole_idx_i = open[size_t(whole_at)];
			whole[open[size_t(whole_at)]] = true;
			open.erase(open.begin() + whole_at);
		}
		top->hold_i = hold;
		top->ready_i = ready;
		top->eval();
		if (top->go_o) {
			CU_ASSERT(!hold);
			CU_ASSERT_FATAL(!asked[top->go_func_o].empty());
			// the oldest of its function, and whole
			CU_ASSERT_EQUAL(top->go_idx_o, asked[top->go_func_o].front());
			CU_ASSERT(whole[top->go_idx_o]);
			asked[top->go_func_o].pop_front();
			gone.emplace_back(top->go_idx_o, top->go_func_o);
			went++;
		}
		if (top->valid_o && ready) {
			CU_ASSERT_FATAL(!gone.empty());
			CU_ASSERT_EQUAL(top->idx_o, gone.front().first);
			CU_ASSERT_EQUAL(top->func_o, gone.front().second);
			unused.push_back(top->idx_o);
			gone.pop_front();
			out++;
		}
		if (top->add_i) {
			whole[idx] = false;
			open.push_back(idx);
			asked[unsigned(add_func)].push_back(idx);
			added++;
		}
		tick();
		top->add_i = 0;
		top->whole_i = 0;
		top->eval();
		CU_ASSERT_EQUAL(bool(top->empty_o), added == out);
	}

	std::unique_ptr<Vtx_order> top;
	std::vector<unsigned> open; // asked for and not whole
	std::map<unsigned, std::deque<unsigned>> asked;
	unsigned added = 0, went = 0, out = 0;

private:
	void tick()
	{
		top->clk_i = 1;
		top->eval();
		top->clk_i = 0;
		top->eval();
	}

	uint64_t rng;
	std::vector<unsigned> unused;
	std::deque<std::pair<unsigned, unsigned>> gone;
	bool whole[kN] = {};
};

void test_random()
{
	static const unsigned funcs[] = { 1, 3, 40, 256 };

	for (unsigned i = 0; i < 4; i++) {
		Bench b(cu_seed() * 8 + i + 1);

		for (unsigned c = 0; c < 20000; c++)
			b.cycle(b.chance(60) ? int(b.rnd(funcs[i])) : -1,
				b.chance(70) && !b.open.empty() ? int(b.rnd(unsigned(b.open.size()))) : -1,
				b.chance(20), b.chance(80));
		while (!b.open.empty())
			b.cycle(-1, 0, false, true);
		for (unsigned c = 0; c < 2 * kN; c++)
			b.cycle(-1, -1, false, true);
		CU_ASSERT(b.added > 5000);
		CU_ASSERT_EQUAL(b.out, b.added);
		CU_ASSERT(b.top->idle_o);
	}
}

// Function 0's first is never whole: all that it asks for afterwards waits, and nothing of the others.
void test_one_waits()
{
	Bench b(cu_seed() + 9);

	b.cycle(0, -1, false, true);
	const unsigned lost = b.open[0];
	for (unsigned c = 0; c < 600; c++) {
		const int f = c % 4 == 0 && b.asked[0].size() < 60 ? 0 : int(1 + c % 7);

		b.cycle(f, b.open.size() > 1 ? 1 : -1, false, true);
	}
	while (b.open.size() > 1)
		b.cycle(-1, 1, false, true);
	for (unsigned c = 0; c < 8; c++)
		b.cycle(-1, -1, false, true);
	CU_ASSERT_EQUAL(b.asked[0].size(), 60);
	CU_ASSERT_EQUAL(b.asked[0].front(), lost);
	CU_ASSERT_EQUAL(b.out + 60, b.added);
	b.cycle(-1, 0, false, true);
	for (unsigned c = 0; c < 70; c++)
		b.cycle(-1, -1, false, true);
	CU_ASSERT_EQUAL(b.out, b.added);
}

// One a cycle.
void test_rate()
{
	Bench b(cu_seed() + 10);

	for (unsigned c = 0; c < 2000; c++)
		b.cycle(int(c % 2), b.open.size() > 60 ? 0 : -1, false, true);
	CU_ASSERT(b.added == 2000);
	CU_ASSERT(b.went > 2000 - 64);
}

} // namespace

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = {
		{ "tx_order", "random", test_random },
		{ "tx_order", "one_waits", test_one_waits },
		{ "tx_order", "one_a_cycle", test_rate },
		{ nullptr, nullptr, nullptr },
	};

	Verilated::randReset(2);
	return cu_main(argc, argv, tests);
}
