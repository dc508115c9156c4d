/* SPDX-License-Identifier: BSD-2-Clause */
/* cosnic report: what it writes beside the page, and what it says of folders that hold no results. The page: test_page.py. */
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run.h"

/* A sweep of two points by the RTL. */
static void sweep(void)
{
	struct run r;

	if (!access(in_tmp("sweep/suite.json"), F_OK))
		return;
	cosnic(&r, "bench sweep --over size=64,256 --direction both --vfs 2 --packets 1500 --out sweep");
	run_ended(&r, 0);
	run_free(&r);
}

/* FOLDER's report is written, as FOLDER.html and its siblings. */
static void report_of(const char *folder)
{
	struct run r;

	cosnic(&r, "report %s -o %s.html --quiet", folder, folder);
	run_ended(&r, 0);
	run_free(&r);
}

static unsigned int files_in(const char *folder)
{
	DIR *d = opendir(in_tmp(folder));
	unsigned int n = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(d);
	for (struct dirent *e; (e = readdir(d));)
		n += *e->d_name != '.';
	closedir(d);
	return n;
}

/* Number in a column of a line of CSV without quotes. */
static double csv_number(const char *csv, unsigned int line, const char *column)
{
	const char *at = csv, *end = strchr(csv, '\n');
	unsigned int n = 0, i;

	for (; at < end; at++, n++) {
		size_t len = strcspn(at, ",\n");

		if (len == strlen(column) && !strncmp(at, column, len))
			break;
		at += len;
	}
	CU_ASSERT_FATAL(at < end);
	for (at = csv; line--;)
		at = strchr(at, '\n') + 1;
	for (i = 0; i < n; i++)
		at = strchr(at, ',') + 1;
	return atof(at);
}

static void files(void)
{
	json_t *result;
	struct run r;
	char *csv;

	sweep();
	cosnic(&r, "report sweep -o page.html --csit csit");
	run_ended(&r, 0);
	CU_ASSERT_STRING_EQUAL(r.out, "report  page.html\nreport  page.csv\nreport  page.md\n");
	CU_ASSERT_STRING_EQUAL(r.err, "");
	run_free(&r);
	/* a line for each run and direction, with the figures of the result */
	csv = get("page.csv");
	CU_ASSERT_EQUAL(lines(csv), 1 + 2 * 2);
	result = json_load_file(in_tmp("sweep/points/0001/result.json"), 0, NULL);
	CU_ASSERT_EQUAL(csv_number(csv, 3, "size"), 256);
	CU_ASSERT_DOUBLE_EQUAL(csv_number(csv, 3, "measured_mpps"), num(result, "measured.rx.mpps"), 0.001);
	CU_ASSERT_DOUBLE_EQUAL(csv_number(csv, 4, "measured_mpps"), num(result, "measured.tx.mpps"), 0.001);
	CU_ASSERT_DOUBLE_EQUAL(csv_number(csv, 4, "latency_p99_ns"),
			       num(result, "measured.latency_ns.tx.p99"), 1);
	CU_ASSERT_DOUBLE_EQUAL(csv_number(csv, 3, "error_pct"), num(result, "error_pct.rx.mpps"), 0.01);
	CU_ASSERT_DOUBLE_EQUAL(csv_number(csv, 3, "bound_wire_mpps"), 100e3 / (256 + 20) / 8, 0.01);
	CU_ASSERT_DOUBLE_EQUAL(csv_number(csv, 3, "mean_size_bytes"), 256, 0);
	/* two VFs that get as much */
	CU_ASSERT(csv_number(csv, 3, "jain") > 0.99 && csv_number(csv, 3, "jain") <= 1);
	holds("page.md", "4 rates: the prediction is off by");
	holds("page.md", "2 runs (0 failed, 0 missing, 0 unreadable)");
	holds("page.md", "| size=256 | rx |");
	json_decref(result);
	free(csv);
}

