/* SPDX-License-Identifier: BSD-2-Clause */
#include "results.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "options.h"
#include "result.h"

#define MAX_DEPTH 8
#define MAX_FILE_BYTES (256 << 20)
#define MAX_NUMBER 1e18
#define LOG_END 4000

/*
 * What a file may hold, as far as it is read here: `*` is any key, or any element of an array. A key that is not there is no
 * error; one of another type is.
 */
struct shape {
	const char *path;
	json_type type; /* JSON_REAL: any number that is not negative; JSON_NULL: any number */
};

static const struct shape suite_shapes[] = {
	{ "suite", JSON_STRING },
	{ "run", JSON_OBJECT },
	{ "run.command", JSON_ARRAY },
	{ "run.command.*", JSON_STRING },
	{ "run.commit", JSON_STRING },
	{ "run.started", JSON_STRING },
	{ "config", JSON_OBJECT },
	{ "axes", JSON_ARRAY },
	{ "axes.*", JSON_OBJECT },
	{ "axes.*.name", JSON_STRING },
	{ "points", JSON_ARRAY },
	{ "points.*", JSON_OBJECT },
	{ "points.*.id", JSON_STRING },
	{ "points.*.settings", JSON_OBJECT },
	{ "points.*.settings.*", JSON_STRING },
	{ "points.*.status", JSON_STRING },
	{ "points.*.error", JSON_STRING },
	{ "rows", JSON_ARRAY },
	{ "rows.*", JSON_OBJECT },
};

static const struct shape result_shapes[] = {
	{ "run", JSON_OBJECT },
	{ "run.command", JSON_ARRAY },
	{ "run.commit", JSON_STRING },
	{ "run.started", JSON_STRING },
	{ "run.tools", JSON_OBJECT },
	{ "run.tools.*", JSON_STRING },
	{ "sim", JSON_OBJECT },
	{ "sim.wall_s", JSON_REAL },
	{ "sim.cycles", JSON_REAL },
	{ "sim.cycles_simulated", JSON_REAL },
	{ "sim.kcycles_per_s", JSON_REAL },
	{ "sim.packets_per_wall_s", JSON_REAL },
	{ "sim.build", JSON_STRING },
	{ "config", JSON_OBJECT },
	{ "config.contract", JSON_STRING },
	{ "config.clock_mhz", JSON_REAL },
	{ "config.wire_gbps", JSON_REAL },
	{ "config.pcie", JSON_STRING },
	{ "config.vfs", JSON_REAL },
	{ "config.seed", JSON_NULL },
	{ "trace", JSON_OBJECT },
	{ "trace.packets", JSON_REAL },
	{ "trace.bytes", JSON_REAL },
	{ "measured", JSON_OBJECT },
	{ "measured.*.mpps", JSON_REAL },
	{ "measured.*.gbps", JSON_REAL },
	{ "measured.*.offered", JSON_REAL },
	{ "measured.*.packets", JSON_REAL },
	{ "measured.*.offered_mpps", JSON_REAL },
	{ "measured.latency_ns", JSON_OBJECT },
	{ "measured.latency_ns.*", JSON_OBJECT },
	{ "measured.latency_ns.*.*", JSON_REAL },
	{ "measured.latency_histogram_ns", JSON_OBJECT },
	{ "measured.latency_histogram_ns.*", JSON_ARRAY },
	{ "measured.drops", JSON_OBJECT },
	{ "measured.drops.*", JSON_REAL },
	{ "measured.stations", JSON_OBJECT },
	{ "measured.stations.*", JSON_OBJECT },
	{ "measured.stations.*.busy", JSON_REAL },
	{ "measured.stations.*.stalled", JSON_OBJECT },
	{ "measured.stations.*.stalled.*", JSON_REAL },
	{ "measured.bottleneck", JSON_STRING },
	{ "measured.bottleneck_busy", JSON_REAL },
	{ "measured.per_vf", JSON_ARRAY },
	{ "predicted", JSON_OBJECT },
	{ "predicted.figures", JSON_OBJECT },
	{ "predicted.figures.*", JSON_NULL },
	{ "predicted.*.mpps", JSON_REAL },
	{ "predicted.*.gbps", JSON_REAL },
	{ "predicted.*.bound_mpps", JSON_REAL },
	{ "predicted.*.bound_wire_mpps", JSON_REAL },
	{ "predicted.*.bound_pcie_mpps", JSON_REAL },
	{ "predicted.*.bound_station", JSON_STRING },
	{ "predicted.latency_ns", JSON_OBJECT },
	{ "predicted.latency_ns.*", JSON_OBJECT },
	{ "predicted.latency_ns.*.*", JSON_REAL },
	{ "predicted.stations", JSON_OBJECT },
	{ "predicted.stations.*", JSON_OBJECT },
	{ "predicted.stations.*.busy", JSON_REAL },
	{ "predicted.bottleneck", JSON_STRING },
	{ "predicted.bottleneck_busy", JSON_REAL },
	{ "check", JSON_OBJECT },
	{ "check.expected", JSON_REAL },
	{ "check.compared", JSON_REAL },
	{ "check.mismatched", JSON_REAL },
	{ "check.lost", JSON_REAL },
	{ "check.first", JSON_STRING },
};

