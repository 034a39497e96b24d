// SPDX-License-Identifier: MIT
/* The emulated Universal UPS. It is dumb until DTR falls and RTS rises. */
#include "belkinunv/belkinunv_fake.h"

#include "link/serial_line.h"

static void belkinunv_fake_answer(struct line_fake *fake, uint8_t what,
				  uint8_t number, int value)
{
	uint8_t bytes[7] = {
		BELKINUNV_START, what,           3,
		number,          (uint8_t)value, (uint8_t)(value >> 8)
	};

	for (int i = 0; i < 6; i++)
		bytes[6] = (uint8_t)(bytes[6] + bytes[i]);
	line_fake_send(fake, bytes, sizeof(bytes));
}

static void belkinunv_fake_refuse(struct line_fake *fake, uint8_t number)
{
	uint8_t bytes[6] = { BELKINUNV_START, BELKINUNV_ERROR, 2, number };

	for (int i = 0; i < 5; i++)
		bytes[5] = (uint8_t)(bytes[5] + bytes[i]);
	line_fake_send(fake, bytes, sizeof(bytes));
}

static void belkinunv_fake_tell(struct line_fake *fake, uint8_t number)
{
	const struct belkinunv_fake *state = fake->state;
	int left_s = line_fake_left_s(fake), value = 0;

	switch (number) {
	case BELKINUNV_OFF_S:
		value = left_s > 0 && !state->hides ? left_s : 0;
		break;
	case BELKINUNV_ON_MINUTES:
		value = state->on_minutes;
		break;
	case BELKINUNV_STATE:
		value = fake->mains ? 0 : 0x0001;
		break;
	case BELKINUNV_BATTERY:
		value = fake->charge_pct < 10 ? 0x24 : 0x20;
		break;
	default:
		break;
	}
	belkinunv_fake_answer(fake, BELKINUNV_VALUE, number, value);
}

static void belkinunv_fake_obey(struct line_fake *fake)
{
	struct belkinunv_fake *state = fake->state;
	uint8_t what = state->frame[1], number = state->frame[3];
	int value = state->frame[4] | state->frame[5] << 8;

	if (number == state->refuses) {
		belkinunv_fake_refuse(fake, number);
		return;
	}
	if (what == BELKINUNV_READ) {
		belkinunv_fake_tell(fake, number);
		return;
	}
	if (what != BELKINUNV_WRITE || state->frame[2] != 3)
		return;
	if (number == BELKINUNV_ON_MINUTES)
		state->on_minutes = value;
	if (number == BELKINUNV_OFF_S)
		line_fake_order(fake, value,
				state->on_minutes ? LINE_FAKE_BY_CLOCK
						  : LINE_FAKE_STAYS_OFF,
				60 * state->on_minutes);
	belkinunv_fake_answer(fake, BELKINUNV_WRITTEN, number, value);
}

static void belkinunv_fake_receive(struct line_fake *fake, uint8_t byte)
{
	struct belkinunv_fake *state = fake->state;
	uint8_t sum = 0;

	if (state->lines & SERIAL_DTR ||
	    (state->len == 0 && byte != BELKINUNV_START))
		return;
	state->frame[state->len++] = byte;
	if (state->len == 3 && (byte == 0 || byte > 1 + BELKINUNV_DATA_MAX))
		state->len = 0;
	if (state->len < 3 || state->len < 4u + state->frame[2])
		return;
	for (size_t i = 0; i + 1 < state->len; i++)
		sum = (uint8_t)(sum + state->frame[i]);
	if (sum == state->frame[state->len - 1])
		belkinunv_fake_obey(fake);
	state->len = 0;
}

static void belkinunv_fake_set_lines(struct line_fake *fake, unsigned int lines,
				     bool is_break)
{
	struct belkinunv_fake *state = fake->state;

	(void)is_break;
	state->lines = lines;
}

const struct line_fake_kind belkinunv_fake_kind = {
	.name = "belkinunv",
	.speed = 2400,
	.state_size = sizeof(struct belkinunv_fake),
	.receive = belkinunv_fake_receive,
	.set_lines = belkinunv_fake_set_lines,
};

LINE_FAKE(belkinunv_fake_kind);
