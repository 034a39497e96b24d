/* SPDX-License-Identifier: MIT */
/*
 * What one power-off leaves for the next boot: small enough for a variable of
 * the firmware, and made so that half of one is told from a whole.
 */
#ifndef PAYLOAD_RECORD_H
#define PAYLOAD_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ups.h"
#include "pid1/teardown.h"
#include "plan.h"

#define RECORD_BYTES_MAX 128
#define RECORD_UPS_MAX   4  /* that have a place of their own */
#define RECORD_NAME_MAX  12 /* of a longer name the beginning */
#define RECORD_BOOT_MAX  16
#define RECORD_STAGES    7 /* of the table, from the first */

/** What became of a UPS. */
enum record_result {
	RECORD_PENDING,   /* it was about to be commanded */
	RECORD_FAILED,    /* it was not commanded */
	RECORD_DOUBTFUL,  /* perhaps it was, nobody could tell */
	RECORD_SENT,      /* it acknowledged */
	RECORD_CONFIRMED, /* it showed that it counts down, or is off */
	RECORD_READY,     /* a drill: it could have been commanded */
	RECORD_TRIED,     /* a drill: commanded, and taken back */
};

struct record_ups {
	char name[RECORD_NAME_MAX + 1];
	enum record_result result;
	enum ups_command given; /* of those that were commanded */
	int off_after_s;        /* or UPS_UNKNOWN_S */
	int on_after_s;
};

struct record {
	uint8_t boot[RECORD_BOOT_MAX]; /* the kernel's id of that boot */
	enum verb verb;
	enum storage_verdict storage;
	bool is_drill;     /* nothing was to be cut */
	bool is_still_on;  /* it waited for the dark, which did not come */
	bool is_over;      /* of the cut; else it was about to begin */
	uint32_t safe_ms;  /* since PID 1 began: storage had its verdict */
	uint32_t ended_ms; /* the cut stage was over; 0 while it was not */
	uint32_t stage_ms[RECORD_STAGES]; /* each was over; 0: not run */
	int upses;                        /* that were to be commanded */
	int failed; /* of these; also those without a place here */
	struct record_ups ups[RECORD_UPS_MAX];
};

/** The 16 bytes of a boot id as the kernel prints it; false if it is none. */
bool record_parse_boot(const char *text, uint8_t boot[RECORD_BOOT_MAX]);

/** As bytes: a version, a length, and a CRC-32 at the end. Returns how many. */
size_t record_pack(const struct record *record, uint8_t bytes[RECORD_BYTES_MAX]);

/** And back; -EBADMSG for what record_pack() does not make. */
int record_unpack(struct record *record, const uint8_t *bytes, size_t len);

/** Was a UPS with this result commanded, so that its delays say something? */
bool record_was_commanded(enum record_result result);

const char *record_result_name(enum record_result result);

#endif
