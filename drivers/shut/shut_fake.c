// SPDX-License-Identifier: MIT
/*
 * The emulated UPS of mge-shut: the reports are those of the HID fake, the
 * packets are made here.
 */
#include "shut/shut_fake.h"

#include <string.h>

/* Items without data, until there are 257 bytes; see below. */
#define FAKE_PADDING 161

/*
 * As far as MGE's document tells of an Ellipse: the numbers of its reports, a
 * delay of 24 bits, a startup in tens of seconds. NUT 2.8.0 takes the low byte
 * of the length for the high one, too, and reads only descriptors where that
 * is right: 0x101 bytes.
 */
/* clang-format off */
static const uint8_t shut_fake_descriptor[] = {
	[0 ... FAKE_PADDING - 1] = 0x04,
	0x05, 0x84, 0x09, 0x04, 0xa1, 0x01,	/* UPS */
	0x09, 0x24, 0xa1, 0x00,			/* PowerSummary */
	0x15, 0xff, 0x27, 0xff, 0xff, 0x7f, 0x00,
	0x75, 0x18, 0x95, 0x01, 0x66, 0x01, 0x10,
	0x85, 0x0f, 0x55, 0x00, 0x09, 0x57, 0xb1, 0x82,
	0x85, 0x11, 0x55, 0x01, 0x09, 0x56, 0xb1, 0x82,
	0x85, 0x16, 0x55, 0x00, 0x65, 0x00, 0x05, 0x85,
	0x15, 0x00, 0x25, 0x64, 0x75, 0x08, 0x09, 0x66, 0xb1, 0x82,
	0x27, 0xff, 0xff, 0x00, 0x00, 0x75, 0x10, 0x09, 0x68, 0xb1, 0x82,
	0x85, 0x02, 0x05, 0x84, 0x09, 0x02, 0xa1, 0x00,	/* PresentStatus */
	0x05, 0x85, 0x25, 0x01, 0x75, 0x08, 0x95, 0x03,
	0x09, 0xd0, 0x09, 0x45, 0x09, 0x42, 0xb1, 0x82,
	0xc0, 0xc0, 0xc0,
};
/* clang-format on */

#define FAKE_REMAINING_CAPACITY 0x00850066
#define FAKE_RUN_TIME           0x00850068

static void shut_fake_feel(struct line_fake *fake)
{
	struct shut_fake *state = fake->state;

	hid_fake_set(&state->hid, HID_AC_PRESENT, fake->mains);
	hid_fake_set(&state->hid, HID_DISCHARGING, !fake->mains);
	hid_fake_set(&state->hid, HID_BELOW_CAPACITY_LIMIT,
		     fake->charge_pct < 10);
}

static void shut_fake_start_ellipse(struct line_fake *fake)
{
	struct shut_fake *state = fake->state;

	hid_fake_start(&state->hid, shut_fake_descriptor,
		       sizeof(shut_fake_descriptor));
	hid_fake_set(&state->hid, FAKE_REMAINING_CAPACITY, 100);
	hid_fake_set(&state->hid, FAKE_RUN_TIME, 0x0807);
	shut_fake_feel(fake);
}

static void shut_fake_start_eaton(struct line_fake *fake)
{
	struct shut_fake *state = fake->state;

	hid_fake_load(&state->hid, "eaton-3s-700-0463-ffff");
	state->bcd_device = 0x0202;
	shut_fake_feel(fake);
}

/** Send the packet of the answer that is due, or the notification. */
static void shut_fake_send(struct line_fake *fake)
{
	static const uint8_t notification[] = { 0x02, 0x24, 0x00 };
	struct shut_fake *state = fake->state;
	size_t left = state->answer_len - state->answer_at;
	uint8_t packet[SHUT_PACKET_MAX];
	size_t len;

	state->sent = left < SHUT_DATA_MAX ? left : SHUT_DATA_MAX;
	if (state->is_notifying)
		len = shut_build(packet, SHUT_NOTIFY | SHUT_LAST, notification,
				 sizeof(notification));
	else if (left == 0)
		return;
	else
		len = shut_build(packet,
				 SHUT_RESPONSE |
					 (left == state->sent ? SHUT_LAST : 0),
				 state->answer + state->answer_at, state->sent);
	if (state->spoils > 0) {
		state->spoils--;
		packet[len - 1] ^= 0x5a;
	}
	line_fake_send(fake, packet, len);
}

