/* SPDX-License-Identifier: BSD-2-Clause */
/* Command line of `cosnic`: one struct for all commands, every value checked before anything runs. */
#ifndef COSNIC_OPTIONS_H
#define COSNIC_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "flow_file.h"
#include "func_map.h"
#include "tunnel_file.h"
#include "snic_sim.h"
#include "trace.h"

#define GUEST_MAX_WITH 16
#define MAX_FAULTS 16
#define GUEST_MAX_QEMU_ARG 32

enum exit_status {
	EXIT_OK = 0,
	EXIT_CHECK = 1, /* a check failed: mismatch, lost frame, RTL error */
	EXIT_USAGE = 2,
	EXIT_INPUT = 3, /* no usable input */
};

enum direction { DIR_RX, DIR_TX, DIR_BOTH, DIR_VF2VF };
enum pacing { PACE_TOPSPEED, PACE_PPS, PACE_MBPS, PACE_LOAD, PACE_MULTIPLIER };
enum mix { MIX_RANGE, MIX_IMIX, MIX_CSIT, MIX_TREX, MIX_TCP, MIX_TCP64K };
enum encap { ENCAP_NONE, ENCAP_VLAN, ENCAP_QINQ, ENCAP_VXLAN, ENCAP_GENEVE, ENCAP_NVGRE, ENCAP_MPLSOGRE };

enum guest_time { TIME_VIRTUAL, TIME_FREE };

/* cosnic guest */
struct guest_options {
	const char *script; /* NULL: a shell on the terminal */
	enum guest_time time;
	const char *wire[2]; /* loop, or pcap:FILE or netdev:ARGS for port 0 and port 1 */
	unsigned int n_wire;
	const char *kernel, *module, *qemu, *append; /* NULL: what make built, and nothing appended */
	const char *mac;			     /* NULL: QEMU's choice, the same in every run */
	bool iommu, dump, all_modules, faults_wait;
	const char *qemu_arg[GUEST_MAX_QEMU_ARG];
	unsigned int n_qemu_arg;
	const char *with[GUEST_MAX_WITH]; /* folders and packages for the guest */
	unsigned int n_with;
	const char *prediction;
	uint32_t plain; /* SNIC_SIM_UNSET: as many as the card usually has */
	uint32_t memory_mb, cpus;
	uint32_t timeout_s;
};

#define MAX_LINK_DOWN 64

/* The wire of a port is cut, in time from the start of the traffic. */
struct link_down {
	unsigned int port;
	uint64_t from_ps, to_ps;
	const char *text;
};

struct options {
	/* replay, predict, bench; guest: sim, vfs, wave_*, out_dir, library, quiet, files (arguments of the script) */
	struct snic_sim_config sim;
	const char *read_latency_file;	    /* NULL: --read-latency is a number */
	const char *fault_text[MAX_FAULTS]; /* of sim.faults, as given */
	enum direction direction;
	enum pacing pacing;
	const char *pacing_name; /* the option that asked for it, NULL: none */
	double pace;		 /* packets/s, Mb/s or factor */
	uint64_t loop;		 /* passes over the files */
	uint64_t limit;		 /* frames offered per direction, 0: no limit */
	unsigned int vfs;
	unsigned int queues;
	unsigned int
		ports; /* wire ports in use, each with its own functions and, when there are two, files */
	unsigned int rules;	       /* masked rules (one mask each) installed before the run */
	struct flow_rules *flow_rules; /* --flows: rules of one's own; NULL: none */
	struct tunnels *tunnels;       /* --tunnels; NULL: none */
	struct func_map *map;	       /* --map: which function has which frames; NULL: by hash */
	bool keep_macs;
	bool switchdev;
	uint64_t max_gap_ms; /* -x: a longer gap of the capture counts as one of so many ms; 0: as they are */
	enum trace_fixlen fixlen; /* of frames that the capture has cut */
	struct pick pick;	  /* which records */
	struct edit edit;	  /* what is changed in them */
	unsigned int mtu;	  /* longer frames are segmented, 0: none */
	bool lso;		  /* ... by the card */
	bool open_loop; /* what a function finds no room for in its ring is dropped, and holds up nobody */
	struct link_down link_down[MAX_LINK_DOWN]; /* in the order of the command line */
	unsigned int n_link_down;
	const char *wave_path;
	uint64_t wave_from_ps, wave_to_ps;
	const char *out_dir;
	const char *svg;      /* explain; NULL: text alone */
	const char *out_pcap; /* NULL: nobody wants what comes out */
	const char *library;  /* NULL: the flavour that fits */
	bool json, quiet;
	char **files;
	int n_files;

	/* gen */
	enum mix mix;
	const char *size_name;
	unsigned int size_min, size_max; /* with FCS */
	uint64_t count;
	uint64_t flows;
	double unique; /* share of frames whose flow never comes again */
	enum encap encap;
	unsigned int greedy;	  /* VF 1 has so many frames for one of each other VF, 0: VFs are equal */
	unsigned int greedy_size; /* of its frames, with FCS; 0: as of the others */
	const char *gen_path;
	const struct options
		*traffic; /* how the capture that is replayed was made, NULL: given by the user */

	struct guest_options guest;
};

extern const char *const direction_names[];
extern const char *const encap_names[];

/* The commands, their options, and what help says of them: commands.def, options.def. */
enum command_id {
#define COMMAND(id, name, word, arguments, what) CMD_##id,
#define TOOL(id, name, word, arguments, what) CMD_##id,
#include "commands.def"
#undef COMMAND
#undef TOOL
	N_COMMANDS
};

/* From 256: getopt_long() tells them from letters. */
enum option_id {
	OPT_BEFORE_FIRST = 255,
#define OPTION(id, ...) OPT_##id,
#define TOOL_OPTION(id, ...) OPT_##id,
#include "options.def"
#undef OPTION
#undef TOOL_OPTION
	OPT_BEHIND_LAST
};

#define N_OPTIONS (OPT_BEHIND_LAST - OPT_BEFORE_FIRST - 1)

struct command_row {
	const char *name, *arguments, *what;
};

struct option_row {
	enum option_id id;
	char letter;		  /* 0: none */
	const char *name, *value; /* value NULL: a flag */
	unsigned int commands;	  /* 1 << CMD_... */
	const char *section, *help;
};

extern const struct command_row command_rows[N_COMMANDS];
extern const struct option_row option_rows[N_OPTIONS];

/* N_COMMANDS when there is none of that name. */
enum command_id command_find(const char *name);
/* The command's row for the long option --name, NULL: it has none. */
const struct option_row *option_find(const char *command, const char *name);

/* Fills o from argv (after the command word). 0, or EXIT_USAGE after one line on stderr. */
int options_parse(struct options *o, const char *command, int argc, char **argv);
/* Of options_parse(): what can be told of all options together only. */
int options_check(const struct options *o, const char *command);

/*
 * getopt_long() by the table, for a command: the enum option_id of the next option, its value in optarg; -1 behind the last;
 * 0 after one line on stderr. optind = 0 begins.
 */
int options_next(const char *command, int argc, char **argv);

/* A whole number from min to max; anything else is a usage error, and says so. */
int parse_u32(const char *name, const char *s, uint32_t min, uint32_t max, uint32_t *out);

/* One line on stderr, ended by where help is: of a command, or of all (""). EXIT_USAGE. */
int usage_error(const char *command, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The same for a word that is not the long name of an option, with what may have been meant. */
int unknown_option(const char *command, const char *word);

#endif
