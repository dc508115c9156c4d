/* SPDX-License-Identifier: BSD-2-Clause */
#include "digest.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ethernet.h"
#include "result.h"
#include "shares.h"

#define CDF_POINTS 48	     /* of a distribution, as drawn */
#define CDF_MAX_POINTS 1000u /* runs; in a larger report distributions would be most of it */

const char *const digest_lanes[N_LANES] = { "rx", "tx", "vf2vf" };

const char *digest_label(const char *key)
{
	unsigned int i;

	for (i = 0; i < SNIC_N_STATION; i++)
		if (!strcmp(result_station_key(i), key))
			return result_station_label(i);
	return key;
}

static json_t *stations_json(void)
{
	json_t *all = json_array();
	unsigned int i;

	for (i = 0; i < SNIC_N_STATION; i++)
		json_array_append_new(all,
				      json_pack("[s, s]", result_station_key(i), result_station_label(i)));
	return all;
}

/* Sets a number unless it is not there. */
static void set_number(json_t *to, const char *key, double v)
{
	if (isfinite(v))
		json_object_set_new(to, key, json_real(v));
}

static void copy(json_t *to, const char *key, const json_t *from, const char *path)
{
	json_t *v = results_at(from, path);

	if (v)
		json_object_set(to, key, v);
}

static double at_lane(const json_t *result, const char *part, const char *lane, const char *key)
{
	char path[128];

	snprintf(path, sizeof(path), "%s.%s.%s", part, lane, key);
	return results_number(result, path);
}

/* [[ns, share of the frames at or below], ...], thinned where it is flat. */
static json_t *cdf(const json_t *histogram)
{
	double total = 0, sum = 0, shown = -1;
	json_t *out = json_array(), *row;
	size_t i;

	json_array_foreach((json_t *)histogram, i, row) total += json_number_value(json_array_get(row, 1));
	json_array_foreach((json_t *)histogram, i, row)
	{
		sum += json_number_value(json_array_get(row, 1));
		if (total <= 0 ||
		    (sum / total - shown < 1.0 / CDF_POINTS && i + 1 < json_array_size(histogram)))
			continue;
		shown = sum / total;
		json_array_append_new(out,
				      json_pack("[O, f]", json_array_get(row, 0), round(shown * 1e5) / 1e5));
	}
	return out;
}

static json_t *lane_json(const json_t *result, const char *lane, bool with_cdf)
{
	static const char *const from_measured[] = { "offered", "packets", "offered_mpps" };
	static const char *const bounds[] = { "bound_mpps", "bound_wire_mpps", "bound_pcie_mpps" };
	double measured = at_lane(result, "measured", lane, "mpps");
	double predicted = at_lane(result, "predicted", lane, "mpps");
	double offered = at_lane(result, "measured", lane, "offered");
	double packets = at_lane(result, "measured", lane, "packets");
	json_t *j = json_object(), *histogram;
	char path[128];
	size_t i;

	if (isnan(measured) && isnan(predicted)) {
		json_decref(j);
		return NULL;
	}
	set_number(j, "measured_mpps", measured);
	set_number(j, "measured_gbps", at_lane(result, "measured", lane, "gbps"));
	set_number(j, "predicted_mpps", predicted);
	set_number(j, "predicted_gbps", at_lane(result, "predicted", lane, "gbps"));
	snprintf(path, sizeof(path), "measured.%s.too_short", lane);
	copy(j, "too_short", result, path);
	if (measured > 0 && predicted > 0 && !json_object_get(j, "too_short"))
		set_number(j, "error_pct", (predicted - measured) / measured * 100);
	for (i = 0; i < sizeof(from_measured) / sizeof(from_measured[0]); i++)
		set_number(j, from_measured[i], at_lane(result, "measured", lane, from_measured[i]));
	/* copies for several functions are more than was offered, and no loss */
	if (offered > 0)
		set_number(j, "loss_pct", packets < offered ? (offered - packets) / offered * 100 : 0);
	for (i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++)
		set_number(j, bounds[i], at_lane(result, "predicted", lane, bounds[i]));
	snprintf(path, sizeof(path), "predicted.%s.bound_station", lane);
	copy(j, "bound_station", result, path);
	snprintf(path, sizeof(path), "measured.latency_ns.%s", lane);
	copy(j, "latency_ns", result, path);
	snprintf(path, sizeof(path), "predicted.latency_ns.%s", lane);
	copy(j, "predicted_latency_ns", result, path);
	snprintf(path, sizeof(path), "measured.latency_histogram_ns.%s", lane);
	histogram = results_at(result, path);
	if (histogram && with_cdf)
		json_object_set_new(j, "cdf", cdf(histogram));
	return j;
}

