// SPDX-License-Identifier: MIT
/* The emulated CyberPower UPSes. */
#include "powerpanel/powerpanel_fake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/** Minutes, or with a point in front tenths of them. */
static int powerpanel_fake_seconds(const char *text)
{
	return text[0] == '.' ? 6 * atoi(text + 1) : 60 * atoi(text);
}

static void powerpanel_fake_order(struct line_fake *fake, const char *line)
{
	const char *on = strchr(line, 'R');

	if (line[0] == 'Z')
		line_fake_order(fake, powerpanel_fake_seconds(line + 1),
				LINE_FAKE_WITH_MAINS, 0);
	else if (on)
		line_fake_order(fake, powerpanel_fake_seconds(line + 1),
				LINE_FAKE_BY_CLOCK, 60 * atoi(on + 1));
	else
		line_fake_order(fake, powerpanel_fake_seconds(line + 1),
				LINE_FAKE_STAYS_OFF, 0);
	line_fake_say(fake, "#0\r");
}

static void powerpanel_fake_tell_text(struct line_fake *fake)
{
	char text[64];
	int flags = 0x81;

	if (!fake->mains)
		flags |= 0x40;
	if (fake->charge_pct < 10)
		flags |= 0x20;
	(void)snprintf(text, sizeof(text),
		       "#I119.0O119.0L000B%03dT027F060.0S%c\x80\r",
		       fake->charge_pct, flags);
	line_fake_say(fake, text);
}

static void powerpanel_fake_obey_text(struct line_fake *fake, const char *line)
{
	const struct powerpanel_fake *state = fake->state;

	if (line[0] == '\0')
		return;
	if (line[0] == state->refuses)
		line_fake_say(fake, "#2\r");
	else if (!strcmp(line, "P4"))
		line_fake_say(
			fake,
			"#BC1200     ,1.600,000000000000,CYBER POWER    \r");
	else if (!strcmp(line, "D"))
		powerpanel_fake_tell_text(fake);
	else if (line[0] == 'Z' || line[0] == 'S')
		powerpanel_fake_order(fake, line);
	else if (!strcmp(line, "C")) {
		line_fake_cancel(fake);
		line_fake_say(fake, "#0\r");
	} else {
		line_fake_say(fake, "#1\r");
	}
}

static void powerpanel_fake_receive_text(struct line_fake *fake, uint8_t byte)
{
	struct powerpanel_fake *state = fake->state;

	if (byte != '\r' && state->len + 1 < sizeof(state->line)) {
		state->line[state->len++] = (char)byte;
		return;
	}
	state->line[state->len] = '\0';
	state->len = 0;
	powerpanel_fake_obey_text(fake, state->line);
}

static void powerpanel_fake_tell_binary(struct line_fake *fake)
{
	uint8_t status[14] = { '#', 120, 120, 10, '.', 100, 25,
			       150, 0,   1,   0,  0,   255, '\r' };

	if (!fake->mains)
		status[9] |= 0x80;
	if (fake->charge_pct < 10)
		status[9] |= 0x40;
	status[10] = (uint8_t)(255 - status[9]);
	line_fake_send(fake, status, sizeof(status));
}

static void powerpanel_fake_obey_binary(struct line_fake *fake,
					const char *line, size_t len)
{
	const struct powerpanel_fake *state = fake->state;

	if (len == 1 && line[0] == 'F') {
		line_fake_say(fake, ".PR2200    .x.<.1100\r");
		return;
	}
	if (len == 1 && line[0] == 'D') {
		powerpanel_fake_tell_binary(fake);
		return;
	}
	if (len == 0 || line[0] == state->refuses)
		return;
	if (len == 1 && line[0] == 'C')
		line_fake_cancel(fake);
	else if (len == 4 && !memcmp(line, "S\0\0W", len))
		line_fake_order(fake, 1,
				fake->mains ? LINE_FAKE_STAYS_OFF
					    : LINE_FAKE_WITH_MAINS,
				45);
	else if (len == 7 && !memcmp(line, "S\0\0R\0\1W", len))
		line_fake_order(fake, 1, LINE_FAKE_BY_CLOCK, 60);
	line_fake_send(fake, line, len);
}

static void powerpanel_fake_receive_binary(struct line_fake *fake, uint8_t byte)
{
	struct powerpanel_fake *state = fake->state;
	size_t len = state->len;

	if (byte != '\r' && len + 1 < sizeof(state->line)) {
		state->line[state->len++] = (char)byte;
		return;
	}
	state->len = 0;
	powerpanel_fake_obey_binary(fake, state->line, len);
}

const struct line_fake_kind powerpanel_text_fake_kind = {
	.name = "powerpanel-text",
	.speed = 2400,
	.state_size = sizeof(struct powerpanel_fake),
	.receive = powerpanel_fake_receive_text,
};

LINE_FAKE(powerpanel_text_fake_kind);

const struct line_fake_kind powerpanel_binary_fake_kind = {
	.name = "powerpanel-binary",
	.speed = 1200,
	.state_size = sizeof(struct powerpanel_fake),
	.receive = powerpanel_fake_receive_binary,
};

LINE_FAKE(powerpanel_binary_fake_kind);
