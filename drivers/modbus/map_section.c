// SPDX-License-Identifier: MIT
/* From a section, and the row it means, to the lines of a device's commands. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "modbus/map.h"
#include "modbus/section.h"

#define MAP_GAP_MS 35

/* How a section of driver = modbus calls them. */
static const char *const map_names[MODBUS_LINES] = {
	[MODBUS_RETURN] = "return",     [MODBUS_STAYOFF] = "stayoff",
	[MODBUS_OFF] = "off",           [MODBUS_REBOOT] = "reboot",
	[MODBUS_CANCEL] = "cancel",     [MODBUS_GUARD] = "guard",
	[MODBUS_BATTERY] = "onbattery", [MODBUS_LOW] = "lowbattery",
};

static bool map_is(const struct ups *ups, const char *driver)
{
	return !strcmp(ups_value(ups, "driver"), driver);
}

/** A number as strtol() has it with a base of 0, which NUT uses for these. */
static long map_number(const struct ups *ups, const char *key, long missing)
{
	const char *value = ups_value(ups, key);

	return value ? strtol(value, NULL, 0) : missing;
}

/** The table that X_regtype means, or @missing. */
static char map_table(const struct ups *ups, const char *key, char missing)
{
	long number = map_number(ups, key, -1);

	return number >= REGISTERS_COILS && number <= REGISTERS_HOLDING
		       ? "cdih"[number]
		       : missing;
}

/** Which value means that a contact is on. */
static int map_on(const struct ups *ups, const char *key)
{
	return map_number(ups, key, 0) != 1;
}

/** generic_modbus: lines from its own keys. */
static int map_make_lines(struct ups *ups, struct map_state *state)
{
	long address = map_number(ups, "FSD_addr", -1);
	char table = map_table(ups, "FSD_regtype", 'c');
	int on = map_on(ups, "FSD_noro");
	int pulse_ms = ups_number(ups, "FSD_pulse_duration", -1, -1, 10000);
	char *made = state->made[0];

	if (address < 0 || address > 0xffff || table == 'd' || table == 'i')
		return ups_fail(
			ups, -EOPNOTSUPP,
			"[%s] has no FSD_addr of a coil or a holding register",
			ups->name);
	(void)snprintf(made, MODBUS_LINE_MAX, "%c%ld=%d", table, address, on);
	if (pulse_ms >= 0)
		(void)snprintf(made + strlen(made),
			       MODBUS_LINE_MAX - strlen(made), " %dms %c%ld=%d",
			       pulse_ms, table, address, !on);
	state->line[MODBUS_STAYOFF] = made;
	made = state->made[1];
	if (ups_value(ups, "OL_addr")) {
		(void)snprintf(made, MODBUS_LINE_MAX, "%c%d?%d",
			       map_table(ups, "OL_regtype", 'd'),
			       (int)map_number(ups, "OL_addr", 0) & 0xffff,
			       !map_on(ups, "OL_noro"));
		state->line[MODBUS_BATTERY] = made;
	} else if (ups_value(ups, "OB_addr")) {
		(void)snprintf(made, MODBUS_LINE_MAX, "%c%d?%d",
			       map_table(ups, "OB_regtype", 'd'),
			       (int)map_number(ups, "OB_addr", 0) & 0xffff,
			       map_on(ups, "OB_noro"));
		state->line[MODBUS_BATTERY] = made;
	}
	return 0;
}

/** Each line of it can be read? */
static int map_check_lines(struct ups *ups, const struct map_state *state)
{
	bool has_command = false;

	for (int i = 0; i < MODBUS_LINES; i++) {
		const char *line = state->line[i];
		struct modbus_step step;
		int ret = 0;

		if (!line)
			continue;
		has_command |= i <= MODBUS_REBOOT;
		do {
			ret = modbus_next_step(&line, &state->delays, &step);
		} while (ret > 0);
		if (ret < 0 && !*line)
			return ups_fail(
				ups, ret,
				"[%s] %s = … ends too early: the whole of it belongs in quotes",
				ups->name, map_names[i]);
		if (ret < 0)
			return ups_fail(ups, ret,
					"[%s] %s = … cannot be read at \"%.30s\"",
					ups->name, map_names[i], line);
	}
	return has_command ? 0
			   : ups_fail(ups, -EOPNOTSUPP,
				      "[%s] names no model and no command",
				      ups->name);
}

static int map_delay(struct ups *ups, const char *key,
		     const struct modbus_range *range)
{
	return range->max ? ups_number(ups, key, range->missing, range->min,
				       range->max)
			  : 0;
}

static int map_read(struct ups *ups, struct map_state *state,
		    struct registers_settings *settings)
{
	const char *name = ups_value(ups, "driver");
	const char *model = ups_value(ups, "model");
	const struct modbus_row *row;
	bool is_ours = map_is(ups, "modbus");

	if (is_ours && model)
		name = model;
	row = modbus_find_row(name);
	if (!row)
		return ups_fail(ups, -EINVAL, "[%s] model = %.60s is not known",
				ups->name, name);
	*settings = (struct registers_settings){
		.serial = { .speed = 9600, .lines = row->lines },
		.unit = row->unit,
		.answer_ms = row->answer_ms,
		.gap_ms = MAP_GAP_MS,
	};
	state->delays.off_s = map_delay(ups, "offdelay", &row->off);
	state->delays.on_s = map_delay(ups, "ondelay", &row->on);
	for (int i = 0; i < MODBUS_LINES; i++) {
		const char *own = is_ours ? ups_value(ups, map_names[i]) : NULL;

		state->line[i] = own && *own ? own : row->line[i];
	}
	if (map_is(ups, "generic_modbus")) {
		modbus_read_section(ups, MODBUS_SER, "rio_slave_id", settings);
		return map_make_lines(ups, state);
	}
	if (map_is(ups, "adelsystem_cbi"))
		modbus_read_section(ups, MODBUS_SER, "dev_slave_id", settings);
	else if (is_ours)
		modbus_read_section(ups, MODBUS_APC, "slaveid", settings);
	return 0;
}

int modbus_read_map(struct ups *ups, struct map_state *state,
		    struct registers_settings *settings)
{
	int ret = map_read(ups, state, settings);

	return ret < 0 ? ret : map_check_lines(ups, state);
}

#define MAP_STATE(name) name "_addr", name "_regtype", name "_noro"

const char *const modbus_map_keys[] = {
	MODBUS_APC_KEYS,
	MODBUS_SER_KEYS,
	"offdelay",
	"ondelay",
	"rebootdelay",
	"rio_slave_id",
	"dev_slave_id",
	"device_mfr",
	"device_model",
	"model",
	"return",
	"stayoff",
	"off",
	"reboot",
	"cancel",
	"guard",
	"onbattery",
	"lowbattery",
	"FSD_pulse_duration",
	MAP_STATE("FSD"),
	MAP_STATE("OL"),
	MAP_STATE("OB"),
	MAP_STATE("LB"),
	MAP_STATE("HB"),
	MAP_STATE("RB"),
	MAP_STATE("CHRG"),
	MAP_STATE("DISCHRG"),
	NULL,
};
