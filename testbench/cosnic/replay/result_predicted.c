/* SPDX-License-Identifier: BSD-2-Clause */
/* What the model said, and how far off it is. */
#include "result_parts.h"

#include "snic_contract.h"

bool result_limit_predicted(const struct snic_predict_result *p)
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
		json_array_append_new(j, result_share(f,
						      (struct meter_rate){ .mpps = p->to_func[f].mpps,
									   .gbps = p->to_func[f].gbps },
						      (struct meter_rate){ .mpps = p->from_func[f].mpps,
									   .gbps = p->from_func[f].gbps }));
	return j;
}

json_t *result_predicted(const struct snic_predict_result *p, const struct options *o)
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
	if (!result_limit_predicted(p))
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

bool result_to_port(const struct replay_result *m, unsigned int lane)
{
	return (lane == LANE_TX || lane == LANE_TX_P1) && !m->lanes[LANE_VF2VF].used &&
	       m->lanes[lane].meter.packets;
}

const char *result_not_compared(const struct result *r, unsigned int d)
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

json_t *result_error(const struct result *r)
{
	json_t *j = json_object(), *left_out = json_object();
	const char *why;
	unsigned int d;

	for (d = 0; d < N_LANE; d++) {
		const struct meter_rate rate = replay_rate(r->measured, d);
		const struct snic_predict_flow *p = &r->predicted->flow[d];

		if (!r->measured->lanes[d].used && !result_to_port(r->measured, d))
			continue;
		why = result_not_compared(r, d);
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
