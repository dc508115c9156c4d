/* SPDX-License-Identifier: BSD-2-Clause */
/* cosnic compare: what it finds, what it writes for CI, and what it makes of files that are not results. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run.h"

/* Three runs: a and b differ by the host's latency, twice is a again with the run above it in a folder. */
static void runs(void)
{
	static bool done;
	struct run r;

	if (done)
		return;
	done = true;
	gen("t.pcap", "--size 64 --count 3000 --flows 16");
	cosnic(&r, "replay --quiet --out a t.pcap");
	run_ended(&r, 0);
	run_free(&r);
	cosnic(&r, "replay --quiet --read-latency 630 --out b t.pcap");
	run_ended(&r, 0);
	run_free(&r);
	mkdir(in_tmp("two"), 0777);
	cosnic(&r, "replay --quiet --out two/first t.pcap");
	run_free(&r);
	cosnic(&r, "replay --quiet --direction tx --out two/second t.pcap");
	run_free(&r);
	mkdir(in_tmp("one"), 0777);
	cosnic(&r, "replay --quiet --out one/first t.pcap");
	run_free(&r);
	cosnic(&r, "replay --quiet --out one/third t.pcap");
	run_free(&r);
}

static void says(const struct run *r, const char *words)
{
	CU_ASSERT_PTR_NOT_NULL(strstr(r->out, words));
	if (!strstr(r->out, words))
		printf("    does not say '%s':\n%s", words, r->out);
}

static void ends(int status, const char *words, const char *line)
{
	struct run r;

	cosnic(&r, "%s", line);
	run_ended(&r, status);
	says(&r, words);
	CU_ASSERT_STRING_EQUAL(r.err, "");
	run_free(&r);
}

static void same(void)
{
	runs();
	ends(0, "1 point: 1 the same", "compare a a --exact");
	/* a run repeated: wall time and start differ, nothing else */
	ends(0, "1 point: 1 the same", "compare a one/first --exact");
}

static void limits(void)
{
	runs();
	ends(0, "1 changed within the limits", "compare a b");
	ends(1, "measured.latency_ns.rx.p50", "compare a b --limit latency=0.5%");
	ends(1, "beyond 0.5 %", "compare a b --limit latency=0.5%");
	/* the other way round is a change too, and the last limit of a name counts */
	ends(1, "1 changed beyond the limits", "compare b a --limit latency=0.5");
	ends(0, "within the limits", "compare a b --limit latency=0.5%,latency=50%");
	ends(1, "must not change", "compare a b --exact");
	ends(1, "largest change of a latency: the run measured.latency_ns.rx.", "compare a b --exact");
}

static void missing(void)
{
	runs();
	ends(1, "second: missing", "compare two one");
	ends(1, "third: added", "compare two one");
	ends(1, "3 points: 1 the same, 1 missing, 1 not in the base", "compare two one");
	/* what is new is no reason to fail, unless nothing may change */
	put("few.json",
	    "{\"contract\": \"C\", \"points\": [{\"name\": \"p\", \"status\": \"ok\", \"figures\": {}}]}");
	put("more.json",
	    "{\"contract\": \"C\", \"points\": [{\"name\": \"p\", \"status\": \"ok\", \"figures\": {}}, "
	    "{\"name\": \"q\", \"status\": \"ok\", \"figures\": {}}]}");
	ends(0, "2 points: 1 the same, 1 not in the base", "compare few.json more.json");
	ends(1, "2 points: 1 the same, 1 not in the base", "compare few.json more.json --exact");
}

static void saved(void)
{
	char *text, *figure;
	struct run r;

	runs();
	cosnic(&r, "compare --save s.json two");
	run_ended(&r, 0);
	run_free(&r);
	ends(0, "2 points: 2 the same", "compare s.json two --exact");
	ends(1, "1 missing", "compare s.json one");
	/* one figure changed by hand is found, and named */
	text = get("s.json");
	figure = strstr(text, "\"sim.cycles\": ");
	CU_ASSERT_PTR_NOT_NULL_FATAL(figure);
	figure[14] = figure[14] == '9' ? '8' : (char)(figure[14] + 1);
	put("s2.json", text);
	free(text);
	ends(1, "sim.cycles", "compare s2.json two --exact");
	ends(1, "2 points: 1 the same, 1 changed", "compare s2.json two --exact");
	ends(0, "1 changed within the limits", "compare s2.json two");
}

