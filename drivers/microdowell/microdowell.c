// SPDX-License-Identifier: MIT
/*
 * Microdowell Enterprise on a serial line, NUT's microdowell: one frame orders
 * the cut, of the kind that the mains ask for. Source: networkupstools/nut,
 * drivers/microdowell.c.
 *
 *   5B | length | command, data … | exclusive or
 *
 * The length counts command and data, and the check is over it and these.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>

#include "link/serial.h"

#define MICRODOWELL_START     0x5b
#define MICRODOWELL_DATA_MAX  31
#define MICRODOWELL_ANSWER_MS 1000
#define MICRODOWELL_TRIES     5 /* as NUT: the first are often lost */
#define MICRODOWELL_AGAIN_MS  100
#define MICRODOWELL_SETTLE_MS 10
/* Seconds, as NUT has them. */
#define MICRODOWELL_OFF_S     120
#define MICRODOWELL_OFF_S_MIN 6
#define MICRODOWELL_OFF_S_MAX 32767
#define MICRODOWELL_ON_S      10
#define MICRODOWELL_ON_S_MIN  1 /* 0: never */
#define MICRODOWELL_ON_S_MAX  999999

enum microdowell_command {
	MICRODOWELL_GET_STATUS = 0x00,
	MICRODOWELL_ACCEPTED = 0x06,
	MICRODOWELL_REFUSED = 0x15, /* and why */
	MICRODOWELL_SHUTDOWN = 0x40,
};

/** How, the second byte after MICRODOWELL_SHUTDOWN. */
enum microdowell_how {
	MICRODOWELL_ON_LINE = 0x01,
	MICRODOWELL_ON_BATTERY = 0x02,
	MICRODOWELL_NOW = 0x04,
};

#define MICRODOWELL_ALL_OUTLETS 0xff
/* Of the first byte of a status. */
#define MICRODOWELL_BATTERY     0x01
#define MICRODOWELL_BATTERY_LOW 0x02

struct microdowell {
	struct serial_link serial;
};

/** The next sound frame; what is in front of it is skipped. Its length. */
static int microdowell_read(struct byte_link *link,
			    uint8_t data[MICRODOWELL_DATA_MAX], deadline_t until)
{
	uint8_t byte = 0, len = 0, check = 0;
	int ret;

	do {
		ret = bytes_read(link, &byte, 1, until);
		if (ret == 0 && deadline_passed(until))
			ret = -ETIMEDOUT;
	} while (ret == 0 && byte != MICRODOWELL_START);
	if (ret == 0)
		ret = bytes_read(link, &len, 1, until);
	if (ret < 0)
		return ret;
	if (len == 0 || len > MICRODOWELL_DATA_MAX)
		return -EPROTO;
	ret = bytes_read(link, data, len, until);
	if (ret == 0)
		ret = bytes_read(link, &check, 1, until);
	if (ret < 0)
		return ret;
	check ^= len;
	for (int i = 0; i < len; i++)
		check ^= data[i];
	return check ? -EPROTO : len;
}

/**
 * Send a command until it is answered. Returns the length of the answer, or
 * an error: -EPROTO for a refusal. Stores no sentence.
 */
static int microdowell_ask(struct microdowell *state, const uint8_t *data,
			   uint8_t len, uint8_t answer[MICRODOWELL_DATA_MAX],
			   deadline_t until)
{
	struct byte_link *link = &state->serial.link;
	uint8_t frame[3 + MICRODOWELL_DATA_MAX] = { MICRODOWELL_START, len };
	uint8_t check = len;
	int ret = -ETIMEDOUT;

	for (int i = 0; i < len; i++) {
		frame[2 + i] = data[i];
		check ^= data[i];
	}
	frame[2 + len] = check;
	for (int i = 0; i < MICRODOWELL_TRIES && !deadline_passed(until); i++) {
		if (i > 0)
			(void)clock_sleep_ms(MICRODOWELL_AGAIN_MS, until);
		link->ops->drain(link);
		ret = link->ops->write(link, frame, 3u + len, until);
		if (ret == 0)
			ret = microdowell_read(
				link, answer,
				deadline_earlier(
					until,
					deadline_in_ms(MICRODOWELL_ANSWER_MS)));
		if (ret > 0 && answer[0] == MICRODOWELL_REFUSED)
			return -EPROTO;
		if (ret > 0 &&
		    (answer[0] == data[0] || answer[0] == MICRODOWELL_ACCEPTED))
			return ret;
		if (ret > 0)
			ret = -EPROTO;
		if (ret == -ENODEV)
			break;
	}
	return ret;
}

