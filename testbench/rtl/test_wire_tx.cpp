// SPDX-License-Identifier: BSD-2-Clause
// wire_tx against a model of the packet buffers: frames leave in the order of their records, tags edited,
// padded with zeros to the shortest frame, counted, and at a beat a cycle.
#include <deque>
#include <memory>

#include "Vwire_tx.h"
#include "buf_model.h"

namespace {

struct Load {
	unsigned frames, len_min, len_max;
	unsigned edits;				 // 1: none, 4: any
	unsigned gnt_stall, out_stall, rec_idle; // percent of cycles
};

struct Expect {
	BufFrame f;
	std::vector<uint8_t> bytes;
};

// A field of egress_t (w bits at lsb) in the port.
template <typename T> void set_bits(T &port, unsigned lsb, unsigned w, uint64_t v)
{
	for (unsigned i = 0; i < w; i++, lsb++) {
		uint32_t m = 1u << lsb % 32;
		port[lsb / 32] = (port[lsb / 32] & ~m) | (v >> i & 1 ? m : 0);
	}
}

// egress_t from its end: info 26, hit 2, mark 24, rss 32, tci 16, ad 1, has_vlan 1, push_tci 16, push 1, pop 1,
// func 8, flood 1, src 9, pkt 39.
constexpr unsigned kPushTci = 26 + 2 + 24 + 32 + 16 + 1 + 1, kPush = kPushTci + 16, kPop = kPush + 1;
constexpr unsigned kPkt = kPop + 1 + 8 + 1 + 9, kRecBits = kPkt + 39;
constexpr unsigned kEdit = 28; // act_edit_t

uint64_t run(const Load &l, uint64_t salt)
{
	std::unique_ptr<Vwire_tx> d(new Vwire_tx);
	uint64_t rng = cu_seed() * 100 + salt;
	BufModel buf(&rng);
	std::deque<Expect> out;
	std::deque<BufFrame> rel;
	std::deque<size_t> counted; // bytes of the frames that were counted and are not out yet
	bool have = false;
	unsigned made = 0, pos = 0, errors = 0, pkts = 0;
	uint64_t cycle = 0, first = 0, last = 0, beats = 0, padded = 0;
	VlWide<16> *const data[3] = { &d->rd_data0_i, &d->rd_data1_i, &d->rd_data2_i };
	auto rnd = [&](unsigned n) { return unsigned(cu_rand(&rng) % n); };

	for (; (made < l.frames || !out.empty() || !rel.empty()) && cycle < 2000000 && errors < 10; cycle++) {
		d->clk_i = 0;
		d->rst_ni = cycle >= 3;
		if (!have && made < l.frames && cycle >= 3 && rnd(100) >= l.rec_idle) {
			// what is left of a tunnel's frame may be shorter than any other
			unsigned edit = rnd(l.edits), tci = rnd(65536),
				 strip = rnd(4) || l.edits < 2 ? 0 : 2 * rnd(32);
			unsigned len = l.len_min + rnd(l.len_max - l.len_min + 1);
			BufFrame f = buf.make(rnd(3), strip && rnd(2) ? strip + 18 + rnd(60) : len + strip);
			std::vector<uint8_t> e = f.data;
			e.erase(e.begin(), e.begin() + strip);
			if (edit & 1)
				e.erase(e.begin() + 12, e.begin() + 16);
			if (edit & 2) {
				const uint8_t tag[4] = { 0x81, 0x00, uint8_t(tci >> 8), uint8_t(tci) };
				e.insert(e.begin() + 12, tag, tag + 4);
			}
			if (e.size() < 60) {
				e.resize(60);
				padded++;
			}
			for (auto &w : d->rec_i.m_storage)
				w = unsigned(cu_rand(&rng));
			d->rec_i[kRecBits / 32] &= (1u << kRecBits % 32) - 1;
			d->rec_i[kRecBits / 32 + 1] = 0; // act_edit_t: nothing to write
			set_bits(d->rec_i, kRecBits + 9 + kEdit, 6, strip);
			set_bits(d->rec_i, kRecBits + 9 + kEdit + 6 + 8, 1, 0); // no headers in front
			set_bits(d->rec_i, kPushTci, 16, tci);
			set_bits(d->rec_i, kPush, 1, edit >> 1);
			set_bits(d->rec_i, kPop, 1, edit & 1);
			set_bits(d->rec_i, kPkt, 39, pkt_ref(f));
			have = true;
			out.push_back({ f, e });
			rel.push_back(f);
		}
		d->rec_valid_i = have;
		d->mac_ready_i = rnd(100) >= l.out_stall;
		d->rd_gnt_i = 0;
		buf.data(data);
		d->eval();
		d->rd_gnt_i = buf.grant(d->rd_req_o, l.gnt_stall);
		d->eval();
		if (d->rst_ni) {
			if (d->rel_o) {
				if (rel.empty() || d->rel_o != 1u << rel.front().buf ||
				    d->rel_slot_o != rel.front().slot)
					errors++;
				else
					rel.pop_front();
			}
			// a frame is counted when it is on its way to the MAC, whose ready comes a register later
			if (d->stat_pkt_o)
				counted.push_back(d->stat_bytes_o);
			if (d->mac_valid_o && d->mac_ready_i && !out.empty()) {
				const auto &e = out.front().bytes;
				unsigned n = std::min<size_t>(64, e.size() - pos);
				bool eop = pos + n == e.size();
				beats++;
				last = cycle;
				if (!first)
					first = cycle;
				if (d->mac_sop_o != (pos == 0) || d->mac_eop_o != eop ||
				    d->mac_bytes_o != n || memcmp(d->mac_data_o.data(), &e[pos], n))
					errors++;
				if (eop && (counted.empty() || counted.front() != e.size()))
					errors++;
				if (eop && !counted.empty())
					counted.pop_front();
				pos = eop ? 0 : pos + 64;
				pkts += eop;
				if (eop)
					out.pop_front();
			} else if (d->mac_valid_o && out.empty()) {
				errors++;
			}
			// the record that is offered in this cycle is not inside yet
			if (d->idle_o && out.size() > (have ? 1 : 0))
				errors++;
		}
		buf.clock(d->rd_gnt_i, d->rd_cell_o);
		if (have && d->rec_ready_o) {
			have = false;
			made++;
		}
		d->clk_i = 1;
		d->eval();
	}
	CU_ASSERT_EQUAL(errors, 0);
	CU_ASSERT_EQUAL(pkts, l.frames);
	CU_ASSERT(counted.empty());
	CU_ASSERT(l.edits == 1 || l.len_max > 68 || padded > 0);
	d->clk_i = 0;
	d->rec_valid_i = 0;
	d->rd_gnt_i = 0;
	d->eval();
	CU_ASSERT(d->idle_o);
	return 1000 * beats / (last - first + 1);
}

void patterns(void)
{
	static const unsigned kStall[][3] = {
		{ 0, 0, 0 }, { 50, 0, 0 }, { 0, 50, 0 }, { 0, 0, 50 }, { 30, 30, 30 }, { 5, 90, 5 },
	};
	uint64_t salt = 1;

	for (auto &s : kStall) {
		run({ 1000, 60, 68, 4, s[0], s[1], s[2] }, salt++);
		run({ 500, 60, 400, 4, s[0], s[1], s[2] }, salt++);
		run({ 500, 60, 400, 1, s[0], s[1], s[2] }, salt++);
	}
	run({ 40, 9000, 9216, 4, 5, 5, 5 }, salt);
}

void full_rate(void)
{
	CU_ASSERT_EQUAL(run({ 3000, 60, 64, 1, 0, 0, 0 }, 60), 1000);
	CU_ASSERT_EQUAL(run({ 3000, 65, 65, 1, 0, 0, 0 }, 61), 1000);
	CU_ASSERT_EQUAL(run({ 100, 1500, 9216, 1, 0, 0, 0 }, 62), 1000);
}

const struct cu_test kTests[] = {
	{ "wire_tx", "patterns", patterns },
	{ "wire_tx", "full_rate", full_rate },
	{},
};

} // namespace

int main(int argc, char **argv)
{
	Verilated::randReset(2);
	return cu_main(argc, argv, kTests);
}
