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

#include "cosnic.h"
#include "figures.h"
#include "report.h"
#include "result.h"
#include "results.h"

#define MAX_LIMITS 32
#define MAX_CYCLES 64

struct limit {
	char name[32]; /* of a part of the figure's path, or its beginning */
	double pct;
};

struct compare_options {
	const char *base, *new, *json, *junit, *markdown, *save;
	bool exact, quiet;
	struct limit limits[MAX_LIMITS]; /* the last one that fits is taken */
	unsigned int n_limits;
};

static const struct limit usual[] = { { "mpps", 1 }, { "gbps", 1 }, { "latency", 5 }, { "ns", 5 } };
#define N_USUAL (sizeof(usual) / sizeof(usual[0]))

static int parse_limits(struct compare_options *o, const char *arg)
{
	const char *at = arg;

	while (*at) {
		struct limit *l = &o->limits[o->n_limits];
		size_t n = strcspn(at, "=,");
		char *end;

		if (!n || n >= sizeof(l->name) || at[n] != '=')
			return usage_error("compare", "%s: --limit must look like mpps=1%%,latency=5%%", arg);
		memcpy(l->name, at, n);
		l->name[n] = 0;
		l->pct = strtod(at + n + 1, &end);
		if (end == at + n + 1 || !(l->pct >= 0 && l->pct <= 1e6))
			return usage_error("compare", "%s: --limit must be a percentage that is not negative",
					   arg);
		end += *end == '%';
		if (*end && *end != ',')
			return usage_error("compare", "%s: --limit must look like mpps=1%%,latency=5%%", arg);
		if (++o->n_limits == MAX_LIMITS)
			return usage_error("compare", "%s: too many limits", arg);
		at = end + (*end == ',');
	}
	return EXIT_OK;
}

static int parse(struct compare_options *o, int argc, char **argv)
{
	int c;

	memcpy(o->limits, usual, sizeof(usual));
	o->n_limits = N_USUAL;
	optind = 0;
	while ((c = options_next("compare", argc, argv)) != -1) {
		switch (c) {
		case OPT_CHANGE:
			if (parse_limits(o, optarg))
				return EXIT_USAGE;
			break;
		case OPT_EXACT:
			o->exact = true;
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
		case OPT_COMPARE_QUIET:
			o->quiet = true;
			break;
		default:
			return EXIT_USAGE;
		}
	}
	if (argc - optind != (o->save ? 1 : 2))
		return usage_error("compare", o->save ? "--save: takes one folder"
						      : "BASE NEW: give two folders of results");
	o->base = argv[optind];
	o->new = argv[argc - 1];
	return EXIT_OK;
}

/* Whether a part of "measured.latency_ns.rx.p50" or of "ndr_lower_mpps" begins with a name, or ends with it after a _. */
static bool names(const char *name, const char *figure)
{
	size_t n = strlen(name), part;

	for (;; figure += part + 1) {
		part = strcspn(figure, ".");
		if (!strncmp(figure, name, n) ||
		    (part > n && figure[part - n - 1] == '_' && !strncmp(figure + part - n, name, n)))
			return true;
		if (!figure[part])
			return false;
	}
}

/* Percentage by which a figure may change; NaN: any. What the check found may never change, settings are meant to. */
static double limit_of(const struct compare_options *o, const char *figure)
{
	bool setting = !strncmp(figure, "config.", 7);
	unsigned int i;

	if (o->exact || !strncmp(figure, "check.", 6))
		return 0;
	for (i = o->n_limits; i--;)
		if (names(o->limits[i].name, figure) && !(setting && i < N_USUAL))
			return o->limits[i].pct;
	return NAN;
}

static json_t *change_of(const struct compare_options *o, const char *figure, json_t *base, json_t *new)
{
	double pct = NAN, limit = limit_of(o, figure);
	bool numbers = json_is_number(base) && json_is_number(new), beyond = false;

	if (numbers && json_number_value(base) != 0)
		pct = (json_number_value(new) - json_number_value(base)) / json_number_value(base) * 100;
	if (!isfinite(pct))
		pct = NAN;
	/* a text or a histogram has no percentage; what was 0, or was not there, has no finite one */
	if (base && new && !numbers)
		beyond = limit == 0;
	else if (!isnan(limit))
		beyond = limit == 0 || isnan(pct) || fabs(pct) > limit;
	return json_pack("{s:s s:O? s:O? s:o s:o s:b}", "figure", figure, "base", base, "new", new,
			 "change_pct", isnan(pct) ? json_null() : json_real(pct), "limit_pct",
			 isnan(limit) ? json_null() : json_real(limit), "beyond", beyond);
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

static json_t *changes_of(const struct compare_options *o, json_t *base, json_t *new)
{
	json_t *changes = json_array(), *v;
	const char *figure;

	json_object_foreach(base, figure, v)
	{
		json_t *now = json_object_get(new, figure);

		if (!same(v, now))
			json_array_append_new(changes, change_of(o, figure, v, now));
	}
	json_object_foreach(new, figure, v) if (!json_object_get(base, figure))
		json_array_append_new(changes, change_of(o, figure, NULL, v));
	return changes;
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
	changes = was && is ? changes_of(o, was, is) : json_array();
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
	return p;
}

static json_t *compare(const struct compare_options *o, const json_t *base, const json_t *new)
{
	json_t *was = json_object_get(base, "points"), *is = json_object_get(new, "points"), *p;
	json_t *was_named = by_name(was), *is_named = by_name(is);
	json_t *points = json_array(), *summary = json_object(), *limits = json_object();
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
	for (i = 0; i < o->n_limits && !o->exact; i++)
		json_object_set_new(limits, o->limits[i].name, json_real(o->limits[i].pct));
	return json_pack("{s:o s:o s:s s:b s:o s:o s:o}", "base", result_text(o->base), "new",
			 result_text(o->new), "contract", results_text(new, "contract"), "exact", o->exact,
			 "limits", limits, "summary", summary, "points", points);
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
	    (o->exact && json_object_get(summary, "added")))
		ret = EXIT_CHECK;
	return ret;
}

int cmd_compare(int argc, char **argv)
{
	struct compare_options o = { 0 };
	json_t *base, *new, *c;
	int ret;

	ret = parse(&o, argc, argv);
	if (ret)
		return ret;
	new = figures_load(o.new);
	if (!new)
		return EXIT_INPUT;
	if (o.save) {
		ret = figures_save(new, o.save);
		json_decref(new);
		return ret;
	}
	base = figures_load(o.base);
	if (!base) {
		ret = EXIT_INPUT;
	} else if (strcmp(results_text(base, "contract"), results_text(new, "contract"))) {
		results_complain(
			NULL, "%s is of contract %s, %s of contract %s; compare results of one contract",
			o.base, *results_text(base, "contract") ? results_text(base, "contract") : "unknown",
			o.new, *results_text(new, "contract") ? results_text(new, "contract") : "unknown");
		ret = EXIT_INPUT;
	} else {
		c = compare(&o, base, new);
		ret = write_all(&o, c);
		json_decref(c);
	}
	json_decref(base);
	json_decref(new);
	return ret;
}
