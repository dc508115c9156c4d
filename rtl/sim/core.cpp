// SPDX-License-Identifier: BSD-2-Clause
#include "core.h"

#include <algorithm>
#include <cerrno>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <numeric>

#include <unistd.h>

#include <verilated.h>
#if VM_COVERAGE
#include <verilated_cov.h>
#endif

#include "glue.h"
#include "vl_report.h"
#include "wave.h"

namespace {
constexpr uint32_t kResetEdges = 16;
constexpr uint64_t kInitEdges = 1 << 20;
constexpr uint64_t kWatchdogDefault = 100000;
/* A root port's completion timeout, from the last request on that the device has taken. */
constexpr uint64_t kMmioTimeoutPs = 50000000000ull;
constexpr uint64_t kTimeMask = (1ull << 48) - 1; /* of the device's time */
} // namespace

Core::Core(const snic_sim_config &cfg, const snic_sim_ops &ops, void *ctx)
	: cfg_(cfg), ops_(ops), ctx_(ctx), period_num_(1000000 / std::gcd(1000000u, cfg.clock_mhz)),
	  period_den_(cfg.clock_mhz / std::gcd(1000000u, cfg.clock_mhz)),
	  watchdog_(cfg.watchdog_cycles ? cfg.watchdog_cycles : kWatchdogDefault), link_(cfg, ops, ctx),
	  n_ports_(snic_sim_card()->n_ports), mac_{ Mac(cfg.wire_gbps), Mac(cfg.wire_gbps) },
	  host_(std::make_unique<Host>(link_, mac_)), context_(std::make_unique<VerilatedContext>()),
	  mps_(cfg.mps), mrrs_(cfg.mrrs)
{
#ifdef SNIC_SIM_RANDOM_RESET
	/* What the RTL does not clear starts as noise, from the seed. */
	context_->randReset(2);
	context_->randSeed(static_cast<int>(cfg.seed % 0x7fffffff) + 1);
#endif
#if VM_TRACE
	context_->traceEverOn(true);
#endif
	glue_ = make_glue(context_.get());
	for (unsigned int n = 0;; n++) {
		const uint32_t khz = glue_->clock_khz(n);

		if (!khz)
			break;
		const uint64_t g = std::gcd(1000000000u, khz);

		clocks_.push_back({ 1000000000 / g, khz / g, 0, 0 });
	}
}

uint64_t Core::moved() const
{
	return link_.moved() + host_->wire_moves;
}

Core::~Core()
{
	/* A top with scopes ($display of %m) takes leave of its thread's context. At exit() the library's default one, which a thread has that
	   never made a top, may be gone. */
	Verilated::threadContextp(context_.get());
	wave_.reset();
	glue_->finish();
#if VM_COVERAGE
	/* One file a device; verilator_coverage merges them. */
	static unsigned int serial;
	const char *dir = getenv("SNIC_COVERAGE_DIR");

	context_->coveragep()->write((std::string(dir ? dir : ".") + "/coverage." + std::to_string(getpid()) +
				      "." + std::to_string(serial++) + ".dat")
					     .c_str());
#endif
}

void Core::fail(const std::string &what)
{
	if (error_.empty())
		error_ = "cycle " + std::to_string(cycle_) + ", " + std::to_string(edge_ps_) + " ps: " + what;
}

/* ---- time ---- */

uint64_t Core::cycle_time(uint64_t n) const
{
	return static_cast<uint64_t>(static_cast<unsigned __int128>(n) * period_num_ / period_den_);
}

/* First edge that is not before time_ps. */
uint64_t Core::cycle_at(uint64_t time_ps) const
{
	if (time_ps == kNever)
		return kNever;
	if (period_den_ == 1) /* most clocks: no need of 128 bits */
		return time_ps / period_num_ + (time_ps % period_num_ != 0);
	return static_cast<uint64_t>(
		(static_cast<unsigned __int128>(time_ps) * period_den_ + period_num_ - 1) / period_num_);
}

void Core::set_cycle(uint64_t n)
{
	cycle_ = n;
	edge_ps_ = cycle_time(n);
	edge_frac_ = static_cast<uint64_t>(static_cast<unsigned __int128>(n) * period_num_ % period_den_);
}

