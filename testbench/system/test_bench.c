/* SPDX-License-Identifier: BSD-2-Clause */
/* `cosnic bench`: the same bytes whichever way a suite ran; kept, resumed, tried again; searches that bracket. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run.h"

#define SWEEP "sweep --over size=64,300;pcie=gen3x8,gen4x16 --direction both --packets 1500"

static json_t *load(const char *dir, const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return json_load_file(in_tmp(path), 0, NULL);
}

/* Everything of a suite that must be the same when it is repeated. */
static char *kept(const char *dir)
{
	json_t *suite = load(dir, "suite.json"), *all = json_array(), *point;
	char name[64], *text;
	size_t i;

	CU_ASSERT_PTR_NOT_NULL(suite);
	json_array_foreach(at(suite, "points"), i, point)
	{
		json_t *r;

		snprintf(name, sizeof(name), "points/%s/result.json", json_string_value(at(point, "id")));
		r = load(dir, name);
		CU_ASSERT_PTR_NOT_NULL(r);
		json_object_del(r, "run");
		json_object_del(r, "sim");
		json_array_append_new(all, r);
	}
	json_object_del(suite, "run");
	json_array_append_new(all, suite);
	text = json_dumps(all, JSON_INDENT(1));
	CU_ASSERT(text && strlen(text) > 10000);
	json_decref(all);
	return text;
}

static bool same(const char *a, const char *b)
{
	char *ka = kept(a), *kb = kept(b);
	bool equal = ka && kb && !strcmp(ka, kb);

	free(ka);
	free(kb);
	return equal;
}

static int system_in_tmp(const char *command)
{
	char *line;
	int ret;

	if (asprintf(&line, "cd %s && %s", in_tmp(""), command) < 0)
		abort();
	ret = system(line);
	free(line);
	return ret;
}

/* Ended with this status, and said this. */
static void bench(int status, const char *says, const char *line)
{
	struct run r;

	cosnic_limits(&r, 300, 0, "bench %s", line);
	run_ended(&r, status);
	CU_ASSERT_PTR_NOT_NULL(strstr(r.out, says));
	if (!strstr(r.out, says))
		printf("    no \"%s\" in: %s%s", says, r.out, r.err);
	run_free(&r);
}

static void jobs(void)
{
	struct stat csv;

	bench(0, "4 points, 0 failed\n", SWEEP " --jobs 1 --out one");
	bench(0, "4 points, 0 failed\n", SWEEP " --jobs 2 --out two");
	CU_ASSERT(same("one", "two"));
	CU_ASSERT(!stat(in_tmp("one/suite.csv"), &csv) && csv.st_size > 400);
	CU_ASSERT_NOT_EQUAL(access(in_tmp("one/points/0000/traffic.pcap"), F_OK), 0);
	CU_ASSERT_NOT_EQUAL(access(in_tmp("one/points/0000/log.txt"), F_OK), 0);
}

/* What is whole is kept; what is missing, cut short or of other settings is run. */
static void resume(void)
{
	bench(0, "4 points, 0 failed\n", SWEEP " --out kept");
	bench(0, "4 kept from before", SWEEP " --out kept");
	CU_ASSERT_EQUAL(unlink(in_tmp("kept/points/0001/result.json")), 0);
	CU_ASSERT_EQUAL(truncate(in_tmp("kept/points/0002/result.json"), 300), 0);
	bench(0, "2 kept from before", SWEEP " --out kept");
	CU_ASSERT(same("one", "kept"));
	bench(0, "4 points, 0 failed\n", SWEEP " --fresh --out kept");
	bench(0, "2 kept from before",
	      "sweep --over size=64,301;pcie=gen3x8,gen4x16 --direction both --packets 1500 --out kept");
	bench(0, "4 points, 0 failed\n",
	      "sweep --over size=64,301;pcie=gen3x8,gen4x16 --direction both --packets 1501 --out kept");
}

/* Ctrl-C leaves a folder from which the same command goes on. */
static void interrupted(void)
{
	static const char line[] =
		"bench sweep --over latency=400:1500:100 --packets 20000 --jobs 1 --out cut";
	size_t ok = 0, i;
	json_t *suite, *point;
	char says[64];
	struct run r;

	cosnic_limits(&r, 300, 2, line);
	run_ended(&r, 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(r.out, "not run: the same command goes on from here"));
	run_free(&r);
	suite = load("cut", "suite.json");
	json_array_foreach(at(suite, "points"), i, point)
	{
		const char *status = json_string_value(at(point, "status"));

		CU_ASSERT_STRING_NOT_EQUAL(status, "failed");
		ok += !strcmp(status, "ok");
	}
	CU_ASSERT(ok < json_array_size(at(suite, "points")));
	json_decref(suite);
	snprintf(says, sizeof(says),
		 ok ? "12 points, 0 failed, %zu kept from before" : "12 points, 0 failed\n", ok);
	bench(0, says, line + strlen("bench "));
}

