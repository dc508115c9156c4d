/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE /* strptime, timegm */
#include "csit.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "digest.h"
#include "ethernet.h"
#include "options.h"

#define MODEL_VERSION "0.2.0"
/* of a file's name, of which NAME_MAX is 255 and the ending and a number take some */
#define SUITE_MAX 60
#define NAME_LENGTH 160

/* CSIT's bandwidth counts preamble and gap. */
static json_t *rate(double mpps, double gbps)
{
	return json_pack("{s:{s:f s:s} s:{s:f s:s}}", "rate", "value", mpps * 1e6, "unit", "pps", "bandwidth",
			 "value", gbps + mpps * ETH_WIRE * 8 / 1e3, "unit", "Gbps");
}

/* All directions together, as CSIT counts. */
static json_t *mrr(const json_t *result)
{
	double mpps = 0, gbps = 0, v;
	char path[64];
	size_t i;

	for (i = 0; i < N_LANES; i++) {
		snprintf(path, sizeof(path), "measured.%s.mpps", digest_lanes[i]);
		v = results_number(result, path);
		mpps += isnan(v) ? 0 : v;
		snprintf(path, sizeof(path), "measured.%s.gbps", digest_lanes[i]);
		v = results_number(result, path);
		gbps += isnan(v) ? 0 : v;
	}
	return json_pack("{s:{s:[o] s:f s:f}}", "mrr", "samples", rate(mpps, gbps), "avg", mpps * 1e6,
			 "stdev", 0.0);
}

/* A row of a search: bounds in Mpps, of frames of one size. NULL: it is none. */
static json_t *bounds(const json_t *row, const char *which)
{
	double lower, upper, bits = NAN;
	char key[64];

	snprintf(key, sizeof(key), "%s_lower_mpps", which);
	lower = results_number(row, key);
	snprintf(key, sizeof(key), "%s_upper_mpps", which);
	upper = results_number(row, key);
	snprintf(key, sizeof(key), "%s_lower_gbps", which);
	if (lower > 0)
		bits = results_number(row, key) / lower;
	if (isnan(lower) || isnan(upper) || isnan(bits))
		return NULL;
	return json_pack("{s:o s:o}", "lower", rate(lower, lower * bits), "upper", rate(upper, upper * bits));
}

static json_t *ndrpdr(const json_t *row)
{
	json_t *ndr = bounds(row, "ndr"), *pdr = bounds(row, "pdr");

	if (ndr && pdr)
		return json_pack("{s:{s:o s:o}}", "ndrpdr", "ndr", ndr, "pdr", pdr);
	json_decref(ndr);
	json_decref(pdr);
	return NULL;
}

/* The end of a run that began so and took so long. */
static const char *later(const char *started, double s, char *buf, size_t size)
{
	struct tm tm = { 0 };
	time_t t;

	if (!strptime(started, "%Y-%m-%dT%H:%M:%SZ", &tm))
		return started;
	t = timegm(&tm) + (time_t)ceil(s);
	strftime(buf, size, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&t, &tm));
	return buf;
}

/* Letters, digits and dots: names of settings become one of a test. */
static char *plain(const char *name)
{
	char *s = strdup(name), *at;

	for (at = s; *at; at++)
		*at = isalnum((unsigned char)*at) || *at == '.' || *at == '='
			      ? (char)tolower((unsigned char)*at)
			      : '-';
	return s;
}

/* Where files go, and what is there already: how many tests would have a file of a name. */
struct folder {
	const char *dir;
	json_t *names;
};

#define ENDING ".info.json"

/*
 * cosnic.SUITE.NAME, no longer than a file's name may be. Tests of one name (suites of one name in two folders, names cut or
 * made plain) are told apart by numbers.
 */
static json_t *test_id(struct folder *f, const char *suite, const char *name)
{
	json_t *id = json_sprintf("%.*s.%.*s", SUITE_MAX, suite, NAME_LENGTH, name), *first = id;
	json_int_t n;

	while (json_object_get(f->names, json_string_value(id))) {
		n = json_integer_value(json_object_get(f->names, json_string_value(first))) + 1;
		json_object_set_new(f->names, json_string_value(first), json_integer(n));
		if (id != first)
			json_decref(id);
		id = json_sprintf("%s-%lld", json_string_value(first), (long long)n);
	}
	json_object_set_new(f->names, json_string_value(id), json_integer(1));
	if (id != first)
		json_decref(first);
	return id;
}

