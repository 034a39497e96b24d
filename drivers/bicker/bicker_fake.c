// SPDX-License-Identifier: MIT
/* The emulated Bicker UPSes. */
#include "bicker/bicker_fake.h"

#include <string.h>

static void bicker_fake_answer(struct line_fake *fake, uint8_t group,
			       uint8_t command, const uint8_t *data, uint8_t len)
{
	uint8_t frame[16] = { 0x01, (uint8_t)(3 + len), group, command };

	if (len > 0)
		memcpy(frame + 4, data, len);
	frame[4 + len] = 0x04;
	line_fake_send(fake, frame, 5u + len);
}

static void bicker_fake_tell(struct line_fake *fake)
{
	const struct bicker_fake *state = fake->state;
	uint8_t flags = 0x08;

	flags |= fake->mains ? 0x05 : 0x02;
	if (line_fake_left_s(fake) >= 0 && !state->hides)
		flags |= 0x10;
	bicker_fake_answer(fake, 0x01, 0x40, &flags, 1);
}

static void bicker_fake_tell_charger(struct line_fake *fake)
{
	uint8_t charger[2] = { 0x01, 0x00 };

	if (!fake->mains)
		charger[1] = 0x08;
	if (fake->charge_pct >= 10)
		charger[0] |= 0x20;
	bicker_fake_answer(fake, 0x03, 0x1b, charger, 2);
}

static void bicker_fake_obey(struct line_fake *fake)
{
	static const uint8_t told = 0xe0;
	struct bicker_fake *state = fake->state;
	int command = state->frame[2] << 8 | state->frame[3];
	bool is_old = fake->kind == &bicker_upsic_fake_kind;

	if (command == 0x0140 && !is_old) {
		bicker_fake_tell(fake);
	} else if (command == 0x031b && is_old) {
		bicker_fake_tell_charger(fake);
	} else if (command == 0x0332 && !state->refuses && state->frame[1] == 4) {
		line_fake_order(fake, state->frame[4], LINE_FAKE_WITH_MAINS, 0);
		bicker_fake_answer(fake, 0x03, 0x32, &told, 1);
	} else {
		bicker_fake_answer(fake, 0xee, 0x07, NULL, 0);
	}
}

static void bicker_fake_receive(struct line_fake *fake, uint8_t byte)
{
	struct bicker_fake *state = fake->state;

	if (state->len == 0 && byte != 0x01)
		return;
	state->frame[state->len++] = byte;
	if (state->len == 2 && byte < 3)
		state->len = 0;
	if (state->len < 2 || state->len < 2u + state->frame[1])
		return;
	/* The end is the byte after what the length counts. */
	if (byte == 0x04)
		bicker_fake_obey(fake);
	state->len = 0;
}

const struct line_fake_kind bicker_fake_kind = {
	.name = "bicker",
	.speed = 38400,
	.state_size = sizeof(struct bicker_fake),
	.receive = bicker_fake_receive,
};

LINE_FAKE(bicker_fake_kind);

const struct line_fake_kind bicker_upsic_fake_kind = {
	.name = "bicker-upsic",
	.speed = 38400,
	.state_size = sizeof(struct bicker_fake),
	.receive = bicker_fake_receive,
};

LINE_FAKE(bicker_upsic_fake_kind);
