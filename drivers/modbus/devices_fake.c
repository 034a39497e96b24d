// SPDX-License-Identifier: MIT
/* What each of the emulated Modbus UPSes has in its registers, and does. */
#include "modbus/modbus_fake.h"

#define FUNCTION(number) (1u << (number))
#define CELLS(cell)      (int)(sizeof(cell) / sizeof((cell)[0]))
#define HOLDING(address, value)                   \
	{                                         \
		REGISTERS_HOLDING, address, value \
	}

static uint16_t *holding(struct modbus_fake *fake, int address)
{
	return modbus_fake_at(fake, REGISTERS_HOLDING, address);
}

/* APC Smart-UPS with a main group and one that is switched. */

#define APC_OFF_S 20
#define APC_ON_S  30

enum apc_fake_bits {
	APC_FAKE_CANCEL = 1 << 0,
	APC_FAKE_OFF = 1 << 2,
	APC_FAKE_SHUTDOWN = 1 << 3,
	APC_FAKE_REBOOT = 1 << 4,
	APC_FAKE_ON_DELAY = 1 << 6,
	APC_FAKE_OFF_DELAY = 1 << 7,
	APC_FAKE_GROUPS = 3 << 8,
	APC_FAKE_SOURCES = 0xf << 12,
};

static const struct modbus_fake_cell apc_cells[] = {
	/* Status of UPS, main group, three others, simple signalling … */
	HOLDING(0, 0),
	HOLDING(1, 0),
	HOLDING(2, 0),
	HOLDING(3, 0),
	HOLDING(4, 1),
	HOLDING(5, 0),
	HOLDING(6, 0),
	HOLDING(7, 1),
	HOLDING(8, 0),
	HOLDING(9, 0),
	HOLDING(10, 0),
	HOLDING(11, 0),
	HOLDING(12, 0),
	HOLDING(13, 0),
	HOLDING(14, 0),
	HOLDING(15, 0),
	HOLDING(16, 0),
	HOLDING(17, 0),
	HOLDING(18, 0),
	HOLDING(19, 0),
	HOLDING(20, 0),
	HOLDING(21, 0),
	HOLDING(22, 0),
	HOLDING(23, 0),
	HOLDING(24, 0),
	HOLDING(25, 0),
	HOLDING(26, 0),
	/* Countdowns of the two groups. */
	HOLDING(155, 0xffff),
	HOLDING(156, 0xffff),
	HOLDING(157, 0xffff),
	HOLDING(158, 0xffff),
	HOLDING(159, 0xffff),
	HOLDING(160, 0xffff),
	HOLDING(161, 0xffff),
	HOLDING(162, 0xffff),
	HOLDING(590, 3), /* which groups there are */
	HOLDING(1538, 0),
	HOLDING(1539, 0),
	HOLDING(1540, 0),
	/* "12345678" */
	HOLDING(2048, 0),
	HOLDING(2049, 1),
	HOLDING(2050, 0x3132),
	HOLDING(2051, 0x3334),
	HOLDING(2052, 0x3536),
	HOLDING(2053, 0x3738),
};

static void apc_refresh(struct modbus_fake *fake)
{
	bool is_off = line_fake_is_off(fake->ups);
	int left_s = line_fake_left_s(fake->ups);
	bool is_pending = left_s >= 0 && !is_off;

	*holding(fake, 1) = (uint16_t)((is_off             ? 1 << 4
					: fake->ups->mains ? 1 << 1
							   : 1 << 2) |
				       (is_pending ? 1 << 9 : 0));
	*holding(fake, 4) =
		(uint16_t)((is_off ? 0 : 1) | (is_pending ? 1 << 3 : 0));
	*holding(fake, 7) = *holding(fake, 4);
	*holding(fake, 155) = (uint16_t)(is_pending ? left_s : 0xffff);
	*holding(fake, 159) = *holding(fake, 155);
}

static int apc_obey_outlets(struct modbus_fake *fake)
{
	uint32_t command =
		(uint32_t)*holding(fake, 1538) << 16 | *holding(fake, 1539);
	int off_s = command & APC_FAKE_OFF_DELAY ? APC_OFF_S : 0;

	if (fake->is_swapped)
		command = command << 16 | command >> 16;
	/* The main group goes with all others, or not at all. */
	if (command >> 16 || (command & APC_FAKE_GROUPS) != APC_FAKE_GROUPS ||
	    !(command & APC_FAKE_SOURCES))
		return 4;
	if (command & APC_FAKE_CANCEL) {
		line_fake_cancel(fake->ups);
		return 0;
	}
	if (fake->stays && line_fake_left_s(fake->ups) >= 0)
		return 4;
	if (command & APC_FAKE_SHUTDOWN)
		line_fake_order(fake->ups, off_s, LINE_FAKE_WITH_MAINS,
				APC_ON_S);
	else if (command & APC_FAKE_REBOOT)
		line_fake_order(fake->ups, off_s, LINE_FAKE_BY_CLOCK, APC_ON_S);
	else if (command & APC_FAKE_OFF)
		line_fake_order(fake->ups, off_s, LINE_FAKE_STAYS_OFF, 0);
	else
		return 3;
	return 0;
}

