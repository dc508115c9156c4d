/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include "trend.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "digest.h"

/* Sets of one suite, one for each commit. */
struct history {
	const struct result_set **sets;
	size_t n;
};

static const char *commit_of(const struct result_set *s)
{
	return results_text(s->suite, "run.commit");
}

static const char *started_of(const struct result_set *s)
{
	return results_text(s->suite, "run.started");
}

static int by_time(const void *a, const void *b)
{
	return strcmp(started_of(*(const struct result_set *const *)a),
		      started_of(*(const struct result_set *const *)b));
}

/* Of a commit the last results count. */
static void add(struct history *h, const struct result_set *s)
{
	size_t i;

	for (i = 0; i < h->n; i++)
		if (!strcmp(commit_of(h->sets[i]), commit_of(s)))
			break;
	if (i < h->n && strcmp(started_of(h->sets[i]), started_of(s)) > 0)
		return;
	h->sets[i] = s;
	h->n += i == h->n;
}

static void add_all(struct history *h, const struct results *r, const char *name)
{
	size_t i;

	for (i = 0; i < r->n; i++)
		if (r->sets[i].suite && !strcmp(r->sets[i].name, name) && *commit_of(&r->sets[i]))
			add(h, &r->sets[i]);
}

/* Values of one figure, by commit: made when it is first seen, null where it is not. */
static json_t *values_of(json_t *series, const char *name, const char *figure, size_t n)
{
	char *key;
	json_t *s, *values;
	size_t i;

	if (asprintf(&key, "%s %s", name, figure) < 0)
		abort();
	s = json_object_get(series, key);
	if (!s) {
		values = json_array();
		for (i = 0; i < n; i++)
			json_array_append_new(values, json_null());
		s = json_pack("{s:s s:s s:o}", "name", name, "figure", figure, "values", values);
		json_object_set_new(series, key, s);
	}
	free(key);
	return json_object_get(s, "values");
}

static void set_value(json_t *series, const char *name, const char *figure, size_t n, size_t at, double v)
{
	if (isfinite(v))
		json_array_set_new(values_of(series, name, figure, n), at, json_real(v));
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void add_points(json_t *series, const struct result_set *s, size_t n, size_t at)
{
	double *speeds = calloc(s->n + 1, sizeof(*speeds)), v;
	char path[64], figure[64], *name;
	size_t n_speeds = 0, i, l;

	for (i = 0; i < s->n; i++) {
		const json_t *result = s->points[i].result;

		name = results_name(s->points[i].settings);
		for (l = 0; result && l < N_LANES; l++) {
			snprintf(path, sizeof(path), "measured.%s.mpps", digest_lanes[l]);
			snprintf(figure, sizeof(figure), "%s Mpps", digest_lanes[l]);
			set_value(series, name, figure, n, at, results_number(result, path));
			snprintf(path, sizeof(path), "measured.latency_ns.%s.p50", digest_lanes[l]);
			snprintf(figure, sizeof(figure), "%s p50 ns", digest_lanes[l]);
			set_value(series, name, figure, n, at, results_number(result, path));
		}
		free(name);
		v = results_number(result, "sim.kcycles_per_s");
		if (speeds && isfinite(v))
			speeds[n_speeds++] = v;
	}
	if (n_speeds) {
		qsort(speeds, n_speeds, sizeof(*speeds), by_value);
		set_value(series, "median run", "kcycles/s", n, at, speeds[n_speeds / 2]);
	}
	free(speeds);
}

/* Of a search the throughput: its trials are others each time. */
static bool add_rows(json_t *series, const struct result_set *s, size_t n, size_t at)
{
	json_t *row, *settings, *v;
	const char *key;
	bool search = false;
	char *name;
	size_t i;

	json_array_foreach(json_object_get(s->suite, "rows"), i, row)
	{
		search |= json_object_get(row, "test") != NULL;
		if (strcmp(results_text(row, "test"), "throughput") != 0)
			continue;
		settings = json_object();
		json_object_foreach(row, key, v)
		{
			if (json_is_string(v) && strcmp(key, "id") != 0 && strcmp(key, "test") != 0 &&
			    strncmp(key, "limits", 6) != 0)
				json_object_set(settings, key, v);
		}
		name = results_name(settings);
		set_value(series, name, "NDR Mpps", n, at, results_number(row, "ndr_lower_mpps"));
		free(name);
		json_decref(settings);
	}
	return search;
}

static json_t *trend_of(const struct history *h)
{
	json_t *series = json_object(), *list = json_array(), *commits = json_array(), *v;
	const char *key;
	size_t i;

	for (i = 0; i < h->n; i++) {
		json_array_append_new(commits,
				      json_pack("[s, s]", commit_of(h->sets[i]), started_of(h->sets[i])));
		if (!add_rows(series, h->sets[i], h->n, i))
			add_points(series, h->sets[i], h->n, i);
	}
	json_object_foreach(series, key, v)
	{
		json_array_append(list, v);
	}
	json_decref(series);
	return json_pack("{s:s s:o s:o}", "set", h->sets[0]->name, "commits", commits, "series", list);
}

void trend_add(json_t *digest, const struct results *now, const struct results *before)
{
	struct history h = { calloc(now->n + before->n + 1, sizeof(const struct result_set *)), 0 };
	json_t *all = json_array(), *done = json_object();
	size_t i;

	for (i = 0; h.sets && i < now->n; i++) {
		if (!now->sets[i].suite || json_object_get(done, now->sets[i].name))
			continue;
		json_object_set_new(done, now->sets[i].name, json_true());
		h.n = 0;
		add_all(&h, before, now->sets[i].name);
		add_all(&h, now, now->sets[i].name);
		qsort(h.sets, h.n, sizeof(const struct result_set *), by_time);
		if (h.n > 1)
			json_array_append_new(all, trend_of(&h));
	}
	json_object_set_new(digest, "trend", all);
	json_decref(done);
	free(h.sets);
}
