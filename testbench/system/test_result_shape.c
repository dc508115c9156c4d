/* SPDX-License-Identifier: BSD-2-Clause */
/* result.json, the table, --json, --quiet, predict and info: what scripts and readers rely on. */
#include <stdio.h>
#include <string.h>

#include "run.h"

static const struct {
	const char *path;
	json_type type;
} keys[] = {
	{ "run.command", JSON_ARRAY },
	{ "run.commit", JSON_STRING },
	{ "run.tools.verilator", JSON_STRING },
	{ "run.tools.compiler", JSON_STRING },
	{ "run.started", JSON_STRING },
	{ "sim.wall_s", JSON_REAL },
	{ "sim.cycles", JSON_INTEGER },
	{ "sim.cycles_simulated", JSON_INTEGER },
	{ "sim.kcycles_per_s", JSON_REAL },
	{ "sim.packets_per_wall_s", JSON_REAL },
	{ "config.clock_mhz", JSON_INTEGER },
	{ "config.wire_gbps", JSON_INTEGER },
	{ "config.pcie", JSON_STRING },
	{ "config.mps", JSON_INTEGER },
	{ "config.mrrs", JSON_INTEGER },
	{ "config.vfs", JSON_INTEGER },
	{ "config.queues", JSON_INTEGER },
	{ "config.seed", JSON_INTEGER },
	{ "config.contract", JSON_STRING },
	{ "trace.files", JSON_ARRAY },
	{ "trace.sha256", JSON_ARRAY },
	{ "trace.packets", JSON_INTEGER },
	{ "trace.bytes", JSON_INTEGER },
	{ "trace.skipped", JSON_OBJECT },
	{ "measured.rx.packets", JSON_INTEGER },
	{ "measured.rx.bytes", JSON_INTEGER },
	{ "measured.rx.mpps", JSON_REAL },
	{ "measured.rx.gbps", JSON_REAL },
	{ "measured.tx.packets", JSON_INTEGER },
	{ "measured.tx.bytes", JSON_INTEGER },
	{ "measured.tx.mpps", JSON_REAL },
	{ "measured.tx.gbps", JSON_REAL },
	{ "measured.latency_ns.rx.min", JSON_REAL },
	{ "measured.latency_ns.rx.p50", JSON_REAL },
	{ "measured.latency_ns.rx.p99", JSON_REAL },
	{ "measured.latency_ns.rx.max", JSON_REAL },
	{ "measured.latency_ns.tx.min", JSON_REAL },
	{ "measured.latency_histogram_ns.rx", JSON_ARRAY },
	{ "measured.per_vf", JSON_ARRAY },
	{ "measured.stations.wire_in.busy", JSON_REAL },
	{ "measured.stations.host.stalled", JSON_OBJECT },
	{ "measured.bottleneck", JSON_STRING },
	{ "measured.bottleneck_busy", JSON_REAL },
	{ "measured.drops", JSON_OBJECT },
	{ "predicted.rx.packets", JSON_INTEGER },
	{ "predicted.rx.mpps", JSON_REAL },
	{ "predicted.rx.gbps", JSON_REAL },
	{ "predicted.rx.bound_mpps", JSON_REAL },
	{ "predicted.tx.mpps", JSON_REAL },
	{ "predicted.latency_ns.rx.p50", JSON_REAL },
	{ "predicted.frames", JSON_INTEGER },
	{ "predicted.bottleneck", JSON_STRING },
	{ "predicted.bottleneck_busy", JSON_REAL },
	{ "predicted.stations.wire_in.busy", JSON_REAL },
	{ "predicted.stations.host.busy", JSON_REAL },
	{ "error_pct.rx.mpps", JSON_REAL },
	{ "error_pct.rx.gbps", JSON_REAL },
	{ "error_pct.tx.mpps", JSON_REAL },
	{ "check.compared", JSON_INTEGER },
	{ "check.mismatched", JSON_INTEGER },
};

static void ordered_latency(const json_t *j, const char *dir)
{
	static const char *const names[] = { "min", "p50", "p99", "max" };
	double before = 0;
	unsigned int i;
	char path[64];

	for (i = 0; i < 4; i++) {
		snprintf(path, sizeof(path), "measured.latency_ns.%s.%s", dir, names[i]);
		CU_ASSERT(num(j, path) >= before && num(j, path) > 0);
		before = num(j, path);
	}
}

static void small(void)
{
	gen("s.pcap", "--size 64-1518 --count 600 --flows 20 --vfs 3");
}

