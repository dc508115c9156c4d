/* SPDX-License-Identifier: BSD-2-Clause */
#include "rfc2544.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lanes.h"
#include "latency.h"
#include "over.h"
#include "result.h"
#include "rows.h"
#include "throughput.h"

#define LOSS_STEP_PCT 10
#define BURST_WIDTH 0.005 /* of the longest burst that is looked for */

static void loss_row(struct tasks *t, struct task *task, double load)
{
	size_t p = (size_t)task_trial(t, task, load);
	struct trial trial;
	json_t *row;

	if (!trial_read(t->s, p, load, &trial))
		return;
	row = task_row(t, task, p, load, "frame_loss");
	row_number(row, "load_pct", load);
	row_number(row, "lost_pct", trial.lost_pct);
	row_number(row, "behind_pct", trial.behind_pct);
	row_number(row, "loss_pct", trial.loss_pct);
}

/* 26.3: loads going down by a tenth, until two in a row lose nothing. */
static int frame_loss(struct tasks *t)
{
	struct trial trial;
	double load;
	int ret = EXIT_OK;
	size_t i;

	for (load = 100; load > 0 && !ret; load -= LOSS_STEP_PCT) {
		for (i = 0; i < t->n; i++)
			if (!t->task[i].dead && !t->task[i].reached && t->task[i].clean < 2)
				task_trial(t, &t->task[i], load);
		ret = suite_run(t->s);
		for (i = 0; i < t->n && !ret; i++) {
			struct task *task = &t->task[i];

			if (task->dead || task->reached || t->task[i].clean == 2)
				continue;
			task->dead = !trial_read(t->s, (size_t)task_trial(t, task, load), load, &trial);
			t->task[i].loss_load = load;
			t->task[i].clean = trial.loss_pct > 0 ? 0 : t->task[i].clean + 1;
		}
	}
	for (i = 0; i < t->n && !ret; i++)
		for (load = 100; t->task[i].loss_load > 0 && load >= t->task[i].loss_load;
		     load -= LOSS_STEP_PCT)
			loss_row(t, &t->task[i], load);
	return ret;
}

/*
 * 26.4: the longest burst at line rate of which nothing is lost. The trial at line rate says where to look: of the frames
 * that come when the buffers are full, the share that it fell behind is lost.
 */
static void burst_begin(struct tasks *t, struct task *task)
{
	struct trial first;
	double width, guess;

	if (!trial_read(t->s, (size_t)task->first, 100, &first))
		return;
	width = fmax(1, floor(first.frames * BURST_WIDTH));
	guess = first.frames + width;
	if (first.lost_pct > 0 && first.behind_pct > 0)
		guess = first.frames * fmax(0, 1 - first.lost_pct / first.behind_pct);
	search_init(&task->search, 1, first.frames, width, 1, guess, 1);
	if (first.lost_pct > 0)
		return;
	search_next(&task->search, &task->load);
	search_tell(&task->search, true);
	task->burst = task->first;
}

static void burst_row(struct tasks *t, const struct task *task)
{
	json_t *row = task_row(t, task, (size_t)task->burst, 100, "back_to_back");

	row_count(row, "burst_lower_frames", task->search.lower);
	row_count(row, "burst_upper_frames", task->search.upper); /* none when the longest tried passes too */
	row_number(row, "burst_lower_us", task->search.lower / task->line_mpps);
	row_count(row, "width_frames", task->search.width);
}

static int back_to_back(struct tasks *t)
{
	size_t i, open;
	int ret = EXIT_OK;

	for (i = 0; i < t->n; i++) {
		t->task[i].burst = -1;
		if (!t->task[i].dead && !t->task[i].reached)
			burst_begin(t, &t->task[i]);
	}
	do {
		for (i = open = 0; i < t->n; i++) {
			struct task *task = &t->task[i];

			task->trial = -1;
			if (task->dead || task->reached || !search_next(&task->search, &task->load))
				continue;
			task->trial = trial_add_burst(t->s, task->settings, (unsigned long)task->load,
						      task_traffic(task));
			open++;
		}
		if (open)
			ret = suite_run(t->s);
		for (i = 0; i < t->n && !ret; i++) {
			struct task *task = &t->task[i];
			struct trial trial;

			if (task->trial < 0)
				continue;
			task->dead = !trial_read(t->s, (size_t)task->trial, 100, &trial);
			if (trial.lost_pct <= 0)
				task->burst = task->trial;
			search_tell(&task->search, trial.lost_pct <= 0);
		}
	} while (open && !ret);
	for (i = 0; i < t->n && !ret; i++)
		if (!t->task[i].dead && t->task[i].burst >= 0)
			burst_row(t, &t->task[i]);
	return ret;
}

