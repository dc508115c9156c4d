// SPDX-License-Identifier: BSD-2-Clause
// msix against a model of its vectors: pending, armed, gap; messages may come late by what the block has
// to do, never early, never twice, and none may be lost.
#include <map>
#include <memory>

#include "Vmsix.h"
#include "cu_main.h"
#include "verilated.h"

namespace {

constexpr unsigned kVectors = 4096;
constexpr uint64_t kTimeWrap = 1ull << 48;
uint64_t start_time; // of each bench: now_i at its reset

struct Vector {
	bool pending = false, armed = false, sent = false;
	unsigned gap = 0;
	uint64_t last = 0, since = 0; // since: when the message was due at the latest
};

class Bench {
public:
	explicit Bench(uint64_t seed) : top(new Vmsix), rng(seed)
	{
		top->rst_ni = 0;
		top->tx_int_valid_i = top->rx_int_valid_i = top->test_int_valid_i = top->mbox_int_valid_i = 0;
		top->clear_valid_i = 0;
		top->int_arm_i = 0;
		top->up_ready_i = 1;
		for (auto &w : top->func_en_i.m_storage)
			w = ~0u;
		for (auto &w : top->bme_i.m_storage)
			w = ~0u;
		for (int i = 0; i < 4; i++)
			tick();
		top->rst_ni = 1;
		while (!top->init_done_o)
			tick();
	}
	~Bench() { top->final(); }

	void arm(unsigned v, unsigned gap)
	{
		top->int_arm_i = 1u << 28 | v << 16 | gap;
		vec[v].armed = true;
		vec[v].gap = gap;
	}
	void rx(unsigned v)
	{
		top->rx_int_valid_i = 1;
		top->rx_int_func_i = v >> 4;
		top->rx_int_vec_i = v & 15;
	}
	void tx(unsigned v)
	{
		top->tx_int_valid_i = 1;
		top->tx_int_func_i = v >> 4;
		top->tx_int_vec_i = v & 15;
	}
	void mbox(unsigned v)
	{
		top->mbox_int_valid_i = 1;
		top->mbox_int_func_i = v >> 4;
		top->mbox_int_vec_i = v & 15;
	}
	void test(unsigned v)
	{
		top->test_int_valid_i = 1;
		top->test_int_func_i = v >> 4;
		top->test_int_vec_i = v & 15;
		tests[v]++;
	}
	void enable(unsigned func, bool on)
	{
		uint32_t &w = top->func_en_i[func / 32];
		w = (w & ~(1u << func % 32)) | uint32_t(on) << func % 32;
	}
	void bus_master(unsigned func, bool on)
	{
		uint32_t &w = top->bme_i[func / 32];
		w = (w & ~(1u << func % 32)) | uint32_t(on) << func % 32;
	}

	bool offered(unsigned v) const
	{
		return (top->tx_int_valid_i && (top->tx_int_func_i << 4 | top->tx_int_vec_i) == int(v)) ||
		       (top->rx_int_valid_i && (top->rx_int_func_i << 4 | top->rx_int_vec_i) == int(v)) ||
		       (top->mbox_int_valid_i && (top->mbox_int_func_i << 4 | top->mbox_int_vec_i) == int(v));
	}

	void cycle(unsigned ready_pct = 100)
	{
		top->up_ready_i = ready_pct >= 100 || cu_rand(&rng) % 100 < ready_pct;
		top->eval();
		if (top->tx_int_valid_i && top->tx_int_ready_o)
			event(top->tx_int_func_i << 4 | top->tx_int_vec_i, tx_taken, top->func_en_i);
		if (top->rx_int_valid_i && top->rx_int_ready_o)
			event(top->rx_int_func_i << 4 | top->rx_int_vec_i, rx_taken, top->func_en_i);
		if (top->mbox_int_valid_i && top->mbox_int_ready_o)
			event(top->mbox_int_func_i << 4 | top->mbox_int_vec_i, mbox_taken, top->bme_i);
		if (top->test_int_valid_i && top->test_int_ready_o)
			test_taken = true;
		if (top->up_valid_o && top->up_ready_i)
			message();
		tick();
		if (tx_taken)
			top->tx_int_valid_i = 0;
		if (rx_taken)
			top->rx_int_valid_i = 0;
		if (test_taken)
			top->test_int_valid_i = 0;
		if (mbox_taken)
			top->mbox_int_valid_i = 0;
		tx_taken = rx_taken = test_taken = mbox_taken = false;
		top->int_arm_i = 0;
		top->clear_valid_i = 0;
		top->eval();
	}
	void run(unsigned n)
	{
		while (n--)
			cycle();
	}

