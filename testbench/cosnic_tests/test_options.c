/* SPDX-License-Identifier: BSD-2-Clause */
/* The command line: what each option sets, each end of each range, one clear line for what is refused. */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cu_main.h"
#include "help.h"
#include "options.h"

#define MAX_ARGS 48

static char words[512];
static char said[1024];

/* Parses "COMMAND ARG ARG ..."; what is printed on stderr ends up in `said`. */
static int parse(struct options *o, const char *line)
{
	static char *argv[MAX_ARGS + 1]; /* the options point into it */
	char *word;
	FILE *tmp = tmpfile();
	int err = dup(2), argc = 0, ret;
	size_t n;

	CU_ASSERT_FATAL(tmp && err >= 0 && strlen(line) < sizeof(words));
	strcpy(words, line);
	for (word = strtok(words, " "); word && argc < MAX_ARGS; word = strtok(NULL, " "))
		argv[argc++] = word;
	argv[argc] = NULL;
	fflush(stderr);
	dup2(fileno(tmp), 2);
	ret = options_parse(o, argv[0], argc, argv);
	fflush(stderr);
	dup2(err, 2);
	close(err);
	rewind(tmp);
	n = fread(said, 1, sizeof(said) - 1, tmp);
	said[n] = 0;
	fclose(tmp);
	return ret;
}

static bool takes(struct options *o, const char *line)
{
	if (parse(o, line) == EXIT_OK && !*said)
		return true;
	printf("    refused: %s: %s", line, said);
	return false;
}

/* Refused with one line that holds `names`, what it is about. */
static bool refuses(const char *line, const char *names)
{
	struct options o;
	int ret = parse(&o, line);
	char *end = strchr(said, '\n');

	if (ret == EXIT_USAGE && end && !end[1] && !strncmp(said, "cosnic: ", 8) && strstr(said, names))
		return true;
	printf("    %s: status %d, says: %s\n", line, ret, said);
	return false;
}

static void defaults(void)
{
	struct options o;

	CU_ASSERT(takes(&o, "predict a.pcap"));
	CU_ASSERT_STRING_EQUAL(o.out_dir, "results/predict");
	CU_ASSERT(takes(&o, "replay a.pcap b.pcap"));
	CU_ASSERT_EQUAL(o.sim.clock_mhz, 400);
	CU_ASSERT_EQUAL(o.sim.wire_gbps, 100);
	CU_ASSERT_EQUAL(o.sim.pcie_gen, 4);
	CU_ASSERT_EQUAL(o.sim.pcie_lanes, 16);
	CU_ASSERT_EQUAL(o.sim.mps, 256);
	CU_ASSERT_EQUAL(o.sim.mrrs, 512);
	CU_ASSERT_EQUAL(o.sim.rcb, 64);
	CU_ASSERT_EQUAL(o.sim.read_latency_ns, 600);
	CU_ASSERT_EQUAL(o.sim.seed, 0);
	CU_ASSERT_EQUAL(o.direction, DIR_RX);
	CU_ASSERT_EQUAL(o.pacing, PACE_TOPSPEED);
	CU_ASSERT_EQUAL(o.loop, 1);
	CU_ASSERT_EQUAL(o.limit, 0);
	CU_ASSERT_EQUAL(o.vfs, 0);
	CU_ASSERT_EQUAL(o.queues, 1);
	CU_ASSERT_EQUAL(o.rules, 0);
	CU_ASSERT(!o.json && !o.quiet && !o.keep_macs && !o.sim.no_jump && !o.sim.no_gate);
	CU_ASSERT_PTR_NULL(o.wave_path);
	CU_ASSERT_STRING_EQUAL(o.out_dir, "results/replay");
	CU_ASSERT_EQUAL(o.n_files, 2);
	CU_ASSERT_STRING_EQUAL(o.files[0], "a.pcap");
	CU_ASSERT_STRING_EQUAL(o.files[1], "b.pcap");
}

