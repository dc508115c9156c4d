/* SPDX-License-Identifier: BSD-2-Clause */
#include "search.h"

#include <math.h>

static double on_grid(const struct search *s, double rate)
{
	rate = round(rate / s->grid) * s->grid;
	return fmin(s->max, fmax(s->min, rate));
}

static void begin_phase(struct search *s, double below, double above)
{
	s->below = below;
	s->above = above;
	s->lower = s->upper = NAN;
	s->step = s->width;
}

void search_init(struct search *s, double min, double max, double width, double grid, double guess,
		 unsigned int phases)
{
	*s = (struct search){ .min = min, .max = max, .width = width, .grid = grid, .phases = phases };
	begin_phase(s, guess - width / 2, guess + width / 2);
}

bool search_none(const struct search *s)
{
	return isnan(s->lower) && s->upper <= s->min;
}

bool search_all(const struct search *s)
{
	return isnan(s->upper) && s->lower >= s->max;
}

static bool phase_over(const struct search *s)
{
	/* what rounding leaves of a multiple of the grid is no rate between the bounds */
	return search_none(s) || search_all(s) ||
	       s->upper - s->lower <= fmax(s->width, s->grid) + s->grid / 4;
}

bool search_next(struct search *s, double *rate)
{
	if (s->phase == s->phases)
		return false;
	if (!isnan(s->lower) && !isnan(s->upper)) {
		*rate = on_grid(s, (s->lower + s->upper) / 2);
	} else if (!isnan(s->lower)) {
		*rate = on_grid(s, s->above > s->lower + s->grid / 2 ? s->above : s->lower + s->step);
		s->step *= 2;
	} else if (!isnan(s->upper)) {
		*rate = on_grid(s, s->below < s->upper - s->grid / 2 ? s->below : s->upper - s->step);
		s->step *= 2;
	} else {
		*rate = on_grid(s, s->below);
	}
	s->asked = *rate;
	s->trials++;
	return true;
}

void search_tell(struct search *s, bool passed)
{
	if (passed)
		s->lower = s->asked;
	else
		s->upper = s->asked;
	if (!phase_over(s))
		return;
	if (++s->phase < s->phases)
		begin_phase(s, isnan(s->lower) ? s->min : s->lower, isnan(s->upper) ? s->max : s->upper);
}
