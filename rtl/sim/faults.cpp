// SPDX-License-Identifier: BSD-2-Clause
#include "faults.h"

#include <algorithm>
#include <cerrno>

namespace {
constexpr uint32_t kMillion = 1000000;

bool of_links(const snic_sim_fault &f)
{
	return f.kind == SNIC_SIM_FAULT_DOWN || f.kind == SNIC_SIM_FAULT_SIZES;
}
} // namespace

Faults::Faults(const snic_sim_config &cfg) : seed_(cfg.seed), loop_(cfg.loop), mps_(cfg.mps), mrrs_(cfg.mrrs)
{
	for (uint32_t i = 0; i < cfg.n_faults; i++)
		add(cfg.faults[i]);
}

int Faults::add(const snic_sim_fault &f)
{
	char err[160];
	int id = static_cast<int>(hits_.size());

	if (snic_sim_fault_check(&f, err, sizeof(err)))
		return -EINVAL;
	hits_.push_back(0);
	/* far from the seed that latency is drawn from, and from each other's */
	list_.push_back({ f, id, Random(Random(seed_ ^ hits_.size() << 32).next()), 0 });
	if (of_links(f))
		link_due_ = 0;
	return id;
}

bool Faults::clear(int id)
{
	auto gone = std::remove_if(list_.begin(), list_.end(),
				   [id](const Fault &t) { return id < 0 || t.id == id; });
	bool found = id < 0 || gone != list_.end();

	list_.erase(gone, list_.end());
	link_due_ = 0;
	return found;
}

uint64_t Faults::hits(int id) const
{
	return id < 0 || static_cast<size_t>(id) >= hits_.size() ? 0 : hits_[static_cast<size_t>(id)];
}

void Faults::sizes(uint32_t mps, uint32_t mrrs)
{
	mps_ = mps;
	mrrs_ = mrrs;
	link_due_ = 0;
}

bool Faults::in_time(const snic_sim_fault &f, uint64_t now_ps)
{
	return now_ps >= f.from_ps && (!f.n_ps || now_ps - f.from_ps < f.n_ps);
}

/* Does it come to this read? snic_sim.h says what a 0 means. */
bool Faults::hit(Fault &t, uint64_t now_ps, uint8_t func, uint64_t addr, uint32_t len)
{
	const snic_sim_fault &f = t.f;

	if (of_links(f) || func < f.func || func - f.func >= std::max(f.n_func, 1u))
		return false;
	if (f.n_addr && addr - f.addr >= f.n_addr && f.addr - addr >= len)
		return false;
	if (!in_time(f, now_ps))
		return false;
	t.seen++;
	if (f.nth && (t.seen < f.nth || t.seen - f.nth >= std::max<uint64_t>(f.n_read, 1)))
		return false;
	return !f.millionths || t.random.next() % kMillion < f.millionths;
}

void Faults::apply(const snic_sim_fault &f, ReadFate *fate)
{
	switch (f.kind) {
	case SNIC_SIM_FAULT_LATE:
		fate->late_ps += uint64_t{ 1000 } * f.ns;
		break;
	case SNIC_SIM_FAULT_LOST:
		fate->lost = true;
		break;
	case SNIC_SIM_FAULT_SPLIT:
		fate->split = true;
		break;
	case SNIC_SIM_FAULT_APART:
		fate->apart_ps = std::max(fate->apart_ps, uint64_t{ 1000 } * f.ns);
		break;
	default: /* an error; the first one counts */
		if (fate->status != kCplSC)
			break;
		fate->status = f.kind == SNIC_SIM_FAULT_UR   ? kCplUR
			       : f.kind == SNIC_SIM_FAULT_CA ? kCplCA
							     : kCplPoison;
		fate->after = static_cast<uint16_t>(f.after);
		break;
	}
}

ReadFate Faults::read(uint64_t now_ps, uint8_t func, uint64_t addr, uint32_t len)
{
	ReadFate fate;

	for (Fault &t : list_) {
		if (!hit(t, now_ps, func, addr, len))
			continue;
		hits_[static_cast<size_t>(t.id)]++;
		apply(t.f, &fate);
	}
	return fate;
}

LinkState Faults::link_state(uint64_t now_ps)
{
	LinkState s = { { false, false }, mps_, mrrs_ };

	link_due_ = kNever;
	for (const Fault &t : list_) {
		const snic_sim_fault &f = t.f;

		if (!of_links(f))
			continue;
		if (now_ps < f.from_ps)
			link_due_ = std::min(link_due_, f.from_ps);
		else if (f.n_ps && now_ps - f.from_ps < f.n_ps)
			link_due_ = std::min(link_due_, f.from_ps + f.n_ps);
		if (!in_time(f, now_ps))
			continue;
		if (f.kind == SNIC_SIM_FAULT_DOWN) {
			s.down[f.port] = true;
			s.down[!f.port] |= loop_; /* one cable */
		} else {
			s.mps = f.mps ? f.mps : s.mps;
			s.mrrs = f.mrrs ? f.mrrs : s.mrrs;
		}
	}
	return s;
}
