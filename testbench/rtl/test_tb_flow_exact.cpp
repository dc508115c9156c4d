// SPDX-License-Identifier: BSD-2-Clause
// flow_exact and its slot tables: candidates by tag, of one table or of both, the whole key, order, rate.
#include <array>
#include <deque>
#include <vector>

#include "Vtb_flow_exact.h"
#include "clocked.h"
#include "snic_contract.h"

namespace {

typedef std::array<uint32_t, SNIC_KEY_DWORDS> Key;

constexpr unsigned kSets = 4, kWays = 4, kEntries = 64, kFrames = 8;

struct Hash {
	uint32_t b, c;
};

class Bench : public Clocked<Vtb_flow_exact> {
public:
	explicit Bench(uint64_t salt) : Clocked(salt)
	{
		quiet();
		reset_and_sweep(kSets + 1);
		for (Key &k : entry_key)
			k.fill(0);
		for (unsigned e = 0; e < kEntries; e++) {
			Key k;

			for (uint32_t &dw : k)
				dw = any();
			put_entry(e, k);
		}
	}

	void quiet() { top->key_wen_i = top->entry_wen_i = top->slot_wen_i = top->valid_i = 0; }
	void put_entry(unsigned e, const Key &k)
	{
		for (unsigned i = 0; i < k.size(); i++)
			top->cfg_key_i[i] = k[i];
		top->entry_i = e;
		top->entry_wen_i = 1;
		tick();
		top->entry_wen_i = 0;
		entry_key[e] = k;
	}
	void put_frame(unsigned idx, const Key &k)
	{
		for (unsigned i = 0; i < k.size(); i++)
			top->cfg_key_i[i] = k[i];
		top->key_idx_i = idx;
		top->key_wen_i = 1;
		tick();
		top->key_wen_i = 0;
		frame_key[idx] = k;
	}
	void put_slot(unsigned tbl, unsigned set, unsigned way, bool valid, unsigned tag, unsigned e)
	{
		top->slot_wen_i = 1;
		top->slot_tbl_i = tbl;
		top->slot_set_i = set;
		top->slot_way_i = way;
		top->slot_i = uint32_t(valid) << 31 | tag << 16 | e;
		tick();
		top->slot_wen_i = 0;
		slots[tbl][set][way] = { valid, tag, e };
	}

	void cycle(bool ask, bool look, unsigned idx, Hash h)
	{
		top->valid_i = ask;
		top->look_i = look;
		top->idx_i = idx;
		top->b_i = h.b;
		top->c_i = h.c;
		if (ask)
			want.push_back(expected(look, idx, h));
		settle();
		if (top->valid_o) {
			CU_ASSERT_FATAL(!want.empty());
			const Want &w = want.front();

			CU_ASSERT_EQUAL(top->idx_o, w.idx);
			CU_ASSERT_EQUAL(top->look_o, w.look);
			CU_ASSERT_EQUAL(top->hash_o, w.hash);
			CU_ASSERT_EQUAL(top->hit_o, w.hit);
			if (w.hit)
				CU_ASSERT_EQUAL(top->entry_o, w.entry);
			hits += w.hit;
			answers++;
			want.pop_front();
		}
		edge();
		top->valid_i = 0;
	}
	void drain()
	{
		for (unsigned i = 0; i < 4 * kFrames + 8; i++)
			cycle(false, any() & 1, any() & 7, { any(), any() });
		CU_ASSERT(want.empty());
	}

	size_t inside() const { return want.size(); }

	unsigned hits = 0, answers = 0;
	Key entry_key[kEntries], frame_key[kFrames];

	void forget()
	{
		want.clear();
		for (auto &tbl : slots)
			for (auto &set : tbl)
				for (Slot &s : set)
					s = {};
	}

private:
	struct Slot {
		bool valid = false;
		unsigned tag = 0, entry = 0;
	};
	struct Want {
		unsigned idx;
		bool look, hit;
		uint32_t hash;
		unsigned entry;
	};
	Slot slots[2][kSets][kWays];
	std::deque<Want> want;

