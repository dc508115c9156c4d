/* SPDX-License-Identifier: BSD-2-Clause */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ethernet.h"
#include "snic_contract.h"

const char *const direction_names[] = { "rx", "tx", "both", "vf2vf", NULL };
static const char *const fixlen_names[] = { "none", "pad", "trunc", NULL };
const char *const encap_names[] = { "none", "vlan", "qinq", "vxlan", "geneve", "nvgre", "mplsogre", NULL };
static const char *const mix_names[] = { "", "imix", "imix:csit", "imix:trex", "tcp", NULL };

enum {
	OPT_DIRECTION = OPTION_LONG,
	OPT_VFS,
	OPT_QUEUES,
	OPT_CLOCK,
	OPT_WIRE,
	OPT_PCIE,
	OPT_MPS,
	OPT_MRRS,
	OPT_RCB,
	OPT_READ_LATENCY,
	OPT_WRITE_LATENCY,
	OPT_JITTER,
	OPT_SEED,
	OPT_FAULT,
	OPT_START_CYCLES,
	OPT_WAVE,
	OPT_OUT,
	OPT_JSON,
	OPT_QUIET,
	OPT_RULES,
	OPT_KEEP_MACS,
	OPT_OPEN_LOOP,
	OPT_MAXSLEEP,
	OPT_FIXLEN,
	OPT_NO_JUMP,
	OPT_NO_GATE,
	OPT_LIBRARY,
	OPT_SIZE,
	OPT_COUNT,
	OPT_FLOWS,
	OPT_UNIQUE,
	OPT_ENCAP,
	OPT_GREEDY,
	OPT_GREEDY_SIZE,
	OPT_RUN,
	OPT_TIME,
	OPT_WIRE_TO,
	OPT_KERNEL,
	OPT_MODULE,
	OPT_QEMU,
	OPT_APPEND,
	OPT_QEMU_ARG,
	OPT_MODULES,
	OPT_WITH,
	OPT_MEMORY,
	OPT_CPUS,
	OPT_TIMEOUT,
	OPT_MAC,
	OPT_IOMMU,
	OPT_DUMP,
	OPT_FAULTS_WAIT,
};

