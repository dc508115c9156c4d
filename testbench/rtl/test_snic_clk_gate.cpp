// SPDX-License-Identifier: BSD-2-Clause
// snic_clk_gate: an edge only where enable was high before it, and never a glitch: enable may change while the clock is high.
#include "Vsnic_clk_gate.h"
#include "clocked.h"

namespace {

void gates()
{
	Clocked<Vsnic_clk_gate> b(1);
	unsigned edges = 0;

	for (int i = 0; i < 2000; i++) {
		b.top->en_i = b.chance(50);
		b.settle();
		CU_ASSERT_EQUAL(b.top->clk_o, 0);
		const bool enabled = b.chance(50);

		b.top->en_i = enabled; // the last word before the edge counts
		b.settle();
		CU_ASSERT_EQUAL(b.top->clk_o, 0);
		b.edge();
		CU_ASSERT_EQUAL(b.top->clk_o, enabled);
		edges += b.top->clk_o;
		b.top->en_i = !enabled;
		b.edge();
		CU_ASSERT_EQUAL(b.top->clk_o, enabled);
	}
	CU_ASSERT(edges > 900 && edges < 1100);
}

const struct cu_test tests[] = {
	{ "snic_clk_gate", "gates", gates },
	{ nullptr, nullptr, nullptr },
};

} // namespace

int main(int argc, char **argv)
{
	return cu_main(argc, argv, tests);
}
