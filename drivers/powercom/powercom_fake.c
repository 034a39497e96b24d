// SPDX-License-Identifier: MIT
/* The emulated Powercom UPSes: collect bytes until a command is whole. */
#include "powercom/powercom_fake.h"

static bool powercom_fake_is_bnt(const struct line_fake *fake)
{
	return fake->kind == &powercom_bnt_fake_kind;
}

static void powercom_fake_tell(struct line_fake *fake)
{
	const struct powercom_fake *state = fake->state;
	uint8_t status[16] = { 10, 190, 120, 120, 96, 0, 96 };

	status[9] = fake->mains ? 0 : 1;
	if (fake->charge_pct < 10)
		status[9] |= 2;
	if (state->shows && line_fake_left_s(fake) >= 0)
		status[10] = 0x10;
	status[11] = 'B';
	status[12] = 0x78;
	line_fake_send(fake, status, powercom_fake_is_bnt(fake) ? 16 : 11);
}

static void powercom_fake_receive(struct line_fake *fake, uint8_t byte)
{
	struct powercom_fake *state = fake->state;
	bool has_minutes = powercom_fake_is_bnt(fake);
	size_t head;

	if (state->len == 0 && byte == 0x01) {
		powercom_fake_tell(fake);
		return;
	}
	if (state->len == 0 && byte != 0xb9 && byte != 0xba)
		return;
	state->command[state->len++] = byte;
	if (state->len == 2 && state->command[0] == 0xb9 && byte != 0xbc)
		state->len = 0;
	head = state->command[0] == 0xb9 ? 2 : 1;
	if (state->len < head + (has_minutes ? 2 : 1))
		return;
	line_fake_order(
		fake, byte + (has_minutes ? 60 * state->command[head] : 0),
		head == 2 ? LINE_FAKE_WITH_MAINS : LINE_FAKE_STAYS_OFF, 0);
	state->len = 0;
}

static void powercom_fake_set_lines(struct line_fake *fake, unsigned int lines,
				    bool is_break)
{
	struct powercom_fake *state = fake->state;

	(void)is_break;
	state->lines = lines;
}

const struct line_fake_kind powercom_trust_fake_kind = {
	.name = "powercom-trust",
	.speed = 1200,
	.state_size = sizeof(struct powercom_fake),
	.receive = powercom_fake_receive,
	.set_lines = powercom_fake_set_lines,
};

LINE_FAKE(powercom_trust_fake_kind);

const struct line_fake_kind powercom_bnt_fake_kind = {
	.name = "powercom-bnt",
	.speed = 1200,
	.state_size = sizeof(struct powercom_fake),
	.receive = powercom_fake_receive,
	.set_lines = powercom_fake_set_lines,
};

LINE_FAKE(powercom_bnt_fake_kind);