static int apc_written(struct modbus_fake *fake, enum registers_table table,
		       int address, int count)
{
	(void)table;
	if (address == 1538)
		return count == 2 ? apc_obey_outlets(fake) : 2;
	if (address == 1540 && *holding(fake, 1540) == 1)
		line_fake_order(fake->ups, APC_OFF_S, LINE_FAKE_WITH_MAINS,
				APC_ON_S);
	else if (address == 1540 && *holding(fake, 1540) == 2)
		line_fake_order(fake->ups, 0, LINE_FAKE_STAYS_OFF, 0);
	else
		return 3;
	return 0;
}

const struct modbus_fake_device modbus_fake_apc = {
	.name = "modbus-apc",
	.unit = 1,
	.functions = FUNCTION(3) | FUNCTION(6) | FUNCTION(16),
	.cell = apc_cells,
	.cells = CELLS(apc_cells),
	.refresh = apc_refresh,
	.written = apc_written,
};

/* Huawei UPS2000, 1 to 3 kVA. */

static const struct modbus_fake_cell huawei_cells[] = {
	HOLDING(11024, 3), HOLDING(11028, 3),  HOLDING(11029, 0),
	HOLDING(11030, 0), HOLDING(11043, 0),  HOLDING(11044, 0),
	HOLDING(11047, 0), HOLDING(11048, 1),  HOLDING(11049, 0),
	HOLDING(11050, 0), HOLDING(19009, 10),
};

static void huawei_refresh(struct modbus_fake *fake)
{
	*holding(fake, 11024) = fake->ups->mains ? 2 : 3;
	*holding(fake, 11043) =
		(uint16_t)((fake->ups->mains ? 0 : 1 << 7) |
			   (fake->ups->charge_pct < 20 ? 1 << 6 : 0));
}

static int huawei_written(struct modbus_fake *fake, enum registers_table table,
			  int address, int count)
{
	uint16_t value = *holding(fake, address);
	bool returns = *holding(fake, 11044) == 1;

	(void)table;
	(void)count;
	switch (address) {
	case 11030:
		line_fake_order(fake->ups, 0, LINE_FAKE_STAYS_OFF, 0);
		return 0;
	case 11047:
		if (value < 1 || value > 990)
			return 3;
		line_fake_order(fake->ups, 6 * value,
				returns ? LINE_FAKE_WITH_MAINS
					: LINE_FAKE_STAYS_OFF,
				60 * *holding(fake, 11048));
		return 0;
	case 11049:
		line_fake_order(
			fake->ups, 6 * value,
			returns ? LINE_FAKE_WITH_MAINS : LINE_FAKE_STAYS_OFF, 0);
		return 0;
	case 11050:
		line_fake_cancel(fake->ups);
		return 0;
	default:
		return 0;
	}
}

const struct modbus_fake_device modbus_fake_huawei = {
	.name = "modbus-huawei",
	.unit = 1,
	.functions = FUNCTION(3) | FUNCTION(6),
	.cell = huawei_cells,
	.cells = CELLS(huawei_cells),
	.refresh = huawei_refresh,
	.written = huawei_written,
};

/* ADELSYSTEM CB/CBI. */

static const struct modbus_fake_cell adelsystem_cells[] = {
	HOLDING(40, 0),
	HOLDING(45, 0),
	HOLDING(66, 4),
};

static void adelsystem_refresh(struct modbus_fake *fake)
{
	*holding(fake, 45) =
		(uint16_t)((fake->ups->mains ? 0 : 1) |
			   (line_fake_left_s(fake->ups) >= 0 ? 2 : 0));
}

static int adelsystem_written(struct modbus_fake *fake,
			      enum registers_table table, int address, int count)
{
	(void)table;
	(void)count;
	if (address == 40 && *holding(fake, 40) == 1)
		line_fake_order(fake->ups, 5, LINE_FAKE_STAYS_OFF, 0);
	return 0;
}

const struct modbus_fake_device modbus_fake_adelsystem = {
	.name = "modbus-adelsystem",
	.unit = 5,
	.functions = FUNCTION(3) | FUNCTION(6) | FUNCTION(16),
	.cell = adelsystem_cells,
	.cells = CELLS(adelsystem_cells),
	.refresh = adelsystem_refresh,
	.written = adelsystem_written,
};

/* MUST EP2000 Pro. */

static const struct modbus_fake_cell must_cells[] = {
	HOLDING(30000, 0),  HOLDING(30001, 100),  HOLDING(30002, 3),
	HOLDING(30003, 24), HOLDING(30004, 1000), HOLDING(30017, 80),
	HOLDING(32002, 0),
};

static void must_refresh(struct modbus_fake *fake)
{
	*holding(fake, 30002) = line_fake_is_off(fake->ups) ? 6
				: fake->ups->mains          ? 4
							    : 3;
}