/* A base that is empty, was cut, or holds what failed would make the next run green: it is none. */
static void no_base(void)
{
	char *text;
	json_t *j;

	runs();
	put("empty.json", "");
	refused(3, "empty.json: line 1", "run it again", "compare empty.json a");
	put("empty.json", "{}");
	refused(3, "empty.json: config: is missing", "name another folder", "compare empty.json a");
	put("empty.json", "{\"contract\": \"1.3\", \"points\": []}");
	refused(3, "empty.json: holds no points", "make it again", "compare empty.json a");
	ends(0, "", "compare --save whole.json two");
	j = json_load_file(in_tmp("whole.json"), 0, NULL);
	json_array_remove(at(j, "points"), 1);
	json_dump_file(j, in_tmp("cut.json"), 0);
	json_decref(j);
	refused(3, "cut.json: holds 1 points of 2: it was cut", "make it again", "compare cut.json two");
	/* failed, interrupted, without a result: and the file that was there stays */
	mkdir(in_tmp("bad"), 0777);
	put("bad/result.json", "{\"config\": {}, \"check\": {\"passed\": false}}");
	refused(1, "bad: the run: its check failed", "must be right", "compare --save whole.json bad");
	put("bad/result.json", "{\"config\": {}, \"check\": {\"passed\": true, \"partial\": true}}");
	refused(1, "bad: the run: was interrupted", "must be whole", "compare --save whole.json bad");
	unlink(in_tmp("bad/result.json"));
	mkdir(in_tmp("bad/crashed"), 0777);
	put("bad/crashed/log.txt", "line\ncosnic: killed by a test\n");
	refused(1, "bad: the run: has no result: killed by a test", "must be whole",
		"compare --save whole.json bad");
	text = get("whole.json");
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\"count\": 2"));
	free(text);
	/* two runs that failed alike are not well for that */
	put("f1.json", "{\"config\": {}, \"check\": {\"passed\": false}}");
	ends(1, "must pass", "compare f1.json f1.json --exact");
}

/* JUnit's XML is there in any case: with the log of what crashed, or why there is nothing to compare. */
static void always(void)
{
	struct run r;

	runs();
	mkdir(in_tmp("half"), 0777);
	mkdir(in_tmp("half/first"), 0777);
	mkdir(in_tmp("half/second"), 0777);
	put("half/second/log.txt", "last words <&>\n");
	cosnic(&r, "compare two half --quiet --junit half.xml");
	run_ended(&r, 1);
	run_free(&r);
	holds("half.xml", "message=\"missing last words &lt;&amp;&gt;\"");
	holds("half.xml", "last words &lt;&amp;&gt;\n</failure>");
	cosnic(&r, "compare nowhere.json two --quiet --junit none.xml");
	run_ended(&r, 3);
	run_free(&r);
	holds("none.xml", "tests=\"1\" failures=\"1\"");
	holds("none.xml", "nowhere.json: No such file");
}

