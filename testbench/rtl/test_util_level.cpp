// SPDX-License-Identifier: BSD-2-Clause
// util_level: level times time, whatever of the time has no clock, and over the wrap of time.
#include "Vutil_level.h"
#include "clocked.h"

namespace {

constexpr uint64_t kTime = 1ull << 48;
constexpr unsigned kLog2 = 8; // a level of 256 counts as time does

class Bench : public Clocked<Vutil_level> {
public:
	Bench(uint64_t salt, uint64_t start) : Clocked(salt), now(start)
	{
		top->now_i = now;
		top->change_i = top->level_i = 0;
		reset();
		set(0);
	}

	// The level from now on. A block's clock runs when it changes, and not before.
	void set(unsigned next)
	{
		top->change_i = 1;
		top->now_i = now;
		tick();
		top->change_i = 0;
		level = top->level_i = next;
	}
	void pass(uint64_t cycles)
	{
		now = (now + cycles) % kTime;
		sum += cycles * level;
	}
	uint64_t seen()
	{
		top->now_i = now;
		settle();
		return top->cycles_o;
	}

	uint64_t now, sum = 0;
	unsigned level = 0;
};

void adds_up()
{
	for (uint64_t start : { uint64_t(0), kTime - 5000, kTime / 2 - 7 }) {
		Bench b(start + 1, start);

		for (int i = 0; i < 3000; i++) {
			b.pass(b.any() % (b.chance(5) ? 1u << 30 : 9));
			CU_ASSERT_EQUAL(b.seen(), b.sum >> kLog2);
			b.set(b.any() % ((1u << kLog2) + 1));
		}
	}
}

void full_is_time()
{
	Bench b(9, kTime - 3);

	b.set(1u << kLog2);
	b.pass(123456789);
	CU_ASSERT_EQUAL(b.seen(), 123456789);
}

const struct cu_test tests[] = {
	{ "util_level", "adds_up", adds_up },
	{ "util_level", "full_is_time", full_is_time },
	{ nullptr, nullptr, nullptr },
};

} // namespace

int main(int argc, char **argv)
{
	Verilated::randReset(2);
	return cu_main(argc, argv, tests);
}
