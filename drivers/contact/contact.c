// SPDX-License-Identifier: MIT
/*
 * UPSes behind contact closures, NUT's genericups: modem lines say how it is
 * and order the cut. Nothing is ever acknowledged.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "contact/types.h"

/* apcupsd holds its lines for 10 s; 5 s of break is what is documented. */
#define CONTACT_HOLD_S     10
#define CONTACT_HOLD_MAX_S (60 * 60)

#define CONTACT_OUTPUTS (SERIAL_DTR | SERIAL_RTS)

struct contact_state {
	struct serial_link serial;
	struct contact_type type;
	int hold_s;
};

static void contact_close(struct ups *ups)
{
	struct contact_state *state = ups->state;

	bytes_close(&state->serial.link);
}

static int contact_fail(struct ups *ups, int error)
{
	if (error == -EOPNOTSUPP)
		return ups_fail(ups, error, "[%s] %s has no modem lines",
				ups->name, ups_value(ups, "port"));
	return bytes_fail(ups, error);
}

static int contact_fail_word(struct ups *ups, const char *key, const char *word)
{
	return ups_fail(ups, -EINVAL, "[%s] %s: \"%.20s\" is no %s of a port",
			ups->name, key, word,
			key[0] == 'C' || key[0] == 'S' ? "output" : "input");
}

/** What the section says instead of the table. */
static int contact_override(struct ups *ups, struct contact_type *type)
{
	const struct {
		const char *key;
		unsigned int *lines;           /* of an output */
		struct contact_signal *signal; /* of inputs */
	} keys[] = {
		{ "CP", &type->power, NULL },
		{ "OL", NULL, &type->online },
		{ "LB", NULL, &type->low },
		{ "SD", &type->cut, NULL },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const char *text = ups_value(ups, keys[i].key), *word = "";
		int ret;

		if (!text)
			continue;
		ret = keys[i].lines
			      ? contact_parse_outputs(text, keys[i].lines, &word)
			      : contact_parse_inputs(text, keys[i].signal,
						     &word);
		if (ret < 0)
			return contact_fail_word(ups, keys[i].key, word);
	}
	return 0;
}

static int contact_read_section(struct ups *ups, struct contact_state *state)
{
	int upstype = ups_number(ups, "upstype", -1, -1, INT32_MAX);
	const struct contact_type *type = contact_find_type(upstype);
	int ret;

	if (!ups_value(ups, "upstype"))
		return ups_fail(ups, -EINVAL, "[%s] names no upstype",
				ups->name);
	if (!type)
		return ups_fail(ups, -EINVAL,
				"[%s] upstype has to be 0 … %d, not %s",
				ups->name, contact_last_type(),
				ups_value(ups, "upstype"));
	state->type = *type;
	ret = contact_override(ups, &state->type);
	if (ret < 0)
		return ret;
	if (state->type.cut == CONTACT_NONE)
		return ups_fail(
			ups, -EOPNOTSUPP,
			"[%s] upstype %d has no line that orders a cut; set SD if this UPS has one",
			ups->name, upstype);
	state->hold_s = ups_number(ups, "sdtime", 0, 0, CONTACT_HOLD_MAX_S);
	if (state->hold_s < CONTACT_HOLD_S)
		state->hold_s = CONTACT_HOLD_S;
	return 0;
}

static int contact_open(struct ups *ups, deadline_t until)
{
	struct contact_state *state = ups->state;
	struct serial_settings settings = { .speed = 2400 };
	int ret = contact_read_section(ups, state);

	if (ret < 0)
		return ret;
	settings.lines = state->type.power & CONTACT_OUTPUTS;
	ret = serial_open(&state->serial, ups, &settings, until);
	if (ret < 0)
		return ret;
	/* Other drivers live without the lines, and serial_open() lets them. */
	ret = serial_set_lines(&state->serial, settings.lines);
	if (ret == 0)
		return 0;
	contact_close(ups);
	return contact_fail(ups, ret);
}

static bool contact_tells(const struct contact_signal *signal,
			  unsigned int lines)
{
	return signal->mask && (lines & signal->mask) == signal->level;
}