/* Each station that either side knows: [measured busy, predicted busy, stalled, by whom most]; null: not known. */
static json_t *utilisation(const json_t *result)
{
	json_t *out = json_object(), *row, *v;
	const char *by, *most, *key;
	double m, p, stalled, top;
	char path[128];
	unsigned int i;

	for (i = 0; i < SNIC_N_STATION; i++) {
		key = result_station_key(i);
		m = at_lane(result, "measured.stations", key, "busy");
		p = at_lane(result, "predicted.stations", key, "busy");
		if (isnan(m) && isnan(p))
			continue;
		stalled = top = 0;
		most = NULL;
		snprintf(path, sizeof(path), "measured.stations.%s.stalled", key);
		json_object_foreach(results_at(result, path), by, v)
		{
			stalled += json_number_value(v);
			if (json_number_value(v) > top) {
				top = json_number_value(v);
				most = by;
			}
		}
		row = json_array();
		json_array_append_new(row, isnan(m) ? json_null() : json_real(m));
		json_array_append_new(row, isnan(p) ? json_null() : json_real(p));
		json_array_append_new(row, isnan(m) ? json_null() : json_real(stalled));
		json_array_append_new(row, most ? json_string(most) : json_null());
		json_object_set_new(out, key, row);
	}
	return out;
}

/* Of what each VF sends and receives together. */
static double jain(const json_t *per_vf)
{
	size_t n = json_array_size(per_vf), i;
	double *rates = calloc(n + 1, sizeof(*rates)), index;

	if (!rates)
		abort();
	for (i = 0; i < n; i++) {
		const json_t *vf = json_array_get(per_vf, i);

		rates[i] = results_number(vf, "gbps_rx") + results_number(vf, "gbps_tx");
	}
	index = shares_jain(rates, n);
	free(rates);
	return index;
}

static void add_per_vf(json_t *point, const json_t *result)
{
	const json_t *per_vf = results_at(result, "measured.per_vf"), *v;
	json_t *rows = json_array();
	size_t i;

	json_array_foreach((json_t *)per_vf, i, v) json_array_append_new(
		rows, json_pack("[O, O, O]", json_object_get(v, "func"), json_object_get(v, "gbps_rx"),
				json_object_get(v, "gbps_tx")));
	if (json_array_size(rows)) {
		json_object_set(point, "per_vf", rows);
		set_number(point, "jain", jain(per_vf));
	}
	json_decref(rows);
}

static void add_result(json_t *point, const json_t *result, bool with_cdf)
{
	double packets = results_number(result, "trace.packets"),
	       bytes = results_number(result, "trace.bytes");
	static const char *const parts[][2] = { { "drops", "measured.drops" },
						{ "check", "check" },
						{ "frames", "frames" },
						{ "figures", "measured.figures" },
						{ "figures_predicted", "predicted.figures" },
						{ "config", "config" } };
	static const char *const sim[] = { "kcycles_per_s", "packets_per_wall_s", "wall_s", "cycles",
					   "cycles_simulated" };
	json_t *lanes = json_object(), *speed = json_object(), *lane;
	char path[64];
	size_t i;

	if (packets > 0)
		set_number(point, "mean_size", bytes / packets + ETH_FCS);
	for (i = 0; i < N_LANES; i++) {
		lane = lane_json(result, digest_lanes[i], with_cdf);
		if (lane)
			json_object_set_new(lanes, digest_lanes[i], lane);
	}
	json_object_set_new(point, "lanes", lanes);
	json_object_set_new(point, "stations", utilisation(result));
	json_object_set_new(point, "limits",
			    json_pack("{s:s s:s}", "measured", results_text(result, "measured.bottleneck"),
				      "predicted", results_text(result, "predicted.bottleneck")));
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		copy(point, parts[i][0], result, parts[i][1]);
	for (i = 0; i < sizeof(sim) / sizeof(sim[0]); i++) {
		snprintf(path, sizeof(path), "sim.%s", sim[i]);
		set_number(speed, sim[i], results_number(result, path));
	}
	json_object_set_new(point, "sim", speed);
	add_per_vf(point, result);
}

static json_t *point_json(const struct result_set *set, const struct result_point *p, bool with_cdf)
{
	const char *leaf = strrchr(set->name, '/');
	char *name = set->suite ? results_name(p->settings) : strdup(leaf ? leaf + 1 : set->name);
	json_t *point = json_pack("{s:s s:s s:O s:s}", "id", p->id, "name", *name ? name : p->id, "settings",
				  p->settings, "status", p->status);

	free(name);
	if (p->error)
		json_object_set_new(point, "error", json_string(p->error));
	if (p->result)
		add_result(point, p->result, with_cdf);
	return point;
}

/* What differs between lone runs is what they have for settings. */
static void settings_of_lone(json_t *points)
{
	const json_t *first = json_object_get(json_array_get(points, 0), "config");
	const char *key;
	json_t *v, *p;
	size_t i;

	json_object_foreach((json_t *)first, key, v)
	{
		bool differs = false;

		json_array_foreach(points, i, p) differs |=
			!json_equal(v, results_at(json_object_get(p, "config"), key));
		if (!differs || json_is_object(v) || json_is_array(v))
			continue;
		json_array_foreach(points, i, p)
		{
			json_t *mine = results_at(json_object_get(p, "config"), key);

			if (json_is_string(mine))
				json_object_set(json_object_get(p, "settings"), key, mine);
			else if (json_is_number(mine))
				json_object_set_new(json_object_get(p, "settings"), key,
						    json_sprintf("%g", json_number_value(mine)));
		}
	}
}

