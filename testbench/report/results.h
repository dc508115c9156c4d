/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Folders of results, read: suites of `cosnic bench` (suite.json and points/ID/result.json) and lone runs (result.json).
 * What they hold is checked, so that readers may take keys that are there at their word.
 */
#ifndef REPORT_RESULTS_H
#define REPORT_RESULTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct result_point {
	char *id;
	json_t *settings;   /* name: value; of a lone run {} */
	const char *status; /* "ok", "failed", "missing" or "unreadable" */
	char *error;	    /* why not ok, NULL: nothing is known */
	char *log;	    /* the end of what one that is not ok has said, NULL: nothing */
	json_t *result;	    /* result.json, NULL: none */
};

struct result_set {
	char *name; /* of the suite, or the path of a lone run below the folder named */
	char *dir;
	json_t *suite; /* suite.json; NULL: a lone run */
	struct result_point *points;
	size_t n;
	dev_t dev; /* of its folder */
	ino_t ino;
};

struct results {
	struct result_set *sets;
	size_t n;
	unsigned int unreadable;     /* files refused, each with one line on stderr */
	unsigned int again;	     /* folders that were there already */
	const struct results *apart; /* what is in these is not taken, NULL: none */
};

/* Adds what is in a folder and below it, in order of names; what is there already is passed over. 0, or EXIT_INPUT after one line on stderr. */
int results_add(struct results *r, const char *dir);
void results_free(struct results *r);

/* A JSON file whose top is an object; NULL after one line on stderr, which also goes into why (may be NULL). */
json_t *results_read(const char *path, char **why);
/* Whether result.json is one; false after one line on stderr. */
bool results_check(const json_t *j, const char *path, char **why);

/* "cosnic: ..." on stderr; with why, a copy of the text without the name. */
void results_complain(char **why, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The last line of it. */
const char *results_complaint(void);

/* Value at a path like "measured.rx.mpps"; NULL: not there. */
json_t *results_at(const json_t *j, const char *path);
/* Number at a path; NaN: not there. */
double results_number(const json_t *j, const char *path);
/* Text at a path; "": not there. */
const char *results_text(const json_t *j, const char *path);

/* "direction=rx size=64", by name: the order in which a suite writes its settings says nothing. To be freed. */
char *results_name(const json_t *settings);

#endif
