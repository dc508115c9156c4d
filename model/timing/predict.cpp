/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Puts the stations together and runs them. SystemC elaborates once in a process, so each prediction runs in a child of
 * its own and sends its result back through a pipe.
 */
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/wait.h>
#include <unistd.h>

#include "bound.h"
#include "host.h"
#include "pipe.h"
#include "rx_engine.h"
#include "tx_engine.h"
#include "wire.h"

namespace timing {

namespace {

/* What sc_main() needs and can only be told through a global. */
struct Job {
	const snic_predict_config *cfg;
	unsigned dirs;
	snic_predict_next next;
	void *ctx;
	snic_predict_result *out;
} job;

/* Frames pass through here on their way in, so that the closed form knows their mean. */
struct Source {
	snic_predict_next next;
	void *ctx;
	MeanFrame mean[SNIC_PREDICT_N_DIR];
	uint64_t frames[SNIC_PREDICT_N_DIR] = {};
	const snic_predict_config *cfg;

	static bool pull(void *self, snic_predict_dir dir, snic_predict_frame *f)
	{
		Source *s = static_cast<Source *>(self);
		MeanFrame &m = s->mean[dir];

		if (!s->next(s->ctx, dir, f))
			return false;
		const unsigned pieces = read_pieces(f->len, s->cfg->mrrs);

		s->frames[dir]++;
		m.len += f->len;
		m.steps += f->headers;
		m.search += f->search;
		m.beats += beats(f->len);
		m.reads += pieces;
		m.up_write += write_bytes(f->len, s->cfg->mps);
		m.up_read += pieces * TlpOverheadReq;
		m.down_read += completion_bytes(f->len, s->cfg->mps);
		return true;
	}
	void finish()
	{
		for (int d = 0; d < SNIC_PREDICT_N_DIR; d++) {
			const double n = frames[d] ? static_cast<double>(frames[d]) : 1;
			MeanFrame &m = mean[d];

			for (double *v : { &m.len, &m.steps, &m.search, &m.beats, &m.reads, &m.up_write, &m.up_read, &m.down_read })
				*v /= n;
		}
	}
};

double quantile(const std::vector<double> &sorted, double q)
{
	return sorted.empty() ? 0 : sorted[std::min(sorted.size() - 1, static_cast<size_t>(q * sorted.size()))] / 1e3;
}

/* Steady window: from 10 % to 95 % of the delivered frames, from the first to the last of them. */
void steady(const Meter &m, snic_predict_flow *f)
{
	const size_t n = m.out.size(), a = n / 10, b = n * 19 / 20;
	std::vector<double> latency;
	double bytes = 0;

	f->offered = m.offered;
	f->delivered = n;
	f->dropped = m.dropped;
	if (m.last_ps > m.first_ps) {
		f->offered_mpps = (m.offered - 1) / (m.last_ps - m.first_ps) * 1e6;
		f->offered_gbps = (m.bytes + 4.0 * m.offered) * 8e3 / (m.last_ps - m.first_ps);
	}
	for (const Meter::Out &o : m.out)
		latency.push_back(o.latency_ps);
	std::sort(latency.begin(), latency.end());
	f->latency_ns_min = quantile(latency, 0);
	f->latency_ns_p50 = quantile(latency, 0.5);
	f->latency_ns_p99 = quantile(latency, 0.99);
	f->latency_ns_max = quantile(latency, 1);
	if (b <= a + 1 || m.out[b - 1].ps <= m.out[a].ps)
		return;
	for (size_t i = a + 1; i < b; i++)
		bytes += m.out[i].len + 4;
	f->mpps = (b - 1 - a) / (m.out[b - 1].ps - m.out[a].ps) * 1e6;
	f->gbps = bytes * 8e3 / (m.out[b - 1].ps - m.out[a].ps);
}

void name_bottleneck(const std::vector<Station *> &stations, snic_predict_result *out)
{
	const double total = now_ps();

	for (const Station *s : stations) {
		const double busy = total > 0 ? s->busy_ps / total : 0;

		if (busy > out->bottleneck_busy) {
			out->bottleneck_busy = busy;
			snprintf(out->bottleneck, sizeof(out->bottleneck), "%s", s->label);
		}
	}
}

void simulate()
{
	const bool rx_wire = job.dirs & 1u << SNIC_PREDICT_RX;
	Shared sh(*job.cfg);
	Source source{ job.next, job.ctx, {}, {}, job.cfg };
	Link up("up", "PCIe up", sh), down("down", "PCIe down", sh);
	UpPort port("port", sh, up);
	Memory memory("memory", sh, up, down);
	Parser parser0("parser0", "parser wire", sh), parser2("parser2", "parser host", sh);
	TxEngine tx("tx", sh, port, memory, parser2.in);
	WireTx wire_tx("wire_tx", sh, tx.room);
	WireRx *wire_rx = rx_wire ? new WireRx("wire_rx", sh, parser0.in, Source::pull, &source) : nullptr;
	Room unused(WireCells, WireSlots);
	RxEngine rx("rx", sh, port, memory, wire_rx ? wire_rx->room : unused, tx.room);
	Pipe pipe("pipe", sh, wire_tx.in, rx.in);
	Host host("host", sh, rx, tx, down, job.dirs, Source::pull, &source);
	std::vector<Station *> stations = { &up,      &down, &port,    &memory, &parser0, &parser2,
					    &pipe,    &rx,   &tx,      &wire_tx };

	pipe.in = { &parser0.out, &parser2.out };
	if (wire_rx)
		stations.push_back(wire_rx);
	host.all_offered = [&] { return !wire_rx || wire_rx->ended; };
	sc_core::sc_start();
	for (int d = 0; d < SNIC_PREDICT_N_DIR; d++)
		if (job.dirs & 1u << d)
			steady(sh.meters[d], &job.out->flow[d]);
	name_bottleneck(stations, job.out);
	source.finish();
	const auto start = std::chrono::steady_clock::now();
	bound(*job.cfg, job.dirs, source.mean, job.out);
	job.out->bound_us = std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count();
	delete wire_rx;
}

/* Names in a result must not point into the child: find them again in the parent. */
const char *const bound_names[] = { "wire",		"PCIe up",	     "PCIe down",  "upstream data port",
				    "downstream data port", "read request port", "flow table", "parser" };

struct Message {
	snic_predict_result result;
	char station[SNIC_PREDICT_N_DIR][32];
};

} // namespace

} // namespace timing

