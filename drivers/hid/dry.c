// SPDX-License-Identifier: MIT
/* A unit at rest, made of its report descriptor alone. */
#include "hid/dry.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define LINE_MAX (32 + 3 * REPORT_MAX)

static struct hid_dry *hid_dry_of(struct report_link *link)
{
	return (struct hid_dry *)link; /* its first member */
}

static int hid_dry_get_report(struct report_link *link, enum report_type type,
			      uint8_t id, uint8_t *report, size_t size,
			      deadline_t until)
{
	struct hid_dry *dry = hid_dry_of(link);
	size_t len = hid_report_len(&dry->descriptor, type, id);

	(void)until; /* it answers at once */
	if (len == 1)
		return -EPIPE; /* no such report */
	if (len > size)
		len = size;
	if (len > REPORT_MAX)
		len = REPORT_MAX;
	if (type == REPORT_FEATURE)
		memcpy(report, dry->report[id], len);
	else
		memset(report, 0, len);
	report[0] = id;
	return (int)len;
}

static void hid_dry_say_wait(const struct hid_dry *dry)
{
	char line[LINE_MAX];

	if (dry->written_at_ms == 0 ||
	    clock_now_ms() - dry->written_at_ms < HID_WRITE_GAP_MS)
		return;
	(void)snprintf(line, sizeof(line), "WAIT %d", HID_WRITE_GAP_MS);
	dry->listener->transfer(dry->listener->arg, line);
}

static int hid_dry_set_report(struct report_link *link, enum report_type type,
			      const uint8_t *report, size_t len,
			      deadline_t until)
{
	struct hid_dry *dry = hid_dry_of(link);
	char line[LINE_MAX];
	size_t at;

	(void)until;
	if (type != REPORT_FEATURE || len == 0 || len > REPORT_MAX)
		return -EIO;
	hid_dry_say_wait(dry);
	at = (size_t)snprintf(line, sizeof(line), "SET_REPORT feature 0x%02x",
			      report[0]);
	/* Without report IDs there is no ID byte on the wire. */
	for (size_t i = report[0] == 0; i < len; i++)
		at += (size_t)snprintf(line + at, sizeof(line) - at, " %02x",
				       report[i]);
	dry->listener->transfer(dry->listener->arg, line);
	memcpy(dry->report[report[0]], report, len);
	dry->written_at_ms = clock_now_ms();
	return 0;
}

static int hid_dry_read_descriptor(struct report_link *link, uint8_t *descriptor,
				   size_t size, deadline_t until)
{
	const struct hid_specimen *specimen = hid_dry_of(link)->specimen;
	size_t len = specimen->len < size ? specimen->len : size;

	(void)until;
	memcpy(descriptor, specimen->bytes, len);
	return (int)len;
}

static void hid_dry_close(struct report_link *link)
{
	(void)link; /* it holds nothing */
}

static const struct report_link_ops hid_dry_ops = {
	.get_report = hid_dry_get_report,
	.set_report = hid_dry_set_report,
	.read_descriptor = hid_dry_read_descriptor,
	.close = hid_dry_close,
};

/** What a field of a unit at rest shows. */
static int64_t hid_dry_idle(uint32_t usage, enum ups_command wanted)
{
	switch (usage) {
	case HID_DELAY_BEFORE_REBOOT:
	case HID_DELAY_BEFORE_STARTUP:
	case HID_DELAY_BEFORE_SHUTDOWN:
	case HID_APC_HIBERNATE:
		return -1;
	case HID_MGE_AUTOMATIC_RESTART:
	case HID_DELTA_START_ON_MAINS:
		return wanted == UPS_STAYOFF;
	case HID_APC_NEEDED_CHARGE:
		return 90;
	default:
		return 0;
	}
}

void hid_dry_start(struct hid_dry *dry, const struct hid_specimen *specimen,
		   enum ups_command wanted, const struct hid_listener *listener)
{
	memset(dry, 0, sizeof(*dry));
	dry->link.ops = &hid_dry_ops;
	dry->specimen = specimen;
	dry->listener = listener;
	/* Whoever starts it has parsed it before. */
	(void)hid_parse(&dry->descriptor, specimen->bytes, specimen->len);
	for (int i = 0; i < dry->descriptor.fields; i++) {
		const struct hid_field *field = &dry->descriptor.field[i];

		/* One that does not fit is none that will be looked at. */
		if (field->type == REPORT_FEATURE)
			(void)hid_field_put(field, dry->report[field->report_id],
					    REPORT_MAX,
					    hid_dry_idle(field->usage, wanted));
	}
}
