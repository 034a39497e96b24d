// SPDX-License-Identifier: MIT
/* The emulated UPScode II UPS: a command may need the line after it. */
#include "upscode2/upscode2_fake.h"

#include <stdio.h>
#include <string.h>

#define UPSCODE2_FAKE_OFF_S 1

static void upscode2_fake_tell(struct line_fake *fake, const char *text)
{
	line_fake_say(fake, text);
	line_fake_say(fake, "\r\n");
}

static void upscode2_fake_tell_state(struct line_fake *fake)
{
	bool low = !fake->mains && fake->charge_pct < 10;

	upscode2_fake_tell(fake, "STAT\r\n00");
	upscode2_fake_tell(fake, fake->mains ? "STBO\r\n00" : "STBO\r\n11");
	upscode2_fake_tell(fake, low ? "STBL\r\n11" : "STBL\r\n00");
	upscode2_fake_tell(fake, fake->mains ? "STUF\r\n00" : "STUF\r\n11");
	upscode2_fake_tell(fake, "MIUL1\r\n230.0\r\nMBUUU\r\n27.0");
	upscode2_fake_tell(fake, "MOUL1\r\n230.0\r\nMOFFF\r\n50.0");
}

static void upscode2_fake_tell_commands(struct line_fake *fake)
{
	const struct upscode2_fake *state = fake->state;
	char text[8] = "UPP";

	upscode2_fake_tell(fake, "UPDS\r\nUPDV\r\nUPTP\r\nUPSN\r\nUPSD\r\nUPCD");
	for (const char *order = state->orders; *order; order++) {
		text[3] = *order;
		upscode2_fake_tell(fake, text);
	}
	upscode2_fake_tell(fake, "UPCL");
}

/** A line that is whole in itself; false if it needs the one after it. */
static bool upscode2_fake_hear(struct line_fake *fake, const char *line)
{
	const struct upscode2_fake *state = fake->state;

	if (!strcmp(line, "UPCL"))
		upscode2_fake_tell_commands(fake);
	else if (!strcmp(line, "UPDS") && !state->is_silent_on_state)
		upscode2_fake_tell_state(fake);
	else if (!strcmp(line, "UPDV"))
		upscode2_fake_tell(fake, "NOSNN\r\n1000\r\nNOFLL\r\n49.0");
	else if (!strcmp(line, "UPTP"))
		upscode2_fake_tell(fake, "NNAME\r\nPW9120");
	else if (!strcmp(line, "UPPU") && strchr(state->orders, 'U'))
		line_fake_cancel(fake);
	else
		return !strcmp(line, "UPDS");
	return true;
}

static void upscode2_fake_cut(struct line_fake *fake, char letter,
			      const char *key)
{
	const struct upscode2_fake *state = fake->state;
	enum line_fake_back back = letter == 'F'   ? LINE_FAKE_WITH_MAINS
				   : letter == 'C' ? LINE_FAKE_BY_CLOCK
						   : LINE_FAKE_STAYS_OFF;

	if (strchr(state->orders, letter) &&
	    !strcmp(key, letter == 'D' ? "LGGNLMDPGV" : "IJHLDMGCIU"))
		line_fake_order(fake, UPSCODE2_FAKE_OFF_S, back, 60);
}

static void upscode2_fake_end_line(struct line_fake *fake)
{
	struct upscode2_fake *state = fake->state;

	if (upscode2_fake_hear(fake, state->line))
		state->command[0] = '\0';
	else if (!strcmp(state->command, "UPSD"))
		upscode2_fake_tell(fake, "ACSD\r\n0001");
	else if (!strcmp(state->command, "UPCD"))
		upscode2_fake_tell(fake, "ACCD\r\n0001");
	else if (!strcmp(state->command, "UPSN"))
		upscode2_fake_tell(fake, "ACSN\r\n0815");
	else if (!strncmp(state->command, "UPP", 3) && state->command[3])
		upscode2_fake_cut(fake, state->command[3], state->line);
	(void)snprintf(state->command, sizeof(state->command), "%s",
		       state->line);
}

static void upscode2_fake_receive(struct line_fake *fake, uint8_t byte)
{
	struct upscode2_fake *state = fake->state;

	if (!line_fake_collect(state->line, sizeof(state->line), &state->len,
			       byte))
		return;
	upscode2_fake_end_line(fake);
}

static void upscode2_fake_start(struct line_fake *fake)
{
	struct upscode2_fake *state = fake->state;

	state->orders = "FCDU";
}

const struct line_fake_kind upscode2_fake_kind = {
	.name = "upscode2",
	.speed = 1200,
	.state_size = sizeof(struct upscode2_fake),
	.start = upscode2_fake_start,
	.receive = upscode2_fake_receive,
};

LINE_FAKE(upscode2_fake_kind);
