/* SPDX-License-Identifier: BSD-2-Clause */
/* Revisions of the repository in the place of folders of results: each is built, and runs a suite (revs.sh). */
#ifndef REPORT_REVISIONS_H
#define REPORT_REVISIONS_H

/* compare or bisect, with the options that the command was given; suite: NULL, the usual one. An exit status. */
int revisions_run(const char *what, const char *base, const char *new, const char *suite, int argc,
		  char **argv);

#endif
