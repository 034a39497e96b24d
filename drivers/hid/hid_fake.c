// SPDX-License-Identifier: MIT
/* The emulated unit of the unit tests. */
#include "hid/hid_fake.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hid/testdata.h"

/* Longer than anybody waits for one transfer. */
#define HID_FAKE_LATE_MS 6000

static const uint32_t hid_fake_countdown_usages[] = {
	HID_DELAY_BEFORE_SHUTDOWN, HID_DELAY_BEFORE_STARTUP,
	HID_DELAY_BEFORE_REBOOT,   HID_APC_HIBERNATE,
	HID_BELKIN_SHUTDOWN,
};

static bool hid_fake_counts(const struct hid_field *field)
{
	for (size_t i = 0; i < sizeof(hid_fake_countdown_usages) /
				       sizeof(hid_fake_countdown_usages[0]);
	     i++) {
		if (field->type == REPORT_FEATURE &&
		    field->usage == hid_fake_countdown_usages[i])
			return true;
	}
	return false;
}

/* Writes of these switch the load, at once or later. */
static bool hid_fake_switches(const struct hid_field *field)
{
	static const uint32_t usages[] = {
		HID_SWITCH_OFF_CONTROL, HID_DELAY_BEFORE_REBOOT,
		HID_POWERCOM_SHUTDOWN,  HID_APC_FORCE_SHUTDOWN,
		HID_APC_PRO_HIBERNATE,  HID_APC_PRO_DELAY,
		HID_BELKIN_SHUTDOWN,    HID_DELAY_BEFORE_SHUTDOWN,
		HID_APC_HIBERNATE,
	};

	for (size_t i = 0; i < sizeof(usages) / sizeof(usages[0]); i++) {
		if (field->type == REPORT_FEATURE && field->usage == usages[i])
			return true;
	}
	return false;
}

static void hid_fake_obey(struct hid_fake *fake, uint8_t id)
{
	for (int i = 0; i < fake->descriptor.fields; i++) {
		const struct hid_field *field = &fake->descriptor.field[i];
		const uint8_t *report = fake->report[REPORT_FEATURE][id];
		int64_t raw;

		if (field->report_id != id || !hid_fake_switches(field) ||
		    hid_field_get(field, report, REPORT_MAX, &raw) < 0 ||
		    hid_field_is_none(field, raw))
			continue;
		fake->orders++;
		fake->is_unread = true;
		return;
	}
}

static struct hid_fake *hid_fake_of(struct report_link *link)
{
	return (struct hid_fake *)link;
}

static struct hid_fake_transfer *hid_fake_record(struct hid_fake *fake,
						 enum hid_fake_kind kind,
						 const uint8_t *bytes,
						 size_t len)
{
	struct hid_fake_transfer *transfer;

	if (fake->transfers == HID_FAKE_TRANSFERS_MAX)
		fake->transfers--;
	transfer = &fake->transfer[fake->transfers++];
	*transfer = (struct hid_fake_transfer){
		.kind = kind,
		.at_ms = clock_now_ms(),
		.len = len,
	};
	memcpy(transfer->bytes, bytes, kind == HID_FAKE_SET ? len : 1);
	return transfer;
}

static enum hid_fake_way hid_fake_next_way(struct hid_fake *fake,
					   enum hid_fake_kind kind, uint8_t id)
{
	if (fake->sweep.times != 0 && fake->transfers >= fake->sweep.from) {
		if (fake->sweep.times > 0)
			fake->sweep.times--;
		return fake->sweep.way;
	}
	for (int i = 0; i < HID_FAKE_QUIRKS_MAX; i++) {
		struct hid_fake_quirk *quirk = &fake->quirk[i];

		if (quirk->times == 0 || quirk->kind != kind ||
		    (quirk->report_id != 0 && quirk->report_id != id))
			continue;
		if (quirk->times > 0)
			quirk->times--;
		return quirk->way;
	}
	return HID_FAKE_OBEY;
}

/** What is wrong once it has acted. */
static int hid_fake_end(struct hid_fake *fake, enum hid_fake_way way,
			deadline_t until)
{
	if (way == HID_FAKE_LATE) {
		(void)clock_sleep_ms(HID_FAKE_LATE_MS, until);
		return -ETIMEDOUT;
	}
	if (way != HID_FAKE_LAST)
		return 0;
	fake->is_gone = true;
	return -ENODEV;
}

/** The errors; 0 for every way in which something is transferred. */
static int hid_fake_fail(struct hid_fake *fake, enum hid_fake_way way)
{
	if (way == HID_FAKE_GONE)
		fake->is_gone = true;
	if (fake->is_gone)
		return -ENODEV;
	if (way == HID_FAKE_STALL)
		return -EPIPE;
	if (way == HID_FAKE_TIMEOUT)
		return -ETIMEDOUT;
	return way == HID_FAKE_IO_ERROR ? -EIO : 0;
}

