// SPDX-License-Identifier: BSD-2-Clause
// Faults: which reads they come to, and that a seed fixes them.
#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include "cu_main.h"
#include "faults.h"

namespace {
snic_sim_fault late(uint32_t func)
{
	snic_sim_fault f = {};

	f.kind = SNIC_SIM_FAULT_LATE;
	f.func = func;
	f.ns = 7;
	return f;
}

Faults with(const std::vector<snic_sim_fault> &list, uint64_t seed = cu_seed())
{
	snic_sim_config c;

	snic_sim_config_default(&c);
	c.seed = seed;
	c.faults = list.data();
	c.n_faults = static_cast<uint32_t>(list.size());
	return Faults(c);
}

bool hit(Faults &f, uint64_t now, uint8_t func, uint64_t addr = 0, uint32_t len = 64)
{
	return f.read(now, func, addr, len).late_ps != 0;
}

void functions()
{
	snic_sim_fault f = late(3);
	Faults one = with({ f });

	CU_ASSERT(hit(one, 0, 3) && !hit(one, 0, 2) && !hit(one, 0, 4));
	CU_ASSERT_EQUAL(one.read(0, 3, 0, 64).late_ps, 7000);
	f.n_func = 2;
	Faults two = with({ f });

	CU_ASSERT(hit(two, 0, 3) && !hit(two, 0, 2) && hit(two, 0, 4) && !hit(two, 0, 5));
	f.func = 0;
	f.n_func = 256;
	Faults all = with({ f });

	CU_ASSERT(hit(all, 0, 0) && hit(all, 0, 255));
}

void addresses()
{
	snic_sim_fault f = late(0);

	f.addr = 0x1000;
	f.n_addr = 0x100;
	Faults t = with({ f });

	CU_ASSERT(!hit(t, 0, 0, 0xfc0) && hit(t, 0, 0, 0xfc1) && hit(t, 0, 0, 0x10ff) &&
		  !hit(t, 0, 0, 0x1100));
	CU_ASSERT(hit(t, 0, 0, 0x800, 4096));
}

void times()
{
	snic_sim_fault f = late(0);

	f.from_ps = 1000;
	Faults on = with({ f });

	CU_ASSERT(!hit(on, 999, 0) && hit(on, 1000, 0) && hit(on, UINT64_MAX - 1, 0));
	f.n_ps = 10;
	Faults window = with({ f });

	CU_ASSERT(!hit(window, 999, 0) && hit(window, 1000, 0) && hit(window, 1009, 0) &&
		  !hit(window, 1010, 0));
}

/* The nth that is meant, whatever other functions read; in a window, the nth in it. */
void counted()
{
	snic_sim_fault f = late(1);
	std::string seen;

	f.nth = 3;
	f.from_ps = 5;
	Faults one = with({ f });

	for (unsigned i = 0; i < 12; i++) {
		CU_ASSERT(!hit(one, i, 0));
		seen += hit(one, i, 1) ? 'x' : '.';
	}
	CU_ASSERT(seen == ".......x....");
	CU_ASSERT_EQUAL(one.hits(0), 1);
	f.n_read = 2;
	Faults two = with({ f });

	for (unsigned i = 0; i < 12; i++)
		hit(two, i, 1);
	CU_ASSERT_EQUAL(two.hits(0), 2);
}

/* A share by seed; a second fault changes nothing for the first. */
void shares()
{
	snic_sim_fault f = late(0), g = late(0);
	std::string a, b, c, d;

	f.millionths = 100000;
	g.millionths = 500000;
	g.kind = SNIC_SIM_FAULT_LOST;
	g.ns = 0;
	Faults alone = with({ f }), both = with({ f, g }), other = with({ f }, cu_seed() + 1);
	unsigned lost = 0;

	for (unsigned i = 0; i < 10000; i++) {
		a += hit(alone, i, 0) ? 'x' : '.';
		const ReadFate fate = both.read(i, 0, 0, 64);

		b += fate.late_ps ? 'x' : '.';
		lost += fate.lost;
		c += hit(other, i, 0) ? 'x' : '.';
	}
	CU_ASSERT(a == b && a != c);
	CU_ASSERT_DOUBLE_EQUAL(static_cast<double>(alone.hits(0)), 1000, 120); /* four deviations */
	CU_ASSERT_DOUBLE_EQUAL(static_cast<double>(lost), 5000, 200);
	CU_ASSERT_EQUAL(both.hits(1), lost);
}

/* Set and cleared while it runs; numbers are not used again. */
void running()
{
	snic_sim_fault f = late(0);
	Faults t = with({ f });

	f.ns = 5;
	CU_ASSERT_EQUAL(t.add(f), 1);
	CU_ASSERT_EQUAL(t.read(0, 0, 0, 64).late_ps, 12000); /* both */
	CU_ASSERT(t.clear(0) && !t.clear(0));
	CU_ASSERT_EQUAL(t.read(0, 0, 0, 64).late_ps, 5000);
	CU_ASSERT_EQUAL(t.add(f), 2);
	CU_ASSERT(t.clear(-1) && t.none());
	CU_ASSERT_EQUAL(t.hits(0), 1);
	CU_ASSERT_EQUAL(t.hits(1), 2);
	CU_ASSERT_EQUAL(t.hits(2) + t.hits(3) + t.hits(-1), 0);
	f.kind = 0;
	CU_ASSERT_EQUAL(t.add(f), -EINVAL);
}

void settings()
{
	const struct {
		snic_sim_fault f;
		const char *word;
	} bad[] = {
		{ { 99, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, "kind" },
		{ { SNIC_SIM_FAULT_LOST, 256, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, "functions" },
		{ { SNIC_SIM_FAULT_LOST, 255, 2, 0, 0, 0, 0, 0, 0, 0, 0 }, "functions" },
		{ { SNIC_SIM_FAULT_LOST, 0, 0, 0, 0, 0, 0, 0, 0, 1000001, 0 }, "share" },
		{ { SNIC_SIM_FAULT_LOST, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 }, "late" },
		{ { SNIC_SIM_FAULT_LATE, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, "late" },
		{ { SNIC_SIM_FAULT_LATE, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4000000001u }, "4000000000" },
	};
	snic_sim_config c;
	char err[200];

	for (const auto &b : bad) {
		CU_ASSERT_EQUAL(snic_sim_fault_check(&b.f, err, sizeof(err)), -EINVAL);
		CU_ASSERT_PTR_NOT_NULL(strstr(err, b.word));
	}
	snic_sim_config_default(&c);
	c.n_faults = 1;
	CU_ASSERT_EQUAL(snic_sim_config_check(&c, err, sizeof(err)), -EINVAL);
	c.faults = &bad[0].f;
	CU_ASSERT_EQUAL(snic_sim_config_check(&c, err, sizeof(err)), -EINVAL);
	c.n_faults = 0;
	c.start_cycles = 1ull << 48;
	CU_ASSERT_EQUAL(snic_sim_config_check(&c, err, sizeof(err)), -EINVAL);
	c.start_cycles--;
	CU_ASSERT_EQUAL(snic_sim_config_check(&c, err, sizeof(err)), 0);
}
} // namespace

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = {
		{ "faults", "functions", functions }, { "faults", "addresses", addresses },
		{ "faults", "times", times },	      { "faults", "counted", counted },
		{ "faults", "shares", shares },	      { "faults", "running", running },
		{ "faults", "settings", settings },   { nullptr, nullptr, nullptr },
	};

	return cu_main(argc, argv, tests);
}
