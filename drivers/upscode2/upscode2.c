// SPDX-License-Identifier: MIT
/*
 * UPScode II on a serial line: commands of four letters, some with a second
 * line. Source: networkupstools/nut, drivers/upscode2.c.
 *
 * An order to cut is UPP and a letter, and a key on the next line. It is not
 * acknowledged, and nothing shows that it counts down: like NUT, say it twice.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "link/serial.h"

#define UPSCODE2_LINE_MAX  64
#define UPSCODE2_LINES_MAX 80
#define UPSCODE2_TRIES     3
#define UPSCODE2_GAP_MS    1
#define UPSCODE2_AGAIN_MS  1000

struct upscode2_state {
	struct serial_link serial;
	int patience_ms;
	const char *before, *after; /* each line */
	unsigned int orders;        /* a bit for each letter */
	int off_s;
};

/** The orders, most useful first. */
static const struct {
	char letter;
	enum ups_command does;
	const char *key;
} upscode2_orders[] = {
	{ 'F', UPS_RETURN, "IJHLDMGCIU" },
	{ 'C', UPS_REBOOT, "IJHLDMGCIU" },
	{ 'D', UPS_STAYOFF, "LGGNLMDPGV" },
};

#define UPSCODE2_ORDERS (sizeof(upscode2_orders) / sizeof(upscode2_orders[0]))

static unsigned int upscode2_bit(char letter)
{
	return letter >= 'A' && letter <= 'Z' ? 1u << (letter - 'A') : 0;
}

static int upscode2_say(struct upscode2_state *state, const char *text,
			deadline_t until)
{
	char line[UPSCODE2_LINE_MAX];
	int len = snprintf(line, sizeof(line), "%s%s%s", state->before, text,
			   state->after);

	return bytes_write_slowly(&state->serial.link, line, (size_t)len,
				  UPSCODE2_GAP_MS, until);
}

/** The next line that is not empty, without CR; its length. */
static int upscode2_read(struct upscode2_state *state,
			 char line[UPSCODE2_LINE_MAX], deadline_t until)
{
	deadline_t then =
		deadline_earlier(until, deadline_in_ms(state->patience_ms));
	int len;

	do {
		int ret = bytes_read_line(&state->serial.link, '\n', line,
					  UPSCODE2_LINE_MAX, NULL, then);

		if (ret < 0)
			return ret;
		len = 0;
		for (int i = 0; i < ret; i++) {
			if (line[i] != '\r')
				line[len++] = line[i];
		}
		line[len] = '\0';
	} while (len == 0);
	return len;
}

/** Ask what it can do: a list that ends with the question. */
static int upscode2_list(struct upscode2_state *state, deadline_t until)
{
	char line[UPSCODE2_LINE_MAX];
	int ret;

	state->serial.link.ops->drain(&state->serial.link);
	ret = upscode2_say(state, "UPCL", until);
	for (int i = 0; i < UPSCODE2_LINES_MAX && ret >= 0; i++) {
		ret = upscode2_read(state, line, until);
		if (ret == 4 && !strncmp(line, "UPP", 3))
			state->orders |= upscode2_bit(line[3]);
		else if (ret == 4 && !strcmp(line, "UPCL"))
			return 0;
	}
	return ret < 0 ? ret : -EPROTO;
}

/** How long it waits once it was told, or UPS_UNKNOWN_S. */
static int upscode2_read_delay(struct upscode2_state *state, deadline_t until)
{
	char line[UPSCODE2_LINE_MAX] = "";
	int ret = upscode2_say(state, "UPSD", until);

	if (ret == 0)
		ret = upscode2_say(state, "0000", until);
	if (ret == 0)
		ret = upscode2_read(state, line, until);
	if (ret < 0 || strcmp(line, "ACSD"))
		return UPS_UNKNOWN_S;
	ret = upscode2_read(state, line, until);
	return ret > 0 && ret < 6 && line[0] >= '0' && line[0] <= '9'
		       ? atoi(line)
		       : UPS_UNKNOWN_S;
}

static void upscode2_close(struct ups *ups)
{
	struct upscode2_state *state = ups->state;

	bytes_close(&state->serial.link);
}

/** Pairs of lines, a name and its value; the last one is a frequency. */
static int upscode2_read_status(struct upscode2_state *state,
				struct ups_status *status, deadline_t until)
{
	char name[UPSCODE2_LINE_MAX], value[UPSCODE2_LINE_MAX];
	int ret;

	status->mains = UPS_MAINS_UNKNOWN;
	status->battery_low = false;
	status->off_after_s = UPS_UNKNOWN_S;
	state->serial.link.ops->drain(&state->serial.link);
	ret = upscode2_say(state, "UPDS", until);
	for (int i = 0; i < UPSCODE2_LINES_MAX && ret >= 0; i++) {
		bool yes;

		ret = upscode2_read(state, name, until);
		if (ret >= 0)
			ret = upscode2_read(state, value, until);
		if (ret < 0 || !strcmp(name, "MOFFF"))
			break;
		yes = !strcmp(value, "11");
		/* On battery, and utility failure; some say only one. */
		if ((!strcmp(name, "STBO") || !strcmp(name, "STUF")) &&
		    (yes || !strcmp(value, "00")) &&
		    status->mains != UPS_MAINS_ABSENT)
			status->mains =
				yes ? UPS_MAINS_ABSENT : UPS_MAINS_PRESENT;
		else if (!strcmp(name, "STBL"))
			status->battery_low = yes;
	}
	return status->mains != UPS_MAINS_UNKNOWN ? 0 : ret < 0 ? ret : -EPROTO;
}

