/* SPDX-License-Identifier: BSD-2-Clause */
#include "over.h"

#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "settings.h"

static bool refused(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static bool refused(const char *fmt, ...)
{
	va_list ap;

	fputs("cosnic: --over: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputs(" (as in \"size=64,128;latency=400:1000:200\")\n", stderr);
	return false;
}

/* A:B:STEP, both ends included; whole numbers stay whole in print. */
static bool add_range(json_t *values, const char *name, const char *text)
{
	double from, to, step;
	char number[32];
	size_t n, i;
	int end = 0;

	if (sscanf(text, "%lf:%lf:%lf%n", &from, &to, &step, &end) != 3 || text[end])
		return refused("%s=%s: a range is FROM:TO:STEP", name, text);
	if (!isfinite(from) || !isfinite(to) || !(step > 0) || from > to)
		return refused("%s=%s: an empty range: FROM is at most TO, and STEP above 0", name, text);
	if ((to - from) / step >= OVER_MAX_POINTS)
		return refused("%s=%s: more than %u values", name, text, OVER_MAX_POINTS);
	n = (size_t)((to - from) / step + 1e-9) + 1;
	for (i = 0; i < n; i++) {
		snprintf(number, sizeof(number), "%.9g", from + (double)i * step);
		json_array_append_new(values, json_string(number));
	}
	return true;
}

static bool add_values(json_t *values, const char *name, char *text)
{
	char *value, path[PATH_MAX];

	while ((value = strsep(&text, ","))) {
		size_t have = json_array_size(values), i, j;

		if (!*value)
			return refused("%s: a value is missing", name);
		/* imix:csit has a colon, a range has two */
		if (strspn(value, "0123456789.:+-e") == strlen(value) && strchr(value, ':')) {
			if (!add_range(values, name, value))
				return false;
		} else {
			json_array_append_new(values, json_string(settings_value(name, value, path)));
		}
		for (i = have; i < json_array_size(values); i++)
			for (j = 0; j < i; j++)
				if (json_equal(json_array_get(values, i), json_array_get(values, j)))
					return refused("%s: %s is there twice", name,
						       json_string_value(json_array_get(values, i)));
	}
	return true;
}

static bool add_axis(json_t *axes, char *text)
{
	char *equals = strchr(text, '=');
	json_t *values, *axis;
	size_t i;

	if (!equals || equals == text)
		return refused("%s: not NAME=VALUES", *text ? text : "an empty part");
	*equals = 0;
	if (!settings_known(text))
		return refused("%s: no such setting; any long option of replay or gen is one, and %s", text,
			       settings_aliases);
	json_array_foreach(axes, i, axis)
	{
		if (!strcmp(json_string_value(json_object_get(axis, "name")), text))
			return refused("%s is there twice", text);
	}
	values = json_array();
	json_array_append_new(axes, json_pack("{s:s s:o}", "name", text, "values", values));
	return add_values(values, text, equals + 1);
}

json_t *over_parse(const char *text)
{
	char *copy = strdup(text), *rest = copy, *part;
	json_t *axes = json_array();
	bool ok = copy != NULL;

	while (ok && (part = strsep(&rest, ";"))) {
		if (!*part && !rest && json_array_size(axes))
			break; /* a ; at the end */
		ok = add_axis(axes, part);
		if (ok && over_points(axes) > OVER_MAX_POINTS)
			ok = refused("more than %u points", OVER_MAX_POINTS);
	}
	free(copy);
	if (ok)
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
