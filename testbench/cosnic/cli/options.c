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
#include "snic_door.h"

const char *const direction_names[] = { "rx", "tx", "both", "vf2vf", NULL };
static const char *const fixlen_names[] = { "none", "pad", "trunc", NULL };
const char *const encap_names[] = { "none", "vlan", "qinq", "vxlan", "geneve", "nvgre", "mplsogre", NULL };
static const char *const mix_names[] = { "", "imix", "imix:csit", "imix:trex", "tcp", "tcp64k", NULL };

static const char *const time_names[] = { "virtual", "free", NULL };
static const char *const module_names[] = { "few", "all", NULL };

/* Whose options options_parse() is at: where help is. */
static const char *parsed = "";

int usage_error(const char *command, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "cosnic: %s%s", command, *command ? ": " : "");
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	if (!*command)
		command = parsed;
	fprintf(stderr, " (cosnic %s%s--help)\n", command, *command ? " " : "");
	return EXIT_USAGE;
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

int parse_u32(const char *name, const char *s, uint32_t min, uint32_t max, uint32_t *out)
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

static int parse_filter(const char *name, const char *s, struct options *o)
{
	const char *wrong;

	if (o->pick.filter)
		return usage_error("", "%s %s: there is one already: join them by \"and\"", name, s);
	wrong = pick_filter(&o->pick, s);
	return wrong ? usage_error("", "%s %s: %s: see pcap-filter(7)", name, s, wrong) : 0;
}

static int parse_ranges(const char *name, const char *s, struct options *o)
{
	const char *wrong = pick_ranges(&o->pick, s);

	return wrong ? usage_error("", "%s %s: %s", name, s, wrong) : 0;
}

static int parse_edit_mac(const char *name, const char *s, uint8_t mac[6], bool *has)
{
	const char *wrong = edit_mac(s, mac);

	*has = true;
	return wrong ? usage_error("", "%s %s: %s", name, s, wrong) : 0;
}

static int parse_enet_vlan(const char *name, const char *s, struct options *o)
{
	static const char *const names[] = { "add", "del", NULL };
	int v, ret = parse_name(name, s, names, 0, &v);

	if (!ret)
		o->edit.vlan = v ? EDIT_VLAN_DEL : EDIT_VLAN_ADD;
	return ret;
}

static int parse_vlan_proto(const char *name, const char *s, struct options *o)
{
	static const char *const names[] = { "802.1q", "802.1ad", NULL };
	int v, ret = parse_name(name, s, names, 0, &v);

	if (!ret)
		o->edit.vlan_proto = v ? 0x88a8 : 0x8100;
	return ret;
}

static int parse_tag(const char *name, const char *s, uint32_t max, uint32_t *out, bool *has)
{
	*has = true;
	return parse_u32(name, s, 0, max, out);
}

static int parse_nets(const char *name, const char *s, struct options *o, bool source, bool destination)
{
	const char *wrong = edit_nets(&o->edit, s, source, destination);

	return wrong ? usage_error("", "%s %s: %s", name, s, wrong) : 0;
}

static int parse_map(const char *name, const char *path, struct options *o)
{
	char err[512];

	if (o->map)
		return usage_error("", "%s %s: the map is one file: put the lines of %s into it", name, path,
				   o->map->path);
	o->map = func_map_read(path, err, sizeof(err));
	return o->map ? 0 : usage_error("", "%s %s", name, err);
}

static int parse_flows(const char *name, const char *path, struct options *o)
{
	char err[512];

	if (o->flow_rules)
		return usage_error("", "%s %s: rules come from one file: put those of %s into it", name, path,
				   o->flow_rules->path);
	o->flow_rules = flow_rules_read(path, err, sizeof(err));
	return o->flow_rules ? 0 : usage_error("", "%s %s", name, err);
}

