// SPDX-License-Identifier: BSD-2-Clause
// Our own card at the kit: TLPs with header and data side by side, two wire ports.
#include <cstring>

#include "Vsnic_top.h"
#include "glue.h"

namespace {
/* bits of busy_o */
const char *const kBlocks[] = {
#define BLOCK(name, label) label,
#include "snic_blocks.def"
#undef BLOCK
};
constexpr uint32_t kBeatWords = kBeat / 4;

/* Bit n of an input. */
void put_bit(uint8_t *word, unsigned int n, bool value)
{
	*word = static_cast<uint8_t>((*word & ~(1u << n)) | static_cast<unsigned int>(value) << n);
}

class SnicGlue final : public VerilatedGlue<Vsnic_top> {
public:
	explicit SnicGlue(VerilatedContext *context) : VerilatedGlue(context, "snic_top") {}

	void start(const snic_sim_config &cfg) override
	{
		t.pcie_gen_i = cfg.pcie_gen;
		t.pcie_lanes_i = cfg.pcie_lanes;
		t.clock_khz_i = 1000 * cfg.clock_mhz;
		t.clk_all_i = cfg.no_gate;
		t.mps_i = cfg.mps;
		t.mrrs_i = cfg.mrrs;
	}
	void links(const bool *down, uint32_t mbps) override
	{
		t.link_i = (down[0] ? 0 : 1) | (down[1] ? 0 : 2);
		t.link_mbps_i = (down[0] ? 0 : mbps) | static_cast<uint64_t>(down[1] ? 0 : mbps) << 20;
	}
	bool drive(Host &h) override
	{
		bool driven = drive_cpl(h);

		t.up_ready_i = h.link.up_ready();
		t.rd_ready_i = h.link.rd_ready();
		t.tx_ready_i = h.tx_ready(0) | h.tx_ready(1) << 1;
		driven |= drive_req(h);
		driven |= drive_rx(h, 0);
		driven |= drive_rx(h, 1);
		return driven;
	}
	void settle(const Host &h) override
	{
		t.now_i = h.cycle;
		VerilatedGlue::settle(h);
	}
	void sample(Host &h) override
	{
		if (t.up_valid_o && t.up_ready_i) {
			h.passed |= 1u << SNIC_SIM_PASSED_UP;
			h.link.up_beat({ t.up_sop_o != 0, t.up_eop_o != 0, t.up_kind_o, t.up_func_o,
					 t.up_tag_o, t.up_len_o, t.up_addr_o, t.up_data_o.data() });
		}
		if (t.rd_valid_o && t.rd_ready_i) {
			h.passed |= 1u << SNIC_SIM_PASSED_READ;
			h.link.rd_request(t.rd_func_o, t.rd_addr_o, t.rd_len_o, t.rd_tag_o);
		}
		if (t.cpl_valid_i && t.cpl_ready_o) {
			h.passed |= 1u << SNIC_SIM_PASSED_CPL;
			h.link.cpl_beat_pop();
		}
		if (const DownReq *r = h.link.down_req(); r && (!t.mmio_valid_i || t.mmio_ready_o)) {
			h.passed |= static_cast<uint32_t>(t.mmio_valid_i) << SNIC_SIM_PASSED_MMIO;
			h.link.down_req_pop();
		}
		sample_tx(h, 0);
		sample_tx(h, 1);
	}

	bool ready() const override { return t.init_done_o; }
	bool quiescent() const override { return t.quiescent_o; }
	bool wake(uint64_t *cycle) const override
	{
		*cycle = t.wake_o;
		return t.wake_valid_o;
	}
	uint32_t busy() const override { return t.busy_o; }
	const char *block(unsigned int bit) const override { return kBlocks[bit]; }

private:
	bool drive_cpl(Host &h)
	{
		CplBeat c{};

		t.cpl_valid_i = h.link.cpl_beat(&c);
		if (!t.cpl_valid_i)
			return false;
		t.cpl_sop_i = c.sop;
		t.cpl_eop_i = c.eop;
		t.cpl_tag_i = c.tag;
		t.cpl_status_i = c.status;
		t.cpl_last_i = c.last;
		t.cpl_len_i = c.len;
		memcpy(t.cpl_data_i.data(), c.data, kBeat);
		return true;
	}
	bool drive_req(Host &h)
	{
		const DownReq *r = h.link.down_req();

		t.mmio_valid_i = 0;
		t.cfg_valid_i = 0;
		if (!r)
			return false;
		if (r->kind == DownReq::Write || r->kind == DownReq::Read) {
			t.mmio_valid_i = 1;
			t.mmio_we_i = r->kind == DownReq::Write;
			t.mmio_func_i = r->func;
			t.mmio_addr_i = r->addr;
			t.mmio_be_i = r->be;
			t.mmio_wdata_i = r->data;
			t.mmio_tag_i = r->tag;
		} else if (r->kind == DownReq::Sizes) {
			t.mps_i = static_cast<uint16_t>(r->data);
			t.mrrs_i = static_cast<uint16_t>(r->data >> 32);
		} else {
			t.cfg_valid_i = 1;
			t.cfg_func_i = r->func;
			t.cfg_bme_we_i = r->kind == DownReq::BusMaster;
			t.cfg_bme_i = r->on;
			t.cfg_flr_i = r->kind == DownReq::Flr;
		}
		return true;
	}
	bool drive_rx(Host &h, unsigned int port)
	{
		Mac::RxBeat b;
		const bool valid = h.rx(port, &b);

		put_bit(&t.rx_valid_i, port, valid);
		if (!valid)
			return false;
		memcpy(t.rx_data_i.data() + port * kBeatWords, b.data, kBeat);
		put_bit(&t.rx_sop_i, port, b.sop);
		put_bit(&t.rx_eop_i, port, b.eop);
		t.rx_bytes_i =
			static_cast<uint16_t>((t.rx_bytes_i & ~(0x7f << 7 * port)) | b.bytes << 7 * port);
		put_bit(&t.rx_bad_i, port, b.bad);
		return true;
	}
	void sample_tx(Host &h, unsigned int port)
	{
		if (t.tx_valid_o & t.tx_ready_i & 1 << port)
			h.tx(port, t.tx_sop_o >> port & 1, t.tx_eop_o >> port & 1,
			     t.tx_bytes_o >> 7 * port & 0x7f, t.tx_data_o.data() + port * kBeatWords);
	}
};
} // namespace

std::unique_ptr<Glue> make_glue(VerilatedContext *context)
{
	return std::make_unique<SnicGlue>(context);
}
