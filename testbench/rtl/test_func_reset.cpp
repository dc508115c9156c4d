// SPDX-License-Identifier: BSD-2-Clause
// func_reset against what it promises: enables at once, both engines flushed, sixteen steps of clearing for each function, and
// no request lost, in whatever cycle it comes.
#include <bitset>
#include <vector>

#include "Vfunc_reset.h"
#include "clocked.h"

namespace {

enum Phase { kIdle, kFlush, kClear };

struct Events {
	int enable = -1, disable = -1, reset = -1, pf = -1, flr = -1, bme_on = -1, bme_off = -1; // functions
	int tx_err = -1, rx_err = -1;
	bool tx_done = false, rx_done = false, hold = false;
};

class Bench : public Clocked<Vfunc_reset> {
public:
	explicit Bench(uint64_t salt) : Clocked(salt)
	{
		top->init_done_i = 0;
		drive({});
		reset();
		enable.reset();
		bme.reset();
		busy.reset();
		qerr.reset();
		phase = kIdle;
		power_up();
	}

	// All functions are cleared in turn, step by step, and nothing else.
	void power_up()
	{
		for (unsigned n = 0; n < 256 * 16; n++) {
			drive({});
			settle();
			CU_ASSERT(top->clr_o && !top->init_done_o && !top->idle_o);
			CU_ASSERT(top->clr_func_o == n / 16 && top->clr_step_o == n % 16);
			CU_ASSERT_EQUAL(top->clr_row_o, n % 16 == 0);
			CU_ASSERT(!top->msix_clr_o && !top->tx_flush_valid_o && !top->rx_flush_valid_o);
			CU_ASSERT(!top->stall_o);
			check();
			edge();
		}
		settle();
		CU_ASSERT(top->init_done_o && top->idle_o && !top->clr_o);
	}

	void cycle(const Events &e)
	{
		drive(e);
		settle();
		check();
		// A flush begins for a function that waits; which one is the block's business.
		if (phase == kIdle && top->tx_flush_valid_o) {
			func = top->tx_flush_func_o;
			CU_ASSERT(busy[func] && top->rx_flush_valid_o && top->init_done_i);
			phase = kFlush;
			tx_wait = rx_wait = true;
			waited = 0;
		}
		bool done = false;

		if (phase == kIdle) {
			CU_ASSERT(!top->rx_flush_valid_o && !top->clr_o && !top->stall_o && !top->msix_clr_o);
			CU_ASSERT_EQUAL(top->idle_o, busy.none());
			waited = busy.any() && top->init_done_i ? waited + 1 : 0;
			CU_ASSERT(waited <= 256);
		} else if (phase == kFlush) {
			CU_ASSERT(!top->clr_o && !top->msix_clr_o && !top->idle_o);
			CU_ASSERT(top->tx_flush_valid_o == tx_wait && top->rx_flush_valid_o == rx_wait);
			CU_ASSERT(top->tx_flush_func_o == func && top->rx_flush_func_o == func);
			CU_ASSERT_EQUAL(top->stall_o, !tx_wait && !rx_wait);
			if (!tx_wait && !rx_wait && !e.hold) {
				phase = kClear;
				step = 0;
			}
			tx_wait = tx_wait && !e.tx_done;
			rx_wait = rx_wait && !e.rx_done;
		} else {
			CU_ASSERT(top->stall_o && !top->idle_o && !top->tx_flush_valid_o &&
				  !top->rx_flush_valid_o);
			CU_ASSERT_EQUAL(top->clr_o, step < 16);
			CU_ASSERT_EQUAL(top->clr_row_o, step == 0);
			CU_ASSERT_EQUAL(top->msix_clr_o, step == 0);
			if (step < 16) {
				CU_ASSERT(top->clr_func_o == func && top->clr_step_o == step);
				CU_ASSERT(step || top->msix_clr_func_o == func);
				step++;
			} else {
				done = !e.hold;
			}
		}
		if (done) {
			busy[func] = qerr[func] = false;
			phase = kIdle;
			resets++;
		}
		apply(e);
		edge();
	}