/* What CI reads: well-formed, and names that come from folders do no harm there. */
static void for_ci(void)
{
	static const char hostile[] =
		"{\"contract\": \"C\", \"points\": [{\"name\": \"<script>|&\\\"\\u0001\", "
		"\"status\": \"ok\", \"figures\": {\"measured.x<y\": 1}}]}";
	static const char other[] =
		"{\"contract\": \"C\", \"points\": [{\"name\": \"<script>|&\\\"\\u0001\", "
		"\"status\": \"ok\", \"figures\": {\"measured.x<y\": 2}}]}";
	json_t *j, *p;
	struct run r;

	put("h1.json", hostile);
	put("h2.json", other);
	cosnic(&r, "compare h1.json h2.json --exact --quiet --json c.json --junit c.xml --md c.md");
	run_ended(&r, 1);
	CU_ASSERT_STRING_EQUAL(r.out, "");
	run_free(&r);
	j = json_load_file(in_tmp("c.json"), 0, NULL);
	CU_ASSERT_EQUAL(num(j, "summary.beyond"), 1);
	p = json_array_get(at(j, "points"), 0);
	CU_ASSERT_STRING_EQUAL(json_string_value(at(p, "verdict")), "beyond");
	p = json_array_get(at(p, "changes"), 0);
	CU_ASSERT_EQUAL(num(p, "base"), 1);
	CU_ASSERT_EQUAL(num(p, "new"), 2);
	CU_ASSERT_EQUAL(num(p, "change_pct"), 100);
	CU_ASSERT_TRUE(json_is_true(at(p, "beyond")));
	json_decref(j);
	holds("c.xml", "tests=\"1\" failures=\"1\"");
	holds("c.xml", "name=\"&lt;script&gt;|&amp;&quot;?\"");
	holds("c.xml", "measured.x&lt;y: 1 -&gt; 2");
	hides("c.xml", "<script");
	hides("c.md", "<script");
	holds("c.md", "&lt;script>\\|&amp;");
}

static void no_results(void)
{
	char *text;

	runs();
	mkdir(in_tmp("empty"), 0777);
	refused(3, "empty: no suite.json or result.json", "run cosnic bench or replay", "compare a empty");
	refused(3, "nowhere: No such file", "name a folder", "compare nowhere a");
	mkdir(in_tmp("cut"), 0777);
	text = get("a/result.json");
	text[300] = 0;
	put("cut/result.json", text);
	free(text);
	refused(3, "cut/result.json: line ", "run it again", "compare a cut");
	put("cut/result.json", "[1]");
	refused(3, "cut/result.json: must be an object", "run it again", "compare a cut");
	put("cut/result.json", "{\"config\": {}, \"measured\": {\"rx\": {\"mpps\": \"fast\"}}}");
	refused(3, "cut/result.json: measured.rx.mpps: must be a number", "make it again", "compare a cut");
	put("cut/result.json", "{\"config\": {}, \"measured\": {\"rx\": {\"mpps\": 1e999}}}");
	refused(3, "cut/result.json: line 1: real number overflow", "run it again", "compare a cut");
	put("cut/result.json", "{\"config\": {}, \"measured\": {\"rx\": {\"mpps\": NaN}}}");
	refused(3, "cut/result.json: line 1", "run it again", "compare a cut");
	put("cut/result.json", "{\"config\": {}, \"config\": {}}");
	refused(3, "cut/result.json: line 1: duplicate object key", "run it again", "compare a cut");
	put("cut/result.json", "{\"colour\": \"blue\"}");
	refused(3, "cut/result.json: config: is missing", "name another folder", "compare a cut");
	put("cut/result.json",
	    "{\"config\": {}, \"measured\": {\"latency_histogram_ns\": {\"rx\": [[5, 1], [4, 1]]}}}");
	refused(3, "latency_histogram_ns.rx[1]", "rising bounds", "compare a cut");
	put("cut/suite.json", "{\"suite\": \"x\", \"points\": [{\"id\": \"../../a\", \"settings\": {}}]}");
	refused(3, "cut/suite.json: points[0]: must have a plain name", "run the suite again",
		"compare a cut");
	put("cut/suite.json",
	    "{\"suite\": \"x\", \"points\": [{\"id\": \"0\", \"settings\": {\"size\": 64}}]}");
	refused(3, "cut/suite.json: points[0].settings.size: must be text", "make it again", "compare a cut");
	unlink(in_tmp("cut/suite.json"));
	put("s.json", "{\"suite\": \"x\", \"config\": {\"contract\": \"1.2\"}, \"points\": []}");
	refused(3, "s.json: is a file of a suite", "name its folder", "compare s.json s.json");
	unlink(in_tmp("cut/result.json"));
	CU_ASSERT_EQUAL(mkfifo(in_tmp("cut/result.json"), 0666), 0);
	refused(3, "cut/result.json: is no regular file", "name another folder", "compare a cut");
	refused(3, "nowhere/c.json", "choose another file", "compare a a --quiet --json nowhere/c.json");
}