/* The real library, that does something of its own when it is loaded. */
static void library_that(const char *name, const char *does)
{
	char *command, source[64];
	int ret;

	snprintf(source, sizeof(source), "%s.c", name);
	if (asprintf(&command,
		     "#include <fcntl.h>\n#include <signal.h>\n#include <unistd.h>\n"
		     "__attribute__((constructor)) static void start(void) {\n%s;\n}\n",
		     does) < 0)
		abort();
	put(source, command);
	free(command);
	if (asprintf(
		    &command,
		    "gcc -shared -fPIC -o %s %s -Wl,--no-as-needed,-rpath,%s/fast -L%s/fast -l:libsnic_sim.so",
		    in_tmp(name), in_tmp(source), build_dir(), build_dir()) < 0)
		abort();
	ret = system(command);
	CU_ASSERT_EQUAL_FATAL(ret, 0);
	free(command);
}

/* It ends its process, the first so many times. */
static void crashing(const char *name, unsigned int times)
{
	char *does;

	if (asprintf(&does,
		     "int fd = open(\"%s.times\", O_RDWR | O_CREAT | O_APPEND, 0666);\n"
		     "if (lseek(fd, 0, SEEK_END) < %u && write(fd, \"x\", 1) == 1) raise(SIGKILL);",
		     in_tmp(name), times) < 0)
		abort();
	library_that(name, does);
	free(does);
}

static void crash_line(const char *library, int status, const char *says)
{
	char line[1024];

	snprintf(line, sizeof(line), "sweep --over library=%s,%s/fast/libsnic_sim.so --packets 500 --out %s",
		 in_tmp(library), build_dir(), "crash");
	bench(status, says, line);
}

/* A run that is killed is tried once more; killed again, it is reported and the rest goes on. */
static void killed(void)
{
	json_t *suite;

	crashing("once.so", 1);
	crash_line("once.so", 0, "2 points, 0 failed\n");
	suite = load("crash", "suite.json");
	CU_ASSERT_EQUAL(num(json_array_get(at(suite, "points"), 0), "attempts"), 2);
	CU_ASSERT_EQUAL(num(json_array_get(at(suite, "points"), 1), "attempts"), 1);
	/* what went wrong at first is no error of a good point */
	CU_ASSERT_FALSE(has(json_array_get(at(suite, "points"), 0), "error"));
	json_decref(suite);
	crashing("always.so", 100);
	crash_line("always.so", 1, "2 points, 1 failed");
	suite = load("crash", "suite.json");
	CU_ASSERT_EQUAL(num(json_array_get(at(suite, "points"), 0), "attempts"), 2);
	CU_ASSERT_PTR_NOT_NULL(strstr(json_string_value(at(json_array_get(at(suite, "points"), 0), "error")),
				      "killed by signal 9"));
	CU_ASSERT_STRING_EQUAL(json_string_value(at(json_array_get(at(suite, "points"), 1), "status")), "ok");
	CU_ASSERT_EQUAL(json_array_size(at(suite, "rows")), 1);
	json_decref(suite);
	holds("crash/suite.xml", "tests=\"2\" failures=\"1\"");
	holds("crash/suite.xml", "<failure message=\"killed by signal 9");
	holds("crash/suite.xml", "(Killed)\n</failure>");
}

static const json_t *row_of(const json_t *suite, const char *test)
{
	json_t *row;
	size_t i;

	json_array_foreach(at(suite, "rows"), i, row)
	{
		if (!strcmp(json_string_value(at(row, "test")), test))
			return row;
	}
	CU_ASSERT_FATAL(false);
	return NULL;
}

