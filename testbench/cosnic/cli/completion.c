/* SPDX-License-Identifier: BSD-2-Clause */
/* Completion for bash: commands, their options, and the values that an option may have. */
#include <string.h>

#include "cosnic.h"
#include "help.h"

static void suite(void *f, const char *name, const char *what)
{
	(void)what;
	fprintf(f, " %s", name);
}

static void value(FILE *f, const char *command, const struct option_row *r)
{
	bool files = strstr(r->value, "FILE") || strstr(r->value, "DIR") || strstr(r->value, "SCRIPT");
	bool words = strchr(r->value, '|') && !strpbrk(r->value, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	const char *p;

	fprintf(f, "\t%s:--%s", command, r->name);
	if (r->letter)
		fprintf(f, " | %s:-%c", command, r->letter);
	fputs(") ", f);
	if (words) {
		fputs("words=\"", f);
		for (p = r->value; *p; p++)
			fputc(*p == '|' ? ' ' : *p, f);
		fputs("\" ;;\n", f);
	} else {
		fputs(files ? "files=1 ;;\n" : ";;\n", f);
	}
}

/* bench takes settings: the options of replay and gen are its own too. */
static bool takes(enum command_id command, const struct option_row *r)
{
	unsigned int commands = r->commands;

	if (commands & (1u << CMD_REPLAY | 1u << CMD_GEN))
		commands |= 1u << CMD_BENCH;
	return commands >> command & 1;
}

void help_completion(FILE *f)
{
	unsigned int c, i;

	fputs("# SPDX-License-Identifier: BSD-2-Clause\n"
	      "# bash completion for cosnic; made by `cosnic help --completion`.\n"
	      "_cosnic() {\n"
	      "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} words='' files=''\n"
	      "\tCOMPREPLY=()\n"
	      "\t[[ $cur != = ]] || cur=\n"
	      "\t[[ $prev != = ]] || prev=${COMP_WORDS[COMP_CWORD - 2]}\n"
	      "\tif [[ $COMP_CWORD -eq 1 ]]; then\n"
	      "\t\tprev=\n"
	      "\tfi\n"
	      "\tcase ${COMP_WORDS[1]}:$prev in\n"
	      "\t*:) words=\"",
	      f);
	for (c = 0; c < N_COMMANDS; c++)
		fprintf(f, "%s ", command_rows[c].name);
	fputs("help --help --version\" ;;\n\thelp:*) words=\"", f);
	for (c = 0; c < N_COMMANDS; c++)
		fprintf(f, c ? " %s" : "%s", command_rows[c].name);
	fputs("\" ;;\n\tbench:bench) words=\"", f);
	bench_suites(suite, f);
	fputs("\" ;;\n", f);
	for (c = 0; c < N_COMMANDS; c++)
		for (i = 0; i < N_OPTIONS; i++)
			if (option_rows[i].value && takes((enum command_id)c, &option_rows[i]))
				value(f, command_rows[c].name, &option_rows[i]);
	for (c = 0; c < N_COMMANDS; c++) {
		fprintf(f, "\t%s:*) files=1 words=\"", command_rows[c].name);
		for (i = 0; i < N_OPTIONS; i++)
			if (takes((enum command_id)c, &option_rows[i]))
				fprintf(f, "--%s ", option_rows[i].name);
		fputs("--help\" ;;\n", f);
	}
	fputs("\tesac\n"
	      "\tif [[ -n $words && ( -z $files || $cur == -* ) ]]; then\n"
	      "\t\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
	      "\telif [[ -n $files ]]; then\n"
	      "\t\tcompopt -o default 2> /dev/null\n"
	      "\tfi\n"
	      "}\n"
	      "complete -F _cosnic cosnic\n",
	      f);
}