/* Jain's index of shares 3:1 is (3 + 1)^2 / (2 (9 + 1)). */
static void fairness(void)
{
	struct run r;
	char *csv;

	mkdir(in_tmp("unfair"), 0777);
	put("unfair/result.json",
	    "{\"config\": {}, \"measured\": {\"rx\": {\"mpps\": 4}, \"per_vf\": ["
	    "{\"func\": 1, \"gbps_rx\": 1, \"gbps_tx\": 2}, {\"func\": 2, \"gbps_rx\": 0, \"gbps_tx\": 1}]}}");
	cosnic(&r, "report unfair -o u.html --quiet");
	run_ended(&r, 0);
	CU_ASSERT_STRING_EQUAL(r.out, "");
	run_free(&r);
	csv = get("u.csv");
	CU_ASSERT_DOUBLE_EQUAL(csv_number(csv, 1, "jain"), 0.8, 1e-6);
	free(csv);
}

/* Stations that limit against prediction are named; two that are both full count as one. */
static void disagreement(void)
{
	static const char result[] =
		"{\"config\": {}, \"measured\": {\"rx\": {\"mpps\": 4}, \"stations\": {\"parser\": {\"busy\": 0.99}, "
		"\"pcie_up\": {\"busy\": %s}}, \"bottleneck\": \"parser\"}, "
		"\"predicted\": {\"rx\": {\"mpps\": 4}, \"stations\": {\"pcie_up\": {\"busy\": 1}}, \"bottleneck\": \"pcie_up\"}}";
	char text[1024];

	mkdir(in_tmp("odd"), 0777);
	snprintf(text, sizeof(text), result, "0.5");
	put("odd/result.json", text);
	report_of("odd");
	holds("odd.md", "In 1 of 1 runs another station limits than was predicted.");
	holds("odd.md", "| parser (99 %) | PCIe up (100 %) |");
	snprintf(text, sizeof(text), result, "0.96");
	put("odd/result.json", text);
	report_of("odd");
	holds("odd.md", "In 0 of 1 runs another station limits than was predicted.");
	/* below its limit a run has none */
	put("odd/result.json",
	    "{\"config\": {}, \"measured\": {\"rx\": {\"mpps\": 1}, \"stations\": {\"host\": {\"busy\": 0.3}}, "
	    "\"bottleneck\": \"host\"}, \"predicted\": {\"rx\": {\"mpps\": 1}, \"stations\": {\"wire_in\": {\"busy\": 0.2}}, "
	    "\"bottleneck\": \"wire_in\"}}");
	report_of("odd");
	hides("odd.md", "another station limits");
}

/* A run of which nobody knows what limits says so: what was predicted is not what was measured. */
static void limit_not_known(void)
{

	mkdir(in_tmp("unknown"), 0777);
	put("unknown/result.json",
	    "{\"config\": {}, \"measured\": {\"rx\": {\"mpps\": 0}}, \"check\": {\"compared\": 0}, "
	    "\"predicted\": {\"rx\": {\"mpps\": 1}, \"stations\": {\"parser\": {\"busy\": 1}}, \"bottleneck\": \"parser\"}}");
	report_of("unknown");
	holds("unknown.md", "| not known |");
	hides("unknown.md", "another station limits");
}

