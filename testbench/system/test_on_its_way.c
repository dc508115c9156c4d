/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs with faults, and runs that are slow without any: what is on its way is neither lost nor a hang. */
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

static const struct cu_test tests[] = {
	{ "on_its_way", "narrow_links", narrow_links },
	{ "on_its_way", "late", late },
	{ "on_its_way", "cut", cut },
	{ 0 },
};

int main(int argc, char **argv)
{
	return cu_main(argc, argv, tests);
}