static void every_key(void)
{
	struct run r;
	json_t *v;
	size_t i;

	small();
	cosnic(&r, "replay --direction both --vfs 3 --queues 2 --seed 5 s.pcap");
	run_ended(&r, 0);
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		v = at(r.result, keys[i].path);
		CU_ASSERT_EQUAL(json_typeof(v), keys[i].type);
		if (v && json_typeof(v) != keys[i].type)
			printf("    %s has another type\n", keys[i].path);
	}
	CU_ASSERT_EQUAL(json_array_size(at(r.result, "trace.files")), 1);
	CU_ASSERT_EQUAL(strlen(json_string_value(json_array_get(at(r.result, "trace.sha256"), 0))), 64);
	CU_ASSERT_STRING_EQUAL(json_string_value(json_array_get(at(r.result, "run.command"), 1)), "replay");
	CU_ASSERT_STRING_EQUAL(json_string_value(at(r.result, "config.pcie")), "gen4x16");
	CU_ASSERT_EQUAL(num(r.result, "config.vfs"), 3);
	CU_ASSERT_EQUAL(num(r.result, "config.queues"), 2);
	CU_ASSERT_EQUAL(num(r.result, "config.seed"), 5);
	CU_ASSERT_EQUAL(num(r.result, "trace.packets"), 600);
	CU_ASSERT_EQUAL(num(r.result, "measured.rx.bytes"), num(r.result, "trace.bytes"));
	CU_ASSERT_TRUE(json_is_true(at(r.result, "check.passed")));
	CU_ASSERT_TRUE(json_is_false(at(r.result, "check.partial")));
	ordered_latency(r.result, "rx");
	ordered_latency(r.result, "tx");
	run_free(&r);
}

/* Frames that all take the same time, to the nanosecond: still the least is not above the median. */
static void latency_of_equals(void)
{
	struct run r;

	gen("p.pcap", "--size 64 --count 20000");
	cosnic(&r, "replay --pps 1000000 -L 50 p.pcap");
	run_ended(&r, 0);
	ordered_latency(r.result, "rx");
	run_free(&r);
}

/* Error of a figure: predicted against measured, in percent of measured. */
static void error_figures(void)
{
	double m, p;
	struct run r;

	small();
	cosnic(&r, "replay --vfs 3 s.pcap");
	run_ended(&r, 0);
	m = num(r.result, "measured.rx.mpps");
	p = num(r.result, "predicted.rx.mpps");
	CU_ASSERT_DOUBLE_EQUAL(num(r.result, "error_pct.rx.mpps"), (p - m) / m * 100, 0.01);
	CU_ASSERT_FALSE(has(r.result, "measured.tx"));
	run_free(&r);
}

static void contains(const char *text, const char *const *words)
{
	for (; *words; words++) {
		CU_ASSERT_PTR_NOT_NULL(strstr(text, *words));
		if (!strstr(text, *words))
			printf("    the table does not say '%s'\n%s\n", *words, text);
	}
}

static void table(void)
{
	static const char *const words[] = {
		"offered",
		"delivered",
		"predicted",
		"measured",
		"Mpps",
		"Gb/s",
		"error",
		"%",
		"latency",
		"min",
		"p50",
		"p99",
		"max",
		"\nrx ",
		"\ntx ",
		"\ndrops   none",
		"\nlimits ",
		"\nspeed ",
		"kcycles/s",
		"\ncheck ",
		"0 mismatched",
		"passed",
		"out/result.json",
		NULL,
	};
	char text[4096] = "";
	struct run r;
	FILE *f;

	small();
	cosnic(&r, "replay --direction both --vfs 3 s.pcap");
	run_ended(&r, 0);
	contains(r.out, words);
	CU_ASSERT_STRING_EQUAL(r.err, "");
	f = fopen(in_tmp("out/result.txt"), "r");
	CU_ASSERT_PTR_NOT_NULL(f);
	if (f) {
		CU_ASSERT(fread(text, 1, sizeof(text) - 1, f) > 0);
		fclose(f);
	}
	/* the file holds the table as it was printed, without the line that names the file */
	CU_ASSERT(strlen(text) > 0 && !strncmp(text, r.out, strlen(text)));
	run_free(&r);
}

static void table_with_drops(void)
{
	static const char *const words[] = { "\ndrops   rx_drop_", "lost", "limits  PCIe up", NULL };
	struct run r;

	gen("d.pcap", "--size 64 --count 15000");
	cosnic(&r, "replay --pcie gen3x8 d.pcap");
	run_ended(&r, 0);
	contains(r.out, words);
	run_free(&r);
}