static const struct option long_options[] = {
	{ "topspeed", no_argument, NULL, 't' },
	{ "pps", required_argument, NULL, 'p' },
	{ "mbps", required_argument, NULL, 'M' },
	{ "multiplier", required_argument, NULL, 'x' },
	{ "loop", required_argument, NULL, 'l' },
	{ "limit", required_argument, NULL, 'L' },
	{ "direction", required_argument, NULL, OPT_DIRECTION },
	{ "vfs", required_argument, NULL, OPT_VFS },
	{ "queues", required_argument, NULL, OPT_QUEUES },
	{ "clock-mhz", required_argument, NULL, OPT_CLOCK },
	{ "wire-gbps", required_argument, NULL, OPT_WIRE },
	{ "pcie", required_argument, NULL, OPT_PCIE },
	{ "mps", required_argument, NULL, OPT_MPS },
	{ "mrrs", required_argument, NULL, OPT_MRRS },
	{ "rcb", required_argument, NULL, OPT_RCB },
	{ "read-latency", required_argument, NULL, OPT_READ_LATENCY },
	{ "write-latency", required_argument, NULL, OPT_WRITE_LATENCY },
	{ "read-jitter", required_argument, NULL, OPT_JITTER },
	{ "seed", required_argument, NULL, OPT_SEED },
	{ "fault", required_argument, NULL, OPT_FAULT },
	{ "start-cycles", required_argument, NULL, OPT_START_CYCLES },
	{ "wave", required_argument, NULL, OPT_WAVE },
	{ "out", required_argument, NULL, OPT_OUT },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "quiet", no_argument, NULL, OPT_QUIET },
	{ "rules", required_argument, NULL, OPT_RULES },
	{ "keep-macs", no_argument, NULL, OPT_KEEP_MACS },
	{ "open-loop", no_argument, NULL, OPT_OPEN_LOOP },
	{ "maxsleep", required_argument, NULL, OPT_MAXSLEEP },
	{ "fixlen", required_argument, NULL, OPT_FIXLEN },
	{ "no-jump", no_argument, NULL, OPT_NO_JUMP },
	{ "no-gate", no_argument, NULL, OPT_NO_GATE },
	{ "library", required_argument, NULL, OPT_LIBRARY },
	{ "size", required_argument, NULL, OPT_SIZE },
	{ "count", required_argument, NULL, OPT_COUNT },
	{ "flows", required_argument, NULL, OPT_FLOWS },
	{ "unique", required_argument, NULL, OPT_UNIQUE },
	{ "encap", required_argument, NULL, OPT_ENCAP },
	{ "greedy", required_argument, NULL, OPT_GREEDY },
	{ "greedy-size", required_argument, NULL, OPT_GREEDY_SIZE },
	{ "run", required_argument, NULL, OPT_RUN },
	{ "time", required_argument, NULL, OPT_TIME },
	{ "wire", required_argument, NULL, OPT_WIRE_TO },
	{ "kernel", required_argument, NULL, OPT_KERNEL },
	{ "module", required_argument, NULL, OPT_MODULE },
	{ "qemu", required_argument, NULL, OPT_QEMU },
	{ "append", required_argument, NULL, OPT_APPEND },
	{ "qemu-arg", required_argument, NULL, OPT_QEMU_ARG },
	{ "modules", required_argument, NULL, OPT_MODULES },
	{ "with", required_argument, NULL, OPT_WITH },
	{ "memory", required_argument, NULL, OPT_MEMORY },
	{ "cpus", required_argument, NULL, OPT_CPUS },
	{ "timeout", required_argument, NULL, OPT_TIMEOUT },
	{ "sim", required_argument, NULL, OPT_LIBRARY },
	{ "mac", required_argument, NULL, OPT_MAC },
	{ "iommu", no_argument, NULL, OPT_IOMMU },
	{ "dump", no_argument, NULL, OPT_DUMP },
	{ "faults-wait", no_argument, NULL, OPT_FAULTS_WAIT },
	{ NULL, 0, NULL, 0 },
};

