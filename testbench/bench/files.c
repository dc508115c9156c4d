/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include "files.h"

#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *files_read(const char *path, size_t *n)
{
	FILE *f = fopen(path, "r");
	char *text = NULL, *more;
	size_t room = 0, got = 0, now;

	while (f && !ferror(f) && !feof(f)) {
		if (room - got < 2) {
			room = room ? room * 2 : 1 << 16;
			more = realloc(text, room);
			if (!more)
				break;
			text = more;
		}
		now = fread(text + got, 1, room - got - 1, f);
		got += now;
	}
	if (!f || ferror(f) || !feof(f)) {
		free(text);
		text = NULL;
	}
	if (f)
		fclose(f);
	if (text) {
		text[got] = 0;
		*n = got;
	}
	return text;
}

int files_write(const char *path, const char *text)
{
	char new[PATH_MAX];
	FILE *f;
	int bad;

	/* several may write the same file, as into a cache that machines share */
	if (snprintf(new, sizeof(new), "%s.new.XXXXXX", path) >= (int)sizeof(new))
		return -ENAMETOOLONG;
	bad = mkostemp(new, 0);
	if (bad < 0)
		return -errno;
	f = fdopen(bad, "w");
	if (!f) {
		close(bad);
		unlink(new);
		return -ENOMEM;
	}
	bad = fputs(text, f) == EOF;
	bad |= fchmod(fileno(f), 0644);
	bad |= fclose(f);
	if (!bad && !rename(new, path))
		return 0;
	bad = errno ? -errno : -EIO;
	unlink(new);
	return bad;
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path) && errno != ENOENT;
}

void files_remove(const char *path)
{
	nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}
