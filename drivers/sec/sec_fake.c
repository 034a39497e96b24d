// SPDX-License-Identifier: MIT
/* The emulated SEC UPS: collects messages, answers each by itself. */
#include "sec/sec_fake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEC_FAKE_ALARMS 15

struct sec_fake_text {
	const char *command, *text;
};

/** How a relative frames, and what it calls things. */
struct sec_fake_dialect {
	const char *head, *accepts, *refuses;
	char comma;
	const char *alarms, *battery, *restart, *type, *back, *off;
	struct sec_fake_text texts[12];
};

static const struct sec_fake_dialect sec_fake_sec = {
	.head = "^",
	.accepts = "^1",
	.refuses = "^0",
	.comma = ',',
	.alarms = "ST5",
	.battery = "ST1",
	.restart = "ATR",
	.type = "SDA",
	.back = "",
	.off = "PSD",
	.texts = { { "MAN", "Gamatronic" },
		   { "MOD", "MS-T" },
		   { "AP1", "6,10,22" },
		   { "AP2", "55,56,76" },
		   { "ST3", "0,500,1" } },
};

static const struct sec_fake_dialect sec_fake_regulator = {
	.head = "~00",
	.accepts = "~00A",
	.refuses = "~00R000",
	.comma = ';',
	.alarms = "STA",
	.battery = "STB",
	.restart = "",
	.type = "SDT",
	.back = "SDR",
	.off = "SDA",
	.texts = { { "MNU", "BELKIN" },
		   { "MOD", "F6C525-SER" },
		   { "VER", "004" },
		   { "RAT", "120;600;120;600;525;315;;85;145;90;80;150;140;1" },
		   { "STO", "2;600;1;1234;;;016" },
		   { "STI", "1;600;1245" } },
};

static const struct sec_fake_dialect sec_fake_smartonline = {
	.head = "~00",
	.accepts = "~00A",
	.refuses = "~00R",
	.comma = ';',
	.alarms = "STA",
	.battery = "STB",
	.restart = "ARB",
	.type = "",
	.back = "SDR",
	.off = "SDA",
	.texts = { { "MNU", "Tripp Lite" },
		   { "MOD", "SU1000RT2U" },
		   { "VER", "1.0" },
		   { "AVL", "111111111111111111" },
		   { "STO", "0;600;1;1200;;;016" },
		   { "STI", "1;600;1200" } },
};

static void sec_fake_tell(struct line_fake *fake, const char *text)
{
	const struct sec_fake *state = fake->state;
	char message[128];

	(void)snprintf(message, sizeof(message), "%sD%03zu%s",
		       state->dialect->head, strlen(text), text);
	line_fake_say(fake, message);
}

static void sec_fake_tell_alarms(struct line_fake *fake)
{
	const struct sec_fake *state = fake->state;
	char text[2 * SEC_FAKE_ALARMS];

	for (int i = 0; i < SEC_FAKE_ALARMS; i++) {
		text[2 * i] = '0';
		text[2 * i + 1] = state->dialect->comma;
	}
	text[2 * SEC_FAKE_ALARMS - 1] = '\0';
	text[2 * 1] = fake->mains ? '0' : '1';
	text[2 * 13] = line_fake_left_s(fake) >= 0 ? '1' : '0';
	sec_fake_tell(fake, text);
}

static void sec_fake_poll(struct line_fake *fake, const char *command)
{
	const struct sec_fake *state = fake->state;
	const struct sec_fake_dialect *dialect = state->dialect;
	char text[16] = "";

	if (!strcmp(command, dialect->alarms) && !state->hides) {
		sec_fake_tell_alarms(fake);
		return;
	}
	if (!strcmp(command, dialect->battery))
		(void)snprintf(text, sizeof(text), "0%c%d%c3", dialect->comma,
			       fake->charge_pct < 10, dialect->comma);
	else if (!strcmp(command, dialect->restart))
		(void)snprintf(text, sizeof(text), "%c", state->restart);
	for (int i = 0; dialect->texts[i].command && !text[0]; i++) {
		if (!strcmp(command, dialect->texts[i].command)) {
			sec_fake_tell(fake, dialect->texts[i].text);
			return;
		}
	}
	if (text[0])
		sec_fake_tell(fake, text);
	else
		line_fake_say(fake, dialect->refuses);
}

