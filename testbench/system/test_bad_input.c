/* SPDX-License-Identifier: BSD-2-Clause */
/* Bad input: the right exit status, one line that names the thing and the remedy, and never a hang. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "capture.h"
#include "run.h"

static struct capture c;

/* A record of `captured` bytes of a frame that had `length`. */
static void add(uint32_t captured, uint32_t length)
{
	static const uint8_t frame[16384] = { 2, 0x5c, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1, 0x88, 0xb5 };

	capture_frame(&c, frame, captured, length);
}

/* A capture of one such record; captured = 0: of none. */
static void one_record(const char *name, uint32_t link_type, uint32_t captured, uint32_t length)
{
	capture_begin(&c, CAPTURE_US, link_type);
	if (captured)
		add(captured, length);
	capture_save(&c, in_tmp(name));
}

/* A file of the first bytes of such a capture, or of letters. */
static void no_capture(const char *name, size_t header_bytes, size_t letters)
{
	capture_begin(&c, CAPTURE_US, CAPTURE_ETHERNET);
	c.len = header_bytes;
	capture_fill(&c, letters, 'a');
	capture_save(&c, in_tmp(name));
}

static void good(void)
{
	gen("good.pcap", "--size 64 --count 50");
}

static void unusable_files(void)
{
	no_capture("empty.pcap", 0, 0);
	no_capture("text.pcap", 0, 37);
	no_capture("cut.pcap", 10, 0);
	one_record("sll.pcap", CAPTURE_LINUX_SLL, 100, 100);
	one_record("none.pcap", CAPTURE_ETHERNET, 0, 0);
	one_record("snap.pcap", CAPTURE_ETHERNET, 96, 1514);
	one_record("huge.pcap", CAPTURE_ETHERNET, 9217, 9217);
	one_record("runt.pcap", CAPTURE_ETHERNET, 13, 13);

	refused(3, "missing.pcap: No such file", "check the path", "replay missing.pcap");
	refused(3, "empty.pcap", "check the path", "replay empty.pcap");
	refused(3, "text.pcap", "pcap or pcapng", "replay text.pcap");
	refused(3, "cut.pcap", "pcap or pcapng", "replay cut.pcap");
	refused(3, "sll.pcap: record 1: link type 113", "neither Ethernet nor IP", "replay sll.pcap");
	refused(3, "none.pcap", "give a capture of Ethernet frames", "replay none.pcap");
	refused(3, "snap.pcap: record 1: 96 of 1514 bytes", "--fixlen", "replay snap.pcap");
	refused(3, "huge.pcap: record 1: 9217 bytes", "GRO/TSO off", "replay huge.pcap");
	refused(3, "runt.pcap: record 1: 13 bytes", "14 bytes", "replay runt.pcap");
	refused(3, "/: ", "check the path", "replay /");
	/* said just once also when quiet, and by predict */
	refused(3, "text.pcap", "give a capture", "replay --quiet text.pcap");
	refused(3, "text.pcap", "pcap or pcapng", "predict text.pcap");
}

/* The records before the cut are replayed. */
static void truncated_file(void)
{
	struct run r;

	good();
	cosnic(&r, "gen --size 64 --count 50 -o trunc.pcap");
	run_free(&r);
	CU_ASSERT_EQUAL(truncate(in_tmp("trunc.pcap"), 24 + 20 * (16 + 60) + 30), 0);
	cosnic_limits(&r, 120, 0, "replay trunc.pcap");
	run_ended(&r, 0);
	one_line(&r, "trunc.pcap: record 21", "copy the file again");
	CU_ASSERT_EQUAL(num(r.result, "trace.packets"), 20);
	CU_ASSERT_EQUAL(num(r.result, "trace.skipped.truncated_file"), 1);
	CU_ASSERT_EQUAL(num(r.result, "measured.rx.packets"), 20);
	run_free(&r);
}

/* The same of a compressed one, which ends between two records. */
static void truncated_gzip(void)
{
	unsigned int i;
	struct run r;

	capture_begin(&c, CAPTURE_US, CAPTURE_ETHERNET);
	for (i = 0; i < 20; i++)
		add(60, 60);
	capture_save_gz(&c, in_tmp("cut.pcap.gz"), true);
	cosnic_limits(&r, 120, 0, "replay cut.pcap.gz");
	run_ended(&r, 0);
	one_line(&r, "cut.pcap.gz: record 21", "copy the file again");
	CU_ASSERT_EQUAL(num(r.result, "trace.packets"), 20);
	CU_ASSERT_EQUAL(num(r.result, "trace.skipped.truncated_file"), 1);
	run_free(&r);
}

