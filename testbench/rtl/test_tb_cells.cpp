// SPDX-License-Identifier: BSD-2-Clause
// The queue cells against plain queues, cycle by cycle: when they are ready, when they have something, and what; and that they
// stop a producer that takes back what it offered.
#include <deque>

#include <sys/wait.h>
#include <unistd.h>

#include "Vtb_cells.h"
#include "clocked.h"

namespace {

constexpr unsigned kCells = 3, kFifo = 0, kRam = 1, kSkid = 2;
constexpr unsigned kRamDepth = 4, kRamMost = kRamDepth + 3; // one on its way from the RAM, two behind it
constexpr unsigned kRamLatency = 3;			    // edges from push to valid

class Bench : public Clocked<Vtb_cells> {
public:
	explicit Bench(uint64_t salt) : Clocked(salt) { start(); }

	void start()
	{
		top->valid_i = top->ready_i = 0;
		waits = 0;
		top->ram_clk_i = 0;
		top->rst_ni = 0;
		for (int i = 0; i < 4; i++) {
			top->clk_i = top->ram_clk_i = i & 1;
			top->eval();
		}
		top->rst_ni = 1;
		for (auto &q : inside)
			q.clear();
		still = 0;
	}

	// A word that was offered is offered until it is taken; a polite producer offers none before.
	void cycle(unsigned push, unsigned pop, bool polite = false)
	{
		if (polite)
			push &= top->ready_o;
		for (unsigned c = 0; c < kCells; c++)
			if (!(waits >> c & 1))
				top->data_i = (top->data_i & ~(0xffu << 8 * c)) | (any() & 0xff) << 8 * c;
		push |= waits;
		top->valid_i = push;
		top->ready_i = pop;
		top->clk_i = top->ram_clk_i = 0;
		top->eval();
		waits = push & ~top->ready_o;
		const uint8_t data[kCells] = { top->data0_o, top->data1_o, top->data2_o };
		const size_t n_ram = inside[kRam].size();

		CU_ASSERT_EQUAL(top->count_o, inside[kFifo].size());
		CU_ASSERT_EQUAL(top->ready_o & 1, inside[kFifo].size() < 4);
		CU_ASSERT_EQUAL(top->ready_o >> kSkid & 1, inside[kSkid].size() < 2);
		CU_ASSERT_EQUAL(top->valid_o & 1, !inside[kFifo].empty());
		CU_ASSERT_EQUAL(top->valid_o >> kSkid & 1, !inside[kSkid].empty());
		CU_ASSERT_EQUAL(top->empty_o, inside[kRam].empty());
		CU_ASSERT(n_ram >= kRamDepth || top->ready_o >> kRam & 1);
		CU_ASSERT(n_ram < kRamMost || !(top->ready_o >> kRam & 1));
		CU_ASSERT_EQUAL(top->valid_o >> kRam & 1, age() >= kRamLatency);
		quiet = push >> kRam & 1 || pop >> kRam & 1 ? 0 : quiet + 1;
		if (quiet > kRamLatency)
			CU_ASSERT(top->still_o);
		for (unsigned c = 0; c < kCells; c++)
			if (top->valid_o >> c & 1)
				CU_ASSERT_EQUAL(data[c], inside[c].front());
		for (auto &a : born)
			a++;
		const bool moves = push >> kRam & 1 || (pop & top->valid_o) >> kRam & 1;

		still += top->still_o && !moves;
		for (unsigned c = 0; c < kCells; c++) {
			const bool out = (top->valid_o & top->ready_i) >> c & 1,
				   in = (top->valid_i & top->ready_o) >> c & 1;

			if (out) {
				inside[c].pop_front();
				if (c == kRam)
					born.pop_front();
			}
			if (in) {
				inside[c].push_back(uint8_t(top->data_i >> 8 * c));
				if (c == kRam)
					born.push_back(1);
			}
		}
		top->clk_i = 1;
		top->ram_clk_i = moves || !top->still_o; // its users leave the clock out
		top->eval();
	}

