/* SPDX-License-Identifier: BSD-2-Clause */
/* cosnic card-test: the cards that are well pass, and each fault is found by its check and called by its rule. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "run.h"

/* The broken card's driver: four copies a round, from and to places that no boundary is at. */
static const char stimulus[] = "setup\n"
			       "memory from 16384\n"
			       "memory to 16384\n"
			       "fill from 16384 1\n"
			       "write 0x10 from+3000 8\n"
			       "write 0x18 to+3000 8\n"
			       "write 0x20 8000\n"
			       "traffic\n"
			       "write 0x24 n*4+4\n"
			       "wait 0x28 0xffff n*4+4 1000\n"
			       "stop\n"
			       "run 1000\n";

static const struct {
	const char *broken, *check, *rule, *says;
} kinds[] = {
	{ "start", "quiet", "start", "the PLL does not lock" },
	{ "bus-master", "nonsense", "bus-master", "whose bus mastering is not enabled" },
	{ "master-off", "master-off", "bus-master", "us after its bus mastering was cleared" },
	{ "function", "traffic", "function", "of function 77; the card has 0 to 2" },
	{ "length", "traffic", "length", "at most 256" },
	{ "sizes-change", "sizes-change", "length", "at most 128" },
	{ "4-kib", "traffic", "4-kib", "crosses 0x" },
	{ "memory", "traffic", "memory", "in nothing that it was given" },
	{ "vector", "traffic", "vector", "message 3 of function 0, which has 1 vectors" },
	{ "flr", "flr", "flr", "function 0, offset 0x4: 0x" },
	{ "flr-at-work", "flr-at-work", "flr", "after its reset" },
	{ "wide", "registers", "access", "8 bytes 0x" },
	{ "access", "lanes", "access", "4 bytes written there are at 0x" },
	{ "bytes", "lanes", "access", "1 bytes written there made 0x" },
	{ "isolation", "isolation", "isolation", "what VF 1 has written, VF 2 reads" },
	{ "same", "same", "same", "two runs of the same inputs differ" },
	{ "quiescent", "leaps", "quiescent", "than with leaps" },
	{ "alive", "nonsense", "alive", "assertion at rtl/broken.sv:7" },
	{ "crash", "nonsense", "alive", "ended the process by signal 6" },
	{ "hang", "nonsense", "alive", "no end within 2 s: the library or the card hangs" },
	{ "data", "rcb", "data", "is something else than without" },
};

static json_t *results(void)
{
	char *text = get("out/card-test.json");
	json_t *j = json_loads(text, 0, NULL);

	CU_ASSERT_PTR_NOT_NULL_FATAL(j);
	free(text);
	return j;
}

static const char *word(const json_t *j, const char *key)
{
	const char *s = json_string_value(json_object_get(j, key));

	return s ? s : "";
}

static void found(void)
{
	struct run r;
	json_t *j, *c;
	size_t i;

	put("stimulus.txt", stimulus);
	for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		setenv("BROKEN", kinds[i].broken, 1);
		cosnic(&r,
		       "card-test %s/test/card_broken.so --stimulus stimulus.txt --check %s --out out --quiet --limit 2",
		       build_dir(), kinds[i].check);
		run_ended(&r, 1);
		run_free(&r);
		j = results();
		c = json_array_get(json_object_get(j, "checks"), 0);
		if (strcmp(word(c, "rule"), kinds[i].rule) || !strstr(word(c, "what"), kinds[i].says))
			printf("%s: %s, %s\n", kinds[i].broken, word(c, "rule"), word(c, "what"));
		CU_ASSERT_STRING_EQUAL(word(c, "rule"), kinds[i].rule);
		CU_ASSERT_PTR_NOT_NULL(strstr(word(c, "what"), kinds[i].says));
		CU_ASSERT(strlen(word(c, "look_at")) > 10);
		json_decref(j);
	}
	holds("out/card-test.xml", "<failure message=");
	setenv("BROKEN", "", 1);
}

/* No check fails of a card that is well; each that needs a stimulus says so without one. */
static void passes(const char *library, const char *with, unsigned int most_skipped)
{
	struct run r;
	json_t *j;

	cosnic_limits(&r, 300, 0, "card-test %s/%s --out out %s", build_dir(), library, with);
	if (!run_ended(&r, 0))
		printf("%s\n", r.out);
	run_free(&r);
	j = results();
	CU_ASSERT_EQUAL(json_integer_value(json_object_get(j, "failed")), 0);
	CU_ASSERT(json_integer_value(json_object_get(j, "passed")) > 5);
	CU_ASSERT(json_integer_value(json_object_get(j, "skipped")) <= most_skipped);
	json_decref(j);
}

static void well(void)
{
	put("stimulus.txt", stimulus);
	passes("test/card_broken.so", "--stimulus stimulus.txt", 10);
	passes("test/card_broken.so", "", 18);
}

static char tree[4096];

/* A file of the sources. */
static const char *source(const char *name)
{
	static char with[4200];

	snprintf(with, sizeof(with), "--stimulus %s/%s", tree, name);
	return with;
}

static void template(void)
{
	passes("example/libexample.so", source("rtl/example/stimulus.txt"), 2);
}

static void snic(void)
{
	passes("fast/libsnic_sim.so", source("testbench/cosnic/card/snic.txt"), 0);
}

static void bad_input(void)
{
	static const char *const lines[][3] = {
		{ "jump 3\n", "stimulus.txt:1", "no such word" },
		{ "setup\nput 1\n", "stimulus.txt:2", "not so many numbers" },
		{ "repeat 3\n", "stimulus.txt:1", "no end of" },
		{ "end\n", "stimulus.txt:1", "no repeat before" },
		{ "names nowhere.def\n", "nowhere.def", "No such file" },
		{ "keeps nothing 4\n", "stimulus.txt:1", "a number that is none" },
	};
	struct run r;
	size_t i;

	for (i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		put("stimulus.txt", lines[i][0]);
		cosnic(&r, "card-test %s/test/card_broken.so --stimulus stimulus.txt --out out", build_dir());
		run_ended(&r, 3);
		one_line(&r, lines[i][1], lines[i][2]);
		run_free(&r);
	}
	cosnic(&r, "card-test nowhere.so");
	run_ended(&r, 3);
	one_line(&r, "nowhere.so", "does not load");
	run_free(&r);
	cosnic(&r, "card-test --check nothing x.so");
	run_ended(&r, 2);
	run_free(&r);
	/* what only a run finds is a failure of its line */
	put("stimulus.txt", "setup\nwrite 0x100000 1\n");
	cosnic(&r, "card-test %s/test/card_broken.so --stimulus stimulus.txt --check traffic --out out",
	       build_dir());
	run_ended(&r, 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(r.out, "stimulus.txt:2 (write): the card has no such register"));
	run_free(&r);
}

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = {
		{ "card_test", "found", found },	 { "card_test", "well", well },
		{ "card_test", "template", template },	 { "card_test", "snic", snic },
		{ "card_test", "bad_input", bad_input }, { NULL, NULL, NULL },
	};

	if (!getcwd(tree, sizeof(tree)))
		return 1;
	return cu_main(argc, argv, tests);
}
