/* SPDX-License-Identifier: BSD-2-Clause */
#include "bound.h"

#include <algorithm>

#include "pcie.h"

namespace timing {

namespace {

struct Tightest {
	const char *station = "";
	double ps = 0;
	void add(const char *s, double v)
	{
		if (v > ps) {
			ps = v;
			station = s;
		}
	}
};

} // namespace

void bound(const snic_predict_config &cfg, unsigned dirs, const MeanFrame mean[SNIC_PREDICT_N_DIR],
	   snic_predict_result *out)
{
	const double cycle = 1e6 / cfg.clock_mhz, byte = pcie_ps_per_byte(cfg.pcie_gen, cfg.pcie_lanes);
	double up = 0, down = 0, up_port = 0, down_port = 0, read_port = 0, pipe = 0;

	/* what all directions share */
	for (int d = 0; d < SNIC_PREDICT_N_DIR; d++) {
		const MeanFrame &m = mean[d];
		const bool to_host = d != SNIC_PREDICT_TX, from_host = d != SNIC_PREDICT_RX;

		if (!(dirs & 1u << d))
			continue;
		pipe += 1 + m.search * (cfg.masks > 1 ? cfg.masks - 1 : 0);
		if (to_host) {
			up += m.up_write + (TlpOverheadReq + m.line * DescBytes) / m.line + TlpOverheadReq / m.line;
			down += (TlpOverheadCpl + m.line * DescBytes) / m.line;
			up_port += m.beats + 1 / m.line;
			read_port += 1 / m.line;
			down_port += 1 / m.line;
		}
		if (from_host) {
			up += m.up_read + TlpOverheadReq / m.line + (double)(TlpOverheadReq + WriteBackBytes) / m.line;
			down += m.down_read + (TlpOverheadCpl + m.line * DescBytes) / m.line;
			up_port += 1 / m.line;
			read_port += m.reads + 1 / m.line;
			down_port += m.beats + 1 / m.line;
		}
	}
	for (int d = 0; d < SNIC_PREDICT_N_DIR; d++) {
		const MeanFrame &m = mean[d];
		const double feed = std::min(m.beats, (double)HeaderBeats);
		Tightest t;

		if (!(dirs & 1u << d))
			continue;
		if (d != SNIC_PREDICT_VF2VF)
			t.add("wire", (m.len + EthOverhead) * 8e3 / cfg.wire_gbps);
		t.add("PCIe up", up * byte);
		t.add("PCIe down", down * byte);
		t.add("upstream data port", up_port * cycle);
		t.add("downstream data port", down_port * cycle);
		t.add("read request port", read_port * cycle);
		t.add("flow table", pipe * cycle);
		t.add("parser", std::max(feed, (feed + m.steps + ParserOverhead) / ParserEngines) * cycle);
		out->flow[d].bound_mpps = 1e6 / t.ps;
		out->flow[d].bound_station = t.station;
	}
}

} // namespace timing
