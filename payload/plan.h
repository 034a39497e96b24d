/* SPDX-License-Identifier: MIT */
/*
 * The decision: from the verb, the flag and the roles to what will be done.
 * A function of its inputs and of which drivers there are, so it can be printed
 * on the running system.
 */
#ifndef PAYLOAD_PLAN_H
#define PAYLOAD_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ups.h"
#include "handover.h"

enum verb {
	VERB_POWEROFF,
	VERB_REBOOT,
	VERB_HALT,
	VERB_KEXEC,
	VERB_EXIT,
	VERB_UNKNOWN, /* missing or not one of systemd's: never cut */
};

enum verb verb_parse(const char *word);
const char *verb_name(enum verb verb);

/** One UPS to cut. */
struct plan_ups {
	char name[UPS_NAME_MAX];
	char driver[UPS_NAME_MAX]; /* as ups.conf says it */
	int section;               /* of handover.conf */
	int order;                 /* sdorder, 0 … */
	int64_t limit_ms;          /* maxstartdelay; 0: none of its own */
	bool speakable;            /* a driver answers to it: one of ours ... */
	bool by_nut;               /* ... or only NUT's own, in the image */
};

/** What comes after the cut. */
enum plan_after {
	AFTER_VERB,             /* carry the verb out */
	AFTER_STAY_THEN_REBOOT, /* stay until it is dark; reboot if it is not */
	AFTER_WAIT_THEN_REBOOT, /* POWEROFF_WAIT, then reboot */
};

struct plan {
	enum verb verb;
	bool cut;                  /* command the UPSes listed below? */
	enum handover_drill drill; /* or rehearse that with them? never both */
	enum plan_after after;
	int64_t wait_ms; /* of AFTER_WAIT_THEN_REBOOT */
	int ups_count;
	struct plan_ups ups[HANDOVER_UPS_MAX];
	char reason[UPS_SENTENCE_MAX]; /* why this, in one sentence */
	char reboot_param[256];        /* /run/systemd/reboot-param */
	struct handover handover;
};

/**
 * Decide (design: the table of decisions). @plan->handover is filled in
 * already, and gets notes (for a drill that arms also the long delay);
 * @plan->reboot_param is left as it is; everything else is written here. The
 * UPSes are sorted by order. One that no driver speaks to is listed too, so
 * that its failure is recorded.
 */
void plan_decide(struct plan *plan, enum verb verb);

#endif
