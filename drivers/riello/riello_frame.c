// SPDX-License-Identifier: MIT
/* GPSER's frames, to and from whatever carries them. */
#include <errno.h>

#include "riello/riello.h"

#define RIELLO_DIGIT     0x30
#define RIELLO_CRC_START 0x554d
#define RIELLO_CRC_POLY  0x8408 /* 1021, lowest bit first */

uint16_t riello_check(const uint8_t *bytes, size_t len, bool crc)
{
	unsigned int check = crc ? RIELLO_CRC_START : 0;

	for (size_t i = 0; i < len; i++) {
		if (!crc) {
			check += bytes[i];
			continue;
		}
		check ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			check = check & 1 ? check >> 1 ^ RIELLO_CRC_POLY
					  : check >> 1;
	}
	return (uint16_t)check;
}

static void riello_put(uint8_t *to, uint32_t number, size_t digits)
{
	while (digits-- > 0) {
		to[digits] = (uint8_t)(RIELLO_DIGIT + (number & 0xf));
		number >>= 4;
	}
}

size_t riello_build(uint8_t frame[RIELLO_FRAME_MAX], const char command[2],
		    uint32_t number, size_t digits, bool crc)
{
	size_t len = 7 + digits;

	frame[0] = RIELLO_START;
	frame[1] = RIELLO_US;
	frame[2] = RIELLO_UPS;
	frame[3] = (uint8_t)command[0];
	frame[4] = (uint8_t)command[1];
	riello_put(frame + 5, (uint32_t)digits, 2);
	riello_put(frame + 7, number, digits);
	riello_put(frame + len, riello_check(frame + 1, len - 1, crc), 4);
	frame[len + 4] = RIELLO_END;
	return len + 5;
}

/** The number that @digits digits are, or -EPROTO. */
static int riello_get(const uint8_t *from, int digits)
{
	int number = 0;

	for (int i = 0; i < digits; i++) {
		if (from[i] < RIELLO_DIGIT || from[i] > RIELLO_DIGIT + 0xf)
			return -EPROTO;
		number = number << 4 | (from[i] - RIELLO_DIGIT);
	}
	return number;
}

static int riello_read_frame(struct byte_link *link, bool crc, uint8_t *frame,
			     deadline_t until)
{
	int ret, len;

	do {
		ret = bytes_read(link, frame, 1, until);
		if (ret == 0 && deadline_passed(until))
			ret = -ETIMEDOUT;
	} while (ret == 0 && frame[0] != RIELLO_START);
	if (ret == 0)
		ret = bytes_read(link, frame + 1, 6, until);
	if (ret < 0)
		return ret;
	len = riello_get(frame + 5, 2);
	if (len < 0)
		return len;
	ret = bytes_read(link, frame + 7, (size_t)len + 5, until);
	if (ret < 0)
		return ret;
	if (frame[7 + len + 4] != RIELLO_END ||
	    riello_get(frame + 7 + len, 4) !=
		    riello_check(frame + 1, 6 + (size_t)len, crc))
		return -EPROTO;
	return len;
}

int riello_read(struct byte_link *link, bool crc, struct riello_answer *answer,
		deadline_t until)
{
	uint8_t frame[7 + RIELLO_DATA_MAX + 5];

	for (;;) {
		int ret = riello_read_frame(link, crc, frame, until);

		if (ret < 0)
			return ret;
		if (frame[1] == RIELLO_US) /* an adapter that echoes */
			continue;
		answer->command[0] = frame[3];
		answer->command[1] = frame[4];
		answer->len = ret;
		for (int i = 0; i < ret; i++)
			answer->data[i] = frame[7 + i];
		return 0;
	}
}