static enum ups_mains contact_mains(const struct contact_type *type,
				    unsigned int lines)
{
	if (!type->online.mask)
		return UPS_MAINS_UNKNOWN;
	return contact_tells(&type->online, lines) ? UPS_MAINS_PRESENT
						   : UPS_MAINS_ABSENT;
}

static int contact_status(struct ups *ups, struct ups_status *status,
			  deadline_t until)
{
	struct contact_state *state = ups->state;
	unsigned int lines;
	int ret = serial_read_lines(&state->serial, &lines);

	(void)until; /* nothing waits here */
	if (ret < 0)
		return contact_fail(ups, ret);
	status->mains = contact_mains(&state->type, lines);
	status->battery_low = contact_tells(&state->type.low, lines);
	status->off_after_s = UPS_UNKNOWN_S;
	return 0;
}

/** The lines, as people know them. */
static void contact_say_how(unsigned int cut, int hold_s, char *how, size_t size)
{
	static const char *const outputs[] = { "DTR and RTS low",
					       "DTR, and RTS low",
					       "RTS, and DTR low",
					       "DTR and RTS" };
	const char *lines = outputs[cut & CONTACT_OUTPUTS];

	if (cut == CONTACT_BREAK)
		lines = "break";
	(void)snprintf(how, size, "%s, for %d s", lines, hold_s);
}

/**
 * Order it, and hold the order: some take a short one for noise. The lines are
 * left as they are, for whoever keeps the port open holds them on.
 */
static int contact_order(struct contact_state *state, deadline_t until)
{
	unsigned int cut = state->type.cut;
	int64_t hold_ms = state->hold_s * 1000LL;
	int ret = 0;

	/* What a break is for, needs the power of its cable. */
	if (cut != CONTACT_BREAK)
		ret = serial_set_lines(&state->serial, cut & CONTACT_OUTPUTS);
	if (ret < 0)
		return ret;
	return cut & CONTACT_BREAK
		       ? serial_break(&state->serial, (int)hold_ms, until)
		       : clock_sleep_ms(hold_ms, until);
}

static int contact_cut(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	struct contact_state *state = ups->state;
	int64_t start_ms = clock_now_ms();
	unsigned int lines;
	int ret;

	if (cut->exact && cut->wanted != UPS_RETURN)
		return ups_fail(
			ups, -EOPNOTSUPP,
			"[%s] can be switched off until the mains returns, and nothing else",
			ups->name);
	if (serial_read_lines(&state->serial, &lines) == 0 &&
	    contact_mains(&state->type, lines) == UPS_MAINS_PRESENT)
		ups_note(ups,
			 "[%s] says that mains is present; most of its kind ignore the order then",
			 ups->name);
	ret = contact_order(state, until);
	if (ret == -ETIMEDOUT)
		ups_note(ups, "[%s] the order could be held for %d s only",
			 ups->name, (int)((clock_now_ms() - start_ms) / 1000));
	else if (ret < 0)
		return contact_fail(ups, ret);
	/* Whatever was wanted: off, and on again with the mains. */
	cut->given = UPS_RETURN;
	cut->proof = UPS_SENT;
	cut->off_after_s = UPS_UNKNOWN_S;
	cut->on_after_s = UPS_UNKNOWN_S;
	contact_say_how(state->type.cut, state->hold_s, cut->how,
			sizeof(cut->how));
	return 0;
}

/** An order ends with its lines, where it is not too late. */
static int contact_cancel(struct ups *ups, deadline_t until)
{
	struct contact_state *state = ups->state;
	int ret = serial_set_lines(&state->serial,
				   state->type.power & CONTACT_OUTPUTS);

	(void)until; /* nothing waits here */
	return ret < 0 ? contact_fail(ups, ret) : 0;
}

static const char *const contact_nut_names[] = { "genericups", NULL };

static const struct ups_driver contact_driver = {
	.name = "contact",
	.summary = "contact closures on a serial port",
	.nut_names = contact_nut_names,
	.state_size = sizeof(struct contact_state),
	.open = contact_open,
	.cut = contact_cut,
	.status = contact_status,
	.cancel = contact_cancel,
	.close = contact_close,
};

UPS_DRIVER(contact_driver);
