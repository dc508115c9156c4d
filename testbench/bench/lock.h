/* SPDX-License-Identifier: BSD-2-Clause */
/* A suite's folder belongs to one bench at a time: to its process and to the points that it has started. */
#ifndef BENCH_LOCK_H
#define BENCH_LOCK_H

/*
 * Takes the folder. The lock goes when the last process ends that was forked since, so a folder is free only when nothing
 * writes into it any more. A file descriptor to be closed, or -1 after one line on stderr.
 */
int lock_folder(const char *dir);

#endif