/* Two link types in one file: both are replayed. */
static void second_interface(void)
{
	struct run r;

	capture_ng_begin(&c);
	capture_ng_interface(&c, CAPTURE_ETHERNET, 65535);
	capture_ng_record(&c, 0, 0, 60, 2);
	capture_ng_interface(&c, CAPTURE_RAW_IP, 65535);
	capture_ng_record(&c, 1, 0, 60, 0x45);
	capture_save(&c, in_tmp("two.pcapng"));
	cosnic_limits(&r, 120, 0, "replay two.pcapng");
	run_ended(&r, 0);
	CU_ASSERT_EQUAL(num(r.result, "trace.packets"), 2);
	CU_ASSERT_EQUAL(num(r.result, "trace.new_header"), 1);
	CU_ASSERT_EQUAL(json_object_size(at(r.result, "trace.skipped")), 0);
	CU_ASSERT_EQUAL(num(r.result, "measured.rx.packets"), 2);
	run_free(&r);
}

/* Standard input from this file while `line` runs. */
static void from_stdin(struct run *r, const char *path, const char *line)
{
	int old = dup(0), fd = open(path, O_RDONLY);

	CU_ASSERT_FATAL(old >= 0 && fd >= 0);
	dup2(fd, 0);
	cosnic_limits(r, 120, 0, "%s", line);
	dup2(old, 0);
	close(old);
	close(fd);
}

/* What can be read only once is copied first; nothing at all is an error, and so is a pipe into which nobody writes. */
static void pipes(void)
{
	struct run r;
	pid_t pid;

	good();
	from_stdin(&r, in_tmp("good.pcap"), "replay -");
	run_ended(&r, 0);
	CU_ASSERT_EQUAL(num(r.result, "measured.rx.packets"), 50);
	CU_ASSERT_EQUAL(num(r.result, "check.compared"), 50);
	run_free(&r);
	from_stdin(&r, "/dev/null", "replay -");
	run_ended(&r, 3);
	one_line(&r, "-: shorter than the head of a capture", "pcap or pcapng");
	run_free(&r);
	CU_ASSERT_EQUAL_FATAL(mkfifo(in_tmp("fifo.pcap"), 0600), 0);
	pid = fork();
	if (!pid)
		_exit(execlp("cp", "cp", in_tmp("good.pcap"), in_tmp("fifo.pcap"), (char *)NULL));
	cosnic_limits(&r, 120, 0, "replay fifo.pcap");
	waitpid(pid, NULL, 0);
	run_ended(&r, 0);
	CU_ASSERT_EQUAL(num(r.result, "check.compared"), 50);
	run_free(&r);
	cosnic_limits(&r, 120, 0.5, "replay fifo.pcap");
	run_ended(&r, 3);
	one_line(&r, "fifo.pcap", "interrupted");
	run_free(&r);
}

/* Frames far apart: whatever the pause before the last one, it is not lost. */
static void pauses(void)
{
	static const struct {
		uint32_t sec, us;
		const char *options;
	} cases[] = { { 0, 1000, "-x 1" },
		      { 0, 204, "-x 1 --direction both" },
		      { 30, 0, "-x 1 --maxsleep 0 --direction tx" },
		      { 25920000, 0, "-x 1" },
		      { 0, 0, "-p 1000" },
		      { 0, 0, "-M 0.01 --direction tx" } };
	unsigned int i;
	struct run r;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		capture_begin(&c, CAPTURE_US, CAPTURE_ETHERNET);
		capture_record(&c, 1000, 0, 60, 60, 2);
		capture_record(&c, 1000 + cases[i].sec, cases[i].us, 60, 60, 2);
		capture_save(&c, in_tmp("pause.pcap"));
		cosnic_limits(&r, 120, 0, "replay %s pause.pcap", cases[i].options);
		run_ended(&r, 0);
		CU_ASSERT_EQUAL(num(r.result, "check.lost"), 0);
		CU_ASSERT(num(r.result, "check.compared") >= 2);
		run_free(&r);
	}
	/* 300 days do not fit picoseconds, and 64 bits do not hold all that can be asked for */
	capture_begin(&c, CAPTURE_US, CAPTURE_ETHERNET);
	capture_record(&c, 1000, 0, 60, 60, 2);
	capture_record(&c, 1000 + 25920000, 0, 60, 60, 2);
	capture_save(&c, in_tmp("pause.pcap"));
	cosnic_limits(&r, 120, 0, "replay -x 1 --maxsleep 0 pause.pcap");
	run_ended(&r, 3);
	one_line(&r, "record 2 of pause.pcap", "--maxsleep");
	run_free(&r);
	cosnic_limits(&r, 120, 0, "predict --direction tx -x 0.000001 pause.pcap");
	run_ended(&r, 0); /* the limit is on the gap that the card sees */
	run_free(&r);
	cosnic_limits(&r, 120, 0, "replay -p 1e-9 pause.pcap");
	run_ended(&r, 3);
	one_line(&r, "--pps 1e-09", "a higher rate");
	run_free(&r);
}

