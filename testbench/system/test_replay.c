/* SPDX-License-Identifier: BSD-2-Clause */
/* `cosnic replay` end to end: rates, losses, pacing, kinds of traffic, memory. */
#define _GNU_SOURCE
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture.h"
#include "run.h"

#define WIRE_GBPS 100.0
#define WIRE_OVERHEAD 20 /* preamble 8, inter-frame gap 12 */

/* Every frame came out as the reference said, and nothing was dropped. */
static void all_well(const struct run *r)
{
	CU_ASSERT_EQUAL(num(r->result, "check.mismatched"), 0);
	CU_ASSERT_EQUAL(num(r->result, "check.lost"), 0);
	CU_ASSERT_EQUAL(num(r->result, "check.compared"), num(r->result, "check.expected"));
	CU_ASSERT(num(r->result, "check.compared") > 0);
	CU_ASSERT_EQUAL(json_object_size(at(r->result, "measured.drops")), 0);
	CU_ASSERT_EQUAL(lines(r->err), 0);
}

static double lane(const struct run *r, const char *dir, const char *what)
{
	char path[64];

	snprintf(path, sizeof(path), "measured.%s.%s", dir, what);
	return num(r->result, path);
}

/* The steady rate as bits on the wire, gaps included: what line rate means for any mix of sizes. */
static double wire_share(const struct run *r, const char *dir)
{
	return (lane(r, dir, "gbps") + lane(r, dir, "mpps") * WIRE_OVERHEAD * 8 / 1e3) / WIRE_GBPS;
}

/* The prediction knows what becomes of the frames: rules and copies. */
static void predicted_right(const struct run *r, const char *dir, double pct)
{
	char path[64];

	snprintf(path, sizeof(path), "predicted.%s.packets", dir);
	CU_ASSERT(fabs(num(r->result, path) / lane(r, dir, "packets") - 1) <= pct / 100);
	snprintf(path, sizeof(path), "error_pct.%s.mpps", dir);
	CU_ASSERT(fabs(num(r->result, path)) <= pct);
	printf("    %s predicted %+.2f %%\n", dir, num(r->result, path));
}

static void line_rate_64(const char *direction, unsigned int vfs, unsigned int count)
{
	static const char *const dirs[] = { "rx", "tx" };
	char name[32];
	struct run r;
	unsigned int d;

	snprintf(name, sizeof(name), "64-%u-%u.pcap", vfs, count);
	gen(name, "--size 64 --count %u --flows 256 --vfs %u", count, vfs);
	cosnic(&r, "replay --direction %s --vfs %u %s", direction, vfs, name);
	if (run_ended(&r, 0)) {
		all_well(&r);
		for (d = 0; d < 2; d++) {
			if (strcmp(direction, dirs[d]) && strcmp(direction, "both"))
				continue;
			CU_ASSERT_EQUAL(lane(&r, dirs[d], "packets"), count);
			CU_ASSERT(lane(&r, dirs[d], "mpps") >= 148.7);
			printf("    64 B %s, %u VFs: %s %.2f Mpps\n", direction, vfs, dirs[d],
			       lane(&r, dirs[d], "mpps"));
		}
	}
	run_free(&r);
}

static void rx_64(void)
{
	line_rate_64("rx", 0, 10000);
}

static void tx_64(void)
{
	line_rate_64("tx", 0, 10000);
}

static void both_64(void)
{
	line_rate_64("both", 1, 10000);
}

static void both_64_255_vfs(void)
{
	line_rate_64("both", 255, 30000);
}

/* Function to function, PCIe is the limit: the arithmetic of the closed form. */
static void vf2vf(void)
{
	struct run r;

	gen("v.pcap", "--size 64 --count 40000 --flows 256 --vfs 4");
	cosnic(&r, "replay --direction vf2vf --vfs 4 v.pcap");
	if (run_ended(&r, 0)) {
		all_well(&r);
		CU_ASSERT_EQUAL(lane(&r, "vf2vf", "packets"), 40000);
		CU_ASSERT(lane(&r, "vf2vf", "mpps") >= 0.98 * num(r.result, "predicted.vf2vf.bound_mpps"));
		CU_ASSERT(lane(&r, "vf2vf", "mpps") <= 1.005 * num(r.result, "predicted.vf2vf.bound_mpps"));
		printf("    %.2f Mpps, bound %.2f\n", lane(&r, "vf2vf", "mpps"),
		       num(r.result, "predicted.vf2vf.bound_mpps"));
	}
	run_free(&r);
}

