// SPDX-License-Identifier: MIT
/* Finds the command that was asked for and runs it; --help and --version. */
#include "cmd/cmd.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/kconfig.h"
#include "linked.h"

/* A command that is configured out leaves a hole. */
static const struct command *const cmd_table[] = {
	IS_ENABLED(CONFIG_COMMAND_CUT) ? &cmd_cancel : NULL,
	IS_ENABLED(CONFIG_COMMAND_CHECK) ? &cmd_check : NULL,
	IS_ENABLED(CONFIG_COMMAND_CUT) ? &cmd_cut : NULL,
	IS_ENABLED(CONFIG_COMMAND_DECODE) ? &cmd_decode : NULL,
	IS_ENABLED(CONFIG_COMMAND_DRILL) ? &cmd_drill : NULL,
	IS_ENABLED(CONFIG_COMMAND_FIRE) ? &cmd_fire : NULL,
	&cmd_handover,
	IS_ENABLED(CONFIG_COMMAND_LIST) ? &cmd_list : NULL,
	IS_ENABLED(CONFIG_COMMAND_PLAN) ? &cmd_plan : NULL,
	IS_ENABLED(CONFIG_COMMAND_REPORT) ? &cmd_report : NULL,
	IS_ENABLED(CONFIG_SCAN) ? &cmd_scan : NULL,
	&cmd_stage,
};

#define CMD_COMMANDS (sizeof(cmd_table) / sizeof(cmd_table[0]))

static const struct command *cmd_find(const char *name)
{
	for (size_t i = 0; i < CMD_COMMANDS; i++) {
		if (cmd_table[i] && !strcmp(cmd_table[i]->name, name))
			return cmd_table[i];
	}
	return NULL;
}

static void cmd_print_overview(FILE *stream)
{
	fputs("usage: lastwatt COMMAND [ARGUMENT…]\n"
	      "\n"
	      "The last program a machine runs before its UPS goes dark.\n"
	      "\n",
	      stream);
	for (size_t i = 0; i < CMD_COMMANDS; i++) {
		if (cmd_table[i])
			fprintf(stream, "  %-10s %s\n", cmd_table[i]->name,
				cmd_table[i]->summary);
	}
	fputs("\n"
	      "lastwatt COMMAND --help tells more, lastwatt --version the "
	      "version.\n"
	      "It exits with 0 if all is well, 1 if it failed, 2 if it was "
	      "called wrongly.\n",
	      stream);
}

static int cmd_print_help(const struct command *command)
{
	printf("usage: lastwatt %s%s%s\n\n%s\nExamples:\n%s", command->name,
	       *command->usage ? " " : "", command->usage, command->help,
	       command->examples);
	return CMD_OK;
}

int cmd_fail(const struct command *command, const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "lastwatt %s: ", command->name);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	return CMD_FAILED;
}

static void cmd_say_report(void *arg, const char *file, int line,
			   const char *sentence)
{
	(void)arg;
	(void)file; /* the sentence names it, */
	(void)line; /* and its line */
	fprintf(stderr, "lastwatt: %s\n", sentence);
}

const struct conf_report cmd_on_stderr = { .say = cmd_say_report };

/** The option that @word names, and where its "=VALUE" begins, if it does. */
static const struct cmd_option *
cmd_match_option(const struct cmd_option *options, const char *word,
		 const char **value)
{
	size_t len = strcspn(word, "=");

	*value = word[len] ? word + len + 1 : NULL;
	for (; options && options->name; options++) {
		if (strlen(options->name) == len &&
		    !strncmp(options->name, word, len))
			return options;
	}
	return NULL;
}

static int cmd_misused(const char *name, const char *what, const char *word)
{
	fprintf(stderr, "lastwatt %s: %s%s; see lastwatt %s --help\n", name,
		what, word, name);
	return CMD_USAGE;
}

int cmd_parse_words(int argc, char **argv, const struct cmd_option *options,
		    int most, const char **operand, int *count)
{
	const struct cmd_option *option;
	const char *value;

	*count = 0;
	for (int i = 1; i < argc; i++) {
		if (strncmp(argv[i], "--", 2)) {
			if (*count == most)
				return cmd_misused(
					argv[0], "one word too many: ", argv[i]);
			operand[(*count)++] = argv[i];
			continue;
		}
		option = cmd_match_option(options, argv[i] + 2, &value);
		if (!option)
			return cmd_misused(argv[0], "unknown option ", argv[i]);
		if (option->bare && value)
			return cmd_misused(argv[0], "no value belongs to ",
					   argv[i]);
		if (option->bare)
			value = "";
		else if (!value && i + 1 < argc)
			value = argv[++i];
		if (!value)
			return cmd_misused(argv[0], "a value is missing after ",
					   argv[i]);
		*option->value = value;
	}
	return CMD_OK;
}

int cmd_parse_options(int argc, char **argv, const struct cmd_option *options,
		      int operands, const char **operand)
{
	int count;
	int ret =
		cmd_parse_words(argc, argv, options, operands, operand, &count);

	if (!ret && count < operands)
		return cmd_misused(argv[0], "an argument is missing", "");
	return ret;
}

bool cmd_parse_cut(const struct command *command, const char *word,
		   enum ups_command *cut)
{
	for (*cut = UPS_RETURN; *cut <= UPS_OFF; ++*cut) {
		if (!strcmp(word, ups_command_name(*cut)))
			return true;
	}
	cmd_fail(command, "%s is none of return, stayoff and off", word);
	return false;
}

static bool cmd_wants_help(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h"))
			return true;
	}
	return false;
}

static int cmd_run(int argc, char **argv)
{
	const struct command *command;

	if (argc < 2) {
		cmd_print_overview(stderr);
		return CMD_USAGE;
	}
	if (!strcmp(argv[1], "--version")) {
		puts("lastwatt " LASTWATT_VERSION "\nwith " LASTWATT_LINKED);
		return CMD_OK;
	}
	command = cmd_find(argv[1]);
	if (command) {
		if (cmd_wants_help(argc - 1, argv + 1))
			return cmd_print_help(command);
		return command->run(argc - 1, argv + 1);
	}
	if (cmd_wants_help(argc, argv)) {
		cmd_print_overview(stdout);
		return CMD_OK;
	}
	fprintf(stderr, "lastwatt: no such command: %s; see lastwatt --help\n",
		argv[1]);
	return CMD_USAGE;
}

/** By its name; what is behind it ("lastwatt-fire.finalrd") does not count. */
static bool cmd_is_hook(const char *path)
{
	const char *slash = strrchr(path, '/');

	return IS_ENABLED(CONFIG_COMMAND_FIRE) &&
	       !strncmp(slash ? slash + 1 : path, FIRE_HOOK_NAME,
			strlen(FIRE_HOOK_NAME));
}

int cmd_main(int argc, char **argv)
{
	int ret = argc && cmd_is_hook(argv[0]) ? fire_as_hook(argc, argv)
					       : cmd_run(argc, argv);

	if (fflush(stdout) || ferror(stdout)) {
		fputs("lastwatt: cannot write to the standard output\n", stderr);
		return ret ? ret : CMD_FAILED;
	}
	return ret;
}
