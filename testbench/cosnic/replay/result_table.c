/* SPDX-License-Identifier: BSD-2-Clause */
/* What people read of a run. */
#include "result_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "predict.h"
#include "printable.h"
#include "snic_contract.h"

static void table_lane(const struct result *r, unsigned int d, FILE *f)
{
	const struct replay_lane *l = r->measured ? &r->measured->lanes[d] : NULL;
	const struct snic_predict_flow *p = r->predicted ? &r->predicted->flow[d] : NULL;
	struct meter_rate rate = { 0 };

	fprintf(f, "%-6s", lane_names[d]);
	if (l) {
		rate = replay_rate(r->measured, d);
		fprintf(f, " %9llu %9llu", (unsigned long long)l->offered,
			(unsigned long long)l->meter.packets);
	} else if (p) {
		fprintf(f, " %9llu %9llu", (unsigned long long)p->offered, (unsigned long long)p->delivered);
	}
	fprintf(f, " | %8.2f %8.2f", p ? p->mpps : 0, p ? p->gbps : 0);
	if (l && meter_too_short(rate))
		fprintf(f, " | %17s", "too short");
	else if (l)
		fprintf(f, " | %8.2f %8.2f", rate.mpps, rate.gbps);
	else
		fprintf(f, " | %8s %8s", "-", "-");
	if (l && p && !result_not_compared(r, d))
		fprintf(f, " | %+6.2f", result_error_pct(p->mpps, rate.mpps));
	else
		fprintf(f, " | %6s", "-");
	if (l && l->meter.n_latency)
		fprintf(f, " | %6.0f %6.0f %6.0f %6.0f", (double)l->meter.latency_min / 1e3,
			meter_quantile_ns(&l->meter, 0.5), meter_quantile_ns(&l->meter, 0.99),
			(double)l->meter.latency_max / 1e3);
	else if (p)
		fprintf(f, " | %6.0f %6.0f %6.0f %6.0f", p->latency_ns_min, p->latency_ns_p50,
			p->latency_ns_p99, p->latency_ns_max);
	fputc('\n', f);
}

/* What limits, measured and predicted; first of all, whether they agree. */
static void table_limits(const struct result *r, unsigned int lanes, FILE *f)
{
	const struct stations *s = r->measured ? &r->measured->stations : NULL;
	const struct snic_predict_result *p = r->predicted;
	bool measured = s && s->limit != STATIONS_UNKNOWN, predicted = result_limit_predicted(p);
	const char *foreseen = predicted ? result_station_label(p->bottleneck) : "";
	double foreseen_pct = predicted ? p->busy[p->bottleneck] * 100 : 0;
	unsigned int d;

	fprintf(f, "limits  ");
	if (measured) {
		if (predicted && p->bottleneck != s->limit)
			fprintf(f, "not as predicted: ");
		fprintf(f, "%s (busy %.0f %%", result_station_label(s->limit), s->use[s->limit].busy * 100);
		if (predicted)
			fprintf(f, "; predicted %s %.0f %%", foreseen, foreseen_pct);
		fprintf(f, ")");
	} else if (!predicted) {
		fprintf(f, "not known");
	} else if (s) {
		fprintf(f, "not known (predicted %s %.0f %%)", foreseen, foreseen_pct);
	} else {
		fprintf(f, "%s (busy %.0f %%)", foreseen, foreseen_pct);
	}
	for (d = 0; p && d < N_LANE; d++)
		if (lanes & 1u << d)
			fprintf(f, "; closed form %s %.2f Mpps (%s)", lane_names[d], p->flow[d].bound_mpps,
				p->flow[d].bound_station ? p->flow[d].bound_station : "-");
	fputc('\n', f);
}

/* With functions that send on their own: what the card did not take, and who got how much of it. */
static void table_senders(const struct result *r, unsigned int lanes, FILE *f)
{
	const struct replay_result *m = r->measured;
	unsigned int least = 1, most = 1, d = lanes & 1u << LANE_TX ? LANE_TX : LANE_VF2VF, i;
	double gbps[SNIC_N_FUNC];

	fprintf(f, "senders %llu of %llu frames found a full ring", (unsigned long long)m->lanes[d].ring_full,
		(unsigned long long)m->lanes[d].offered);
	for (i = 1; i <= r->o->vfs; i++) {
		gbps[i] = shares_rate(&m->from_func, i, replay_shares_window(m, d)).gbps;
		least = gbps[i] < gbps[least] ? i : least;
		most = gbps[i] > gbps[most] ? i : most;
	}
	if (r->o->vfs > 1 && !(gbps[most] > 0))
		fputs("; no VF sent anything", f);
	else if (r->o->vfs > 1)
		fprintf(f, "; VF %u sent least, %.3f Gb/s, VF %u most, %.3f", least, gbps[least], most,
			gbps[most]);
	fputc('\n', f);
}

