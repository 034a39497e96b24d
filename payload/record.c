// SPDX-License-Identifier: MIT
/* The record of a power-off as bytes: version 2, little endian. */
#include "record.h"

#include <errno.h>
#include <string.h>

#include "handover_format.h"

/*
 * 0 magic, 2 version, 3 length of all, 4 boot, 20 verb, 21 storage, 22 is
 * over (bit 0), a drill (bit 1), still on (bit 2), 23 UPSes, 24 failed, 25
 * places in use, 26 safe ms, 30 ended ms, 34 two bytes of ms for each stage;
 * then for each place 12 name, 1 result, 1 command, 2 off, 2 on; then the CRC.
 */
#define RECORD_MAGIC_0 'L'
#define RECORD_MAGIC_1 'W'
#define RECORD_VERSION 2
#define RECORD_STAGE   34
#define RECORD_HEAD    (RECORD_STAGE + 2 * RECORD_STAGES)
#define RECORD_PLACE   (RECORD_NAME_MAX + 6)
#define RECORD_CRC     4
#define RECORD_NO_TIME 0xffff

_Static_assert(RECORD_HEAD + RECORD_UPS_MAX * RECORD_PLACE + RECORD_CRC <=
		       RECORD_BYTES_MAX,
	       "a record has to fit");

static void record_put(uint8_t *at, uint32_t number, int bytes)
{
	for (int i = 0; i < bytes; i++)
		at[i] = (uint8_t)(number >> 8 * i);
}

static uint32_t record_get(const uint8_t *at, int bytes)
{
	uint32_t number = 0;

	for (int i = bytes - 1; i >= 0; i--)
		number = number << 8 | at[i];
	return number;
}

static uint32_t record_clip(int number, int unknown, uint32_t most)
{
	if (number == unknown || number < 0)
		return most;
	return (uint32_t)number < most ? (uint32_t)number : most - 1;
}

static int record_hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

bool record_parse_boot(const char *text, uint8_t boot[RECORD_BOOT_MAX])
{
	int nibbles = 0;

	memset(boot, 0, RECORD_BOOT_MAX);
	for (; *text && *text != '\n'; text++) {
		int value = record_hex(*text);

		if (*text == '-')
			continue;
		if (value < 0 || nibbles == 2 * RECORD_BOOT_MAX)
			return false;
		boot[nibbles / 2] |= (uint8_t)(nibbles % 2 ? value : value << 4);
		nibbles++;
	}
	return nibbles == 2 * RECORD_BOOT_MAX;
}

static void record_pack_ups(const struct record_ups *ups, uint8_t *at)
{
	memcpy(at, ups->name, strnlen(ups->name, RECORD_NAME_MAX));
	at[RECORD_NAME_MAX] = (uint8_t)ups->result;
	at[RECORD_NAME_MAX + 1] = (uint8_t)ups->given;
	record_put(at + RECORD_NAME_MAX + 2,
		   record_clip(ups->off_after_s, UPS_UNKNOWN_S, RECORD_NO_TIME),
		   2);
	record_put(at + RECORD_NAME_MAX + 4,
		   record_clip(ups->on_after_s, UPS_UNKNOWN_S, RECORD_NO_TIME),
		   2);
}

size_t record_pack(const struct record *record, uint8_t bytes[RECORD_BYTES_MAX])
{
	int places =
		record->upses < RECORD_UPS_MAX ? record->upses : RECORD_UPS_MAX;
	size_t len = RECORD_HEAD + (size_t)places * RECORD_PLACE;

	memset(bytes, 0, RECORD_BYTES_MAX);
	bytes[0] = RECORD_MAGIC_0;
	bytes[1] = RECORD_MAGIC_1;
	bytes[2] = RECORD_VERSION;
	bytes[3] = (uint8_t)(len + RECORD_CRC);
	memcpy(bytes + 4, record->boot, RECORD_BOOT_MAX);
	bytes[20] = (uint8_t)record->verb;
	bytes[21] = (uint8_t)record->storage;
	bytes[22] = (uint8_t)(record->is_over | record->is_drill << 1 |
			      record->is_still_on << 2);
	bytes[23] = (uint8_t)record->upses;
	bytes[24] = (uint8_t)record->failed;
	bytes[25] = (uint8_t)places;
	record_put(bytes + 26, record->safe_ms, 4);
	record_put(bytes + 30, record->ended_ms, 4);
	for (int i = 0; i < RECORD_STAGES; i++)
		record_put(bytes + RECORD_STAGE + 2 * i,
			   record->stage_ms[i] < RECORD_NO_TIME
				   ? record->stage_ms[i]
				   : RECORD_NO_TIME,
			   2);
	for (int i = 0; i < places; i++)
		record_pack_ups(&record->ups[i],
				bytes + RECORD_HEAD + i * RECORD_PLACE);
	record_put(bytes + len, handover_crc32((const char *)bytes, len),
		   RECORD_CRC);
	return len + RECORD_CRC;
}

