/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Puts the stations together and runs them. SystemC elaborates once in a process, so each prediction
 * runs in a child of its own and sends its result back through a pipe.
 */
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
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
	int ret;
} job;

/* Frames pass through here on their way in, so that the closed form sees them too. */
struct Source {
	Bound bound;

	static bool pull(void *self, snic_predict_dir dir, snic_predict_frame *f)
	{
		if (!job.next(job.ctx, dir, f))
			return false;
		static_cast<Source *>(self)->bound.add(dir, *f);
		return true;
	}
};

/*
 * Ends a run in which frames are inside and nothing moves: the model must not hang, whatever it is
 * asked.
 */
class Watchdog : public sc_core::sc_module {
public:
	bool barked = false;

	SC_HAS_PROCESS(Watchdog);
	Watchdog(sc_core::sc_module_name name, const Shared &s) : sc_module(name), sh(s) { SC_THREAD(run); }

private:
	const Shared &sh;

	void run()
	{
		uint64_t moved;

		do {
			moved = sh.moved();
			sc_core::wait(1, sc_core::SC_MS);
		} while (!sh.inside() || sh.moved() != moved);
		barked = true;
		sc_core::sc_stop();
	}
};

double quantile_ns(const std::vector<Ps> &sorted, double q)
{
	return sorted.empty()
		       ? 0
		       : sorted[std::min(sorted.size() - 1, static_cast<size_t>(q * sorted.size()))] / 1e3;
}

/* Steady window: from 10 % to 95 % of the delivered frames, from the first to the last of them. */
void steady(const Meter &m, snic_predict_flow *f)
{
	const size_t n = m.out.size(), a = n / 10, b = n * 19 / 20;
	std::vector<Ps> latency;
	double bytes = 0;

	f->offered = m.offered;
	f->delivered = n;
	f->dropped = m.dropped;
	if (m.last_ps > m.first_ps) {
		f->offered_mpps = (m.offered - 1) / (m.last_ps - m.first_ps) * 1e6;
		f->offered_gbps =
			(m.bytes + static_cast<double>(EthFcs) * m.offered) * 8e3 / (m.last_ps - m.first_ps);
	}
	for (const Meter::Out &o : m.out)
		latency.push_back(o.latency_ps);
	std::sort(latency.begin(), latency.end());
	f->latency_ns_min = quantile_ns(latency, 0);
	f->latency_ns_p50 = quantile_ns(latency, 0.5);
	f->latency_ns_p99 = quantile_ns(latency, 0.99);
	f->latency_ns_max = quantile_ns(latency, 1);
	if (b <= a + 1 || m.out[b - 1].ps <= m.out[a].ps)
		return;
	for (size_t i = a + 1; i < b; i++)
		bytes += m.out[i].len + EthFcs;
	f->mpps = (b - 1 - a) / (m.out[b - 1].ps - m.out[a].ps) * 1e6;
	f->gbps = bytes * 8e3 / (m.out[b - 1].ps - m.out[a].ps);
}

void name_bottleneck(const std::vector<Station *> &stations, snic_predict_result *out)
{
	const Ps total = now_ps();

	for (const Station *s : stations) {
		for (const Worker &w : s->workers) {
			const double busy = total > 0 ? std::min(1.0, w.busy_ps / total) : 0;

			if (busy <= out->bottleneck_busy)
				continue;
			out->bottleneck_busy = busy;
			snprintf(out->bottleneck, sizeof(out->bottleneck), "%s", s->label);
		}
	}
}

