// SPDX-License-Identifier: MIT
/* The emulated Tripp Lite UPS: says back what it heard, and answers. */
#include "tripplite/tripplite_fake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void tripplite_fake_tell(struct line_fake *fake)
{
	char text[32];

	/* Battery, overload, mains voltage, tap, mode, temperature … */
	(void)snprintf(text, sizeof(text), "%c180%c%c320000040000258\r\n",
		       fake->charge_pct < 10 ? '0' : '1', '0',
		       fake->mains ? '2' : '1');
	line_fake_say(fake, text);
}

static void tripplite_fake_obey(struct line_fake *fake, const char *line)
{
	struct tripplite_fake *state = fake->state;

	switch (line[0]) {
	case 'W':
		line_fake_say(fake, "84\r\n");
		return;
	case 'D':
		tripplite_fake_tell(fake);
		return;
	case 'N':
		state->delay_s = (int)strtol(line + 1, NULL, 16);
		break;
	case 'G':
		if (!fake->mains) /* else it does not go off */
			line_fake_order(fake, state->delay_s,
					LINE_FAKE_WITH_MAINS, 0);
		break;
	case 'H':
		line_fake_order(fake, state->delay_s, LINE_FAKE_BY_CLOCK,
				(int)strtol(line + 1, NULL, 16));
		break;
	case 'K':
		if (line[1] == '0')
			line_fake_order(fake, state->delay_s,
					LINE_FAKE_STAYS_OFF, 0);
		break;
	default:
		break;
	}
	line_fake_say(fake, "00\r\n");
}

static void tripplite_fake_receive(struct line_fake *fake, uint8_t byte)
{
	struct tripplite_fake *state = fake->state;
	char echo[40];

	if (byte != '\r') {
		if (state->len + 1 < sizeof(state->line))
			state->line[state->len++] = (char)byte;
		return;
	}
	state->line[state->len] = '\0';
	state->len = 0;
	if (state->line[0] != ':' || state->line[1] == state->deaf_to)
		return;
	(void)snprintf(echo, sizeof(echo), "%s\r\n", state->line);
	line_fake_say(fake, echo);
	tripplite_fake_obey(fake, state->line + 1);
}

const struct line_fake_kind tripplite_fake_kind = {
	.name = "tripplite",
	.speed = 2400,
	.state_size = sizeof(struct tripplite_fake),
	.receive = tripplite_fake_receive,
};

LINE_FAKE(tripplite_fake_kind);
