/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Results that were made before, by their keys (key.h): a folder that machines share, and the points of other suites' folders.
 * Each is held against its hash: what was cut, edited or is another's is not there.
 */
#ifndef BENCH_CACHE_H
#define BENCH_CACHE_H

#include <stdbool.h>

#include <jansson.h>

struct cache {
	const char *dir; /* NULL: none */
	json_t *others;	 /* key: folder of a point */
};

struct cached {
	char *result, *table; /* result.json, result.txt */
};

/* merge: folders of suites. EXIT_OK, or EXIT_INPUT after one line on stderr. */
int cache_open(struct cache *c, const char *dir, const json_t *merge);
void cache_close(struct cache *c);
bool cache_get(const struct cache *c, const char *key, struct cached *found);
void cache_free(struct cached *found);
/* Keeps files of a point in the folder, unless they are there. 0 or a negative errno. */
int cache_put(const struct cache *c, const char *key, const char *result_path, const char *table_path);

#endif
