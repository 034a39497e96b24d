/* SPDX-License-Identifier: MIT */
/*
 * NUT's own driver programs, packed into the exitrd: where they are, what they
 * are given, and what their words are worth.
 */
#ifndef NUT_NUT_H
#define NUT_NUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/ups.h"

#define NUT_PATH_MAX 128
#define NUT_LINE_MAX 160
#define NUT_NAME_MAX 48
#define NUT_ARGS_MAX 12

/** A driver program, as it is called. */
struct nut_program {
	char name[NUT_NAME_MAX];
	char path[NUT_PATH_MAX];
	char loader[NUT_PATH_MAX]; /* that of its C library; "": it needs none */
	char libraries[NUT_PATH_MAX]; /* where that one looks */
	char folder[NUT_PATH_MAX];    /* for ups.conf and state; "": none yet */
};

/**
 * Find the driver program @name in the exitrd: in that which we run from, or
 * on the running system in the one that is staged. Returns 0 or -ENOENT.
 */
int nut_find_program(const char *name, struct nut_program *program);

/**
 * What the driver of ours for the section of @ups reads: the seconds until its
 * load goes off, or UPS_UNKNOWN_S. That driver may be the very one that
 * crashed or hung before, and so it is asked in a child.
 */
int nut_look(const struct ups *ups, deadline_t until);

/** Told each line of a program, without its end, cut to NUT_LINE_MAX. */
typedef void nut_hear(void *arg, const char *line);

/**
 * Run @program with the words @args (NULL at the end) until it ends, and all
 * that it started; at @until they are killed. It cannot outlive this process,
 * reads nothing, and knows no other environment than its folder. Returns its
 * wait status, -ETIMEDOUT, or another negative errno.
 */
int nut_run(const struct nut_program *program, const char *const *args,
	    nut_hear *hear, void *arg, deadline_t until);

/** What a driver that was called with -k has said so far. */
struct nut_word {
	bool began;             /* it has found its device */
	bool complained;        /* something went wrong after that */
	char bad[NUT_LINE_MAX]; /* the complaint, or the last before it began */
	char last[NUT_LINE_MAX];
	char usual[NUT_LINE_MAX]; /* what it says that it did */
};

/** Take one more line; a nut_hear() for a struct nut_word. */
void nut_word_hear(void *word, const char *line);

/**
 * What it amounts to, with the result of nut_run(): 0 if the driver says that
 * it has commanded the device, else the error, with a sentence in @ups. No exit
 * status makes that better than the words are: up to NUT 2.8.5 a driver that
 * failed ends with 0, and one that goes to the background with 1.
 */
int nut_word_judge(struct ups *ups, const struct nut_word *word,
		   const char *driver, int result);

/**
 * Write the section of @ups as the file @path that NUT's driver reads. The
 * keys that are ours, those that mean another place or user, and those that
 * are for NUT's other programs are left out.
 * Returns 0 or a negative errno.
 */
int nut_write_conf(struct ups *ups, const char *path);

#endif