/* CSIT's names: bandwidth counts preamble and gap; a failed check is FAIL; a row of a search has its bounds. */
static void csit(void)
{
	static const char suite[] =
		"{\"suite\": \"rfc2544\", \"run\": {\"started\": \"2026-01-02T03:04:05Z\", \"commit\": \"c\"}, \"points\": [], "
		"\"rows\": [{\"size\": \"64\", \"direction\": \"rx\", \"ndr_lower_mpps\": 10, \"ndr_lower_gbps\": 5.12, "
		"\"ndr_upper_mpps\": 11, \"pdr_lower_mpps\": 12, \"pdr_lower_gbps\": 6.144, \"pdr_upper_mpps\": 13}]}";
	json_t *j;
	struct run r;

	mkdir(in_tmp("lone"), 0777);
	put("lone/result.json",
	    "{\"run\": {\"started\": \"2026-01-02T03:04:05Z\"}, \"sim\": {\"wall_s\": 55.5}, \"config\": {}, "
	    "\"measured\": {\"rx\": {\"mpps\": 10, \"gbps\": 5.12}, \"tx\": {\"mpps\": 20, \"gbps\": 10.24}, "
	    "\"tlp_hash\": \"0\"}, \"check\": {\"passed\": false, \"first\": \"frame 1\"}}");
	mkdir(in_tmp("search"), 0777);
	put("search/suite.json", suite);
	cosnic(&r, "report lone search -o x.html --quiet --csit names");
	run_ended(&r, 0);
	run_free(&r);
	j = json_load_file(in_tmp("names/run.lone.info.json"), 0, NULL);
	CU_ASSERT_DOUBLE_EQUAL(num(j, "results.mrr.avg"), 30e6, 1);
	CU_ASSERT_STRING_EQUAL(json_string_value(at(j, "status")), "FAIL");
	CU_ASSERT_STRING_EQUAL(json_string_value(at(j, "message")), "frame 1");
	CU_ASSERT_STRING_EQUAL(json_string_value(at(j, "end_time")), "2026-01-02T03:05:01Z");
	json_decref(j);
	j = json_load_file(in_tmp("names/rfc2544.0-64b-rx-ndrpdr.info.json"), 0, NULL);
	CU_ASSERT_DOUBLE_EQUAL(num(j, "results.ndrpdr.ndr.lower.rate.value"), 10e6, 1);
	CU_ASSERT_DOUBLE_EQUAL(num(j, "results.ndrpdr.ndr.lower.bandwidth.value"), 5.12 + 10 * 0.16, 1e-6);
	CU_ASSERT_DOUBLE_EQUAL(num(j, "results.ndrpdr.pdr.upper.rate.value"), 13e6, 1);
	CU_ASSERT_STRING_EQUAL(json_string_value(at(j, "test_type")), "ndrpdr");
	json_decref(j);
}

/* Names that no file can have, or that two tests would share, still make a file for each. */
static void csit_names(void)
{
	static const char result[] =
		"{\"config\": {}, \"measured\": {\"rx\": {\"mpps\": 1}, \"tlp_hash\": \"0\"}}";
	char path[400] = "long/", deep[1024];
	unsigned int i;
	struct run r;

	mkdir(in_tmp("long"), 0777);
	memset(path + 5, 'd', 200);
	for (i = 0; i < 3; i++) { /* runs whose paths begin with the same 400 letters */
		snprintf(deep, sizeof(deep), "%.205s", path);
		mkdir(in_tmp(deep), 0777);
		snprintf(deep, sizeof(deep), "%.205s/%.200s", path, path + 5);
		mkdir(in_tmp(deep), 0777);
		snprintf(deep, sizeof(deep), "%.205s/%.200s/%u", path, path + 5, i);
		mkdir(in_tmp(deep), 0777);
		strcat(deep, "/result.json");
		put(deep, result);
	}
	mkdir(in_tmp("long/a-b"), 0777);
	put("long/a-b/result.json", result);
	mkdir(in_tmp("long/a_b"), 0777);
	put("long/a_b/result.json", result);
	cosnic(&r, "report long -o l.html --quiet --csit long-names");
	run_ended(&r, 0);
	CU_ASSERT_STRING_EQUAL(r.err, "");
	run_free(&r);
	CU_ASSERT_EQUAL(files_in("long-names"), 5);
	/* again into the same folder: the same names */
	cosnic(&r, "report long -o l.html --quiet --csit long-names");
	run_ended(&r, 0);
	run_free(&r);
	CU_ASSERT_EQUAL(files_in("long-names"), 5);
}

