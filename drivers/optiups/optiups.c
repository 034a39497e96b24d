// SPDX-License-Identifier: MIT
/*
 * Opti-UPS and ViewSonic, and ONLINE's Zinto D, on a serial line: NUT's
 * optiups. Short words without an end, with CR LF for a Zinto; an answer is a
 * line. Source: networkupstools/nut, drivers/optiups.c.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "link/serial.h"

#define OPTIUPS_ANSWER_MS   3000
#define OPTIUPS_TRIES       3
#define OPTIUPS_LINE        64
#define OPTIUPS_DONE        0x06
#define OPTIUPS_UNKNOWN     0x15
/* Of the status. */
#define OPTIUPS_ON_BATTERY  0x20
#define OPTIUPS_BATTERY_LOW 0x40

/** What a cut is made of. As NUT; nobody can set these delays. */
struct optiups_words {
	const char *on;  /* after 60 s */
	const char *off; /* after off_s */
	const char *off_now;
	int off_s;
};

#define OPTIUPS_ON_S 60

static const struct optiups_words optiups_opti = {
	.on = "Cu00000600",
	.off = "Cs00000080",
	.off_now = "Cs00000000",
	.off_s = 8,
};

static const struct optiups_words optiups_zinto = {
	.on = "Cu0000060",
	.off = "Cs0000030",
	.off_now = "Cs0000000",
	.off_s = 30,
};

struct optiups {
	struct serial_link serial;
	const struct optiups_words *words;
};

/** Say @word once, and read what it answers to @line; its length. */
static int optiups_ask_once(struct optiups *state, const char *word, bool crlf,
			    char line[OPTIUPS_LINE], deadline_t until)
{
	struct byte_link *link = &state->serial.link;
	char text[OPTIUPS_LINE];
	int ret;

	(void)snprintf(text, sizeof(text), "%s%s", word, crlf ? "\r\n" : "");
	link->ops->drain(link);
	ret = link->ops->write(link, text, strlen(text), until);
	if (ret < 0)
		return ret;
	ret = bytes_read_line(
		link, '\n', line, OPTIUPS_LINE, NULL,
		deadline_earlier(until, deadline_in_ms(OPTIUPS_ANSWER_MS)));
	if (ret > 0 && line[ret - 1] == '\r')
		line[--ret] = '\0';
	return ret;
}

/** The same until it answers. Stores no sentence. */
static int optiups_ask(struct optiups *state, const char *word,
		       char line[OPTIUPS_LINE], deadline_t until)
{
	bool crlf = state->words == &optiups_zinto;
	int ret = -ETIMEDOUT;

	for (int i = 0; i < OPTIUPS_TRIES && !deadline_passed(until); i++) {
		ret = optiups_ask_once(state, word, crlf, line, until);
		if (ret > 0 || ret == -ENODEV)
			break;
	}
	return ret == 0 ? -EPROTO : ret;
}

/** Give a command. 0, -EPROTO if it does not say that it is done. */
static int optiups_tell(struct optiups *state, const char *word,
			deadline_t until)
{
	char line[OPTIUPS_LINE];
	int ret = -EPROTO;

	for (int i = 0; i < OPTIUPS_TRIES && ret == -EPROTO; i++) {
		ret = optiups_ask(state, word, line, until);
		if (ret > 0)
			ret = line[0] == OPTIUPS_DONE ? 0 : -EPROTO;
	}
	return ret;
}

/** The bits of its status, or an error. */
static int optiups_read_status(struct optiups *state, deadline_t until)
{
	char line[OPTIUPS_LINE], *end;
	int ret = optiups_ask(state, "AG", line, until);
	unsigned long flags;

	if (ret < 0)
		return ret;
	flags = strtoul(line, &end, 16);
	return end == line || *end || flags > 0xffff ? -EPROTO : (int)flags;
}

static void optiups_close(struct ups *ups)
{
	struct optiups *state = ups->state;

	bytes_close(&state->serial.link);
}

