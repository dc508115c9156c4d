/* SPDX-License-Identifier: BSD-2-Clause */
#include "figures.h"

#include <errno.h>
#include <limits.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "options.h"
#include "results.h"

/* Histograms and the like change as a whole: their hash stands for them. */
static json_t *digest(const json_t *j)
{
	char *text = json_dumps(j, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
	unsigned char s[SHA256_DIGEST_LENGTH];
	json_t *v;

	SHA256((const unsigned char *)text, strlen(text), s);
	v = json_sprintf("%zu values, sha256 %02x%02x%02x%02x%02x%02x", json_array_size(j), s[0], s[1], s[2],
			 s[3], s[4], s[5]);
	free(text);
	return v;
}

/* All leaves below path[0..len), by their own paths. */
static void flatten(json_t *out, char path[PATH_MAX], size_t len, const json_t *j)
{
	const char *key;
	json_t *v;

	if (json_is_array(j)) {
		json_object_set_new(out, path, digest(j));
		return;
	}
	if (!json_is_object(j)) {
		json_object_set(out, path, (json_t *)j);
		return;
	}
	json_object_foreach((json_t *)j, key, v)
	{
		int n = snprintf(path + len, PATH_MAX - len, "%s%s", len ? "." : "", key);

		if (n < (int)(PATH_MAX - len))
			flatten(out, path, len + (size_t)n, v);
		path[len] = 0;
	}
}

/*
 * What decides first. Left out: run and the wall time in sim, which differ between runs; error_pct, which follows from the
 * rest; where the files of the trace lay; the hash of all TLPs, as they hold the BUILD register, which a comment in the RTL
 * changes.
 */
static json_t *figures_of(const json_t *result)
{
	static const char *const parts[] = { "check", "config", "trace", "measured", "predicted" };
	json_t *out = json_object(), *cycles = results_at(result, "sim.cycles");
	char path[PATH_MAX];
	size_t i;

	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		json_t *part = json_object_get(result, parts[i]);

		snprintf(path, sizeof(path), "%s", parts[i]);
		if (part)
			flatten(out, path, strlen(path), part);
		if (!strcmp(parts[i], "measured") && cycles)
			json_object_set(out, "sim.cycles", cycles);
	}
	json_object_del(out, "trace.files");
	json_object_del(out, "measured.tlp_hash");
	return out;
}

/* What differs from machine to machine, and from run to run: it has budgets, but is never saved or compared. */
static json_t *speed_of(const json_t *result)
{
	static const char *const names[] = { "sim.wall_s", "sim.kcycles_per_s", "sim.packets_per_wall_s" };
	json_t *out = json_object(), *v;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		v = results_at(result, names[i]);
		if (v)
			json_object_set(out, names[i], v);
	}
	return out;
}

/* Columns of a suite's row that are figures have a unit, or say what limits; the others say which row it is. */
static bool is_figure(const char *key)
{
	static const char *const units[] = { "_mpps", "_gbps", "_pct", "_ns", "_us", "_frames", "_share" };
	static const char *const names[] = { "limits",	 "limits_predicted", "published", "predicted",
					     "measured", "searched",	     "remark",	  "source" };
	size_t i, n = strlen(key);

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(key, names[i]))
			return true;
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (n > strlen(units[i]) && !strcmp(key + n - strlen(units[i]), units[i]))
			return true;
	return false;
}

static json_t *point_json(const char *set, const char *name, const char *status, const char *error)
{
	json_t *p = json_object();

	json_object_set_new(p, "name",
			    *set && *name ? json_sprintf("%s: %s", set, name)
			    : *set	  ? json_string(set)
					  : json_string(name));
	json_object_set_new(p, "status", json_string(status));
	if (error)
		json_object_set_new(p, "error", json_string(error));
	return p;
}

/* A suite's own rows, as points of their own. Those that repeat what a run says are left out; the id is that of a trial. */
static void add_rows(json_t *points, const struct result_set *set, const char *prefix)
{
	json_t *row, *v, *p, *settings, *figures, *names = json_object();
	json_int_t n;
	const char *key;
	char *name;
	size_t i;

	json_array_foreach(json_object_get(set->suite, "rows"), i, row)
	{
		if (json_object_get(row, "lane") && !json_object_get(row, "test"))
			continue;
		settings = json_object();
		figures = json_object();
		json_object_foreach(row, key, v) if (strcmp(key, "id") != 0)
			json_object_set(is_figure(key) ? figures : settings, key, v);
		name = results_name(settings);
		/* what is there once more is told apart by its number */
		n = json_integer_value(json_object_get(names, name)) + 1;
		json_object_set_new(names, name, json_integer(n));
		p = point_json(prefix, name, "ok", NULL);
		if (n > 1)
			json_object_set_new(p, "name",
					    json_sprintf("%s #%lld", results_text(p, "name"), (long long)n));
		json_object_set_new(p, "figures", figures);
		json_array_append_new(points, p);
		free(name);
		json_decref(settings);
	}
	json_decref(names);
}

static bool is_search(const struct result_set *set)
{
	return json_object_get(json_array_get(json_object_get(set->suite, "rows"), 0), "test") != NULL;
}

