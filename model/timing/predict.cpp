/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Puts the stations together and runs them. SystemC elaborates once in a process, so each prediction
 * runs in a child of its own and sends its result back through a pipe.
 */
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <csignal>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
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
	int fd; /* to the parent */
} job;

/* What the parent says when it waits. */
struct Windows {
	snic_predict_window dir[SNIC_PREDICT_N_DIR];
};

/* What comes from the wire passes through here on its way in, so that the closed form sees it too. */
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
	/* more than a read at its slowest: 1 ms of latency, 1 ms of jitter, 1 ms to be asked for */
	static constexpr int StuckMs = 5;
	/* while nothing is inside it looks less and less often: a gap of days is cheap */
	static constexpr int IdleMs = 1000;

public:
	bool barked = false;

	SC_HAS_PROCESS(Watchdog);
	Watchdog(sc_core::sc_module_name name, const Shared &s) : sc_module(name), sh(s) { SC_THREAD(run); }

private:
	const Shared &sh;

	void run()
	{
		uint64_t moved;
		int ms = StuckMs;

		do {
			moved = sh.moved();
			sc_core::wait(ms, sc_core::SC_MS);
			ms = sh.inside ? StuckMs : std::min(2 * ms, IdleMs);
		} while (!sh.inside || sh.moved() != moved);
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

struct Window {
	Ps from, to;
	bool empty() const { return to <= from; }
};

/* A direction is steady between its delivered frames at 10 % and 95 % of the run. */
Window steady(const Meter &m)
{
	const size_t n = m.out.size(), a = n / 10, b = n * 19 / 20;

	return b > a + 1 ? Window{ m.out[a].ps, m.out[b - 1].ps } : Window{ 0, 0 };
}

/* The time in which all directions of the run are. */
Window steady(const Shared &sh)
{
	Window all = { 0, 1e30 };

	for (int d = 0; d < SNIC_PREDICT_N_DIR; d++) {
		const Window w = steady(sh.meters[d]);

		if (job.dirs & 1u << d && !w.empty())
			all = { std::max(all.from, w.from), std::min(all.to, w.to) };
	}
	return all;
}

/* The frames that somebody else measured. */
Window like(const Meter &m, const snic_predict_window &w)
{
	const auto rank = [&](uint64_t i) {
		const double scaled = std::round(static_cast<double>(i) * m.out.size() / w.of);

		return std::min(static_cast<size_t>(scaled), m.out.size() - 1);
	};

	return m.out.empty() ? Window{ 0, 0 }
			     : Window{ m.out[rank(w.before)].ps, m.out[rank(w.before + w.n - 1)].ps };
}

/* The model is done before its parent, as a rule. */
Windows asked_for()
{
	Windows w = {};

	if (read(job.fd, &w, sizeof(w)) != sizeof(w))
		return {};
	return w;
}

/* Rates from the first to the last frame in the window. */
void rates(const Meter &m, const Window &w, snic_predict_flow *f)
{
	const auto a =
		std::find_if(m.out.begin(), m.out.end(), [&](const Meter::Out &o) { return o.ps >= w.from; });
	auto last = a;
	double bytes = 0, n = 0;

	if (a == m.out.end())
		return;
	for (auto o = a + 1; o != m.out.end() && o->ps <= w.to; o++) {
		n++;
		bytes += o->len + EthFcs;
		last = o;
	}
	if (last->ps <= a->ps)
		return;
	f->mpps = n / (last->ps - a->ps) * 1e6;
	f->gbps = bytes * 8e3 / (last->ps - a->ps);
}

void report(const Meter &m, const Window &w, snic_predict_flow *f)
{
	std::vector<Ps> latency;

	rates(m, w, f);
	f->offered = m.offered;
	f->delivered = m.out.size();
	f->dropped = m.dropped;
	f->dropped_by_rule = m.dropped_by_rule;
	f->ring_full = m.ring_full;
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
}

/* What each function got and sent in the window. */
void shares(const Meter &m, const Window &w, snic_predict_result *out)
{
	const double us = (w.to - w.from) / 1e6;

	for (const Meter::Out &o : m.out) {
		if (w.empty() || o.ps <= w.from || o.ps > w.to)
			continue;
		for (snic_predict_share *s : { o.to < 0 ? nullptr : &out->to_func[o.to],
					       o.from < 0 ? nullptr : &out->from_func[o.from] }) {
			if (!s)
				continue;
			s->mpps += 1 / us;
			s->gbps += (o.len + EthFcs) * 8e-3 / us;
		}
	}
}

/* From the first frame to the last. */
Ps run_time(const Shared &sh)
{
	Ps first = 1e30, last = 0;

	for (const Meter &m : sh.meters) {
		if (m.offered)
			first = std::min(first, m.first_ps);
		last = std::max(last, m.last_ps);
		if (!m.out.empty())
			last = std::max(last, m.out.back().ps);
	}
	return last > first ? last - first : 1;
}

/*
 * The busiest station. Where frames were dropped it is not the wire that they came from; where all have room and nothing
 * piled up, what is offered limits.
 */
unsigned bottleneck(const double *busy, bool dropped, bool piled_up)
{
	unsigned busiest = SNIC_STATION_WIRE_IN;

	for (unsigned st = 0; st < SNIC_N_STATION; st++)
		if (busy[st] > busy[busiest] || (busiest == SNIC_STATION_WIRE_IN && dropped))
			busiest = st;
	if (dropped || piled_up || busy[busiest] * 100 >= LimitBusy)
		return busiest;
	return busy[SNIC_STATION_WIRE_IN] > 0 ? SNIC_STATION_WIRE_IN : SNIC_STATION_HOST;
}

void simulate()
{
	Shared sh(*job.cfg);
	Source source{ Bound(*job.cfg) };
	UpLink up("up", sh);
	DownLink down("down", sh);
	UpPort port("port", sh, up);
	Memory memory("memory", sh, up, down);
	Parser parser_wire("parser_wire", sh), parser_wire1("parser_wire1", sh),
		parser_host("parser_host", sh);
	TxEngine tx("tx", sh, port, memory, parser_host.in);
	WireTx wire_tx("wire_tx", sh, 0), wire_tx1("wire_tx1", sh, 1);
	const auto pull = [](snic_predict_dir dir) { return job.dirs & 1u << dir ? Source::pull : nullptr; };
	WireRx wire_rx("wire_rx", sh, parser_wire.in, SNIC_PREDICT_RX, pull(SNIC_PREDICT_RX), &source);
	WireRx wire_rx1("wire_rx1", sh, parser_wire1.in, SNIC_PREDICT_RX_P1, pull(SNIC_PREDICT_RX_P1),
			&source);
	FloodStore floods("floods", sh);
	RxEngine rx("rx", sh, port, memory, floods);
	Pipe pipe("pipe", sh, wire_tx.in, wire_tx1.in, rx.in, floods);
	Host host("host", sh, rx, tx, down, job.dirs, job.next, job.ctx);
	Watchdog watchdog("watchdog", sh);
	const std::vector<const Station *> stations = { &up,	      &down,	     &port,	   &memory,
							&parser_wire, &parser_wire1, &parser_host, &pipe,
							&rx,	      &tx,	     &wire_tx,	   &wire_tx1,
							&wire_rx,     &wire_rx1,     &floods };

	pipe.in = { &parser_wire.out, &parser_wire1.out, &parser_host.out };
	parser_wire.taker = parser_wire1.taker = parser_host.taker = &pipe.came;
	floods.taker = &rx.came;
	host.all_offered = [&] { return wire_rx.ended && wire_rx1.ended; };
	host.posted = [&](snic_predict_dir dir, const snic_predict_frame &f) { source.bound.add(dir, f); };
	sc_core::sc_start();
	/* workers say beforehand when a frame will be out */
	for (Meter &m : sh.meters)
		std::stable_sort(m.out.begin(), m.out.end(),
				 [](const Meter::Out &a, const Meter::Out &b) { return a.ps < b.ps; });
	const Windows asked = asked_for();
	const Window all = steady(sh);

	for (int d = 0; d < SNIC_PREDICT_N_DIR; d++) {
		const Window w = asked.dir[d].n ? like(sh.meters[d], asked.dir[d])
				 : all.empty()	? steady(sh.meters[d])
						: all;

		report(sh.meters[d], w, &job.out->flow[d]);
		shares(sh.meters[d], w, job.out);
	}
	const auto busy = [&, total = run_time(sh)](int station, Ps ps) {
		job.out->busy[station] = std::max(job.out->busy[station], std::min(1.0, ps / total));
	};

	for (const Station *s : stations)
		for (const Worker &w : s->workers)
			busy(w.station, w.busy_ps);
	for (const PacketBuffer *b : { &wire_rx.buffer, &wire_rx1.buffer, &tx.buffer })
		busy(b->port.station, b->port.busy_ps);
	busy(SNIC_STATION_DMA_TAGS, tx.line_reads.sum_ps / TagsTxDesc);
	busy(SNIC_STATION_DMA_TAGS, tx.data_reads.sum_ps / TagsTxData);
	busy(SNIC_STATION_DMA_TAGS, tx.data_bytes.sum_ps / TxInFlight);
	busy(SNIC_STATION_DMA_TAGS, rx.line_reads.sum_ps / TagsRxDesc);
	if (job.dirs & ~FromWire)
		busy(SNIC_STATION_HOST, tx.no_descriptor.sum_ps);
	rx.no_descriptor.is(false); /* the run is over */
	busy(SNIC_STATION_HOST, rx.no_descriptor.sum_ps);
	std::copy(spans.at, spans.at + spans.n, job.out->spans);
	job.out->n_spans = spans.n;
	job.out->bottleneck = bottleneck(job.out->busy, sh.dropped(), host.ring_was_full);
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

extern "C" int snic_predict_start(const snic_predict_config *cfg, unsigned int dirs, snic_predict_next next,
				  void *ctx, snic_predict_run *run)
{
	using namespace timing;
	int fds[2];

	*run = { -1, -1 };
	if (!possible(*cfg, dirs))
		return -EINVAL;
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds))
		return -errno;
	fflush(nullptr);
	const pid_t parent = getpid(), pid = fork();

	if (pid < 0) {
		const int err = errno;

		close(fds[0]);
		close(fds[1]);
		return -err;
	}
	if (!pid) {
		/* It dies with its parent; one that has died already is not seen by prctl(). */
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
			_exit(1);
		job = { cfg, dirs, next, ctx, nullptr, -EIO, fds[1] };
		close(fds[0]);
		child(fds[1]);
	}
	close(fds[1]);
	fcntl(fds[0], F_SETFD, FD_CLOEXEC);
	*run = { pid, fds[0] };
	return 0;
}

