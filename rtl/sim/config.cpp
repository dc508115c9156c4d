// SPDX-License-Identifier: BSD-2-Clause
// Settings of a device: defaults and ranges.
#include <cerrno>
#include <cinttypes>
#include <cstdio>

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
	*cfg = {};
	cfg->clock_mhz = 400;
	cfg->wire_gbps = 100;
	cfg->pcie_gen = 4;
	cfg->pcie_lanes = 16;
	cfg->mps = 256;
	cfg->mrrs = 512;
	cfg->rcb = 64;
	cfg->read_latency_ns = 600;
	cfg->write_latency_ns = 250;
}

int snic_sim_config_check(const struct snic_sim_config *c, char *err, size_t size)
{
	const uint32_t g = c->wire_gbps;
	uint64_t reads = 0;

	if (c->clock_mhz < 50 || c->clock_mhz > 2000)
		return bad(err, size, "clock_mhz", c->clock_mhz, "50..2000");
	if (g != 10 && g != 25 && g != 40 && g != 50 && g != 100 && g != 200)
		return bad(err, size, "wire_gbps", g, "10, 25, 40, 50, 100 or 200");
	if (c->pcie_gen < 1 || c->pcie_gen > 5)
		return bad(err, size, "pcie_gen", c->pcie_gen, "1..5");
	if (!power_of_two(c->pcie_lanes, 1, 16))
		return bad(err, size, "pcie_lanes", c->pcie_lanes, "1, 2, 4, 8 or 16");
	if (!power_of_two(c->mps, 128, 4096))
		return bad(err, size, "mps", c->mps, "a power of two, 128..4096");
	if (!power_of_two(c->mrrs, 128, 4096))
		return bad(err, size, "mrrs", c->mrrs, "a power of two, 128..4096");
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
