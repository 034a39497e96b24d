// SPDX-License-Identifier: MIT
/* What protocols of bytes have in common, whatever carries them. */
#include "link/bytes.h"

#include <errno.h>

void bytes_close(struct byte_link *link)
{
	if (link->ops)
		link->ops->close(link);
}

int bytes_write_slowly(struct byte_link *link, const void *bytes, size_t len,
		       int gap_ms, deadline_t until)
{
	const uint8_t *byte = bytes;

	for (size_t i = 0; i < len; i++) {
		int ret = link->ops->write(link, byte + i, 1, until);

		if (ret == 0)
			ret = clock_sleep_ms(gap_ms, until);
		if (ret < 0)
			return ret;
	}
	return 0;
}

int bytes_read(struct byte_link *link, void *bytes, size_t len, deadline_t until)
{
	uint8_t *to = bytes;

	while (len > 0) {
		int ret = link->ops->read(link, to, len, until);

		if (ret < 0)
			return ret;
		to += ret;
		len -= (size_t)ret;
	}
	return 0;
}

int bytes_read_line(struct byte_link *link, char end, char *line, size_t size,
		    size_t *got, deadline_t until)
{
	size_t len = 0;
	int ret;

	for (;;) {
		char byte;

		line[len] = '\0';
		if (got)
			*got = len;
		ret = link->ops->read(link, &byte, 1, until);
		if (ret < 0)
			return ret;
		if (byte == end)
			return (int)len;
		if (len + 1 >= size)
			return -EPROTO;
		line[len++] = byte ? byte : '0';
	}
}

void bytes_settle(struct byte_link *link, int quiet_ms, deadline_t until)
{
	uint8_t waste[64];
	deadline_t quiet;

	do {
		quiet = deadline_earlier(deadline_in_ms(quiet_ms), until);
	} while (link->ops->read(link, waste, sizeof(waste), quiet) > 0 &&
		 !deadline_passed(until));
}

int bytes_fail(struct ups *ups, int error)
{
	switch (error) {
	case -ENODEV:
		return ups_fail(ups, error, "[%s] its port went away",
				ups->name);
	case -ETIMEDOUT:
		return ups_fail(ups, error, "[%s] does not answer", ups->name);
	case -EPROTO:
		ups->in_doubt = true;
		return ups_fail(ups, error,
				"[%s] answers something else than it was asked",
				ups->name);
	default:
		return ups_fail(ups, -EIO, "[%s] its port fails", ups->name);
	}
}
