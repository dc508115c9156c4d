/* SPDX-License-Identifier: BSD-2-Clause */
#include "cache.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "advice.h"
#include "files.h"
#include "key.h"
#include "options.h"
#include "result.h"

#define ENTRY_FILE                                                                                           \
	"/%.2s/%.64s.json" /* {key, result, table, hash}: one file, so that it is there whole or not at all */

/* Of two texts, so that neither can be another's. */
static json_t *hash_of(const char *result, const char *table)
{
	json_t *both = json_pack("[s, s]", result, table), *hash = NULL;
	char *text = both ? json_dumps(both, JSON_COMPACT) : NULL, hex[KEY_HEX];

	if (text) {
		key_bytes(text, strlen(text), hex);
		hash = json_string(hex);
	}
	free(text);
	json_decref(both);
	return hash;
}

/* Points of another suite's folder that have a result. */
static int add_points(struct cache *c, const char *dir)
{
	char path[PATH_MAX];
	struct dirent *e;
	json_t *point;
	DIR *d;

	snprintf(path, sizeof(path), "%s/points", dir);
	d = opendir(path);
	if (!d) {
		fprintf(stderr, "cosnic: bench: --merge %s: %s; give the folder of a suite\n", dir,
			strerror(errno));
		return EXIT_INPUT;
	}
	while ((e = readdir(d))) {
		if (*e->d_name == '.' || snprintf(path, sizeof(path), "%s/points/%s/point.json", dir,
						  e->d_name) >= (int)sizeof(path))
			continue;
		point = json_load_file(path, 0, NULL);
		if (json_object_get(point, "result"))
			json_object_set_new(c->others, key_of(point),
					    json_sprintf("%s/points/%s", dir, e->d_name));
		json_decref(point);
	}
	closedir(d);
	return EXIT_OK;
}

int cache_open(struct cache *c, const char *dir, const json_t *merge)
{
	json_t *name;
	size_t i;
	int ret;

	c->dir = dir;
	c->others = json_object();
	ret = dir ? result_folder(dir) : 0;
	if (!ret && dir && access(dir, W_OK | X_OK))
		ret = -errno;
	if (ret) {
		fprintf(stderr, "cosnic: bench: --cache %s: %s; %s another folder\n", dir, strerror(-ret),
			advice_write(-ret));
		return EXIT_INPUT;
	}
	json_array_foreach((json_t *)merge, i, name)
	{
		if (add_points(c, json_string_value(name)))
			return EXIT_INPUT;
	}
	return EXIT_OK;
}

void cache_close(struct cache *c)
{
	json_decref(c->others);
	c->others = NULL;
}

static bool from_folder(const struct cache *c, const char *key, struct cached *found)
{
	char path[PATH_MAX];
	json_t *j, *hash;
	const char *result, *table;
	bool whole;

	if (!c->dir || snprintf(path, sizeof(path), "%s" ENTRY_FILE, c->dir, key, key) >= (int)sizeof(path))
		return false;
	j = json_load_file(path, 0, NULL);
	result = json_string_value(json_object_get(j, "result"));
	table = json_string_value(json_object_get(j, "table"));
	hash = result && table ? hash_of(result, table) : NULL;
	whole = hash && !strcmp(key_of(j), key) && json_equal(hash, json_object_get(j, "hash"));
	if (whole)
		*found = (struct cached){ strdup(result), strdup(table) };
	json_decref(hash);
	json_decref(j);
	return whole;
}

static bool from_others(const struct cache *c, const char *key, struct cached *found)
{
	const char *dir = json_string_value(json_object_get(c->others, key)), *want;
	char path[PATH_MAX], hex[KEY_HEX] = "";
	json_t *point;
	size_t n;

	memset(found, 0, sizeof(*found));
	if (!dir)
		return false;
	snprintf(path, sizeof(path), "%s/point.json", dir);
	point = json_load_file(path, 0, NULL);
	want = json_string_value(json_object_get(point, "result"));
	snprintf(path, sizeof(path), "%s/result.json", dir);
	found->result = files_read(path, &n);
	if (found->result)
		key_bytes(found->result, n, hex);
	snprintf(path, sizeof(path), "%s/result.txt", dir);
	found->table = files_read(path, &n);
	if (want && !strcmp(hex, want) && !strcmp(key_of(point), key) && found->table) {
		json_decref(point);
		return true;
	}
	json_decref(point);
	cache_free(found);
	return false;
}

bool cache_get(const struct cache *c, const char *key, struct cached *found)
{
	return *key && (from_others(c, key, found) || from_folder(c, key, found));
}

void cache_free(struct cached *found)
{
	free(found->result);
	free(found->table);
}

int cache_put(const struct cache *c, const char *key, const char *result_path, const char *table_path)
{
	char path[PATH_MAX], *result, *table, *text;
	json_t *entry;
	size_t n;
	int ret;

	if (!c->dir)
		return 0;
	if (snprintf(path, sizeof(path), "%s/%.2s", c->dir, key) >= (int)sizeof(path) - 80)
		return -ENAMETOOLONG;
	ret = result_folder(path);
	snprintf(path, sizeof(path), "%s" ENTRY_FILE, c->dir, key, key);
	if (ret || !access(path, F_OK))
		return ret;
	result = files_read(result_path, &n);
	table = files_read(table_path, &n);
	entry = result && table ? json_pack("{s:s s:o s:s s:s}", "key", key, "hash", hash_of(result, table),
					    "result", result, "table", table)
				: NULL;
	text = entry ? json_dumps(entry, JSON_INDENT(1)) : NULL;
	ret = text ? files_write(path, text) : -EIO;
	free(text);
	json_decref(entry);
	free(result);
	free(table);
	return ret;
}
