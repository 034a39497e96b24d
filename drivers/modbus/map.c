// SPDX-License-Identifier: MIT
/* Commands Modbus UPSes whose registers are data: rows.c, or the section. */
#include "modbus/map.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "modbus/section.h"

#define MAP_GAP_MS  35
#define MAP_LOOKS   10
#define MAP_LOOK_MS 200
#define MAP_TEXT    48

struct map_state {
	struct registers *registers;
	struct modbus_delays delays;
	const char *line[MODBUS_LINES];
	char made[2][MAP_TEXT]; /* lines of generic_modbus */
};

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
	(void)snprintf(made, MAP_TEXT, "%c%ld=%d", table, address, on);
	if (pulse_ms >= 0)
		(void)snprintf(made + strlen(made), MAP_TEXT - strlen(made),
			       " %dms %c%ld=%d", pulse_ms, table, address, !on);
	state->line[MODBUS_STAYOFF] = made;
	made = state->made[1];
	if (ups_value(ups, "OL_addr")) {
		(void)snprintf(made, MAP_TEXT, "%c%d?%d",
			       map_table(ups, "OL_regtype", 'd'),
			       (int)map_number(ups, "OL_addr", 0) & 0xffff,
			       !map_on(ups, "OL_noro"));
		state->line[MODBUS_BATTERY] = made;
	} else if (ups_value(ups, "OB_addr")) {
		(void)snprintf(made, MAP_TEXT, "%c%d?%d",
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

static int map_read_section(struct ups *ups, struct map_state *state,
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

/** 1 if it shows what @step wants, 0 if not, or an error. */
static int map_test(struct map_state *state, const struct modbus_step *step,
		    uint16_t *value, deadline_t until)
{
	int ret = registers_read(state->registers, step->table, step->address,
				 1, value, until);

	if (ret < 0)
		return ret;
	return (*value & step->mask) >= step->low &&
	       (*value & step->mask) <= step->high;
}

/** Do all tests of @line hold? 1, 0, or an error; *@failed is the one. */
static int map_holds(struct map_state *state, const char *line,
		     struct modbus_step *failed, uint16_t *value,
		     deadline_t until)
{
	int ret = 1;

	while (ret > 0 && modbus_next_step(&line, &state->delays, failed) > 0) {
		if (failed->kind == MODBUS_TEST)
			ret = map_test(state, failed, value, until);
	}
	return ret;
}

static void map_close(struct ups *ups)
{
	struct map_state *state = ups->state;

	registers_close(state->registers);
	state->registers = NULL;
}

/** Somebody is there, and is no other sort of device. */
static int map_probe(struct ups *ups, deadline_t until)
{
	struct map_state *state = ups->state;
	const char *line = state->line[MODBUS_GUARD]
				   ? state->line[MODBUS_GUARD]
				   : state->line[MODBUS_BATTERY];
	struct modbus_step step;
	uint16_t value = 0;
	int ret = line ? map_holds(state, line, &step, &value, until) : 1;

	if (ret == 0 && state->line[MODBUS_GUARD])
		return ups_fail(ups, -EPROTO,
				"[%s] is another device: its register %d has %d",
				ups->name, step.address, value);
	return ret < 0 ? registers_fail(state->registers, ret) : 0;
}

static int map_open(struct ups *ups, deadline_t until)
{
	struct map_state *state = ups->state;
	struct registers_settings settings;
	int ret = map_read_section(ups, state, &settings);

	if (ret == 0)
		ret = map_check_lines(ups, state);
	if (ret == 0)
		ret = registers_open(&state->registers, ups, &settings, until);
	if (ret < 0)
		return ret;
	ret = map_probe(ups, until);
	if (ret < 0)
		map_close(ups);
	return ret;
}

/** Look by and by; 1 if it came true, 0 if not, -ETIMEDOUT for silence. */
static int map_wait_for(struct map_state *state, const struct modbus_step *step,
			uint16_t *value, deadline_t until)
{
	int ret = 0;

	for (int i = 0; i < MAP_LOOKS; i++) {
		ret = map_test(state, step, value, until);
		if (ret != 0 || clock_sleep_ms(MAP_LOOK_MS, until) < 0)
			break;
	}
	return ret;
}

static int map_write(struct map_state *state, const struct modbus_step *step,
		     deadline_t until)
{
	if (step->kind == MODBUS_WRITE_BLOCK)
		return registers_write_block(state->registers, step->address,
					     step->count, step->value, until);
	return registers_write(state->registers, step->table, step->address,
			       step->value[0], until);
}

/** What a test in a command says of the cut. */
static int map_judge(struct ups *ups, struct ups_cut *cut,
		     const struct modbus_step *step, bool has_written,
		     deadline_t until)
{
	struct map_state *state = ups->state;
	uint16_t value = 0;
	int ret = has_written ? map_wait_for(state, step, &value, until)
			      : map_test(state, step, &value, until);

	if (!has_written && ret < 0)
		return registers_fail(state->registers, ret);
	if (!has_written && ret == 0)
		return ups_fail(
			ups, -EOPNOTSUPP,
			"[%s] takes no command now: its register %d has %d",
			ups->name, step->address, value);
	if (has_written && ret > 0)
		cut->proof = UPS_VERIFIED;
	if (ret == 0 && !step->is_lenient)
		return ups_fail(
			ups, -EPROTO,
			"[%s] acknowledged the command, but its register %d has %d",
			ups->name, step->address, value);
	/* Whoever is silent now may be off already. */
	return 0;
}

static int map_run(struct ups *ups, const char *line, struct ups_cut *cut,
		   deadline_t until)
{
	struct map_state *state = ups->state;
	struct modbus_step step;
	bool has_written = false;
	int ret = 0;

	cut->proof = UPS_SENT;
	while (ret == 0 && modbus_next_step(&line, &state->delays, &step) > 0) {
		switch (step.kind) {
		case MODBUS_WAIT:
			ret = clock_sleep_ms(step.ms, until);
			if (ret < 0)
				(void)registers_fail(state->registers, ret);
			break;
		case MODBUS_TEST:
			ret = map_judge(ups, cut, &step, has_written, until);
			break;
		default:
			has_written = true;
			ret = map_write(state, &step, until);
			if (ret < 0)
				(void)registers_fail(state->registers, ret);
			if (step.off_s != UPS_UNKNOWN_S)
				cut->off_after_s = step.off_s;
			if (step.on_s != UPS_UNKNOWN_S)
				cut->on_after_s = step.on_s;
		}
	}
	return ret;
}

/** The command to be had that comes nearest; -1 if there is none. */
static int map_find_command(const struct map_state *state,
			    enum ups_command wanted)
{
	static const uint8_t order[][4] = {
		[UPS_RETURN] = { UPS_RETURN, UPS_REBOOT, UPS_STAYOFF, UPS_OFF },
		[UPS_STAYOFF] = { UPS_STAYOFF, UPS_OFF, UPS_RETURN, UPS_REBOOT },
		[UPS_OFF] = { UPS_OFF, UPS_STAYOFF, UPS_RETURN, UPS_REBOOT },
		[UPS_REBOOT] = { UPS_REBOOT, UPS_RETURN, UPS_STAYOFF, UPS_OFF },
	};

	for (int i = 0; i < 4; i++) {
		if (state->line[order[wanted][i]])
			return order[wanted][i];
	}
	return -1;
}

static int map_cut(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	struct map_state *state = ups->state;
	int command = map_find_command(state, cut->wanted), ret;

	if (command < 0)
		return ups_fail(ups, -EOPNOTSUPP, "[%s] has no command",
				ups->name);
	ret = ups_give(ups, cut, (enum ups_command)command);
	if (ret < 0)
		return ret;
	(void)snprintf(cut->how, sizeof(cut->how), "Modbus registers");
	return map_run(ups, state->line[command], cut, until);
}

static int map_cancel(struct ups *ups, deadline_t until)
{
	struct map_state *state = ups->state;
	struct ups_cut unused;

	if (!state->line[MODBUS_CANCEL])
		return ups_fail(ups, -EOPNOTSUPP,
				"[%s] has no command that cancels", ups->name);
	return map_run(ups, state->line[MODBUS_CANCEL], &unused, until);
}

static int map_status(struct ups *ups, struct ups_status *status,
		      deadline_t until)
{
	struct map_state *state = ups->state;
	const char *const *line = state->line;
	struct modbus_step step;
	uint16_t value;
	int ret = 0;

	*status = (struct ups_status){ .off_after_s = UPS_UNKNOWN_S };
	if (line[MODBUS_BATTERY]) {
		ret = map_holds(state, line[MODBUS_BATTERY], &step, &value,
				until);
		status->mains = ret > 0 ? UPS_MAINS_ABSENT : UPS_MAINS_PRESENT;
	}
	if (ret >= 0 && line[MODBUS_LOW]) {
		ret = map_holds(state, line[MODBUS_LOW], &step, &value, until);
		status->battery_low = ret > 0;
	}
	return ret < 0 ? registers_fail(state->registers, ret) : 0;
}

static const char *const map_nut_names[] = {
	"huawei-ups2000", "adelsystem_cbi", "must_ep2000pro",
	"generic_modbus", "modbus",         NULL,
};

#define MAP_STATE(name) name "_addr", name "_regtype", name "_noro"

static const char *const map_keys[] = {
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

static const struct ups_driver map_driver = {
	.name = "modbus",
	.summary =
		"Huawei, ADELSYSTEM, MUST and any Modbus registers that a section names",
	.nut_names = map_nut_names,
	.state_size = sizeof(struct map_state),
	.keys = map_keys,
	.open = map_open,
	.cut = map_cut,
	.status = map_status,
	.cancel = map_cancel,
	.find_host = registers_find_host,
	.close = map_close,
};

UPS_DRIVER(map_driver);