/**
 * The best order for @wanted that it knows, or -1. The return waits for mains
 * to come back: not for a UPS that has mains, or may have.
 */
static int upscode2_choose(const struct upscode2_state *state,
			   enum ups_command wanted, enum ups_mains mains)
{
	if (wanted == UPS_RETURN && mains != UPS_MAINS_ABSENT)
		wanted = UPS_REBOOT;
	if (wanted == UPS_OFF)
		wanted = UPS_STAYOFF;
	for (size_t i = 0; i < UPSCODE2_ORDERS; i++) {
		if (upscode2_orders[i].does == wanted &&
		    state->orders & upscode2_bit(upscode2_orders[i].letter))
			return (int)i;
	}
	for (size_t i = 0; i < UPSCODE2_ORDERS; i++) {
		if (state->orders & upscode2_bit(upscode2_orders[i].letter))
			return (int)i;
	}
	return -1;
}

static int upscode2_open(struct ups *ups, deadline_t until)
{
	struct upscode2_state *state = ups->state;
	struct serial_settings settings = {
		.speed = ups_number(ups, "baudrate", 1200, 300, 38400),
		.lines = SERIAL_DTR | SERIAL_RTS,
	};
	int ret = serial_open(&state->serial, ups, &settings, until);

	if (ret < 0)
		return ret;
	state->patience_ms = 1000 * ups_number(ups, "input_timeout", 2, 1, 10);
	state->before = ups_value(ups, "use_pre_lf") ? "\n" : "";
	state->after = ups_value(ups, "use_crlf") ? "\r\n" : "\r";
	for (int i = 0; i < UPSCODE2_TRIES; i++) {
		ret = upscode2_list(state, until);
		if (ret == 0 || ret == -ENODEV)
			break;
	}
	if (ret == 0 && upscode2_choose(state, UPS_RETURN, UPS_MAINS_ABSENT) < 0)
		ret = ups_fail(ups, -EOPNOTSUPP,
			       "[%s] knows no command to switch off", ups->name);
	else if (ret < 0)
		ret = bytes_fail(ups, ret);
	if (ret < 0)
		upscode2_close(ups);
	else
		state->off_s = upscode2_read_delay(state, until);
	return ret;
}

static int upscode2_order(struct upscode2_state *state, int number,
			  deadline_t until)
{
	char text[8];
	int ret;

	(void)snprintf(text, sizeof(text), "UPP%c",
		       upscode2_orders[number].letter);
	ret = upscode2_say(state, text, until);
	return ret < 0 ? ret
		       : upscode2_say(state, upscode2_orders[number].key, until);
}

static int upscode2_cut(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	struct upscode2_state *state = ups->state;
	struct ups_status status;
	int ret = upscode2_read_status(state, &status, until);
	int number = upscode2_choose(state, cut->wanted, status.mains);

	if (ret == -ENODEV)
		return bytes_fail(ups, ret);
	ret = ups_give(ups, cut, upscode2_orders[number].does);
	if (ret < 0)
		return ret;
	ret = upscode2_order(state, number, until);
	if (ret == 0 && clock_sleep_ms(UPSCODE2_AGAIN_MS, until) == 0)
		/* It may be off by now, and its port with it. */
		(void)upscode2_order(state, number, until);
	if (ret < 0)
		return bytes_fail(ups, ret);
	cut->proof = UPS_SENT;
	cut->off_after_s = state->off_s;
	cut->on_after_s = UPS_UNKNOWN_S;
	(void)snprintf(cut->how, sizeof(cut->how), "UPP%c",
		       upscode2_orders[number].letter);
	return 0;
}

static int upscode2_status(struct ups *ups, struct ups_status *status,
			   deadline_t until)
{
	int ret = upscode2_read_status(ups->state, status, until);

	return ret < 0 ? bytes_fail(ups, ret) : 0;
}

static int upscode2_cancel(struct ups *ups, deadline_t until)
{
	struct upscode2_state *state = ups->state;
	int ret;

	if (!(state->orders & upscode2_bit('U')))
		return ups_fail(ups, -EOPNOTSUPP, "[%s] cannot be stopped",
				ups->name);
	ret = upscode2_say(state, "UPPU", until);
	return ret < 0 ? bytes_fail(ups, ret) : 0;
}

static const char *const upscode2_nut_names[] = { "upscode2", NULL };

static const struct ups_driver upscode2_driver = {
	.name = "upscode2",
	.summary = "UPScode II (Fiskars, Powerware) on a serial line",
	.nut_names = upscode2_nut_names,
	.state_size = sizeof(struct upscode2_state),
	.open = upscode2_open,
	.cut = upscode2_cut,
	.status = upscode2_status,
	.cancel = upscode2_cancel,
	.close = upscode2_close,
};

UPS_DRIVER(upscode2_driver);
