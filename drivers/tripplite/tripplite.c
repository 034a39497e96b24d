// SPDX-License-Identifier: MIT
/*
 * Tripp Lite on a serial line, NUT's tripplite: lines of text, a letter behind
 * a colon. It is said back, and then answered. Source: networkupstools/nut,
 * drivers/tripplite.c.
 *
 *   D  the status
 *   G  off, on again with the mains; only on battery
 *   H  off for so many seconds
 *   K  the outlets; 0 is off
 *   N  seconds until what follows
 *   W  a register; there is always one: a greeting
 */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "link/serial.h"

#define TRIPPLITE_ANSWER_MS 3000
#define TRIPPLITE_TRIES     3
#define TRIPPLITE_LINE      64
#define TRIPPLITE_NOW_S     1

/* Seconds, as NUT has them. */
#define TRIPPLITE_OFF_S     64 /* offdelay */
#define TRIPPLITE_REBOOT_S  64 /* rebootdelay */
#define TRIPPLITE_START_S   60 /* startdelay */
#define TRIPPLITE_DELAY_MAX 0xff
#define TRIPPLITE_START_MAX 0xffffff

/* Places in the status. */
#define TRIPPLITE_BATTERY    0 /* '0': low */
#define TRIPPLITE_MODE       5 /* '0' off, '1' and '3' battery, '2' mains */
#define TRIPPLITE_STATUS_LEN 21

struct tripplite {
	struct serial_link serial;
};

/** The next line, without its CR. */
static int tripplite_read_line(struct byte_link *link,
			       char line[TRIPPLITE_LINE], deadline_t until)
{
	int len = bytes_read_line(
		link, '\n', line, TRIPPLITE_LINE, NULL,
		deadline_earlier(until, deadline_in_ms(TRIPPLITE_ANSWER_MS)));

	if (len > 0 && line[len - 1] == '\r')
		line[--len] = '\0';
	return len;
}

/**
 * Send ":@text", hear it said back, and read what it answers to @line, which
 * may be "". Returns the length of that; stores no sentence.
 */
static int tripplite_ask(struct tripplite *state, const char *text,
			 char line[TRIPPLITE_LINE], deadline_t until)
{
	struct byte_link *link = &state->serial.link;
	char command[16];
	int ret = -ETIMEDOUT;

	(void)snprintf(command, sizeof(command), ":%s\r", text);
	for (int i = 0; i < TRIPPLITE_TRIES && !deadline_passed(until); i++) {
		link->ops->drain(link);
		ret = link->ops->write(link, command, strlen(command), until);
		if (ret == 0)
			ret = tripplite_read_line(link, line, until);
		if (ret >= 0 && strncmp(line, command, strlen(command) - 1) != 0)
			ret = -EPROTO;
		if (ret >= 0)
			ret = tripplite_read_line(link, line, until);
		if (ret >= 0 || ret == -ENODEV)
			break;
	}
	return ret;
}

/** Without a sentence; the mains stay unknown when it fails. */
static int tripplite_read_status(struct tripplite *state,
				 struct ups_status *status, deadline_t until)
{
	char line[TRIPPLITE_LINE];
	int ret = tripplite_ask(state, "D", line, until);

	*status = (struct ups_status){ .off_after_s = UPS_UNKNOWN_S };
	if (ret < 0)
		return ret;
	if (ret != TRIPPLITE_STATUS_LEN)
		return -EPROTO;
	switch (line[TRIPPLITE_MODE]) {
	case '1':
	case '3':
		status->mains = UPS_MAINS_ABSENT;
		break;
	case '2':
		status->mains = UPS_MAINS_PRESENT;
		break;
	default:
		break;
	}
	status->battery_low = status->mains == UPS_MAINS_ABSENT &&
			      line[TRIPPLITE_BATTERY] == '0';
	return 0;
}

static void tripplite_close(struct ups *ups)
{
	struct tripplite *state = ups->state;

	bytes_close(&state->serial.link);
}

static int tripplite_open(struct ups *ups, deadline_t until)
{
	static const struct serial_settings settings = {
		.speed = 2400,
		.lines = SERIAL_DTR | SERIAL_RTS,
	};
	struct tripplite *state = ups->state;
	char line[TRIPPLITE_LINE];
	int ret = serial_open(&state->serial, ups, &settings, until);

	if (ret < 0)
		return ret;
	ret = tripplite_ask(state, "W", line, until);
	if (ret >= 0 && !isxdigit((unsigned char)line[0]))
		ret = -EPROTO;
	if (ret < 0) {
		tripplite_close(ups);
		return bytes_fail(ups, ret);
	}
	return 0;
}

/** Say for how long what follows is put off, and then that. */
static int tripplite_order(struct ups *ups, struct ups_cut *cut,
			   enum ups_command given, int off_s, const char *what,
			   deadline_t until)
{
	char line[TRIPPLITE_LINE], delay[8];
	int ret = ups_give(ups, cut, given);

	if (ret < 0)
		return ret;
	(void)snprintf(delay, sizeof(delay), "N%02X", (unsigned char)off_s);
	(void)snprintf(cut->how, sizeof(cut->how), "%s, %s", delay, what);
	cut->off_after_s = off_s;
	ret = tripplite_ask(ups->state, delay, line, until);
	if (ret >= 0)
		ret = tripplite_ask(ups->state, what, line, until);
	return ret < 0 ? bytes_fail(ups, ret) : 0;
}

static int tripplite_cut(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	int off_s = ups_number(ups, "offdelay", TRIPPLITE_OFF_S, 0,
			       TRIPPLITE_DELAY_MAX);
	int start_s = ups_number(ups, "startdelay", TRIPPLITE_START_S, 0,
				 TRIPPLITE_START_MAX);
	struct ups_status status;
	char reboot[16];

	cut->proof = UPS_SENT;
	cut->on_after_s = UPS_UNKNOWN_S;
	if (cut->wanted == UPS_OFF)
		off_s = TRIPPLITE_NOW_S;
	if (cut->wanted == UPS_OFF || cut->wanted == UPS_STAYOFF)
		return tripplite_order(ups, cut, cut->wanted, off_s, "K0",
				       until);
	if (cut->wanted == UPS_RETURN) {
		(void)tripplite_read_status(ups->state, &status, until);
		/* With mains it would not go off. */
		if (status.mains != UPS_MAINS_PRESENT)
			return tripplite_order(ups, cut, UPS_RETURN, off_s, "G",
					       until);
	}
	off_s = ups_number(ups, "rebootdelay", TRIPPLITE_REBOOT_S, 0,
			   TRIPPLITE_DELAY_MAX);
	(void)snprintf(reboot, sizeof(reboot), "H%06X", (unsigned int)start_s);
	cut->on_after_s = start_s;
	return tripplite_order(ups, cut, UPS_REBOOT, off_s, reboot, until);
}

static int tripplite_status(struct ups *ups, struct ups_status *status,
			    deadline_t until)
{
	int ret = tripplite_read_status(ups->state, status, until);

	return ret < 0 ? bytes_fail(ups, ret) : 0;
}

static const char *const tripplite_nut_names[] = { "tripplite", NULL };

static const struct ups_driver tripplite_driver = {
	.name = "tripplite",
	.summary = "Tripp Lite SmartPro on a serial line",
	.nut_names = tripplite_nut_names,
	.state_size = sizeof(struct tripplite),
	.open = tripplite_open,
	.cut = tripplite_cut,
	.status = tripplite_status,
	.close = tripplite_close,
};

UPS_DRIVER(tripplite_driver);
