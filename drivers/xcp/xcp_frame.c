// SPDX-License-Identifier: MIT
/* XCP's frames, to and from whatever carries them. */
#include <errno.h>

#include "xcp/xcp.h"

#define XCP_LAST        0x80
#define XCP_NUMBER_MASK 0x07

struct xcp_frame {
	uint8_t block, len, sequence;
	uint8_t data[XCP_DATA_MAX];
	uint8_t sum;
};

size_t xcp_build(uint8_t frame[XCP_FRAME_MAX], const uint8_t *command,
		 size_t len)
{
	uint8_t sum = (uint8_t)(XCP_START + len);

	frame[0] = XCP_START;
	frame[1] = (uint8_t)len;
	for (size_t i = 0; i < len; i++) {
		frame[2 + i] = command[i];
		sum = (uint8_t)(sum + command[i]);
	}
	frame[2 + len] = (uint8_t)-sum;
	return len + 3;
}

static int xcp_read_frame(struct byte_link *link, struct xcp_frame *frame,
			  deadline_t until)
{
	uint8_t byte = 0, sum = XCP_START;
	int ret;

	do {
		ret = bytes_read(link, &byte, 1, until);
		if (ret == 0 && deadline_passed(until))
			ret = -ETIMEDOUT;
	} while (ret == 0 && byte != XCP_START);
	if (ret == 0)
		ret = bytes_read(link, &frame->block, 3, until);
	if (ret < 0)
		return ret;
	if (frame->len == 0 || frame->len > XCP_DATA_MAX)
		return -EPROTO;
	ret = bytes_read(link, frame->data, frame->len, until);
	if (ret == 0)
		ret = bytes_read(link, &frame->sum, 1, until);
	if (ret < 0)
		return ret;
	sum = (uint8_t)(sum + frame->block + frame->len + frame->sequence);
	for (int i = 0; i < frame->len; i++)
		sum = (uint8_t)(sum + frame->data[i]);
	return (uint8_t)(sum + frame->sum) ? -EPROTO : 0;
}

int xcp_read(struct byte_link *link, uint8_t block, uint8_t *data, size_t size,
	     deadline_t until)
{
	uint8_t number = 1;
	size_t got = 0;

	for (;;) {
		struct xcp_frame frame = { 0 };
		int ret = xcp_read_frame(link, &frame, until);

		if (ret < 0)
			return ret;
		if (frame.block != block) /* it may speak unasked */
			continue;
		if ((frame.sequence & XCP_NUMBER_MASK) != number)
			return -EPROTO;
		for (int i = 0; i < frame.len && got < size; i++)
			data[got++] = frame.data[i];
		if (frame.sequence & XCP_LAST)
			return (int)got;
		number = (uint8_t)((number + 1) & XCP_NUMBER_MASK);
	}
}
