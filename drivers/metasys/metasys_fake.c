// SPDX-License-Identifier: MIT
/* The emulated Meta System UPS: collects frames, answers each by itself. */
#include "metasys/metasys_fake.h"

#include <string.h>

#define METASYS_FAKE_NEVER UINT32_MAX

static void metasys_fake_answer(struct line_fake *fake, const uint8_t *data,
				size_t len)
{
	uint8_t frame[METASYS_FRAME_MAX];

	line_fake_send(fake, frame, metasys_build(frame, data, len));
}

static uint32_t metasys_fake_number(const uint8_t *from)
{
	return from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 |
	       (uint32_t)from[3] << 24;
}

static void metasys_fake_schedule(struct line_fake *fake, const uint8_t *data)
{
	const struct metasys_fake *state = fake->state;
	uint32_t off_s = metasys_fake_number(data + 1);
	uint32_t on_s = metasys_fake_number(data + 5);

	if (off_s == METASYS_FAKE_NEVER)
		line_fake_cancel(fake);
	else if (!state->forgets)
		line_fake_order(fake, state->rushes ? 0 : (int)off_s,
				on_s == METASYS_FAKE_NEVER
					? LINE_FAKE_STAYS_OFF
					: LINE_FAKE_WITH_MAINS,
				(int)on_s);
}

static void metasys_fake_tell_schedule(struct line_fake *fake)
{
	uint8_t data[9] = { METASYS_GET_SCHEDULING };
	uint32_t off_s = (uint32_t)line_fake_left_s(fake); /* -1: none */

	for (int i = 0; i < 4; i++) {
		data[1 + i] = (uint8_t)(off_s >> 8 * i);
		data[5 + i] = 0xff;
	}
	metasys_fake_answer(fake, data, sizeof(data));
}

static void metasys_fake_obey(struct line_fake *fake, const uint8_t *data,
			      size_t len)
{
	/* Model, two bytes, firmware 1.0, serial number. */
	static const uint8_t info[] = {
		METASYS_INFO, 1,   2,   0,   0,   1,   0,   '0', '1', '2',
		'3',          '4', '5', '6', '7', '8', '9', 'A', 'B'
	};
	static const uint8_t refusal[] = { 0x7f };
	struct metasys_fake *state = fake->state;
	uint8_t answer[METASYS_DATA_MAX];

	switch (data[0]) {
	case METASYS_INFO:
		metasys_fake_answer(fake, info, sizeof(info));
		return;
	case METASYS_STATUS:
		answer[0] = METASYS_STATUS;
		answer[1] = fake->mains ? 0 : fake->charge_pct < 10 ? 2 : 1;
		answer[2] = 0;
		answer[3] = 128 + 30;
		metasys_fake_answer(fake, answer, 4);
		return;
	case METASYS_GET_SCHEDULING:
		metasys_fake_tell_schedule(fake);
		return;
	case METASYS_GET_TIMES:
		answer[0] = METASYS_GET_TIMES;
		memcpy(answer + 1, state->times, sizeof(state->times));
		metasys_fake_answer(fake, answer, 1 + sizeof(state->times));
		return;
	case METASYS_SET_TIMES:
		if (len == 1 + sizeof(state->times))
			memcpy(state->times, data + 1, sizeof(state->times));
		break;
	case METASYS_SET_SCHEDULING:
		if (state->refuses) {
			metasys_fake_answer(fake, refusal, sizeof(refusal));
			return;
		}
		if (len == 9)
			metasys_fake_schedule(fake, data);
		break;
	default:
		return;
	}
	metasys_fake_answer(fake, data, len);
}

static void metasys_fake_receive(struct line_fake *fake, uint8_t byte)
{
	struct metasys_fake *state = fake->state;
	uint8_t sum = 0;

	if (state->len == 0 && byte != METASYS_START)
		return;
	state->frame[state->len++] = byte;
	if (state->len >= 2 && state->frame[1] < 2)
		state->len = 0;
	if (state->len < 2 || state->len < 2u + state->frame[1])
		return;
	for (size_t i = 1; i + 1 < state->len; i++)
		sum = (uint8_t)(sum + state->frame[i]);
	if (sum == state->frame[state->len - 1])
		metasys_fake_obey(fake, state->frame + 2, state->len - 3);
	state->len = 0;
}

const struct line_fake_kind metasys_fake_kind = {
	.name = "metasys",
	.speed = 2400,
	.state_size = sizeof(struct metasys_fake),
	.receive = metasys_fake_receive,
};

LINE_FAKE(metasys_fake_kind);