static void settings(void)
{
	struct options o;

	CU_ASSERT(takes(&o,
			"replay --vfs 255 --queues 8 --clock-mhz 250 --wire-gbps 200 --pcie gen3x8 --mps 128 "
			"--mrrs 4096 --rcb 128 --seed 18446744073709551615 --direction both --rules 16 f"));
	CU_ASSERT_EQUAL(o.vfs, 255);
	CU_ASSERT_EQUAL(o.queues, 8);
	CU_ASSERT_EQUAL(o.sim.clock_mhz, 250);
	CU_ASSERT_EQUAL(o.sim.wire_gbps, 200);
	CU_ASSERT_EQUAL(o.sim.pcie_gen, 3);
	CU_ASSERT_EQUAL(o.sim.pcie_lanes, 8);
	CU_ASSERT_EQUAL(o.sim.mps, 128);
	CU_ASSERT_EQUAL(o.sim.mrrs, 4096);
	CU_ASSERT_EQUAL(o.sim.rcb, 128);
	CU_ASSERT_EQUAL(o.sim.seed, UINT64_MAX);
	CU_ASSERT_EQUAL(o.direction, DIR_BOTH);
	CU_ASSERT_EQUAL(o.rules, 16);
	CU_ASSERT(takes(
		&o,
		"replay f -l 3 -L 1000 --json --quiet --keep-macs --no-jump --no-gate --out here --library l.so "
		"--read-latency 0 --write-latency 1000000 --read-jitter 5 --direction vf2vf --vfs 2"));
	CU_ASSERT_EQUAL(o.loop, 3);
	CU_ASSERT_EQUAL(o.limit, 1000);
	CU_ASSERT(o.json && o.quiet && o.keep_macs && o.sim.no_jump && o.sim.no_gate);
	CU_ASSERT_STRING_EQUAL(o.out_dir, "here");
	CU_ASSERT_STRING_EQUAL(o.library, "l.so");
	CU_ASSERT_EQUAL(o.sim.read_latency_ns, 0);
	CU_ASSERT_EQUAL(o.sim.write_latency_ns, 1000000);
	CU_ASSERT_EQUAL(o.sim.read_jitter_ns, 5);
	CU_ASSERT_EQUAL(o.direction, DIR_VF2VF);
	CU_ASSERT_EQUAL(o.n_files, 1);
}

static void faults(void)
{
	struct options o;

	CU_ASSERT(takes(
		&o,
		"replay f --fault late:func=1-3,ns=5000 --fault down:port=1,from=7,to=9 --start-cycles 281474976710655"));
	CU_ASSERT_EQUAL_FATAL(o.sim.n_faults, 2);
	CU_ASSERT_EQUAL(o.sim.faults[0].kind, SNIC_SIM_FAULT_LATE);
	CU_ASSERT_EQUAL(o.sim.faults[0].n_func, 3);
	CU_ASSERT_EQUAL(o.sim.faults[1].kind, SNIC_SIM_FAULT_DOWN);
	CU_ASSERT_STRING_EQUAL(o.fault_text[1], "down:port=1,from=7,to=9");
	CU_ASSERT_EQUAL(o.sim.start_cycles, (1ull << 48) - 1);
	CU_ASSERT(takes(&o, "guest --fault lost --start-cycles 1"));
	CU_ASSERT(refuses("replay f --fault slow", "--fault slow"));
	CU_ASSERT(refuses("replay f --fault late", "--fault late"));
	CU_ASSERT(refuses("gen --size 64 --count 1 -o f --fault lost", "fault"));
	CU_ASSERT(refuses("replay f --start-cycles 281474976710656", "--start-cycles"));
	CU_ASSERT(refuses(
		"replay f --fault lost --fault lost --fault lost --fault lost --fault lost --fault lost --fault lost "
		"--fault lost --fault lost --fault lost --fault lost --fault lost --fault lost --fault lost "
		"--fault lost --fault lost --fault split",
		"--fault split: no more than 16"));
}