/* A copy that JSON can hold; names of folders need not be UTF-8. */
static char *text_of(const char *name)
{
	json_t *v = result_text(name);
	char *text = strdup(v ? json_string_value(v) : "");

	json_decref(v);
	return text;
}

static char complaint[1024];

const char *results_complaint(void)
{
	return complaint;
}

void results_complain(char **why, const char *fmt, ...)
{
	char text[1024], *at;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	/* a terminal takes orders from what files hold */
	for (at = text; *at; at++)
		if ((unsigned char)*at < ' ')
			*at = '?';
	fprintf(stderr, "cosnic: %s\n", text);
	snprintf(complaint, sizeof(complaint), "%s", text);
	if (why) {
		free(*why);
		*why = text_of(text);
	}
}

json_t *results_at(const json_t *j, const char *path)
{
	const json_t *at = j;
	char key[128];
	size_t n;

	while (at && *path) {
		n = strcspn(path, ".");
		if (n >= sizeof(key))
			return NULL;
		memcpy(key, path, n);
		key[n] = 0;
		at = json_object_get(at, key);
		path += n + (path[n] == '.');
	}
	return (json_t *)at;
}

double results_number(const json_t *j, const char *path)
{
	const json_t *v = results_at(j, path);

	return json_is_number(v) ? json_number_value(v) : NAN;
}

const char *results_text(const json_t *j, const char *path)
{
	const char *s = json_string_value(results_at(j, path));

	return s ? s : "";
}

char *results_name(const json_t *settings)
{
	char *dump = json_dumps(settings, JSON_SORT_KEYS), *text = NULL, *word;
	json_t *sorted = json_loads(dump, 0, NULL), *v;
	const char *key, *gap = "";
	size_t size;
	FILE *f = open_memstream(&text, &size);

	json_object_foreach(sorted, key, v)
	{
		word = json_is_string(v) ? strdup(json_string_value(v))
					 : json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT);
		fprintf(f, "%s%s=%s", gap, key, word);
		gap = " ";
		free(word);
	}
	fclose(f);
	json_decref(sorted);
	free(dump);
	return text;
}

static const char *type_name(json_type type)
{
	switch (type) {
	case JSON_OBJECT:
		return "an object";
	case JSON_ARRAY:
		return "an array";
	case JSON_STRING:
		return "text";
	case JSON_REAL:
		return "a number that is not negative";
	default:
		return "a number";
	}
}

static bool has_type(const json_t *v, json_type type)
{
	if (type != JSON_REAL && type != JSON_NULL)
		return json_typeof(v) == type;
	return json_is_number(v) && fabs(json_number_value(v)) <= MAX_NUMBER &&
	       (type == JSON_NULL || json_number_value(v) >= 0);
}

