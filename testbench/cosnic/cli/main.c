/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cosnic.h"
#include "help.h"
#include "report.h"
#include "version.h"

static void on_sigint(int sig)
{
	(void)sig;
	/* A second Ctrl-C ends at once. */
	if (cosnic_interrupted)
		_Exit(130);
	cosnic_interrupted = 1;
}

/* A full disk behind stdout must not look like success. */
static int flushed(int ret)
{
	if (!fflush(stdout) && !ferror(stdout))
		return ret;
	fprintf(stderr, "cosnic: standard output: %s%s\n", strerror(errno),
		errno == ENOSPC || errno == EDQUOT ? "; free some space" : "");
	return ret ? ret : EXIT_INPUT;
}

static bool is_help(const char *word)
{
	return !strcmp(word, "--help") || !strcmp(word, "-h");
}

/* Who asks for help gets it, wherever the question stands; what stands behind -- is for a script. */
static bool wants_help(int argc, char **argv)
{
	int i;

	for (i = 2; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (is_help(argv[i]))
			return true;
	return false;
}

static int run(enum command_id id, int argc, char **argv)
{
	struct options o;
	int ret;

	switch (id) {
#define COMMAND(id, name, word, ...)                                                                         \
	case CMD_##id:                                                                                       \
		ret = options_parse(&o, word, argc, argv);                                                   \
		return ret ? ret : cmd_##name(&o);
#define TOOL(id, name, ...)                                                                                  \
	case CMD_##id:                                                                                       \
		return cmd_##name(argc, argv);
#include "commands.def"
#undef COMMAND
#undef TOOL
	default:
		return help_no_command(argv[0]);
	}
}

int main(int argc, char **argv)
{
	enum command_id id;

	cosnic_argv = argv;
	cosnic_argc = argc;
	if (argc < 2) {
		help_overview(stderr);
		return EXIT_USAGE;
	}
	/* what ends a job in CI, and a terminal that goes, end it as Ctrl-C does: with what there is written */
	signal(SIGINT, on_sigint);
	signal(SIGTERM, on_sigint);
	if (signal(SIGHUP, on_sigint) == SIG_IGN)
		signal(SIGHUP, SIG_IGN);
	if (!strcmp(argv[1], "--version")) {
		printf("cosnic %s (%s)\n", cosnic_release, cosnic_commit);
		return flushed(EXIT_OK);
	}
	if (!strcmp(argv[1], "help") || is_help(argv[1]))
		return flushed(help_main(argc - 1, argv + 1));
	id = command_find(argv[1]);
	if (id != N_COMMANDS && wants_help(argc, argv)) {
		help_command(stdout, id);
		return flushed(EXIT_OK);
	}
	return flushed(run(id, argc - 1, argv + 1));
}
