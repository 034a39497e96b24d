// SPDX-License-Identifier: MIT
/*
 * Microsol Solis, and APC's Brazilian Back-UPS of the same make, on a serial
 * line: NUT's solis and microsol-apc. They tell how they are without end, and
 * take one byte for a command. Source: networkupstools/nut, drivers/solis.c
 * and microsol-common.c.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "link/serial.h"

#define SOLIS_ANSWER_MS 3000
#define SOLIS_TRIES     3

enum solis_command {
	SOLIS_TELL = 0xcc, /* and CR; from then on it does */
	SOLIS_OFF = 0xdd,  /* on battery, until the mains is back */
	SOLIS_CYCLE = 0xde,
};

/* A packet: the model, 22 bytes, the sum of these, FE. */
#define SOLIS_PACKET      25
#define SOLIS_END         0xfe
#define SOLIS_MODEL_SOLIS 0xa0
#define SOLIS_MODEL_APC   0xb0
#define SOLIS_FLAGS       20
#define SOLIS_BATTERY_LOW 0x04
#define SOLIS_ON_BATTERY  0x20

struct solis {
	struct serial_link serial;
};

static bool solis_is_packet(const uint8_t bytes[SOLIS_PACKET])
{
	uint8_t model = bytes[0] & 0xf0, sum = 0;

	for (int i = 0; i < SOLIS_PACKET - 2; i++)
		sum = (uint8_t)(sum + bytes[i]);
	return (model == SOLIS_MODEL_SOLIS || model == SOLIS_MODEL_APC) &&
	       sum == bytes[SOLIS_PACKET - 2] &&
	       bytes[SOLIS_PACKET - 1] == SOLIS_END;
}

/** The next sound packet, wherever it begins. */
static int solis_read(struct byte_link *link, uint8_t packet[SOLIS_PACKET],
		      deadline_t until)
{
	memset(packet, 0, SOLIS_PACKET);
	while (!deadline_passed(until)) {
		int ret;

		memmove(packet, packet + 1, SOLIS_PACKET - 1);
		ret = bytes_read(link, packet + SOLIS_PACKET - 1, 1, until);
		if (ret < 0)
			return ret;
		if (solis_is_packet(packet))
			return 0;
	}
	return -ETIMEDOUT;
}

/** Ask it to go on telling, and hear what it says. Stores no sentence. */
static int solis_ask(struct solis *state, uint8_t packet[SOLIS_PACKET],
		     deadline_t until)
{
	static const uint8_t tell[] = { SOLIS_TELL, '\r' };
	struct byte_link *link = &state->serial.link;
	int ret = -ETIMEDOUT;

	for (int i = 0; i < SOLIS_TRIES && !deadline_passed(until); i++) {
		link->ops->drain(link);
		ret = link->ops->write(link, tell, sizeof(tell), until);
		if (ret == 0)
			ret = solis_read(
				link, packet,
				deadline_earlier(
					until, deadline_in_ms(SOLIS_ANSWER_MS)));
		if (ret == 0 || ret == -ENODEV)
			break;
	}
	return ret;
}

static void solis_close(struct ups *ups)
{
	struct solis *state = ups->state;

	bytes_close(&state->serial.link);
}

static int solis_open(struct ups *ups, deadline_t until)
{
	static const struct serial_settings settings = {
		.speed = 9600,
		.lines = SERIAL_DTR,
	};
	struct solis *state = ups->state;
	uint8_t packet[SOLIS_PACKET];
	int ret = serial_open(&state->serial, ups, &settings, until);

	if (ret < 0)
		return ret;
	ret = solis_ask(state, packet, until);
	if (ret < 0) {
		solis_close(ups);
		return bytes_fail(ups, ret);
	}
	return 0;
}

static int solis_cut(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	struct solis *state = ups->state;
	struct byte_link *link = &state->serial.link;
	bool returns = cut->wanted == UPS_RETURN || cut->wanted == UPS_REBOOT;
	uint8_t packet[SOLIS_PACKET] = { 0 }, command = SOLIS_OFF;
	int ret = solis_ask(state, packet, until);

	/* Nothing acknowledges a command: who is not heard now gets none. */
	if (ret < 0)
		return bytes_fail(ups, ret);
	if (packet[SOLIS_FLAGS] & SOLIS_ON_BATTERY) {
		ret = ups_give(ups, cut, UPS_RETURN);
	} else if (returns) {
		ret = ups_give(ups, cut, UPS_REBOOT);
		command = SOLIS_CYCLE;
	} else {
		ret = ups_give(ups, cut, cut->wanted);
	}
	if (ret < 0)
		return ret;
	ret = link->ops->write(link, &command, 1, until);
	if (ret < 0)
		return bytes_fail(ups, ret);
	cut->proof = UPS_SENT;
	cut->off_after_s = UPS_UNKNOWN_S;
	cut->on_after_s = UPS_UNKNOWN_S;
	(void)snprintf(cut->how, sizeof(cut->how), "%s (%02X)",
		       command == SOLIS_OFF ? "off" : "cycle", command);
	return 0;
}

static int solis_status(struct ups *ups, struct ups_status *status,
			deadline_t until)
{
	uint8_t packet[SOLIS_PACKET] = { 0 };
	int ret = solis_ask(ups->state, packet, until);

	if (ret < 0)
		return bytes_fail(ups, ret);
	status->mains = packet[SOLIS_FLAGS] & SOLIS_ON_BATTERY
				? UPS_MAINS_ABSENT
				: UPS_MAINS_PRESENT;
	status->battery_low = packet[SOLIS_FLAGS] & SOLIS_BATTERY_LOW;
	status->off_after_s = UPS_UNKNOWN_S;
	return 0;
}

static const char *const solis_nut_names[] = { "solis", "microsol-apc", NULL };

static const struct ups_driver solis_driver = {
	.name = "solis",
	.summary = "Microsol Solis and APC Back-UPS BZ-BR on a serial line",
	.nut_names = solis_nut_names,
	.state_size = sizeof(struct solis),
	.open = solis_open,
	.cut = solis_cut,
	.status = solis_status,
	.close = solis_close,
};

UPS_DRIVER(solis_driver);