uint64_t Core::device_time() const
{
	return (cycle_ + cfg_.start_cycles) & kTimeMask;
}

/* Edge at which a quiescent device does something if nothing is driven; kNever: at none. */
uint64_t Core::wake_cycle() const
{
	uint64_t wake;

	if (!glue_->wake(&wake))
		return kNever;

	/* the device's time wraps: what is more than half of it ahead is over */
	const uint64_t ahead = (wake - device_time()) & kTimeMask;

	return ahead > kTimeMask / 2 ? cycle_ : cycle_ + ahead;
}

/* Edge at which something is due, when the device is idle; kNever: at none. */
uint64_t Core::due_cycle() const
{
	uint64_t due = std::min(link_.next_due(), link_.faults().link_due());

	for (unsigned int p = 0; p < n_ports_; p++)
		due = std::min({ due, mac_[p].rx_due(), mac_[p].tx_due() });

	uint64_t n = std::min(cycle_at(due), wake_cycle());

	if (glue_->busy()) /* it waits for something: not for ever */
		n = std::min(n, moved_cycle_ + watchdog_ + 1);
	return std::max(n, cycle_);
}

uint64_t Core::next_event() const
{
	if (!error_.empty())
		return kNever;
	if (!idle_)
		return std::max(edge_ps_, now_);

	uint64_t n = due_cycle();

	return n == kNever ? kNever : std::max(cycle_time(n), now_);
}

/* What is under way to the host, or at the earliest what the device may send at its next edge that counts. */
uint64_t Core::next_delivery() const
{
	uint64_t event = next_event(), lands = link_.next_landing();

	if (event == kNever)
		return kNever;
	event += 1000ull * std::min(cfg_.read_latency_ns, cfg_.write_latency_ns);
	if (lands != kNever)
		lands = std::max(cycle_time(cycle_at(lands)), edge_ps_);
	return std::min(lands, event);
}

/* Over the edges up to until_ps at which nothing can happen. */
void Core::leap(uint64_t until_ps)
{
	uint64_t n = std::min(due_cycle(), cycle_at(until_ps + 1));

	if (n <= cycle_)
		return;
	set_cycle(n);
	for (Clock &c : clocks_) { /* and theirs up to the edge before this one */
		const auto last = static_cast<unsigned __int128>(cycle_time(n - 1));

		c.to(std::max(c.next, static_cast<uint64_t>(last * c.den / c.num)));
		while (c.next_ps <= cycle_time(n - 1))
			c.to(c.next + 1);
	}
}

/* ---- one edge ---- */

/* Frames whose last bit has left. A cable stores a frame: the other end starts when this one ends. */
void Core::deliver_tx(unsigned int port)
{
	Mac &m = mac_[port];

	while (m.tx_due() <= edge_ps_) {
		const Mac::Frame f = m.tx_frame();
		const uint8_t *data = m.tx_data();

		if (!m.tx_lost()) {
			ops_.wire_tx(ctx_, port, data, f.len, f.end);
			if (cfg_.loop)
				mac_[n_ports_ - 1 - port].receive(data, f.len, false, f.end);
		}
		m.tx_frame_pop();
	}
}

/* Faults have cut a wire or mended it, or other sizes are on their way to the device. */
void Core::links()
{
	const LinkState s = link_.faults().link_state(edge_ps_);

	for (unsigned int p = 0; p < n_ports_; p++)
		mac_[p].cut(s.down[p], edge_ps_);
	glue_->links(s.down, 1000 * cfg_.wire_gbps);
	idle_ = false;
	if (s.mps == mps_ && s.mrrs == mrrs_)
		return;
	mps_ = s.mps;
	mrrs_ = s.mrrs;
	link_.sizes(edge_ps_, mps_, mrrs_);
}

