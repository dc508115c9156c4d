/* SPDX-License-Identifier: BSD-2-Clause */
#include "pool.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cosnic.h"
#include "point.h"
#include "progress.h"

#define GRACE_S 5 /* so long may a point take to hear Ctrl-C; what it has done by then is not kept anyway */

struct job {
	pid_t pid; /* 0: none */
	const char *id;
};

struct pool {
	struct job *jobs;
	unsigned int n, running;
	const char *dir;
	sigset_t before; /* signals that were blocked */
	double told_s;	 /* when the points were told to end, 0: not yet */
};

unsigned int pool_jobs(long cores)
{
	if (cores < 1)
		return 1;
	return cores < (long)POOL_MAX_JOBS ? (unsigned int)cores : POOL_MAX_JOBS;
}

static void child(const struct pool *p, pid_t parent, const char *id, const char *key)
{
	char path[PATH_MAX];
	int log, ret;

	/* It dies with its parent; one that has died already is not seen by prctl(). */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
		_exit(EXIT_INPUT);
	sigprocmask(SIG_SETMASK, &p->before, NULL);
	log = open(point_path(path, sizeof(path), p->dir, id, "log.txt"), O_WRONLY | O_CREAT | O_TRUNC, 0666);
	if (log < 0 || dup2(log, STDOUT_FILENO) < 0 || dup2(log, STDERR_FILENO) < 0)
		_exit(EXIT_INPUT);
	ret = point_run(p->dir, id, key);
	fflush(NULL);
	_exit(ret);
}

static int start(struct pool *p, const char *id, const char *key)
{
	struct job *j = p->jobs;
	pid_t parent = getpid();

	while (j->pid)
		j++;
	fflush(NULL);
	j->id = id;
	j->pid = fork();
	if (j->pid < 0) {
		j->pid = 0;
		return -errno;
	}
	if (!j->pid)
		child(p, parent, id, key);
	p->running++;
	return 0;
}

/* Takes those that have ended. */
static void reap(struct pool *p)
{
	char path[PATH_MAX];
	unsigned int i;
	int status;

	for (i = 0; i < p->n; i++) {
		if (!p->jobs[i].pid || waitpid(p->jobs[i].pid, &status, WNOHANG) != p->jobs[i].pid)
			continue;
		p->jobs[i].pid = 0;
		p->running--;
		if (WIFSIGNALED(status))
			point_say(p->dir, p->jobs[i].id, "killed by signal %d (%s)", WTERMSIG(status),
				  strsignal(WTERMSIG(status)));
		else if (!WEXITSTATUS(status))
			unlink(point_path(path, sizeof(path), p->dir, p->jobs[i].id, "log.txt"));
	}
}

/* A terminal's Ctrl-C has reached the points too; one that was meant for us alone has not. */
static void tell(struct pool *p)
{
	int sig = p->told_s > 0 ? SIGKILL : SIGINT;
	unsigned int i;

	if (!cosnic_interrupted || (p->told_s > 0 && wall_seconds() < p->told_s + GRACE_S))
		return;
	for (i = 0; i < p->n; i++)
		if (p->jobs[i].pid)
			kill(p->jobs[i].pid, sig);
	p->told_s = wall_seconds();
}

/* Until one has ended, or a signal has come. */
static void sleep_a_while(void)
{
	const struct timespec turn = { 0, 200000000 };
	sigset_t ended;

	sigemptyset(&ended);
	sigaddset(&ended, SIGCHLD);
	sigtimedwait(&ended, NULL, &turn);
}

int pool_run(const char *dir, const char *const *ids, const char *const *keys, size_t n, unsigned int n_jobs,
	     const char *what)
{
	struct pool p = { .jobs = calloc(n_jobs, sizeof(*p.jobs)), .n = n_jobs, .dir = dir };
	struct progress progress;
	sigset_t ended;
	size_t started = 0;
	int ret = p.jobs ? 0 : -ENOMEM;

	cosnic_one_core |= n_jobs > 1;
	/* its end is then not missed between a look and a wait */
	sigemptyset(&ended);
	sigaddset(&ended, SIGCHLD);
	sigprocmask(SIG_BLOCK, &ended, &p.before);
	progress_start(&progress, what, n, false);
	while (p.running || (started < n && !cosnic_interrupted && !ret)) {
		while (p.running < n_jobs && started < n && !cosnic_interrupted && !ret) {
			ret = start(&p, ids[started], keys[started]);
			started += !ret;
		}
		tell(&p);
		if (p.running)
			sleep_a_while();
		reap(&p);
		progress_at(&progress, started - p.running);
	}
	progress_end(&progress);
	sigprocmask(SIG_SETMASK, &p.before, NULL);
	free(p.jobs);
	return ret;
}
