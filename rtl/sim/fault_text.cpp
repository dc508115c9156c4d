// SPDX-License-Identifier: BSD-2-Clause
// Faults in words, and which of them can be. Also linked into programs that have no device.
#pragma GCC visibility push(default)
#include "snic_sim.h"
#pragma GCC visibility pop

#include <cmath>
#include <cerrno>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {
constexpr uint32_t kFuncs = 256;
constexpr uint32_t kMillion = 1000000;
constexpr uint64_t kNsMax = SNIC_SIM_TIME_MAX_PS / 1000;

/* Which values a kind has. */
enum Takes : uint32_t { kRead = 1, kNs = 2, kAfter = 4, kPort = 8, kSizes = 16 };

const struct {
	const char *name;
	uint32_t takes;
} kKinds[] = {
	{},
	{ "late", kRead | kNs },
	{ "lost", kRead },
	{ "ur", kRead | kAfter },
	{ "ca", kRead | kAfter },
	{ "poison", kRead | kAfter },
	{ "split", kRead },
	{ "apart", kRead | kNs },
	{ "down", kPort },
	{ "sizes", kSizes },
};
constexpr uint32_t kNKinds = sizeof(kKinds) / sizeof(kKinds[0]);

bool size_ok(uint32_t v)
{
	return !v || (v >= 128 && v <= 4096 && !(v & (v - 1)));
}

/* Of the kind's name, and of the rest: null, or what is wrong. */
const char *wrong(const snic_sim_fault &f)
{
	const uint32_t takes = kKinds[f.kind].takes;
	const bool of_reads = f.func || f.n_func || f.addr || f.n_addr || f.nth || f.n_read || f.millionths;

	if (f.func >= kFuncs || f.n_func > kFuncs - f.func)
		return "func goes from 0 to 255";
	if (f.millionths > kMillion)
		return "p is no more than 1";
	if (f.n_read && !f.nth)
		return "n counts from 1";
	if (f.from_ps > SNIC_SIM_TIME_MAX_PS || f.n_ps > SNIC_SIM_TIME_MAX_PS)
		return "the time is beyond the longest run";
	if (of_reads && !(takes & kRead))
		return "it is not of reads: no func, addr, n or p";
	if (takes & kNs ? !f.ns || f.ns > SNIC_SIM_FAULT_NS_MAX : f.ns)
		return takes & kNs ? "ns must be 1 to 4000000000" : "it has no ns";
	if (takes & kAfter ? f.after >= 4096 : f.after)
		return takes & kAfter ? "after must be below 4096" : "it has no after";
	if (takes & kPort ? f.port > 1 : f.port)
		return takes & kPort ? "port must be 0 or 1" : "it has no port";
	if (!(takes & kSizes))
		return f.mps || f.mrrs ? "it has no mps or mrrs" : nullptr;
	if (!(f.mps | f.mrrs) || !size_ok(f.mps) || !size_ok(f.mrrs))
		return "mps or mrrs must be a power of two, 128..4096";
	return nullptr;
}

int bad(char *err, size_t size, const std::string &what, const std::string &why)
{
	snprintf(err, size, "fault %s: %s", what.c_str(), why.c_str());
	return -EINVAL;
}

/* A, or A-B; false: it is neither, or above max. */
bool range(const char *s, uint64_t max, uint64_t *first, uint64_t *last)
{
	char *end;

	if (*s < '0' || *s > '9')
		return false;
	errno = 0;
	*last = *first = strtoull(s, &end, 0);
	if (*end == '-' && end[1] >= '0' && end[1] <= '9')
		*last = strtoull(end + 1, &end, 0);
	return !*end && !errno && *last <= max && *first <= *last;
}

/* A share as millionths; false: it is no number from a millionth to 1. */
bool share(const char *s, uint32_t *millionths)
{
	char *end;
	double v = strtod(s, &end);

	if ((*s < '0' || *s > '9') && *s != '.')
		return false;
	*millionths = v >= 0 && v <= 1 ? static_cast<uint32_t>(std::lround(v * kMillion)) : 0;
	return !*end && *millionths;
}

/* One KEY=VALUE. False: it is none. to: the end of the time, ns. */
bool set(snic_sim_fault *f, const char *key, const char *value, uint64_t *to)
{
	const struct {
		const char *key;
		uint32_t *to;
	} numbers[] = { { "ns", &f->ns },
			{ "after", &f->after },
			{ "port", &f->port },
			{ "mps", &f->mps },
			{ "mrrs", &f->mrrs } };
	uint64_t a, b;

	if (!strcmp(key, "p"))
		return share(value, &f->millionths);
	if (!range(value, UINT64_MAX, &a, &b))
		return false;
	if (!strcmp(key, "func")) {
		f->func = static_cast<uint32_t>(a < kFuncs ? a : kFuncs);
		f->n_func = static_cast<uint32_t>(b - a < kFuncs ? b - a + 1 : kFuncs + 1);
		return true;
	}
	if (!strcmp(key, "addr")) {
		f->addr = a;
		f->n_addr = b - a + 1;
		return b > a;
	}
	if (!strcmp(key, "n")) {
		f->nth = a;
		f->n_read = b - a + 1;
		return true;
	}
	if (a != b)
		return false;
	if (!strcmp(key, "from") && a <= kNsMax) {
		f->from_ps = a * 1000;
		return true;
	}
	if (!strcmp(key, "to") && a <= kNsMax) {
		*to = a;
		return true;
	}
	for (const auto &n : numbers) {
		if (!strcmp(key, n.key) && a <= UINT32_MAX) {
			*n.to = static_cast<uint32_t>(a);
			return true;
		}
	}
	return false;
}
} // namespace

int snic_sim_fault_check(const struct snic_sim_fault *f, char *err, size_t size)
{
	if (!f->kind || f->kind >= kNKinds)
		return bad(err, size, std::to_string(f->kind), "there is no such kind");

	const char *why = wrong(*f);

	return why ? bad(err, size, kKinds[f->kind].name, why) : 0;
}

int snic_sim_fault_parse(const char *text, struct snic_sim_fault *f, char *err, size_t size)
{
	const std::string all = text;
	size_t at = all.find(':');
	const std::string kind = all.substr(0, at);
	uint64_t to = 0;

	*f = {};
	for (uint32_t k = 1; k < kNKinds; k++)
		if (kind == kKinds[k].name)
			f->kind = k;
	if (!f->kind)
		return bad(err, size, all,
			   "must begin with late, lost, ur, ca, poison, split, apart, down or sizes");
	if (kKinds[f->kind].takes & kRead)
		f->n_func = kFuncs;
	while (at != std::string::npos) {
		const size_t next = all.find(',', at + 1);
		const std::string one = all.substr(at + 1, next == std::string::npos ? next : next - at - 1);
		const size_t is = one.find('=');

		if (is == std::string::npos || !set(f, one.substr(0, is).c_str(), one.c_str() + is + 1, &to))
			return bad(err, size, all, one + " is none of its settings");
		at = next;
	}
	if (to && to * 1000 <= f->from_ps)
		return bad(err, size, all, "it ends before it begins");
	f->n_ps = to ? to * 1000 - f->from_ps : 0;

	const char *why = wrong(*f);

	return why ? bad(err, size, all, why) : 0;
}