	// Runs to the end; leap: time jumps while the block is idle.
	bool drain(bool leap)
	{
		for (unsigned n = 0; n < 3000000; n++) {
			cycle();
			if (!top->idle_o || top->tx_int_valid_i || top->rx_int_valid_i ||
			    top->test_int_valid_i || top->mbox_int_valid_i)
				continue;
			if (!top->wake_valid_o)
				return true;
			CU_ASSERT(wake_in() > 0);
			if (leap)
				leap_by(wake_in());
		}
		return false;
	}

	int64_t wake_in() const { return int64_t((top->wake_o - now) << 16) >> 16; }
	void leap_by(uint64_t cycles)
	{
		now += cycles;
		top->now_i = now % kTimeWrap;
		top->eval();
	}

	// Nothing that should have been sent is left.
	void check_empty()
	{
		for (unsigned v = 0; v < kVectors; v++)
			CU_ASSERT(!(vec[v].pending && vec[v].armed));
		for (auto &t : tests)
			CU_ASSERT_EQUAL(t.second, 0);
	}

	std::unique_ptr<Vmsix> top;
	uint64_t rng, now = start_time; // never wraps; now_i does
	Vector vec[kVectors];
	unsigned messages = 0, last_vec = 0, events = 0;
	uint64_t last_time = 0;

private:
	void tick()
	{
		top->now_i = now % kTimeWrap;
		top->clk_i = 1;
		top->eval();
		top->clk_i = 0;
		now++;
		top->now_i = now % kTimeWrap;
		top->eval();
	}

	void event(unsigned v, bool &taken, const VlWide<8> &heard)
	{
		taken = true;
		events++;
		if (heard[v / 512] >> (v / 16 % 32) & 1)
			vec[v].pending = true;
	}

	void message()
	{
		const auto &h = top->up_hdr_o;
		const unsigned kind = h[2] >> 29 & 3, func = h[2] >> 21 & 255, len = h[0] >> 8 & 0x1fff;
		const uint64_t addr = h[0] >> 21 | uint64_t(h[1]) << 11 | uint64_t(h[2] & 0x1fffff) << 43;
		const unsigned v = func << 4 | unsigned(addr);

		messages++;
		last_vec = v;
		last_time = now;
		CU_ASSERT(top->up_sop_o && top->up_eop_o && top->stat_sent_o);
		CU_ASSERT_EQUAL(kind, 2);
		CU_ASSERT_EQUAL(len, 4);
		CU_ASSERT_FATAL(addr < 16);
		Vector &x = vec[v];
		if (tests[v] && !(x.pending && x.armed)) {
			tests[v]--;
			return;
		}
		CU_ASSERT_FATAL(x.pending && x.armed);
		CU_ASSERT(!x.sent || now >= x.last + uint64_t(x.gap) * 16);
		x.pending = x.armed = false;
		x.sent = true;
		// the block counts the gap from its decision, some cycles before the bus took the message
		x.last = now - lag;
	}

