// SPDX-License-Identifier: MIT
/*
 * Belkin's Universal UPS on a serial line, NUT's belkinunv: two timers. It
 * knows no "until the mains is back": it stays off, or comes on by the clock.
 */
#include "belkinunv/belkinunv.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>

#include "link/serial.h"

#define BELKINUNV_ANSWER_MS     3000
#define BELKINUNV_TRIES         3
#define BELKINUNV_SMART_MS      1000 /* until it has noticed DTR and RTS */
/* As NUT. A timer of 1 minute may be over before the other one is set. */
#define BELKINUNV_CUT_S         1
#define BELKINUNV_LONG_MINUTES  10
#define BELKINUNV_SHORT_MINUTES 2

#define BELKINUNV_NO_MAINS    0x0001 /* of BELKINUNV_STATE */
#define BELKINUNV_BATTERY_LOW 0x04   /* of BELKINUNV_BATTERY */

struct belkinunv {
	struct serial_link serial;
	bool was_idle; /* its timer showed 0 */
};

size_t belkinunv_build(uint8_t bytes[BELKINUNV_FRAME_MAX],
		       enum belkinunv_what what, uint8_t number, int value)
{
	size_t data_len = what == BELKINUNV_WRITE ? 2 : 1, len = 4 + data_len;
	uint8_t sum = 0;

	bytes[0] = BELKINUNV_START;
	bytes[1] = (uint8_t)what;
	bytes[2] = (uint8_t)(1 + data_len);
	bytes[3] = number;
	bytes[4] = (uint8_t)value;
	if (data_len == 2)
		bytes[5] = (uint8_t)(value >> 8);
	for (size_t i = 0; i < len; i++)
		sum = (uint8_t)(sum + bytes[i]);
	bytes[len] = sum;
	return len + 1;
}

int belkinunv_read(struct byte_link *link, struct belkinunv_frame *frame,
		   deadline_t until)
{
	uint8_t byte = 0, sum = BELKINUNV_START;
	int ret;

	do {
		ret = bytes_read(link, &byte, 1, until);
		if (ret == 0 && deadline_passed(until))
			ret = -ETIMEDOUT;
	} while (ret == 0 && byte != BELKINUNV_START);
	if (ret == 0)
		ret = bytes_read(link, &frame->what, 3, until);
	if (ret < 0)
		return ret;
	if (frame->len == 0 || frame->len > 1 + BELKINUNV_DATA_MAX)
		return -EPROTO;
	sum = (uint8_t)(sum + frame->what + frame->len + frame->number);
	frame->len--;
	ret = bytes_read(link, frame->data, frame->len, until);
	if (ret == 0)
		ret = bytes_read(link, &byte, 1, until);
	if (ret < 0)
		return ret;
	for (int i = 0; i < frame->len; i++)
		sum = (uint8_t)(sum + frame->data[i]);
	return sum == byte ? 0 : -EPROTO;
}

/**
 * Read a register or write @value to it. Returns what it holds, or an error,
 * -EPROTO for a refusal; stores no sentence. It ignores damaged frames.
 */
static int belkinunv_ask(struct belkinunv *state, enum belkinunv_what what,
			 uint8_t number, int value, deadline_t until)
{
	struct byte_link *link = &state->serial.link;
	uint8_t bytes[BELKINUNV_FRAME_MAX];
	size_t len = belkinunv_build(bytes, what, number, value);
	uint8_t wanted =
		what == BELKINUNV_WRITE ? BELKINUNV_WRITTEN : BELKINUNV_VALUE;
	struct belkinunv_frame frame = { 0 };
	int ret = -ETIMEDOUT;

	for (int i = 0; i < BELKINUNV_TRIES && !deadline_passed(until); i++) {
		link->ops->drain(link);
		ret = link->ops->write(link, bytes, len, until);
		if (ret == 0)
			ret = belkinunv_read(
				link, &frame,
				deadline_earlier(
					until,
					deadline_in_ms(BELKINUNV_ANSWER_MS)));
		if (ret == -ENODEV)
			return ret;
		if (ret < 0)
			continue;
		ret = -EPROTO;
		if (frame.number != number)
			continue;
		if (frame.what == BELKINUNV_ERROR)
			return ret;
		if (frame.what == wanted && frame.len > 0)
			return frame.data[0] |
			       (frame.len > 1 ? frame.data[1] << 8 : 0);
	}
	return ret;
}

