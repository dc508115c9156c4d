// SPDX-License-Identifier: BSD-2-Clause
// egress_rd against a model of the packet buffers: every byte of every frame once and in order, a release for
// each last copy, and a beat a cycle whatever the frames' lengths and buffers.
#include <deque>
#include <memory>

#include "Vegress_rd.h"
#include "buf_model.h"

namespace {

struct Load {
	unsigned frames, len_min, len_max;
	unsigned gnt_stall, out_stall, req_idle; // percent of cycles
	unsigned copies;			 // each frame is read so often
};

uint64_t run(const Load &l, uint64_t salt)
{
	std::unique_ptr<Vegress_rd> d(new Vegress_rd);
	uint64_t rng = cu_seed() * 100 + salt;
	BufModel buf(&rng);
	std::deque<BufFrame> out, rel;
	BufFrame cur;
	bool have = false;
	unsigned made = 0, copy = 0, pos = 0, errors = 0;
	uint64_t cycle = 0, first = 0, last = 0, beats = 0;
	VlWide<16> *const data[3] = { &d->rd_data0_i, &d->rd_data1_i, &d->rd_data2_i };
	auto rnd = [&](unsigned n) { return unsigned(cu_rand(&rng) % n); };

	d->rst_ni = 0;
	for (; (made < l.frames || !out.empty() || !rel.empty()) && cycle < 4000000 && errors < 10; cycle++) {
		d->clk_i = 0;
		d->rst_ni = cycle >= 3;
		if (!have && made < l.frames && cycle >= 3 && rnd(100) >= l.req_idle) {
			if (copy == 0)
				cur = buf.make(rnd(3), l.len_min + rnd(l.len_max - l.len_min + 1));
			have = true;
			out.push_back(cur);
		}
		d->req_valid_i = have;
		d->req_pkt_i = have ? pkt_ref(cur) : 0;
		d->req_last_i = copy == l.copies - 1;
		d->ready_i = rnd(100) >= l.out_stall;
		d->rd_gnt_i = 0;
		buf.data(data);
		d->eval();
		d->rd_gnt_i = buf.grant(d->rd_req_o, l.gnt_stall);
		d->eval();

		if (d->rst_ni && d->rel_o) {
			if (rel.empty() || d->rel_o != 1u << rel.front().buf ||
			    d->rel_slot_o != rel.front().slot)
				errors++;
			else
				rel.pop_front();
		}
		if (d->rst_ni && d->valid_o && d->ready_i) {
			beats++;
			last = cycle;
			if (!first)
				first = cycle;
			if (out.empty()) {
				errors++;
			} else {
				const BufFrame &f = out.front();
				unsigned n = std::min(64u, f.len - pos);
				bool eop = pos + n == f.len;
				if (d->sop_o != (pos == 0) || d->eop_o != eop || d->bytes_o != n ||
				    memcmp(d->data_o.data(), &f.data[pos], n))
					errors++;
				pos = eop ? 0 : pos + 64;
				if (eop)
					out.pop_front();
			}
		}
		if (d->rst_ni && (d->req_valid_i || d->valid_o) && d->idle_o)
			errors++;
		buf.clock(d->rd_gnt_i, d->rd_cell_o);
		if (have && d->req_ready_o) {
			have = false;
			if (d->req_last_i)
				rel.push_back(cur);
			if (++copy == l.copies) {
				copy = 0;
				made++;
			}
		}
		d->clk_i = 1;
		d->eval();
	}
	CU_ASSERT_EQUAL(errors, 0);
	CU_ASSERT_EQUAL(made, l.frames);
	CU_ASSERT_EQUAL(buf.reads, beats);
	d->clk_i = 0;
	d->req_valid_i = 0;
	d->rd_gnt_i = 0;
	d->eval();
	CU_ASSERT(d->idle_o);
	CU_ASSERT(beats > 0);
	return 1000 * beats / (last - first + 1); // beats per 1000 cycles
}

void patterns(void)
{
	static const unsigned kStall[][3] = {
		{ 0, 0, 0 },	{ 50, 0, 0 },  { 0, 50, 0 }, { 0, 0, 50 },
		{ 30, 30, 30 }, { 80, 10, 5 }, { 5, 90, 5 },
	};
	uint64_t salt = 1;

	for (auto &s : kStall) {
		run({ 500, 60, 64, s[0], s[1], s[2], 1 }, salt++);
		run({ 300, 60, 400, s[0], s[1], s[2], 1 }, salt++);
		run({ 200, 60, 200, s[0], s[1], s[2], 3 }, salt++);
	}
}

void jumbo(void)
{
	run({ 50, 9100, 9216, 10, 10, 10, 1 }, 50);
}

void full_rate(void)
{
	CU_ASSERT_EQUAL(run({ 3000, 60, 64, 0, 0, 0, 1 }, 60), 1000);
	CU_ASSERT_EQUAL(run({ 3000, 65, 65, 0, 0, 0, 1 }, 61), 1000);
	CU_ASSERT_EQUAL(run({ 100, 1500, 9216, 0, 0, 0, 1 }, 62), 1000);
}

const struct cu_test kTests[] = {
	{ "egress_rd", "patterns", patterns },
	{ "egress_rd", "jumbo", jumbo },
	{ "egress_rd", "full_rate", full_rate },
	{},
};

} // namespace

int main(int argc, char **argv)
{
	Verilated::randReset(2);
	return cu_main(argc, argv, kTests);
}
