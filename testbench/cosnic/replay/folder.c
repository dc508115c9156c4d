/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include "folder.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <jansson.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "advice.h"
#include "cosnic.h"
#include "printable.h"
#include "progress.h"
#include "result.h"
#include "traffic.h"

#define MAX_FILES 10000u /* below folders: more is a mistake, such as / */
#define WIDE 44		 /* of the column of names */

/* What came of a file. */
struct file {
	char *path, *dir;
	json_t *result; /* NULL: none */
	int status;	/* exit status, -1: it crashed */
	char why[256];	/* what was said when there is no result */
};

struct list {
	struct file *file;
	size_t n, room;
	bool no_memory;
};

static struct list found; /* nftw() has no argument for it */

static void add(struct list *l, const char *path)
{
	struct file *more;

	if (l->n == l->room) {
		more = realloc(l->file, (l->room ? 2 * l->room : 64) * sizeof(*more));
		if (!more) {
			l->no_memory = true;
			return;
		}
		l->file = more;
		l->room = l->room ? 2 * l->room : 64;
	}
	l->file[l->n] = (struct file){ .path = strdup(path) };
	l->no_memory |= !l->file[l->n].path;
	l->n += !l->no_memory;
}

static int visit(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)ftw;
	if (flag == FTW_F && S_ISREG(st->st_mode))
		add(&found, path);
	return cosnic_interrupted || found.n > MAX_FILES;
}

static bool is_folder(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISDIR(st.st_mode);
}

bool folder_given(const struct options *o)
{
	int i;

	for (i = 0; i < o->n_files; i++)
		if (is_folder(o->files[i]))
			return true;
	return false;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct file *)a)->path, ((const struct file *)b)->path);
}

/* The files as they are named, those of a folder by their names. */
static void collect(const struct options *o)
{
	size_t from;
	int i;

	for (i = 0; i < o->n_files; i++) {
		from = found.n;
		if (!is_folder(o->files[i])) {
			add(&found, o->files[i]);
			continue;
		}
		nftw(o->files[i], visit, 16, FTW_PHYS);
		qsort(found.file + from, found.n - from, sizeof(*found.file), by_path);
	}
}

/* The first line of what a run said, without "cosnic: " and the name of the file. */
static void first_line(struct file *f)
{
	char path[640], name[512], line[1024] = "", *at = line;
	FILE *log;

	snprintf(path, sizeof(path), "%s/log.txt", f->dir);
	log = fopen(path, "r");
	if (log) {
		if (!fgets(line, sizeof(line), log))
			line[0] = 0;
		fclose(log);
	}
	if (!strncmp(at, "cosnic: ", 8))
		at += 8;
	printable(name, sizeof(name), f->path);
	if (!strncmp(at, name, strlen(name)) && at[strlen(name)] == ':')
		at += strlen(name) + 2;
	at[strcspn(at, "\n")] = 0;
	snprintf(f->why, sizeof(f->why), "%.255s", at);
}

static void child(const struct options *o, const struct file *f, int (*run)(const struct options *o),
		  pid_t parent)
{
	struct options one = *o;
	char path[640];
	int log, none, ret;

	/* It dies with its parent; one that has died already is not seen by prctl(). */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
		_exit(EXIT_INPUT);
	snprintf(path, sizeof(path), "%s/log.txt", f->dir);
	log = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	none = open("/dev/null", O_WRONLY); /* the table is in result.txt */
	if (log < 0 || none < 0 || dup2(none, STDOUT_FILENO) < 0 || dup2(log, STDERR_FILENO) < 0)
		_exit(EXIT_INPUT);
	one.files = (char **)&f->path;
	one.n_files = 1;
	one.out_dir = f->dir;
	one.json = false;
	one.quiet = false;
	ret = run(&one);
	fflush(NULL);
	_exit(ret);
}

/* A crash takes one file with it, and not the run. */
static void run_one(const struct options *o, struct file *f, size_t number,
		    int (*run)(const struct options *o))
{
	const char *leaf = strrchr(f->path, '/') ? strrchr(f->path, '/') + 1 : f->path;
	const pid_t parent = getpid();
	char path[640];
	int status = 0;
	pid_t pid;

	if (asprintf(&f->dir, "%s/%04zu-%.60s", o->out_dir, number, leaf) < 0) {
		f->dir = NULL;
		f->status = -1;
		return;
	}
	snprintf(path, sizeof(path), "%s/result.json", f->dir);
	unlink(path);
	if (result_folder(f->dir)) {
		f->status = EXIT_INPUT;
		snprintf(f->why, sizeof(f->why), "%s cannot be made", f->dir);
		return;
	}
	fflush(NULL);
	pid = fork();
	if (!pid)
		child(o, f, run, parent);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	f->status = pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	f->result = json_load_file(path, 0, NULL);
	first_line(f);
	if (f->status < 0 && !f->why[0])
		snprintf(f->why, sizeof(f->why), "the run ended by signal %d",
			 WIFSIGNALED(status) ? WTERMSIG(status) : 0);
}

