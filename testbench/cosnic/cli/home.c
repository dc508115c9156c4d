/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include "home.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SUFFIX 64 /* room for what is put behind the program's folder */

/* The program's own folder. */
static const char *own(void)
{
	static char dir[PATH_MAX - SUFFIX];
	ssize_t n;
	char *slash;

	if (*dir)
		return dir;
	n = readlink("/proc/self/exe", dir, sizeof(dir) - 1);
	dir[n > 0 ? n : 0] = 0;
	slash = strrchr(dir, '/');
	if (slash)
		*slash = 0;
	else
		strcpy(dir, ".");
	return dir;
}

static const char *join(char *buf, const char *suffix)
{
	snprintf(buf, PATH_MAX, "%s/%s", own(), suffix);
	return buf;
}

static const char *installed_lib(void)
{
	static char dir[PATH_MAX];
	char path[PATH_MAX];

	return realpath(join(path, "../lib/cosnic"), dir);
}

const char *home_lib(void)
{
	const char *given = getenv("COSNIC_LIB"), *installed = installed_lib();

	if (given)
		return given;
	return installed ? installed : own();
}

const char *home_scripts(void)
{
	static char dir[PATH_MAX];

	return join(dir, installed_lib() ? "../share/cosnic" : "..");
}

const char *home_cache(void)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *user = getenv("HOME");
	static char dir[PATH_MAX];

	if (!installed_lib())
		return home_lib();
	if (cache && *cache)
		snprintf(dir, sizeof(dir), "%s/cosnic", cache);
	else
		snprintf(dir, sizeof(dir), "%s/.cache/cosnic", user ? user : "");
	return dir;
}