void options_usage(FILE *f)
{
	fputs("usage:\n"
	      "  cosnic gen --size 64|A-B|imix|imix:csit|imix:trex|tcp --count N [--flows N] [--unique SHARE] [--vfs N]\n"
	      "             [--encap none|vlan|qinq|vxlan|geneve|nvgre|mplsogre] [--seed N]\n"
	      "             [--greedy F] [--greedy-size S] -o FILE.pcap    VF 1 sends F frames for one of each other VF, of S bytes\n"
	      "  cosnic replay [options] FILE.pcap...     through the RTL, checked, measured beside predicted\n"
	      "  cosnic predict [options] FILE.pcap...    the prediction alone\n"
	      "  cosnic guest [--run SCRIPT] [options]    Linux in QEMU with the card on PCIe: a shell, or a script's run\n"
	      "  cosnic bench SUITE [options]             many runs: searches, sweeps, ready-made suites (cosnic bench --help)\n"
	      "  cosnic report [DIR...] -o FILE.html      a page of what the folders hold, also as CSV and Markdown (--help)\n"
	      "  cosnic compare BASE NEW                  what changed between two folders of results (--help)\n"
	      "  cosnic info                              what the device says of itself, and tool versions\n"
	      "options of replay and predict:\n"
	      "  -t --topspeed | -p --pps N | -M --mbps N | -x --multiplier F    pacing (default: topspeed)\n"
	      "  --maxsleep MS    -x: longer gaps of the capture count as MS milliseconds (default 1000; 0: no limit)\n"
	      "  --fixlen none|pad|trunc   frames that the capture has cut: skipped (default), padded with zeros, sent as they are\n"
	      "  -l --loop N      passes over the files (default 1)\n"
	      "  -L --limit N     frames offered per direction\n"
	      "  --direction rx|tx|both|vf2vf   wire to host (default), host to wire, both, function to function\n"
	      "  --vfs 0..255     VFs in use (0: the PF alone)    --queues 1..8   queue pairs per function\n"
	      "  --clock-mhz 400 --wire-gbps 100 --pcie gen4x16 --mps 256 --mrrs 512 --rcb 64\n"
	      "  --read-latency 600 --write-latency 250 --read-jitter 0 (ns); --read-latency FILE: drawn from its NS,COUNT lines\n"
	      "  --rules N        N masked rules, each with a mask of its own (0..16)\n"
	      "  --keep-macs      leave MAC addresses as captured (default: rewritten to fit --direction)\n"
	      "  --open-loop      functions send by the clock: what finds no room in its ring is dropped and holds up no other\n"
	      "                   function (default: the sender waits, and all behind it)\n"
	      "  --fault KIND[:KEY=VALUE,...]   what goes wrong on purpose (up to 16 times), of reads: late:ns=N lost ur ca poison:after=BYTES\n"
	      "                   split apart:ns=N, of them func=A-B addr=A-B n=A-B p=SHARE; of the links: down:port=P sizes:mps=N,mrrs=N;\n"
	      "                   all with from=NS,to=NS of the card's time (rtl/sim/README.md)\n"
	      "  --start-cycles N the card's 48-bit time as its reset ends (default 0)\n"
	      "  --seed N         --no-jump   simulate idle cycles too    --no-gate   clock idle blocks too\n"
	      "  --wave FILE.fst[:FROM_NS:TO_NS]   --out DIR (default results/replay)   --json   --quiet\n"
	      "options of guest (beside those of the clock, the link and the wire, --fault, --start-cycles, --vfs, --wave, --out, --quiet):\n"
	      "  --run SCRIPT [-- ARGS]   run it in the guest; its output and exit status are those of this command\n"
	      "  --time virtual|free      exact virtual time (default), or as fast as it goes\n"
	      "  --wire loop|pcap:FILE|netdev:ARGS   the two ports cabled together (default), or what is on\n"
	      "                           each port (twice): a capture (-t: at line rate, not at its times), a QEMU netdev\n"
	      "  --dump                   what passes the ports, as captures wire0.pcap and wire1.pcap in --out\n"
	      "  --faults-wait            until the script switches them on (lib.sh: faults MASK)\n"
	      "  --mac 52:54:00:12:34:56  the card's; VFs have those after it    --iommu   an IOMMU before the card\n"
	      "  --with DIR|PACKAGE       add files or a Debian package to the guest (repeatable)\n"
	      "  --modules few|all        of the kernel's modules those that scenarios use (default), or all of them\n"
	      "  --kernel FILE --module FILE.ko --qemu FILE --sim FILE   in place of those that make built\n"
	      "  --qemu-arg WORD          an argument for QEMU, behind the others (repeatable)\n"
	      "  --append ARGS    kernel options   --memory 1024 (MB)   --cpus 1   --timeout S   wall time of a --run (default 600)\n"
	      "exit status: 0 all well, 1 a check failed or the run was interrupted, 2 wrong usage, 3 unusable input\n",
	      f);
}

int usage_error(const char *command, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "cosnic: %s%s", command, *command ? ": " : "");
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	if (*command)
		fprintf(stderr, " (cosnic %s --help)\n", command);
	else
		fputs(" (cosnic --help lists the options)\n", stderr);
	return EXIT_USAGE;
}

int option_error(const char *command, int c, char **argv)
{
	if (c == ':')
		return usage_error(command, "%s needs a value", argv[optind - 1]);
	if (optopt >= OPTION_LONG)
		return usage_error(command, "%s: the option takes no value", argv[optind - 1]);
	if (optopt > 0)
		return usage_error(command, "-%c: no such option", optopt);
	return usage_error(command, "%s: no such option", argv[optind - 1]);
}

