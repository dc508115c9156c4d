// SPDX-License-Identifier: BSD-2-Clause
// regs: every register of the contract by its access rule, isolation of functions, function reset, counters.
#include <array>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "Vregs.h"
#include "bits.h"
#include "cu_main.h"
#include "snic_contract.h"

namespace {

enum Access { RO, RW, WO, W1C };
enum Scope { ANY, PF };

struct Reg {
	const char *name;
	uint32_t off;
	Access access;
	uint32_t reset;
	Scope scope;
};

std::vector<Reg> contract()
{
	std::vector<Reg> r;

#define REG(n, o, a, rst, s, d) r.push_back({ #n, o, a, uint32_t(rst), s });
#define REG_ARRAY(n, o, c, st, a, s, d)                                                                      \
	for (uint32_t i = 0; i < (c); i++)                                                                   \
		r.push_back({ #n, uint32_t((o) + i * (st)), a, 0, s });
#include "snic_regs.def"
	return r;
}

enum What { QCFG, INDIR, TXBELL, RXBELL, FT, MACT, VLANT, ARM, MWR, MSI, MBOX, TXFLUSH, RXFLUSH, MSIXCLR };
struct Event {
	What what;
	uint64_t cycle;
	std::array<uint64_t, 7> f; // its fields, highest first
};

struct Tlp {
	unsigned func, tag;
	uint64_t data;
};

class Bench {
public:
	explicit Bench(uint64_t seed, bool wait_init = true) : top(new Vregs), rng(seed * 77 + 1)
	{
		top->mmio_valid_i = 0;
		top->link_i = 0;
		top->link0_mbps_i = 100000;
		top->link1_mbps_i = 25000;
		top->pcie_gen_i = 4;
		top->pcie_lanes_i = 16;
		top->clock_khz_i = 400000;
		top->arm_held_i = 0;
		top->rst_ni = 0;
		tick();
		tick();
		top->rst_ni = 1;
		if (!wait_init)
			return;
		all_init = true;
		while (!top->init_done_o)
			tick();
		tick();
	}
	~Bench() { top->final(); }

	// what the counters of utilisation answer
	static uint64_t util(unsigned idx) { return 0xa000500030ull + idx * 0x010001000100ull; }

	bool rnd(unsigned pct) { return cu_rand(&rng) % 100 < pct; }
	uint32_t rnd32() { return uint32_t(cu_rand(&rng)); }

	void tick()
	{
		Vregs *t = top.get();

		t->up_ready_i = rnd(up_pct);
		t->test_int_ready_i = rnd(up_pct);
		t->mbox_int_ready_i = rnd(up_pct);
		t->init_done_i = all_init && t->init_done_o;
		t->now_i = now_base + cycle;
		t->tx_flush_done_i = t->tx_flush_valid_o && flush_seen[0] && rnd(flush_pct);
		t->rx_flush_done_i = t->rx_flush_valid_o && flush_seen[1] && rnd(flush_pct);
		const bool flow_valid = bits_get(t->flow_op_o.data(), 960, 1);
		const bool done = flow_valid && flow_seen++ >= flow_delay;
		for (int i = 0; i < 5; i++)
			t->flow_rsp_i[i] = 0;
		bits_set(t->flow_rsp_i.data(), 144, 1, done);
		if (done) {
			bits_set(t->flow_rsp_i.data(), 96, 48, flow_result[0]);
			bits_set(t->flow_rsp_i.data(), 48, 48, flow_result[1]);
			bits_set(t->flow_rsp_i.data(), 0, 48, flow_result[2]);
			flow_ops.push_back(t->flow_op_o);
			flow_seen = 0;
		}
		t->clk_i = 0;
		t->eval();
		observe();
		accepted = t->mmio_valid_i && t->mmio_ready_o;
		const bool util_rd = t->util_rd_o;
		const unsigned util_idx = t->util_idx_o;
		t->clk_i = 1;
		t->eval();
		if (util_rd)
			t->util_data_i = util(util_idx);
		// one-cycle inputs
		t->cfg_i = 0;
		t->ev0_i = t->ev1_i = 0;
		t->p0_rx_i = t->p0_tx_i = t->p1_rx_i = t->p1_tx_i = 0;
		t->count_valid_i = t->rx_stat_valid_i = t->tx_stat_valid_i = 0;
		t->rx_drop_valid_i = t->tx_drop_valid_i = t->tx_qerr_valid_i = t->rx_qerr_valid_i = 0;
		if (accepted)
			t->mmio_valid_i = 0;
		cycle++;
	}
	void ticks(unsigned n)
	{
		while (n--)
			tick();
	}

	void offer(bool we, unsigned func, uint32_t off, uint8_t be, uint64_t data, uint8_t tag)
	{
		uint32_t *w = top->mmio_i.data();

		bits_set(w, 103, 1, we);
		bits_set(w, 95, 8, func);
		bits_set(w, 80, 15, off & ~7u);
		bits_set(w, 72, 8, be);
		bits_set(w, 8, 64, data);
		bits_set(w, 0, 8, tag);
		top->mmio_valid_i = 1;
	}
	void send(bool we, unsigned func, uint32_t off, uint8_t be, uint64_t data, uint8_t tag = 0)
	{
		unsigned guard = 0;

		offer(we, func, off, be, data, tag);
		do
			tick();
		while (!accepted && ++guard < 20000);
		CU_ASSERT(accepted);
	}
	void wr32(unsigned func, uint32_t off, uint32_t v)
	{
		send(true, func, off, off & 4 ? 0xf0 : 0x0f, off & 4 ? uint64_t(v) << 32 : v);
	}
	void wr64(unsigned func, uint32_t off, uint64_t v) { send(true, func, off, 0xff, v); }
	uint64_t rd(unsigned func, uint32_t off, uint8_t be)
	{
		const uint8_t tag = next_tag++;
		unsigned guard = 0;

		send(false, func, off, be, 0, tag);
		while (cpls.empty() && ++guard < 20000)
			tick();
		CU_ASSERT_FATAL(!cpls.empty());
		const Tlp c = cpls.front();
		cpls.pop_front();
		CU_ASSERT_EQUAL(c.tag, tag);
		CU_ASSERT_EQUAL(c.func, func);
		return c.data;
	}
	uint32_t rd32(unsigned func, uint32_t off)
	{
		return uint32_t(rd(func, off, off & 4 ? 0xf0 : 0x0f) >> (off & 4 ? 32 : 0));
	}
	uint64_t rd64(unsigned func, uint32_t off) { return rd(func, off, 0xff); }
	void settle() { ticks(40); }
	void cfg(unsigned func, bool we, bool bme, bool flr)
	{
		top->cfg_i = 1u << 11 | func << 3 | we << 2 | bme << 1 | flr;
	}
	bool en(unsigned func) { return bits_get(top->func_en_o.data(), func, 1); }
	bool bme(unsigned func) { return bits_get(top->bme_o.data(), func, 1); }
	std::vector<Event> take(What w)
	{
		std::vector<Event> r;

		for (const Event &e : events)
			if (e.what == w)
				r.push_back(e);
		return r;
	}
	void wait_reset(unsigned func)
	{
		unsigned guard = 0;

		while ((rd32(func, SNIC_REG_FUNC_CTRL) & SNIC_MASK(FUNC_CTRL, RESET)) && ++guard < 5000)
			;
		CU_ASSERT(guard < 5000);
	}

	std::unique_ptr<Vregs> top;
	uint64_t rng, cycle = 0, now_base = 0;
	unsigned up_pct = 70, flush_pct = 10, flow_delay = 30, flow_seen = 0;
	bool all_init = false, accepted = false, flush_seen[2] = {};
	std::array<uint64_t, 3> flow_result{};
	std::deque<Tlp> cpls;
	std::vector<Event> events;
	std::vector<VlWide<31>> flow_ops;
	std::vector<std::array<uint32_t, 4>> test_data;
	uint8_t next_tag = 0;
	std::set<unsigned> tx_busy, rx_busy; // queues

private:
	unsigned asked_q = 0;
	void observe()
	{
		Vregs *t = top.get();

		if (!t->rst_ni)
			return;
		if (t->qcfg_wr_o >> 47 & 1)
			events.push_back({ QCFG,
					   cycle,
					   { t->qcfg_wr_o >> 36 & 0x7ff, t->qcfg_wr_o >> 32 & 0xf,
					     uint32_t(t->qcfg_wr_o) } });
		// The engines' answers: two cycles after the question, kept until the next one.
		if (asked_q) {
			t->tx_busy_i = tx_busy.count(asked_q & 0x7ff);
			t->rx_busy_i = rx_busy.count(asked_q & 0x7ff);
		}
		asked_q = t->qask_o & 0x1000 ? t->qask_o & 0x1fff : 0;
		if (t->indir_wr_o >> 44 & 1)
			events.push_back({ INDIR,
					   cycle,
					   { t->indir_wr_o >> 36 & 0xff, t->indir_wr_o >> 32 & 0xf,
					     uint32_t(t->indir_wr_o) } });
		if (t->tx_doorbell_o >> 27 & 1)
			events.push_back({ TXBELL,
					   cycle,
					   { t->tx_doorbell_o >> 16 & 0x7ffu, t->tx_doorbell_o & 0xffffu } });
		if (t->rx_doorbell_o >> 27 & 1)
			events.push_back({ RXBELL,
					   cycle,
					   { t->rx_doorbell_o >> 16 & 0x7ffu, t->rx_doorbell_o & 0xffffu } });
		const uint32_t *ft = t->ft_wr_o.data();
		if (bits_get(ft, 83, 1))
			events.push_back({ FT,
					   cycle,
					   { bits_get(ft, 75, 8), bits_get(ft, 27, 48), bits_get(ft, 11, 16),
					     bits_get(ft, 0, 11) } });
		const uint32_t *mt = t->mac_wr_o.data();
		if (bits_get(mt, 81, 1))
			events.push_back(
				{ MACT,
				  cycle,
				  { bits_get(mt, 80, 1), bits_get(mt, 72, 8), bits_get(mt, 70, 2),
				    bits_get(mt, 69, 1), bits_get(mt, 60, 9), bits_get(mt, 0, 60) } });
		if (t->vlan_wr_o >> 47 & 1)
			events.push_back({ VLANT,
					   cycle,
					   { t->vlan_wr_o >> 35 & 0xfff, t->vlan_wr_o >> 32 & 7,
					     uint32_t(t->vlan_wr_o) } });
		if (t->int_arm_o >> 28 & 1)
			events.push_back({ ARM,
					   cycle,
					   { t->int_arm_o >> 20 & 0xffu, t->int_arm_o >> 16 & 0xfu,
					     t->int_arm_o & 0xffffu } });
		if (t->test_int_valid_o && t->test_int_ready_i)
			events.push_back({ MSI, cycle, { t->test_int_func_o, t->test_int_vec_o } });
		if (t->mbox_int_valid_o && t->mbox_int_ready_i)
			events.push_back({ MBOX, cycle, { t->mbox_int_func_o, t->mbox_int_vec_o } });
		if (t->msix_clear_valid_o)
			events.push_back({ MSIXCLR, cycle, { t->msix_clear_func_o } });
		if (t->tx_flush_valid_o && !flush_seen[0])
			events.push_back({ TXFLUSH, cycle, { t->tx_flush_func_o } });
		if (t->rx_flush_valid_o && !flush_seen[1])
			events.push_back({ RXFLUSH, cycle, { t->rx_flush_func_o } });
		flush_seen[0] = t->tx_flush_valid_o && !t->tx_flush_done_i;
		flush_seen[1] = t->rx_flush_valid_o && !t->rx_flush_done_i;
		// Busy or something told: not idle.
		if (t->idle_o)
			CU_ASSERT(!t->up_valid_o && !t->tx_flush_valid_o && !t->rx_flush_valid_o);
		if (!t->up_valid_o || !t->up_ready_i)
			return;
		const uint32_t *h = t->up_hdr_o.data(), *d = t->up_data_o.data();
		CU_ASSERT(t->up_sop_o && t->up_eop_o);
		if (bits_get(h, 93, 2) == 1) {
			CU_ASSERT_EQUAL(bits_get(h, 8, 13), 8);
			cpls.push_back({ unsigned(bits_get(h, 85, 8)), unsigned(bits_get(h, 0, 8)),
					 bits_get(d, 0, 64) });
		} else {
			CU_ASSERT_EQUAL(bits_get(h, 93, 2), 0);
			CU_ASSERT_EQUAL(bits_get(h, 8, 13), 16);
			events.push_back({ MWR, cycle, { bits_get(h, 85, 8), bits_get(h, 21, 64) } });
			test_data.push_back({ d[0], d[1], d[2], d[3] });
		}
	}
};

// What a RW register of the function reads after `v` was written to it.
uint32_t expected(const Reg &r, uint32_t v)
{
	const std::string n = r.name;

	if (n == "TEST_SCRATCH")
		return ~v;
	if (n == "FUNC_CTRL") // the reset is over
		return v & SNIC_MASK(FUNC_CTRL, ENABLE);
	if (n == "CPL_TIMEOUT" || n.rfind("STORM_COST", 0) == 0)
		return v > 0xffff ? 0xffff : v;
	v &= snic_reg_kept(r.off);
	if ((n == "TXQ_CFG" || n == "RXQ_CFG") && SNIC_GET(TXQ_CFG, LOG2, v) < SNIC_RING_LOG2_MIN)
		v &= ~SNIC_MASK(TXQ_CFG, ENABLE);
	return v;
}

bool volatile_reg(const Reg &r)
{
	return r.off == SNIC_REG_TIME_LO || r.off == SNIC_REG_TIME_HI || SNIC_IS_REG(PTP_TIME_LO, r.off) ||
	       SNIC_IS_REG(PTP_TIME_HI, r.off);
}

uint32_t reset_of(const Reg &r, unsigned func)
{
	if (r.off == SNIC_REG_AT(LINK_SPEED, 0))
		return 100000;
	if (r.off == SNIC_REG_AT(LINK_SPEED, 1))
		return 25000;
	if (r.off == SNIC_REG_PCIE_LINK)
		return SNIC_PUT(PCIE_LINK, GEN, 4) | SNIC_PUT(PCIE_LINK, LANES, 16);
	if (r.off == SNIC_REG_CLOCK_KHZ)
		return 400000;
	return r.off == SNIC_REG_FUNC	       ? func
	       : r.off == SNIC_REG_FUNC_STATUS ? 0x300
	       : r.off == SNIC_REG_BUILD       ? 0
					       : r.reset;
}

void reset_values()
{
	Bench b(cu_seed());
	const auto regs = contract();
	std::map<uint32_t, bool> known;

	b.top->link_i = 3;
	for (const Reg &r : regs)
		known[r.off] = true;
	for (unsigned func : { 0u, 1u, 255u }) {
		for (const Reg &r : regs)
			if (!volatile_reg(r))
				CU_ASSERT_EQUAL(b.rd32(func, r.off), func && r.scope == PF ? 0
								     : r.access == WO	   ? 0
										      : reset_of(r, func));
		for (uint32_t off = 0; off < SNIC_BAR_BYTES; off += 4)
			if (!known[off])
				CU_ASSERT_EQUAL(b.rd32(func, off), 0);
	}
}

// Mailbox registers of both sides speak of the same message: test_regs_mbox.
bool mailbox(const Reg &r)
{
	return r.off >= SNIC_REG_MBOX_DATA && r.off <= SNIC_REG_MBOX_CTRL;
}

// Writes all registers of all access kinds but those that act, then reads all: nothing leaks into another
// register.
void walk_func(Bench &b, unsigned func, const std::vector<Reg> &regs)
{
	std::map<uint32_t, uint32_t> want;

	for (const Reg &r : regs) {
		uint32_t v = b.rnd32();

		if (r.off == SNIC_REG_FUNC_CTRL)
			v &= ~SNIC_MASK(FUNC_CTRL, RESET);
		if (r.off == SNIC_REG_TEST_GO || r.off == SNIC_REG_FT_RESET || mailbox(r))
			continue;
		b.wr32(func, r.off, v);
		want[r.off] = func && r.scope == PF ? 0
			      : r.access == RW	    ? expected(r, v)
			      : r.access == RO	    ? reset_of(r, func)
						    : 0;
	}
	for (uint32_t off = 0; off < SNIC_BAR_BYTES; off += 4)
		if (!snic_reg_exists(off))
			b.wr32(func, off, ~0u);
	for (const Reg &r : regs)
		if (!volatile_reg(r) && r.off != SNIC_REG_FUNC_MAC_LO && r.off != SNIC_REG_FUNC_MAC_HI &&
		    r.off != SNIC_REG_STAT_LO && r.off != SNIC_REG_STAT_HI)
			CU_ASSERT_EQUAL(b.rd32(func, r.off), want[r.off]);
	for (uint32_t off = 0; off < SNIC_BAR_BYTES; off += 4)
		if (!snic_reg_exists(off))
			CU_ASSERT_EQUAL(b.rd32(func, off), 0);
}

void walk()
{
	Bench b(cu_seed());
	const auto regs = contract();
	std::map<uint32_t, uint32_t> pf;

	b.top->link_i = 3;
	for (int round = 0; round < 3; round++) {
		walk_func(b, 0, regs);
		for (const Reg &r : regs)
			if (r.scope == PF && r.access == RW)
				pf[r.off] = b.rd32(0, r.off);
		b.settle();
		b.events.clear();
		const size_t ops = b.flow_ops.size();
		walk_func(b, 1 + b.rnd32() % 255, regs);
		b.settle();
		for (const auto &p : pf)
			CU_ASSERT_EQUAL(b.rd32(0, p.first), p.second);
		CU_ASSERT_EQUAL(b.take(FT).size() + b.take(MACT).size() + b.take(VLANT).size(), 0);
		CU_ASSERT_EQUAL(b.flow_ops.size(), ops);
	}
}

void access_sizes()
{
	Bench b(cu_seed());
	const uint32_t lo = SNIC_REG_AT(TXQ_BASE_LO, 3), hi = SNIC_REG_AT(TXQ_BASE_HI, 3);

	for (int i = 0; i < 50; i++) {
		const uint64_t v = cu_rand(&b.rng) & ~63ull;

		b.wr64(7, lo, v);
		CU_ASSERT_EQUAL(b.rd64(7, lo), v);
		CU_ASSERT_EQUAL(b.rd32(7, lo), uint32_t(v));
		CU_ASSERT_EQUAL(b.rd32(7, hi), uint32_t(v >> 32));
		// part of a register: ignored
		b.send(true, 7, lo, 0x01, ~0ull);
		b.send(true, 7, lo, 0x7c, ~0ull);
		b.send(true, 7, lo, 0x00, ~0ull);
		CU_ASSERT_EQUAL(b.rd64(7, lo), v);
		// no byte wanted: answered
		CU_ASSERT_EQUAL(b.rd(7, lo, 0), 0);
	}
	// Both halves of a doorbell pair in one write, low first.
	b.settle();
	b.events.clear();
	b.wr64(9, SNIC_REG_AT(TX_TAIL, 5), 0x2222000011110000ull | 0x0000789a00003456ull);
	b.settle();
	CU_ASSERT_EQUAL_FATAL(b.events.size(), 2);
	CU_ASSERT(b.events[0].what == TXBELL && b.events[0].f[0] == 9 * 8 + 5 && b.events[0].f[1] == 0x3456);
	CU_ASSERT(b.events[1].what == RXBELL && b.events[1].f[0] == 9 * 8 + 5 && b.events[1].f[1] == 0x789a);
}

void device_time()
{
	Bench b(cu_seed());

	for (int i = 0; i < 100; i++) {
		b.now_base = (uint64_t(b.rnd32() % 0xffff) << 32) - b.cycle - 20;
		const uint64_t before = b.now_base + b.cycle;
		const uint64_t t = b.rd64(3, SNIC_REG_TIME_LO);
		const uint64_t after = b.now_base + b.cycle;
		CU_ASSERT(t >= before && t <= after);
		// the latch is the function's own
		const uint32_t lo = b.rd32(4, SNIC_REG_TIME_LO);
		const uint64_t now4 = b.now_base + b.cycle;
		b.now_base += 5ull << 32;
		b.rd32(5, SNIC_REG_TIME_LO);
		const uint64_t t4 = uint64_t(b.rd32(4, SNIC_REG_TIME_HI)) << 32 | lo;
		CU_ASSERT(now4 - t4 < 64);
	}
}

void queue_isolation()
{
	Bench b(cu_seed());
	const auto regs = contract();
	std::map<std::pair<unsigned, uint32_t>, uint32_t> model;
	std::vector<Reg> q;
	std::vector<unsigned> funcs = { 0, 1, 2, 127, 128, 254, 255 };

	for (const Reg &r : regs)
		if ((r.off >= 0x1000 && r.off < 0x2000) || (r.off >= 0x200 && r.off < 0x240))
			q.push_back(r);
	for (int i = 0; i < 3000; i++) {
		const unsigned func = funcs[b.rnd32() % funcs.size()];
		const Reg &r = q[b.rnd32() % q.size()];

		if (b.rnd(60)) {
			const uint32_t v = b.rnd32();
			b.events.clear();
			b.wr32(func, r.off, v);
			b.ticks(4);
			CU_ASSERT_EQUAL_FATAL(b.events.size(), 1);
			const Event &e = b.events[0];
			if (r.off < 0x1000) {
				CU_ASSERT(e.what == INDIR && e.f[0] == func && e.f[1] == (r.off - 0x200) / 4);
			} else {
				CU_ASSERT(e.what == QCFG && e.f[0] == func * 8 + (r.off - 0x1000) / 0x40);
				CU_ASSERT_EQUAL(e.f[1], r.off % 0x40 / 4);
			}
			CU_ASSERT_EQUAL(e.f[2], expected(r, v));
			model[{ func, r.off }] = expected(r, v);
		} else {
			CU_ASSERT_EQUAL(b.rd32(func, r.off), (model[{ func, r.off }]));
		}
	}
	for (unsigned func : funcs)
		for (const Reg &r : q)
			CU_ASSERT_EQUAL(b.rd32(func, r.off), (model[{ func, r.off }]));
	// Enable with each ring size.
	for (unsigned log2 = 0; log2 < 16; log2++)
		for (uint32_t reg : { SNIC_REG_AT(TXQ_CFG, 2), SNIC_REG_AT(RXQ_CFG, 2) }) {
			b.events.clear();
			b.wr32(6, reg, SNIC_MASK(RXQ_CFG, ENABLE) | SNIC_PUT(RXQ_CFG, BUFSIZE, 0x123) | log2);
			b.ticks(4);
			CU_ASSERT_EQUAL(b.events.at(0).f[2] >> 31,
					log2 >= SNIC_RING_LOG2_MIN && log2 <= SNIC_RING_LOG2_MAX);
			CU_ASSERT_EQUAL(b.rd32(6, reg), b.events.at(0).f[2]);
		}
}

// Bit 30 of TXQ_CFG and RXQ_CFG is the engine's answer for that queue and direction, whatever was written there.
void queue_busy()
{
	Bench b(cu_seed());

	for (int i = 0; i < 600; i++) {
		const unsigned func = b.rnd32() % 256, queue = b.rnd32() % 8, qid = func * 8 + queue;
		const bool rx = b.rnd(50);
		const uint32_t reg = rx ? SNIC_REG_AT(RXQ_CFG, queue) : SNIC_REG_AT(TXQ_CFG, queue);

		if (b.rnd(50))
			(b.rnd(50) ? b.tx_busy : b.rx_busy).insert(qid);
		b.wr32(func, reg, SNIC_MASK(TXQ_CFG, BUSY) | 0x1006);
		CU_ASSERT_EQUAL(
			b.rd32(func, reg),
			0x1006 | ((rx ? b.rx_busy : b.tx_busy).count(qid) ? SNIC_MASK(RXQ_CFG, BUSY) : 0));
		CU_ASSERT_EQUAL(b.rd32(func, reg - 4) & SNIC_MASK(TXQ_CFG, BUSY), 0);
	}
}

// The window of a function reaches nothing of another; offsets past the last queue or doorbell reach nothing
// at all.
void doorbells()
{
	Bench b(cu_seed());

	b.events.clear();
	for (uint32_t off = 0x2000; off < 0x4000; off += 4)
		b.wr32(0x42, off, off);
	for (uint32_t off = 0x1200; off < 0x2000; off += 4)
		b.wr32(0x42, off, off);
	b.settle();
	CU_ASSERT_EQUAL(b.events.size(), 16);
	for (size_t i = 0; i < b.events.size() && i < 16; i++) {
		CU_ASSERT_EQUAL(b.events[i].what, i & 1 ? RXBELL : TXBELL);
		CU_ASSERT_EQUAL(b.events[i].f[0], 0x42 * 8 + i / 2);
		CU_ASSERT_EQUAL(b.events[i].f[1], 0x2000 + 4 * i);
	}
	// Rate: one doorbell a cycle.
	b.events.clear();
	const uint64_t start = b.cycle;
	for (unsigned i = 0; i < 1000; i++)
		b.wr32(i % 256, SNIC_REG_AT(TX_TAIL, i % 8), i);
	CU_ASSERT_EQUAL(b.cycle - start, 1000);
	b.settle();
	CU_ASSERT_EQUAL_FATAL(b.events.size(), 1000);
	for (unsigned i = 0; i < 1000; i++)
		CU_ASSERT(b.events[i].f[0] == i % 256 * 8 + i % 8 && b.events[i].f[1] == i);
}

void arming()
{
	Bench b(cu_seed());

	b.events.clear();
	for (unsigned v = 0; v < SNIC_VEC_PER_FUNC; v++)
		b.wr32(200, SNIC_REG_AT(INT_ARM, v), 0xabc00100 + v);
	b.settle();
	CU_ASSERT_EQUAL_FATAL(b.events.size(), 16);
	for (unsigned v = 0; v < SNIC_VEC_PER_FUNC; v++)
		CU_ASSERT(b.events[v].what == ARM && b.events[v].f[0] == 200 && b.events[v].f[1] == v &&
			  b.events[v].f[2] == 0x100 + v);
}

void pf_tables()
{
	Bench b(cu_seed());

	b.events.clear();
	b.wr32(0, SNIC_REG_FT_SEL, 0x31);
	b.wr32(0, SNIC_REG_FT_MAC_LO, 0x44332211);
	b.wr32(0, SNIC_REG_FT_MAC_HI, 0x6655);
	b.wr32(0, SNIC_REG_FT_VLAN, 0xa123);
	b.wr32(0, SNIC_REG_FT_FLAGS, 0x7a5);
	b.wr32(0, SNIC_REG_MACT_KEY_LO, 0x33445566);
	b.wr32(0, SNIC_REG_MACT_KEY_HI, 0x0abc1122);
	b.wr32(0, SNIC_REG_MACT_SLOT, 2 << 19 | 0x5a << 11 | 1 << 10 | 1 << 9 | 0x131);
	b.wr32(0, SNIC_REG_VLAN_SEL, 0x9ab << 3 | 5);
	b.wr32(0, SNIC_REG_VLAN_MEMBERS, 0xdeadbeef);
	b.settle();
	CU_ASSERT_EQUAL_FATAL(b.events.size(), 3);
	CU_ASSERT(b.events[0].what == FT && b.events[0].f[0] == 0x31 && b.events[0].f[1] == 0x112233445566 &&
		  b.events[0].f[2] == 0xa123 && b.events[0].f[3] == 0x725); // bit 7 is no field
	CU_ASSERT(b.events[1].what == MACT && b.events[1].f[0] == 1 && b.events[1].f[1] == 0x5a &&
		  b.events[1].f[2] == 2 && b.events[1].f[3] == 1 && b.events[1].f[4] == 0x131 &&
		  b.events[1].f[5] == 0xabc112233445566);
	CU_ASSERT(b.events[2].what == VLANT && b.events[2].f[0] == 0x9ab && b.events[2].f[1] == 5 &&
		  b.events[2].f[2] == 0xdeadbeef);
	CU_ASSERT_EQUAL(b.rd32(0x31, SNIC_REG_FUNC_MAC_LO), 0x44332211);
	CU_ASSERT_EQUAL(b.rd32(0x31, SNIC_REG_FUNC_MAC_HI), 0x6655);
	CU_ASSERT_EQUAL(b.rd64(0x30, SNIC_REG_FUNC_MAC_LO), 0);

	for (unsigned i = 0; i < SNIC_RSS_KEY_DWORDS; i++)
		b.wr32(0, SNIC_REG_AT(RSS_KEY, i), 0x100 + i);
	b.wr32(0, SNIC_REG_CPL_TIMEOUT, 77);
	b.ticks(4);
	for (unsigned i = 0; i < SNIC_RSS_KEY_DWORDS; i++)
		CU_ASSERT_EQUAL(bits_get(b.top->rss_key_o.data(), 32 * i, 32), 0x100 + i);
	CU_ASSERT_EQUAL(b.top->cpl_timeout_o, 77);
	CU_ASSERT_EQUAL(b.top->rd_timeout_o, 4000000); // 10 ms at 400 MHz
	b.wr32(0, SNIC_REG_READ_TIMEOUT, 0x12345678);
	b.ticks(4);
	CU_ASSERT_EQUAL(b.top->rd_timeout_o, 0x12345678);
}

void flow_ops()
{
	Bench b(cu_seed());

	for (unsigned round = 0; round < 12; round++) {
		uint32_t key[SNIC_KEY_DWORDS], act[SNIC_N_ACTION];
		const uint32_t op = round == 0 ? uint32_t(SNIC_FLOP_STAT_READ)
					       : 1 + b.rnd32() % SNIC_FLOP_EDIT_SET,
			       arg = b.rnd32() & 0xffffff;
		const uint32_t slot = b.rnd32();

		for (unsigned i = 0; i < SNIC_KEY_DWORDS; i++)
			b.wr32(0, SNIC_REG_AT(FLOW_KEY, i), key[i] = b.rnd32());
		for (unsigned i = 0; i < SNIC_N_ACTION; i++)
			b.wr32(0, SNIC_REG_AT(FLOW_ACT, i), act[i] = b.rnd32());
		b.wr32(0, SNIC_REG_FLOW_SLOT, slot);
		const std::array<uint64_t, 3> old = { b.rd64(0, SNIC_REG_FLOW_PKTS_LO),
						      b.rd64(0, SNIC_REG_FLOW_BYTES_LO),
						      b.rd64(0, SNIC_REG_FLOW_SEEN_LO) };
		for (uint64_t &r : b.flow_result)
			r = cu_rand(&b.rng) >> 16;
		b.flow_delay = b.rnd32() % 300;
		b.flow_ops.clear();
		b.wr32(0, SNIC_REG_FLOW_OP, op << 24 | arg);
		// Staging of the next operation does not touch this one, and reads come behind it.
		b.wr32(0, SNIC_REG_FLOW_SLOT, ~slot);
		const uint64_t pkts = b.rd64(0, SNIC_REG_FLOW_PKTS_LO);
		CU_ASSERT_EQUAL_FATAL(b.flow_ops.size(), 1);
		const uint32_t *o = b.flow_ops[0].data();
		CU_ASSERT(bits_get(o, 952, 8) == op && bits_get(o, 928, 24) == arg &&
			  bits_get(o, 0, 32) == slot);
		for (unsigned i = 0; i < SNIC_KEY_DWORDS; i++)
			CU_ASSERT_EQUAL(bits_get(o, 160 + 32 * i, 32), key[i]);
		for (unsigned i = 0; i < SNIC_N_ACTION; i++)
			CU_ASSERT_EQUAL(bits_get(o, 32 + 32 * i, 32), act[i]);
		const std::array<uint64_t, 3> &want = op == SNIC_FLOP_STAT_READ ? b.flow_result : old;
		CU_ASSERT_EQUAL(pkts, want[0]);
		CU_ASSERT_EQUAL(b.rd64(0, SNIC_REG_FLOW_BYTES_LO), want[1]);
		CU_ASSERT_EQUAL(b.rd64(0, SNIC_REG_FLOW_SEEN_LO), want[2]);
	}
	// What is no operation does nothing, and hangs nothing.
	b.flow_ops.clear();
	b.wr32(0, SNIC_REG_FLOW_OP, 0);
	b.wr32(0, SNIC_REG_FLOW_OP, 0xff000000);
	b.wr32(0, SNIC_REG_FLOW_OP, (SNIC_FLOP_EDIT_SET + 1u) << 24);
	CU_ASSERT_EQUAL(b.rd32(0, SNIC_REG_MAGIC), SNIC_MAGIC);
	CU_ASSERT_EQUAL(b.flow_ops.size(), 0);
}

void self_test()
{
	Bench b(cu_seed());

	for (unsigned i = 0; i < 60; i++) {
		const unsigned func = b.rnd32() % 256, vec = b.rnd32() % 16, what = 1 + b.rnd32() % 3;
		const uint32_t scratch = b.rnd32();
		const uint64_t addr = cu_rand(&b.rng);

		b.up_pct = i % 3 ? 70 : 5;
		b.wr32(func, SNIC_REG_TEST_SCRATCH, scratch);
		b.wr64(func, SNIC_REG_TEST_DMA_LO, addr);
		b.rd32(func, SNIC_REG_MAGIC);
		b.events.clear();
		b.test_data.clear();
		b.wr32(func, SNIC_REG_TEST_GO, vec << 8 | what);
		for (unsigned n = 0; n < 3000 && !(b.top->idle_o && n > 10); n++)
			b.tick();
		const auto w = b.take(MWR), m = b.take(MSI);
		CU_ASSERT_EQUAL(w.size(), what & 1);
		CU_ASSERT_EQUAL(m.size(), what >> 1);
		if (w.size()) {
			CU_ASSERT(w[0].f[0] == func && w[0].f[1] == (addr & ~15ull));
			CU_ASSERT(b.test_data[0][0] == SNIC_MAGIC && b.test_data[0][1] == func &&
				  b.test_data[0][2] == scratch && b.test_data[0][3] == 0);
		}
		if (m.size())
			CU_ASSERT(m[0].f[0] == func && m[0].f[1] == vec);
		if (w.size() && m.size())
			CU_ASSERT(m[0].cycle > w[0].cycle);
	}
}

// Self-tests of many functions: registers answer meanwhile, each function gets what it asked for, once, in turn, and a
// TLP goes at most every 64 cycles. A reset forgets what its function asked for, and waits for nobody else's.
void self_test_storm()
{
	Bench b(cu_seed());
	const unsigned funcs[] = { 3, 17, 99, 255 };
	unsigned count[256] = {};
	uint64_t last = 0;

	b.up_pct = 100;
	for (unsigned f : funcs)
		b.wr64(f, SNIC_REG_TEST_DMA_LO, f << 8);
	b.settle();
	b.events.clear();
	const uint64_t start = b.cycle;
	for (unsigned i = 0; i < 4000; i++)
		b.wr32(3, SNIC_REG_TEST_GO, (i & 15) << 8 | 3);
	CU_ASSERT(b.cycle - start < 4200);
	for (unsigned i = 0; i < 1000; i++)
		b.wr32(funcs[i & 3], SNIC_REG_TEST_GO, (i / 4 & 15) << 8 | 3);
	const uint64_t asked = b.cycle;
	while (!b.top->idle_o && b.cycle < asked + 10000)
		b.tick();
	CU_ASSERT(b.top->idle_o);
	for (const Event &e : b.events) {
		CU_ASSERT(e.what == MWR || e.what == MSI);
		CU_ASSERT(e.cycle >= last + 60); // as they leave
		last = e.cycle;
		if (e.cycle >= asked)
			count[e.f[0]]++;
	}
	for (unsigned f : { 17, 99, 255 }) // the write, and a message a vector
		CU_ASSERT(count[f] >= 17);
	b.wr32(7, SNIC_REG_FUNC_CTRL, SNIC_MASK(FUNC_CTRL, RESET));
	b.wait_reset(7);
	for (unsigned i = 0; i < 64; i++)
		b.wr32(funcs[i & 3], SNIC_REG_TEST_GO, (i / 4 & 15) << 8 | 2);
	b.cfg(99, false, false, true);
	b.tick();
	const uint64_t reset = b.cycle;
	b.wait_reset(99);
	CU_ASSERT(b.cycle - reset < 500);
	b.events.clear();
	b.ticks(5000);
	CU_ASSERT(b.top->idle_o);
	for (const Event &e : b.events)
		CU_ASSERT(e.f[0] != 99);
}

void before_init()
{
	Bench b(cu_seed(), false);

	CU_ASSERT_EQUAL(b.rd32(3, SNIC_REG_FUNC_STATUS) & 1, 1);
	b.ticks(6000);
	CU_ASSERT(b.top->init_done_o);
	CU_ASSERT_EQUAL(b.rd32(3, SNIC_REG_FUNC_CTRL), SNIC_MASK(FUNC_CTRL, RESET));
	CU_ASSERT_EQUAL(b.rd32(3, SNIC_REG_FUNC_STATUS), SNIC_MASK(FUNC_STATUS, RESETTING));
	b.wr32(3, SNIC_REG_FUNC_CTRL, SNIC_MASK(FUNC_CTRL, ENABLE));
	b.wr32(3, SNIC_REG_AT(TXQ_BASE_HI, 0), 5);
	b.wr32(0, SNIC_REG_FT_FLAGS, 1);
	b.cfg(3, false, false, true); // works, when all blocks are ready
	b.settle();
	CU_ASSERT_EQUAL(b.events.size(), 0);
	b.all_init = true;
	b.tick();
	b.wait_reset(3);
	CU_ASSERT_EQUAL(b.take(TXFLUSH).size(), 1);
	CU_ASSERT_EQUAL(b.rd32(3, SNIC_REG_FUNC_CTRL), 0);
	CU_ASSERT_EQUAL(b.rd32(3, SNIC_REG_AT(TXQ_BASE_HI, 0)), 0);
}

// A function with everything set; the values are remembered by the caller reading them back.
void fill(Bench &b, unsigned func, const std::vector<Reg> &regs)
{
	for (const Reg &r : regs)
		if (r.scope == ANY && r.access == RW && r.off != SNIC_REG_FUNC_CTRL &&
		    r.off != SNIC_REG_STAT_SEL)
			b.wr32(func, r.off, b.rnd32());
	b.wr32(func, SNIC_REG_STAT_SEL, SNIC_MASK(STAT_SEL, PER_FUNC) | func << 16 | SNIC_FSTAT_TX_BYTES);
	b.wr32(func, SNIC_REG_FUNC_CTRL, SNIC_MASK(FUNC_CTRL, ENABLE));
	b.cfg(func, true, true, false);
	b.tick();
	for (int i = 0; i < 5; i++) {
		b.top->tx_stat_valid_i = b.top->rx_stat_valid_i = b.top->tx_drop_valid_i =
			b.top->rx_drop_valid_i = 1;
		b.top->tx_stat_func_i = b.top->rx_stat_func_i = b.top->tx_drop_func_i =
			b.top->rx_drop_func_i = func;
		b.top->tx_stat_bytes_i = 100;
		b.top->rx_stat_bytes_i = 1000;
		b.tick();
	}
	b.top->tx_qerr_valid_i = 1;
	b.top->tx_qerr_func_i = func;
	b.ticks(3);
	b.rd32(func, SNIC_REG_TIME_LO);
}

uint64_t fstat(Bench &b, unsigned func, unsigned idx)
{
	b.wr32(0, SNIC_REG_STAT_SEL, SNIC_MASK(STAT_SEL, PER_FUNC) | func << 16 | idx);
	const uint64_t lo = b.rd32(0, SNIC_REG_STAT_LO);
	return lo | uint64_t(b.rd32(0, SNIC_REG_STAT_HI)) << 32;
}

uint64_t gstat(Bench &b, unsigned idx)
{
	b.wr32(0, SNIC_REG_STAT_SEL, idx);
	const uint64_t lo = b.rd32(0, SNIC_REG_STAT_LO);
	return lo | uint64_t(b.rd32(0, SNIC_REG_STAT_HI)) << 32;
}

void reset_by(int how)
{
	Bench b(cu_seed() + how);
	const auto regs = contract();
	const unsigned f = 1 + b.rnd32() % 254, other = f + 1;
	std::map<uint32_t, uint32_t> kept;

	b.now_base = 7ull << 32;
	b.wr32(0, SNIC_REG_FT_SEL, f);
	b.wr32(0, SNIC_REG_FT_MAC_LO, 0x12345678);
	b.wr32(0, SNIC_REG_FT_FLAGS, 1);
	fill(b, f, regs);
	fill(b, other, regs);
	for (const Reg &r : regs)
		if (!volatile_reg(r))
			kept[r.off] = b.rd32(other, r.off);
	CU_ASSERT(b.en(f) && b.en(other));
	CU_ASSERT_EQUAL(b.rd32(f, SNIC_REG_FUNC_STATUS) & SNIC_MASK(FUNC_STATUS, QERR),
			SNIC_MASK(FUNC_STATUS, QERR));
	// the function's messages wait on both sides, and the PF wants to hear of resets
	b.wr32(f, SNIC_REG_MBOX_CTRL, SNIC_MASK(MBOX_CTRL, SEND));
	b.wr32(0, SNIC_REG_MBOX_SEL, f);
	b.wr32(0, SNIC_REG_AT(MBOX_DATA, 7), 0x7777);
	b.wr32(0, SNIC_REG_MBOX_CTRL, SNIC_MASK(MBOX_CTRL, SEND));
	CU_ASSERT_EQUAL(b.rd32(f, SNIC_REG_MBOX_CTRL),
			SNIC_MASK(MBOX_CTRL, UNTAKEN) | SNIC_MASK(MBOX_CTRL, WAITS));
	CU_ASSERT_EQUAL(b.rd32(0, SNIC_REG_AT(MBOX_PEND, f / 32)) >> f % 32 & 1, 1);
	b.wr32(0, SNIC_REG_MBOX_VEC, SNIC_MASK(MBOX_VEC, IRQ) | 11);
	b.settle();
	b.flush_pct = 0;
	b.events.clear();
	if (how == 0)
		b.wr32(f, SNIC_REG_FUNC_CTRL, SNIC_MASK(FUNC_CTRL, RESET) | SNIC_MASK(FUNC_CTRL, ENABLE));
	else if (how == 1)
		b.wr32(0, SNIC_REG_FT_RESET, f);
	else
		b.cfg(f, false, false, true);
	b.ticks(3);
	CU_ASSERT(!b.en(f) && b.en(other));
	CU_ASSERT_EQUAL(b.bme(f), how != 2);
	b.ticks(400);
	CU_ASSERT_EQUAL(b.rd32(f, SNIC_REG_FUNC_CTRL), SNIC_MASK(FUNC_CTRL, RESET));
	CU_ASSERT_EQUAL(b.rd32(f, SNIC_REG_FUNC_STATUS) & 1, 1);
	CU_ASSERT(!b.top->idle_o);
	const auto tf = b.take(TXFLUSH), rf = b.take(RXFLUSH);
	CU_ASSERT(tf.size() == 1 && rf.size() == 1 && tf[0].f[0] == f && rf[0].f[0] == f);
	// Held in reset: its writes do nothing, others work.
	b.wr32(f, SNIC_REG_FUNC_CTRL, SNIC_MASK(FUNC_CTRL, ENABLE));
	b.wr32(f, SNIC_REG_AT(TXQ_BASE_HI, 1), 1);
	b.wr32(f, SNIC_REG_AT(TX_TAIL, 1), 1);
	b.wr32(f, SNIC_REG_AT(INT_ARM, 1), 1);
	b.wr32(f, SNIC_REG_TEST_GO, 3);
	CU_ASSERT_EQUAL(b.rd32(f, SNIC_REG_MAGIC), SNIC_MAGIC);
	CU_ASSERT_EQUAL(b.events.size(), 2);
	CU_ASSERT_EQUAL(b.take(MSIXCLR).size(), 0);
	b.flush_pct = 5;
	b.wait_reset(f);
	// its queues are told to the engines, whose registers are not those that read back
	const auto cleared = b.take(QCFG);
	CU_ASSERT_EQUAL(cleared.size(), SNIC_Q_PER_FUNC);
	for (unsigned q = 0; q < cleared.size(); q++)
		CU_ASSERT(cleared[q].f[0] == f * SNIC_Q_PER_FUNC + q && cleared[q].f[1] == 15);
	// told to the PF, once, when all is clear
	const auto told = b.take(MBOX);
	CU_ASSERT(told.size() == 1 && told[0].f[0] == 0 && told[0].f[1] == 11);
	for (unsigned i = 0; i < SNIC_COUNT_VF_RESET; i++)
		CU_ASSERT_EQUAL(b.rd32(0, SNIC_REG_AT(VF_RESET, i)), i == f / 32 ? 1u << f % 32 : 0);
	b.wr32(0, SNIC_REG_AT(VF_RESET, f / 32), ~(1u << f % 32));
	CU_ASSERT_EQUAL(b.rd32(0, SNIC_REG_AT(VF_RESET, f / 32)), 1u << f % 32);
	b.wr32(0, SNIC_REG_AT(VF_RESET, f / 32), 1u << f % 32);
	CU_ASSERT_EQUAL(b.rd32(0, SNIC_REG_AT(VF_RESET, f / 32)), 0);
	CU_ASSERT_EQUAL(b.rd32(0, SNIC_REG_AT(MBOX_PEND, f / 32)) >> f % 32 & 1, 0);
	for (unsigned i = 0; i < SNIC_MBOX_DWORDS; i++) // what the last owner wrote
		CU_ASSERT_EQUAL(b.rd32(0, SNIC_REG_AT(MBOX_DATA, i)), 0);
	const auto clr = b.take(MSIXCLR);
	CU_ASSERT(clr.size() == 1 && clr[0].f[0] == f);
	const auto ind = b.take(INDIR);
	CU_ASSERT_EQUAL(ind.size(), 16);
	for (size_t i = 0; i < ind.size(); i++)
		CU_ASSERT(ind[i].f[0] == f && ind[i].f[1] == i && ind[i].f[2] == 0);
	for (const Reg &r : regs)
		if (r.scope == ANY && r.off != SNIC_REG_FUNC_MAC_LO && r.off != SNIC_REG_TIME_LO &&
		    r.off != SNIC_REG_STAT_LO)
			CU_ASSERT_EQUAL(b.rd32(f, r.off), r.off == SNIC_REG_FUNC_STATUS ? 0
							  : r.access == WO		? 0
							  : r.off == SNIC_REG_TIME_HI	? 0
											: reset_of(r, f));
	CU_ASSERT_EQUAL(b.rd32(f, SNIC_REG_FUNC_MAC_LO), 0x12345678);
	for (unsigned i = 0; i < SNIC_N_FSTAT; i++) {
		CU_ASSERT_EQUAL(fstat(b, f, i), 0);
		CU_ASSERT(fstat(b, other, i) > 0);
	}
	for (const Reg &r : regs)
		if (!volatile_reg(r) && r.scope == ANY)
			CU_ASSERT_EQUAL(b.rd32(other, r.off), kept[r.off]);
	CU_ASSERT(b.en(other));
	b.ticks(5);
	CU_ASSERT(b.top->idle_o);
}
void reset_own()
{
	reset_by(0);
}
void reset_pf()
{
	reset_by(1);
}
void reset_flr()
{
	reset_by(2);
}

// Messages and resets of all VFs as fast as the registers take them, while MSI-X takes events slowly: none is lost, none
// goes to another function.
void mailbox_storm()
{
	Bench b(cu_seed());
	unsigned told[256] = {};

	b.up_pct = 10;
	b.flush_pct = 100;
	for (unsigned f = 0; f < 256; f++)
		b.wr32(f, SNIC_REG_MBOX_VEC, SNIC_MASK(MBOX_VEC, IRQ) | (f & 15));
	for (unsigned f = 1; f < 256; f++)
		b.wr32(f, SNIC_REG_MBOX_CTRL, SNIC_MASK(MBOX_CTRL, SEND));
	for (unsigned f = 1; f < 256; f++) {
		b.wr32(0, SNIC_REG_MBOX_SEL, f);
		b.wr32(0, SNIC_REG_MBOX_CTRL, SNIC_MASK(MBOX_CTRL, SEND) | SNIC_MASK(MBOX_CTRL, TAKEN));
	}
	for (unsigned f = 1; f < 256; f++) {
		b.cfg(f, false, false, true);
		b.tick();
	}
	for (unsigned f = 1; f < 256; f++)
		b.wait_reset(f);
	b.ticks(200);
	CU_ASSERT(b.top->idle_o);
	for (const Event &e : b.take(MBOX)) {
		told[e.f[0]]++;
		CU_ASSERT_EQUAL(e.f[1], e.f[0] & 15);
	}
	CU_ASSERT_EQUAL(told[0], 2 * 255);
	for (unsigned f = 1; f < 256; f++)
		CU_ASSERT_EQUAL(told[f], 1);
	for (unsigned i = 0; i < SNIC_COUNT_VF_RESET; i++) {
		CU_ASSERT_EQUAL(b.rd32(0, SNIC_REG_AT(VF_RESET, i)), i ? ~0u : ~1u);
		CU_ASSERT_EQUAL(b.rd32(0, SNIC_REG_AT(MBOX_PEND, i)), 0);
	}
}

// All functions at once from all sides, with traffic of counters and MMIO meanwhile.
void reset_storm()
{
	Bench b(cu_seed());
	std::vector<unsigned> asked(256);

	b.flush_pct = 50;
	for (unsigned f = 0; f < 256; f++) {
		b.wr32(f, SNIC_REG_AT(RXQ_CPL_HI, f % 8), f + 1);
		b.wr32(f, SNIC_REG_AT(RSS_INDIR, f % 16), f + 1);
	}
	b.settle();
	b.events.clear();
	for (unsigned f = 0; f < 256; f++) {
		b.top->tx_stat_valid_i = 1; // of another function, in every cycle that we can
		b.top->tx_stat_func_i = f ^ 1;
		if (f % 3 == 0)
			b.cfg(f, false, false, true);
		if (f % 3 == 1)
			b.wr32(0, SNIC_REG_FT_RESET, f);
		else if (f % 3 == 2)
			b.wr32(f, SNIC_REG_FUNC_CTRL, SNIC_MASK(FUNC_CTRL, RESET));
		else
			b.tick();
		// function 0 is itself in reset at first: its FT_RESET would do nothing
		if (f == 0)
			b.wait_reset(0);
	}
	for (unsigned f = 0; f < 256; f++)
		b.wait_reset(f);
	for (const Event &e : b.take(TXFLUSH))
		asked[e.f[0]]++;
	for (unsigned f = 0; f < 256; f++) {
		CU_ASSERT_EQUAL(asked[f], 1);
		CU_ASSERT_EQUAL(b.rd32(f, SNIC_REG_AT(RXQ_CPL_HI, f % 8)), 0);
		CU_ASSERT_EQUAL(b.rd32(f, SNIC_REG_AT(RSS_INDIR, f % 16)), 0);
	}
	CU_ASSERT_EQUAL(b.take(MSIXCLR).size(), 256);
}

// A second request while a reset runs is part of it; one that comes as it ends starts another. Either way it
// ends clean.
void reset_again()
{
	for (unsigned delay = 0; delay < 60; delay++) {
		Bench b(cu_seed() + delay);

		b.flush_pct = 100;
		b.cfg(0, false, false, true);
		b.ticks(1 + delay);
		b.cfg(0, true, true, true);
		b.tick();
		CU_ASSERT(b.bme(0));
		b.wait_reset(0);
		b.ticks(5);
		CU_ASSERT(b.top->idle_o);
		const size_t n = b.take(TXFLUSH).size();
		CU_ASSERT(n == 1 || n == 2);
		CU_ASSERT_EQUAL(b.take(RXFLUSH).size(), n);
		CU_ASSERT_EQUAL(b.take(MSIXCLR).size(), n);
	}
}

void bus_master()
{
	Bench b(cu_seed());
	std::vector<bool> en(256), bm(256);

	for (int i = 0; i < 2000; i++) {
		const unsigned f = b.rnd32() % 256;
		if (b.rnd(50)) {
			en[f] = b.rnd(50);
			b.wr32(f, SNIC_REG_FUNC_CTRL, en[f]);
			b.ticks(2);
		} else {
			bm[f] = b.rnd(50);
			b.cfg(f, true, bm[f], false);
			b.tick();
		}
		CU_ASSERT(b.en(f) == (en[f] && bm[f]) && b.bme(f) == bm[f]);
	}
	for (unsigned f = 0; f < 256; f++)
		CU_ASSERT(b.en(f) == (en[f] && bm[f]) && b.bme(f) == bm[f]);
}

void counters()
{
	Bench b(cu_seed());
	std::map<unsigned, uint64_t> g, shared;
	std::map<unsigned, std::array<uint64_t, SNIC_N_FSTAT>> fn;
	std::vector<unsigned> funcs = { 0, 5, 6, 255 };
	Vregs *t = b.top.get();

	// Everything at once, the same function over and over, and a reader at the same time.
	for (int i = 0; i < 20000; i++) {
		const unsigned pct = i / 5000 == 0 ? 100 : i / 5000 == 1 ? 50 : i / 5000 == 2 ? 5 : 90;
		auto pick = [&] { return funcs[b.rnd32() % (i & 1024 ? funcs.size() : 1)]; };

		for (unsigned s = SNIC_STAT_DROP_FCS; s <= SNIC_STAT_DROP_RX_SLOW; s++) {
			const bool e0 = b.rnd(pct), e1 = b.rnd(pct);
			t->ev0_i |= uint64_t(e0) << (s - SNIC_STAT_DROP_FCS);
			t->ev1_i |= uint64_t(e1) << (s - SNIC_STAT_DROP_FCS);
			g[s] += e0 + e1;
		}
		auto wire = [&](unsigned base, uint8_t &v, uint16_t &bytes) {
			v = b.rnd(pct);
			bytes = b.rnd32() & 0x3fff;
			g[base] += v;
			g[base + 1] += v ? bytes : 0;
		};
		wire(SNIC_STAT_P0_RX_PKTS, t->p0_rx_i, t->p0_rx_bytes_i);
		wire(SNIC_STAT_P0_TX_PKTS, t->p0_tx_i, t->p0_tx_bytes_i);
		wire(SNIC_STAT_P1_RX_PKTS, t->p1_rx_i, t->p1_rx_bytes_i);
		wire(SNIC_STAT_P1_TX_PKTS, t->p1_tx_i, t->p1_tx_bytes_i);
		t->count_valid_i = b.rnd(pct);
		t->count_idx_i = b.rnd(30) ? 3 : b.rnd32() % 256;
		if (t->count_valid_i)
			shared[t->count_idx_i]++;
		t->rx_stat_valid_i = b.rnd(pct);
		t->rx_stat_func_i = pick();
		t->rx_stat_bytes_i = b.rnd32() & 0x3fff;
		if (t->rx_stat_valid_i) {
			fn[t->rx_stat_func_i][SNIC_FSTAT_RX_PKTS]++;
			fn[t->rx_stat_func_i][SNIC_FSTAT_RX_BYTES] += t->rx_stat_bytes_i;
		}
		t->tx_stat_valid_i = b.rnd(pct);
		t->tx_stat_func_i = pick();
		t->tx_stat_bytes_i = b.rnd32() & 0x3fff;
		if (t->tx_stat_valid_i) {
			fn[t->tx_stat_func_i][SNIC_FSTAT_TX_PKTS]++;
			fn[t->tx_stat_func_i][SNIC_FSTAT_TX_BYTES] += t->tx_stat_bytes_i;
		}
		t->rx_drop_valid_i = b.rnd(pct);
		t->rx_drop_func_i = pick();
		fn[t->rx_drop_func_i][SNIC_FSTAT_RX_DROP] += t->rx_drop_valid_i;
		t->tx_drop_valid_i = b.rnd(pct);
		t->tx_drop_func_i = pick();
		fn[t->tx_drop_func_i][SNIC_FSTAT_TX_DROP] += t->tx_drop_valid_i;
		if (!t->mmio_valid_i && b.rnd(20))
			b.offer(b.rnd(50), 0, b.rnd(50) ? SNIC_REG_STAT_SEL : SNIC_REG_STAT_LO, 0x0f,
				b.rnd32() & 0x800001ff, 1);
		b.tick();
	}
	t->mmio_valid_i = 0;
	b.settle();
	b.cpls.clear();
	for (unsigned s = 0; s < 256; s++)
		CU_ASSERT_EQUAL(gstat(b, s), s / 64 == SNIC_UTIL_BASE / 64 ? Bench::util(s % 64) : g[s]);
	for (unsigned s = 0; s < 256; s++)
		CU_ASSERT_EQUAL(gstat(b, SNIC_STAT_COUNT_BASE + s), shared[s]);
	CU_ASSERT_EQUAL(gstat(b, 512 + 3), 0);
	CU_ASSERT_EQUAL(gstat(b, 768 + 3), 0);
	for (unsigned f : { 0u, 1u, 5u, 6u, 254u, 255u }) {
		for (unsigned i = 0; i < SNIC_N_FSTAT; i++)
			CU_ASSERT_EQUAL(fstat(b, f, i), fn[f][i]);
		CU_ASSERT_EQUAL(fstat(b, f, SNIC_N_FSTAT), 0);
		CU_ASSERT_EQUAL(fstat(b, f, 0x103), 0);
	}
	// A VF sees its own counters, whatever function it writes, and nothing of the card's; its window is
	// its own.
	b.wr32(0, SNIC_REG_STAT_SEL, SNIC_STAT_DROP_FCS);
	b.wr32(5, SNIC_REG_STAT_SEL, SNIC_MASK(STAT_SEL, PER_FUNC) | 255 << 16 | SNIC_FSTAT_TX_BYTES);
	CU_ASSERT_EQUAL(b.rd32(5, SNIC_REG_STAT_LO), uint32_t(fn[5][SNIC_FSTAT_TX_BYTES]));
	CU_ASSERT_EQUAL(b.rd32(0, SNIC_REG_STAT_LO), uint32_t(g[SNIC_STAT_DROP_FCS]));
	for (unsigned s : { 0u, 8u, 70u, 300u }) {
		b.wr32(5, SNIC_REG_STAT_SEL, s);
		CU_ASSERT_EQUAL(b.rd32(5, SNIC_REG_STAT_LO), 0);
	}
}

// Beyond 32 bits, and the latch.
void counter_carry()
{
	Bench b(cu_seed());
	Vregs *t = b.top.get();
	const uint64_t n = (1ull << 32) / 16383 + 2;

	for (uint64_t i = 0; i < n; i++) {
		t->tx_stat_valid_i = t->p1_rx_i = 1;
		t->tx_stat_func_i = 9;
		t->tx_stat_bytes_i = t->p1_rx_bytes_i = 16383;
		b.tick();
	}
	b.settle();
	CU_ASSERT_EQUAL(fstat(b, 9, SNIC_FSTAT_TX_BYTES), n * 16383);
	CU_ASSERT_EQUAL(gstat(b, SNIC_STAT_P1_RX_BYTES), n * 16383);
	// STAT_HI stays as latched, each function its own
	b.wr32(9, SNIC_REG_STAT_SEL, SNIC_MASK(STAT_SEL, PER_FUNC) | SNIC_FSTAT_TX_BYTES);
	b.rd32(9, SNIC_REG_STAT_LO);
	b.wr32(0, SNIC_REG_STAT_SEL, 8);
	b.rd32(0, SNIC_REG_STAT_LO);
	CU_ASSERT_EQUAL(b.rd32(9, SNIC_REG_STAT_HI), 1);
	CU_ASSERT_EQUAL(b.rd32(0, SNIC_REG_STAT_HI), 0);
	CU_ASSERT_EQUAL(b.rd64(9, SNIC_REG_STAT_HI), 1);
}

// Clears of one function's counters meet events of another in every cycle but few.
void clear_under_load()
{
	Bench b(cu_seed());
	Vregs *t = b.top.get();
	uint64_t n = 0, bytes = 0;

	b.flush_pct = 100;
	for (int i = 0; i < 30; i++) {
		for (int k = 0; k < 3; k++) {
			t->tx_stat_valid_i = t->rx_drop_valid_i = 1;
			t->tx_stat_func_i = t->rx_drop_func_i = 20;
			t->tx_stat_bytes_i = 99;
			b.tick();
		}
		b.cfg(20, false, false, true);
		for (int k = 0; k < 400; k++) {
			if (k % 5) {
				t->tx_stat_valid_i = t->rx_drop_valid_i = 1;
				t->tx_stat_func_i = t->rx_drop_func_i = 21;
				t->tx_stat_bytes_i = 60 + k;
				n++;
				bytes += 60 + k;
			}
			b.tick();
		}
		CU_ASSERT_EQUAL(b.rd32(20, SNIC_REG_FUNC_CTRL), 0);
		CU_ASSERT_EQUAL(fstat(b, 20, SNIC_FSTAT_TX_PKTS), 0);
		CU_ASSERT_EQUAL(fstat(b, 20, SNIC_FSTAT_RX_DROP), 0);
		CU_ASSERT_EQUAL(fstat(b, 21, SNIC_FSTAT_TX_PKTS), n);
		CU_ASSERT_EQUAL(fstat(b, 21, SNIC_FSTAT_RX_DROP), n);
		CU_ASSERT_EQUAL(fstat(b, 21, SNIC_FSTAT_TX_BYTES), bytes);
	}
}

void status()
{
	Bench b(cu_seed());

	for (unsigned l = 0; l < 4; l++) {
		b.top->link_i = l;
		CU_ASSERT_EQUAL(b.rd32(8, SNIC_REG_FUNC_STATUS), l << 8);
	}
	b.top->tx_qerr_valid_i = b.top->rx_qerr_valid_i = 1;
	b.top->tx_qerr_func_i = 9;
	b.top->rx_qerr_func_i = 10;
	b.tick();
	CU_ASSERT_EQUAL(b.rd32(8, SNIC_REG_FUNC_STATUS) & 3, 0);
	CU_ASSERT_EQUAL(b.rd32(9, SNIC_REG_FUNC_STATUS) & 3, SNIC_MASK(FUNC_STATUS, QERR));
	CU_ASSERT_EQUAL(b.rd32(10, SNIC_REG_FUNC_STATUS) & 3, SNIC_MASK(FUNC_STATUS, QERR));
}

const struct cu_test tests[] = {
	{ "walk", "reset_values", reset_values },
	{ "walk", "access_rules", walk },
	{ "walk", "access_sizes", access_sizes },
	{ "func", "device_time", device_time },
	{ "func", "status", status },
	{ "func", "bus_master", bus_master },
	{ "func", "self_test", self_test },
	{ "func", "self_test_storm", self_test_storm },
	{ "func", "arming", arming },
	{ "queue", "isolation", queue_isolation },
	{ "queue", "busy_is_the_engines_answer", queue_busy },
	{ "queue", "doorbells", doorbells },
	{ "pf", "tables", pf_tables },
	{ "pf", "flow_ops", flow_ops },
	{ "reset", "before_init", before_init },
	{ "reset", "own", reset_own },
	{ "reset", "by_pf", reset_pf },
	{ "reset", "flr", reset_flr },
	{ "reset", "storm", reset_storm },
	{ "reset", "mailbox_storm", mailbox_storm },
	{ "reset", "again", reset_again },
	{ "stats", "counters", counters },
	{ "stats", "carry", counter_carry },
	{ "stats", "clear_under_load", clear_under_load },
	{ nullptr, nullptr, nullptr },
};

} // namespace

int main(int argc, char **argv)
{
	Verilated::randReset(2);
	return cu_main(argc, argv, tests);
}