/* A file of --save with one point of these figures. */
static void put_point(const char *name, const char *figures)
{
	char text[512];

	snprintf(
		text, sizeof(text),
		"{\"contract\": \"C\", \"points\": [{\"name\": \"p\", \"status\": \"ok\", \"figures\": {%s}}]}",
		figures);
	put(name, text);
}

/* What the check found may never change; a change of latency by whole cycles is told in cycles. */
static void never(void)
{
	put_point("f1.json", "\"check.mismatched\": 1000");
	put_point("f2.json", "\"check.mismatched\": 1001");
	ends(1, "must not change", "compare f1.json f2.json");
	ends(1, "must not change", "compare f1.json f2.json --limit check=50%");
	put_point("f1.json", "\"config.clock_mhz\": 400, \"measured.latency_ns.rx.min\": 1000");
	put_point("f2.json", "\"config.clock_mhz\": 400, \"measured.latency_ns.rx.min\": 997.5");
	ends(1, " -1 cycle ", "compare f1.json f2.json --exact");
	ends(1, " +1 cycle ", "compare f2.json f1.json --exact");
	put_point("f2.json", "\"config.clock_mhz\": 400, \"measured.latency_ns.rx.min\": 1001");
	ends(1, " +0.1 % ", "compare f1.json f2.json --exact");
}

/* Frames that were not lost before must not be lost now, unless that is allowed. */
static void loss(void)
{
	put_point("l0.json", "\"measured.rx.mpps\": 10");
	put_point("l1.json", "\"measured.rx.mpps\": 10, \"measured.drops.drop_buffer\": 1");
	ends(1, "beyond +5 %", "compare l0.json l1.json");
	ends(0, "within", "compare l1.json l0.json");
	ends(0, "no limit", "compare l0.json l1.json --limit drop=any");
	put_point("l2.json", "\"measured.rx.mpps\": 10, \"measured.drops.drop_buffer\": 1000");
	put_point("l3.json", "\"measured.rx.mpps\": 10, \"measured.drops.drop_buffer\": 1049");
	ends(0, "within +5 %", "compare l2.json l3.json");
	ends(1, "beyond +5 %", "compare l1.json l2.json");
	put_point("l0.json", "\"test.loss_pct\": 0");
	put_point("l1.json", "\"test.loss_pct\": 0.1");
	ends(1, "beyond +5 %", "compare l0.json l1.json");
}

/* Limits of a file: by point and figure, absolute, one way only, and of a figure by itself. */
static void file_of_limits(void)
{
	put("limits", "# point | figure | limits\n"
		      "p  | measured.rx.mpps  | -1%   # may rise\n"
		      "p  | measured.latency* | +3 -50\n"
		      "q* | *                 | any\n"
		      "*  | sim.kcycles_per_s | >=150\n"
		      "*  | sim.wall_s        | <=60\n");
	put_point("p1.json", "\"measured.rx.mpps\": 100, \"measured.latency_ns.rx.p50\": 1000");
	put_point("p2.json", "\"measured.rx.mpps\": 200, \"measured.latency_ns.rx.p50\": 1003");
	ends(0, "within -1 %", "compare p1.json p2.json --limits limits");
	ends(0, "within +3 -50", "compare p1.json p2.json --limits limits");
	ends(1, "beyond -1 %", "compare p2.json p1.json --limits limits --limit latency=any");
	put_point("p2.json", "\"measured.rx.mpps\": 99, \"measured.latency_ns.rx.p50\": 1004");
	ends(1, "beyond +3 -50", "compare p1.json p2.json --limits limits");
	/* budgets are of the new run alone, also where nothing may change */
	put("speed.json", "{\"config\": {}, \"sim\": {\"kcycles_per_s\": 149, \"wall_s\": 3}}");
	put("fast.json", "{\"config\": {}, \"sim\": {\"kcycles_per_s\": 151, \"wall_s\": 61}}");
	ends(0, "1 the same", "compare speed.json fast.json --exact");
	ends(1, "must be >= 150", "compare fast.json speed.json --exact --limits limits");
	ends(1, "must be <= 60", "compare speed.json fast.json --limits limits");
	put("limits", "p | measured.rx.mpps\n");
	refused(3, "limits:1: must be POINT | FIGURE | LIMITS", "as in", "compare a b --limits limits");
	put("limits", "\np | measured.rx.mpps | 1% maybe\n");
	refused(3, "limits:2: must be POINT", "as in", "compare a b --limits limits");
	refused(3, "nowhere", "name a file of limits", "compare a b --limits nowhere");
}

