// SPDX-License-Identifier: MIT
/*
 * The emulated UPSes: a PowerES knows the length of its words, a Zinto waits
 * for their end.
 */
#include "optiups/optiups_fake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool optiups_fake_is_zinto(const struct line_fake *fake)
{
	return fake->kind == &optiups_zinto_fake_kind;
}

/** Tenths of seconds, or seconds. */
static int optiups_fake_seconds(const struct line_fake *fake, const char *text)
{
	return atoi(text) / (optiups_fake_is_zinto(fake) ? 1 : 10);
}

static void optiups_fake_order(struct line_fake *fake, const char *word)
{
	const struct optiups_fake *state = fake->state;
	bool returns = optiups_fake_is_zinto(fake) ? state->on_s > 0
						   : state->mode == 1;

	if (word[2] == '-')
		line_fake_cancel(fake);
	else
		line_fake_order(fake, optiups_fake_seconds(fake, word + 2),
				!returns      ? LINE_FAKE_STAYS_OFF
				: fake->mains ? LINE_FAKE_BY_CLOCK
					      : LINE_FAKE_WITH_MAINS,
				state->on_s);
}

static void optiups_fake_command(struct line_fake *fake, const char *word)
{
	struct optiups_fake *state = fake->state;

	if (word[1] == state->refuses) {
		line_fake_say(fake, "\x15\r\n");
		return;
	}
	if (word[1] == 't')
		state->mode = atoi(word + 2);
	else if (word[1] == 'u')
		state->on_s = optiups_fake_seconds(fake, word + 2);
	else
		optiups_fake_order(fake, word);
	line_fake_say(fake, "\x06\r\n");
}

static void optiups_fake_obey(struct line_fake *fake, const char *word)
{
	char text[16];

	if (!strcmp(word, "IM")) {
		line_fake_say(fake, optiups_fake_is_zinto(fake)
					    ? "ONLINE\r\n"
					    : "ViewSonic\r\n");
	} else if (!strcmp(word, "IO")) {
		line_fake_say(fake, optiups_fake_is_zinto(fake) ? "D1000\r\n"
								: "420E\r\n");
	} else if (!strcmp(word, "AG")) {
		(void)snprintf(text, sizeof(text), "%02X\r\n",
			       (fake->mains ? 0u : 0x20u) |
				       (fake->charge_pct < 10 ? 0x40u : 0u));
		line_fake_say(fake, text);
	} else if (word[0] == 'C') {
		optiups_fake_command(fake, word);
	} else {
		line_fake_say(fake, "\x15\r\n");
	}
}

/** Is the word whole? A Zinto knows by its end, but for the first question. */
static bool optiups_fake_is_whole(const struct line_fake *fake,
				  const char *word, size_t len)
{
	if (optiups_fake_is_zinto(fake))
		return !strcmp(word, "IM");
	if (word[0] != 'C')
		return len == 2;
	return len == (word[1] == 't' ? 3 : 10);
}

static void optiups_fake_receive(struct line_fake *fake, uint8_t byte)
{
	struct optiups_fake *state = fake->state;
	bool ends = byte == '\r' || byte == '\n';

	if (!ends && state->len + 1 < sizeof(state->word))
		state->word[state->len++] = (char)byte;
	state->word[state->len] = '\0';
	if (!ends && !optiups_fake_is_whole(fake, state->word, state->len))
		return;
	if (state->len > 0)
		optiups_fake_obey(fake, state->word);
	state->len = 0;
}

const struct line_fake_kind optiups_fake_kind = {
	.name = "optiups",
	.speed = 2400,
	.state_size = sizeof(struct optiups_fake),
	.receive = optiups_fake_receive,
};

LINE_FAKE(optiups_fake_kind);

const struct line_fake_kind optiups_zinto_fake_kind = {
	.name = "optiups-zinto",
	.speed = 2400,
	.state_size = sizeof(struct optiups_fake),
	.receive = optiups_fake_receive,
};

LINE_FAKE(optiups_zinto_fake_kind);
