// SPDX-License-Identifier: MIT
/*
 * CyberPower on a serial line, NUT's powerpanel: two protocols. Newer units
 * speak text, with delays; older ones (PR and OP) are cut at once. Source:
 * networkupstools/nut, drivers/powerp-bin.c and powerp-txt.c.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "link/serial.h"

#define POWERPANEL_GAP_MS      50 /* after each character */
#define POWERPANEL_SETTLE_MS   10
#define POWERPANEL_ANSWER_MS   3000
#define POWERPANEL_QUIET_MS    200
#define POWERPANEL_TRIES       3
#define POWERPANEL_LINE        128
#define POWERPANEL_OFF_S       60 /* as NUT */
#define POWERPANEL_OFF_S_MIN   6
#define POWERPANEL_OFF_S_MAX   600
#define POWERPANEL_ON_MINUTES  1
#define POWERPANEL_MINUTES_MAX 9999
#define POWERPANEL_NAME_MIN    20 /* of an answer to F or P4 */

/* The status of a binary unit: # and 12 bytes, of these 4 flags, and CR. */
#define POWERPANEL_STATUS_LEN   14
#define POWERPANEL_FLAGS        9
#define POWERPANEL_BINARY_MAINS 0x80 /* it failed */
#define POWERPANEL_BINARY_LOW   0x40
/* That of the text: the character after S. */
#define POWERPANEL_TEXT_MAINS   0x40
#define POWERPANEL_TEXT_LOW     0x20

struct powerpanel {
	struct serial_link serial;
	bool is_binary;
	int off_s;
};

static int powerpanel_send(struct powerpanel *state, const void *bytes,
			   size_t len, deadline_t until)
{
	struct byte_link *link = &state->serial.link;

	link->ops->drain(link);
	return bytes_write_slowly(link, bytes, len, POWERPANEL_GAP_MS, until);
}

static deadline_t powerpanel_patience(deadline_t until)
{
	return deadline_earlier(until, deadline_in_ms(POWERPANEL_ANSWER_MS));
}

/** Send @text, and read the line that answers; its length or an error. */
static int powerpanel_ask(struct powerpanel *state, const char *text,
			  char line[POWERPANEL_LINE], deadline_t until)
{
	int ret = powerpanel_send(state, text, strlen(text), until);

	if (ret < 0)
		return ret;
	return bytes_read_line(&state->serial.link, '\r', line, POWERPANEL_LINE,
			       NULL, powerpanel_patience(until));
}

/** Send a command of the text protocol until it says #0. */
static int powerpanel_tell(struct powerpanel *state, const char *text,
			   deadline_t until)
{
	char line[POWERPANEL_LINE];
	int ret = -ETIMEDOUT;

	for (int i = 0; i < POWERPANEL_TRIES && !deadline_passed(until); i++) {
		ret = powerpanel_ask(state, text, line, until);
		if (ret == -ENODEV)
			break;
		if (ret >= 0)
			ret = strcmp(line, "#0") != 0 ? -EPROTO : 0;
		if (ret == 0)
			break;
	}
	return ret;
}

/** A binary command is said back without its CR. */
static int powerpanel_tell_binary(struct powerpanel *state, const char *bytes,
				  size_t len, deadline_t until)
{
	char echo[8] = "";
	int ret = -ETIMEDOUT;

	for (int i = 0; i < POWERPANEL_TRIES && !deadline_passed(until); i++) {
		ret = powerpanel_send(state, bytes, len, until);
		if (ret == 0)
			ret = bytes_read(&state->serial.link, echo, len - 1,
					 powerpanel_patience(until));
		if (ret == 0 && memcmp(echo, bytes, len - 1) != 0)
			ret = -EPROTO;
		if (ret == 0 || ret == -ENODEV)
			break;
	}
	return ret;
}

static int powerpanel_read_binary(struct powerpanel *state,
				  struct ups_status *status, deadline_t until)
{
	uint8_t bytes[POWERPANEL_STATUS_LEN] = { 0 };
	const uint8_t *flags = bytes + POWERPANEL_FLAGS;
	int ret = powerpanel_send(state, "D\r", 2, until);

	if (ret == 0)
		ret = bytes_read(&state->serial.link, bytes, sizeof(bytes),
				 powerpanel_patience(until));
	if (ret < 0)
		return ret;
	if (flags[0] + flags[1] != 255 || flags[2] + flags[3] != 255)
		return -EPROTO;
	status->mains = flags[0] & POWERPANEL_BINARY_MAINS ? UPS_MAINS_ABSENT
							   : UPS_MAINS_PRESENT;
	status->battery_low = flags[0] & POWERPANEL_BINARY_LOW;
	return 0;
}

static int powerpanel_read_text(struct powerpanel *state,
				struct ups_status *status, deadline_t until)
{
	char line[POWERPANEL_LINE];
	const char *flags;
	int ret = powerpanel_ask(state, "D\r", line, until);

