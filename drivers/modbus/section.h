/* SPDX-License-Identifier: MIT */
/* What a section says of the way to a Modbus device. */
#ifndef MODBUS_SECTION_H
#define MODBUS_SECTION_H

#include "link/registers.h"

/** How NUT's drivers call the same things. */
enum modbus_spelling {
	MODBUS_NO_KEYS, /* the device can be only one way */
	MODBUS_APC,     /* slaveid, baudrate, parity, databits … */
	MODBUS_SER,     /* ser_baud_rate, ser_parity, ser_data_bit … */
};

#define MODBUS_APC_KEYS                                          \
	"slaveid", "baudrate", "parity", "databits", "stopbits", \
		"response_timeout_ms"
#define MODBUS_SER_KEYS                                                \
	"ser_baud_rate", "ser_parity", "ser_data_bit", "ser_stop_bit", \
		"mod_resp_to_s", "mod_resp_to_us", "mod_byte_to_s",    \
		"mod_byte_to_us"

/**
 * Read them into @settings, which has what is true without them. @unit_key
 * is the one of the device's address.
 */
void modbus_read_section(struct ups *ups, enum modbus_spelling spelling,
			 const char *unit_key,
			 struct registers_settings *settings);

#endif
