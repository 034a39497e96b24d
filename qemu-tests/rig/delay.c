/* SPDX-License-Identifier: MIT */
/* Counting fields: seconds from them, and what they show. */
#include "delay.h"

bool delay_is_elsewhere(const struct field *field)
{
	int i;

	if (field->usage < USAGE_REBOOT || field->usage > USAGE_SHUTDOWN)
		return false;
	for (i = 0; i + 1 < field->depth; i++)
		if (field->path[i] == USAGE_OUTLET &&
		    field->path[i + 1] > 0x00ff0001u &&
		    field->path[i + 1] < 0x00ff00ffu)
			return true;
	return false;
}

static int field_power_of_ten(const struct field *field)
{
	int factor = 1, i;

	for (i = 0; i < field->exponent; i++)
		factor *= 10;
	return factor;
}

int64_t delay_to_s(const struct field *field, int64_t raw)
{
	int64_t logical = field->logical_max - field->logical_min;
	int64_t physical = (int64_t)field->physical_max - field->physical_min;

	if (raw == -1 ||
	    (field->bits < 64 && (uint64_t)raw == (1ull << field->bits) - 1))
		return UPS_NEVER;
	if (physical > 0 && logical > 0)
		raw = (raw - field->logical_min) * physical / logical +
		      field->physical_min;
	return raw * field_power_of_ten(field);
}

static int64_t delay_from_s(const struct field *field, int64_t seconds)
{
	int64_t logical = field->logical_max - field->logical_min;
	int64_t physical = (int64_t)field->physical_max - field->physical_min;

	if (seconds < 0)
		return -1;
	seconds = (seconds + field_power_of_ten(field) - 1) /
		  field_power_of_ten(field);
	if (physical > 0 && logical > 0)
		return (seconds - field->physical_min) * logical / physical +
		       field->logical_min;
	return seconds;
}

int64_t delay_left_s(int64_t at_ms)
{
	int64_t left = at_ms - now_ms();

	if (at_ms == UPS_NEVER)
		return -1;
	return left > 0 ? (left + 999) / 1000 : 0;
}

bool delay_live_value(const struct ups *ups, const struct field *field,
		      int64_t *raw)
{
	int64_t off_s = delay_left_s(ups->off_at_ms);
	int64_t on_s = delay_left_s(ups->on_at_ms);

	switch (field->usage) {
	case USAGE_SHUTDOWN:
	case USAGE_POWERCOM_SHUTDOWN:
		/* Without a countdown these show what they like. */
		if (ups->delays != DELAYS_SECONDS && off_s < 0)
			return false;
		*raw = ups->delays == DELAYS_SECONDS
			       ? delay_from_s(field, off_s)
			       : off_s / 60 << 8 | off_s % 60;
		break;
	case USAGE_REBOOT:
		/* While it is off, what is left of that. */
		*raw = delay_from_s(field, ups->reboot_counts ? off_s
					   : ups->reboots     ? on_s
							      : -1);
		break;
	case USAGE_STARTUP:
		if (ups->delays != DELAYS_SECONDS)
			return false;
		*raw = delay_from_s(field, on_s);
		break;
	case USAGE_APC_HIBERNATE:
		*raw = ups->hibernates ? off_s : -1;
		break;
	case USAGE_BELKIN_SHUTDOWN:
		*raw = off_s < 0 ? 0 : off_s;
		break;
	case USAGE_BELKIN_STARTUP:
		*raw = on_s < 0 ? 0 : (on_s + 59) / 60;
		break;
	default:
		return false;
	}
	/* Outlets that can be switched apart from the machine's stay idle. */
	if (delay_is_elsewhere(field))
		*raw = -1;
	return true;
}
