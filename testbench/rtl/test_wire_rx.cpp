// SPDX-License-Identifier: BSD-2-Clause
// wire_rx: good frames land whole in the cells that they then allocate, bad ones are counted under their
// first cause and allocate nothing, at a beat a cycle.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <memory>
#include <vector>

#include "Vwire_rx.h"
#include "cu_main.h"
#include "verilated.h"

namespace {

constexpr unsigned kCells = 4096, kSlots = 2048;
enum Cause { kGood, kFcs, kRunt, kOversize, kBuffer, kCauses };

struct Bench {
	std::unique_ptr<Vwire_rx> d{ new Vwire_rx };
	uint64_t rng = cu_seed() + 1;
	std::vector<uint8_t> mem = std::vector<uint8_t>(kCells * 64);
	unsigned slot = 2040, cell = 4090; // the free end
	std::vector<uint8_t> frame;	   // whose end is in the block
	unsigned long seen[kCauses] = {}, pkts = 0, allocs = 0, writes = 0;
	unsigned errors = 0;
	bool room = true;

	Bench()
	{
		d->rst_ni = 0;
		d->mac_valid_i = 0;
		for (int i = 0; i < 3; i++)
			cycle();
		d->rst_ni = 1;
	}

	unsigned rnd(unsigned n) { return unsigned(cu_rand(&rng) % n); }

	// One cycle; what the block shows is taken before the edge.
	void cycle()
	{
		d->clk_i = 0;
		d->alloc_ok_i = room;
		d->alloc_slot_i = slot;
		d->alloc_cell_i = cell;
		d->eval();
		if (d->rst_ni)
			watch();
		d->clk_i = 1;
		d->eval();
	}

	void watch()
	{
		unsigned causes = d->drop_fcs_o + d->drop_runt_o + d->drop_oversize_o + d->drop_buffer_o;

		seen[kFcs] += d->drop_fcs_o;
		seen[kRunt] += d->drop_runt_o;
		seen[kOversize] += d->drop_oversize_o;
		seen[kBuffer] += d->drop_buffer_o;
		pkts += d->stat_pkt_o;
		if (d->wr_valid_o) {
			writes++;
			// only at the free end, and never more than the longest frame
			unsigned off = (d->wr_cell_o + kCells - cell) % kCells;
			if (d->wr_slot_o != slot || off >= 144)
				errors++;
			memcpy(&mem[d->wr_cell_o * 64], d->wr_data_o.data(), 64);
		}
		// every frame either allocates or has one cause; only the former keeps what it wrote
		if (d->stat_pkt_o && (causes + d->alloc_o != 1 || d->wr_abort_o == d->alloc_o))
			errors++;
		if (!d->stat_pkt_o && (causes || d->alloc_o || d->wr_abort_o))
			errors++;
		if (d->commit_o != d->alloc_o)
			errors++;
		if (d->alloc_o) {
			unsigned len = frame.size(), cells = (len + 63) / 64;
			allocs++;
			seen[kGood]++;
			if (d->alloc_cells_o != cells || d->commit_len_o != len || d->commit_slot_o != slot ||
			    d->commit_cell_o != cell || d->commit_src_o != 256 || d->stat_bytes_o != len)
				errors++;
			for (unsigned i = 0; i < cells * 64; i++)
				if (mem[(cell * 64 + i) % (kCells * 64)] != (i < len ? frame[i] : 0))
					errors++;
			// what the packet buffer does at this edge; seen by the block in the next cycle
			next_slot = (slot + 1) % kSlots;
			next_cell = (cell + cells) % kCells;
		}
	}
	unsigned next_slot = 2040, next_cell = 4090;

