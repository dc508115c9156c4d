/* SPDX-License-Identifier: BSD-2-Clause */
#include "cpio.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "advice.h"

#define MAX_NAME 1024

static int fail(struct cpio *c, const char *fmt, ...)
{
	va_list ap;

	if (!c->err[0]) {
		va_start(ap, fmt);
		vsnprintf(c->err, sizeof(c->err), fmt, ap);
		va_end(ap);
	}
	return -1;
}

static void pad(struct cpio *c, size_t len)
{
	static const char zeros[4];

	fwrite(zeros, 1, -len & 3, c->f);
}

static void header(struct cpio *c, const char *name, mode_t mode, size_t size)
{
	const unsigned int links = 1, name_size = (unsigned int)strlen(name) + 1;

	/* magic, inode, mode, uid, gid, links, mtime, size, device and rdevice (major, minor), name size, no checksum */
	fprintf(c->f, "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%s", ++c->entries, mode, 0,
		0, links, 0, (unsigned int)size, 0, 0, 0, 0, name_size, 0, name);
	fputc(0, c->f);
	pad(c, 110 + name_size);
}

int cpio_open(struct cpio *c, const char *path)
{
	memset(c, 0, sizeof(*c));
	c->f = fopen(path, "wb");
	return c->f ? 0 : fail(c, "%s: %s; %s another --out", path, strerror(errno), advice_write(errno));
}

/*
 * Debian 12 has one /usr, and the guest one folder of programs below it: a package's /lib/x and /usr/sbin/y are the
 * /usr/lib/x and /usr/bin/y of the guest, where the kernel would put a folder in the place of the link.
 */
static const struct {
	const char *from, *to;
} merged[] = { { "bin", "usr/bin" }, { "sbin", "usr/bin" },    { "usr/sbin", "usr/bin" },
	       { "lib", "usr/lib" }, { "lib64", "usr/lib64" }, { "var/run", "run" } };

static int merged_name(char *out, const char *name)
{
	size_t i, len;

	for (i = 0; i < sizeof(merged) / sizeof(merged[0]); i++) {
		len = strlen(merged[i].from);
		if (!strncmp(name, merged[i].from, len) && (!name[len] || name[len] == '/'))
			return snprintf(out, MAX_NAME, "%s%s", merged[i].to, name + len) < MAX_NAME ? 0 : -1;
	}
	return snprintf(out, MAX_NAME, "%s", name) < MAX_NAME ? 0 : -1;
}

static bool is_merged(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(merged) / sizeof(merged[0]); i++)
		if (!strcmp(name, merged[i].from))
			return true;
	return false;
}

static int put_file(struct cpio *c, const char *name, const char *path, const struct stat *st)
{
	char buf[65536];
	size_t n, left = (size_t)st->st_size;
	FILE *f;

	if (st->st_size > UINT32_MAX)
		return fail(c, "%s: over 4 GB: too large for the guest's memory", path);
	f = fopen(path, "rb");
	if (!f)
		return fail(c, "%s: %s", path, strerror(errno));
	header(c, name, S_IFREG | (st->st_mode & 0111 ? 0755 : 0644), left);
	while (left && (n = fread(buf, 1, left < sizeof(buf) ? left : sizeof(buf), f))) {
		fwrite(buf, 1, n, c->f);
		left -= n;
	}
	fclose(f);
	pad(c, (size_t)st->st_size);
	return left ? fail(c, "%s: became shorter while it was read", path) : 0;
}

static int put_link(struct cpio *c, const char *name, const char *path)
{
	char target[PATH_MAX];
	ssize_t n = readlink(path, target, sizeof(target));

	if (n < 0)
		return fail(c, "%s: %s", path, strerror(errno));
	header(c, name, S_IFLNK | 0777, (size_t)n);
	fwrite(target, 1, (size_t)n, c->f);
	pad(c, (size_t)n);
	return 0;
}

static int not_dots(const struct dirent *d)
{
	return strcmp(d->d_name, ".") && strcmp(d->d_name, "..");
}

/* alphasort() would follow the locale. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int put_folder(struct cpio *c, const char *dir, const char *below);

static int put(struct cpio *c, const char *path, const char *below)
{
	char name[MAX_NAME];
	struct stat st;

	if (lstat(path, &st))
		return fail(c, "%s: %s", path, strerror(errno));
	if (c->onto && S_ISLNK(st.st_mode) && is_merged(below))
		return 0;
	if (c->onto ? merged_name(name, below) : snprintf(name, sizeof(name), "%s", below) >= MAX_NAME)
		return fail(c, "%s: the name is too long", path);
	if (S_ISREG(st.st_mode))
		return put_file(c, name, path, &st);
	if (S_ISLNK(st.st_mode))
		return put_link(c, name, path);
	if (!S_ISDIR(st.st_mode))
		return fail(c, "%s: neither file, folder nor link", path);
	header(c, name, S_IFDIR | 0755, 0);
	return put_folder(c, path, below);
}

static int put_folder(struct cpio *c, const char *dir, const char *below)
{
	char path[PATH_MAX], name[MAX_NAME];
	struct dirent **list;
	int n = scandir(dir, &list, not_dots, by_name), i, ret = 0;

	if (n < 0)
		return fail(c, "%s: %s", dir, strerror(errno));
	for (i = 0; i < n; i++) {
		if (!ret &&
		    (snprintf(path, sizeof(path), "%s/%s", dir, list[i]->d_name) >= (int)sizeof(path) ||
		     snprintf(name, sizeof(name), "%s%s%s", below, *below ? "/" : "", list[i]->d_name) >=
			     (int)sizeof(name)))
			ret = fail(c, "%s/%s: the name is too long", dir, list[i]->d_name);
		if (!ret)
			ret = put(c, path, name);
		free(list[i]);
	}
	free(list);
	return ret;
}

int cpio_tree(struct cpio *c, const char *dir, bool onto)
{
	c->onto = onto;
	return c->err[0] ? -1 : put_folder(c, dir, "");
}

int cpio_file(struct cpio *c, const char *name, const char *path)
{
	struct stat st;

	if (c->err[0])
		return -1;
	if (stat(path, &st))
		return fail(c, "%s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return fail(c, "%s: not a file", path);
	return put_file(c, name, path, &st);
}

int cpio_text(struct cpio *c, const char *name, const char *text)
{
	size_t len = strlen(text);

	if (c->err[0])
		return -1;
	header(c, name, S_IFREG | 0644, len);
	fwrite(text, 1, len, c->f);
	pad(c, len);
	return 0;
}

int cpio_close(struct cpio *c)
{
	int ret;

	if (!c->f)
		return -1;
	if (!c->err[0])
		header(c, "TRAILER!!!", 0, 0);
	ret = ferror(c->f);
	if (fclose(c->f) || ret)
		fail(c, "the guest's initramfs cannot be written: %s; %s another --out",
		     strerror(errno ? errno : ENOSPC), advice_write(errno ? errno : ENOSPC));
	c->f = NULL;
	return c->err[0] ? -1 : 0;
}
