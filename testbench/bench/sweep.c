/* SPDX-License-Identifier: BSD-2-Clause */
#include "sweep.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cosnic.h"
#include "lanes.h"
#include "over.h"
#include "rows.h"
#include "suite.h"

#define MATRIX_LIMIT_PCT 2.0

static const struct preset {
	const char *suite, *base, *over, *what;
} presets[] = {
#define PRESET(suite, base, over, what) { suite, base, over, what },
#include "presets.def"
};

#define N_PRESETS (sizeof(presets) / sizeof(presets[0]))

void sweep_suites(void (*say)(void *ctx, const char *name, const char *what), void *ctx)
{
	size_t i;

	for (i = 0; i < N_PRESETS; i++)
		if (presets[i].what)
			say(ctx, presets[i].suite, presets[i].what);
}

bool sweep_has(const char *suite)
{
	size_t i;

	for (i = 0; i < N_PRESETS; i++)
		if (!strcmp(presets[i].suite, suite))
			return true;
	return !strcmp(suite, "sweep");
}

static int add_points(struct suite *s, const json_t *axes)
{
	size_t n = over_points(axes), i;

	for (i = 0; i < n; i++)
		if (suite_add(s, over_point(axes, i)) < 0)
			return EXIT_USAGE;
	return EXIT_OK;
}

/* What the lines of a suite have in common; what the user says goes first. */
static void common_settings(struct bench *b)
{
	json_t *axes, *settings;
	size_t i;

	for (i = 0; i < N_PRESETS; i++) {
		if (strcmp(presets[i].suite, b->suite) || !*presets[i].base)
			continue;
		axes = over_parse(presets[i].base);
		settings = over_point(axes, 0);
		json_object_update_missing(b->base, settings);
		json_decref(settings);
		json_decref(axes);
	}
}

static int add_presets(struct suite *s)
{
	json_t *axes, *axis;
	int ret = EXIT_OK;
	size_t i, a;

	for (i = 0; i < N_PRESETS && !ret; i++) {
		if (strcmp(presets[i].suite, s->b->suite))
			continue;
		axes = over_parse(presets[i].over);
		ret = add_points(s, axes);
		/* axes of the suite are those of its first line, which is the main one */
		json_array_foreach(axes, a, axis)
		{
			if (presets[i].what)
				json_array_append(s->axes, axis);
		}
		json_decref(axes);
	}
	return ret;
}

/* The matrix is a check: a prediction too far off fails it. */
static int beyond_limit(const json_t *rows)
{
	unsigned int bad = 0;
	json_t *row;
	size_t i;

	json_array_foreach(rows, i, row)
	{
		const json_t *error = json_object_get(row, "error_pct");

		if (error && fabs(json_number_value(error)) <= MATRIX_LIMIT_PCT)
			continue;
		bad++;
		fprintf(stderr, "cosnic: bench: point %s %s: ", json_string_value(json_object_get(row, "id")),
			json_string_value(json_object_get(row, "lane")));
		if (error)
			fprintf(stderr, "prediction %.2f %% off, limit %.0f %%\n", json_number_value(error),
				MATRIX_LIMIT_PCT);
		else
			fputs("no rate, measured or predicted, to hold against the other\n", stderr);
	}
	return bad ? EXIT_CHECK : EXIT_OK;
}

static void print_speeds(struct suite *s)
{
	size_t i;

	for (i = 0; i < suite_points(s); i++) {
		json_t *r = suite_result(s, i), *settings = suite_settings(s, i);
		const char *vfs = json_string_value(json_object_get(settings, "vfs"));

		if (r)
			printf("speed     %-5s %s VFs: %.0f kcycles/s, %.0f packets/s of wall time, one core, checks "
			       "included\n",
			       json_string_value(json_object_get(settings, "direction")), vfs ? vfs : "0",
			       lanes_number(r, "sim", "kcycles_per_s", NULL),
			       lanes_number(r, "sim", "packets_per_wall_s", NULL));
		json_decref(settings);
		json_decref(r);
	}
}

/* The rows for people: the settings that points have of their own, then the figures. */
static void show(const struct suite *s)
{
	json_t *names = json_object(), *settings, *value;
	char *columns = NULL;
	const char *name;
	size_t size, i;
	FILE *f = open_memstream(&columns, &size);

	for (i = 0; i < suite_points(s); i++) {
		settings = json_object_get(json_array_get(s->points, i), "settings");
		json_object_update_missing(names, settings);
	}
	json_object_foreach(names, name, value)
	{
		fprintf(f, "%s ", name);
	}
	fputs(LANES_COLUMNS, f);
	fclose(f);
	if (json_array_size(s->rows))
		rows_table(s->rows, columns, stdout);
	free(columns);
	json_decref(names);
}

int sweep_run(struct bench *b)
{
	bool given = !strcmp(b->suite, "sweep"), speed = !strcmp(b->suite, "speed");
	struct suite *s;
	size_t i;
	int ret;

	common_settings(b);
	if (speed) {
		/* wall time counts */
		b->jobs = 1;
		cosnic_one_core = true;
	}
	s = suite_open(b, given ? json_incref(b->axes) : NULL);
	if (!s)
		return EXIT_INPUT;
	ret = given ? add_points(s, b->axes) : add_presets(s);
	if (!ret)
		ret = suite_run(s);
	for (i = 0; i < suite_points(s) && ret != EXIT_USAGE; i++)
		lanes_rows(s, i);
	show(s);
	if (speed)
		print_speeds(s);
	if (!strcmp(b->suite, "matrix") && !ret)
		ret = beyond_limit(s->rows);
	return suite_close(s, ret);
}
