// SPDX-License-Identifier: MIT
/* Packets, acknowledgements, and the transfers of HID made of them. */
#include "shut/shut_link.h"

#include <errno.h>
#include <string.h>

#include "hid/descriptor.h"

#define SHUT_SYNC_MS    600  /* between two tries, as its maker wants it */
#define SHUT_SILENCE_MS 3000 /* NUT's patience; its maker promises 500 ms */
#define SHUT_TRIES      3    /* of a packet that arrives damaged */
/* After nonsense: until this long nothing has come. A byte takes 4 ms. */
#define SHUT_QUIET_MS   30

#define SETUP_LEN 8

/* bmRequestType and bRequest of USB. */
#define SETUP_GET_REPORT     0xa1, 0x01
#define SETUP_SET_REPORT     0x21, 0x09
#define SETUP_OF_DEVICE      0x80, 0x06
#define SETUP_OF_INTERFACE   0x81, 0x06
#define SETUP_LENGTH(length) (uint8_t)(length), (uint8_t)((length) >> 8)

static struct shut_link *shut_of(struct report_link *link)
{
	return (struct shut_link *)link; /* its first member */
}

size_t shut_build(uint8_t packet[SHUT_PACKET_MAX], uint8_t type,
		  const uint8_t *data, size_t len)
{
	uint8_t sum = 0;

	packet[0] = type;
	packet[1] = (uint8_t)(len << 4 | len);
	for (size_t i = 0; i < len; i++) {
		packet[2 + i] = data[i];
		sum ^= data[i];
	}
	packet[2 + len] = sum;
	return len + 3;
}

/** One byte, from a unit that is at it. */
static int shut_read_byte(struct shut_link *shut, uint8_t *byte,
			  deadline_t until)
{
	deadline_t end =
		deadline_earlier(deadline_in_ms(SHUT_SILENCE_MS), until);

	return bytes_read(shut->bytes, byte, 1, end);
}

static int shut_write_byte(struct shut_link *shut, uint8_t byte,
			   deadline_t until)
{
	return shut->bytes->ops->write(shut->bytes, &byte, 1, until);
}

static int shut_try_sync(struct shut_link *shut, uint8_t sync, deadline_t until)
{
	deadline_t end = deadline_earlier(deadline_in_ms(SHUT_SYNC_MS), until);
	uint8_t byte;
	int ret;

	shut->bytes->ops->drain(shut->bytes);
	ret = shut_write_byte(shut, sync, until);
	while (ret == 0) {
		ret = bytes_read(shut->bytes, &byte, 1, end);
		if (ret == 0 && byte == sync)
			return 0;
	}
	return ret;
}

int shut_sync(struct shut_link *shut, deadline_t until)
{
	/* Early Ellipses are said to know only the one for all notifications. */
	static const uint8_t syncs[] = { SHUT_SYNC_QUIET, SHUT_SYNC_QUIET,
					 SHUT_SYNC_ALL, SHUT_SYNC_QUIET };
	int ret = -ETIMEDOUT;

	for (size_t i = 0;
	     i < sizeof(syncs) && ret == -ETIMEDOUT && !deadline_passed(until);
	     i++)
		ret = shut_try_sync(shut, syncs[i], until);
	shut->is_lost = ret < 0;
	return ret;
}

/**
 * The rest of a packet whose @type was read, acknowledged or refused. Returns
 * its bytes, -EPROTO if it was damaged and comes again, or the line's error.
 */
