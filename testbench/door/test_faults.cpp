// SPDX-License-Identifier: BSD-2-Clause
// Faults: which reads they come to, and that a seed fixes them.
#include <cerrno>
#include <cstdio>
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

/* Wires and sizes follow their windows, and say when they change next. */
void links()
{
	snic_sim_fault down = {}, sizes = {};

	down.kind = SNIC_SIM_FAULT_DOWN;
	down.port = 1;
	down.from_ps = 100;
	down.n_ps = 50;
	sizes.kind = SNIC_SIM_FAULT_SIZES;
	sizes.mrrs = 4096;
	sizes.from_ps = 120;
	Faults t = with({ down, sizes });

	CU_ASSERT_EQUAL(t.link_due(), 0);
	LinkState s = t.link_state(0);

	CU_ASSERT(!s.down[0] && !s.down[1] && s.mps == 256 && s.mrrs == 512);
	CU_ASSERT_EQUAL(t.link_due(), 100);
	s = t.link_state(100);
	CU_ASSERT(!s.down[0] && s.down[1] && s.mrrs == 512);
	CU_ASSERT_EQUAL(t.link_due(), 120);
	s = t.link_state(120);
	CU_ASSERT(s.down[1] && s.mps == 256 && s.mrrs == 4096);
	CU_ASSERT_EQUAL(t.link_due(), 150);
	s = t.link_state(150);
	CU_ASSERT(!s.down[1] && s.mrrs == 4096);
	CU_ASSERT_EQUAL(t.link_due(), kNever);
	t.sizes(128, 256);
	CU_ASSERT_EQUAL(t.link_due(), 0);
	s = t.link_state(160);
	CU_ASSERT(s.mps == 128 && s.mrrs == 4096);
	CU_ASSERT(t.clear(1));
	s = t.link_state(160);
	CU_ASSERT_EQUAL(s.mrrs, 256);
	CU_ASSERT(t.read(130, 0, 0, 64).late_ps == 0);
	CU_ASSERT_EQUAL(t.hits(0) + t.hits(1), 0);
	/* a cable has two ends */
	snic_sim_config c;

	snic_sim_config_default(&c);
	c.loop = true;
	c.faults = &down;
	c.n_faults = 1;
	Faults loop(c);

	s = loop.link_state(110);
	CU_ASSERT(s.down[0] && s.down[1]);
}

/* What a read's answer becomes, and how two faults of one read add up. */
void fates()
{
	const struct {
		const char *text;
		bool lost, split;
		CplStatus status;
		uint16_t after;
		uint64_t late_ps, apart_ps;
	} want[] = {
		{ "late:ns=3", false, false, kCplSC, 0, 3000, 0 },
		{ "lost", true, false, kCplSC, 0, 0, 0 },
		{ "ur", false, false, kCplUR, 0, 0, 0 },
		{ "ca:after=64", false, false, kCplCA, 64, 0, 0 },
		{ "poison:after=300", false, false, kCplPoison, 300, 0, 0 },
		{ "split", false, true, kCplSC, 0, 0, 0 },
		{ "apart:ns=50", false, false, kCplSC, 0, 0, 50000 },
	};
	std::vector<snic_sim_fault> all;
	char err[200];

	for (const auto &w : want) {
		snic_sim_fault f;

		CU_ASSERT_EQUAL_FATAL(snic_sim_fault_parse(w.text, &f, err, sizeof(err)), 0);
		all.push_back(f);
		Faults one = with({ f });
		const ReadFate r = one.read(0, 9, 0, 64);

		CU_ASSERT(r.lost == w.lost && r.split == w.split && r.status == w.status &&
			  r.after == w.after && r.late_ps == w.late_ps && r.apart_ps == w.apart_ps);
	}
	Faults t = with(all);
	const ReadFate r = t.read(0, 9, 0, 64);

	CU_ASSERT(r.lost && r.split && r.status == kCplUR && r.after == 0 && r.late_ps == 3000 &&
		  r.apart_ps == 50000);
}