static void sizes(void)
{
	static const struct {
		const char *size;
		unsigned int count;
	} points[] = {
		{ "65", 8000 },	  { "69", 8000 },   { "128", 6000 },
		{ "1518", 2000 }, { "9018", 1000 }, { "imix", 5000 },
	};
	char name[32];
	struct run r;
	unsigned int i;

	for (i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
		snprintf(name, sizeof(name), "%s.pcap", points[i].size);
		gen(name, "--size %s --count %u --flows 64", points[i].size, points[i].count);
		cosnic(&r, "replay --direction both %s", name);
		if (run_ended(&r, 0)) {
			all_well(&r);
			CU_ASSERT(wire_share(&r, "rx") >= 0.999);
			CU_ASSERT(wire_share(&r, "tx") >= 0.999);
			printf("    %s B: rx %.3f %%, tx %.3f %% of line rate\n", points[i].size,
			       wire_share(&r, "rx") * 100, wire_share(&r, "tx") * 100);
		}
		run_free(&r);
	}
}

/* More than PCIe carries: what is missing was counted by cause, and the rate stays at the limit. */
static void above_capacity(void)
{
	double rate, bound;
	struct run r;

	gen("over.pcap", "--size 64 --count 30000 --flows 256");
	cosnic(&r, "replay --pcie gen3x8 over.pcap");
	if (run_ended(&r, 0)) {
		rate = lane(&r, "rx", "mpps");
		bound = num(r.result, "predicted.rx.bound_mpps");
		CU_ASSERT(bound < 140);
		CU_ASSERT(fabs(rate - bound) <= 0.02 * bound);
		CU_ASSERT_EQUAL(num(r.result, "check.mismatched"), 0);
		CU_ASSERT(num(r.result, "check.lost") > 0);
		CU_ASSERT_EQUAL(num(r.result, "check.lost"), sum(r.result, "measured.drops"));
		CU_ASSERT_EQUAL(lane(&r, "rx", "packets") + sum(r.result, "measured.drops"), 30000);
		printf("    %.2f Mpps, bound %.2f\n", rate, bound);
	}
	run_free(&r);
}

/*
 * Sizes mixed, and more of them than PCIe carries: which are dropped decides how many packets come through. The
 * prediction drops the same ones.
 */
static void mix_above_capacity(void)
{
	struct run r;

	gen("mix.pcap", "--size imix --count 8000 --flows 256");
	cosnic(&r, "replay --direction both --pcie gen3x8 --clock-mhz 250 mix.pcap");
	if (run_ended(&r, 0)) {
		CU_ASSERT(sum(r.result, "measured.drops") > 0);
		predicted_right(&r, "rx", 3);
		predicted_right(&r, "tx", 1);
	}
	run_free(&r);
}

/* A slow host link holds back what functions send; nothing of it is lost. */
static void above_capacity_tx(void)
{
	struct run r;

	gen("tx.pcap", "--size 64 --count 10000 --flows 256");
	cosnic(&r, "replay --direction tx --pcie gen3x8 tx.pcap");
	if (run_ended(&r, 0)) {
		all_well(&r);
		CU_ASSERT(fabs(lane(&r, "tx", "mpps") / num(r.result, "predicted.tx.bound_mpps") - 1) <=
			  0.02);
	}
	run_free(&r);
}

