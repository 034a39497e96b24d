// SPDX-License-Identifier: MIT
/*
 * MGE's U-Talk on a serial line: lines of text, answered with a value, OK or a
 * question mark. Sources: MGE's minutalk.pdf and 9260zw_g.pdf;
 * networkupstools/nut, drivers/mge-utalk.c.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "link/serial.h"

#define UTALK_ANSWER_MS   2000
#define UTALK_TRIES       3
#define UTALK_LINE_MAX    64
/* Before a command, lest it overlaps with the answer before it. */
#define UTALK_PAUSE_MS    100
#define UTALK_WAKE_MS     500
/* Where they stand in its state, most significant bit first. */
#define UTALK_LOW_BATTERY 4
#define UTALK_ON_BATTERY  5
#define UTALK_STATE_MIN   8

struct utalk_state {
	struct serial_link serial;
	/* What the section says, else what the UPS was set to. */
	int off_s, on_min;
	bool sets_off, sets_on;
};

static int utalk_say(struct utalk_state *state, const char *text,
		     deadline_t until)
{
	struct byte_link *link = &state->serial.link;
	char line[UTALK_LINE_MAX];
	int len = snprintf(line, sizeof(line), "%s\r\n", text);
	int ret = clock_sleep_ms(UTALK_PAUSE_MS, until);

	link->ops->drain(link);
	return ret < 0 ? ret : link->ops->write(link, line, (size_t)len, until);
}

/** The next line that is not empty; its length. */
static int utalk_read(struct utalk_state *state, char line[UTALK_LINE_MAX],
		      deadline_t until)
{
	int ret;

	do {
		ret = bytes_read_line(&state->serial.link, '\r', line,
				      UTALK_LINE_MAX, NULL, until);
		if (ret > 0 && line[0] == '\n')
			memmove(line, line + 1, (size_t)ret--);
	} while (ret == 0);
	return ret;
}

/** A question mark is -ECONNREFUSED. */
static int utalk_ask(struct utalk_state *state, const char *text,
		     char line[UTALK_LINE_MAX], deadline_t until)
{
	int ret = utalk_say(state, text, until);

	if (ret < 0)
		return ret;
	ret = utalk_read(
		state, line,
		deadline_earlier(until, deadline_in_ms(UTALK_ANSWER_MS)));
	return ret > 0 && line[0] == '?' ? -ECONNREFUSED : ret;
}

/** Repeated when the line spoils it. */
static int utalk_set(struct utalk_state *state, const char *text,
		     deadline_t until)
{
	char line[UTALK_LINE_MAX];
	int ret = -ETIMEDOUT;

	for (int i = 0; i < UTALK_TRIES && !deadline_passed(until); i++) {
		ret = utalk_ask(state, text, line, until);
		if (ret >= 0)
			ret = strcmp(line, "OK") ? -EPROTO : 0;
		if (ret == 0 || ret == -ECONNREFUSED || ret == -ENODEV)
			break;
	}
	return ret;
}

static int utalk_fail(struct ups *ups, int error)
{
	if (error == -ECONNREFUSED)
		return ups_fail(ups, -EPROTO, "[%s] does not know the command",
				ups->name);
	return bytes_fail(ups, error);
}

static void utalk_close(struct ups *ups)
{
	struct utalk_state *state = ups->state;

	bytes_close(&state->serial.link);
}

/** Echo off, which has no answer; and if it does not listen, wake it. */
static int utalk_meet(struct utalk_state *state, deadline_t until)
{
	char line[UTALK_LINE_MAX];
	int ret = utalk_say(state, "Z", until);

	for (int i = 0; i < UTALK_TRIES && ret == 0; i++) {
		ret = utalk_ask(state, "Si", line, until);
		if (ret > 0 || ret == -ECONNREFUSED || ret == -ENODEV)
			return ret == -ECONNREFUSED ? 0 : ret;
		ret = utalk_say(state, "Z", until);
		if (ret == 0)
			ret = utalk_say(state, "Ax 1", until);
		if (ret == 0)
			ret = clock_sleep_ms(UTALK_WAKE_MS, until);
	}
	return ret == 0 ? -ETIMEDOUT : ret;
}

/** A number it was set to, or UPS_UNKNOWN_S. */
static int utalk_number(struct utalk_state *state, const char *question,
			deadline_t until)
{
	char line[UTALK_LINE_MAX];
	int ret = utalk_ask(state, question, line, until);

	return ret > 0 && line[0] >= '0' && line[0] <= '9' && ret < 6
		       ? atoi(line)
		       : UPS_UNKNOWN_S;
}

