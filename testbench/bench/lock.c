/* SPDX-License-Identifier: BSD-2-Clause */
#include "lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "advice.h"
#include "cosnic.h"
#include "progress.h"

#define DYING_S 10 /* points of a bench that was killed end by themselves, but not at once */

static void host_name(char name[HOST_NAME_MAX + 1])
{
	if (gethostname(name, HOST_NAME_MAX + 1))
		snprintf(name, HOST_NAME_MAX + 1, "?");
	name[HOST_NAME_MAX] = 0;
}

/* Who has it, as the file says; "?" when it says nothing. */
static void holder(int fd, char *text, size_t size)
{
	ssize_t n = pread(fd, text, size - 1, 0);

	text[n > 0 ? n : 0] = 0;
	text[strcspn(text, "\n")] = 0;
	if (!*text)
		snprintf(text, size, "?");
}

/* Whether the holder was a process of this machine and is no more: what is left of it are its points. */
static bool dead(const char *text)
{
	char here[HOST_NAME_MAX + 1], host[HOST_NAME_MAX + 1];
	int pid;

	host_name(here);
	return sscanf(text, "process %d on %64s", &pid, host) == 2 && !strcmp(host, here) && kill(pid, 0) &&
	       errno == ESRCH;
}

static void sign(int fd)
{
	char host[HOST_NAME_MAX + 1], text[HOST_NAME_MAX + 64];
	int n;

	host_name(host);
	n = snprintf(text, sizeof(text), "process %d on %s\n", (int)getpid(), host);
	/* it only helps people: a lock without a name is as good */
	if (ftruncate(fd, 0) || pwrite(fd, text, (size_t)n, 0) != n)
		return;
}

int lock_folder(const char *dir)
{
	const struct timespec nap = { 0, 50000000 };
	double until = wall_seconds() + DYING_S;
	char path[PATH_MAX], text[HOST_NAME_MAX + 64];
	int fd;

	if (snprintf(path, sizeof(path), "%s/lock", dir) >= (int)sizeof(path)) {
		fprintf(stderr, "cosnic: bench: %.100s...: %s; choose another --out\n", dir,
			strerror(ENAMETOOLONG));
		return -1;
	}
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	while (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB)) {
		if (errno != EWOULDBLOCK && errno != EINTR) {
			fprintf(stderr, "cosnic: bench: %s: %s; %s another --out\n", path, strerror(errno),
				advice_write(errno));
			close(fd);
			return -1;
		}
		holder(fd, text, sizeof(text));
		if (dead(text) && wall_seconds() < until && !cosnic_interrupted) {
			nanosleep(&nap, NULL);
			continue;
		}
		fprintf(stderr,
			"cosnic: bench: %s: another bench works there (%s); wait for its end or choose another "
			"--out\n",
			dir, text);
		close(fd);
		return -1;
	}
	if (fd < 0)
		fprintf(stderr, "cosnic: bench: %s: %s; %s another --out\n", path, strerror(errno),
			advice_write(errno));
	else
		sign(fd);
	return fd;
}
