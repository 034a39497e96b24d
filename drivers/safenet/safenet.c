// SPDX-License-Identifier: MIT
/*
 * UPSes of the program SafeNet on a serial line: commands are twelve letters,
 * a digit in them is A to J, and each is answered with ten flags. Source:
 * networkupstools/nut, drivers/safenet.c and safenet.h.
 *
 * The reboot ends on battery too, so the return has to be the other command;
 * and that one may never end, or not even begin, while there is mains.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "link/serial.h"

#define SAFENET_ANSWER_MS 700
#define SAFENET_TRIES     3
#define SAFENET_GAP_MS    10
#define SAFENET_WAKE_MS   100
#define SAFENET_LINE_MAX  32
#define SAFENET_FLAGS     10

#define SAFENET_START "ZCADLIOPERJD"
/* After Z stands how many letters there are before the L. */
#define SAFENET_STATE "ZHDGFGDJELBC"

/* Among the flags, after the dollar sign. */
#define SAFENET_ON_BATTERY  1
#define SAFENET_LOW_BATTERY 3

struct safenet_state {
	struct serial_link serial;
	int off_s, on_min;
};

static const struct serial_settings safenet_settings = {
	.speed = 1200,
	.lines = SERIAL_DTR, /* its interface lives of it */
	.settle_ms = SAFENET_WAKE_MS,
};

/** Read the flags; what is in front of them is skipped. */
static int safenet_read(struct byte_link *link, char line[SAFENET_LINE_MAX],
			deadline_t until)
{
	for (;;) {
		int ret = bytes_read_line(link, '\r', line, SAFENET_LINE_MAX,
					  NULL, until);

		if (ret < 0)
			return ret;
		if (ret == 1 + SAFENET_FLAGS && line[0] == '$' &&
		    strspn(line + 1, "AB") == SAFENET_FLAGS)
			return 0;
	}
}

static int safenet_ask(struct safenet_state *state, const char *command,
		       char line[SAFENET_LINE_MAX], deadline_t until)
{
	struct byte_link *link = &state->serial.link;
	char text[16];
	int len = snprintf(text, sizeof(text), "%s\r", command);
	int ret = -ETIMEDOUT;

	for (int i = 0; i < SAFENET_TRIES && !deadline_passed(until); i++) {
		link->ops->drain(link);
		ret = bytes_write_slowly(link, text, (size_t)len,
					 SAFENET_GAP_MS, until);
		if (ret == 0)
			ret = safenet_read(
				link, line,
				deadline_earlier(
					until,
					deadline_in_ms(SAFENET_ANSWER_MS)));
		if (ret == 0 || ret == -ENODEV)
			break;
	}
	return ret;
}

static void safenet_close(struct ups *ups)
{
	struct safenet_state *state = ups->state;

	bytes_close(&state->serial.link);
}

static int safenet_open(struct ups *ups, deadline_t until)
{
	struct safenet_state *state = ups->state;
	char line[SAFENET_LINE_MAX];
	int ret = serial_open(&state->serial, ups, &safenet_settings, until);

	if (ret < 0)
		return ret;
	ret = safenet_ask(state, SAFENET_START, line, until);
	if (ret < 0) {
		safenet_close(ups);
		return bytes_fail(ups, ret);
	}
	state->off_s = ups_number(ups, "offdelay", 30, 0, 999);
	state->on_min = ups_number(ups, "ondelay", 1, 0, 9999);
	return 0;
}

/** Put @number into the letters of @text from its last, @digits of them. */
static void safenet_put(char *last, int number, int digits)
{
	for (; digits > 0; digits--, number /= 10)
		*last-- = (char)('A' + number % 10);
}

/** Off, and on with the mains; or on again after some minutes. */
static void safenet_build(char command[13], bool reboot, int off_s, int on_min)
{
	memcpy(command, reboot ? "ZAFdddRmmmmO" : "ZBASdddWLPGE", 13);
	safenet_put(command + (reboot ? 5 : 6), off_s, 3);
	if (reboot)
		safenet_put(command + 10, on_min, 4);
}

/**
 * Send a cut. Some do not answer it; those have to answer something else, or
 * nobody knows whether they are there.
 */
static int safenet_order(struct safenet_state *state, const char *command,
			 deadline_t until)
{
	char line[SAFENET_LINE_MAX];
	int ret = safenet_ask(state, command, line, until);

	return ret == -ETIMEDOUT ? safenet_ask(state, SAFENET_STATE, line, until)
				 : ret;
}

static int safenet_cut(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	struct safenet_state *state = ups->state;
	int off_s = cut->wanted == UPS_OFF ? 1 : state->off_s;
	char line[SAFENET_LINE_MAX] = "", command[13];
	int ret = safenet_ask(state, SAFENET_STATE, line, until);
	bool reboot;

	if (ret < 0)
		return bytes_fail(ups, ret);
	reboot = cut->wanted == UPS_REBOOT || line[SAFENET_ON_BATTERY] == 'A';
	ret = ups_give(ups, cut, reboot ? UPS_REBOOT : UPS_RETURN);
	if (ret < 0)
		return ret;
	safenet_build(command, reboot, off_s, state->on_min);
	ret = safenet_order(state, command, until);
	if (ret < 0)
		return bytes_fail(ups, ret);
	cut->proof = UPS_SENT;
	cut->off_after_s = off_s;
	cut->on_after_s = reboot ? 60 * state->on_min : UPS_UNKNOWN_S;
	(void)snprintf(cut->how, sizeof(cut->how), "%s", command);
	return 0;
}

static int safenet_status(struct ups *ups, struct ups_status *status,
			  deadline_t until)
{
	char line[SAFENET_LINE_MAX] = "";
	int ret = safenet_ask(ups->state, SAFENET_STATE, line, until);

	if (ret < 0)
		return bytes_fail(ups, ret);
	status->mains = line[SAFENET_ON_BATTERY] == 'B' ? UPS_MAINS_ABSENT
							: UPS_MAINS_PRESENT;
	status->battery_low = line[SAFENET_LOW_BATTERY] == 'B';
	status->off_after_s = UPS_UNKNOWN_S;
	return 0;
}

static const char *const safenet_nut_names[] = { "safenet", NULL };

static const struct ups_driver safenet_driver = {
	.name = "safenet",
	.summary = "UPSes of SafeNet on a serial line",
	.nut_names = safenet_nut_names,
	.state_size = sizeof(struct safenet_state),
	.open = safenet_open,
	.cut = safenet_cut,
	.status = safenet_status,
	.close = safenet_close,
};

UPS_DRIVER(safenet_driver);