/* Nobody reads a thousand lines of what failed in Markdown. */
static void many_failed(void)
{
	char *text = malloc(1000 * 128), *at = text, *md;
	unsigned int i;

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	at += sprintf(at, "{\"suite\": \"s\", \"points\": [");
	for (i = 0; i < 1000; i++)
		at += sprintf(at,
			      "%s{\"id\": \"%u\", \"settings\": {\"size\": \"%u\"}, \"status\": \"failed\"}",
			      i ? ", " : "", i, i);
	sprintf(at, "]}");
	mkdir(in_tmp("failed"), 0777);
	put("failed/suite.json", text);
	free(text);
	report_of("failed");
	holds("failed.md", "1000 runs (1000 failed");
	holds("failed.md", "and 940 more");
	md = get("failed.md");
	CU_ASSERT(lines(md) < 200);
	free(md);
}

/* A link that leads back up is not gone along; what is lost is told in percent; who went well has no error. */
static void once(void)
{
	struct run r;
	char *csv;

	mkdir(in_tmp("loop"), 0777);
	mkdir(in_tmp("loop/points"), 0777);
	mkdir(in_tmp("loop/points/0"), 0777);
	put("loop/suite.json",
	    "{\"suite\": \"s\", \"points\": [{\"id\": \"0\", \"settings\": {\"size\": \"64\"}, "
	    "\"status\": \"ok\", \"error\": \"killed at first\"}]}");
	put("loop/points/0/result.json",
	    "{\"config\": {}, \"measured\": {\"rx\": {\"mpps\": 1, \"offered\": 400, \"packets\": 300}}}");
	mkdir(in_tmp("above"), 0777);
	CU_ASSERT_EQUAL(rename(in_tmp("loop"), in_tmp("above/loop")), 0);
	CU_ASSERT_EQUAL(symlink("..", in_tmp("above/up")), 0);
	CU_ASSERT_EQUAL(symlink("itself", in_tmp("above/itself")), 0);
	cosnic(&r, "report above -o above.html --quiet");
	run_ended(&r, 0);
	CU_ASSERT_STRING_EQUAL(r.err, "");
	run_free(&r);
	holds("above.md", "\n1 runs (0 failed");
	hides("above.csv", "killed at first");
	csv = get("above.csv");
	CU_ASSERT_EQUAL(csv_number(csv, 1, "loss_pct"), 25);
	free(csv);
}

/* What has a folder whose name is no UTF-8 is in the report. */
static void unusual_name(void)
{
	struct run r;

	mkdir(in_tmp("odd-names"), 0777);
	mkdir(in_tmp("odd-names/caf\xe9"), 0777);
	put("odd-names/caf\xe9/result.json", "{\"config\": {}, \"measured\": {\"rx\": {\"mpps\": 7.25}}}");
	cosnic(&r, "report odd-names -o cafe.html --quiet --csit cafe");
	run_ended(&r, 0);
	run_free(&r);
	holds("cafe.md", "| caf? | rx | 7.25 |");
}

/* The page's folder is made; a folder without results among others is told; one that is named twice, or within another, counts once. */
static void folders(void)
{
	struct run r;
	char *csv;

	sweep();
	mkdir(in_tmp("hollow"), 0777);
	cosnic(&r, "report hollow sweep sweep ./sweep/ -o made/for/it.html --quiet");
	run_ended(&r, 0);
	one_line(&r, "hollow: no suite.json", "run cosnic bench");
	run_free(&r);
	CU_ASSERT_EQUAL(access(in_tmp("made/for/it.html"), F_OK), 0);
	csv = get("made/for/it.csv");
	/* two points in both directions, and the names */
	CU_ASSERT_EQUAL(lines(csv), 5);
	free(csv);
}

