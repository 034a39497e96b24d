// SPDX-License-Identifier: MIT
/*
 * UPSes of the SEC protocol and its relatives on a serial line: a few settings,
 * a countdown, and an alarm that shows that it runs.
 */
#include "sec/sec.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEC_ANSWER_MS   1500
#define SEC_TRIES       3
#define SEC_SPEED_TRIES 2 /* at each speed, when there are several */
#define SEC_LOOKS       3
#define SEC_LOOK_MS     500
/* What NUT's drivers do, and nobody can set. */
#define SEC_OFF_S       5
#define SEC_NOW_S       1
#define SEC_PAUSE_MS    5000

struct sec_state {
	struct serial_link serial;
	const struct sec_row *row;
	int tries;
	int pause_ms; /* before each command */
	char restart; /* how it is set now; 0: it does not say */
};

/** Read a length and as many bytes, with a 0 behind them. */
static int sec_read_data(struct byte_link *link, char data[SEC_DATA_MAX + 1],
			 deadline_t until)
{
	char digits[4] = "";
	int len = 0;
	int ret = bytes_read(link, digits, 3, until);

	if (ret < 0)
		return ret;
	for (int i = 0; i < 3; i++) {
		if (digits[i] < '0' || digits[i] > '9')
			return -EPROTO;
		len = 10 * len + digits[i] - '0';
	}
	if (len > SEC_DATA_MAX)
		return -EPROTO;
	ret = bytes_read(link, data, (size_t)len, until);
	data[ret < 0 ? 0 : len] = '\0';
	return ret < 0 ? ret : len;
}

/**
 * Read the answer to a message of @type; what is in front of it is skipped.
 * 0 or the length of @data, -ECONNREFUSED for a no.
 */
static int sec_read(struct sec_state *state, char type,
		    char data[SEC_DATA_MAX + 1], deadline_t until)
{
	const struct sec_row *row = state->row;
	struct byte_link *link = &state->serial.link;
	size_t matched = 0;

	for (;;) {
		char byte;
		int ret = bytes_read(link, &byte, 1, until);

		if (ret < 0)
			return ret;
		if (row->head[matched] && byte == row->head[matched]) {
			matched++;
			continue;
		}
		if (!row->head[matched] && byte == row->refused)
			return -ECONNREFUSED;
		if (!row->head[matched] && byte == row->accepted && type == 'S')
			return 0;
		if (!row->head[matched] && byte == 'D' && type == 'P')
			return sec_read_data(link, data, until);
		matched = byte == row->head[0];
	}
}

/** Say @text and read the answer. Repeated when the line spoils it. */
static int sec_ask(struct sec_state *state, char type, const char *text,
		   char data[SEC_DATA_MAX + 1], deadline_t until)
{
	struct byte_link *link = &state->serial.link;
	char message[32];
	int len = snprintf(message, sizeof(message), "%s%c%03zu%s",
			   state->row->head, type, strlen(text), text);
	int ret = -ETIMEDOUT;

	for (int i = 0; i < state->tries && !deadline_passed(until); i++) {
		(void)clock_sleep_ms(state->pause_ms, until); /* or be late */
		link->ops->drain(link);
		if (state->row->gap_ms)
			ret = bytes_write_slowly(link, message, (size_t)len,
						 state->row->gap_ms, until);
		else
			ret = link->ops->write(link, message, (size_t)len,
					       until);
		if (ret == 0)
			ret = sec_read(
				state, type, data,
				deadline_earlier(
					until, deadline_in_ms(SEC_ANSWER_MS)));
		if (ret >= 0 || ret == -ECONNREFUSED || ret == -ENODEV)
			break;
	}
	return ret;
}

static int sec_set(struct sec_state *state, const char *text, deadline_t until)
{
	return sec_ask(state, 'S', text, NULL, until);
}

/** Field @number (from 0) of @data; a 0 byte if it is empty or not there. */
static char sec_field(const struct sec_row *row, const char *data, int number)
{
	for (; number > 0; number--) {
		data = strchr(data, row->comma);
		if (!data)
			return '\0';
		data++;
	}
	return *data == row->comma ? '\0' : *data;
}

static int sec_fail(struct ups *ups, int error)
{
	if (error == -ECONNREFUSED)
		return ups_fail(ups, -EPROTO, "[%s] refused the command",
				ups->name);
	return bytes_fail(ups, error);
}

static void sec_close(struct ups *ups)
{
	struct sec_state *state = ups->state;

	bytes_close(&state->serial.link);
}

/** Is somebody there, at one of the row's speeds? A no is an answer. */
static int sec_meet(struct sec_state *state, deadline_t until)
{
	const int *speed = state->row->speeds;
	char data[SEC_DATA_MAX + 1];
	int ret;

	state->tries = speed ? SEC_SPEED_TRIES : SEC_TRIES;
	ret = sec_ask(state, 'P', state->row->maker, data, until);
	for (; speed && *speed && (ret == -ETIMEDOUT || ret == -EPROTO);
	     speed++) {
		ret = serial_set_speed(&state->serial, *speed);
		if (ret == 0)
			ret = sec_ask(state, 'P', state->row->maker, data,
				      until);
	}
	state->tries = SEC_TRIES;
	return ret == -ECONNREFUSED ? 0 : ret;
}

