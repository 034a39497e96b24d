// SPDX-License-Identifier: MIT
/*
 * The driver of all that speaks Q*: what its sections say, and under which of
 * NUT's names.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/kconfig.h"
#include "qx/bridge.h"
#include "qx/line.h"
#include "qx/order.h"
#include "qx/scan.h"

/* Early firmware never comes back after R0001 or R0002. */
#define QX_ON_LEAST_MIN 3
#define QX_ON_MOST_MIN  9999
#define QX_OFF_LEAST_S  12

/** What a driver of NUT does that another one does not. */
struct qx_manner {
	char driver[12];
	char fixed[9];  /* an order that no key changes */
	uint8_t blazer; /* QX_OF_BLAZER or 0 */
	bool is_usb;
	bool is_either;     /* as the section says */
	uint8_t off_unit_s; /* of offdelay */
	uint8_t off_s;      /* without it */
	uint8_t on_unit_s;
	uint8_t on_min;
	uint8_t lines; /* of a cable that is not powered otherwise */
	uint8_t pace_ms;
	uint16_t settle_ms;
};

/* clang-format off */
static const struct qx_manner qx_manners[] = {
	{ .driver = "nutdrv_qx", .is_either = true, .off_unit_s = 1,
	  .off_s = 30, .on_unit_s = 1, .on_min = 3, .lines = SERIAL_DTR,
	  .settle_ms = 100 },
	{ .driver = "blazer_ser", .blazer = QX_OF_BLAZER, .off_unit_s = 1,
	  .off_s = 30, .on_unit_s = 60, .on_min = 3, .lines = SERIAL_DTR,
	  .settle_ms = 100 },
	{ .driver = "blazer_usb", .blazer = QX_OF_BLAZER, .is_usb = true,
	  .off_unit_s = 1, .off_s = 30, .on_unit_s = 60, .on_min = 3 },
	{ .driver = "megatec_usb", .blazer = QX_OF_BLAZER, .is_usb = true,
	  .off_unit_s = 60, .off_s = 0, .on_unit_s = 60, .on_min = 2 },
	{ .driver = "bestups", .fixed = "S01R0001", .pace_ms = 50,
	  .off_s = 60, .on_min = 1, .lines = SERIAL_DTR | SERIAL_RTS },
	{ .driver = "masterguard", .fixed = "S.2R0001", .off_s = 12,
	  .on_min = 1, .lines = SERIAL_DTR | SERIAL_RTS },
};
/* clang-format on */

struct qx_state {
	union {
		struct qx_port port;
		struct qx_line line;
		struct qx_bridge bridge;
	} at;
	const struct qx_manner *manner;
	struct qx_unit unit;
};

static const struct qx_manner *qx_find_manner(const struct ups *ups)
{
	const char *driver = ups_value(ups, "driver");
	size_t i = 0;

	while (driver && i + 1 < sizeof(qx_manners) / sizeof(qx_manners[0]) &&
	       strcmp(qx_manners[i].driver, driver) != 0)
		i++;
	return &qx_manners[i];
}

/** @key, unless NUT's `override.` @variable stands above it. */
static int qx_number(struct ups *ups, const char *variable, const char *key,
		     int missing, int max)
{
	char override[48];

	(void)snprintf(override, sizeof(override), "override.ups.delay.%s",
		       variable);
	missing = ups_number(ups, key, missing, 0, max);
	return ups_number(ups, override, missing, 0, max);
}