/* One shape against a tree; `at` is the path so far. */
static bool check_shape(const json_t *j, const char *rest, json_type type, char *at, size_t len,
			const char *file, char **why)
{
	size_t n = strcspn(rest, ".");
	const char *key, *next = rest + n + (rest[n] == '.');
	size_t end, i;
	json_t *v;

	if (!*rest) {
		if (has_type(j, type))
			return true;
		results_complain(why, "%s: %s: must be %s; make it again by the run that wrote it", file, at,
				 type_name(type));
		return false;
	}
	json_array_foreach(rest[0] == '*' ? j : NULL, i, v)
	{
		end = len + (size_t)snprintf(at + len, PATH_MAX - len, "[%zu]", i);
		if (!check_shape(v, next, type, at, end, file, why))
			return false;
		at[len] = 0;
	}
	/* what is neither, a shape of its own says where it matters */
	json_object_foreach((json_t *)j, key, v)
	{
		if (rest[0] != '*' && (strlen(key) != n || strncmp(key, rest, n)))
			continue;
		end = len + (size_t)snprintf(at + len, PATH_MAX - len, "%s%.200s", len ? "." : "", key);
		if (!check_shape(v, next, type, at, end, file, why))
			return false;
		at[len] = 0;
	}
	return true;
}

static bool check_shapes(const json_t *j, const struct shape *shapes, size_t n, const char *file, char **why)
{
	char at[PATH_MAX];
	size_t i;

	for (i = 0; i < n; i++) {
		at[0] = 0;
		if (!check_shape(j, shapes[i].path, shapes[i].type, at, 0, file, why))
			return false;
	}
	return true;
}

/* [[upper, count], ...] with rising bounds. */
static bool check_histogram(const json_t *rows, const char *file, const char *lane, char **why)
{
	double before = -1;
	const json_t *row;
	size_t i;

	json_array_foreach((json_t *)rows, i, row)
	{
		const json_t *upper = json_array_get(row, 0), *count = json_array_get(row, 1);

		if (!upper || !count || !has_type(upper, JSON_REAL) || !has_type(count, JSON_REAL) ||
		    json_number_value(upper) <= before) {
			results_complain(
				why,
				"%s: measured.latency_histogram_ns.%.200s[%zu]: must be [upper_ns, count] with rising "
				"bounds; make it again by the run that wrote it",
				file, lane, i);
			return false;
		}
		before = json_number_value(upper);
	}
	return true;
}

bool results_check(const json_t *j, const char *path, char **why)
{
	const char *lane;
	json_t *rows;
	size_t i;

	if (!check_shapes(j, result_shapes, sizeof(result_shapes) / sizeof(result_shapes[0]), path, why))
		return false;
	json_object_foreach(results_at(j, "measured.latency_histogram_ns"), lane, rows)
	{
		if (!check_histogram(rows, path, lane, why))
			return false;
	}
	json_array_foreach(results_at(j, "measured.per_vf"), i, rows)
	{
		static const char *const keys[] = { "func", "gbps_rx", "gbps_tx" };
		size_t k;

		for (k = 0; k < sizeof(keys) / sizeof(keys[0]); k++) {
			const json_t *v = json_object_get(rows, keys[k]);

			if (v && has_type(v, JSON_REAL))
				continue;
			results_complain(
				why,
				"%s: measured.per_vf[%zu].%s: must be %s; make it again by the run that wrote it",
				path, i, keys[k], type_name(JSON_REAL));
			return false;
		}
	}
	if (json_is_object(json_object_get(j, "config")))
		return true;
	results_complain(why, "%s: config: is missing, so this is no result of cosnic; name another folder",
			 path);
	return false;
}

json_t *results_read(const char *path, char **why)
{
	json_error_t error;
	struct stat st;
	json_t *j;

	if (stat(path, &st)) {
		results_complain(why, "%s: %s; run it again", path, strerror(errno));
		return NULL;
	}
	if (!S_ISREG(st.st_mode)) {
		results_complain(why, "%s: is no regular file, which every result is; name another folder",
				 path);
		return NULL;
	}
	if (st.st_size > MAX_FILE_BYTES) {
		results_complain(why, "%s: %lld MB, which no result has; name another folder", path,
				 (long long)st.st_size >> 20);
		return NULL;
	}
	j = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
	if (!j) {
		results_complain(why, "%s: line %d: %s; run it again", path, error.line, error.text);
	} else if (!json_is_object(j)) {
		results_complain(why, "%s: must be an object; run it again", path);
		json_decref(j);
		j = NULL;
	}
	return j;
}

static struct result_set *add_set(struct results *r, const char *name, const char *dir, json_t *suite)
{
	struct result_set *s;
	struct stat st;

	r->sets = realloc(r->sets, (r->n + 1) * sizeof(*r->sets));
	if (!r->sets)
		abort();
	s = &r->sets[r->n++];
	*s = (struct result_set){ .name = text_of(name), .dir = text_of(dir), .suite = suite };
	if (!stat(dir, &st)) {
		s->dev = st.st_dev;
		s->ino = st.st_ino;
	}
	return s;
}

