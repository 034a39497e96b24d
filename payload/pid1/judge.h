/* SPDX-License-Identifier: MIT */
/* Is storage safe? A conclusion from facts, and nothing is assumed. */
#ifndef PID1_JUDGE_H
#define PID1_JUDGE_H

#include <stdbool.h>
#include <stddef.h>

#include "pid1/teardown.h"

/** What was seen at the end. */
struct judge_facts {
	bool table_read;   /* the mount table: without it nothing is known */
	size_t data;       /* mounts that hold data */
	size_t writable;   /* of these, with a writable super block */
	char left[120];    /* their names */
	char claimed[64];  /* a disk that somebody uses, "" if none */
	char dirty_md[64]; /* an MD array that is not clean, "" if none */
	bool frozen; /* the kernel made all there is read-only, seen or not */
	bool lost;   /* a device without a path was made to fail */
	bool synced;
	bool flushed;
	int disks;
	char why[120];       /* what failed of these two */
	const char *cut_off; /* a remote file system, NULL if none was */
};

/** The verdict and its reason. */
void judge_storage(const struct judge_facts *facts, struct teardown_news *news);

#endif
