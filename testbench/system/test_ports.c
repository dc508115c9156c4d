/* SPDX-License-Identifier: BSD-2-Clause */
/* Both wire ports at once: line rate in and out of each, each with its own functions and files. */
#include <math.h>
#include <string.h>

#include "run.h"

static double lane(const struct run *r, const char *dir, const char *what)
{
	char path[64];

	snprintf(path, sizeof(path), "measured.%s.%s", dir, what);
	return num(r->result, path);
}

static void predicted_right(const struct run *r, const char *dir)
{
	char path[64];

	snprintf(path, sizeof(path), "error_pct.%s.mpps", dir);
	CU_ASSERT(fabs(num(r->result, path)) <= 1);
}

/* 64 B at 100 Gb/s on both ports, each to the other: 297.6 Mpps in and as many out. */
static void crossed(void)
{
	struct run r;

	gen("a.pcap", "--size 64 --count 12000 --flows 64");
	put("cross.txt", "in_port=p0,actions=p1\nin_port=p1,actions=p0\n");
	cosnic(&r, "replay --ports 2 --clock-mhz 600 --flows cross.txt a.pcap");
	if (run_ended(&r, 0)) {
		CU_ASSERT(lane(&r, "tx", "mpps") + lane(&r, "tx_p1", "mpps") >= 297.5);
		CU_ASSERT(lane(&r, "rx", "offered_mpps") + lane(&r, "rx_p1", "offered_mpps") >= 297.5);
		CU_ASSERT_EQUAL(num(r.result, "check.compared"), 24000);
		predicted_right(&r, "tx");
		predicted_right(&r, "tx_p1");
	}
	run_free(&r);
}

/* All four directions, and each port's frames with its own functions. */
static void both_directions(void)
{
	struct run r;
	json_t *vf;
	size_t i;

	gen("b.pcap", "--size 512 --count 6000 --flows 64 --vfs 4");
	cosnic(&r, "replay --ports 2 --direction both --vfs 4 --wire-gbps 40 b.pcap");
	if (run_ended(&r, 0)) {
		static const char *const lanes[] = { "rx", "tx", "rx_p1", "tx_p1" };

		for (i = 0; i < 4; i++) {
			CU_ASSERT_EQUAL(lane(&r, lanes[i], "packets"), 6000);
			predicted_right(&r, lanes[i]);
		}
		json_array_foreach(at(r.result, "measured.per_vf"), i, vf)
		{
			CU_ASSERT(json_number_value(json_object_get(vf, "rx_packets")) > 1000);
			CU_ASSERT(json_number_value(json_object_get(vf, "tx_packets")) > 1000);
		}
	}
	run_free(&r);
}

/* A file for each port, of other lengths. */
static void two_files(void)
{
	struct run r;

	gen("long.pcap", "--size 128 --count 3000 --flows 16");
	gen("short.pcap", "--size 256 --count 700 --flows 16");
	cosnic(&r, "replay --ports 2 --direction tx --vfs 2 -p 5000000 long.pcap short.pcap");
	if (run_ended(&r, 0)) {
		CU_ASSERT_EQUAL(lane(&r, "tx", "packets"), 3000);
		CU_ASSERT_EQUAL(lane(&r, "tx_p1", "packets"), 700);
		CU_ASSERT_EQUAL(num(r.result, "trace.packets"), 3700);
	}
	run_free(&r);
}

static void refusals(void)
{
	gen("a.pcap", "--size 64 --count 12000 --flows 64");
	refused(2, "--ports 2", "--vfs 2", "replay --ports 2 a.pcap");
	refused(2, "3 files", "one for each", "replay --ports 2 --vfs 2 a.pcap a.pcap a.pcap");
	refused(2, "vf2vf", "leave it out", "replay --ports 2 --vfs 2 --direction vf2vf a.pcap");
	refused(2, "--ports", "from 1 to 2", "replay --ports 3 a.pcap");
}

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = {
		{ "ports", "crossed", crossed },
		{ "ports", "both_directions", both_directions },
		{ "ports", "two_files", two_files },
		{ "ports", "refusals", refusals },
		{ NULL, NULL, NULL },
	};

	return cu_main(argc, argv, tests);
}
