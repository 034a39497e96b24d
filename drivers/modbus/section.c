// SPDX-License-Identifier: MIT
/* Speed, parity, address and patience, under two sorts of names. */
#include "modbus/section.h"

#define MODBUS_ANSWER_MIN_MS 100
#define MODBUS_ANSWER_MAX_MS 10000

static enum serial_parity modbus_find_parity(const char *value)
{
	switch (value ? *value : 'N') {
	case 'E':
	case 'e':
		return SERIAL_EVEN;
	case 'O':
	case 'o':
		return SERIAL_ODD;
	default:
		return SERIAL_NO_PARITY;
	}
}

void modbus_read_section(struct ups *ups, enum modbus_spelling spelling,
			 const char *unit_key,
			 struct registers_settings *settings)
{
	struct serial_settings *serial = &settings->serial;
	bool is_apc = spelling == MODBUS_APC;
	int ms;

	if (spelling == MODBUS_NO_KEYS)
		return;
	settings->unit = ups_number(ups, unit_key, settings->unit, 0, 255);
	serial->speed = ups_number(ups, is_apc ? "baudrate" : "ser_baud_rate",
				   serial->speed, 300, 115200);
	serial->data_bits =
		ups_number(ups, is_apc ? "databits" : "ser_data_bit", 8, 7, 8);
	serial->stop_bits =
		ups_number(ups, is_apc ? "stopbits" : "ser_stop_bit", 1, 1, 2);
	serial->parity = modbus_find_parity(
		ups_value(ups, is_apc ? "parity" : "ser_parity"));
	ms = is_apc ? ups_number(ups, "response_timeout_ms", 0, 0,
				 MODBUS_ANSWER_MAX_MS)
		    : 1000 * ups_number(ups, "mod_resp_to_s", 0, 0, 10) +
			      ups_number(ups, "mod_resp_to_us", 0, 0, 999999) /
				      1000;
	/* Who set it wants more, and never so little that nothing comes. */
	if (ms > settings->answer_ms)
		settings->answer_ms = ms;
	if (is_apc && ms >= MODBUS_ANSWER_MIN_MS)
		settings->answer_ms = ms;
}