/* What went wrong on purpose; the prediction is of the card without it. */
static void table_faults(const struct result *r, FILE *f)
{
	const struct snic_sim_stats *s = &r->measured->sim;
	uint32_t i;

	for (i = 0; i < r->o->sim.n_faults; i++)
		fprintf(f, "%s%s", i ? " " : "faults  ", r->o->fault_text[i]);
	fprintf(f, " (not predicted); lost on the wire %llu rx, %llu tx\n",
		(unsigned long long)s->wire_rx_lost[0] + s->wire_rx_lost[1],
		(unsigned long long)s->wire_tx_lost[0] + s->wire_tx_lost[1]);
}

/* Rates are of the frames that are predicted too; where there are more, those of all. */
static void table_whole(const struct replay_result *m, FILE *f)
{
	const char *at = "whole  ";
	unsigned int d;

	for (d = 0; d < N_LANE; d++) {
		const struct meter_rate rate = meter_whole(&m->lanes[d].meter);

		if (m->lanes[d].meter.metered == m->lanes[d].meter.packets)
			continue;
		fprintf(f, "%s %s %.2f Mpps %.2f Gb/s", at, lane_names[d], rate.mpps, rate.gbps);
		at = ",";
	}
	if (*at == ',')
		fprintf(f, "; in the table the first %u frames, which are predicted\n", PREDICT_FRAMES);
}

/* The prediction is of links that stay up. */
static void table_link_down(const struct result *r, FILE *f)
{
	const struct snic_sim_stats *s = &r->measured->sim;
	unsigned int i;

	fputs("link    down", f);
	for (i = 0; i < r->o->n_link_down; i++)
		fprintf(f, " %s", r->o->link_down[i].text);
	fprintf(f, " (port:from:to, ns; not predicted); lost on the wire %llu rx, %llu tx\n",
		(unsigned long long)s->wire_rx_lost[0] + s->wire_rx_lost[1],
		(unsigned long long)s->wire_tx_lost[0] + s->wire_tx_lost[1]);
}

#define TABLE_LINES 20

/* Who had which frames, by --map. */
static void table_map(const struct result *r, FILE *f)
{
	const struct func_map *map = r->o->map;
	unsigned int i;

	fprintf(f, "map     %u lines of %s; frames that each has, %llu of none\n", map->n, map->path,
		(unsigned long long)r->measured->mapped[map->n]);
	for (i = 0; i < map->n && i < TABLE_LINES; i++)
		fprintf(f, "%9llu  %u: %s\n", (unsigned long long)r->measured->mapped[i], map->entry[i].line,
			map->entry[i].text);
	if (i < map->n)
		fprintf(f, "        %u more: measured.map in result.json\n", map->n - i);
}

/* Rules of one's own that were found for a frame, in the file's order. */
static void table_rules(const struct result *r, FILE *f)
{
	const struct flow_rules *rules = r->o->flow_rules;
	unsigned int i, never = 0, shown = 0, more = 0;

	fprintf(f, "rules   %u of %s, %u mask%s; frames and bytes as the card counted them\n", rules->n,
		rules->path, rules->n_masks, rules->n_masks == 1 ? "" : "s");
	for (i = 0; i < rules->n; i++) {
		const struct replay_rule *c = &r->measured->rules[i];

		never += !c->packets;
		more += c->packets && shown == TABLE_LINES;
		if (!c->packets || shown == TABLE_LINES)
			continue;
		shown++;
		fprintf(f, "%9llu %11llu  %u: %s\n", (unsigned long long)c->packets,
			(unsigned long long)c->bytes, rules->rule[i].line, rules->rule[i].text);
	}
	if (more)
		fprintf(f, "        %u more: measured.rules in result.json\n", more);
	if (never)
		fprintf(f, "        %u found no frame\n", never);
}

#define NAMED 3 /* files that the table names; result.json has all */

/* What was skipped, records or whole files, and where. */
static void table_skipped(const struct result *r, bool files, FILE *f)
{
	unsigned int named = 0;
	bool any = false, in;
	char name[256];
	int i, cause;

	for (cause = 0; cause < TRACE_N_CAUSES; cause++) {
		if (!r->trace->skipped[cause] || trace_cause_of_file((enum trace_cause)cause) != files)
			continue;
		fprintf(f, "%s %s %llu",
			any	? ","
			: files ? "files not read to the end:"
				: "records skipped:",
			trace_cause_keys[cause], (unsigned long long)r->trace->skipped[cause]);
		any = true;
	}
	if (!any)
		return;
	for (i = 0; i < r->o->n_files && r->o->n_files > 1; i++) {
		for (in = false, cause = 0; cause < TRACE_N_CAUSES; cause++)
			in |= trace_cause_of_file((enum trace_cause)cause) == files &&
			      counts_skipped(r->frames, i, (enum trace_cause)cause);
		if (in && named++ < NAMED)
			fprintf(f, "%s %s", named == 1 ? "; in" : ",",
				printable(name, sizeof(name), r->o->files[i]));
	}
	if (named > NAMED)
		fprintf(f, " and %u more (trace.skipped_in of result.json)", named - NAMED);
	fputc('\n', f);
}

