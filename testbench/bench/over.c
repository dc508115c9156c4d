/* SPDX-License-Identifier: BSD-2-Clause */
#include "over.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cosnic.h"
#include "settings.h"

/* The values of an axis, in their order, and once more by name: a value is there but once. */
struct values {
	const char *name;
	json_t *list, *known;
	bool twice; /* one was, and it was told */
};

static int add_value(struct values *v, const char *value)
{
	if (json_array_size(v->list) == OVER_MAX_POINTS)
		return usage_error("bench", "--over: %s: more than %u values", v->name, OVER_MAX_POINTS);
	if (json_object_get(v->known, value)) {
		if (!v->twice)
			fprintf(stderr, "cosnic: bench: --over: %s: %s is there twice: it is one point\n",
				v->name, value);
		v->twice = true;
		return EXIT_OK;
	}
	if (json_array_append_new(v->list, json_string(value)) ||
	    json_object_set_new(v->known, value, json_true()))
		return usage_error("bench", "--over: %s: %s: must be text in UTF-8", v->name, value);
	return EXIT_OK;
}

/* FROM:TO:STEP, both ends included; whole numbers stay whole in print. */
static int add_range(struct values *v, const char *text)
{
	double from, to, step;
	char number[32];
	size_t n, i;
	int end = 0;

	if (sscanf(text, "%lf:%lf:%lf%n", &from, &to, &step, &end) != 3 || text[end])
		return usage_error("bench", "--over: %s=%s: a range is FROM:TO:STEP", v->name, text);
	if (!isfinite(from) || !isfinite(to) || !(step > 0) || from > to)
		return usage_error("bench",
				   "--over: %s=%s: an empty range: FROM is at most TO, and STEP above 0",
				   v->name, text);
	if ((to - from) / step >= OVER_MAX_POINTS)
		return usage_error("bench", "--over: %s=%s: more than %u values", v->name, text,
				   OVER_MAX_POINTS);
	n = (size_t)((to - from) / step + 1e-9) + 1;
	for (i = 0; i < n; i++) {
		snprintf(number, sizeof(number), "%.9g", from + (double)i * step);
		if (add_value(v, number))
			return EXIT_USAGE;
	}
	return EXIT_OK;
}

static int add_values(struct values *v, char *text)
{
	char *value, path[PATH_MAX];
	int ret = EXIT_OK;

	while (!ret && (value = strsep(&text, ","))) {
		if (!*value)
			ret = usage_error(
				"bench",
				"--over: %s: a value is missing, as in size=64,128;latency=400:1000:200",
				v->name);
		/* imix:csit has a colon, a range has two */
		else if (strspn(value, "0123456789.:+-e") == strlen(value) && strchr(value, ':'))
			ret = add_range(v, value);
		else
			ret = add_value(v, settings_value(v->name, value, path));
	}
	return ret;
}

static int add_axis(json_t *axes, char *text)
{
	char *equals = strchr(text, '=');
	struct values v;
	json_t *axis;
	size_t i;
	int ret;

	if (!equals || equals == text)
		return usage_error("bench",
				   "--over: %s: not NAME=VALUES, as in size=64,128;latency=400:1000:200",
				   *text ? text : "an empty part");
	*equals = 0;
	if (!settings_known(text))
		return usage_error(
			"bench",
			"--over: %s: no such setting; any long option of replay or gen is one, and %s", text,
			BENCH_ALIASES);
	json_array_foreach(axes, i, axis)
	{
		if (!strcmp(json_string_value(json_object_get(axis, "name")), text))
			return usage_error("bench", "--over: %s is there twice", text);
	}
	v = (struct values){ text, json_array(), json_object(), false };
	json_array_append_new(axes, json_pack("{s:s s:o}", "name", text, "values", v.list));
	ret = add_values(&v, equals + 1);
	json_decref(v.known);
	return ret;
}

json_t *over_parse(const char *text)
{
	char *copy = strdup(text), *rest = copy, *part;
	json_t *axes = json_array();
	int ret = copy ? EXIT_OK : EXIT_INPUT;

	while (!ret && (part = strsep(&rest, ";"))) {
		if (!*part && !rest && json_array_size(axes))
			break; /* a ; at the end */
		ret = add_axis(axes, part);
		if (!ret && over_points(axes) > OVER_MAX_POINTS)
			ret = usage_error("bench", "--over: more than %u points", OVER_MAX_POINTS);
	}
	free(copy);
	if (!ret)
		return axes;
	json_decref(axes);
	return NULL;
}

static size_t n_values(const json_t *axis)
{
	return json_array_size(json_object_get(axis, "values"));
}

size_t over_points(const json_t *axes)
{
	size_t n = 1, i;
	json_t *axis;

	json_array_foreach(axes, i, axis)
	{
		n *= n_values(axis);
	}
	return n;
}

json_t *over_point(const json_t *axes, size_t i)
{
	size_t stride = over_points(axes), a;
	json_t *settings = json_object(), *axis;

	json_array_foreach(axes, a, axis)
	{
		stride /= n_values(axis);
		json_object_set(settings, json_string_value(json_object_get(axis, "name")),
				json_array_get(json_object_get(axis, "values"), i / stride % n_values(axis)));
	}
	return settings;
}
