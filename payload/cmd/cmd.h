/* SPDX-License-Identifier: MIT */
/*
 * The commands of the running system. Each is one file with one const struct
 * command; the table in cmd.c lists them.
 */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include <stdbool.h>

#include "base/conf.h"
#include "base/ups.h"

#define LASTWATT_VERSION "0.1.0"

/** What the program exits with, and what run() returns. */
enum cmd_exit {
	CMD_OK = 0,
	CMD_FAILED = 1, /* said why on stderr */
	CMD_USAGE = 2,  /* called wrongly; nothing was done */
};

/** One command. `--help` behind its name is answered by cmd_main(). */
struct command {
	const char *name;
	const char *summary;  /* one line for `lastwatt --help` */
	const char *usage;    /* its arguments: "[--root DIR]", or "" */
	const char *help;     /* what it does; whole lines */
	const char *examples; /* lines that can be typed as they are */

	/** argv[0] is the name. Returns one of enum cmd_exit. */
	int (*run)(int argc, char **argv);
};

extern const struct command cmd_cancel;
extern const struct command cmd_check;
extern const struct command cmd_cut;
extern const struct command cmd_decode;
extern const struct command cmd_drill;
extern const struct command cmd_fire;
extern const struct command cmd_handover;
extern const struct command cmd_list;
extern const struct command cmd_plan;
extern const struct command cmd_report;
extern const struct command cmd_scan;
extern const struct command cmd_stage;

/** "--name VALUE" or "--name=VALUE"; *value keeps its default if absent. */
struct cmd_option {
	const char *name; /* without the dashes; NULL ends a list */
	const char **value;
	bool bare; /* "--name" alone, which makes *value "" */
};

/**
 * Take the options out of @argv. What remains must be exactly @operands
 * words, which are stored at @operand. Returns CMD_OK or, having said what
 * is wrong, CMD_USAGE.
 */
int cmd_parse_options(int argc, char **argv, const struct cmd_option *options,
		      int operands, const char **operand);

/** The same for at most @most words; *@count says how many there were. */
int cmd_parse_words(int argc, char **argv, const struct cmd_option *options,
		    int most, const char **operand, int *count);

/** "return", "stayoff" or "off"; false after saying that it is neither. */
bool cmd_parse_cut(const struct command *command, const char *word,
		   enum ups_command *cut);

/** Say "lastwatt NAME: …" on stderr and return CMD_FAILED. */
int cmd_fail(const struct command *command, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** Tells what is wrong in NUT's files on stderr. */
extern const struct conf_report cmd_on_stderr;

/* Its name where systemd-shutdown runs all files of a folder with the verb. */
#define FIRE_HOOK_NAME "lastwatt-fire"

/** `lastwatt fire --reboot VERB` under that name; other words do nothing. */
int fire_as_hook(int argc, char **argv);

/** The program when it is not PID 1. Returns one of enum cmd_exit. */
int cmd_main(int argc, char **argv);

#endif
