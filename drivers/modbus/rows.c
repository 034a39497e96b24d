// SPDX-License-Identifier: MIT
/*
 * Modbus UPSes as data. Sources: Huawei's "UPS2000-(1 kVA-3 kVA) Modbus
 * Protocol Development Guide" 02; Riello's NetMan 204 manual; Tripp Lite's
 * MODBUSCARD manual; of networkupstools/nut drivers/adelsystem_cbi.h,
 * must_ep2000pro.c, and of its tracker 1847, 3593 and 3604.
 */
#include <stddef.h>
#include <string.h>

#include "modbus/map.h"

static const struct modbus_row modbus_rows[] = {
	{
		/*
		 * The larger ones of that name have another map, whose 11047
		 * is none of theirs: 19009, the rated power in 0.1 kVA, tells
		 * them apart. Function 06 only, for some ignore 16 silently.
		 */
		.name = "huawei-ups2000",
		.unit = 1,
		.answer_ms = 2000,
		.off = { 60, 6, 5940 },
		.on = { 60, 60, 5940 },
		.line[MODBUS_GUARD] = "h19009?1-30",
		.line[MODBUS_BATTERY] = "h11024?3",
		.line[MODBUS_LOW] = "h11043&0x40?0x40",
		.line[MODBUS_RETURN] =
			"h11044=1 h11048=on/60 h11047=off/6 h11047?1-off/6",
		.line[MODBUS_STAYOFF] = "h11044=0 h11049=off/6 h11049?1-off/6",
		.line[MODBUS_OFF] = "h11030=1 h11028~0",
		.line[MODBUS_CANCEL] = "h11050=1",
	},
	{
		.name = "adelsystem_cbi",
		.unit = 5,
		.answer_ms = 1000,
		.line[MODBUS_BATTERY] = "h45&1?1",
		.line[MODBUS_STAYOFF] = "h40=1 h45&2~2",
	},
	{
		/* It takes the command on battery only. */
		.name = "must_ep2000pro",
		.unit = 10,
		.answer_ms = 1000,
		.line[MODBUS_GUARD] = "h30002?1-8 h30003?12-48",
		.line[MODBUS_BATTERY] = "h30002?3",
		.line[MODBUS_RETURN] = "h30002?3 H32002=1 h30002~5-6",
	},
	{
		.name = "riello-netman",
		.unit = 1,
		.answer_ms = 1000,
		.off = { 30, 0, 65535 },
		.on = { 60, 0, 65535 },
		.line[MODBUS_RETURN] = "h113=off h114=on/60 h112=2 h116?2",
		.line[MODBUS_STAYOFF] = "h113=off h112=1 h116?1",
		.line[MODBUS_CANCEL] = "h112=3 h116?3",
	},
	{
		.name = "tripplite-modbuscard",
		.unit = 1,
		.answer_ms = 1000,
		.off = { 30, 1, 999 },
		.on = { 60, 0, 65535 },
		.line[MODBUS_RETURN] =
			"c0x201=0 c0x204=1 h0x301=on/60 h0x300=off h0x300?1-off",
		.line[MODBUS_STAYOFF] =
			"c0x201=0 c0x204=0 h0x300=off h0x300?1-off",
		.line[MODBUS_OFF] = "c0x20b=0 c0x20b~0",
		.line[MODBUS_CANCEL] = "h0x300=0 h0x300?0",
	},
	{
		/* Ours: what the section says. */
		.name = "modbus",
		.unit = 1,
		.answer_ms = 1000,
		.off = { 20, 0, 65535 },
		.on = { 30, 0, 65535 },
	},
	{
		/* Lines are made of its keys. */
		.name = "generic_modbus",
		.unit = 5,
		.answer_ms = 1000,
	},
};

const struct modbus_row *modbus_find_row(const char *name)
{
	for (size_t i = 0; i < sizeof(modbus_rows) / sizeof(modbus_rows[0]);
	     i++) {
		if (!strcmp(modbus_rows[i].name, name))
			return &modbus_rows[i];
	}
	return NULL;
}
