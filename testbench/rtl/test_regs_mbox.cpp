// SPDX-License-Identifier: BSD-2-Clause
// regs_mbox against a model: messages, flags, events and resets, in random order, from a few functions that sit at the
// edges of the bitmaps. A VF's accesses are held to its own mailbox by the model knowing no other.
#include <cstring>
#include <deque>
#include <map>
#include <memory>
#include <vector>

#include "Vregs_mbox.h"
#include "cu_main.h"
#include "snic_contract.h"
#include "verilated.h"

namespace {

constexpr unsigned kVfs[] = { 1, 2, 31, 32, 63, 64, 254, 255 };

struct Event {
	unsigned func, vec;
	bool operator==(const Event &o) const { return func == o.func && vec == o.vec; }
};

struct Box {
	uint32_t from_vf[SNIC_MBOX_DWORDS] = {}, from_pf[SNIC_MBOX_DWORDS] = {};
	bool vf_waits = false, pf_waits = false;
};

class Bench {
public:
	explicit Bench(uint64_t seed) : top(new Vregs_mbox), rng(seed)
	{
		top->op_valid_i = top->clr_i = top->tx_qerr_i = top->rx_qerr_i = 0;
		top->rst_ni = 0;
		tick();
		tick();
		top->rst_ni = 1;
		for (unsigned f = 0; f < SNIC_N_FUNC; f++)
			clear(f, false);
	}
	~Bench() { top->final(); }

	unsigned pick(unsigned n) { return unsigned(cu_rand(&rng) % n); }

	void tick()
	{
		top->int_ready_i = pick(100) < ready_pct;
		top->clk_i = 0;
		top->eval();
		if (top->rst_ni && top->int_valid_o) {
			CU_ASSERT(top->busy_o);
			if (top->int_ready_i)
				events.push_back({ top->int_func_o, top->int_vec_o });
		}
		top->clk_i = 1;
		top->eval();
		top->tx_qerr_i = top->rx_qerr_i = 0;
	}
	void wait()
	{
		unsigned n = 0;

		top->op_valid_i = top->clr_i = 0;
		for (top->eval(); top->busy_o && n < 1000; n++)
			tick();
		CU_ASSERT(n < 1000);
	}
	void op(unsigned func, uint32_t off, bool we, uint32_t v)
	{
		wait();
		top->op_valid_i = 1;
		top->op_we_i = we;
		top->op_func_i = func;
		top->op_addr_i = off / 4;
		top->op_wdata_i = v;
		tick();
		top->op_valid_i = 0;
	}
	void wr(unsigned func, uint32_t off, uint32_t v) { op(func, off, true, v); }
	// late: a reset of that function comes while the answer is on its way, as mmio_decode lets it
	uint32_t rd(unsigned func, uint32_t off, int late = -1)
	{
		op(func, off, false, 0);
		for (unsigned n = 0; n < 3; n++) {
			top->clr_i = late >= 0;
			top->clr_func_i = unsigned(late);
			top->clr_step_i = n;
			top->clr_tell_i = 1;
			tick();
		}
		top->eval();
		const uint32_t v = top->rdata_o;
		for (unsigned step = 3; late >= 0 && step < 16; step++) {
			top->clr_step_i = step;
			tick();
		}
		top->clr_i = 0;
		wait();
		return v;
	}
	void clear(unsigned func, bool tell)
	{
		wait();
		for (unsigned step = 0; step < 16; step++) {
			top->clr_i = 1;
			top->clr_func_i = func;
			top->clr_step_i = step;
			top->clr_tell_i = tell;
			tick();
		}
		wait();
	}

	// Queues of these functions (-1: none) stop in the next cycle, whatever else is in it.
	void queue_error(int tx, int rx)
	{
		top->tx_qerr_i = tx >= 0;
		top->tx_qerr_func_i = unsigned(tx);
		top->rx_qerr_i = rx >= 0;
		top->rx_qerr_func_i = unsigned(rx);
	}

