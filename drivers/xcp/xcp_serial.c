// SPDX-License-Identifier: MIT
/* XCP on a serial port, NUT's bcmxcp: finds out how fast the UPS speaks. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "link/serial.h"
#include "xcp/xcp.h"

#define XCP_ROUNDS  2
#define XCP_MENU_MS 90

struct xcp_serial {
	struct xcp xcp;
	struct serial_link serial;
};

static const int xcp_speeds[] = { 19200, 9600, 4800, 2400, 1200 };

#define XCP_SPEEDS (sizeof(xcp_speeds) / sizeof(xcp_speeds[0]))

static int xcp_try_speed(struct xcp_serial *state, int speed, int answer_ms,
			 deadline_t until)
{
	/* Leaves a menu for people. The document says 1B, NUT sends 1D. */
	static const uint8_t escape[] = { 0x1b, 0x1d };
	struct byte_link *link = &state->serial.link;
	int ret = serial_set_speed(&state->serial, speed);

	if (ret == 0)
		ret = link->ops->write(link, escape, sizeof(escape), until);
	if (ret == 0)
		ret = clock_sleep_ms(XCP_MENU_MS, until);
	return ret < 0 ? ret : xcp_greet(&state->xcp, answer_ms, until);
}

/** The speed it had before, or the section says, if that is one; else 0. */
static int xcp_first_speed(const struct ups *ups)
{
	const char *value = ups_value(ups, "baud_rate");
	int speed = ups->identity[0] ? atoi(ups->identity)
		    : value          ? atoi(value)
				     : 0;

	for (size_t i = 0; i < XCP_SPEEDS; i++) {
		if (speed == xcp_speeds[i])
			return speed;
	}
	return 0;
}

static int xcp_hunt(struct ups *ups, deadline_t until)
{
	struct xcp_serial *state = ups->state;
	int first = xcp_first_speed(ups), speed = first, ret = -ETIMEDOUT;

	if (first) {
		for (int i = 0; i <= XCP_ROUNDS && ret < 0 && ret != -ENODEV;
		     i++)
			ret = xcp_try_speed(state, first, 1000, until);
	}
	/* It should answer within two seconds, and mostly does at once. */
	for (int round = 1; round <= XCP_ROUNDS; round++) {
		for (size_t i = 0; i < XCP_SPEEDS; i++) {
			if (ret == 0 || ret == -ENODEV || deadline_passed(until))
				break;
			speed = xcp_speeds[i];
			ret = xcp_try_speed(state, speed, 1000 * round, until);
		}
	}
	if (ret == 0)
		(void)snprintf(ups->identity, sizeof(ups->identity), "%d baud",
			       speed);
	return ret;
}

static int xcp_open(struct ups *ups, deadline_t until)
{
	static const struct serial_settings settings = {
		.speed = 19200,
		.lines = SERIAL_DTR | SERIAL_RTS,
	};
	struct xcp_serial *state = ups->state;
	int ret = serial_open(&state->serial, ups, &settings, until);

	if (ret < 0)
		return ret;
	state->xcp.link = &state->serial.link;
	ret = xcp_hunt(ups, until);
	if (ret < 0) {
		xcp_close(ups);
		return bytes_fail(ups, ret);
	}
	return 0;
}

static const char *const xcp_nut_names[] = { "bcmxcp", NULL };

static const struct ups_driver xcp_driver = {
	.name = "xcp",
	.summary = "Eaton and Powerware (XCP) on a serial line",
	.nut_names = xcp_nut_names,
	.state_size = sizeof(struct xcp_serial),
	.open = xcp_open,
	.cut = xcp_cut,
	.status = xcp_get_status,
	.close = xcp_close,
};

UPS_DRIVER(xcp_driver);
