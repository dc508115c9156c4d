/* SPDX-License-Identifier: BSD-2-Clause */
/* `cosnic gen`: what it writes is what was asked for, the same each time, paced at line rate. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cosnic.h"
#include "cu_main.h"
#include "snic_ref.h"
#include "trace.h"

#define MAX_FLOWS 70000

static unsigned int seen[MAX_FLOWS]; /* frames by flow, of the last count */
volatile int cosnic_interrupted;     /* the main program's */

static char path[] = "/tmp/test_gen.XXXXXX";

static struct options ask(uint64_t count)
{
	struct options o = { .count = count, .flows = 1, .size_min = 64, .size_max = 64, .size_name = "64" };

	o.sim.wire_gbps = 100;
	o.gen_path = path;
	o.quiet = true;
	return o;
}

static struct trace *made(const struct options *o)
{
	static char *file = path;
	struct trace *t;

	CU_ASSERT_EQUAL(cmd_gen(o), EXIT_OK);
	t = trace_open(&file, 1, 1, false);
	CU_ASSERT_PTR_NOT_NULL_FATAL(t);
	return t;
}

/* 64-byte frames at 100 Gb/s: one in 6.72 ns, spread over the VFs in turn. */
static void pace(void)
{
	struct options o = ask(1000);
	struct trace_frame f;
	struct trace *t;

	o.vfs = 3;
	for (t = made(&o); trace_next(t, &f);) {
		CU_ASSERT_EQUAL(f.len, 60);
		CU_ASSERT_EQUAL(f.ts_ns, f.number * 672 / 100);
		CU_ASSERT(!memcmp(f.data, "\x02\x5c\0\0\0", 5));
		CU_ASSERT_EQUAL(f.data[5], 1 + f.number % 3);
	}
	CU_ASSERT_EQUAL(trace_counted(t)->packets, 1000);
	trace_close(t);
}

static void sizes(void)
{
	static const struct {
		enum mix mix;
		unsigned int size[3], weight[3];
	} v[] = {
		{ MIX_IMIX, { 64, 594, 1518 }, { 7, 4, 1 } },
		{ MIX_CSIT, { 64, 570, 1518 }, { 28, 16, 4 } },
		{ MIX_TREX, { 64, 594, 1518 }, { 28, 20, 4 } },
	};
	unsigned int i, k, n[3], total;
	bool low = false, high = false;
	struct trace_frame f;
	struct options o;
	struct trace *t;

	for (i = 0; i < 3; i++) {
		o = ask(20000);
		o.mix = v[i].mix;
		memset(n, 0, sizeof(n));
		for (t = made(&o); trace_next(t, &f);) {
			for (k = 0; k < 3 && f.len + 4 != v[i].size[k]; k++)
				;
			CU_ASSERT_FATAL(k < 3);
			n[k]++;
		}
		trace_close(t);
		total = v[i].weight[0] + v[i].weight[1] + v[i].weight[2];
		for (k = 0; k < 3; k++)
			CU_ASSERT(fabs(n[k] / 20000. - (double)v[i].weight[k] / total) < 0.015);
	}
	o = ask(20000);
	o.size_min = 65;
	o.size_max = 75;
	for (t = made(&o); trace_next(t, &f);) {
		CU_ASSERT(f.len >= 61 && f.len <= 71);
		low = low || f.len == 61;
		high = high || f.len == 71;
	}
	trace_close(t);
	CU_ASSERT(low && high);
}

/* How many flows there are, and how many frames belong to one that comes but once. */
static void count_flows(const struct options *o, unsigned int *flows, unsigned int *once)
{
	struct snic_ref_parse p;
	struct trace_frame f;
	struct trace *t;
	uint32_t flow;

	memset(seen, 0, sizeof(seen));
	*flows = *once = 0;
	for (t = made(o); trace_next(t, &f);) {
		snic_ref_parse(f.data, f.len, 0, &p);
		flow = (p.key.dw[SNIC_KEY_SIP_LSB / 32] & 0xfff) << 12 |
		       (p.key.dw[SNIC_KEY_DIP_LSB / 32] & 0xfff);
		CU_ASSERT_FATAL(flow < MAX_FLOWS);
		*flows += seen[flow]++ == 0;
	}
	trace_close(t);
	for (flow = 0; flow < MAX_FLOWS; flow++)
		*once += seen[flow] == 1;
}

static void flows(void)
{
	struct options o = ask(30000);
	unsigned int n, once;

	o.flows = 100;
	count_flows(&o, &n, &once);
	CU_ASSERT_EQUAL(n, 100);
	CU_ASSERT_EQUAL(once, 0);
	o.unique = 0.5;
	count_flows(&o, &n, &once);
	CU_ASSERT(abs((int)once - 15000) < 600);
	CU_ASSERT_EQUAL(n, 100 + once);
	o.unique = 1;
	count_flows(&o, &n, &once);
	CU_ASSERT_EQUAL(once, 30000);
	CU_ASSERT_EQUAL(seen[99], 0); /* those that come again are kept apart */
	CU_ASSERT_EQUAL(seen[100], 1);
}