	std::unique_ptr<Vregs_mbox> top;
	uint64_t rng;
	unsigned ready_pct = 100;
	std::deque<Event> events;
};

// What software on each side sees.
class Model {
public:
	Box *box(unsigned func)
	{
		const unsigned vf = func ? func : sel;

		return vf ? &boxes[vf] : nullptr;
	}
	void tell(unsigned func)
	{
		if (vec[func] & SNIC_MASK(MBOX_VEC, IRQ))
			events.push_back({ func, vec[func] & 15u });
	}
	void wr(unsigned func, uint32_t off, uint32_t v)
	{
		Box *b = box(func);

		if (off >= SNIC_REG_MBOX_DATA && off < SNIC_REG_MBOX_CTRL) {
			if (b && !(func ? b->vf_waits : b->pf_waits))
				(func ? b->from_vf : b->from_pf)[(off - SNIC_REG_MBOX_DATA) / 4] = v;
		} else if (off == SNIC_REG_MBOX_CTRL && b) {
			bool &mine = func ? b->vf_waits : b->pf_waits,
			     &theirs = func ? b->pf_waits : b->vf_waits;
			const bool send = v & SNIC_MASK(MBOX_CTRL, SEND) && !mine,
				   taken = v & SNIC_MASK(MBOX_CTRL, TAKEN) && theirs;

			if (!func && reset[sel])
				return;
			if (send)
				mine = true;
			if (taken)
				theirs = false;
			if (send || taken)
				tell(func ? 0 : sel);
		} else if (off == SNIC_REG_MBOX_VEC) {
			vec[func] = v & 31;
		} else if (!func && off == SNIC_REG_MBOX_SEL) {
			sel = v & 255;
		} else if (!func && off >= SNIC_REG_FUNC_ERR && off < SNIC_REG_FUNC_ERR + 32) {
			for (unsigned i = 0; i < 32; i++)
				if (v >> i & 1)
					err[(off - SNIC_REG_FUNC_ERR) * 8 + i] = false;
		} else if (!func && off >= SNIC_REG_VF_RESET && off < SNIC_REG_MBOX_PEND) {
			for (unsigned i = 0; i < 32; i++)
				if (v >> i & 1)
					reset[(off - SNIC_REG_VF_RESET) * 8 + i] = false;
		}
	}
	uint32_t rd(unsigned func, uint32_t off)
	{
		const Box *b = box(func);
		uint32_t v = 0;

		if (off >= SNIC_REG_MBOX_DATA && off < SNIC_REG_MBOX_CTRL)
			return b ? (func ? b->from_pf : b->from_vf)[(off - SNIC_REG_MBOX_DATA) / 4] : 0;
		if (off == SNIC_REG_MBOX_CTRL && b)
			return (func	      ? b->vf_waits
				: b->pf_waits ? SNIC_MASK(MBOX_CTRL, UNTAKEN)
					      : 0) |
			       ((func ? b->pf_waits : b->vf_waits) ? SNIC_MASK(MBOX_CTRL, WAITS) : 0);
		if (off == SNIC_REG_MBOX_VEC)
			return vec[func];
		if (func)
			return 0;
		if (off == SNIC_REG_MBOX_SEL)
			return sel;
		for (unsigned i = 0; i < 32; i++) {
			if (off >= SNIC_REG_VF_RESET && off < SNIC_REG_MBOX_PEND)
				v |= uint32_t(reset[(off - SNIC_REG_VF_RESET) * 8 + i]) << i;
			else if (off >= SNIC_REG_MBOX_PEND && off < SNIC_REG_MBOX_PEND + 32)
				v |= uint32_t(boxes[(off - SNIC_REG_MBOX_PEND) * 8 + i].vf_waits) << i;
			else if (off >= SNIC_REG_FUNC_ERR && off < SNIC_REG_FUNC_ERR + 32)
				v |= uint32_t(err[(off - SNIC_REG_FUNC_ERR) * 8 + i]) << i;
		}
		return v;
	}
	void clear(unsigned func)
	{
		if (func) {
			boxes[func] = Box();
			reset[func] = true;
			tell(0);
		} else {
			for (Box &b : boxes)
				b.vf_waits = b.pf_waits = false;
		}
		vec[func] = 0;
	}