/* Broadcasts that PCIe cannot carry nine times: a frame is lost with all its copies; the drops still add up. */
static void copies_above_capacity(void)
{
	uint8_t frame[60] = { [6] = 2, [12] = 0x88, 0xb5 };
	static struct capture c;
	uint16_t i;
	struct run r;

	capture_begin(&c, CAPTURE_US, CAPTURE_ETHERNET);
	for (i = 0; i < 3000; i++) {
		memset(frame, i % 3 ? 0x02 : 0xff, 6);
		memcpy(frame + 14, &i, sizeof(i));
		capture_frame(&c, frame, sizeof(frame), sizeof(frame));
	}
	capture_save(&c, in_tmp("broadcast.pcap"));
	cosnic(&r, "replay --vfs 8 broadcast.pcap");
	if (run_ended(&r, 0)) {
		CU_ASSERT_EQUAL(num(r.result, "check.expected"), 1000 * 9 + 2000);
		CU_ASSERT_EQUAL(num(r.result, "check.mismatched"), 0);
		CU_ASSERT(sum(r.result, "measured.drops") > 0);
		CU_ASSERT(num(r.result, "check.lost") > sum(r.result, "measured.drops"));
		CU_ASSERT_EQUAL(lane(&r, "rx", "packets") + num(r.result, "check.lost"), 11000);
		predicted_right(&r, "rx", 2);
	}
	run_free(&r);
}

static void paced(const char *pacing, double mpps)
{
	struct run r;

	gen("paced.pcap", "--size 128 --count 2000 --flows 16");
	cosnic(&r, "replay --direction both %s paced.pcap", pacing);
	if (run_ended(&r, 0)) {
		all_well(&r);
		CU_ASSERT_EQUAL(lane(&r, "rx", "packets"), 2000);
		CU_ASSERT_EQUAL(lane(&r, "tx", "packets"), 2000);
		CU_ASSERT(fabs(lane(&r, "rx", "offered_mpps") / mpps - 1) < 0.01);
		CU_ASSERT(fabs(lane(&r, "rx", "mpps") / mpps - 1) < 0.01);
		/* the host program posts what is due at each of its turns, 500 ns apart */
		CU_ASSERT(fabs(lane(&r, "tx", "mpps") / mpps - 1) < 0.02);
	}
	run_free(&r);
}

/* 124 bytes without FCS; 148 bytes of line time in the capture's own time stamps */
static void pacing(void)
{
	paced("--pps 20000000", 20);
	paced("-p 2e6", 2);
	paced("--mbps 24800", 25);
	paced("--multiplier 0.5", 1e3 * WIRE_GBPS / 8 / (128 + WIRE_OVERHEAD) * 0.5);
}

static void limit_and_loop(void)
{
	struct run r;

	gen("few.pcap", "--size 64-512 --count 500 --flows 8");
	cosnic(&r, "replay --loop 3 few.pcap");
	if (run_ended(&r, 0)) {
		all_well(&r);
		CU_ASSERT_EQUAL(num(r.result, "trace.packets"), 500);
		CU_ASSERT_EQUAL(lane(&r, "rx", "packets"), 1500);
	}
	run_free(&r);
	cosnic(&r, "replay --loop 3 -L 1234 --direction both few.pcap");
	if (run_ended(&r, 0)) {
		all_well(&r);
		CU_ASSERT_EQUAL(lane(&r, "rx", "offered"), 1234);
		CU_ASSERT_EQUAL(lane(&r, "rx", "packets"), 1234);
		CU_ASSERT_EQUAL(lane(&r, "tx", "packets"), 1234);
	}
	run_free(&r);
}

/* Frames of every kind that gen makes, spread over functions and queues. */
static void encapsulations(void)
{
	static const char *const kinds[] = { "none", "vlan", "qinq", "vxlan", "geneve", "nvgre", "mplsogre" };
	char name[32];
	struct run r;
	unsigned int i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		snprintf(name, sizeof(name), "%s.pcap", kinds[i]);
		gen(name, "--size 150-600 --count 400 --flows 40 --vfs 3 --encap %s", kinds[i]);
		cosnic(&r, "replay --direction both --vfs 3 --queues 4 --rules 4 %s", name);
		if (run_ended(&r, 0)) {
			/* a VLAN that no function is a member of: dropped by rule, as the reference says */
			CU_ASSERT_EQUAL(num(r.result, "check.mismatched"), 0);
			CU_ASSERT_EQUAL(num(r.result, "check.lost"), 0);
			CU_ASSERT_EQUAL(num(r.result, "check.compared"), num(r.result, "check.expected"));
			CU_ASSERT(num(r.result, "check.compared") >= 400);
		}
		run_free(&r);
	}
}

