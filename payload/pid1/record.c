// SPDX-License-Identifier: MIT
/* The record stage: the truth about each UPS, one sentence each. */
#include <stdio.h>

#include "pid1/stages.h"

/* Six lines of the kernel's log are ours; four stages have one each. */
#define RECORD_KMSG_LINES 2

static void record_delays(const struct ups_cut *cut, char *text, size_t size)
{
	size_t len = 0;

	text[0] = '\0';
	if (cut->off_after_s != UPS_UNKNOWN_S)
		len = (size_t)snprintf(text, size, ", load off in %d s",
				       cut->off_after_s);
	if (cut->on_after_s != UPS_UNKNOWN_S && len < size)
		(void)snprintf(text + len, size - len, ", on after %d s",
			       cut->on_after_s);
}

static void record_one(const struct keeper *keeper, char *line, size_t size)
{
	const struct ups_cut *cut = &keeper->cut;
	char delays[64];

	if (keeper->state != KEEPER_DONE) {
		(void)snprintf(line, size, "%s: %s: %s", keeper->ups->name,
			       keeper_may_have_cut(keeper)
				       ? "perhaps commanded, not verified"
				       : "NOT commanded",
			       keeper->sentence[0] ? keeper->sentence
						   : "no answer in time");
		return;
	}
	record_delays(cut, delays, sizeof(delays));
	(void)snprintf(line, size, "%s: %s %s%s%s%s", keeper->ups->name,
		       ups_command_name(cut->given),
		       cut->proof == UPS_VERIFIED ? "verified"
						  : "sent, not verified",
		       delays, cut->how[0] ? ", by " : "", cut->how);
}

int record_run(struct pid1 *pid1, deadline_t until)
{
	char line[LOG_LINE_MAX];
	int i;

	(void)until;
	for (i = 0; i < pid1->keepers; i++) {
		record_one(&pid1->keeper[i], line, sizeof(line));
		if (i < RECORD_KMSG_LINES)
			log_record(&pid1->log, "record", "%s", line);
		else
			log_say(&pid1->log, "record", "%s", line);
	}
	return 0;
}