/* Every kind of record: the good ones are replayed, short ones padded, the others counted by cause. */
static void mixed_records(void)
{
	struct run r;

	capture_begin(&c, CAPTURE_US, CAPTURE_ETHERNET);
	add(60, 60);
	add(59, 59); /* padded, as a sender would */
	add(14, 14);
	add(13, 13);
	add(64, 1514);
	add(64, 1514);
	add(9216, 9216);
	add(9217, 9217);
	add(16000, 16000);
	add(16000, 16000);
	capture_save(&c, in_tmp("mixed.pcap"));
	cosnic_limits(&r, 120, 0, "replay mixed.pcap");
	run_ended(&r, 0);
	CU_ASSERT_EQUAL(num(r.result, "trace.packets"), 4);
	CU_ASSERT_EQUAL(num(r.result, "trace.padded_to_60"), 2);
	CU_ASSERT_EQUAL(num(r.result, "trace.bytes"), 60 + 60 + 60 + 9216);
	CU_ASSERT_EQUAL(num(r.result, "trace.skipped.no_ethernet_header"), 1);
	CU_ASSERT_EQUAL(num(r.result, "trace.skipped.cut_by_snaplen"), 2);
	CU_ASSERT_EQUAL(num(r.result, "trace.skipped.over_9216"), 3);
	CU_ASSERT_EQUAL(json_object_size(at(r.result, "trace.skipped")), 3);
	CU_ASSERT_EQUAL(num(r.result, "measured.rx.packets"), 4);
	CU_ASSERT_EQUAL(num(r.result, "check.mismatched"), 0);
	/* a line for each cause, not for each record */
	CU_ASSERT_EQUAL(lines(r.err), 3);
	run_free(&r);
}

static void one_of_two_files(void)
{
	struct run r;

	good();
	no_capture("text.pcap", 0, 37);
	cosnic_limits(&r, 120, 0, "replay text.pcap good.pcap");
	run_ended(&r, 0);
	one_line(&r, "text.pcap", "pcap or pcapng");
	CU_ASSERT_EQUAL(num(r.result, "trace.packets"), 50);
	CU_ASSERT_EQUAL(num(r.result, "trace.skipped.unreadable_file"), 1);
	CU_ASSERT_EQUAL(num(r.result, "measured.rx.packets"), 50);
	CU_ASSERT_EQUAL(json_array_size(at(r.result, "trace.files")), 2);
	run_free(&r);
}

/* Hundreds of bad files do not flood the terminal. */
static void many_bad_files(void)
{
	char line[2048] = "replay good.pcap";
	unsigned int i;
	struct run r;

	good();
	for (i = 0; i < 40; i++)
		snprintf(line + strlen(line), sizeof(line) - strlen(line), " gone%u.pcap", i);
	cosnic_limits(&r, 120, 0, "%s", line);
	run_ended(&r, 0);
	CU_ASSERT_EQUAL(lines(r.err), 11);
	CU_ASSERT_PTR_NOT_NULL(strstr(r.err, "cosnic: 30 more files: see trace.skipped\n"));
	CU_ASSERT_EQUAL(num(r.result, "trace.skipped.unreadable_file"), 40);
	run_free(&r);
}