	std::map<unsigned, unsigned> tests;
	bool tx_taken = false, rx_taken = false, test_taken = false, mbox_taken = false;

public:
	unsigned lag = 16;
};

void test_arm_and_event()
{
	Bench b(cu_seed() + 1);

	b.rx(0x123);
	b.run(10);
	CU_ASSERT_EQUAL(b.messages, 0); // not armed
	b.arm(0x123, 100);
	b.run(10);
	CU_ASSERT_EQUAL(b.messages, 1); // the first message waits for nothing
	CU_ASSERT_EQUAL(b.last_vec, 0x123);
	const uint64_t first = b.last_time;
	b.tx(0x123);
	b.run(10);
	CU_ASSERT_EQUAL(b.messages, 1); // disarmed by the message
	b.arm(0x123, 100);
	b.run(1500);
	CU_ASSERT_EQUAL(b.messages, 1); // gap
	CU_ASSERT(b.top->idle_o);
	b.run(200);
	CU_ASSERT_EQUAL(b.messages, 2);
	CU_ASSERT(b.last_time >= first + 1600 - 4 && b.last_time < first + 1600 + 16);
	// a new arm with a shorter gap moves a message that waits
	b.tx(0x123);
	b.arm(0x123, 65535);
	b.run(50);
	CU_ASSERT_EQUAL(b.messages, 2);
	b.arm(0x123, 30);
	b.run(200);
	CU_ASSERT_EQUAL(b.messages, 2);
	b.run(300);
	CU_ASSERT_EQUAL(b.messages, 3);
	CU_ASSERT(b.drain(true));
	b.check_empty();
}

void test_test_message()
{
	Bench b(cu_seed() + 2);

	b.enable(7, false);
	b.test(0x7f);
	b.run(10);
	CU_ASSERT_EQUAL(b.messages, 1); // neither armed nor enabled
	CU_ASSERT_EQUAL(b.last_vec, 0x7f);
	b.arm(0x7f, 0);
	b.rx(0x7f);
	b.run(10);
	CU_ASSERT_EQUAL(b.messages, 1); // events of a function that is off are forgotten
	b.enable(7, true);
	b.run(10);
	CU_ASSERT_EQUAL(b.messages, 1);
	b.rx(0x7f);
	b.run(10);
	CU_ASSERT_EQUAL(b.messages, 2);
	b.check_empty();
}

// The mailbox is there before a function is enabled; what it needs is the bus.
void test_mailbox()
{
	Bench b(cu_seed() + 7);

	b.enable(7, false);
	b.arm(0x7f, 0);
	b.mbox(0x7f);
	b.run(10);
	CU_ASSERT_EQUAL(b.messages, 1);
	CU_ASSERT_EQUAL(b.last_vec, 0x7f);
	b.bus_master(7, false);
	b.arm(0x7f, 0);
	b.mbox(0x7f);
	b.run(10);
	b.bus_master(7, true);
	b.run(10);
	CU_ASSERT_EQUAL(b.messages, 1);
	// it waits like others for arm and gap
	b.arm(0x7f, 100);
	b.mbox(0x7f);
	b.run(100);
	CU_ASSERT_EQUAL(b.messages, 1);
	CU_ASSERT(b.drain(true));
	CU_ASSERT_EQUAL(b.messages, 2);
	b.check_empty();
}

void test_clear()
{
	Bench b(cu_seed() + 3);

	for (unsigned v = 0x200; v < 0x220; v++) {
		b.arm(v, 0);
		b.rx(v);
		b.run(5);
	}
	CU_ASSERT_EQUAL(b.messages, 32);
	for (unsigned v = 0x200; v < 0x220; v++) { // 0x200..0x21f wait for their gap
		b.arm(v, 500);
		b.rx(v);
		b.run(5);
	}
	CU_ASSERT_EQUAL(b.messages, 32);
	b.top->clear_valid_i = 1;
	b.top->clear_func_i = 0x20;
	b.cycle();
	for (unsigned v = 0x200; v < 0x210; v++)
		b.vec[v] = Vector();
	CU_ASSERT(b.drain(true));
	CU_ASSERT_EQUAL(b.messages, 48);
	b.arm(0x200, 65535); // the last message is forgotten too
	b.rx(0x200);
	b.run(10);
	CU_ASSERT_EQUAL(b.messages, 49);
	b.check_empty();
}

void test_random()
{
	for (unsigned round = 0; round < 6; round++) {
		Bench b(cu_seed() * 8 + round + 4);
		const unsigned vectors = round % 2 ? 4000 : 24, ready = round < 3 ? 100 : 15;
		uint64_t most_gap = round == 5 ? 0 : round == 4 ? 2000 : 40;

		// A vector whose message may be on its way is left alone: from outside one cannot say what came first.
		const auto pick = [&]() {
			unsigned v, tries = 0;
			do
				v = cu_rand(&b.rng) % vectors;
			while (((b.vec[v].pending && b.vec[v].armed) || b.offered(v)) && ++tries < 100);
			return tries < 100 ? v : vectors;
		};
		b.lag = ready == 100 ? 8 : 200;
		for (unsigned n = 0; n < 40000; n++) {
			const unsigned v[4] = { pick(), pick(), pick(), pick() };

			if (!b.top->tx_int_valid_i && cu_rand(&b.rng) % 4 == 0 && v[0] < vectors)
				b.tx(v[0]);
			if (!b.top->rx_int_valid_i && cu_rand(&b.rng) % 3 == 0 && v[1] < vectors &&
			    !b.offered(v[1]))
				b.rx(v[1]);
			if (!b.top->test_int_valid_i && cu_rand(&b.rng) % 500 == 0)
				b.test(4080 + cu_rand(&b.rng) % 16);
			if (!b.top->mbox_int_valid_i && cu_rand(&b.rng) % 10 == 0 && v[3] < vectors &&
			    !b.offered(v[3]))
				b.mbox(v[3]);
			if (cu_rand(&b.rng) % 3 == 0 && v[2] < vectors && !b.offered(v[2]))
				b.arm(v[2], cu_rand(&b.rng) % (most_gap + 1));
			b.cycle(ready);
		}
		CU_ASSERT(b.drain(round % 2));
		CU_ASSERT(b.messages > 50);
		b.check_empty();
	}
}

// An event a cycle, a message a cycle.
void test_rate()
{
	Bench b(cu_seed() + 5);

	for (unsigned v = 0; v < 4096; v++) {
		b.arm(v, 0);
		b.cycle();
	}
	const uint64_t start = b.now;
	for (unsigned v = 0; v < 4096; v++) {
		b.rx(v);
		do
			b.cycle();
		while (b.top->rx_int_valid_i);
	}
	CU_ASSERT(b.now - start < 4096 + 16);
	CU_ASSERT(b.drain(true));
	CU_ASSERT_EQUAL(b.messages, 4096);
	b.check_empty();
}

// Arms in every cycle in which one may come, and each kind of event without end: all have their turns.
void test_turns()
{
	Bench b(cu_seed() + 10);
	unsigned taken[4] = {}; // tx, rx, mbox, test
	const unsigned cycles = 4000;
	bool held = false;

	for (unsigned n = 0; n < cycles; n++) {
		if (!held) // a write is an arm a cycle later
			b.arm(0x10 + n % 16, 0);
		b.tx(0x200);
		b.rx(0x300);
		b.mbox(0x400);
		b.test(0x500);
		held = b.top->arm_held_o;
		b.top->up_ready_i = 1;
		b.top->eval();
		taken[0] += b.top->tx_int_ready_o;
		taken[1] += b.top->rx_int_ready_o;
		taken[2] += b.top->mbox_int_ready_o;
		taken[3] += b.top->test_int_ready_o;
		b.cycle();
	}
	for (unsigned k = 0; k < 4; k++)
		CU_ASSERT(taken[k] >= cycles / 2 / 5 - 1);
}

// Time wraps at any moment of a test; the tables are clear after 4096 cycles.
void before_wrap(void (*test)(), uint64_t cycles)
{
	start_time = kTimeWrap - 4110 - cycles;
	test();
	start_time = 0;
}

void test_wrap_gap()
{
	for (uint64_t cycles : { 10, 40, 1000, 1700, 2000 })
		before_wrap(test_arm_and_event, cycles);
}

void test_wrap_mailbox()
{
	for (uint64_t cycles : { 50, 200 })
		before_wrap(test_mailbox, cycles);
}

void test_wrap_random()
{
	before_wrap(test_random, 20000);
}

// A message may be due at any time there is: the last one before the wrap and the first one after it, too.
void test_due_at_wrap()
{
	uint64_t due = 0;

	for (int at = -3; at < 3; at++) {
		start_time = due ? start_time + kTimeWrap + at - due : kTimeWrap - 6000;
		Bench b(cu_seed() + 8);

		b.arm(0x123, 100);
		b.rx(0x123);
		b.run(20);
		CU_ASSERT_EQUAL(b.messages, 1);
		b.arm(0x123, 100);
		b.rx(0x123);
		b.run(20);
		CU_ASSERT_FATAL(b.top->idle_o && b.top->wake_valid_o);
		if (due)
			CU_ASSERT_EQUAL(b.top->wake_o, (kTimeWrap + at) % kTimeWrap);
		due = b.now + b.wake_in();
		b.leap_by(b.wake_in());
		b.run(10);
		CU_ASSERT_EQUAL(b.messages, 2);
		CU_ASSERT(b.drain(true));
	}
	start_time = 0;
}

// However long a vector was silent, its gap is over.
void test_silence()
{
	for (uint64_t silence : { kTimeWrap / 4, kTimeWrap / 2 - 100, kTimeWrap / 2 + 100, kTimeWrap / 4 * 3,
				  kTimeWrap - 5000, kTimeWrap + 5000 }) {
		Bench b(cu_seed() + 9);

		for (unsigned k = 0; k < 2; k++) {
			b.arm(0x123, 100);
			b.rx(0x123);
			b.run(20);
			CU_ASSERT_EQUAL(b.messages, k + 1);
			CU_ASSERT(b.top->idle_o && !b.top->wake_valid_o);
			b.leap_by(silence);
		}
	}
}

} // namespace

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = {
		{ "msix", "arm_event_gap", test_arm_and_event },
		{ "msix", "test_message", test_test_message },
		{ "msix", "mailbox", test_mailbox },
		{ "msix", "function_reset", test_clear },
		{ "msix", "random", test_random },
		{ "msix", "event_a_cycle", test_rate },
		{ "msix", "kinds_take_turns", test_turns },
		{ "msix", "gap_over_the_wrap", test_wrap_gap },
		{ "msix", "mailbox_over_the_wrap", test_wrap_mailbox },
		{ "msix", "random_over_the_wrap", test_wrap_random },
		{ "msix", "due_at_the_wrap", test_due_at_wrap },
		{ "msix", "silent_for_days", test_silence },
		{ nullptr, nullptr, nullptr },
	};

	Verilated::randReset(2);
	return cu_main(argc, argv, tests);
}
