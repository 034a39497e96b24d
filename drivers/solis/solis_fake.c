// SPDX-License-Identifier: MIT
/*
 * The emulated Solis: when asked to tell, it sends the end of a packet that
 * nobody saw begin, and a whole one.
 */
#include "solis/solis_fake.h"

#define SOLIS_FAKE_OFF_S 5 /* nobody wrote down how long it takes */

static void solis_fake_tell(struct line_fake *fake)
{
	struct solis_fake *state = fake->state;
	uint8_t packet[25] = { 0xad, 170, 120, 190, 30, 10, 150, 20, 0, 1, 2 };
	uint8_t sum = 0;

	if (fake->kind == &solis_apc_fake_kind)
		packet[0] = 190;
	packet[20] = 0x08; /* the output is on */
	if (!fake->mains)
		packet[20] |= 0x20;
	if (fake->charge_pct < 10)
		packet[20] |= 0x04;
	for (int i = 0; i < 23; i++)
		sum = (uint8_t)(sum + packet[i]);
	packet[23] = sum;
	packet[24] = 0xfe;
	if (state->damage > 0) {
		state->damage--;
		packet[23] ^= 0xff;
	}
	line_fake_send(fake, packet + 15, 10);
	line_fake_send(fake, packet, sizeof(packet));
}

static void solis_fake_receive(struct line_fake *fake, uint8_t byte)
{
	struct solis_fake *state = fake->state;
	bool asked = state->asked;

	state->asked = byte == 0xcc;
	if (byte == '\r' && asked)
		solis_fake_tell(fake);
	else if (byte == 0xdd)
		line_fake_order(fake, SOLIS_FAKE_OFF_S,
				fake->mains ? LINE_FAKE_STAYS_OFF
					    : LINE_FAKE_WITH_MAINS,
				0);
	else if (byte == 0xde)
		line_fake_order(fake, SOLIS_FAKE_OFF_S, LINE_FAKE_BY_CLOCK, 30);
}

const struct line_fake_kind solis_fake_kind = {
	.name = "solis",
	.speed = 9600,
	.state_size = sizeof(struct solis_fake),
	.receive = solis_fake_receive,
};

LINE_FAKE(solis_fake_kind);

const struct line_fake_kind solis_apc_fake_kind = {
	.name = "solis-apc",
	.speed = 9600,
	.state_size = sizeof(struct solis_fake),
	.receive = solis_fake_receive,
};

LINE_FAKE(solis_apc_fake_kind);
