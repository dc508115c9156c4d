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

ssize_t trial_add(struct suite *s, const json_t *settings, double load, double us, double line_mpps)
{
	json_t *all = json_copy((json_t *)settings);

	set(all, "load", load);
	set(all, "packets", fmax(TRIAL_FRAMES_MIN, round(us * line_mpps * load / 100)));
	return suite_find(s, all);
}

ssize_t trial_add_burst(struct suite *s, const json_t *settings, unsigned long frames)
{
	json_t *all = json_copy((json_t *)settings);

	set(all, "load", 100);
	set(all, "packets", (double)frames);
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

bool trial_read(const struct suite *s, size_t point, double load, struct trial *t)
{
	json_t *r = suite_result(s, point);
	const char *part = s->b->predict_only ? "predicted" : "measured";
	bool known = r != NULL;
	unsigned int d;

	memset(t, 0, sizeof(*t));
	for (d = 0; d < N_LANE; d++)
		if (json_object_get(json_object_get(r, part), lane_names[d]))
			read_lane(t, r, part, lane_names[d], load);
	json_decref(r);
	return known;
}