static int sec_open(struct ups *ups, deadline_t until)
{
	struct sec_state *state = ups->state;
	char data[SEC_DATA_MAX + 1];
	int ret;

	state->row = sec_find_row(ups);
	state->pause_ms = ups_number(ups, "command_delay", 0, 0, SEC_PAUSE_MS);
	ret = serial_open(&state->serial, ups, &state->row->settings, until);
	if (ret < 0)
		return ret;
	ret = sec_meet(state, until);
	if (ret < 0) {
		sec_close(ups);
		return bytes_fail(ups, ret);
	}
	if (state->row->restart &&
	    sec_ask(state, 'P', state->row->restart, data, until) > 0)
		state->restart = data[0];
	return 0;
}

/** What a cut needs to have been told. One that refuses goes off all the same. */
static int sec_prepare(struct ups *ups, bool stays, deadline_t until)
{
	struct sec_state *state = ups->state;
	const struct sec_row *row = state->row;
	char restart[8], wish = stays ? '2' : '1';
	const char *const words[] = {
		row->restart && state->restart != wish ? restart : NULL,
		row->type,
		stays ? NULL : row->back,
	};

	(void)snprintf(restart, sizeof(restart), "%s%c",
		       row->restart ? row->restart : "", wish);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		int ret = words[i] ? sec_set(state, words[i], until) : 0;

		if (ret == -ECONNREFUSED)
			ups_note(ups, "[%s] refused %s", ups->name, words[i]);
		else if (ret < 0)
			return ret;
	}
	return 0;
}

/**
 * Does it show that it counts down? May take a moment not to be @before any
 * more. Returns that alarm, or a 0 byte if it cannot be read.
 */
static char sec_look(struct sec_state *state, char before, deadline_t until)
{
	char data[SEC_DATA_MAX + 1];
	char pending = before;

	for (int i = 0; i < SEC_LOOKS && pending == before; i++) {
		if (i > 0 && clock_sleep_ms(SEC_LOOK_MS, until) < 0)
			return '\0';
		/* It may be off by now, and silent. */
		if (sec_ask(state, 'P', state->row->alarms, data, until) < 0)
			return '\0';
		pending = sec_field(state->row, data, SEC_ALARM_PENDING);
	}
	return pending;
}

static int sec_verify(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	char pending = sec_look(ups->state, '0', until);

	ups->in_doubt = pending == '0';
	if (pending == '0')
		return ups_fail(
			ups, -EPROTO,
			"[%s] acknowledged the cut and counts nothing down",
			ups->name);
	if (pending == '1')
		cut->proof = UPS_VERIFIED;
	return 0;
}

static int sec_cut(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	struct sec_state *state = ups->state;
	const struct sec_row *row = state->row;
	bool off = cut->wanted == UPS_OFF;
	bool stays = row->stays && (off || cut->wanted == UPS_STAYOFF);
	char text[16];
	int ret;

	cut->off_after_s = off            ? SEC_NOW_S
			   : cut->least_s ? 2 * cut->least_s
					  : SEC_OFF_S;
	ret = ups_give_after(ups, cut, stays ? cut->wanted : UPS_RETURN,
			     cut->off_after_s);
	if (ret < 0)
		return ret;
	ret = sec_prepare(ups, stays, until);
	(void)snprintf(text, sizeof(text), "%s%d", row->off, cut->off_after_s);
	if (ret == 0)
		ret = sec_set(state, text, until);
	if (ret < 0)
		return sec_fail(ups, ret);
	cut->proof = UPS_SENT;
	cut->on_after_s = stays ? UPS_UNKNOWN_S : row->on_after_s;
	(void)snprintf(cut->how, sizeof(cut->how), "%s", text);
	return sec_verify(ups, cut, until);
}

static int sec_cancel(struct ups *ups, deadline_t until)
{
	struct sec_state *state = ups->state;
	int ret = sec_set(state, state->row->cancel, until);

	if (ret < 0)
		return sec_fail(ups, ret);
	if (sec_look(state, '1', until) == '1')
		return ups_fail(ups, -EPROTO, "[%s] counts on", ups->name);
	return 1; /* it said yes */
}

static int sec_status(struct ups *ups, struct ups_status *status,
		      deadline_t until)
{
	struct sec_state *state = ups->state;
	const struct sec_row *row = state->row;
	char data[SEC_DATA_MAX + 1];
	int ret = sec_ask(state, 'P', row->alarms, data, until);

	if (ret < 0)
		return sec_fail(ups, ret);
	switch (sec_field(row, data, SEC_ALARM_INPUT_BAD)) {
	case '0':
		status->mains = UPS_MAINS_PRESENT;
		break;
	case '1':
		status->mains = UPS_MAINS_ABSENT;
		break;
	default:
		status->mains = UPS_MAINS_UNKNOWN;
	}
	/* That one runs shows, and not how much of it is left. */
	status->off_after_s = UPS_UNKNOWN_S;
	status->battery_low = false;
	if (sec_ask(state, 'P', row->battery, data, until) > 0)
		status->battery_low =
			sec_field(row, data, SEC_BATTERY_LOW) > '0';
	return 0;
}

static const char *const sec_nut_names[] = { "gamatronic", "belkin",
					     "tripplitesu", "us9003", NULL };

static const struct ups_driver sec_driver = {
	.name = "sec",
	.summary = "SEC protocol, Belkin and Tripp Lite on a serial line",
	.nut_names = sec_nut_names,
	.rehearses = true,
	.state_size = sizeof(struct sec_state),
	.open = sec_open,
	.cut = sec_cut,
	.status = sec_status,
	.cancel = sec_cancel,
	.close = sec_close,
};

UPS_DRIVER(sec_driver);
