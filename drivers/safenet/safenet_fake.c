// SPDX-License-Identifier: MIT
/* The emulated SafeNet UPS: it lives of DTR, and has to hear a magic word. */
#include "safenet/safenet_fake.h"

#include <string.h>

#include "link/serial.h"

static void safenet_fake_tell_state(struct line_fake *fake)
{
	char flags[] = "$AAAAAAAAAA\r";

	if (!fake->mains)
		flags[1] = 'B';
	if (!fake->mains && fake->charge_pct < 10)
		flags[3] = 'B';
	line_fake_say(fake, flags);
}

static int safenet_fake_number(const char *letters, int digits)
{
	int number = 0;

	for (int i = 0; i < digits; i++)
		number = 10 * number + letters[i] - 'A';
	return number;
}

static bool safenet_fake_cut(struct line_fake *fake, const char *command)
{
	if (!strncmp(command, "ZBAS", 4) && !strcmp(command + 7, "WLPGE"))
		/* It needs no mains to go, and fresh ones to come back. */
		line_fake_order(fake, safenet_fake_number(command + 4, 3),
				fake->mains ? LINE_FAKE_STAYS_OFF
					    : LINE_FAKE_WITH_MAINS,
				0);
	else if (!strncmp(command, "ZAF", 3) && command[6] == 'R' &&
		 command[11] == 'O')
		line_fake_order(fake, safenet_fake_number(command + 3, 3),
				LINE_FAKE_BY_CLOCK,
				60 * safenet_fake_number(command + 7, 4));
	else
		return false;
	return true;
}

/** Letters of which one is an L, as many behind the second as that says. */
static bool safenet_fake_is_question(const char *command)
{
	int place = command[1] - 'A';

	return place >= 0 && place < 10 && command[2 + place] == 'L';
}

static void safenet_fake_hear(struct line_fake *fake, const char *command)
{
	struct safenet_fake *state = fake->state;
	bool cut;

	if (strlen(command) != 12 || command[0] != 'Z')
		return;
	state->is_awake |= !strcmp(command, "ZCADLIOPERJD");
	if (!state->is_awake)
		return;
	cut = safenet_fake_cut(fake, command);
	if (cut ? state->obeys_silently
		: !safenet_fake_is_question(command) &&
			    strcmp(command, "ZCADLIOPERJD") != 0)
		return;
	safenet_fake_tell_state(fake);
}

static void safenet_fake_receive(struct line_fake *fake, uint8_t byte)
{
	struct safenet_fake *state = fake->state;

	if (state->lines != SERIAL_DTR)
		return;
	if (byte != '\r' && state->len + 1 < sizeof(state->command)) {
		state->command[state->len++] = (char)byte;
		return;
	}
	state->command[state->len] = '\0';
	state->len = 0;
	safenet_fake_hear(fake, state->command);
}

static void safenet_fake_set_lines(struct line_fake *fake, unsigned int lines,
				   bool is_break)
{
	struct safenet_fake *state = fake->state;

	(void)is_break;
	state->lines = lines;
}

static void safenet_fake_start(struct line_fake *fake)
{
	struct safenet_fake *state = fake->state;

	state->lines = SERIAL_DTR; /* a pseudo-terminal has none */
	fake->inputs = SERIAL_DSR;
}

const struct line_fake_kind safenet_fake_kind = {
	.name = "safenet",
	.speed = 1200,
	.state_size = sizeof(struct safenet_fake),
	.start = safenet_fake_start,
	.receive = safenet_fake_receive,
	.set_lines = safenet_fake_set_lines,
};

LINE_FAKE(safenet_fake_kind);
