/* SPDX-License-Identifier: BSD-2-Clause */
/* What the frames of a capture are, in result.json, beside what tshark -z io,stat says of it. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cu_main.h"
#include "run.h"

/* What a shell command prints on the last line that begins with `begin`. */
static char *last_line(const char *command, const char *begin)
{
	static char found[1024];
	char line[1024];
	FILE *p = popen(command, "r");

	CU_ASSERT_PTR_NOT_NULL_FATAL(p);
	found[0] = 0;
	while (fgets(line, sizeof(line), p))
		if (!strncmp(line, begin, strlen(begin)))
			strcpy(found, line);
	CU_ASSERT_EQUAL(pclose(p), 0);
	return found;
}

static const struct {
	const char *path, *filter;
} columns[] = {
	{ "frames.frames", "frame" },
	{ "frames.types.ipv4", "ip" },
	{ "frames.vlan", "vlan" },
	{ "frames.tunnels.vxlan", "vxlan" },
	{ "frames.tunnels.geneve", "geneve" },
	{ "frames.tunnels.mplsogre", "gre && mpls" },
	{ "frames.l4.tcp", "tcp && !vxlan && !geneve && !gre" },
	{ "frames.checksums.l3.bad", "ip.checksum.status == 0" },
	{ "frames.sizes.320-639", "frame.len >= 320 && frame.len < 640" },
	{ "frames.sizes.80-159", "frame.len >= 80 && frame.len < 160" },
};

#define N_COLUMNS (sizeof(columns) / sizeof(columns[0]))

/* One run of tshark with a column for each filter: | interval | frames | bytes | frames | bytes | ... */
static void kinds(const char *file, const char *options, double flows)
{
	char command[1200], *at;
	struct run r;
	size_t i;

	gen(file, "%s", options);
	cosnic(&r, "predict --vfs 2 %s", file);
	snprintf(command, sizeof(command), "tshark -q -r %s -z 'io,stat,0", in_tmp(file));
	for (i = 0; i < N_COLUMNS; i++)
		snprintf(command + strlen(command), sizeof(command) - strlen(command), ",%s",
			 columns[i].filter);
	strcat(command, "' 2>/dev/null");
	at = strchr(last_line(command, "| 0.0"), '|') + 1;
	for (i = 0; run_ended(&r, 0) && i < N_COLUMNS; i++) {
		const double got = has(r.result, columns[i].path) ? num(r.result, columns[i].path) : 0;
		double frames = -1, bytes;

		CU_ASSERT_EQUAL(sscanf(strchr(at, '|'), "| %lf | %lf", &frames, &bytes), 2);
		CU_ASSERT_EQUAL(got, frames);
		if (got != frames)
			printf("    %s: %s: %g, tshark has %g of '%s'\n", file, columns[i].path, got, frames,
			       columns[i].filter);
		if (!i)
			CU_ASSERT_EQUAL(num(r.result, "frames.bytes"), bytes);
		at = strchr(strchr(at, '|') + 1, '|') + 1;
	}
	CU_ASSERT_EQUAL(num(r.result, "frames.flows.number"), flows);
	run_free(&r);
}

static void generated(void)
{
	kinds("plain.pcap", "--size 64-700 --count 400 --flows 30 --vfs 2", 30);
	kinds("vlan.pcap", "--size 80-700 --count 200 --flows 7 --vfs 2 --encap vlan", 7);
	kinds("vxlan.pcap", "--size 120-700 --count 200 --flows 7 --vfs 2 --encap vxlan", 7);
	kinds("geneve.pcap", "--size 120-700 --count 200 --flows 7 --vfs 2 --encap geneve", 7);
	kinds("mpls.pcap", "--size 120-700 --count 200 --flows 7 --vfs 2 --encap mplsogre", 7);
}

/* The biggest flow is the first, its packets and bytes are what tshark adds up; loops count once, and replay says the same. */
static void flows(void)
{
	struct run r;
	json_t *top;

	gen("greedy.pcap", "--size 300 --count 500 --flows 20 --vfs 4 --greedy 10");
	cosnic(&r, "replay --vfs 4 --loop 3 greedy.pcap");
	if (run_ended(&r, 0)) {
		CU_ASSERT_EQUAL(num(r.result, "frames.frames"), 500);
		top = json_array_get(at(r.result, "frames.flows.top"), 0);
		CU_ASSERT_EQUAL(json_array_size(at(r.result, "frames.flows.top")), 10);
		CU_ASSERT_EQUAL(num(top, "bytes"), 296 * num(top, "packets"));
		CU_ASSERT(num(top, "packets") >=
			  num(json_array_get(at(r.result, "frames.flows.top"), 1), "packets"));
		CU_ASSERT_PTR_NOT_NULL(strstr(r.out, "\nframes  ipv4 500; "));
		CU_ASSERT_PTR_NOT_NULL(strstr(r.out, "flows 20"));
	}
	run_free(&r);
}

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = { { "counts", "generated", generated },
						{ "counts", "flows", flows },
						{ NULL, NULL, NULL } };

	return cu_main(argc, argv, tests);
}
