/* SPDX-License-Identifier: BSD-2-Clause */
#include "result.h"

#include <errno.h>
#include <math.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "advice.h"
#include "predict.h"
#include "printable.h"
#include "snic_contract.h"
#include "version.h"

static const struct {
	const char *key, *label;
} stations[SNIC_N_STATION] = {
#define STATION(name, key, label) { key, label },
#include "snic_stations.def"
#undef STATION
};

const char *result_station_key(unsigned int station)
{
	return stations[station].key;
}

const char *result_station_label(unsigned int station)
{
	return stations[station].label;
}

double result_error_pct(double predicted, double measured)
{
	return measured > 0 && predicted > 0 ? (predicted - measured) / measured * 100 : NAN;
}

json_t *result_number(double v)
{
	char buf[32];

	snprintf(buf, sizeof(buf), "%.6g", v);
	return json_real(strtod(buf, NULL));
}

json_t *result_text(const char *text)
{
	json_t *v = json_string(text);
	char *copy, *at;

	if (v)
		return v;
	copy = strdup(text);
	for (at = copy; at && *at; at++)
		if (*at & 0x80)
			*at = '?';
	v = json_string(copy);
	free(copy);
	return v;
}

/* What `cosnic gen` was asked for; a size is a name like imix too. */
static json_t *traffic_json(const struct options *gen)
{
	json_t *j = json_pack("{s:s s:I s:I s:o s:s}", "size", gen->size_name, "count",
			      (json_int_t)gen->count, "flows", (json_int_t)gen->flows, "hit",
			      result_number(1 - gen->unique), "encap", encap_names[gen->encap]);

	if (gen->greedy)
		json_object_set_new(j, "greedy", json_integer(gen->greedy));
	if (gen->greedy_size)
		json_object_set_new(j, "greedy_size", json_integer(gen->greedy_size));
	return j;
}

/* Of a histogram: the mean. */
static uint32_t read_latency_ns(const struct snic_sim_config *c)
{
	double sum = 0, n = 0;
	uint32_t i;

	for (i = 0; i < c->n_read_bins; i++) {
		sum += (double)c->read_bins[i].ns * (double)c->read_bins[i].count;
		n += (double)c->read_bins[i].count;
	}
	return n > 0 ? (uint32_t)(sum / n + 0.5) : c->read_latency_ns;
}

json_t *result_faults(const struct options *o)
{
	json_t *j = json_array();
	uint32_t i;

	for (i = 0; i < o->sim.n_faults; i++)
		json_array_append_new(j, result_text(o->fault_text[i]));
	return j;
}

static json_t *link_down_json(const struct options *o)
{
	json_t *j = json_array();
	unsigned int i;

	for (i = 0; i < o->n_link_down; i++)
		json_array_append_new(j, result_text(o->link_down[i].text));
	return j;
}

static json_t *config_json(const struct options *o)
{
	char pcie[16];
	json_t *j;

	snprintf(pcie, sizeof(pcie), "gen%ux%u", o->sim.pcie_gen, o->sim.pcie_lanes);
	j = json_pack("{s:i s:i s:s s:i s:i s:i s:i s:i s:i s:s s:i s:i s:i s:I s:I}", "clock_mhz",
		      o->sim.clock_mhz, "wire_gbps", o->sim.wire_gbps, "pcie", pcie, "mps", o->sim.mps,
		      "mrrs", o->sim.mrrs, "rcb", o->sim.rcb, "read_latency_ns", read_latency_ns(&o->sim),
		      "write_latency_ns", o->sim.write_latency_ns, "read_jitter_ns", o->sim.read_jitter_ns,
		      "direction", direction_names[o->direction], "vfs", o->vfs, "queues", o->queues, "rules",
		      o->rules, "loop", (json_int_t)o->loop, "seed", (json_int_t)o->sim.seed);
	json_object_set_new(j, "contract", json_sprintf("%d.%d", SNIC_VERSION_MAJOR, SNIC_VERSION_MINOR));
	if (o->read_latency_file)
		json_object_set_new(j, "read_latency_file", result_text(o->read_latency_file));
	if (o->open_loop)
		json_object_set_new(j, "open_loop", json_true());
	if (o->ports > 1)
		json_object_set_new(j, "ports", json_integer(o->ports));
	if (o->sim.n_faults)
		json_object_set_new(j, "faults", result_faults(o));
	if (o->n_link_down)
		json_object_set_new(j, "link_down", link_down_json(o));
	if (o->sim.start_cycles)
		json_object_set_new(j, "start_cycles", json_integer((json_int_t)o->sim.start_cycles));
	if (o->traffic)
		json_object_set_new(j, "traffic", traffic_json(o->traffic));
	return j;
}

