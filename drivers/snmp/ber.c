// SPDX-License-Identifier: MIT
/* Reads and writes ASN.1 elements. */
#include "snmp/ber.h"

#include <errno.h>
#include <string.h>

#define BER_LONG_LENGTH 0x80
#define BER_NUMBER_MAX  5 /* bytes: 32 bits without sign */

/** The bytes of a length: one, or a count and so many. */
static int ber_take_length(struct ber *from, size_t *len)
{
	size_t bytes;

	if (from->len == 0)
		return -EPROTO;
	*len = *from->at++;
	from->len--;
	if (*len < BER_LONG_LENGTH)
		return 0;
	bytes = *len & ~(size_t)BER_LONG_LENGTH;
	/* None means "until its end", and SNMP forbids that. */
	if (bytes == 0 || bytes > 4 || bytes > from->len)
		return -EPROTO;
	*len = 0;
	for (; bytes > 0; bytes--, from->len--)
		*len = *len << 8 | *from->at++;
	return 0;
}

int ber_take_any(struct ber *from, uint8_t *tag, struct ber *content)
{
	struct ber rest = *from;

	if (rest.len == 0)
		return -EPROTO;
	*tag = *rest.at++;
	rest.len--;
	if (ber_take_length(&rest, &content->len) < 0 || content->len > rest.len)
		return -EPROTO;
	content->at = rest.at;
	from->at = rest.at + content->len;
	from->len = rest.len - content->len;
	return 0;
}

int ber_take(struct ber *from, uint8_t tag, struct ber *content)
{
	struct ber rest = *from;
	uint8_t is;

	if (ber_take_any(&rest, &is, content) < 0 || is != tag)
		return -EPROTO;
	*from = rest;
	return 0;
}

int ber_read_number(struct ber content, int64_t *number)
{
	uint64_t value;

	if (content.len == 0 || content.len > BER_NUMBER_MAX)
		return -EPROTO;
	value = content.at[0] & 0x80 ? UINT64_MAX : 0;
	for (size_t i = 0; i < content.len; i++)
		value = value << 8 | content.at[i];
	*number = (int64_t)value;
	return 0;
}

int ber_take_int(struct ber *from, int32_t *number)
{
	struct ber content;
	int64_t value;

	if (ber_take(from, BER_INTEGER, &content) < 0 ||
	    ber_read_number(content, &value) < 0 || value < INT32_MIN ||
	    value > INT32_MAX)
		return -EPROTO;
	*number = (int32_t)value;
	return 0;
}

int ber_take_bytes(struct ber *from, uint8_t *bytes, size_t size, size_t *len)
{
	struct ber content;

	if (ber_take(from, BER_STRING, &content) < 0 || content.len > size)
		return -EPROTO;
	memcpy(bytes, content.at, content.len);
	*len = content.len;
	return 0;
}

void ber_start(struct ber_writer *to, uint8_t *bytes, size_t size)
{
	*to = (struct ber_writer){ .bytes = bytes, .size = size, .at = size };
}

void ber_put(struct ber_writer *to, const void *bytes, size_t len)
{
	if (len > to->at) {
		to->is_full = true;
		return;
	}
	to->at -= len;
	if (len > 0)
		memcpy(to->bytes + to->at, bytes, len);
}

void ber_put_head(struct ber_writer *to, uint8_t tag, size_t end)
{
	size_t len = end - to->at, count = 0;
	uint8_t head[6];

	/* From its end, too. */
	if (len >= BER_LONG_LENGTH) {
		size_t rest = len;

		for (; rest > 0; rest >>= 8)
			head[sizeof(head) - ++count] = (uint8_t)rest;
		head[sizeof(head) - 1 - count] =
			(uint8_t)(BER_LONG_LENGTH | count);
		count++;
	} else {
		head[sizeof(head) - ++count] = (uint8_t)len;
	}
	head[sizeof(head) - ++count] = tag;
	ber_put(to, head + sizeof(head) - count, count);
}

void ber_put_bytes(struct ber_writer *to, uint8_t tag, const void *bytes,
		   size_t len)
{
	size_t end = to->at;

	ber_put(to, bytes, len);
	ber_put_head(to, tag, end);
}

void ber_put_number(struct ber_writer *to, uint8_t tag, int32_t number)
{
	uint8_t bytes[4];
	size_t from = 0;

	for (size_t i = 0; i < 4; i++)
		bytes[i] = (uint8_t)((uint32_t)number >> (24 - 8 * i));
	/* The fewest bytes that keep the sign. */
	while (from < 3 && ((bytes[from] == 0 && bytes[from + 1] < 0x80) ||
			    (bytes[from] == 0xff && bytes[from + 1] >= 0x80)))
		from++;
	ber_put_bytes(to, tag, bytes + from, sizeof(bytes) - from);
}
