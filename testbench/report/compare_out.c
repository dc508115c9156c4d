/* SPDX-License-Identifier: BSD-2-Clause */
#include "compare.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "results.h"
#include "tables.h"
#include "xml.h"

#define ROWS_PER_POINT 12 /* on the terminal and in Markdown; JSON and JUnit XML have all */

static const char *point_name(const json_t *p)
{
	const char *name = results_text(p, "name");

	return *name ? name : "the run";
}

#define TEXT_MAX 60

/* How much of a text is shown: letters of more than a byte stay whole. */
static int shown(const char *text)
{
	size_t n = strnlen(text, TEXT_MAX);

	while (n && (text[n] & 0xc0) == 0x80)
		n--;
	return (int)n;
}

static const char *value_text(const json_t *v, char *buf, size_t size)
{
	if (json_is_string(v))
		snprintf(buf, size, "%.*s", shown(json_string_value(v)), json_string_value(v));
	else if (json_is_integer(v))
		snprintf(buf, size, "%lld", (long long)json_integer_value(v));
	else if (json_is_number(v))
		snprintf(buf, size, "%.10g", json_number_value(v));
	else
		snprintf(buf, size, "%s", json_is_true(v) ? "true" : json_is_false(v) ? "false" : "-");
	return buf;
}

/* "+1.25 %" or "+1 cycle", and by how much it was allowed to. */
static void change_text(const json_t *c, char *pct, char *limit, size_t size)
{
	const json_t *p = json_object_get(c, "change_pct");
	const char *allowed = results_text(c, "limit");
	const json_t *cycles = json_object_get(c, "change_cycles");

	*pct = *limit = 0;
	if (json_is_integer(cycles))
		snprintf(pct, size, "%+lld cycle%s", (long long)json_integer_value(cycles),
			 llabs(json_integer_value(cycles)) == 1 ? "" : "s");
	else if (json_is_number(p))
		snprintf(pct, size, "%+.3g %%", json_number_value(p));
	if (!*allowed)
		snprintf(limit, size, "no limit");
	else if (!strcmp(allowed, "0"))
		snprintf(limit, size,
			 !strcmp(results_text(c, "figure"), "check.passed") ? "must pass"
									    : "must not change");
	else
		snprintf(limit, size, "%s %s",
			 *allowed == '<' || *allowed == '>'	      ? "must be"
			 : json_is_true(json_object_get(c, "beyond")) ? "beyond"
								      : "within",
			 allowed);
}

static json_int_t count(const json_t *comparison, const char *what)
{
	return json_integer_value(json_object_get(json_object_get(comparison, "summary"), what));
}

/* "14 points: 12 the same, 1 beyond the limits, 1 missing" */
static void summary_text(const json_t *c, char *buf, size_t size)
{
	static const char *const kinds[][2] = { { "same", "the same" },
						{ "within", "changed within the limits" },
						{ "beyond", "changed beyond the limits" },
						{ "missing", "missing" },
						{ "added", "not in the base" } };
	bool exact = json_is_true(json_object_get(c, "exact"));
	size_t i, n;

	n = (size_t)snprintf(buf, size, "%lld point%s", (long long)count(c, "points"),
			     count(c, "points") == 1 ? "" : "s");
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]) && n < size; i++)
		if (count(c, kinds[i][0]))
			n += (size_t)snprintf(buf + n, size - n, "%s%lld %s", strchr(buf, ':') ? ", " : ": ",
					      (long long)count(c, kinds[i][0]),
					      exact && i == 2 ? "changed" : kinds[i][1]);
}

/* Where nothing may change, "beyond" has no limit that it means. */
static const char *verdict_text(const json_t *comparison, const char *verdict)
{
	bool exact = json_is_true(json_object_get(comparison, "exact"));

	return exact && !strcmp(verdict, "beyond") ? "changed" : verdict;
}

static bool quiet_verdict(const char *verdict)
{
	return !strcmp(verdict, "same");
}

/* The change beyond its limit that says most: of what was measured, the first. */
static const json_t *first_beyond(const json_t *p)
{
	const json_t *c, *first = NULL;
	size_t i;

	json_array_foreach(json_object_get(p, "changes"), i, c)
	{
		if (!json_is_true(json_object_get(c, "beyond")))
			continue;
		if (!strncmp(results_text(c, "figure"), "measured.", 9))
			return c;
		first = first ? first : c;
	}
	return first;
}