struct test {
	const char *suite, *name;
	const char *status, *message, *started, *commit, *type;
	double duration;
	json_t *results; /* stolen */
};

static int write_test(struct folder *to, const struct test *t)
{
	char *suite = plain(t->suite), *name = plain(t->name), path[PATH_MAX], end[32];
	json_t *id = test_id(to, suite, name), *j;
	FILE *f;
	int bad;

	j = json_pack("{s:s s:f s:s s:[] s:s s:o s:s s:s s:s s:s s:[s s] s:s s:o s:s s:s}", "version",
		      MODEL_VERSION, "duration", t->duration, "end_time",
		      later(t->started, t->duration, end, sizeof(end)), "log", "message", t->message,
		      "results", t->results, "start_time", t->started, "status", t->status, "sut_type",
		      "Cosnic", "sut_version", t->commit, "tags", "COSNIC", suite, "test_documentation", "",
		      "test_id", json_sprintf("cosnic.%s", json_string_value(id)), "test_name", t->name,
		      "test_type", t->type);
	bad = snprintf(path, sizeof(path), "%s/%s" ENDING, to->dir, json_string_value(id)) >=
	      (int)sizeof(path);
	f = bad ? NULL : fopen(path, "w");
	bad = !f || json_dumpf(j, f, JSON_INDENT(1)) || fputc('\n', f) == EOF;
	if (f)
		bad |= fclose(f) != 0;
	if (bad)
		results_complain(NULL, "%s: %s; choose another --csit", path,
				 strerror(errno ? errno : ENOSPC));
	json_decref(j);
	json_decref(id);
	free(suite);
	free(name);
	return bad ? EXIT_INPUT : EXIT_OK;
}

static int write_point(struct folder *to, const struct result_set *set, const struct result_point *p)
{
	const json_t *r = p->result;
	bool passed = r && !json_is_false(results_at(r, "check.passed"));
	double wall = results_number(r, "sim.wall_s");
	char *name = set->suite ? results_name(p->settings) : strdup(set->name);
	struct test t = { .suite = set->suite ? set->name : "run",
			  .name = *name ? name : p->id,
			  .status = passed ? "PASS" : "FAIL",
			  .message = p->error ? p->error : results_text(r, "check.first"),
			  .started = results_text(r, "run.started"),
			  .commit = results_text(r, "run.commit"),
			  .type = "mrr",
			  .duration = isnan(wall) ? 0 : wall };
	int ret = EXIT_OK;

	/* a prediction, or a guest, is no test of this kind */
	if (!r || json_object_get(json_object_get(r, "measured"), "tlp_hash")) {
		t.results = r ? mrr(r) : json_object();
		ret = write_test(to, &t);
	}
	free(name);
	return ret;
}

static int write_row(struct folder *to, const struct result_set *set, const json_t *row, size_t i)
{
	struct test t = { .suite = set->name,
			  .status = "PASS",
			  .message = "",
			  .started = results_text(set->suite, "run.started"),
			  .commit = results_text(set->suite, "run.commit"),
			  .type = "ndrpdr",
			  .results = ndrpdr(row) };
	const char *lane = results_text(row, "direction");
	json_t *name;
	int ret;

	if (!t.results)
		return EXIT_OK;
	name = json_sprintf("%zu-%sB-%s-ndrpdr", i, results_text(row, "size"), *lane ? lane : "rx");
	t.name = json_string_value(name);
	ret = write_test(to, &t);
	json_decref(name);
	return ret;
}

int csit_write(const struct results *r, const char *dir)
{
	struct folder to = { dir, json_object() };
	size_t i, k;
	json_t *row;
	int ret = EXIT_OK;

	if (mkdir(dir, 0777) && errno != EEXIST) {
		results_complain(NULL, "%s: %s; choose another --csit", dir, strerror(errno));
		ret = EXIT_INPUT;
	}
	for (i = 0; i < r->n && !ret; i++) {
		for (k = 0; k < r->sets[i].n && !ret; k++)
			ret = write_point(&to, &r->sets[i], &r->sets[i].points[k]);
		json_array_foreach(json_object_get(r->sets[i].suite, "rows"), k, row)
		{
			if (!ret)
				ret = write_row(&to, &r->sets[i], row, k);
		}
	}
	json_decref(to.names);
	return ret;
}
