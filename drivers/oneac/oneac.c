// SPDX-License-Identifier: MIT
/*
 * Oneac's Advanced Interface on a serial line: one-letter commands that end
 * with CR LF. Source: networkupstools/nut, drivers/oneac.c and oneac.h.
 *
 * Orders are not acknowledged, only what it does not understand is (a star);
 * but one line holds all that it knows, its countdown too.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "link/serial.h"

#define ONEAC_ANSWER_MS 1500
#define ONEAC_TRIES     3
#define ONEAC_WAKE_MS   1000
#define ONEAC_LINE_MAX  128
#define ONEAC_OVERRIDE  "override.ups.delay.shutdown"
/* So long before the end it must still answer. */
#define ONEAC_ALIVE_S   5

/* The line that % is answered with. */
#define ONEAC_ALL_MIN    22
#define ONEAC_ALL_STATUS 12
#define ONEAC_ALL_COUNT  15 /* 3 digits, dots if it does not run, or a plus */

#define ONEAC_ON_BATTERY  0x01 /* of the status, which is a letter */
#define ONEAC_LOW_BATTERY 0x02

struct oneac_state {
	struct serial_link serial;
	bool is_new; /* OZ and OB, not EG and ON */
	bool is_manual;
	int off_s;
};

static const struct serial_settings oneac_settings = {
	.speed = 9600,
	.lines = SERIAL_DTR | SERIAL_RTS,
};

static int oneac_say(struct oneac_state *state, const char *text,
		     deadline_t until)
{
	struct byte_link *link = &state->serial.link;
	char line[16];
	int len = snprintf(line, sizeof(line), "%s\r\n", text);

	return link->ops->write(link, line, (size_t)len, until);
}

/** A line of @least characters or more; a star is -ECONNREFUSED. */
static int oneac_read(struct oneac_state *state, char line[ONEAC_LINE_MAX],
		      int least, deadline_t until)
{
	for (;;) {
		int ret = bytes_read_line(&state->serial.link, '\r', line,
					  ONEAC_LINE_MAX, NULL, until);
		bool fed = ret > 0 && line[0] == '\n';

		if (ret < 0)
			return ret;
		if (fed)
			memmove(line, line + 1, (size_t)ret--);
		if (ret == 1 && (line[0] == '*' || line[0] == '#'))
			return -ECONNREFUSED;
		if (ret >= least)
			return ret;
	}
}

static int oneac_ask(struct oneac_state *state, const char *text,
		     char line[ONEAC_LINE_MAX], int least, deadline_t until)
{
	int ret = -ETIMEDOUT;

	for (int i = 0; i < ONEAC_TRIES && !deadline_passed(until); i++) {
		ret = oneac_say(state, text, until);
		if (ret < 0)
			break;
		ret = oneac_read(
			state, line, least,
			deadline_earlier(until, deadline_in_ms(ONEAC_ANSWER_MS)));
		if (ret >= 0 || ret == -ECONNREFUSED || ret == -ENODEV)
			break;
	}
	return ret;
}

static int oneac_fail(struct ups *ups, int error)
{
	if (error == -ECONNREFUSED)
		return ups_fail(ups, -EPROTO,
				"[%s] does not understand the command",
				ups->name);
	return bytes_fail(ups, error);
}

static void oneac_close(struct ups *ups)
{
	struct oneac_state *state = ups->state;

	bytes_close(&state->serial.link);
}

/** Which family it is, and whether it starts by itself. */
static int oneac_meet(struct oneac_state *state, deadline_t until)
{
	struct byte_link *link = &state->serial.link;
	char line[ONEAC_LINE_MAX];
	/* Ends whatever it believes to have been told. */
	int ret = oneac_say(state, "\r\n", until);

	if (ret == 0)
		ret = clock_sleep_ms(ONEAC_WAKE_MS, until);
	link->ops->drain(link);
	if (ret == 0)
		ret = oneac_ask(state, "F", line, 2, until);
	if (ret < 0)
		return ret;
	state->is_new = !strcmp(line, "OZ") || !strcmp(line, "OB");
	if (!state->is_new && strcmp(line, "EG") && strcmp(line, "ON"))
		return -EPROTO;
	if (state->is_new && oneac_ask(state, "<?", line, 1, until) > 0)
		state->is_manual = line[0] == '1';
	return 0;
}

static int oneac_open(struct ups *ups, deadline_t until)
{
	struct oneac_state *state = ups->state;
	int ret = serial_open(&state->serial, ups, &oneac_settings, until);

	if (ret < 0)
		return ret;
	ret = oneac_meet(state, until);
	if (ret < 0) {
		oneac_close(ups);
		return oneac_fail(ups, ret);
	}
	state->off_s = ups_number(
		ups,
		ups_value(ups, ONEAC_OVERRIDE) ? ONEAC_OVERRIDE : "offdelay", 0,
		0, state->is_new ? 65535 : 999);
	return 0;
}

