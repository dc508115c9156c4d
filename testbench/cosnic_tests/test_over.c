/* SPDX-License-Identifier: BSD-2-Clause */
/* --over: what each form of it spans, and in which order; settings of a point as options. (What is refused: test_bad_input.) */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cosnic.h"
#include "cu_main.h"
#include "over.h"
#include "settings.h"

volatile int cosnic_interrupted; /* the main program's */

/* All points of --over TEXT, as "size=64 vfs=1|..." */
static const char *points(const char *text)
{
	static char all[4096];
	json_t *axes = over_parse(text), *settings, *value;
	const char *name;
	size_t i, n = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(axes);
	all[0] = 0;
	for (i = 0; i < over_points(axes); i++) {
		settings = over_point(axes, i);
		json_object_foreach(settings, name, value)
		{
			n += (size_t)snprintf(all + n, sizeof(all) - n, "%s=%s ", name,
					      json_string_value(value));
		}
		n += (size_t)snprintf(all + n, sizeof(all) - n, "|");
		json_decref(settings);
	}
	json_decref(axes);
	return all;
}

static void spans(void)
{
	CU_ASSERT_STRING_EQUAL(points("size=64"), "size=64 |");
	CU_ASSERT_STRING_EQUAL(points("size=64;"), "size=64 |");
	/* the last axis turns fastest */
	CU_ASSERT_STRING_EQUAL(points("size=64,imix:csit;vfs=1,8"),
			       "size=64 vfs=1 |size=64 vfs=8 |size=imix:csit vfs=1 |size=imix:csit vfs=8 |");
}

static void ranges(void)
{
	CU_ASSERT_STRING_EQUAL(points("latency=400:1000:200"),
			       "latency=400 |latency=600 |latency=800 |latency=1000 |");
	CU_ASSERT_STRING_EQUAL(points("latency=400:1000:400"), "latency=400 |latency=800 |");
	CU_ASSERT_STRING_EQUAL(points("vfs=0,2:4:1"), "vfs=0 |vfs=2 |vfs=3 |vfs=4 |");
	CU_ASSERT_STRING_EQUAL(points("vfs=5:5:1"), "vfs=5 |");
	/* a step that binary fractions do not have still reaches the end */
	CU_ASSERT_STRING_EQUAL(points("hit=0.1:0.7:0.3"), "hit=0.1 |hit=0.4 |hit=0.7 |");
}

static void most(void)
{
	json_t *axes = over_parse("latency=0:99:1;write-latency=0:99:1");

	CU_ASSERT_PTR_NOT_NULL_FATAL(axes);
	CU_ASSERT_EQUAL(over_points(axes), OVER_MAX_POINTS);
	json_decref(axes);
}

/* A million values are refused before they are compared with each other, however they are written. */
static void too_many(void)
{
	const unsigned int n = 1000000;
	char *text = malloc(n * 8 + 64), *at;
	unsigned int i;

	CU_ASSERT_PTR_NULL(over_parse("latency=0:1000000:1"));
	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	at = text + sprintf(text, "latency=");
	for (i = 0; i < n; i++)
		at += sprintf(at, "%u,", i);
	at[-1] = 0;
	CU_ASSERT_PTR_NULL(over_parse(text));
	/* ranges, each of them short enough */
	at = text + sprintf(text, "latency=");
	for (i = 0; i < 300; i++)
		at += sprintf(at, "%u:%u:1,", i * 9000, i * 9000 + 8999);
	at[-1] = 0;
	CU_ASSERT_PTR_NULL(over_parse(text));
	free(text);
}

static void twice(void)
{
	/* however it is written */
	CU_ASSERT_STRING_EQUAL(points("size=64,128,64"), "size=64 |size=128 |");
	CU_ASSERT_STRING_EQUAL(points("size=064,64,64-64,64-0128,0064-128"), "size=64 |size=64-128 |");
	CU_ASSERT_STRING_EQUAL(points("hit=0.5,0.50,1.0,1,00,0"), "hit=0.5 |hit=1 |hit=0 |");
	CU_ASSERT_STRING_EQUAL(points("latency=400:800:200,800,0800"),
			       "latency=400 |latency=600 |latency=800 |");
	CU_ASSERT_PTR_NULL(over_parse("size=64;size=128"));
}

