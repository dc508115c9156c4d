/* SPDX-License-Identifier: BSD-2-Clause */
#include "revisions.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "home.h"
#include "options.h"
#include "results.h"

/* The program that is to compare is this one, whatever a revision has. */
static void set_environment(const char *suite)
{
	char program[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", program, sizeof(program) - 1);

	if (n > 0) {
		program[n] = 0;
		setenv("COSNIC", program, 1);
	}
	if (suite)
		setenv("SUITE", suite, 1);
	else
		unsetenv("SUITE");
}

int revisions_run(const char *what, const char *base, const char *new, const char *suite, int argc,
		  char **argv)
{
	char script[PATH_MAX];
	const char **words = calloc((size_t)argc + 5, sizeof(*words));
	int n = 0, i;

	if (!words)
		return EXIT_INPUT;
	snprintf(script, sizeof(script), "%s/testbench/report/revs.sh", home_scripts());
	if (access(script, X_OK)) {
		results_complain(NULL, "%s: %s; name a folder with results (revisions need the repository)",
				 base, strerror(ENOENT));
		free(words);
		return EXIT_INPUT;
	}
	words[n++] = script;
	words[n++] = what;
	words[n++] = base;
	words[n++] = new;
	for (i = 1; i < argc; i++) {
		/* getopt_long() takes any beginning of a name that is the only one */
		if (argv[i] == base || argv[i] == new)
			continue;
		if (suite && argv[i] == suite)
			continue;
		if (!strncmp(argv[i], "--su", 4))
			continue;
		words[n++] = argv[i];
	}
	set_environment(suite);
	fflush(NULL);
	execv(script, (char **)words);
	results_complain(NULL, "%s: %s", script, strerror(errno));
	free(words);
	return EXIT_INPUT;
}