/* Of each file in which something was skipped: its name, and what. */
static json_t *skipped_in_json(const struct result *r)
{
	json_t *j = json_array(), *causes;
	int i, cause;

	for (i = 0; i < r->o->n_files; i++) {
		causes = json_object();
		for (cause = 0; cause < TRACE_N_CAUSES; cause++)
			if (counts_skipped(r->frames, i, (enum trace_cause)cause))
				json_object_set_new(causes, trace_cause_keys[cause],
						    json_integer((json_int_t)counts_skipped(
							    r->frames, i, (enum trace_cause)cause)));
		if (json_object_size(causes))
			json_array_append_new(j, json_pack("{s:o s:O}", "file", result_text(r->o->files[i]),
							   "skipped", causes));
		json_decref(causes);
	}
	return j;
}

static json_t *trace_json(const struct result *r)
{
	json_t *j = json_object(), *files = json_array(), *sums = json_array(), *skipped = json_object();
	const struct trace_counts *c = r->trace;
	char hex[65];
	int i;

	for (i = 0; i < r->o->n_files; i++) {
		json_array_append_new(files, result_text(r->o->files[i]));
		json_array_append_new(sums,
				      trace_sha256(r->o->files[i], hex) ? json_string(hex) : json_null());
	}
	for (i = 0; i < TRACE_N_CAUSES; i++)
		if (c->skipped[i])
			json_object_set_new(skipped, trace_cause_keys[i],
					    json_integer((json_int_t)c->skipped[i]));
	json_object_set_new(j, "files", files);
	json_object_set_new(j, "sha256", sums);
	json_object_set_new(j, "packets", json_integer((json_int_t)c->packets));
	json_object_set_new(j, "bytes", json_integer((json_int_t)c->bytes));
	json_object_set_new(j, "padded_to_60", json_integer((json_int_t)c->padded));
	json_object_set_new(j, "skipped", skipped);
	if (json_object_size(skipped))
		json_object_set_new(j, "skipped_in", skipped_in_json(r));
	for (i = 0; i < TRACE_N_NOTES; i++)
		if (c->notes[i])
			json_object_set_new(j, trace_note_keys[i], json_integer((json_int_t)c->notes[i]));
	return j;
}

static json_t *stations_json(const struct stations *s)
{
	json_t *j = json_object();
	unsigned int i, by;

	for (i = 0; i < SNIC_N_STATION; i++) {
		json_t *stalled = json_object();

		for (by = 0; by < SNIC_N_STATION; by++)
			if (s->use[i].stalled[by] > 0)
				json_object_set_new(stalled, result_station_key(by),
						    result_number(s->use[i].stalled[by]));
		json_object_set_new(
			j, result_station_key(i),
			json_pack("{s:o s:o}", "busy", result_number(s->use[i].busy), "stalled", stalled));
	}
	return j;
}

static json_t *histogram_json(const struct meter *m)
{
	json_t *j = json_array();
	unsigned int b;

	for (b = 0; b < METER_BUCKETS; b++)
		if (m->latency[b])
			json_array_append_new(j, json_pack("[o, I]", result_number(meter_bucket_end_ns(b)),
							   (json_int_t)m->latency[b]));
	return j;
}

static json_t *share_json(unsigned int func, struct meter_rate to, struct meter_rate from)
{
	return json_pack("{s:i s:o s:o s:o s:o}", "func", (int)func, "mpps_rx", result_number(to.mpps),
			 "mpps_tx", result_number(from.mpps), "gbps_rx", result_number(to.gbps), "gbps_tx",
			 result_number(from.gbps));
}

