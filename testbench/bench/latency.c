/* SPDX-License-Identifier: BSD-2-Clause */
#include "latency.h"

#include <math.h>
#include <string.h>

#include "lanes.h"
#include "over.h"
#include "rows.h"

static const double shares[] = { 10, 50, 90, 99, 100 };
#define N_SHARES (sizeof(shares) / sizeof(shares[0]))

/* The end of the bucket in which the share q of all frames is reached. */
static double percentile(const json_t *histogram, double q)
{
	double total = 0, seen = 0;
	json_t *bucket;
	size_t i;

	json_array_foreach(histogram, i, bucket)
	{
		total += json_number_value(json_array_get(bucket, 1));
	}
	json_array_foreach(histogram, i, bucket)
	{
		seen += json_number_value(json_array_get(bucket, 1));
		if (seen >= q * total)
			return json_number_value(json_array_get(bucket, 0));
	}
	return NAN;
}

static void figures(json_t *row, const json_t *r, const char *part, const char *lane)
{
	const json_t *of_part = json_object_get(r, part);
	const json_t *histogram = json_object_get(json_object_get(of_part, "latency_histogram_ns"), lane);
	double max = lanes_number(of_part, "latency_ns", lane, "max");

	row_number(row, "min_ns", lanes_number(of_part, "latency_ns", lane, "min"));
	if (histogram) {
		row_number(row, "p50_ns", fmin(max, percentile(histogram, 0.5)));
		row_number(row, "p90_ns", fmin(max, percentile(histogram, 0.9)));
		row_number(row, "p99_ns", fmin(max, percentile(histogram, 0.99)));
		row_number(row, "p999_ns", fmin(max, percentile(histogram, 0.999)));
	} else {
		row_number(row, "p50_ns", lanes_number(of_part, "latency_ns", lane, "p50"));
		row_number(row, "p99_ns", lanes_number(of_part, "latency_ns", lane, "p99"));
	}
	row_number(row, "max_ns", max);
	row_number(row, "predicted_p50_ns",
		   lanes_number(json_object_get(r, "predicted"), "latency_ns", lane, "p50"));
	row_number(row, "predicted_p99_ns",
		   lanes_number(json_object_get(r, "predicted"), "latency_ns", lane, "p99"));
}

void latency_rows(struct tasks *t, const struct task *task, size_t point, double load, double share_pct)
{
	const char *part = t->s->b->predict_only ? "predicted" : "measured";
	json_t *r = suite_result(t->s, point), *row;
	unsigned int d;

	for (d = 0; d < N_LANE; d++) {
		if (!json_object_get(json_object_get(r, part), lane_names[d]))
			continue;
		row = task_row(t, task, point, load, "latency");
		json_object_set_new(row, "lane", json_string(lane_names[d]));
		row_number(row, "load_pct", load);
		row_number(row, "of_ndr_pct", share_pct);
		figures(row, r, part, lane_names[d]);
	}
	json_decref(r);
}

int latency_run(struct bench *b)
{
	struct suite *s = suite_open(b, task_axes(b));
	struct tasks t = { 0 };
	size_t i, k;
	int ret;

	if (!s)
		return EXIT_INPUT;
	ret = tasks_open(&t, s);
	if (!ret)
		ret = tasks_search(&t, false);
	for (k = 0; k < N_SHARES && !ret; k++)
		for (i = 0; i < t.n; i++)
			if (!t.task[i].dead && t.task[i].ndr.lower >= 0)
				task_trial(&t, &t.task[i], t.task[i].ndr.lower_pct * shares[k] / 100);
	if (!ret)
		ret = suite_run(s);
	for (i = 0; i < t.n && !ret; i++)
		for (k = 0; k < N_SHARES; k++) {
			double load = t.task[i].ndr.lower_pct * shares[k] / 100;

			if (!t.task[i].dead && t.task[i].ndr.lower >= 0)
				latency_rows(&t, &t.task[i], (size_t)task_trial(&t, &t.task[i], load), load,
					     shares[k]);
		}
	if (json_array_size(s->rows))
		rows_table(s->rows,
			   TASK_COLUMNS "lane of_ndr_pct load_pct min_ns p50_ns p90_ns p99_ns p999_ns max_ns "
					"predicted_p50_ns predicted_p99_ns trial_frames trial_us",
			   stdout);
	tasks_close(&t);
	return suite_close(s, ret);
}
