/* SPDX-License-Identifier: MIT */
/*
 * The steps of a rung before the last one: when a setting is left alone, how a
 * text is led, and what is taken back when the last step was refused.
 */
#ifndef HID_SETTINGS_H
#define HID_SETTINGS_H

#include "hid/match.h"

/**
 * Write @raw as step @step of @match, unless it is a setting that holds
 * already. An optional one that is refused is noted. Returns 1 when something
 * was written, 0 when nothing had to be, or a negative errno.
 */
int hid_step_write(struct hid_unit *unit, const struct hid_match *match,
		   int step, int64_t raw, deadline_t until);

/**
 * The device refused the last step: take back those of @written, a bit for
 * each step. A startup that still counts would switch the load on at a moment
 * that nobody expects. What cannot be taken back stays.
 */
void hid_steps_undo(struct hid_unit *unit, const struct hid_match *match,
		    unsigned int written, deadline_t until);

#endif