int sc_main(int, char **)
{
	timing::simulate();
	return 0;
}

extern "C" int snic_predict(const snic_predict_config *cfg, unsigned int dirs, uint64_t total, snic_predict_next next,
			    void *ctx, snic_predict_result *out)
{
	using namespace timing;
	Message m = {};
	int fds[2], status = 0;

	(void)total;
	if (!dirs || pcie_ps_per_byte(cfg->pcie_gen, cfg->pcie_lanes) <= 0 || !cfg->clock_mhz || !cfg->wire_gbps)
		return -EINVAL;
	if (pipe(fds))
		return -errno;
	fflush(nullptr);
	const pid_t pid = fork();

	if (pid < 0) {
		close(fds[0]);
		close(fds[1]);
		return -errno;
	}
	if (!pid) {
		char name[] = "predict", *argv[] = { name, nullptr };

		job = { cfg, dirs, next, ctx, &m.result };
		setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 1);
		sc_core::sc_report_handler::set_actions("/IEEE_Std_1666/deprecated", sc_core::SC_DO_NOTHING);
		sc_core::sc_elab_and_sim(1, argv);
		for (int d = 0; d < SNIC_PREDICT_N_DIR; d++)
			snprintf(m.station[d], sizeof(m.station[d]), "%s",
				 m.result.flow[d].bound_station ? m.result.flow[d].bound_station : "");
		_exit(write(fds[1], &m, sizeof(m)) != sizeof(m));
	}
	close(fds[1]);
	const bool got = read(fds[0], &m, sizeof(m)) == static_cast<ssize_t>(sizeof(m));

	close(fds[0]);
	waitpid(pid, &status, 0);
	if (!got)
		return -EIO;
	*out = m.result;
	for (int d = 0; d < SNIC_PREDICT_N_DIR; d++) {
		out->flow[d].bound_station = "";
		for (const char *n : bound_names)
			if (!strcmp(n, m.station[d]))
				out->flow[d].bound_station = n;
	}
	return 0;
}
