// SPDX-License-Identifier: BSD-2-Clause
// vlan_members against a table of bits: one function's membership and whole rows, asked for and written at once.
#include <bitset>
#include <vector>

#include "Vvlan_members.h"
#include "clocked.h"

namespace {

constexpr unsigned kVlans = 4096;

class Bench : public Clocked<Vvlan_members> {
public:
	explicit Bench(uint64_t salt) : Clocked(salt), member(kVlans)
	{
		top->one_ren_i = top->row_ren_i = 0;
		top->vlan_wr_i = 0;
		reset_and_sweep(kVlans + 1);
	}

	// An answer comes one cycle later, from what the table was before that cycle's write; then it stays.
	void cycle(bool ask_one, unsigned one_vid, unsigned func, bool ask_row, unsigned row_vid, bool write,
		   unsigned vid, unsigned word, uint32_t data)
	{
		top->one_ren_i = ask_one;
		top->one_vid_i = one_vid;
		top->one_func_i = func;
		top->row_ren_i = ask_row;
		top->row_vid_i = row_vid;
		top->vlan_wr_i = uint64_t(write) << 47 | uint64_t(vid) << 35 | uint64_t(word) << 32 | data;
		if (ask_one) {
			one = member[one_vid][func];
			one_known = true;
		}
		if (ask_row) {
			row = member[row_vid];
			row_known = true;
		}
		if (write)
			for (unsigned i = 0; i < 32; i++)
				member[vid][32 * word + i] = data >> i & 1;
		tick();
		if (one_known)
			CU_ASSERT_EQUAL(top->one_member_o, one);
		for (unsigned i = 0; row_known && i < 8; i++)
			CU_ASSERT_EQUAL(top->row_o[i],
					((row >> 32 * i) & std::bitset<256>(0xffffffff)).to_ulong());
	}

	std::vector<std::bitset<256>> member;

private:
	bool one = false, one_known = false, row_known = false;
	std::bitset<256> row;
};

void random_traffic()
{
	Bench b(1);
	// few VLANs, at both ends of each address bit, so that the same ones are met again
	static const unsigned vids[] = {
		0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4094, 4095, 100
	};

	for (unsigned i = 0; i < 40000; i++)
		b.cycle(b.chance(60), vids[b.any() % 16], b.any() & 255, b.chance(60), vids[b.any() % 16],
			b.chance(40), vids[b.any() % 16], b.any() & 7, b.any());
}

// Each row is its own, and all are cleared by reset.
void every_row()
{
	Bench b(2);

	for (unsigned round = 0; round < 2; round++) {
		for (unsigned vid = 0; vid < kVlans; vid++)
			b.cycle(true, vid, vid & 255, true, vid, false, 0, 0, 0);
		for (unsigned vid = 0; vid < kVlans; vid++)
			for (unsigned word = 0; word < 8; word++)
				b.cycle(false, 0, 0, false, 0, true, vid, word, vid * 0x9e3779b1u + word);
		for (unsigned vid = 0; vid < kVlans; vid++)
			b.cycle(true, vid, (vid >> 4) & 255, true, vid, false, 0, 0, 0);
		b.top->one_ren_i = b.top->row_ren_i = 0;
		b.top->vlan_wr_i = 0;
		b.reset_and_sweep(kVlans + 1);
		b.member.assign(kVlans, {});
	}
}

const struct cu_test tests[] = {
	{ "vlan_members", "random_traffic", random_traffic },
	{ "vlan_members", "every_row", every_row },
	{ nullptr, nullptr, nullptr },
};

} // namespace

int main(int argc, char **argv)
{
	Verilated::randReset(2);
	return cu_main(argc, argv, tests);
}
