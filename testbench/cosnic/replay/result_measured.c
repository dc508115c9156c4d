/* SPDX-License-Identifier: BSD-2-Clause */
/* What the card did. */
#include "result_parts.h"

#include "snic_contract.h"

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

json_t *result_share(unsigned int func, struct meter_rate to, struct meter_rate from)
{
	return json_pack("{s:i s:o s:o s:o s:o}", "func", (int)func, "mpps_rx", result_number(to.mpps),
			 "mpps_tx", result_number(from.mpps), "gbps_rx", result_number(to.gbps), "gbps_tx",
			 result_number(from.gbps));
}

static json_t *per_vf_json(const struct replay_result *m, unsigned int vfs)
{
	struct meter_window to = replay_shares_window(m, m->lanes[LANE_RX].used ? LANE_RX : LANE_VF2VF);
	struct meter_window from = replay_shares_window(m, m->lanes[LANE_TX].used ? LANE_TX : LANE_VF2VF);
	json_t *j = json_array(), *row;
	unsigned int f;

	for (f = 1; f <= vfs; f++) {
		row = result_share(f, shares_rate(&m->to_func, f, to), shares_rate(&m->from_func, f, from));
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

json_t *result_measured(const struct replay_result *m, const struct options *o)
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

json_t *result_check(const struct replay_result *m)
{
	const struct score_totals *t = &m->score;
	json_t *j = json_pack("{s:I s:I s:I s:I s:b s:b}", "expected", (json_int_t)t->expected, "compared",
			      (json_int_t)t->compared, "mismatched", (json_int_t)t->mismatched, "lost",
			      (json_int_t)t->lost, "passed", !m->failed, "partial", m->partial);

	if (m->error[0])
		json_object_set_new(j, "first", result_text(m->error));
	return j;
}