static void pacing(void)
{
	struct options o;

	CU_ASSERT(takes(&o, "replay -p 1e6 f"));
	CU_ASSERT_EQUAL(o.pacing, PACE_PPS);
	CU_ASSERT_EQUAL(o.pace, 1e6);
	CU_ASSERT(takes(&o, "predict --mbps=2.5 f"));
	CU_ASSERT_EQUAL(o.pacing, PACE_MBPS);
	CU_ASSERT_EQUAL(o.pace, 2.5);
	CU_ASSERT(takes(&o, "replay -x0.5 f"));
	CU_ASSERT_EQUAL(o.pacing, PACE_MULTIPLIER);
	CU_ASSERT_EQUAL(o.pace, 0.5);
	CU_ASSERT(takes(&o, "replay -t f"));
	CU_ASSERT_EQUAL(o.pacing, PACE_TOPSPEED);
	CU_ASSERT(refuses("replay -p 0 f", "--pps 0"));
	CU_ASSERT(refuses("replay -p -5 f", "--pps -5"));
	CU_ASSERT(refuses("replay -p nan f", "--pps nan"));
	CU_ASSERT(refuses("replay -M inf f", "--mbps inf"));
	CU_ASSERT(refuses("replay -x 2x f", "--multiplier 2x"));
	CU_ASSERT(refuses("replay -p 5 -M 5 f", "--mbps contradicts --pps"));
	CU_ASSERT(refuses("replay -x 5 -t f", "--topspeed contradicts --multiplier"));
}

static void wave(void)
{
	struct options o;

	CU_ASSERT(takes(&o, "replay --wave w.fst f"));
	CU_ASSERT_STRING_EQUAL(o.wave_path, "w.fst");
	CU_ASSERT_EQUAL(o.wave_from_ps, 0);
	CU_ASSERT_EQUAL(o.wave_to_ps, UINT64_MAX);
	CU_ASSERT(takes(&o, "replay --wave w.fst:5 f"));
	CU_ASSERT_STRING_EQUAL(o.wave_path, "w.fst");
	CU_ASSERT_EQUAL(o.wave_from_ps, 5000);
	CU_ASSERT_EQUAL(o.wave_to_ps, UINT64_MAX);
	CU_ASSERT(takes(&o, "replay --wave w.fst:5:6 f"));
	CU_ASSERT_EQUAL(o.wave_to_ps, 6000);
	CU_ASSERT(refuses("replay --wave w.fst:5:5 f", "TO_NS 5"));
	CU_ASSERT(refuses("replay --wave w.fst:x f", "FROM_NS x"));
	CU_ASSERT(refuses("replay --wave w.fst:1:2:3 f", "TO_NS 2:3"));
	CU_ASSERT(refuses("replay --wave :1:2 f", "--wave"));
}

