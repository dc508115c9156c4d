/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs the `cosnic` program ($COSNIC, or build/cosnic) as a user would, in a temporary folder of its own, which goes
 * away when the test program ends.
 */
#ifndef SYSTEM_RUN_H
#define SYSTEM_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#include "cu_main.h"

struct run {
	int status;	 /* exit status; -1: killed, at the time limit or by a signal */
	char *out, *err; /* what it wrote */
	json_t *result;	 /* result.json of replay and predict, NULL: none */
	double wall_s, cpu_s;
	long max_rss_kb;
};

/*
 * cosnic(&r, "replay --vfs %u a.pcap", 3): words are split at blanks. replay and predict get `--out out` unless
 * the line names an --out. Ends what takes over a minute.
 */
void cosnic(struct run *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The same with a limit of its own, and with Ctrl-C after so many seconds of CPU, or when it only waits (0: none). */
void cosnic_limits(struct run *r, double limit_s, double interrupt_s, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
void run_free(struct run *r);
/* Asserts that the run ended with this exit status; what it wrote is shown when it did not. */
bool run_ended(const struct run *r, int status);

/* `cosnic gen` into a file of this name, unless it is there. */
void gen(const char *name, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Value at a path like "measured.rx.mpps"; a test failure and NULL (NaN) when it is not there. */
json_t *at(const json_t *j, const char *path);
double num(const json_t *j, const char *path);
bool has(const json_t *j, const char *path);
/* Sum of the numbers in the object at a path. */
double sum(const json_t *j, const char *path);

/* One line on stderr, of the program's own, that names the thing and the remedy. */
void one_line(const struct run *r, const char *thing, const char *remedy);
/* Runs the line: it ends at once with this status and such a line, and with nothing else. */
void refused(int status, const char *thing, const char *remedy, const char *line);

/* Files in the temporary folder: one is written; all that one holds, to be freed; whether one holds these words. */
void put(const char *name, const char *text);
char *get(const char *name);
void holds(const char *name, const char *words);
void hides(const char *name, const char *words);
/* Path of a file in the temporary folder; valid for the next few calls. */
const char *in_tmp(const char *name);
/* Folder with the libraries and the captures: $COSNIC_LIB, or that of the program. */
const char *build_dir(void);

unsigned int lines(const char *s);

#endif
