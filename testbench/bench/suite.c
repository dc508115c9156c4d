/* SPDX-License-Identifier: BSD-2-Clause */
#include "suite.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "advice.h"
#include "cosnic.h"
#include "files.h"
#include "host.h"
#include "key.h"
#include "lock.h"
#include "point.h"
#include "pool.h"
#include "replay.h"
#include "result.h"
#include "rows.h"
#include "settings.h"
#include "slurm.h"
#include "snic_contract.h"
#include "xml.h"

#define ATTEMPTS 2   /* a failed point is tried once more */
#define LOG_END 4000 /* bytes of a log that JUnit XML shows */

static int unusable(const char *path, int err)
{
	fprintf(stderr, "cosnic: bench: %s: %s; %s another --out\n", path, strerror(err), advice_write(err));
	return EXIT_INPUT;
}

/* Which RTL the library was built from; results of another one are not kept. */
static json_t *rtl_build(const struct bench *b)
{
	struct options o = { .library = json_string_value(json_object_get(b->base, "library")) };
	const struct snic_pmd_bus *bus;
	char err[256], path[512];
	struct host *h;
	json_t *build;

	snic_sim_config_default(&o.sim);
	h = host_open(replay_library(&o, path, sizeof(path)), &o.sim, NULL, NULL, err, sizeof(err));
	if (!h) {
		fprintf(stderr, "cosnic: %s\n", err);
		return NULL;
	}
	bus = host_bus(h);
	build = json_sprintf("%08llx", (unsigned long long)bus->read(bus->ctx, 0, SNIC_REG_BUILD, 4));
	host_close(h);
	return build;
}

static int make_folders(const char *dir)
{
	struct options o = { 0 };
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/points", dir);
	o.out_dir = path;
	return result_prepare(&o);
}

struct suite *suite_open(const struct bench *b, json_t *axes)
{
	struct suite *s = calloc(1, sizeof(*s));

	if (!s || make_folders(b->out)) {
		json_decref(axes);
		free(s);
		return NULL;
	}
	s->b = b;
	s->lock = lock_folder(b->out);
	s->inputs = json_object();
	s->axes = axes ? axes : json_array();
	s->points = json_array();
	s->rows = json_array();
	s->run = result_run(b->argc, b->argv);
	s->contract = json_object();
	json_object_set_new(s->contract, "contract",
			    json_sprintf("%d.%d", SNIC_VERSION_MAJOR, SNIC_VERSION_MINOR));
	if (s->lock < 0 || cache_open(&s->cache, b->cache, b->merge) ||
	    (!b->predict_only && json_object_set_new(s->contract, "rtl", rtl_build(b)))) {
		suite_close(s, EXIT_INPUT);
		return NULL;
	}
	return s;
}

size_t suite_points(const struct suite *s)
{
	return json_array_size(s->points);
}

static json_t *point(const struct suite *s, size_t i)
{
	return json_array_get(s->points, i);
}

const char *suite_id(const struct suite *s, size_t i)
{
	return json_string_value(json_object_get(point(s, i), "id"));
}

json_t *suite_settings(const struct suite *s, size_t i)
{
	json_t *all = json_copy(s->b->base);

	json_object_update(all, json_object_get(point(s, i), "settings"));
	return all;
}

json_t *suite_result(const struct suite *s, size_t i)
{
	json_t *p = point(s, i), *result;

	if (strcmp(json_string_value(json_object_get(p, "status")), "ok") != 0)
		return NULL;
	result = point_result(s->b->out, suite_id(s, i), key_of(p));
	if (!result) {
		json_object_set_new(p, "status", json_string("failed"));
		json_object_set_new(p, "error",
				    json_string("its result was changed while the suite was made"));
	}
	return result;
}

bool suite_mine(const struct suite *s, size_t i)
{
	return !s->b->shards || i % s->b->shards == s->b->shard;
}

/* Of a point: with tasks dealt out, what is there is this process's own. */
static bool mine(const struct suite *s, size_t i)
{
	return s->tasks_shared || suite_mine(s, i);
}

json_t *suite_row(struct suite *s, size_t i)
{
	json_t *row = json_pack("{s:s}", "id", suite_id(s, i));

	json_object_update(row, json_object_get(point(s, i), "settings"));
	json_array_append_new(s->rows, row);
	return row;
}