/* On a narrow link the search ends with bounds around what passes, and the trial above can be run again. */
static void search(void)
{
	char line[64], *before, *after;
	json_t *suite, *r;
	const json_t *row;
	double lower, upper;

	bench(0, "Throughput (26.1)", "rfc2544 --over size=64,1518 --pcie gen3x8 --trial-us 40 --out rfc");
	suite = load("rfc", "suite.json");
	row = row_of(suite, "throughput");
	lower = num(row, "ndr_lower_pct");
	upper = num(row, "ndr_upper_pct");
	/* the prediction says where NDR is, and NDR where PDR is: few trials, 29 as this is written, 61 without the latter */
	CU_ASSERT(json_array_size(at(suite, "points")) <= 40);
	CU_ASSERT(lower > 40 && lower < upper && upper <= lower + 0.52 && upper < 48);
	CU_ASSERT(num(row, "pdr_lower_pct") >= lower);
	CU_ASSERT_DOUBLE_EQUAL(num(row, "ndr_lower_mpps"), lower * num(row, "line_mpps") / 100, 0.01);
	CU_ASSERT_DOUBLE_EQUAL(num(row, "error_pct"), 0, 3);
	CU_ASSERT_EQUAL(num(row_of(suite, "frame_loss"), "load_pct"), 100);
	CU_ASSERT(num(row_of(suite, "frame_loss"), "loss_pct") > 50);
	row = row_of(suite, "back_to_back");
	CU_ASSERT(num(row, "burst_lower_frames") < num(row, "burst_upper_frames"));
	snprintf(line, sizeof(line), "point rfc %s", json_string_value(at(row, "id")));
	json_decref(suite);
	before = kept("rfc");
	bench(0, "", line);
	after = kept("rfc");
	CU_ASSERT_STRING_EQUAL(before, after);
	free(before);
	free(after);
	r = load("rfc", "points/0000/result.json");
	CU_ASSERT_STRING_EQUAL(json_string_value(at(r, "config.traffic.size")), "64");
	json_decref(r);
}

#define STALE "sweep --over direction=rx,tx,both t.pcap --out stale"

/* What a result is made of must be what it was: the content of a capture, not its name; and the result itself. */
static void stale(void)
{
	char *text;

	gen("t.pcap", "--size 64 --count 600 --flows 16");
	gen("other.pcap", "--size 128 --count 600 --flows 16");
	bench(0, "3 points, 0 failed\n", STALE);
	bench(0, "3 kept from before", STALE);
	CU_ASSERT_EQUAL(rename(in_tmp("other.pcap"), in_tmp("t.pcap")), 0);
	bench(0, "3 points, 0 failed\n", STALE);
	/* that of another point; one whose rate was edited */
	text = get("stale/points/0001/result.json");
	put("stale/points/0000/result.json", text);
	bench(0, "2 kept from before", STALE);
	CU_ASSERT_PTR_NOT_NULL_FATAL(strstr(text, "\"mpps\""));
	strstr(text, "\"mpps\"")[2] = 'q';
	put("stale/points/0001/result.json", text);
	free(text);
	bench(0, "2 kept from before", STALE);
	bench(0, "3 kept from before", STALE);
}

/* Captures of which nothing can be replayed are refused before anything runs. */
static void unusable(void)
{
	gen("t.pcap", "--size 64 --count 600 --flows 16");
	put("junk.pcap", "junk");
	put("none.pcap", "");
	refused(3, "junk.pcap: no frame that can be replayed (unreadable_file)", "leave it out",
		"bench sweep --over vfs=0 t.pcap junk.pcap --out unusable");
	refused(3, "none.pcap: no frame that can be replayed", "leave it out",
		"bench sweep --over vfs=0 none.pcap --out unusable");
	CU_ASSERT_NOT_EQUAL(access(in_tmp("unusable"), F_OK), 0);
}

/* A folder has one bench at a time. */
static void locked(void)
{
	int fd;

	mkdir(in_tmp("held"), 0777);
	put("held/lock", "process 1 on elsewhere\n");
	fd = open(in_tmp("held/lock"), O_RDWR);
	CU_ASSERT_EQUAL_FATAL(flock(fd, LOCK_EX), 0);
	refused(3, "held: another bench works there (process 1 on elsewhere)", "choose another --out",
		"bench sweep --over size=64 --predict-only --out held");
	close(fd);
	bench(0, "1 points, 0 failed\n", "sweep --over size=64 --predict-only --out held");
}