static json_t *per_vf_json(const struct replay_result *m, unsigned int vfs)
{
	struct meter_window to = replay_window(m, m->lanes[LANE_RX].used ? LANE_RX : LANE_VF2VF);
	struct meter_window from = replay_window(m, m->lanes[LANE_TX].used ? LANE_TX : LANE_VF2VF);
	json_t *j = json_array(), *row;
	unsigned int f;

	for (f = 1; f <= vfs; f++) {
		row = share_json(f, shares_rate(&m->to_func, f, to), shares_rate(&m->from_func, f, from));
		json_object_update_new(row, json_pack("{s:I s:I s:I}", "rx_packets",
						      (json_int_t)m->to_func.packets[f], "tx_packets",
						      (json_int_t)m->from_func.packets[f], "tx_offered",
						      (json_int_t)m->func_offered[f]));
		json_array_append_new(j, row);
	}
	return j;
}

static json_t *rules_json(const struct replay_result *m, const struct flow_rules *rules)
{
	json_t *j = json_array(), *row;
	unsigned int i;

	for (i = 0; i < rules->n; i++) {
		const struct flow_rule *u = &rules->rule[i];
		const struct replay_rule *r = &m->rules[i];

		row = json_pack("{s:i s:i s:I s:I s:I s:o}", "line", (int)u->line, "priority",
				(int)u->priority, "packets", (json_int_t)r->packets, "bytes",
				(json_int_t)r->bytes, "reference_packets", (json_int_t)r->ref_packets, "rule",
				result_text(u->text));
		if (u->cookie)
			json_object_set_new(row, "cookie",
					    json_sprintf("0x%llx", (unsigned long long)u->cookie));
		json_array_append_new(j, row);
	}
	return j;
}

/* Lines of --map, and frames that each has; with vf2vf as their sender's. */
static json_t *map_json(const struct replay_result *m, const struct func_map *map)
{
	json_t *lines = json_array(), *row;
	unsigned int i;

	for (i = 0; i < map->n; i++) {
		const struct map_entry *e = &map->entry[i];

		row = json_pack("{s:i s:i s:I s:o}", "line", (int)e->line, "func", (int)e->func, "frames",
				(json_int_t)m->mapped[i], "map", result_text(e->text));
		if (e->queue >= 0)
			json_object_set_new(row, "queue", json_integer(e->queue));
		json_array_append_new(lines, row);
	}
	return json_pack("{s:o s:I}", "lines", lines, "by_none", (json_int_t)m->mapped[map->n]);
}

