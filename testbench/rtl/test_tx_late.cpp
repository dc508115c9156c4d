// SPDX-License-Identifier: BSD-2-Clause
// tx_late: who keeps others waiting is told by the others' answers; a slow link makes nobody late, nor does one that is alone.
#include <deque>
#include <memory>

#include "Vtx_late.h"
#include "cu_main.h"
#include "verilated.h"

namespace {

constexpr unsigned kTags = 384, kLimit = 1024, kPatience = 128;

class Bench {
public:
	explicit Bench(uint64_t start) : top(new Vtx_late), now(start), begin(start)
	{
		top->rst_ni = 0;
		top->stuck_i = 0;
		top->cpl_i = 0;
		top->ask_i = 0;
		top->done_i = 0;
		top->late_ready_i = 0;
		for (unsigned i = 0; i < 8; i++)
			top->known_i[i] = 0;
		for (int i = 0; i < 3; i++)
			step();
		top->rst_ni = 1;
		step();
		begin = now;
	}

	~Bench() { top->final(); }

	uint64_t age() const { return now - begin; }
	void ask(unsigned tag, unsigned func)
	{
		top->ask_i = 1;
		top->ask_tag_i = tag;
		top->ask_func_i = func;
	}
	void done(unsigned tag)
	{
		top->done_i = top->cpl_i = 1;
		top->done_tag_i = tag;
	}
	// A cycle; is somebody late in it?
	bool step()
	{
		top->now_i = uint32_t(now);
		top->eval();
		const bool late = top->rst_ni && top->late_o;
		top->clk_i = 1;
		top->eval();
		top->clk_i = 0;
		top->ask_i = top->done_i = top->cpl_i = 0;
		top->eval();
		now++;
		return late;
	}

	std::unique_ptr<Vtx_late> top;
	uint64_t now, begin;
};

// Function 1 is answered 100 cycles after it asks, a read in 10 cycles; function 0 was asked first, and is not.
void one_slow(uint64_t start)
{
	Bench b(start);
	uint64_t found = 0;

	b.ask(0, 0);
	b.step();
	for (unsigned c = 0; c < 4 * kLimit && !found; c++) {
		if (c % 10 == 0)
			b.ask(1 + c / 10 % 100, 1);
		if (c >= 100 && c % 10 == 5)
			b.done(1 + (c - 100) / 10 % 100);
		if (b.step())
			found = b.age();
	}
	CU_ASSERT(found >= kLimit && found <= kLimit + kPatience + 2);
	CU_ASSERT_EQUAL(b.top->late_func_o, 0);
	// It is known from now on: nothing that it asks for is looked at.
	b.top->late_ready_i = 1;
	b.step();
	b.top->known_i[0] = 1;
	b.top->late_ready_i = 0;
	b.ask(300, 0);
	b.step();
	for (unsigned c = 0; c < 4 * kLimit; c++) {
		if (c % 10 == 0)
			b.ask(110 + c / 10 % 100, 1);
		if (c >= 100 && c % 10 == 5)
			b.done(110 + (c - 100) / 10 % 100);
		CU_ASSERT(!b.step());
	}
}

void test_one_slow()
{
	one_slow(5);
	one_slow((uint64_t(1) << 32) - 700);
}

void test_alone()
{
	Bench b(0);

	b.ask(0, 7);
	b.step();
	for (unsigned c = 0; c < 5 * kLimit; c++) {
		if (c % 10 == 0)
			b.ask(1 + c / 10 % 100, 7);
		if (c >= 100 && c % 10 == 5)
			b.done(1 + (c - 100) / 10 % 100);
		CU_ASSERT(!b.step());
	}
}

// All answers take long, in order: nobody's fault.
void test_slow_link()
{
	Bench b(0);

	for (unsigned c = 0; c < 20000; c++) {
		if (c % 20 == 0)
			b.ask(c / 20 % kTags, c / 20 % 5);
		if (c >= 5000 && c % 20 == 10)
			b.done((c - 5000) / 20 % kTags);
		CU_ASSERT(!b.step());
	}
}

// Nothing at all is answered, and others wait to ask: then the oldest is late, or nobody would find out.
void test_stuck()
{
	Bench b(0);
	uint64_t found = 0;

	b.ask(0, 9);
	b.step();
	for (unsigned c = 0; c < 5 * kLimit && !found; c++) {
		b.top->stuck_i = c >= 100;
		if (b.step())
			found = b.age();
	}
	CU_ASSERT(found >= 2 * kLimit && found <= 2 * kLimit + 4);
	CU_ASSERT_EQUAL(b.top->late_func_o, 9);
}

} // namespace

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = {
		{ "tx_late", "one_slow", test_one_slow },
		{ "tx_late", "alone", test_alone },
		{ "tx_late", "slow_link", test_slow_link },
		{ "tx_late", "stuck", test_stuck },
		{ nullptr, nullptr, nullptr },
	};

	Verilated::randReset(2);
	return cu_main(argc, argv, tests);
}
