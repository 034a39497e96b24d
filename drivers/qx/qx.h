/* SPDX-License-Identifier: MIT */
/*
 * Q*: short commands of text, each ended by a CR. A question is answered by a
 * line of fixed columns, an order by an acknowledgement or by nothing at all.
 * Sources: Megatec's protocol 2.7; Voltronic Power's "PI" 1.3 and "QS" 2.0;
 * Best Power's and SOLA's; Salicru's IQ01301; all in networkupstools/
 * nut-website, protocols/. What else units do: networkupstools/nut,
 * drivers/nutdrv_qx*.c and blazer*.c.
 */
#ifndef QX_QX_H
#define QX_QX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ups.h"

/* The longest answer that is known has 130 characters. */
#define QX_ANSWER_MAX  160
#define QX_COMMAND_MAX 12

/* An answer begins within a second. A unit was seen to pause for half a second
 * in the midst of one. */
#define QX_FIRST_MS 1000
#define QX_GAP_MS   700
#define QX_WHOLE_MS 3000
#define QX_TRIES    3

struct qx_port;

/** Asking is all that the protocol needs; not every carrier has bytes. */
struct qx_port_ops {
	/**
	 * Say @command, text without its CR, and hear what is answered, any
	 * bytes, without its CR. Returns how many; 0 is silence, or an empty
	 * line. Errors: -ETIMEDOUT (@until came first), -ENODEV, -EIO.
	 */
	int (*ask)(struct qx_port *port, const char *command, char *answer,
		   size_t size, deadline_t until);

	/** Let go of it. */
	void (*close)(struct qx_port *port);
};

/** First member of what the carrier needs. */
struct qx_port {
	const struct qx_port_ops *ops;
};

/** Where the status bits are in an answer. */
enum qx_columns {
	QX_BITS,    /* Q1 and its like: b7 … b0 at column 38 */
	QX_QGS,     /* the last word: b11 … b0 */
	QX_LETTERS, /* the last word: letters for what is so */
	QX_BINARY,  /* QS of Voltronic's P and T: the tenth field, one byte */
};

enum qx_flag {
	QX_BARE_STAYS = 1,  /* S<n> stays off; elsewhere it returns */
	QX_NEVER_R = 2,     /* nothing may follow S<n> */
	QX_SETS_AUTO = 4,   /* An or Af before, Sf<n> to stay off */
	QX_NO_CUT = 8,      /* nothing switches it off and on again */
	QX_OF_BLAZER = 16,  /* NUT's blazer drivers know it */
	QX_NAMED = 32,      /* not looked for: cut as another one is */
	QX_SLOW = 64,       /* offdelay is 60 and ondelay 0 by default */
	QX_LAST_STAY = 128, /* S<n>R0000 does it when nothing else shows */
	QX_NO_DRILL = 256,  /* whether it heeds a cancel is not known */
};

/** A dialect. Its strings are inside, for a pointer costs more. */
struct qx_dialect {
	char name[17];  /* of `protocol`, as NUT spells it */
	char status[4]; /* the question */
	char cancel[3];
	char off[9];   /* off at once; "": by no command */
	char tell[3];  /* a question that tells it from others, or "" */
	char holds[3]; /* … whose answer holds one of these */
	uint8_t at; /* … there, as the series before a number; 0: anywhere */
	uint8_t len_min; /* … and is so long */
	uint8_t len_max;
	uint8_t columns;
	uint8_t minutes; /* of n, at most */
	uint16_t flags;
};

struct qx_status {
	bool on_battery;
	bool battery_low;
	bool is_active; /* a countdown runs, or the output is off */
};

enum qx_verdict {
	QX_ACCEPTED, /* it says so */
	QX_SILENT,   /* which many mean by it */
	QX_REFUSED,
	QX_UNSURE, /* only its status can tell */
};

/** 0, or -EPROTO when there are no such columns in @answer. */
int qx_parse_status(enum qx_columns columns, const char *answer, size_t len,
		    struct qx_status *status);

/** What an answer to the order @command means. */
enum qx_verdict qx_judge(const char *command, const char *answer, size_t len);

/**
 * Write @off_s as n of S<n>, rounded up to 6 s below a minute and to a minute
 * above, within .2 … .9 and 01 … @minutes. Returns the seconds that it means.
 */
int qx_encode_off(int off_s, int minutes, char code[3]);

/** The dialect called @name, whatever its case; NULL if there is none. */
const struct qx_dialect *qx_find_dialect(const char *name);

/**
 * Ask for the status, up to QX_TRIES times. Returns 0, -EPROTO for nonsense,
 * -ETIMEDOUT for silence, or ask()'s error.
 */
int qx_await_status(struct qx_port *port, const struct qx_dialect *dialect,
		    struct qx_status *status, deadline_t until);

/**
 * Find out which dialect it speaks, of all or of those @with_flag (0: of all),
 * and read its status. Returns NULL if none, with the reason in *@ret:
 * -EPROTO, -ETIMEDOUT when nothing was ever answered, or ask()'s error.
 */
const struct qx_dialect *qx_detect(struct qx_port *port, unsigned int with_flag,
				   struct qx_status *status, int *ret,
				   deadline_t until);

#endif