static int must_written(struct modbus_fake *fake, enum registers_table table,
			int address, int count)
{
	(void)table;
	(void)count;
	if (address == 32002 && *holding(fake, 32002) == 1 && !fake->ups->mains)
		line_fake_order(fake->ups, 1, LINE_FAKE_WITH_MAINS, 0);
	return 0;
}

const struct modbus_fake_device modbus_fake_must = {
	.name = "modbus-must",
	.unit = 10,
	.functions = FUNCTION(3) | FUNCTION(16),
	.cell = must_cells,
	.cells = CELLS(must_cells),
	.refresh = must_refresh,
	.written = must_written,
};

/* A gateway for contacts, with a UPS whose inhibit input is coil 0. */

static const struct modbus_fake_cell rio_cells[] = {
	{ REGISTERS_COILS, 0, 0 },
	{ REGISTERS_BITS, 0, 1 },
	{ REGISTERS_BITS, 1, 0 },
	{ REGISTERS_INPUT, 0, 0 },
	HOLDING(7, 0),
};

static void rio_refresh(struct modbus_fake *fake)
{
	*modbus_fake_at(fake, REGISTERS_BITS, 0) = !fake->ups->mains;
	*modbus_fake_at(fake, REGISTERS_BITS, 1) = fake->ups->charge_pct < 20;
}

static int rio_written(struct modbus_fake *fake, enum registers_table table,
		       int address, int count)
{
	(void)count;
	if ((address == 0 || address == 7) &&
	    *modbus_fake_at(fake, table, address) == 1)
		line_fake_order(fake->ups, 1, LINE_FAKE_STAYS_OFF, 0);
	return 0;
}

const struct modbus_fake_device modbus_fake_rio = {
	.name = "modbus-rio",
	.unit = 5,
	.functions = FUNCTION(1) | FUNCTION(2) | FUNCTION(3) | FUNCTION(4) |
		     FUNCTION(5) | FUNCTION(6),
	.cell = rio_cells,
	.cells = CELLS(rio_cells),
	.refresh = rio_refresh,
	.written = rio_written,
};

/* Riello NetMan 204. */

static const struct modbus_fake_cell netman_cells[] = {
	HOLDING(112, 0),
	HOLDING(113, 0),
	HOLDING(114, 0),
	HOLDING(116, 0),
};

static int netman_written(struct modbus_fake *fake, enum registers_table table,
			  int address, int count)
{
	uint16_t code = *holding(fake, 112);

	(void)table;
	(void)count;
	if (address != 112)
		return 0;
	if (code == 3)
		line_fake_cancel(fake->ups);
	else if (code == 1 || code == 2)
		line_fake_order(fake->ups, *holding(fake, 113),
				code == 2 ? LINE_FAKE_WITH_MAINS
					  : LINE_FAKE_STAYS_OFF,
				60 * *holding(fake, 114));
	else
		code = 0;
	*holding(fake, 116) = code;
	return 0;
}

const struct modbus_fake_device modbus_fake_netman = {
	.name = "modbus-netman",
	.unit = 1,
	.functions = FUNCTION(3) | FUNCTION(6) | FUNCTION(16),
	.cell = netman_cells,
	.cells = CELLS(netman_cells),
	.written = netman_written,
};

/* Tripp Lite MODBUSCARD. */

static const struct modbus_fake_cell tripplite_cells[] = {
	HOLDING(0x300, 0),
	HOLDING(0x301, 0),
	{ REGISTERS_COILS, 0x201, 1 },
	{ REGISTERS_COILS, 0x204, 0 },
	{ REGISTERS_COILS, 0x20a, 0 },
	{ REGISTERS_COILS, 0x20b, 1 },
};

static int tripplite_written(struct modbus_fake *fake,
			     enum registers_table table, int address, int count)
{
	bool returns = *modbus_fake_at(fake, REGISTERS_COILS, 0x204);
	uint16_t off_s = *holding(fake, 0x300);

	(void)table;
	(void)count;
	if (address == 0x300 && off_s > 0)
		line_fake_order(fake->ups, off_s,
				returns ? LINE_FAKE_WITH_MAINS
					: LINE_FAKE_STAYS_OFF,
				60 * *holding(fake, 0x301));
	else if (address == 0x300 || address == 0x20a)
		line_fake_cancel(fake->ups);
	else if (address == 0x20b &&
		 !*modbus_fake_at(fake, REGISTERS_COILS, 0x20b))
		line_fake_order(fake->ups, 0, LINE_FAKE_STAYS_OFF, 0);
	return 0;
}

const struct modbus_fake_device modbus_fake_tripplite = {
	.name = "modbus-tripplite",
	.unit = 1,
	.functions = FUNCTION(1) | FUNCTION(3) | FUNCTION(5) | FUNCTION(6),
	.cell = tripplite_cells,
	.cells = CELLS(tripplite_cells),
	.written = tripplite_written,
};
