// SPDX-License-Identifier: MIT
/*
 * Powervar's CUSPP on a serial line: lines of text in groups of three letters.
 * Source: networkupstools/nut, drivers/powervar_cx.c and powervar_cx_ser.c.
 *
 * A group is answered with its values, and GROUP.FORMAT with their names in the
 * same order; what it does not understand, with a question mark.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "link/serial.h"

#define POWERVAR_ANSWER_MS 1500
#define POWERVAR_TRIES     3
#define POWERVAR_WAKE_MS   1000
#define POWERVAR_LINE_MAX  256
#define POWERVAR_OVERRIDE  "override.ups.delay.shutdown"
/* So long before the end it must still count. */
#define POWERVAR_ALIVE_S   5

struct powervar_state {
	struct serial_link serial;
	int off_s;
	/* Where they stand among the values, from 1; 0: it has not got it. */
	int on_battery, low_battery; /* of ALM */
	int countdown, restart;      /* of SET */
	char restarts;               /* as it is set */
};

/** The next line that is not empty, without LF; its length. */
static int powervar_read(struct powervar_state *state,
			 char line[POWERVAR_LINE_MAX], deadline_t until)
{
	int ret;

	do {
		ret = bytes_read_line(&state->serial.link, '\r', line,
				      POWERVAR_LINE_MAX, NULL, until);
		if (ret > 0 && line[0] == '\n')
			memmove(line, line + 1, (size_t)ret--);
	} while (ret == 0);
	return ret;
}

/**
 * Say @text and read a line that begins with the same three letters, or only a
 * question mark: that is -ECONNREFUSED. Repeated when the line spoils it.
 */
static int powervar_ask(struct powervar_state *state, const char *text,
			char line[POWERVAR_LINE_MAX], deadline_t until)
{
	struct byte_link *link = &state->serial.link;
	char message[32];
	int len = snprintf(message, sizeof(message), "%s\r", text);
	int ret = -ETIMEDOUT;

	for (int i = 0; i < POWERVAR_TRIES && !deadline_passed(until); i++) {
		link->ops->drain(link);
		ret = link->ops->write(link, message, (size_t)len, until);
		if (ret < 0)
			break;
		ret = powervar_read(
			state, line,
			deadline_earlier(until,
					 deadline_in_ms(POWERVAR_ANSWER_MS)));
		if (ret > 0 && line[0] == '?')
			ret = -ECONNREFUSED;
		else if (ret > 0 && strncmp(line, text, 3) != 0)
			ret = -EPROTO;
		if (ret >= 0 || ret == -ECONNREFUSED || ret == -ENODEV)
			break;
	}
	return ret;
}

static int powervar_fail(struct ups *ups, int error)
{
	if (error == -ECONNREFUSED)
		return ups_fail(ups, -EPROTO,
				"[%s] does not understand the command",
				ups->name);
	return bytes_fail(ups, error);
}

/** What stands behind the equals sign and @skip semicolons, or NULL. */
static const char *powervar_value(const char *line, int skip)
{
	const char *value = strchr(line, '=');

	for (; value && skip > 0; skip--)
		value = strchr(value + 1, ';');
	return value ? value + 1 : NULL;
}

/** Learn where @word stands among the values; from 1, or 0. */
static int powervar_find(const char *format, const char *word)
{
	size_t len = strlen(word);
	const char *value;

	for (int i = 0; (value = powervar_value(format, i)); i++) {
		if (!strncmp(value, word, len) && strcspn(value, ";.") == len)
			return i + 1;
	}
	return 0;
}

/** The first character of a value, or 0. */
static char powervar_first(const char *line, int place)
{
	const char *value = place ? powervar_value(line, place - 1) : NULL;

	return value ? *value : '\0';
}

static int powervar_learn(struct powervar_state *state, deadline_t until)
{
	char line[POWERVAR_LINE_MAX];
	int ret = powervar_ask(state, "ALM.FORMAT", line, until);

	if (ret >= 0) {
		state->on_battery = powervar_find(line, "ONBAT");
		state->low_battery = powervar_find(line, "LOWBAT");
		ret = powervar_ask(state, "SET.FORMAT", line, until);
	}
	if (ret >= 0) {
		state->countdown = powervar_find(line, "OFFDLY");
		state->restart = powervar_find(line, "ATOSRT");
		ret = powervar_ask(state, "SET", line, until);
	}
	if (ret >= 0)
		state->restarts = powervar_first(line, state->restart);
	return ret;
}

static void powervar_close(struct ups *ups)
{
	struct powervar_state *state = ups->state;

	bytes_close(&state->serial.link);
}

static int powervar_meet(struct powervar_state *state, deadline_t until)
{
	struct byte_link *link = &state->serial.link;
	char line[POWERVAR_LINE_MAX];
	/* Ends whatever it believes to have been told. */
	int ret = link->ops->write(link, "\r\n\r\n", 4, until);

	if (ret == 0)
		ret = clock_sleep_ms(POWERVAR_WAKE_MS, until);
	if (ret < 0)
		return ret;
	ret = powervar_ask(state, "PID", line, until);
	if (ret < 0)
		return ret;
	return strstr(line, "CUSPP") ? powervar_learn(state, until) : -EPROTO;
}

