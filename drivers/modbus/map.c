// SPDX-License-Identifier: MIT
/* Commands Modbus UPSes whose registers are data: rows.c, or the section. */
#include "modbus/map.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define MAP_LOOKS   10
#define MAP_LOOK_MS 200

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
	int ret = modbus_read_map(ups, state, &settings);

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

/** To rehearse: how late, if it is told that and shows that it was cancelled. */
static int map_off_s(const struct map_state *state, int command)
{
	const char *cancel = state->line[MODBUS_CANCEL];

	return cancel && strchr(cancel, '?') &&
			       strstr(state->line[command], "=off")
		       ? state->delays.off_s
		       : UPS_UNKNOWN_S;
}

static int map_cut(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	struct map_state *state = ups->state;
	int command = map_find_command(state, cut->wanted), ret;

	if (command < 0)
		return ups_fail(ups, -EOPNOTSUPP, "[%s] has no command",
				ups->name);
	ret = ups_give_after(ups, cut, (enum ups_command)command,
			     map_off_s(state, command));
	if (ret < 0)
		return ret;
	(void)snprintf(cut->how, sizeof(cut->how), "Modbus registers");
	return map_run(ups, state->line[command], cut, until);
}

static int map_cancel(struct ups *ups, deadline_t until)
{
	struct map_state *state = ups->state;
	struct ups_cut shown;
	int ret;

	if (!state->line[MODBUS_CANCEL])
		return ups_fail(ups, -EOPNOTSUPP,
				"[%s] has no command that cancels", ups->name);
	ret = map_run(ups, state->line[MODBUS_CANCEL], &shown, until);
	return ret < 0 ? ret : shown.proof == UPS_VERIFIED;
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

static const struct ups_driver map_driver = {
	.name = "modbus",
	.summary =
		"Huawei, ADELSYSTEM, MUST and any Modbus registers that a section names",
	.nut_names = map_nut_names,
	.rehearses = true,
	.state_size = sizeof(struct map_state),
	.keys = modbus_map_keys,
	.open = map_open,
	.cut = map_cut,
	.status = map_status,
	.cancel = map_cancel,
	.find_host = registers_find_host,
	.close = map_close,
};

UPS_DRIVER(map_driver);