/** Let the countdowns of a report show what is left. */
static void hid_fake_count_down(struct hid_fake *fake, uint8_t *report,
				uint8_t id)
{
	for (int i = 0; i < fake->countdowns; i++) {
		const struct hid_field *field = fake->countdown[i].field;
		int64_t elapsed_s =
			(clock_now_ms() - fake->countdown[i].since_ms) / 1000;
		int64_t raw;

		if (field->report_id != id ||
		    hid_field_get(field, report, REPORT_MAX, &raw) < 0 ||
		    hid_field_is_none(field, raw))
			continue;
		elapsed_s -= elapsed_s % (hid_raw_to_seconds(field, 1) > 1
						  ? hid_raw_to_seconds(field, 1)
						  : 1);
		raw -= hid_seconds_to_raw(field, elapsed_s);
		(void)hid_field_put(field, report, REPORT_MAX,
				    raw > 0 ? raw : 0);
	}
}

static int hid_fake_get_report(struct report_link *link, enum report_type type,
			       uint8_t id, uint8_t *report, size_t size,
			       deadline_t until)
{
	struct hid_fake *fake = hid_fake_of(link);
	enum hid_fake_way way = hid_fake_next_way(fake, HID_FAKE_GET, id);
	size_t len = hid_report_len(&fake->descriptor, type, id);
	uint8_t answer[REPORT_MAX];
	int ret;

	hid_fake_record(fake, HID_FAKE_GET, &id, size);
	if (deadline_passed(until))
		return -ETIMEDOUT;
	ret = hid_fake_fail(fake, way);
	if (ret < 0)
		return ret;
	if (len == 1)
		return -EPIPE; /* no such report */

	fake->is_unread = false;
	ret = hid_fake_end(fake, way, until);
	if (ret < 0)
		return ret;
	memcpy(answer, fake->report[type][id], sizeof(answer));
	if (type == REPORT_FEATURE)
		hid_fake_count_down(fake, answer, id);
	answer[0] = way == HID_FAKE_WRONG_ID ? id ^ 0x55 : id;
	if (way == HID_FAKE_SHORT)
		len = 2;
	if (way == HID_FAKE_LONG)
		len += 8;
	if (len > size)
		return way == HID_FAKE_LONG ? -EOVERFLOW : (int)size;
	memcpy(report, answer, len);
	return (int)len;
}

static void hid_fake_round_up(struct hid_fake *fake, uint8_t id)
{
	for (int i = 0; i < fake->descriptor.fields; i++) {
		const struct hid_field *field = &fake->descriptor.field[i];
		uint8_t *report = fake->report[REPORT_FEATURE][id];
		int64_t raw;

		if (fake->rounded != 0 && field->usage == fake->rounded &&
		    field->type == REPORT_FEATURE && field->report_id == id &&
		    hid_field_get(field, report, REPORT_MAX, &raw) == 0 &&
		    raw >= 0 && raw < fake->rounded_to)
			(void)hid_field_put(field, report, REPORT_MAX,
					    fake->rounded_to);
	}
}

static int hid_fake_set_report(struct report_link *link, enum report_type type,
			       const uint8_t *report, size_t len,
			       deadline_t until)
{
	struct hid_fake *fake = hid_fake_of(link);
	enum hid_fake_way way = hid_fake_next_way(fake, HID_FAKE_SET, report[0]);
	int ret;

	hid_fake_record(fake, HID_FAKE_SET, report, len);
	if (deadline_passed(until))
		return -ETIMEDOUT;
	ret = hid_fake_fail(fake, way);
	if (ret < 0 || way == HID_FAKE_IGNORE)
		return ret;
	memcpy(fake->report[type][report[0]], report, len);
	hid_fake_round_up(fake, report[0]);
	for (int i = 0; i < fake->countdowns; i++) {
		if (fake->countdown[i].field->report_id == report[0])
			fake->countdown[i].since_ms = clock_now_ms();
	}
	hid_fake_obey(fake, report[0]);
	return hid_fake_end(fake, way, until);
}

