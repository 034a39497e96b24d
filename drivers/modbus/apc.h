/* SPDX-License-Identifier: MIT */
/* The registers of APC's Smart-UPSes, from application notes 176 and 177. */
#ifndef MODBUS_APC_H
#define MODBUS_APC_H

/*
 * Registers. Blocks are read whole, as the application notes want it, and no
 * two with the same length: a late answer of one is none of another.
 */
enum apc_register {
	APC_STATUS = 0, /* 2: of the UPS; then 3 for each group */
	APC_SIMPLE_STATUS = 18,
	APC_STATUS_LEN = 27,
	APC_COUNTDOWN = 155, /* off, on, stay-off (2); 4 for each group */
	APC_COUNTDOWN_LEN = 4,
	APC_RELAYS = 590,   /* which groups there are, the main one is bit 0 */
	APC_COMMAND = 1538, /* 2: for outlets */
	APC_SIMPLE = 1540,
	APC_MAP = 2048, /* 2: which map this is; then "12345678" */
	APC_MAP_LEN = 6,
};

enum apc_status {
	APC_ON_LINE = 1 << 1,
	APC_ON_BATTERY = 1 << 2,
	APC_OUTPUT_OFF = 1 << 4,
	APC_PENDING_OFF = 1 << 9,
};

enum apc_outlet {
	APC_OUTLET_SHUTDOWN = 1 << 3,
};

enum apc_simple {
	APC_SHUTDOWN_IMMINENT = 1 << 1, /* of the status */
	APC_REQUEST_SHUTDOWN = 1 << 0,  /* these two of the command */
	APC_REMOTE_OFF = 1 << 1,
};

enum apc_command {
	APC_CANCEL = 1 << 0,
	APC_OFF = 1 << 2,
	APC_SHUTDOWN = 1 << 3,
	APC_REBOOT = 1 << 4,
	APC_USE_OFF_DELAY = 1 << 7,
	APC_MAIN_GROUP = 1 << 8, /* three more from here on */
	APC_FROM_USB = 1 << 12,
	APC_FROM_SERIAL = 1 << 14,
	APC_FROM_CARD = 1 << 15,
	APC_GROUP_3 = 1 << 19, /* the fourth that is switched */
};

#endif