/* The same arguments, the same file; another seed, another one. */
static void repeatable(void)
{
	struct options o = ask(1000);
	char first[65], again[65];

	o.mix = MIX_IMIX;
	CU_ASSERT_EQUAL(cmd_gen(&o), EXIT_OK);
	CU_ASSERT(trace_sha256(path, first));
	CU_ASSERT_EQUAL(cmd_gen(&o), EXIT_OK);
	CU_ASSERT(trace_sha256(path, again));
	CU_ASSERT_STRING_EQUAL(first, again);
	o.sim.seed = 1;
	CU_ASSERT_EQUAL(cmd_gen(&o), EXIT_OK);
	CU_ASSERT(trace_sha256(path, again));
	CU_ASSERT(strcmp(first, again));
}

/* A full disk, a folder that is not there: not a success. What gen says goes to /dev/null. */
static void cannot_write(void)
{
	int err = dup(2), null = open("/dev/null", O_WRONLY);
	struct options o = ask(1000);

	CU_ASSERT_FATAL(err >= 0 && null >= 0);
	fflush(stderr);
	dup2(null, 2);
	o.gen_path = "/dev/full";
	CU_ASSERT_EQUAL(cmd_gen(&o), EXIT_INPUT);
	o.gen_path = "/no/such/folder/f.pcap";
	CU_ASSERT_EQUAL(cmd_gen(&o), EXIT_INPUT);
	cosnic_interrupted = 1;
	o.gen_path = path;
	CU_ASSERT_EQUAL(cmd_gen(&o), EXIT_CHECK);
	cosnic_interrupted = 0;
	dup2(err, 2);
	close(err);
	close(null);
}

/* Two segments and an acknowledgement in turn; one VF of two sends data, the other answers. */
static void tcp(void)
{
	struct options o = ask(900);
	struct trace_frame f;
	struct trace *t;

	o.mix = MIX_TCP;
	o.size_name = "tcp";
	o.vfs = 4;
	for (t = made(&o); trace_next(t, &f);) {
		bool ack = f.number % 3 == 2;

		CU_ASSERT_EQUAL(f.len, ack ? 66 : 1514);
		CU_ASSERT_EQUAL(f.data[5], 1 + f.number / 3 % 2 * 2 + ack);
	}
	trace_close(t);
}

/*
 * VF 1 has its share of frames in any stretch of the capture, of its own size and of all flows that the others leave; each
 * of those has one flow and the same number of frames.
 */
static void greedy(void)
{
	unsigned int n[6] = { 0 }, first[6] = { 0 }, its_flows = 0, func, flow;
	struct options o = ask(14 * 1000);
	struct snic_ref_parse p;
	struct trace_frame f;
	struct trace *t;

	memset(seen, 0, sizeof(seen));
	o.vfs = 5;
	o.flows = 20;
	o.greedy = 10;
	o.greedy_size = 1518;
	for (t = made(&o); trace_next(t, &f);) {
		func = f.data[5];
		CU_ASSERT_FATAL(func >= 1 && func <= 5);
		CU_ASSERT_EQUAL(f.len, func == 1 ? 1514 : 60);
		snic_ref_parse(f.data, f.len, 0, &p);
		flow = 1 + ((p.key.dw[SNIC_KEY_SIP_LSB / 32] & 0xfff) << 12 |
			    (p.key.dw[SNIC_KEY_DIP_LSB / 32] & 0xfff));
		CU_ASSERT_FATAL(flow < MAX_FLOWS);
		if (func == 1)
			its_flows += seen[flow]++ == 0;
		else if (!n[func])
			first[func] = flow;
		else
			CU_ASSERT_EQUAL(flow, first[func]);
		n[func]++;
		CU_ASSERT_DOUBLE_EQUAL(n[1], (double)(f.number + 1) * 10 / 14, 1);
	}
	trace_close(t);
	CU_ASSERT_EQUAL(n[1], 10000);
	for (func = 2; func <= 5; func++) {
		CU_ASSERT_EQUAL(n[func], 1000);
		CU_ASSERT_EQUAL(seen[first[func]], 0);
	}
	CU_ASSERT_EQUAL(its_flows, 16);
	/* a greedy VF that is not: in turn, as without it */
	o.greedy = 1;
	o.greedy_size = 0;
	for (t = made(&o); trace_next(t, &f);) {
		CU_ASSERT_EQUAL(f.data[5], 1 + f.number % 5);
		CU_ASSERT_EQUAL(f.len, 60);
	}
	trace_close(t);
}

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = {
		{ "gen", "pace", pace },
		{ "gen", "sizes", sizes },
		{ "gen", "flows", flows },
		{ "gen", "repeatable", repeatable },
		{ "gen", "cannot_write", cannot_write },
		{ "gen", "tcp", tcp },
		{ "gen", "greedy", greedy },
		{ NULL, NULL, NULL },
	};
	int fd = mkstemp(path), ret;

	if (fd < 0) {
		perror(path);
		return 1;
	}
	close(fd);
	ret = cu_main(argc, argv, tests);
	unlink(path);
	return ret;
}