	// Until no reset is under way.
	void finish()
	{
		for (unsigned n = 0; n < 256 * 300 && (busy.any() || phase != kIdle); n++) {
			Events e;

			e.tx_done = chance(20);
			e.rx_done = chance(20);
			e.hold = chance(30);
			cycle(e);
		}
		CU_ASSERT_FATAL(busy.none());
		cycle({});
		CU_ASSERT(top->idle_o);
	}

	std::bitset<256> enable, bme, busy, qerr;
	Phase phase = kIdle;
	unsigned func = 0, resets = 0, step = 0;

private:
	bool tx_wait = false, rx_wait = false;
	unsigned waited = 0;

	// fields whose valid is low are noise
	void drive(const Events &e)
	{
		const int ctrl = e.enable >= 0 ? e.enable : e.disable >= 0 ? e.disable : e.reset;
		const int cfg = e.flr >= 0 ? e.flr : e.bme_on >= 0 ? e.bme_on : e.bme_off;
		const bool bme_we = e.bme_on >= 0 || e.bme_off >= 0;

		top->ctrl_we_i = ctrl >= 0;
		top->ctrl_func_i = ctrl >= 0 ? unsigned(ctrl) : any() & 255;
		top->ctrl_enable_i = ctrl >= 0 && e.reset < 0 ? e.enable >= 0 : chance(50);
		top->ctrl_reset_i = ctrl >= 0 ? e.reset >= 0 : chance(50);
		top->pf_req_i = e.pf >= 0;
		top->pf_func_i = e.pf >= 0 ? unsigned(e.pf) : any() & 255;
		// {valid, func, bme_we, bme, flr}
		top->cfg_i = cfg >= 0 ? 1u << 11 | unsigned(cfg) << 3 | unsigned(bme_we) << 2 |
						unsigned(bme_we ? e.bme_on >= 0 : chance(50)) << 1 |
						unsigned(e.flr >= 0)
				      : any() & 0x7ff;
		top->tx_qerr_i = e.tx_err >= 0;
		top->tx_qerr_func_i = e.tx_err >= 0 ? unsigned(e.tx_err) : any() & 255;
		top->rx_qerr_i = e.rx_err >= 0;
		top->rx_qerr_func_i = e.rx_err >= 0 ? unsigned(e.rx_err) : any() & 255;
		top->tx_flush_done_i = e.tx_done;
		top->rx_flush_done_i = e.rx_done;
		top->hold_i = e.hold;
	}

	// What comes in the cycle in which a reset ends counts after it.
	void apply(const Events &e)
	{
		if (e.tx_err >= 0)
			qerr[unsigned(e.tx_err)] = true;
		if (e.rx_err >= 0)
			qerr[unsigned(e.rx_err)] = true;
		if (e.enable >= 0)
			enable[unsigned(e.enable)] = true;
		if (e.disable >= 0)
			enable[unsigned(e.disable)] = false;
		for (int f : { e.reset, e.pf, e.flr })
			if (f >= 0) {
				busy[unsigned(f)] = true;
				enable[unsigned(f)] = false;
			}
		if (e.flr >= 0)
			bme[unsigned(e.flr)] = false;
		if (e.bme_on >= 0)
			bme[unsigned(e.bme_on)] = true;
		if (e.bme_off >= 0)
			bme[unsigned(e.bme_off)] = false;
	}

