// SPDX-License-Identifier: MIT
/* The emulated APC Smart-UPS: its registers, and what it does. */
#include "modbus/modbus_fake.h"

/* With a main group of outlets and one that is switched. */

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

/* clang-format off */
static const struct modbus_fake_cell apc_cells[] = {
	/* Status of UPS, main group, three others, simple signalling … */
	MODBUS_FAKE_HOLDING(0, 0), MODBUS_FAKE_HOLDING(1, 0),
	MODBUS_FAKE_HOLDING(2, 0), MODBUS_FAKE_HOLDING(3, 0),
	MODBUS_FAKE_HOLDING(4, 1), MODBUS_FAKE_HOLDING(5, 0),
	MODBUS_FAKE_HOLDING(6, 0), MODBUS_FAKE_HOLDING(7, 1),
	MODBUS_FAKE_HOLDING(8, 0), MODBUS_FAKE_HOLDING(9, 0),
	MODBUS_FAKE_HOLDING(10, 0), MODBUS_FAKE_HOLDING(11, 0),
	MODBUS_FAKE_HOLDING(12, 0), MODBUS_FAKE_HOLDING(13, 0),
	MODBUS_FAKE_HOLDING(14, 0), MODBUS_FAKE_HOLDING(15, 0),
	MODBUS_FAKE_HOLDING(16, 0), MODBUS_FAKE_HOLDING(17, 0),
	MODBUS_FAKE_HOLDING(18, 0), MODBUS_FAKE_HOLDING(19, 0),
	MODBUS_FAKE_HOLDING(20, 0), MODBUS_FAKE_HOLDING(21, 0),
	MODBUS_FAKE_HOLDING(22, 0), MODBUS_FAKE_HOLDING(23, 0),
	MODBUS_FAKE_HOLDING(24, 0), MODBUS_FAKE_HOLDING(25, 0),
	MODBUS_FAKE_HOLDING(26, 0),
	/* Countdowns of the two groups. */
	MODBUS_FAKE_HOLDING(155, 0xffff),
	MODBUS_FAKE_HOLDING(156, 0xffff),
	MODBUS_FAKE_HOLDING(157, 0xffff),
	MODBUS_FAKE_HOLDING(158, 0xffff),
	MODBUS_FAKE_HOLDING(159, 0xffff),
	MODBUS_FAKE_HOLDING(160, 0xffff),
	MODBUS_FAKE_HOLDING(161, 0xffff),
	MODBUS_FAKE_HOLDING(162, 0xffff),
	/* The inventory, and in it which groups there are. */
	MODBUS_FAKE_BLANKS(516), MODBUS_FAKE_BLANKS(521),
	MODBUS_FAKE_BLANKS(526), MODBUS_FAKE_BLANKS(531),
	MODBUS_FAKE_BLANKS(536), MODBUS_FAKE_BLANKS(541),
	MODBUS_FAKE_BLANKS(546), MODBUS_FAKE_BLANKS(551),
	MODBUS_FAKE_BLANKS(556), MODBUS_FAKE_BLANKS(561),
	MODBUS_FAKE_BLANKS(566), MODBUS_FAKE_BLANKS(571),
	MODBUS_FAKE_BLANKS(576), MODBUS_FAKE_BLANKS(581),
	MODBUS_FAKE_BLANKS(591), MODBUS_FAKE_BLANKS(596),
	MODBUS_FAKE_BLANKS(601), MODBUS_FAKE_BLANKS(606),
	MODBUS_FAKE_BLANKS(611), MODBUS_FAKE_BLANKS(616),
	MODBUS_FAKE_BLANKS(621), MODBUS_FAKE_BLANKS(626),
	MODBUS_FAKE_BLANKS(631),
	MODBUS_FAKE_HOLDING(586, 0), MODBUS_FAKE_HOLDING(587, 0),
	MODBUS_FAKE_HOLDING(588, 0), MODBUS_FAKE_HOLDING(589, 0),
	MODBUS_FAKE_HOLDING(590, 3),
	/* Commands. */
	MODBUS_FAKE_HOLDING(1538, 0), MODBUS_FAKE_HOLDING(1539, 0),
	MODBUS_FAKE_HOLDING(1540, 0),
	/* "12345678" */
	MODBUS_FAKE_HOLDING(2048, 0), MODBUS_FAKE_HOLDING(2049, 1),
	MODBUS_FAKE_HOLDING(2050, 0x3132),
	MODBUS_FAKE_HOLDING(2051, 0x3334),
	MODBUS_FAKE_HOLDING(2052, 0x3536),
	MODBUS_FAKE_HOLDING(2053, 0x3738),
};
/* clang-format on */

static void apc_refresh(struct modbus_fake *fake)
{
	bool is_off = line_fake_is_off(fake->ups);
	int left_s = line_fake_left_s(fake->ups);
	bool is_pending = left_s >= 0 && !is_off;

	*modbus_fake_holding(fake, 1) =
		(uint16_t)((is_off             ? 1 << 4
			    : fake->ups->mains ? 1 << 1
					       : 1 << 2) |
			   (is_pending ? 1 << 9 : 0));
	*modbus_fake_holding(fake, 4) =
		(uint16_t)((is_off ? 0 : 1) | (is_pending ? 1 << 3 : 0));
	*modbus_fake_holding(fake, 7) = *modbus_fake_holding(fake, 4);
	*modbus_fake_holding(fake, 155) =
		(uint16_t)(is_pending ? left_s : 0xffff);
	*modbus_fake_holding(fake, 159) = *modbus_fake_holding(fake, 155);
}

static int apc_obey_outlets(struct modbus_fake *fake)
{
	uint32_t command = (uint32_t)*modbus_fake_holding(fake, 1538) << 16 |
			   *modbus_fake_holding(fake, 1539);
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
	if (address == 1540 && *modbus_fake_holding(fake, 1540) == 1)
		line_fake_order(fake->ups, APC_OFF_S, LINE_FAKE_WITH_MAINS,
				APC_ON_S);
	else if (address == 1540 && *modbus_fake_holding(fake, 1540) == 2)
		line_fake_order(fake->ups, 0, LINE_FAKE_STAYS_OFF, 0);
	else
		return 3;
	return 0;
}

const struct modbus_fake_device modbus_fake_apc = {
	.name = "modbus-apc",
	.unit = 1,
	.functions = MODBUS_FAKE_FUNCTION(3) | MODBUS_FAKE_FUNCTION(6) |
		     MODBUS_FAKE_FUNCTION(16),
	.cell = apc_cells,
	.cells = MODBUS_FAKE_COUNT(apc_cells),
	.refresh = apc_refresh,
	.written = apc_written,
};