static int powervar_open(struct ups *ups, deadline_t until)
{
	struct powervar_state *state = ups->state;
	struct serial_settings settings = {
		.speed = ups_number(ups, "pvbaud", 9600, 9600, 115200),
		.lines = SERIAL_DTR | SERIAL_RTS,
	};
	int ret = serial_open(&state->serial, ups, &settings, until);

	if (ret < 0)
		return ret;
	ret = powervar_meet(state, until);
	if (ret < 0) {
		powervar_close(ups);
		return powervar_fail(ups, ret);
	}
	state->off_s =
		ups_number(ups,
			   ups_value(ups, POWERVAR_OVERRIDE) ? POWERVAR_OVERRIDE
							     : "offdelay",
			   1, 1, 65535);
	return 0;
}

/** Seconds that it still counts; 0: it does not, UPS_UNKNOWN_S: who knows. */
static int powervar_read_countdown(struct powervar_state *state,
				   deadline_t until)
{
	char line[POWERVAR_LINE_MAX];
	char first;

	if (powervar_ask(state, "SET", line, until) < 0)
		return UPS_UNKNOWN_S;
	first = powervar_first(line, state->countdown);
	return first >= '0' && first <= '9'
		       ? (int)strtol(powervar_value(line, state->countdown - 1),
				     NULL, 10)
		       : UPS_UNKNOWN_S;
}

/** One that refuses goes off all the same. */
static int powervar_set_restart(struct ups *ups, char restart, deadline_t until)
{
	struct powervar_state *state = ups->state;
	char line[POWERVAR_LINE_MAX];
	char text[] = "SET.ATOSRT.W=?";
	int ret;

	if (state->restarts == restart)
		return 0;
	text[sizeof(text) - 2] = restart;
	ret = powervar_ask(state, text, line, until);
	if (ret != -ECONNREFUSED)
		return ret < 0 ? ret : 0;
	ups_note(ups, "[%s] does not understand %s", ups->name, text);
	return 0;
}

static int powervar_count(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	struct powervar_state *state = ups->state;
	bool stays = cut->wanted == UPS_STAYOFF;
	char line[POWERVAR_LINE_MAX];
	int ret = ups_give(ups, cut, stays ? UPS_STAYOFF : UPS_RETURN);
	int left_s;

	if (ret < 0)
		return ret;
	ret = powervar_set_restart(ups, stays ? '0' : '1', until);
	(void)snprintf(cut->how, sizeof(cut->how), "SET.OFFDLY.W=%d",
		       state->off_s);
	if (ret == 0)
		ret = powervar_ask(state, cut->how, line, until);
	if (ret < 0)
		return powervar_fail(ups, ret);
	cut->off_after_s = state->off_s;
	/* It may be off by now, and silent. */
	left_s = powervar_read_countdown(state, until);
	if (left_s == 0 && state->off_s >= POWERVAR_ALIVE_S)
		return ups_fail(
			ups, -EPROTO,
			"[%s] acknowledged the cut and counts nothing down",
			ups->name);
	if (left_s > 0)
		cut->proof = UPS_VERIFIED;
	return 0;
}

static int powervar_cut(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	char line[POWERVAR_LINE_MAX];
	int ret;

	cut->proof = UPS_SENT;
	cut->on_after_s = UPS_UNKNOWN_S;
	if (cut->wanted != UPS_OFF)
		return powervar_count(ups, cut, until);
	ret = powervar_ask(ups->state, "SET.OFFNOW.W=1", line, until);
	cut->given = UPS_OFF;
	cut->off_after_s = 0;
	(void)snprintf(cut->how, sizeof(cut->how), "SET.OFFNOW.W=1");
	return ret < 0 ? powervar_fail(ups, ret) : 0;
}

static int powervar_status(struct ups *ups, struct ups_status *status,
			   deadline_t until)
{
	struct powervar_state *state = ups->state;
	char line[POWERVAR_LINE_MAX];
	int ret = powervar_ask(state, "ALM", line, until);
	int left_s;

	if (ret < 0)
		return powervar_fail(ups, ret);
	switch (powervar_first(line, state->on_battery)) {
	case '0':
		status->mains = UPS_MAINS_PRESENT;
		break;
	case '1':
		status->mains = UPS_MAINS_ABSENT;
		break;
	default:
		status->mains = UPS_MAINS_UNKNOWN;
	}
	status->battery_low = powervar_first(line, state->low_battery) == '1';
	left_s = powervar_read_countdown(state, until);
	status->off_after_s = left_s > 0 ? left_s : UPS_UNKNOWN_S;
	return 0;
}

static int powervar_cancel(struct ups *ups, deadline_t until)
{
	char line[POWERVAR_LINE_MAX];
	int ret = powervar_ask(ups->state, "SET.OFFSTP.W=1", line, until);

	return ret < 0 ? powervar_fail(ups, ret) : 0;
}

static const char *const powervar_nut_names[] = { "powervar-cs",
						  "powervar_cx_ser", NULL };

static const struct ups_driver powervar_driver = {
	.name = "powervar",
	.summary = "Powervar's CUSPP on a serial line",
	.nut_names = powervar_nut_names,
	.state_size = sizeof(struct powervar_state),
	.open = powervar_open,
	.cut = powervar_cut,
	.status = powervar_status,
	.cancel = powervar_cancel,
	.close = powervar_close,
};

UPS_DRIVER(powervar_driver);