/* The message of a failure is of what was measured, when that changed too. */
static void message(void)
{
	struct run r;

	put_point("f1.json", "\"config.vfs\": 1, \"measured.rx.mpps\": 10");
	put_point("f2.json", "\"config.vfs\": 2, \"measured.rx.mpps\": 11");
	cosnic(&r, "compare f1.json f2.json --exact --quiet --junit m.xml");
	run_ended(&r, 1);
	run_free(&r);
	holds("m.xml", "<failure message=\"measured.rx.mpps: 10 -&gt; 11\">");
}

/* Where captures lay, and what differs from run to run, are no figures. */
static void no_figures(void)
{
	put("r1.json",
	    "{\"config\": {}, \"trace\": {\"files\": [\"a\"], \"packets\": 5}, \"run\": {\"commit\": \"x\"}, "
	    "\"sim\": {\"cycles\": 7, \"wall_s\": 1}, \"measured\": {\"tlp_hash\": \"1\"}, \"error_pct\": {\"rx\": 1}}");
	put("r2.json",
	    "{\"config\": {}, \"trace\": {\"files\": [\"b\"], \"packets\": 5}, \"run\": {\"commit\": \"y\"}, "
	    "\"sim\": {\"cycles\": 7, \"wall_s\": 2}, \"measured\": {\"tlp_hash\": \"2\"}, \"error_pct\": {\"rx\": 2}}");
	ends(0, "1 point: 1 the same", "compare r1.json r2.json --exact");
}

/* Of a search the rows count: its trials are steps on the way. */
static void searches(void)
{
	static const char suite[] =
		"{\"suite\": \"s\", \"points\": [{\"id\": \"0\", \"settings\": {\"load\": \"%s\"}, \"status\": \"ok\"}], "
		"\"rows\": [{\"test\": \"throughput\", \"id\": \"%s\", \"size\": \"64\", \"ndr_lower_mpps\": %s}]}";
	static const char *const of[][4] = { { "n1", "50", "0000", "7" },
					     { "n2", "60", "0001", "7" },
					     { "n3", "60", "0001", "8" } };
	char text[512], path[64];
	size_t i;

	for (i = 0; i < 3; i++) {
		mkdir(in_tmp(of[i][0]), 0777);
		snprintf(path, sizeof(path), "%s/points", of[i][0]);
		mkdir(in_tmp(path), 0777);
		snprintf(path, sizeof(path), "%s/points/0", of[i][0]);
		mkdir(in_tmp(path), 0777);
		snprintf(path, sizeof(path), "%s/points/0/result.json", of[i][0]);
		put(path, "{\"config\": {}, \"measured\": {\"rx\": {\"mpps\": 7}}}");
		snprintf(path, sizeof(path), "%s/suite.json", of[i][0]);
		snprintf(text, sizeof(text), suite, of[i][1], of[i][2], of[i][3]);
		put(path, text);
	}
	ends(0, "1 point: 1 the same", "compare n1 n2 --exact");
	ends(1, "ndr_lower_mpps", "compare n1 n3");
	ends(1, "beyond 1 %", "compare n1 n3");
	ends(0, "within 20 %", "compare n1 n3 --limit ndr=20");
	put_point("f1.json", "\"test.p99_ns\": 100, \"config.read_latency_ns\": 100, \"measured.buns\": 1");
	put_point("f2.json", "\"test.p99_ns\": 104, \"config.read_latency_ns\": 200, \"measured.buns\": 2");
	ends(0, "within 5 %", "compare f1.json f2.json");
	ends(1, "beyond 1 %", "compare f1.json f2.json --limit ns=1");
	ends(1, "beyond 3 %", "compare f1.json f2.json --limit config=3");
}

