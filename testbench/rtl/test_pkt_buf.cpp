// SPDX-License-Identifier: BSD-2-Clause
// pkt_buf against a model of it: what is written comes back to the parser and to each egress, sums are right,
// slots are freed in order and only when all egresses let go, and every port keeps its rate.
#include <cstdio>
#include <cstring>
#include <deque>
#include <memory>
#include <vector>

#include "Vpkt_buf.h"
#include "cu_main.h"
#include "verilated.h"

namespace {

constexpr unsigned kCells = 4096, kSlots = 2048, kRoom = 145;

struct Frame {
	unsigned slot, cell, cells, len, src;
	std::vector<uint8_t> data;
	unsigned mask = 0;
	unsigned released = 0;
	bool decided = false;
};

struct Ref {
	unsigned buf_id, slot, cell, len;
};

// pkt_ref_t: buf_id[38:37] slot[36:26] cell[25:14] len[13:0]
Ref unpack(uint64_t v)
{
	unsigned lo = unsigned(v), hi = unsigned(v >> 26);

	return { hi >> 11 & 3, hi & 0x7ff, lo >> 14 & 0xfff, lo & 0x3fff };
}

unsigned ones_sum(const std::vector<uint8_t> &d)
{
	uint32_t s = 0;

	for (size_t i = 0; i < d.size(); i++)
		s += i & 1 ? d[i] : d[i] << 8;
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	return s;
}

// Bytes in a 512-bit port.
void put(VlWide<16> &w, const uint8_t *p)
{
	memcpy(w.data(), p, 64);
}

struct Bench {
	std::unique_ptr<Vpkt_buf> dut{ new Vpkt_buf };
	uint64_t rng;
	uint64_t cycle = 0;

	explicit Bench(uint64_t salt) : rng(cu_seed() * 1000 + salt)
	{
		dut->rst_ni = 0;
		clear();
		for (int i = 0; i < 3; i++)
			tick();
		dut->rst_ni = 1;
		while (!dut->init_done_o)
			tick();
		tick();
		tick();
	}

	unsigned rnd(unsigned n) { return unsigned(cu_rand(&rng) % n); }

	void clear()
	{
		dut->alloc_i = dut->wr_valid_i = dut->wr_hi_valid_i = dut->wr_abort_i = dut->commit_i = 0;
		dut->dec_i = dut->rd_req_i = dut->rel_i = dut->hdr_ready_i = 0;
	}

	// Outputs settle for the inputs set so far.
	void settle()
	{
		dut->clk_i = 0;
		dut->eval();
	}

	// While it is idle, its clock stands.
	void tick()
	{
		settle();
		dut->clk_i = !dut->rst_ni || !dut->idle_o;
		dut->eval();
		cycle++;
	}

	void rel_slot(unsigned e, unsigned slot)
	{
		dut->rel_i |= 1 << e;
		of_egress(&dut->rel_slot_i, 11, e, slot);
	}

	void rd_cell(unsigned e, unsigned cell)
	{
		dut->rd_req_i |= 1 << e;
		of_egress(&dut->rd_cell_i, 12, e, cell);
	}

	unsigned held(unsigned e) { return dut->held_o >> 13 * e & 0x1fff; }
	// Of several egresses in one port, that of egress e.
	static void of_egress(uint64_t *word, unsigned width, unsigned e, uint64_t value)
	{
		*word = (*word & ~(((1ull << width) - 1) << width * e)) | value << width * e;
	}

