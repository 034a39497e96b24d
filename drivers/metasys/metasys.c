// SPDX-License-Identifier: MIT
/*
 * Meta System and Legrand on a serial line, NUT's metasys: two frames order
 * the cut, and a third one reads the countdown back.
 */
#include "metasys/metasys.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "link/serial.h"

#define METASYS_ANSWER_MS 1000
#define METASYS_TRIES     3
/* What NUT's driver does, and nobody can set. A restart time of 0 is known to
 * fail with some firmware. */
#define METASYS_OFF_S     150
#define METASYS_ON_S      1
#define METASYS_NEVER     UINT32_MAX
/* So many zeros end whatever frame it believes to be in. */
#define METASYS_ZEROS     100

struct metasys_state {
	struct serial_link serial;
	bool knows_times;
	uint8_t times[5]; /* the last one: restart with the mains */
};

static const struct serial_settings metasys_settings = {
	.speed = 2400,
	.lines = SERIAL_DTR | SERIAL_RTS,
};

size_t metasys_build(uint8_t frame[METASYS_FRAME_MAX], const uint8_t *data,
		     size_t len)
{
	uint8_t sum = (uint8_t)(len + 1);

	frame[0] = METASYS_START;
	frame[1] = sum;
	for (size_t i = 0; i < len; i++) {
		frame[2 + i] = data[i];
		sum = (uint8_t)(sum + data[i]);
	}
	frame[2 + len] = sum;
	return len + 3;
}

/**
 * Read the next sound frame; what is in front of it is skipped. Returns the
 * bytes in it, -EPROTO for a bad sum, or the link's error.
 */
static int metasys_read(struct byte_link *link, uint8_t data[METASYS_DATA_MAX],
			deadline_t until)
{
	uint8_t byte = 0, sum, frame_sum = 0;
	int ret;

	do {
		ret = bytes_read(link, &byte, 1, until);
	} while (ret == 0 && byte != METASYS_START);
	if (ret == 0)
		ret = bytes_read(link, &byte, 1, until);
	if (ret < 0)
		return ret;
	if (byte < 2)
		return -EPROTO;
	sum = byte;
	ret = bytes_read(link, data, byte - 1u, until);
	if (ret == 0)
		ret = bytes_read(link, &frame_sum, 1, until);
	if (ret < 0)
		return ret;
	for (int i = 0; i < byte - 1; i++)
		sum = (uint8_t)(sum + data[i]);
	return sum == frame_sum ? byte - 1 : -EPROTO;
}

/**
 * Send a command, and read its answer to @answer, at least @least bytes.
 * Repeated when the line spoils it. Stores no sentence.
 */
static int metasys_ask(struct metasys_state *state, const uint8_t *data,
		       size_t len, uint8_t answer[METASYS_DATA_MAX], int least,
		       deadline_t until)
{
	struct byte_link *link = &state->serial.link;
	uint8_t frame[METASYS_FRAME_MAX];
	size_t frame_len = metasys_build(frame, data, len);
	int ret = -ETIMEDOUT;

	for (int i = 0; i < METASYS_TRIES && !deadline_passed(until); i++) {
		answer[0] = (uint8_t)~data[0]; /* none yet */
		link->ops->drain(link);
		ret = link->ops->write(link, frame, frame_len, until);
		if (ret == 0)
			ret = metasys_read(
				link, answer,
				deadline_earlier(
					until,
					deadline_in_ms(METASYS_ANSWER_MS)));
		if (ret >= least && answer[0] == data[0])
			return ret;
		if (ret >= 0)
			ret = -EPROTO;
		if (ret == -ENODEV)
			break;
	}
	return ret;
}

static int metasys_query(struct metasys_state *state, uint8_t command,
			 uint8_t answer[METASYS_DATA_MAX], int least,
			 deadline_t until)
{
	return metasys_ask(state, &command, 1, answer, least, until);
}

static void metasys_close(struct ups *ups)
{
	struct metasys_state *state = ups->state;

	bytes_close(&state->serial.link);
}

static int metasys_open(struct ups *ups, deadline_t until)
{
	static const uint8_t zeros[METASYS_ZEROS];
	struct metasys_state *state = ups->state;
	struct byte_link *link = &state->serial.link;
	uint8_t answer[METASYS_DATA_MAX];
	int ret = serial_open(&state->serial, ups, &metasys_settings, until);

	if (ret < 0)
		return ret;
	ret = link->ops->write(link, zeros, sizeof(zeros), until);
	if (ret == 0)
		ret = metasys_query(state, METASYS_INFO, answer, 3, until);
	if (ret < 0) {
		metasys_close(ups);
		return bytes_fail(ups, ret);
	}
	state->knows_times =
		metasys_query(state, METASYS_GET_TIMES, answer,
			      1 + (int)sizeof(state->times), until) > 0;
	if (state->knows_times)
		memcpy(state->times, answer + 1, sizeof(state->times));
	return 0;
}