/* What changes beyond all measure has no percentage, but has changed; whole numbers are compared to the last digit. */
static void no_percentage(void)
{
	put_point("tiny.json", "\"measured.rx.mpps\": 1e-308");
	put_point("vast.json", "\"measured.rx.mpps\": 1e300");
	ends(1, "1 changed beyond the limits", "compare tiny.json vast.json");
	put_point("even.json", "\"sim.cycles\": 9007199254740992");
	put_point("odd.json", "\"sim.cycles\": 9007199254740993");
	ends(1, "1 changed", "compare even.json odd.json --exact");
}

/* Texts are cut between letters, and what XML has no letter for is shown by another: CI can read it. */
static void unusual_text(void)
{
	char text[512] = "", one[1024], *xml;
	json_t *utf8;
	unsigned int i;
	struct run r;

	for (i = 0; i < 59; i++)
		strcat(text, "x");
	strcat(text, "\u00e4\u00e4\uffff");
	for (i = 0; i < 2; i++) {
		snprintf(one, sizeof(one),
			 "{\"contract\": \"C\", \"points\": [{\"name\": \"p\\uffff\", \"status\": \"ok\", "
			 "\"figures\": {\"config.name\": \"%s%u\"}}]}",
			 text, i);
		put(i ? "text1.json" : "text0.json", one);
	}
	cosnic(&r, "compare text0.json text1.json --exact --quiet --junit text.xml");
	run_ended(&r, 1);
	run_free(&r);
	xml = get("text.xml");
	utf8 = json_string(xml); /* which takes nothing else */
	CU_ASSERT_PTR_NOT_NULL(utf8);
	json_decref(utf8);
	free(xml);
	hides("text.xml", "\xef\xbf\xbf");
	holds("text.xml", "name=\"p?\"");
}

/* A folder whose name is no UTF-8 is compared like any other. */
static void unusual_name(void)
{
	mkdir(in_tmp("caf\xe9"), 0777);
	put("caf\xe9/result.json", "{\"config\": {}, \"measured\": {\"rx\": {\"mpps\": 7}}}");
	put("eight.json", "{\"config\": {}, \"measured\": {\"rx\": {\"mpps\": 8}}}");
	ends(1, "1 changed beyond the limits", "compare caf\xe9 eight.json");
}

/* A tree as deep as a JSON reader takes is no reason to fall over. */
static void deep(void)
{
	enum { DEPTH = 2040 };
	char *text = calloc(1, DEPTH * 8 + 100), *at = text;
	unsigned int i;

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	at += sprintf(at, "{\"config\": {}, \"measured\": ");
	for (i = 0; i < DEPTH; i++)
		at += sprintf(at, "{\"a\":");
	*at++ = '1';
	for (i = 0; i <= DEPTH; i++)
		*at++ = '}';
	mkdir(in_tmp("deep"), 0777);
	put("deep/result.json", text);
	free(text);
	ends(0, "1 point: 1 the same", "compare deep deep --exact");
}

