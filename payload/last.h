/* SPDX-License-Identifier: MIT */
/*
 * What a boot leaves on the disk about its own end, for the next one: that it
 * began, and then that it was shut down in order, and why. Whatever comes
 * after that is in the record (record.h), for the disk is gone by then.
 */
#ifndef PAYLOAD_LAST_H
#define PAYLOAD_LAST_H

#include <stdbool.h>
#include <stdint.h>

#include "handover.h"

#define LAST_DIR "/var/lib/lastwatt"

struct last {
	char boot_id[HANDOVER_BOOT_ID_MAX];
	int64_t at_s;    /* the wall clock when it was written */
	bool is_stopped; /* a shutdown got as far as writing the handover */
	bool is_forced;  /* it was to command UPSes */
	bool is_drill;   /* it was to rehearse that */
	char reason[UPS_SENTENCE_MAX];
};

/**
 * This boot begins: what @dir says of another one becomes what is said of the
 * boot before. Returns 0 or a negative errno.
 */
int last_begin(const char *dir, const char *boot_id);

/** This boot ends as @last says. Returns 0 or a negative errno. */
int last_end(const char *dir, const struct last *last);

/**
 * What is known of the boot before @boot_id. Returns 0, -ENOENT if nothing
 * is, or -EBADMSG.
 */
int last_read(struct last *last, const char *dir, const char *boot_id);

#endif
