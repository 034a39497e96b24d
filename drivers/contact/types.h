/* SPDX-License-Identifier: MIT */
/*
 * Which line means what, for every cable that NUT's genericups knows. Source:
 * networkupstools/nut, drivers/genericups.h, as it runs in 2.8.0; where the
 * manual page says something else, README.md tells.
 */
#ifndef CONTACT_TYPES_H
#define CONTACT_TYPES_H

#include "link/serial.h"

/* Beside the lines of enum serial_line, for outputs only: a break (ST). */
#define CONTACT_BREAK 0x100
/* Instead of lines: nothing orders a cut, or nobody knows what. */
#define CONTACT_NONE  0x200

/** Inputs that tell something: those of @mask are exactly @level. */
struct contact_signal {
	unsigned int mask; /* 0: nothing tells */
	unsigned int level;
};

/** A cable, and what is at its end. */
struct contact_type {
	unsigned int power; /* outputs that feed the cable: CP */
	struct contact_signal online;
	struct contact_signal low; /* battery */
	unsigned int cut;          /* outputs that order it, exactly: SD */
};

/** The row of @upstype, or NULL. */
const struct contact_type *contact_find_type(int upstype);

/** The highest upstype. */
int contact_last_type(void);

/**
 * Parse outputs as in CP and SD: "DTR+RTS", "ST" for a break, "-DTR" or NULL
 * for what is low anyway. Returns 0, or -EINVAL with @word at what is none.
 */
int contact_parse_outputs(const char *text, unsigned int *lines,
			  const char **word);

/** The same for inputs, as in OL and LB: "-CTS" is a line that is low. */
int contact_parse_inputs(const char *text, struct contact_signal *signal,
			 const char **word);

#endif
