/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include "key.h"

#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "files.h"
#include "options.h"
#include "replay.h"
#include "trace.h"
#include "version.h"

#define PROGRAM "/proc/self/exe"
#define SETTLED_NS                                                                                           \
	2000000000ll /* a file that changed later than this before may change again within one tick of its clock */

/* Hashes of this process and its children, by the file's identity: of ten thousand points all have the same library. */
struct known {
	struct stat st;
	char hex[KEY_HEX];
};

static struct known *known;
static size_t n_known;

void key_bytes(const void *bytes, size_t n, char hex[KEY_HEX])
{
	unsigned char sum[SHA256_DIGEST_LENGTH];
	unsigned int i;

	SHA256(bytes, n, sum);
	for (i = 0; i < sizeof(sum); i++)
		snprintf(hex + 2 * i, 3, "%02x", sum[i]);
}

static bool same_time(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
	       same_time(a->st_mtim, b->st_mtim) && same_time(a->st_ctim, b->st_ctim);
}

static bool settled(const struct stat *st)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (long long)(now.tv_sec - st->st_ctim.tv_sec) * 1000000000ll + now.tv_nsec -
		       st->st_ctim.tv_nsec >
	       SETTLED_NS;
}

static void remember(const struct stat *st, const char *hex)
{
	struct known *more = realloc(known, (n_known + 1) * sizeof(*known));

	if (!more)
		return;
	known = more;
	known[n_known].st = *st;
	memcpy(known[n_known++].hex, hex, KEY_HEX);
}

/* null: it cannot be read. */
static json_t *file_hash(const char *path)
{
	struct stat before, after;
	char hex[KEY_HEX];
	size_t i;

	if (stat(path, &before) || !S_ISREG(before.st_mode))
		return json_null();
	for (i = 0; i < n_known; i++)
		if (same_file(&known[i].st, &before))
			return json_string(known[i].hex);
	if (!trace_sha256(path, hex))
		return json_null();
	if (settled(&before) && !stat(path, &after) && same_file(&before, &after))
		remember(&before, hex);
	return json_string(hex);
}

/* Clears what follows a mark in the bytes of a file. */
static void clear(char *bytes, size_t n, const void *mark, size_t mark_size, size_t skip, size_t size)
{
	char *at = memmem(bytes, n, mark, mark_size);

	if (at && (size_t)(bytes + n - at) >= skip + size)
		memset(at + skip, 0, size);
}

/*
 * Of what runs, but for the name of the commit, and the linker's build id, which is a hash of that too: a program is the same
 * whatever else was committed beside it.
 */
static json_t *program_hash(void)
{
	static const unsigned char build_id[] = { 4, 0, 0, 0, 20, 0, 0, 0, 3, 0, 0, 0, 'G', 'N', 'U', 0 };
	static char hex[KEY_HEX];
	char *bytes;
	size_t n;

	/* it is always the file that was started, even when another has its name by now */
	if (*hex)
		return json_string(hex);
	bytes = files_read(PROGRAM, &n);
	if (!bytes)
		return json_null();
	clear(bytes, n, cosnic_commit, sizeof(cosnic_commit), 0, sizeof(cosnic_commit));
	clear(bytes, n, build_id, sizeof(build_id), sizeof(build_id), 20);
	key_bytes(bytes, n, hex);
	free(bytes);
	return json_string(hex);
}

static json_t *library_hash(const json_t *settings)
{
	struct options o = { .library = json_string_value(json_object_get(settings, "library")) };
	char path[512];

	return file_hash(replay_library(&o, path, sizeof(path)));
}

/* Every file that a setting names, whatever the setting, and the captures. */
static json_t *input_hashes(const json_t *spec)
{
	json_t *all = json_object(), *v;
	struct stat st;
	const char *name;
	size_t i;

	json_object_foreach(json_object_get(spec, "settings"), name, v)
	{
		const char *value = json_string_value(v);

		if (value && *value == '/' && strcmp(name, "library") != 0 && !stat(value, &st))
			json_object_set_new(all, value, file_hash(value));
	}
	json_array_foreach(json_object_get(spec, "files"), i, v)
	{
		if (json_is_string(v))
			json_object_set_new(all, json_string_value(v), file_hash(json_string_value(v)));
	}
	return all;
}

void key_add(json_t *spec)
{
	json_t *made_of = json_object(), *all;
	static const char *const parts[] = { "settings", "files", "predict_only", "contract", "made_of" };
	char hex[KEY_HEX], *text;
	size_t i;

	json_object_set_new(made_of, "program", program_hash());
	if (!json_is_true(json_object_get(spec, "predict_only")))
		json_object_set_new(made_of, "library", library_hash(json_object_get(spec, "settings")));
	json_object_set_new(made_of, "inputs", input_hashes(spec));
	json_object_set_new(spec, "made_of", made_of);
	all = json_object();
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		json_object_set(all, parts[i], json_object_get(spec, parts[i]));
	text = json_dumps(all, JSON_COMPACT | JSON_SORT_KEYS);
	key_bytes(text, strlen(text), hex);
	json_object_set_new(spec, "key", json_string(hex));
	free(text);
	json_decref(all);
}

const char *key_of(const json_t *spec)
{
	const char *key = json_string_value(json_object_get(spec, "key"));

	return key ? key : "";
}

void key_difference(const json_t *a, const json_t *b, char *text, size_t size)
{
	const json_t *ma = json_object_get(a, "made_of"), *mb = json_object_get(b, "made_of");
	json_t *ia = json_object_get(ma, "inputs"), *ib = json_object_get(mb, "inputs"), *v;
	const char *path;

	*text = 0;
	if (!strcmp(key_of(a), key_of(b)))
		return;
	snprintf(text, size, "the settings");
	json_object_foreach(ia, path, v)
	{
		if (!json_equal(v, json_object_get(ib, path)))
			snprintf(text, size, "%s", path);
	}
	if (!json_equal(json_object_get(ma, "library"), json_object_get(mb, "library")))
		snprintf(text, size, "the RTL library");
	if (!json_equal(json_object_get(ma, "program"), json_object_get(mb, "program")))
		snprintf(text, size, "the program");
}
