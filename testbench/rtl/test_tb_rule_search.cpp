// SPDX-License-Identifier: BSD-2-Clause
// rule_search against all rules tried one by one: masks, priorities, near misses, order, and a mask a cycle.
#include <array>
#include <deque>
#include <map>
#include <vector>

#include "Vtb_rule_search.h"
#include "clocked.h"
#include "lookup3.h"
#include "snic_contract.h"

namespace {

typedef std::array<uint32_t, SNIC_KEY_DWORDS> Key;

constexpr unsigned kFrames = 64, kMasks = SNIC_RULE_MASKS, kSets = 1u << SNIC_RULE_SETS_LOG2;

struct Rule {
	Key key;
	unsigned prio, mask;
};

Key operator&(const Key &a, const Key &b)
{
	Key r;

	for (unsigned i = 0; i < r.size(); i++)
		r[i] = a[i] & b[i];
	return r;
}

class Bench : public Clocked<Vtb_rule_search> {
public:
	explicit Bench(uint64_t salt) : Clocked(salt)
	{
		quiet();
		reset_and_sweep(kSets + 1);
		settle();
		CU_ASSERT(!top->enabled_o);
	}
	void quiet()
	{
		top->wen_i = top->mask_wen_i = top->enable_wen_i = top->rule_wen_i = top->slot_wen_i =
			top->valid_i = 0;
	}
	Key some_key()
	{
		Key k;

		for (uint32_t &dw : k)
			dw = any();
		return k;
	}
	void put_mask(unsigned m, const Key &k)
	{
		put_key(k);
		top->mask_idx_i = m;
		top->mask_wen_i = 1;
		tick();
		quiet();
		masks[m] = k;
	}
	void put_enable(uint16_t enable)
	{
		top->enable_i = enable;
		top->enable_wen_i = 1;
		tick();
		quiet();
		enabled = enable;
		settle();
		CU_ASSERT_EQUAL(top->enabled_o, enable != 0);
	}
	void put_frame(unsigned idx, const Key &k)
	{
		put_key(k);
		top->waddr_i = idx;
		top->wen_i = 1;
		tick();
		quiet();
		frames[idx] = k;
	}
	// what the rule table says of an id
	void put_rule(unsigned id, const Rule &r)
	{
		put_key(r.key);
		top->rule_i = id;
		top->rule_prio_i = r.prio;
		top->rule_mask_i = r.mask;
		top->rule_wen_i = 1;
		tick();
		quiet();
		rules[id] = r;
	}
	// the rule's slot, where a key hashes to under a mask; false: no room, or its tag is there
	bool put_slot(unsigned id, const Key &key, unsigned mask, unsigned tbl)
	{
		uint32_t c, b;

		lookup3(key.data(), SNIC_KEY_DWORDS, SNIC_JHASH_SEED_FLOW + mask, &c, &b);
		const unsigned set = (tbl ? b : c) % kSets, tag = (tbl ? c : b) >> 16 & 0x7fff;
		auto &ways = slots[{ tbl, set }];
		int way = -1;

		for (unsigned w = 0; w < ways.size(); w++) {
			if (ways[w] == int(tag))
				return false;
			if (ways[w] < 0 && (way < 0 || chance(50)))
				way = int(w);
		}
		if (way < 0)
			return false;
		ways[unsigned(way)] = int(tag);
		top->slot_tbl_i = tbl;
		top->slot_set_i = set;
		top->slot_way_i = unsigned(way);
		top->slot_i = 0x80000000u | tag << 16 | id;
		top->slot_wen_i = 1;
		tick();
		quiet();
		return true;
	}
	bool add(unsigned id, const Key &key, unsigned prio, unsigned mask)
	{
		const Rule r = { key & masks[mask], prio, mask };

		if (rules.count(id) || !put_slot(id, r.key, mask, any() & 1))
			return false;
		put_rule(id, r);
		return true;
	}