ssize_t suite_add(struct suite *s, json_t *settings)
{
	static struct settings resolved;
	size_t i = suite_points(s);
	json_t *all;
	int ret;

	json_array_append_new(s->points, json_pack("{s:o s:o s:s s:i}", "id", json_sprintf("%04zu", i),
						   "settings", settings, "status", "missing", "attempts", 0));
	all = suite_settings(s, i);
	ret = settings_resolve(&resolved, all, s->b->files, s->b->predict_only);
	json_decref(all);
	return ret ? -1 : (ssize_t)i;
}

ssize_t suite_find(struct suite *s, json_t *settings)
{
	json_t *p;
	size_t i;

	json_array_foreach(s->points, i, p)
	{
		if (!json_equal(json_object_get(p, "settings"), settings))
			continue;
		json_decref(settings);
		return (ssize_t)i;
	}
	return suite_add(s, settings);
}

/* Reads from its folder what became of a point. */
static enum point_status look(struct suite *s, size_t i)
{
	static const char *const names[] = { "ok", "failed", "missing" };
	unsigned int attempts;
	enum point_status status;
	char error[512];

	status =
		point_status(s->b->out, suite_id(s, i), key_of(point(s, i)), error, sizeof(error), &attempts);
	/* cut short by Ctrl-C, it has not failed */
	if (cosnic_interrupted && status == POINT_FAILED)
		status = POINT_MISSING;
	json_object_set_new(point(s, i), "status", json_string(names[status]));
	json_object_set_new(point(s, i), "attempts", json_integer(attempts));
	json_object_del(point(s, i), "error"); /* that of a trial before */
	if (status == POINT_FAILED)
		json_object_set_new(point(s, i), "error", result_text(error));
	return status;
}

/* Whether a thing that points are made of is what it was for the points before. */
static bool as_before(struct suite *s, const char *name, json_t *hash)
{
	json_t *before = json_object_get(s->inputs, name);

	if (!before)
		json_object_set(s->inputs, name, hash);
	else if (!json_equal(before, hash))
		fprintf(stderr, "cosnic: bench: %s changed while the suite ran: run it again\n", name);
	return !before || json_equal(before, hash);
}

static bool all_as_before(struct suite *s, const json_t *spec)
{
	const json_t *made_of = json_object_get(spec, "made_of");
	const char *path,
		*library = json_string_value(json_object_get(json_object_get(spec, "settings"), "library"));
	bool same = as_before(s, "the program", json_object_get(made_of, "program"));
	json_t *hash = json_object_get(made_of, "library");

	if (hash)
		same &= as_before(s, library ? library : "the RTL library", hash);
	json_object_foreach(json_object_get(made_of, "inputs"), path, hash)
	{
		same &= as_before(s, path, hash);
	}
	return same;
}

/* Gives a point its key, and a folder. */
static int prepare(struct suite *s, size_t i)
{
	json_t *spec = json_pack("{s:o s:O s:b s:O}", "settings", suite_settings(s, i), "files", s->b->files,
				 "predict_only", s->b->predict_only, "contract",
				 json_object_get(s->contract, "contract"));
	int ret = 0;

	key_add(spec);
	json_object_set(point(s, i), "key", json_object_get(spec, "key"));
	if (!all_as_before(s, spec)) {
		json_decref(spec);
		return EXIT_CHECK;
	}
	ret = point_prepare(s->b->out, suite_id(s, i), spec, s->b->fresh, &s->cache);
	json_decref(spec);
	return ret ? unusable(s->b->out, -ret) : EXIT_OK;
}

/* A cache that cannot be written costs time, and nothing else. */
static void keep(const struct suite *s, size_t i)
{
	char result[PATH_MAX], table[PATH_MAX];
	int ret;

	point_path(result, sizeof(result), s->b->out, suite_id(s, i), "result.json");
	point_path(table, sizeof(table), s->b->out, suite_id(s, i), "result.txt");
	ret = cache_put(&s->cache, key_of(point(s, i)), result, table);
	if (ret)
		fprintf(stderr, "cosnic: bench: --cache %s: %s; %s another folder\n", s->b->cache,
			strerror(-ret), advice_write(-ret));
}

static bool seen(const struct suite *s, size_t i)
{
	return json_object_get(point(s, i), "seen") != NULL;
}

