// SPDX-License-Identifier: BSD-2-Clause
// The example card at the kit: what it is, and its ports.
#pragma GCC visibility push(default)
#include "snic_sim.h"
#pragma GCC visibility pop

#include <cstring>

#include "Vexample_card.h"
#include "axis.h"
#include "glue.h"

namespace {
enum : uint32_t {
#define EXAMPLE(name, value, meaning) EX_##name = (value),
#include "example.def"
#undef EXAMPLE
};

constexpr snic_card describe()
{
	snic_card c{};

	c.size = sizeof(c);
	c.name = "example";
	c.vendor_id = EX_PCI_VENDOR;
	c.pf.device_id = EX_PCI_DEVICE;
	c.class_code = 0x020000;
	c.revision = 1;
	c.caps = SNIC_CARD_DSN | SNIC_CARD_FLR | SNIC_CARD_AER;
	c.settings = SNIC_CARD_CLOCK | SNIC_CARD_SIZES; /* its requests have 128 bytes: they fit all sizes */
	c.pf.bar[0] = { EX_BAR_BYTES, 0, false, false };
	c.pf.bar[1] = { 4096, 0, false, false };
	c.pf.msix_vectors = 1;
	c.pf.msix_bar = 1;
	c.n_ports = 1;
	c.wire_gbps[0] = 10;
	c.wire_gbps[1] = 25;
	c.frame_max = EX_FRAME_MAX;
	c.usual_clock_mhz = 250;
	c.usual_wire_gbps = 10;
	c.usual_pcie_gen = 3;
	c.usual_pcie_lanes = 4;
	c.usual_mps = 256;
	c.usual_mrrs = 512;
	return c;
}

constexpr snic_card kCard = describe();
constexpr uint32_t kWord = 16; /* bytes of its streams */

class ExampleGlue final : public VerilatedGlue<Vexample_card> {
public:
	explicit ExampleGlue(VerilatedContext *context) : VerilatedGlue(context, "example_card") {}

	void start(const snic_sim_config &cfg) override { (void)cfg; }
	void links(const bool *down, uint32_t mbps) override
	{
		(void)mbps;
		t.link_i = !down[0];
	}
	bool drive(Host &h) override
	{
		AxisWord w;

		t.rx_valid_i = tlp_.rx(h, &w);
		if (t.rx_valid_i) {
			memcpy(t.rx_data_i.data(), w.data, kWord);
			t.rx_last_i = w.last;
		}
		t.bus_master_i = tlp_.bus_master[0];
		t.flr_i = tlp_.flr == 0;
		t.tx_ready_i = tlp_.tx_ready(h);
		t.irq_ready_i = tlp_.msix_ready(h);
		t.mac_tx_ready_i = mac_.tx_ready(h);
		t.mac_rx_valid_i = mac_.rx(h, &w);
		if (t.mac_rx_valid_i) {
			memcpy(t.mac_rx_data_i.data(), w.data, kWord);
			t.mac_rx_keep_i = static_cast<uint16_t>(w.keep());
			t.mac_rx_last_i = w.last;
			t.mac_rx_bad_i = w.bad;
		}
		return tlp_.driven() || t.mac_rx_valid_i;
	}
	void sample(Host &h) override
	{
		if (t.rx_valid_i && t.rx_ready_o)
			tlp_.rx_taken();
		if (t.tx_valid_o && t.tx_ready_i)
			tlp_.tx(h, t.tx_data_o.data(), axis_bytes(t.tx_keep_o), t.tx_last_o);
		if (t.irq_valid_o && t.irq_ready_i)
			tlp_.msix(h, 0, 0);
		if (t.mac_tx_valid_o && t.mac_tx_ready_i)
			mac_.tx(h, t.mac_tx_data_o.data(), axis_bytes(t.mac_tx_keep_o), t.mac_tx_last_o);
	}
	bool quiescent() const override { return t.quiescent_o; }
	uint32_t busy() const override { return t.busy_o; }
	const char *block(unsigned int bit) const override
	{
		static const char *const names[3] = { "rx", "tx", "tlp" };

		return names[bit];
	}

private:
	AxisTlp tlp_{ kWord };
	AxisMac mac_{ 0, kWord };
};
} // namespace

const struct snic_card *snic_sim_card(void)
{
	return &kCard;
}

std::unique_ptr<Glue> make_glue(VerilatedContext *context)
{
	return std::make_unique<ExampleGlue>(context);
}