/* A whole, unsigned number in range; strtoull alone takes "-1" and "12abc". */
static int parse_u64(const char *name, const char *s, uint64_t min, uint64_t max, uint64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoull(s, &end, 10);
	if (*s < '0' || *s > '9' || *end || errno || *out < min || *out > max)
		return usage_error("", "%s %s: must be a number from %llu to %llu", name, s,
				   (unsigned long long)min, (unsigned long long)max);
	return 0;
}

static int parse_u32(const char *name, const char *s, uint32_t min, uint32_t max, uint32_t *out)
{
	uint64_t v;
	int ret = parse_u64(name, s, min, max, &v);

	if (!ret)
		*out = (uint32_t)v;
	return ret;
}

/* NaN for what is not a number, or out of range for one. */
static double number(const char *s)
{
	double v;
	char *end;

	errno = 0;
	v = strtod(s, &end);
	return end == s || *end || errno ? NAN : v;
}

static int parse_positive(const char *name, const char *s, double max, double *out)
{
	*out = number(s);
	if (!(*out > 0 && *out <= max))
		return usage_error("", "%s %s: must be a number above 0, at most %g", name, s, max);
	return 0;
}

static int parse_share(const char *name, const char *s, double *out)
{
	*out = number(s);
	if (!(*out >= 0 && *out <= 1))
		return usage_error("", "%s %s: must be a number from 0 to 1", name, s);
	return 0;
}

static int parse_name(const char *name, const char *s, const char *const *names, int first, int *out)
{
	int i;

	for (i = first; names[i]; i++) {
		if (!strcmp(s, names[i])) {
			*out = i;
			return 0;
		}
	}
	fprintf(stderr, "cosnic: %s %s: must be one of", name, s);
	for (i = first; names[i]; i++)
		fprintf(stderr, " %s", names[i]);
	fputc('\n', stderr);
	return EXIT_USAGE;
}

static int parse_pcie(const char *s, struct snic_sim_config *cfg)
{
	unsigned int gen, lanes;
	char tail;

	if (sscanf(s, "gen%1ux%2u%c", &gen, &lanes, &tail) != 2 || strspn(s, "genx0123456789") != strlen(s))
		return usage_error("", "--pcie %s: must look like gen4x16", s);
	cfg->pcie_gen = gen;
	cfg->pcie_lanes = lanes;
	return 0;
}

/* A number of ns, or a file that says how long reads took. */
static int parse_read_latency(struct options *o, const char *s)
{
	struct snic_sim_bin *bins;
	char err[512];

	if (*s >= '0' && *s <= '9' && !s[strspn(s, "0123456789")])
		return parse_u32("--read-latency", s, 0, SNIC_SIM_LATENCY_MAX_NS, &o->sim.read_latency_ns);
	if (snic_sim_histogram(s, &bins, &o->sim.n_read_bins, err, sizeof(err)))
		return usage_error("", "--read-latency must be ns or a file: %s", err);
	o->sim.read_bins = bins;
	o->read_latency_file = s;
	return 0;
}

static int parse_fault(struct options *o, const char *s)
{
	static struct snic_sim_fault list[MAX_FAULTS];
	char err[256];

	if (o->sim.n_faults == MAX_FAULTS)
		return usage_error("", "--fault %s: no more than %d of them", s, MAX_FAULTS);
	if (snic_sim_fault_parse(s, &list[o->sim.n_faults], err, sizeof(err)))
		return usage_error("", "--%s", err);
	o->fault_text[o->sim.n_faults++] = s;
	o->sim.faults = list;
	return 0;
}

static int parse_wave(struct options *o, char *s)
{
	char *from = strchr(s, ':'), *to;
	uint64_t v;

	o->wave_path = s;
	o->wave_to_ps = UINT64_MAX;
	if (!from)
		return 0;
	*from++ = 0;
	if (!*s)
		return usage_error("", "--wave: the name of the file is missing");
	to = strchr(from, ':');
	if (to)
		*to++ = 0;
	if (parse_u64("--wave FROM_NS", from, 0, UINT64_MAX / 1000, &v))
		return EXIT_USAGE;
	o->wave_from_ps = v * 1000;
	if (to) {
		if (parse_u64("--wave TO_NS", to, v + 1, UINT64_MAX / 1000, &v))
			return EXIT_USAGE;
		o->wave_to_ps = v * 1000;
	}
	return 0;
}