static int shut_read_rest(struct shut_link *shut, uint8_t data[SHUT_DATA_MAX],
			  deadline_t until)
{
	uint8_t len = 0, byte = 0, sum = 0;
	int ret = shut_read_byte(shut, &byte, until);
	bool is_sound;

	len = byte & 0x0f;
	is_sound =
		ret == 0 && byte >> 4 == len && len > 0 && len <= SHUT_DATA_MAX;
	for (int i = 0; is_sound && ret == 0 && i < len; i++) {
		ret = shut_read_byte(shut, &data[i], until);
		sum ^= data[i];
	}
	if (is_sound && ret == 0)
		ret = shut_read_byte(shut, &byte, until);
	if (ret < 0)
		return ret;
	is_sound = is_sound && byte == sum;
	if (!is_sound)
		bytes_settle(shut->bytes, SHUT_QUIET_MS, until);
	ret = shut_write_byte(shut, is_sound ? SHUT_ACK : SHUT_NAK, until);
	if (ret < 0)
		return ret;
	return is_sound ? len : -EPROTO;
}

static bool shut_is_notification(uint8_t type)
{
	return (type & ~SHUT_LAST) == SHUT_NOTIFY;
}

/** Wait for ACK or NAK; what else comes is none of this transfer. */
static int shut_read_ack(struct shut_link *shut, deadline_t until)
{
	uint8_t data[SHUT_DATA_MAX] = { 0 };

	for (;;) {
		uint8_t byte;
		int ret = shut_read_byte(shut, &byte, until);

		if (ret < 0)
			return ret;
		if (byte == SHUT_ACK || byte == SHUT_NAK)
			return byte == SHUT_ACK ? 0 : -EPIPE;
		if (!shut_is_notification(byte))
			continue;
		ret = shut_read_rest(shut, data, until);
		if (ret < 0 && ret != -EPROTO)
			return ret;
	}
}

/** Write one packet and have it acknowledged. */
static int shut_write_packet(struct shut_link *shut, uint8_t type,
			     const uint8_t *data, size_t len, deadline_t until)
{
	uint8_t packet[SHUT_PACKET_MAX];
	size_t packet_len = shut_build(packet, type, data, len);
	int ret = -EPIPE;

	for (int i = 0; i < SHUT_TRIES && ret == -EPIPE; i++) {
		ret = shut->bytes->ops->write(shut->bytes, packet, packet_len,
					      until);
		if (ret == 0)
			ret = shut_read_ack(shut, until);
	}
	return ret;
}

/** All packets of an answer; returns its length. */
static int shut_read_answer(struct shut_link *shut, uint8_t *answer,
			    size_t size, deadline_t until)
{
	uint8_t data[SHUT_DATA_MAX] = { 0 };
	bool is_too_long = false;
	int tries = SHUT_TRIES;
	size_t len = 0;

	for (;;) {
		uint8_t type;
		int ret = shut_read_byte(shut, &type, until);

		if (ret < 0)
			return ret;
		if (!shut_is_notification(type) &&
		    (type & ~SHUT_LAST) != SHUT_RESPONSE)
			continue;
		ret = shut_read_rest(shut, data, until);
		if (ret == -EPROTO && --tries > 0)
			continue;
		if (ret < 0)
			return ret == -EPROTO ? -EIO : ret;
		if (shut_is_notification(type))
			continue;
		is_too_long |= len + (size_t)ret > size;
		if (!is_too_long) {
			memcpy(answer + len, data, (size_t)ret);
			len += (size_t)ret;
		}
		if (type & SHUT_LAST)
			return is_too_long ? -EOVERFLOW : (int)len;
	}
}

/** In step with the unit, and what it said by itself out of the way. */
static int shut_begin(struct shut_link *shut, deadline_t until)
{
	uint8_t data[SHUT_DATA_MAX] = { 0 };
	uint8_t byte;

	if (shut->is_lost)
		return shut_sync(shut, until);
	while (!deadline_passed(until) &&
	       bytes_read(shut->bytes, &byte, 1, deadline_in_ms(0)) == 0) {
		int ret = shut_is_notification(byte)
				  ? shut_read_rest(shut, data, until)
				  : 0;

		if (ret < 0 && ret != -EPROTO)
			return ret;
	}
	return 0;
}

static int shut_end(struct shut_link *shut, int ret)
{
	shut->is_lost = ret < 0 && ret != -EOVERFLOW;
	return ret;
}

