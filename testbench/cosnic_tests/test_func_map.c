/* SPDX-License-Identifier: BSD-2-Clause */
/* --map: who has a frame, as its sender and as its receiver, and what is said of lines that say nothing. */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>

#include "cu_main.h"
#include "frame.h"
#include "func_map.h"
#include "snic_ref.h"

#define PATH "map.txt"

static char err[512];

static struct func_map *reads(const char *text)
{
	FILE *f = fmemopen((char *)text, strlen(text), "r");
	struct func_map *m;

	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	err[0] = 0;
	m = func_map_parse(f, PATH, err, sizeof(err));
	fclose(f);
	return m;
}

/* Flow n goes from 10.0.0.0 to 11.0.0.n. */
static struct snic_flow_key key_of(uint32_t flow, enum encap encap)
{
	const struct frame_spec s = { .dmac = { 2, 0, 0, 0, 0, 9 },
				      .smac = { 2, 0, 0, 0, 0, 8 },
				      .flow = flow,
				      .encap = encap,
				      .len = 100 };
	uint8_t frame[FRAME_MTU_MAX];
	struct snic_ref_parse p;

	snic_ref_parse(frame, frame_build(&s, frame), 0, &p);
	return p.key;
}

static int line_of(const struct func_map *m, const struct snic_flow_key *key, bool sender)
{
	const struct map_entry *e = func_map_find(m, key, sender);

	return e ? (int)e->line : 0;
}

static void owners(void)
{
	struct func_map *m = reads("# by what\n"
				   "02:00:00:00:00:08 vf7\n"
				   "11.0.0.4/30\tvf2:1\n"
				   "  udp,tp_src=1030   pf:0 # a match\n"
				   "dl_vlan=100 vf5\n");
	struct snic_flow_key key;

	CU_ASSERT_PTR_NOT_NULL_FATAL(m);
	CU_ASSERT_EQUAL_FATAL(m->n, 4);
	key = key_of(5, ENCAP_NONE);
	CU_ASSERT_EQUAL(line_of(m, &key, true), 2);  /* from that MAC */
	CU_ASSERT_EQUAL(line_of(m, &key, false), 3); /* to that network */
	key = key_of(9, ENCAP_NONE);
	CU_ASSERT_EQUAL(line_of(m, &key, false), 0);
	key = key_of(6, ENCAP_NONE);
	CU_ASSERT_EQUAL(line_of(m, &key, false), 3); /* the first line that fits */
	CU_ASSERT_EQUAL(m->entry[1].func, 2);
	CU_ASSERT_EQUAL(m->entry[1].queue, 1);
	CU_ASSERT_EQUAL(m->entry[2].func, 0);
	CU_ASSERT_EQUAL(m->entry[3].queue, -1);
	CU_ASSERT_STRING_EQUAL(m->entry[2].text, "udp,tp_src=1030   pf:0");
	func_map_free(m);
	m = reads("2001:db8::/32 vf1\n* vf2\n");
	CU_ASSERT_PTR_NOT_NULL_FATAL(m);
	CU_ASSERT_EQUAL(line_of(m, &key, true), 2);
	func_map_free(m);
}

static void refuses(const char *text, unsigned int column, const char *what)
{
	struct func_map *m = reads(text);
	char place[64];

	snprintf(place, sizeof(place), PATH ":1:%u: ", column);
	if (m || strncmp(err, place, strlen(place)) || !strstr(err, what))
		printf("    %s: %u, %s: got \"%s\"\n", text, column, what, err);
	CU_ASSERT_PTR_NULL(m);
	CU_ASSERT(!strncmp(err, place, strlen(place)));
	CU_ASSERT_PTR_NOT_NULL(strstr(err, what));
	func_map_free(m);
}

static void errors(void)
{
	refuses("vf1", 4, "the function is missing");
	refuses("10.0.0.0/8 vf256", 12, "must be pf or vf1 to vf255");
	refuses("10.0.0.0/8 p0", 12, "must be pf");
	refuses("10.0.0.0/8 vf1:8", 16, "from 0 to 7");
	refuses("10.0.0.0/33 vf1", 1, "no such field");
	refuses("in_port=p0 vf1", 1, "leave it out");
	refuses("tcp,tcp_flags=1 vf1", 5, "not in the card's key");
	refuses("tp_dst=1 vf1", 1, "before it");
	CU_ASSERT_PTR_NULL(reads("# nothing\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(err, "no line in it"));
	CU_ASSERT_PTR_NULL(func_map_read("/nonexistent", err, sizeof(err)));
}

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = {
		{ "func_map", "owners", owners },
		{ "func_map", "errors", errors },
		{ NULL, NULL, NULL },
	};

	return cu_main(argc, argv, tests);
}