static json_t *measured_json(const struct replay_result *m, const struct options *o)
{
	json_t *j = json_object(), *latency = json_object(), *drops = json_object(),
	       *histogram = json_object();
	unsigned int d, i;

	for (d = 0; d < N_LANE; d++) {
		const struct replay_lane *l = &m->lanes[d];
		struct meter_rate rate;

		if (!l->used && !l->meter.packets)
			continue;
		rate = replay_rate(m, d);
		json_object_set_new(j, lane_names[d],
				    json_pack("{s:I s:I s:I s:o s:o s:o s:o}", "offered",
					      (json_int_t)l->offered, "packets", (json_int_t)l->meter.packets,
					      "bytes", (json_int_t)l->meter.bytes, "mpps",
					      result_number(rate.mpps), "gbps", result_number(rate.gbps),
					      "offered_mpps", result_number(l->offered_mpps), "offered_gbps",
					      result_number(l->offered_gbps)));
		if (meter_too_short(rate))
			json_object_set_new(json_object_get(j, lane_names[d]), "too_short", json_true());
		if (l->meter.metered < l->meter.packets)
			json_object_set_new(json_object_get(j, lane_names[d]), "whole_run",
					    json_pack("{s:o s:o}", "mpps",
						      result_number(meter_whole(&l->meter).mpps), "gbps",
						      result_number(meter_whole(&l->meter).gbps)));
		/* whoever sets the load wants to know whether the card kept up with it, over the whole run */
		if (o->pacing == PACE_LOAD)
			json_object_set_new(
				json_object_get(j, lane_names[d]), "span_us",
				result_number((double)(l->meter.last_ps - l->meter.start_ps) / 1e6));
		if (o->open_loop)
			json_object_set_new(json_object_get(j, lane_names[d]), "ring_full",
					    json_integer((json_int_t)l->ring_full));
		if (!l->meter.n_latency)
			continue;
		json_object_set_new(latency, lane_names[d],
				    json_pack("{s:o s:o s:o s:o}", "min",
					      result_number((double)l->meter.latency_min / 1e3), "p50",
					      result_number(meter_quantile_ns(&l->meter, 0.5)), "p99",
					      result_number(meter_quantile_ns(&l->meter, 0.99)), "max",
					      result_number((double)l->meter.latency_max / 1e3)));
		json_object_set_new(histogram, lane_names[d], histogram_json(&l->meter));
	}
	for (i = SNIC_EVENT_BASE; i < REPLAY_N_STATS; i++)
		if (m->stats[i])
			json_object_set_new(drops, replay_stat_name(i),
					    json_integer((json_int_t)m->stats[i]));
	if (o->sim.n_faults || o->n_link_down)
		json_object_set_new(
			j, "wire_lost",
			json_pack("{s:I s:I}", "rx",
				  (json_int_t)m->sim.wire_rx_lost[0] + (json_int_t)m->sim.wire_rx_lost[1],
				  "tx",
				  (json_int_t)m->sim.wire_tx_lost[0] + (json_int_t)m->sim.wire_tx_lost[1]));
	json_object_set_new(j, "latency_ns", latency);
	json_object_set_new(j, "latency_histogram_ns", histogram);
	if (o->vfs)
		json_object_set_new(j, "per_vf", per_vf_json(m, o->vfs));
	if (m->stations.limit != STATIONS_UNKNOWN) {
		json_object_set_new(j, "stations", stations_json(&m->stations));
		json_object_set_new(j, "bottleneck", json_string(result_station_key(m->stations.limit)));
		json_object_set_new(j, "bottleneck_busy",
				    result_number(m->stations.use[m->stations.limit].busy));
	}
	if (m->mapped)
		json_object_set_new(j, "map", map_json(m, o->map));
	if (m->rules)
		json_object_set_new(j, "rules", rules_json(m, o->flow_rules));
	json_object_set_new(j, "drops", drops);
	json_object_set_new(j, "tlp_hash", json_sprintf("%016llx", (unsigned long long)m->sim.tlp_hash));
	return j;
}

/* A run of which nothing comes out has no length, and shares of it say nothing. */
static bool limit_predicted(const struct snic_predict_result *p)
{
	unsigned int d;

	for (d = 0; p && d < N_LANE; d++)
		if (p->flow[d].delivered)
			return true;
	return false;
}

static json_t *predicted_per_vf_json(const struct snic_predict_result *p, unsigned int vfs)
{
	json_t *j = json_array();
	unsigned int f;

	for (f = 1; f <= vfs; f++)
		json_array_append_new(j, share_json(f,
						    (struct meter_rate){ .mpps = p->to_func[f].mpps,
									 .gbps = p->to_func[f].gbps },
						    (struct meter_rate){ .mpps = p->from_func[f].mpps,
									 .gbps = p->from_func[f].gbps }));
	return j;
}

