// SPDX-License-Identifier: MIT
/* The emulated Microdowell UPS. */
#include "microdowell/microdowell_fake.h"

#include <string.h>

static void microdowell_fake_answer(struct line_fake *fake, const uint8_t *data,
				    uint8_t len)
{
	uint8_t frame[40] = { 0x5b, len }, check = len;

	memcpy(frame + 2, data, len);
	for (int i = 0; i < len; i++)
		check ^= data[i];
	frame[2 + len] = check;
	line_fake_send(fake, frame, 3u + len);
}

static void microdowell_fake_shut_down(struct line_fake *fake,
				       const uint8_t *data)
{
	int off_s = data[3] << 8 | data[4];
	int on_s = data[5] << 16 | data[6] << 8 | data[7];

	if (data[2] == 0x04)
		line_fake_order(fake, 1, LINE_FAKE_STAYS_OFF, 0);
	else
		line_fake_order(
			fake, off_s,
			on_s ? LINE_FAKE_WITH_MAINS : LINE_FAKE_STAYS_OFF, on_s);
}

static void microdowell_fake_obey(struct line_fake *fake, const uint8_t *data,
				  uint8_t len)
{
	static const uint8_t refusal[] = { 0x15, 0x11 };
	struct microdowell_fake *state = fake->state;
	uint8_t answer[11] = { data[0] };

	if (state->deaf > 0) {
		state->deaf--;
		return;
	}
	switch (data[0]) {
	case 0x00: /* status */
		answer[1] = fake->mains ? 0x18 : 0x01;
		if (fake->charge_pct < 10)
			answer[1] |= 0x02;
		microdowell_fake_answer(fake, answer, 10);
		return;
	case 0x40:
		if (state->refuses || len != 8)
			break;
		microdowell_fake_shut_down(fake, data);
		microdowell_fake_answer(fake, data, len);
		return;
	case 0x20: /* its clock, and a block of its memory: for NUT */
	case 0x50:
		memcpy(answer + 1, data + 1, 2);
		memcpy(answer + 3, "ENT10   ", 8);
		microdowell_fake_answer(fake, answer, sizeof(answer));
		return;
	default:
		break;
	}
	microdowell_fake_answer(fake, refusal, sizeof(refusal));
}

static void microdowell_fake_receive(struct line_fake *fake, uint8_t byte)
{
	struct microdowell_fake *state = fake->state;
	uint8_t check = 0;

	if (state->len == 0 && byte != 0x5b)
		return;
	state->frame[state->len++] = byte;
	if (state->len == 2 && (byte == 0 || byte > 31))
		state->len = 0;
	if (state->len < 2 || state->len < 3u + state->frame[1])
		return;
	for (size_t i = 1; i < state->len; i++)
		check ^= state->frame[i];
	if (check == 0)
		microdowell_fake_obey(fake, state->frame + 2, state->frame[1]);
	state->len = 0;
}

const struct line_fake_kind microdowell_fake_kind = {
	.name = "microdowell",
	.speed = 19200,
	.state_size = sizeof(struct microdowell_fake),
	.receive = microdowell_fake_receive,
};

LINE_FAKE(microdowell_fake_kind);
