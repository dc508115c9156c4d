/* SPDX-License-Identifier: BSD-2-Clause */
#include "throughput.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cosnic.h"
#include "counts.h"
#include "ethernet.h"
#include "lanes.h"
#include "over.h"
#include "replay.h"
#include "rows.h"
#include "settings.h"

#define PHASES 2
#define EARLY 4.0 /* trials of the first phase are so many times shorter */
#define GRID_PCT 0.01
#define MIN_PCT GRID_PCT /* a narrow link takes less than 1 % of a fast wire */
#define WIDTH_OF_RATE 20 /* ... and bounds are no further apart than this part of the rate */

static json_t *all_settings(const struct tasks *t, const struct task *task)
{
	json_t *all = json_copy(t->s->b->base);

	json_object_update(all, task->settings);
	return all;
}

/* How many frames a pass over the captures is, with these settings, and how many of them line rate is. */
static int count_captures(const struct bench *b, const json_t *settings, struct task *task)
{
	static struct settings s;
	uint64_t total[SNIC_N_PORT];
	struct trace_counts counts;
	struct counts *frames = counts_create();
	char err[512] = "out of memory";
	int ret = settings_resolve(&s, settings, b->files, b->predict_only);

	if (!ret && (!frames || !replay_count(&s.run, &counts, frames, total, err, sizeof(err)))) {
		fprintf(stderr, "cosnic: bench: %s\n", err);
		ret = EXIT_INPUT;
	}
	if (frames)
		counts_free(frames);
	if (ret)
		return ret;
	task->capture = (double)counts.packets;
	task->line_mpps =
		eth_line_mpps(s.run.sim.wire_gbps, (double)counts.bytes / (double)counts.packets + ETH_FCS);
	return EXIT_OK;
}

int tasks_open(struct tasks *t, struct suite *s)
{
	size_t i;
	int ret = EXIT_OK;

	t->s = s;
	s->tasks_shared = true;
	t->n = over_points(s->axes);
	t->task = calloc(t->n, sizeof(*t->task));
	if (!t->task)
		return EXIT_INPUT;
	for (i = 0; i < t->n && !ret; i++) {
		struct task *task = &t->task[i];
		const char *direction;
		json_t *all;

		task->settings = over_point(s->axes, i);
		task->dead = !suite_mine(s, i);
		all = all_settings(t, task);
		direction = json_string_value(json_object_get(all, "direction"));
		snprintf(task->direction, sizeof(task->direction), "%s", direction ? direction : "rx");
		task->line_mpps = settings_line_mpps(all);
		if (json_array_size(s->b->files) && !task->dead)
			ret = count_captures(s->b, all, task);
		task->reached = !strcmp(task->direction, "tx") || !strcmp(task->direction, "vf2vf");
		task->ndr = task->pdr = (struct bounds){ NAN, NAN, -1, -1 };
		json_decref(all);
		task->first = task->dead || ret ? -1 : task_trial(t, task, 100);
		if (task->first < 0 && !task->dead && !ret)
			ret = EXIT_USAGE;
	}
	return ret;
}

void tasks_close(struct tasks *t)
{
	size_t i;

	for (i = 0; i < t->n && t->task; i++)
		json_decref(t->task[i].settings);
	free(t->task);
}

static ssize_t trial_of(struct tasks *t, const struct task *task, double load, double us)
{
	if (load < 100 || !task->reached)
		return trial_add(t->s, task->settings, load, us, task_traffic(task));
	/* as fast as it goes: VF to VF may pass more than a wire does */
	return trial_add_top(t->s, task->settings, us, task_traffic(task));
}

json_t *task_axes(const struct bench *b)
{
	const json_t *size = json_object_get(b->base, "size");
	char axis[80];

	if (b->axes)
		return json_incref(b->axes);
	if (json_array_size(b->files))
		return json_array(); /* the captures as they are */
	/* a size that was asked for is the only one */
	if (!json_is_string(size))
		return over_parse(TASK_SIZES);
	snprintf(axis, sizeof(axis), "size=%s", json_string_value(size));
	return over_parse(axis);
}

ssize_t task_trial(struct tasks *t, const struct task *task, double load)
{
	return trial_of(t, task, load, t->s->b->trial_us);
}