/* Points whose results are there count; of the others the index. */
static int prepare_all(struct suite *s, size_t *index, size_t *n)
{
	size_t i;
	int ret = EXIT_OK;

	for (i = 0; i < suite_points(s) && !ret; i++) {
		if (seen(s, i) || !mine(s, i))
			continue;
		json_object_set_new(point(s, i), "seen", json_true());
		ret = prepare(s, i);
		if (ret)
			break;
		if (look(s, i) == POINT_OK) {
			keep(s, i);
			s->kept++;
		} else {
			index[(*n)++] = i;
		}
	}
	return ret;
}

int suite_run(struct suite *s)
{
	const char **ids = calloc(suite_points(s) + 1, sizeof(*ids));
	const char **keys = calloc(suite_points(s) + 1, sizeof(*keys));
	size_t *index = calloc(suite_points(s) + 1, sizeof(*index)), n = 0, left, i;
	unsigned int attempt;
	int ret = ids && keys && index ? prepare_all(s, index, &n) : EXIT_INPUT;

	/* what is merged has been run elsewhere */
	for (attempt = 0;
	     attempt < ATTEMPTS && n && !ret && !cosnic_interrupted && !json_array_size(s->b->merge);
	     attempt++) {
		int err;

		for (i = 0; i < n; i++) {
			ids[i] = suite_id(s, index[i]);
			keys[i] = key_of(point(s, index[i]));
		}
		err = s->b->slurm ? slurm_run(s->b->out, ids, keys, n, s->b->jobs, s->b->suite)
				  : pool_run(s->b->out, ids, keys, n, s->b->jobs, s->b->suite);
		if (err)
			ret = unusable(s->b->out, -err);
		for (i = left = 0; i < n; i++) {
			if (look(s, index[i]) != POINT_OK)
				index[left++] = index[i];
			else
				keep(s, index[i]);
		}
		n = left;
	}
	free(ids);
	free(keys);
	free(index);
	return cosnic_interrupted ? EXIT_CHECK : ret;
}

/* Simulation speeds differ from run to run: they stand under `run`. */
static json_t *speeds(const struct suite *s)
{
	json_t *all = json_array();
	size_t i;

	for (i = 0; i < suite_points(s); i++) {
		json_t *result = suite_result(s, i), *sim = json_object_get(result, "sim");

		if (sim)
			json_array_append_new(
				all, json_pack("{s:s s:O s:O}", "id", suite_id(s, i), "kcycles_per_s",
					       json_object_get(sim, "kcycles_per_s"), "packets_per_wall_s",
					       json_object_get(sim, "packets_per_wall_s")));
		json_decref(result);
	}
	return all;
}

static int write_json(struct suite *s)
{
	json_t *config =
		json_pack("{s:O s:O s:O s:b}", "contract", json_object_get(s->contract, "contract"), "base",
			  s->b->base, "captures", s->b->files, "predict_only", s->b->predict_only);
	char path[PATH_MAX], new[PATH_MAX];
	json_t *points = json_deep_copy(s->points), *j, *p;
	size_t i;
	int ret;

	json_array_foreach(points, i, p)
	{
		json_object_del(p, "seen");
		json_object_del(p, "key");
	}
	if (s->b->shards)
		json_object_set_new(config, "shard", json_sprintf("%u/%u", s->b->shard + 1, s->b->shards));
	if (json_object_get(s->contract, "rtl"))
		json_object_set(s->run, "rtl", json_object_get(s->contract, "rtl"));
	json_object_set_new(s->run, "speeds", speeds(s));
	j = json_pack("{s:s s:O s:o s:O s:O s:O}", "suite", s->b->suite, "run", s->run, "config", config,
		      "axes", s->axes, "points", points, "rows", s->rows);
	snprintf(path, sizeof(path), "%s/suite.json", s->b->out);
	snprintf(new, sizeof(new), "%s/suite.new", s->b->out);
	ret = json_dump_file(j, new, JSON_INDENT(2)) || rename(new, path) ? unusable(path, errno) : EXIT_OK;
	json_decref(j);
	json_decref(points);
	return ret;
}

static int write_csv(struct suite *s)
{
	char path[PATH_MAX];
	FILE *f;
	int ret;

	snprintf(path, sizeof(path), "%s/suite.csv", s->b->out);
	f = fopen(path, "w");
	if (!f)
		return unusable(path, errno);
	rows_csv(s->rows, f);
	ret = ferror(f);
	return fclose(f) || ret ? unusable(path, errno ? errno : ENOSPC) : EXIT_OK;
}