	// Sends a frame, its first beat in this cycle. full: the buffer has no room at its start.
	void send(unsigned len, bool bad, unsigned idle, bool full = false, bool full_later = false)
	{
		std::vector<uint8_t> f(len);

		for (auto &x : f)
			x = uint8_t(cu_rand(&rng) >> 33);
		for (unsigned p = 0; p < len; p += 64) {
			unsigned n = std::min(64u, len - p);
			while (rnd(100) < idle) {
				d->mac_valid_i = 0;
				step();
			}
			d->mac_valid_i = 1;
			for (auto &w : d->mac_data_i.m_storage)
				w = unsigned(cu_rand(&rng));
			memcpy(d->mac_data_i.data(), &f[p], n);
			d->mac_sop_i = p == 0;
			d->mac_eop_i = p + n == len;
			d->mac_bytes_i = d->mac_eop_i ? n : rnd(128);
			d->mac_bad_i = d->mac_eop_i && bad;
			step();
			// the block looks at the room in the cycle after the MAC's first beat
			room = p == 0 ? !full : !full_later;
			if (p + n == len)
				frame = f;
		}
	}

	void step()
	{
		cycle();
		slot = next_slot;
		cell = next_cell;
	}

	void finish()
	{
		d->mac_valid_i = 0;
		for (int i = 0; i < 3; i++)
			step();
		d->eval();
		CU_ASSERT(d->idle_o);
		CU_ASSERT_EQUAL(errors, 0);
	}
};

void good_frames(void)
{
	Bench b;

	for (unsigned len = 60; len < 600; len++)
		b.send(len, false, len % 3 * 20);
	for (unsigned len = 9100; len <= 9216; len++)
		b.send(len, false, 0);
	b.finish();
	CU_ASSERT_EQUAL(b.allocs, 540 + 117);
	CU_ASSERT_EQUAL(b.pkts, b.allocs);
}

void each_cause(void)
{
	struct {
		unsigned len;
		bool bad, full;
		Cause cause;
	} static const kCases[] = {
		{ 60, false, false, kGood },	    { 59, false, false, kRunt },
		{ 1, false, false, kRunt },	    { 9216, false, false, kGood },
		{ 9217, false, false, kOversize },  { 16000, false, false, kOversize },
		{ 40000, false, false, kOversize }, { 60, true, false, kFcs },
		{ 20, true, false, kFcs },	    { 9300, true, true, kFcs },
		{ 60, false, true, kBuffer },	    { 1500, false, true, kBuffer },
		{ 30, false, true, kRunt },	    { 9300, false, true, kOversize },
		{ 9216, true, false, kFcs },
	};
	Bench b;

	for (auto &c : kCases) {
		unsigned long before[kCauses];
		memcpy(before, b.seen, sizeof(before));
		b.send(c.len, c.bad, 0, c.full);
		b.finish();
		for (unsigned k = 0; k < kCauses; k++)
			CU_ASSERT_EQUAL(b.seen[k] - before[k], k == c.cause);
		b.room = true;
	}
}

// Room that goes away or comes back within a frame changes nothing for that frame.
void room_counts_at_the_start(void)
{
	Bench b;

	b.send(1000, false, 0, true, false);
	b.finish();
	CU_ASSERT_EQUAL(b.seen[kBuffer], 1);
	CU_ASSERT_EQUAL(b.writes, 0);
	b.send(1000, false, 0, false, true);
	b.finish();
	CU_ASSERT_EQUAL(b.allocs, 1);
}

void random_mix(void)
{
	Bench b;
	unsigned long good = 0, n = 5000;

	for (unsigned i = 0; i < n; i++) {
		unsigned len = b.rnd(20) ? 1 + b.rnd(300) : 9000 + b.rnd(400);
		bool bad = b.rnd(5) == 0, full = b.rnd(5) == 0;
		b.send(len, bad, i % 2 ? 0 : 15, full, b.rnd(2));
		good += !bad && !full && len >= 60 && len <= 9216;
	}
	b.finish();
	CU_ASSERT_EQUAL(b.pkts, n);
	CU_ASSERT_EQUAL(b.seen[kGood], good);
}

const struct cu_test kTests[] = {
	{ "wire_rx", "good_frames", good_frames },
	{ "wire_rx", "each_cause", each_cause },
	{ "wire_rx", "room_counts_at_the_start", room_counts_at_the_start },
	{ "wire_rx", "random_mix", random_mix },
	{},
};

} // namespace

int main(int argc, char **argv)
{
	Verilated::randReset(2);
	return cu_main(argc, argv, kTests);
}