static json_t *set_json(const char *name, const char *kind)
{
	return json_pack("{s:s s:s s:[] s:[] s:[] s:{}}", "name", name, "kind", kind, "axes", "rows",
			 "points", "base");
}

static json_t *find_set(json_t *sets, const char *name, const char *kind)
{
	json_t *s;
	size_t i;

	json_array_foreach(sets, i, s) if (!strcmp(results_text(s, "name"), name) &&
					   !strcmp(results_text(s, "kind"), kind)) return s;
	s = set_json(name, kind);
	json_array_append_new(sets, s);
	return s;
}

/* Lone runs stand with those beside them; guests, which have other figures, by themselves. */
static json_t *set_of_lone(json_t *sets, const struct result_set *set)
{
	const char *leaf = strrchr(set->name, '/');
	char *above;
	json_t *s;

	if (json_object_get(set->points[0].result, "guest"))
		return find_set(sets, "Linux guest", "guest");
	above = leaf ? strndup(set->name, (size_t)(leaf - set->name)) : strdup("single runs");
	s = find_set(sets, above, "runs");
	free(above);
	return s;
}

/* Keys of `list` are what was noted, each once. */
static void note(json_t *list, const char *text)
{
	if (*text)
		json_object_set_new(list, text, json_null());
}

/* With what the results were made. */
static void add_run(json_t *runs, const json_t *result)
{
	const char *started = results_text(result, "run.started"), *tool;
	const char *from = results_text(runs, "from"), *to = results_text(runs, "to");
	json_t *v, *text;

	note(json_object_get(runs, "commits"), results_text(result, "run.commit"));
	note(json_object_get(runs, "contracts"), results_text(result, "config.contract"));
	note(json_object_get(runs, "builds"), results_text(result, "sim.build"));
	json_object_foreach(results_at(result, "run.tools"), tool, v)
	{
		text = json_sprintf("%s %s", tool, json_string_value(v));
		note(json_object_get(runs, "tools"), json_string_value(text));
		json_decref(text);
	}
	if (!*started)
		return;
	if (!*from || strcmp(started, from) < 0)
		json_object_set_new(runs, "from", json_string(started));
	if (!*to || strcmp(started, to) > 0)
		json_object_set_new(runs, "to", json_string(started));
}

static void add_set(json_t *sets, json_t *runs, const struct result_set *set, bool with_cdf)
{
	json_t *s, *axes, *rows;
	size_t i;

	if (set->suite) {
		s = set_json(set->name, "suite");
		json_object_set_new(s, "dir", json_string(set->dir));
		axes = json_object_get(set->suite, "axes");
		rows = json_object_get(set->suite, "rows");
		if (json_is_array(axes))
			json_object_set(s, "axes", axes);
		if (json_is_array(rows))
			json_object_set(s, "rows", rows);
		copy(s, "base", set->suite, "config");
		copy(s, "run", set->suite, "run");
		json_array_append_new(sets, s);
	} else {
		s = set_of_lone(sets, set);
	}
	for (i = 0; i < set->n; i++) {
		json_array_append_new(json_object_get(s, "points"),
				      point_json(set, &set->points[i], with_cdf));
		if (set->points[i].result)
			add_run(runs, set->points[i].result);
	}
}

/* Suites of one name are told apart by their folders. */
static void add_labels(json_t *sets)
{
	const char *name, *dir, *leaf;
	json_t *set, *other;
	size_t i, k;

	json_array_foreach(sets, i, set)
	{
		name = results_text(set, "name");
		dir = results_text(set, "dir");
		leaf = strrchr(dir, '/');
		json_object_set_new(set, "label", json_string(name));
		json_array_foreach(sets, k,
				   other) if (k != i && *dir && !strcmp(results_text(other, "name"), name))
			json_object_set_new(set, "label", json_string(leaf ? leaf + 1 : dir));
	}
}

static json_t *keys_of(const json_t *object)
{
	json_t *keys = json_array(), *v;
	const char *key;

	json_object_foreach((json_t *)object, key, v)
	{
		json_array_append_new(keys, json_string(key));
	}
	return keys;
}

json_t *digest_make(const struct results *r)
{
	json_t *sets = json_array(), *set, *d;
	json_t *runs = json_pack("{s:{} s:{} s:{} s:{}}", "commits", "contracts", "tools", "builds"), *v;
	const char *key;
	size_t i, n = 0;

	for (i = 0; i < r->n; i++)
		n += r->sets[i].n;
	for (i = 0; i < r->n; i++)
		add_set(sets, runs, &r->sets[i], n <= CDF_MAX_POINTS);
	json_array_foreach(sets, i, set) if (!strcmp(results_text(set, "kind"), "runs"))
		settings_of_lone(json_object_get(set, "points"));
	add_labels(sets);
	json_object_foreach(runs, key, v)
	{
		if (json_is_object(v))
			json_object_set_new(runs, key, keys_of(v));
	}
	d = json_pack("{s:o s:o s:o}", "stations", stations_json(), "runs", runs, "sets", sets);
	findings_add(d);
	return d;
}
