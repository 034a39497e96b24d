/* SPDX-License-Identifier: MIT */
/* A Smart-UPS in memory. */
#ifndef APCSMART_APCSMART_FAKE_H
#define APCSMART_APCSMART_FAKE_H

#include <stdbool.h>

#include "apcsmart/words.h"
#include "link/line_fake.h"

struct apcsmart_fake {
	bool is_smart;         /* it was told Y */
	bool is_old;           /* silent where others say NA, and * for OK */
	bool takes_two;        /* digits of @ */
	char answer[256][128]; /* to questions; "": it does not know them */
	int grace_s;
	/* What it is in. */
	char begun; /* K or Z, and when; or @ and its digits */
	int64_t begun_at_ms;
	char digits[4];
	int count;
	int64_t failing_at_ms; /* U was given; 0: no */
	char going;            /* the order that stands, or 0 */
	/* How it misbehaves. */
	bool refuses;       /* every order */
	bool has_no_soft;   /* S is refused */
	bool ignores_off;   /* Z is heard and nothing happens */
	bool mains_returns; /* just when it hears S */
	bool chatters;      /* says how it is in the middle of answers */
};

/* Answers like the Smart-UPS 420 of testdata/, whose orders nobody recorded. */
extern const struct line_fake_kind apcsmart_fake_kind; /* "apcsmart" */
/* One of the years before there was a list of commands. */
extern const struct line_fake_kind apcsmart_fake_old; /* "apcsmart-old" */

#endif