/* Each end of each range is taken, what lies beyond is not. */
static void ranges(void)
{
	static const struct {
		const char *option, *low, *high, *under, *over;
	} r[] = {
		{ "--vfs", "0", "255", "-1", "256" },
		{ "--queues", "1", "8", "0", "9" },
		{ "--rules", "0", "16", "-1", "17" },
		{ "--clock-mhz", "50", "2000", "49", "2001" },
		{ "--wire-gbps", "10", "200", "9", "201" },
		{ "--mps", "128", "4096", "64", "8192" },
		{ "--mrrs", "128", "4096", "64", "8192" },
		{ "--rcb", "64", "128", "63", "129" },
		{ "--read-latency", "0", "1000000", "-1", "1000001" },
		{ "--write-latency", "0", "1000000", "-1", "1000001" },
		{ "--read-jitter", "0", "1000000", "-1", "1000001" },
		{ "--seed", "0", "18446744073709551615", "-1", "18446744073709551616" },
		{ "--loop", "1", "1073741824", "0", "1073741825" },
		{ "--limit", "1", "9223372036854775807", "0", "9223372036854775808" },
		{ "--pcie", "gen1x1", "gen5x16", "gen0x1", "gen6x16" },
	};
	const char *const junk[] = { "x", "12abc", "1.5", "0x", "" };
	struct options o;
	unsigned int i, k;
	char line[128];

	for (i = 0; i < sizeof(r) / sizeof(r[0]); i++) {
		const char *const good[] = { r[i].low, r[i].high }, *const bad[] = { r[i].under, r[i].over };

		for (k = 0; k < 2; k++) {
			snprintf(line, sizeof(line), "replay %s %s f", r[i].option, good[k]);
			CU_ASSERT(takes(&o, line));
			snprintf(line, sizeof(line), "replay %s %s f", r[i].option, bad[k]);
			CU_ASSERT(refuses(line, "must "));
		}
		for (k = 0; k < sizeof(junk) / sizeof(junk[0]); k++) {
			snprintf(line, sizeof(line), "replay %s=%s f", r[i].option, junk[k]);
			CU_ASSERT(refuses(line, r[i].option));
		}
	}
	CU_ASSERT(refuses("replay --wire-gbps 99 f", "wire_gbps is 99"));
	CU_ASSERT(refuses("replay --mps 300 f", "mps is 300"));
	CU_ASSERT(refuses("replay --rcb 100 f", "rcb is 100"));
	CU_ASSERT(refuses("replay --pcie gen4x3 f", "pcie_lanes is 3"));
	CU_ASSERT(refuses("replay --pcie gen4x16x f", "--pcie gen4x16x"));
	CU_ASSERT(refuses("replay --pcie 4x16 f", "--pcie 4x16"));
	CU_ASSERT(refuses("replay --pcie gen-4x16 f", "--pcie gen-4x16"));
	CU_ASSERT(refuses("replay --direction up f", "--direction up"));
}

static void contradictions(void)
{
	struct options o;

	CU_ASSERT(refuses("replay", "no capture files"));
	CU_ASSERT(refuses("predict --vfs 3", "no capture files"));
	CU_ASSERT(refuses("replay --direction vf2vf f", "--vfs 2"));
	CU_ASSERT(refuses("replay --direction vf2vf --vfs 1 f", "--vfs 2"));
	CU_ASSERT(refuses("replay --size 64 f", "size"));
	CU_ASSERT(refuses("predict --encap vlan f", "encap"));
	CU_ASSERT(refuses("gen --size 64 --count 5 -o f --mps 128", "mps"));
	CU_ASSERT(refuses("info f", "f"));
	CU_ASSERT(refuses("replay --nonsense f", "--nonsense"));
	CU_ASSERT(refuses("replay -zt f", "-z"));
	CU_ASSERT(refuses("replay -tz f", "-z"));
	CU_ASSERT(refuses("replay f --vfs", "--vfs"));
	CU_ASSERT(refuses("replay f -p", "-p"));
	CU_ASSERT(takes(&o, "info"));
}

static void open_loop(void)
{
	struct options o;

	CU_ASSERT(takes(&o, "replay --direction tx --vfs 3 f"));
	CU_ASSERT(!o.open_loop);
	CU_ASSERT(takes(&o, "replay --direction tx --open-loop -x 2 f"));
	CU_ASSERT(o.open_loop);
	CU_ASSERT(takes(&o, "predict --direction both --open-loop --pps 5 f"));
	CU_ASSERT(takes(&o, "replay --direction vf2vf --vfs 2 --open-loop --mbps 5 f"));
	CU_ASSERT(refuses("replay --direction tx --open-loop f", "--multiplier"));
	CU_ASSERT(refuses("replay --direction tx --open-loop -t f", "--multiplier"));
	CU_ASSERT(refuses("replay --open-loop -x 2 f", "--direction rx"));
	CU_ASSERT(refuses("replay --open-loop=yes -x 2 --direction tx f", "--open-loop"));
	CU_ASSERT(refuses("gen --size 64 --count 1 -o f --open-loop", "open-loop"));
	CU_ASSERT(refuses("guest --open-loop", "open-loop"));
}

