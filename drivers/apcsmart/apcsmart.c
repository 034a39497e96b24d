// SPDX-License-Identifier: MIT
/*
 * APC's Smart-UPS, Matrix-UPS and Back-UPS Pro on a serial line, NUT's
 * apcsmart and apcsmart-old.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "apcsmart/methods.h"
#include "link/serial.h"

#define APCSMART_STATUS_TRIES 2
#define APCSMART_WAKE_UNIT_S  (6 * 60) /* of the digits of @ */

/* Off and never on again with 000, says NUT's manual of units without a list. */
#define APCSMART_OLD_DIGITS "001"

struct apcsmart_state {
	struct serial_link serial;
	struct apcsmart_section section;
	char commands[APCSMART_ANSWER_MAX]; /* "": it does not tell */
	int grace_s;
	int wake_s;
};

/* Right for 940-0095B, and 940-0024C does not care. */
static const struct serial_settings apcsmart_settings = {
	.speed = 2400,
	.lines = SERIAL_DTR,
};

static void apcsmart_close(struct ups *ups)
{
	struct apcsmart_state *state = ups->state;

	bytes_close(&state->serial.link);
}

static bool apcsmart_can(const struct apcsmart_state *state, char command)
{
	return state->commands[0] && strchr(state->commands, command);
}

static int apcsmart_learn_commands(struct apcsmart_state *state,
				   deadline_t until)
{
	char answer[APCSMART_ANSWER_MAX];
	int ret = apcsmart_ask(&state->serial.link, APCSMART_COMMANDS,
			       APCSMART_LIST, answer, until);
	const char *commands = ret > 0 ? apcsmart_commands(answer) : NULL;

	/* Everyone has S: the list of a CS 350 is "D" and means nothing. */
	if (commands && strchr(commands, APCSMART_SOFT))
		(void)snprintf(state->commands, sizeof(state->commands), "%s",
			       commands);
	return ret == -ENODEV ? ret : 0;
}

/** A setting in seconds, or UPS_UNKNOWN_S. */
static int apcsmart_learn_s(struct apcsmart_state *state, char question,
			    deadline_t until)
{
	char answer[APCSMART_ANSWER_MAX];
	int seconds = -1;

	if (apcsmart_can(state, question) &&
	    apcsmart_ask(&state->serial.link, question, APCSMART_TEXT, answer,
			 until) > 0)
		seconds = apcsmart_number(answer);
	return seconds < 0 ? UPS_UNKNOWN_S : seconds;
}

static int apcsmart_open(struct ups *ups, deadline_t until)
{
	struct apcsmart_state *state = ups->state;
	int ret = apcsmart_read_section(ups, &state->section);

	if (ret == 0)
		ret = serial_open(&state->serial, ups, &apcsmart_settings,
				  until);
	if (ret < 0)
		return ret;
	ret = apcsmart_wake(&state->serial.link, until);
	if (ret == 0)
		ret = apcsmart_learn_commands(state, until);
	if (ret < 0) {
		apcsmart_close(ups);
		return bytes_fail(ups, ret);
	}
	state->grace_s = apcsmart_learn_s(state, APCSMART_GRACE, until);
	state->wake_s = apcsmart_learn_s(state, APCSMART_WAKE, until);
	return 0;
}

/** The bits of its status, or an error; "SM" means: ask again. */
static int apcsmart_read_status(struct apcsmart_state *state, deadline_t until)
{
	char answer[APCSMART_ANSWER_MAX];
	int ret = -ETIMEDOUT;

	for (int i = 0; i < APCSMART_STATUS_TRIES && ret < 0; i++) {
		if (i > 0)
			(void)apcsmart_wake(&state->serial.link, until);
		ret = apcsmart_ask(&state->serial.link, APCSMART_STATUS,
				   APCSMART_TEXT, answer, until);
		if (ret > 0)
			ret = apcsmart_bits(answer);
		if (ret == -ENODEV)
			break;
	}
	return ret;
}

/** Does it show that it is on its way off? */
static bool apcsmart_shows(struct apcsmart_state *state, deadline_t until)
{
	char answer[APCSMART_ANSWER_MAX];
	int bits;

	if (!apcsmart_can(state, APCSMART_REGISTER) ||
	    apcsmart_ask(&state->serial.link, APCSMART_REGISTER, APCSMART_TEXT,
			 answer, until) < 0)
		return false;
	bits = apcsmart_bits(answer);
	return bits >= 0 && bits & (APCSMART_HIBERNATING | APCSMART_SHUTTING);
}