static int oneac_read_status(struct oneac_state *state,
			     struct ups_status *status, deadline_t until)
{
	char line[ONEAC_LINE_MAX];
	const char *count = line + ONEAC_ALL_COUNT;
	int ret = oneac_ask(state, "%", line, ONEAC_ALL_MIN, until);

	if (ret < 0)
		return ret;
	status->mains = line[ONEAC_ALL_STATUS] & ONEAC_ON_BATTERY
				? UPS_MAINS_ABSENT
				: UPS_MAINS_PRESENT;
	status->battery_low = line[ONEAC_ALL_STATUS] & ONEAC_LOW_BATTERY;
	status->off_after_s = UPS_UNKNOWN_S;
	if (*count == '+')
		status->off_after_s = 1000;
	else if (isdigit((unsigned char)*count))
		status->off_after_s = 0;
	for (int i = 0; i < 3 && isdigit((unsigned char)count[i]); i++)
		status->off_after_s =
			10 * status->off_after_s + (count[i] - '0');
	return 0;
}

/** Where it can be told, tell it to start by itself or not to. */
static int oneac_set_start(struct oneac_state *state, bool manual,
			   deadline_t until)
{
	if (!state->is_new || state->is_manual == manual)
		return 0;
	return oneac_say(state, manual ? "<1" : "<0", until);
}

/** Off after a while. It must be seen to count if there is time for that. */
static int oneac_count(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	struct oneac_state *state = ups->state;
	struct ups_status status;
	int ret;

	(void)snprintf(cut->how, sizeof(cut->how),
		       state->is_new ? "Z%d" : "Z%03d", cut->off_after_s);
	ret = oneac_say(state, cut->how, until);
	if (ret < 0)
		return oneac_fail(ups, ret);
	ret = oneac_read_status(state, &status, until);
	if (ret == 0 && status.off_after_s >= 0)
		cut->proof = UPS_VERIFIED;
	ups->in_doubt = cut->proof != UPS_VERIFIED; /* it never says yes */
	if (cut->proof != UPS_VERIFIED && ret == 0 &&
	    cut->off_after_s >= ONEAC_ALIVE_S)
		return ups_fail(ups, -EPROTO,
				"[%s] was told to cut and counts nothing down",
				ups->name);
	else if (ret == -ECONNREFUSED ||
		 (ret < 0 && cut->off_after_s >= ONEAC_ALIVE_S))
		return oneac_fail(ups, ret);
	return 0;
}

/** Off and on again, at once. Nothing answers while it does that. */
static int oneac_reboot(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	int ret = oneac_say(ups->state, "\x0f\x06", until);

	cut->off_after_s = 0;
	(void)snprintf(cut->how, sizeof(cut->how), "^O^F");
	return ret < 0 ? oneac_fail(ups, ret) : 0;
}

static int oneac_cut(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	struct oneac_state *state = ups->state;
	enum ups_command given = cut->wanted;
	struct ups_status status;
	int ret = oneac_read_status(state, &status, until);

	if (ret < 0)
		return oneac_fail(ups, ret);
	/* After Z it waits for mains to come back, not for mains. */
	if (given == UPS_RETURN && status.mains == UPS_MAINS_PRESENT)
		given = UPS_REBOOT;
	else if (given == UPS_STAYOFF && !state->is_new)
		given = UPS_RETURN;
	ret = ups_give(ups, cut, given);
	if (ret < 0)
		return ret;
	cut->proof = UPS_SENT;
	cut->on_after_s = UPS_UNKNOWN_S;
	if (cut->wanted != UPS_OFF)
		ret = oneac_set_start(state, cut->wanted == UPS_STAYOFF, until);
	if (ret < 0)
		return oneac_fail(ups, ret);
	if (given == UPS_REBOOT)
		return oneac_reboot(ups, cut, until);
	cut->off_after_s = cut->wanted == UPS_OFF ? 0 : state->off_s;
	return oneac_count(ups, cut, until);
}

static int oneac_status(struct ups *ups, struct ups_status *status,
			deadline_t until)
{
	int ret = oneac_read_status(ups->state, status, until);

	return ret < 0 ? oneac_fail(ups, ret) : 0;
}

static int oneac_cancel(struct ups *ups, deadline_t until)
{
	struct ups_status status = { .off_after_s = UPS_UNKNOWN_S };
	int ret = oneac_say(ups->state, "Z", until);

	if (ret == 0)
		ret = oneac_read_status(ups->state, &status, until);
	if (ret < 0)
		return oneac_fail(ups, ret);
	if (status.off_after_s >= 0)
		return ups_fail(ups, -EPROTO, "[%s] counts on", ups->name);
	return 0;
}

static const char *const oneac_nut_names[] = { "oneac", NULL };

static const struct ups_driver oneac_driver = {
	.name = "oneac",
	.summary = "Oneac's Advanced Interface on a serial line",
	.nut_names = oneac_nut_names,
	.state_size = sizeof(struct oneac_state),
	.open = oneac_open,
	.cut = oneac_cut,
	.status = oneac_status,
	.cancel = oneac_cancel,
	.close = oneac_close,
};

UPS_DRIVER(oneac_driver);
