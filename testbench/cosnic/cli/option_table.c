/* SPDX-License-Identifier: BSD-2-Clause */
/* The rows of commands.def and options.def, and getopt_long() by them. */
#include <getopt.h>
#include <string.h>

#include "options.h"
#include "suggest.h"

const struct command_row command_rows[N_COMMANDS] = {
#define COMMAND(id, name, word, arguments, what) { word, arguments, what },
#define TOOL COMMAND
#include "commands.def"
#undef COMMAND
#undef TOOL
};

/* in_NAME of options.def */
enum {
#define COMMAND(id, name, word, arguments, what) in_##name = 1 << CMD_##id,
#define TOOL COMMAND
#include "commands.def"
#undef COMMAND
#undef TOOL
};

const struct option_row option_rows[N_OPTIONS] = {
#define OPTION(id, letter, name, value, commands, section, help, action)                                     \
	{ OPT_##id, letter, name, value, commands, section, help },
#define TOOL_OPTION(id, letter, name, value, commands, section, help)                                        \
	{ OPT_##id, letter, name, value, commands, section, help },
#include "options.def"
#undef OPTION
#undef TOOL_OPTION
};

enum command_id command_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < N_COMMANDS && strcmp(command_rows[i].name, name) != 0; i++)
		;
	return (enum command_id)i;
}

static bool belongs(const struct option_row *row, enum command_id command)
{
	return row->commands >> command & 1;
}

const struct option_row *option_find(const char *command, const char *name)
{
	enum command_id id = command_find(command);
	unsigned int i;

	for (i = 0; i < N_OPTIONS; i++)
		if (belongs(&option_rows[i], id) && !strcmp(option_rows[i].name, name))
			return &option_rows[i];
	return NULL;
}

int unknown_option(const char *command, const char *word)
{
	size_t length = strcspn(word, "=");
	struct suggestion s = { 0 };
	char name[64];
	unsigned int i;

	word += 2;
	length -= 2;
	if (length < sizeof(name)) {
		memcpy(name, word, length);
		name[length] = 0;
		for (i = 0; i < N_OPTIONS; i++)
			if (!strcmp(option_rows[i].name, name))
				return usage_error(command, "option %s is not for this command", name);
		for (i = 0; i < N_OPTIONS; i++)
			if (belongs(&option_rows[i], command_find(command)))
				suggest(&s, name, option_rows[i].name);
	}
	return s.best ? usage_error(command, "--%.*s: no such option; did you mean --%s?", (int)length, word,
				    s.best)
		      : usage_error(command, "--%.*s: no such option", (int)length, word);
}

static int unknown_letter(const char *command, int letter)
{
	unsigned int i;

	for (i = 0; i < N_OPTIONS; i++)
		if (option_rows[i].letter == letter)
			return usage_error(command, "option -%c is not for this command", letter);
	return usage_error(command, "-%c: no such option", letter);
}

int options_next(const char *command, int argc, char **argv)
{
	struct option longs[N_OPTIONS + 1] = { 0 };
	char letters[2 * N_OPTIONS + 2] = ":", *l = letters + 1;
	enum command_id id = command_find(command);
	unsigned int i, n = 0;
	int c;

	for (i = 0; i < N_OPTIONS; i++) {
		const struct option_row *row = &option_rows[i];

		if (!belongs(row, id))
			continue;
		longs[n].name = row->name;
		longs[n].has_arg = row->value ? required_argument : no_argument;
		longs[n++].val = row->id;
		if (row->letter) {
			*l++ = row->letter;
			if (row->value)
				*l++ = ':';
		}
	}
	opterr = 0;
	c = getopt_long(argc, argv, letters, longs, NULL);
	if (c == ':')
		usage_error(command, "%s needs a value", argv[optind - 1]);
	else if (c == '?' && optopt > OPT_BEFORE_FIRST)
		usage_error(command, "%s: the option takes no value", argv[optind - 1]);
	else if (c == '?' && optopt)
		unknown_letter(command, optopt);
	else if (c == '?')
		unknown_option(command, argv[optind - 1]);
	if (c == ':' || c == '?')
		return 0;
	for (i = 0; c > 0 && c <= OPT_BEFORE_FIRST && i < N_OPTIONS; i++)
		if (belongs(&option_rows[i], id) && option_rows[i].letter == c)
			return option_rows[i].id;
	return c;
}