	std::deque<uint8_t> inside[kCells];
	std::deque<unsigned> born; // of the RAM FIFO's words: edges since
	unsigned still = 0, quiet = 0;
	unsigned waits = 0; // a bit a cell: offered, not taken

private:
	unsigned age() const { return born.empty() ? 0 : born.front(); }
};

void random_traffic()
{
	const unsigned pct[][2] = {
		{ 100, 100 }, { 100, 30 }, { 30, 100 }, { 50, 50 }, { 90, 95 }, { 2, 50 }
	};

	for (const auto &p : pct) {
		Bench b(p[0] * 100 + p[1]);

		for (int i = 0; i < 4000; i++) {
			unsigned push = 0, pop = 0;

			for (unsigned c = 0; c < kCells; c++) {
				push |= unsigned(b.chance(p[0])) << c;
				pop |= unsigned(b.chance(p[1])) << c;
			}
			b.cycle(push, pop);
		}
		CU_ASSERT(b.still > 0 || p[0] > 40);
	}
}

// Full, held, emptied: and again.
void fill_and_drain()
{
	Bench b(1);

	for (int round = 0; round < 20; round++) {
		for (int i = 0; i < 12; i++)
			b.cycle(7, 0, true);
		CU_ASSERT_EQUAL(b.inside[kFifo].size(), 4);
		CU_ASSERT_EQUAL(b.inside[kRam].size(), kRamMost);
		CU_ASSERT_EQUAL(b.inside[kSkid].size(), 2);
		for (int i = 0; i < round; i++)
			b.cycle(0, 0);
		// one word a cycle
		for (unsigned i = 0; i < kRamMost; i++)
			b.cycle(0, 7);
		CU_ASSERT(b.inside[kFifo].empty() && b.inside[kRam].empty() && b.inside[kSkid].empty());
		b.cycle(0, 7);
	}
}

// A word every cycle through all of them.
void full_rate()
{
	Bench b(2);

	for (int i = 0; i < 200; i++) {
		b.cycle(7, 7);
		CU_ASSERT(b.inside[kFifo].size() <= 1 && b.inside[kSkid].size() <= 1);
		CU_ASSERT(b.inside[kRam].size() <= kRamLatency);
	}
}

// Reset empties them, whatever they hold.
void reset_empties()
{
	Bench b(3);

	for (unsigned n = 0; n < 40; n++) {
		for (unsigned i = 0; i < n; i++)
			b.cycle(b.any() & 7, n & 1 ? 0 : b.any() & 7);
		b.born.clear();
		b.start();
		b.cycle(0, 0);
	}
}

enum Fault { None, Withdraw, Change };

// A full cell is offered a word, which is taken back or becomes another one. Does the check of the cell end the simulation?
bool is_caught(unsigned cell, Fault fault)
{
	const pid_t child = fork();
	int status = 0;

	if (child == 0) {
		Bench b(4);

		fclose(stderr);
		while (!b.waits)
			b.cycle(1u << cell, 0);
		if (fault == Withdraw)
			b.waits = 0;
		if (fault == Change)
			b.top->data_i ^= 1u << (8 * cell + 7);
		b.cycle(0, 1u << cell); // an edge: a RAM FIFO that is still has none
		_exit(0);
	}
	CU_ASSERT_FATAL(child > 0 && waitpid(child, &status, 0) == child);
	return !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

void broken_producer_is_caught()
{
	for (unsigned cell = 0; cell < kCells; cell++) {
		CU_ASSERT(!is_caught(cell, None));
		CU_ASSERT(is_caught(cell, Withdraw));
		CU_ASSERT(is_caught(cell, Change));
	}
}

const struct cu_test tests[] = {
	{ "cells", "random_traffic", random_traffic },
	{ "cells", "fill_and_drain", fill_and_drain },
	{ "cells", "full_rate", full_rate },
	{ "cells", "reset_empties", reset_empties },
	{ "cells", "broken_producer_is_caught", broken_producer_is_caught },
	{ nullptr, nullptr, nullptr },
};

} // namespace

int main(int argc, char **argv)
{
	Verilated::randReset(2);
	return cu_main(argc, argv, tests);
}
