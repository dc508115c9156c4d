/* SPDX-License-Identifier: BSD-2-Clause */
#include "point.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cosnic.h"
#include "settings.h"

const char *point_path(char *buf, size_t size, const char *dir, const char *id, const char *name)
{
	snprintf(buf, size, "%s/points/%s%s%s", dir, id, *name ? "/" : "", name);
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

json_t *point_result(const char *dir, const char *id)
{
	return load(dir, id, "result.json");
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

int point_prepare(const char *dir, const char *id, const json_t *spec, bool fresh)
{
	json_t *old = load(dir, id, "point.json"), *point;
	char path[PATH_MAX], error[256];
	unsigned int attempts;
	bool keep = false;
	int ret;

	if (old && !fresh) {
		json_object_del(old, "attempts");
		keep = json_equal(old, spec) &&
		       point_status(dir, id, error, sizeof(error), &attempts) == POINT_OK;
	}
	json_decref(old);
	if (keep)
		return 0;
	if (mkdir(point_path(path, sizeof(path), dir, id, ""), 0777) && errno != EEXIST)
		return -errno;
	forget(dir, id, "result.json");
	forget(dir, id, "log.txt");
	point = json_deep_copy(spec);
	json_object_set_new(point, "attempts", json_integer(0));
	ret = store(dir, id, point);
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

/* In the point's folder: result.json names no path that the place of the suite would change. */
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
	if (s.made && s.gen.gen_path)
		unlink(s.gen.gen_path);
	return ret;
}

int point_run(const char *dir, const char *id)
{
	json_t *point = load(dir, id, "point.json");
	char path[PATH_MAX];
	int ret;

	point_path(path, sizeof(path), dir, id, "");
	if (!json_is_object(point)) {
		json_decref(point);
		fprintf(stderr,
			"cosnic: bench: %s/point.json: none that can be read; a suite with this folder writes it\n",
			path);
		return EXIT_INPUT;
	}
	forget(dir, id, "result.json");
	json_object_set_new(point, "attempts", json_integer(attempts_of(point) + 1));
	ret = store(dir, id, point);
	absolute_libraries();
	if (!ret && chdir(path))
		ret = -errno;
	if (ret) {
		fprintf(stderr, "cosnic: bench: %s: %s\n", path, strerror(-ret));
		ret = EXIT_INPUT;
	} else {
		ret = run_here(point);
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

enum point_status point_status(const char *dir, const char *id, char *error, size_t size,
			       unsigned int *attempts)
{
	json_t *point = load(dir, id, "point.json"), *result = point_result(dir, id);
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
