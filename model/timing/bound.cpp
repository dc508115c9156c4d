/* SPDX-License-Identifier: BSD-2-Clause */
#include "bound.h"

#include <algorithm>

#include "directions.h"
#include "params.h"
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

/* Cycles and bytes that all directions take of what they share, for one frame of each. */
struct Shares {
	double up_bytes = 0, down_bytes = 0;
	double up_beats = 0, down_beats = 0, requests = 0;
	double frames = 0, search = 0, steer = 0;
	double buffer_reads = 0; /* of what the host sent, by the egresses and the flood store */
};

void add_to_host(const MeanFrame &m, Shares *s)
{
	const double lines = m.copies / DescPerLine;

	s->up_bytes += m.write_bytes + lines * (TlpOverheadReq + TlpOverheadReq) + m.copies * DescBytes;
	s->down_bytes += lines * TlpOverheadCpl +
			 m.copies * (DescBytes + static_cast<double>(DoorbellBytes) / RxDoorbell);
	s->up_beats += m.write_beats + lines;
	s->down_beats += lines;
	s->requests += lines;
	s->steer += m.copies * RxCopyCycles + m.flooded * RxMapCycles;
}

void add_from_host(const MeanFrame &m, Shares *s)
{
	const double line = 1.0 / DescPerLine;

	s->up_bytes += m.read_bytes + line * (TlpOverheadReq + TlpOverheadReq + WriteBackBytes);
	s->down_bytes += m.answer_bytes + line * TlpOverheadCpl + DescBytes;
	s->up_beats += line;
	s->down_beats += m.in_beats + line;
	s->requests += m.reads + line;
	s->buffer_reads += m.host_beats + m.out_beats;
}

} // namespace

Bound::Bound(const snic_predict_config &c)
	: cfg(c), sent(Functions * QueuesPerFunction), got(Functions * QueuesPerFunction)
{
}

void Bound::add(snic_predict_dir dir, const snic_predict_frame &f)
{
	const unsigned feed = std::min<unsigned>(beats(f.len), HeaderBeats);
	MeanFrame &m = sum[dir];
	unsigned n, at;

	m.frames++;
	m.len += f.len;
	m.in_beats += beats(f.len);
	m.feed += feed;
	m.engine += feed + f.headers + ParserOverhead;
	m.search += !f.refused && flows.insert(f.flow).second;
	m.out += to_wire(dir) ? f.wire_len[port_of(dir)] != 0 : f.n_copies;
	for (unsigned p = 0; p < SNIC_N_PORT; p++) {
		m.out_beats += f.wire_len[p] ? beats(f.wire_len[p]) : 0;
		m.out_bytes[p] += f.wire_len[p] ? f.wire_len[p] + EthPreamble + EthFcs + EthGap : 0;
	}
	m.copies += f.n_copies;
	m.flooded += f.flooded && f.n_copies;
	m.host_beats += f.flooded && f.n_copies ? beats(f.len) : 0;
	for (const snic_predict_copy *c = f.copies; c != f.copies + f.n_copies; c++) {
		const uint64_t to = static_cast<uint64_t>(got[c->queue]++ % cfg.ring) * cfg.rx_stride;

		m.write_beats += beats(c->len);
		m.host_beats += f.flooded ? 0 : beats(c->len);
		for (at = 0; at < c->len; at += n) {
			n = write_piece(to + at, c->len - at, cfg.mps);
			m.write_bytes += TlpOverheadReq + dwords(n);
		}
	}
	if (from_wire(dir))
		return;
	const uint64_t from = static_cast<uint64_t>(sent[f.queue]++ % cfg.ring) * cfg.tx_stride;

	for (at = 0; at < f.len; at += n) {
		n = read_piece(from + at, f.len - at, cfg.mrrs);
		m.reads++;
		m.read_bytes += TlpOverheadReq;
		m.answer_bytes += completions(from + at, n, cfg.mps, cfg.rcb).bytes;
	}
}

static MeanFrame mean(MeanFrame m)
{
	for (double *v : { &m.len, &m.feed, &m.engine, &m.search, &m.out, &m.in_beats, &m.out_bytes[0],
			   &m.out_bytes[1], &m.out_beats, &m.copies, &m.flooded, &m.write_bytes,
			   &m.read_bytes, &m.answer_bytes, &m.write_beats, &m.host_beats, &m.reads })
		*v /= m.frames;
	return m;
}

void Bound::finish(unsigned dirs, snic_predict_result *out) const
{
	const double cycle = 1e6 / cfg.clock_mhz,
		     byte = pcie_ps_per_byte(cfg.pcie_gen, cfg.pcie_lanes, cfg.mps);
	Shares s;

	for (int d = 0; d < SNIC_PREDICT_N_DIR; d++) {
		if (!(dirs & 1u << d) || !sum[d].frames)
			continue;
		const MeanFrame m = mean(sum[d]);

		s.frames++;
		s.search += m.search * cfg.masks;
		add_to_host(m, &s);
		if (!from_wire(d))
			add_from_host(m, &s);
	}
	for (int d = 0; d < SNIC_PREDICT_N_DIR; d++) {
		if (!(dirs & 1u << d) || !sum[d].frames)
			continue;
		const MeanFrame m = mean(sum[d]);
		const double in_bytes = from_wire(d) ? m.len + EthPreamble + EthFcs + EthGap : 0,
			     wire = std::max({ in_bytes, m.out_bytes[0], m.out_bytes[1] }) * 8e3 /
				    cfg.wire_gbps;
		Tightest t;

		t.add("wire", wire);
		if (from_wire(d))
			t.add("wire port", m.in_beats * cycle);
		t.add("PCIe up", s.up_bytes * byte);
		t.add("PCIe down", s.down_bytes * byte);
		t.add("upstream data port", s.up_beats * cycle);
		t.add("downstream data port", s.down_beats * cycle);
		t.add("read request port", s.requests * cycle);
		t.add("flow table", std::max(s.frames, s.search) * cycle);
		t.add("rx engine", s.steer * cycle);
		t.add("packet buffer", s.buffer_reads * cycle);
		t.add("parser", std::max(m.feed, m.engine / ParserEngines) * cycle);
		out->flow[d].bound_mpps = m.out * 1e6 / t.ps;
		out->flow[d].bound_wire_mpps = wire > 0 ? m.out * 1e6 / wire : 0;
		out->flow[d].bound_pcie_mpps = m.out * 1e6 / (std::max(s.up_bytes, s.down_bytes) * byte);
		out->flow[d].bound_station = t.station;
	}
}

} // namespace timing