/* Where more comes out than went in, and where less does and yet all is well. */
static void table_copies(const struct result *r, FILE *f)
{
	unsigned int d;

	for (d = 0; d < N_LANE; d++) {
		const struct replay_lane *l = &r->measured->lanes[d];

		if (l->used && l->meter.packets > l->offered)
			fprintf(f,
				"copies  %s: %llu frames made %llu copies, since what is flooded or mirrored goes to several\n",
				lane_names[d], (unsigned long long)l->offered,
				(unsigned long long)l->meter.packets);
		if (!l->used && l->meter.packets)
			fprintf(f, "copies  %s: %llu copies of frames that were flooded or mirrored\n",
				lane_names[d], (unsigned long long)l->meter.packets);
	}
}

void result_table(const struct result *r, FILE *f)
{
	const struct options *o = r->o;
	unsigned int lanes = traffic_lanes(o), d, i;
	bool any = false;

	fprintf(f,
		"%llu frames, %llu bytes in %d file%s; %u MHz, %u Gb/s, PCIe gen%ux%u, MPS %u, MRRS %u, "
		"%u VFs x %u queues%s\n",
		(unsigned long long)r->trace->packets, (unsigned long long)r->trace->bytes, o->n_files,
		o->n_files == 1 ? "" : "s", o->sim.clock_mhz, o->sim.wire_gbps, o->sim.pcie_gen,
		o->sim.pcie_lanes, o->sim.mps, o->sim.mrrs, o->vfs, o->queues,
		o->ports > 1 ? ", 2 ports" : "");
	table_skipped(r, false, f);
	table_skipped(r, true, f);
	for (any = false, i = 0; i < TRACE_N_NOTES; i++) {
		if (r->trace->notes[i])
			fprintf(f, "%s %s %llu", any ? "," : "capture:", trace_note_keys[i],
				(unsigned long long)r->trace->notes[i]);
		any |= r->trace->notes[i] != 0;
	}
	if (any)
		fputc('\n', f);
	counts_table(r->frames, f);
	fprintf(f, "\n%-6s %9s %9s | %-17s | %-17s | %6s | %s\n", "", "", "", "predicted", "measured",
		"error", r->measured ? "latency ns (measured)" : "latency ns (predicted)");
	fprintf(f, "%-6s %9s %9s | %8s %8s | %8s %8s | %6s | %6s %6s %6s %6s\n", "", "offered", "delivered",
		"Mpps", "Gb/s", "Mpps", "Gb/s", "%", "min", "p50", "p99", "max");
	for (d = 0; d < N_LANE; d++)
		if (lanes & 1u << d || (r->measured && r->measured->lanes[d].meter.packets))
			table_lane(r, d, f);
	fputc('\n', f);
	if (r->predicted || r->measured)
		table_limits(r, lanes, f);
	if (!r->measured)
		return;
	table_whole(r->measured, f);
	table_copies(r, f);
	fprintf(f, "drops  ");
	for (any = false, i = SNIC_EVENT_BASE; i < REPLAY_N_STATS; i++) {
		if (!r->measured->stats[i])
			continue;
		fprintf(f, "%s %s %llu", any ? "," : "", replay_stat_name(i),
			(unsigned long long)r->measured->stats[i]);
		any = true;
	}
	fprintf(f, "%s\n", any ? "" : " none");
	if (r->measured->mapped)
		table_map(r, f);
	if (r->measured->rules)
		table_rules(r, f);
	if (o->sim.n_faults)
		table_faults(r, f);
	if (o->n_link_down)
		table_link_down(r, f);
	if (o->open_loop)
		table_senders(r, lanes, f);
	fprintf(f,
		"speed   %.0f kcycles/s, %.0f packets/s on one core (%.2f s, %llu of %llu cycles simulated, "
		"%s build)\n",
		(double)r->measured->sim.cycles_run / r->measured->wall_s / 1e3,
		(double)r->measured->score.compared / r->measured->wall_s, r->measured->wall_s,
		(unsigned long long)r->measured->sim.cycles_run, (unsigned long long)r->measured->sim.cycles,
		r->measured->flavour);
	fprintf(f,
		"check   %llu of %llu copies compared with the reference, %llu mismatched, %llu lost%s%s\n",
		(unsigned long long)r->measured->score.compared,
		(unsigned long long)r->measured->score.expected,
		(unsigned long long)r->measured->score.mismatched,
		(unsigned long long)r->measured->score.lost,
		r->measured->score.lost && !r->measured->failed && !r->measured->partial && !o->sim.n_faults
			? o->n_link_down ? ", each counted by the card or on the wire"
					 : ", each counted as a drop by the card"
			: "",
		r->measured->partial  ? " (interrupted: partial)"
		: r->measured->failed ? ": FAILED"
				      : ": passed");
	if (r->measured->error[0])
		fprintf(f, "        %s\n", r->measured->error);
}