/* What suite.json cannot hold is refused, not left out. */
static void not_text(void)
{
	CU_ASSERT_PTR_NULL(over_parse("size=64,\xff"));
	CU_ASSERT_PTR_NULL(over_parse("\xff=64"));
}

static struct settings s;

static const struct settings *resolved(const char *over)
{
	json_t *axes = over_parse(over), *point;

	CU_ASSERT_PTR_NOT_NULL_FATAL(axes);
	point = over_point(axes, 0);
	CU_ASSERT_EQUAL(settings_resolve(&s, point, NULL, false), EXIT_OK);
	json_decref(point);
	json_decref(axes);
	return &s;
}

static void defaults(void)
{
	CU_ASSERT_EQUAL(resolved("pcie=gen3x8")->run.sim.pcie_gen, 3);
	CU_ASSERT_EQUAL(s.gen.size_min, 64);
	CU_ASSERT_EQUAL(s.gen.count, 25000);
	CU_ASSERT_EQUAL(s.gen.flows, 256);
	CU_ASSERT_EQUAL(s.run.rules, 0);
	CU_ASSERT_PTR_EQUAL(s.run.traffic, &s.gen);
	CU_ASSERT_EQUAL(resolved("size=9018")->gen.count, 1000);
	/* enough for each VF to be in its stride */
	CU_ASSERT_EQUAL(resolved("size=1518;vfs=255")->gen.count, 20 * 255);
	CU_ASSERT_EQUAL(resolved("size=9018;vfs=255")->gen.count, 1106);
	CU_ASSERT_EQUAL(resolved("size=64;vfs=255")->gen.count, 25000);
	/* as many flows on each VF */
	CU_ASSERT_EQUAL(resolved("vfs=7")->gen.flows, 259);
	CU_ASSERT_EQUAL(s.gen.vfs, 7);
	CU_ASSERT_EQUAL(s.run.vfs, 7);
}

static double line_mpps(const char *over)
{
	json_t *axes = over_parse(over), *point = over_point(axes, 0);
	double mpps = settings_line_mpps(point);

	json_decref(point);
	json_decref(axes);
	return mpps;
}

static void line_rate(void)
{
	CU_ASSERT_DOUBLE_EQUAL(line_mpps("vfs=1"), 148.8095, 1e-4);
	CU_ASSERT_DOUBLE_EQUAL(line_mpps("size=64"), 148.8095, 1e-4);
	CU_ASSERT_DOUBLE_EQUAL(line_mpps("size=1518;wire-gbps=10"), 0.812744, 1e-6);
	/* of a mix the mean, about */
	CU_ASSERT_DOUBLE_EQUAL(line_mpps("size=imix"), 100e3 / ((4342. / 12 + 20) * 8), 0.3);
}

static void aliases(void)
{
	CU_ASSERT_EQUAL(resolved("latency=900")->run.sim.read_latency_ns, 900);
	CU_ASSERT_EQUAL(resolved("packets=123")->gen.count, 123);
	CU_ASSERT_EQUAL(resolved("hit=0.75")->gen.unique, 0.25);
	CU_ASSERT_EQUAL(s.run.rules, 4);
	CU_ASSERT_EQUAL(resolved("hit=1")->run.rules, 0);
	CU_ASSERT_EQUAL(resolved("hit=0.5;rules=9")->run.rules, 9);
	CU_ASSERT_EQUAL(resolved("load=85")->run.pace, 0.85);
	CU_ASSERT_EQUAL(s.run.pacing, PACE_MULTIPLIER);
	CU_ASSERT_TRUE(resolved("no-gate=on")->run.sim.no_gate);
	CU_ASSERT_FALSE(resolved("no-gate=off")->run.sim.no_gate);
}

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = {
		{ "over", "spans", spans },
		{ "over", "ranges", ranges },
		{ "over", "most", most },
		{ "over", "too_many", too_many },
		{ "over", "twice", twice },
		{ "over", "not_text", not_text },
		{ "settings", "defaults", defaults },
		{ "settings", "line_rate", line_rate },
		{ "settings", "aliases", aliases },
		{ NULL, NULL, NULL },
	};

	return cu_main(argc, argv, tests);
}
