/* SPDX-License-Identifier: BSD-2-Clause */
#include "allowed.h"

#include <errno.h>
#include <fnmatch.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "results.h"

#define LOSS_PCT 5 /* frames that are lost by chance: of which that was lost before, so many more may be */

static const struct {
	const char *name;
	double pct;
} usual[] = { { "mpps", 1 }, { "gbps", 1 }, { "latency", 5 }, { "ns", 5 } };

static struct limit *add(struct limits *l, bool name, const char *point, const char *figure)
{
	struct limit *new = &l->list[l->n];

	if (l->n == LIMITS_MAX)
		return NULL;
	*new = (struct limit){ .name = name, .rise = INFINITY, .fall = INFINITY, .least = NAN, .most = NAN };
	if (strlen(point) >= sizeof(new->point) || strlen(figure) >= sizeof(new->figure))
		return NULL;
	memcpy(new->point, point, strlen(point) + 1);
	memcpy(new->figure, figure, strlen(figure) + 1);
	l->n++;
	return new;
}

void limits_usual(struct limits *l)
{
	struct limit *new;
	size_t i;

	for (i = 0; i < sizeof(usual) / sizeof(usual[0]); i++) {
		new = add(l, true, "", usual[i].name);
		new->changes = new->rise_pct = new->fall_pct = true;
		new->rise = new->fall = usual[i].pct;
	}
}

/*
 * One word: 1% either way, +5% up (and down as it likes), -3 down by 3 of its unit, any, >=150, <=60. false: it is none.
 */
static bool word(struct limit *l, const char *text)
{
	char sign = *text, *end;
	bool bound = (sign == '<' || sign == '>') && text[1] == '=', pct;
	double v;

	if (!strcmp(text, "any"))
		return l->any = l->changes = true;
	text += bound ? 2 : sign == '+' || sign == '-';
	v = strtod(text, &end);
	pct = *end == '%';
	/* what strtod() takes beside numbers is none: -1, inf, nan */
	if (end == text || strspn(text, "0123456789.eE+-") < (size_t)(end - text) || end[pct] ||
	    !isfinite(v) || (!bound && !(v >= 0 && *text >= '.')) || (bound && pct))
		return false;
	if (bound) {
		*(sign == '>' ? &l->least : &l->most) = v;
		return true;
	}
	if (sign != '-') {
		l->rise = v;
		l->rise_pct = pct;
	}
	if (sign != '+') {
		l->fall = v;
		l->fall_pct = pct;
	}
	return l->changes = true;
}

int limits_option(struct limits *l, const char *arg)
{
	char copy[1024], *rest = copy, *part, *equals;
	struct limit *new;

	if (snprintf(copy, sizeof(copy), "%s", arg) >= (int)sizeof(copy))
		return usage_error("compare", "%.40s...: --limit: too long; --limits takes a file", arg);
	while ((part = strsep(&rest, ","))) {
		equals = strchr(part, '=');
		if (!*part && !rest)
			break;
		if (!equals || equals == part)
			return usage_error("compare", "%s: --limit must look like mpps=1%%,latency=5%%", arg);
		*equals = 0;
		new = add(l, true, "", part);
		if (!new)
			return usage_error("compare", "%s: too many limits, or too long a name", arg);
		if (!word(new, equals + 1))
			return usage_error(
				"compare",
				"%s: --limit must be a percentage that is not negative, with + or - for one way only, or any",
				arg);
		/* with or without a % */
		new->rise_pct = new->fall_pct = true;
	}
	return EXIT_OK;
}

static char *trimmed(char *text)
{
	char *end;

	text += strspn(text, " \t");
	end = text + strlen(text);
	while (end > text && strchr(" \t\r\n", end[-1]))
		*--end = 0;
	return text;
}

static bool line(struct limits *l, char *text)
{
	char *rest = text, *point = strsep(&rest, "|"), *figure = rest ? strsep(&rest, "|") : NULL, *one;
	struct limit *new;

	if (!rest || !*trimmed(rest) || strchr(rest, '|'))
		return false;
	new = add(l, false, trimmed(point), trimmed(figure));
	rest = trimmed(rest);
	if (!new || !*new->point || !*new->figure)
		return false;
	while ((one = strsep(&rest, " \t")))
		if (*one && !word(new, one))
			return false;
	return true;
}

int limits_file(struct limits *l, const char *path)
{
	FILE *f = fopen(path, "r");
	unsigned int n = 0;
	char text[512];
	int ret = EXIT_OK;

	if (!f) {
		results_complain(NULL, "%s: %s; name a file of limits", path, strerror(errno));
		return EXIT_INPUT;
	}
	while (!ret && fgets(text, sizeof(text), f)) {
		bool whole = strchr(text, '\n') || feof(f);

		n++;
		text[strcspn(text, "#")] = 0;
		if (whole && (!*trimmed(text) || line(l, text)))
			continue;
		results_complain(
			NULL,
			"%s:%u: must be POINT | FIGURE | LIMITS, as in rx-* | measured.*.mpps | -1%% >=140",
			path, n);
		ret = EXIT_INPUT;
	}
	fclose(f);
	return ret;
}