	if (ret < 0)
		return ret;
	flags = strchr(line, 'S');
	if (line[0] != '#' || !flags || !flags[1])
		return -EPROTO;
	status->mains = flags[1] & POWERPANEL_TEXT_MAINS ? UPS_MAINS_ABSENT
							 : UPS_MAINS_PRESENT;
	status->battery_low = status->mains == UPS_MAINS_ABSENT &&
			      flags[1] & POWERPANEL_TEXT_LOW;
	return 0;
}

/** Without a sentence; the mains stay unknown when it fails. */
static int powerpanel_read_status(struct powerpanel *state,
				  struct ups_status *status, deadline_t until)
{
	int ret = -ETIMEDOUT;

	*status = (struct ups_status){ .off_after_s = UPS_UNKNOWN_S };
	for (int i = 0; i < POWERPANEL_TRIES && !deadline_passed(until); i++) {
		ret = state->is_binary
			      ? powerpanel_read_binary(state, status, until)
			      : powerpanel_read_text(state, status, until);
		if (ret == 0 || ret == -ENODEV)
			break;
	}
	return ret;
}

/** Does it speak this protocol? */
static int powerpanel_greet(struct powerpanel *state, bool is_binary,
			    deadline_t until)
{
	const char *question = is_binary ? "F\r" : "P4\r";
	char start = is_binary ? '.' : '#';
	char line[POWERPANEL_LINE];
	int ret = serial_set_lines(&state->serial, SERIAL_DTR);

	if (ret == -ENODEV)
		return ret;
	ret = clock_sleep_ms(POWERPANEL_SETTLE_MS, until);
	if (ret == 0)
		ret = serial_set_speed(&state->serial, is_binary ? 1200 : 2400);
	/* Ends what it may have begun to hear; many have no answer to it. */
	if (ret == 0)
		ret = powerpanel_send(state, "\r\r", 2, until);
	if (ret < 0)
		return ret;
	bytes_settle(&state->serial.link, POWERPANEL_QUIET_MS,
		     powerpanel_patience(until));
	ret = -ETIMEDOUT;
	for (int i = 0; i < POWERPANEL_TRIES && !deadline_passed(until); i++) {
		ret = powerpanel_ask(state, question, line, until);
		if (ret == -ENODEV)
			break;
		if (ret >= 0)
			ret = ret >= POWERPANEL_NAME_MIN && line[0] == start
				      ? 0
				      : -EPROTO;
		if (ret == 0) {
			state->is_binary = is_binary;
			return 0;
		}
	}
	/* The next protocol begins with power on the line anew. */
	(void)serial_set_lines(&state->serial, 0);
	(void)clock_sleep_ms(POWERPANEL_SETTLE_MS, until);
	return ret;
}

static void powerpanel_close(struct ups *ups)
{
	struct powerpanel *state = ups->state;

	bytes_close(&state->serial.link);
}

static int powerpanel_find(struct ups *ups, deadline_t until)
{
	struct powerpanel *state = ups->state;
	const char *protocol = ups_value(ups, "protocol");
	bool text = protocol && !strcasecmp(protocol, "text");
	bool binary = protocol && !strcasecmp(protocol, "binary");
	int ret = -ETIMEDOUT;

	if (protocol && !text && !binary)
		return ups_fail(
			ups, -EINVAL,
			"[%s] knows the protocols text and binary, and not '%s'",
			ups->name, protocol);
	if (!text)
		ret = powerpanel_greet(state, true, until);
	if (ret < 0 && ret != -ENODEV && !binary)
		ret = powerpanel_greet(state, false, until);
	return ret < 0 ? bytes_fail(ups, ret) : 0;
}

/** What the text can say: steps of 6 s below a minute, else of a minute. */
static int powerpanel_round(int seconds)
{
	int step = seconds < 60 ? 6 : 60;

	return (seconds + step - 1) / step * step;
}

static int powerpanel_open(struct ups *ups, deadline_t until)
{
	static const struct serial_settings settings = {
		.speed = 1200,
		.lines = SERIAL_DTR,
	};
	struct powerpanel *state = ups->state;
	int ret = serial_open(&state->serial, ups, &settings, until);

	if (ret < 0)
		return ret;
	ret = powerpanel_find(ups, until);
	if (ret < 0) {
		powerpanel_close(ups);
		return ret;
	}
	if (state->is_binary && ups_value(ups, "offdelay"))
		ups_note(ups, "[%s] goes off at once, whatever offdelay says",
			 ups->name);
	state->off_s = powerpanel_round(
		ups_number(ups, "offdelay", POWERPANEL_OFF_S,
			   POWERPANEL_OFF_S_MIN, POWERPANEL_OFF_S_MAX));
	return 0;
}

/**
 * On battery the short form comes back with the mains, whatever it is called;
 * on line it stays off.
 */