/* A function that forges its address gets nothing out: then nothing is known of what limits, on either side. */
static void nothing_out(void)
{
	static const char *const words[] = { "\nlimits  not known;", "\ndrops   ", NULL };
	static const char *const unknown[] = { "measured.bottleneck",	    "measured.bottleneck_busy",
					       "measured.stations",	    "predicted.bottleneck",
					       "predicted.bottleneck_busy", "predicted.stations" };
	struct run r;
	size_t i;

	gen("f.pcap", "--size 64 --count 200");
	cosnic(&r, "replay --direction tx --vfs 1 --keep-macs f.pcap");
	run_ended(&r, 0);
	CU_ASSERT_EQUAL(num(r.result, "measured.tx.packets"), 0);
	for (i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
		CU_ASSERT_FALSE(has(r.result, unknown[i]));
	contains(r.out, words);
	run_free(&r);
}

static void json_alone(void)
{
	json_t *j;
	struct run r;

	small();
	cosnic(&r, "replay --json --vfs 3 s.pcap");
	run_ended(&r, 0);
	j = json_loads(r.out, 0, NULL); /* refuses anything behind the object */
	CU_ASSERT_PTR_NOT_NULL(j);
	CU_ASSERT_TRUE(json_equal(j, r.result));
	CU_ASSERT_STRING_EQUAL(r.err, "");
	json_decref(j);
	run_free(&r);
}

static void quiet(void)
{
	struct run r;

	small();
	cosnic(&r, "replay --quiet --vfs 3 s.pcap");
	run_ended(&r, 0);
	CU_ASSERT_STRING_EQUAL(r.out, "");
	CU_ASSERT_STRING_EQUAL(r.err, "");
	CU_ASSERT_TRUE(json_is_true(at(r.result, "check.passed")));
	run_free(&r);
}

static void predict_alone(void)
{
	static const char *const words[] = { "predicted",      "Mpps",	      "\nrx ",
					     "\nlimits  wire", "closed form", NULL };
	struct run r;

	gen("p.pcap", "--size 64 --count 20000");
	cosnic(&r, "predict p.pcap");
	run_ended(&r, 0);
	contains(r.out, words);
	CU_ASSERT_STRING_EQUAL(r.err, "");
	CU_ASSERT_DOUBLE_EQUAL(num(r.result, "predicted.rx.mpps"), 148.81, 0.1);
	CU_ASSERT_DOUBLE_EQUAL(num(r.result, "predicted.rx.bound_mpps"), 148.81, 0.01);
	CU_ASSERT_EQUAL(num(r.result, "predicted.frames"), 20000);
	CU_ASSERT_FALSE(has(r.result, "measured"));
	CU_ASSERT_FALSE(has(r.result, "sim"));
	run_free(&r);
}

/* A long trace is predicted by its first frames, and the result says by how many. */
static void predict_long(void)
{
	struct run r;

	gen("p.pcap", "--size 64 --count 20000");
	cosnic(&r, "predict --loop 20 p.pcap");
	run_ended(&r, 0);
	CU_ASSERT_EQUAL(num(r.result, "predicted.frames"), 200000);
	CU_ASSERT_EQUAL(num(r.result, "predicted.rx.packets"), 200000);
	run_free(&r);
}

static double sum_of(const json_t *list, const char *key, size_t at_index)
{
	double total = 0;
	json_t *v;
	size_t i;

	json_array_foreach(list, i, v) total +=
		json_number_value(key ? json_object_get(v, key) : json_array_get(v, at_index));
	return total;
}

/* Shares of VFs and buckets of latencies add up to what was delivered. */
static void shares_and_histogram(void)
{
	json_t *vfs, *bucket;
	double end = 0;
	struct run r;
	size_t i;

	gen("v.pcap", "--size 64 --count 9000 --flows 90 --vfs 3");
	cosnic(&r, "replay --direction both --vfs 3 v.pcap");
	run_ended(&r, 0);
	vfs = at(r.result, "measured.per_vf");
	CU_ASSERT_EQUAL(json_array_size(vfs), 3);
	json_array_foreach(vfs, i, bucket)
	{
		CU_ASSERT_EQUAL(num(bucket, "func"), i + 1);
		CU_ASSERT_EQUAL(num(bucket, "rx_packets"), 3000);
		CU_ASSERT_EQUAL(num(bucket, "tx_packets"), 3000);
	}
	CU_ASSERT_DOUBLE_EQUAL(sum_of(vfs, "mpps_rx", 0), num(r.result, "measured.rx.mpps"), 3);
	CU_ASSERT_DOUBLE_EQUAL(sum_of(vfs, "mpps_tx", 0), num(r.result, "measured.tx.mpps"), 3);
	CU_ASSERT_DOUBLE_EQUAL(sum_of(vfs, "gbps_rx", 0), num(r.result, "measured.rx.gbps"), 1.5);
	CU_ASSERT_DOUBLE_EQUAL(sum_of(vfs, "gbps_tx", 0), num(r.result, "measured.tx.gbps"), 1.5);
	CU_ASSERT_EQUAL(sum_of(vfs, "tx_offered", 0), 9000);
	vfs = at(r.result, "predicted.per_vf");
	CU_ASSERT_EQUAL(json_array_size(vfs), 3);
	CU_ASSERT_DOUBLE_EQUAL(sum_of(vfs, "gbps_rx", 0), num(r.result, "predicted.rx.gbps"), 1.5);
	CU_ASSERT_DOUBLE_EQUAL(sum_of(vfs, "gbps_tx", 0), num(r.result, "predicted.tx.gbps"), 1.5);
	CU_ASSERT_EQUAL(sum_of(at(r.result, "measured.latency_histogram_ns.rx"), NULL, 1), 9000);
	CU_ASSERT_EQUAL(sum_of(at(r.result, "measured.latency_histogram_ns.tx"), NULL, 1), 9000);
	json_array_foreach(at(r.result, "measured.latency_histogram_ns.rx"), i, bucket)
	{
		CU_ASSERT(json_number_value(json_array_get(bucket, 0)) > end);
		end = json_number_value(json_array_get(bucket, 0));
	}
	CU_ASSERT(end > num(r.result, "measured.latency_ns.rx.max"));
	run_free(&r);
	cosnic(&r, "replay --direction vf2vf --vfs 3 v.pcap");
	run_ended(&r, 0);
	CU_ASSERT_EQUAL(sum_of(at(r.result, "measured.per_vf"), "rx_packets", 0), 9000);
	CU_ASSERT_EQUAL(sum_of(at(r.result, "measured.per_vf"), "tx_packets", 0), 9000);
	run_free(&r);
}

static void info_and_help(void)
{
	static const char *const device[] = {
		"commit ",	     "verilator ", "version 1.",
		"0x43494e53",	     "build ",	   "256 functions x 8 queue pairs",
		"65536 exact flows", NULL
	};
	static const char *const help[] = { "gen",	   "replay",	"predict", "guest",
					    "bench",	   "report",	"compare", "info",
					    "exit status", "--version", NULL };
	static const char *const replay_help[] = { "--topspeed", "--pps",	"--mbps",      "--multiplier",
						   "--loop",	 "--limit",	"--direction", "--vfs",
						   "--queues",	 "--clock-mhz", "--wire-gbps", "--pcie",
						   "--mps",	 "--mrrs",	"--seed",      "--wave",
						   "--out",	 "--json",	"--quiet",     "exit status",
						   "--rules",	 "--keep-macs", "--open-loop", NULL };
	static const char *const version[] = { "cosnic ", NULL };
	struct run r;

	cosnic(&r, "info");
	run_ended(&r, 0);
	contains(r.out, device);
	CU_ASSERT_STRING_EQUAL(r.err, "");
	run_free(&r);
	cosnic(&r, "--help");
	run_ended(&r, 0);
	contains(r.out, help);
	run_free(&r);
	cosnic(&r, "help replay");
	run_ended(&r, 0);
	contains(r.out, replay_help);
	run_free(&r);
	cosnic(&r, "--version");
	run_ended(&r, 0);
	contains(r.out, version);
	run_free(&r);
}

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = {
		{ "result", "every_key", every_key },
		{ "result", "shares_and_histogram", shares_and_histogram },
		{ "result", "latency_of_equals", latency_of_equals },
		{ "result", "error_figures", error_figures },
		{ "result", "table", table },
		{ "result", "table_with_drops", table_with_drops },
		{ "result", "nothing_out", nothing_out },
		{ "result", "json_alone", json_alone },
		{ "result", "quiet", quiet },
		{ "result", "predict_alone", predict_alone },
		{ "result", "predict_long", predict_long },
		{ "result", "info_and_help", info_and_help },
		{ NULL, NULL, NULL },
	};

	return cu_main(argc, argv, tests);
}
