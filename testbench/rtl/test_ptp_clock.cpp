// SPDX-License-Identifier: BSD-2-Clause
// ptp_clock against exact arithmetic: operations, reads and leaps of time in any order. Time that was never read nor set for days is
// right to the last bit, too.
#include "Vptp_clock.h"
#include "bits.h"
#include "clocked.h"
#include "snic_contract.h"

namespace {

using Wide = unsigned __int128; // ns with 32 bits of fraction

class Bench : public Clocked<Vptp_clock> {
public:
	explicit Bench(uint64_t salt) : Clocked(salt), now(any() * 65537ull)
	{
		top->op_i = top->rd_i = 0;
		reset();
	}
	void step()
	{
		top->now_i = now & 0xffffffffffffull;
		tick();
		top->op_i = top->rd_i = 0;
		now++;
	}
	// As the harness does: no further than to when the block wants to be woken.
	void leap(uint64_t cycles)
	{
		while (cycles) {
			uint64_t n = cycles;

			top->now_i = now & 0xffffffffffffull;
			settle();
			if (top->wake_valid_o)
				n = std::min<uint64_t>(n, (top->wake_o - now) & 0xffffffffffffull);
			now += n;
			cycles -= n;
			for (unsigned i = 0; i < 8 && (cycles || i < 1); i++, cycles -= cycles > 0)
				step();
		}
	}
	Wide at(uint64_t t) const { return base + Wide(t - since) * rate; }
	void op(unsigned kind, uint64_t arg)
	{
		unsigned n = 0;

		top->op_i = 1;
		top->kind_i = kind;
		top->arg_i = arg;
		const uint64_t done = now + 1; // the reference's cycle
		step();
		while (settle(), top->busy_o && ++n < 20)
			step();
		CU_ASSERT(n < 8);
		const Wide t = at(done) & ((Wide(1) << 96) - 1);
		base = kind == SNIC_PTPOP_SET	? Wide(arg) << 32
		       : kind == SNIC_PTPOP_ADD ? t + (Wide(arg) << 32)
						: t;
		base &= (Wide(1) << 96) - 1;
		since = done;
		if (kind == SNIC_PTPOP_RATE)
			rate = arg & 0xffffffffffull;
	}
	void read()
	{
		const uint64_t want = uint64_t(at(now) >> 32);
		unsigned n = 0;

		top->rd_i = 1;
		do
			step();
		while (settle(), !top->valid_o && ++n < 5);
		CU_ASSERT_EQUAL(n, 2);
		CU_ASSERT_EQUAL(top->ns_o, want);
	}

	uint64_t now, since = 0, rate = 0;
	Wide base = 0;
};

void any_order()
{
	Bench b(1);

	b.read(); // it stands still, at 0
	for (unsigned n = 0; n < 3000; n++) {
		switch (b.any() % 8) {
		case 0:
			b.op(SNIC_PTPOP_SET, cu_rand(&b.rng));
			break;
		case 1:
			b.op(SNIC_PTPOP_ADD, b.chance(50) ? b.any() : -uint64_t(b.any()));
			break;
		case 2: // 400 MHz and a little, or anything
			b.op(SNIC_PTPOP_RATE,
			     b.chance(80) ? (5ull << 31) + b.any() % 100000 - 50000 : cu_rand(&b.rng));
			break;
		case 3:
			b.leap(cu_rand(&b.rng) >> (17 + b.any() % 47));
			break;
		case 4:
			b.step();
			break;
		default:
			b.read();
		}
	}
}

// A clock that nobody asks for months.
void days()
{
	Bench b(2);

	b.op(SNIC_PTPOP_SET, 1764511200000000000ull);
	b.op(SNIC_PTPOP_RATE, (5ull << 31) + 12345);
	for (unsigned n = 0; n < 20; n++) {
		b.leap((1ull << 48) + b.any());
		b.read();
	}
}

const struct cu_test tests[] = {
	{ "ptp_clock", "any_order", any_order },
	{ "ptp_clock", "days", days },
	{},
};

} // namespace

int main(int argc, char **argv)
{
	Verilated::commandArgs(argc, argv);
	return cu_main(argc, argv, tests);
}
