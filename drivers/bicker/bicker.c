// SPDX-License-Identifier: MIT
/*
 * Bicker's DC UPSes on a serial line, NUT's bicker_ser: one frame orders the
 * cut, and a flag shows that it was received. Sources: Bicker, "UPS Gen
 * Software user manual"; networkupstools/nut, drivers/bicker_ser.c.
 *
 *   01 | length | group | command | data … | 04
 *
 * The length counts group, command and data. There is no check.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>

#include "link/serial.h"

#define BICKER_START     0x01
#define BICKER_END       0x04
#define BICKER_HEADER    3 /* as the length counts it */
#define BICKER_DATA_MAX  32
#define BICKER_ANSWER_MS 1000
#define BICKER_TRIES     3
/* Seconds. Some are off after 2, whatever they were told. */
#define BICKER_OFF_S     20
#define BICKER_OFF_S_MAX 255

/** Group and command in one. */
enum bicker_command {
	BICKER_GET_FLAGS = 0x0140,   /* a byte */
	BICKER_GET_CHARGER = 0x031b, /* two: the older ones, with capacitors */
	BICKER_SHUT_DOWN = 0x0332,   /* seconds */
};

#define BICKER_UNSUPPORTED 0xee /* the group of that answer */
/* Of the flags. */
#define BICKER_MAINS       0x04
#define BICKER_RECEIVED    0x10
/* Of the charger. */
#define BICKER_CHARGED     0x0020
#define BICKER_NO_MAINS    0x0800

struct bicker {
	struct serial_link serial;
	bool has_flags;
};

/** The next frame; what is in front of it is skipped. Bytes of its data. */
static int bicker_read(struct byte_link *link, int *command,
		       uint8_t data[BICKER_DATA_MAX], deadline_t until)
{
	uint8_t byte = 0, head[3] = { 0 };
	int ret, len;

	do {
		ret = bytes_read(link, &byte, 1, until);
		if (ret == 0 && deadline_passed(until))
			ret = -ETIMEDOUT;
	} while (ret == 0 && byte != BICKER_START);
	if (ret == 0)
		ret = bytes_read(link, head, sizeof(head), until);
	if (ret < 0)
		return ret;
	len = head[0] - BICKER_HEADER;
	if (len < 0 || len > BICKER_DATA_MAX)
		return -EPROTO;
	*command = head[1] << 8 | head[2];
	ret = bytes_read(link, data, (size_t)len, until);
	if (ret == 0)
		ret = bytes_read(link, &byte, 1, until);
	if (ret < 0)
		return ret;
	return byte == BICKER_END ? len : -EPROTO;
}

/**
 * Ask, with @argument if it is not negative, for @len bytes at least. Returns
 * the first two as a number, -EOPNOTSUPP if it does not know the command, or
 * another error; stores no sentence.
 */
static int bicker_ask(struct bicker *state, enum bicker_command command,
		      int argument, int len, deadline_t until)
{
	struct byte_link *link = &state->serial.link;
	uint8_t frame[6] = { BICKER_START, BICKER_HEADER,
			     (uint8_t)(command >> 8), (uint8_t)command };
	uint8_t data[BICKER_DATA_MAX] = { 0 };
	size_t frame_len = 4;
	int ret = -ETIMEDOUT, answered = 0;

	if (argument >= 0) {
		frame[1]++;
		frame[frame_len++] = (uint8_t)argument;
	}
	frame[frame_len++] = BICKER_END;
	for (int i = 0; i < BICKER_TRIES && !deadline_passed(until); i++) {
		link->ops->drain(link);
		ret = link->ops->write(link, frame, frame_len, until);
		if (ret == 0)
			ret = bicker_read(
				link, &answered, data,
				deadline_earlier(
					until, deadline_in_ms(BICKER_ANSWER_MS)));
		if (ret == -ENODEV)
			return ret;
		if (ret < 0)
			continue;
		if (answered >> 8 == BICKER_UNSUPPORTED)
			return -EOPNOTSUPP;
		if (answered == (int)command && ret >= len)
			return data[0] | (len > 1 ? data[1] << 8 : 0);
		ret = -EPROTO;
	}
	return ret;
}