static void settings(void)
{
	static const struct {
		const char *line, *thing, *remedy;
	} cases[] = {
		{ "replay --vfs 300 good.pcap", "--vfs 300", "0 to 255" },
		{ "replay --vfs -1 good.pcap", "--vfs -1", "0 to 255" },
		{ "replay --pcie gen4x3 good.pcap", "pcie_lanes is 3", "1, 2, 4, 8 or 16" },
		{ "replay --pcie gen9x4 good.pcap", "pcie_gen is 9", "1..5" },
		{ "replay --pcie fast good.pcap", "--pcie fast", "gen4x16" },
		{ "replay --pcie gen4x16x good.pcap", "--pcie gen4x16x", "gen4x16" },
		{ "replay --queues 0 good.pcap", "--queues 0", "1 to 8" },
		{ "replay --queues 9 good.pcap", "--queues 9", "1 to 8" },
		{ "replay --rules 17 good.pcap", "--rules 17", "0 to 16" },
		{ "replay --mps 100 good.pcap", "mps is 100", "power of two" },
		{ "replay --mrrs 8192 good.pcap", "mrrs is 8192", "4096" },
		{ "replay --rcb 96 good.pcap", "rcb is 96", "64 or 128" },
		{ "replay --clock-mhz 10 good.pcap", "--clock-mhz 10", "50 to 2000" },
		{ "replay --wire-gbps 99 good.pcap", "wire_gbps is 99", "10, 25, 40" },
		{ "replay --limit 12abc good.pcap", "--limit 12abc", "must be a number" },
		{ "replay --limit 0 good.pcap", "--limit 0", "from 1" },
		{ "replay --loop 99999999999999999999999 good.pcap", "--loop 99999", "must be a number" },
		{ "replay --seed 1e3 good.pcap", "--seed 1e3", "must be a number" },
		{ "replay --pps -5 good.pcap", "--pps -5", "above 0" },
		{ "replay --pps 0 good.pcap", "--pps 0", "above 0" },
		{ "replay --pps nan good.pcap", "--pps nan", "above 0" },
		{ "replay --mbps inf good.pcap", "--mbps inf", "above 0" },
		{ "replay -x 2x good.pcap", "--multiplier 2x", "above 0" },
		{ "replay --direction up good.pcap", "--direction up", "rx tx both vf2vf" },
		/* settings that contradict each other */
		{ "replay --pps 5 --mbps 5 good.pcap", "--mbps contradicts --pps", "give one" },
		{ "replay -t -x 2 good.pcap", "--multiplier contradicts --topspeed", "give one" },
		{ "replay --direction vf2vf good.pcap", "vf2vf", "--vfs 2 or more" },
		{ "replay --size 64 good.pcap", "size is not for this command", "--help" },
		{ "gen --size 64 --count 5 --direction rx -o x.pcap", "direction is not for this command",
		  "--help" },
		/* words that do not exist or are missing */
		{ "replay --colour good.pcap", "--colour: no such option", "--help" },
		{ "replay -Z good.pcap", "-Z: no such option", "--help" },
		{ "replay --out o good.pcap --vfs", "--vfs needs a value", "--help" },
		{ "replay", "no capture files", "--help" },
		{ "predict", "no capture files", "--help" },
		{ "rewind good.pcap", "rewind: no such command", "--help" },
		{ "bench sideways", "sideways: no such suite", "--help" },
		{ "bench", "name of a suite is missing", "--help" },
		{ "bench sweep", "--over is missing", "--help" },
		{ "bench sweep --over", "--over needs a value", "--help" },
		{ "bench sweep --over size", "size: not NAME=VALUES", "as in" },
		{ "bench sweep --over size=", "size: a value is missing", "as in" },
		{ "bench sweep --over colour=red", "colour: no such setting", "any long option" },
		{ "bench sweep --over out=a,b", "out: no such setting", "any long option" },
		{ "bench sweep --over latency=900:400:100", "latency=900:400:100: an empty range",
		  "at most TO" },
		{ "bench sweep --over latency=400:900:0", "latency=400:900:0: an empty range", "above 0" },
		{ "bench sweep --over latency=400:900", "latency=400:900", "FROM:TO:STEP" },
		{ "bench sweep --over size=64;size=65", "size is there twice", "bench --help" },
		{ "bench sweep --over latency=0:20000:1", "more than 10000 values", "bench --help" },
		{ "bench sweep --over latency=0:999:1;vfs=0:10:1", "more than 10000 points", "bench --help" },
		{ "bench sweep --over size=64,5", "--size 5", "64 to 9220" },
		{ "bench sweep --over mps=128,100", "mps is 100", "power of two" },
		{ "bench sweep --over encap=none,vxlan", "too small for --encap vxlan", "96 or more" },
		{ "bench sweep --over direction=rx,vf2vf", "vf2vf", "--vfs 2 or more" },
		{ "bench sweep --over hit=0.5,2", "hit=2", "0 to 1" },
		{ "bench sweep --over hit=0.5 --unique 0.1", "hit=0.5", "give one" },
		{ "bench sweep --over load=-5", "load=-5", "from 0" },
		{ "bench sweep --over no-gate=1", "no-gate=1", "on or off" },
		{ "bench sweep --over size=64 --size 65", "--size and --over size", "contradict" },
		{ "bench sweep --over vfs=1 --size 65 good.pcap", "size=65", "captures are given" },
		{ "bench sweep --over vfs=1 nothing.pcap", "nothing.pcap", "give a capture" },
		{ "bench sweep --over vfs=1 --jobs 0", "--jobs 0", "from 1" },
		{ "bench sweep --over vfs=1 -L 5", "-L", "long name" },
		{ "bench rates --over vfs=1", "--over is for", "--help" },
		{ "bench rfc2544 --load 50", "load", "what it looks for" },
		{ "bench latency --over size=64;pps=1000", "pps", "what it looks for" },
		{ "bench rfc2544 --limit 10", "limit", "what it looks for" },
		{ "bench rfc2544 --over loop=2", "loop", "what it looks for" },
		{ "bench sweep --over vfs=1 --pcie caf\xe9", "caf\xe9", "UTF-8" },
		{ "bench sweep --over ;", "an empty part", "as in" },
		{ "bench sweep --slurm=yes --over vfs=1", "--slurm", "takes no value" },
		{ "bench sweep -- --over vfs=1", "--", "--help" },
		{ "bench point nowhere 0 --fresh", "point", "folder of a suite" },
		{ "compare --exact=yes a b", "--exact=yes: the option takes no value", "compare --help" },
		{ "compare -Zx a b", "-Z: no such option", "compare --help" },
		{ "report -o", "-o needs a value", "report --help" },
		{ "report -Z", "-Z: no such option", "report --help" },
		{ "bench rfc2544 --loop 3 good.pcap", "loop", "what it looks for" },
		{ "bench rfc2544 --size 64 good.pcap", "size=64: shapes generated traffic",
		  "captures are given" },
		{ "bench rfc2544 --width 0", "--width 0", "from 0.02" },
		{ "bench rfc2544 --trial-us much", "--trial-us much", "from 1" },
		{ "bench rates --trial-us 10", "--trial-us are for searches", "--help" },
		{ "bench point x.pcap", "point", "folder of a suite" },
		{ "replay --read-latency nowhere.csv good.pcap", "nowhere.csv: No such file", "NS,COUNT" },
		{ "predict --read-latency good.pcap good.pcap", "good.pcap:1", "want \"NS,COUNT\"" },
		{ "replay --read-latency /dev/null good.pcap", "/dev/null", "no \"NS,COUNT\" line" },
		{ "bench pcie --vfs 3", "--vfs", "give pcie, mps" },
		{ "bench pcie good.pcap", "captures", "arithmetic" },
		{ "info good.pcap", "good.pcap", "no input files" },
		{ "gen --size 64 --count 5", "-o FILE.pcap is missing", "--help" },
		{ "gen --size 64 -o x.pcap", "--count is missing", "--help" },
		{ "gen --count 5 -o x.pcap", "--size is missing", "--help" },
		{ "gen --size 63 --count 5 -o x.pcap", "--size 63", "64 to 9220" },
		{ "gen --size 200-100 --count 5 -o x.pcap", "--size 200-100", "64 to 9220" },
		{ "gen --size big --count 5 -o x.pcap", "--size big", "A-B" },
		{ "gen --size 64 --count 5 --encap vxlan -o x.pcap",
		  "64 B frames are too small for --encap vxlan", "96 or more" },
		{ "gen --size 95-500 --count 5 --encap geneve -o x.pcap", "95 B frames", "96 or more" },
		{ "gen --size imix --count 5 --encap nvgre -o x.pcap", "64 B frames", "88 or more" },
		{ "gen --size 64 --count 5 --encap gift -o x.pcap", "--encap gift", "geneve" },
	};
	size_t i;

	good();
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		refused(2, cases[i].thing, cases[i].remedy, cases[i].line);
	CU_ASSERT_NOT_EQUAL(access(in_tmp("x.pcap"), F_OK), 0);
}

