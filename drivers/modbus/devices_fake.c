// SPDX-License-Identifier: MIT
/* What each of the emulated Modbus UPSes has in its registers, and does. */
#include "modbus/modbus_fake.h"

/* Huawei UPS2000, 1 to 3 kVA. */

/* clang-format off */
static const struct modbus_fake_cell huawei_cells[] = {
	MODBUS_FAKE_HOLDING(11024, 3), MODBUS_FAKE_HOLDING(11028, 3),
	MODBUS_FAKE_HOLDING(11029, 0), MODBUS_FAKE_HOLDING(11030, 0),
	MODBUS_FAKE_HOLDING(11043, 0), MODBUS_FAKE_HOLDING(11044, 0),
	MODBUS_FAKE_HOLDING(11047, 0), MODBUS_FAKE_HOLDING(11048, 1),
	MODBUS_FAKE_HOLDING(11049, 0), MODBUS_FAKE_HOLDING(11050, 0),
	MODBUS_FAKE_HOLDING(19009, 10),
};
/* clang-format on */

static void huawei_refresh(struct modbus_fake *fake)
{
	*modbus_fake_holding(fake, 11024) = fake->ups->mains ? 2 : 3;
	*modbus_fake_holding(fake, 11043) =
		(uint16_t)((fake->ups->mains ? 0 : 1 << 7) |
			   (fake->ups->charge_pct < 20 ? 1 << 6 : 0));
}

static int huawei_written(struct modbus_fake *fake, enum registers_table table,
			  int address, int count)
{
	uint16_t value = *modbus_fake_holding(fake, address);
	bool returns = *modbus_fake_holding(fake, 11044) == 1;

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
				60 * *modbus_fake_holding(fake, 11048));
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
	.functions = MODBUS_FAKE_FUNCTION(3) | MODBUS_FAKE_FUNCTION(6),
	.cell = huawei_cells,
	.cells = MODBUS_FAKE_COUNT(huawei_cells),
	.refresh = huawei_refresh,
	.written = huawei_written,
};

/* ADELSYSTEM CB/CBI. */

/* clang-format off */
static const struct modbus_fake_cell adelsystem_cells[] = {
	MODBUS_FAKE_HOLDING(40, 0), MODBUS_FAKE_HOLDING(45, 0),
	MODBUS_FAKE_HOLDING(66, 4),
};
/* clang-format on */

static void adelsystem_refresh(struct modbus_fake *fake)
{
	*modbus_fake_holding(fake, 45) =
		(uint16_t)((fake->ups->mains ? 0 : 1) |
			   (line_fake_left_s(fake->ups) >= 0 ? 2 : 0));
}

static int adelsystem_written(struct modbus_fake *fake,
			      enum registers_table table, int address, int count)
{
	(void)table;
	(void)count;
	if (address == 40 && *modbus_fake_holding(fake, 40) == 1)
		line_fake_order(fake->ups, 5, LINE_FAKE_STAYS_OFF, 0);
	return 0;
}

const struct modbus_fake_device modbus_fake_adelsystem = {
	.name = "modbus-adelsystem",
	.unit = 5,
	.functions = MODBUS_FAKE_FUNCTION(3) | MODBUS_FAKE_FUNCTION(6) |
		     MODBUS_FAKE_FUNCTION(16),
	.cell = adelsystem_cells,
	.cells = MODBUS_FAKE_COUNT(adelsystem_cells),
	.refresh = adelsystem_refresh,
	.written = adelsystem_written,
};

/* MUST EP2000 Pro. */

/* clang-format off */
static const struct modbus_fake_cell must_cells[] = {
	MODBUS_FAKE_HOLDING(30000, 0), MODBUS_FAKE_HOLDING(30001, 100),
	MODBUS_FAKE_HOLDING(30002, 3), MODBUS_FAKE_HOLDING(30003, 24),
	MODBUS_FAKE_HOLDING(30004, 1000), MODBUS_FAKE_HOLDING(30017, 80),
	MODBUS_FAKE_HOLDING(31000, 0), MODBUS_FAKE_HOLDING(31001, 0),
	MODBUS_FAKE_HOLDING(31002, 0), MODBUS_FAKE_HOLDING(31003, 0),
	MODBUS_FAKE_HOLDING(32002, 0),
};
/* clang-format on */

static void must_refresh(struct modbus_fake *fake)
{
	*modbus_fake_holding(fake, 30002) = line_fake_is_off(fake->ups) ? 6
					    : fake->ups->mains          ? 4
									: 3;
}

