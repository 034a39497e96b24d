/* SPDX-License-Identifier: MIT */
/* An upsd with one UPS, called "far". */
#ifndef UPSD_UPSD_FAKE_H
#define UPSD_UPSD_FAKE_H

#include "link/net_fake.h"

#define UPSD_FAKE_USER     "boss"
#define UPSD_FAKE_PASSWORD "a \"b\\#"

/** What of the line goes wrong that net_fake knows nothing of. */
enum upsd_fake_manner {
	UPSD_FAKE_MANNERLY,
	UPSD_FAKE_ENDLESS, /* its lists have no end */
	UPSD_FAKE_LONG,    /* its lines have none */
	UPSD_FAKE_CHATTER, /* it says twice what it has to say */
};

struct upsd_fake {
	/* Commands it offers, with blanks between; and what its user may. */
	const char *offers, *allows;
	const char *error;  /* said to all that needs the driver, or NULL */
	const char *result; /* of a command, when it is tracked */
	int pending;        /* so often it is asked for before that */
	bool is_old;        /* upsd before 2.8: no tracking */
	bool has_timer;     /* of the UPS: ups.timer.shutdown */
	bool counts_on;     /* takes a shutdown.stop, and does nothing */
	int stuck_s;        /* what that says; 0: the countdown */
	bool fixed;         /* ups.delay.shutdown cannot be set */
	int delay_s;        /* it is this */
	enum upsd_fake_manner manner;
	/* Of the connection. */
	bool is_user, is_known, tracks;
	bool is_forced; /* a primary has said FSD */
	size_t len;
	char line[1024];
	/* All lines that it heard. */
	char heard[4096];
};

extern const struct net_fake_kind upsd_fake_kind;

#endif