/**
 * What Z has done: -EPROTO if the load is on as before, 1 if it is seen to be
 * off, 0 if there is nobody left to say so.
 */
static int apcsmart_look_at_load(struct apcsmart_state *state, deadline_t until)
{
	char answer[APCSMART_ANSWER_MAX];
	int bits;

	if (apcsmart_ask(&state->serial.link, APCSMART_STATUS, APCSMART_TEXT,
			 answer, until) < 0)
		return 0;
	bits = apcsmart_bits(answer);
	if (bits > 0 && bits & (APCSMART_ON_LINE | APCSMART_ON_BATTERY))
		return -EPROTO;
	return bits == 0;
}

/** Give one order, and look what became of it: as above, or its error. */
static int apcsmart_try(struct apcsmart_state *state,
			const struct apcsmart_order *order, char method,
			deadline_t until)
{
	int ret = apcsmart_give(order, method, until);

	if (ret == -ENODEV || ret == -EIO)
		return ret;
	if (method == APCSMART_BY_OFF)
		return ret < 0 ? ret : apcsmart_look_at_load(state, until);
	/* Its answer may be lost, and the order is not. */
	return apcsmart_shows(state, until) ? 1 : ret;
}

/** The methods for a command, in turn; @own: see struct apcsmart_section. */
static const char *apcsmart_choose(const struct apcsmart_state *state,
				   enum ups_command wanted, bool is_on_line,
				   int *own)
{
	*own = APCSMART_METHODS_MAX;
	switch (wanted) {
	case UPS_STAYOFF:
		return "K";
	case UPS_OFF:
		return "ZK";
	case UPS_REBOOT:
		*own = 1;
		return is_on_line ? "@U" : "@S";
	default:
		*own = state->section.own;
		return is_on_line ? state->section.line : state->section.battery;
	}
}

static const char *apcsmart_digits(const struct apcsmart_state *state)
{
	if (state->section.digits[0])
		return state->section.digits;
	return state->commands[0] ? "000" : APCSMART_OLD_DIGITS;
}

/** What a method amounts to. */
static enum ups_command apcsmart_amounts_to(const struct apcsmart_state *state,
					    char method, enum ups_command wanted)
{
	switch (method) {
	case APCSMART_BY_SOFT:
	case APCSMART_BY_FAIL:
		return UPS_RETURN;
	case APCSMART_BY_HIBERNATE:
	case APCSMART_BY_TWO:
		/* One without a list does not ask whether the mains is back. */
		return state->commands[0] ? UPS_RETURN : UPS_REBOOT;
	case APCSMART_BY_OFF:
		return wanted == UPS_OFF ? UPS_OFF : UPS_STAYOFF;
	default:
		return UPS_STAYOFF;
	}
}

/** What @ and its digits are, once the load is off. */
static void apcsmart_report_hibernate(const struct apcsmart_state *state,
				      const char *digits, struct ups_cut *cut)
{
	int more_s = APCSMART_WAKE_UNIT_S * apcsmart_number(digits);

	if (!state->commands[0])
		cut->on_after_s = more_s;
	else if (state->wake_s != UPS_UNKNOWN_S)
		cut->on_after_s = state->wake_s + more_s;
	(void)snprintf(cut->how, sizeof(cut->how), "hibernation (@%s)", digits);
}

static void apcsmart_report(const struct apcsmart_state *state, char method,
			    bool is_shown, struct ups_cut *cut)
{
	const char *how = NULL;

	cut->given = apcsmart_amounts_to(state, method, cut->wanted);
	cut->proof = is_shown ? UPS_VERIFIED : UPS_SENT;
	cut->off_after_s = state->grace_s;
	cut->on_after_s = UPS_UNKNOWN_S;
	switch (method) {
	case APCSMART_BY_SOFT:
	case APCSMART_BY_FAIL:
		cut->on_after_s = state->wake_s;
		how = method == APCSMART_BY_SOFT
			      ? "soft shutdown (S)"
			      : "soft shutdown on battery (U, S)";
		break;
	case APCSMART_BY_HIBERNATE:
		apcsmart_report_hibernate(state, apcsmart_digits(state), cut);
		break;
	case APCSMART_BY_TWO:
		apcsmart_report_hibernate(state, state->section.two, cut);
		break;
	case APCSMART_BY_OFF:
		cut->off_after_s = 0;
		how = "off (Z)";
		break;
	default:
		how = "delayed off (K)";
		break;
	}
	if (how)
		(void)snprintf(cut->how, sizeof(cut->how), "%s", how);
}

