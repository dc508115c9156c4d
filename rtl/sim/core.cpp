// SPDX-License-Identifier: BSD-2-Clause
#include "core.h"

#include <algorithm>
#include <cerrno>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <numeric>

#include <unistd.h>

#include <verilated.h>
#if VM_COVERAGE
#include <verilated_cov.h>
#endif

#include "Vsnic_top.h"
#include "vl_report.h"
#include "wave.h"

namespace {
constexpr uint32_t kResetEdges = 16;
constexpr uint64_t kInitEdges = 1 << 20;
constexpr uint64_t kWatchdogDefault = 100000;
/* A root port's completion timeout, from the last request on that the device has taken. */
constexpr uint64_t kMmioTimeoutPs = 50000000000ull;
constexpr uint64_t kTimeMask = (1ull << 48) - 1; /* of the device's time */

/* bits of busy_o */
const char *const kBlocks[] = {
#define BLOCK(name, label, scope) label,
#include "snic_blocks.def"
#undef BLOCK
};
constexpr uint32_t kBeatWords = kBeat / 4;

/* Bit n of an input. */
void put_bit(uint8_t *word, unsigned int n, bool value)
{
	*word = static_cast<uint8_t>((*word & ~(1u << n)) | static_cast<unsigned int>(value) << n);
}
} // namespace

Core::Core(const snic_sim_config &cfg, const snic_sim_ops &ops, void *ctx)
	: cfg_(cfg), ops_(ops), ctx_(ctx), period_num_(1000000 / std::gcd(1000000u, cfg.clock_mhz)),
	  period_den_(cfg.clock_mhz / std::gcd(1000000u, cfg.clock_mhz)),
	  watchdog_(cfg.watchdog_cycles ? cfg.watchdog_cycles : kWatchdogDefault), link_(cfg, ops, ctx),
	  mac0_(cfg.wire_gbps), mac1_(cfg.wire_gbps), context_(std::make_unique<VerilatedContext>()),
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
	top_ = std::make_unique<Vsnic_top>(context_.get(), "snic_top");
}

Core::~Core()
{
	wave_.reset();
	top_->final();
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
	if (!top_->wake_valid_o)
		return kNever;

	/* the device's time wraps: what is more than half of it ahead is over */
	const uint64_t ahead = (top_->wake_o - device_time()) & kTimeMask;

	return ahead > kTimeMask / 2 ? cycle_ : cycle_ + ahead;
}

/* Edge at which something is due, when the device is idle; kNever: at none. */
uint64_t Core::due_cycle() const
{
	uint64_t due = std::min({ link_.next_due(), mac0_.rx_due(), mac0_.tx_due(), mac1_.rx_due(),
				  mac1_.tx_due(), link_.faults().link_due() });
	uint64_t n = std::min(cycle_at(due), wake_cycle());

	if (top_->busy_o) /* it waits for something: not for ever */
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

	if (n > cycle_)
		set_cycle(n);
}

/* ---- one edge ---- */

void Core::drive_rx(unsigned int port)
{
	Mac &m = mac(port);
	Vsnic_top &t = *top_;
	bool valid = m.rx_due() <= edge_ps_;

	while (valid && m.rx_lost()) {
		m.rx_drop();
		valid = m.rx_due() <= edge_ps_;
	}

	put_bit(&t.rx_valid_i, port, valid);
	if (!valid)
		return;

	Mac::RxBeat b;

	m.rx_beat(&b);
	memcpy(t.rx_data_i.data() + port * kBeatWords, b.data, kBeat);
	put_bit(&t.rx_sop_i, port, b.sop);
	put_bit(&t.rx_eop_i, port, b.eop);
	t.rx_bytes_i = static_cast<uint16_t>((t.rx_bytes_i & ~(0x7f << 7 * port)) | b.bytes << 7 * port);
	put_bit(&t.rx_bad_i, port, b.bad);
	m.rx_beat_pop();
	passed_ |= 1u << (SNIC_SIM_PASSED_RX + port);
	moved_wire_++;
	idle_ = false;
}

