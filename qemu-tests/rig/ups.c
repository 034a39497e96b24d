/* SPDX-License-Identifier: MIT */
/* The emulated UPS: live values and countdowns (USB HID Power Devices 1.1). */
#include "ups.h"

#include <limits.h>
#include <string.h>

#include "delay.h"

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
	case USAGE_APC_FORCE:
	case USAGE_SWITCH_OFF:
		*raw = 0;
		break;
	default:
		return delay_live_value(ups, field, raw);
	}
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

void ups_set_load(struct ups *ups, bool on, const char *why)
{
	if (ups->load == on)
		return;
	ups->load = on;
	ups->off_at_ms = UPS_NEVER;
	if (on) {
		ups->on_at_ms = UPS_NEVER;
		ups->wants_mains = ups->reboots = false;
	} else {
		ups->off_since_ms = now_ms();
		if (ups->hibernates || ups_restarts_with_mains(ups))
			ups->wants_mains = true;
		ups->hibernates = false;
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
	if (ups->load || (!ups->mains && !ups->ignores_mains))
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
	if (ups->load || (!ups->mains && !ups->ignores_mains))
		return next;
	if (ups->wants_mains)
		next = ups->off_since_ms + 1000;
	if (ups->on_at_ms != UPS_NEVER && ups->on_at_ms < next)
		next = ups->on_at_ms;
	return next;
}

void ups_forget(struct ups *ups)
{
	if (!ups->forgets || !ups->load)
		return;
	ups->off_at_ms = ups->on_at_ms = UPS_NEVER;
	ups->hibernates = false;
	timeline_say(ups->timeline, "forget", "ups", "%s", ups->name, NULL);
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