	// The best of all rules whose mask is enabled: highest priority, then lowest id; -1: none
	int best(const Key &k) const
	{
		int found = -1;

		for (const auto &[id, r] : rules)
			if (enabled >> r.mask & 1 && r.key == (k & masks[r.mask]) &&
			    (found < 0 || r.prio > rules.at(unsigned(found)).prio))
				found = int(id);
		return found;
	}
	void cycle(bool ask, unsigned idx)
	{
		top->valid_i = ask;
		top->idx_i = idx;
		settle();
		if (top->valid_o) {
			CU_ASSERT_FATAL(!want.empty());
			const int w = want.front().rule;

			CU_ASSERT_EQUAL(top->idx_o, want.front().idx);
			CU_ASSERT_EQUAL(top->found_o, w >= 0);
			if (w >= 0)
				CU_ASSERT_EQUAL(top->rule_o, unsigned(w));
			found += w >= 0;
			answers++;
			want.pop_front();
		}
		if (want.empty())
			CU_ASSERT(!top->busy_o);
		busy += top->busy_o;
		if (ask)
			want.push_back({ idx, best(frames[idx]) });
		edge();
		top->valid_i = 0;
		cycles++;
	}
	void drain()
	{
		for (unsigned i = 0; i < 3000 && !want.empty(); i++)
			cycle(false, 0);
		CU_ASSERT_FATAL(want.empty());
		for (unsigned i = 0; i < 40; i++)
			cycle(false, any() & 63);
	}
	size_t inside() const { return want.size(); }
	void forget()
	{
		want.clear();
		slots.clear();
		rules.clear();
		enabled = 0;
	}

	Key masks[kMasks], frames[kFrames];
	std::map<unsigned, Rule> rules;
	unsigned found = 0, answers = 0, busy = 0, cycles = 0;

private:
	struct Want {
		unsigned idx;
		int rule;
	};
	struct Ways : std::array<int, 4> {
		Ways() { fill(-1); }
	};
	uint16_t enabled = 0;
	std::map<std::pair<unsigned, unsigned>, Ways> slots;
	std::deque<Want> want;

