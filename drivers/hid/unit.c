// SPDX-License-Identifier: MIT
/* Transfers to a HID UPS: how often, how long, how many bytes. */
#include "hid/unit.h"

#include <errno.h>
#include <string.h>

#define RETRY_PAUSE_MS 250

/* Longer than any real report: the descriptor is wrong about the length. */
#define REPORT_LEN_PLAUSIBLE (1 + 64)

/* A device gets 5 s in all, as from NUT, but asleep it is woken sooner. */
static const int patience_ms[] = { 1000, 1000, 3000 };

#define TRIES ((int)(sizeof(patience_ms) / sizeof(patience_ms[0])))

/** Is it worth asking once more? Pauses before saying so. */
static bool hid_try_again(int *attempt, int ret, deadline_t until)
{
	if (ret != -ETIMEDOUT && ret != -EIO && ret != -EPROTO)
		return false;
	if (++*attempt == TRIES)
		return false;
	return clock_sleep_ms(RETRY_PAUSE_MS, until) == 0;
}

static deadline_t hid_patience(int attempt, deadline_t until)
{
	return deadline_earlier(deadline_in_ms(patience_ms[attempt]), until);
}

int hid_unit_describe(struct hid_unit *unit, deadline_t until)
{
	uint8_t bytes[HID_DESCRIPTOR_MAX];
	int attempt = 0;
	int ret;

	do {
		int parsed;

		ret = unit->link->ops->read_descriptor(
			unit->link, bytes, sizeof(bytes),
			hid_patience(attempt, until));
		if (ret < 0)
			continue;
		parsed = hid_parse(&unit->descriptor, bytes, (size_t)ret);
		/*
		 * A mouse need not be asked again; but a UPS may have answered
		 * with nonsense that means something.
		 */
		if (parsed == 0 && hid_has_application(&unit->descriptor) &&
		    !hid_is_power_device(&unit->descriptor) &&
		    (!unit->family->ids || attempt == TRIES - 1))
			return -ENODEV;
		if (hid_is_power_device(&unit->descriptor) &&
		    (parsed == 0 || attempt == TRIES - 1))
			return 0; /* damaged to the end: use what there is */
		ret = -EPROTO;
	} while (hid_try_again(&attempt, ret, until));
	return ret;
}

void hid_unit_settle_family(struct hid_unit *unit)
{
	const char *name = unit->ups ? ups_value(unit->ups, "subdriver") : NULL;
	const struct hid_family *family = name ? hid_find_subdriver(name) : NULL;

	if (family)
		unit->family = family;
	else if (name)
		ups_note(unit->ups,
			 "[%s] subdriver %.40s is none that is known here; the unit's own IDs count",
			 unit->ups->name, name);
	if (!unit->family->ids)
		unit->family = hid_find_shape(&unit->descriptor);
}

/**
 * What to ask for. The exact length suits most: some firmware does not end an
 * answer properly when more was asked for than there is.
 */
static size_t hid_expected_len(const struct hid_unit *unit,
			       const struct hid_field *field)
{
	size_t len = hid_report_len(&unit->descriptor, field->type,
				    field->report_id);

	return len <= REPORT_LEN_PLAUSIBLE ? len : REPORT_MAX;
}

/** Is it one that the device must not be asked for? */
static bool hid_is_unread(const struct hid_unit *unit, uint8_t report_id)
{
	const char *unread = unit->family->unread;

	return unread && report_id != 0 && strchr(unread, (char)report_id);
}

int hid_unit_get(struct hid_unit *unit, const struct hid_field *field,
		 uint8_t *report, deadline_t until)
{
	size_t size = hid_expected_len(unit, field);
	bool is_first = !unit->is_awake;
	int attempt = 0;
	int ret;

	if (hid_is_unread(unit, field->report_id))
		return -EPIPE;
	unit->is_awake = true;
	do {
		ret = unit->link->ops->get_report(unit->link, field->type,
						  field->report_id, report, size,
						  hid_patience(attempt, until));
		if (ret == -EOVERFLOW && size < REPORT_MAX) {
			/* Longer than described: old APC Back-UPS. */
			size = REPORT_MAX;
			ret = -EIO;
		}
		/* CyberPower's controller sleeps when nobody asks it. */
		if (ret == -EPIPE && is_first)
			ret = -EIO;
		is_first = false;
		/* Another report's answer: late, after a timeout. */
		if (ret == 0 || (ret > 0 && report[0] != field->report_id))
			ret = -EPROTO;
	} while (hid_try_again(&attempt, ret, until));
	return ret;
}

