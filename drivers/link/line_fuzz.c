// SPDX-License-Identifier: MIT
/* A UPS that says what the fuzzer says, a few bytes for each question. */
#include "link/line_fuzz.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/fleet.h"
#include "link/serial.h"

#define LINE_FUZZ_LIMIT_MS 20000

/* What is left of the input. There is one port, as in serial_virtual.c. */
static const uint8_t *line_fuzz_bytes;
static size_t line_fuzz_len;

uint8_t line_fuzz_next(void)
{
	if (line_fuzz_len == 0)
		return 0;
	line_fuzz_len--;
	return *line_fuzz_bytes++;
}

bool line_fuzz_has_more(void)
{
	return line_fuzz_len > 0;
}

static int line_fuzz_write(struct byte_link *link, const void *bytes,
			   size_t len, deadline_t until)
{
	(void)link;
	(void)bytes;
	(void)len;
	return deadline_passed(until) ? -ETIMEDOUT : 0;
}

/* A length of 0 is silence, which the end of the input is, too. */
static int line_fuzz_read(struct byte_link *link, void *bytes, size_t size,
			  deadline_t until)
{
	uint8_t *to = bytes;
	size_t len = line_fuzz_next() % 64u;

	(void)link;
	if (deadline_passed(until))
		return -ETIMEDOUT;
	if (len > size)
		len = size;
	if (len > line_fuzz_len)
		len = line_fuzz_len;
	if (len == 0) {
		(void)clock_sleep_ms(LINE_FUZZ_LIMIT_MS, until);
		return -ETIMEDOUT;
	}
	for (size_t i = 0; i < len; i++)
		to[i] = line_fuzz_next();
	return (int)len;
}

static void line_fuzz_drain(struct byte_link *link)
{
	(void)link;
}

static const struct byte_link_ops line_fuzz_ops = {
	.write = line_fuzz_write,
	.read = line_fuzz_read,
	.drain = line_fuzz_drain,
	.close = line_fuzz_drain,
};

int serial_open(struct serial_link *serial, struct ups *ups,
		const struct serial_settings *settings, deadline_t until)
{
	(void)ups;
	(void)settings;
	(void)until;
	*serial = (struct serial_link){
		.link = { .ops = &line_fuzz_ops },
		.fd = -1,
	};
	return 0;
}

int serial_set_speed(struct serial_link *serial, int speed)
{
	(void)serial;
	(void)speed;
	return 0;
}

int serial_set_lines(struct serial_link *serial, unsigned int lines)
{
	(void)serial;
	(void)lines;
	return 0;
}

int serial_read_lines(struct serial_link *serial, unsigned int *lines)
{
	(void)serial;
	*lines = line_fuzz_next();
	return 0;
}

int serial_break(struct serial_link *serial, int ms, deadline_t until)
{
	(void)serial;
	return clock_sleep_ms(ms, until);
}

static void line_fuzz_live(struct ups *ups, enum ups_command wanted)
{
	struct ups_status status = { 0 };
	struct ups_cut cut = { .wanted = wanted };
	int ret = fleet_cut(ups, &cut, deadline_in_ms(LINE_FUZZ_LIMIT_MS));

	assert(ret <= 0);
	assert(ret == 0 || ups->problem[0]);
	assert(ret < 0 || strlen(cut.how) < sizeof(cut.how));
	if (ret == -ENODEV || ret == -EIO || ret == -EBUSY)
		return; /* it need not be open any more */
	if (ups->state && ups->driver->status)
		(void)ups->driver->status(ups, &status,
					  deadline_in_ms(LINE_FUZZ_LIMIT_MS));
	if (ups->state && ups->driver->cancel)
		(void)ups->driver->cancel(ups,
					  deadline_in_ms(LINE_FUZZ_LIMIT_MS));
}

static void line_fuzz_at(const char *driver, const char *port, const char *keys,
			 const uint8_t *bytes, size_t len)
{
	static struct conf conf; /* large, and written anew each time */
	struct ups ups = { 0 };
	enum ups_command wanted;
	char text[512];
	int size = snprintf(text, sizeof(text),
			    "[u]\ndriver = %s\nport = %s\n%s\n", driver, port,
			    keys);

	line_fuzz_bytes = bytes;
	line_fuzz_len = len;
	wanted = line_fuzz_next() % 4;
	(void)conf_parse(&conf, "ups.conf", text, (size_t)size, NULL);
	if (fleet_arm(&ups, &conf, conf_find_section(&conf, "u"),
		      deadline_in_ms(LINE_FUZZ_LIMIT_MS)) < 0) {
		assert(ups.problem[0]);
		return;
	}
	line_fuzz_live(&ups, wanted);
	fleet_release(&ups);
}

void line_fuzz(const char *driver, const char *keys, const uint8_t *bytes,
	       size_t len)
{
	line_fuzz_at(driver, "/dev/ttyS0", keys, bytes, len);
}

void line_fuzz_usb(const char *driver, const struct usb_id *device,
		   const char *keys, const uint8_t *bytes, size_t len)
{
	line_fuzz_plug(device);
	line_fuzz_at(driver, "auto", keys, bytes, len);
}

void line_fuzz_net(const char *driver, const char *keys,
		   line_fuzz_answer_fn answer, const uint8_t *bytes, size_t len)
{
	line_fuzz_plug_net(answer);
	line_fuzz_at(driver, "ups", keys, bytes, len);
}