/* The edges of the clocks beside that are not later than this one, in the order of their times. */
void Core::edges_beside()
{
	for (;;) {
		Clock *first = nullptr;

		for (Clock &c : clocks_)
			if (c.next_ps <= edge_ps_ && (!first || c.next_ps < first->next_ps))
				first = &c;
		if (!first)
			return;
		host_->time_ps = first->next_ps;
		if (glue_->edge_of(static_cast<unsigned int>(first - clocks_.data()), *host_))
			idle_ = false;
		if (wave_)
			wave_->dump(first->next_ps);
		first->to(first->next + 1);
	}
}

/* What has arrived by this edge. idle_ turns false when anything is driven. */
void Core::drive()
{
	idle_ = true;
	if (!clocks_.empty())
		edges_beside();
	host_->time_ps = edge_ps_;
	for (unsigned int p = 0; p < n_ports_; p++)
		deliver_tx(p);
	if (link_.faults().link_due() <= edge_ps_)
		links();
	link_.advance(edge_ps_);
	if (glue_->drive(*host_))
		idle_ = false;
}

void Core::edge()
{
	host_->cycle = device_time();
	glue_->settle(*host_);
	if (!in_reset_)
		glue_->sample(*host_);
	glue_->clock();
	if (wave_) {
		wave_->dump(edge_ps_);
		if (!clocks_.empty()) /* theirs may come before that */
			return;
		glue_->settle(*host_);
		wave_->dump(edge_ps_ + period_num_ / period_den_ / 2);
	}
}

/* When the next answer, request or frame comes to the device. */
uint64_t Core::arrival() const
{
	uint64_t due = link_.next_due();

	for (unsigned int p = 0; p < n_ports_; p++)
		due = std::min(due, mac_[p].rx_due());
	return due;
}

/* To the device: an answer, a request, a frame. */
bool Core::on_its_way() const
{
	const uint64_t due = arrival();

	return due != kNever && due > edge_ps_;
}

/* Something is on its way to the device, or it waits for a time of its own: it has until then, and the watchdog's time. */
bool Core::waits()
{
	if (on_its_way()) {
		moved_cycle_ = cycle_at(arrival());
		return true;
	}
	/* once: a clock that strikes for ever moves nothing */
	if (slept_ || wake_cycle() == kNever || wake_cycle() <= cycle_)
		return false;
	slept_ = true;
	moved_cycle_ = wake_cycle();
	return true;
}

void Core::watchdog()
{
	const uint32_t busy = glue_->busy();

	if (moved() != moved_seen_ || !busy) {
		moved_seen_ = moved();
		moved_cycle_ = cycle_;
		slept_ = false;
		return;
	}
	if (cycle_ <= moved_cycle_ + watchdog_ || waits())
		return;

	std::string names;

	for (unsigned int i = 0; i < 16; i++)
		if (busy >> i & 1)
			names += std::string(names.empty() ? "" : ", ") + glue_->block(i);
	fail("watchdog: nothing moved for " + std::to_string(watchdog_) + " cycles; busy: " + names);
}

void Core::step()
{
	/* Until its wake_o, an idle device to which nothing is driven stays as it is: its edges need no simulation. */
	bool asleep = idle_ && cycle_ < wake_cycle();

	if (idle_ && !glue_->busy())
		moved_cycle_ = cycle_;
	now_ = edge_ps_;
	try {
		drive();
		asleep = asleep && idle_;
		if (!asleep || cfg_.no_jump) {
			cycles_run_++;
			edge();
		}
	} catch (const VlFatal &) {
	}
	if (report_->stopped)
		fail(report_->text);
	if (link_.error())
		fail(link_.error());
	if (!host_->error.empty())
		fail(host_->error);
	watchdog();
	idle_ = idle_ && glue_->quiescent();
	if (asleep && !idle_)
		fail("the device left quiescent_o by itself before wake_o");

	cycle_++;
	edge_ps_ += period_num_ / period_den_;
	edge_frac_ += period_num_ % period_den_;
	if (edge_frac_ >= period_den_) {
		edge_frac_ -= period_den_;
		edge_ps_++;
	}
}

/* ---- runs ---- */

/* Calls may come from any thread, one at a time. */
void Core::enter()
{
	report_ = &vl_report;
	*report_ = {};
	running_ = true;
}