static int parse_tunnels(const char *name, const char *path, struct options *o)
{
	char err[512];

	if (o->tunnels)
		return usage_error("", "%s %s: tunnels come from one file: put those of %s into it", name,
				   path, o->tunnels->path);
	o->tunnels = tunnels_read(path, err, sizeof(err));
	return o->tunnels ? 0 : usage_error("", "%s %s", name, err);
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

static int parse_link_down(struct options *o, const char *s)
{
	struct link_down *l = &o->link_down[o->n_link_down];
	unsigned long long from, to;
	int end = 0;

	if (o->n_link_down == MAX_LINK_DOWN)
		return usage_error("", "--link-down %s: no more than %d of them", s, MAX_LINK_DOWN);
	if (strspn(s, "0123456789:") != strlen(s) ||
	    sscanf(s, "%1u:%15llu:%15llu%n", &l->port, &from, &to, &end) != 3 || s[end] ||
	    l->port >= SNIC_N_PORT || from >= to)
		return usage_error(
			"",
			"--link-down %s: must be PORT:FROM:TO, a port, 0 or 1, and ns from the start, as 0:20000:30000",
			s);
	l->from_ps = from * 1000;
	l->to_ps = to * 1000;
	l->text = s;
	o->n_link_down++;
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
				"",
				"--size %s: must be a size, A-B, imix, imix:csit, imix:trex, tcp or tcp64k",
				s);
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

static int set_text(const char **out, const char *arg)
{
	*out = arg;
	return 0;
}

static int set_flag(bool *out)
{
	*out = true;
	return 0;
}

/* One more of a repeatable option. */
static int add_text(const char *name, const char *arg, const char **list, unsigned int *n, unsigned int max)
{
	if (*n == max)
		return usage_error("", "%s %s: no more than %u of them", name, arg, max);
	list[(*n)++] = arg;
	return 0;
}

static int parse_direction(const char *name, const char *arg, struct options *o)
{
	int v, ret = parse_name(name, arg, direction_names, 0, &v);

	if (!ret)
		o->direction = (enum direction)v;
	return ret;
}

static int parse_fixlen(const char *name, const char *arg, struct options *o)
{
	int v, ret = parse_name(name, arg, fixlen_names, 0, &v);

	if (!ret)
		o->fixlen = (enum trace_fixlen)v;
	return ret;
}

static int parse_encap(const char *name, const char *arg, struct options *o)
{
	int v, ret = parse_name(name, arg, encap_names, 0, &v);

	if (!ret)
		o->encap = (enum encap)v;
	return ret;
}

static int parse_time(const char *name, const char *arg, struct guest_options *g)
{
	int v, ret = parse_name(name, arg, time_names, 0, &v);

	if (!ret)
		g->time = (enum guest_time)v;
	return ret;
}

static int parse_modules(const char *name, const char *arg, struct guest_options *g)
{
	int v, ret = parse_name(name, arg, module_names, 0, &v);

	if (!ret)
		g->all_modules = v;
	return ret;
}

static int parse_one(struct options *o, int id, char *arg)
{
	switch (id) {
#define OPTION(id, letter, name, ...)                                                                        \
	case OPT_##id: {                                                                                     \
		static const char opt[] = "--" name;                                                         \
                                                                                                             \
		return OPTION_ACTION(__VA_ARGS__);                                                           \
	}
#define OPTION_ACTION(value, commands, section, help, action) ((void)opt, action)
#define TOOL_OPTION(id, ...)
#include "options.def"
#undef OPTION
#undef OPTION_ACTION
#undef TOOL_OPTION
	default:
		return EXIT_USAGE;
	}
}

/* Each command has a folder of its own: what one wrote the other leaves alone. */
static const char *const out_dirs[] = {
#define COMMAND(id, name, word, ...) "results/" word,
#define TOOL(id, name, word, ...) "results/" word,
#include "commands.def"
#undef COMMAND
#undef TOOL
	NULL
};

/* Not said: then it is the card's own. */
static void unset(struct snic_sim_config *c)
{
#define SETTING(name, field) c->field = SNIC_SIM_UNSET;
	SNIC_SIM_SETTINGS(SETTING)
#undef SETTING
}

int options_parse(struct options *o, const char *command, int argc, char **argv)
{
	int c;

	memset(o, 0, sizeof(*o));
	snic_sim_config_default(&o->sim);
	if (!strcmp(command, "guest"))
		unset(&o->sim);
	o->loop = 1;
	o->max_gap_ms = 1000;
	o->queues = 1;
	o->ports = 1;
	o->edit.vlan_proto = 0x8100;
	o->flows = 1;
	o->out_dir = out_dirs[command_find(command)];
	o->guest.plain = SNIC_SIM_UNSET;
	o->guest.memory_mb = 1024;
	o->guest.cpus = 1;
	o->guest.timeout_s = 600;
	parsed = command;
	optind = 0; /* glibc: begin anew, also inside a word like -tp */
	while ((c = options_next(command, argc, argv)) != -1)
		if (!c || parse_one(o, c, optarg))
			return EXIT_USAGE;
	if (!o->guest.n_wire)
		o->guest.wire[o->guest.n_wire++] = "loop";
	o->files = argv + optind;
	o->n_files = argc - optind;
	return options_check(o, command);
}
