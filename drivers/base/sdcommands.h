/* SPDX-License-Identifier: MIT */
/*
 * The key `sdcommands` of ups.conf: what a UPS is to be told instead of the
 * driver's default, as a list of which the first that it can do counts.
 */
#ifndef BASE_SDCOMMANDS_H
#define BASE_SDCOMMANDS_H

#include "base/ups.h"

/** An item of the list. */
struct sdcommand {
	bool known; /* one that switches the load off; others are passed over */
	bool exact; /* not "shutdown.default": nothing else may be given */
	enum ups_command command;
	char name[48]; /* as the list has it, cut off if it is longer */
};

/**
 * Take the next item from *@list, which moves on; NULL or "" is the end.
 * Case does not matter, blanks around an item neither (networkupstools/nut,
 * drivers/main.c). Returns false at the end.
 */
bool sdcommands_next(const char **list, struct sdcommand *item);

#endif