static struct result_point *add_point(struct result_set *s, const char *id, json_t *settings)
{
	struct result_point *p;

	s->points = realloc(s->points, (s->n + 1) * sizeof(*s->points));
	if (!s->points)
		abort();
	p = &s->points[s->n++];
	*p = (struct result_point){ .id = strdup(id), .settings = json_incref(settings), .status = "ok" };
	return p;
}

static void read_point(struct results *r, struct result_point *p, const char *path)
{
	p->result = results_read(path, &p->error);
	if (p->result && !results_check(p->result, path, &p->error)) {
		json_decref(p->result);
		p->result = NULL;
	}
	if (p->result)
		return;
	p->status = "unreadable";
	r->unreadable++;
}

/* An id names a folder: nothing that leads out of it. */
static bool plain_name(const char *id)
{
	return id && *id && *id != '.' &&
	       strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == strlen(id);
}

/* Whether suite.json is one; false after one line on stderr. */
static bool check_suite(const json_t *suite, const char *path)
{
	static const char *const needed[] = { "suite", "points" };
	const json_t *p;
	size_t i;

	if (!check_shapes(suite, suite_shapes, sizeof(suite_shapes) / sizeof(suite_shapes[0]), path, NULL))
		return false;
	for (i = 0; i < 2; i++) {
		if (json_object_get(suite, needed[i]))
			continue;
		results_complain(NULL, "%s: %s: is missing; run the suite again", path, needed[i]);
		return false;
	}
	json_array_foreach(json_object_get(suite, "points"), i, p)
	{
		if (plain_name(json_string_value(json_object_get(p, "id"))) && json_object_get(p, "settings"))
			continue;
		results_complain(
			NULL,
			"%s: points[%zu]: must have a plain name as id, and settings; run the suite again",
			path, i);
		return false;
	}
	return true;
}

/* The end of a log, as text that JSON can hold; NULL: there is none. */
static char *log_end(const char *path)
{
	char buf[LOG_END + 1], *text = NULL;
	FILE *f = fopen(path, "r");
	size_t n;

	if (!f)
		return NULL;
	if (fseek(f, -LOG_END, SEEK_END))
		rewind(f);
	n = fread(buf, 1, LOG_END, f);
	fclose(f);
	buf[n] = 0;
	if (*buf)
		text = text_of(buf);
	return text;
}

static int add_suite(struct results *r, const char *dir, const char *path)
{
	json_t *suite = results_read(path, NULL), *p;
	struct result_set *set;
	size_t i;

	if (!suite || !check_suite(suite, path)) {
		json_decref(suite);
		r->unreadable++;
		return EXIT_OK;
	}
	set = add_set(r, results_text(suite, "suite"), dir, suite);
	json_array_foreach(json_object_get(suite, "points"), i, p)
	{
		struct result_point *point =
			add_point(set, results_text(p, "id"), json_object_get(p, "settings"));
		const char *status = results_text(p, "status"), *error = results_text(p, "error");
		char file[PATH_MAX];

		if (*error && strcmp(status, "ok") != 0)
			point->error = strdup(error);
		if (!strcmp(status, "failed") || !strcmp(status, "missing")) {
			point->status = *status == 'f' ? "failed" : "missing";
			if (snprintf(file, sizeof(file), "%s/points/%s/log.txt", dir, point->id) <
			    (int)sizeof(file))
				point->log = log_end(file);
			continue;
		}
		if (snprintf(file, sizeof(file), "%s/points/%s/result.json", dir, point->id) >=
		    (int)sizeof(file))
			return EXIT_INPUT;
		read_point(r, point, file);
	}
	return EXIT_OK;
}

