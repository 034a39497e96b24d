// SPDX-License-Identifier: MIT
/*
 * Powercom, Trust, Advice and relatives on a serial line, NUT's powercom: bare
 * bytes, and no acknowledgement; but one bit of the status shows a countdown.
 * Source: networkupstools/nut, drivers/powercom.c and its manual.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "link/serial.h"

#define POWERCOM_ANSWER_MS  3000
#define POWERCOM_TRIES      3
#define POWERCOM_STATUS_MAX 16

enum powercom_command {
	POWERCOM_GET_STATUS = 0x01,
	POWERCOM_RESTART = 0xb9, /* comes back after what follows */
	POWERCOM_SHUTDOWN = 0xba,
	POWERCOM_COUNTER = 0xbc,
};

/* Places in the status, and their bits. */
#define POWERCOM_ZERO         8
#define POWERCOM_STATE        9
#define POWERCOM_MAINS_FAILED 0x01
#define POWERCOM_BATTERY_LOW  0x02
#define POWERCOM_STATE_B      10
#define POWERCOM_COUNTS       0x10

/** What a countdown is told: [minutes] seconds. */
struct powercom_delay {
	uint8_t minutes, seconds;
	bool has_minutes;
};

/** The kinds of units, by the first model of each. */
struct powercom_type {
	const char *name;
	int status_len;
	unsigned int lines; /* Trust and KP625AP are powered by RTS */
	struct powercom_delay delay;
};

#define POWERCOM_BOTH (SERIAL_DTR | SERIAL_RTS)

/* clang-format off */
static const struct powercom_type powercom_types[] = {
	{ "Trust",     11, SERIAL_RTS,    { 0, 10, false } },
	{ "Egys",      16, POWERCOM_BOTH, { 0, 10, false } },
	{ "KP625AP",   16, SERIAL_RTS,    { 0, 10, false } },
	{ "IMP",       16, POWERCOM_BOTH, { 1, 30, true } },
	{ "KIN",       16, POWERCOM_BOTH, { 1, 30, true } },
	{ "BNT",       16, POWERCOM_BOTH, { 1, 30, true } },
	{ "BNT-other", 16, POWERCOM_BOTH, { 1, 30, true } },
	{ "OPTI",      16, POWERCOM_BOTH, { 1, 30, true } },
};
/* clang-format on */

#define POWERCOM_TYPES (sizeof(powercom_types) / sizeof(powercom_types[0]))

struct powercom {
	struct serial_link serial;
	struct powercom_type type; /* with what the section changes */
};

/** Read the status. Stores no sentence. */
static int powercom_read_status(struct powercom *state,
				uint8_t status[POWERCOM_STATUS_MAX],
				deadline_t until)
{
	static const uint8_t command = POWERCOM_GET_STATUS;
	struct byte_link *link = &state->serial.link;
	int ret = -ETIMEDOUT;

	memset(status, 0, POWERCOM_STATUS_MAX);
	for (int i = 0; i < POWERCOM_TRIES && !deadline_passed(until); i++) {
		link->ops->drain(link);
		ret = link->ops->write(link, &command, 1, until);
		if (ret == 0)
			ret = bytes_read(
				link, status, (size_t)state->type.status_len,
				deadline_earlier(
					until,
					deadline_in_ms(POWERCOM_ANSWER_MS)));
		if (ret == 0 || ret == -ENODEV)
			break;
	}
	return ret;
}

/** "{{minutes,seconds},y}", with n: the minutes are not sent. */
static bool powercom_parse_delay(const char *text, struct powercom_delay *delay)
{
	unsigned long minutes, seconds;
	char *end;

	if (strncmp(text, "{{", 2) != 0)
		return false;
	minutes = strtoul(text + 2, &end, 10);
	if (*end != ',')
		return false;
	seconds = strtoul(end + 1, &end, 10);
	if (strncmp(end, "},", 2) != 0 || !end[2] || minutes > UINT8_MAX ||
	    seconds > UINT8_MAX)
		return false;
	*delay = (struct powercom_delay){
		.minutes = (uint8_t)minutes,
		.seconds = (uint8_t)seconds,
		.has_minutes = end[2] != 'n',
	};
	return true;
}

