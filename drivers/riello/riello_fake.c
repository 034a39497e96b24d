// SPDX-License-Identifier: MIT
/* The emulated Riello UPS. */
#include "riello/riello_fake.h"

#include <string.h>

static void riello_fake_send(struct line_fake *fake, const char command[2],
			     const uint8_t *data, size_t len, bool crc)
{
	uint8_t frame[7 + RIELLO_DATA_MAX + 5] = { RIELLO_START, RIELLO_UPS,
						   RIELLO_US };
	uint16_t check;

	memcpy(frame + 3, command, 2);
	frame[5] = (uint8_t)(0x30 + (len >> 4));
	frame[6] = (uint8_t)(0x30 + (len & 0xf));
	if (len > 0)
		memcpy(frame + 7, data, len);
	check = riello_check(frame + 1, 6 + len, crc);
	for (size_t i = 0; i < 4; i++)
		frame[7 + len + i] =
			(uint8_t)(0x30 + (check >> (12 - 4 * i) & 0xf));
	frame[11 + len] = RIELLO_END;
	line_fake_send(fake, frame, 12 + len);
}

/** One phase in, one phase out. */
static void riello_fake_send_id(struct line_fake *fake)
{
	const struct riello_fake *state = fake->state;
	uint8_t data[RIELLO_GI_LEN];

	memcpy(data, "MH46SU450067221 iDialog 1600    FW 01.02    100000010000",
	       sizeof(data));
	data[RIELLO_GI_CHECK] = state->crc ? '1' : '0';
	riello_fake_send(fake, "GI", data, sizeof(data), false);
}

static void riello_fake_send_status(struct line_fake *fake)
{
	const struct riello_fake *state = fake->state;
	uint8_t data[42];

	memset(data, '0', sizeof(data));
	data[0] = 0x38; /* the output is on */
	if (!fake->mains)
		data[0] |= RIELLO_ON_BATTERY;
	if (!fake->mains && fake->charge_pct < 10)
		data[0] |= RIELLO_BATTERY_LOW;
	riello_fake_send(fake, "RS", data, sizeof(data), state->crc);
}

static int riello_fake_number(const uint8_t *digits)
{
	int number = 0;

	for (int i = 0; i < 4; i++)
		number = number << 4 | (digits[i] & 0xf);
	return number;
}

/** Returns 0 or the character of a refusal. */
static char riello_fake_command(struct line_fake *fake, const char *command,
				const uint8_t *data, size_t len)
{
	const struct riello_fake *state = fake->state;

	if (!memcmp(command, "CD", 2)) {
		if (state->keeps_on)
			return '5';
		line_fake_cancel(fake);
		return 0;
	}
	if (memcmp(command, "CR", 2) != 0 && memcmp(command, "CS", 2) != 0)
		return '1';
	if (len != (command[1] == 'R' ? 8 : 4))
		return '3';
	if (state->refuses)
		return state->refuses;
	if (command[1] == 'R' && state->refuses_back)
		return state->refuses_back;
	if (state->is_jealous && line_fake_left_s(fake) >= 0)
		return '5';
	if (command[1] == 'R')
		line_fake_order(fake, riello_fake_number(data),
				LINE_FAKE_WITH_MAINS,
				60 * riello_fake_number(data + 4));
	else
		line_fake_order(fake, riello_fake_number(data),
				LINE_FAKE_STAYS_OFF, 0);
	return 0;
}

static void riello_fake_obey(struct line_fake *fake, size_t len)
{
	struct riello_fake *state = fake->state;
	const char *command = (const char *)state->frame + 3;
	char refusal[2] = { RIELLO_REFUSAL };

	if (!memcmp(command, "GI", 2)) {
		riello_fake_send_id(fake);
		return;
	}
	if (!memcmp(command, "RS", 2)) {
		riello_fake_send_status(fake);
		return;
	}
	refusal[1] = riello_fake_command(fake, command, state->frame + 7, len);
	riello_fake_send(fake, refusal[1] ? refusal : command, NULL, 0,
			 state->crc);
}

static void riello_fake_receive(struct line_fake *fake, uint8_t byte)
{
	struct riello_fake *state = fake->state;
	size_t len;
	bool crc;

	if (state->len == 0 && byte != RIELLO_START)
		return;
	if (state->echoes)
		line_fake_send(fake, &byte, 1);
	state->frame[state->len++] = byte;
	if (state->len < 7)
		return;
	len = (state->frame[5] & 0xfu) << 4 | (state->frame[6] & 0xfu);
	if (state->len < 12 + len)
		return;
	crc = state->crc && memcmp(state->frame + 3, "GI", 2) != 0;
	if (riello_check(state->frame + 1, 6 + len, crc) ==
	    riello_fake_number(state->frame + 7 + len))
		riello_fake_obey(fake, len);
	state->len = 0;
}

const struct line_fake_kind riello_fake_kind = {
	.name = "riello",
	.speed = 1200,
	.state_size = sizeof(struct riello_fake),
	.receive = riello_fake_receive,
};

LINE_FAKE(riello_fake_kind);
