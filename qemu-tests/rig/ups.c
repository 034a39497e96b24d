/* SPDX-License-Identifier: MIT */
/* The emulated UPS: live values and countdowns (USB HID Power Devices 1.1). */
#include "ups.h"

#include <limits.h>
#include <string.h>

#define PAGE_POWER              0x00840000u
#define PAGE_BATTERY            0x00850000u
#define USAGE_AUTOMATIC_RESTART 0xffff0043u
#define USAGE_OUTLET            (PAGE_POWER | 0x20)

static bool field_is_second_outlet(const struct field *field)
{
	int i;

	for (i = 0; i + 1 < field->depth; i++)
		if (field->path[i] == USAGE_OUTLET &&
		    field->path[i + 1] > 0x00ff0001u &&
		    field->path[i + 1] < 0x00ff00ffu)
			return true;
	return false;
}

static bool field_is_delay(const struct field *field)
{
	uint32_t usage = field->usage;

	return usage >= (PAGE_POWER | 0x55) && usage <= (PAGE_POWER | 0x57);
}

static int field_power_of_ten(const struct field *field)
{
	int factor = 1, i;

	for (i = 0; i < field->exponent; i++)
		factor *= 10;
	return factor;
}

/* A raw delay in seconds, as the physical range and the exponent say. */
static int64_t field_to_s(const struct field *field, int64_t raw)
{
	int64_t logical = field->logical_max - field->logical_min;
	int64_t physical = (int64_t)field->physical_max - field->physical_min;

	if (raw == -1 || (uint64_t)raw == (1ull << field->bits) - 1)
		return UPS_NEVER;
	if (physical > 0 && logical > 0)
		raw = (raw - field->logical_min) * physical / logical +
		      field->physical_min;
	return raw * field_power_of_ten(field);
}

static int64_t field_from_s(const struct field *field, int64_t seconds)
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

static int64_t ups_left_s(int64_t at_ms)
{
	int64_t left = at_ms - now_ms();

	if (at_ms == UPS_NEVER)
		return -1;
	return left > 0 ? (left + 999) / 1000 : 0;
}

/* The live value of a field. Returns false for a field without one. */
static bool ups_live_value(const struct ups *ups, const struct field *field,
			   int64_t *raw)
{
	bool battery = !ups->mains;
	bool low = ups->charge_pct <= ups->low_pct;

	switch (field->usage) {
	case PAGE_BATTERY | 0xd0:
		*raw = ups->mains;
		break;
	case PAGE_BATTERY | 0xd1:
		*raw = 1;
		break;
	case PAGE_BATTERY | 0x44:
		*raw = !battery && ups->charge_pct < 100;
		break;
	case PAGE_BATTERY | 0x45:
		*raw = battery;
		break;
	case PAGE_BATTERY | 0x42:
		*raw = low;
		break;
	case PAGE_BATTERY | 0x46:
		*raw = ups->charge_pct >= 100;
		break;
	case PAGE_BATTERY | 0x66:
		*raw = ups->charge_pct;
		break;
	case PAGE_BATTERY | 0x29:
		*raw = ups->low_pct;
		break;
	case PAGE_BATTERY | 0x67:
	case PAGE_BATTERY | 0x83:
		*raw = 100;
		break;
	case PAGE_BATTERY | 0x68:
		*raw = ups->runtime_s;
		break;
	case PAGE_BATTERY | 0x89:
		*raw = 4;
		break;
	case PAGE_POWER | 0x61:
		*raw = 1;
		break;
	case PAGE_POWER | 0x69:
		*raw = battery && low;
		break;
	case PAGE_POWER | 0x6b:
		*raw = ups->load;
		break;
	case PAGE_POWER | 0xfd:
		*raw = 1;
		break;
	case PAGE_POWER | 0xfe:
		*raw = 2;
		break;
	case PAGE_POWER | 0xff:
		*raw = 3;
		break;
	case PAGE_POWER | 0x57:
		*raw = field_from_s(field, ups_left_s(ups->off_at_ms));
		break;
	case PAGE_POWER | 0x55:
		*raw = -1;
		break;
	case PAGE_POWER | 0x56:
		*raw = field_from_s(field, ups_left_s(ups->on_at_ms));
		break;
	default:
		return false;
	}
	/* Outlets that can be switched apart from the machine's stay idle. */
	if (field_is_delay(field) && field_is_second_outlet(field))
		*raw = -1;
	return true;
}