bool Core::init()
{
	enter();
	links();
	glue_->start(cfg_);
	glue_->reset(true);
	in_reset_ = true;
	try {
		for (uint32_t i = 0; i < kResetEdges; i++) {
			for (unsigned int n = 0; n < clocks_.size(); n++)
				glue_->edge_of(n, *host_);
			edge();
		}
	} catch (const VlFatal &) {
	}
	glue_->reset(false);
	in_reset_ = false;
	if (report_->stopped)
		fail(std::string("in reset: ") + report_->text);
	for (uint64_t i = 0; error_.empty() && !glue_->ready(); i++) {
		moved_cycle_ = cycle_;
		step();
		if (i == kInitEdges)
			fail("the card is not ready " + std::to_string(kInitEdges) +
			     " cycles after its reset");
	}
	running_ = false;
	return error_.empty();
}

/* False: an error. With until_answer also the end of an MMIO read ends it. */
bool Core::run_edges(uint64_t until_ps, bool until_answer)
{
	uint64_t value;

	enter();
	while (error_.empty() && edge_ps_ <= until_ps) {
		if (until_answer && link_.mmio_answer(&value))
			break;
		if (idle_ && !cfg_.no_jump) {
			leap(until_ps);
			if (edge_ps_ > until_ps)
				break;
		}
		step();
	}
	running_ = false;
	return error_.empty();
}

bool Core::run_until(uint64_t time_ps)
{
	if (!run_edges(time_ps, false))
		return false;
	now_ = std::max(now_, time_ps);
	return true;
}

/*
 * What was posted before it may take the link long, and what the device does meanwhile is its own affair. It has failed when
 * nothing moves for the watchdog's time and nothing is to come, or when it takes no request of the host for as long as a root
 * port waits.
 */
bool Core::mmio_read(uint8_t func, uint32_t offset, unsigned int size, uint64_t *value)
{
	const uint64_t slice = cycle_time(watchdog_);

	link_.mmio_read(now_, func, offset, size);
	for (uint64_t taken = link_.taken(), since = now_;;) {
		const uint64_t was = moved();

		if (!run_edges(std::max(now_, edge_ps_) + slice, true))
			return false;
		if (link_.mmio_answer(value))
			return true;
		if (moved() == was && !on_its_way() && wake_cycle() == kNever)
			break;
		if (link_.taken() != taken) {
			taken = link_.taken();
			since = edge_ps_;
		} else if (edge_ps_ > since + kMmioTimeoutPs) {
			break;
		}
	}
	char what[96];

	snprintf(what, sizeof(what), "MMIO read of function %u, offset 0x%" PRIx32 ": no answer", func,
		 offset);
	fail(what);
	return false;
}

int Core::wave(const char *path, uint64_t from_ps, uint64_t to_ps)
{
	wave_.reset();
	wave_ = Wave::open(*glue_, path, from_ps, to_ps);
	return wave_ ? 0 : -errno;
}

uint32_t Core::activity()
{
	const uint32_t passed = host_->passed;

	host_->passed = 0;
	return passed | glue_->busy();
}

void Core::stats(struct snic_sim_stats *out) const
{
	*out = {};
	out->cycles = cycle_;
	out->cycles_run = cycles_run_;
	out->up_bytes = link_.up_lane().bytes();
	out->down_bytes = link_.down_lane().bytes();
	out->up_busy_ps = link_.up_lane().busy_ps();
	out->down_busy_ps = link_.down_lane().busy_ps();
	out->due_ps = link_.next_due();
	for (unsigned int p = 0; p < n_ports_; p++) {
		out->wire_rx_frames[p] = mac_[p].rx_frames();
		out->wire_tx_frames[p] = mac_[p].tx_frames();
		out->wire_rx_lost[p] = mac_[p].rx_lost_frames();
		out->wire_tx_lost[p] = mac_[p].tx_lost_frames();
		out->due_ps = std::min({ out->due_ps, mac_[p].rx_due(), mac_[p].tx_due() });
	}
	out->moves = moved();
	if (wake_cycle() != kNever && wake_cycle() > cycle_)
		out->due_ps = std::min(out->due_ps, cycle_time(wake_cycle()));
	out->tlp_hash = link_.hash();
}
