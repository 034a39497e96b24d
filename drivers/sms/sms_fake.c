// SPDX-License-Identifier: MIT
/* The emulated SMS UPS, a line-interactive one: it counts in 0.6 s. */
#include "sms/sms_fake.h"

static void sms_fake_tell(struct line_fake *fake)
{
	const struct sms_fake *state = fake->state;
	uint8_t bytes[18] = { '=',  0x00, 0x5a, 0x46, 0xa0, 0x02, 0x58, 0x2f,
			      0xff, 0x02, 0x58, 0x03, 0xe8, 0x01, 0x2c };

	bytes[15] = 0x09;
	if (!fake->mains)
		bytes[15] |= 0x80;
	if (fake->charge_pct < 10)
		bytes[15] |= 0x40;
	if (line_fake_left_s(fake) >= 0 && !state->hides)
		bytes[15] |= 0x02;
	for (int i = 0; i < 16; i++)
		bytes[16] = (uint8_t)(bytes[16] - bytes[i]);
	bytes[17] = '\r';
	line_fake_send(fake, bytes, sizeof(bytes));
}

static void sms_fake_obey(struct line_fake *fake, const uint8_t *frame)
{
	int off_s = (frame[1] << 8 | frame[2]) * 6 / 10;

	switch (frame[0]) {
	case 'Q':
		sms_fake_tell(fake);
		break;
	case 'C':
		line_fake_cancel(fake);
		break;
	case 'R':
		line_fake_order(fake, off_s, LINE_FAKE_WITH_MAINS,
				frame[3] << 8 | frame[4]);
		break;
	case 'S':
		line_fake_order(fake, off_s, LINE_FAKE_STAYS_OFF, 0);
		break;
	default:
		break;
	}
}

/* A CR may be a parameter, too: only the seventh byte ends a frame. */
static void sms_fake_receive(struct line_fake *fake, uint8_t byte)
{
	struct sms_fake *state = fake->state;
	uint8_t sum = 0;

	state->frame[state->len++] = byte;
	if (state->len < sizeof(state->frame))
		return;
	for (int i = 0; i < 6; i++)
		sum = (uint8_t)(sum + state->frame[i]);
	if (sum == 0 && byte == '\r') {
		sms_fake_obey(fake, state->frame);
		state->len = 0;
		return;
	}
	for (size_t i = 1; i < state->len; i++)
		state->frame[i - 1] = state->frame[i];
	state->len--;
}

const struct line_fake_kind sms_fake_kind = {
	.name = "sms",
	.speed = 2400,
	.state_size = sizeof(struct sms_fake),
	.receive = sms_fake_receive,
};

LINE_FAKE(sms_fake_kind);
