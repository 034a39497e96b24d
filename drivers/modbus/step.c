// SPDX-License-Identifier: MIT
/* Reads the steps of a Modbus device's commands. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "modbus/map.h"

#define STEP_WORD_MAX    0xffff
#define STEP_NUMBER_MAX  1000000
#define STEP_WAIT_MAX_MS 10000

/** A number at *@at; -1 if there is none. */
static long step_take_number(const char **at)
{
	char *end;
	long number;

	if (!isdigit((unsigned char)**at))
		return -1;
	number = strtol(*at, &end, strncmp(*at, "0x", 2) ? 10 : 16);
	if (number < 0 || number > STEP_NUMBER_MAX)
		return -1;
	*at = end;
	return number;
}

static bool step_take_word(const char **at, const char *word)
{
	size_t len = strlen(word);

	if (strncmp(*at, word, len) != 0 || isalpha((unsigned char)(*at)[len]))
		return false;
	*at += len;
	return true;
}

/**
 * A value: a number or a delay, times and over something. Of a delay what
 * is written as a value, in seconds again, goes to *@off_s or *@on_s.
 */
static int step_take_value(const char **at, const struct modbus_delays *delays,
			   struct modbus_step *step, uint16_t *to)
{
	int *granted = NULL;
	long value, times = 1, over = 1;

	if (step_take_word(at, "off")) {
		value = delays->off_s;
		granted = &step->off_s;
	} else if (step_take_word(at, "on")) {
		value = delays->on_s;
		granted = &step->on_s;
	} else {
		value = step_take_number(at);
	}
	if (**at == '*') {
		++*at;
		times = step_take_number(at);
	}
	if (**at == '/') {
		++*at;
		over = step_take_number(at);
	}
	if (value < 0 || times < 1 || over < 1 || times > STEP_WORD_MAX)
		return -EINVAL;
	value = value * times / over;
	if (value > STEP_WORD_MAX && !granted)
		return -EINVAL;
	if (value > STEP_WORD_MAX)
		value = STEP_WORD_MAX;
	if (granted)
		*granted = (int)(value * over / times);
	*to = (uint16_t)value;
	return 0;
}

static int step_take_values(const char **at, const struct modbus_delays *delays,
			    struct modbus_step *step)
{
	do {
		++*at; /* = or , */
		if (step->count == MODBUS_VALUES_MAX ||
		    step_take_value(at, delays, step,
				    &step->value[step->count]) < 0)
			return -EINVAL;
		step->count++;
	} while (**at == ',');
	return step->kind == MODBUS_WRITE && step->count > 1 ? -EINVAL : 0;
}

static int step_take_test(const char **at, const struct modbus_delays *delays,
			  struct modbus_step *step)
{
	struct modbus_step unused; /* a test grants nothing */
	long mask = STEP_WORD_MAX;

	if (**at == '&') {
		++*at;
		mask = step_take_number(at);
	}
	if (mask < 0 || mask > STEP_WORD_MAX || (**at != '?' && **at != '~'))
		return -EINVAL;
	step->kind = MODBUS_TEST;
	step->mask = (uint16_t)mask;
	step->is_lenient = **at == '~';
	++*at;
	if (step_take_value(at, delays, &unused, &step->low) < 0)
		return -EINVAL;
	step->high = step->low;
	if (**at == '-') {
		++*at;
		return step_take_value(at, delays, &unused, &step->high);
	}
	return 0;
}

static int step_take_table(const char **at, struct modbus_step *step)
{
	static const char letters[] = "cdih";
	const char *letter = strchr(letters, **at);

	step->kind = MODBUS_WRITE;
	if (**at == 'H') {
		step->kind = MODBUS_WRITE_BLOCK;
		step->table = REGISTERS_HOLDING;
	} else if (letter && *letter) {
		step->table = (enum registers_table)(letter - letters);
	} else {
		return -EINVAL;
	}
	++*at;
	return 0;
}

static int step_take(const char **at, const struct modbus_delays *delays,
		     struct modbus_step *step)
{
	long number = step_take_number(at);

	if (number >= 0) {
		step->kind = MODBUS_WAIT;
		step->ms = (int)number;
		return step_take_word(at, "ms") && number <= STEP_WAIT_MAX_MS
			       ? 0
			       : -EINVAL;
	}
	if (step_take_table(at, step) < 0)
		return -EINVAL;
	number = step_take_number(at);
	if (number < 0 || number > STEP_WORD_MAX)
		return -EINVAL;
	step->address = (int)number;
	if (**at != '=')
		return step_take_test(at, delays, step);
	if (step->table == REGISTERS_BITS || step->table == REGISTERS_INPUT)
		return -EINVAL;
	return step_take_values(at, delays, step);
}

int modbus_next_step(const char **line, const struct modbus_delays *delays,
		     struct modbus_step *step)
{
	*step = (struct modbus_step){
		.off_s = UPS_UNKNOWN_S,
		.on_s = UPS_UNKNOWN_S,
	};
	*line += strspn(*line, " \t");
	if (!**line)
		return 0;
	if (step_take(line, delays, step) < 0 || !strchr(" \t", **line))
		return -EINVAL;
	return 1;
}
