// SPDX-License-Identifier: MIT
/* Riello on a serial port, NUT's riello_ser. */
#include <errno.h>

#include "link/serial.h"
#include "riello/riello.h"

#define RIELLO_GREETINGS 2

struct riello_serial {
	struct riello riello;
	struct serial_link serial;
};

static int riello_open(struct ups *ups, deadline_t until)
{
	static const struct serial_settings settings = {
		.speed = 9600,
		.lines = SERIAL_DTR | SERIAL_RTS,
	};
	/* The maker's own default is 1200. */
	static const int speeds[] = { 9600, 1200 };
	struct riello_serial *state = ups->state;
	int ret = serial_open(&state->serial, ups, &settings, until);

	if (ret < 0)
		return ret;
	state->riello.link = &state->serial.link;
	ret = -ETIMEDOUT;
	for (int i = 0; i < 4 && ret < 0 && ret != -ENODEV; i++) {
		ret = serial_set_speed(&state->serial, speeds[i % 2]);
		if (ret == 0)
			ret = riello_greet(ups, RIELLO_GREETINGS, until);
	}
	if (ret < 0) {
		riello_close(ups);
		return bytes_fail(ups, ret);
	}
	return 0;
}

static const char *const riello_nut_names[] = { "riello_ser", NULL };

static const struct ups_driver riello_driver = {
	.name = "riello",
	.summary = "Riello (GPSER) on a serial line",
	.nut_names = riello_nut_names,
	.rehearses = true,
	.state_size = sizeof(struct riello_serial),
	.open = riello_open,
	.cut = riello_cut,
	.status = riello_status,
	.cancel = riello_cancel,
	.close = riello_close,
};

UPS_DRIVER(riello_driver);
