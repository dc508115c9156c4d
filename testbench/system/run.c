/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include "run.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LIMIT_S 60
#define REFUSED_S 10
#define MAX_ARGS 1024

static char folder[] = "/tmp/cosnic-test-XXXXXX";
static char program[PATH_MAX], libraries[PATH_MAX];

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static void clean_up(void)
{
	nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void prepare(void)
{
	const char *path = getenv("COSNIC");

	if (program[0])
		return;
	if (!realpath(path ? path : "build/cosnic", program) || !mkdtemp(folder)) {
		fprintf(stderr, "%s: %s; build it with 'make all', or name it in $COSNIC\n",
			path ? path : "build/cosnic", strerror(errno));
		exit(1);
	}
	atexit(clean_up);
	/* $COSNIC_LIB is where the program itself looks; from another folder it must be absolute */
	path = getenv("COSNIC_LIB");
	if (!path || !realpath(path, libraries)) {
		strcpy(libraries, program);
		*strrchr(libraries, '/') = 0;
	}
	setenv("COSNIC_LIB", libraries, 1);
}

const char *build_dir(void)
{
	prepare();
	return libraries;
}

const char *in_tmp(const char *name)
{
	static char path[4][PATH_MAX];
	static unsigned int next;
	char *p = path[next++ % 4];

	prepare();
	snprintf(p, PATH_MAX, "%s/%s", folder, name);
	return p;
}

static char *slurp(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = NULL;
	size_t room = 0;

	if (!f || getdelim(&text, &room, 0, f) < 0) {
		free(text);
		text = strdup("");
	}
	if (f)
		fclose(f);
	return text;
}

static double now_s(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec * 1e-9;
}

static void child(char **argv)
{
	int out = open(in_tmp("stdout"), O_WRONLY | O_CREAT | O_TRUNC, 0666);
	int err = open(in_tmp("stderr"), O_WRONLY | O_CREAT | O_TRUNC, 0666);

	setpgid(0, 0);
	if (chdir(folder) || dup2(out, 1) < 0 || dup2(err, 2) < 0)
		_exit(126);
	execv(program, argv);
	_exit(127);
}

/* What a group of processes has used of the CPU by now, and whether it only waits. */
static double group_cpu_s(pid_t group, bool *asleep)
{
	DIR *proc = opendir("/proc");
	unsigned long user, system;
	double ticks = 0;
	struct dirent *e;
	char path[64], line[512], state;
	long reaped_user, reaped_system;
	int pgrp;
	FILE *f;

	*asleep = true;
	while (proc && (e = readdir(proc))) {
		if (*e->d_name < '1' || *e->d_name > '9')
			continue;
		snprintf(path, sizeof(path), "/proc/%.20s/stat", e->d_name);
		f = fopen(path, "r");
		/* the program's name, in brackets, may hold anything */
		if (f && fgets(line, sizeof(line), f) && strrchr(line, ')') &&
		    sscanf(strrchr(line, ')') + 1,
			   " %c %*d %d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %ld %ld", &state, &pgrp, &user,
			   &system, &reaped_user, &reaped_system) == 6 &&
		    pgrp == group) {
			ticks += (double)(user + system) + (double)(reaped_user + reaped_system);
			*asleep &= state == 'S';
		}
		if (f)
			fclose(f);
	}
	if (proc)
		closedir(proc);
	return ticks / (double)sysconf(_SC_CLK_TCK);
}

#define ASLEEP_TURNS 50

/*
 * Is it time for Ctrl-C? By what the program has done, since a busy machine has no other clock: it has worked for so long, or it waits for
 * somebody, which shows only after a while.
 */
static bool interrupt_now(pid_t group, double interrupt_s, unsigned int *turns_asleep)
{
	bool asleep;
	double cpu_s = group_cpu_s(group, &asleep);

	*turns_asleep = asleep ? *turns_asleep + 1 : 0;
	return cpu_s >= interrupt_s || *turns_asleep == ASLEEP_TURNS;
}

/* Waits for the end. Signals go to the whole group, as a terminal's Ctrl-C does. */
static void supervise(struct run *r, pid_t pid, double limit_s, double interrupt_s)
{
	const struct timespec nap = { 0, 5000000 };
	unsigned int turns_asleep = 0;
	double start = now_s();
	struct rusage usage;
	int status;

	while (wait4(pid, &status, WNOHANG, &usage) == 0) {
		r->wall_s = now_s() - start;
		if (interrupt_s > 0 && interrupt_now(pid, interrupt_s, &turns_asleep)) {
			kill(-pid, SIGINT);
			interrupt_s = 0;
		}
		if (r->wall_s > limit_s)
			kill(-pid, SIGKILL);
		nanosleep(&nap, NULL);
	}
	r->wall_s = now_s() - start;
	r->max_rss_kb = usage.ru_maxrss;
	r->cpu_s = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
		   (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
	r->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void run_line(struct run *r, double limit_s, double interrupt_s, char *line)
{
	static char *argv[MAX_ARGS];
	bool has_result, has_out = strstr(line, "--out ") || strstr(line, "--out=");
	char *save = NULL, *word;
	int n = 1;
	pid_t pid;

	prepare();
	memset(r, 0, sizeof(*r));
	argv[0] = program;
	for (word = strtok_r(line, " ", &save); word && n < MAX_ARGS - 3; word = strtok_r(NULL, " ", &save))
		argv[n++] = word;
	has_result = n > 1 && (!strcmp(argv[1], "replay") || !strcmp(argv[1], "predict"));
	if (has_result && !has_out) {
		argv[n++] = "--out";
		argv[n++] = "out";
	}
	argv[n] = NULL;
	unlink(in_tmp("out/result.json"));
	fflush(NULL);
	pid = fork();
	if (!pid)
		child(argv);
	supervise(r, pid, limit_s, interrupt_s);
	r->out = slurp(in_tmp("stdout"));
	r->err = slurp(in_tmp("stderr"));
	if (has_result && !has_out)
		r->result = json_load_file(in_tmp("out/result.json"), 0, NULL);
}

static char *format(const char *fmt, va_list ap)
{
	char *line;

	if (vasprintf(&line, fmt, ap) < 0)
		abort();
	return line;
}

void cosnic(struct run *r, const char *fmt, ...)
{
	char *line;
	va_list ap;

	va_start(ap, fmt);
	line = format(fmt, ap);
	va_end(ap);
	run_line(r, LIMIT_S, 0, line);
	free(line);
}

void cosnic_limits(struct run *r, double limit_s, double interrupt_s, const char *fmt, ...)
{
	char *line;
	va_list ap;

	va_start(ap, fmt);
	line = format(fmt, ap);
	va_end(ap);
	run_line(r, limit_s, interrupt_s, line);
	free(line);
}

void run_free(struct run *r)
{
	free(r->out);
	free(r->err);
	json_decref(r->result);
}

bool run_ended(const struct run *r, int status)
{
	CU_ASSERT_EQUAL(r->status, status);
	if (r->status != status)
		printf("    exit status %d after %.1f s, not %d\n%s%s", r->status, r->wall_s, status, r->out,
		       r->err);
	return r->status == status;
}

void one_line(const struct run *r, const char *thing, const char *remedy)
{
	bool ok = lines(r->err) == 1 && !strncmp(r->err, "cosnic: ", 8) && strstr(r->err, thing) &&
		  strstr(r->err, remedy);

	CU_ASSERT(ok);
	if (!ok)
		printf("    want one line with '%s' and '%s', got:\n%s", thing, remedy, r->err);
}

void refused(int status, const char *thing, const char *remedy, const char *line)
{
	struct run r;

	cosnic_limits(&r, REFUSED_S, 0, "%s", line);
	if (!run_ended(&r, status))
		printf("    %s\n", line);
	one_line(&r, thing, remedy);
	CU_ASSERT_STRING_EQUAL(r.out, "");
	CU_ASSERT_PTR_NULL(r.result);
	run_free(&r);
}

void put(const char *name, const char *text)
{
	FILE *f = fopen(in_tmp(name), "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	fputs(text, f);
	fclose(f);
}

char *get(const char *name)
{
	return slurp(in_tmp(name));
}

void holds(const char *name, const char *words)
{
	char *text = get(name);

	CU_ASSERT_PTR_NOT_NULL(strstr(text, words));
	if (!strstr(text, words))
		printf("    %s does not say '%s'\n", name, words);
	free(text);
}

void hides(const char *name, const char *words)
{
	char *text = get(name);

	CU_ASSERT_PTR_NULL(strstr(text, words));
	free(text);
}

void gen(const char *name, const char *fmt, ...)
{
	char *options, *line;
	struct run r;
	va_list ap;

	if (!access(in_tmp(name), F_OK))
		return;
	va_start(ap, fmt);
	options = format(fmt, ap);
	va_end(ap);
	if (asprintf(&line, "gen %s -o %s", options, name) < 0)
		abort();
	run_line(&r, LIMIT_S, 0, line);
	run_ended(&r, 0);
	run_free(&r);
	free(options);
	free(line);
}

static json_t *look_up(const json_t *j, const char *path)
{
	char buf[128], *save = NULL, *key;

	snprintf(buf, sizeof(buf), "%s", path);
	for (key = strtok_r(buf, ".", &save); key && j; key = strtok_r(NULL, ".", &save))
		j = json_object_get(j, key);
	return (json_t *)j;
}

bool has(const json_t *j, const char *path)
{
	return look_up(j, path) != NULL;
}

json_t *at(const json_t *j, const char *path)
{
	json_t *v = look_up(j, path);

	CU_ASSERT_PTR_NOT_NULL(v);
	if (!v)
		printf("    result.json has no %s\n", path);
	return v;
}

double num(const json_t *j, const char *path)
{
	json_t *v = at(j, path);

	CU_ASSERT(json_is_number(v));
	return json_is_number(v) ? json_number_value(v) : NAN;
}

double sum(const json_t *j, const char *path)
{
	double total = 0;
	const char *key;
	json_t *v;

	json_object_foreach(at(j, path), key, v) total += json_number_value(v);
	return total;
}

unsigned int lines(const char *s)
{
	unsigned int n = 0;

	for (; *s; s++)
		n += *s == '\n';
	return n;
}