	// T0: set by c, tag from b; T1: set by b, tag from c. Each has at most one slot with the tag.
	Want expected(bool look, unsigned idx, Hash h)
	{
		Want w = { idx, look, false, h.c << 16 | h.b >> 16, 0 };

		for (unsigned tbl = 0; look && tbl < 2; tbl++) {
			const uint32_t set_of = tbl ? h.b : h.c, tag_of = tbl ? h.c : h.b;

			for (const Slot &s : slots[tbl][set_of % kSets])
				if (s.valid && s.tag == (tag_of >> 16 & 0x7fff) && !w.hit &&
				    entry_key[s.entry] == frame_key[idx]) {
					w.hit = true;
					w.entry = s.entry;
				}
		}
		return w;
	}
};

// A frame is entry e's when it has its key; tags are few, so that others' are met in both tables.
Hash hash_of(unsigned e, unsigned tags)
{
	return { (e * 7 % tags) << 16 | 0x80000000u | (e / 2 & 3), (e * 5 % tags) << 16 | (e & 3) };
}

// Slots come and go under traffic; at most one slot of a tag in a set.
void random_traffic()
{
	for (unsigned pct : { 100, 60, 20 }) {
		Bench b(pct);
		Hash h[kFrames];
		// what stands where: tag, or -1
		int tags[2][kSets][kWays];

		for (auto &t : tags)
			for (auto &s : t)
				for (int &w : s)
					w = -1;
		for (unsigned round = 0; round < 400; round++) {
			for (unsigned n = 0; n < 6; n++) {
				const unsigned e = b.any() % kEntries, tbl = b.any() & 1, way = b.any() & 3;
				const Hash eh = hash_of(e, 8);
				const unsigned set = (tbl ? eh.b : eh.c) & 3;
				const unsigned tag = (tbl ? eh.c : eh.b) >> 16 & 0x7fff;
				bool twice = false;

				for (unsigned w = 0; w < kWays; w++)
					twice = twice || (w != way && tags[tbl][set][w] == int(tag));
				if (twice)
					continue;
				const bool valid = b.chance(80);

				b.put_slot(tbl, set, way, valid, tag, e);
				tags[tbl][set][way] = valid ? int(tag) : -1;
			}
			for (unsigned i = 0; i < kFrames; i++) {
				const unsigned e = b.any() % kEntries;
				Key k = b.entry_key[e];

				if (b.chance(20)) // all but one bit
					k[b.any() % k.size()] ^= 1u << (b.any() & 31);
				b.put_frame(i, k);
				h[i] = hash_of(e, 8);
			}
			for (unsigned n = 0; n < 30; n++) {
				const unsigned i = b.any() % kFrames;

				b.cycle(b.inside() < kFrames && b.chance(pct), b.chance(90), i, h[i]);
			}
			b.drain();
		}
		CU_ASSERT(b.hits > 300 && b.answers > b.hits + 300);
	}
}

// Every bit of the key and of the tag counts; the entry number has all its bits.
void near_misses()
{
	Bench b(1);
	const unsigned e = 42;
	const Hash h = { 0x2aaa0001, 0x55550002 };

	b.put_slot(0, h.c & 3, 2, true, h.b >> 16 & 0x7fff, e);
	b.put_frame(0, b.entry_key[e]);
	b.cycle(true, true, 0, h);
	b.drain();
	CU_ASSERT_EQUAL(b.hits, 1);
	for (unsigned bit = 0; bit < 32 * SNIC_KEY_DWORDS; bit++) {
		Key k = b.entry_key[e];

		k[bit / 32] ^= 1u << bit % 32;
		b.put_frame(1, k);
		b.cycle(true, true, 1, h);
		b.drain();
	}
	for (unsigned bit = 16; bit < 32; bit++) {
		b.cycle(true, true, 0, { h.b ^ 1u << bit, h.c });
		b.drain();
	}
	CU_ASSERT_EQUAL(b.hits, 2); // bit 31 is in no tag
	b.put_slot(0, h.c & 3, 2, false, h.b >> 16 & 0x7fff, e);
	b.cycle(true, true, 0, h);
	b.put_slot(1, h.b & 3, 1, true, h.c >> 16 & 0x7fff, e);
	b.drain();
	b.cycle(true, true, 0, h);
	b.drain();
	CU_ASSERT_EQUAL(b.hits, 3);
}

// Both tables have its tag: the key decides, whichever comes first, and the next frame is not mistaken for it.
void two_candidates()
{
	Bench b(2);
	const Hash h = { 0x11110001, 0x22220002 }, other = { 0x33330003, 0x44440003 };

	b.put_slot(0, 2, 0, true, 0x1111, 5);
	b.put_slot(1, 1, 3, true, 0x2222, 6);
	b.put_frame(0, b.entry_key[5]);
	b.put_frame(1, b.entry_key[6]);
	b.put_frame(2, b.entry_key[7]);
	for (unsigned first = 0; first < 3; first++)
		for (unsigned second = 0; second < 3; second++)
			for (unsigned gap = 0; gap < 3; gap++) {
				b.cycle(true, true, first, h);
				for (unsigned i = 0; i < gap; i++)
					b.cycle(false, true, 0, h);
				b.cycle(true, true, second, h);
				b.cycle(true, true, 0, other);
				b.drain();
			}
	CU_ASSERT_EQUAL(b.hits, 36);
}

// A frame a cycle while each has at most one candidate.
void full_rate()
{
	Bench b(3);
	const Hash h = { 0x11110001, 0x22220002 };

	b.put_slot(0, 2, 0, true, 0x1111, 5);
	b.put_frame(0, b.entry_key[5]);
	for (unsigned i = 0; i < 100; i++) {
		b.cycle(true, true, 0, h);
		CU_ASSERT(b.inside() < kFrames);
	}
	b.drain();
	CU_ASSERT_EQUAL(b.hits, 100);
}

// Reset: nothing comes out of what was inside, and the slots are empty.
void reset_clears()
{
	Bench b(4);
	const Hash h = { 0x11110001, 0x22220002 };

	for (unsigned n = 0; n < 8; n++) {
		b.put_slot(0, 2, n & 3, true, 0x1111, 5);
		b.put_slot(1, 1, n & 3, true, 0x2222, 5);
		b.put_frame(0, b.entry_key[5]);
		b.cycle(true, true, 0, h);
		for (unsigned i = 0; i < n; i++)
			b.cycle(false, true, 0, h);
		b.forget();
		b.quiet();
		b.reset_and_sweep(kSets + 1);
		b.drain();
		b.cycle(true, true, 0, h);
		b.drain();
	}
}

const struct cu_test tests[] = {
	{ "flow_exact", "random_traffic", random_traffic }, { "flow_exact", "near_misses", near_misses },
	{ "flow_exact", "two_candidates", two_candidates }, { "flow_exact", "full_rate", full_rate },
	{ "flow_exact", "reset_clears", reset_clears },	    { nullptr, nullptr, nullptr },
};

} // namespace

int main(int argc, char **argv)
{
	Verilated::randReset(2);
	return cu_main(argc, argv, tests);
}
