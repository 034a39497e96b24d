// SPDX-License-Identifier: MIT
/* "UPS rack1: load goes off in 20 s, returns with mains. Powering off." */
#include "pid1/conclude.h"

#include <stdio.h>
#include <string.h>

/* Room on the line for the verb behind the sentence of the only UPS. */
#define CONCLUDE_MAX (LOG_LINE_MAX - 48)

static const char *conclude_verb(const struct pid1 *pid1)
{
	switch (pid1->verb) {
	case VERB_REBOOT:
		return "Rebooting.";
	case VERB_KEXEC:
		return "Starting the next kernel.";
	case VERB_HALT:
		return "Halting: the power may be switched off.";
	case VERB_POWEROFF:
	case VERB_EXIT:
	case VERB_UNKNOWN:
		break;
	}
	return "Powering off.";
}

/** How it comes on again, as far as the command says that. */
static const char *conclude_return(enum ups_command given)
{
	switch (given) {
	case UPS_RETURN:
		return ", returns with mains";
	case UPS_REBOOT:
		return ", and comes on again";
	case UPS_STAYOFF:
		return ", and stays off";
	case UPS_OFF:
		break;
	}
	return "";
}

void conclude_ups(const struct keeper *keeper, char *sentence, size_t size)
{
	const struct ups_cut *cut = &keeper->cut;
	char when[32] = "";

	if (keeper->state != KEEPER_DONE) {
		(void)snprintf(sentence, size, "UPS %s: %s", keeper->ups->name,
			       keeper_may_have_cut(keeper)
				       ? "nobody knows whether its load goes off"
				       : "NOT commanded, its load stays on");
		return;
	}
	if (cut->off_after_s > 0)
		(void)snprintf(when, sizeof(when), " in %d s", cut->off_after_s);
	else if (cut->off_after_s == 0)
		(void)snprintf(when, sizeof(when), " now");
	(void)snprintf(
		sentence, size, "UPS %s: load %s off%s%s%s", keeper->ups->name,
		cut->proof == UPS_VERIFIED ? "goes" : "should go", when,
		conclude_return(cut->given),
		cut->proof == UPS_VERIFIED ? "" : " (it did not show it)");
}

static enum paint_tone conclude_tone(const struct keeper *keeper)
{
	return keeper->state == KEEPER_DONE && keeper->cut.proof == UPS_VERIFIED
		       ? PAINT_GOOD
		       : PAINT_BAD;
}

static void conclude_drill(struct pid1 *pid1)
{
	const char *verb = "This was a drill: no load goes off. Rebooting.";
	const struct keeper *keeper;
	char line[LOG_LINE_MAX];

	for (int i = 0; i < pid1->keepers; i++) {
		keeper = &pid1->keeper[i];
		if (!keeper_may_have_cut(keeper))
			continue;
		(void)snprintf(
			line, sizeof(line),
			"UPS %s: its load MAY GO OFF, lastwatt cancel %s after the boot.",
			keeper->ups->name, keeper->ups->name);
		log_conclude(&pid1->log, PAINT_BAD, line);
		verb = "This was a drill. Rebooting.";
	}
	log_conclude(&pid1->log, PAINT_PLAIN, verb);
}

void conclude(struct pid1 *pid1)
{
	char sentence[CONCLUDE_MAX], line[LOG_LINE_MAX];
	const char *verb = conclude_verb(pid1);

	if (pid1->has_waited) {
		log_conclude(&pid1->log, PAINT_PLAIN,
			     "Still on after the wait. Rebooting.");
		return;
	}
	if (pid1->plan.drill) {
		conclude_drill(pid1);
		return;
	}
	for (int i = 0; i < pid1->keepers; i++) {
		conclude_ups(&pid1->keeper[i], sentence, sizeof(sentence));
		(void)snprintf(line, sizeof(line), "%s.%s%s", sentence,
			       pid1->keepers == 1 ? " " : "",
			       pid1->keepers == 1 ? verb : "");
		log_conclude(&pid1->log, conclude_tone(&pid1->keeper[i]), line);
	}
	if (pid1->keepers != 1)
		log_conclude(&pid1->log, PAINT_PLAIN, verb);
}
