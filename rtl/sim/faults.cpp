// SPDX-License-Identifier: BSD-2-Clause
#pragma GCC visibility push(default)
#include "snic_sim.h"
#pragma GCC visibility pop

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "faults.h"

namespace {
constexpr uint32_t kFuncs = 256;
constexpr uint32_t kMillion = 1000000;

int bad(char *err, size_t size, const char *what)
{
	snprintf(err, size, "fault: %s", what);
	return -EINVAL;
}
} // namespace

int snic_sim_fault_check(const struct snic_sim_fault *f, char *err, size_t size)
{
	if (f->kind != SNIC_SIM_FAULT_LATE && f->kind != SNIC_SIM_FAULT_LOST)
		return bad(err, size, "there is no such kind");
	if (f->func >= kFuncs || f->n_func > kFuncs - f->func)
		return bad(err, size, "functions go from 0 to 255");
	if (f->millionths > kMillion)
		return bad(err, size, "a share is no more than 1");
	if (f->ns > SNIC_SIM_FAULT_NS_MAX)
		return bad(err, size, "ns is no more than 4000000000");
	if ((f->kind == SNIC_SIM_FAULT_LATE) != (f->ns != 0))
		return bad(err, size, "what is late, and nothing else, has a time");
	return 0;
}

Faults::Faults(const snic_sim_config &cfg) : seed_(cfg.seed)
{
	for (uint32_t i = 0; i < cfg.n_faults; i++)
		add(cfg.faults[i]);
}

int Faults::add(const snic_sim_fault &f)
{
	char err[80];
	int id = static_cast<int>(hits_.size());

	if (snic_sim_fault_check(&f, err, sizeof(err)))
		return -EINVAL;
	hits_.push_back(0);
	/* far from the seed that latency is drawn from, and from each other's */
	list_.push_back({ f, id, Random(Random(seed_ ^ hits_.size() << 32).next()), 0 });
	return id;
}

bool Faults::clear(int id)
{
	auto gone = std::remove_if(list_.begin(), list_.end(),
				   [id](const Fault &t) { return id < 0 || t.id == id; });
	bool found = id < 0 || gone != list_.end();

	list_.erase(gone, list_.end());
	return found;
}

uint64_t Faults::hits(int id) const
{
	return id < 0 || static_cast<size_t>(id) >= hits_.size() ? 0 : hits_[static_cast<size_t>(id)];
}

/* Does it come to this read? snic_sim.h says what a 0 means. */
bool Faults::hit(Fault &t, uint64_t now_ps, uint8_t func, uint64_t addr, uint32_t len)
{
	const snic_sim_fault &f = t.f;

	if (func < f.func || func - f.func >= std::max(f.n_func, 1u))
		return false;
	if (f.n_addr && addr - f.addr >= f.n_addr && f.addr - addr >= len)
		return false;
	if (now_ps < f.from_ps || (f.n_ps && now_ps - f.from_ps >= f.n_ps))
		return false;
	t.seen++;
	if (f.nth && (t.seen < f.nth || t.seen - f.nth >= std::max<uint64_t>(f.n_read, 1)))
		return false;
	return !f.millionths || t.random.next() % kMillion < f.millionths;
}

ReadFate Faults::read(uint64_t now_ps, uint8_t func, uint64_t addr, uint32_t len)
{
	ReadFate fate;

	for (Fault &t : list_) {
		if (!hit(t, now_ps, func, addr, len))
			continue;
		hits_[static_cast<size_t>(t.id)]++;
		if (t.f.kind == SNIC_SIM_FAULT_LOST)
			fate.lost = true;
		else
			fate.late_ps += t.f.ns * 1000ull;
	}
	return fate;
}