static void throughput_row(struct tasks *t, const struct task *task)
{
	static const char *const names[] = { "ndr", "pdr" };
	const struct bounds *bounds[] = { &task->ndr, &task->pdr };
	ssize_t p = task->ndr.lower >= 0 ? task->ndr.lower : task->first;
	json_t *r, *row, *first;
	char key[32];
	unsigned int i;

	row = task_row(t, task, (size_t)p, task->ndr.lower >= 0 ? task->ndr.lower_pct : 100, "throughput");
	r = suite_result(t->s, (size_t)p);
	row_number(row, "line_mpps", task->line_mpps);
	for (i = 0; i < 2; i++) {
		/* neither bound: not even the least load passes, or line rate passes */
		double lower = isnan(bounds[i]->lower_pct) ? 0 : bounds[i]->lower_pct;
		double upper = isnan(bounds[i]->upper_pct) ? fmax(100, lower) : bounds[i]->upper_pct;
		double gbps = task->line_mpps / 100 * 8e-3 * lanes_mean_bytes(r);

		snprintf(key, sizeof(key), "%s_lower_pct", names[i]);
		row_number(row, key, lower);
		snprintf(key, sizeof(key), "%s_upper_pct", names[i]);
		row_number(row, key, upper);
		snprintf(key, sizeof(key), "%s_lower_mpps", names[i]);
		row_number(row, key, lower * task->line_mpps / 100);
		snprintf(key, sizeof(key), "%s_upper_mpps", names[i]);
		row_number(row, key, upper * task->line_mpps / 100);
		snprintf(key, sizeof(key), "%s_lower_gbps", names[i]);
		row_number(row, key, lower * gbps);
	}
	json_object_set_new(row, "searched", json_boolean(!task->reached));
	row_number(row, "width_pct", task->reached ? 0 : t->s->b->width_pct);
	row_number(row, "predicted_mpps", task->predicted_pct * task->line_mpps / 100);
	row_number(
		row, "error_pct",
		result_error_pct(task->predicted_pct, isnan(task->ndr.lower_pct) ? 0 : task->ndr.lower_pct));
	/* what limits, shows above the limit: at line rate */
	first = suite_result(t->s, (size_t)task->first);
	lanes_limits(row, "limits", first, "measured");
	lanes_limits(row, "limits_predicted", first, "predicted");
	json_decref(first);
	json_decref(r);
}

/* 26.2, at the throughput: trials of the search, or, where the rate reached says nothing of waiting, one just below. */
static int latencies(struct tasks *t)
{
	size_t i;
	int ret;

	for (i = 0; i < t->n; i++)
		if (t->task[i].reached && !t->task[i].dead)
			task_trial(t, &t->task[i], fmin(100, t->task[i].ndr.lower_pct) - t->s->b->width_pct);
	ret = suite_run(t->s);
	for (i = 0; i < t->n && !ret; i++) {
		const struct task *task = &t->task[i];
		double load = task->ndr.lower_pct;
		ssize_t p = task->ndr.lower;

		if (task->dead || p < 0)
			continue;
		if (task->reached) {
			load = fmin(100, load) - t->s->b->width_pct;
			p = task_trial(t, task, load);
		}
		latency_rows(t, task, (size_t)p, load, load / task->ndr.lower_pct * 100);
	}
	return ret;
}

/* The rows of one test as a table. */
static void show(const json_t *rows, const char *test, const char *title, const char *columns)
{
	json_t *of_test = json_array(), *row;
	size_t i;

	json_array_foreach(rows, i, row)
	{
		if (!strcmp(json_string_value(json_object_get(row, "test")), test))
			json_array_append(of_test, row);
	}
	if (json_array_size(of_test)) {
		printf("%s\n", title);
		rows_table(of_test, columns, stdout);
		putchar('\n');
	}
	json_decref(of_test);
}

int rfc2544_run(struct bench *b)
{
	struct suite *s = suite_open(b, task_axes(b));
	struct tasks t = { 0 };
	size_t i;
	int ret;

	if (!s)
		return EXIT_INPUT;
	ret = tasks_open(&t, s);
	if (!ret)
		ret = tasks_search(&t, true);
	for (i = 0; i < t.n && !ret; i++)
		if (!t.task[i].dead)
			throughput_row(&t, &t.task[i]);
	if (!ret)
		ret = latencies(&t);
	if (!ret)
		ret = frame_loss(&t);
	if (!ret)
		ret = back_to_back(&t);
	show(s->rows, "throughput", "Throughput (26.1): no loss (NDR), 0.5 % loss (PDR), in % of line rate",
	     TASK_COLUMNS
	     "line_mpps ndr_lower_mpps ndr_lower_gbps ndr_lower_pct ndr_upper_pct pdr_lower_pct pdr_upper_pct "
	     "predicted_mpps error_pct limits limits_predicted trial_frames trial_us width_pct");
	show(s->rows, "latency", "Latency at the throughput (26.2), ns",
	     TASK_COLUMNS
	     "lane load_pct min_ns p50_ns p90_ns p99_ns p999_ns max_ns predicted_p50_ns trial_frames trial_us");
	show(s->rows, "frame_loss", "Frame loss rate (26.3), %",
	     TASK_COLUMNS "load_pct loss_pct lost_pct behind_pct trial_frames trial_us");
	show(s->rows, "back_to_back", "Back-to-back frames at line rate (26.4)",
	     TASK_COLUMNS "burst_lower_frames burst_upper_frames burst_lower_us width_frames");
	tasks_close(&t);
	return suite_close(s, ret);
}
