// SPDX-License-Identifier: MIT
/*
 * SMS of Brazil on a serial line, NUT's sms_ser: one frame orders the cut, and
 * a bit of the status shows it. Sources: the maker's monofasico.xml
 * (networkupstools/nut, docs/sms-brazil-protocol.txt); drivers/sms_ser.c, and
 * for the units of the delays its pull request 3701.
 *
 *   letter | 4 parameters | check | 0D
 *
 * All bytes but the last add up to 0. An answer has 18 bytes of that kind.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "link/serial.h"

#define SMS_ORDER     7
#define SMS_ANSWER    18
#define SMS_ANSWER_MS 3000
#define SMS_TRIES     3
#define SMS_UNUSED    0xffffffffu
#define SMS_OFF_S     30
#define SMS_OFF_S_MAX 36000
#define SMS_ON_S      1
#define SMS_ON_S_MAX  65535

/* Of the last byte of a status. */
#define SMS_FLAGS       15
#define SMS_COUNTS      0x02
#define SMS_BATTERY_LOW 0x40
#define SMS_ON_BATTERY  0x80

struct sms {
	struct serial_link serial;
};

/** Send a command, and hear nothing: that is how it is. */
static int sms_send(struct sms *state, char letter, uint32_t parameters,
		    deadline_t until)
{
	uint8_t bytes[SMS_ORDER] = { (uint8_t)letter,
				     (uint8_t)(parameters >> 24),
				     (uint8_t)(parameters >> 16),
				     (uint8_t)(parameters >> 8),
				     (uint8_t)parameters };

	for (int i = 0; i < 5; i++)
		bytes[5] = (uint8_t)(bytes[5] - bytes[i]);
	bytes[6] = '\r';
	return state->serial.link.ops->write(&state->serial.link, bytes,
					     sizeof(bytes), until);
}

static bool sms_is_status(const uint8_t bytes[SMS_ANSWER])
{
	uint8_t sum = 0;

	for (int i = 0; i < SMS_ANSWER - 1; i++)
		sum = (uint8_t)(sum + bytes[i]);
	return bytes[0] >= '<' && bytes[0] <= '>' && sum == 0 &&
	       bytes[SMS_ANSWER - 1] == '\r';
}

/** The next sound status, wherever it begins. */
static int sms_read(struct byte_link *link, uint8_t bytes[SMS_ANSWER],
		    deadline_t until)
{
	memset(bytes, 0, SMS_ANSWER);
	while (!deadline_passed(until)) {
		int ret;

		memmove(bytes, bytes + 1, SMS_ANSWER - 1);
		ret = bytes_read(link, bytes + SMS_ANSWER - 1, 1, until);
		if (ret < 0)
			return ret;
		if (sms_is_status(bytes))
			return 0;
	}
	return -ETIMEDOUT;
}

/** The flags of its status, or an error; stores no sentence. */
static int sms_read_flags(struct sms *state, deadline_t until)
{
	struct byte_link *link = &state->serial.link;
	uint8_t bytes[SMS_ANSWER];
	int ret = -ETIMEDOUT;

	for (int i = 0; i < SMS_TRIES && !deadline_passed(until); i++) {
		link->ops->drain(link);
		ret = sms_send(state, 'Q', SMS_UNUSED, until);
		if (ret == 0)
			ret = sms_read(
				link, bytes,
				deadline_earlier(
					until, deadline_in_ms(SMS_ANSWER_MS)));
		if (ret == 0)
			return bytes[SMS_FLAGS];
		if (ret == -ENODEV)
			break;
	}
	return ret;
}

static void sms_close(struct ups *ups)
{
	struct sms *state = ups->state;

	bytes_close(&state->serial.link);
}

static int sms_open(struct ups *ups, deadline_t until)
{
	static const struct serial_settings settings = {
		.speed = 2400,
		.lines = SERIAL_DTR | SERIAL_RTS,
	};
	struct sms *state = ups->state;
	int ret = serial_open(&state->serial, ups, &settings, until);

	if (ret < 0)
		return ret;
	ret = sms_read_flags(state, until);
	if (ret < 0) {
		sms_close(ups);
		return bytes_fail(ups, ret);
	}
	return 0;
}

/**
 * Delays count in 0.6 s, or in seconds with an on-line unit; which one it is
 * cannot be told for sure. So it is off after this long, or after 1.7 times.
 */
static uint32_t sms_units(int seconds)
{
	return (uint32_t)((seconds * 10 + 5) / 6);
}

static int sms_cut(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	struct sms *state = ups->state;
	bool returns = cut->wanted == UPS_RETURN || cut->wanted == UPS_REBOOT;
	int off_s = cut->wanted == UPS_OFF
			    ? 0
			    : ups_number(ups, "offdelay", SMS_OFF_S, 0,
					 SMS_OFF_S_MAX);
	int on_s = ups_number(ups, "ondelay", SMS_ON_S, 0, SMS_ON_S_MAX);
	uint32_t units = sms_units(off_s);
	int ret = ups_give(ups, cut, returns ? UPS_RETURN : cut->wanted);
	int before, after;

	if (ret < 0)
		return ret;
	ret = sms_send(state, 'C', SMS_UNUSED, until);
	before = ret == 0 ? sms_read_flags(state, until) : ret;
	if (before >= 0)
		ret = sms_send(state, returns ? 'R' : 'S',
			       units << 16 | (returns ? (uint32_t)on_s : 0),
			       until);
	/* It acknowledges nothing; but it should be there, unless it is off. */
	after = before < 0               ? before
		: ret < 0                ? ret
		: cut->wanted == UPS_OFF ? 0
					 : sms_read_flags(state, until);
	if (after < 0)
		return bytes_fail(ups, after);
	cut->proof = after & SMS_COUNTS && !(before & SMS_COUNTS) ? UPS_VERIFIED
								  : UPS_SENT;
	cut->off_after_s = (int)units;
	cut->on_after_s = returns ? on_s : UPS_UNKNOWN_S;
	(void)snprintf(cut->how, sizeof(cut->how), "shutdown %s",
		       returns ? "and restore (R)" : "(S)");
	return 0;
}

static int sms_cancel(struct ups *ups, deadline_t until)
{
	int ret = sms_send(ups->state, 'C', SMS_UNUSED, until);

	return ret < 0 ? bytes_fail(ups, ret) : 0;
}

static int sms_status(struct ups *ups, struct ups_status *status,
		      deadline_t until)
{
	int flags = sms_read_flags(ups->state, until);

	if (flags < 0)
		return bytes_fail(ups, flags);
	status->mains =
		flags & SMS_ON_BATTERY ? UPS_MAINS_ABSENT : UPS_MAINS_PRESENT;
	status->battery_low = flags & SMS_BATTERY_LOW;
	status->off_after_s = UPS_UNKNOWN_S;
	return 0;
}

static const char *const sms_nut_names[] = { "sms_ser", NULL };

static const struct ups_driver sms_driver = {
	.name = "sms",
	.summary = "SMS of Brazil on a serial line",
	.nut_names = sms_nut_names,
	.state_size = sizeof(struct sms),
	.open = sms_open,
	.cut = sms_cut,
	.status = sms_status,
	.cancel = sms_cancel,
	.close = sms_close,
};

UPS_DRIVER(sms_driver);