/* Where a measured figure with this part in its name moved most. */
static void print_largest(const json_t *comparison, const char *part, const char *what, FILE *f)
{
	const json_t *p, *c, *largest = NULL, *where = NULL;
	char was[64], is[64], pct[32], limit[32];
	double most = 0, by;
	size_t i, k;

	json_array_foreach(json_object_get(comparison, "points"), i, p)
	{
		json_array_foreach(json_object_get(p, "changes"), k, c)
		{
			by = fabs(json_number_value(json_object_get(c, "change_pct")));
			if (strncmp(results_text(c, "figure"), "measured.", 9) ||
			    !strstr(results_text(c, "figure"), part) || by <= most)
				continue;
			most = by;
			largest = c;
			where = p;
		}
	}
	if (!largest)
		return;
	change_text(largest, pct, limit, sizeof(pct));
	fprintf(f, "largest change of a %s: %s %s %s -> %s (%s)\n", what, point_name(where),
		results_text(largest, "figure"),
		value_text(json_object_get(largest, "base"), was, sizeof(was)),
		value_text(json_object_get(largest, "new"), is, sizeof(is)), pct);
}

static void print_changes(const json_t *p, FILE *f)
{
	char was[64], is[64], pct[32], limit[32];
	const json_t *changes = json_object_get(p, "changes"), *c;
	size_t i;

	json_array_foreach((json_t *)changes, i, c)
	{
		if (i == ROWS_PER_POINT) {
			fprintf(f, "  ... and %zu more figures\n", json_array_size(changes) - i);
			return;
		}
		change_text(c, pct, limit, sizeof(pct));
		fprintf(f, "  %-36s %18s -> %-18s %10s  %s\n", results_text(c, "figure"),
			value_text(json_object_get(c, "base"), was, sizeof(was)),
			value_text(json_object_get(c, "new"), is, sizeof(is)), pct, limit);
	}
}

void compare_print(const json_t *comparison, FILE *f)
{
	const json_t *p;
	char text[256];
	size_t i;

	fprintf(f, "base %s\nnew  %s\n", results_text(comparison, "base"), results_text(comparison, "new"));
	json_array_foreach(json_object_get(comparison, "points"), i, p)
	{
		const char *verdict = results_text(p, "verdict"), *error = results_text(p, "error");

		if (quiet_verdict(verdict))
			continue;
		fprintf(f, "\n%s: %s%s%s\n", point_name(p), verdict_text(comparison, verdict),
			*error ? ": " : "", error);
		print_changes(p, f);
	}
	summary_text(comparison, text, sizeof(text));
	fprintf(f, "\n%s\n", text);
	print_largest(comparison, ".mpps", "rate", f);
	print_largest(comparison, ".latency_ns.", "latency", f);
}

static int unwritable(const char *path, int err)
{
	results_complain(NULL, "%s: %s; choose another file", path, strerror(err ? err : ENOSPC));
	return EXIT_INPUT;
}

/* Closes what was written; a full disk shows here. */
static int done(FILE *f, const char *path)
{
	int bad = ferror(f);

	if (fclose(f) || bad)
		return unwritable(path, errno);
	return EXIT_OK;
}

static void md_changes(FILE *f, const json_t *p)
{
	char was[64], is[64], pct[32], limit[32];
	const json_t *changes = json_object_get(p, "changes"), *c;
	size_t i;

	json_array_foreach((json_t *)changes, i, c)
	{
		if (i == ROWS_PER_POINT) {
			fprintf(f, "| | ... and %zu more figures | | | |\n", json_array_size(changes) - i);
			return;
		}
		change_text(c, pct, limit, sizeof(pct));
		fputs("| ", f);
		if (!i)
			tables_cell(f, point_name(p));
		fputs(" | ", f);
		tables_cell(f, results_text(c, "figure"));
		fputs(" | ", f);
		tables_cell(f, value_text(json_object_get(c, "base"), was, sizeof(was)));
		fputs(" | ", f);
		tables_cell(f, value_text(json_object_get(c, "new"), is, sizeof(is)));
		fprintf(f, " | %s%s%s |\n", pct, *pct ? ", " : "", limit);
	}
}