/* Sum over the directions of what was predicted. */
static double predicted(const struct run *r, const char *what)
{
	static const char *const dirs[] = { "rx", "tx", "vf2vf" };
	double total = 0;
	char path[64];
	unsigned int d;

	for (d = 0; d < 3; d++) {
		snprintf(path, sizeof(path), "predicted.%s.%s", dirs[d], what);
		total += has(r->result, path) ? num(r->result, path) : 0;
	}
	return total;
}

/* Real captures, broken ones among them: what can be replayed comes out right, the rest is counted. */
static void captures(void)
{
	static const char *const options[] = { "", "--direction tx --vfs 4 -p 20000000",
					       "--keep-macs --queues 8" };
	char dir[512], *files = strdup(""), *more;
	struct dirent **list;
	struct run r;
	int n, i, taken = 0;

	snprintf(dir, sizeof(dir), "%s/traces/captures", build_dir());
	n = scandir(dir, &list, NULL, alphasort);
	CU_ASSERT(n > 100); /* make traces */
	for (i = 0; i < n; i++) {
		if (list[i]->d_name[0] != '.' && i % 6 == 0 &&
		    asprintf(&more, "%s %s/%s", files, dir, list[i]->d_name) > 0) {
			free(files);
			files = more;
			taken++;
		}
		free(list[i]);
	}
	if (n >= 0)
		free(list);
	for (i = 0; i < 3 && taken; i++) {
		cosnic(&r, "replay %s%s", options[i], files);
		if (run_ended(&r, 0)) {
			CU_ASSERT_EQUAL(num(r.result, "check.mismatched"), 0);
			CU_ASSERT_EQUAL(num(r.result, "check.lost"), 0);
			CU_ASSERT_EQUAL(num(r.result, "check.compared"), num(r.result, "check.expected"));
			CU_ASSERT(num(r.result, "check.compared") > 300);
			CU_ASSERT_EQUAL(json_array_size(at(r.result, "trace.files")), (size_t)taken);
			CU_ASSERT(sum(r.result, "trace.skipped") > 0);
			/* ten lines about files, one about the others */
			CU_ASSERT(lines(r.err) <= 11);
			/* nothing is lost to load: the same frames come out, and in the same time (at top speed VFs flood more
			 * than PCIe carries, which is dropped and counted) */
			predicted_right(&r, i == 1 ? "tx" : "rx", i == 1 ? 4 : 1);
			CU_ASSERT_EQUAL(predicted(&r, "packets"), num(r.result, "check.compared"));
			CU_ASSERT_EQUAL(predicted(&r, "drops"), 0);
			CU_ASSERT_EQUAL(predicted(&r, "drops_by_rule"), sum(r.result, "measured.drops"));
		}
		run_free(&r);
	}
	free(files);
}

/* Host memory as measured: prediction and RTL draw from the same histogram, each for itself. */
static void measured_latency(void)
{
	static const char *const dirs[] = { "rx", "tx" };
	struct run r;
	unsigned int i;

	gen("lat.pcap", "--size 128 --count 8000 --flows 64 --vfs 4");
	cosnic(&r,
	       "replay --direction both --vfs 4 --pcie gen3x8 --read-latency %s/../traces/read-latency-xeon-e5.csv lat.pcap",
	       build_dir());
	if (run_ended(&r, 0)) {
		CU_ASSERT_EQUAL(num(r.result, "config.read_latency_ns"), 554);
		for (i = 0; i < 2; i++) {
			char path[64];

			snprintf(path, sizeof(path), "error_pct.%s.mpps", dirs[i]);
			CU_ASSERT(fabs(num(r.result, path)) < 5);
		}
	}
	run_free(&r);
}

