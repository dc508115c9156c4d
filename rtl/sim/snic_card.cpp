// SPDX-License-Identifier: BSD-2-Clause
// Our own card, as the contract has it.
#pragma GCC visibility push(default)
#include "snic_sim.h"
#pragma GCC visibility pop

namespace {
enum : uint32_t {
#define PARAM(name, value, unit, why) name = value,
#include "snic_params.def"
#undef PARAM
#define REG(name, offset, access, reset, scope, what) REG_##name = offset,
#define REG_ARRAY(...)
#include "snic_regs.def"
#undef REG
#undef REG_ARRAY
};

constexpr uint32_t kMsixBytes = 4096;

constexpr snic_card_func function(uint16_t device_id)
{
	snic_card_func f{};

	f.device_id = device_id;
	f.bar[0] = { BAR_BYTES, 0, true, true };
	f.bar[2] = { kMsixBytes, 0, true, true };
	f.msix_vectors = VEC_PER_FUNC;
	f.msix_bar = 2;
	return f;
}

constexpr snic_card describe()
{
	snic_card c{};

	c.size = sizeof(c);
	c.name = "snic";
	c.vendor_id = PCI_VENDOR;
	c.class_code = 0x020000;
	c.revision = VERSION_MAJOR;
	c.caps = SNIC_CARD_AER | SNIC_CARD_ARI | SNIC_CARD_DSN | SNIC_CARD_FLR;
	c.settings = SNIC_CARD_CLOCK | SNIC_CARD_START_CYCLES | SNIC_CARD_SIZES;
	c.pf = function(PCI_DEVICE_PF);
	c.vf = function(PCI_DEVICE_VF);
	c.total_vfs = N_FUNC - 1;
	c.vf_offset = 1;
	c.vf_stride = 1;
	c.n_ports = N_PORT;
	c.usual_clock_mhz = 400;
	c.usual_wire_gbps = 100;
	c.usual_pcie_gen = 4;
	c.usual_pcie_lanes = 16;
	c.usual_mps = 256;
	c.usual_mrrs = 512;
	c.frame_max = FRAME_MAX;
	c.read_timeout_reg = REG_READ_TIMEOUT;
	c.max_plain = N_FUNC - 1;

	const uint32_t speeds[] = { 10, 25, 40, 50, 100, 200 };
	int n = 0;

	for (uint32_t gbps : speeds)
		c.wire_gbps[n++] = gbps;
	return c;
}

constexpr snic_card kCard = describe();
} // namespace

const struct snic_card *snic_sim_card(void)
{
	return &kCard;
}