	// Writes bytes [from, to) of a frame (within two cells). Bytes of the last cell behind the frame may
	// be enabled.
	void write(const Frame &f, unsigned from, unsigned to)
	{
		uint8_t beat[128] = {};
		uint64_t be[2] = {};
		unsigned idx = from / 64, end = to;

		memcpy(beat + from % 64, f.data.data() + from, to - from);
		if (to == f.len && rnd(2))
			end = (to + 63) / 64 * 64;
		for (unsigned i = from; i < end; i++)
			be[(i - idx * 64) / 64] |= 1ull << i % 64;
		dut->wr_valid_i = 1;
		dut->wr_slot_i = f.slot;
		dut->wr_cell_i = (f.cell + idx) % kCells;
		put(dut->wr_lo_data_i, beat);
		put(dut->wr_hi_data_i, beat + 64);
		dut->wr_lo_be_i = be[0];
		dut->wr_hi_be_i = be[1];
		dut->wr_hi_valid_i = be[1] != 0;
	}
};

enum Writer { kWire, kHost };

struct Load {
	Writer writer;
	unsigned frames;
	unsigned len_min, len_max;
	unsigned wr_idle, hdr_stall, eg_idle; // percent of cycles
	unsigned bad;			      // percent of the wire's frames: given up at their end
	unsigned mask_fixed;		      // 0: random masks
};

// One egress of the model: reads the frames it was given in order, checks the bytes, lets go.
struct Egress {
	std::deque<std::shared_ptr<Frame>> queue;
	unsigned beat = 0;
};

struct Result {
	uint64_t cycles; // first write to last release
	unsigned max_held;
};

Result run(Bench &b, const Load &l)
{
	auto &d = *b.dut;
	std::deque<std::shared_ptr<Frame>> order; // committed, not yet seen at the header port
	std::deque<std::shared_ptr<Frame>> to_decide;
	std::deque<std::shared_ptr<Frame>> live;  // all that hold cells, oldest first
	std::vector<std::shared_ptr<Frame>> open; // host: frames being written
	std::vector<std::vector<std::pair<unsigned, unsigned>>> chunks;
	std::deque<std::shared_ptr<Frame>> uncommitted;
	std::vector<std::shared_ptr<Frame>> complete;
	Egress eg[3];
	std::shared_ptr<Frame> cur, rd_pend;
	unsigned cur_beat = 0, made = 0, seen = 0, hdr_beat = 0, rd_pend_beat = 0, errors = 0;
	bool cur_bad = false;
	std::vector<std::pair<unsigned, std::shared_ptr<Frame>>> late_rel;
	Result r = {};
	uint64_t start = b.cycle, guard = b.cycle + 2000000;

	auto make = [&](unsigned slot, unsigned cell) {
		auto f = std::make_shared<Frame>();
		f->len = l.len_min + b.rnd(l.len_max - l.len_min + 1);
		f->cells = (f->len + 63) / 64;
		f->slot = slot;
		f->cell = cell;
		f->src = b.rnd(512);
		f->data.resize(f->len);
		for (auto &x : f->data)
			x = uint8_t(cu_rand(&b.rng) >> 32);
		return f;
	};
	auto commit = [&](const Frame &f) {
		d.commit_i = 1;
		d.commit_slot_i = f.slot;
		d.commit_cell_i = f.cell;
		d.commit_len_i = f.len;
		d.commit_src_i = f.src;
	};
	auto fail = [&](const char *what) {
		if (errors++ < 5)
			fprintf(stderr, "cycle %lu: %s\n", (unsigned long)b.cycle, what);
	};

	while ((made < l.frames || !live.empty()) && b.cycle < guard && errors < 20) {
		b.clear();
		b.settle();
		// what the buffer may have freed by now; the rest must not be overwritten
		while (!live.empty() && live.front()->decided && live.front()->released == live.front()->mask)
			live.pop_front();

		if (d.empty_o && !live.empty() && !live.back()->decided)
			fail("empty with a frame inside");

		// writer
		bool go = b.rnd(100) >= l.wr_idle;
		if (l.writer == kWire) {
			if (!cur && made < l.frames && go && d.alloc_ok_o) {
				cur = make(d.alloc_slot_o, d.alloc_cell_o);
				cur_beat = 0;
				cur_bad = b.rnd(100) < l.bad;
			}
			if (cur && go) {
				unsigned from = cur_beat * 64, to = std::min(from + 64, cur->len);
				bool eop = to == cur->len;
				if (d.alloc_slot_o != cur->slot || d.alloc_cell_o != cur->cell)
					fail("free end moved");
				if (eop && cur_bad) {
					d.wr_abort_i = 1;
					cur.reset();
				} else {
					b.write(*cur, from, to);
					cur_beat++;
				}
				if (cur && eop) {
					d.alloc_i = 1;
					d.alloc_cells_i = cur->cells;
					commit(*cur);
					order.push_back(cur);
					live.push_back(cur);
					made++;
					cur.reset();
				}
			}
		} else {
			if (made < l.frames && d.alloc_ok_o && open.size() < 16 && go) {
				auto f = make(d.alloc_slot_o, d.alloc_cell_o);
				d.alloc_i = 1;
				d.alloc_cells_i = f->cells;
				made++;
				open.push_back(f);
				uncommitted.push_back(f);
				live.push_back(f);
				std::vector<std::pair<unsigned, unsigned>> c;
				for (unsigned p = 0; p < f->len;) {
					unsigned n = std::min(1 + b.rnd(3) * 31 + b.rnd(2), f->len - p);
					c.push_back({ p, p + n });
					p += n;
				}
				chunks.push_back(c);
			}
			if (!open.empty() && go) {
				unsigned i = b.rnd(unsigned(open.size()));
				auto &c = chunks[i];
				if (!c.empty()) {
					unsigned k = b.rnd(unsigned(c.size()));
					b.write(*open[i], c[k].first, c[k].second);
					c.erase(c.begin() + k);
				}
				if (c.empty()) {
					complete.push_back(open[i]);
					open.erase(open.begin() + i);
					chunks.erase(chunks.begin() + i);
				}
			}
			if (!uncommitted.empty()) {
				for (size_t i = 0; i < complete.size(); i++)
					if (complete[i] == uncommitted.front()) {
						commit(*complete[i]);
						order.push_back(complete[i]);
						uncommitted.pop_front();
						complete.erase(complete.begin() + i);
						break;
					}
			}
		}

		std::shared_ptr<Frame> now; // decided in this cycle

		// decisions, a while after the headers
		if (!to_decide.empty() && (l.eg_idle == 0 || b.rnd(4))) {
			auto f = to_decide.front();
			to_decide.pop_front();
			now = f;
			f->mask = l.mask_fixed ? l.mask_fixed : b.rnd(8);
			f->decided = true;
			d.dec_i = 1;
			d.dec_slot_i = f->slot;
			d.dec_mask_i = f->mask;
		}

		// egresses
		std::shared_ptr<Frame> want[3];
		for (unsigned e = 0; e < 3; e++)
			if (!eg[e].queue.empty() && b.rnd(100) >= l.eg_idle) {
				want[e] = eg[e].queue.front();
				b.rd_cell(e, (want[e]->cell + eg[e].beat) % kCells);
			}
		for (size_t i = 0; i < late_rel.size();) {
			unsigned e = late_rel[i].first;
			if (!(d.rel_i >> e & 1) && (l.eg_idle == 0 || b.rnd(3))) {
				b.rel_slot(e, late_rel[i].second->slot);
				late_rel[i].second->released |= 1 << e;
				late_rel.erase(late_rel.begin() + i);
			} else {
				i++;
			}
		}
		d.hdr_ready_i = b.rnd(100) >= l.hdr_stall;
		b.settle();

		unsigned gnt = d.rd_gnt_o;
		if ((gnt & ~d.rd_req_i) || (gnt & (gnt - 1)) || (d.rd_req_i && !gnt))
			fail("grant");
		// data of the grant before
		if (rd_pend) {
			unsigned n = std::min(64u, rd_pend->len - rd_pend_beat * 64);
			if (memcmp(d.rd_data_o.data(), rd_pend->data.data() + rd_pend_beat * 64, n))
				fail("egress data");
			rd_pend.reset();
		}
		for (unsigned e = 0; e < 3; e++)
			if (gnt >> e & 1) {
				rd_pend = want[e];
				rd_pend_beat = eg[e].beat++;
				if (eg[e].beat == want[e]->cells) {
					late_rel.push_back({ e, want[e] });
					eg[e].queue.pop_front();
					eg[e].beat = 0;
				}
			}
		// a decision reaches the egresses a cycle later at the earliest
		for (unsigned e = 0; now && e < 3; e++)
			if (now->mask >> e & 1)
				eg[e].queue.push_back(now);
		// header beats
		if (d.hdr_valid_o && d.hdr_ready_i) {
			if (order.empty()) {
				fail("header of no frame");
			} else {
				auto f = order.front();
				Ref p = unpack(d.hdr_pkt_o);
				unsigned n = std::min(64u, f->len - hdr_beat * 64);
				bool eop = hdr_beat == std::min(4u, f->cells) - 1;
				if (memcmp(d.hdr_data_o.data(), f->data.data() + hdr_beat * 64, n))
					fail("header data");
				if (d.hdr_sop_o != (hdr_beat == 0) || d.hdr_eop_o != eop)
					fail("header sop/eop");
				if (p.buf_id != 0 || p.slot != f->slot || p.cell != f->cell ||
				    p.len != f->len || d.hdr_src_o != f->src)
					fail("header reference");
				if (d.hdr_sop_o) {
					unsigned s = ones_sum(f->data);
					// 0 and 0xffff are the same number
					if (d.hdr_sum_o % 0xffff != s % 0xffff)
						fail("sum");
				}
				hdr_beat++;
				if (eop) {
					hdr_beat = 0;
					seen++;
					order.pop_front();
					to_decide.push_back(f);
				}
			}
		}
		for (unsigned e = 0; e < 3; e++) {
			r.max_held = std::max(r.max_held, b.held(e));
			if (b.held(e) > kCells)
				fail("held");
		}
		b.tick();
	}
	CU_ASSERT_EQUAL_FATAL(errors, 0);
	CU_ASSERT(b.cycle < guard);
	r.cycles = b.cycle - start;
	b.clear();
	for (int i = 0; i < 16; i++)
		b.tick();
	b.settle();
	CU_ASSERT(d.idle_o && d.empty_o);
	for (unsigned e = 0; e < 3; e++)
		CU_ASSERT_EQUAL(b.held(e), 0);
	CU_ASSERT(order.empty() && seen > 0);
	return r;
}

void wire_random(void)
{
	Bench b(1);

	run(b, { kWire, 3000, 60, 600, 20, 20, 20, 20, 0 });
	run(b, { kWire, 3000, 60, 130, 0, 0, 0, 10, 0 });
}

void wire_jumbo(void)
{
	Bench b(2);

	run(b, { kWire, 300, 9000, 9216, 5, 5, 5, 20, 0 });
}

void host_random(void)
{
	Bench b(3);

	run(b, { kHost, 3000, 60, 300, 0, 20, 20, 0, 0 });
	run(b, { kHost, 300, 60, 9216, 10, 0, 10, 0, 0 });
	run(b, { kHost, 5000, 60, 64, 0, 0, 0, 0, 4 });
}

// One beat a cycle through every port, one-cell frames.
void rate_small(void)
{
	Bench b(5);
	Result r = run(b, { kWire, 20000, 60, 64, 0, 0, 0, 0, 4 });

	printf("  one-cell frames: %.3f a cycle\n", 20000.0 / double(r.cycles));
	CU_ASSERT(r.cycles < 20000 + 40);
}

void rate_two_cells(void)
{
	Bench b(6);
	Result r = run(b, { kWire, 10000, 65, 128, 0, 0, 0, 0, 1 });

	printf("  two-cell frames: %.3f beats a cycle\n", 20000.0 / double(r.cycles));
	CU_ASSERT(r.cycles < 20000 + 40);
}

// Nothing leaves: allocation stops with room for one frame short of what there is, and nothing is
// overwritten.
void fills_up(void)
{
	for (int small = 0; small < 2; small++) {
		Bench b(7);
		auto &d = *b.dut;
		unsigned n = 0, cells = 0, each = small ? 1 : 2;

		for (int i = 0; i < 6000; i++) {
			b.clear();
			b.settle();
			if (d.alloc_ok_o) {
				CU_ASSERT_EQUAL_FATAL(d.alloc_slot_o, n % kSlots);
				CU_ASSERT_EQUAL_FATAL(d.alloc_cell_o, cells % kCells);
				d.alloc_i = 1;
				d.alloc_cells_i = each;
				d.commit_i = 1;
				d.commit_slot_i = d.alloc_slot_o;
				d.commit_cell_i = d.alloc_cell_o;
				d.commit_len_i = 64 * each;
				n++;
				cells += each;
			}
			b.tick();
		}
		if (small)
			CU_ASSERT_EQUAL(n, kSlots)
		else
			CU_ASSERT(cells <= kCells - kRoom + 2 && cells > kCells - kRoom - 2);
	}
}

// A frame is freed only after the older one, and held counters follow decision and release.
void frees_in_order(void)
{
	Bench b(8);
	auto &d = *b.dut;

	for (unsigned i = 0; i < 2; i++) {
		b.clear();
		b.settle();
		d.alloc_i = d.commit_i = 1;
		d.alloc_cells_i = 3;
		d.commit_slot_i = i;
		d.commit_cell_i = 3 * i;
		d.commit_len_i = 190;
		b.tick();
	}
	b.clear();
	d.hdr_ready_i = 1;
	for (int i = 0; i < 20; i++)
		b.tick();
	for (unsigned i = 0; i < 2; i++) {
		b.clear();
		d.dec_i = 1;
		d.dec_slot_i = i;
		d.dec_mask_i = 5;
		b.tick();
	}
	b.clear();
	for (int i = 0; i < 4; i++)
		b.tick();
	CU_ASSERT_EQUAL(b.held(0), 6);
	CU_ASSERT_EQUAL(b.held(1), 0);
	CU_ASSERT_EQUAL(b.held(2), 6);
	b.rel_slot(0, 1);
	b.rel_slot(2, 0);
	b.tick();
	b.clear();
	b.rel_slot(2, 1);
	b.tick();
	b.clear();
	for (int i = 0; i < 8; i++)
		b.tick();
	CU_ASSERT_EQUAL(b.held(0), 3);
	CU_ASSERT_EQUAL(b.held(2), 0);
	CU_ASSERT(d.idle_o && !d.empty_o);
	b.rel_slot(0, 0);
	b.tick();
	b.clear();
	for (int i = 0; i < 8; i++)
		b.tick();
	CU_ASSERT_EQUAL(b.held(0), 0);
	CU_ASSERT(d.idle_o && d.empty_o);
}

// Three egresses that always ask get the read port in turn.
void read_port_is_shared(void)
{
	Bench b(9);
	unsigned count[3] = {};

	for (int i = 0; i < 300; i++) {
		b.clear();
		for (unsigned e = 0; e < 3; e++)
			b.rd_cell(e, 0);
		b.settle();
		for (unsigned e = 0; e < 3; e++)
			count[e] += b.dut->rd_gnt_o >> e & 1;
		b.tick();
	}
	for (unsigned e = 0; e < 3; e++)
		CU_ASSERT_EQUAL(count[e], 100);
}

const struct cu_test kTests[] = {
	{ "pkt_buf", "wire_random", wire_random },
	{ "pkt_buf", "wire_jumbo", wire_jumbo },
	{ "pkt_buf", "host_random", host_random },
	{ "pkt_buf", "rate_small", rate_small },
	{ "pkt_buf", "rate_two_cells", rate_two_cells },
	{ "pkt_buf", "fills_up", fills_up },
	{ "pkt_buf", "frees_in_order", frees_in_order },
	{ "pkt_buf", "read_port_is_shared", read_port_is_shared },
	{},
};

} // namespace

int main(int argc, char **argv)
{
	Verilated::randReset(2);
	return cu_main(argc, argv, kTests);
}
