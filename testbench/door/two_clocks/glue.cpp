// SPDX-License-Identifier: BSD-2-Clause
// A card whose port has a clock of its own: 64 bits at 155.123 MHz beside a core of 250 MHz.
#pragma GCC visibility push(default)
#include "snic_sim.h"
#pragma GCC visibility pop

#include <cstring>

#include "Vtwo_clocks.h"
#include "axis.h"
#include "glue.h"

namespace {
constexpr snic_card describe()
{
	snic_card c{};

	c.size = sizeof(c);
	c.name = "two_clocks";
	c.pf.bar[0] = { 4096, 0, false, false };
	c.n_ports = 1;
	c.wire_gbps[0] = 10;
	c.frame_max = 1514;
	c.usual_clock_mhz = 250;
	c.usual_wire_gbps = 10;
	c.usual_pcie_gen = 3;
	c.usual_pcie_lanes = 8;
	c.usual_mps = 256;
	c.usual_mrrs = 512;
	return c;
}

constexpr snic_card kCard = describe();

class TwoClocks final : public VerilatedGlue<Vtwo_clocks> {
public:
	explicit TwoClocks(VerilatedContext *context) : VerilatedGlue(context, "two_clocks") {}

	void start(const snic_sim_config &cfg) override { leaps_ = cfg.seed == 1; }
	bool drive(Host &h) override
	{
		(void)h;
		return false;
	}
	void sample(Host &h) override { (void)h; }
	/* the counters miss what is leapt over: a run that looks at them has another seed */
	bool quiescent() const override { return leaps_ && t.quiescent_o; }

	uint32_t clock_khz(unsigned int n) const override { return n ? 0 : 155123; }
	bool edge_of(unsigned int n, Host &h) override
	{
		AxisWord w;

		(void)n;
		t.rx_valid_i = mac_.rx(h, &w);
		if (t.rx_valid_i) {
			memcpy(&t.rx_data_i, w.data, 8);
			t.rx_keep_i = static_cast<uint8_t>(w.keep());
			t.rx_last_i = w.last;
		}
		t.mac_clk_i = 0;
		t.eval();
		if (t.tx_valid_o)
			mac_.tx(h, &t.tx_data_o, axis_bytes(t.tx_keep_o), t.tx_last_o);
		t.mac_clk_i = 1;
		t.eval();
		return t.rx_valid_i;
	}

private:
	AxisMac mac_{ 0, 8 };
	bool leaps_ = false;
};
} // namespace

const struct snic_card *snic_sim_card(void)
{
	return &kCard;
}

std::unique_ptr<Glue> make_glue(VerilatedContext *context)
{
	return std::make_unique<TwoClocks>(context);
}
