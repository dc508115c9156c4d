// SPDX-License-Identifier: BSD-2-Clause
// mac_table against a map: where the hash says, the whole key, a lookup a cycle, answers four cycles later; a key's second vport beside the first.
#include <algorithm>
#include <deque>
#include <map>
#include <vector>

#include "Vmac_table.h"
#include "bits.h"
#include "clocked.h"
#include "lookup3.h"
#include "snic_contract.h"

namespace {

constexpr unsigned kSets = 1u << SNIC_MAC_SETS_LOG2, kWays = SNIC_MAC_WAYS, kLatency = 4;

struct Place {
	unsigned tbl, set, way;
	bool operator<(const Place &o) const
	{
		return tbl != o.tbl ? tbl < o.tbl : set != o.set ? set < o.set : way < o.way;
	}
};

class Bench : public Clocked<Vmac_table> {
public:
	explicit Bench(uint64_t salt) : Clocked(salt)
	{
		top->valid_i = 0;
		quiet();
		reset_and_sweep(kSets + 1);
	}

	// the write port says nothing, but not with zeros
	void quiet()
	{
		for (unsigned i = 0; i < 3; i++)
			top->mac_wr_i[i] = any();
		bits_set(top->mac_wr_i.data(), 81, 1, 0);
	}
	void write(Place p, bool en, unsigned vport, uint64_t key)
	{
		uint32_t *w = top->mac_wr_i.data();

		bits_set(w, 0, 60, key);
		bits_set(w, 60, 9, vport);
		bits_set(w, 69, 1, en);
		bits_set(w, 70, 2, p.way);
		bits_set(w, 72, 8, p.set);
		bits_set(w, 80, 1, p.tbl);
		bits_set(w, 81, 1, 1);
		tick();
		quiet();
	}
	static Place home(uint64_t key, unsigned tbl, unsigned way)
	{
		const uint32_t k[2] = { uint32_t(key), uint32_t(key >> 32) };
		uint32_t c, b;

		lookup3(k, 2, SNIC_JHASH_SEED_MAC, &c, &b);
		return { tbl, (tbl ? b : c) % kSets, way };
	}
	void add(uint64_t key, unsigned tbl, unsigned way, unsigned vport)
	{
		write(home(key, tbl, way), true, vport, key);
		truth[key] = vport;
		other.erase(key);
	}
	uint64_t key() { return (uint64_t(any()) << 32 | any()) & ((1ull << 60) - 1); }

	void cycle(bool ask, uint64_t key)
	{
		const unsigned user = any() & 63;

		top->valid_i = ask;
		top->user_i = user;
		top->vid_i = key >> 48;
		top->mac_i = key & ((1ull << 48) - 1);
		if (ask)
			want.push_back({ kLatency, user, truth.count(key) != 0,
					 truth.count(key) ? truth[key] : 0, other.count(key) != 0,
					 other.count(key) ? other[key] : 0 });
		tick();
		top->valid_i = 0;
		for (Want &w : want)
			w.wait--;
		const bool due = !want.empty() && !want.front().wait;
		CU_ASSERT_EQUAL(top->valid_o, due);
		if (!due)
			return;
		CU_ASSERT_EQUAL(top->user_o, want.front().user);
		CU_ASSERT_EQUAL(top->hit_o, want.front().hit);
		if (want.front().hit)
			CU_ASSERT_EQUAL(top->vport_o, want.front().vport);
		CU_ASSERT_EQUAL(top->other_hit_o, want.front().other_hit);
		if (want.front().other_hit)
			CU_ASSERT_EQUAL(top->other_vport_o, want.front().other);
		want.pop_front();
	}
	void drain()
	{
		for (unsigned i = 0; i < kLatency + 1; i++)
			cycle(false, key());
		CU_ASSERT(want.empty());
	}

