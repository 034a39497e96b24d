// SPDX-License-Identifier: MIT
/* The emulated Powervar UPS: groups of values, and their names. */
#include "powervar/powervar_fake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void powervar_fake_tell(struct line_fake *fake, const char *text)
{
	line_fake_say(fake, text);
	line_fake_say(fake, "\r\n");
}

static void powervar_fake_tell_values(struct line_fake *fake, const char *group)
{
	const struct powervar_fake *state = fake->state;
	bool low = !fake->mains && fake->charge_pct < 10;
	int left_s = line_fake_left_s(fake);
	char text[64];

	if (!strcmp(group, "ALM"))
		(void)snprintf(text, sizeof(text), "ALM=0;%d;%d;0",
			       !fake->mains, low);
	else
		(void)snprintf(text, sizeof(text), "SET=1;%d;0;%d;0;0",
			       state->restarts, left_s > 0 ? left_s : 0);
	powervar_fake_tell(fake, text);
}

static bool powervar_fake_answer(struct line_fake *fake, const char *question)
{
	static const char *const texts[][2] = {
		{ "PID", "PID=CUSPP;1.00" },
		{ "PID.FORMAT", "PID.FORMAT=PROT;VER" },
		{ "ALM.FORMAT", "ALM.FORMAT=TEMP;ONBAT;LOWBAT;OVRLOD" },
		{ "SET.FORMAT",
		  "SET.FORMAT=AUDIBL;ATOSRT;OFFNOW;OFFDLY;SRTDLY;OFFSTP" },
	};

	if (!strcmp(question, "ALM") || !strcmp(question, "SET")) {
		powervar_fake_tell_values(fake, question);
		return true;
	}
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (strcmp(question, texts[i][0]) != 0)
			continue;
		powervar_fake_tell(fake, texts[i][1]);
		return true;
	}
	return false;
}

static void powervar_fake_cut(struct line_fake *fake, int off_s)
{
	const struct powervar_fake *state = fake->state;

	if (!state->forgets)
		line_fake_order(fake, off_s,
				state->restarts ? LINE_FAKE_WITH_MAINS
						: LINE_FAKE_STAYS_OFF,
				1);
}

static void powervar_fake_obey(struct line_fake *fake, const char *command)
{
	struct powervar_fake *state = fake->state;
	const char *value = strchr(command, '=');

	if (!value || (state->refuses && strstr(command, state->refuses))) {
		powervar_fake_tell(fake, "?");
		return;
	}
	powervar_fake_tell(fake, command);
	if (!strncmp(command, "SET.ATOSRT.W", 12))
		state->restarts = value[1] == '1';
	else if (!strncmp(command, "SET.OFFDLY.W", 12))
		powervar_fake_cut(fake, atoi(value + 1));
	else if (!strncmp(command, "SET.OFFNOW.W", 12))
		powervar_fake_cut(fake, 0);
	else if (!strncmp(command, "SET.OFFSTP.W", 12))
		line_fake_cancel(fake);
}

static void powervar_fake_receive(struct line_fake *fake, uint8_t byte)
{
	struct powervar_fake *state = fake->state;

	if (!line_fake_collect(state->line, sizeof(state->line), &state->len,
			       byte))
		return;
	if (state->line[0] && !powervar_fake_answer(fake, state->line))
		powervar_fake_obey(fake, state->line);
}

const struct line_fake_kind powervar_fake_kind = {
	.name = "powervar",
	.speed = 9600,
	.state_size = sizeof(struct powervar_fake),
	.receive = powervar_fake_receive,
};

LINE_FAKE(powervar_fake_kind);
