/* SPDX-License-Identifier: BSD-2-Clause */
/* By how much figures may change, and what they may be: of --limit, and of a file in a repository. */
#ifndef REPORT_ALLOWED_H
#define REPORT_ALLOWED_H

#include <jansson.h>
#include <stdbool.h>

#define LIMITS_MAX 256

/* What of a change is allowed. */
struct limit {
	char point[128]; /* a pattern as of file names (fnmatch), "": any point */
	char figure
		[128]; /* a pattern, or the name that a part of the figure's path begins with, or ends with after a _ */
	bool name;		 /* figure is such a name */
	bool any;		 /* all is */
	double rise, fall;	 /* by so much at most, INFINITY: as much as it likes; */
	bool rise_pct, fall_pct; /* in percent of the base, else in the figure's unit */
	bool changes;		 /* says something of changes */
	double least, most;	 /* of the new figure alone, NAN: none */
};

struct limits {
	struct limit list[LIMITS_MAX]; /* the last one that fits is taken */
	unsigned int n;
	bool exact; /* nothing may change */
};

/* Rates, latencies, and loss: what was not lost before must not be lost now. */
void limits_usual(struct limits *l);
/* --limit mpps=1%,drops=any. EXIT_OK, or EXIT_USAGE after one line on stderr. */
int limits_option(struct limits *l, const char *arg);
/* A file with lines "point | figure | limits". EXIT_OK, or EXIT_INPUT after one line on stderr. */
int limits_file(struct limits *l, const char *path);
/*
 * Whether a change from base to new (NULL: not there) is beyond what is allowed. text, in print: by how much it may, "": as
 * it likes.
 */
bool limits_beyond(const struct limits *l, const char *point, const char *figure, const json_t *base,
		   const json_t *new, char *text, size_t size);
/* Whether a figure is, by itself, what it must not be; text: what it must be. */
bool limits_over_budget(const struct limits *l, const char *point, const char *figure, double v, char *text,
			size_t size);

#endif
