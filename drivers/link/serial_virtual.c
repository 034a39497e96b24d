// SPDX-License-Identifier: MIT
/* The one serial port of a unit test. */
#include "link/serial_virtual.h"

#include <errno.h>

#include "link/serial.h"

#define SERIAL_OUTPUTS (SERIAL_DTR | SERIAL_RTS)

/* A machine has its ports as it has its clock. */
static struct line_fake *serial_virtual_fake;
static unsigned int serial_virtual_outputs;

void serial_virtual_plug(struct line_fake *fake)
{
	serial_virtual_fake = fake;
}

static bool serial_virtual_is_there(void)
{
	return serial_virtual_fake && line_fake_is_there(serial_virtual_fake);
}

static int serial_virtual_write(struct byte_link *link, const void *bytes,
				size_t len, deadline_t until)
{
	(void)link;
	if (deadline_passed(until))
		return -ETIMEDOUT;
	if (!serial_virtual_is_there())
		return -ENODEV;
	line_fake_receive(serial_virtual_fake, bytes, len);
	return 0;
}

static int serial_virtual_read(struct byte_link *link, void *bytes, size_t size,
			       deadline_t until)
{
	(void)link;
	for (;;) {
		int64_t next_ms;
		size_t len;

		if (!serial_virtual_is_there())
			return -ENODEV;
		len = line_fake_take(serial_virtual_fake, bytes, size);
		if (len > 0)
			return (int)len;
		if (deadline_passed(until))
			return -ETIMEDOUT;
		next_ms = line_fake_next_ms(serial_virtual_fake);
		(void)clock_sleep_ms(deadline_left_ms(next_ms), until);
	}
}

static void serial_virtual_drain(struct byte_link *link)
{
	uint8_t waste[64];

	(void)link;
	while (serial_virtual_fake &&
	       line_fake_take(serial_virtual_fake, waste, sizeof(waste)) > 0)
		;
}

static void serial_virtual_close(struct byte_link *link)
{
	(void)link; /* the lines stay as they are */
}

static const struct byte_link_ops serial_virtual_ops = {
	.write = serial_virtual_write,
	.read = serial_virtual_read,
	.drain = serial_virtual_drain,
	.close = serial_virtual_close,
};

int serial_open(struct serial_link *serial, struct ups *ups,
		const struct serial_settings *settings, deadline_t until)
{
	*serial = (struct serial_link){
		.link = { .ops = &serial_virtual_ops },
		.fd = -1,
	};
	if (!serial_virtual_is_there())
		return ups_fail(ups, -ENODEV, "[%s] there is no port %s",
				ups->name, ups_value(ups, "port"));
	serial_virtual_fake->speed = settings->speed;
	/* As the kernel does. */
	line_fake_set_lines(serial_virtual_fake, SERIAL_OUTPUTS, false);
	(void)serial_set_lines(serial, settings->lines);
	if (clock_sleep_ms(settings->settle_ms, until) < 0)
		return ups_fail(ups, -ETIMEDOUT, "[%s] no time", ups->name);
	return 0;
}

int serial_set_speed(struct serial_link *serial, int speed)
{
	(void)serial;
	if (!serial_virtual_is_there())
		return -ENODEV;
	serial_virtual_fake->speed = speed;
	return 0;
}

int serial_set_lines(struct serial_link *serial, unsigned int lines)
{
	(void)serial;
	if (!serial_virtual_is_there())
		return -ENODEV;
	serial_virtual_outputs = lines & SERIAL_OUTPUTS;
	line_fake_set_lines(serial_virtual_fake, serial_virtual_outputs, false);
	return 0;
}

int serial_read_lines(struct serial_link *serial, unsigned int *lines)
{
	(void)serial;
	if (!serial_virtual_is_there())
		return -ENODEV;
	*lines = serial_virtual_outputs | serial_virtual_fake->inputs;
	return 0;
}

int serial_break(struct serial_link *serial, int ms, deadline_t until)
{
	int ret;

	(void)serial;
	if (!serial_virtual_is_there())
		return -ENODEV;
	line_fake_set_lines(serial_virtual_fake, serial_virtual_outputs, true);
	ret = clock_sleep_ms(ms, until);
	line_fake_set_lines(serial_virtual_fake, serial_virtual_outputs, false);
	return ret;
}
