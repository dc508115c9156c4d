/* SPDX-License-Identifier: BSD-2-Clause */
#include "slurm.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cosnic.h"
#include "point.h"
#include "progress.h"

#define ARRAY_MAX 1000u /* tasks of one job; Slurm's MaxArraySize is 1001 unless configured */
#define DEAF_S 120	/* so long may Slurm's controller not answer, as while it restarts */

/* Runs a command of Slurm; what it says, stderr too, in text. Its exit status, -1: it cannot be run. */
static int command(char *const *argv, char *text, size_t size)
{
	size_t n = 0;
	ssize_t got;
	int fds[2], status = 0;
	pid_t pid;

	text[0] = 0;
	if (pipe(fds))
		return -1;
	fflush(NULL);
	pid = fork();
	if (!pid) {
		/* Ctrl-C is ours to act on */
		signal(SIGINT, SIG_IGN);
		dup2(fds[1], STDOUT_FILENO);
		dup2(fds[1], STDERR_FILENO);
		close(fds[0]);
		close(fds[1]);
		execvp(argv[0], argv);
		fprintf(stderr, "%s: %s; install Slurm's client (Debian: slurm-client)\n", argv[0],
			strerror(errno));
		_exit(127);
	}
	close(fds[1]);
	while (pid > 0 && (got = read(fds[0], text + n, size - 1 - n)) > 0)
		n += (size_t)got;
	text[n] = 0;
	close(fds[0]);
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

static void quoted(FILE *f, const char *text)
{
	fputc('\'', f);
	for (; *text; text++)
		fputs(*text == '\'' ? "'\\''" : (char[]){ *text, 0 }, f);
	fputc('\'', f);
}

static void write_list(FILE *f, const char *name, const char *const *words, size_t n)
{
	size_t i;

	fprintf(f, "%s=(", name);
	for (i = 0; i < n; i++)
		fprintf(f, "%s%s", i ? " " : "", words[i]);
	fputs(")\n", f);
}

/* The script of a job: task i runs point i of the lists in it. */
static int write_script(const char *path, const char *dir, const char *const *ids, const char *const *keys,
			size_t n)
{
	char program[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", program, sizeof(program) - 1);
	FILE *f = len > 0 ? fopen(path, "w") : NULL;
	int bad;

	if (!f)
		return -errno;
	program[len] = 0;
	fputs("#!/bin/bash\n", f);
	write_list(f, "ids", ids, n);
	write_list(f, "keys", keys, n);
	fputs("id=${ids[SLURM_ARRAY_TASK_ID]}\nexec ", f);
	quoted(f, program);
	fputs(" bench point ", f);
	quoted(f, dir);
	fputs(" \"$id\" \"${keys[SLURM_ARRAY_TASK_ID]}\" > ", f);
	quoted(f, dir);
	fputs("/points/\"$id\"/log.txt 2>&1\n", f);
	bad = ferror(f);
	return fclose(f) || bad ? -(errno ? errno : ENOSPC) : 0;
}

/* The job's number, 0 after one line on stderr. */
static unsigned long submit(const char *script, size_t n, unsigned int jobs)
{
	char array[48], throttle[16] = "", text[1024], *end;
	char *argv[] = { "sbatch",	 "--parsable", "--job-name=cosnic", "--output=/dev/null", array,
			 (char *)script, NULL };
	unsigned long job;

	if (jobs)
		snprintf(throttle, sizeof(throttle), "%%%u", jobs);
	snprintf(array, sizeof(array), "--array=0-%zu%s", n - 1, throttle);
	if (command(argv, text, sizeof(text)) == 0) {
		job = strtoul(text, &end, 10);
		if (job && (*end == '\n' || *end == ';')) /* JOB;CLUSTER */
			return job;
	}
	fprintf(stderr, "cosnic: bench: sbatch: %.*s\n", (int)strcspn(text, "\n"), text);
	return 0;
}

static size_t finished(const char *dir, const char *const *ids, size_t n)
{
	char path[PATH_MAX];
	size_t i, done = 0;

	for (i = 0; i < n; i++)
		done += !access(point_path(path, sizeof(path), dir, ids[i], "result.json"), F_OK);
	return done;
}

/* 1: over, 0: not yet, -1: no answer */
static int over(char *job)
{
	char *argv[] = { "squeue", "--noheader", "--jobs", job, "--format=%i", NULL };
	char text[4096];
	int status = command(argv, text, sizeof(text));

	if (status == 0)
		return !*text;
	return strstr(text, "Invalid job id") ? 1 : -1;
}

/* 0 when the job is over, however its tasks ended. */
static int follow(unsigned long number, const char *dir, const char *const *ids, size_t n, const char *what)
{
	char job[24], text[256];
	char *cancel[] = { "scancel", job, NULL };
	double heard = wall_seconds();
	struct progress progress;
	struct timespec nap = { 0, 200000000 };
	bool cancelled = false;
	int state = 0;

	snprintf(job, sizeof(job), "%lu", number);
	progress_start(&progress, what, n, false);
	while (state != 1 && wall_seconds() < heard + DEAF_S) {
		nanosleep(&nap, NULL);
		/* the controller is others' too */
		if (nap.tv_sec == 0)
			nap = (struct timespec){ nap.tv_nsec >= 800000000,
						 nap.tv_nsec >= 800000000 ? 0 : nap.tv_nsec * 2 };
		if (cosnic_interrupted && !cancelled)
			cancelled = command(cancel, text, sizeof(text)) == 0;
		state = over(job);
		if (state >= 0)
			heard = wall_seconds();
		progress_at(&progress, finished(dir, ids, n));
	}
	progress_end(&progress);
	if (state == 1)
		return 0;
	fprintf(stderr,
		"cosnic: bench: squeue: Slurm's controller has not answered for %d s; job %s may still run\n",
		DEAF_S, job);
	return -ETIMEDOUT;
}

int slurm_run(const char *dir, const char *const *ids, const char *const *keys, size_t n, unsigned int jobs,
	      const char *what)
{
	char whole[PATH_MAX], script[PATH_MAX + 16];
	size_t from, part;
	unsigned long job;
	int ret = 0;

	if (!realpath(dir, whole))
		return -errno;
	snprintf(script, sizeof(script), "%s/slurm.sh", whole);
	for (from = 0; from < n && !ret && !cosnic_interrupted; from += part) {
		part = n - from < ARRAY_MAX ? n - from : ARRAY_MAX;
		ret = write_script(script, whole, ids + from, keys + from, part);
		if (ret)
			break;
		job = submit(script, part, jobs);
		ret = job ? follow(job, whole, ids + from, part, what) : -ECOMM;
	}
	return ret;
}