static int bicker_read_status(struct bicker *state, struct ups_status *status,
			      deadline_t until)
{
	int flags =
		state->has_flags
			? bicker_ask(state, BICKER_GET_FLAGS, -1, 1, until)
			: bicker_ask(state, BICKER_GET_CHARGER, -1, 2, until);
	bool mains;

	if (flags < 0)
		return flags;
	mains = state->has_flags ? flags & BICKER_MAINS
				 : !(flags & BICKER_NO_MAINS);
	status->mains = mains ? UPS_MAINS_PRESENT : UPS_MAINS_ABSENT;
	status->battery_low =
		!state->has_flags && !mains && !(flags & BICKER_CHARGED);
	status->off_after_s = UPS_UNKNOWN_S;
	return 0;
}

static void bicker_close(struct ups *ups)
{
	struct bicker *state = ups->state;

	bytes_close(&state->serial.link);
}

/** The sentence for an error of bicker_ask(). */
static int bicker_fail(struct ups *ups, int error)
{
	if (error != -EOPNOTSUPP)
		return bytes_fail(ups, error);
	return ups_fail(ups, -EPROTO, "[%s] does not know the command",
			ups->name);
}

static int bicker_open(struct ups *ups, deadline_t until)
{
	static const struct serial_settings settings = {
		.speed = 38400,
		.lines = SERIAL_DTR | SERIAL_RTS,
	};
	struct bicker *state = ups->state;
	int ret = serial_open(&state->serial, ups, &settings, until);

	if (ret < 0)
		return ret;
	ret = bicker_ask(state, BICKER_GET_FLAGS, -1, 1, until);
	state->has_flags = ret >= 0;
	if (ret == -EOPNOTSUPP)
		ret = bicker_ask(state, BICKER_GET_CHARGER, -1, 2, until);
	if (ret < 0) {
		bicker_close(ups);
		return bicker_fail(ups, ret);
	}
	return 0;
}

/** There is one command, and it comes back with the mains. */
static int bicker_cut(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	struct bicker *state = ups->state;
	int off_s = cut->wanted == UPS_OFF
			    ? 0
			    : ups_number(ups, "override.ups.delay.shutdown",
					 BICKER_OFF_S, 0, BICKER_OFF_S_MAX);
	int before = 0, after;
	int ret = ups_give(ups, cut, UPS_RETURN);

	if (ret < 0)
		return ret;
	if (state->has_flags)
		before = bicker_ask(state, BICKER_GET_FLAGS, -1, 1, until);
	ret = bicker_ask(state, BICKER_SHUT_DOWN, off_s, 1, until);
	if (ret < 0)
		return bicker_fail(ups, ret);
	cut->proof = UPS_SENT;
	cut->off_after_s = off_s;
	cut->on_after_s = UPS_UNKNOWN_S;
	(void)snprintf(cut->how, sizeof(cut->how), "shut down (32)");
	if (!state->has_flags || before < 0 || before & BICKER_RECEIVED)
		return 0;
	after = bicker_ask(state, BICKER_GET_FLAGS, -1, 1, until);
	if (after >= 0 && after & BICKER_RECEIVED)
		cut->proof = UPS_VERIFIED;
	return 0;
}

static int bicker_status(struct ups *ups, struct ups_status *status,
			 deadline_t until)
{
	int ret = bicker_read_status(ups->state, status, until);

	return ret < 0 ? bicker_fail(ups, ret) : 0;
}

static const char *const bicker_nut_names[] = { "bicker_ser", NULL };

static const struct ups_driver bicker_driver = {
	.name = "bicker",
	.summary = "Bicker DC UPSes on a serial line",
	.nut_names = bicker_nut_names,
	.state_size = sizeof(struct bicker),
	.open = bicker_open,
	.cut = bicker_cut,
	.status = bicker_status,
	.close = bicker_close,
};

UPS_DRIVER(bicker_driver);
