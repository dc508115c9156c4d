// SPDX-License-Identifier: BSD-2-Clause
// The functions of snic_sim.h. A callback may only post (mmio_write, bus_master, flr) and ask (now, stats,
// error).
#pragma GCC visibility push(default)
#include "snic_sim.h"
#pragma GCC visibility pop

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>

#include "core.h"

struct snic_sim {
	snic_sim(const snic_sim_config &cfg, const snic_sim_ops &ops, void *ctx)
		: loop(cfg.loop), core(cfg, ops, ctx)
	{
	}

	const bool loop;
	Core core;
};

namespace {
constexpr uint64_t kAllOnes = ~0ull;

bool gone(const snic_sim *s)
{
	return !s->core.error().empty();
}

/* A call that would run the device from inside itself is a fault of the caller; make it seen. */
bool reentered(snic_sim *s, const char *function)
{
	if (!s->core.running())
		return false;
	s->core.fail(std::string(function) + " called from a callback");
	return true;
}

/* Within a BAR of the function that is the library's. */
bool mmio_ok(uint8_t func, uint32_t offset, unsigned int size)
{
	const snic_card_func &f = func ? snic_sim_card()->vf : snic_sim_card()->pf;

	if (!size || size > 8 || size & (size - 1) || offset % size)
		return false;
	for (unsigned int i = 0; i < SNIC_CARD_BARS; i++)
		if (offset >= f.bar[i].base && offset - f.bar[i].base < f.bar[i].size &&
		    !(f.msix_vectors && f.msix_bar == i))
			return true;
	return false;
}
} // namespace

struct snic_sim *snic_sim_create(const struct snic_sim_config *cfg, const struct snic_sim_ops *ops, void *ctx,
				 char *err, size_t err_size)
{
	if (snic_sim_config_check(cfg, err, err_size))
		return nullptr;
	if (!ops->mem_read || !ops->mem_write || !ops->msix || !ops->wire_tx) {
		snprintf(err, err_size, "a callback is missing");
		return nullptr;
	}
	try {
		auto s = std::make_unique<snic_sim>(*cfg, *ops, ctx);

		if (s->core.init())
			return s.release();
		snprintf(err, err_size, "%s", s->core.error().c_str());
	} catch (const std::exception &e) {
		snprintf(err, err_size, "%s", e.what());
	}
	return nullptr;
}

void snic_sim_destroy(struct snic_sim *s)
{
	delete s;
}

int snic_sim_run_until(struct snic_sim *s, uint64_t time_ps)
{
	if (time_ps == UINT64_MAX)
		return -EINVAL;
	if (time_ps > SNIC_SIM_TIME_MAX_PS)
		s->core.fail("no run is longer than 2^63 ps (106 days)");
	if (gone(s) || reentered(s, __func__))
		return -EIO;
	return s->core.run_until(time_ps) ? 0 : -EIO;
}

const char *snic_sim_error(const struct snic_sim *s)
{
	return s->core.error().c_str();
}

uint64_t snic_sim_now(const struct snic_sim *s)
{
	return s->core.now();
}

uint64_t snic_sim_next_event(const struct snic_sim *s)
{
	return s->core.next_event();
}

uint64_t snic_sim_next_delivery(const struct snic_sim *s)
{
	return s->core.next_delivery();
}

void snic_sim_mmio_write(struct snic_sim *s, uint8_t func, uint32_t offset, uint64_t value, unsigned int size)
{
	if (!mmio_ok(func, offset, size))
		s->core.fail("MMIO write: offset " + std::to_string(offset) + ", size " +
			     std::to_string(size));
	else
		s->core.link().mmio_write(s->core.now(), func, offset, value, size);
}

uint64_t snic_sim_mmio_read(struct snic_sim *s, uint8_t func, uint32_t offset, unsigned int size)
{
	uint64_t ones = size && size < 8 ? kAllOnes >> (64 - 8 * size) : kAllOnes, value;

	if (gone(s) || reentered(s, __func__))
		return ones;
	if (!mmio_ok(func, offset, size)) {
		s->core.fail("MMIO read: offset " + std::to_string(offset) + ", size " +
			     std::to_string(size));
		return ones;
	}
	return s->core.mmio_read(func, offset, size, &value) ? value : ones;
}

void snic_sim_bus_master(struct snic_sim *s, uint8_t func, bool on)
{
	s->core.link().config(s->core.now(), DownReq::BusMaster, func, on);
}

void snic_sim_flr(struct snic_sim *s, uint8_t func)
{
	s->core.link().config(s->core.now(), DownReq::Flr, func, false);
}

int snic_sim_sizes(struct snic_sim *s, uint32_t mps, uint32_t mrrs)
{
	snic_sim_config cfg;
	char err[160];

	snic_sim_config_default(&cfg);
	cfg.mps = mps;
	cfg.mrrs = mrrs;
	if (snic_sim_config_check(&cfg, err, sizeof(err)))
		return -EINVAL;
	s->core.link().faults().sizes(mps, mrrs);
	return 0;
}

int snic_sim_fault_add(struct snic_sim *s, const struct snic_sim_fault *f)
{
	return s->core.link().faults().add(*f);
}

int snic_sim_fault_clear(struct snic_sim *s, int id)
{
	return s->core.link().faults().clear(id) ? 0 : -ENOENT;
}

uint64_t snic_sim_fault_hits(const struct snic_sim *s, int id)
{
	return s->core.link().faults().hits(id);
}

int snic_sim_wire_rx(struct snic_sim *s, unsigned int port, const void *frame, size_t len, bool bad_fcs,
		     uint64_t time_ps, uint64_t *end_ps)
{
	if (port >= s->core.n_ports() || !len || len > kWireFrameMax || s->loop ||
	    time_ps > SNIC_SIM_TIME_MAX_PS)
		return -EINVAL;
	if (gone(s) || reentered(s, __func__))
		return -EIO;
	if (s->core.mac(port).rx_pending() >= kWireRxQueue)
		return -ENOSPC;

	uint64_t end = s->core.mac(port).receive(frame, len, bad_fcs, std::max(time_ps, s->core.now()));

	if (end_ps)
		*end_ps = end;
	return 0;
}

size_t snic_sim_wire_rx_pending(const struct snic_sim *s, unsigned int port)
{
	return port >= s->core.n_ports() ? 0 : s->core.mac(port).rx_pending();
}

int snic_sim_wave(struct snic_sim *s, const char *path, uint64_t from_ps, uint64_t to_ps)
{
	return s->core.wave(path, from_ps, to_ps);
}

void snic_sim_stats(const struct snic_sim *s, struct snic_sim_stats *out)
{
	s->core.stats(out);
}

uint32_t snic_sim_activity(struct snic_sim *s)
{
	return s->core.activity();
}

const char *snic_sim_flavour(void)
{
	return SNIC_SIM_FLAVOUR;
}

unsigned int snic_sim_abi(void)
{
	return SNIC_SIM_ABI;
}