/** Everything is rounded up: never sooner than the section says. */
static void qx_read_delays(struct qx_state *state, struct ups *ups)
{
	const struct qx_manner *manner = state->manner;
	struct qx_unit *unit = &state->unit;
	int off_s = manner->off_s, on_s = manner->on_min * 60;

	if (unit->flags & QX_SLOW) {
		off_s = 60;
		on_s = 0;
	}
	if (!manner->fixed[0]) {
		off_s = qx_number(ups, "shutdown", "offdelay",
				  off_s / manner->off_unit_s,
				  unit->dialect->minutes * 60 /
					  manner->off_unit_s) *
			manner->off_unit_s;
		on_s = qx_number(ups, "start", "ondelay",
				 on_s / manner->on_unit_s,
				 QX_ON_MOST_MIN * 60 / manner->on_unit_s) *
		       manner->on_unit_s;
	}
	unit->off_s = qx_encode_off(off_s, unit->dialect->minutes, unit->n);
	unit->on_min = (on_s + 59) / 60;
	if (off_s < QX_OFF_LEAST_S)
		ups_note(ups, "[%s] offdelay: %d s is the least that is safe",
			 ups->name, unit->off_s);
	if (manner->fixed[0] || unit->on_min >= QX_ON_LEAST_MIN ||
	    (unit->on_min == 0 && !(unit->flags & QX_BARE_STAYS)))
		return;
	unit->on_min = QX_ON_LEAST_MIN;
	if (ups_value(ups, "ondelay"))
		ups_note(ups,
			 "[%s] ondelay: units are known that never return before 3 minutes; 3 are used",
			 ups->name);
}

/** The dialect that the section names, if it does; 0 or -EINVAL. */
static int qx_read_protocol(struct qx_state *state, struct ups *ups)
{
	const char *protocol = ups_value(ups, "protocol");
	struct qx_unit *unit = &state->unit;

	/* The old drivers know nothing else. */
	if (state->manner->fixed[0])
		protocol = state->manner->driver;
	if (!protocol || !*protocol)
		return 0;
	unit->dialect = qx_find_dialect(protocol);
	if (!unit->dialect ||
	    (state->manner->blazer && !(unit->dialect->flags & QX_OF_BLAZER)))
		return ups_fail(
			ups, -EINVAL,
			"[%s] protocol = %s (line %d) is none that %s speaks",
			ups->name, protocol,
			conf_value_line(ups->conf, ups->section, "protocol"),
			state->manner->driver);
	return 0;
}

static int qx_fail_no_cut(struct ups *ups, const char *name)
{
	return ups_fail(
		ups, -EOPNOTSUPP,
		"[%s] speaks %s, which has no command that switches the load off and on again",
		ups->name, name);
}

/** Find out what it speaks, unless that is known, and how it is. */
static int qx_meet(struct qx_state *state, struct ups *ups, deadline_t until)
{
	struct qx_unit *unit = &state->unit;
	struct qx_status status = { 0 };
	int ret = 0;

	if (!unit->dialect)
		unit->dialect = qx_detect(unit->port, state->manner->blazer,
					  &status, &ret, until);
	else if (!(unit->dialect->flags & QX_NO_CUT))
		ret = qx_await_status(unit->port, unit->dialect, &status, until);
	if (unit->dialect && unit->dialect->flags & QX_NO_CUT)
		return qx_fail_no_cut(ups, unit->dialect->name);
	if (!unit->dialect || ret < 0)
		return qx_fail(unit, ret);
	unit->flags |= unit->dialect->flags;
	unit->trusts_bit =
		!ups_value(ups, "ignoresab") && !ups_value(ups, "ignoreoff");
	unit->was_active = status.is_active && unit->trusts_bit;
	if (unit->was_active)
		ups_note(ups, "[%s] counts down already, or is off", ups->name);
	return 0;
}

static void qx_close(struct ups *ups)
{
	struct qx_state *state = ups->state;

	if (state->at.port.ops)
		state->at.port.ops->close(&state->at.port);
	state->at.port.ops = NULL;
}

/** As NUT decides it. */
static bool qx_is_usb(const struct qx_manner *manner, const struct ups *ups)
{
	static const char keys[][11] = {
		"subdriver", "vendorid", "productid", "vendor",
		"product",   "serial",   "bus",       "langid_fix",
	};
	const char *port = ups_value(ups, "port");

	if (manner->is_usb || !manner->is_either)
		return manner->is_usb;
	if (port && *port && *port != '/')
		return true;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (ups_value(ups, keys[i]))
			return true;
	}
	return false;
}