static const json_t *at(const json_t *j, const char *a, const char *b)
{
	return json_object_get(json_object_get(j, a), b);
}

static double number(const json_t *j, const char *key)
{
	const json_t *v = json_object_get(j, key);

	return json_is_number(v) ? json_number_value(v) : NAN;
}

static const char *verdict(const struct file *f)
{
	if (!f->result)
		return f->status < 0 ? "CRASHED" : "not replayed";
	if (json_is_true(at(f->result, "check", "partial")))
		return "partial";
	return f->status == EXIT_OK ? "passed" : "FAILED";
}

/* "link_type 3, cut_by_snaplen 1" */
static void list_counts(const json_t *counts, char *text, size_t size)
{
	const char *key;
	json_t *v;
	size_t n = 0;

	text[0] = 0;
	json_object_foreach((json_t *)counts, key, v)
	{
		if (n < size)
			n += (size_t)snprintf(text + n, size - n, "%s%s %lld", n ? ", " : "", key,
					      (long long)json_integer_value(v));
	}
}

static void rate(FILE *out, double v)
{
	if (v > 0)
		fprintf(out, " %9.2f", v);
	else
		fprintf(out, " %9s", "-");
}

/* A line for each direction; the first has what is of the file. */
static void row(const struct file *f, const char *name, FILE *out)
{
	const json_t *trace = json_object_get(f->result, "trace"),
		     *measured = json_object_get(f->result, "measured");
	char skipped[200], drops[200], what[480] = "", clean[480];
	bool first = true;
	unsigned int d;

	list_counts(json_object_get(trace, "skipped"), skipped, sizeof(skipped));
	list_counts(json_object_get(measured, "drops"), drops, sizeof(drops));
	snprintf(what, sizeof(what), "%s%s%s%s", skipped[0] ? "skipped " : "", skipped,
		 skipped[0] && drops[0] ? "; " : "", drops);
	if (json_is_string(at(f->result, "check", "first")))
		snprintf(what, sizeof(what), "%.400s", json_string_value(at(f->result, "check", "first")));
	else if (!f->result || f->status != EXIT_OK)
		snprintf(what, sizeof(what), "%s", f->why);
	printable(clean, sizeof(clean), what);
	for (d = 0; d < N_LANE; d++) {
		const json_t *m = json_object_get(measured, lane_names[d]);
		const json_t *error = at(f->result, "error_pct", lane_names[d]);

		if (!m)
			continue;
		fprintf(out, "%-*s %9.0f %-6s", WIDE, first ? name : "",
			first ? number(trace, "packets") : number(m, "offered"), lane_names[d]);
		rate(out, number(at(f->result, "predicted", lane_names[d]), "mpps"));
		if (json_is_true(json_object_get(m, "too_short")))
			fprintf(out, " %9s", "too short");
		else
			rate(out, number(m, "mpps"));
		if (error)
			fprintf(out, " %+7.2f", number(error, "mpps"));
		else
			fprintf(out, " %7s", "-");
		if (first)
			fprintf(out, " %9.0f  %-12s %s", number(json_object_get(f->result, "check"), "lost"),
				verdict(f), clean);
		fputc('\n', out);
		first = false;
	}
	if (first)
		fprintf(out, "%-*s %9s %-6s %9s %9s %7s %9s  %-12s %s\n", WIDE, name, "-", "-", "-", "-", "-",
			"-", verdict(f), clean);
}

/* The end of a name says more than its beginning. */
static void short_name(const char *path, char *text, size_t size)
{
	char clean[1024];
	size_t n;

	printable(clean, sizeof(clean), path);
	n = strlen(clean);
	if (n <= WIDE)
		snprintf(text, size, "%s", clean);
	else
		snprintf(text, size, "...%s", clean + n - WIDE + 3);
}