static void shut_fake_acknowledged(struct line_fake *fake)
{
	struct shut_fake *state = fake->state;

	if (state->is_notifying)
		state->is_notifying = false;
	else
		state->answer_at += state->sent;
	shut_fake_send(fake);
}

static void shut_fake_answer(struct line_fake *fake, const uint8_t *bytes,
			     size_t len, size_t wanted)
{
	struct shut_fake *state = fake->state;

	memcpy(state->answer, bytes, len);
	state->answer_len = len < wanted ? len : wanted;
	state->answer_at = 0;
	state->is_notifying = state->notifies;
	shut_fake_send(fake);
}

static size_t shut_fake_describe(const struct shut_fake *state, uint8_t type,
				 uint8_t index,
				 uint8_t bytes[HID_DESCRIPTOR_MAX])
{
	/* The full descriptor is the second one, where there are two. */
	size_t len =
		state->bcd_device == 0x0202 && index == 0 ? 1 : state->hid.len;
	const uint8_t device[SHUT_DEVICE_LEN] = {
		SHUT_DEVICE_LEN,
		SHUT_DEVICE,
		0x10,
		0x01,
		0,
		0,
		0,
		8,
		0x63,
		0x04,
		0xff,
		0xff,
		(uint8_t)state->bcd_device,
		(uint8_t)(state->bcd_device >> 8),
		1,
		2,
		3,
		1,
	};
	const uint8_t hid[SHUT_HID_LEN] = {
		SHUT_HID_LEN,
		SHUT_HID,
		0x10,
		0x01,
		0,
		1,
		SHUT_REPORT,
		(uint8_t)len,
		(uint8_t)(len >> 8),
	};
	static const uint8_t name[] = { 10, 3, 'F', 0, 'a', 0, 'k', 0, 'e', 0 };

	switch (type) {
	case SHUT_DEVICE:
		memcpy(bytes, device, sizeof(device));
		return sizeof(device);
	case SHUT_HID:
		memcpy(bytes, hid, sizeof(hid));
		return sizeof(hid);
	case SHUT_REPORT:
		memcpy(bytes, state->hid.bytes, len);
		return len;
	default:
		memcpy(bytes, name, sizeof(name));
		return sizeof(name);
	}
}

/** Does a report that was written start or stop a countdown? */
static void shut_fake_count(struct line_fake *fake)
{
	struct shut_fake *state = fake->state;
	int64_t off = -1, on = -1;
	int off_s = -1, on_s = 0;

	for (int i = 0; i < state->hid.descriptor.fields; i++) {
		const struct hid_field *field = &state->hid.descriptor.field[i];
		const uint8_t *report =
			state->hid.report[field->type][field->report_id];

		if (field->usage == HID_DELAY_BEFORE_STARTUP &&
		    hid_field_get(field, report, REPORT_MAX, &on) == 0)
			on_s = hid_raw_to_seconds(field, on);
		if (field->usage == HID_DELAY_BEFORE_SHUTDOWN &&
		    field->report_id == state->report[0] &&
		    hid_field_get(field, report, REPORT_MAX, &off) == 0)
			off_s = hid_raw_to_seconds(field, off);
	}
	if (off_s < 0)
		return;
	if (off < 0)
		line_fake_cancel(fake);
	else
		line_fake_order(fake, off_s,
				on < 0 ? LINE_FAKE_STAYS_OFF
				       : LINE_FAKE_WITH_MAINS,
				on_s);
}