static void sec_fake_count(struct line_fake *fake, int off_s)
{
	const struct sec_fake *state = fake->state;
	bool returns = state->dialect->back[0] ? state->back_s > 0
					       : state->restart == '1';
	/* Its own 0 cancels where a minus is not known. */
	bool cancels = off_s < 0 || (off_s == 0 && state->dialect->back[0]);

	if (cancels && !state->keeps_on)
		line_fake_cancel(fake);
	else if (!cancels && !state->forgets)
		line_fake_order(fake, state->rushes ? 0 : off_s,
				returns ? LINE_FAKE_WITH_MAINS
					: LINE_FAKE_STAYS_OFF,
				state->back_s);
}

static void sec_fake_set(struct line_fake *fake, const char *command)
{
	struct sec_fake *state = fake->state;
	const struct sec_fake_dialect *dialect = state->dialect;
	const char *value = command + 3;

	if (state->refuses && !strncmp(command, state->refuses, 3)) {
		line_fake_say(fake, dialect->refuses);
		return;
	}
	line_fake_say(fake, dialect->accepts);
	if (dialect->restart[0] && !strncmp(command, dialect->restart, 3))
		state->restart = *value;
	else if (dialect->type[0] && !strncmp(command, dialect->type, 3))
		state->type = *value;
	else if (dialect->back[0] && !strncmp(command, dialect->back, 3))
		state->back_s = 60 * atoi(value);
	else if (!strncmp(command, dialect->off, 3))
		sec_fake_count(fake, atoi(value));
}

static void sec_fake_receive(struct line_fake *fake, uint8_t byte)
{
	struct sec_fake *state = fake->state;
	size_t head = strlen(state->dialect->head);
	const char *command = state->message + head + 4;
	char digits[4] = "";

	if (state->len + 1 >= sizeof(state->message))
		state->len = 0;
	if (state->len < head &&
	    byte != (uint8_t)state->dialect->head[state->len])
		state->len = 0;
	if (state->len == 0 && byte != (uint8_t)state->dialect->head[0])
		return;
	state->message[state->len++] = (char)byte;
	state->message[state->len] = '\0';
	if (state->len < head + 4)
		return;
	memcpy(digits, state->message + head + 1, 3);
	if (state->len < head + 4 + (size_t)atoi(digits))
		return;
	state->len = 0;
	if (state->message[head] == 'P')
		sec_fake_poll(fake, command);
	else if (strlen(command) >= 3)
		sec_fake_set(fake, command);
}

static void sec_fake_start(struct line_fake *fake,
			   const struct sec_fake_dialect *dialect)
{
	struct sec_fake *state = fake->state;

	state->dialect = dialect;
	state->restart = '2';
}

static void sec_fake_start_sec(struct line_fake *fake)
{
	sec_fake_start(fake, &sec_fake_sec);
}

static void sec_fake_start_regulator(struct line_fake *fake)
{
	sec_fake_start(fake, &sec_fake_regulator);
}

static void sec_fake_start_smartonline(struct line_fake *fake)
{
	sec_fake_start(fake, &sec_fake_smartonline);
}

const struct line_fake_kind sec_fake_gamatronic = {
	.name = "gamatronic",
	.speed = 2400,
	.state_size = sizeof(struct sec_fake),
	.start = sec_fake_start_sec,
	.receive = sec_fake_receive,
};

const struct line_fake_kind sec_fake_belkin = {
	.name = "belkin",
	.speed = 2400,
	.state_size = sizeof(struct sec_fake),
	.start = sec_fake_start_regulator,
	.receive = sec_fake_receive,
};

const struct line_fake_kind sec_fake_tripplitesu = {
	.name = "tripplitesu",
	.speed = 2400,
	.state_size = sizeof(struct sec_fake),
	.start = sec_fake_start_smartonline,
	.receive = sec_fake_receive,
};

LINE_FAKE(sec_fake_gamatronic);
LINE_FAKE(sec_fake_belkin);
LINE_FAKE(sec_fake_tripplitesu);
