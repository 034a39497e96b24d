// SPDX-License-Identifier: MIT
/* Who speaks it, and in which words. */
#include <string.h>

#include "sec/sec.h"

static const int sec_speeds[] = { 2400, 4800, 9600, 19200, 0 };

static const struct sec_row sec_rows[] = {
	{
		.nut_name = "gamatronic",
		.settings = { .speed = 1200, .lines = SERIAL_DTR | SERIAL_RTS },
		.speeds = sec_speeds,
		.head = "^",
		.accepted = '1',
		.refused = '0',
		.comma = ',',
		.maker = "MAN",
		.alarms = "ST5",
		.battery = "ST1",
		.restart = "ATR",
		.type = "SDA2", /* the whole UPS, not only its output */
		.off = "PSD",
		.cancel = "PSD-1",
		.stays = true,
		.on_after_s = UPS_UNKNOWN_S,
	},
	{
		.nut_name = "belkin",
		.settings = { .speed = 2400,
			      .lines = SERIAL_RTS,
			      .settle_ms = 1000 },
		.head = "~00",
		.accepted = 'A',
		.refused = 'R',
		.comma = ';',
		.maker = "MNU",
		.alarms = "STA",
		.battery = "STB",
		.type = "SDT2",
		.back = "SDR1", /* minutes */
		.off = "SDA",
		.cancel = "SDA0",
		.stays = true, /* until somebody presses its button */
		.on_after_s = 60,
	},
	{
		/* Its restart can be set to 2, and does not heed that. */
		.nut_name = "tripplitesu",
		.settings = { .speed = 2400, .lines = SERIAL_DTR | SERIAL_RTS },
		.gap_ms = 10,
		.head = "~00",
		.accepted = 'A',
		.refused = 'R',
		.comma = ';',
		.maker = "MNU",
		.alarms = "STA",
		.battery = "STB",
		.restart = "ARB",
		.back = "SDR1",
		.off = "SDA",
		.cancel = "SDA0",
		.on_after_s = 60,
	},
};

const struct sec_row *sec_find_row(const struct ups *ups)
{
	const char *name = ups_value(ups, "driver");

	for (size_t i = 1; i < sizeof(sec_rows) / sizeof(sec_rows[0]); i++) {
		if (name && !strcmp(name, sec_rows[i].nut_name))
			return &sec_rows[i];
	}
	return &sec_rows[0];
}
