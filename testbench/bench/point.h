/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One point of a suite: a folder DIR/points/ID with what is to be run (point.json), what came of it (result.json, as of any
 * replay) and what was said (log.txt, when it failed). All that the pool and Slurm's tasks know of each other is there.
 */
#ifndef BENCH_POINT_H
#define BENCH_POINT_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

enum point_status { POINT_OK, POINT_FAILED, POINT_MISSING };

/*
 * Makes the folder of a point with this specification ({settings, files, predict_only, contract, rtl}). A result that is
 * there already is kept if it is whole and of the same specification, unless fresh. 0 or a negative errno.
 */
int point_prepare(const char *dir, const char *id, const json_t *spec, bool fresh);
/* Runs it, in this process. An exit status. */
int point_run(const char *dir, const char *id);
/* From its files. error, when it failed: one line. attempts: how often it was begun. */
enum point_status point_status(const char *dir, const char *id, char *error, size_t size,
			       unsigned int *attempts);
/* result.json, NULL: none that can be read. */
json_t *point_result(const char *dir, const char *id);
/* Adds a line to what the point has said. */
void point_say(const char *dir, const char *id, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* dir/points/id/name, in buf */
const char *point_path(char *buf, size_t size, const char *dir, const char *id, const char *name);

#endif
