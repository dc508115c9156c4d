/* SPDX-License-Identifier: BSD-2-Clause */
/* cosnic(1), in the man macros that every reader of manuals knows. */
#include <string.h>

#include "cosnic.h"
#include "help.h"
#include "version.h"

/* What roff would read as its own is escaped: backslashes, hyphens of options, a dot or quote that begins a line. */
static void text(FILE *f, const char *s)
{
	if (*s == '.' || *s == '\'')
		fputs("\\&", f);
	for (; *s; s++) {
		if (*s == '\\')
			fputs("\\e", f);
		else if (*s == '-')
			fputs("\\-", f);
		else
			fputc(*s, f);
	}
}

static void option(FILE *f, const struct option_row *r)
{
	fputs(".TP\n", f);
	if (r->letter)
		fprintf(f, "\\fB\\-%c\\fR, ", r->letter);
	fputs("\\fB\\-\\-", f);
	text(f, r->name);
	fputs("\\fR", f);
	if (r->value) {
		fputs(" \\fI", f);
		text(f, r->value);
		fputs("\\fR", f);
	}
	fputc('\n', f);
	text(f, r->help);
	fputc('\n', f);
}

static void suite(void *f, const char *name, const char *what)
{
	fputs(".TP\n\\fB", f);
	text(f, name);
	fputs("\\fR\n", f);
	text(f, what);
	fputc('\n', f);
}

static void command(FILE *f, enum command_id id)
{
	const struct command_row *c = &command_rows[id];
	const char *section = "", *note = help_note(id);
	unsigned int i;

	fprintf(f, ".SH COSNIC %s\n\\fBcosnic %s\\fR ", c->name, c->name);
	text(f, c->arguments);
	fputs("\n.PP\n", f);
	text(f, c->what);
	fputs(".\n", f);
	if (note) {
		fputs(".PP\n", f);
		text(f, note);
		fputc('\n', f);
	}
	if (id == CMD_BENCH) {
		fputs(".SS suites\n", f);
		bench_suites(suite, f);
	}
	for (i = 0; i < N_OPTIONS; i++) {
		if (!(option_rows[i].commands >> id & 1))
			continue;
		if (strcmp(section, option_rows[i].section) != 0)
			fprintf(f, ".SS %s\n", option_rows[i].section);
		section = option_rows[i].section;
		option(f, &option_rows[i]);
	}
}

void help_manpage(FILE *f)
{
	unsigned int i;

	fputs(".\\\" SPDX-License-Identifier: BSD-2-Clause\n", f);
	fprintf(f, ".TH COSNIC 1 \"\" \"Cosnic %s\" \"User Commands\"\n", cosnic_release);
	fputs(".SH NAME\ncosnic \\- a network card's real driver against its cycle\\-accurate RTL\n.SH SYNOPSIS\n",
	      f);
	for (i = 0; i < N_COMMANDS; i++) {
		fprintf(f, ".B cosnic %s\n", command_rows[i].name);
		text(f, command_rows[i].arguments);
		fputs("\n.br\n", f);
	}
	fputs(".B cosnic help\n[COMMAND]\n.br\n.B cosnic \\-\\-version\n", f);
	for (i = 0; i < N_COMMANDS; i++)
		command(f, (enum command_id)i);
	fputs(".SH EXIT STATUS\n", f);
	text(f, help_exit_status);
	fputs("\n.SH FILES\n.TP\n.I results/COMMAND/result.json\nwhat a run measured and was predicted, for programs; "
	      "result.txt is the table\n.SH ENVIRONMENT\n.TP\n.B COSNIC_LIB\n"
	      "the folder that holds fast/libsnic_sim.so and what else was built, in place of the program's own\n",
	      f);
}