void simulate()
{
	Shared sh(*job.cfg);
	Source source{ Bound(*job.cfg) };
	UpLink up("up", sh);
	DownLink down("down", sh);
	UpPort port("port", sh, up);
	Memory memory("memory", sh, up, down);
	Parser parser_wire("parser_wire", "parser wire", sh), parser_host("parser_host", "parser host", sh);
	TxEngine tx("tx", sh, port, memory, parser_host.in);
	WireTx wire_tx("wire_tx", sh, tx.buffer);
	WireRx wire_rx("wire_rx", sh, parser_wire.in,
		       job.dirs & 1u << SNIC_PREDICT_RX ? Source::pull : nullptr, &source);
	RxEngine rx("rx", sh, port, memory, wire_rx.buffer, tx.buffer);
	Pipe pipe("pipe", sh, wire_tx.in, rx.in);
	Host host("host", sh, rx, tx, down, job.dirs, Source::pull, &source);
	Watchdog watchdog("watchdog", sh);
	const std::vector<Station *> stations = { &up,	 &down, &port, &memory,	 &parser_wire, &parser_host,
						  &pipe, &rx,	&tx,   &wire_tx, &wire_rx };

	pipe.in = { &parser_wire.out, &parser_host.out };
	pipe.wire_buffer = &wire_rx.buffer;
	host.all_offered = [&] { return wire_rx.ended; };
	sc_core::sc_start();
	for (int d = 0; d < SNIC_PREDICT_N_DIR; d++)
		if (job.dirs & 1u << d)
			steady(sh.meters[d], &job.out->flow[d]);
	name_bottleneck(stations, job.out);
	const auto start = std::chrono::steady_clock::now();
	source.bound.finish(job.dirs, job.out);
	job.out->bound_us =
		std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count();
	job.ret = watchdog.barked ? -ETIMEDOUT : 0;
}

bool possible(const snic_predict_config &c, unsigned dirs)
{
	const auto power_of_two = [](uint32_t v, uint32_t min, uint32_t max) {
		return v >= min && v <= max && !(v & (v - 1));
	};

	return dirs && dirs < 1u << SNIC_PREDICT_N_DIR && c.clock_mhz && c.wire_gbps && c.host_poll_ns &&
	       power_of_two(c.mps, 128, PageBytes) && power_of_two(c.mrrs, 128, PageBytes) &&
	       power_of_two(c.rcb, 64, 128) && power_of_two(c.ring, DescPerLine, 32768) &&
	       pcie_ps_per_byte(c.pcie_gen, c.pcie_lanes, c.mps) > 0;
}

/* What goes from the child to its parent. A string literal is at the same address in both. */
struct Message {
	snic_predict_result result;
	int ret;
};

[[noreturn]] void child(int fd)
{
	char name[] = "predict", *argv[] = { name, nullptr };
	Message m = {};

	job.out = &m.result;
	setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 1);
	sc_core::sc_report_handler::set_actions("/IEEE_Std_1666/deprecated", sc_core::SC_DO_NOTHING);
	sc_core::sc_report_handler::set_actions(sc_core::SC_INFO, sc_core::SC_DO_NOTHING);
	sc_core::sc_elab_and_sim(1, argv);
	m.ret = job.ret;
	_exit(write(fd, &m, sizeof(m)) != sizeof(m));
}

} // namespace

} // namespace timing

int sc_main(int, char **)
{
	timing::simulate();
	return 0;
}

extern "C" int snic_predict(const snic_predict_config *cfg, unsigned int dirs, snic_predict_next next,
			    void *ctx, snic_predict_result *out)
{
	using namespace timing;
	int fds[2], status = 0;
	Message m;

	if (!possible(*cfg, dirs))
		return -EINVAL;
	if (pipe(fds))
		return -errno;
	fflush(nullptr);
	const pid_t pid = fork();

	if (pid < 0) {
		const int err = errno;

		close(fds[0]);
		close(fds[1]);
		return -err;
	}
	if (!pid) {
		job = { cfg, dirs, next, ctx, nullptr, -EIO };
		child(fds[1]);
	}
	close(fds[1]);
	const bool got = read(fds[0], &m, sizeof(m)) == static_cast<ssize_t>(sizeof(m));

	close(fds[0]);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (!got)
		return -EIO;
	*out = m.result;
	return m.ret;
}
