/* SPDX-License-Identifier: MIT */
/*
 * UPSes whose registers are data: for each command a line of steps, which a
 * section can write itself (README.md).
 *
 *   h11044=1     write: c coil, h holding register, H the same by function 16
 *   h113=off     ... the section's offdelay or ondelay: off, on/60, off*10/60
 *   H1538=0,8    ... several from there on
 *   h45&2?2      must show that, by and by: also d and i, which cannot be
 *                written; &MASK and a range LOW-HIGH as well
 *   h45&2~2      the same, but one that never shows it may have done it
 *   150ms        wait
 *
 * Numbers are decimal, or 0x and hexadecimal.
 */
#ifndef MODBUS_MAP_H
#define MODBUS_MAP_H

#include "link/registers.h"

#define MODBUS_VALUES_MAX 4
#define MODBUS_LINE_MAX   48 /* of one that is made of other keys */

enum modbus_step_kind {
	MODBUS_WRITE,
	MODBUS_WRITE_BLOCK,
	MODBUS_TEST,
	MODBUS_WAIT,
};

struct modbus_step {
	enum modbus_step_kind kind;
	enum registers_table table;
	int address;
	int count;
	uint16_t value[MODBUS_VALUES_MAX];
	uint16_t mask, low, high; /* of a test */
	bool is_lenient;          /* ... with ~ */
	int ms;
	/* The delays that are written, as the device has them; or unknown. */
	int off_s, on_s;
};

struct modbus_delays {
	int off_s, on_s;
};

/**
 * The next step of *@line, which is moved on. Returns 1, 0 at the end, or
 * -EINVAL for what is none.
 */
int modbus_next_step(const char **line, const struct modbus_delays *delays,
		     struct modbus_step *step);

/** What can be said of a device; the first four are enum ups_command. */
enum modbus_line {
	MODBUS_RETURN,
	MODBUS_STAYOFF,
	MODBUS_OFF,
	MODBUS_REBOOT,
	MODBUS_CANCEL,
	MODBUS_GUARD,   /* must hold, or it is another device */
	MODBUS_BATTERY, /* holds when it is on battery */
	MODBUS_LOW,     /* holds when the battery is low */
	MODBUS_LINES,
};

/** A delay of a section: what it is without, and how far it may go. */
struct modbus_range {
	uint16_t missing, min, max; /* max 0: it has none */
};

/** One sort of device. */
struct modbus_row {
	const char *name;
	uint16_t answer_ms;
	uint8_t unit;
	uint8_t lines; /* outputs that are on, of a serial port */
	struct modbus_range off, on;
	const char *line[MODBUS_LINES];
};

/** What the driver has of a section. */
struct map_state {
	struct registers *registers;
	struct modbus_delays delays;
	const char *line[MODBUS_LINES];
	char made[2][MODBUS_LINE_MAX]; /* lines of generic_modbus */
};

/** The row of @name, or NULL. */
const struct modbus_row *modbus_find_row(const char *name);

/** Fill @state and @settings from the section; a sentence is stored. */
int modbus_read_map(struct ups *ups, struct map_state *state,
		    struct registers_settings *settings);

/** The keys of all these sections. */
extern const char *const modbus_map_keys[];

#endif
