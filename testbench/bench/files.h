/* SPDX-License-Identifier: BSD-2-Clause */
/* Whole files, for those that keep results. */
#ifndef BENCH_FILES_H
#define BENCH_FILES_H

#include <stddef.h>

/* All of a file, with a 0 behind it; to be freed. NULL: it cannot be read. */
char *files_read(const char *path, size_t *n);
/* Writes it under another name and renames it: it is there whole or not at all. 0 or a negative errno. */
int files_write(const char *path, const char *text);
/* Removes a folder with all that is in it, or a file. */
void files_remove(const char *path);

#endif