static int powerpanel_cut_binary(struct ups *ups, struct ups_cut *cut,
				 deadline_t until)
{
	static const char off[] = { 'S', 0, 0, 'W', '\r' };
	static const char reboot[] = { 'S', 0, 0, 'R', 0, 1, 'W', '\r' };
	struct powerpanel *state = ups->state;
	bool returns = cut->wanted == UPS_RETURN || cut->wanted == UPS_REBOOT;
	struct ups_status status;
	bool on_battery;
	int ret;

	(void)powerpanel_read_status(state, &status, until); /* absent then */
	on_battery = status.mains != UPS_MAINS_PRESENT;
	cut->off_after_s = 0;
	ret = ups_give_after(ups, cut,
			     on_battery ? UPS_RETURN
			     : returns  ? UPS_REBOOT
					: cut->wanted,
			     0);
	if (ret < 0)
		return ret;
	if (cut->given == UPS_REBOOT) {
		(void)snprintf(cut->how, sizeof(cut->how), "S R 1 W");
		return powerpanel_tell_binary(state, reboot, sizeof(reboot),
					      until);
	}
	(void)snprintf(cut->how, sizeof(cut->how), "S W");
	return powerpanel_tell_binary(state, off, sizeof(off), until);
}

static int powerpanel_order(struct powerpanel *state, struct ups_cut *cut,
			    char letter, int on_minutes, deadline_t until)
{
	int off_s = cut->wanted == UPS_OFF ? POWERPANEL_OFF_S_MIN : state->off_s;
	char text[sizeof(cut->how) + 1], off[16], on[16] = "";

	(void)snprintf(off, sizeof(off), off_s < 60 ? ".%d" : "%02d",
		       off_s < 60 ? off_s / 6 : off_s / 60);
	if (on_minutes >= 0)
		(void)snprintf(on, sizeof(on), "R%04d", on_minutes);
	(void)snprintf(cut->how, sizeof(cut->how), "%c%s%s", letter, off, on);
	(void)snprintf(text, sizeof(text), "%s\r", cut->how);
	cut->off_after_s = off_s;
	return powerpanel_tell(state, text, until);
}

static int powerpanel_cut_text(struct ups *ups, struct ups_cut *cut,
			       deadline_t until)
{
	struct powerpanel *state = ups->state;
	int on_minutes = ups_number(ups, "ondelay", POWERPANEL_ON_MINUTES, 0,
				    POWERPANEL_MINUTES_MAX);
	struct ups_status status;
	int ret = ups_give_after(ups, cut, cut->wanted, state->off_s);

	if (ret < 0)
		return ret;
	ret = -EPROTO;
	if (cut->wanted == UPS_RETURN)
		ret = powerpanel_order(state, cut, 'Z', -1, until);
	if (ret == 0 || ret == -ENODEV ||
	    (cut->wanted == UPS_RETURN && cut->exact))
		return ret;
	if (cut->wanted == UPS_RETURN) {
		(void)powerpanel_read_status(state, &status, until);
		cut->given = status.mains == UPS_MAINS_PRESENT ? UPS_REBOOT
							       : UPS_STAYOFF;
	}
	if (cut->given != UPS_REBOOT)
		return powerpanel_order(state, cut, 'S', -1, until);
	cut->on_after_s = 60 * on_minutes;
	return powerpanel_order(state, cut, 'S', on_minutes, until);
}

static int powerpanel_cut(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	struct powerpanel *state = ups->state;
	int ret;

	cut->proof = UPS_SENT;
	cut->on_after_s = UPS_UNKNOWN_S;
	ret = state->is_binary ? powerpanel_cut_binary(ups, cut, until)
			       : powerpanel_cut_text(ups, cut, until);
	return ret == -EOPNOTSUPP || ret == 0 ? ret : bytes_fail(ups, ret);
}

static int powerpanel_cancel(struct ups *ups, deadline_t until)
{
	struct powerpanel *state = ups->state;
	int ret = state->is_binary
			  ? powerpanel_tell_binary(state, "C\r", 2, until)
			  : powerpanel_tell(state, "C\r", until);

	/* The text says yes, the others repeat what they heard. */
	return ret < 0 ? bytes_fail(ups, ret) : !state->is_binary;
}

static int powerpanel_status(struct ups *ups, struct ups_status *status,
			     deadline_t until)
{
	int ret = powerpanel_read_status(ups->state, status, until);

	return ret < 0 ? bytes_fail(ups, ret) : 0;
}

static const char *const powerpanel_nut_names[] = { "powerpanel", NULL };

static const struct ups_driver powerpanel_driver = {
	.name = "powerpanel",
	.summary = "CyberPower on a serial line",
	.nut_names = powerpanel_nut_names,
	.rehearses = true,
	.state_size = sizeof(struct powerpanel),
	.open = powerpanel_open,
	.cut = powerpanel_cut,
	.status = powerpanel_status,
	.cancel = powerpanel_cancel,
	.close = powerpanel_close,
};

UPS_DRIVER(powerpanel_driver);