/**
 * Is a rung beyond what NUT does worth a try? Only what the UPS knows; and to
 * stay off is better than an empty battery, but not when the mains is back.
 */
static bool apcsmart_is_worth_it(struct apcsmart_state *state, char method,
				 deadline_t until)
{
	int bits;

	if (state->commands[0] && !apcsmart_can(state, apcsmart_needs(method)))
		return false;
	if (method != APCSMART_BY_SHUT)
		return true;
	bits = apcsmart_read_status(state, until);
	return bits < 0 || !(bits & APCSMART_ON_LINE);
}

/** Climb. Returns 0, or the error that tells most. */
static int apcsmart_climb(struct apcsmart_state *state, bool is_on_line,
			  struct ups_cut *cut, deadline_t until)
{
	const struct apcsmart_order order = {
		.link = &state->serial.link,
		.section = &state->section,
		.digits = apcsmart_digits(state),
		.is_on_line = is_on_line,
	};
	int own, error = -EOPNOTSUPP;
	const char *methods =
		apcsmart_choose(state, cut->wanted, is_on_line, &own);

	for (int i = 0; methods[i] && !deadline_passed(until); i++) {
		int ret;

		if ((cut->exact &&
		     apcsmart_amounts_to(state, methods[i], cut->wanted) !=
			     cut->wanted) ||
		    (i >= own && !apcsmart_is_worth_it(state, methods[i], until)))
			continue;
		ret = apcsmart_try(state, &order, methods[i], until);
		if (ret >= 0) {
			apcsmart_report(state, methods[i], ret, cut);
			return 0;
		}
		if (ret == -ENODEV || ret == -EIO)
			return ret;
		if (error != -EPROTO)
			error = ret;
	}
	return error == -EOPNOTSUPP && deadline_passed(until) ? -ETIMEDOUT
							      : error;
}

static int apcsmart_cut(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	struct apcsmart_state *state = ups->state;
	int bits = apcsmart_read_status(state, until);
	int ret;

	if (bits == -ENODEV)
		return bytes_fail(ups, bits);
	if (bits < 0)
		ups_note(ups,
			 "[%s] does not say how it is; it is taken to be on battery",
			 ups->name);
	ret = apcsmart_climb(state, bits > 0 && bits & APCSMART_ON_LINE, cut,
			     until);
	/* A refusal is no more than that it was no OK. */
	ups->in_doubt = ret == -EPROTO;
	if (ret == -EPROTO)
		return ups_fail(ups, ret, "[%s] refuses to be cut", ups->name);
	if (ret == -EOPNOTSUPP)
		return ups_fail(ups, ret, "[%s] has no way to be cut like that",
				ups->name);
	return ret < 0 ? bytes_fail(ups, ret) : 0;
}

static int apcsmart_status(struct ups *ups, struct ups_status *status,
			   deadline_t until)
{
	struct apcsmart_state *state = ups->state;
	int bits = apcsmart_read_status(state, until);

	if (bits < 0)
		return bytes_fail(ups, bits);
	status->mains = bits & APCSMART_ON_LINE      ? UPS_MAINS_PRESENT
			: bits & APCSMART_ON_BATTERY ? UPS_MAINS_ABSENT
						     : UPS_MAINS_UNKNOWN;
	status->battery_low = bits & APCSMART_BATTERY_LOW;
	/* That it counts shows, and at most from where. */
	status->off_after_s =
		apcsmart_shows(state, until) ? state->grace_s : UPS_UNKNOWN_S;
	return 0;
}

static int apcsmart_cancel(struct ups *ups, deadline_t until)
{
	struct apcsmart_state *state = ups->state;
	char answer[APCSMART_ANSWER_MAX];
	int ret = apcsmart_ask(&state->serial.link, APCSMART_ABORT,
			       APCSMART_ORDER, answer, until);

	if (ret < 0)
		return bytes_fail(ups, ret);
	if (!apcsmart_is_ok(answer))
		return ups_fail(ups, -EPROTO, "[%s] refuses to be cancelled",
				ups->name);
	return 0;
}

static const char *const apcsmart_nut_names[] = { "apcsmart", "apcsmart-old",
						  NULL };

static const struct ups_driver apcsmart_driver = {
	.name = "apcsmart",
	.summary = "APC's smart signalling on a serial line",
	.nut_names = apcsmart_nut_names,
	.state_size = sizeof(struct apcsmart_state),
	.open = apcsmart_open,
	.cut = apcsmart_cut,
	.status = apcsmart_status,
	.cancel = apcsmart_cancel,
	.close = apcsmart_close,
};

UPS_DRIVER(apcsmart_driver);