void Core::sample_tx(unsigned int port)
{
	Vsnic_top &t = *top_;

	if (!(t.tx_valid_o & t.tx_ready_i & 1 << port))
		return;
	passed_ |= 1u << (SNIC_SIM_PASSED_TX + port);
	moved_wire_++;
	if (!mac(port).tx_beat(edge_ps_, t.tx_sop_o >> port & 1, t.tx_eop_o >> port & 1,
			       t.tx_bytes_o >> 7 * port & 0x7f, t.tx_data_o.data() + port * kBeatWords))
		fail("wire " + std::to_string(port) + ": start, end and length of a sent frame do not fit");
}

/* Frames whose last bit has left. A cable stores a frame: the other end starts when this one ends. */
void Core::deliver_tx(unsigned int port)
{
	Mac &m = mac(port);

	while (m.tx_due() <= edge_ps_) {
		const Mac::Frame f = m.tx_frame();
		const uint8_t *data = m.tx_data();

		if (!m.tx_lost()) {
			ops_.wire_tx(ctx_, port, data, f.len, f.end);
			if (cfg_.loop)
				mac(!port).receive(data, f.len, false, f.end);
		}
		m.tx_frame_pop();
	}
}

/* Faults have cut a wire or mended it, or other sizes are on their way to the device. */
void Core::links()
{
	const LinkState s = link_.faults().link_state(edge_ps_);
	const uint64_t mbps = 1000 * cfg_.wire_gbps;

	mac0_.cut(s.down[0], edge_ps_);
	mac1_.cut(s.down[1], edge_ps_);
	top_->link_i = (s.down[0] ? 0 : 1) | (s.down[1] ? 0 : 2);
	top_->link_mbps_i = (s.down[0] ? 0 : mbps) | (s.down[1] ? 0 : mbps << 20);
	idle_ = false;
	if (s.mps == mps_ && s.mrrs == mrrs_)
		return;
	mps_ = s.mps;
	mrrs_ = s.mrrs;
	link_.sizes(edge_ps_, mps_, mrrs_);
}

/* What has arrived by this edge. idle_ turns false when anything is driven. */
void Core::drive()
{
	Vsnic_top &t = *top_;
	CplBeat c{};

	idle_ = true;
	deliver_tx(0);
	deliver_tx(1);
	if (link_.faults().link_due() <= edge_ps_)
		links();
	link_.advance(edge_ps_);

	t.up_ready_i = link_.up_ready();
	t.rd_ready_i = link_.rd_ready();
	t.tx_ready_i = mac0_.tx_ready(edge_ps_) | mac1_.tx_ready(edge_ps_) << 1;

	t.cpl_valid_i = link_.cpl_beat(&c);
	if (t.cpl_valid_i) {
		t.cpl_sop_i = c.sop;
		t.cpl_eop_i = c.eop;
		t.cpl_tag_i = c.tag;
		t.cpl_status_i = c.status;
		t.cpl_last_i = c.last;
		t.cpl_len_i = c.len;
		memcpy(t.cpl_data_i.data(), c.data, kBeat);
		idle_ = false;
	}

	t.mmio_valid_i = 0;
	t.cfg_valid_i = 0;
	if (const DownReq *r = link_.down_req()) {
		idle_ = false;
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
	}
	drive_rx(0);
	drive_rx(1);
}

/* What moves at this edge, now that the ports have settled. */
void Core::sample()
{
	Vsnic_top &t = *top_;

	if (t.up_valid_o && t.up_ready_i) {
		passed_ |= 1u << SNIC_SIM_PASSED_UP;
		link_.up_beat({ t.up_sop_o != 0, t.up_eop_o != 0, t.up_kind_o, t.up_func_o, t.up_tag_o,
				t.up_len_o, t.up_addr_o, t.up_data_o.data() });
	}
	if (t.rd_valid_o && t.rd_ready_i) {
		passed_ |= 1u << SNIC_SIM_PASSED_READ;
		link_.rd_request(t.rd_func_o, t.rd_addr_o, t.rd_len_o, t.rd_tag_o);
	}
	if (t.cpl_valid_i && t.cpl_ready_o) {
		passed_ |= 1u << SNIC_SIM_PASSED_CPL;
		link_.cpl_beat_pop();
	}
	if (const DownReq *r = link_.down_req(); r && (!t.mmio_valid_i || t.mmio_ready_o)) {
		passed_ |= static_cast<uint32_t>(t.mmio_valid_i) << SNIC_SIM_PASSED_MMIO;
		link_.down_req_pop();
	}
	sample_tx(0);
	sample_tx(1);
}

