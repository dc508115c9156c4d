/* SPDX-License-Identifier: BSD-2-Clause */
#include "tables.h"

#include <math.h>
#include <string.h>

#include "digest.h"
#include "rows.h"

#define MD_ROWS 60 /* of each suite; the page and CSV have all */

static void set_copy(json_t *row, const char *key, json_t *v)
{
	if (v)
		json_object_set(row, key, v);
}

/* What a run has once: the same in each line of its directions. */
static json_t *point_row(const json_t *set, const json_t *p)
{
	json_t *row = json_pack("{s:s s:s s:s s:s}", "suite", results_text(set, "label"), "id",
				results_text(p, "id"), "point", results_text(p, "name"), "status",
				results_text(p, "status"));

	if (*results_text(p, "error"))
		json_object_set_new(row, "error", json_string(results_text(p, "error")));
	json_object_update_missing(row, json_object_get(p, "settings"));
	set_copy(row, "mean_size_bytes", json_object_get(p, "mean_size"));
	set_copy(row, "limits_measured", results_at(p, "limits.measured"));
	set_copy(row, "limits_predicted", results_at(p, "limits.predicted"));
	set_copy(row, "jain", json_object_get(p, "jain"));
	set_copy(row, "mismatched", results_at(p, "check.mismatched"));
	set_copy(row, "kcycles_per_s", results_at(p, "sim.kcycles_per_s"));
	set_copy(row, "packets_per_wall_s", results_at(p, "sim.packets_per_wall_s"));
	return row;
}

static void add_latency(json_t *row, const char *prefix, const json_t *latency)
{
	const char *name;
	char key[64];
	json_t *v;

	json_object_foreach((json_t *)latency, name, v)
	{
		snprintf(key, sizeof(key), "%s_%.20s_ns", prefix, name);
		json_object_set(row, key, v);
	}
}

static void add_stations(json_t *row, const json_t *stations)
{
	static const char *const sides[] = { "busy_measured", "busy_predicted", "stalled" };
	const char *station;
	char key[128];
	json_t *v;
	size_t i;

	json_object_foreach((json_t *)stations, station, v)
	{
		for (i = 0; i < 3; i++) {
			snprintf(key, sizeof(key), "%.40s_%s", station, sides[i]);
			if (json_is_number(json_array_get(v, i)))
				json_object_set(row, key, json_array_get(v, i));
		}
	}
}

static void add_drops(json_t *row, const json_t *drops)
{
	const char *cause;
	json_t *v;

	json_object_foreach((json_t *)drops, cause, v) json_object_set(row, cause, v);
}

static void add_rows(json_t *rows, const json_t *set, const json_t *p)
{
	static const char *const figures[] = { "offered",	 "packets",	   "loss_pct",
					       "offered_mpps",	 "measured_mpps",  "measured_gbps",
					       "predicted_mpps", "predicted_gbps", "error_pct",
					       "bound_mpps",	 "bound_station",  "bound_wire_mpps",
					       "bound_pcie_mpps" };
	json_t *l, *row;
	const char *lane;
	size_t i;

	if (!json_object_size(json_object_get(p, "lanes"))) {
		json_array_append_new(rows, point_row(set, p));
		return;
	}
	json_object_foreach(json_object_get(p, "lanes"), lane, l)
	{
		row = point_row(set, p);
		json_object_set_new(row, "lane", json_string(lane));
		for (i = 0; i < sizeof(figures) / sizeof(figures[0]); i++)
			set_copy(row, figures[i], json_object_get(l, figures[i]));
		add_latency(row, "latency", json_object_get(l, "latency_ns"));
		add_latency(row, "predicted_latency", json_object_get(l, "predicted_latency_ns"));
		add_stations(row, json_object_get(p, "stations"));
		add_drops(row, json_object_get(p, "drops"));
		json_array_append_new(rows, row);
	}
}

void tables_csv(const json_t *digest, FILE *f)
{
	json_t *rows = json_array(), *set, *p;
	size_t i, k;

	json_array_foreach(json_object_get(digest, "sets"), i, set)
	{
		json_array_foreach(json_object_get(set, "points"), k, p) add_rows(rows, set, p);
	}
	rows_csv(rows, f);
	json_decref(rows);
}

void tables_cell(FILE *f, const char *s)
{
	for (; *s; s++) {
		if (strchr("|\\`*_[]", *s))
			fprintf(f, "\\%c", *s);
		else if (*s == '<')
			fputs("&lt;", f);
		else if (*s == '&')
			fputs("&amp;", f);
		else
			fputc((unsigned char)*s < ' ' ? ' ' : *s, f);
	}
}

static void cell(FILE *f, const char *text)
{
	fputs(" | ", f);
	tables_cell(f, text);
}

static void figure(FILE *f, const json_t *j, const char *key, const char *format)
{
	double v = results_number(j, key);

	fputs(" | ", f);
	if (isfinite(v))
		fprintf(f, format, v); /* NOLINT(clang-diagnostic-format-nonliteral): one of ours */
	else
		fputs("-", f);
}

static void md_summary(const json_t *digest, FILE *f)
{
	const json_t *s = json_object_get(digest, "summary");

	fprintf(f, "# Cosnic: predicted against measured\n\n");
	if (results_number(s, "rates") > 0)
		fprintf(f,
			"%.0f rates: the prediction is off by %.2f %% in the median, 99 of 100 within %.2f %%, worst %.2f %%.\n",
			results_number(s, "rates"), results_number(s, "error_median_pct"),
			results_number(s, "error_p99_pct"), results_number(s, "error_worst_pct"));
	fprintf(f,
		"%.0f runs (%.0f failed, %.0f missing, %.0f unreadable); %.0f frames compared with the reference, %.0f "
		"mismatched.\n",
		results_number(s, "points"), results_number(s, "failed") + results_number(s, "check_failed"),
		results_number(s, "missing"), results_number(s, "unreadable"), results_number(s, "compared"),
		results_number(s, "mismatched"));
}

