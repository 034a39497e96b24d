// SPDX-License-Identifier: MIT
/* The emulated UPSes that speak all the time. */
#include <string.h>

#include "chat/chat_fake.h"

/* For so long they have something to say. */
#define TALKERS_FAKE_MS 40000

static bool talkers_fake_is_low(const struct line_fake *fake)
{
	return !fake->mains && fake->charge_pct < 10;
}

/**
 * Say @bytes every @pause_ms, instead of what was to be said. First comes a
 * pause: NUT's driver for a Rhino that is opened amid a frame never gets in step.
 */
static void talkers_fake_talk(struct line_fake *fake, const void *bytes,
			      size_t len, int pause_ms)
{
	fake->waiting = 0;
	fake->sent_until_ms = 0;
	for (int ms = pause_ms; ms < TALKERS_FAKE_MS; ms += pause_ms)
		line_fake_send_after(fake, ms, bytes, len);
}

/* Three words, 75 ms apart. */
static void sitop_fake_feel(struct line_fake *fake)
{
	char text[] = "DC_OK*****BUFRD";

	if (!fake->mains)
		memcpy(text, "DC_LO*BAT*", 10);
	if (talkers_fake_is_low(fake))
		memcpy(text + 10, "ALARM", 5);
	talkers_fake_talk(fake, text, 15, 225);
}

/* A letter counts at the newline after it. */
static void sitop_fake_receive(struct line_fake *fake, uint8_t byte)
{
	struct chat_fake *state = fake->state;

	if (byte == '\n' && state->len == 1 && state->line[0] == 'R')
		line_fake_order(fake, 10, LINE_FAKE_WITH_MAINS, 0);
	else if (byte == '\n' && state->len == 1 && state->line[0] == 'S')
		line_fake_order(fake, 10, LINE_FAKE_STAYS_OFF, 0);
	state->len = byte != '\n';
	state->line[0] = (char)byte;
}

static void rhino_fake_feel(struct line_fake *fake)
{
	uint8_t frame[37] = { 0xc1, 0, 220, 3 };

	frame[20] = 150;
	frame[33] = 0x06;
	frame[34] = talkers_fake_is_low(fake) ? 0x40 : 0;
	frame[35] = fake->mains ? 0 : 0x02;
	for (size_t i = 0; i < 36; i++)
		frame[36] = (uint8_t)(frame[36] + frame[i]);
	talkers_fake_talk(fake, frame, sizeof(frame), 500);
}

/* 01, a command, 16 bytes, complement of the sum without the 01. */
static void rhino_fake_receive(struct line_fake *fake, uint8_t byte)
{
	struct chat_fake *state = fake->state;
	uint8_t sum = 0;

	if (state->len == 0 && byte != 0x01)
		return;
	state->line[state->len++] = (char)byte;
	if (state->len < 19)
		return;
	for (size_t i = 1; i < 18; i++)
		sum = (uint8_t)(sum + (uint8_t)state->line[i]);
	state->len = 0;
	if (sum + byte == 0xff && state->line[1] == 4)
		line_fake_order(fake, 0, LINE_FAKE_STAYS_OFF, 0);
}

static void isbmex_fake_feel(struct line_fake *fake)
{
	uint8_t packet[] = "***\xb0\xc8\x41\x1a"
			   "00";

	packet[8] = talkers_fake_is_low(fake) ? '2' : fake->mains ? '0' : '1';
	talkers_fake_talk(fake, packet, 9, 1000);
}

/* Six in a row, and only on battery. */
static void isbmex_fake_receive(struct line_fake *fake, uint8_t byte)
{
	struct chat_fake *state = fake->state;

	state->len = byte == '#' ? state->len + 1 : 0;
	if (state->len >= 6 && !fake->mains)
		line_fake_order(fake, 0, LINE_FAKE_STAYS_OFF, 0);
}

#define TALKERS_FAKE(id, called, baud)                  \
	const struct line_fake_kind chat_fake_##id = {  \
		.name = called,                         \
		.speed = baud,                          \
		.state_size = sizeof(struct chat_fake), \
		.start = id##_fake_feel,                \
		.feel = id##_fake_feel,                 \
		.receive = id##_fake_receive,           \
	}

TALKERS_FAKE(sitop, "nutdrv_siemens_sitop", 9600);
TALKERS_FAKE(rhino, "rhino", 19200);
TALKERS_FAKE(isbmex, "isbmex", 9600);

LINE_FAKE(chat_fake_sitop);
LINE_FAKE(chat_fake_rhino);
LINE_FAKE(chat_fake_isbmex);