	void put_key(const Key &k)
	{
		for (unsigned i = 0; i < k.size(); i++)
			top->key_i[i] = k[i];
	}
};

// Frames that match many rules, over masks that overlap; priorities that are equal often.
void random_rules()
{
	const uint16_t enables[] = { 0xffff, 0x8001, 0x0001, 0x8000, 0x5a5a, 0x0ff0, 0xffff };

	for (unsigned pct : { 100, 30 }) {
		Bench b(pct);
		std::vector<Key> base;

		for (unsigned m = 0; m < kMasks; m++) {
			Key k;

			for (uint32_t &dw : k)
				dw = b.chance(50) ? 0 : b.chance(50) ? ~0u : b.any();
			b.put_mask(m, k);
		}
		for (unsigned i = 0; i < 30; i++)
			base.push_back(b.some_key());
		for (unsigned i = 0; i < 300; i++)
			b.add(b.any() % SNIC_RULE_ENTRIES, base[b.any() % base.size()], b.any() % 3 * 0x5555,
			      b.any() % kMasks);
		for (uint16_t enable : enables) {
			b.put_enable(enable);
			for (unsigned i = 0; i < kFrames; i++) {
				Key k = base[b.any() % base.size()];

				if (b.chance(60))
					k[b.any() % k.size()] ^= 1u << (b.any() & 31);
				b.put_frame(i, k);
			}
			for (unsigned n = 0; n < 1500; n++)
				b.cycle(b.inside() < kFrames && b.chance(pct), b.any() % kFrames);
			b.drain();
		}
		CU_ASSERT(b.found > 300 && b.answers > b.found);
	}
}

// Of two rules the one with more priority, else the one with the lower id, whichever is looked at first.
void priorities()
{
	const unsigned prios[] = { 0, 1, 0x7fff, 0x8000, 0xffff };
	unsigned n = 0;

	for (unsigned p0 : prios)
		for (unsigned p1 : prios)
			for (unsigned order = 0; order < 2; order++) {
				Bench b(200 + n++);
				const Key key = b.some_key();
				Key all;

				all.fill(~0u);
				b.put_mask(2, all);
				all[3] = 0;
				b.put_mask(9, all);
				CU_ASSERT(b.add(order ? 700 : 701, key, p0, 2));
				CU_ASSERT(b.add(order ? 701 : 700, key, p1, 9));
				b.put_enable(1u << 2 | 1u << 9);
				b.put_frame(5, key);
				b.put_frame(6, b.some_key());
				b.cycle(true, 5);
				b.cycle(true, 6); // what was found for one is not found for the next
				b.cycle(true, 5);
				b.drain();
			}
}

// Slots that point to a rule which is not it: every bit of the key, every bit of the mask's number, under the frame's own hash.
void near_misses()
{
	Bench b(3);
	const Key key = b.some_key();
	Key all;

	all.fill(~0u);
	b.put_mask(5, all);
	b.put_enable(1u << 5);
	b.put_frame(0, key);
	CU_ASSERT(b.put_slot(0x955, key, 5, 0));
	for (unsigned bit = 0; bit < 32 * SNIC_KEY_DWORDS; bit++) {
		Key k = key;

		k[bit / 32] ^= 1u << bit % 32;
		b.put_rule(0x955, { k, 1, 5 });
		b.cycle(true, 0);
		b.drain();
	}
	CU_ASSERT_EQUAL(b.found, 0);
	b.put_rule(0x955, { key, 1, 5 });
	b.cycle(true, 0);
	b.drain();
	CU_ASSERT_EQUAL(b.found, 1);
	// with a mask of another number but the same bits, the rule is not this mask's
	for (unsigned m : { 4, 7, 1, 13 }) {
		b.put_mask(m, all);
		b.put_rule(0x955, { key, 1, m });
		b.cycle(true, 0);
		b.drain();
	}
	CU_ASSERT_EQUAL(b.found, 1);
}

// A mask a cycle: requests take as many cycles as masks are enabled, for as long as they come.
void rate()
{
	for (unsigned n : { 1, 3, 16 }) {
		Bench b(40 + n);

		for (unsigned m = 0; m < kMasks; m++)
			b.put_mask(m, b.some_key());
		b.put_enable(uint16_t((1u << n) - 1));
		for (unsigned i = 0; i < kFrames; i++)
			b.put_frame(i, b.some_key());
		b.cycles = 0;
		for (unsigned i = 0; i < 48; i++)
			b.cycle(true, i);
		while (b.busy < 48 * n && b.cycles < 2000)
			b.cycle(false, 0);
		CU_ASSERT(b.cycles <= 48 * n + 2);
		b.drain();
		CU_ASSERT_EQUAL(b.answers, 48);
		CU_ASSERT_EQUAL(b.busy, 48 * n);
	}
}

// Reset: nothing comes out, no mask is enabled, no slot is left.
void reset_clears()
{
	Bench b(50);
	Key all;

	all.fill(~0u);
	for (unsigned n = 0; n < 24; n++) {
		const Key key = b.some_key();

		b.put_mask(0, all);
		b.put_mask(1, all);
		b.add(1, key, 1, 0);
		b.put_enable(3);
		b.put_frame(0, key);
		for (unsigned i = 0; i < 3; i++)
			b.cycle(true, 0);
		for (unsigned i = 0; i < n; i++)
			b.cycle(false, 0);
		b.forget();
		b.quiet();
		b.reset_and_sweep(kSets + 1);
		b.settle();
		CU_ASSERT(!b.top->enabled_o);
		b.drain();
		b.put_rule(1, { key, 1, 0 });
		b.rules.clear(); // its slot is gone
		b.put_enable(3);
		b.cycle(true, 0);
		b.drain();
	}
}

const struct cu_test tests[] = {
	{ "rule_search", "random_rules", random_rules }, { "rule_search", "priorities", priorities },
	{ "rule_search", "near_misses", near_misses },	 { "rule_search", "rate", rate },
	{ "rule_search", "reset_clears", reset_clears }, { nullptr, nullptr, nullptr },
};

} // namespace

int main(int argc, char **argv)
{
	Verilated::randReset(2);
	return cu_main(argc, argv, tests);
}