/** Who is it? A Zinto may wait for CR LF even then. */
static int optiups_greet(struct optiups *state, deadline_t until)
{
	char line[OPTIUPS_LINE];
	int ret = -ETIMEDOUT;

	for (int i = 0; i < 2 * OPTIUPS_TRIES && !deadline_passed(until); i++) {
		bool ends = i % 2 == 1;

		ret = optiups_ask_once(state, ends ? "" : "IM", ends, line,
				       until);
		if (ret == 0 || (ret > 0 && line[0] == OPTIUPS_UNKNOWN))
			ret = -EPROTO;
		if (ret > 0 || ret == -ENODEV)
			break;
	}
	if (ret < 0)
		return ret;
	state->words =
		strcasecmp(line, "ONLINE") ? &optiups_opti : &optiups_zinto;
	return 0;
}

static int optiups_open(struct ups *ups, deadline_t until)
{
	static const struct serial_settings settings = {
		.speed = 2400,
		.lines = SERIAL_DTR | SERIAL_RTS,
	};
	struct optiups *state = ups->state;
	int ret = serial_open(&state->serial, ups, &settings, until);

	if (ret < 0)
		return ret;
	ret = optiups_greet(state, until);
	if (ret == 0)
		ret = optiups_read_status(state, until);
	if (ret < 0) {
		optiups_close(ups);
		return bytes_fail(ups, ret);
	}
	return 0;
}

/**
 * Ct1: with the battery it goes off whole, and comes back with the mains; Ct0:
 * only its output does, and stays off. A Zinto takes the same words for both,
 * and comes back if it was told when.
 */
static int optiups_cut(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	struct optiups *state = ups->state;
	const struct optiups_words *words = state->words;
	bool returns = cut->wanted == UPS_RETURN || cut->wanted == UPS_REBOOT;
	bool is_zinto = words == &optiups_zinto;
	int flags = optiups_read_status(state, until); /* or: on battery */
	bool on_battery = flags < 0 || flags & OPTIUPS_ON_BATTERY;
	bool by_clock = returns && (is_zinto || !on_battery);
	bool now = cut->wanted == UPS_OFF;
	int ret = ups_give(ups, cut,
			   !returns     ? cut->wanted
			   : on_battery ? UPS_RETURN
					: UPS_REBOOT);

	if (ret < 0)
		return ret;
	ret = optiups_tell(state, returns || is_zinto ? "Ct1" : "Ct0", until);
	if (ret == 0 && by_clock)
		ret = optiups_tell(state, words->on, until);
	if (ret == 0)
		ret = optiups_tell(state, now ? words->off_now : words->off,
				   until);
	if (ret < 0)
		return bytes_fail(ups, ret);
	cut->proof = UPS_SENT;
	cut->off_after_s = now ? 0 : words->off_s;
	cut->on_after_s = by_clock ? OPTIUPS_ON_S - words->off_s : UPS_UNKNOWN_S;
	(void)snprintf(cut->how, sizeof(cut->how), "%s%s%s",
		       by_clock ? words->on : "", by_clock ? ", " : "",
		       now ? words->off_now : words->off);
	return 0;
}

static int optiups_cancel(struct ups *ups, deadline_t until)
{
	struct optiups *state = ups->state;
	int ret;

	if (state->words == &optiups_zinto)
		return ups_fail(ups, -EOPNOTSUPP,
				"[%s] does not stop once it was told",
				ups->name);
	ret = optiups_tell(state, "Cs-0000001", until);
	return ret < 0 ? bytes_fail(ups, ret) : 0;
}

static int optiups_status(struct ups *ups, struct ups_status *status,
			  deadline_t until)
{
	int flags = optiups_read_status(ups->state, until);

	if (flags < 0)
		return bytes_fail(ups, flags);
	status->mains = flags & OPTIUPS_ON_BATTERY ? UPS_MAINS_ABSENT
						   : UPS_MAINS_PRESENT;
	status->battery_low = flags & OPTIUPS_BATTERY_LOW;
	status->off_after_s = UPS_UNKNOWN_S;
	return 0;
}

static const char *const optiups_nut_names[] = { "optiups", NULL };

static const struct ups_driver optiups_driver = {
	.name = "optiups",
	.summary = "Opti-UPS, ViewSonic and Zinto D on a serial line",
	.nut_names = optiups_nut_names,
	.state_size = sizeof(struct optiups),
	.open = optiups_open,
	.cut = optiups_cut,
	.status = optiups_status,
	.cancel = optiups_cancel,
	.close = optiups_close,
};

UPS_DRIVER(optiups_driver);
