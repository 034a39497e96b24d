/* SPDX-License-Identifier: MIT */
/*
 * What a section of ups.conf says about the way to cut, with the keys of NUT's
 * apcsmart and apcsmart-old.
 */
#ifndef APCSMART_SECTION_H
#define APCSMART_SECTION_H

#include "base/ups.h"

/** Ways to order a cut. */
enum apcsmart_method {
	APCSMART_BY_SOFT = 'S',      /* S: on battery only */
	APCSMART_BY_HIBERNATE = '@', /* @nnn */
	APCSMART_BY_TWO = '2',       /* @nn, of which one hears */
	APCSMART_BY_SHUT = 'K',      /* K K: stays off */
	APCSMART_BY_OFF = 'Z',       /* Z Z: at once, stays off */
	APCSMART_BY_FAIL = 'U',      /* on line U before S */
};

#define APCSMART_METHODS_MAX 8

struct apcsmart_section {
	/* Methods, in turn, on battery and on line. */
	char battery[APCSMART_METHODS_MAX];
	char line[APCSMART_METHODS_MAX];
	int own;        /* so many are the section's or NUT's, the rest ours */
	char digits[4]; /* nnn, "" if the section says nothing */
	char two[3];    /* nn */
	int fail_ms;    /* between U and S */
	int begin_ms;   /* between @ and its digits */
};

/** Returns 0, or -EINVAL with a sentence. */
int apcsmart_read_section(struct ups *ups, struct apcsmart_section *section);

#endif
