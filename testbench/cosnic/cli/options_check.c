/* SPDX-License-Identifier: BSD-2-Clause */
/* What options ask for together: each of them is right by itself by now. */
#include "options.h"

#include <string.h>

#include "folder.h"
#include "snic_contract.h"
#include "snic_door.h"

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
			"", "--open-loop: at top speed all frames are due at once: give --pps, --mbps, "
			    "--load or --multiplier too");
	if (o->direction == DIR_RX)
		return usage_error("", "--open-loop: no function sends in --direction rx");
	return 0;
}

/* What is changed in frames must be left in them, and a tag must be said something of. */
static int check_edit(const struct options *o)
{
	const struct edit *e = &o->edit;
	bool tag = e->has_vlan_tag || e->has_vlan_pri || e->has_vlan_cfi;

	if (tag && e->vlan != EDIT_VLAN_ADD)
		return usage_error(
			"",
			"--enet-vlan-tag, -pri and -cfi are of a tag that is put on: give --enet-vlan add");
	if (e->vlan == EDIT_VLAN_ADD && !tag)
		return usage_error("", "--enet-vlan add: which one is missing: give --enet-vlan-tag");
	if (e->has_dmac && !o->keep_macs)
		return usage_error(
			"", "--enet-dmac: addresses are rewritten to fit --direction: give --keep-macs");
	if (e->has_smac && !o->keep_macs && o->direction != DIR_RX)
		return usage_error("",
				   "--enet-smac: what functions send has their addresses: give --keep-macs");
	return 0;
}

/* Rules name functions that the run has, and are not installed twice. */
/* A tunnel port that a rule names is there, and an end of a tunnel to which it sends has another one. */
static int check_tunnels(const struct options *o)
{
	const struct flow_rules *r = o->flow_rules;
	const struct tunnel *t;
	unsigned int i, k;
	uint64_t from;

	for (i = 0; i < r->n; i++) {
		from = snic_key_get(&r->rule[i].key, SNIC_K(VPORT));
		t = o->tunnels && from >= SNIC_VPORT_TUNNEL ? &o->tunnels->t[from - SNIC_VPORT_TUNNEL] : NULL;
		if (from >= SNIC_VPORT_TUNNEL && !(t && t->used))
			return usage_error("", "--flows %s:%u: tunnel%u is not there: give it in --tunnels",
					   r->path, r->rule[i].line, (unsigned int)from - SNIC_VPORT_TUNNEL);
		for (k = 0; k < SNIC_N_ACTION; k++) {
			if ((r->rule[i].act.a[k] & 0xff) != SNIC_ACT_ENCAP)
				continue;
			t = o->tunnels ? &o->tunnels->t[r->rule[i].act.a[k] >> 8] : NULL;
			if (!t || !t->len)
				return usage_error(
					"",
					"--flows %s:%u: tunnel%u has no other end: give remote_ip, peer_mac and "
					"key in --tunnels",
					r->path, r->rule[i].line, r->rule[i].act.a[k] >> 8);
		}
	}
	if (o->tunnels && !o->switchdev)
		return usage_error("",
				   "--tunnels: ends of tunnels are part of switchdev mode: give --switchdev");
	return 0;
}

static int check_flows(const struct options *o)
{
	const struct flow_rules *r = o->flow_rules;

	if (o->rules)
		return usage_error("", "--flows contradicts --rules %u: give one of them", o->rules);
	if (r->max_func > o->vfs)
		return usage_error("", "--flows %s:%u: vf%u is not there: this run has %u VFs: give --vfs %u",
				   r->path, r->max_line, r->max_func, o->vfs, r->max_func);
	return check_tunnels(o);
}

