/* SPDX-License-Identifier: BSD-2-Clause */
#include "rows.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "result.h"

#define NUMBER 32

void row_number(json_t *row, const char *key, double v)
{
	if (!isnan(v))
		json_object_set_new(row, key, result_number(v));
}

void row_count(json_t *row, const char *key, double v)
{
	if (!isnan(v))
		json_object_set_new(row, key, json_integer((json_int_t)v));
}

/* A text as it is; a number in buf. */
static const char *text_of(const json_t *v, bool exact, char buf[NUMBER])
{
	double d = json_number_value(v);

	if (json_is_string(v))
		return json_string_value(v);
	if (json_is_boolean(v))
		return json_is_true(v) ? "yes" : "no";
	if (json_is_integer(v))
		snprintf(buf, NUMBER, "%lld", (long long)json_integer_value(v));
	else if (json_is_real(v))
		snprintf(buf, NUMBER, exact || fabs(d) >= 1e15 ? "%.6g" : d < 1000 ? "%.2f" : "%.0f", d);
	else
		*buf = 0;
	return buf;
}

/* Text that a spreadsheet would run; a number may have a sign. */
static bool formula(const char *text)
{
	char *end;

	if (!*text || !strchr("=+-@\t\r", *text))
		return false;
	strtod(text, &end);
	return *end || end == text;
}

static void csv_field(const char *text, FILE *f)
{
	bool quoted = text[strcspn(text, ",\"\r\n")];

	if (quoted)
		fputc('"', f);
	if (formula(text))
		fputc('\'', f);
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', f);
		fputc(*text, f);
	}
	if (quoted)
		fputc('"', f);
}

void rows_csv(const json_t *rows, FILE *f)
{
	json_t *row, *value, *columns = json_object();
	const char *key, *comma = "";
	char buf[NUMBER];
	size_t i;

	json_array_foreach(rows, i, row)
	{
		json_object_update_missing(columns, row);
	}
	json_object_foreach(columns, key, value)
	{
		fputs(comma, f);
		csv_field(key, f);
		comma = ",";
	}
	fputc('\n', f);
	json_array_foreach(rows, i, row)
	{
		comma = "";
		json_object_foreach(columns, key, value)
		{
			fputs(comma, f);
			csv_field(text_of(json_object_get(row, key), true, buf), f);
			comma = ",";
		}
		fputc('\n', f);
	}
	json_decref(columns);
}

static int width_of(const json_t *rows, const char *key)
{
	char buf[NUMBER];
	json_t *row;
	int width = 0;
	size_t i;

	json_array_foreach(rows, i, row)
	{
		int n = (int)strlen(text_of(json_object_get(row, key), false, buf));

		width = n > width ? n : width;
	}
	return width && width < (int)strlen(key) ? (int)strlen(key) : width;
}

void rows_table(const json_t *rows, const char *keys, FILE *f)
{
	char *copy = strdup(keys), *rest = copy, *key, buf[NUMBER];
	json_t *columns = json_array(), *column, *row;
	size_t i, c;

	while ((key = strsep(&rest, " "))) {
		int width = width_of(rows, key);

		if (!width)
			continue;
		json_array_append_new(columns, json_pack("{s:s s:i}", "key", key, "width", width));
		fprintf(f, "%*s  ", width, key);
	}
	fputc('\n', f);
	json_array_foreach(rows, i, row)
	{
		bool any = false;

		json_array_foreach(columns, c, column)
		{
			any |= json_object_get(row, json_string_value(json_object_get(column, "key"))) !=
			       NULL;
		}
		json_array_foreach(columns, c, column)
		{
			const char *name = json_string_value(json_object_get(column, "key"));

			if (any)
				fprintf(f, "%*s  ", (int)json_integer_value(json_object_get(column, "width")),
					text_of(json_object_get(row, name), false, buf));
		}
		if (any)
			fputc('\n', f);
	}
	json_decref(columns);
	free(copy);
}
