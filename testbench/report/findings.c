/* SPDX-License-Identifier: BSD-2-Clause */
/* What a reader wants to know first: where measurement and prediction disagree, what failed, where the error is largest. */
#include "digest.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORST 10
#define AT_WORK 0.8 /* busy share of a station that limits a run, at least */
#define FULL 0.95   /* ... and of one that may be named for another */

struct errors {
	double *abs; /* of each rate */
	size_t n, room;
};

static void push(struct errors *e, double v)
{
	if (e->n == e->room) {
		e->room = e->room ? 2 * e->room : 256;
		e->abs = realloc(e->abs, e->room * sizeof(*e->abs));
		if (!e->abs)
			abort();
	}
	e->abs[e->n++] = v;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The smallest value that a share of all does not exceed. */
static double quantile(const struct errors *e, double share)
{
	return e->n ? e->abs[(size_t)fmin((double)(e->n - 1), ceil(share * (double)e->n) - 1)] : NAN;
}

static json_t *real_or_null(double v)
{
	return isfinite(v) ? json_real(v) : json_null();
}

static double busy_of(const json_t *point, const char *key, size_t side)
{
	const json_t *v = json_array_get(json_object_get(json_object_get(point, "stations"), key), side);

	return json_is_number(v) ? json_number_value(v) : NAN;
}

/* Name and busy share of the station that limits: "PCIe up (98 %)". */
static json_t *limit_json(const json_t *point, const char *who, size_t side)
{
	const char *key = results_text(json_object_get(point, "limits"), who);
	double busy = busy_of(point, key, side);

	if (!*key)
		return json_string("not known");
	if (isnan(busy))
		return json_string(digest_label(key));
	return json_sprintf("%s (%.0f %%)", digest_label(key), busy * 100);
}

/* Whether both sides name a station that limits, and one of them has work enough: below its limit a run has none. */
static bool limits_known(const json_t *point)
{
	const char *m = results_text(json_object_get(point, "limits"), "measured");
	const char *p = results_text(json_object_get(point, "limits"), "predicted");

	return *m && *p && (busy_of(point, m, 0) >= AT_WORK || busy_of(point, p, 1) >= AT_WORK);
}

/* Whether another station limits than was predicted. Where both are as good as full, either may be named: no difference. */
static bool limits_differ(const json_t *point)
{
	const char *m = results_text(json_object_get(point, "limits"), "measured");
	const char *p = results_text(json_object_get(point, "limits"), "predicted");

	if (!limits_known(point) || !strcmp(m, p))
		return false;
	return !(busy_of(point, m, 0) >= FULL && busy_of(point, p, 0) >= FULL);
}

/* Why predicted and measured may be apart, from what the run says of itself. */
static json_t *why_json(const json_t *point)
{
	json_t *measured = limit_json(point, "measured", 0), *predicted = limit_json(point, "predicted", 1);
	const char *m = json_string_value(measured), *p = json_string_value(predicted), *cause, *most = NULL;
	json_t *why, *v;
	double top = 0;

	if (limits_differ(point))
		why = json_sprintf("limited by %s, predicted %s", m, p);
	else if (*results_text(json_object_get(point, "limits"), "measured"))
		why = json_sprintf("limited by %s, as predicted", m);
	else if (*results_text(json_object_get(point, "limits"), "predicted"))
		why = json_sprintf("predicted to be limited by %s", p);
	else
		why = json_string("what limits is not known");
	json_object_foreach(json_object_get(point, "drops"), cause, v)
	{
		if (json_number_value(v) <= top)
			continue;
		top = json_number_value(v);
		most = cause;
	}
	if (most) {
		v = json_sprintf("%s; %.0f frames dropped (%s)", json_string_value(why), top, most);
		json_decref(why);
		why = v;
	}
	json_decref(measured);
	json_decref(predicted);
	return why;
}

static void add_worst(json_t *worst, const json_t *set, const json_t *point, const char *lane,
		      const json_t *l)
{
	double error = results_number(l, "error_pct");
	size_t i, n = json_array_size(worst);

	for (i = n; i && fabs(results_number(json_array_get(worst, i - 1), "error_pct")) < fabs(error); i--)
		;
	if (i >= WORST)
		return;
	json_array_insert_new(worst, i,
			      json_pack("{s:s s:s s:s s:O s:O s:O s:o}", "set", results_text(set, "label"),
					"name", results_text(point, "name"), "lane", lane, "measured_mpps",
					json_object_get(l, "measured_mpps"), "predicted_mpps",
					json_object_get(l, "predicted_mpps"), "error_pct",
					json_object_get(l, "error_pct"), "why", why_json(point)));
	if (json_array_size(worst) > WORST)
		json_array_remove(worst, WORST);
}

static void add_disagreement(json_t *list, const json_t *set, const json_t *point)
{
	json_array_append_new(list,
			      json_pack("{s:s s:s s:s s:o s:o}", "set", results_text(set, "label"), "id",
					results_text(point, "id"), "name", results_text(point, "name"),
					"measured", limit_json(point, "measured", 0), "predicted",
					limit_json(point, "predicted", 1)));
}

static void add_failed(json_t *digest, const json_t *set, const json_t *point, const char *status,
		       const char *error)
{
	json_array_append_new(json_object_get(digest, "failed"),
			      json_pack("{s:s s:s s:s s:s}", "set", results_text(set, "label"), "name",
					results_text(point, "name"), "status", status, "error", error));
}

struct totals {
	json_int_t points, measured, failed, missing, unreadable, limits_known;
	double compared, mismatched, check_failed, wall_s;
};

static void add_point(struct totals *t, struct errors *errors, json_t *digest, const json_t *set,
		      const json_t *p)
{
	const char *status = results_text(p, "status"), *lane;
	json_t *l;

	t->points++;
	t->failed += !strcmp(status, "failed");
	t->missing += !strcmp(status, "missing");
	t->unreadable += !strcmp(status, "unreadable");
	if (strcmp(status, "ok") != 0) {
		add_failed(digest, set, p, status, results_text(p, "error"));
		return;
	}
	if (json_is_false(results_at(p, "check.passed"))) {
		t->check_failed++;
		add_failed(digest, set, p, "check failed", results_text(p, "check.first"));
	}
	if (json_is_number(results_at(p, "check.compared"))) {
		t->measured++;
		t->compared += results_number(p, "check.compared");
		t->mismatched += fmax(0, results_number(p, "check.mismatched"));
		t->wall_s += fmax(0, results_number(p, "sim.wall_s"));
	}
	t->limits_known += limits_known(p);
	if (limits_differ(p))
		add_disagreement(json_object_get(digest, "disagree"), set, p);
	json_object_foreach(json_object_get(p, "lanes"), lane, l)
	{
		if (!json_object_get(l, "error_pct"))
			continue;
		push(errors, fabs(results_number(l, "error_pct")));
		add_worst(json_object_get(digest, "worst"), set, p, lane, l);
	}
}

/* Simulation speed of a set: of its median run, and all wall time. */
static void add_speed(json_t *digest, const json_t *set)
{
	struct errors speeds = { 0 }, rates = { 0 };
	double wall = 0, v;
	const json_t *p;
	size_t i;

	json_array_foreach(json_object_get(set, "points"), i, p)
	{
		v = results_number(p, "sim.kcycles_per_s");
		/* a guest is not a run of packets */
		if (isnan(v) || !json_object_get(p, "lanes") ||
		    !json_object_size(json_object_get(p, "lanes")))
			continue;
		push(&speeds, v);
		push(&rates, fmax(0, results_number(p, "sim.packets_per_wall_s")));
		wall += fmax(0, results_number(p, "sim.wall_s"));
	}
	if (speeds.n) {
		qsort(speeds.abs, speeds.n, sizeof(double), ascending);
		qsort(rates.abs, rates.n, sizeof(double), ascending);
		json_array_append_new(
			json_object_get(digest, "speed"),
			json_pack("{s:s s:I s:f s:f s:f s:f s:f}", "set", results_text(set, "label"), "runs",
				  (json_int_t)speeds.n, "kcycles_per_s_min", speeds.abs[0], "kcycles_per_s",
				  quantile(&speeds, 0.5), "kcycles_per_s_max", speeds.abs[speeds.n - 1],
				  "packets_per_wall_s", quantile(&rates, 0.5), "wall_s", wall));
	}
	free(speeds.abs);
	free(rates.abs);
}

void findings_add(json_t *digest)
{
	static const char *const lists[] = { "disagree", "failed", "worst", "speed" };
	struct errors errors = { 0 };
	struct totals t = { 0 };
	json_t *set, *p;
	size_t i, k;

	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		json_object_set_new(digest, lists[i], json_array());
	json_array_foreach(json_object_get(digest, "sets"), i, set)
	{
		json_array_foreach(json_object_get(set, "points"), k, p)
			add_point(&t, &errors, digest, set, p);
		add_speed(digest, set);
	}
	if (errors.n)
		qsort(errors.abs, errors.n, sizeof(double), ascending);
	json_object_set_new(digest, "summary",
			    json_pack("{s:I s:I s:I s:I s:I s:I s:I s:f s:f s:f s:f s:I s:o s:o s:o}",
				      "points", t.points, "measured", t.measured, "failed", t.failed,
				      "missing", t.missing, "unreadable", t.unreadable, "limits_known",
				      t.limits_known, "limits_differ",
				      (json_int_t)json_array_size(json_object_get(digest, "disagree")),
				      "compared", t.compared, "mismatched", t.mismatched, "check_failed",
				      t.check_failed, "wall_s", t.wall_s, "rates", (json_int_t)errors.n,
				      "error_median_pct", real_or_null(quantile(&errors, 0.5)),
				      "error_p99_pct", real_or_null(quantile(&errors, 0.99)),
				      "error_worst_pct", real_or_null(quantile(&errors, 1))));
	free(errors.abs);
}