static int must_written(struct modbus_fake *fake, enum registers_table table,
			int address, int count)
{
	(void)table;
	(void)count;
	if (address == 32002 && *modbus_fake_holding(fake, 32002) == 1 &&
	    !fake->ups->mains)
		line_fake_order(fake->ups, 1, LINE_FAKE_WITH_MAINS, 0);
	return 0;
}

const struct modbus_fake_device modbus_fake_must = {
	.name = "modbus-must",
	.unit = 10,
	.functions = MODBUS_FAKE_FUNCTION(3) | MODBUS_FAKE_FUNCTION(16),
	.cell = must_cells,
	.cells = MODBUS_FAKE_COUNT(must_cells),
	.refresh = must_refresh,
	.written = must_written,
};

/* A gateway for contacts, with a UPS whose inhibit input is coil 0. */

/* clang-format off */
static const struct modbus_fake_cell rio_cells[] = {
	{ REGISTERS_COILS, 0, 0 }, { REGISTERS_BITS, 0, 1 },
	{ REGISTERS_BITS, 1, 0 }, { REGISTERS_INPUT, 0, 0 },
	MODBUS_FAKE_HOLDING(7, 0),
};
/* clang-format on */

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
	.functions = MODBUS_FAKE_FUNCTION(1) | MODBUS_FAKE_FUNCTION(2) |
		     MODBUS_FAKE_FUNCTION(3) | MODBUS_FAKE_FUNCTION(4) |
		     MODBUS_FAKE_FUNCTION(5) | MODBUS_FAKE_FUNCTION(6),
	.cell = rio_cells,
	.cells = MODBUS_FAKE_COUNT(rio_cells),
	.refresh = rio_refresh,
	.written = rio_written,
};

/* Riello NetMan 204. */

/* clang-format off */
static const struct modbus_fake_cell netman_cells[] = {
	MODBUS_FAKE_HOLDING(112, 0), MODBUS_FAKE_HOLDING(113, 0),
	MODBUS_FAKE_HOLDING(114, 0), MODBUS_FAKE_HOLDING(116, 0),
};
/* clang-format on */

static int netman_written(struct modbus_fake *fake, enum registers_table table,
			  int address, int count)
{
	uint16_t code = *modbus_fake_holding(fake, 112);

	(void)table;
	(void)count;
	if (address != 112)
		return 0;
	if (code == 3)
		line_fake_cancel(fake->ups);
	else if (code == 1 || code == 2)
		line_fake_order(fake->ups, *modbus_fake_holding(fake, 113),
				code == 2 ? LINE_FAKE_WITH_MAINS
					  : LINE_FAKE_STAYS_OFF,
				60 * *modbus_fake_holding(fake, 114));
	else
		code = 0;
	*modbus_fake_holding(fake, 116) = code;
	return 0;
}

const struct modbus_fake_device modbus_fake_netman = {
	.name = "modbus-netman",
	.unit = 1,
	.functions = MODBUS_FAKE_FUNCTION(3) | MODBUS_FAKE_FUNCTION(6) |
		     MODBUS_FAKE_FUNCTION(16),
	.cell = netman_cells,
	.cells = MODBUS_FAKE_COUNT(netman_cells),
	.written = netman_written,
};

/* Tripp Lite MODBUSCARD. */

/* clang-format off */
static const struct modbus_fake_cell tripplite_cells[] = {
	MODBUS_FAKE_HOLDING(0x300, 0), MODBUS_FAKE_HOLDING(0x301, 0),
	{ REGISTERS_COILS, 0x201, 1 }, { REGISTERS_COILS, 0x204, 0 },
	{ REGISTERS_COILS, 0x20a, 0 }, { REGISTERS_COILS, 0x20b, 1 },
};
/* clang-format on */

static int tripplite_written(struct modbus_fake *fake,
			     enum registers_table table, int address, int count)
{
	bool returns = *modbus_fake_at(fake, REGISTERS_COILS, 0x204);
	uint16_t off_s = *modbus_fake_holding(fake, 0x300);

	(void)table;
	(void)count;
	if (address == 0x300 && off_s > 0)
		line_fake_order(fake->ups, off_s,
				returns ? LINE_FAKE_WITH_MAINS
					: LINE_FAKE_STAYS_OFF,
				60 * *modbus_fake_holding(fake, 0x301));
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
	.functions = MODBUS_FAKE_FUNCTION(1) | MODBUS_FAKE_FUNCTION(3) |
		     MODBUS_FAKE_FUNCTION(5) | MODBUS_FAKE_FUNCTION(6),
	.cell = tripplite_cells,
	.cells = MODBUS_FAKE_COUNT(tripplite_cells),
	.written = tripplite_written,
};