/* A suite's results of two commits. */
static void put_commit(const char *dir, const char *commit, const char *mpps)
{
	char path[64], text[512];

	mkdir(in_tmp(dir), 0777);
	snprintf(path, sizeof(path), "%s/points", dir);
	mkdir(in_tmp(path), 0777);
	snprintf(path, sizeof(path), "%s/points/0", dir);
	mkdir(in_tmp(path), 0777);
	snprintf(path, sizeof(path), "%s/points/0/result.json", dir);
	snprintf(text, sizeof(text), "{\"config\": {}, \"measured\": {\"rx\": {\"mpps\": %s}}}", mpps);
	put(path, text);
	snprintf(path, sizeof(path), "%s/suite.json", dir);
	snprintf(
		text, sizeof(text),
		"{\"suite\": \"rates\", \"run\": {\"commit\": \"%s\", \"started\": \"2026-01-0%cT00:00:00Z\"}, "
		"\"points\": [{\"id\": \"0\", \"settings\": {\"size\": \"64\"}, \"status\": \"ok\"}]}",
		commit, *commit);
	put(path, text);
}

/* Results that were kept stand beside those of now, by commit, and in no other section. */
static void history(void)
{
	struct run r;
	char *csv;

	mkdir(in_tmp("kept"), 0777);
	put_commit("kept/two", "2bbbbbb", "20");
	put_commit("kept/one", "1aaaaaa", "10");
	put_commit("three", "3cccccc", "30");
	cosnic(&r, "report three kept --history kept -o trend.html --quiet");
	run_ended(&r, 0);
	run_free(&r);
	holds("trend.html",
	      "\"commits\":[[\"1aaaaaa\",\"2026-01-01T00:00:00Z\"],[\"2bbbbbb\",\"2026-01-02T00:00:00Z\"],[\"3cccccc\"");
	holds("trend.html", "{\"name\":\"size=64\",\"figure\":\"rx Mpps\",\"values\":[10.0,20.0,30.0]}");
	csv = get("trend.csv");
	CU_ASSERT_EQUAL(lines(csv), 2);
	free(csv);
	refused(3, "nowhere: No such file", "name a folder", "report three --history nowhere -o trend.html");
}

static void bad_input(void)
{
	sweep();
	mkdir(in_tmp("nothing"), 0777);
	refused(3, "nothing: no suite.json or result.json", "run cosnic bench or replay",
		"report nothing -o n.html");
	refused(3, "results: No such file", "name a folder", "report -o n.html");
	refused(3, "sweep/suite.json/n.html: Not a directory", "choose another -o",
		"report sweep -o sweep/suite.json/n.html");
	refused(2, "page.txt", "must be a file named .html", "report sweep -o page.txt");
	refused(2, "--colour", "no such option", "report sweep --colour");
	mkdir(in_tmp("broken"), 0777);
	put("broken/suite.json", "{\"suite\": 5}");
	refused(3, "broken/suite.json: suite: must be text", "make it again", "report broken -o n.html");
	put("broken/suite.json", "{\"suite\": \"s\", \"points\": [], \"axes\": [null]}");
	refused(3, "broken/suite.json: axes[0]: must be an object", "make it again",
		"report broken -o n.html");
	put("broken/suite.json", "{\"suite\": \"s\", \"points\": [], \"run\": {\"command\": \"x\"}}");
	refused(3, "broken/suite.json: run.command: must be an array", "make it again",
		"report broken -o n.html");
	put("broken/suite.json", "{\"suite\": \"s\", \"points\": [], \"rows\": [[1]]}");
	refused(3, "broken/suite.json: rows[0]: must be an object", "make it again",
		"report broken -o n.html");
	put("broken/suite.json", "{\"suite\": \"s\"}");
	refused(3, "broken/suite.json: points: is missing", "run the suite again", "report broken -o n.html");
}

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = {
		{ "report", "files", files },
		{ "report", "fairness", fairness },
		{ "report", "disagreement", disagreement },
		{ "report", "limit_not_known", limit_not_known },
		{ "report", "csit", csit },
		{ "report", "csit_names", csit_names },
		{ "report", "many_failed", many_failed },
		{ "report", "once", once },
		{ "report", "unusual_name", unusual_name },
		{ "report", "folders", folders },
		{ "report", "history", history },
		{ "report", "bad_input", bad_input },
		{ NULL, NULL, NULL },
	};

	return cu_main(argc, argv, tests);
}