static int parse_size(struct options *o, const char *s)
{
	const unsigned int min = SNIC_FRAME_MIN + ETH_FCS, max = SNIC_FRAME_MAX + ETH_FCS;
	unsigned int a, b;
	char tail;
	int i;

	o->size_name = s;
	for (i = MIX_IMIX; mix_names[i]; i++) {
		if (!strcmp(s, mix_names[i])) {
			o->mix = (enum mix)i;
			return 0;
		}
	}
	o->mix = MIX_RANGE;
	if (sscanf(s, "%5u-%5u%c", &a, &b, &tail) != 2) {
		if (sscanf(s, "%5u%c", &a, &tail) != 1)
			return usage_error(
				"", "--size %s: must be a size, A-B, imix, imix:csit, imix:trex or tcp", s);
		b = a;
	}
	if (a < min || b > max || a > b)
		return usage_error("", "--size %s: sizes count the FCS and go from %u to %u", s, min, max);
	o->size_min = a;
	o->size_max = b;
	return 0;
}

/* One pacing a run: two of them contradict each other. */
static int parse_pacing(struct options *o, enum pacing pacing, const char *name, double max, const char *arg)
{
	if (o->pacing_name && o->pacing != pacing)
		return usage_error("", "%s contradicts %s: give one of them", name, o->pacing_name);
	o->pacing = pacing;
	o->pacing_name = name;
	return arg ? parse_positive(name, arg, max, &o->pace) : 0;
}

/* loop, or one for each port. */
static int parse_wire(struct guest_options *g, const char *arg)
{
	bool loop = !strcmp(arg, "loop");

	if (!loop && (strncmp(arg, "netdev:", 7) || !arg[7]) && (strncmp(arg, "pcap:", 5) || !arg[5]))
		return usage_error("", "--wire %s: must be loop, pcap:FILE or netdev:ARGS", arg);
	if (g->n_wire == 2 || (g->n_wire && (loop || !strcmp(g->wire[0], "loop"))))
		return usage_error("", "--wire %s contradicts --wire %s: there are two ports", arg,
				   g->wire[0]);
	g->wire[g->n_wire++] = arg;
	return 0;
}

/* A card's own address is a station's, not a group's. */
static int parse_mac(const char *arg, const char **mac)
{
	unsigned int b[6];
	int end = 0;

	if (sscanf(arg, "%2x:%2x:%2x:%2x:%2x:%2x%n", &b[0], &b[1], &b[2], &b[3], &b[4], &b[5], &end) != 6 ||
	    arg[end] || end != 17 || b[0] & 1)
		return usage_error(
			"", "--mac %s: must be the address of a station, such as 52:54:00:12:34:56", arg);
	*mac = arg;
	return 0;
}

