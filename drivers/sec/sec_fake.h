/* SPDX-License-Identifier: MIT */
/* UPSes of the SEC protocol and its relatives in memory. */
#ifndef SEC_SEC_FAKE_H
#define SEC_SEC_FAKE_H

#include <stdbool.h>

#include "link/line_fake.h"

struct sec_fake_dialect;

struct sec_fake {
	const struct sec_fake_dialect *dialect;
	char message[64];
	size_t len;
	char restart;        /* '1' with the mains, '2' by hand */
	char type;           /* of a shutdown: '1' its output, '2' all of it */
	int back_s;          /* 0: not told */
	const char *refuses; /* a command, or NULL */
	bool forgets;        /* accepts a cut, and counts nothing */
	bool rushes;         /* is off at once, whatever it was told */
	bool keeps_on;       /* accepts a cancel, and does nothing */
	bool hides;          /* does not know its alarms */
};

extern const struct line_fake_kind sec_fake_gamatronic;
extern const struct line_fake_kind sec_fake_belkin;
extern const struct line_fake_kind sec_fake_tripplitesu;

#endif
