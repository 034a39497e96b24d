/* SPDX-License-Identifier: MIT */
/* A UPS in memory behind modem lines. */
#ifndef CONTACT_CONTACT_FAKE_H
#define CONTACT_CONTACT_FAKE_H

#include "link/line_fake.h"

struct contact_fake {
	unsigned int power;  /* outputs that it has to have to tell */
	unsigned int online; /* an input, enum serial_line */
	bool online_is_high;
	unsigned int low; /* battery */
	bool low_is_high;
	unsigned int cut; /* outputs that order it, exactly; or: */
	bool is_cut_by_break;
	int hold_s; /* only an order that lasts is one */
	/* What it sees. */
	unsigned int lines;
	bool is_break;
};

/* A CyberPower Power99, upstype 7: "contact". */
extern const struct line_fake_kind contact_fake_kind;
/* A Powerware 5119, upstype 15: "contact-break". */
extern const struct line_fake_kind contact_fake_break;

#endif