extern "C" int snic_predict_wait(const snic_predict_run *run, const snic_predict_window *windows,
				 snic_predict_result *out)
{
	using namespace timing;
	Windows w = {};
	size_t got = 0;
	Message m;

	if (windows)
		std::copy(windows, windows + SNIC_PREDICT_N_DIR, w.dir);
	if (!out)
		kill(run->pid, SIGKILL);
	else if (send(run->fd, &w, sizeof(w), MSG_NOSIGNAL) != sizeof(w))
		got = sizeof(m) + 1; /* it has died, and says nothing any more */
	/* a socket gives a part at a time */
	while (out && got < sizeof(m)) {
		const ssize_t n = read(run->fd, reinterpret_cast<char *>(&m) + got, sizeof(m) - got);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		got += static_cast<size_t>(n);
	}
	close(run->fd);
	while (waitpid(run->pid, nullptr, 0) < 0 && errno == EINTR)
		;
	if (got != sizeof(m))
		return -EIO;
	*out = m.result;
	return m.ret;
}

extern "C" int snic_predict(const snic_predict_config *cfg, unsigned int dirs, snic_predict_next next,
			    void *ctx, snic_predict_result *out)
{
	snic_predict_run run;
	const int ret = snic_predict_start(cfg, dirs, next, ctx, &run);

	return ret ? ret : snic_predict_wait(&run, nullptr, out);
}
