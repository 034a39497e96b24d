/* SPDX-License-Identifier: MIT */
/*
 * A link to a unit that is not there: it acknowledges everything, shows what
 * was written, and says each write aloud. So the engine itself tells what it
 * would do.
 */
#ifndef HID_DRY_H
#define HID_DRY_H

#include "hid/decode.h"
#include "hid/unit.h"

struct hid_dry {
	struct report_link link;
	const struct hid_specimen *specimen;
	const struct hid_listener *listener;
	int64_t written_at_ms; /* the last write; 0: none yet */
	struct hid_descriptor descriptor;
	uint8_t report[256][REPORT_MAX]; /* features */
};

/**
 * Start with a unit at rest: no countdown runs, every state is 0, and its
 * settings are such that @wanted has to change them.
 */
void hid_dry_start(struct hid_dry *dry, const struct hid_specimen *specimen,
		   enum ups_command wanted, const struct hid_listener *listener);

#endif