static void greedy(void)
{
	struct options o;

	CU_ASSERT(
		takes(&o, "gen --size 64 --count 1 --vfs 2 --flows 2 -o f --greedy 1000 --greedy-size 9220"));
	CU_ASSERT_EQUAL(o.greedy, 1000);
	CU_ASSERT_EQUAL(o.greedy_size, 9220);
	CU_ASSERT(takes(&o, "gen --size imix --count 1 --vfs 255 --flows 255 -o f --greedy 1"));
	CU_ASSERT_EQUAL(o.greedy_size, 0);
	CU_ASSERT(refuses("gen --size 64 --count 1 --vfs 2 --flows 2 -o f --greedy 0", "--greedy 0"));
	CU_ASSERT(refuses("gen --size 64 --count 1 --vfs 2 --flows 2 -o f --greedy 1001", "--greedy 1001"));
	CU_ASSERT(refuses("gen --size 64 --count 1 --vfs 2 --flows 2 -o f --greedy 1.5", "--greedy 1.5"));
	CU_ASSERT(refuses("gen --size 64 --count 1 --vfs 2 --flows 2 -o f --greedy 2 --greedy-size 63",
			  "--greedy-size 63"));
	CU_ASSERT(refuses("gen --size 64 --count 1 --vfs 2 --flows 2 -o f --greedy 2 --greedy-size 9221",
			  "--greedy-size 9221"));
	CU_ASSERT(refuses("gen --size 64 --count 1 --vfs 2 --flows 2 -o f --greedy-size 64", "--greedy too"));
	CU_ASSERT(refuses("gen --size 64 --count 1 --vfs 1 --flows 2 -o f --greedy 2", "--vfs 2"));
	CU_ASSERT(refuses("gen --size 64 --count 1 --vfs 9 --flows 8 -o f --greedy 2", "--flows 9"));
	CU_ASSERT(refuses("gen --size tcp --count 1 --vfs 2 --flows 2 -o f --greedy 2", "--size tcp"));
	CU_ASSERT(refuses("replay --greedy 2 f", "greedy"));
	CU_ASSERT(refuses("predict --greedy-size 64 f", "greedy-size"));
}

static void gen(void)
{
	struct options o;

	CU_ASSERT(takes(&o, "gen --size 64 --count 10 -o f.pcap"));
	CU_ASSERT_EQUAL(o.mix, MIX_RANGE);
	CU_ASSERT_EQUAL(o.size_min, 64);
	CU_ASSERT_EQUAL(o.size_max, 64);
	CU_ASSERT_EQUAL(o.count, 10);
	CU_ASSERT_EQUAL(o.flows, 1);
	CU_ASSERT_EQUAL(o.unique, 0);
	CU_ASSERT_EQUAL(o.encap, ENCAP_NONE);
	CU_ASSERT_STRING_EQUAL(o.gen_path, "f.pcap");
	CU_ASSERT(takes(
		&o,
		"gen --size 64-9220 --count 1 --flows 16777216 --unique 1 --encap mplsogre --vfs 3 -o f"));
	CU_ASSERT_EQUAL(o.size_min, 64);
	CU_ASSERT_EQUAL(o.size_max, 9220);
	CU_ASSERT_EQUAL(o.flows, 1u << 24);
	CU_ASSERT_EQUAL(o.unique, 1);
	CU_ASSERT_EQUAL(o.encap, ENCAP_MPLSOGRE);
	CU_ASSERT(takes(&o, "gen --size imix:csit --count 1 --unique 0 -o f"));
	CU_ASSERT(takes(&o, "gen --size imix:csit --count 1 --unique 0.0 -o f"));
	CU_ASSERT_EQUAL(o.unique, 0);
	CU_ASSERT_EQUAL(o.mix, MIX_CSIT);
	CU_ASSERT(refuses("gen --count 1 -o f", "--size"));
	CU_ASSERT(refuses("gen --size 64 -o f", "--count"));
	CU_ASSERT(refuses("gen --size 64 --count 1", "-o"));
	CU_ASSERT(refuses("gen --size 64 --count 1 -o f g", "g"));
	CU_ASSERT(refuses("gen --size 63 --count 1 -o f", "--size 63"));
	CU_ASSERT(refuses("gen --size 9221 --count 1 -o f", "--size 9221"));
	CU_ASSERT(refuses("gen --size 100-99 --count 1 -o f", "--size 100-99"));
	CU_ASSERT(refuses("gen --size 64- --count 1 -o f", "--size 64-"));
	CU_ASSERT(refuses("gen --size imix:other --count 1 -o f", "--size imix:other"));
	CU_ASSERT(refuses("gen --size 64 --count 0 -o f", "--count 0"));
	CU_ASSERT(refuses("gen --size 64 --count 1 --flows 0 -o f", "--flows 0"));
	CU_ASSERT(refuses("gen --size 64 --count 1 --flows 16777217 -o f", "--flows 16777217"));
	CU_ASSERT(refuses("gen --size 64 --count 1 --unique 1.5 -o f", "--unique 1.5"));
	CU_ASSERT(refuses("gen --size 64 --count 1 --unique -1 -o f", "--unique -1"));
	CU_ASSERT(refuses("gen --size 64 --count 1 --unique 0x -o f", "--unique 0x"));
	CU_ASSERT(refuses("gen --size 64 --count 1 --encap ip -o f", "--encap ip"));
}