/* Functions and queues that the run has, and addresses that may be written. */
static int check_map(const struct options *o)
{
	unsigned int i;

	if (o->keep_macs && o->direction != DIR_TX)
		return usage_error(
			"",
			"--map addresses frames to functions, --keep-macs leaves their addresses: give one of them");
	for (i = 0; i < o->map->n; i++) {
		const struct map_entry *e = &o->map->entry[i];

		if (e->func > o->vfs)
			return usage_error(
				"", "--map %s:%u: vf%u is not there: this run has %u VFs: give --vfs %u",
				o->map->path, e->line, e->func, o->vfs, e->func);
		if (e->queue >= (int)o->queues)
			return usage_error(
				"", "--map %s:%u: queue %d is not there: functions have %u: give --queues %d",
				o->map->path, e->line, e->queue, o->queues, e->queue + 1);
		if (e->queue >= 0 && o->direction == DIR_RX)
			return usage_error(
				"",
				"--map %s:%u: a queue is the one that sends; where a frame is received the card's hash says: "
				"leave :%d out",
				o->map->path, e->line, e->queue);
		if (!e->func && o->direction == DIR_VF2VF)
			return usage_error("", "--map %s:%u: in --direction vf2vf only VFs send: name one",
					   o->map->path, e->line);
	}
	return 0;
}

/* Each port has functions of its own, or rules that send what comes in elsewhere. */
static int check_ports(const struct options *o)
{
	if (o->direction == DIR_VF2VF)
		return usage_error("", "--ports 2: in --direction vf2vf nothing passes a port: leave it out");
	if (o->n_files > SNIC_N_PORT)
		return usage_error("", "--ports 2: %d files: give one for both ports, or one for each",
				   o->n_files);
	if (o->vfs < 2 && (o->direction != DIR_RX || !o->flow_rules))
		return usage_error(
			"",
			"--ports 2 needs --vfs 2 or more: odd VFs are on port 0, even ones on port 1 (without, --direction "
			"rx and --flows that send from port to port)");
	return 0;
}

/* Which card a guest has is known when its library is open: what is said of the card itself is checked then. */
static void assume_usual(struct snic_sim_config *c)
{
	struct snic_sim_config usual;

	snic_sim_config_default(&usual);
#define SETTING(name, field)                                                                                 \
	if (c->field == SNIC_SIM_UNSET)                                                                      \
		c->field = usual.field;
	SNIC_SIM_SETTINGS(SETTING)
#undef SETTING
	c->wire_gbps = usual.wire_gbps;
}

int options_check(const struct options *o, const char *command)
{
	struct snic_sim_config sim;
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
	sim = o->sim;
	if (!strcmp(command, "guest"))
		assume_usual(&sim);
	if (snic_sim_config_check(&sim, err, sizeof(err)))
		return usage_error("", "%s", err);
	if (o->direction == DIR_VF2VF && o->vfs < 2)
		return usage_error("", "--direction vf2vf needs --vfs 2 or more");
	if (o->open_loop && check_open_loop(o))
		return EXIT_USAGE;
	if (o->map && check_map(o))
		return EXIT_USAGE;
	if (check_edit(o) || (o->ports > 1 && check_ports(o)))
		return EXIT_USAGE;
	if (!strcmp(command, "replay") && (o->out_pcap || o->wave_path || o->json) && folder_given(o))
		return usage_error(
			"",
			"--%s is of one run, and each file of a folder has its own: give the files themselves",
			o->out_pcap    ? "out-pcap"
			: o->wave_path ? "wave"
				       : "json");
	if (o->flow_rules && check_flows(o))
		return EXIT_USAGE;
	if (o->switchdev && !o->flow_rules && o->direction != DIR_RX && !o->vfs)
		return usage_error(
			"", "--switchdev: what the PF sends has no rule that lets it out: give --flows");
	if (!strcmp(command, "explain") && (o->n_files != 1 || o->direction == DIR_BOTH))
		return o->n_files != 1
			       ? usage_error(
					 "",
					 "explain: one FILE.pcap[:N], the frame of whose record N is followed")
			       : usage_error(
					 "",
					 "explain: a frame goes one way: give --direction rx, tx or vf2vf");
	if ((!strcmp(command, "replay") || !strcmp(command, "predict")) && !o->n_files)
		return usage_error("", "%s: no capture files", command);
	return 0;
}