static json_t *predicted_json(const struct snic_predict_result *p, const struct options *o)
{
	unsigned int lanes = traffic_lanes(o);
	json_t *j = json_object(), *latency = json_object(), *busy;
	uint64_t frames = 0;
	unsigned int d;

	for (d = 0; d < N_LANE; d++) {
		const struct snic_predict_flow *f = &p->flow[d];

		if (!(lanes & 1u << d) && !f->delivered)
			continue;
		frames = f->offered > frames ? f->offered : frames;
		json_object_set_new(j, lane_names[d],
				    json_pack("{s:I s:I s:I s:o s:o s:o s:s s:o s:o}", "packets",
					      (json_int_t)f->delivered, "drops", (json_int_t)f->dropped,
					      "drops_by_rule", (json_int_t)f->dropped_by_rule, "mpps",
					      result_number(f->mpps), "gbps", result_number(f->gbps),
					      "bound_mpps", result_number(f->bound_mpps), "bound_station",
					      f->bound_station ? f->bound_station : "", "bound_wire_mpps",
					      result_number(f->bound_wire_mpps), "bound_pcie_mpps",
					      result_number(f->bound_pcie_mpps)));
		if (o->open_loop)
			json_object_set_new(json_object_get(j, lane_names[d]), "ring_full",
					    json_integer((json_int_t)f->ring_full));
		json_object_set_new(latency, lane_names[d],
				    json_pack("{s:o s:o s:o s:o}", "min", result_number(f->latency_ns_min),
					      "p50", result_number(f->latency_ns_p50), "p99",
					      result_number(f->latency_ns_p99), "max",
					      result_number(f->latency_ns_max)));
	}
	json_object_set_new(j, "latency_ns", latency);
	if (o->vfs)
		json_object_set_new(j, "per_vf", predicted_per_vf_json(p, o->vfs));
	json_object_set_new(j, "frames", json_integer((json_int_t)frames));
	if (!limit_predicted(p))
		return j;
	busy = json_object();
	for (d = 0; d < SNIC_N_STATION; d++)
		json_object_set_new(busy, result_station_key(d),
				    json_pack("{s:o}", "busy", result_number(p->busy[d])));
	json_object_set_new(j, "stations", busy);
	json_object_set_new(j, "bottleneck", json_string(result_station_key(p->bottleneck)));
	json_object_set_new(j, "bottleneck_busy", result_number(p->busy[p->bottleneck]));
	return j;
}

/* What rules send from one port to the other, with no function in between. */
static bool to_port(const struct replay_result *m, unsigned int lane)
{
	return (lane == LANE_TX || lane == LANE_TX_P1) && !m->lanes[LANE_VF2VF].used &&
	       m->lanes[lane].meter.packets;
}

/* Why a rate is compared with no prediction; NULL: it is. */
static const char *not_compared(const struct result *r, unsigned int d)
{
	struct meter_rate rate = replay_rate(r->measured, d);

	if (r->o->n_link_down)
		return "link_down";
	if (meter_too_short(rate))
		return "too_short";
	if (!(rate.mpps > 0))
		return "nothing_measured";
	return r->predicted->flow[d].mpps > 0 ? NULL : "nothing_predicted";
}

static json_t *error_json(const struct result *r)
{
	json_t *j = json_object(), *left_out = json_object();
	const char *why;
	unsigned int d;

	for (d = 0; d < N_LANE; d++) {
		const struct meter_rate rate = replay_rate(r->measured, d);
		const struct snic_predict_flow *p = &r->predicted->flow[d];

		if (!r->measured->lanes[d].used && !to_port(r->measured, d))
			continue;
		why = not_compared(r, d);
		if (why)
			json_object_set_new(left_out, lane_names[d], json_string(why));
		else
			json_object_set_new(j, lane_names[d],
					    json_pack("{s:o s:o}", "mpps",
						      result_number(result_error_pct(p->mpps, rate.mpps)),
						      "gbps",
						      result_number(result_error_pct(p->gbps, rate.gbps))));
	}
	if (json_object_size(left_out))
		json_object_set_new(j, "left_out", left_out);
	else
		json_decref(left_out);
	return j;
}

static json_t *check_json(const struct replay_result *m)
{
	const struct score_totals *t = &m->score;
	json_t *j = json_pack("{s:I s:I s:I s:I s:b s:b}", "expected", (json_int_t)t->expected, "compared",
			      (json_int_t)t->compared, "mismatched", (json_int_t)t->mismatched, "lost",
			      (json_int_t)t->lost, "passed", !m->failed, "partial", m->partial);

	if (m->error[0])
		json_object_set_new(j, "first", result_text(m->error));
	return j;
}

