// SPDX-License-Identifier: MIT
/* The emulated Oneac UPS: commands are lines, but for one that is two bytes. */
#include "oneac/oneac_fake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool oneac_fake_is_new(const struct oneac_fake *state)
{
	return state->family[1] == 'Z' || state->family[1] == 'B';
}

static void oneac_fake_tell(struct line_fake *fake, const char *text)
{
	line_fake_say(fake, text);
	line_fake_say(fake, "\r\n");
}

static void oneac_fake_count(struct line_fake *fake, const char *digits)
{
	const struct oneac_fake *state = fake->state;

	bool wrong = *digits && strlen(digits) != 3 && !oneac_fake_is_new(state);

	if (state->refuses || wrong)
		oneac_fake_tell(fake, "*");
	else if (!*digits)
		line_fake_cancel(fake);
	else if (!state->forgets)
		line_fake_order(fake, atoi(digits),
				state->is_manual ? LINE_FAKE_STAYS_OFF
						 : LINE_FAKE_WITH_MAINS,
				0);
}

/* Maker, family, version, inverter, low battery, status, reason, inverter
 * ready, countdown, test time, Hz; and what an EG does not know. */
static void oneac_fake_tell_all(struct line_fake *fake)
{
	const struct oneac_fake *state = fake->state;
	int left_s = line_fake_left_s(fake);
	bool low = !fake->mains && fake->charge_pct < 10;
	char status = (char)('@' + !fake->mains + 2 * low), count[8] = "...";
	char text[64];

	if (left_s > 999)
		(void)snprintf(count, sizeof(count), "+++");
	else if (left_s >= 0)
		(void)snprintf(count, sizeof(count), "%03d", left_s);
	(void)snprintf(
		text, sizeof(text), "ONEAC%s1.9%c%c%c.Y%s0260%s", state->family,
		fake->mains ? 'N' : 'Y', low ? 'Y' : 'N', status, count,
		state->family[0] == 'E' ? "" : "....1NNNN1099120118121120N");
	oneac_fake_tell(fake, text);
}

static void oneac_fake_obey(struct line_fake *fake, const char *command)
{
	struct oneac_fake *state = fake->state;
	char text[100];

	if (!*command)
		return;
	if (!strcmp(command, "F")) {
		oneac_fake_tell(fake, state->family);
	} else if (!strcmp(command, "%")) {
		oneac_fake_tell_all(fake);
	} else if (*command == 'Z') {
		oneac_fake_count(fake, command + 1);
	} else if (oneac_fake_is_new(state) && !strcmp(command, "<?")) {
		oneac_fake_tell(fake, state->is_manual ? "1" : "0");
	} else if (oneac_fake_is_new(state) && *command == '<') {
		state->is_manual = command[1] == '1';
	} else if (oneac_fake_is_new(state) && !strcmp(command, "^")) {
		(void)snprintf(text, sizeof(text), "%-92.92s", "ONEACON1000XAU");
		oneac_fake_tell(fake, text);
	} else if (oneac_fake_is_new(state) && !strcmp(command, "[=?")) {
		oneac_fake_tell(fake, "090,140,10");
	} else {
		oneac_fake_tell(fake, "*");
	}
}

static void oneac_fake_receive(struct line_fake *fake, uint8_t byte)
{
	struct oneac_fake *state = fake->state;

	if (byte == 0x06 && state->len == 1 && state->command[0] == 0x0f) {
		state->len = 0;
		line_fake_order(fake, 0, LINE_FAKE_BY_CLOCK, 10);
		return;
	}
	if (!line_fake_collect(state->command, sizeof(state->command),
			       &state->len, byte))
		return;
	oneac_fake_obey(fake, state->command);
}

static void oneac_fake_start(struct line_fake *fake)
{
	struct oneac_fake *state = fake->state;

	state->family = "ON";
}

const struct line_fake_kind oneac_fake_kind = {
	.name = "oneac",
	.speed = 9600,
	.state_size = sizeof(struct oneac_fake),
	.start = oneac_fake_start,
	.receive = oneac_fake_receive,
};

LINE_FAKE(oneac_fake_kind);
