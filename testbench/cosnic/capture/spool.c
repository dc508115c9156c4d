/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include "spool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capfile.h"
#include "cosnic.h"

static bool once(const char *name)
{
	struct stat st;

	return !strcmp(name, "-") || (!stat(name, &st) && (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode)));
}

static int temporary(void)
{
	const char *dir = getenv("TMPDIR");
	char path[512];
	int fd;

	snprintf(path, sizeof(path), "%s/cosnic.XXXXXX", dir ? dir : "/tmp");
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		unlink(path);
	return fd;
}

/* Writes all of it; -errno. */
static int put(int fd, const char *b, size_t n)
{
	while (n) {
		ssize_t done = write(fd, b, n);

		if (done < 0)
			return -errno;
		b += done;
		n -= (size_t)done;
	}
	return 0;
}

/* poll() is what hears Ctrl-C while nothing comes. */
static int copy(int from, int to)
{
	static char buf[1 << 16];
	struct pollfd p = { .fd = from, .events = POLLIN };
	ssize_t n;
	int ret;

	while (!cosnic_interrupted) {
		if (poll(&p, 1, -1) < 0)
			continue;
		n = read(from, buf, sizeof(buf));
		if (n == 0)
			return 0;
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return -errno;
		ret = n > 0 ? put(to, buf, (size_t)n) : 0;
		if (ret)
			return ret;
	}
	return -EINTR;
}

/* The copy stays open and has no name in any folder: it is gone with the program, however that ends. */
static int spool(const char *name, char *err, size_t err_size)
{
	int from = strcmp(name, "-") ? open(name, O_RDONLY | O_NONBLOCK | O_CLOEXEC) : STDIN_FILENO;
	int to = from < 0 ? -1 : temporary();
	int ret = to < 0 ? -errno : copy(from, to);
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", to);
	if (!ret && !capfile_alias(name, path))
		ret = -ENOMEM;
	if (from > STDIN_FILENO)
		close(from);
	if (ret && to >= 0)
		close(to);
	if (ret == -EINTR)
		snprintf(err, err_size, "interrupted while %s was read", name);
	else if (ret)
		snprintf(err, err_size,
			 "%s: it is copied first, since it can be read only once, and that failed: %s", name,
			 strerror(-ret));
	return ret;
}

int spool_files(const struct options *o, char *err, size_t err_size)
{
	int i;

	for (i = 0; i < o->n_files; i++)
		if (once(o->files[i]) && capfile_path(o->files[i]) == o->files[i] &&
		    spool(o->files[i], err, err_size))
			return EXIT_INPUT;
	return EXIT_OK;
}