static void no_command(void)
{
	struct run r;

	cosnic(&r, "%s", "");
	run_ended(&r, 2);
	CU_ASSERT_PTR_NOT_NULL(strstr(r.err, "usage:"));
	run_free(&r);
}

/* Who asks for help gets it, wherever the question stands. */
static void help(void)
{
	static const char *const asked[] = { "--help",	      "-h",	     "help",
					     "replay --help", "guest -h",    "replay x --help",
					     "help replay",   "bench --help" };
	struct run r;
	size_t i;

	for (i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
		cosnic(&r, "%s", asked[i]);
		CU_ASSERT(run_ended(&r, 0));
		CU_ASSERT_PTR_NOT_NULL(strstr(r.out, "usage:"));
		run_free(&r);
	}
}

/* A full disk is said to be full: /dev/full behind each file that is written. */
static void full_disk(void)
{
	struct run r;

	good();
	CU_ASSERT_EQUAL(mkdir(in_tmp("full"), 0777), 0);
	CU_ASSERT_EQUAL(symlink("/dev/full", in_tmp("full/result.json")), 0);
	cosnic_limits(&r, 120, 0, "replay --quiet --out full good.pcap");
	run_ended(&r, 3);
	one_line(&r, "full/result.json: No space left on device", "free some space");
	run_free(&r);
	refused(3, "/dev/full: No space left on device", "free some space",
		"gen --size 64 --count 1000 -o /dev/full");
}