/* Whether a part of "measured.latency_ns.rx.p50" or of "ndr_lower_mpps" begins with a name, or ends with it after a _. */
static bool names(const char *name, const char *figure)
{
	size_t n = strlen(name), part;

	for (;; figure += part + 1) {
		part = strcspn(figure, ".");
		if (!strncmp(figure, name, n) ||
		    (part > n && figure[part - n - 1] == '_' && !strncmp(figure + part - n, name, n)))
			return true;
		if (!figure[part])
			return false;
	}
}

static bool fits(const struct limit *l, const char *point, const char *figure)
{
	return l->name ? names(l->figure, figure)
		       : !fnmatch(l->point, point, 0) && !fnmatch(l->figure, figure, 0);
}

/* Frames that did not arrive. */
static bool is_loss(const char *figure)
{
	static const char *const patterns[] = { "measured.drops.*",	"measured.wire_lost.*",
						"measured.*.ring_full", "lost_pct",
						"*[._]lost_pct",	"loss_pct",
						"*[._]loss_pct" };
	size_t i;

	for (i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
		if (!fnmatch(patterns[i], figure, 0))
			return true;
	return false;
}

/* What the check found may never change, settings are meant to; of loss more may only be what there was before. */
static bool find(const struct limits *l, const char *point, const char *figure, struct limit *found)
{
	bool setting = !strncmp(figure, "config.", 7);
	unsigned int i;

	*found = (struct limit){ .changes = true, .rise = 0, .fall = 0 };
	if (l->exact || !strncmp(figure, "check.", 6))
		return true;
	for (i = l->n; i--;) {
		const struct limit *one = &l->list[i];

		if (!one->changes || !fits(one, point, figure) ||
		    (setting && i < sizeof(usual) / sizeof(usual[0])))
			continue;
		*found = *one;
		return true;
	}
	if (!is_loss(figure))
		return false;
	*found = (struct limit){ .changes = true, .rise = LOSS_PCT, .rise_pct = true, .fall = INFINITY };
	return true;
}

static void in_print(const struct limit *l, char *text, size_t size)
{
	const char *rise = l->rise_pct ? " %" : "", *fall = l->fall_pct ? " %" : "";

	*text = 0;
	if (l->any)
		return;
	if (l->rise == l->fall && l->rise_pct == l->fall_pct)
		snprintf(text, size, "%g%s", l->rise, rise);
	else if (isinf(l->fall))
		snprintf(text, size, "+%g%s", l->rise, rise);
	else if (isinf(l->rise))
		snprintf(text, size, "-%g%s", l->fall, fall);
	else
		snprintf(text, size, "+%g%s -%g%s", l->rise, rise, l->fall, fall);
}

/* What is new counts from 0; what is gone, or was no number, has changed beyond all measure. */
static bool beyond(const struct limit *l, const char *figure, const json_t *base, const json_t *new)
{
	double was = json_number_value(base), is = json_number_value(new), by, allowed;
	bool pct;

	if (l->any)
		return false;
	if ((base && !json_is_number(base)) || (new && !json_is_number(new)))
		return l->rise == 0 && l->fall == 0;
	if (!base && !is_loss(figure))
		return true;
	/* a counter that is 0 is left out */
	if (!new && !is_loss(figure))
		return true;
	by = is - was;
	pct = by > 0 ? l->rise_pct : l->fall_pct;
	allowed = by > 0 ? l->rise : l->fall;
	if (isinf(allowed))
		return false;
	/* numbers that are as large as numbers get differ by none */
	return !(fabs(by) <= (pct ? fabs(was) * allowed / 100 : allowed)) || (allowed == 0 && by == 0);
}

bool limits_beyond(const struct limits *l, const char *point, const char *figure, const json_t *base,
		   const json_t *new, char *text, size_t size)
{
	struct limit limit;

	*text = 0;
	if (!find(l, point, figure, &limit))
		return false;
	in_print(&limit, text, size);
	return beyond(&limit, figure, base, new);
}

bool limits_over_budget(const struct limits *l, const char *point, const char *figure, double v, char *text,
			size_t size)
{
	double least = NAN, most = NAN;
	unsigned int i;

	for (i = 0; i < l->n; i++) {
		if (!fits(&l->list[i], point, figure))
			continue;
		least = isnan(l->list[i].least) ? least : l->list[i].least;
		most = isnan(l->list[i].most) ? most : l->list[i].most;
	}
	if (v < least)
		snprintf(text, size, ">= %g", least);
	else if (v > most)
		snprintf(text, size, "<= %g", most);
	else
		return false;
	return true;
}
