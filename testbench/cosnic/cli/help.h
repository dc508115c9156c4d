/* SPDX-License-Identifier: BSD-2-Clause */
/* What cosnic says of itself, all of it made of commands.def and options.def. */
#ifndef COSNIC_HELP_H
#define COSNIC_HELP_H

#include <stdio.h>

#include "options.h"

/* cosnic help [COMMAND | --man | --completion]. Returns an enum exit_status. */
int help_main(int argc, char **argv);

void help_overview(FILE *f);
void help_command(FILE *f, enum command_id command);
void help_manpage(FILE *f);
void help_completion(FILE *f);

/* "cosnic: WORD: no such command", with what may have been meant. EXIT_USAGE. */
int help_no_command(const char *word);

/* What stands behind the options of a command, a paragraph; NULL: nothing. */
const char *help_note(enum command_id command);
extern const char help_exit_status[];

#endif
