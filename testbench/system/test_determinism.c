/* SPDX-License-Identifier: BSD-2-Clause */
/* What must not change a result does not change it: byte for byte, outside `run` and `sim`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run.h"

/* What is left of result.json when what may differ is taken out; NULL: the run did not end well. */
static char *kept(struct run *r)
{
	char *text = NULL;

	if (run_ended(r, 0) && r->result) {
		CU_ASSERT(num(r->result, "check.compared") > 0);
		CU_ASSERT_EQUAL(num(r->result, "check.mismatched"), 0);
		json_object_del(r->result, "run");
		json_object_del(r->result, "sim");
		text = json_dumps(r->result, JSON_INDENT(2));
	}
	CU_ASSERT_PTR_NOT_NULL(text);
	return text;
}

static void same(const char *a, const char *b)
{
	bool equal = a && b && !strcmp(a, b);
	size_t at = 0;

	CU_ASSERT(equal);
	if (equal || !a || !b)
		return;
	while (a[at] == b[at])
		at++;
	while (at && a[at - 1] != '\n')
		at--;
	printf("    first difference:\n    %.*s\n    %.*s\n", (int)strcspn(a + at, "\n"), a + at,
	       (int)strcspn(b + at, "\n"), b + at);
}

/* What a repeated run must give again is the same; frees both. */
static void equal_runs(struct run *a, struct run *b)
{
	char *ka = kept(a), *kb = kept(b);

	same(ka, kb);
	free(ka);
	free(kb);
	run_free(a);
	run_free(b);
}

/* The same traffic with two lines of options (empty ones too) gives the same result. */
static void both_ways(const char *common, const char *one, const char *other)
{
	struct run a, b;

	cosnic(&a, "replay %s %s", common, one);
	cosnic(&b, "replay %s %s", common, other);
	equal_runs(&a, &b);
}

static void repeated(void)
{
	gen("a.pcap", "--size 64-300 --count 2000 --flows 50 --unique 0.3 --vfs 5 --seed 7");
	both_ways("--direction both --vfs 5 --queues 3 --rules 3 a.pcap", "", "");
	both_ways("--direction vf2vf --vfs 5 --read-jitter 300 a.pcap", "", "");
}

static char *file_text(const char *name)
{
	FILE *f = fopen(in_tmp(name), "rb");
	size_t room = 1 << 20, n = 0;
	char *text = calloc(1, room);

	if (f) {
		n = fread(text, 1, room - 1, f);
		fclose(f);
	}
	CU_ASSERT(n > 1000 && n < room - 1);
	return text;
}

/* gen: the same bytes for the same arguments, others for another seed */
static void generated(void)
{
	char *a, *b, *c;

	gen("g1.pcap", "--size 64-200 --count 300 --seed 3");
	gen("g2.pcap", "--size 64-200 --count 300 --seed 3");
	gen("g3.pcap", "--size 64-200 --count 300 --seed 4");
	a = file_text("g1.pcap");
	b = file_text("g2.pcap");
	c = file_text("g3.pcap");
	CU_ASSERT_EQUAL(memcmp(a, b, 1 << 20), 0);
	CU_ASSERT_NOT_EQUAL(memcmp(a, c, 1 << 20), 0);
	free(a);
	free(b);
	free(c);
}

/* Idle time that is jumped over must be as if it had been simulated, to the last TLP. */
static void jumping(const char *options)
{
	double cycles, simulated;
	struct run a, b;

	gen("j.pcap", "--size 64-1518 --count 150 --flows 20 --vfs 2");
	cosnic(&a, "replay %s j.pcap", options);
	cosnic(&b, "replay --no-jump %s j.pcap", options);
	simulated = num(a.result, "sim.cycles_simulated");
	cycles = num(a.result, "sim.cycles");
	CU_ASSERT(simulated < cycles);
	CU_ASSERT_EQUAL(num(b.result, "sim.cycles"), cycles);
	CU_ASSERT_EQUAL(num(b.result, "sim.cycles_simulated"), cycles);
	CU_ASSERT_EQUAL(strlen(json_string_value(at(a.result, "measured.tlp_hash"))), 16);
	printf("    %s: %.0f of %.0f cycles simulated\n", options, simulated, cycles);
	equal_runs(&a, &b);
}

/* A block whose clock stands must be as if it had been clocked, to the last TLP. */
static void gating(const char *options)
{
	struct run a, b;

	cosnic(&a, "replay %s j.pcap", options);
	cosnic(&b, "replay --no-gate %s j.pcap", options);
	CU_ASSERT_EQUAL(num(a.result, "sim.cycles"), num(b.result, "sim.cycles"));
	CU_ASSERT_EQUAL(num(a.result, "sim.cycles_simulated"), num(b.result, "sim.cycles_simulated"));
	equal_runs(&a, &b);
}