static int shut_ask(struct shut_link *shut, const uint8_t setup[SETUP_LEN],
		    uint8_t *answer, size_t size, deadline_t until)
{
	int ret = shut_begin(shut, until);

	if (ret == 0)
		ret = shut_write_packet(shut, SHUT_REQUEST | SHUT_LAST, setup,
					SETUP_LEN, until);
	if (ret == 0)
		ret = shut_read_answer(shut, answer, size, until);
	return shut_end(shut, ret);
}

static int shut_get_report(struct report_link *link, enum report_type type,
			   uint8_t id, uint8_t *report, size_t size,
			   deadline_t until)
{
	const uint8_t setup[SETUP_LEN] = {
		SETUP_GET_REPORT,  id, (uint8_t)(type + 1), 0, 0,
		SETUP_LENGTH(size)
	};

	return shut_ask(shut_of(link), setup, report, size, until);
}

static int shut_set_report(struct report_link *link, enum report_type type,
			   const uint8_t *report, size_t len, deadline_t until)
{
	const uint8_t setup[SETUP_LEN] = {
		SETUP_SET_REPORT, report[0], (uint8_t)(type + 1), 0, 0,
		SETUP_LENGTH(len)
	};
	struct shut_link *shut = shut_of(link);
	int ret = shut_begin(shut, until);

	if (ret == 0)
		ret = shut_write_packet(shut, SHUT_REQUEST, setup, SETUP_LEN,
					until);
	for (size_t at = 0; ret == 0 && at < len; at += SHUT_DATA_MAX) {
		size_t left = len - at;
		bool is_last = left <= SHUT_DATA_MAX;

		ret = shut_write_packet(
			shut, SHUT_REQUEST | (is_last ? SHUT_LAST : 0),
			report + at, is_last ? left : SHUT_DATA_MAX, until);
	}
	return shut_end(shut, ret);
}

int shut_read_descriptor(struct shut_link *shut, enum shut_descriptor type,
			 uint8_t index, uint8_t *bytes, size_t size,
			 deadline_t until)
{
	const uint8_t of_device[SETUP_LEN] = {
		SETUP_OF_DEVICE, index, type, 0, 0, SETUP_LENGTH(size)
	};
	const uint8_t of_interface[SETUP_LEN] = {
		SETUP_OF_INTERFACE, index, type, 0, 0, SETUP_LENGTH(size)
	};

	return shut_ask(shut, type < SHUT_HID ? of_device : of_interface, bytes,
			size, until);
}

/** The report descriptor, after the HID descriptor that tells its length. */
static int shut_describe(struct report_link *link, uint8_t *descriptor,
			 size_t size, deadline_t until)
{
	struct shut_link *shut = shut_of(link);
	uint8_t hid[SHUT_HID_LEN] = { 0 };
	size_t len;
	int ret = shut_read_descriptor(shut, SHUT_HID, shut->descriptor_index,
				       hid, sizeof(hid), until);

	if (ret < 0)
		return ret;
	if (ret < (int)sizeof(hid) || hid[1] != SHUT_HID)
		return -EIO;
	len = (size_t)(hid[7] | hid[8] << 8);
	if (len > size)
		return -EOVERFLOW;
	return shut_read_descriptor(shut, SHUT_REPORT, shut->descriptor_index,
				    descriptor, len, until);
}

static void shut_close(struct report_link *link)
{
	struct shut_link *shut = shut_of(link);

	shut->bytes->ops->close(shut->bytes);
}

static const struct report_link_ops shut_ops = {
	.get_report = shut_get_report,
	.set_report = shut_set_report,
	.read_descriptor = shut_describe,
	.close = shut_close,
};

void shut_start(struct shut_link *shut, struct byte_link *bytes)
{
	*shut = (struct shut_link){
		.link = { .ops = &shut_ops },
		.bytes = bytes,
	};
}