static void other_contract(void)
{
	static const char of[] =
		"{\"contract\": \"1.%u\", \"points\": [{\"name\": \"p\", \"status\": \"ok\", \"figures\": {}}]}";
	char text[128];

	snprintf(text, sizeof(text), of, 1);
	put("v1.json", text);
	snprintf(text, sizeof(text), of, 2);
	put("v2.json", text);
	refused(3, "v1.json is of contract 1.1, v2.json of contract 1.2", "compare results of one contract",
		"compare v1.json v2.json");
	mkdir(in_tmp("mixed"), 0777);
	mkdir(in_tmp("mixed/1"), 0777);
	mkdir(in_tmp("mixed/2"), 0777);
	put("mixed/1/result.json", "{\"config\": {\"contract\": \"1.1\"}}");
	put("mixed/2/result.json", "{\"config\": {\"contract\": \"1.2\"}}");
	refused(3, "mixed: holds results of contract 1.1 and of 1.2", "compare folders of one each",
		"compare v1.json mixed");
}

/* A point of a suite that did not run is missing, with the reason; it is found by its settings, not by its place. */
static void suites(void)
{
	static const char suite[] =
		"{\"suite\": \"s\", \"points\": ["
		"{\"id\": \"0000\", \"settings\": {\"size\": \"64\", \"vfs\": \"1\"}, \"status\": \"ok\"},"
		"{\"id\": \"0001\", \"settings\": {\"size\": \"65\"}, \"status\": \"ok\"}]}";
	static const char later[] =
		"{\"suite\": \"s\", \"points\": ["
		"{\"id\": \"0000\", \"settings\": {\"size\": \"65\"}, \"status\": \"failed\", \"error\": "
		"\"killed by signal 9\"},"
		"{\"id\": \"0001\", \"settings\": {\"vfs\": \"1\", \"size\": \"64\"}, \"status\": \"ok\"}]}";
	static const char result[] = "{\"config\": {}, \"measured\": {\"rx\": {\"mpps\": 7}}}";

	mkdir(in_tmp("s1"), 0777);
	mkdir(in_tmp("s1/points"), 0777);
	mkdir(in_tmp("s1/points/0000"), 0777);
	mkdir(in_tmp("s1/points/0001"), 0777);
	put("s1/suite.json", suite);
	put("s1/points/0000/result.json", result);
	put("s1/points/0001/result.json", result);
	mkdir(in_tmp("s2"), 0777);
	mkdir(in_tmp("s2/points"), 0777);
	mkdir(in_tmp("s2/points/0001"), 0777);
	put("s2/suite.json", later);
	put("s2/points/0001/result.json", result);
	ends(1, "2 points: 1 the same, 1 missing", "compare s1 s2");
	ends(1, "size=65: missing: killed by signal 9", "compare s1 s2");
}

static void usage(void)
{
	refused(2, "BASE NEW", "give two folders", "compare");
	refused(2, "BASE NEW", "give two folders", "compare a");
	refused(2, "--save", "takes one folder", "compare --save x a b");
	refused(2, "--colour", "no such option", "compare a b --colour");
	refused(2, "mpps", "must look like", "compare a b --limit mpps");
	refused(2, "mpps=--1", "percentage", "compare a b --limit mpps=--1");
	refused(2, "mpps=nan", "percentage", "compare a b --limit mpps=nan");
	refused(2, "mpps=1x", "percentage", "compare a b --limit mpps=1x");
	refused(2, "--json", "needs a value", "compare a b --json");
}

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = {
		{ "compare", "same", same },
		{ "compare", "limits", limits },
		{ "compare", "missing", missing },
		{ "compare", "saved", saved },
		{ "compare", "no_base", no_base },
		{ "compare", "always", always },
		{ "compare", "for_ci", for_ci },
		{ "compare", "no_results", no_results },
		{ "compare", "never", never },
		{ "compare", "loss", loss },
		{ "compare", "file_of_limits", file_of_limits },
		{ "compare", "message", message },
		{ "compare", "no_figures", no_figures },
		{ "compare", "searches", searches },
		{ "compare", "no_percentage", no_percentage },
		{ "compare", "unusual_text", unusual_text },
		{ "compare", "unusual_name", unusual_name },
		{ "compare", "deep", deep },
		{ "compare", "other_contract", other_contract },
		{ "compare", "suites", suites },
		{ "compare", "usage", usage },
		{ NULL, NULL, NULL },
	};

	return cu_main(argc, argv, tests);
}