	void check()
	{
		for (unsigned w = 0; w < 8; w++) {
			const std::bitset<256> low(0xffffffff);

			CU_ASSERT_EQUAL(top->enable_o[w], ((enable >> 32 * w) & low).to_ulong());
			CU_ASSERT_EQUAL(top->bme_o[w], ((bme >> 32 * w) & low).to_ulong());
			CU_ASSERT_EQUAL(top->busy_o[w], ((busy >> 32 * w) & low).to_ulong());
			CU_ASSERT_EQUAL(top->qerr_o[w], ((qerr >> 32 * w) & low).to_ulong());
		}
	}
};

// Each way to ask for a reset, each function; what it takes away and what it leaves.
void each_way()
{
	Bench b(1);
	const unsigned funcs[] = { 0, 1, 127, 128, 254, 255 };

	b.top->init_done_i = 1;
	for (unsigned f = 0; f < 256; f++) {
		Events e;

		e.enable = int(f);
		e.bme_on = int(f);
		b.cycle(e);
		CU_ASSERT(b.enable[f]);
	}
	for (unsigned way = 0; way < 3; way++)
		for (unsigned f : funcs) {
			Events e;

			e.tx_err = int(f);
			e.rx_err = int(f ^ 1);
			b.cycle(e);
			e = {};
			(way == 0 ? e.reset : way == 1 ? e.pf : e.flr) = int(f);
			b.cycle(e);
			b.finish();
			CU_ASSERT(b.qerr[f ^ 1] && !b.qerr[f]);
			e = {};
			e.enable = int(f);
			if (way == 2)
				e.bme_on = int(f);
			b.cycle(e);
			e = {};
			e.reset = int(f ^ 1); // takes its error away
			b.cycle(e);
			b.finish();
			e = {};
			e.enable = int(f ^ 1);
			b.cycle(e);
		}
	CU_ASSERT_EQUAL(b.resets, 36);
}

// Not before all blocks are ready.
void waits_for_init()
{
	Bench b(2);
	Events e;

	b.top->init_done_i = 0;
	e.pf = 3;
	b.cycle(e);
	for (unsigned n = 0; n < 600; n++)
		b.cycle({});
	CU_ASSERT(b.busy[3] && b.phase == kIdle);
	b.top->init_done_i = 1;
	b.finish();
}

// Anything at any time: two requests in one cycle, one in the cycle in which a reset ends, all at once.
void random_requests()
{
	for (unsigned pct : { 1, 5, 40 }) {
		Bench b(10 + pct);

		b.top->init_done_i = 1;
		for (unsigned n = 0; n < 30000; n++) {
			Events e;
			// the function under reset, often, and its neighbours
			auto pick = [&] {
				return int(b.chance(50) ? b.func ^ (b.any() & 1) : b.any() & 255);
			};

			if (b.chance(pct))
				(b.chance(60) ? e.enable : b.chance(30) ? e.disable : e.reset) = pick();
			if (b.chance(pct))
				(b.chance(70) ? e.bme_on : e.bme_off) = pick();
			else if (b.chance(pct) && b.chance(30))
				e.flr = pick();
			if (b.chance(pct) && b.chance(30))
				e.pf = pick();
			if (b.chance(pct))
				e.tx_err = pick();
			if (b.chance(pct))
				e.rx_err = pick();
			e.tx_done = b.phase == kFlush && b.chance(20);
			e.rx_done = b.phase == kFlush && b.chance(20);
			e.hold = b.chance(30);
			b.cycle(e);
		}
		CU_ASSERT(b.resets > 50);
		b.finish();
	}
}

// Reset of the whole card in the middle of one.
void power_cut()
{
	for (unsigned n = 0; n < 4; n++) {
		Bench b(20 + n);
		Events e;

		b.top->init_done_i = 1;
		e.enable = 9;
		b.cycle(e);
		e = {};
		e.pf = 7;
		e.bme_on = 7;
		e.tx_err = 8;
		b.cycle(e);
		for (unsigned i = 0; i < 100 && b.phase == kIdle; i++)
			b.cycle({});
		for (unsigned i = 0; i < 6 * n; i++) {
			e = {};
			e.tx_done = e.rx_done = i == 2;
			b.cycle(e);
		}
		b.reset();
		b.enable.reset();
		b.bme.reset();
		b.busy.reset();
		b.qerr.reset();
		b.phase = kIdle;
		b.power_up();
		for (unsigned i = 0; i < 300; i++)
			b.cycle({});
	}
}

const struct cu_test tests[] = {
	{ "func_reset", "each_way", each_way },
	{ "func_reset", "waits_for_init", waits_for_init },
	{ "func_reset", "random_requests", random_requests },
	{ "func_reset", "power_cut", power_cut },
	{ nullptr, nullptr, nullptr },
};

} // namespace

int main(int argc, char **argv)
{
	Verilated::randReset(2);
	return cu_main(argc, argv, tests);
}
