/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs with faults, and runs that are slow without any: what is on its way is neither lost nor a hang. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "run.h"

static void all_came(struct run *r)
{
	if (!run_ended(r, 0))
		return;
	CU_ASSERT_EQUAL(num(r->result, "check.lost"), 0);
	CU_ASSERT_EQUAL(num(r->result, "check.compared"), num(r->result, "check.expected"));
}

/* Bring-up of many queues posts more than a narrow link carries in the time in which a device that is dead is given up. */
static void narrow_links(void)
{
	struct run r;

	gen("few.pcap", "--size 64 --count 300 --flows 64");
	cosnic(&r, "replay --direction tx --vfs 255 --queues 8 --pcie gen3x2 few.pcap");
	all_came(&r);
	run_free(&r);
	cosnic(&r, "replay --direction tx --vfs 255 --pcie gen1x1 few.pcap");
	all_came(&r);
	run_free(&r);
}

/* Answers that come late are waited for, longer than any pause between frames. */
static void late(void)
{
	struct run r;

	gen("few.pcap", "--size 64 --count 300 --flows 64");
	cosnic(&r, "replay --direction tx --fault late:ns=1500000,n=20 few.pcap");
	all_came(&r);
	CU_ASSERT(num(r.result, "measured.latency_ns.tx.max") > 1500000);
	run_free(&r);
	cosnic(&r, "replay --direction both --fault split --fault apart:ns=70 few.pcap");
	all_came(&r);
	CU_ASSERT_STRING_EQUAL(json_string_value(json_array_get(at(r.result, "config.faults"), 1)),
			       "apart:ns=70");
	run_free(&r);
}

/* What a cut wire takes is counted by the wire, and the run is right; the same bytes each time. */
static void cut(void)
{
	struct run r;

	gen("many.pcap", "--size 64-1518 --count 4000 --flows 64");
	cosnic(&r, "replay --direction both --fault down:port=0,from=150000,to=200000 many.pcap");
	if (run_ended(&r, 0)) {
		double rx = num(r.result, "measured.wire_lost.rx"),
		       tx = num(r.result, "measured.wire_lost.tx");

		CU_ASSERT(rx > 100 && tx > 100);
		CU_ASSERT_EQUAL(num(r.result, "check.lost"), rx + tx);
		CU_ASSERT_PTR_NOT_NULL(strstr(r.out, "(not predicted); lost on the wire "));
	}
	run_free(&r);
	refused(2, "--fault down:port=2", "port must be 0 or 1", "replay --fault down:port=2 many.pcap");
}

/* How often a word stands in a file of any bytes. */
static unsigned int count(const char *name, const char *word)
{
	FILE *f = fopen(in_tmp(name), "rb");
	static char bytes[1 << 23];
	size_t n = f ? fread(bytes, 1, sizeof(bytes), f) : 0;
	const char *at = bytes;
	unsigned int times = 0;

	if (f)
		fclose(f);
	while ((at = memmem(at, n - (size_t)(at - bytes), word, strlen(word)))) {
		times++;
		at++;
	}
	return times;
}

/* A link that goes down and up while frames are on their way; and each lost copy says what it was lost to. */
static void link_down(void)
{
	struct run r;

	gen("line.pcap", "--size 64 --count 4000 --vfs 2");
	cosnic(&r,
	       "replay --direction both --vfs 2 --link-down 0:5000:9000 --link-down 1:0:5 --out-pcap cut.pcapng line.pcap");
	if (run_ended(&r, 0)) {
		double rx = num(r.result, "measured.wire_lost.rx"),
		       tx = num(r.result, "measured.wire_lost.tx");

		/* 4 us of 148.8 Mpps, and the frames whose end is cut */
		CU_ASSERT(rx >= 595 && rx <= 597);
		CU_ASSERT(tx > 100 && tx < 600);
		CU_ASSERT_EQUAL(num(r.result, "check.lost"), rx + tx);
		CU_ASSERT_EQUAL(count("cut.pcapng", "drop=link_down "), rx + tx);
		CU_ASSERT_EQUAL(count("cut.pcapng", "drop="), rx + tx);
		CU_ASSERT_STRING_EQUAL(json_string_value(at(r.result, "error_pct.left_out.rx")), "link_down");
		CU_ASSERT_STRING_EQUAL(json_string_value(json_array_get(at(r.result, "config.link_down"), 1)),
				       "1:0:5");
		CU_ASSERT_PTR_NOT_NULL(strstr(r.out, "counted by the card or on the wire"));
	}
	run_free(&r);
	cosnic(&r, "replay --vfs 2 --pcie gen3x8 --load 90 --out-pcap full.pcapng line.pcap");
	if (run_ended(&r, 0)) {
		CU_ASSERT(num(r.result, "check.lost") > 500);
		CU_ASSERT_DOUBLE_EQUAL(num(r.result, "measured.rx.offered_mpps"), 133.93, 0.1);
		CU_ASSERT_EQUAL(count("full.pcapng", "drop=rx_drop_buffer_full "),
				num(r.result, "check.lost"));
	}
	run_free(&r);
	refused(2, "--link-down 2:0:5", "PORT:FROM:TO", "replay --link-down 2:0:5 line.pcap");
	refused(2, "--link-down 0:5:5", "PORT:FROM:TO", "replay --link-down 0:5:5 line.pcap");
	refused(2, "--link-down 0:5", "PORT:FROM:TO", "replay --link-down 0:5 line.pcap");
	refused(2, "--load 101", "100", "replay --load 101 line.pcap");
}

static const struct cu_test tests[] = {
	{ "on_its_way", "narrow_links", narrow_links },
	{ "on_its_way", "late", late },
	{ "on_its_way", "cut", cut },
	{ "on_its_way", "link_down", link_down },
	{ 0 },
};

int main(int argc, char **argv)
{
	return cu_main(argc, argv, tests);
}