static int parse_guest(struct guest_options *g, int c, const char *arg)
{
	static const char *const time_names[] = { "virtual", "free", NULL };
	static const char *const module_names[] = { "few", "all", NULL };
	int v, ret;

	switch (c) {
	case OPT_RUN:
		g->script = arg;
		return 0;
	case OPT_TIME:
		ret = parse_name("--time", arg, time_names, 0, &v);
		if (!ret)
			g->time = (enum guest_time)v;
		return ret;
	case OPT_WIRE_TO:
		return parse_wire(g, arg);
	case OPT_KERNEL:
		g->kernel = arg;
		return 0;
	case OPT_MODULE:
		g->module = arg;
		return 0;
	case OPT_QEMU:
		g->qemu = arg;
		return 0;
	case OPT_APPEND:
		g->append = arg;
		return 0;
	case OPT_QEMU_ARG:
		if (g->n_qemu_arg == GUEST_MAX_QEMU_ARG)
			return usage_error("", "--qemu-arg %s: no more than %d of them", arg,
					   GUEST_MAX_QEMU_ARG);
		g->qemu_arg[g->n_qemu_arg++] = arg;
		return 0;
	case OPT_MODULES:
		ret = parse_name("--modules", arg, module_names, 0, &v);
		if (!ret)
			g->all_modules = v;
		return ret;
	case OPT_WITH:
		if (g->n_with == GUEST_MAX_WITH)
			return usage_error("", "--with %s: no more than %d of them", arg, GUEST_MAX_WITH);
		g->with[g->n_with++] = arg;
		return 0;
	case OPT_MEMORY:
		return parse_u32("--memory", arg, 256, 65536, &g->memory_mb);
	case OPT_CPUS:
		return parse_u32("--cpus", arg, 1, SNIC_Q_PER_FUNC, &g->cpus);
	case OPT_TIMEOUT:
		return parse_u32("--timeout", arg, 1, 86400, &g->timeout_s);
	case OPT_MAC:
		return parse_mac(arg, &g->mac);
	case OPT_IOMMU:
		g->iommu = true;
		return 0;
	case OPT_DUMP:
		g->dump = true;
		return 0;
	case OPT_FAULTS_WAIT:
		g->faults_wait = true;
		return 0;
	default:
		return EXIT_USAGE;
	}
}

static int parse_one(struct options *o, int c, char *arg)
{
	int v, ret;

	if (c >= OPT_RUN)
		return parse_guest(&o->guest, c, arg);
	switch (c) {
	case 't':
		return parse_pacing(o, PACE_TOPSPEED, "--topspeed", 0, NULL);
	case 'p':
		return parse_pacing(o, PACE_PPS, "--pps", 1e12, arg);
	case 'M':
		return parse_pacing(o, PACE_MBPS, "--mbps", 1e9, arg);
	case 'x':
		return parse_pacing(o, PACE_MULTIPLIER, "--multiplier", 1e9, arg);
	case 'l':
		return parse_u64("--loop", arg, 1, 1u << 30, &o->loop);
	case 'L':
		return parse_u64("--limit", arg, 1, UINT64_MAX / 2, &o->limit);
	case 'o':
		o->gen_path = arg;
		return 0;
	case OPT_DIRECTION:
		ret = parse_name("--direction", arg, direction_names, 0, &v);
		if (!ret)
			o->direction = (enum direction)v;
		return ret;
	case OPT_VFS:
		return parse_u32("--vfs", arg, 0, SNIC_N_FUNC - 1, &o->vfs);
	case OPT_QUEUES:
		return parse_u32("--queues", arg, 1, SNIC_Q_PER_FUNC, &o->queues);
	case OPT_CLOCK:
		return parse_u32("--clock-mhz", arg, 50, 2000, &o->sim.clock_mhz);
	case OPT_WIRE:
		return parse_u32("--wire-gbps", arg, 1, 1000, &o->sim.wire_gbps);
	case OPT_PCIE:
		return parse_pcie(arg, &o->sim);
	case OPT_MPS:
		return parse_u32("--mps", arg, 0, UINT32_MAX, &o->sim.mps);
	case OPT_MRRS:
		return parse_u32("--mrrs", arg, 0, UINT32_MAX, &o->sim.mrrs);
	case OPT_RCB:
		return parse_u32("--rcb", arg, 64, 128, &o->sim.rcb);
	case OPT_READ_LATENCY:
		return parse_read_latency(o, arg);
	case OPT_WRITE_LATENCY:
		return parse_u32("--write-latency", arg, 0, 1000000, &o->sim.write_latency_ns);
	case OPT_JITTER:
		return parse_u32("--read-jitter", arg, 0, 1000000, &o->sim.read_jitter_ns);
	case OPT_SEED:
		return parse_u64("--seed", arg, 0, UINT64_MAX, &o->sim.seed);
	case OPT_FAULT:
		return parse_fault(o, arg);
	case OPT_START_CYCLES:
		return parse_u64("--start-cycles", arg, 0, (1ull << 48) - 1, &o->sim.start_cycles);
	case OPT_WAVE:
		return parse_wave(o, arg);
	case OPT_OUT:
		o->out_dir = arg;
		return 0;
	case OPT_JSON:
		o->json = true;
		return 0;
	case OPT_QUIET:
		o->quiet = true;
		return 0;
	case OPT_RULES:
		return parse_u32("--rules", arg, 0, SNIC_RULE_MASKS, &o->rules);
	case OPT_KEEP_MACS:
		o->keep_macs = true;
		return 0;
	case OPT_OPEN_LOOP:
		o->open_loop = true;
		return 0;
	case OPT_MAXSLEEP:
		return parse_u64("--maxsleep", arg, 0, 86400000ull * 365, &o->max_gap_ms);
	case OPT_FIXLEN:
		ret = parse_name("--fixlen", arg, fixlen_names, 0, &v);
		if (!ret)
			o->fixlen = (enum trace_fixlen)v;
		return ret;
	case OPT_NO_JUMP:
		o->sim.no_jump = true;
		return 0;
	case OPT_NO_GATE:
		o->sim.no_gate = true;
		return 0;
	case OPT_LIBRARY:
		o->library = arg;
		return 0;
	case OPT_SIZE:
		return parse_size(o, arg);
	case OPT_COUNT:
		return parse_u64("--count", arg, 1, UINT64_MAX / 2, &o->count);
	case OPT_FLOWS:
		return parse_u64("--flows", arg, 1, 1u << 24, &o->flows);
	case OPT_UNIQUE:
		return parse_share("--unique", arg, &o->unique);
	case OPT_ENCAP:
		ret = parse_name("--encap", arg, encap_names, 0, &v);
		if (!ret)
			o->encap = (enum encap)v;
		return ret;
	case OPT_GREEDY:
		return parse_u32("--greedy", arg, 1, 1000, &o->greedy);
	case OPT_GREEDY_SIZE:
		return parse_u32("--greedy-size", arg, SNIC_FRAME_MIN + ETH_FCS, SNIC_FRAME_MAX + ETH_FCS,
				 &o->greedy_size);
	default:
		return EXIT_USAGE;
	}
}

