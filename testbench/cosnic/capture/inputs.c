/* SPDX-License-Identifier: BSD-2-Clause */
#include "inputs.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "capfile.h"

static struct stat *noted; /* of this process's one run, in the order of its files */
static int n_noted;

/* All zeros: it is not there. */
static void look(const char *name, struct stat *st)
{
	if (stat(capfile_path(name), st))
		memset(st, 0, sizeof(*st));
}

void inputs_note(const struct options *o)
{
	int i;

	free(noted);
	noted = calloc((size_t)o->n_files + 1, sizeof(*noted));
	n_noted = noted ? o->n_files : 0;
	for (i = 0; i < n_noted; i++)
		look(o->files[i], &noted[i]);
}

static bool same_time(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

const char *inputs_changed(const struct options *o)
{
	struct stat now;
	int i;

	for (i = 0; i < n_noted && i < o->n_files; i++) {
		look(o->files[i], &now);
		/* the time of the last change cannot be set back, as that of the last write can */
		if (now.st_dev != noted[i].st_dev || now.st_ino != noted[i].st_ino ||
		    now.st_size != noted[i].st_size || !same_time(now.st_mtim, noted[i].st_mtim) ||
		    !same_time(now.st_ctim, noted[i].st_ctim))
			return o->files[i];
	}
	return NULL;
}
