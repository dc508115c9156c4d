/* SPDX-License-Identifier: BSD-2-Clause */
#include "throughput.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lanes.h"
#include "over.h"
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
		task->reached = !strcmp(task->direction, "tx") || !strcmp(task->direction, "vf2vf");
		task->ndr = task->pdr = (struct bounds){ NAN, NAN, -1, -1 };
		json_decref(all);
		task->first = task->dead ? -1 : task_trial(t, task, 100);
		ret = task->first < 0 && !task->dead ? EXIT_USAGE : EXIT_OK;
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
	json_t *top;
	ssize_t i;

	if (load < 100 || !task->reached)
		return trial_add(t->s, task->settings, load, us, task->line_mpps);
	/* as fast as it goes: VF to VF may pass more than a wire does */
	top = json_copy(task->settings);
	json_object_set_new(top, "packets",
			    json_sprintf("%.0f", fmax(TRIAL_FRAMES_MIN, us * task->line_mpps)));
	i = suite_find(t->s, top);
	return i;
}

json_t *task_axes(const struct bench *b)
{
	const json_t *size = json_object_get(b->base, "size");
	char axis[80];

	if (b->axes)
		return json_incref(b->axes);
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
