// SPDX-License-Identifier: BSD-2-Clause
// snic_ram against an array: a read gives the word from before the write of its cycle, and stays until the next read.
#include <map>

#include "Vsnic_ram.h"
#include "clocked.h"

namespace {

constexpr unsigned kDepth = 16;

void reads_and_writes()
{
	Clocked<Vsnic_ram> b(1);
	std::map<unsigned, uint32_t> mem;
	uint32_t want = 0;
	bool known = false;

	for (int i = 0; i < 5000; i++) {
		b.top->wen_i = b.chance(50);
		b.top->waddr_i = b.any() % kDepth;
		b.top->wdata_i = b.any();
		b.top->ren_i = b.chance(50);
		b.top->raddr_i = b.chance(30) ? b.top->waddr_i : b.any() % kDepth;
		if (b.top->ren_i) {
			known = mem.count(b.top->raddr_i);
			want = known ? mem[b.top->raddr_i] : 0;
		}
		if (b.top->wen_i)
			mem[b.top->waddr_i] = b.top->wdata_i;
		b.tick();
		if (known)
			CU_ASSERT_EQUAL(b.top->rdata_o, want);
	}
	CU_ASSERT_EQUAL(mem.size(), kDepth);
}

const struct cu_test tests[] = {
	{ "snic_ram", "reads_and_writes", reads_and_writes },
	{ nullptr, nullptr, nullptr },
};

} // namespace

int main(int argc, char **argv)
{
	Verilated::randReset(2);
	return cu_main(argc, argv, tests);
}
