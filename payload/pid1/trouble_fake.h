/* SPDX-License-Identifier: MIT */
/*
 * Trouble for PID 1 in a world of its own: processes that molest it, a kernel
 * that refuses, a root that lacks what one relies on.
 */
#ifndef PID1_TROUBLE_FAKE_H
#define PID1_TROUBLE_FAKE_H

#include <stdbool.h>

#define TROUBLE_CALLS_MAX 8

/** A system call that fails, in PID 1 and all that it starts. */
struct trouble_call {
	long number; /* 0: none */
	int error;
};

struct trouble {
	bool signals; /* every signal to PID 1, all the time */
	bool stops;   /* SIGSTOP to everybody else, all the time */
	bool keys;    /* Ctrl-C on a console that others have open, too */
	bool no_proc; /* nothing is mounted there, nor can it be */
	bool no_dev;  /* an empty folder */
	bool dev_read_only;
	bool few_files;  /* all descriptors that it may have are in use */
	int uptime_days; /* of a machine that runs for long */
	int limit_ms;    /* it is over then, and killed; 0: as always */
	struct trouble_call fails[TROUBLE_CALLS_MAX];
};

/** Before its processes are there: another time. */
void trouble_set_clock(const struct trouble *trouble);

/** In its root, before PID 1 becomes the program. False if it cannot be. */
bool trouble_begin(const struct trouble *trouble);

#endif
