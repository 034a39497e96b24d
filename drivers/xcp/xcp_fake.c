// SPDX-License-Identifier: MIT
/* The emulated XCP UPS: silent until authorised where that is asked for. */
#include "xcp/xcp_fake.h"

#include <string.h>

#include "base/clock.h"

#define XCP_FAKE_EARLIEST_MS 250
#define XCP_FAKE_LATEST_MS   16000
#define XCP_FAKE_FRAME_DATA  60

static void xcp_fake_send_frame(struct line_fake *fake, uint8_t block,
				uint8_t number, const uint8_t *data, size_t len)
{
	uint8_t frame[4 + XCP_DATA_MAX + 1] = { XCP_START, block, (uint8_t)len,
						number };
	uint8_t sum = 0;

	memcpy(frame + 4, data, len);
	for (size_t i = 0; i < 4 + len; i++)
		sum = (uint8_t)(sum + frame[i]);
	frame[4 + len] = (uint8_t)-sum;
	line_fake_send(fake, frame, 4 + len + 1);
}

/** Long blocks go in several frames. */
static void xcp_fake_send(struct line_fake *fake, uint8_t block,
			  const uint8_t *data, size_t len)
{
	for (uint8_t number = 1; len > 0; number++) {
		size_t part = len;

		if (part > XCP_FAKE_FRAME_DATA)
			part = XCP_FAKE_FRAME_DATA;
		xcp_fake_send_frame(fake, block,
				    len > part ? number
					       : (uint8_t)(number | 0x80),
				    data, part);
		data += part;
		len -= part;
	}
}

/** One processor, 1000 VA, one phase, a name, no meters and no alarms. */
static void xcp_fake_send_id(struct line_fake *fake)
{
	static const uint8_t id[100] = { 1,   0x10, 0x02, 1,   1,   0,   16,
					 'P', 'o',  'w',  'e', 'r', 'w', 'a',
					 'r', 'e',  ' ',  '5', '1', '1', '5',
					 ' ', ' ',  5,    1,   1 };

	xcp_fake_send(fake, XCP_BLOCK_ID, id, sizeof(id));
}

static void xcp_fake_send_status(struct line_fake *fake)
{
	const struct xcp_fake *state = fake->state;
	uint8_t block[XCP_STATUS_LEN] = { XCP_ON_LINE };
	int left_s = line_fake_left_s(fake);

	if (!fake->mains)
		block[XCP_STATUS_OVERALL] = XCP_ON_BATTERY;
	if (!fake->mains && fake->charge_pct < 10)
		block[XCP_STATUS_TOPOLOGY] = XCP_BATTERY_LOW;
	if (left_s > 0) {
		block[XCP_STATUS_OFF_S] = (uint8_t)left_s;
		block[XCP_STATUS_OFF_S + 1] = (uint8_t)(left_s >> 8);
	}
	xcp_fake_send(fake, XCP_BLOCK_STATUS, block,
		      state->is_old ? XCP_STATUS_OFF_S : sizeof(block));
}

static void xcp_fake_judge(struct line_fake *fake, uint8_t verdict,
			   const uint8_t *command, size_t len)
{
	const struct xcp_fake *state = fake->state;
	uint8_t block[1 + XCP_COMMAND_MAX] = { verdict };

	if (state->is_old || state->is_curt)
		return;
	memcpy(block + 1, command, len);
	xcp_fake_send(fake, XCP_BLOCK_CONTROL, block, 1 + len);
}

static uint8_t xcp_fake_schedule(struct line_fake *fake, uint8_t *command,
				 size_t len)
{
	struct xcp_fake *state = fake->state;
	int off_s = len > 1 ? command[1] : 0;
	uint8_t verdict = XCP_ACCEPTED;

	if (len < 2 || (state->is_short && len > 2))
		return XCP_UNRECOGNISED;
	if (len > 2)
		off_s |= command[2] << 8;
	if (len > 3)
		state->outlet = command[3];
	if (state->most_s && off_s > state->most_s) {
		off_s = state->most_s;
		command[1] = (uint8_t)off_s;
		command[2] = (uint8_t)(off_s >> 8);
		verdict = XCP_ADJUSTED;
	}
	/* A countdown can only be made longer. */
	if (!state->forgets && off_s > line_fake_left_s(fake))
		line_fake_order(fake, off_s, LINE_FAKE_WITH_MAINS, 0);
	return verdict;
}

static void xcp_fake_control(struct line_fake *fake, uint8_t *command,
			     size_t len)
{
	struct xcp_fake *state = fake->state;
	int64_t since_ms = clock_now_ms() - state->authorised_ms;
	bool authorised = state->authorised_ms &&
			  since_ms >= XCP_FAKE_EARLIEST_MS &&
			  since_ms < XCP_FAKE_LATEST_MS;
	uint8_t verdict = XCP_NOT_IMPLEMENTED;

	state->authorised_ms = 0;
	if (!authorised)
		return;
	if (state->busy > 0) {
		state->busy--;
		verdict = XCP_BUSY;
	} else if (state->verdict) {
		verdict = state->verdict;
	} else if (command[0] == XCP_LOAD_OFF_RESTART) {
		verdict = xcp_fake_schedule(fake, command, len);
	} else if (command[0] == XCP_LOAD_OFF) {
		/* Its electronics live on for a moment. */
		line_fake_order(fake, 1, LINE_FAKE_STAYS_OFF, 0);
		verdict = XCP_ACCEPTED;
	}
	xcp_fake_judge(fake, verdict, command, len);
}

static void xcp_fake_obey(struct line_fake *fake, uint8_t *command, size_t len)
{
	static const uint8_t key[] = { XCP_AUTHORISE, 0x69, 0xe8, 0xd5 };
	static const uint8_t nothing[100];
	struct xcp_fake *state = fake->state;

	if (len == sizeof(key) && !memcmp(command, key, len))
		state->authorised_ms = clock_now_ms();
	else if (command[0] == XCP_GET_STATUS)
		xcp_fake_send_status(fake);
	else if (command[0] == XCP_GET_ID || command[0] == XCP_REQUESTS_ONLY)
		xcp_fake_send_id(fake);
	else if (command[0] < 0x50) /* measurements and limits: none */
		xcp_fake_send(fake, (uint8_t)(command[0] - 0x30), nothing,
			      sizeof(nothing));
	else
		xcp_fake_control(fake, command, len);
}

static void xcp_fake_receive(struct line_fake *fake, uint8_t byte)
{
	struct xcp_fake *state = fake->state;
	uint8_t sum = 0;

	if (state->len == 0 && byte != XCP_START)
		return;
	state->frame[state->len++] = byte;
	if (state->len >= 2 &&
	    (state->frame[1] == 0 || state->frame[1] > XCP_COMMAND_MAX))
		state->len = 0;
	if (state->len < 2 || state->len < 3u + state->frame[1])
		return;
	for (size_t i = 0; i < state->len; i++)
		sum = (uint8_t)(sum + state->frame[i]);
	if (sum == 0)
		xcp_fake_obey(fake, state->frame + 2, state->len - 3);
	state->len = 0;
}

const struct line_fake_kind xcp_fake_kind = {
	.name = "xcp",
	.speed = 9600,
	.state_size = sizeof(struct xcp_fake),
	.receive = xcp_fake_receive,
};

LINE_FAKE(xcp_fake_kind);