/* What a mistyped word was meant to be, and which help lists it. */
static void suggestions(void)
{
	CU_ASSERT(refuses("replay --vsf 3 f",
			  "--vsf: no such option; did you mean --vfs? (cosnic replay --help)"));
	CU_ASSERT(refuses("replay --clock-mz=3 f", "--clock-mz: no such option; did you mean --clock-mhz?"));
	CU_ASSERT(refuses("guest --iomu", "did you mean --iommu? (cosnic guest --help)"));
	CU_ASSERT(refuses("replay --colour f", "--colour: no such option (cosnic"));
	CU_ASSERT(refuses("replay --x f", "--x: no such option (cosnic"));
	CU_ASSERT(refuses("replay -o x f", "option -o is not for this command"));
	CU_ASSERT(refuses("replay --size=5 f", "option size is not for this command (cosnic replay --help)"));
	CU_ASSERT(refuses("replay --vfs 256 f", "(cosnic replay --help)"));
}

/* What is printed by a part of the help. */
static char *printed(void (*print)(FILE *f))
{
	static char text[1 << 17];
	FILE *f = fmemopen(text, sizeof(text), "w");

	CU_ASSERT_FATAL(f != NULL);
	print(f);
	CU_ASSERT(!ferror(f));
	fclose(f);
	return text;
}

static enum command_id shown;

static void show_command(FILE *f)
{
	help_command(f, shown);
}

static unsigned int times(const char *text, const char *word)
{
	unsigned int n = 0;

	for (; (text = strstr(text, word)); text += strlen(word))
		n++;
	return n;
}

/* Each option stands in the help of each of its commands once, and in no other; and in manual and completion. */
static void help(void)
{
	char word[64];
	unsigned int i, c, n;
	const char *text;

	for (c = 0; c < N_COMMANDS; c++) {
		shown = (enum command_id)c;
		text = printed(show_command);
		for (i = n = 0; i < N_OPTIONS; i++)
			n += option_rows[i].commands >> c & 1;
		CU_ASSERT_EQUAL(times(text, "\n      --") + times(text, "\n  -"), n);
		CU_ASSERT_PTR_NOT_NULL(strstr(text, "exit status:"));
	}
	text = printed(help_manpage);
	for (i = 0; i < N_OPTIONS; i++) {
		size_t at = (size_t)sprintf(word, "\\fB\\-\\-");
		const char *p;

		for (p = option_rows[i].name; *p; p++)
			at += (size_t)sprintf(word + at, *p == '-' ? "\\-" : "%c", *p);
		strcpy(word + at, "\\fR");
		CU_ASSERT_PTR_NOT_NULL(strstr(text, word));
	}
	text = printed(help_completion);
	for (i = 0; i < N_OPTIONS; i++) {
		snprintf(word, sizeof(word), "--%s ", option_rows[i].name);
		CU_ASSERT_PTR_NOT_NULL(strstr(text, word));
	}
}