void words()
{
	snic_sim_fault f;
	char err[200];

	CU_ASSERT_EQUAL_FATAL(
		snic_sim_fault_parse("late:func=3-7,ns=5000,p=0.02,n=4-9,addr=0x1000-0x1fff,from=10,to=30",
				     &f, err, sizeof(err)),
		0);
	CU_ASSERT(f.kind == SNIC_SIM_FAULT_LATE && f.func == 3 && f.n_func == 5 && f.ns == 5000 &&
		  f.millionths == 20000 && f.nth == 4 && f.n_read == 6 && f.addr == 0x1000 &&
		  f.n_addr == 0x1000 && f.from_ps == 10000 && f.n_ps == 20000);
	CU_ASSERT_EQUAL(snic_sim_fault_parse("lost", &f, err, sizeof(err)), 0);
	CU_ASSERT(f.func == 0 && f.n_func == 256 && !f.nth && !f.millionths);
	CU_ASSERT_EQUAL(snic_sim_fault_parse("lost:func=0,n=1", &f, err, sizeof(err)), 0);
	CU_ASSERT(f.func == 0 && f.n_func == 1 && f.nth == 1 && f.n_read == 1);
	CU_ASSERT_EQUAL(snic_sim_fault_parse("down:port=1,from=20", &f, err, sizeof(err)), 0);
	CU_ASSERT(f.kind == SNIC_SIM_FAULT_DOWN && f.port == 1 && f.from_ps == 20000 && !f.n_ps);
	CU_ASSERT_EQUAL(snic_sim_fault_parse("sizes:mps=128,mrrs=4096", &f, err, sizeof(err)), 0);
	CU_ASSERT(f.kind == SNIC_SIM_FAULT_SIZES && f.mps == 128 && f.mrrs == 4096);
}

void bad_words()
{
	static const char *const bad[] = {
		"",
		"slow",
		"late",
		"late:ns=0",
		"late:ns=4000000001",
		"late:ns=1-2",
		"late:ns=-1",
		"late:ns=5,",
		"late:,ns=5",
		"late:ns",
		"late:ns=",
		"late:ns=5 ",
		"late:ns=5,after=3",
		"late:ns=5,port=0x",
		"lost:func=256",
		"lost:func=250-256",
		"lost:func=7-3",
		"lost:func=1-",
		"lost:func=99999999999999999999",
		"lost:func=0-18446744073709551615",
		"lost:n=0",
		"lost:p=0",
		"lost:p=1.1",
		"lost:p=x",
		"lost:p=nan",
		"lost:p=0.0000001",
		"lost:ns=5",
		"lost:addr=5",
		"lost:from=30,to=20",
		"lost:from=20,to=20",
		"lost:from=99999999999999999",
		"ur:after=4096",
		"down:port=2",
		"down:func=1",
		"down:p=0.5",
		"down:ns=4",
		"sizes",
		"sizes:mps=100",
		"sizes:mrrs=8192",
		"sizes:mps=64",
		"split:mps=128",
	};
	snic_sim_fault f;
	char err[200];

	for (const char *text : bad) {
		err[0] = 0;
		if (!snic_sim_fault_parse(text, &f, err, sizeof(err)))
			printf("    taken: %s\n", text);
		CU_ASSERT_EQUAL(snic_sim_fault_parse(text, &f, err, sizeof(err)), -EINVAL);
		CU_ASSERT(strncmp(err, "fault ", 6) == 0);
	}
}

void settings()
{
	snic_sim_fault f = late(0), many[2] = { late(0), late(1) };
	snic_sim_config c;
	char err[200];

	CU_ASSERT_EQUAL(snic_sim_fault_check(&f, err, sizeof(err)), 0);
	f.kind = 99;
	CU_ASSERT_EQUAL(snic_sim_fault_check(&f, err, sizeof(err)), -EINVAL);
	CU_ASSERT_PTR_NOT_NULL(strstr(err, "no such kind"));
	snic_sim_config_default(&c);
	c.n_faults = 2;
	CU_ASSERT_EQUAL(snic_sim_config_check(&c, err, sizeof(err)), -EINVAL);
	c.faults = many;
	CU_ASSERT_EQUAL(snic_sim_config_check(&c, err, sizeof(err)), 0);
	many[1].millionths = 1000001;
	CU_ASSERT_EQUAL(snic_sim_config_check(&c, err, sizeof(err)), -EINVAL);
	CU_ASSERT_PTR_NOT_NULL(strstr(err, "p is no more than 1"));
	c.n_faults = 1;
	c.start_cycles = 1ull << 48;
	CU_ASSERT_EQUAL(snic_sim_config_check(&c, err, sizeof(err)), -EINVAL);
	c.start_cycles--;
	CU_ASSERT_EQUAL(snic_sim_config_check(&c, err, sizeof(err)), 0);
	c.watchdog_cycles = 1ull << 48;
	CU_ASSERT_EQUAL(snic_sim_config_check(&c, err, sizeof(err)), -EINVAL);
}
} // namespace

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = {
		{ "faults", "functions", functions }, { "faults", "addresses", addresses },
		{ "faults", "times", times },	      { "faults", "counted", counted },
		{ "faults", "shares", shares },	      { "faults", "running", running },
		{ "faults", "links", links },	      { "faults", "fates", fates },
		{ "faults", "words", words },	      { "faults", "bad_words", bad_words },
		{ "faults", "settings", settings },   { nullptr, nullptr, nullptr },
	};

	return cu_main(argc, argv, tests);
}