static void metasys_put(uint8_t *to, uint32_t number)
{
	for (int i = 0; i < 4; i++)
		to[i] = (uint8_t)(number >> 8 * i);
}

static uint32_t metasys_get(const uint8_t *from)
{
	return from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 |
	       (uint32_t)from[3] << 24;
}

/** Seconds until the load goes off, METASYS_NEVER; or an error. */
static int metasys_read_off_s(struct metasys_state *state, uint32_t *off_s,
			      deadline_t until)
{
	uint8_t answer[METASYS_DATA_MAX];
	int ret = metasys_query(state, METASYS_GET_SCHEDULING, answer, 9, until);

	if (ret < 0)
		return ret;
	*off_s = metasys_get(answer + 1);
	return 0;
}

/** It comes back with the mains only if it was told so at some time. */
static void metasys_set_restart(struct metasys_state *state, uint8_t restart,
				deadline_t until)
{
	uint8_t data[6] = { METASYS_SET_TIMES }, answer[METASYS_DATA_MAX];

	if (state->knows_times && state->times[4] == restart)
		return;
	memcpy(data + 1, state->times, sizeof(state->times));
	data[5] = restart;
	/* One that refuses goes off all the same, and may come back. */
	(void)metasys_ask(state, data, sizeof(data), answer, 1, until);
}

static int metasys_schedule(struct metasys_state *state, uint32_t off_s,
			    uint32_t on_s, deadline_t until)
{
	uint8_t data[9] = { METASYS_SET_SCHEDULING };
	uint8_t answer[METASYS_DATA_MAX];
	int ret;

	metasys_put(data + 1, off_s);
	metasys_put(data + 5, on_s);
	ret = metasys_ask(state, data, sizeof(data), answer, 1, until);
	return ret < 0 ? ret : 0;
}

static int metasys_cut(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	struct metasys_state *state = ups->state;
	bool stays = cut->wanted == UPS_STAYOFF;
	uint32_t off_s = cut->wanted == UPS_OFF ? 1 : METASYS_OFF_S;
	uint32_t left_s;
	/* A schedule waits for the mains: there is no other restart. */
	int ret = ups_give(
		ups, cut, cut->wanted == UPS_REBOOT ? UPS_RETURN : cut->wanted);

	if (ret < 0)
		return ret;
	if (!stays)
		metasys_set_restart(state, 1, until);
	ret = metasys_schedule(state, off_s,
			       stays ? METASYS_NEVER : METASYS_ON_S, until);
	if (ret < 0)
		return bytes_fail(ups, ret);
	cut->proof = UPS_SENT;
	cut->off_after_s = (int)off_s;
	cut->on_after_s = stays ? UPS_UNKNOWN_S : METASYS_ON_S;
	(void)snprintf(cut->how, sizeof(cut->how), "scheduling");
	/* It may be off by now, and silent. */
	if (metasys_read_off_s(state, &left_s, until) < 0)
		return 0;
	if (left_s == METASYS_NEVER)
		return ups_fail(
			ups, -EPROTO,
			"[%s] acknowledged the cut and counts nothing down",
			ups->name);
	cut->proof = UPS_VERIFIED;
	return 0;
}

static int metasys_cancel(struct ups *ups, deadline_t until)
{
	int ret = metasys_schedule(ups->state, METASYS_NEVER, METASYS_NEVER,
				   until);

	return ret < 0 ? bytes_fail(ups, ret) : 0;
}

static int metasys_status(struct ups *ups, struct ups_status *status,
			  deadline_t until)
{
	struct metasys_state *state = ups->state;
	uint8_t answer[METASYS_DATA_MAX];
	uint32_t off_s;
	int ret = metasys_query(state, METASYS_STATUS, answer, 2, until);

	if (ret < 0)
		return bytes_fail(ups, ret);
	/* 0 mains, 1 battery, 2 battery reserve, 3 and 4 bypass. */
	status->mains = answer[1] == 1 || answer[1] == 2 ? UPS_MAINS_ABSENT
			: answer[1] <= 4                 ? UPS_MAINS_PRESENT
							 : UPS_MAINS_UNKNOWN;
	status->battery_low = answer[1] == 2;
	status->off_after_s = UPS_UNKNOWN_S;
	if (metasys_read_off_s(state, &off_s, until) == 0 && off_s <= INT32_MAX)
		status->off_after_s = (int)off_s;
	return 0;
}

static const char *const metasys_nut_names[] = { "metasys", NULL };

static const struct ups_driver metasys_driver = {
	.name = "metasys",
	.summary = "Meta System and Legrand on a serial line",
	.nut_names = metasys_nut_names,
	.state_size = sizeof(struct metasys_state),
	.open = metasys_open,
	.cut = metasys_cut,
	.status = metasys_status,
	.cancel = metasys_cancel,
	.close = metasys_close,
};

UPS_DRIVER(metasys_driver);