static json_t *of_results(const struct results *r, const char *path)
{
	json_t *points = json_array(), *p;
	const char *contract = NULL, *c;
	size_t i, k;

	for (i = 0; i < r->n; i++) {
		const struct result_set *set = &r->sets[i];
		/* the trials of a search are steps to its rows, and may be others each time */
		bool search = is_search(set);
		const char *prefix = r->n > 1 ? set->name : "";

		for (k = 0; k < set->n; k++) {
			const struct result_point *point = &set->points[k];
			char *name = results_name(point->settings);

			p = point_json(prefix, name, point->status, point->error);
			free(name);
			if (point->log)
				json_object_set_new(p, "log", json_string(point->log));
			if (point->result) {
				json_object_set_new(p, "figures", figures_of(point->result));
				json_object_set_new(p, "speed", speed_of(point->result));
			}
			if (search && point->result)
				json_decref(p);
			else
				json_array_append_new(points, p);
			c = results_text(point->result, "config.contract");
			/* a guest's result says nothing of it */
			if (!point->result || json_object_get(point->result, "guest") ||
			    (contract && !strcmp(contract, c)))
				continue;
			if (contract) {
				results_complain(
					NULL,
					"%s: holds results of contract %s and of %s; compare folders of one each",
					path, *contract ? contract : "unknown", *c ? c : "unknown");
				json_decref(points);
				return NULL;
			}
			contract = c;
		}
		add_rows(points, set, prefix);
	}
	return json_pack("{s:s s:o}", "contract", contract ? contract : "", "points", points);
}

/* A file of figures, as figures_save() wrote it. */
static bool check_saved(const json_t *j, const char *path)
{
	const json_t *p, *v;
	const char *key;
	size_t i;

	const json_t *points = json_object_get(j, "points"), *n = json_object_get(j, "count");

	if (!json_array_size(points)) {
		results_complain(NULL, "%s: holds no points; make it again with cosnic compare --save", path);
		return false;
	}
	if (n && json_integer_value(n) != (json_int_t)json_array_size(points)) {
		results_complain(
			NULL,
			"%s: holds %zu points of %lld: it was cut; make it again with cosnic compare --save",
			path, json_array_size(points), (long long)json_integer_value(n));
		return false;
	}
	if (!json_is_string(json_object_get(j, "contract"))) {
		results_complain(NULL, "%s: contract: must be text; make it again with cosnic compare --save",
				 path);
		return false;
	}
	json_array_foreach(json_object_get(j, "points"), i, p)
	{
		const json_t *figures = json_object_get(p, "figures");

		if (!json_is_string(json_object_get(p, "name")) ||
		    !json_is_string(json_object_get(p, "status")) || (figures && !json_is_object(figures))) {
			results_complain(
				NULL,
				"%s: points[%zu]: must have a name, a status and figures; make it again with "
				"cosnic compare --save",
				path, i);
			return false;
		}
		json_object_foreach((json_t *)figures, key, v)
		{
			if (!json_is_object(v) && !json_is_array(v))
				continue;
			results_complain(
				NULL,
				"%s: points[%zu].figures.%.200s: must be a number or text; make it again with "
				"cosnic compare --save",
				path, i, key);
			return false;
		}
	}
	return true;
}

static json_t *of_file(const char *path)
{
	json_t *j = results_read(path, NULL), *point, *all;

	if (!j)
		return NULL;
	if (json_object_get(j, "suite")) {
		results_complain(NULL, "%s: is a file of a suite, without its results; name its folder",
				 path);
		json_decref(j);
		return NULL;
	}
	if (json_is_array(json_object_get(j, "points"))) {
		if (check_saved(j, path))
			return j;
		json_decref(j);
		return NULL;
	}
	if (!results_check(j, path, NULL)) {
		json_decref(j);
		return NULL;
	}
	point = point_json("", "", "ok", NULL);
	json_object_set_new(point, "figures", figures_of(j));
	json_object_set_new(point, "speed", speed_of(j));
	all = json_pack("{s:s s:[o]}", "contract", results_text(j, "config.contract"), "points", point);
	json_decref(j);
	return all;
}

json_t *figures_load(const char *path)
{
	struct results r = { 0 };
	json_t *j = NULL;
	struct stat st;

	if (stat(path, &st)) {
		results_complain(NULL, "%s: %s; name a folder with results", path, strerror(errno));
		return NULL;
	}
	if (!S_ISDIR(st.st_mode))
		return of_file(path);
	if (!results_add(&r, path) && !r.unreadable)
		j = of_results(&r, path);
	results_free(&r);
	return j;
}

/* As a file holds them: nothing of the machine, and how many there are. */
static json_t *kept_of(const json_t *figures)
{
	json_t *points = json_array(), *p, *one;
	size_t i;

	json_array_foreach(json_object_get(figures, "points"), i, p)
	{
		one = json_copy(p);
		json_object_del(one, "speed");
		json_object_del(one, "log");
		json_array_append_new(points, one);
	}
	return json_pack("{s:O s:i s:o}", "contract", json_object_get(figures, "contract"), "count",
			 (int)json_array_size(points), "points", points);
}

int figures_save(const json_t *figures, const char *path)
{
	json_t *kept = kept_of(figures);
	char new[PATH_MAX];
	FILE *f;
	int bad;

	/* the one that is there is a base until the new one is whole */
	if (snprintf(new, sizeof(new), "%s.new", path) >= (int)sizeof(new))
		*new = 0;
	f = fopen(new, "w");
	bad = !f || json_dumpf(kept, f, JSON_INDENT(1)) || fputc('\n', f) == EOF;
	json_decref(kept);
	if (f)
		bad |= fclose(f) != 0;
	if (!bad && !rename(new, path))
		return EXIT_OK;
	if (f)
		unlink(new);
	results_complain(NULL, "%s: %s; choose another --save", path, strerror(errno ? errno : ENOSPC));
	return EXIT_INPUT;
}