static int record_time(const uint8_t *at)
{
	uint32_t time = record_get(at, 2);

	return time == RECORD_NO_TIME ? UPS_UNKNOWN_S : (int)time;
}

/** A name goes to a terminal, whoever wrote the variable. */
static bool record_is_name(const char *name)
{
	for (; *name; name++) {
		if (*name < ' ' || *name > '~')
			return false;
	}
	return true;
}

static int record_unpack_ups(struct record_ups *ups, const uint8_t *at)
{
	uint8_t result = at[RECORD_NAME_MAX], given = at[RECORD_NAME_MAX + 1];

	memcpy(ups->name, at, RECORD_NAME_MAX);
	if (result > RECORD_TRIED || given > UPS_REBOOT ||
	    !record_is_name(ups->name))
		return -EBADMSG;
	ups->result = (enum record_result)result;
	ups->given = (enum ups_command)given;
	ups->off_after_s = record_time(at + RECORD_NAME_MAX + 2);
	ups->on_after_s = record_time(at + RECORD_NAME_MAX + 4);
	return 0;
}

static bool record_is_whole(const uint8_t *bytes, size_t len)
{
	size_t body = len - RECORD_CRC;

	return len >= RECORD_HEAD + RECORD_CRC && len <= RECORD_BYTES_MAX &&
	       bytes[0] == RECORD_MAGIC_0 && bytes[1] == RECORD_MAGIC_1 &&
	       bytes[2] == RECORD_VERSION && bytes[3] == len &&
	       bytes[25] <= RECORD_UPS_MAX &&
	       body == RECORD_HEAD + (size_t)bytes[25] * RECORD_PLACE &&
	       record_get(bytes + body, RECORD_CRC) ==
		       handover_crc32((const char *)bytes, body);
}

int record_unpack(struct record *record, const uint8_t *bytes, size_t len)
{
	memset(record, 0, sizeof(*record));
	if (!record_is_whole(bytes, len) || bytes[20] > VERB_UNKNOWN ||
	    bytes[21] > STORAGE_UNSAFE || bytes[22] > 7 ||
	    bytes[23] > HANDOVER_UPS_MAX || bytes[24] > bytes[23] ||
	    bytes[25] > bytes[23])
		return -EBADMSG;
	memcpy(record->boot, bytes + 4, RECORD_BOOT_MAX);
	record->verb = (enum verb)bytes[20];
	record->storage = (enum storage_verdict)bytes[21];
	record->is_over = bytes[22] & 1;
	record->is_drill = bytes[22] >> 1 & 1;
	record->is_still_on = bytes[22] >> 2;
	record->upses = bytes[23];
	record->failed = bytes[24];
	record->safe_ms = record_get(bytes + 26, 4);
	record->ended_ms = record_get(bytes + 30, 4);
	for (int i = 0; i < RECORD_STAGES; i++)
		record->stage_ms[i] =
			record_get(bytes + RECORD_STAGE + 2 * i, 2);
	for (int i = 0; i < bytes[25]; i++) {
		if (record_unpack_ups(&record->ups[i],
				      bytes + RECORD_HEAD + i * RECORD_PLACE))
			return -EBADMSG;
	}
	return 0;
}

bool record_was_commanded(enum record_result result)
{
	return result == RECORD_SENT || result == RECORD_CONFIRMED ||
	       result == RECORD_TRIED;
}

const char *record_result_name(enum record_result result)
{
	switch (result) {
	case RECORD_PENDING:
		return "pending";
	case RECORD_FAILED:
		return "failed";
	case RECORD_DOUBTFUL:
		return "doubtful";
	case RECORD_SENT:
		return "sent";
	case RECORD_CONFIRMED:
		return "confirmed";
	case RECORD_READY:
		return "ready";
	case RECORD_TRIED:
		return "armed and cancelled";
	}
	return "unknown";
}
