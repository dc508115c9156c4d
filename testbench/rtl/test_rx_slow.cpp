// SPDX-License-Identifier: BSD-2-Clause
// rx_slow: who is slow, until when, and that all together hold up the others for a 24th of the time.
#include <vector>

#include "Vrx_slow.h"
#include "clocked.h"

namespace {

constexpr unsigned kShare = 24, kLongest = 1u << 22, kTime = 1u << 24;

class Bench : public Clocked<Vrx_slow> {
public:
	explicit Bench(uint64_t salt) : Clocked(salt), now(any() % kTime)
	{
		top->late_valid_i = top->in_valid_i = top->held_valid_i = top->look_i = 0;
		reset();
	}
	void cycle(bool look = false)
	{
		top->look_i = look;
		top->now_i = now;
		tick();
		now = (now + 1) % kTime;
		top->late_valid_i = top->in_valid_i = top->held_valid_i = 0;
	}
	void late(unsigned func, unsigned held)
	{
		top->late_valid_i = 1;
		top->late_func_i = func;
		top->held_valid_i = held != 0;
		top->held_i = held;
		cycle();
	}
	void in(unsigned func, bool in_time)
	{
		top->in_valid_i = 1;
		top->in_func_i = func;
		top->in_time_i = in_time;
		cycle();
	}
	// Copies are decided, in so many cycles; time leaps between, as on an idle device.
	void looks(unsigned n, unsigned leap = 0)
	{
		for (unsigned i = 0; i < n; i++) {
			cycle(true);
			now = (now + leap) % kTime;
		}
	}
	bool slow(unsigned f) const { return top->slow_o[f / 32] >> f % 32 & 1; }
	unsigned n_slow() const
	{
		unsigned n = 0;

		for (unsigned f = 0; f < 256; f++)
			n += slow(f);
		return n;
	}

	uint32_t now;
};

// A late line makes its function slow, for Share times as long as others were held up, and until a line comes in time.
void test_rest()
{
	for (unsigned held : { 1u, 700u, 2048u, 131071u }) {
		Bench b(held);

		b.looks(10);
		CU_ASSERT_EQUAL(b.n_slow(), 0);
		b.late(200, held);
		CU_ASSERT(b.slow(200) && b.n_slow() == 1);
		const uint32_t from = b.now;
		b.in(200, true);
		while (b.slow(200) && (b.now - from) % kTime < 2 * kShare * held + 100)
			b.looks(1);
		const unsigned took = (b.now - from) % kTime;
		CU_ASSERT(took >= kShare * held - 1 && took < kShare * held + 10);
	}
	Bench b(1);
	b.late(3, 10);
	b.in(3, false);
	b.looks(2000);
	CU_ASSERT(b.slow(3)); // not well
	b.in(3, true);
	b.in(3, false);
	b.looks(50);
	CU_ASSERT(b.slow(3)); // the last line counts
	b.in(3, true);
	for (unsigned n = 0; n < 2000; n++)
		b.cycle();
	CU_ASSERT(b.slow(3)); // nothing moves without copies
	b.looks(10);
	CU_ASSERT(!b.slow(3));
}

// Functions that are slow again and again, each as soon as it may, in random turn.
void test_share()
{
	for (unsigned funcs : { 1u, 8u, 254u }) {
		Bench b(funcs);
		uint64_t held = 0, cycles = 0;
		std::vector<unsigned> times(256);

		for (unsigned n = 0; n < 400000; n++, cycles++) {
			const unsigned f = b.any() % funcs;
			const unsigned h = 500 + b.any() % 300;

			if (!b.slow(f) && b.chance(20)) {
				b.late(f, h);
				held += h;
				times[f]++;
			} else if (b.chance(30)) {
				b.in(f, b.chance(70));
			} else {
				b.looks(1);
			}
		}
		printf("    %3u functions: others were held up for %llu of %llu cycles\n", funcs,
		       (unsigned long long)held, (unsigned long long)cycles);
		// what each does once before it is known, and the last turn
		CU_ASSERT((held - 800 * (funcs + 1)) * kShare <= cycles || held < 800 * (funcs + 2));
		for (unsigned f = 0; f < funcs && funcs < 254; f++)
			CU_ASSERT(times[f] > 1); // nobody is forgotten
	}
}

// No rest is longer than 10 ms and the last turn, whatever was held up before.
void test_longest()
{
	Bench b(5);
	unsigned leaps = 0;

	for (unsigned f = 0; f < 256; f++)
		b.late(f, 131071);
	for (unsigned f = 0; f < 256; f++)
		b.in(f, true);
	for (; b.n_slow() == 256 && leaps < 1000; leaps++)
		b.looks(1, 9999);
	CU_ASSERT(leaps * 10000 >= kLongest && leaps * 10000 < kLongest + kShare * 131072 + 20000);
	b.looks(300);
	CU_ASSERT_EQUAL(b.n_slow(), 0);
}

} // namespace

int main(int argc, char **argv)
{
	Verilated::randReset(2);
	static const struct cu_test tests[] = {
		{ "rx_slow", "rest", test_rest },
		{ "rx_slow", "share_of_all", test_share },
		{ "rx_slow", "longest_rest", test_longest },
		{ nullptr, nullptr, nullptr },
	};
	return cu_main(argc, argv, tests);
}
