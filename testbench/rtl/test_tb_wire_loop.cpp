// SPDX-License-Identifier: BSD-2-Clause
// wire_rx, pkt_buf and wire_tx in a loop: every good frame comes out whole and in order, bad ones leave no
// trace in the sums of those after them, an overload loses frames at the way in only, and line rate is kept
// at every frame length.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <deque>
#include <memory>
#include <vector>

#include "Vtb_wire_loop.h"
#include "cu_main.h"
#include "verilated.h"

namespace {

using Bytes = std::vector<uint8_t>;

struct Load {
	unsigned frames, len_min, len_max;
	unsigned bad;			    // percent of frames with a wrong FCS or too short
	unsigned gap, hdr_stall, out_stall; // percent of cycles
	bool push;
};

struct Result {
	uint64_t cycles, beats_in, dropped;
};

unsigned ones_sum(const Bytes &d)
{
	uint32_t s = 0;

	for (size_t i = 0; i < d.size(); i++)
		s += i & 1 ? d[i] : d[i] << 8;
	return s % 0xffff;
}

Result run(const Load &l, uint64_t salt)
{
	std::unique_ptr<Vtb_wire_loop> d(new Vtb_wire_loop);
	uint64_t rng = cu_seed() * 100 + salt, cycle = 0, first = 0, last = 0;
	std::deque<Bytes> sums, out;
	std::deque<std::pair<uint64_t, Bytes>> fate; // whole frames, a cycle before a drop shows
	Bytes cur;
	bool bad = false;
	unsigned sent = 0, in = 0, pos = 0, errors = 0, quiet = 0;
	Result r = {};
	auto rnd = [&](unsigned n) { return unsigned(cu_rand(&rng) % n); };

	d->rst_ni = 0;
	for (; quiet < 50 && cycle < 3000000 && errors < 10; cycle++) {
		d->clk_i = 0;
		d->rst_ni = cycle >= 3;
		d->mac_valid_i = 0;
		d->push_i = l.push;
		d->hdr_ready_i = rnd(100) >= l.hdr_stall;
		d->mac_ready_i = rnd(100) >= l.out_stall;
		if (cycle > 3 && d->init_done_o && (sent < l.frames || !cur.empty()) && rnd(100) >= l.gap) {
			if (cur.empty()) {
				bad = rnd(100) < l.bad;
				unsigned len = l.len_min + rnd(l.len_max - l.len_min + 1);
				cur.resize(bad && rnd(2) ? 1 + rnd(59) : len);
				for (auto &x : cur)
					x = uint8_t(cu_rand(&rng) >> 25);
				sent++;
			}
			unsigned n = std::min<size_t>(64, cur.size() - in);
			memcpy(d->mac_data_i.data(), &cur[in], n);
			d->mac_valid_i = 1;
			d->mac_sop_i = in == 0;
			d->mac_eop_i = in + n == cur.size();
			d->mac_bytes_i = n;
			d->mac_bad_i = bad;
			r.beats_in++;
			if (!first)
				first = cycle;
			in += n;
		}
		d->eval();
		if (d->rst_ni) {
			if (!fate.empty() && fate.front().first < cycle) {
				if (!d->drop_buffer_o) {
					sums.push_back(fate.front().second);
					out.push_back(fate.front().second);
				} else {
					r.dropped++;
				}
				fate.pop_front();
			} else if (d->drop_buffer_o) {
				errors++;
			}
			if (d->rec_o) {
				if (sums.empty() || ones_sum(sums.front()) != d->sum_o % 0xffff)
					errors++;
				if (!sums.empty())
					sums.pop_front();
			}
			if (d->mac_valid_o && d->mac_ready_i) {
				last = cycle;
				if (out.empty()) {
					errors++;
				} else {
					Bytes e = out.front();
					if (l.push) {
						const uint8_t tag[4] = { 0x81, 0x00, 0x01, 0x23 };
						e.insert(e.begin() + 12, tag, tag + 4);
					}
					unsigned n = std::min<size_t>(64, e.size() - pos);
					bool eop = pos + n == e.size();
					if (d->mac_sop_o != (pos == 0) || d->mac_eop_o != eop ||
					    d->mac_bytes_o != n || memcmp(d->mac_data_o.data(), &e[pos], n))
						errors++;
					pos = eop ? 0 : pos + 64;
					if (eop)
						out.pop_front();
				}
			}
			// idle means that nothing more comes out, however long the clock runs
			if (d->idle_o && (!out.empty() || !fate.empty()))
				errors++;
			quiet = sent == l.frames && cur.empty() && d->idle_o ? quiet + 1 : 0;
		}
		if (d->mac_valid_i && d->mac_eop_i) {
			if (!bad)
				fate.push_back({ cycle, cur });
			cur.clear();
			in = 0;
		}
		d->clk_i = 1;
		d->eval();
	}
	CU_ASSERT_EQUAL(errors, 0);
	CU_ASSERT(out.empty() && sums.empty());
	CU_ASSERT_EQUAL(quiet, 50);
	r.cycles = last - first + 1;
	return r;
}

void random_frames(void)
{
	uint64_t salt = 1;

	for (unsigned push = 0; push < 2; push++) {
		run({ 3000, 60, 300, 30, 0, 0, 0, push != 0 }, salt++);
		run({ 3000, 60, 300, 30, 40, 20, 20, push != 0 }, salt++);
		run({ 200, 60, 9216, 10, 0, 0, 0, push != 0 }, salt++);
	}
}

void overload(void)
{
	CU_ASSERT(run({ 8000, 60, 64, 5, 0, 0, 80, false }, 20).dropped > 1000);
	CU_ASSERT(run({ 8000, 60, 300, 5, 0, 90, 0, false }, 21).dropped > 1000);
	CU_ASSERT(run({ 400, 9000, 9216, 5, 0, 0, 80, false }, 22).dropped > 100);
}

void a_beat_a_cycle(void)
{
	for (unsigned len : { 60u, 64u, 65u, 69u, 128u, 129u, 256u, 257u, 1514u, 9216u }) {
		Result r = run({ 2000, len, len, 0, 0, 0, 0, false }, 30);
		CU_ASSERT_EQUAL(r.dropped, 0);
		// a frame is stored whole before it leaves: 144 beats of the longest, and the registers on the way
		CU_ASSERT(r.cycles < r.beats_in + 144 + 18);
	}
}

const struct cu_test kTests[] = {
	{ "wire_loop", "random_frames", random_frames },
	{ "wire_loop", "overload", overload },
	{ "wire_loop", "a_beat_a_cycle", a_beat_a_cycle },
	{},
};

} // namespace

int main(int argc, char **argv)
{
	Verilated::randReset(2);
	return cu_main(argc, argv, kTests);
}
