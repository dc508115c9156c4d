/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Captures are read more than once: to count, to replay, to predict. What can be read only once (standard input, "-"; a
 * pipe) is copied first.
 */
#ifndef COSNIC_SPOOL_H
#define COSNIC_SPOOL_H

#include <stddef.h>

#include "options.h"

/* Copies those files that need it; 0, or an exit status with one line in err. */
int spool_files(const struct options *o, char *err, size_t err_size);

#endif