/** All of a request is there. */
static void shut_fake_obey(struct line_fake *fake, const uint8_t *setup)
{
	struct shut_fake *state = fake->state;
	struct report_link *hid = &state->hid.link;
	size_t wanted = (size_t)(setup[6] | setup[7] << 8);
	uint8_t bytes[HID_DESCRIPTOR_MAX];
	int len;

	if (setup[1] == 0x06) {
		len = (int)shut_fake_describe(state, setup[3], setup[2], bytes);
		shut_fake_answer(fake, bytes, (size_t)len, wanted);
	} else if (setup[1] == 0x01 && setup[3] >= 1 && setup[3] <= 3) {
		len = hid->ops->get_report(hid, (enum report_type)(setup[3] - 1),
					   setup[2], bytes, REPORT_MAX,
					   deadline_in_ms(1000));
		if (len > 0)
			shut_fake_answer(fake, bytes, (size_t)len, wanted);
	}
}

static void shut_fake_write(struct line_fake *fake)
{
	struct shut_fake *state = fake->state;
	struct report_link *hid = &state->hid.link;

	state->is_set = false;
	if (hid->ops->set_report(hid, REPORT_FEATURE, state->report,
				 state->report_len, deadline_in_ms(1000)) == 0)
		shut_fake_count(fake);
}

/** A packet is complete. */
static void shut_fake_take(struct line_fake *fake)
{
	struct shut_fake *state = fake->state;
	size_t len = state->packet[1] & 0x0f;
	const uint8_t *data = state->packet + 2;
	uint8_t sum = 0, answer = SHUT_ACK;

	for (size_t i = 0; i < len; i++)
		sum ^= data[i];
	if (sum != data[len] || state->not_accepted > 0)
		answer = SHUT_NAK;
	if (state->not_accepted > 0)
		state->not_accepted--;
	if (state->refuses && data[0] == 0x21 && !state->is_set)
		answer = SHUT_NAK;
	line_fake_send(fake, &answer, 1);
	if (answer != SHUT_ACK)
		return;
	if (state->is_set && state->report_len + len <= REPORT_MAX) {
		memcpy(state->report + state->report_len, data, len);
		state->report_len += len;
		if (state->packet[0] & SHUT_LAST &&
		    state->report_len == state->report_want)
			shut_fake_write(fake);
	} else if (data[0] == 0x21 && len == SHUT_DATA_MAX) {
		state->is_set = true;
		state->report_len = 0;
		state->report_want = (size_t)(data[6] | data[7] << 8);
	} else if (len == SHUT_DATA_MAX) {
		shut_fake_obey(fake, data);
	}
}

static void shut_fake_receive(struct line_fake *fake, uint8_t byte)
{
	struct shut_fake *state = fake->state;

	if (state->len > 0) {
		state->packet[state->len++] = byte;
		if (state->packet[1] >> 4 != (state->packet[1] & 0x0f) ||
		    state->packet[1] >> 4 > SHUT_DATA_MAX)
			state->len = 0;
		if (state->len > 2 &&
		    state->len == 3u + (state->packet[1] & 0x0f)) {
			state->len = 0;
			shut_fake_take(fake);
		}
		return;
	}
	if (byte == SHUT_ACK) {
		shut_fake_acknowledged(fake);
	} else if (byte == SHUT_NAK) {
		shut_fake_send(fake);
	} else if (byte == SHUT_SYNC_ALL ||
		   (byte == SHUT_SYNC_QUIET && !state->wants_all)) {
		state->is_set = false;
		state->answer_len = state->answer_at = 0;
		state->is_notifying = false;
		line_fake_send(fake, &byte, 1);
	} else if ((byte & ~SHUT_LAST) == SHUT_REQUEST) {
		state->packet[state->len++] = byte;
	}
}

const struct line_fake_kind shut_fake_ellipse = {
	.name = "shut",
	.speed = 2400,
	.state_size = sizeof(struct shut_fake),
	.start = shut_fake_start_ellipse,
	.receive = shut_fake_receive,
	.feel = shut_fake_feel,
};

const struct line_fake_kind shut_fake_eaton = {
	.name = "shut-eaton",
	.speed = 2400,
	.state_size = sizeof(struct shut_fake),
	.start = shut_fake_start_eaton,
	.receive = shut_fake_receive,
	.feel = shut_fake_feel,
};

LINE_FAKE(shut_fake_ellipse);
LINE_FAKE(shut_fake_eaton);
