/* SPDX-License-Identifier: MIT */
/*
 * From the old root to safe storage. Runs in a child of PID 1; PID 1 sees
 * only its words.
 */
#ifndef PID1_TEARDOWN_H
#define PID1_TEARDOWN_H

#include <stdbool.h>

#include "base/clock.h"

enum storage_verdict {
	STORAGE_UNKNOWN,   /* the child said nothing */
	STORAGE_SAFE,      /* nothing mounted, synced, flushed */
	STORAGE_READ_ONLY, /* something mounted, but read-only; flushed */
	STORAGE_UNSAFE,    /* may hold data that is not on disk */
};

struct teardown_news {
	enum storage_verdict verdict; /* STORAGE_UNKNOWN: just a line */
	char text[200];
};

struct teardown_work {
	deadline_t until;
	bool park; /* and let the disks rest, once all is safe */
};

/**
 * The child: unmount, take apart what it lay on, make read-only what stays,
 * sync, flush, judge, park.
 */
int teardown_body(int fd, void *work);

/**
 * The child of last resort, when the other one hung or died: the kernel's
 * own emergency remount and sync, a flush, and the verdict.
 */
int teardown_emergency_body(int fd, void *work);

/** Nothing is lost if the load goes off now: unmounted, or read-only. */
bool teardown_is_safe(enum storage_verdict verdict);

const char *teardown_verdict_name(enum storage_verdict verdict);

#endif