	Box boxes[SNIC_N_FUNC];
	bool reset[SNIC_N_FUNC] = {}, err[SNIC_N_FUNC] = {};
	unsigned vec[SNIC_N_FUNC] = {}, sel = 0;
	std::deque<Event> events;
};

uint32_t some_reg(Bench &b)
{
	switch (b.pick(11)) {
	case 10:
		return SNIC_REG_AT(FUNC_ERR, b.pick(8));
	case 0:
		return SNIC_REG_MBOX_VEC;
	case 1:
		return SNIC_REG_AT(VF_RESET, b.pick(8));
	case 2:
		return SNIC_REG_AT(MBOX_PEND, b.pick(8));
	case 3:
	case 4:
		return SNIC_REG_MBOX_SEL;
	case 5:
	case 6:
	case 7:
		return SNIC_REG_MBOX_CTRL;
	default: // few, so that what was written is read
		return SNIC_REG_AT(MBOX_DATA, b.pick(2) * 15);
	}
}

void random_accesses()
{
	Bench b(cu_seed() + 5);
	Model m;

	for (unsigned i = 0; i < 200000; i++) {
		const unsigned func = b.pick(2) ? 0 : kVfs[b.pick(8)];
		const uint32_t off = some_reg(b);

		b.ready_pct = i / 1000 % 2 ? 100 : 20;
		if (b.pick(50) == 0) {
			const int tx = int(kVfs[b.pick(8)]), rx = b.pick(2) ? int(b.pick(256)) : -1;
			b.wait();
			b.queue_error(tx, rx);
			b.tick();
			b.wait();
			m.err[tx] = true;
			if (rx >= 0)
				m.err[rx] = true;
			m.tell(0);
		} else if (b.pick(200) == 0) {
			const unsigned who = b.pick(20) ? kVfs[b.pick(8)] : 0;
			b.clear(who, true);
			m.clear(who);
		} else if (b.pick(2)) {
			uint32_t v = uint32_t(cu_rand(&b.rng) >> 16);

			if (off == SNIC_REG_MBOX_SEL)
				v = b.pick(10) ? kVfs[b.pick(8)] : 0;
			b.wr(func, off, v);
			m.wr(func, off, v);
		} else if (b.pick(10) == 0) {
			const unsigned who = kVfs[b.pick(8)];
			const uint32_t want = m.rd(func, off);
			CU_ASSERT_EQUAL(b.rd(func, off, int(who)), want);
			m.clear(who);
		} else {
			const uint32_t want = m.rd(func, off);
			CU_ASSERT_EQUAL(b.rd(func, off), want);
		}
	}
	b.wait();
	CU_ASSERT(b.events.size() > 1000);
	CU_ASSERT(b.events == m.events);
	for (unsigned func = 0; func < SNIC_N_FUNC; func++)
		for (uint32_t off = SNIC_REG_MBOX_DATA; off <= SNIC_REG_MBOX_VEC; off += 4)
			CU_ASSERT_EQUAL(b.rd(func, off), m.rd(func, off));
}

// A conversation, as the drivers have it: what each step shows on both sides and whom it wakes.
void conversation()
{
	Bench b(cu_seed());
	const unsigned vf = 33;

	b.wr(0, SNIC_REG_MBOX_VEC, SNIC_MASK(MBOX_VEC, IRQ) | 3);
	b.wr(vf, SNIC_REG_MBOX_VEC, SNIC_MASK(MBOX_VEC, IRQ) | 9);
	for (unsigned i = 0; i < SNIC_MBOX_DWORDS; i++)
		b.wr(vf, SNIC_REG_AT(MBOX_DATA, i), 0xa00 + i);
	CU_ASSERT_EQUAL(b.rd(0, SNIC_REG_AT(MBOX_PEND, 1)), 0);
	b.wr(vf, SNIC_REG_MBOX_CTRL, SNIC_MASK(MBOX_CTRL, SEND));
	CU_ASSERT_EQUAL(b.rd(vf, SNIC_REG_MBOX_CTRL), SNIC_MASK(MBOX_CTRL, UNTAKEN));
	CU_ASSERT_EQUAL(b.rd(0, SNIC_REG_AT(MBOX_PEND, 1)), 2);
	CU_ASSERT_EQUAL(b.events.size(), 1);
	CU_ASSERT(b.events.back() == (Event{ 0, 3 }));
	// what waits cannot be changed, and asking again is not a second message
	b.wr(vf, SNIC_REG_AT(MBOX_DATA, 0), 0xbad);
	b.wr(vf, SNIC_REG_MBOX_CTRL, SNIC_MASK(MBOX_CTRL, SEND));
	b.wr(0, SNIC_REG_MBOX_SEL, vf);
	CU_ASSERT_EQUAL(b.rd(0, SNIC_REG_MBOX_CTRL), SNIC_MASK(MBOX_CTRL, WAITS));
	for (unsigned i = 0; i < SNIC_MBOX_DWORDS; i++)
		CU_ASSERT_EQUAL(b.rd(0, SNIC_REG_AT(MBOX_DATA, i)), 0xa00 + i);
	CU_ASSERT_EQUAL(b.events.size(), 1);
	// answer and acknowledgement in one
	b.wr(0, SNIC_REG_AT(MBOX_DATA, 5), 0x55);
	b.wr(0, SNIC_REG_MBOX_CTRL, SNIC_MASK(MBOX_CTRL, SEND) | SNIC_MASK(MBOX_CTRL, TAKEN));
	CU_ASSERT_EQUAL(b.rd(0, SNIC_REG_MBOX_CTRL), SNIC_MASK(MBOX_CTRL, UNTAKEN));
	CU_ASSERT_EQUAL(b.rd(vf, SNIC_REG_MBOX_CTRL), SNIC_MASK(MBOX_CTRL, WAITS));
	CU_ASSERT_EQUAL(b.rd(vf, SNIC_REG_AT(MBOX_DATA, 5)), 0x55);
	CU_ASSERT_EQUAL(b.rd(0, SNIC_REG_AT(MBOX_PEND, 1)), 0);
	CU_ASSERT_EQUAL(b.events.size(), 2);
	CU_ASSERT(b.events.back() == (Event{ vf, 9 }));
	b.wr(vf, SNIC_REG_MBOX_CTRL, SNIC_MASK(MBOX_CTRL, TAKEN));
	CU_ASSERT_EQUAL(b.rd(0, SNIC_REG_MBOX_CTRL) | b.rd(vf, SNIC_REG_MBOX_CTRL), 0);
	CU_ASSERT_EQUAL(b.events.size(), 3);
	CU_ASSERT(b.events.back() == (Event{ 0, 3 }));
	// nothing there to take
	b.wr(vf, SNIC_REG_MBOX_CTRL, SNIC_MASK(MBOX_CTRL, TAKEN));
	CU_ASSERT_EQUAL(b.events.size(), 3);
	// the PF is not a VF of its own
	b.wr(0, SNIC_REG_MBOX_SEL, 0);
	b.wr(0, SNIC_REG_AT(MBOX_DATA, 0), 1);
	b.wr(0, SNIC_REG_MBOX_CTRL, SNIC_MASK(MBOX_CTRL, SEND));
	CU_ASSERT_EQUAL(b.rd(0, SNIC_REG_MBOX_CTRL) | b.rd(0, SNIC_REG_AT(MBOX_DATA, 0)), 0);
	CU_ASSERT_EQUAL(b.events.size(), 3);
}

// A VF changes hands while the PF works on its last message: the answer goes nowhere, the next owner's message stays.
void reset_fence()
{
	Bench b(cu_seed());
	const unsigned vf = 200;

	b.wr(0, SNIC_REG_MBOX_SEL, vf);
	b.wr(vf, SNIC_REG_AT(MBOX_DATA, 0), 1);
	b.wr(vf, SNIC_REG_MBOX_CTRL, SNIC_MASK(MBOX_CTRL, SEND));
	CU_ASSERT_EQUAL(b.rd(0, SNIC_REG_AT(MBOX_DATA, 0)), 1);
	b.clear(vf, true);
	CU_ASSERT_EQUAL(b.rd(0, SNIC_REG_AT(MBOX_DATA, 0)), 0);
	b.wr(vf, SNIC_REG_AT(MBOX_DATA, 0), 2);
	b.wr(vf, SNIC_REG_MBOX_CTRL, SNIC_MASK(MBOX_CTRL, SEND));
	b.wr(0, SNIC_REG_MBOX_CTRL, SNIC_MASK(MBOX_CTRL, SEND) | SNIC_MASK(MBOX_CTRL, TAKEN));
	CU_ASSERT_EQUAL(b.rd(vf, SNIC_REG_MBOX_CTRL), SNIC_MASK(MBOX_CTRL, UNTAKEN));
	b.wr(0, SNIC_REG_AT(VF_RESET, vf / 32), 1u << vf % 32);
	CU_ASSERT_EQUAL(b.rd(0, SNIC_REG_AT(MBOX_DATA, 0)), 2);
	b.wr(0, SNIC_REG_MBOX_CTRL, SNIC_MASK(MBOX_CTRL, SEND) | SNIC_MASK(MBOX_CTRL, TAKEN));
	CU_ASSERT_EQUAL(b.rd(vf, SNIC_REG_MBOX_CTRL), SNIC_MASK(MBOX_CTRL, WAITS));
}

// Queues that stop on an error are told to the PF, whatever goes on in the same cycle.
void errors()
{
	Bench b(cu_seed());
	const Event told = { 0, 7 };

	b.wr(0, SNIC_REG_MBOX_VEC, SNIC_MASK(MBOX_VEC, IRQ) | 7);
	b.queue_error(5, 255);
	b.tick();
	b.wait();
	CU_ASSERT_EQUAL(b.events.size(), 1);
	CU_ASSERT(b.events.back() == told);
	CU_ASSERT_EQUAL(b.rd(0, SNIC_REG_FUNC_ERR), 1u << 5);
	CU_ASSERT_EQUAL(b.rd(0, SNIC_REG_AT(FUNC_ERR, 7)), 1u << 31);
	CU_ASSERT_EQUAL(b.rd(5, SNIC_REG_FUNC_ERR), 0); // none of a VF's business
	b.wr(5, SNIC_REG_FUNC_ERR, 1u << 5);
	CU_ASSERT_EQUAL(b.rd(0, SNIC_REG_FUNC_ERR), 1u << 5);
	// a bit is set while another one is cleared, and while it is cleared itself
	b.queue_error(6, -1);
	b.wr(0, SNIC_REG_FUNC_ERR, 1u << 5);
	CU_ASSERT_EQUAL(b.rd(0, SNIC_REG_FUNC_ERR), 1u << 6);
	b.queue_error(-1, 6);
	b.wr(0, SNIC_REG_FUNC_ERR, 1u << 6);
	CU_ASSERT_EQUAL(b.rd(0, SNIC_REG_FUNC_ERR), 1u << 6);
	CU_ASSERT_EQUAL(b.events.size(), 3);
	// with a message of a VF, each has its own interrupt; a reset of the function does not hide what it did
	b.queue_error(9, -1);
	b.wr(9, SNIC_REG_MBOX_CTRL, SNIC_MASK(MBOX_CTRL, SEND));
	b.wait();
	CU_ASSERT_EQUAL(b.events.size(), 5);
	b.queue_error(10, -1);
	b.clear(10, true);
	CU_ASSERT_EQUAL(b.events.size(), 7);
	CU_ASSERT(b.events.back() == told);
	CU_ASSERT_EQUAL(b.rd(0, SNIC_REG_FUNC_ERR), 1u << 6 | 1u << 9 | 1u << 10);
}

const struct cu_test tests[] = {
	{ "mbox", "conversation", conversation },
	{ "mbox", "reset_fence", reset_fence },
	{ "mbox", "errors", errors },
	{ "mbox", "random_accesses", random_accesses },
	{ nullptr, nullptr, nullptr },
};

} // namespace

int main(int argc, char **argv)
{
	Verilated::randReset(2);
	return cu_main(argc, argv, tests);
}