/* Of the same things the same results, from a folder that others filled; an entry that was edited is none. */
static void cached(void)
{
	bench(0, "4 points, 0 failed\n", SWEEP " --cache store --out first");
	bench(0, "4 kept from before", SWEEP " --cache store --out second");
	CU_ASSERT(same("first", "second"));
	CU_ASSERT_EQUAL(system_in_tmp("for f in store/*/*.json; do sed -i 's/mpps/qpps/' $f; break; done"),
			0);
	bench(0, "3 kept from before", SWEEP " --cache store --out third");
	CU_ASSERT(same("first", "third"));
	refused(2, "--cache", "at this time", "bench speed --cache store");
	/* one that cannot be written costs time alone, and is not said to be full */
	CU_ASSERT_EQUAL(
		system_in_tmp("mkdir shut && for i in $(seq 0 255); do : > shut/$(printf %02x $i); done"), 0);
	bench(0, "4 points, 0 failed\n", SWEEP " --cache shut --out fourth");
	CU_ASSERT_EQUAL(
		system_in_tmp("cat stderr | grep -- '--cache shut: .*; choose another folder' > /dev/null"),
		0);
	CU_ASSERT(same("first", "fourth"));
}

/* Parts of a suite, joined, are the suite: of a sweep by points, of a search by what is searched for. */
static void parts(void)
{
	static const char *const suites[] = {
		SWEEP, "rfc2544 --over size=64,1518 --pcie gen3x8 --trial-us 20 --width 10"
	};
	char line[512];
	size_t i;

	for (i = 0; i < 2; i++) {
		snprintf(line, sizeof(line), "%s --fresh --out all", suites[i]);
		bench(0, " points, 0 failed\n", line);
		snprintf(line, sizeof(line), "%s --fresh --shard 1/2 --out part1", suites[i]);
		bench(0, " points, 0 failed, part 1 of 2", line);
		snprintf(line, sizeof(line), "%s --merge part1 --out joined", suites[i]);
		bench(1, "not in the folders that were merged", line);
		snprintf(line, sizeof(line), "%s --fresh --shard 2/2 --out part2", suites[i]);
		bench(0, " points, 0 failed, part 2 of 2", line);
		snprintf(line, sizeof(line), "%s --merge part1 --merge part2 --out joined", suites[i]);
		bench(0, " kept from before", line);
		CU_ASSERT(same("all", "joined"));
	}
	refused(2, "--shard 3/2", "as 2/4", "bench sweep --over size=64 --shard 3/2");
	refused(2, "--merge runs nothing", "contradict", "bench sweep --over size=64 --merge a --fresh");
	refused(3, "--merge nowhere", "give the folder of a suite",
		"bench sweep --over size=64 --predict-only --merge nowhere --out joined");
}

/* Captures that are cut, or get another content of the same size, after they were counted. */
static void changed(void)
{
	static const char *const does[] = {
		"truncate(\"%s\", 40)",
		"int fd = open(\"%s\", O_RDWR); pwrite(fd, \"\\377\", 1, 100)",
	};
	char code[512], line[512];
	struct run r;
	size_t i;

	gen("moving.pcap", "--size 64 --count 600 --flows 16");
	for (i = 2; i--;) {
		snprintf(code, sizeof(code), "#pragma GCC diagnostic ignored \"-Wunused-result\"\n%s",
			 does[i]);
		snprintf(line, sizeof(line), code, in_tmp("moving.pcap"));
		library_that("moving.so", line);
		cosnic(&r, "replay --library %s moving.pcap", in_tmp("moving.so"));
		run_ended(&r, 1);
		CU_ASSERT_PTR_NOT_NULL(strstr(r.err, "moving.pcap: the captures changed during the run"));
		CU_ASSERT_FALSE(json_is_true(at(r.result, "check.passed")));
		run_free(&r);
	}
	/* of a suite the point is none */
	gen("moving2.pcap", "--size 64 --count 600 --flows 16");
	snprintf(line, sizeof(line), does[0], in_tmp("moving2.pcap"));
	library_that("moving.so", line);
	snprintf(line, sizeof(line), "sweep --over vfs=0 --library %s moving2.pcap --out moving",
		 in_tmp("moving.so"));
	bench(1, "1 points, 1 failed", line);
	CU_ASSERT_NOT_EQUAL(access(in_tmp("moving/points/0000/result.json"), F_OK), 0);
}

/* A point.json that somebody wrote by hand. */
static void broken_points(void)
{
	static const char *const files[][2] = {
		{ "{\"settings\": {\"size\": 64}}", "size: must be text" },
		{ "{\"settings\": [], \"files\": [5]}", "captures: must be text" },
		{ "{\"settings\": {\"colour\": \"red\"}}", "colour=red: no such setting" },
	};
	size_t i;

	mkdir(in_tmp("hand"), 0777);
	mkdir(in_tmp("hand/points"), 0777);
	mkdir(in_tmp("hand/points/0000"), 0777);
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		put("hand/points/0000/point.json", files[i][0]);
		refused(2, files[i][1], "", "bench point hand 0000");
	}
	put("hand/points/0000/point.json", "[1]");
	refused(3, "hand/points/0000/point.json", "a suite with this folder writes it",
		"bench point hand 0000");
	refused(3, "nowhere/points/0000/point.json", "a suite with this folder writes it",
		"bench point nowhere 0000");
}

