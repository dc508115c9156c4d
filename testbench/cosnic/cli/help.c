/* SPDX-License-Identifier: BSD-2-Clause */
#include "help.h"

#include <string.h>

#include "cosnic.h"
#include "suggest.h"

#define WIDTH 110
#define NAMES 12  /* where what a command or a suite does begins */
#define COLUMN 30 /* where help of an option begins */

const char help_exit_status[] =
	"0 all well, 1 a check failed, figures are beyond their limits or the run was interrupted, "
	"2 wrong usage, 3 unusable input";

const char *help_note(enum command_id command)
{
	switch (command) {
	case CMD_BENCH:
		return "Settings are any long option of replay and gen, as in --pcie gen3x8; and " BENCH_ALIASES
		       ". Without captures, traffic is made: --size 64, "
		       "--flows 256, --packets by size. A flag is swept as no-gate=on,off.";
	case CMD_COMPARE:
		return "BASE and NEW are folders of cosnic bench or replay, or files of --save. Points are matched by their settings.";
	default:
		return NULL;
	}
}

/* Text from a column on, in lines of WIDTH; the first line is already at `at`. */
static void wrapped(FILE *f, const char *text, size_t at, size_t column)
{
	size_t n;

	if (at && at + 1 > column) {
		fputc('\n', f);
		at = 0;
	}
	for (; at < column; at++)
		fputc(' ', f);
	for (; *text; text += n + (text[n] == ' ')) {
		n = strcspn(text, " ");
		if (at > column && at + 1 + n > WIDTH) {
			fprintf(f, "\n%*s", (int)column, "");
			at = column;
		} else if (at > column) {
			fputc(' ', f);
			at++;
		}
		fwrite(text, 1, n, f);
		at += n;
	}
	fputc('\n', f);
}

static void row(FILE *f, const struct option_row *r)
{
	char letter[] = { '-', r->letter, ',', ' ', 0 };
	int n = fprintf(f, "  %s--%s%s%s", r->letter ? letter : "    ", r->name, r->value ? " " : "",
			r->value ? r->value : "");

	wrapped(f, r->help, (size_t)n, COLUMN);
}

static void suite_row(void *f, const char *name, const char *what)
{
	wrapped(f, what, (size_t)fprintf(f, "  %s", name), NAMES);
}

static void exit_status(FILE *f)
{
	wrapped(f, help_exit_status, (size_t)fprintf(f, "\nexit status:"), NAMES + 2);
}

void help_command(FILE *f, enum command_id command)
{
	const char *section = "", *note = help_note(command);
	unsigned int i;

	fprintf(f, "usage: cosnic %s %s\n\n%s\n", command_rows[command].name, command_rows[command].arguments,
		command_rows[command].what);
	if (command == CMD_BENCH) {
		fputs("\nsuites:\n", f);
		bench_suites(suite_row, f);
	}
	for (i = 0; i < N_OPTIONS; i++) {
		const struct option_row *r = &option_rows[i];

		if (!(r->commands >> command & 1))
			continue;
		if (strcmp(section, r->section) != 0)
			fprintf(f, "\n%s:\n", r->section);
		section = r->section;
		row(f, r);
	}
	if (note) {
		fputc('\n', f);
		wrapped(f, note, 0, 0);
	}
	exit_status(f);
}

void help_overview(FILE *f)
{
	unsigned int i;

	fputs("usage: cosnic COMMAND [options]\n\n"
	      "Runs a network card's real driver against its cycle-accurate RTL, beside a prediction.\n\ncommands:\n",
	      f);
	for (i = 0; i < N_COMMANDS; i++)
		wrapped(f, command_rows[i].what, (size_t)fprintf(f, "  %s", command_rows[i].name), NAMES);
	fputs("\n  cosnic help COMMAND   its options (also cosnic COMMAND --help)\n  cosnic --version\n", f);
	exit_status(f);
}

int help_no_command(const char *word)
{
	struct suggestion s = { 0 };
	unsigned int i;

	for (i = 0; i < N_COMMANDS; i++)
		suggest(&s, word, command_rows[i].name);
	suggest(&s, word, "help");
	return s.best ? usage_error("", "%s: no such command; did you mean %s?", word, s.best)
		      : usage_error("", "%s: no such command", word);
}

int help_main(int argc, char **argv)
{
	enum command_id command;

	if (argc > 2)
		return usage_error("", "help: %s: one command at a time", argv[2]);
	if (argc < 2) {
		help_overview(stdout);
		return EXIT_OK;
	}
	if (!strcmp(argv[1], "--man")) {
		help_manpage(stdout);
		return EXIT_OK;
	}
	if (!strcmp(argv[1], "--completion")) {
		help_completion(stdout);
		return EXIT_OK;
	}
	command = command_find(argv[1]);
	if (command == N_COMMANDS)
		return help_no_command(argv[1]);
	help_command(stdout, command);
	return EXIT_OK;
}
