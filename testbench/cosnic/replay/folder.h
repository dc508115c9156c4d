/* SPDX-License-Identifier: BSD-2-Clause */
/* `cosnic replay FOLDER`: each capture below it in a run of its own, and at the end a table of them. */
#ifndef COSNIC_FOLDER_H
#define COSNIC_FOLDER_H

#include "options.h"

/* Is one of the files a folder? */
bool folder_given(const struct options *o);
/* run: what replays the files of its options. The worst of their statuses: a failed check before input that cannot be used. */
int folder_run(const struct options *o, int (*run)(const struct options *o));

#endif