/** The first byte of its status, or an error. */
static int microdowell_read_status(struct microdowell *state, deadline_t until)
{
	static const uint8_t command = MICRODOWELL_GET_STATUS;
	uint8_t answer[MICRODOWELL_DATA_MAX] = { 0 };
	int ret = microdowell_ask(state, &command, 1, answer, until);

	if (ret < 0)
		return ret;
	return ret < 2 || answer[0] != command ? -EPROTO : answer[1];
}

static void microdowell_close(struct ups *ups)
{
	struct microdowell *state = ups->state;

	bytes_close(&state->serial.link);
}

static int microdowell_open(struct ups *ups, deadline_t until)
{
	/* With power on a line the usual cable disturbs the talk. */
	static const struct serial_settings settings = {
		.speed = 19200,
		.settle_ms = MICRODOWELL_SETTLE_MS,
	};
	struct microdowell *state = ups->state;
	int ret = serial_open(&state->serial, ups, &settings, until);

	if (ret < 0)
		return ret;
	ret = microdowell_read_status(state, until);
	if (ret < 0) {
		microdowell_close(ups);
		return bytes_fail(ups, ret);
	}
	return 0;
}

static int microdowell_cut(struct ups *ups, struct ups_cut *cut,
			   deadline_t until)
{
	struct microdowell *state = ups->state;
	bool returns = cut->wanted == UPS_RETURN || cut->wanted == UPS_REBOOT;
	int off_s = ups_number(ups, "ups.delay.shutdown", MICRODOWELL_OFF_S,
			       MICRODOWELL_OFF_S_MIN, MICRODOWELL_OFF_S_MAX);
	int on_s =
		returns ? ups_number(ups, "ups.delay.start", MICRODOWELL_ON_S,
				     MICRODOWELL_ON_S_MIN, MICRODOWELL_ON_S_MAX)
			: 0;
	int status = microdowell_read_status(state, until), ret;
	uint8_t how = status < 0 || status & MICRODOWELL_BATTERY
			      ? MICRODOWELL_ON_BATTERY
			      : MICRODOWELL_ON_LINE;
	uint8_t answer[MICRODOWELL_DATA_MAX] = { 0 };

	if (cut->wanted == UPS_OFF) {
		how = MICRODOWELL_NOW;
		off_s = 0;
	}
	const uint8_t command[] = {
		MICRODOWELL_SHUTDOWN,
		MICRODOWELL_ALL_OUTLETS,
		how,
		(uint8_t)(off_s >> 8),
		(uint8_t)off_s,
		(uint8_t)(on_s >> 16),
		(uint8_t)(on_s >> 8),
		(uint8_t)on_s,
	};

	ret = ups_give(ups, cut, returns ? UPS_RETURN : cut->wanted);
	if (ret < 0)
		return ret;
	ret = microdowell_ask(state, command, sizeof(command), answer, until);
	if (ret < 0)
		return bytes_fail(ups, ret);
	cut->proof = UPS_SENT;
	cut->off_after_s = off_s;
	cut->on_after_s = returns ? on_s : UPS_UNKNOWN_S;
	(void)snprintf(cut->how, sizeof(cut->how), "shutdown %02X", how);
	return 0;
}

static int microdowell_status(struct ups *ups, struct ups_status *status,
			      deadline_t until)
{
	int ret = microdowell_read_status(ups->state, until);

	if (ret < 0)
		return bytes_fail(ups, ret);
	status->mains = ret & MICRODOWELL_BATTERY ? UPS_MAINS_ABSENT
						  : UPS_MAINS_PRESENT;
	status->battery_low = ret & MICRODOWELL_BATTERY_LOW;
	status->off_after_s = UPS_UNKNOWN_S;
	return 0;
}

static const char *const microdowell_nut_names[] = { "microdowell", NULL };

static const struct ups_driver microdowell_driver = {
	.name = "microdowell",
	.summary = "Microdowell Enterprise on a serial line",
	.nut_names = microdowell_nut_names,
	.state_size = sizeof(struct microdowell),
	.open = microdowell_open,
	.cut = microdowell_cut,
	.status = microdowell_status,
	.close = microdowell_close,
};

UPS_DRIVER(microdowell_driver);
