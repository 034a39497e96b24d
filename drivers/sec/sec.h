/* SPDX-License-Identifier: MIT */
/*
 * The protocol of System Enhancement Corporation, and what Belkin and Tripp
 * Lite made of it. Sources: "UPS Standard Protocol" 2.6 (1995) and the page on
 * Belkin's Regulator Pro, both in networkupstools/nut-website, protocols/;
 * networkupstools/nut, drivers/gamatronic.c, belkin.c and tripplitesu.c.
 *
 *   head | P or S | length, 3 digits | command, 3 letters | value …
 *
 * P asks and is answered with head, D, length and the values, S sets and is
 * answered with head and a letter. Nothing ends a message.
 */
#ifndef SEC_SEC_H
#define SEC_SEC_H

#include "link/serial.h"

#define SEC_DATA_MAX 255

/* Where they stand among the alarms and among the battery's values. */
#define SEC_ALARM_INPUT_BAD 1
#define SEC_ALARM_PENDING   13
#define SEC_BATTERY_LOW     1

/** One of the relatives: how it frames, and what it calls things. */
struct sec_row {
	const char *nut_name;
	struct serial_settings settings;
	const int *speeds; /* to try after that one, 0 at the end */
	int gap_ms;        /* after each byte */
	const char *head;
	char accepted, refused, comma;
	const char *maker, *alarms, *battery; /* to be asked */
	const char *restart; /* how it starts again: 1 with the mains, 2 not */
	const char *type;    /* set before a cut, or NULL */
	const char *back;    /* set before a cut that ends, or NULL */
	const char *off;     /* with seconds: the cut */
	const char *cancel;  /* the whole of it */
	bool stays;          /* can be told to stay off */
	int on_after_s;
};

/** The row of the section's `driver`. */
const struct sec_row *sec_find_row(const struct ups *ups);

#endif