	std::map<uint64_t, unsigned> truth,
		other; // the vport in the first slot that has the key, and another one

private:
	struct Want {
		unsigned wait, user;
		bool hit;
		unsigned vport;
		bool other_hit;
		unsigned other;
	};
	std::deque<Want> want;
};

// Every way of both tables, found at any rate, among keys that are not there.
void lookups()
{
	Bench b(1);
	std::map<Place, bool> used;
	std::vector<uint64_t> keys;

	for (unsigned i = 0; i < 400; i++) {
		const uint64_t key = b.key();
		const unsigned tbl = i & 1, way = i / 2 % kWays;

		if (used[Bench::home(key, tbl, way)])
			continue;
		used[Bench::home(key, tbl, way)] = true;
		b.add(key, tbl, way, b.any() % 512);
		keys.push_back(key);
	}
	for (unsigned pct : { 100, 50, 10 }) {
		for (unsigned i = 0; i < 2000; i++)
			b.cycle(b.chance(pct), b.chance(70) ? keys[b.any() % keys.size()] : b.key());
		b.drain();
	}
}

// In its place stands a key that differs in one bit, or the right one without its enable: not found. In another way it is.
void whole_key()
{
	for (unsigned slot = 0; slot < 2 * kWays; slot++) {
		Bench b(10 + slot);
		const uint64_t key = b.key();
		const Place p = Bench::home(key, slot / kWays, slot % kWays);

		for (unsigned bit = 0; bit < 60; bit++) {
			b.write(p, true, 1, key ^ 1ull << bit);
			b.cycle(true, key);
			b.drain();
		}
		b.write(p, false, 1, key);
		b.cycle(true, key);
		b.drain();
		b.add(key, (slot + 1) / kWays % 2, (slot + 1) % kWays, 511);
		b.cycle(true, key);
		b.drain();
	}
}

// Two keys of one set do not disturb each other; a key that is written elsewhere first and then removed is found all the time.
void move()
{
	Bench b(30);
	const uint64_t key = b.key();

	b.add(key, 0, 0, 77);
	for (unsigned i = 0; i < 20; i++) {
		const unsigned from = i % (2 * kWays), to = (i + 1) % (2 * kWays);

		b.cycle(true, key);
		b.drain();
		b.add(key, to / kWays, to % kWays, 77);
		b.cycle(true, key);
		b.drain();
		b.write(Bench::home(key, from / kWays, from % kWays), false, 0, 0);
		b.cycle(true, key);
		b.drain();
	}
}

// A key that is there for two vports, in every two slots; with one of them being moved, so that it is there three times.
void two_vports()
{
	Bench b(50);

	for (unsigned i = 0; i < 2 * kWays; i++)
		for (unsigned j = 0; j < 2 * kWays; j++)
			for (unsigned k = 0; k < 2 * kWays; k++) {
				const uint64_t key = b.key();
				const unsigned low = std::min(std::min(i, j), k);

				if (i == k || j == k)
					continue;
				// vport 5 in i and j, vport 6 in k
				b.add(key, i / kWays, i % kWays, 5);
				b.add(key, j / kWays, j % kWays, 5);
				b.add(key, k / kWays, k % kWays, 6);
				b.truth[key] = low == k ? 6 : 5;
				b.other[key] = low == k ? 5 : 6;
				b.cycle(true, key);
				b.drain();
				b.write(Bench::home(key, i / kWays, i % kWays), false, 5, key);
				b.write(Bench::home(key, j / kWays, j % kWays), false, 5, key);
				b.add(key, k / kWays, k % kWays, 6);
				b.cycle(true, key);
				b.drain();
				b.write(Bench::home(key, k / kWays, k % kWays), false, 6, key);
				b.truth.erase(key);
			}
}

// What was in the table before a reset is not in it after.
void reset_clears()
{
	Bench b(40);
	std::vector<uint64_t> keys;

	for (unsigned i = 0; i < 200; i++) {
		keys.push_back(b.key());
		b.add(keys.back(), i & 1, i / 2 % kWays, i);
	}
	b.cycle(true, keys[0]);
	b.top->valid_i = 0;
	b.reset_and_sweep(kSets + 1);
	b.truth.clear();
	for (unsigned i = 0; i < kLatency + 1; i++) {
		CU_ASSERT(!b.top->valid_o);
		b.tick();
	}
	for (uint64_t key : keys) {
		b.top->valid_i = 1;
		b.top->vid_i = key >> 48;
		b.top->mac_i = key & ((1ull << 48) - 1);
		b.tick();
		b.top->valid_i = 0;
		b.tick();
		b.tick();
		b.tick();
		CU_ASSERT(b.top->valid_o && !b.top->hit_o);
	}
}

const struct cu_test tests[] = {
	{ "mac_table", "lookups", lookups },
	{ "mac_table", "whole_key", whole_key },
	{ "mac_table", "move", move },
	{ "mac_table", "reset_clears", reset_clears },
	{ "mac_table", "two_vports", two_vports },
	{ nullptr, nullptr, nullptr },
};

} // namespace

int main(int argc, char **argv)
{
	Verilated::randReset(2);
	return cu_main(argc, argv, tests);
}