/* An option that the command would not look at is refused, not passed over. */
static bool belongs(const char *command, int c)
{
	static const int gen_only[] = { OPT_SIZE,  OPT_COUNT,  OPT_FLOWS,	OPT_UNIQUE,
					OPT_ENCAP, OPT_GREEDY, OPT_GREEDY_SIZE, 'o' };
	static const int gen_too[] = { OPT_VFS, OPT_SEED, OPT_WIRE, OPT_QUIET };
	static const int guest_too[] = { 't',	      OPT_VFS,		OPT_CLOCK,	   OPT_WIRE,
					 OPT_PCIE,    OPT_MPS,		OPT_MRRS,	   OPT_RCB,
					 OPT_SEED,    OPT_WAVE,		OPT_OUT,	   OPT_QUIET,
					 OPT_LIBRARY, OPT_READ_LATENCY, OPT_WRITE_LATENCY, OPT_JITTER,
					 OPT_FAULT,   OPT_START_CYCLES };
	bool gen = !strcmp(command, "gen"), guest = !strcmp(command, "guest");
	size_t i;

	for (i = 0; guest && i < sizeof(guest_too) / sizeof(guest_too[0]); i++)
		if (guest_too[i] == c)
			return true;
	if (guest || c >= OPT_RUN)
		return guest && c >= OPT_RUN;
	for (i = 0; i < sizeof(gen_only) / sizeof(gen_only[0]); i++)
		if (gen_only[i] == c)
			return gen;
	for (i = 0; gen && i < sizeof(gen_too) / sizeof(gen_too[0]); i++)
		if (gen_too[i] == c)
			return true;
	return !gen && (strcmp(command, "info") || c == OPT_LIBRARY);
}

enum option_kind options_kind(const char *command, const char *name)
{
	const struct option *l;

	for (l = long_options; l->name && strcmp(l->name, name); l++)
		;
	if (!l->name || !belongs(command, l->val))
		return OPTION_NONE;
	return l->has_arg ? OPTION_VALUE : OPTION_FLAG;
}

