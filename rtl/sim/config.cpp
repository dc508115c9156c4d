// SPDX-License-Identifier: BSD-2-Clause
// Settings of a device: defaults and ranges.
#include <cerrno>
#include <cinttypes>
#include <cstdio>
#include <string>

#pragma GCC visibility push(default)
#include "snic_sim.h"
#pragma GCC visibility pop

namespace {
constexpr uint32_t kLatencyMaxNs = SNIC_SIM_LATENCY_MAX_NS;

bool power_of_two(uint32_t v, uint32_t lo, uint32_t hi)
{
	return v >= lo && v <= hi && !(v & (v - 1));
}

int bad(char *err, size_t size, const char *name, uint32_t value, const char *range)
{
	snprintf(err, size, "%s is %u; it must be %s", name, value, range);
	return -EINVAL;
}

/* Speeds of a port in words: "10, 25 or 100". */
std::string speeds(const snic_card *card)
{
	const uint32_t *g = card->wire_gbps;
	std::string text;

	for (int i = 0; i < SNIC_CARD_SPEEDS && g[i]; i++) {
		const bool last = i + 1 == SNIC_CARD_SPEEDS || !g[i + 1];

		text += (!i ? "" : last ? " or " : ", ") + std::to_string(g[i]);
	}
	return text;
}

bool has_speed(const snic_card *card, uint32_t gbps)
{
	for (uint32_t g : card->wire_gbps)
		if (g && g == gbps)
			return true;
	return false;
}

/* A setting that this card does not take must be as it is by default. */
int check_taken(const snic_sim_config *c, char *err, size_t size)
{
	const snic_card *card = snic_sim_card();
	const std::string only =
		" alone: the card " + std::string(card->name) + " does not take this setting";
	const auto usual = [&](uint32_t v) { return std::to_string(v) + only; };

	if (!(card->settings & SNIC_CARD_CLOCK) && c->clock_mhz != card->usual_clock_mhz)
		return bad(err, size, "clock_mhz", c->clock_mhz, usual(card->usual_clock_mhz).c_str());
	if (!(card->settings & SNIC_CARD_SIZES) && c->mps != card->usual_mps)
		return bad(err, size, "mps", c->mps, usual(card->usual_mps).c_str());
	if (!(card->settings & SNIC_CARD_SIZES) && c->mrrs != card->usual_mrrs)
		return bad(err, size, "mrrs", c->mrrs, usual(card->usual_mrrs).c_str());
	if (!(card->settings & SNIC_CARD_START_CYCLES) && c->start_cycles)
		return bad(err, size, "start_cycles", 1, usual(0).c_str());
	return 0;
}

/* Of the device's time, which has 48 bits. */
bool bad_cycles(char *err, size_t size, const char *name, uint64_t value)
{
	if (value >> 48)
		snprintf(err, size, "%s is %" PRIu64 "; it must be below 2^48", name, value);
	return value >> 48;
}
} // namespace

void snic_sim_config_default(struct snic_sim_config *cfg)
{
	const snic_card *card = snic_sim_card();

	*cfg = {};
	cfg->clock_mhz = card->usual_clock_mhz;
	cfg->wire_gbps = card->usual_wire_gbps;
	cfg->pcie_gen = card->usual_pcie_gen;
	cfg->pcie_lanes = card->usual_pcie_lanes;
	cfg->mps = card->usual_mps;
	cfg->mrrs = card->usual_mrrs;
	cfg->rcb = 64;
	cfg->read_latency_ns = 600;
	cfg->write_latency_ns = 250;
}

int snic_sim_config_check(const struct snic_sim_config *c, char *err, size_t size)
{
	const snic_card *card = snic_sim_card();
	uint64_t reads = 0;

	if (c->clock_mhz < 50 || c->clock_mhz > 2000)
		return bad(err, size, "clock_mhz", c->clock_mhz, "50..2000");
	if (!has_speed(card, c->wire_gbps))
		return bad(err, size, "wire_gbps", c->wire_gbps, speeds(card).c_str());
	if (c->pcie_gen < 1 || c->pcie_gen > 5)
		return bad(err, size, "pcie_gen", c->pcie_gen, "1..5");
	if (!power_of_two(c->pcie_lanes, 1, 16))
		return bad(err, size, "pcie_lanes", c->pcie_lanes, "1, 2, 4, 8 or 16");
	if (!power_of_two(c->mps, 128, 4096))
		return bad(err, size, "mps", c->mps, "a power of two, 128..4096");
	if (!power_of_two(c->mrrs, 128, 4096))
		return bad(err, size, "mrrs", c->mrrs, "a power of two, 128..4096");
	if (check_taken(c, err, size))
		return -EINVAL;
	if (c->rcb != 64 && c->rcb != 128)
		return bad(err, size, "rcb", c->rcb, "64 or 128");
	if (c->read_latency_ns > kLatencyMaxNs)
		return bad(err, size, "read_latency_ns", c->read_latency_ns, "0..1000000");
	if (c->write_latency_ns > kLatencyMaxNs)
		return bad(err, size, "write_latency_ns", c->write_latency_ns, "0..1000000");
	if (c->read_jitter_ns > kLatencyMaxNs)
		return bad(err, size, "read_jitter_ns", c->read_jitter_ns, "0..1000000");
	if (c->n_read_bins && !c->read_bins)
		return bad(err, size, "n_read_bins", c->n_read_bins, "0 without a histogram");
	for (uint32_t i = 0; i < c->n_read_bins; i++) {
		if (c->read_bins[i].ns > kLatencyMaxNs)
			return bad(err, size, "read_bins.ns", c->read_bins[i].ns, "0..1000000");
		reads += c->read_bins[i].count;
	}
	if (c->n_read_bins && !reads)
		return bad(err, size, "reads in the histogram", 0, "1 or more");
	if (c->n_read_bins && c->read_jitter_ns)
		return bad(err, size, "read_jitter_ns", c->read_jitter_ns,
			   "0 when read latency has a histogram");
	if (c->n_faults && !c->faults)
		return bad(err, size, "n_faults", c->n_faults, "0 without faults");
	for (uint32_t i = 0; i < c->n_faults; i++)
		if (snic_sim_fault_check(&c->faults[i], err, size))
			return -EINVAL;
	return bad_cycles(err, size, "start_cycles", c->start_cycles) ||
			       bad_cycles(err, size, "watchdog_cycles", c->watchdog_cycles)
		       ? -EINVAL
		       : 0;
}
