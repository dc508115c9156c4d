/* SPDX-License-Identifier: BSD-2-Clause */
#include "point.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "advice.h"
#include "cosnic.h"
#include "files.h"
#include "key.h"
#include "settings.h"

#define RUN_FOLDER                                                                                           \
	"run." /* and a name of its own: of a job that was thought dead, another may still be at work */

const char *point_path(char *buf, size_t size, const char *dir, const char *id, const char *name)
{
	/* a path that is too long names no file, rather than another */
	if (snprintf(buf, size, "%s/points/%s%s%s", dir, id, *name ? "/" : "", name) >= (int)size)
		*buf = 0;
	return buf;
}

void point_say(const char *dir, const char *id, const char *fmt, ...)
{
	char path[PATH_MAX];
	FILE *log = fopen(point_path(path, sizeof(path), dir, id, "log.txt"), "a");
	va_list ap;

	if (!log)
		return;
	va_start(ap, fmt);
	vfprintf(log, fmt, ap);
	va_end(ap);
	fputc('\n', log);
	fclose(log);
}

static json_t *load(const char *dir, const char *id, const char *name)
{
	char path[PATH_MAX];

	return json_load_file(point_path(path, sizeof(path), dir, id, name), 0, NULL);
}

static int store(const char *dir, const char *id, const json_t *point)
{
	char path[PATH_MAX], new[PATH_MAX];

	point_path(path, sizeof(path), dir, id, "point.json");
	point_path(new, sizeof(new), dir, id, "point.new");
	if (json_dump_file(point, new, JSON_INDENT(2)) || rename(new, path))
		return errno ? -errno : -EIO;
	return 0;
}

static void forget(const char *dir, const char *id, const char *name)
{
	char path[PATH_MAX];

	unlink(point_path(path, sizeof(path), dir, id, name));
}

static unsigned int attempts_of(const json_t *point)
{
	return (unsigned int)json_integer_value(json_object_get(point, "attempts"));
}

/* result.json, if its bytes are those of which point.json has the hash. */
static json_t *whole_result(const char *dir, const char *id, const json_t *point)
{
	const char *want = json_string_value(json_object_get(point, "result"));
	char path[PATH_MAX], hex[KEY_HEX] = "", *bytes;
	json_t *result = NULL;
	size_t n;

	bytes = want ? files_read(point_path(path, sizeof(path), dir, id, "result.json"), &n) : NULL;
	if (!bytes)
		return NULL;
	key_bytes(bytes, n, hex);
	if (!strcmp(hex, want))
		result = json_loadb(bytes, n, 0, NULL);
	free(bytes);
	return result;
}

json_t *point_result(const char *dir, const char *id, const char *key)
{
	json_t *point = load(dir, id, "point.json");
	json_t *result = strcmp(key_of(point), key) ? NULL : whole_result(dir, id, point);

	json_decref(point);
	return result;
}

/* What runs that were killed have left. */
static void clear_runs(const char *dir, const char *id)
{
	char path[PATH_MAX];
	struct dirent *e;
	DIR *d = opendir(point_path(path, sizeof(path), dir, id, ""));

	while (d && (e = readdir(d)))
		if (!strncmp(e->d_name, RUN_FOLDER, strlen(RUN_FOLDER)))
			files_remove(point_path(path, sizeof(path), dir, id, e->d_name));
	if (d)
		closedir(d);
}

/* A result of the cache in the place of a run. */
static bool take(const char *dir, const char *id, json_t *point, const struct cache *cache)
{
	char path[PATH_MAX], hex[KEY_HEX];
	struct cached c;
	bool taken;

	if (!cache_get(cache, key_of(point), &c))
		return false;
	key_bytes(c.result, strlen(c.result), hex);
	json_object_set_new(point, "attempts", json_integer(1));
	json_object_set_new(point, "result", json_string(hex));
	taken = !files_write(point_path(path, sizeof(path), dir, id, "result.txt"), c.table) &&
		!files_write(point_path(path, sizeof(path), dir, id, "result.json"), c.result) &&
		!store(dir, id, point);
	cache_free(&c);
	return taken;
}

int point_prepare(const char *dir, const char *id, const json_t *spec, bool fresh, const struct cache *cache)
{
	char path[PATH_MAX], error[256];
	unsigned int attempts;
	json_t *point;
	int ret = 0;

	clear_runs(dir, id);
	if (!fresh && point_status(dir, id, key_of(spec), error, sizeof(error), &attempts) == POINT_OK)
		return 0;
	if (mkdir(point_path(path, sizeof(path), dir, id, ""), 0777) && errno != EEXIST)
		return -errno;
	forget(dir, id, "result.json");
	forget(dir, id, "result.txt");
	forget(dir, id, "log.txt");
	point = json_deep_copy(spec);
	if (fresh || !take(dir, id, point, cache)) {
		json_object_set_new(point, "attempts", json_integer(0));
		json_object_del(point, "result");
		ret = store(dir, id, point);
	}
	json_decref(point);
	return ret;
}

/* A relative path of the environment means another file from the point's folder. */
static void absolute_libraries(void)
{
	const char *dir = getenv("COSNIC_LIB");
	char path[PATH_MAX];

	if (dir && realpath(dir, path))
		setenv("COSNIC_LIB", path, 1);
}

/* In the run's folder: result.json names no path that the place of the suite would change. */
static int run_here(const json_t *point)
{
	static struct settings s;
	bool predict = json_is_true(json_object_get(point, "predict_only"));
	int ret = settings_resolve(&s, json_object_get(point, "settings"), json_object_get(point, "files"),
				   predict);

	if (!ret && s.made)
		ret = cmd_gen(&s.gen);
	if (!ret) {
		cosnic_argv = s.run_argv;
		cosnic_argc = s.run_argc;
		ret = predict ? cmd_predict(&s.run) : cmd_replay(&s.run);
	}
	return ret;
}