static int qx_open_bridge(struct qx_state *state, struct ups *ups,
			  deadline_t until)
{
	struct qx_unit *unit = &state->unit;
	const struct qx_way_row *row;
	int ret = qx_bridge_open(&state->at.bridge, ups, until);

	if (ret < 0)
		return ret;
	row = state->at.bridge.row;
	unit->flags = row->limits;
	if (row->limits & QX_NO_CUT)
		return qx_fail_no_cut(ups, row->name);
	if (!unit->dialect && row->dialect[0])
		unit->dialect = qx_find_dialect(row->dialect);
	return 0;
}

static int qx_open_port(struct qx_state *state, struct ups *ups,
			deadline_t until)
{
	const struct qx_manner *manner = state->manner;

	if (!qx_is_usb(manner, ups))
		return qx_line_open(&state->at.line, ups, manner->lines,
				    manner->settle_ms, manner->pace_ms, until);
	if (IS_ENABLED(CONFIG_QX_USB))
		return qx_open_bridge(state, ups, until);
	return ups_fail(
		ups, -EOPNOTSUPP,
		"[%s] is on the USB, and this lastwatt was built without the bridges of Q*",
		ups->name);
}

static int qx_open(struct ups *ups, deadline_t until)
{
	struct qx_state *state = ups->state;
	int ret;

	state->manner = qx_find_manner(ups);
	state->unit.ups = ups;
	state->unit.fixed = state->manner->fixed;
	state->unit.port = &state->at.port;
	ret = qx_read_protocol(state, ups);
	if (ret == 0)
		ret = qx_open_port(state, ups, until);
	if (ret == 0)
		ret = qx_meet(state, ups, until);
	if (ret < 0) {
		qx_close(ups);
		return ret;
	}
	qx_read_delays(state, ups);
	return 0;
}

static int qx_cut(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	struct qx_state *state = ups->state;

	/* NUT's flag for what its driver does when nothing else is said. */
	if (cut->wanted == UPS_RETURN && !cut->exact && ups_value(ups, "stayoff"))
		cut->wanted = UPS_STAYOFF;
	/* If all else fails it comes back soon. */
	if (cut->least_s && state->unit.on_min)
		state->unit.on_min = QX_ON_LEAST_MIN;
	return qx_order_cut(&state->unit, cut, until);
}

static int qx_status(struct ups *ups, struct ups_status *status,
		     deadline_t until)
{
	struct qx_state *state = ups->state;
	struct qx_status seen;
	int ret = qx_await_status(state->unit.port, state->unit.dialect, &seen,
				  until);

	if (ret < 0)
		return qx_fail(&state->unit, ret);
	*status = (struct ups_status){
		.mains = seen.on_battery ? UPS_MAINS_ABSENT : UPS_MAINS_PRESENT,
		.battery_low = seen.battery_low,
		.off_after_s = UPS_UNKNOWN_S, /* it does not say when */
	};
	return 0;
}

static int qx_cancel(struct ups *ups, deadline_t until)
{
	struct qx_state *state = ups->state;

	return qx_order_cancel(&state->unit, until);
}

static const char *const qx_nut_names[] = {
	"nutdrv_qx", "blazer_ser",  "blazer_usb", "megatec_usb",
	"bestups",   "masterguard", NULL,
};

static const struct ups_driver qx_driver = {
	.name = "qx",
	.summary = "Megatec, Voltronic, Mecer and their like",
	.nut_names = qx_nut_names,
	.rehearses = true,
	.state_size = sizeof(struct qx_state),
	.open = qx_open,
	.cut = qx_cut,
	.status = qx_status,
	.cancel = qx_cancel,
	.scan = IS_ENABLED(CONFIG_SCAN) && IS_ENABLED(CONFIG_QX_USB) ? qx_scan
								     : NULL,
	.close = qx_close,
};

UPS_DRIVER(qx_driver);
