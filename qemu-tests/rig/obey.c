/* SPDX-License-Identifier: MIT */
/* What the emulated UPS does when it is written to. */
#include <string.h>

#include "delay.h"

/* Force shutdown leaves no choice; so long it takes. */
#define APC_FORCE_S 60

static void obey_say_setting(const struct ups *ups, const char *name,
			     int64_t value)
{
	timeline_say(ups->timeline, "setting", "ups", "%s", ups->name, "name",
		     "%s", name, "value", "%d", (int)value, NULL);
}

static int64_t obey_round(const struct ups *ups, int64_t seconds)
{
	int64_t grain = ups->granularity_s;

	if (!grain || seconds < 0)
		return seconds;
	return (ups->rounds_down ? seconds : seconds + grain - 1) / grain *
	       grain;
}

static void obey_count(struct ups *ups, const char *how, int64_t seconds,
		       int64_t on_after_s)
{
	seconds = obey_round(ups, seconds);
	timeline_say(ups->timeline, "command", "ups", "%s", ups->name, "how",
		     "%s", how, "off_after_s", "%d", (int)seconds, "on_after_s",
		     "%d", (int)on_after_s, NULL);
	ups->commanded(ups->arg, ups, seconds);
	ups->off_at_ms = now_ms() + seconds * 1000;
	if (!seconds)
		ups_tick(ups);
}

/* Off after @seconds; on again with the mains, whatever else was written. */
static void obey_hibernate(struct ups *ups, const char *how, int64_t seconds)
{
	ups->hibernates = true;
	obey_count(ups, how, seconds, 0);
}

static void obey_cancel(struct ups *ups)
{
	ups->off_at_ms = UPS_NEVER;
	ups->hibernates = false;
	timeline_say(ups->timeline, "cancel", "ups", "%s", ups->name, NULL);
}

/* Minutes above seconds; the seconds' two top bits say what comes after. */
static void obey_minutes_seconds(struct ups *ups, int64_t raw)
{
	int64_t seconds = (raw >> 8 & 0xff) * 60 + (raw & 0x3f);
	int64_t flags = raw & 0xc0;

	if (flags == 0xc0)
		return;
	if (!seconds) /* the longest there is */
		seconds = 255 * 60 + 59;
	if (flags == 0x40)
		obey_hibernate(ups, "shutdown", seconds);
	else
		obey_count(ups, "shutdown", seconds, -1);
}

static void obey_index(struct ups *ups, int64_t raw)
{
	if (raw >= 1 && raw <= 8)
		obey_hibernate(ups, "shutdown", 6 + 6 * raw);
	else if (raw >= 9 && raw <= 18)
		obey_hibernate(ups, "shutdown", 60 * (raw - 8));
}

static void obey_shutdown(struct ups *ups, const struct field *field,
			  int64_t raw)
{
	int64_t seconds = delay_to_s(field, raw);

	if (ups->delays == DELAYS_MINUTES_SECONDS)
		obey_minutes_seconds(ups, raw);
	else if (ups->delays == DELAYS_INDEX)
		obey_index(ups, raw);
	else if (seconds < 0)
		obey_cancel(ups);
	else
		obey_count(ups, "shutdown", seconds,
			   delay_left_s(ups->on_at_ms));
}

static void obey_startup(struct ups *ups, int64_t seconds)
{
	seconds = obey_round(ups, seconds);
	ups->on_at_ms = seconds < 0 ? UPS_NEVER : now_ms() + seconds * 1000;
	obey_say_setting(ups, "startup", seconds);
}

static void obey_reboot(struct ups *ups, int64_t seconds)
{
	if (seconds < 0)
		return;
	if (ups->reboot_counts) {
		obey_hibernate(ups, "reboot", seconds);
		return;
	}
	ups->reboots = true;
	ups->on_at_ms = now_ms() + seconds * 1000;
	obey_count(ups, "reboot", 0, seconds);
}

/* The delays that makers have on pages of their own. */
static bool obey_maker(struct ups *ups, const struct field *field, int64_t raw)
{
	switch (field->usage) {
	case USAGE_APC_HIBERNATE:
		if (delay_to_s(field, raw) < 0)
			obey_cancel(ups);
		else
			obey_hibernate(ups, "hibernate", raw);
		return true;
	case USAGE_APC_FORCE:
		if (raw == 1)
			obey_hibernate(ups, "force", APC_FORCE_S);
		return true;
	case USAGE_BELKIN_SHUTDOWN:
		if (raw > 0)
			obey_count(ups, "shutdown", raw,
				   delay_left_s(ups->on_at_ms));
		else
			obey_cancel(ups);
		return true;
	case USAGE_BELKIN_STARTUP:
		obey_startup(ups, raw > 0 ? 60 * raw : UPS_NEVER);
		return true;
	case USAGE_POWERCOM_SHUTDOWN:
		obey_shutdown(ups, field, raw);
		return true;
	default:
		return false;
	}
}

static void obey_field(struct ups *ups, const struct field *field, int64_t raw)
{
	if (delay_is_elsewhere(field) || obey_maker(ups, field, raw))
		return;
	switch (field->usage) {
	case USAGE_SHUTDOWN:
		obey_shutdown(ups, field, raw);
		break;
	case USAGE_STARTUP:
		obey_startup(ups, delay_to_s(field, raw));
		break;
	case USAGE_REBOOT:
		obey_reboot(ups, delay_to_s(field, raw));
		break;
	case USAGE_SWITCH_OFF:
		if (raw == 1)
			obey_count(ups, "switch", 0, -1);
		break;
	case USAGE_AUTOMATIC_RESTART:
		obey_say_setting(ups, "restart", raw);
		break;
	default:
		obey_say_setting(ups, "other", raw);
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
		/* What was not sent was not written. */
		if (field->type == type && field->report == report &&
		    field->bit + field->bits <= 8 * len)
			obey_field(ups, field, field_get(field, data, len));
	}
}
