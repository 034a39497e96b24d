/* SPDX-License-Identifier: MIT */
/* The parts of `lastwatt drill`. */
#ifndef CMD_DRILL_PARTS_H
#define CMD_DRILL_PARTS_H

#include "cmd/cmd.h"
#include "handover.h"

struct drill {
	const char *root; /* all paths are below it; "" for this system */
	bool is_json;
	bool arms;
	bool goes_on;    /* level 1 is only the beginning */
	bool is_by_hand; /* somebody else will reboot */
	int really;      /* how often --really was said */
};

/** On the running system. CMD_OK, or CMD_FAILED if something is wrong. */
int drill_look(const struct drill *drill);

/** In the exitrd of a reboot. Returns only if it fails or is by hand. */
int drill_reboot(const struct drill *drill);

/** The real thing. Returns only if it fails. */
int drill_power_off(const struct drill *drill);

#endif
