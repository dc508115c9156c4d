/* SPDX-License-Identifier: BSD-2-Clause */
/* The guest's initramfs: what the kernel would read, and the same bytes for the same input. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>

#include "cpio.h"
#include "cu_main.h"

static char dir[] = "/tmp/cosnic-cpio-XXXXXX";

static const char *in_dir(const char *name)
{
	static char path[4][256];
	static unsigned int n;
	char *p = path[n++ % 4];

	snprintf(p, sizeof(path[0]), "%s/%s", dir, name);
	return p;
}

static void write_file(const char *name, const char *text, mode_t mode)
{
	FILE *f = fopen(in_dir(name), "w");

	CU_ASSERT_FATAL(f != NULL);
	fputs(text, f);
	fclose(f);
	chmod(in_dir(name), mode);
}

static unsigned char *slurp(const char *name, size_t *size)
{
	FILE *f = fopen(in_dir(name), "rb");
	unsigned char *data = malloc(1 << 20);

	CU_ASSERT_FATAL(f && data);
	*size = fread(data, 1, 1 << 20, f);
	fclose(f);
	return data;
}

/* A folder in which names are not made in order. */
static void make_tree(void)
{
	mkdir(in_dir("t"), 0700);
	mkdir(in_dir("t/usr"), 0711);
	mkdir(in_dir("t/lib"), 0777);
	mkdir(in_dir("t/sbin"), 0777);
	write_file("t/usr/b", "bee", 0600);
	write_file("t/usr/a", "", 0755);
	write_file("t/lib/m.ko", "module", 0444);
	write_file("t/sbin/tool", "#!", 0700);
	CU_ASSERT_FATAL(!symlink("usr/b", in_dir("t/link")));
}

static void pack(const char *name, bool onto)
{
	struct cpio c;

	if (access(in_dir("t"), F_OK))
		make_tree();
	CU_ASSERT(!cpio_open(&c, in_dir(name)));
	CU_ASSERT(!cpio_tree(&c, in_dir("t"), onto));
	CU_ASSERT(!cpio_text(&c, "etc/x", "said\n"));
	CU_ASSERT(!cpio_file(&c, "copy", in_dir("t/usr/b")));
	CU_ASSERT(!cpio_close(&c));
}

static uint32_t field(const unsigned char *header, unsigned int n)
{
	char hex[9] = "";

	memcpy(hex, header + 6 + 8 * n, 8);
	return (uint32_t)strtoul(hex, NULL, 16);
}

/* "name mode data" of each entry, read by the format's own rules. */
static void listing(const char *name, char *out, size_t out_size)
{
	size_t size, at = 0, len = 0;
	unsigned char *data = slurp(name, &size);

	*out = 0;
	while (at + 110 <= size) {
		const unsigned char *h = data + at;
		uint32_t mode = field(h, 1), bytes = field(h, 6), name_size = field(h, 11);
		const char *entry = (const char *)h + 110;

		CU_ASSERT_FATAL(!memcmp(h, "070701", 6));
		CU_ASSERT(field(h, 2) == 0 && field(h, 3) == 0 && field(h, 5) == 0); /* root, 1970 */
		CU_ASSERT(strlen(entry) + 1 == name_size);
		at += (110 + name_size + 3) & ~3u;
		if (!strcmp(entry, "TRAILER!!!"))
			break;
		len += (size_t)snprintf(out + len, out_size - len, "%s %o %.*s\n", entry, mode, (int)bytes,
					(const char *)data + at);
		at += (bytes + 3) & ~3u;
	}
	CU_ASSERT(at == size);
	free(data);
}

static void test_entries(void)
{
	char got[4096];

	pack("plain.cpio", false);
	listing("plain.cpio", got, sizeof(got));
	CU_ASSERT_STRING_EQUAL(got, "lib 40755 \n"
				    "lib/m.ko 100644 module\n"
				    "link 120777 usr/b\n"
				    "sbin 40755 \n"
				    "sbin/tool 100755 #!\n"
				    "usr 40755 \n"
				    "usr/a 100755 \n"
				    "usr/b 100644 bee\n"
				    "etc/x 100644 said\n\n"
				    "copy 100644 bee\n");
}

/* Over a root with one /usr, nothing may take the place of its links. */
static void test_onto(void)
{
	char got[4096];

	pack("onto.cpio", true);
	listing("onto.cpio", got, sizeof(got));
	CU_ASSERT(strstr(got, "usr/lib/m.ko 100644 module\n") != NULL);
	CU_ASSERT(strstr(got, "usr/bin/tool 100755 #!\n") != NULL);
	CU_ASSERT(strstr(got, "\nlib") == NULL && strncmp(got, "lib", 3) != 0);
	CU_ASSERT(strstr(got, "\nsbin") == NULL);
}

static void test_same_bytes(void)
{
	size_t a_size, b_size;
	unsigned char *a, *b;

	pack("a.cpio", false);
	utime(in_dir("t/usr/b"), NULL);
	chmod(in_dir("t/usr/b"), 0640);
	pack("b.cpio", false);
	a = slurp("a.cpio", &a_size);
	b = slurp("b.cpio", &b_size);
	CU_ASSERT(a_size == b_size && !memcmp(a, b, a_size));
	free(a);
	free(b);
}

static void test_errors(void)
{
	struct cpio c;

	if (access(in_dir("t"), F_OK))
		make_tree();
	CU_ASSERT(cpio_open(&c, in_dir("no/such/folder")));
	CU_ASSERT(strstr(c.err, "no/such/folder") != NULL);
	CU_ASSERT(cpio_close(&c));
	CU_ASSERT(!cpio_open(&c, in_dir("x.cpio")));
	CU_ASSERT(cpio_tree(&c, in_dir("nowhere"), false));
	CU_ASSERT(strstr(c.err, "nowhere") != NULL);
	CU_ASSERT(cpio_close(&c));
	CU_ASSERT(!cpio_open(&c, in_dir("x.cpio")));
	CU_ASSERT(cpio_file(&c, "d", in_dir("t")));
	CU_ASSERT(strstr(c.err, "not a file") != NULL);
	CU_ASSERT(cpio_close(&c));
	CU_ASSERT(!cpio_open(&c, "/dev/full"));
	cpio_text(&c, "a", "b");
	CU_ASSERT(cpio_close(&c));
	CU_ASSERT(strstr(c.err, "free some space") != NULL);
	CU_ASSERT(!mkfifo(in_dir("t/pipe"), 0600));
	CU_ASSERT(!cpio_open(&c, in_dir("x.cpio")));
	CU_ASSERT(cpio_tree(&c, in_dir("t"), false));
	CU_ASSERT(strstr(c.err, "t/pipe: neither") != NULL);
	CU_ASSERT(cpio_close(&c));
}

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = {
		{ "cpio", "entries, modes and order", test_entries },
		{ "cpio", "onto a root with one /usr", test_onto },
		{ "cpio", "same input, same bytes", test_same_bytes },
		{ "cpio", "errors name the file", test_errors },
		{ NULL, NULL, NULL },
	};
	char clean[300];
	int ret;

	if (!mkdtemp(dir))
		return 1;
	ret = cu_main(argc, argv, tests);
	snprintf(clean, sizeof(clean), "rm -rf %s", dir);
	return system(clean) ? 1 : ret;
}