/* No command has two options of one name or one letter. */
static void table(void)
{
	unsigned int i, k;

	for (i = 0; i < N_OPTIONS; i++) {
		for (k = 0; k < i; k++) {
			if (!(option_rows[i].commands & option_rows[k].commands))
				continue;
			CU_ASSERT_STRING_NOT_EQUAL(option_rows[i].name, option_rows[k].name);
			CU_ASSERT(!option_rows[i].letter || option_rows[i].letter != option_rows[k].letter);
		}
	}
}

static void guest(void)
{
	struct options o;

	CU_ASSERT(takes(&o, "guest"));
	CU_ASSERT(!o.guest.script && o.guest.time == TIME_VIRTUAL && o.guest.n_wire == 1);
	CU_ASSERT_STRING_EQUAL(o.guest.wire[0], "loop");
	CU_ASSERT_STRING_EQUAL(o.out_dir, "results/guest");
	CU_ASSERT(takes(&o, "guest --run s.sh --vfs 8 --with a --with b --pcie gen3x8 -- -x 5"));
	CU_ASSERT(o.vfs == 8 && o.guest.n_with == 2 && o.sim.pcie_gen == 3 && o.n_files == 2);
	CU_ASSERT_STRING_EQUAL(o.files[0], "-x");
	CU_ASSERT(takes(&o, "guest --wire pcap:a --wire netdev:user --time free --cpus 2"));
	CU_ASSERT(o.guest.n_wire == 2 && o.guest.time == TIME_FREE && o.guest.cpus == 2);
	CU_ASSERT(refuses("guest --wire ring", "--wire ring"));
	CU_ASSERT(refuses("guest --wire pcap:", "--wire pcap:"));
	CU_ASSERT(refuses("guest --wire loop --wire pcap:a", "contradicts"));
	CU_ASSERT(refuses("guest --wire pcap:a --wire pcap:b --wire pcap:c", "two ports"));
	CU_ASSERT(refuses("guest --cpus 2", "--cpus 2"));
	CU_ASSERT(refuses("guest --time soon", "--time soon"));
	CU_ASSERT(refuses("guest --memory 1", "--memory 1"));
	CU_ASSERT(refuses("guest --timeout 0", "--timeout 0"));
	CU_ASSERT(takes(&o, "guest --mac 02:00:00:00:aB:01 --iommu --dump"));
	CU_ASSERT(o.guest.iommu && o.guest.dump);
	CU_ASSERT_STRING_EQUAL(o.guest.mac, "02:00:00:00:aB:01");
	CU_ASSERT(refuses("guest --mac 02:00:00:00:00", "--mac 02:00:00:00:00"));
	CU_ASSERT(refuses("guest --mac 02:00:00:00:00:011", "station"));
	CU_ASSERT(refuses("guest --mac 2:00:00:00:00:001", "station"));
	CU_ASSERT(refuses("guest --mac 01:00:00:00:00:01", "station"));
	CU_ASSERT(refuses("guest --direction rx", "direction"));
	CU_ASSERT(refuses("guest word", "--run"));
	CU_ASSERT(refuses("replay --run s.sh f", "run"));
	CU_ASSERT(refuses("guest --mps 300", "mps is 300"));
}

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = {
		{ "options", "defaults", defaults },
		{ "options", "faults", faults },
		{ "options", "settings", settings },
		{ "options", "pacing", pacing },
		{ "options", "wave", wave },
		{ "options", "ranges", ranges },
		{ "options", "contradictions", contradictions },
		{ "options", "open_loop", open_loop },
		{ "options", "gen", gen },
		{ "options", "greedy", greedy },
		{ "options", "guest", guest },
		{ "options", "suggestions", suggestions },
		{ "options", "help", help },
		{ "options", "table", table },
		{ NULL, NULL, NULL },
	};

	return cu_main(argc, argv, tests);
}