json_t *result_run(int argc, char **argv)
{
	json_t *cmd = json_array();
	time_t now = time(NULL);
	char started[32];
	int i;

	for (i = 0; i < argc; i++)
		json_array_append_new(cmd, result_text(argv[i]));
	strftime(started, sizeof(started), "%Y-%m-%dT%H:%M:%SZ", gmtime(&now));
	return json_pack("{s:o s:s s:{s:s s:s s:s} s:s}", "command", cmd, "commit", cosnic_commit, "tools",
			 "verilator", cosnic_verilator, "compiler", __VERSION__, "libpcap",
			 pcap_lib_version(), "started", started);
}

json_t *result_json(const struct result *r)
{
	json_t *j = json_object();

	json_object_set_new(j, "run", result_run(r->argc, r->argv));
	if (r->measured) {
		const struct snic_sim_stats *s = &r->measured->sim;
		double wall = r->measured->wall_s > 0 ? r->measured->wall_s : 1e-9;

		json_object_set_new(
			j, "sim",
			json_pack("{s:o s:I s:I s:o s:o s:s}", "wall_s", result_number(r->measured->wall_s),
				  "cycles", (json_int_t)s->cycles, "cycles_simulated",
				  (json_int_t)s->cycles_run, "kcycles_per_s",
				  result_number((double)s->cycles_run / wall / 1e3), "packets_per_wall_s",
				  result_number((double)r->measured->score.compared / wall), "build",
				  r->measured->flavour));
	}
	json_object_set_new(j, "config", config_json(r->o));
	json_object_set_new(j, "trace", trace_json(r));
	json_object_set_new(j, "frames", counts_json(r->frames));
	if (r->measured)
		json_object_set_new(j, "measured", measured_json(r->measured, r->o));
	if (r->predicted)
		json_object_set_new(j, "predicted", predicted_json(r->predicted, r->o));
	if (r->measured && r->predicted)
		json_object_set_new(j, "error_pct", error_json(r));
	if (r->measured)
		json_object_set_new(j, "check", check_json(r->measured));
	return j;
}

int result_folder(const char *path)
{
	char buf[512], *p;

	if (snprintf(buf, sizeof(buf), "%s", path) >= (int)sizeof(buf))
		return -ENAMETOOLONG;
	for (p = buf + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = 0;
		if (mkdir(buf, 0777) && errno != EEXIST)
			return -errno;
		*p = '/';
	}
	return mkdir(buf, 0777) && errno != EEXIST ? -errno : 0;
}

static int unwritable(const char *path, int err)
{
	fprintf(stderr, "cosnic: %s: %s; %s another --out\n", path, strerror(err), advice_write(err));
	return EXIT_INPUT;
}

int result_prepare(const struct options *o)
{
	int ret = result_folder(o->out_dir);

	if (!ret && access(o->out_dir, W_OK | X_OK))
		ret = -errno;
	return ret ? unwritable(o->out_dir, -ret) : EXIT_OK;
}

/* A file has its name when it is whole; what is no plain file is written as it is. */
static int write_whole(const struct result *r, const json_t *j, const char *name)
{
	char path[600], part[640];
	struct stat st;
	bool plain;
	FILE *f;
	int ret;

	snprintf(path, sizeof(path), "%s/%s", r->o->out_dir, name);
	plain = stat(path, &st) || S_ISREG(st.st_mode);
	snprintf(part, sizeof(part), "%s%s", path, plain ? ".part" : "");
	f = fopen(part, "w");
	if (!f)
		return unwritable(path, errno);
	errno = 0;
	if (j) {
		ret = json_dumpf(j, f, JSON_INDENT(2));
		ret |= fputc('\n', f) == EOF;
	} else {
		result_table(r, f);
		ret = ferror(f);
	}
	if (fclose(f) || ret || (plain && rename(part, path))) {
		ret = errno ? errno : ENOSPC;
		if (plain)
			unlink(part);
		return unwritable(path, ret);
	}
	return EXIT_OK;
}

int result_write(const struct result *r, json_t *j)
{
	int ret = write_whole(r, j, "result.json");

	return ret ? ret : write_whole(r, NULL, "result.txt");
}

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
	if (l && p && !not_compared(r, d))
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
	bool measured = s && s->limit != STATIONS_UNKNOWN, predicted = limit_predicted(p);
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
		gbps[i] = shares_rate(&m->from_func, i, replay_window(m, d)).gbps;
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