/* The last line of a log, without the program's name. */
static char *last_line(const char *log)
{
	size_t n = strlen(log), from;

	while (n && log[n - 1] == '\n')
		n--;
	for (from = n; from && log[from - 1] != '\n';)
		from--;
	if (!strncmp(log + from, "cosnic: ", 8))
		from += 8;
	return strndup(log + from, n > from ? n - from : 0);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static bool is_dir(const char *path)
{
	struct stat st;

	/* not through symbolic links: they may lead back up */
	return !lstat(path, &st) && S_ISDIR(st.st_mode);
}

static struct result_point *add_lone(struct results *r, const char *top, const char *dir)
{
	const char *name = dir + strlen(top), *leaf = strrchr(top, '/');
	struct result_set *set = add_set(r, *name ? name + 1 : leaf ? leaf + 1 : top, dir, NULL);
	json_t *none = json_object();
	struct result_point *p = add_point(set, set->name, none);

	json_decref(none);
	return p;
}

/* A run that left nothing but what it said. */
static bool add_failed(struct results *r, const char *top, const char *dir, const char *path)
{
	char *log = log_end(path);
	struct result_point *p = log ? add_lone(r, top, dir) : NULL;

	if (!p)
		return false;
	p->status = "failed";
	p->error = last_line(log);
	p->log = log;
	return true;
}

/* Whether a folder was there already, by another name or below another. */
static bool seen(const struct results *r, const struct stat *st)
{
	size_t i;

	if (r->apart && seen(r->apart, st))
		return true;
	for (i = 0; i < r->n; i++)
		if (r->sets[i].dev == st->st_dev && r->sets[i].ino == st->st_ino)
			return true;
	return false;
}

static int walk(struct results *r, const char *top, const char *dir, int depth)
{
	struct dirent **entries;
	char path[PATH_MAX];
	struct stat st;
	int n, i, ret = EXIT_OK;

	if (!stat(dir, &st) && seen(r, &st)) {
		r->again++;
		return EXIT_OK;
	}
	snprintf(path, sizeof(path), "%s/suite.json", dir);
	if (!stat(path, &st))
		return add_suite(r, dir, path);
	snprintf(path, sizeof(path), "%s/result.json", dir);
	if (!stat(path, &st)) {
		read_point(r, add_lone(r, top, dir), path);
		return EXIT_OK;
	}
	snprintf(path, sizeof(path), "%s/log.txt", dir);
	if (depth && !stat(path, &st) && add_failed(r, top, dir, path))
		return EXIT_OK;
	n = depth < MAX_DEPTH ? scandir(dir, &entries, NULL, by_name) : 0;
	if (n < 0) {
		results_complain(NULL, "%s: %s; name a folder with results", dir, strerror(errno));
		/* the rest of the results is none the worse for one folder that cannot be looked into */
		r->unreadable += depth > 0;
		return depth ? EXIT_OK : EXIT_INPUT;
	}
	for (i = 0; i < n; i++) {
		if (!ret && entries[i]->d_name[0] != '.' &&
		    snprintf(path, sizeof(path), "%s/%s", dir, entries[i]->d_name) < (int)sizeof(path) &&
		    is_dir(path))
			ret = walk(r, top, path, depth + 1);
		free(entries[i]);
	}
	if (n > 0 || depth < MAX_DEPTH)
		free(entries);
	return ret;
}

int results_add(struct results *r, const char *dir)
{
	char top[PATH_MAX];
	size_t n, before = r->n;
	unsigned int unreadable = r->unreadable, again = r->again;
	int ret;

	n = (size_t)snprintf(top, sizeof(top), "%s", dir);
	if (n >= sizeof(top)) {
		results_complain(NULL, "%.100s...: %s; name a folder with results", dir,
				 strerror(ENAMETOOLONG));
		return EXIT_INPUT;
	}
	while (n > 1 && top[n - 1] == '/')
		top[--n] = 0;
	ret = walk(r, top, top, 0);
	if (!ret && r->n == before && r->unreadable == unreadable && r->again == again) {
		results_complain(
			NULL,
			"%s: no suite.json or result.json in it or below; run cosnic bench or replay first",
			dir);
		ret = EXIT_INPUT;
	}
	return ret;
}

void results_free(struct results *r)
{
	size_t i, k;

	for (i = 0; i < r->n; i++) {
		struct result_set *s = &r->sets[i];

		for (k = 0; k < s->n; k++) {
			free(s->points[k].id);
			free(s->points[k].error);
			free(s->points[k].log);
			json_decref(s->points[k].settings);
			json_decref(s->points[k].result);
		}
		free(s->points);
		free(s->name);
		free(s->dir);
		json_decref(s->suite);
	}
	free(r->sets);
	memset(r, 0, sizeof(*r));
}