/* The same for what goes to standard output. */
static void full_stdout(void)
{
	struct run r;

	good();
	unlink(in_tmp("stdout"));
	CU_ASSERT_EQUAL(symlink("/dev/full", in_tmp("stdout")), 0);
	cosnic_limits(&r, 120, 0, "replay --json good.pcap");
	CU_ASSERT_EQUAL(unlink(in_tmp("stdout")), 0);
	run_ended(&r, 3);
	one_line(&r, "standard output: No space left on device", "free some space");
	run_free(&r);
}

/* Seen before the run, not after it. */
static void unwritable_out(void)
{
	good();
	refused(3, "good.pcap/sub: Not a directory", "choose another --out",
		"replay --out good.pcap/sub good.pcap");
	refused(3, "/proc/nowhere", "choose another --out", "predict --out /proc/nowhere good.pcap");
	refused(3, "nodir/x.pcap: No such file or directory", "choose a path",
		"gen --size 64 --count 5 -o nodir/x.pcap");
	refused(3, "gone.so", "make all", "replay --library ./gone.so good.pcap");
}

/* Ctrl-C: the end within seconds of CPU, what was done so far marked partial. */
static void interrupted(const char *options)
{
	struct run r;

	gen("long.pcap", "--size 64 --count 20000");
	cosnic_limits(&r, 120, 1, "replay %s long.pcap", options);
	run_ended(&r, 1);
	CU_ASSERT(r.cpu_s < 8);
	one_line(&r, "interrupted", "partial");
	CU_ASSERT_TRUE(json_is_true(at(r.result, "check.partial")));
	CU_ASSERT_EQUAL(num(r.result, "check.mismatched"), 0);
	CU_ASSERT_EQUAL(num(r.result, "check.lost"), 0);
	CU_ASSERT(num(r.result, "measured.rx.packets") > 0);
	CU_ASSERT(num(r.result, "measured.rx.packets") < 1000 * 20000.0);
	CU_ASSERT_PTR_NOT_NULL(strstr(r.out, "partial"));
	run_free(&r);
}

static void ctrl_c(void)
{
	interrupted("--loop 1000");
	/* almost all of it idle, and all of that simulated */
	interrupted("--no-jump --pps 100");
}

static void ctrl_c_gen(void)
{
	struct run r;

	cosnic_limits(&r, 120, 0.3, "gen --size 64 --count 1000000000 -o /dev/null");
	run_ended(&r, 1);
	CU_ASSERT(r.cpu_s < 5);
	one_line(&r, "/dev/null", "interrupted");
	run_free(&r);
}

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = {
		{ "files", "unusable", unusable_files },
		{ "files", "truncated", truncated_file },
		{ "files", "truncated_gzip", truncated_gzip },
		{ "files", "second_interface", second_interface },
		{ "files", "pipes", pipes },
		{ "files", "pauses", pauses },
		{ "files", "mixed_records", mixed_records },
		{ "files", "one_of_two", one_of_two_files },
		{ "files", "many_bad", many_bad_files },
		{ "usage", "settings", settings },
		{ "usage", "no_command", no_command },
		{ "usage", "help", help },
		{ "output", "full_disk", full_disk },
		{ "output", "full_stdout", full_stdout },
		{ "output", "unwritable", unwritable_out },
		{ "interrupt", "replay", ctrl_c },
		{ "interrupt", "gen", ctrl_c_gen },
		{ NULL, NULL, NULL },
	};

	return cu_main(argc, argv, tests);
}