static void gate(void)
{
	gen("j.pcap", "--size 64-1518 --count 400 --flows 20 --vfs 2");
	gating("--direction both --vfs 2");
	gating("--direction both --vfs 2 --rules 2 --pps 2000000 --read-jitter 200");
	gating("--direction tx --vfs 255 --pcie gen3x8");
	gating("--direction vf2vf --vfs 5 --queues 4");
	gating("--direction tx --vfs 2 --pps 1000000 --read-latency 2000");
}

static void jump_topspeed(void)
{
	jumping("--direction both --vfs 2");
}

static void jump_slow(void)
{
	jumping("--direction both --vfs 2 --pps 200000");
	jumping("--pps 150000 --read-jitter 200");
	jumping("--direction tx --pps 1000000 --read-jitter 300");
}

/* Which sources a library was built from. The driver reads that register, so it is in the TLP hash. */
static unsigned long build_of(const char *options)
{
	unsigned long build = 0;
	struct run r;

	cosnic(&r, "info %s", options);
	if (run_ended(&r, 0) && strstr(r.out, "build "))
		build = strtoul(strstr(r.out, "build ") + strlen("build "), NULL, 16);
	run_free(&r);
	return build;
}

/* Assertions, and noise where reset clears nothing, change no outcome. */
static void fast_and_checked(void)
{
	char checked[600];

	snprintf(checked, sizeof(checked), "--library %s/checked/libsnic_sim.so", build_dir());
	CU_ASSERT_EQUAL(build_of(""), build_of(checked)); /* else one of them is older than the sources */
	gen("a.pcap", "--size 64-300 --count 2000 --flows 50 --unique 0.3 --vfs 5 --seed 7");
	both_ways("--direction both --vfs 5 --queues 2 --rules 2 a.pcap", "", checked);
	both_ways("--direction vf2vf --vfs 5 a.pcap", "", checked);
}

static char *hash_of(const char *options)
{
	char *hash = NULL;
	struct run r;

	gen("a.pcap", "--size 64-300 --count 2000 --flows 50 --unique 0.3 --vfs 5 --seed 7");
	cosnic(&r, "replay --direction tx --vfs 5 %s a.pcap", options);
	if (run_ended(&r, 0))
		hash = strdup(json_string_value(at(r.result, "measured.tlp_hash")));
	CU_ASSERT_EQUAL(num(r.result, "check.mismatched"), 0);
	CU_ASSERT_EQUAL(num(r.result, "check.lost"), 0);
	run_free(&r);
	return hash ? hash : strdup("");
}

/* The seed of a replay is that of the read jitter, and of nothing else. */
static void seeds(void)
{
	char *plain = hash_of("--seed 1"), *plain2 = hash_of("--seed 2");
	char *jitter = hash_of("--seed 1 --read-jitter 300"),
	     *jitter2 = hash_of("--seed 2 --read-jitter 300");

	CU_ASSERT_STRING_EQUAL(plain, plain2);
	CU_ASSERT_STRING_NOT_EQUAL(plain, jitter);
	CU_ASSERT_STRING_NOT_EQUAL(jitter, jitter2);
	free(plain);
	free(plain2);
	free(jitter);
	free(jitter2);
}

/* Read latency from a file: one bin is a constant, to the bit; two are drawn by seed. */
static void latency_file(void)
{
	FILE *one = fopen(in_tmp("one.csv"), "w"), *two = fopen(in_tmp("two.csv"), "w");
	char *constant, *bin, *seed1, *seed2;

	CU_ASSERT_PTR_NOT_NULL_FATAL(one);
	CU_ASSERT_PTR_NOT_NULL_FATAL(two);
	fputs("700,12\n", one);
	fputs("# two\n700,1\n1400,1\n", two);
	fclose(one);
	fclose(two);
	constant = hash_of("--read-latency 700");
	bin = hash_of("--read-latency one.csv");
	seed1 = hash_of("--seed 1 --read-latency two.csv");
	seed2 = hash_of("--seed 2 --read-latency two.csv");
	CU_ASSERT_STRING_EQUAL(constant, bin);
	CU_ASSERT_STRING_NOT_EQUAL(constant, seed1);
	CU_ASSERT_STRING_NOT_EQUAL(seed1, seed2);
	free(constant);
	free(bin);
	free(seed1);
	free(seed2);
}

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = {
		{ "determinism", "repeated", repeated },
		{ "determinism", "generated", generated },
		{ "determinism", "jump_topspeed", jump_topspeed },
		{ "determinism", "jump_slow", jump_slow },
		{ "determinism", "gate", gate },
		{ "determinism", "fast_and_checked", fast_and_checked },
		{ "determinism", "seeds", seeds },
		{ "determinism", "latency_file", latency_file },
		{ NULL, NULL, NULL },
	};

	return cu_main(argc, argv, tests);
}
