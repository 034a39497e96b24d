/* SPDX-License-Identifier: MIT */
/* One order to switch off, with the pauses that it needs. */
#ifndef APCSMART_METHODS_H
#define APCSMART_METHODS_H

#include "apcsmart/section.h"
#include "apcsmart/words.h"

/** What an order is made of. */
struct apcsmart_order {
	struct byte_link *link;
	const struct apcsmart_section *section;
	const char *digits; /* of @nnn */
	bool is_on_line;
};

/**
 * Give it, by enum apcsmart_method. Returns 0 when the UPS said that it will,
 * or has nothing to say (Z); -EPROTO if it refused, -ETIMEDOUT if it was
 * silent or @until came, or the line's error.
 */
int apcsmart_give(const struct apcsmart_order *order, char method,
		  deadline_t until);

/** The character that has to be in the UPS's list of commands for it. */
char apcsmart_needs(char method);

#endif
