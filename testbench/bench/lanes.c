/* SPDX-License-Identifier: BSD-2-Clause */
#include "lanes.h"

#include <math.h>
#include <string.h>

#include "ethernet.h"
#include "rows.h"

double lanes_number(const json_t *result, const char *a, const char *b, const char *c)
{
	const json_t *v = json_object_get(json_object_get(result, a), b);

	if (c)
		v = json_object_get(v, c);
	return json_is_number(v) ? json_number_value(v) : NAN;
}

double lanes_mean_bytes(const json_t *result)
{
	return lanes_number(result, "trace", "bytes", NULL) / lanes_number(result, "trace", "packets", NULL) +
	       ETH_FCS;
}

double lanes_line_mpps(const json_t *result)
{
	return eth_line_mpps(lanes_number(result, "config", "wire_gbps", NULL), lanes_mean_bytes(result));
}

bool lanes_captured(const json_t *result)
{
	return !json_object_get(json_object_get(result, "config"), "traffic");
}

bool lanes_offered(const json_t *result, const char *part, unsigned int d)
{
	const char *direction =
		json_string_value(json_object_get(json_object_get(result, "config"), "direction"));

	if (!json_object_get(json_object_get(result, part), lane_names[d]) || !direction)
		return false;
	if (!strcmp(direction, "vf2vf") || d == LANE_VF2VF)
		return !strcmp(direction, "vf2vf") && d == LANE_VF2VF;
	return !strcmp(direction, "both") || !strcmp(direction, lane_from_wire(d) ? "rx" : "tx");
}

double lanes_load_pct(const json_t *result, const char *part, const char *lane)
{
	double gbps = lanes_number(result, part, lane, "gbps") +
		      lanes_number(result, part, lane, "mpps") * ETH_WIRE * 8e-3;

	return gbps / lanes_number(result, "config", "wire_gbps", NULL) * 100;
}

double lanes_least_pct(const json_t *result, const char *part)
{
	double least = INFINITY;
	unsigned int d;

	for (d = 0; d < N_LANE; d++)
		if (lanes_offered(result, part, d))
			least = fmin(least, lanes_load_pct(result, part, lane_names[d]));
	return isfinite(least) ? least : NAN;
}

double lanes_least_mpps(const json_t *result, const char *part)
{
	double least = INFINITY;
	unsigned int d;

	for (d = 0; d < N_LANE; d++)
		if (json_object_get(json_object_get(result, part), lane_names[d]))
			least = fmin(least, lanes_number(result, part, lane_names[d], "mpps"));
	return isfinite(least) ? least : NAN;
}

void lanes_limits(json_t *row, const char *key, const json_t *result, const char *part)
{
	json_t *v = json_object_get(json_object_get(result, part), "bottleneck");

	if (v)
		json_object_set(row, key, v);
}

static void lane(json_t *row, const json_t *r, const char *name)
{
	double offered = lanes_number(r, "measured", name, "offered");
	const json_t *latency = json_object_get(json_object_get(r, "measured"), "latency_ns");

	json_object_set_new(row, "lane", json_string(name));
	row_number(row, "line_mpps", lanes_line_mpps(r));
	row_number(row, "measured_mpps", lanes_number(r, "measured", name, "mpps"));
	row_number(row, "measured_gbps", lanes_number(r, "measured", name, "gbps"));
	row_number(row, "predicted_mpps", lanes_number(r, "predicted", name, "mpps"));
	row_number(row, "predicted_gbps", lanes_number(r, "predicted", name, "gbps"));
	row_number(row, "bound_mpps", lanes_number(r, "predicted", name, "bound_mpps"));
	row_number(row, "error_pct", lanes_number(r, "error_pct", name, "mpps"));
	row_number(row, "offered_frames", offered);
	if (offered > 0)
		row_number(row, "lost_pct",
			   fmax(0, 1 - lanes_number(r, "measured", name, "packets") / offered) * 100);
	row_number(row, "latency_p50_ns", lanes_number(latency, name, "p50", NULL));
	row_number(row, "latency_p99_ns", lanes_number(latency, name, "p99", NULL));
	row_number(row, "predicted_latency_p50_ns",
		   lanes_number(json_object_get(json_object_get(r, "predicted"), "latency_ns"), name, "p50",
				NULL));
	lanes_limits(row, "limits", r, "measured");
	row_number(row, "limits_busy", lanes_number(r, "measured", "bottleneck_busy", NULL));
	lanes_limits(row, "limits_predicted", r, "predicted");
	row_number(row, "limits_predicted_busy", lanes_number(r, "predicted", "bottleneck_busy", NULL));
}

void lanes_rows(struct suite *s, size_t i)
{
	json_t *r = suite_result(s, i);
	unsigned int d;

	for (d = 0; d < N_LANE; d++)
		if (json_object_get(json_object_get(r, "measured"), lane_names[d]) ||
		    json_object_get(json_object_get(r, "predicted"), lane_names[d]))
			lane(suite_row(s, i), r, lane_names[d]);
	json_decref(r);
}
