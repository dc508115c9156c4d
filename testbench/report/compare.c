/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cosnic compare BASE NEW: points are matched by their settings, figures by their names. Each change is held against the limit
 * of its figure, whichever way it goes: a rate that rose by 20 % is as much in need of a word as one that fell.
 */
#include "compare.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cosnic.h"
#include "figures.h"
#include "allowed.h"
#include "report.h"
#include "result.h"
#include "results.h"
#include "revisions.h"

#define MAX_CYCLES 64

struct compare_options {
	const char *base, *new, *json, *junit, *markdown, *save;
	const char *suite; /* that revisions run, NULL: the usual one */
	bool quiet;
	struct limits limits;
};

static int parse(struct compare_options *o, const char *command, int argc, char **argv)
{
	int c;

	limits_usual(&o->limits);
	optind = 0;
	while ((c = options_next(command, argc, argv)) != -1) {
		switch (c) {
		case OPT_CHANGE:
			if (limits_option(&o->limits, optarg))
				return EXIT_USAGE;
			break;
		case OPT_LIMITS:
			if (limits_file(&o->limits, optarg))
				return EXIT_INPUT;
			break;
		case OPT_EXACT:
			o->limits.exact = true;
			break;
		case OPT_COMPARE_JSON:
			o->json = optarg;
			break;
		case OPT_JUNIT:
			o->junit = optarg;
			break;
		case OPT_MARKDOWN:
			o->markdown = optarg;
			break;
		case OPT_SAVE:
			o->save = optarg;
			break;
		case OPT_REVISIONS:
			o->suite = optarg;
			break;
		case OPT_COMPARE_QUIET:
			o->quiet = true;
			break;
		default:
			return EXIT_USAGE;
		}
	}
	if (argc - optind != (o->save ? 1 : 2))
		return usage_error(command,
				   o->save ? "--save: takes one folder"
				   : !strcmp(command, "bisect")
					   ? "GOOD BAD: give two revisions"
					   : "BASE NEW: give two folders of results, or two revisions");
	o->base = argv[optind];
	o->new = argv[argc - 1];
	return EXIT_OK;
}

/* A change as the comparison holds it. limit: in print, "": none. */
static json_t *change_json(const char *figure, json_t *base, json_t *new, const char *limit, bool beyond)
{
	double pct = NAN;

	if (json_is_number(base) && json_is_number(new) && json_number_value(base) != 0)
		pct = (json_number_value(new) - json_number_value(base)) / json_number_value(base) * 100;
	/* a text or a histogram has no percentage; what was 0, or was not there, has no finite one */
	return json_pack("{s:s s:O? s:O? s:o s:o s:b}", "figure", figure, "base", base, "new", new,
			 "change_pct", isfinite(pct) ? json_real(pct) : json_null(), "limit",
			 *limit ? json_string(limit) : json_null(), "beyond", beyond);
}

static json_t *change_of(const struct compare_options *o, const char *point, const char *figure, json_t *base,
			 json_t *new)
{
	char limit[64];
	bool beyond = limits_beyond(&o->limits, point, figure, base, new, limit, sizeof(limit));

	return change_json(figure, base, new, limit, beyond);
}

/* Numbers are the same when their values are, 0 and 0.0 too; whole ones are not rounded for that. */
static bool same(const json_t *a, const json_t *b)
{
	if (json_is_integer(a) && json_is_integer(b))
		return json_integer_value(a) == json_integer_value(b);
	if (json_is_number(a) && json_is_number(b))
		return json_number_value(a) == json_number_value(b);
	return a && b && json_equal(a, b);
}

static json_t *changes_of(const struct compare_options *o, const char *point, json_t *base, json_t *new)
{
	json_t *changes = json_array(), *v;
	const char *figure;

	json_object_foreach(base, figure, v)
	{
		json_t *now = json_object_get(new, figure);

		if (!same(v, now))
			json_array_append_new(changes, change_of(o, point, figure, v, now));
	}
	json_object_foreach(new, figure, v) if (!json_object_get(base, figure))
		json_array_append_new(changes, change_of(o, point, figure, NULL, v));
	return changes;
}

