/* SPDX-License-Identifier: MIT */
/*
 * APC's smart signalling, word by word. Sources: networkupstools/nut-website,
 * protocols/apcsmart.txt; apcupsd 3.14.14, doc/manual/smartprotocol.rst.
 *
 * A question is one character, its answer a line. Between them the UPS says
 * single characters by itself: mains failed, battery low.
 */
#ifndef APCSMART_WORDS_H
#define APCSMART_WORDS_H

#include <stdbool.h>

#include "link/bytes.h"

enum apcsmart_character {
	APCSMART_ESCAPE = 0x1b, /* out of a command that was begun */
	APCSMART_ABORT = 0x7f,  /* @, S and K, while in grace */
	APCSMART_REGISTER = '8',
	APCSMART_HIBERNATE = '@',
	APCSMART_SHUT = 'K',
	APCSMART_STATUS = 'Q',
	APCSMART_SOFT = 'S',
	APCSMART_FAIL = 'U', /* pretend that mains does */
	APCSMART_SMART = 'Y',
	APCSMART_OFF = 'Z',
	APCSMART_COMMANDS = 'a',
	APCSMART_GRACE = 'p', /* s until it is off */
	APCSMART_WAKE = 'r',  /* s from the mains until it is on */
};

/* Bits of the answer to APCSMART_STATUS. */
#define APCSMART_ON_LINE     0x08
#define APCSMART_ON_BATTERY  0x10
#define APCSMART_BATTERY_LOW 0x40

/* Of that to APCSMART_REGISTER: on its way off, by @ or S. */
#define APCSMART_HIBERNATING 0x08
#define APCSMART_SHUTTING    0x10

#define APCSMART_ANSWER_MS  1500
#define APCSMART_ANSWER_MAX 160

enum apcsmart_sort {
	APCSMART_TEXT,
	APCSMART_LIST,  /* of commands: nothing in it is said by itself */
	APCSMART_ORDER, /* a lone * means OK */
};

/**
 * Read the line that answers; without what the UPS says by itself. Returns its
 * length, > 0, -ETIMEDOUT, -EPROTO if it is too long, or the line's error.
 */
int apcsmart_read(struct byte_link *link, enum apcsmart_sort sort,
		  char answer[APCSMART_ANSWER_MAX], deadline_t until);

/** Ask with one character, and read the answer; APCSMART_ANSWER_MS. */
int apcsmart_ask(struct byte_link *link, char question, enum apcsmart_sort sort,
		 char answer[APCSMART_ANSWER_MAX], deadline_t until);

/** Make it listen, whatever it is at. 0, -ETIMEDOUT, or the line's error. */
int apcsmart_wake(struct byte_link *link, deadline_t until);

/** An answer of two hex digits, like "08"; or -EPROTO. */
int apcsmart_bits(const char *answer);

/** An answer of decimal digits, like "020"; or -EPROTO. */
int apcsmart_number(const char *answer);

/**
 * The commands in an answer to APCSMART_COMMANDS, which is protocol, alerts
 * and commands, with a dot between them; NULL if it is none.
 */
char *apcsmart_commands(char *answer);

/** Does an order's answer say that it will? */
bool apcsmart_is_ok(const char *answer);

#endif