int hid_unit_get_once(struct hid_unit *unit, const struct hid_field *field,
		      struct hid_last_report *last, deadline_t until)
{
	if (!last->of || last->of->type != field->type ||
	    last->of->report_id != field->report_id) {
		last->of = field;
		last->len = hid_unit_get(unit, field, last->report, until);
	}
	return last->len;
}

int hid_unit_read(struct hid_unit *unit, const struct hid_field *field,
		  int64_t *raw, deadline_t until)
{
	uint8_t report[REPORT_MAX];
	int len = hid_unit_get(unit, field, report, until);

	if (len < 0)
		return len;
	return hid_field_get(field, report, (size_t)len, raw);
}

bool hid_unit_shares_report(const struct hid_unit *unit,
			    const struct hid_field *field)
{
	for (int i = 0; i < unit->descriptor.fields; i++) {
		const struct hid_field *other = &unit->descriptor.field[i];

		if (other != field && other->type == field->type &&
		    other->report_id == field->report_id)
			return true;
	}
	return false;
}

static int hid_set(struct hid_unit *unit, const uint8_t *report, size_t len,
		   deadline_t until)
{
	int attempt = 0;
	int ret;

	unit->last.of = NULL;
	do {
		ret = unit->link->ops->set_report(unit->link, REPORT_FEATURE,
						  report, len,
						  hid_patience(attempt, until));
	} while (hid_try_again(&attempt, ret, until));
	unit->written_at_ms = clock_now_ms();
	return ret;
}

/**
 * How many bytes to write, and how many when those are refused. A count left
 * over from padding makes 1-byte reports 24 bytes long on APC BK650M2-CH: then
 * only the bytes of our element are real. What the device answered shows it.
 */
static void hid_choose_len(struct hid_unit *unit, const struct hid_field *field,
			   size_t *len, size_t *other_len)
{
	const struct hid_known *known = hid_unit_known(unit, field);
	size_t full = hid_report_len(&unit->descriptor, REPORT_FEATURE,
				     field->report_id);
	size_t end = hid_field_end(field);

	*len = full;
	*other_len = end;
	if (field->count > 1 || full > REPORT_LEN_PLAUSIBLE) {
		*len = end;
		*other_len = full < REPORT_MAX ? full : end;
	} else if (known && known->len < full) {
		*len = known->len; /* the field is in it */
		*other_len = full;
	}
}

int hid_unit_write(struct hid_unit *unit, const struct hid_field *field,
		   int64_t raw, deadline_t until)
{
	size_t end = hid_field_end(field);
	size_t len, other_len;
	uint8_t report[REPORT_MAX] = { field->report_id };
	int ret;

	if (end > sizeof(report))
		return -EPROTO;

	hid_choose_len(unit, field, &len, &other_len);
	if (hid_unit_shares_report(unit, field)) {
		ret = hid_unit_get(unit, field, report, until);
		if (ret < 0)
			return ret;
		if ((size_t)ret < end)
			return -EPROTO;
		len = other_len = (size_t)ret;
	}
	ret = hid_field_put(field, report, sizeof(report), raw);
	if (ret < 0)
		return ret;

	if (unit->written_at_ms != 0)
		(void)clock_sleep_ms(unit->written_at_ms + HID_WRITE_GAP_MS -
					     clock_now_ms(),
				     until); /* a write too early beats none */
	ret = hid_set(unit, report, len, until);
	/* The length may be wrong, or it slept: its first access is refused. */
	if (ret == -EPIPE && clock_sleep_ms(HID_WRITE_GAP_MS, until) == 0)
		ret = hid_set(unit, report, other_len, until);
	return ret;
}

struct hid_known *hid_unit_known(struct hid_unit *unit,
				 const struct hid_field *field)
{
	for (int i = 0; i < unit->known_fields; i++) {
		if (unit->known[i].field == field)
			return &unit->known[i];
	}
	return NULL;
}

bool hid_unit_knows(const struct hid_unit *unit, const struct hid_field *field,
		    int64_t *raw)
{
	const struct hid_known *known =
		hid_unit_known((struct hid_unit *)unit, field);

	if (known)
		*raw = known->raw;
	return known != NULL;
}

int hid_unit_learn(struct hid_unit *unit, const struct hid_field *field,
		   deadline_t until)
{
	struct hid_known *known = &unit->known[unit->known_fields];
	int ret;

	if (unit->known_fields == HID_KNOWN_MAX || hid_unit_known(unit, field))
		return 0;
	ret = hid_unit_get_once(unit, field, &unit->last, until);
	if (ret < 0) {
		unit->last.of = NULL; /* worth another try */
		return ret;
	}
	known->field = field;
	known->len = (size_t)ret;
	ret = hid_field_get(field, unit->last.report, known->len, &known->raw);
	if (ret < 0)
		return ret;
	known->now = known->raw;
	unit->known_fields++;
	return 0;
}