/* What is wrong by itself, whatever the base: a run whose check failed, figures over their budgets. Speeds are no figures, but have budgets. */
static void add_faults(const struct compare_options *o, const json_t *point, json_t *base, json_t *changes)
{
	json_t *figures = json_object_get(point, "figures"), *speed = json_object_get(point, "speed"), *v;
	json_t *both = figures ? json_copy(figures) : json_object();
	const char *figure;
	char must[64];

	json_object_update(both, speed);
	if (json_is_false(json_object_get(figures, "check.passed")) &&
	    json_is_false(json_object_get(base, "check.passed")))
		json_array_append_new(changes,
				      change_json("check.passed", json_object_get(base, "check.passed"),
						  json_object_get(figures, "check.passed"), "0", true));
	json_object_foreach(both, figure, v)
	{
		if (json_is_number(v) && limits_over_budget(&o->limits, results_text(point, "name"), figure,
							    json_number_value(v), must, sizeof(must)))
			json_array_append_new(
				changes, change_json(figure, json_object_get(base, figure), v, must, true));
	}
	json_decref(both);
}

/* Points by their names; of several with one name the first. */
static json_t *by_name(const json_t *points)
{
	json_t *all = json_object(), *p;
	size_t i;

	json_array_foreach((json_t *)points, i, p)
	{
		if (!json_object_get(all, results_text(p, "name")))
			json_object_set(all, results_text(p, "name"), p);
	}
	return all;
}

/* A change of latency in cycles of the core clock, where it is a whole number of them and not many. */
static void add_cycles(json_t *change, const json_t *figures)
{
	double mhz = json_number_value(json_object_get(figures, "config.clock_mhz"));
	double ns = json_number_value(json_object_get(change, "new")) -
		    json_number_value(json_object_get(change, "base"));
	double cycles = round(ns * mhz / 1e3);

	if (!strncmp(results_text(change, "figure"), "measured.latency_ns.", 20) && mhz > 0 && cycles != 0 &&
	    fabs(cycles) <= MAX_CYCLES && fabs(ns * mhz / 1e3 - cycles) < 0.01)
		json_object_set_new(change, "change_cycles", json_integer((json_int_t)cycles));
}

static json_t *compare_point(const struct compare_options *o, const json_t *base, const json_t *new)
{
	json_t *was = json_object_get(base, "figures"), *is = json_object_get(new, "figures"), *changes, *v,
	       *p;
	const char *verdict = "same", *error = results_text(new, "error");
	size_t i;

	if (!is)
		verdict = "missing";
	else if (!was)
		verdict = "added";
	changes = was && is ? changes_of(o, results_text(new, "name"), was, is) : json_array();
	if (is)
		add_faults(o, new, was, changes);
	json_array_foreach(changes, i, v)
	{
		add_cycles(v, was);
		if (json_is_true(json_object_get(v, "beyond")))
			verdict = "beyond";
		else if (!strcmp(verdict, "same"))
			verdict = "within";
	}
	p = json_pack("{s:s s:s s:o}", "name", results_text(base ? base : new, "name"), "verdict", verdict,
		      "changes", changes);
	if (*error)
		json_object_set_new(p, "error", json_string(error));
	if (json_object_get(new, "log"))
		json_object_set(p, "log", json_object_get(new, "log"));
	return p;
}

static json_t *compare(const struct compare_options *o, const json_t *base, const json_t *new)
{
	json_t *was = json_object_get(base, "points"), *is = json_object_get(new, "points"), *p;
	json_t *was_named = by_name(was), *is_named = by_name(is);
	json_t *points = json_array(), *summary = json_object();
	/* two lone runs are meant, whatever their settings */
	bool pair = json_array_size(was) == 1 && json_array_size(is) == 1;
	size_t i, figures = 0;

	json_array_foreach(was, i, p)
	{
		json_array_append_new(
			points, compare_point(o, p,
					      pair ? json_array_get(is, 0)
						   : json_object_get(is_named, results_text(p, "name"))));
	}
	json_array_foreach(is, i, p)
	{
		if (!pair && !json_object_get(was_named, results_text(p, "name")))
			json_array_append_new(points, compare_point(o, NULL, p));
	}
	json_decref(was_named);
	json_decref(is_named);
	json_array_foreach(points, i, p)
	{
		const char *verdict = results_text(p, "verdict");

		figures += json_array_size(json_object_get(p, "changes"));
		json_object_set_new(summary, verdict,
				    json_integer(json_integer_value(json_object_get(summary, verdict)) + 1));
	}
	json_object_set_new(summary, "points", json_integer((json_int_t)json_array_size(points)));
	json_object_set_new(summary, "figures", json_integer((json_int_t)figures));
	return json_pack("{s:o s:o s:s s:b s:o s:o}", "base", result_text(o->base), "new",
			 result_text(o->new), "contract", results_text(new, "contract"), "exact",
			 o->limits.exact, "summary", summary, "points", points);
}