static void belkinunv_close(struct ups *ups)
{
	struct belkinunv *state = ups->state;

	bytes_close(&state->serial.link);
}

static int belkinunv_open(struct ups *ups, deadline_t until)
{
	static const struct serial_settings settings = {
		.speed = 2400,
		.lines = SERIAL_RTS,
		.settle_ms = BELKINUNV_SMART_MS,
	};
	struct belkinunv *state = ups->state;
	int ret = serial_open(&state->serial, ups, &settings, until);

	if (ret < 0)
		return ret;
	ret = belkinunv_ask(state, BELKINUNV_READ, BELKINUNV_OFF_S, 0, until);
	/* An error is an answer, too. */
	state->was_idle = ret == 0;
	if (ret < 0)
		ret = belkinunv_ask(state, BELKINUNV_READ, BELKINUNV_STATE, 0,
				    until);
	if (ret < 0) {
		belkinunv_close(ups);
		return bytes_fail(ups, ret);
	}
	return 0;
}

static int belkinunv_cut(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	struct belkinunv *state = ups->state;
	bool returns = cut->wanted == UPS_RETURN || cut->wanted == UPS_REBOOT;
	int minutes = 0, flags;
	int ret = ups_give(ups, cut, returns ? UPS_REBOOT : cut->wanted);

	if (ret < 0)
		return ret;
	if (returns) {
		flags = belkinunv_ask(state, BELKINUNV_READ, BELKINUNV_STATE, 0,
				      until);
		minutes = flags >= 0 && !(flags & BELKINUNV_NO_MAINS)
				  ? BELKINUNV_SHORT_MINUTES
				  : BELKINUNV_LONG_MINUTES;
	}
	ret = belkinunv_ask(state, BELKINUNV_WRITE, BELKINUNV_ON_MINUTES,
			    minutes, until);
	if (ret >= 0)
		ret = belkinunv_ask(state, BELKINUNV_WRITE, BELKINUNV_OFF_S,
				    BELKINUNV_CUT_S, until);
	if (ret < 0)
		return bytes_fail(ups, ret);
	cut->off_after_s = BELKINUNV_CUT_S;
	cut->on_after_s = returns ? 60 * minutes : UPS_UNKNOWN_S;
	(void)snprintf(cut->how, sizeof(cut->how), "on timer %d min, off timer",
		       minutes);
	if (cut->wanted == UPS_RETURN)
		ups_note(ups,
			 "[%s] switches on after %d minutes, with mains or without",
			 ups->name, minutes);
	/* It may be off by now, and silent. */
	ret = belkinunv_ask(
		state, BELKINUNV_READ, BELKINUNV_OFF_S, 0,
		deadline_earlier(until, deadline_in_ms(1000 * BELKINUNV_CUT_S)));
	cut->proof = state->was_idle && ret > 0 && ret <= BELKINUNV_CUT_S
			     ? UPS_VERIFIED
			     : UPS_SENT;
	return 0;
}

static int belkinunv_status(struct ups *ups, struct ups_status *status,
			    deadline_t until)
{
	struct belkinunv *state = ups->state;
	int flags =
		belkinunv_ask(state, BELKINUNV_READ, BELKINUNV_STATE, 0, until);
	int battery;

	if (flags < 0)
		return bytes_fail(ups, flags);
	battery = belkinunv_ask(state, BELKINUNV_READ, BELKINUNV_BATTERY, 0,
				until);
	status->mains = flags & BELKINUNV_NO_MAINS ? UPS_MAINS_ABSENT
						   : UPS_MAINS_PRESENT;
	status->battery_low = battery >= 0 && battery & BELKINUNV_BATTERY_LOW;
	status->off_after_s = UPS_UNKNOWN_S;
	return 0;
}

static const char *const belkinunv_nut_names[] = { "belkinunv", NULL };

static const struct ups_driver belkinunv_driver = {
	.name = "belkinunv",
	.summary = "Belkin Universal UPS on a serial line",
	.nut_names = belkinunv_nut_names,
	.state_size = sizeof(struct belkinunv),
	.open = belkinunv_open,
	.cut = belkinunv_cut,
	.status = belkinunv_status,
	.close = belkinunv_close,
};

UPS_DRIVER(belkinunv_driver);