void Core::edge()
{
	top_->now_i = device_time();
	top_->clk_i = 0;
	top_->eval();
	if (top_->rst_ni)
		sample();
	top_->clk_i = 1;
	top_->eval();
	if (wave_) {
		wave_->dump(edge_ps_);
		top_->clk_i = 0;
		top_->eval();
		wave_->dump(edge_ps_ + period_num_ / period_den_ / 2);
	}
}

/* To the device: an answer, a request, a frame. */
bool Core::on_its_way() const
{
	const uint64_t due = std::min({ link_.next_due(), mac0_.rx_due(), mac1_.rx_due() });

	return due != kNever && due > edge_ps_;
}

/* Something is on its way to the device, or it waits for a time of its own: it has until then, and the watchdog's time. */
bool Core::waits()
{
	if (on_its_way()) {
		moved_cycle_ = cycle_at(std::min({ link_.next_due(), mac0_.rx_due(), mac1_.rx_due() }));
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
	if (moved() != moved_seen_ || !top_->busy_o) {
		moved_seen_ = moved();
		moved_cycle_ = cycle_;
		slept_ = false;
		return;
	}
	if (cycle_ <= moved_cycle_ + watchdog_ || waits())
		return;

	std::string names;

	for (size_t i = 0; i < std::size(kBlocks); i++)
		if (top_->busy_o >> i & 1)
			names += std::string(names.empty() ? "" : ", ") + kBlocks[i];
	fail("watchdog: nothing moved for " + std::to_string(watchdog_) + " cycles; busy: " + names);
}

void Core::step()
{
	/* Until its wake_o, an idle device to which nothing is driven stays as it is: its edges need no simulation. */
	bool asleep = idle_ && cycle_ < wake_cycle();

	if (idle_ && !top_->busy_o)
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
	watchdog();
	idle_ = idle_ && top_->quiescent_o;
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
	top_->pcie_gen_i = cfg_.pcie_gen;
	top_->pcie_lanes_i = cfg_.pcie_lanes;
	top_->clock_khz_i = 1000 * cfg_.clock_mhz;
	top_->clk_all_i = cfg_.no_gate;
	top_->mps_i = cfg_.mps;
	top_->mrrs_i = cfg_.mrrs;
	top_->rst_ni = 0;
	try {
		for (uint32_t i = 0; i < kResetEdges; i++)
			edge();
	} catch (const VlFatal &) {
	}
	top_->rst_ni = 1;
	if (report_->stopped)
		fail(std::string("in reset: ") + report_->text);
	for (uint64_t i = 0; error_.empty() && !top_->init_done_o; i++) {
		moved_cycle_ = cycle_;
		step();
		if (i == kInitEdges)
			fail("init_done_o does not come");
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
	wave_ = Wave::open(top_.get(), path, from_ps, to_ps);
	return wave_ ? 0 : -errno;
}

uint32_t Core::activity()
{
	const uint32_t passed = passed_;

	passed_ = 0;
	return passed | top_->busy_o;
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
	for (unsigned int p = 0; p < 2; p++) {
		out->wire_rx_frames[p] = mac(p).rx_frames();
		out->wire_tx_frames[p] = mac(p).tx_frames();
		out->wire_rx_lost[p] = mac(p).rx_lost_frames();
		out->wire_tx_lost[p] = mac(p).tx_lost_frames();
	}
	out->moves = moved();
	out->due_ps = std::min(
		{ link_.next_due(), mac0_.rx_due(), mac0_.tx_due(), mac1_.rx_due(), mac1_.tx_due() });
	if (wake_cycle() != kNever && wake_cycle() > cycle_)
		out->due_ps = std::min(out->due_ps, cycle_time(wake_cycle()));
	out->tlp_hash = link_.hash();
}
