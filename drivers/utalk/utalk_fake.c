// SPDX-License-Identifier: MIT
/* The emulated U-Talk UPS: it has to be woken, and then answers lines. */
#include "utalk/utalk_fake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void utalk_fake_tell(struct line_fake *fake, const char *text)
{
	line_fake_say(fake, text);
	line_fake_say(fake, "\r\n");
}

static void utalk_fake_tell_number(struct line_fake *fake, int number)
{
	char text[16];

	(void)snprintf(text, sizeof(text), "%d", number);
	utalk_fake_tell(fake, text);
}

static void utalk_fake_cut(struct line_fake *fake)
{
	const struct utalk_fake *state = fake->state;

	line_fake_order(fake, state->off_s,
			state->restarts ? LINE_FAKE_WITH_MAINS
					: LINE_FAKE_STAYS_OFF,
			60 * state->on_min);
}

/** What has to be asked; false if it is not a question. */
static bool utalk_fake_answer(struct line_fake *fake, const char *command)
{
	const struct utalk_fake *state = fake->state;
	char text[16];

	if (!strcmp(command, "Si")) {
		utalk_fake_tell(fake, "3000 51 0");
	} else if (!strcmp(command, "Si 1")) {
		utalk_fake_tell(fake, "Pulsar EX 10 0");
	} else if (!strcmp(command, "Ss")) {
		(void)snprintf(text, sizeof(text), "0000%d%d00",
			       !fake->mains && fake->charge_pct < 10,
			       !fake->mains);
		utalk_fake_tell(fake, text);
	} else if (!strcmp(command, "Sn ?")) {
		utalk_fake_tell_number(fake, state->off_s);
	} else if (!strcmp(command, "Sm ?")) {
		utalk_fake_tell_number(fake, state->on_min);
	} else {
		return false;
	}
	return true;
}

/** What it can be told; false if it does not know it. */
static bool utalk_fake_obey(struct line_fake *fake, const char *command)
{
	struct utalk_fake *state = fake->state;

	if (!strncmp(command, "Sn ", 3))
		state->off_s = atoi(command + 3);
	else if (!strncmp(command, "Sm ", 3))
		state->on_min = atoi(command + 3);
	else if (!strcmp(command, "Sx 5"))
		state->restarts = true;
	else if (!strcmp(command, "Sx 0"))
		utalk_fake_cut(fake);
	else if (!strcmp(command, "Wx 0"))
		line_fake_order(fake, 0, LINE_FAKE_STAYS_OFF, 0);
	else if (strcmp(command, "Wy 65535"))
		return false;
	return true;
}

static void utalk_fake_hear(struct line_fake *fake, const char *command)
{
	struct utalk_fake *state = fake->state;

	bool knows = !state->unknown ||
		     strncmp(command, state->unknown, strlen(state->unknown));

	if (!strncmp(command, "Ax ", 3)) {
		state->is_open = command[3] == '1';
		return;
	}
	if (!*command || *command == 'Z' || !state->is_open)
		return;
	if (knows && utalk_fake_answer(fake, command))
		return;
	knows = knows && utalk_fake_obey(fake, command);
	utalk_fake_tell(fake, knows ? "OK" : "?");
}

static void utalk_fake_receive(struct line_fake *fake, uint8_t byte)
{
	struct utalk_fake *state = fake->state;

	if (byte == '\r')
		return;
	if (byte != '\n' && state->len + 1 < sizeof(state->command)) {
		state->command[state->len++] = (char)byte;
		return;
	}
	state->command[state->len] = '\0';
	state->len = 0;
	utalk_fake_hear(fake, state->command);
}

static void utalk_fake_start(struct line_fake *fake)
{
	struct utalk_fake *state = fake->state;

	state->off_s = 20;
	state->on_min = 1;
}

const struct line_fake_kind utalk_fake_kind = {
	.name = "mge-utalk",
	.speed = 2400,
	.state_size = sizeof(struct utalk_fake),
	.start = utalk_fake_start,
	.receive = utalk_fake_receive,
};

LINE_FAKE(utalk_fake_kind);