/* Memory that takes longer than the watchdog's cycles, or than a drain: slow, but nothing hangs and nothing is lost. */
static void slow_memory(void)
{
	static const char *const settings[] = { "--read-latency 60000 --clock-mhz 2000",
						"--read-latency 120000",
						"--read-latency 1000000 --write-latency 1000000" };
	struct run r;
	unsigned int i;

	gen("slow.pcap", "--size 64 --count 200 --flows 16");
	for (i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		cosnic(&r, "replay --direction both %s slow.pcap", settings[i]);
		if (run_ended(&r, 0)) {
			all_well(&r);
			CU_ASSERT_EQUAL(lane(&r, "rx", "packets"), 200);
			CU_ASSERT_EQUAL(lane(&r, "tx", "packets"), 200);
		}
		run_free(&r);
	}
}

/* Frames that the card cuts: every segment is right, at the wire's rate or the link's, as predicted. */
static void lso(void)
{
	static const struct {
		const char *args, *dir;
		unsigned int frames;
	} runs[] = { { "--direction tx --lso 1500", "tx", 900 },
		     { "--direction tx --lso 576 --pcie gen3x8", "tx", 2500 },
		     { "--direction vf2vf --vfs 2 --lso 9000", "vf2vf", 160 },
		     { "--direction tx --lso 1500 -L 100 -p 1000000", "tx", 100 } };
	struct run r;
	unsigned int i;

	gen("tcp64k.pcap", "--size tcp64k --count 20");
	for (i = 0; i < sizeof(runs) / sizeof(runs[0]); i++) {
		cosnic(&r, "replay %s tcp64k.pcap", runs[i].args);
		if (run_ended(&r, 0)) {
			all_well(&r);
			CU_ASSERT_EQUAL(lane(&r, runs[i].dir, "packets"), runs[i].frames);
			if (i < 2)
				predicted_right(&r, runs[i].dir, 2);
			if (i == 0)
				CU_ASSERT(lane(&r, "tx", "gbps") >= 98.6);
		}
		run_free(&r);
	}
}

/* Streamed, not loaded. A slow clock has the fewest cycles to simulate for a frame of the wire. */
static void memory_of_a_million(void)
{
	struct run r;

	gen("100k.pcap", "--size 64 --count 100000 --flows 1000");
	cosnic_limits(&r, 300, 0, "replay --clock-mhz 250 --loop 10 100k.pcap");
	if (run_ended(&r, 0)) {
		CU_ASSERT_EQUAL(lane(&r, "rx", "offered"), 1000000);
		CU_ASSERT(r.max_rss_kb < 500 * 1000);
		CU_ASSERT(num(r.result, "predicted.frames") <= 200000);
		printf("    %.1f MB, %.1f s\n", (double)r.max_rss_kb / 1e3, r.wall_s);
	}
	run_free(&r);
}

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = {
		{ "rate", "rx_64", rx_64 },
		{ "rate", "tx_64", tx_64 },
		{ "rate", "both_64", both_64 },
		{ "rate", "both_64_255_vfs", both_64_255_vfs },
		{ "rate", "vf2vf", vf2vf },
		{ "rate", "sizes", sizes },
		{ "rate", "above_capacity", above_capacity },
		{ "rate", "mix_above_capacity", mix_above_capacity },
		{ "rate", "above_capacity_tx", above_capacity_tx },
		{ "rate", "copies_above_capacity", copies_above_capacity },
		{ "traffic", "pacing", pacing },
		{ "traffic", "limit_and_loop", limit_and_loop },
		{ "traffic", "encapsulations", encapsulations },
		{ "traffic", "captures", captures },
		{ "traffic", "lso", lso },
		{ "traffic", "measured_latency", measured_latency },
		{ "traffic", "slow_memory", slow_memory },
		{ "memory", "million", memory_of_a_million },
		{ NULL, NULL, NULL },
	};

	return cu_main(argc, argv, tests);
}