static void sum(FILE *out)
{
	size_t i, passed = 0, failed = 0, without = 0, rates = 0;
	double worst = 0, frames = 0, lost = 0, v;
	const char *worst_file = "";
	char name[WIDE + 4];
	unsigned int d;

	for (i = 0; i < found.n; i++) {
		const struct file *f = &found.file[i];

		passed += f->result && f->status == EXIT_OK;
		failed += f->status == EXIT_CHECK || f->status < 0;
		without += !f->result && f->status != EXIT_CHECK && f->status >= 0;
		if (!f->result)
			continue;
		frames += number(json_object_get(f->result, "trace"), "packets");
		lost += number(json_object_get(f->result, "check"), "lost");
		for (d = 0; d < N_LANE; d++) {
			v = number(at(f->result, "error_pct", lane_names[d]), "mpps");
			rates += !isnan(v);
			if (fabs(v) > fabs(worst)) {
				worst = v;
				worst_file = f->path;
			}
		}
	}
	fprintf(out, "\n%zu files, %.0f frames: %zu passed, %zu FAILED, %zu not replayed; %.0f copies lost",
		found.n, frames, passed, failed, without, lost);
	if (rates) {
		short_name(worst_file, name, sizeof(name));
		fprintf(out, "; of %zu rates the worst is predicted %+.2f %% off (%s)", rates, worst, name);
	}
	fputc('\n', out);
}

static void table(FILE *out)
{
	char name[WIDE + 4];
	size_t i;

	fprintf(out, "%-*s %9s %-6s %9s %9s %7s %9s\n", WIDE, "", "", "", "predicted", "measured", "error",
		"");
	fprintf(out, "%-*s %9s %-6s %9s %9s %7s %9s  %-12s %s\n", WIDE, "file", "frames", "", "Mpps", "Mpps",
		"%", "lost", "verdict", "skipped, dropped, why");
	for (i = 0; i < found.n; i++) {
		short_name(found.file[i].path, name, sizeof(name));
		row(&found.file[i], name, out);
	}
	sum(out);
}

static int write_table(const struct options *o)
{
	char path[640];
	FILE *f;
	int ret;

	snprintf(path, sizeof(path), "%s/files.txt", o->out_dir);
	f = fopen(path, "w");
	if (f) {
		table(f);
		ret = ferror(f);
		if (!fclose(f) && !ret)
			return EXIT_OK;
	}
	fprintf(stderr, "cosnic: %s: %s; %s another --out\n", path, strerror(errno ? errno : ENOSPC),
		advice_write(errno ? errno : ENOSPC));
	return EXIT_INPUT;
}

static int worst_status(void)
{
	bool any = false;
	size_t i;

	for (i = 0; i < found.n; i++) {
		if (found.file[i].status == EXIT_CHECK || found.file[i].status < 0)
			return EXIT_CHECK;
		any |= found.file[i].status == EXIT_OK;
	}
	return any ? EXIT_OK : EXIT_INPUT;
}

int folder_run(const struct options *o, int (*run)(const struct options *o))
{
	struct progress progress;
	size_t i;
	int ret;

	if (result_prepare(o))
		return EXIT_INPUT;
	collect(o);
	if (found.n > MAX_FILES) {
		fprintf(stderr,
			"cosnic: %s: more than %u files: check the path, or give folders that hold captures\n",
			o->files[0], MAX_FILES);
		return EXIT_INPUT;
	}
	if (found.no_memory || !found.n) {
		fprintf(stderr, "cosnic: %s: %s\n", o->files[0],
			found.no_memory ? "out of memory" : "no file in the folder; give one with captures");
		return EXIT_INPUT;
	}
	progress_start(&progress, "files", found.n, o->quiet);
	for (i = 0; i < found.n && !cosnic_interrupted; i++) {
		run_one(o, &found.file[i], i + 1, run);
		progress_at(&progress, i + 1);
	}
	progress_end(&progress);
	if (cosnic_interrupted)
		fprintf(stderr, "cosnic: interrupted after %zu of %zu files\n", i, found.n);
	found.n = i;
	ret = write_table(o);
	if (!o->quiet) {
		table(stdout);
		printf("results %s/files.txt, and a folder for each file\n", o->out_dir);
	}
	ret = ret ? ret : cosnic_interrupted ? EXIT_CHECK : worst_status();
	for (i = 0; i < found.n; i++) {
		json_decref(found.file[i].result);
		free(found.file[i].path);
		free(found.file[i].dir);
	}
	free(found.file);
	found = (struct list){ 0 };
	return ret;
}