void ups_refresh(struct ups *ups)
{
	const struct field *field;
	int64_t raw;
	int i;

	for (i = 0; i < ups->layout.fields; i++) {
		field = &ups->layout.field[i];
		if (ups_live_value(ups, field, &raw))
			field_put(field, ups->report[field->type][field->report],
				  UPS_REPORT_MAX, raw);
	}
}

const uint8_t *ups_report(const struct ups *ups, enum report_type type,
			  uint8_t report, size_t *len)
{
	*len = (ups->layout.bits[type][report] + 7) / 8;
	return ups->report[type][report];
}

/* The field of @usage, if the device has one: its value counts as a switch. */
static bool ups_restarts_with_mains(const struct ups *ups)
{
	const struct field *field;
	int i;

	for (i = 0; i < ups->layout.fields; i++) {
		field = &ups->layout.field[i];
		if (field->usage == USAGE_AUTOMATIC_RESTART &&
		    field->type == REPORT_FEATURE)
			return field_get(
				       field,
				       ups->report[REPORT_FEATURE][field->report],
				       UPS_REPORT_MAX) == 1;
	}
	return ups->restart;
}

static void ups_command(struct ups *ups, const char *how, int64_t off_after_s,
			int64_t on_after_s)
{
	timeline_say(ups->timeline, "command", "ups", "%s", ups->name, "how",
		     "%s", how, "off_after_s", "%d", (int)off_after_s,
		     "on_after_s", "%d", (int)on_after_s, NULL);
	ups->commanded(ups->arg, ups, off_after_s);
}

static void ups_obey_shutdown(struct ups *ups, int64_t seconds)
{
	if (seconds < 0) {
		ups->off_at_ms = UPS_NEVER;
		timeline_say(ups->timeline, "cancel", "ups", "%s", ups->name,
			     NULL);
		return;
	}
	ups_command(ups, "shutdown", seconds, ups_left_s(ups->on_at_ms));
	ups->off_at_ms = now_ms() + seconds * 1000;
	if (!seconds)
		ups_tick(ups);
}

static void ups_obey_reboot(struct ups *ups, int64_t seconds)
{
	if (seconds < 0)
		return;
	ups_command(ups, "reboot", 0, seconds);
	ups->on_at_ms = now_ms() + seconds * 1000;
	ups->off_at_ms = now_ms();
	ups_tick(ups);
}

static void ups_obey(struct ups *ups, const struct field *field, int64_t raw)
{
	int64_t seconds = field_to_s(field, raw);

	if (field_is_delay(field) && field_is_second_outlet(field))
		return;
	switch (field->usage) {
	case PAGE_POWER | 0x57:
		ups_obey_shutdown(ups, seconds);
		break;
	case PAGE_POWER | 0x56:
		ups->on_at_ms =
			seconds < 0 ? UPS_NEVER : now_ms() + seconds * 1000;
		timeline_say(ups->timeline, "setting", "ups", "%s", ups->name,
			     "name", "%s", "startup", "value", "%d",
			     (int)seconds, NULL);
		break;
	case PAGE_POWER | 0x55:
		ups_obey_reboot(ups, seconds);
		break;
	default:
		timeline_say(ups->timeline, "setting", "ups", "%s", ups->name,
			     "name", "%s",
			     field->usage == USAGE_AUTOMATIC_RESTART ? "restart"
								     : "other",
			     "value", "%d", (int)raw, NULL);
		break;
	}
}