/* The end of what a point has said, without what a terminal would obey. */
static void xml_log(const struct suite *s, size_t i, FILE *f)
{
	char path[PATH_MAX], *text, *utf8;
	json_t *safe;
	size_t n;

	text = files_read(point_path(path, sizeof(path), s->b->out, suite_id(s, i), "log.txt"), &n);
	safe = text ? result_text(n > LOG_END ? text + n - LOG_END : text) : NULL;
	utf8 = safe ? strdup(json_string_value(safe)) : NULL;
	if (utf8)
		xml_text(f, utf8);
	free(utf8);
	json_decref(safe);
	free(text);
}

static void xml_point(const struct suite *s, size_t i, FILE *f)
{
	const json_t *p = point(s, i);
	const char *status = json_string_value(json_object_get(p, "status"));
	const char *error = json_string_value(json_object_get(p, "error"));
	const char *name;
	json_t *v;

	fputs("<testcase classname=\"cosnic.bench.", f);
	xml_text(f, s->b->suite);
	fprintf(f, "\" name=\"%s", suite_id(s, i));
	json_object_foreach(json_object_get(p, "settings"), name, v)
	{
		fprintf(f, " %s=", name);
		xml_text(f, json_string_value(v));
	}
	fputs("\">", f);
	if (!strcmp(status, "failed")) {
		fputs("<failure message=\"", f);
		xml_text(f, error ? error : "");
		fputs("\">", f);
		xml_log(s, i, f);
		fputs("</failure>", f);
	} else if (strcmp(status, "ok") != 0) {
		fputs("<skipped/>", f);
	}
	fputs("</testcase>\n", f);
}

/* What CI reads: however the suite ended. */
static int write_xml(const struct suite *s, size_t failed)
{
	char path[PATH_MAX];
	size_t i;
	FILE *f;
	int bad;

	snprintf(path, sizeof(path), "%s/suite.xml", s->b->out);
	f = fopen(path, "w");
	if (!f)
		return unusable(path, errno);
	fprintf(f,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n<testsuite name=\"cosnic.bench.%s\" "
		"tests=\"%zu\" failures=\"%zu\">\n",
		s->b->suite, suite_points(s), failed);
	for (i = 0; i < suite_points(s); i++)
		xml_point(s, i, f);
	fputs("</testsuite>\n</testsuites>\n", f);
	bad = ferror(f);
	return fclose(f) || bad ? unusable(path, errno ? errno : ENOSPC) : EXIT_OK;
}

/* The summary, and each point without a result. */
static int tell(const struct suite *s)
{
	size_t failed = 0, missing = 0, elsewhere = 0, i;
	json_t *p;

	json_array_foreach(s->points, i, p)
	{
		const char *status = json_string_value(json_object_get(p, "status"));

		elsewhere += !mine(s, i);
		missing += !strcmp(status, "missing") && mine(s, i);
		if (strcmp(status, "failed"))
			continue;
		failed++;
		fprintf(stderr, "cosnic: bench: point %s failed: %s (cosnic bench point %s %s)\n",
			suite_id(s, i), json_string_value(json_object_get(p, "error")), s->b->out,
			suite_id(s, i));
	}
	printf("%zu points, %zu failed", suite_points(s) - elsewhere, failed);
	if (s->b->shards)
		printf(", part %u of %u: --merge joins them", s->b->shard + 1, s->b->shards);
	if (s->kept)
		printf(", %zu kept from before (--fresh runs all)", s->kept);
	if (missing && json_array_size(s->b->merge))
		printf(", %zu not in the folders that were merged, or made of another program, library or input",
		       missing);
	else if (missing)
		printf(", %zu not run: the same command goes on from here", missing);
	printf("\nresults %s/suite.json, %s/suite.csv\n", s->b->out, s->b->out);
	if (write_xml(s, failed))
		return EXIT_INPUT;
	return failed || missing ? EXIT_CHECK : EXIT_OK;
}

int suite_close(struct suite *s, int status)
{
	int ret = status;

	/* refused before anything ran: a suite that is there stays as it is */
	if (status == EXIT_OK || status == EXIT_CHECK) {
		ret = write_json(s);
		if (!ret)
			ret = write_csv(s);
		if (!ret)
			ret = tell(s);
		if (!ret)
			ret = status;
	}
	json_decref(s->axes);
	json_decref(s->points);
	json_decref(s->rows);
	json_decref(s->run);
	json_decref(s->contract);
	json_decref(s->inputs);
	cache_close(&s->cache);
	if (s->lock >= 0)
		close(s->lock);
	free(s);
	return ret;
}
