/* SPDX-License-Identifier: BSD-2-Clause */
#include "trial.h"

#include <math.h>
#include <string.h>

#include "lanes.h"
#include "predict.h"

#define STEADY 0.85	  /* of a run is its steady window */
#define RESOLVES_PCT 0.25 /* rates of a short run are no better known than that */

static void set(json_t *settings, const char *name, double v)
{
	json_object_set_new(settings, name, json_sprintf("%.9g", v));
}

static void set_frames(json_t *settings, double frames, const struct trial_traffic *t)
{
	if (t->capture > 0)
		set(settings, "loop", fmax(1, round(frames / t->capture)));
	else
		set(settings, "packets", frames);
}

ssize_t trial_add_top(struct suite *s, const json_t *settings, double us, struct trial_traffic t)
{
	json_t *all = json_copy((json_t *)settings);

	set_frames(all, fmax(TRIAL_FRAMES_MIN, round(us * t.line_mpps)), &t);
	return suite_find(s, all);
}

ssize_t trial_add(struct suite *s, const json_t *settings, double load, double us, struct trial_traffic t)
{
	json_t *all = json_copy((json_t *)settings);

	set(all, "load", load);
	set_frames(all, fmax(TRIAL_FRAMES_MIN, round(us * t.line_mpps * load / 100)), &t);
	return suite_find(s, all);
}

ssize_t trial_add_burst(struct suite *s, const json_t *settings, unsigned long frames, struct trial_traffic t)
{
	json_t *all = json_copy((json_t *)settings);

	set(all, "load", 100);
	set(all, "packets", (double)frames);
	if (t.capture > 0)
		set(all, "loop", ceil((double)frames / t.capture));
	return suite_find(s, all);
}

/* Direction d in the part of a result that measured, or else predicted. */
static void read_lane(struct trial *t, const json_t *r, const char *part, const char *lane, double load)
{
	double offered = lanes_number(r, "trace", "packets", NULL),
	       demanded = lanes_line_mpps(r) * load / 100;
	double us = offered / demanded, behind, resolved, lost;

	/* what the host posts, it posts in turns: their raster is what a window can be off by */
	resolved = strcmp(lane, lane_names[LANE_RX]) ? HOST_POLL_NS / 1e3 / (us * STEADY) * 100 : 0;
	resolved += 2 / (offered * STEADY) * 100;
	lost = fmax(0, 1 - lanes_number(r, part, lane, "packets") / offered) * 100;
	behind = fmax(0, 1 - lanes_number(r, part, lane, "mpps") / demanded) * 100;
	t->frames = offered;
	t->us = us;
	t->lost_pct = fmax(t->lost_pct, lost);
	t->behind_pct = fmax(t->behind_pct, behind);
	t->loss_pct = fmax(t->loss_pct, fmax(lost, behind > resolved + RESOLVES_PCT ? behind : 0));
}

/*
 * The same of a capture: rules drop some of its frames and make copies of others, and frames at one place of it are longer than at another.
 * So what is lost is what the card counts as lost, and how far it fell behind shows in the time that the whole run took.
 */
static void read_capture(struct trial *t, const json_t *r, const char *part, unsigned int d, double load)
{
	const char *lane = lane_names[d];
	const bool predicted = !strcmp(part, "predicted");
	double offered =
		predicted ? lanes_number(r, part, "frames", NULL) : lanes_number(r, part, lane, "offered");
	double us = offered / (lanes_line_mpps(r) * load / 100), behind, resolved, lost;

	if (!(offered > 0))
		return;
	resolved = lane_from_wire(d) ? 0 : HOST_POLL_NS / 1e3 / us * 100;
	resolved += 2 / offered * 100;
	if (predicted) {
		double in = lanes_number(r, part, lane, "packets"),
		       drops = lanes_number(r, part, lane, "drops");

		lost = in + drops > 0 ? drops / (in + drops) * 100 : 0;
		behind = fmax(0, 1 - lanes_load_pct(r, part, lane) / load) * 100;
	} else {
		double span = lanes_number(r, part, lane, "span_us");

		lost = lanes_number(r, "check", "lost", NULL) / lanes_number(r, "check", "expected", NULL) *
		       100;
		behind = span > us ? (1 - us / span) * 100 : 0;
	}
	t->frames = offered;
	t->us = us;
	t->lost_pct = fmax(t->lost_pct, lost);
	t->behind_pct = fmax(t->behind_pct, behind);
	t->loss_pct = fmax(t->loss_pct, fmax(lost, behind > resolved + RESOLVES_PCT ? behind : 0));
}

bool trial_read(const struct suite *s, size_t point, double load, struct trial *t)
{
	json_t *r = suite_result(s, point);
	const char *part = s->b->predict_only ? "predicted" : "measured";
	bool known = r != NULL;
	unsigned int d;

	memset(t, 0, sizeof(*t));
	for (d = 0; d < N_LANE; d++) {
		if (!lanes_offered(r, part, d))
			continue;
		if (lanes_captured(r))
			read_capture(t, r, part, d, load);
		else
			read_lane(t, r, part, lane_names[d], load);
	}
	json_decref(r);
	return known;
}