int compare_markdown(const json_t *comparison, const char *path)
{
	FILE *f = fopen(path, "w");
	const json_t *p;
	char text[256];
	size_t i;

	if (!f)
		return unwritable(path, errno);
	summary_text(comparison, text, sizeof(text));
	fprintf(f, "## Compared with the base\n\n%s\n", text);
	if (count(comparison, "points") != count(comparison, "same"))
		fputs("\n| point | figure | base | new | change |\n|---|---|---:|---:|---|\n", f);
	json_array_foreach(json_object_get(comparison, "points"), i, p)
	{
		const char *verdict = results_text(p, "verdict");

		if (quiet_verdict(verdict))
			continue;
		if (json_array_size(json_object_get(p, "changes"))) {
			md_changes(f, p);
			continue;
		}
		fputs("| ", f);
		tables_cell(f, point_name(p));
		fprintf(f, " | %s ", verdict);
		tables_cell(f, results_text(p, "error"));
		fputs(" | | | |\n", f);
	}
	return done(f, path);
}

int compare_json(const json_t *comparison, const char *path)
{
	FILE *f = fopen(path, "w");

	if (!f)
		return unwritable(path, errno);
	json_dumpf(comparison, f, JSON_INDENT(1));
	fputc('\n', f);
	return done(f, path);
}

static void junit_failure(FILE *f, const json_t *p, const char *verdict)
{
	const json_t *c, *first = first_beyond(p);
	char was[64], is[64], pct[32], limit[32];
	size_t i;

	fputs("<failure message=\"", f);
	if (first) {
		xml_text(f, results_text(first, "figure"));
		fputs(": ", f);
		xml_text(f, value_text(json_object_get(first, "base"), was, sizeof(was)));
		fputs(" -&gt; ", f);
		xml_text(f, value_text(json_object_get(first, "new"), is, sizeof(is)));
	} else {
		fputs(verdict, f);
		fputs(" ", f);
		xml_text(f, results_text(p, "error"));
	}
	fputs("\">", f);
	json_array_foreach(json_object_get(p, "changes"), i, c)
	{
		change_text(c, pct, limit, sizeof(pct));
		xml_text(f, results_text(c, "figure"));
		fputs(": ", f);
		xml_text(f, value_text(json_object_get(c, "base"), was, sizeof(was)));
		fputs(" -&gt; ", f);
		xml_text(f, value_text(json_object_get(c, "new"), is, sizeof(is)));
		fprintf(f, " (%s%s%s)\n", pct, *pct ? ", " : "", limit);
	}
	xml_text(f, results_text(p, "log"));
	fputs("</failure>", f);
}

static FILE *junit_open(const char *path, long long tests, long long failures)
{
	FILE *f = fopen(path, "w");

	if (f)
		fprintf(f,
			"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
			"<testsuite name=\"cosnic.compare\" tests=\"%lld\" failures=\"%lld\">\n",
			tests, failures);
	return f;
}

int compare_junit_refused(const char *why, const char *path)
{
	FILE *f = junit_open(path, 1, 1);

	if (!f)
		return unwritable(path, errno);
	fputs("<testcase classname=\"cosnic.compare\" name=\"results\"><failure message=\"", f);
	xml_text(f, why);
	fputs("\"></failure></testcase>\n</testsuite>\n</testsuites>\n", f);
	return done(f, path);
}

int compare_junit(const json_t *comparison, const char *path)
{
	bool exact = json_is_true(json_object_get(comparison, "exact"));
	FILE *f = junit_open(path, count(comparison, "points"),
			     count(comparison, "beyond") + count(comparison, "missing") +
				     (exact ? count(comparison, "added") : 0));
	const json_t *p;
	size_t i;

	if (!f)
		return unwritable(path, errno);
	json_array_foreach(json_object_get(comparison, "points"), i, p)
	{
		const char *verdict = results_text(p, "verdict");

		fputs("<testcase classname=\"cosnic.compare\" name=\"", f);
		xml_text(f, point_name(p));
		fputs("\">", f);
		if (!strcmp(verdict, "beyond") || !strcmp(verdict, "missing") ||
		    (exact && !strcmp(verdict, "added")))
			junit_failure(f, p, verdict);
		fputs("</testcase>\n", f);
	}
	fputs("</testsuite>\n</testsuites>\n", f);
	return done(f, path);
}
