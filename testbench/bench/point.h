/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One point of a suite: a folder DIR/points/ID with what is to be run and what it is made of (point.json), what came of it
 * (result.json, as of any replay) and what was said (log.txt, when it failed). All that the pool and Slurm's tasks know of each
 * other is there. A point runs in a folder of its own, run.*, and its files get their names when it is through; last of all
 * point.json, with the hash of the result, so that what is cut short, edited or another's is no result.
 */
#ifndef BENCH_POINT_H
#define BENCH_POINT_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "cache.h"

enum point_status { POINT_OK, POINT_FAILED, POINT_MISSING };

/*
 * Makes the folder of a point with this specification ({settings, files, predict_only, contract} and what key_add() adds). A
 * result that is there already is kept if it is whole and made of the same, unless fresh; else one of the cache is taken. 0 or
 * a negative errno.
 */
int point_prepare(const char *dir, const char *id, const json_t *spec, bool fresh, const struct cache *cache);
/* Runs it, in this process. key: of what is to be run, and nothing else; NULL: whatever it is made of now. An exit status. */
int point_run(const char *dir, const char *id, const char *key);
/*
 * From its files; a result that is not made as the key says is none. error, when it failed: one line. attempts: how often it
 * was begun.
 */
enum point_status point_status(const char *dir, const char *id, const char *key, char *error, size_t size,
			       unsigned int *attempts);
/* result.json, NULL: none that is whole and made as the key says. */
json_t *point_result(const char *dir, const char *id, const char *key);
/* Adds a line to what the point has said. */
void point_say(const char *dir, const char *id, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* dir/points/id/name, in buf */
const char *point_path(char *buf, size_t size, const char *dir, const char *id, const char *name);

#endif