static void predict_only(void)
{
	json_t *suite;

	bench(0, "2 points, 0 failed\n", "sweep --over size=64,128 --predict-only --out predicted");
	suite = load("predicted", "suite.json");
	CU_ASSERT_EQUAL(json_array_size(at(suite, "rows")), 2);
	CU_ASSERT_DOUBLE_EQUAL(num(json_array_get(at(suite, "rows"), 0), "predicted_mpps"), 148.81, 0.5);
	CU_ASSERT_FALSE(has(json_array_get(at(suite, "rows"), 0), "measured_mpps"));
	json_decref(suite);
	CU_ASSERT_NOT_EQUAL(access(in_tmp("predicted/points/0001/result.json"), F_OK), -1);
}

/* A size that is asked for is the only one, and a link that carries less than 1 % of the wire has a throughput too. */
static void narrow(void)
{
	json_t *suite, *row;
	size_t i;

	bench(0, "Throughput",
	      "rfc2544 --size 64 --predict-only --pcie gen1x1 --wire-gbps 200 --trial-us 100 --out narrow");
	suite = load("narrow", "suite.json");
	json_array_foreach(at(suite, "rows"), i, row)
	{
		CU_ASSERT_STRING_EQUAL(json_string_value(at(row, "size")), "64");
		if (strcmp(json_string_value(at(row, "test")), "throughput") != 0)
			continue;
		CU_ASSERT(num(row, "ndr_lower_pct") > 0.5 && num(row, "ndr_upper_pct") < 1);
		CU_ASSERT(num(row, "ndr_upper_pct") - num(row, "ndr_lower_pct") < 0.1);
	}
	json_decref(suite);
}

/*
 * The searches on captures that are given: on a wide link all of it passes; on a narrow one the throughput lies where the prediction has it.
 */
static void of_captures(void)
{
	struct run r;
	json_t *suite, *row;
	unsigned int rows[2] = { 0, 0 };
	size_t i;

	cosnic(&r, "gen --size 64-512 --count 350 --vfs 2 -o mixed.pcap");
	run_ended(&r, 0);
	run_free(&r);
	cosnic(&r, "gen --size 64 --count 50 -o plain.pcap");
	run_ended(&r, 0);
	run_free(&r);
	bench(0, "Throughput",
	      "rfc2544 --vfs 2 --trial-us 20 --width 10 --over pcie=gen3x4,gen4x16 --out given mixed.pcap plain.pcap");
	suite = load("given", "suite.json");
	json_array_foreach(at(suite, "rows"), i, row)
	{
		bool wide = !strcmp(json_string_value(at(row, "pcie")), "gen4x16");
		double frames = num(row, "trial_frames");

		rows[wide]++;
		if (strcmp(json_string_value(at(row, "test")), "back_to_back") != 0)
			CU_ASSERT_EQUAL((long)frames % 400, 0); /* whole passes */
		if (strcmp(json_string_value(at(row, "test")), "throughput") != 0)
			continue;
		CU_ASSERT(wide ? num(row, "ndr_lower_pct") == 100
			       : num(row, "ndr_upper_pct") < 50 && num(row, "ndr_lower_pct") > 10);
	}
	CU_ASSERT(rows[0] >= 4 && rows[1] >= 4);
	json_decref(suite);
	bench(0, "of_ndr_pct", "latency --vfs 2 --trial-us 20 --direction tx --out given_tx mixed.pcap");
}

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = {
		{ "bench", "of_captures", of_captures },
		{ "bench", "jobs", jobs },
		{ "bench", "resume", resume },
		{ "bench", "interrupted", interrupted },
		{ "bench", "killed", killed },
		{ "bench", "search", search },
		{ "bench", "narrow", narrow },
		{ "bench", "stale", stale },
		{ "bench", "unusable", unusable },
		{ "bench", "locked", locked },
		{ "bench", "cached", cached },
		{ "bench", "parts", parts },
		{ "bench", "changed", changed },
		{ "bench", "broken_points", broken_points },
		{ "bench", "predict_only", predict_only },
		{ NULL, NULL, NULL },
	};

	return cu_main(argc, argv, tests);
}