static int hid_fake_read_descriptor(struct report_link *link,
				    uint8_t *descriptor, size_t size,
				    deadline_t until)
{
	static const uint8_t setup[8] = { 0x81, 0x06, 0x00, 0x22,
					  0x00, 0x00, 0x9e, 0x03 };
	struct hid_fake *fake = hid_fake_of(link);
	enum hid_fake_way way = hid_fake_next_way(fake, HID_FAKE_DESCRIPTOR, 0);
	size_t len = fake->len < size ? fake->len : size;
	uint8_t none = 0;
	int ret;

	hid_fake_record(fake, HID_FAKE_DESCRIPTOR, &none, size);
	if (deadline_passed(until))
		return -ETIMEDOUT;
	ret = hid_fake_fail(fake, way);
	if (ret < 0)
		return ret;
	ret = hid_fake_end(fake, way, until);
	if (ret < 0)
		return ret;
	memcpy(descriptor, fake->bytes, len);
	if (way == HID_FAKE_GARBAGE) {
		memmove(descriptor + sizeof(setup), descriptor,
			len - sizeof(setup));
		memcpy(descriptor, setup, sizeof(setup));
	}
	return (int)len;
}

bool hid_fake_plug(struct hid_fake *fake)
{
	if (fake->is_gone && clock_now_ms() < fake->back_at_ms)
		return false;
	fake->is_gone = false;
	if (fake->is_unread)
		fake->orders++;
	return true;
}

static void hid_fake_close(struct report_link *link)
{
	hid_fake_of(link)->is_gone = true;
}

static const struct report_link_ops hid_fake_ops = {
	.get_report = hid_fake_get_report,
	.set_report = hid_fake_set_report,
	.read_descriptor = hid_fake_read_descriptor,
	.close = hid_fake_close,
};

void hid_fake_start(struct hid_fake *fake, const uint8_t *bytes, size_t len)
{
	memset(fake, 0, sizeof(*fake));
	fake->link.ops = &hid_fake_ops;
	memcpy(fake->bytes, bytes, len);
	fake->len = len;
	(void)hid_parse(&fake->descriptor, bytes, len);
	for (int i = 0; i < fake->descriptor.fields; i++) {
		const struct hid_field *field = &fake->descriptor.field[i];

		if (!hid_fake_counts(field) ||
		    fake->countdowns == HID_FAKE_COUNTDOWNS)
			continue;
		fake->countdown[fake->countdowns++].field = field;
		(void)hid_field_put(field,
				    fake->report[field->type][field->report_id],
				    REPORT_MAX, -1);
	}
}

void hid_fake_load(struct hid_fake *fake, const char *name)
{
	uint8_t bytes[HID_DESCRIPTOR_MAX];
	size_t len = testdata_hex(name, bytes, sizeof(bytes));
	char path[128], line[512];
	unsigned int id;
	FILE *file;
	int at;

	hid_fake_start(fake, bytes, len);
	(void)snprintf(path, sizeof(path), TESTDATA_DIR "%s.values", name);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file)) {
		uint8_t *report;
		const char *next;

		if (sscanf(line, "Feature\t%x\t%n", &id, &at) != 1)
			continue;
		report = fake->report[REPORT_FEATURE][id & 0xff];
		next = line + at;
		for (int i = 0; i < REPORT_MAX; i++) {
			char *end;
			unsigned long byte = strtoul(next, &end, 16);

			if (end == next)
				break;
			report[i] = (uint8_t)byte;
			next = end;
		}
	}
	if (file)
		fclose(file);
}

void hid_fake_misbehave(struct hid_fake *fake, struct hid_fake_quirk quirk)
{
	for (int i = 0; i < HID_FAKE_QUIRKS_MAX; i++) {
		if (fake->quirk[i].times == 0) {
			fake->quirk[i] = quirk;
			return;
		}
	}
	abort(); /* the test wants more than there is room for */
}

void hid_fake_set(struct hid_fake *fake, uint32_t usage, int64_t raw)
{
	for (int i = 0; i < fake->descriptor.fields; i++) {
		const struct hid_field *field = &fake->descriptor.field[i];

		if (field->usage == usage)
			(void)hid_field_put(
				field,
				fake->report[field->type][field->report_id],
				REPORT_MAX, raw);
	}
}

void hid_fake_round(struct hid_fake *fake, uint32_t usage, int64_t least)
{
	fake->rounded = usage;
	fake->rounded_to = least;
}

void hid_fake_print(const struct hid_fake *fake, int from, char *text,
		    size_t size)
{
	static const char *const kinds[] = { "get", "set", "descriptor" };
	size_t len = 0;

	*text = '\0';
	for (int i = from; i < fake->transfers; i++) {
		const struct hid_fake_transfer *at = &fake->transfer[i];
		size_t shown = at->kind == HID_FAKE_SET ? at->len : 1;

		len += (size_t)snprintf(text + len, size - len, "%s",
					kinds[at->kind]);
		for (size_t j = 0; j < shown && len + 8 < size; j++)
			len += (size_t)snprintf(text + len, size - len, " %02x",
						at->bytes[j]);
		len += (size_t)snprintf(text + len, size - len, "; ");
		if (len + 32 > size)
			return;
	}
}
