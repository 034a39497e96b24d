/* SPDX-License-Identifier: MIT */
/* What the commands share that do something to UPSes of this machine. */
#ifndef CMD_EACH_H
#define CMD_EACH_H

#include "cmd/cmd.h"
#include "handover.h"

/** Which UPSes, and what is done to each that could be opened. */
struct each {
	const struct command *command;
	const char *root;   /* NUT's files are below it; "" for this system */
	const char **names; /* of sections; none: all we are primary of */
	int name_count;     /* at most HANDOVER_UPS_MAX */
	int patience_ms;    /* to open one; 0: as at the end */
	bool last_resort;   /* with NUT's own driver in the image */
	bool is_json;       /* one object, with a member for each UPS */

	/**
	 * Do it, and say on the standard output what came of it; with is_json
	 * each_begin_json() and members. Returns 0 or, having said nothing, a
	 * negative errno with ups->problem set.
	 */
	int (*act)(struct ups *ups, void *arg, deadline_t until);
	void *arg;
};

/**
 * Read NUT's configuration as it is now, and act on one UPS after the other,
 * by sdorder. A failure is said and does not keep it from the next. Returns
 * CMD_OK if there was at least one and none failed, else CMD_FAILED.
 */
int each_run(const struct each *each);

/** What each UPS's object begins with. Its members and its end follow. */
void each_begin_json(const char *name, bool ok);

#endif
