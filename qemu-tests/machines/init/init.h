/* SPDX-License-Identifier: MIT */
/* What the parts of the bench's small init share. */
#ifndef INIT_H
#define INIT_H

#include <stdbool.h>

#define COMMANDS_MAX 16

/** The file /rig.conf of the initrd: "key value" lines. */
struct settings {
	char text[16384];
	bool exec;          /* become /sbin/init */
	int systemd;        /* whose handover: 252, 257, 262 */
	const char *verb;   /* "none": no argument at all */
	const char *argv;   /* instead of all arguments, or NULL */
	bool wait;          /* for a line "go" */
	const char *root;   /* the layout of the disk, or NULL: plain ext4 */
	const char *layout; /* "make" or "check" it and switch off, or NULL */
	int usb;            /* devices that must have appeared */
	const char *before[COMMANDS_MAX + 1];
	const char *process[COMMANDS_MAX + 1];
	const char *after[COMMANDS_MAX + 1];
	const char *again[COMMANDS_MAX + 1];
};

/** A line on the console, with "rig: " in front. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** Say why nothing can go on, and switch off. */
_Noreturn void give_up(const char *what);

/** The number of this boot, from the kernel's command line: 1 for the first. */
int boot_number(void);

/** Do what there is to do in the initrd of others. As PID 1 it becomes theirs. */
int join_initrd(void);

/** Copy the tree @from over @to: fresh times, root's own, modes kept. */
void lay_tree(const char *from, const char *to);

/** Load /modules/… as /modules/order says. */
void load_modules(void);

/** Make the console that the bench hears standard input, output and error. */
void open_console(void);

/** Run a shell command and wait for it. Returns its exit code. */
int run_shell(const char *command);

/** Play systemd-shutdown down to /shutdown. Does not return. */
_Noreturn void play_shutdown(const struct settings *settings);

#endif
