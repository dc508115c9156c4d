/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An initramfs, written as the kernel reads it (cpio "newc"). The same input gives the same bytes: names sorted, owner
 * root, time 0, modes 755 and 644. What comes later takes the place of what came before under the same name.
 */
#ifndef COSNIC_CPIO_H
#define COSNIC_CPIO_H

#include <stdbool.h>
#include <stdio.h>

struct cpio {
	FILE *f;
	unsigned int entries;
	bool onto;
	char err[512]; /* the first thing that went wrong, "" */
};

/* All return 0, or -1 with a line in err; after that they do nothing. */
int cpio_open(struct cpio *c, const char *path);
/* Everything below a folder; onto: over a root that is there already and has one /usr. */
int cpio_tree(struct cpio *c, const char *dir, bool onto);
/* One file under a name of its own, whose folder is there already. */
int cpio_file(struct cpio *c, const char *name, const char *path);
int cpio_text(struct cpio *c, const char *name, const char *text);
int cpio_close(struct cpio *c);

#endif