/* Whether a point is made of what it was made of before; else says what is not. */
static bool same_as_before(const json_t *point, const json_t *now, const char *when)
{
	char what[512];

	key_difference(point, now, what, sizeof(what));
	if (*what)
		fprintf(stderr, "cosnic: bench: %s changed %s: run the suite again\n", what, when);
	return !*what;
}

/* Gives the files of a run their names. point.json is last: with the hash in it the result is one. */
static int publish(const char *dir, const char *id, const char *run, json_t *point)
{
	static const char *const names[] = { "result.txt", "result.json" };
	char from[PATH_MAX + 16], path[PATH_MAX], hex[KEY_HEX], *bytes;
	size_t i, n;

	snprintf(from, sizeof(from), "%s/result.json", run);
	bytes = files_read(from, &n);
	if (!bytes)
		return errno == ENOENT ? 0 : -errno; /* none was written, and why has been said */
	key_bytes(bytes, n, hex);
	free(bytes);
	for (i = 0; i < 2; i++) {
		snprintf(from, sizeof(from), "%s/%s", run, names[i]);
		if (rename(from, point_path(path, sizeof(path), dir, id, names[i])))
			return -errno;
	}
	json_object_set_new(point, "result", json_string(hex));
	return store(dir, id, point);
}

/* The specification of a point.json, with the key of what it is made of now. */
static json_t *made_now(const json_t *point)
{
	json_t *now = json_deep_copy(point);

	key_add(now);
	return now;
}

static int run_in(const char *dir, const char *id, const char *run, json_t *point)
{
	json_t *now;
	int ret, err = 0;

	if (chdir(run)) {
		fprintf(stderr, "cosnic: bench: %s: %s\n", run, strerror(errno));
		return EXIT_INPUT;
	}
	ret = run_here(point);
	now = made_now(point);
	if (!same_as_before(point, now, "while the point ran"))
		ret = ret ? ret : EXIT_CHECK;
	else if (!cosnic_interrupted)
		err = publish(dir, id, run, point);
	json_decref(now);
	if (!err)
		return ret;
	fprintf(stderr, "cosnic: bench: %s/points/%s: %s; %s another --out\n", dir, id, strerror(-err),
		advice_write(-err));
	return EXIT_INPUT;
}

/* What is to be run, as of now; NULL after one line on stderr. */
static json_t *begin(const char *dir, const char *id, const char *key)
{
	json_t *point = load(dir, id, "point.json"), *now;
	char path[PATH_MAX];

	if (!json_is_object(point)) {
		json_decref(point);
		fprintf(stderr,
			"cosnic: bench: %s/point.json: none that can be read; a suite with this folder writes it\n",
			point_path(path, sizeof(path), dir, id, ""));
		return NULL;
	}
	now = made_now(point);
	if (key && (strcmp(key_of(point), key) || !same_as_before(point, now, "since the suite began"))) {
		if (strcmp(key_of(point), key))
			fputs("cosnic: bench: another suite has this folder by now\n", stderr);
		json_decref(point);
		json_decref(now);
		return NULL;
	}
	json_object_set_new(now, "attempts", json_integer(attempts_of(point) + 1));
	json_object_del(now, "result");
	json_decref(point);
	return now;
}

int point_run(const char *dir, const char *id, const char *key)
{
	char whole[PATH_MAX], run[PATH_MAX];
	json_t *point;
	int ret;

	absolute_libraries();
	point = begin(dir, id, key);
	if (!point)
		return EXIT_INPUT;
	forget(dir, id, "result.json");
	ret = store(dir, id, point);
	if (!ret && !realpath(dir, whole))
		ret = -errno;
	if (!ret && !mkdtemp((char *)point_path(run, sizeof(run), whole, id, RUN_FOLDER "XXXXXX")))
		ret = -errno;
	if (ret) {
		fprintf(stderr, "cosnic: bench: %s/points/%s: %s\n", dir, id, strerror(-ret));
		ret = EXIT_INPUT;
	} else {
		ret = run_in(whole, id, run, point);
		files_remove(run);
	}
	json_decref(point);
	return ret;
}

/* The last line of the log. */
static void last_words(const char *dir, const char *id, char *line, size_t size)
{
	char path[PATH_MAX], buf[512];
	FILE *log = fopen(point_path(path, sizeof(path), dir, id, "log.txt"), "r");

	snprintf(line, size, "it ended without a result");
	while (log && fgets(buf, sizeof(buf), log)) {
		buf[strcspn(buf, "\n")] = 0;
		if (*buf)
			snprintf(line, size, "%s", !strncmp(buf, "cosnic: ", 8) ? buf + 8 : buf);
	}
	if (log)
		fclose(log);
}

enum point_status point_status(const char *dir, const char *id, const char *key, char *error, size_t size,
			       unsigned int *attempts)
{
	json_t *point = load(dir, id, "point.json");
	json_t *result = strcmp(key_of(point), key) ? NULL : whole_result(dir, id, point);
	const json_t *check = json_object_get(result, "check");
	bool whole = json_object_get(result, "predicted") != NULL;
	enum point_status status;

	*attempts = attempts_of(point);
	*error = 0;
	if (!json_is_true(json_object_get(point, "predict_only")))
		whole = whole && json_is_true(json_object_get(check, "passed")) &&
			!json_is_true(json_object_get(check, "partial"));
	status = whole ? POINT_OK : *attempts ? POINT_FAILED : POINT_MISSING;
	if (status == POINT_FAILED)
		last_words(dir, id, error, size);
	json_decref(point);
	json_decref(result);
	return status;
}