static int write_all(const struct compare_options *o, const json_t *c)
{
	json_t *summary = json_object_get(c, "summary");
	int ret = EXIT_OK;

	if (!o->quiet)
		compare_print(c, stdout);
	if ((o->json && compare_json(c, o->json)) || (o->junit && compare_junit(c, o->junit)) ||
	    (o->markdown && compare_markdown(c, o->markdown)))
		return EXIT_INPUT;
	if (json_object_get(summary, "beyond") || json_object_get(summary, "missing") ||
	    (o->limits.exact && json_object_get(summary, "added")))
		ret = EXIT_CHECK;
	return ret;
}

/* A base that does not hold what it should would make the next run green. */
static int save(const struct compare_options *o, const json_t *figures)
{
	const json_t *p;
	size_t i;

	json_array_foreach(json_object_get(figures, "points"), i, p)
	{
		const json_t *of = json_object_get(p, "figures");
		const char *name = *results_text(p, "name") ? results_text(p, "name") : "the run";

		if (!of)
			results_complain(NULL, "%s: %s: has no result%s%s; a base must be whole", o->new,
					 name, *results_text(p, "error") ? ": " : "",
					 results_text(p, "error"));
		else if (json_is_false(json_object_get(of, "check.passed")))
			results_complain(NULL, "%s: %s: its check failed; a base must be right", o->new,
					 name);
		else if (json_is_true(json_object_get(of, "check.partial")))
			results_complain(NULL, "%s: %s: was interrupted; a base must be whole", o->new, name);
		else
			continue;
		return EXIT_CHECK;
	}
	return figures_save(figures, o->save);
}

/* Whether any point has a result, and with it a contract. */
static bool any_result(const json_t *figures)
{
	const json_t *p;
	size_t i;

	json_array_foreach(json_object_get(figures, "points"), i, p)
	{
		if (json_object_get(p, "figures"))
			return true;
	}
	return false;
}

/* EXIT_OK with what is to be compared, or EXIT_INPUT after one line on stderr. */
static int load(const struct compare_options *o, json_t **base, json_t **new)
{
	const char *was, *is;

	*base = figures_load(o->base);
	*new = *base ? figures_load(o->new) : NULL;
	if (!*new)
		return EXIT_INPUT;
	was = results_text(*base, "contract");
	is = results_text(*new, "contract");
	if (!strcmp(was, is) || !any_result(*base) || !any_result(*new))
		return EXIT_OK;
	results_complain(NULL, "%s is of contract %s, %s of contract %s; compare results of one contract",
			 o->base, *was ? was : "unknown", o->new, *is ? is : "unknown");
	return EXIT_INPUT;
}

int cmd_compare(int argc, char **argv)
{
	static struct compare_options o;
	json_t *base = NULL, *new = NULL, *c;
	int ret;

	ret = parse(&o, "compare", argc, argv);
	if (ret)
		return ret;
	/* what is no file may be in the history */
	if (!o.save && access(o.base, F_OK) && access(o.new, F_OK))
		return revisions_run("compare", o.base, o.new, o.suite, argc, argv);
	if (o.save) {
		new = figures_load(o.new);
		ret = new ? save(&o, new) : EXIT_INPUT;
		json_decref(new);
		return ret;
	}
	ret = load(&o, &base, &new);
	if (!ret) {
		c = compare(&o, base, new);
		ret = write_all(&o, c);
		json_decref(c);
	} else if (o.junit) {
		/* CI shall see why there is no comparison */
		compare_junit_refused(results_complaint(), o.junit);
	}
	json_decref(base);
	json_decref(new);
	return ret;
}

int cmd_bisect(int argc, char **argv)
{
	static struct compare_options o;
	int ret = parse(&o, "bisect", argc, argv);

	return ret ? ret : revisions_run("bisect", o.base, o.new, o.suite, argc, argv);
}