/* Only -o has no long name. */
static const char *option_name(int c)
{
	const struct option *l;

	for (l = long_options; l->name && l->val != c; l++)
		;
	return l->name ? l->name : "o";
}

static int check_greedy(const struct options *o)
{
	if (!o->greedy)
		return usage_error("", "--greedy-size %u is that of a greedy VF: give --greedy too",
				   o->greedy_size);
	if (o->vfs < 2)
		return usage_error("", "--greedy needs --vfs 2 or more");
	if (o->mix == MIX_TCP)
		return usage_error(
			"",
			"--greedy: the frames of --size tcp come in an order of their own; give another size");
	if (o->flows < o->vfs)
		return usage_error("", "--greedy: each VF has a flow of its own: give --flows %u or more",
				   o->vfs);
	return 0;
}

/* By the clock there must be one, and somebody who sends by it. */
static int check_open_loop(const struct options *o)
{
	if (o->pacing == PACE_TOPSPEED)
		return usage_error(
			"", "--open-loop: at top speed all frames are due at once: give --pps, --mbps or "
			    "--multiplier too");
	if (o->direction == DIR_RX)
		return usage_error("", "--open-loop: no function sends in --direction rx");
	return 0;
}

static int check_together(const struct options *o, const char *command)
{
	char err[256];

	if (!strcmp(command, "gen")) {
		if (!o->gen_path)
			return usage_error("", "gen: -o FILE.pcap is missing");
		if (!o->count)
			return usage_error("", "gen: --count is missing");
		if (!o->size_name)
			return usage_error("", "gen: --size is missing");
		if (o->n_files)
			return usage_error("", "gen: %s: gen takes no input files", o->files[0]);
		return o->greedy || o->greedy_size ? check_greedy(o) : 0;
	}
	if (!strcmp(command, "guest") && o->n_files && !o->guest.script)
		return usage_error("", "guest: %s: arguments are those of a script: give --run SCRIPT too",
				   o->files[0]);
	if (o->guest.cpus > 1 && o->guest.time == TIME_VIRTUAL)
		return usage_error("", "--cpus %u: virtual time has one CPU; give --time free too",
				   o->guest.cpus);
	if (!strcmp(command, "info") && o->n_files)
		return usage_error("", "info: %s: info takes no input files", o->files[0]);
	if (snic_sim_config_check(&o->sim, err, sizeof(err)))
		return usage_error("", "%s", err);
	if (o->direction == DIR_VF2VF && o->vfs < 2)
		return usage_error("", "--direction vf2vf needs --vfs 2 or more");
	if (o->open_loop && check_open_loop(o))
		return EXIT_USAGE;
	if ((!strcmp(command, "replay") || !strcmp(command, "predict")) && !o->n_files)
		return usage_error("", "%s: no capture files", command);
	return 0;
}

int options_parse(struct options *o, const char *command, int argc, char **argv)
{
	int c;

	memset(o, 0, sizeof(*o));
	snic_sim_config_default(&o->sim);
	o->loop = 1;
	o->max_gap_ms = 1000;
	o->queues = 1;
	o->flows = 1;
	o->out_dir = !strcmp(command, "guest") ? "results/guest" : "results/replay";
	o->guest.memory_mb = 1024;
	o->guest.cpus = 1;
	o->guest.timeout_s = 600;
	optind = 0; /* glibc: begin anew, also inside a word like -tp */
	opterr = 0;
	while ((c = getopt_long(argc, argv, ":tp:M:x:l:L:o:", long_options, NULL)) != -1) {
		if (c == ':' || c == '?')
			return option_error(command, c, argv);
		if (!belongs(command, c))
			return usage_error("", "%s: option %s is not for this command", command,
					   option_name(c));
		if (parse_one(o, c, optarg))
			return EXIT_USAGE;
	}
	if (!o->guest.n_wire)
		o->guest.wire[o->guest.n_wire++] = "loop";
	o->files = argv + optind;
	o->n_files = argc - optind;
	return check_together(o, command);
}