static int utalk_open(struct ups *ups, deadline_t until)
{
	struct utalk_state *state = ups->state;
	struct serial_settings settings = {
		.speed = 2400,
		.lines = ups_value(ups, "oldmac") ? SERIAL_RTS : SERIAL_DTR,
	};
	int ret = serial_open(&state->serial, ups, &settings, until);

	if (ret < 0)
		return ret;
	ret = utalk_meet(state, until);
	if (ret < 0) {
		utalk_close(ups);
		return bytes_fail(ups, ret);
	}
	state->sets_off = ups_value(ups, "offdelay");
	state->sets_on = ups_value(ups, "ondelay");
	state->off_s = state->sets_off ? ups_number(ups, "offdelay", 0, 0, 9999)
				       : utalk_number(state, "Sn ?", until);
	state->on_min = state->sets_on ? ups_number(ups, "ondelay", 0, 0, 9999)
				       : utalk_number(state, "Sm ?", until);
	return 0;
}

/** A setting that it may not have; a cut does without. */
static int utalk_try(struct ups *ups, const char *command, int number,
		     deadline_t until)
{
	char text[16];
	int ret;

	(void)snprintf(text, sizeof(text), "%s %d", command, number);
	ret = utalk_set(ups->state, text, until);
	if (ret == -ECONNREFUSED)
		ups_note(ups, "[%s] does not know %s", ups->name, text);
	return ret;
}

/** What has to be set before the cut. 0, or the link's error. */
static int utalk_prepare(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	struct utalk_state *state = ups->state;
	int ret =
		ups_give(ups, cut,
			 cut->wanted == UPS_STAYOFF ? UPS_STAYOFF : UPS_RETURN);

	if (ret < 0)
		return ret;
	if (state->sets_on)
		ret = utalk_try(ups, "Sm", state->on_min, until);
	if ((ret == 0 || ret == -ECONNREFUSED) && state->sets_off)
		ret = utalk_try(ups, "Sn", state->off_s, until);
	if (ret < 0 && ret != -ECONNREFUSED)
		return ret;
	if (cut->wanted == UPS_STAYOFF)
		return 0;
	ret = utalk_try(ups, "Sx", 5, until); /* start by itself */
	return ret == -ECONNREFUSED ? ups_give(ups, cut, UPS_STAYOFF) : ret;
}

/** All its outlets off at once. */
static int utalk_off(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	int ret = utalk_set(ups->state, "Wy 65535", until);

	if (ret == 0)
		ret = utalk_set(ups->state, "Wx 0", until);
	cut->given = UPS_OFF;
	cut->off_after_s = 0;
	cut->on_after_s = UPS_UNKNOWN_S;
	(void)snprintf(cut->how, sizeof(cut->how), "Wx 0");
	return ret;
}

static int utalk_count(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	struct utalk_state *state = ups->state;
	int ret = utalk_prepare(ups, cut, until);

	if (ret == 0)
		ret = utalk_set(state, "Sx 0", until);
	cut->off_after_s = state->off_s;
	cut->on_after_s = cut->given == UPS_RETURN && state->on_min >= 0
				  ? 60 * state->on_min
				  : UPS_UNKNOWN_S;
	(void)snprintf(cut->how, sizeof(cut->how), "Sx 0");
	return ret;
}

static int utalk_cut(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	int ret = cut->wanted == UPS_OFF ? utalk_off(ups, cut, until)
					 : utalk_count(ups, cut, until);

	cut->proof = UPS_SENT;
	return ret == -EOPNOTSUPP || ret == 0 ? ret : utalk_fail(ups, ret);
}

static int utalk_status(struct ups *ups, struct ups_status *status,
			deadline_t until)
{
	struct utalk_state *state = ups->state;
	char line[UTALK_LINE_MAX];
	int ret = utalk_ask(state, "Ss", line, until);

	if (ret >= 0 && ret < UTALK_STATE_MIN)
		ret = -EPROTO;
	if (ret < 0)
		return utalk_fail(ups, ret);
	status->mains = line[UTALK_ON_BATTERY] == '1' ? UPS_MAINS_ABSENT
						      : UPS_MAINS_PRESENT;
	status->battery_low = line[UTALK_LOW_BATTERY] == '1';
	status->off_after_s = UPS_UNKNOWN_S;
	return 0;
}

static const char *const utalk_nut_names[] = { "mge-utalk", NULL };

static const struct ups_driver utalk_driver = {
	.name = "utalk",
	.summary = "MGE's U-Talk on a serial line",
	.nut_names = utalk_nut_names,
	.state_size = sizeof(struct utalk_state),
	.open = utalk_open,
	.cut = utalk_cut,
	.status = utalk_status,
	.close = utalk_close,
};

UPS_DRIVER(utalk_driver);