#define MD_CELLS 4

/* Entries of a list: title and key of each column. The page has those that are too many here. */
static void md_list(const json_t *list, const char *const columns[MD_CELLS][2], FILE *f)
{
	const json_t *entry;
	size_t i, k;

	fputs("\n|", f);
	for (k = 0; k < MD_CELLS; k++)
		fprintf(f, " %s |", columns[k][0]);
	fputs("\n|---|---|---|---|\n", f);
	json_array_foreach((json_t *)list, i, entry)
	{
		if (i == MD_ROWS) {
			fprintf(f, "| | and %zu more | | |\n", json_array_size(list) - i);
			break;
		}
		for (k = 0; k < MD_CELLS; k++) {
			fputs("| ", f);
			tables_cell(f, results_text(entry, columns[k][1]));
			fputc(' ', f);
		}
		fputs("|\n", f);
	}
}

static void md_disagree(const json_t *digest, FILE *f)
{
	static const char *const columns[MD_CELLS][2] = { { "suite", "set" },
							  { "point", "name" },
							  { "measured", "measured" },
							  { "predicted", "predicted" } };
	const json_t *list = json_object_get(digest, "disagree");

	if (results_number(digest, "summary.limits_known") <= 0)
		return;
	fprintf(f,
		"\n## What limits: measured against predicted\n\nIn %zu of %.0f runs another station limits than was "
		"predicted.\n",
		json_array_size(list), results_number(digest, "summary.limits_known"));
	if (json_array_size(list))
		md_list(list, columns, f);
}

static void md_failed(const json_t *digest, FILE *f)
{
	static const char *const columns[MD_CELLS][2] = {
		{ "suite", "set" }, { "point", "name" }, { "status", "status" }, { "why", "error" }
	};
	const json_t *list = json_object_get(digest, "failed");

	if (!json_array_size(list))
		return;
	fputs("\n## Runs without a result\n", f);
	md_list(list, columns, f);
}

static void md_worst(const json_t *digest, FILE *f)
{
	const json_t *list = json_object_get(digest, "worst"), *d;
	size_t i;

	if (!json_array_size(list))
		return;
	fputs("\n## Largest errors of the prediction\n\n"
	      "| suite | point | lane | measured Mpps | predicted Mpps | error % | why |\n|---|---|---|---:|---:|---:|---|\n",
	      f);
	json_array_foreach((json_t *)list, i, d)
	{
		fputs("| ", f);
		tables_cell(f, results_text(d, "set"));
		cell(f, results_text(d, "name"));
		cell(f, results_text(d, "lane"));
		figure(f, d, "measured_mpps", "%.2f");
		figure(f, d, "predicted_mpps", "%.2f");
		figure(f, d, "error_pct", "%+.2f");
		cell(f, results_text(d, "why"));
		fputs(" |\n", f);
	}
}

/* The station that limits, as measured; of a prediction alone, as predicted. */
static const char *limit_of(const json_t *p)
{
	const char *key = results_text(p, "limits.measured");

	if (!*key && !json_object_get(p, "check"))
		key = results_text(p, "limits.predicted");
	return *key ? digest_label(key) : "not known";
}

static void md_points(const json_t *set, FILE *f)
{
	const json_t *points = json_object_get(set, "points"), *p, *l;
	const char *lane;
	size_t i, rows = 0;

	fputs("\n| point | lane | measured Mpps | predicted Mpps | error % | Gb/s | lost % | p50 ns | p99 ns | limits |\n"
	      "|---|---|---:|---:|---:|---:|---:|---:|---:|---|\n",
	      f);
	json_array_foreach((json_t *)points, i, p)
	{
		if (rows >= MD_ROWS) {
			fprintf(f, "| and %zu more runs | | | | | | | | | |\n", json_array_size(points) - i);
			break;
		}
		if (!json_object_size(json_object_get(p, "lanes"))) {
			fputs("| ", f);
			tables_cell(f, results_text(p, "name"));
			cell(f, results_text(p, "status"));
			fputs(" | | | | | | | | |\n", f);
			rows++;
		}
		json_object_foreach(json_object_get((json_t *)p, "lanes"), lane, l)
		{
			fputs("| ", f);
			tables_cell(f, results_text(p, "name"));
			cell(f, lane);
			figure(f, l, "measured_mpps", "%.2f");
			figure(f, l, "predicted_mpps", "%.2f");
			figure(f, l, "error_pct", "%+.2f");
			figure(f, l, "measured_gbps", "%.2f");
			figure(f, l, "loss_pct", "%.3g");
			figure(f, l, "latency_ns.p50", "%.0f");
			figure(f, l, "latency_ns.p99", "%.0f");
			cell(f, limit_of(p));
			fputs(" |\n", f);
			rows++;
		}
	}
}

void tables_markdown(const json_t *digest, FILE *f)
{
	const json_t *set;
	size_t i;

	md_summary(digest, f);
	md_disagree(digest, f);
	md_failed(digest, f);
	md_worst(digest, f);
	json_array_foreach(json_object_get(digest, "sets"), i, set)
	{
		if (!strcmp(results_text(set, "kind"), "guest"))
			continue;
		fputs("\n## ", f);
		tables_cell(f, results_text(set, "label"));
		fputc('\n', f);
		md_points(set, f);
	}
}