/* What the slowest direction of a task reached, or is predicted to reach, in % of line rate. */
static double reached_pct(const struct task *task, const json_t *r, const char *part)
{
	if (task->capture > 0)
		return lanes_least_pct(r, part);
	return lanes_least_mpps(r, part) / task->line_mpps * 100;
}

/* From the first trial: the mean frame, what is predicted, and for hosts' frames the answer. */
static void first_read(struct tasks *t, struct task *task)
{
	const char *part = t->s->b->predict_only ? "predicted" : "measured";
	json_t *r = suite_result(t->s, (size_t)task->first);
	double reached = NAN;
	struct trial trial;

	task->dead = !r;
	if (!r)
		return;
	task->line_mpps = lanes_line_mpps(r);
	task->predicted_pct = reached_pct(task, r, "predicted");
	if (task->reached) {
		reached = reached_pct(task, r, part);
		trial_read(t->s, (size_t)task->first, reached, &trial);
		task->reached = trial.lost_pct == 0; /* else it is for a search to find */
	}
	if (task->reached) {
		task->ndr = task->pdr = (struct bounds){ reached, reached, task->first, task->first };
	} else {
		task->predicted_pct = fmin(100, task->predicted_pct);
	}
	json_decref(r);
}

static double width_pct(const struct bench *b, double guess)
{
	return guess > 0 ? fmin(b->width_pct, fmax(GRID_PCT, guess / WIDTH_OF_RATE)) : b->width_pct;
}

/* One search for each task, the trials of all side by side. */
static int search_all_tasks(struct tasks *t, double loss_pct, bool pdr)
{
	size_t i, open;
	int ret = EXIT_OK;

	for (i = 0; i < t->n; i++) {
		struct task *task = &t->task[i];
		double guess = pdr ? task->ndr.lower_pct + t->s->b->width_pct / 2 : task->predicted_pct;

		search_init(&task->search, MIN_PCT, 100, width_pct(t->s->b, guess), GRID_PCT, guess, PHASES);
	}
	do {
		for (i = open = 0; i < t->n; i++) {
			struct task *task = &t->task[i];
			bool last;

			task->trial = -1;
			if (task->dead || task->reached || !search_next(&task->search, &task->load))
				continue;
			last = task->search.phase == PHASES - 1;
			task->trial = trial_of(t, task, task->load, t->s->b->trial_us / (last ? 1 : EARLY));
			if (task->trial < 0)
				return EXIT_USAGE;
			open++;
		}
		if (open)
			ret = suite_run(t->s);
		for (i = 0; i < t->n && !ret; i++) {
			struct task *task = &t->task[i];
			struct bounds *b = pdr ? &task->pdr : &task->ndr;
			struct trial trial;
			bool passed;

			if (task->trial < 0)
				continue;
			task->dead = !trial_read(t->s, (size_t)task->trial, task->load, &trial);
			passed = trial.loss_pct <= loss_pct;
			if (task->search.phase == PHASES - 1) {
				*(passed ? &b->lower : &b->upper) = task->trial;
				*(passed ? &b->lower_pct : &b->upper_pct) = task->load;
			}
			search_tell(&task->search, passed);
		}
	} while (open && !ret);
	return ret;
}

int tasks_search(struct tasks *t, bool pdr)
{
	size_t i;
	int ret = suite_run(t->s);

	for (i = 0; i < t->n && !ret; i++)
		if (!t->task[i].dead)
			first_read(t, &t->task[i]);
	if (!ret)
		ret = search_all_tasks(t, 0, false);
	if (!ret && pdr)
		ret = search_all_tasks(t, PDR_LOSS_PCT, true);
	return ret;
}

json_t *task_row(struct tasks *t, const struct task *task, size_t point, double load, const char *test)
{
	json_t *row = json_pack("{s:s s:s}", "test", test, "id", suite_id(t->s, point));
	struct trial trial;

	json_object_update(row, task->settings);
	json_object_set_new(row, "direction", json_string(task->direction));
	if (trial_read(t->s, point, load, &trial)) {
		row_count(row, "trial_frames", trial.frames);
		row_number(row, "trial_us", trial.us);
	}
	json_array_append_new(t->s->rows, row);
	return row;
}