void ups_write(struct ups *ups, enum report_type type, uint8_t report,
	       const uint8_t *data, size_t len)
{
	const struct field *field;
	int i;

	memcpy(ups->report[type][report], data,
	       len < UPS_REPORT_MAX ? len : UPS_REPORT_MAX);
	for (i = 0; i < ups->layout.fields; i++) {
		field = &ups->layout.field[i];
		if (field->type == type && field->report == report)
			ups_obey(ups, field, field_get(field, data, len));
	}
}

void ups_set_load(struct ups *ups, bool on, const char *why)
{
	if (ups->load == on)
		return;
	ups->load = on;
	ups->off_at_ms = UPS_NEVER;
	if (on) {
		ups->on_at_ms = UPS_NEVER;
		ups->wants_mains = false;
	} else {
		ups->off_since_ms = now_ms();
		if (ups_restarts_with_mains(ups))
			ups->wants_mains = true;
	}
	timeline_say(ups->timeline, "load", "ups", "%s", ups->name, "state",
		     "%s", on ? "on" : "off", "why", "%s", why, NULL);
	ups->load_changed(ups->arg, ups);
}

void ups_tick(struct ups *ups)
{
	int64_t now = now_ms();

	if (ups->load && ups->off_at_ms != UPS_NEVER && ups->off_at_ms <= now)
		ups_set_load(ups, false, "countdown");
	if (ups->load && !ups->mains && ups->charge_pct == 0) {
		ups_set_load(ups, false, "battery");
		ups->wants_mains = true;
	}
	if (ups->load || !ups->mains)
		return;
	if (ups->on_at_ms != UPS_NEVER && ups->on_at_ms <= now)
		ups_set_load(ups, true, "startup");
	else if (ups->wants_mains && ups->off_since_ms + 1000 <= now)
		ups_set_load(ups, true, "mains");
}

int64_t ups_next_ms(const struct ups *ups)
{
	int64_t next = INT64_MAX;

	if (ups->load && ups->off_at_ms != UPS_NEVER)
		return ups->off_at_ms;
	if (ups->load || !ups->mains)
		return next;
	if (ups->wants_mains)
		next = ups->off_since_ms + 1000;
	if (ups->on_at_ms != UPS_NEVER && ups->on_at_ms < next)
		next = ups->on_at_ms;
	return next;
}

void ups_set_mains(struct ups *ups, bool present)
{
	ups->mains = present;
	ups_tick(ups);
}

bool ups_is_cutting(const struct ups *ups)
{
	if (ups->load)
		return ups->off_at_ms != UPS_NEVER;
	return ups->on_at_ms != UPS_NEVER || ups->wants_mains;
}

const struct fault *ups_take_fault(struct ups *ups, uint8_t report)
{
	struct fault *fault;
	int i;

	for (i = 0; i < ups->faults; i++) {
		fault = &ups->fault[i];
		if (fault->report != report || !fault->times)
			continue;
		if (fault->times > 0)
			fault->times--;
		return fault;
	}
	return NULL;
}

void ups_add_fault(struct ups *ups, const struct words *words, int from,
		   const char *kind)
{
	struct fault fault = { .times = -1 };

	if (!strcmp(kind, "busy")) {
		ups->busy_ms = words_time_ms(words, from);
		return;
	}
	fault.report = (uint8_t)words_number(words, from++, 0, 0, 255);
	fault.kind = !strcmp(kind, "stall")  ? FAULT_STALL
		     : !strcmp(kind, "hang") ? FAULT_HANG
					     : FAULT_IGNORE;
	if (fault.kind == FAULT_HANG)
		fault.delay_ms = words_time_ms(words, from++);
	if (from < words->count)
		fault.times = (int)words_number(words, from, 10, 1, INT_MAX);
	if (ups->faults == UPS_FAULTS_MAX)
		words_die(words->file, "too many faults");
	ups->fault[ups->faults++] = fault;
}
