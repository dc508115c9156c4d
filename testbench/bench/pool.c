/* SPDX-License-Identifier: BSD-2-Clause */
#include "pool.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cosnic.h"
#include "point.h"
#include "progress.h"

struct job {
	pid_t pid; /* 0: none */
	const char *id;
};

unsigned int pool_jobs(long cores)
{
	if (cores < 1)
		return 1;
	return cores < (long)POOL_MAX_JOBS ? (unsigned int)cores : POOL_MAX_JOBS;
}

static void child(const char *dir, const char *id)
{
	char path[PATH_MAX];
	int log, ret;

	log = open(point_path(path, sizeof(path), dir, id, "log.txt"), O_WRONLY | O_CREAT | O_TRUNC, 0666);
	if (log < 0 || dup2(log, STDOUT_FILENO) < 0 || dup2(log, STDERR_FILENO) < 0)
		_exit(EXIT_INPUT);
	ret = point_run(dir, id);
	fflush(NULL);
	_exit(ret);
}

static int start(struct job *j, const char *dir, const char *id)
{
	fflush(NULL);
	j->id = id;
	j->pid = fork();
	if (j->pid < 0) {
		j->pid = 0;
		return -errno;
	}
	if (!j->pid)
		child(dir, id);
	return 0;
}

/* Waits for one to end. */
static void reap(struct job *jobs, unsigned int n, const char *dir)
{
	char path[PATH_MAX];
	unsigned int i;
	int status;
	pid_t pid;

	do {
		pid = wait(&status);
		for (i = 0; i < n && (pid <= 0 || jobs[i].pid != pid); i++)
			;
	} while (i == n && (pid > 0 || errno == EINTR));
	if (i == n)
		return;
	jobs[i].pid = 0;
	if (WIFSIGNALED(status))
		point_say(dir, jobs[i].id, "killed by signal %d (%s)", WTERMSIG(status),
			  strsignal(WTERMSIG(status)));
	else if (!WEXITSTATUS(status))
		unlink(point_path(path, sizeof(path), dir, jobs[i].id, "log.txt"));
}

int pool_run(const char *dir, const char *const *ids, size_t n, unsigned int n_jobs, const char *what)
{
	struct job *jobs = calloc(n_jobs, sizeof(*jobs));
	size_t started = 0, running = 0, done = 0;
	bool told = false;
	struct progress progress;
	unsigned int i;
	int ret = jobs ? 0 : -ENOMEM;

	progress_start(&progress, what, n, false);
	while (!ret && (running || (started < n && !cosnic_interrupted))) {
		for (i = 0; i < n_jobs && started < n && !ret && !cosnic_interrupted; i++) {
			if (jobs[i].pid)
				continue;
			ret = start(&jobs[i], dir, ids[started]);
			if (!ret) {
				started++;
				running++;
			}
		}
		/* A terminal's Ctrl-C has reached them too; one that was meant for us alone has not. */
		for (i = 0; i < n_jobs && cosnic_interrupted && !told; i++)
			if (jobs[i].pid)
				kill(jobs[i].pid, SIGINT);
		told = cosnic_interrupted;
		if (!running)
			continue;
		reap(jobs, n_jobs, dir);
		running--;
		progress_at(&progress, ++done);
	}
	while (running--)
		reap(jobs, n_jobs, dir);
	progress_end(&progress);
	free(jobs);
	return ret;
}