/** What the section says of the kind of unit. */
static int powercom_configure(struct ups *ups, struct powercom_type *type)
{
	const char *name = ups_value(ups, "type");
	const char *method = ups_value(ups, "methodOfFlowControl");
	const char *delay = ups_value(ups, "shutdownArguments");
	size_t i = 0;

	while (name && i < POWERCOM_TYPES &&
	       strcmp(name, powercom_types[i].name) != 0)
		i++;
	if (i == POWERCOM_TYPES)
		return ups_fail(ups, -EINVAL, "[%s] there is no type '%s'",
				ups->name, name);
	*type = powercom_types[i];
	type->status_len = ups_number(ups, "numOfBytesFromUPS",
				      type->status_len, 1, POWERCOM_STATUS_MAX);
	if (method)
		type->lines = !strcmp(method, "dtr0rts1") ? SERIAL_RTS
							  : POWERCOM_BOTH;
	if (delay && !powercom_parse_delay(delay, &type->delay))
		return ups_fail(
			ups, -EINVAL,
			"[%s] shutdownArguments should look like {{1,30},y}, and not like %s",
			ups->name, delay);
	return 0;
}

static void powercom_close(struct ups *ups)
{
	struct powercom *state = ups->state;

	bytes_close(&state->serial.link);
}

static int powercom_open(struct ups *ups, deadline_t until)
{
	struct serial_settings settings = { .speed = 1200 };
	struct powercom *state = ups->state;
	uint8_t status[POWERCOM_STATUS_MAX];
	int ret = powercom_configure(ups, &state->type);

	if (ret < 0)
		return ret;
	settings.lines = state->type.lines;
	ret = serial_open(&state->serial, ups, &settings, until);
	if (ret < 0)
		return ret;
	ret = powercom_read_status(state, status, until);
	if (ret < 0) {
		powercom_close(ups);
		return bytes_fail(ups, ret);
	}
	return 0;
}

static int powercom_cut(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	struct powercom *state = ups->state;
	struct byte_link *link = &state->serial.link;
	struct powercom_delay delay = state->type.delay;
	bool returns = cut->wanted == UPS_RETURN || cut->wanted == UPS_REBOOT;
	uint8_t bytes[4], before[POWERCOM_STATUS_MAX];
	uint8_t after[POWERCOM_STATUS_MAX] = { 0 };
	size_t len = 0;
	int ret = ups_give(ups, cut, returns ? UPS_RETURN : cut->wanted);

	if (ret < 0)
		return ret;
	if (cut->wanted == UPS_OFF)
		delay = (struct powercom_delay){ 0, 1, delay.has_minutes };
	bytes[len++] = returns ? POWERCOM_RESTART : POWERCOM_SHUTDOWN;
	if (returns)
		bytes[len++] = POWERCOM_COUNTER;
	if (delay.has_minutes)
		bytes[len++] = delay.minutes;
	bytes[len++] = delay.seconds;
	(void)powercom_read_status(state, before, until); /* or zeros */
	ret = link->ops->write(link, bytes, len, until);
	/* It acknowledges nothing; but it should still be there. */
	if (ret == 0)
		ret = powercom_read_status(state, after, until);
	if (ret < 0)
		return bytes_fail(ups, ret);
	cut->off_after_s =
		delay.seconds + (delay.has_minutes ? 60 * delay.minutes : 0);
	cut->on_after_s = UPS_UNKNOWN_S;
	cut->proof =
		after[POWERCOM_ZERO] == 0 &&
				after[POWERCOM_STATE_B] & POWERCOM_COUNTS &&
				!(before[POWERCOM_STATE_B] & POWERCOM_COUNTS)
			? UPS_VERIFIED
			: UPS_SENT;
	(void)snprintf(cut->how, sizeof(cut->how), "%s %d s",
		       returns ? "restart (B9 BC)" : "shutdown (BA)",
		       cut->off_after_s);
	return 0;
}

static int powercom_status(struct ups *ups, struct ups_status *status,
			   deadline_t until)
{
	struct powercom *state = ups->state;
	uint8_t bytes[POWERCOM_STATUS_MAX];
	int ret = powercom_read_status(state, bytes, until);

	/* Always 0, unless the section says that this one is another. */
	if (ret == 0 && bytes[POWERCOM_ZERO] != 0 &&
	    !ups_value(ups, "validationSequence"))
		ret = -EPROTO;
	if (ret < 0)
		return bytes_fail(ups, ret);
	status->mains = bytes[POWERCOM_STATE] & POWERCOM_MAINS_FAILED
				? UPS_MAINS_ABSENT
				: UPS_MAINS_PRESENT;
	status->battery_low = bytes[POWERCOM_STATE] & POWERCOM_BATTERY_LOW;
	status->off_after_s = UPS_UNKNOWN_S;
	return 0;
}

static const char *const powercom_nut_names[] = { "powercom", NULL };

static const struct ups_driver powercom_driver = {
	.name = "powercom",
	.summary = "Powercom, Trust and Advice on a serial line",
	.nut_names = powercom_nut_names,
	.state_size = sizeof(struct powercom),
	.open = powercom_open,
	.cut = powercom_cut,
	.status = powercom_status,
	.close = powercom_close,
};

UPS_DRIVER(powercom_driver);
