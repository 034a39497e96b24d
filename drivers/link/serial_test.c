// SPDX-License-Identifier: MIT
/* Serial ports: the kernel's own, on a pseudo-terminal. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <termios.h>
#include <unistd.h>

#include <cmocka.h>

#include "link/serial.h"
#include "link/serial_place.h"

/* For what must not happen: long enough on a loaded machine to be seen. */
#define SHORTLY_MS 50
/* For what must happen. */
#define LONG_MS    10000

struct port {
	int far_end;
	char text[192];
	struct conf conf;
	struct ups ups;
	struct serial_link serial;
};

static const struct serial_settings settings = { .speed = 2400 };

static int port_start(void **state)
{
	struct port *port = calloc(1, sizeof(*port));

	assert_non_null(port);
	port->far_end = posix_openpt(O_RDWR | O_NOCTTY);
	assert_true(port->far_end >= 0);
	assert_int_equal(grantpt(port->far_end), 0);
	assert_int_equal(unlockpt(port->far_end), 0);
	(void)snprintf(port->text, sizeof(port->text), "[u]\nport = %s\n",
		       ptsname(port->far_end));
	(void)conf_parse(&port->conf, "ups.conf", port->text,
			 strlen(port->text), NULL);
	port->ups.conf = &port->conf;
	port->ups.section = conf_find_section(&port->conf, "u");
	port->ups.name = "u";
	*state = port;
	return 0;
}

static int port_end(void **state)
{
	struct port *port = *state;

	if (port->serial.link.ops)
		port->serial.link.ops->close(&port->serial.link);
	if (port->far_end >= 0)
		(void)close(port->far_end);
	free(port);
	return 0;
}

static int port_open(struct port *port)
{
	return serial_open(&port->serial, &port->ups, &settings,
			   deadline_in_ms(LONG_MS));
}

static void test_bytes_pass_unchanged(void **state)
{
	static const uint8_t bytes[] = { 0x00, 0x03, 0x11, 0x13,
					 '\r', '\n', 0x7f, 0xff };
	struct port *port = *state;
	struct byte_link *link = &port->serial.link;
	uint8_t there[sizeof(bytes)], back[sizeof(bytes)];

	assert_int_equal(port_open(port), 0);
	assert_int_equal(link->ops->write(link, bytes, sizeof(bytes),
					  deadline_in_ms(LONG_MS)),
			 0);
	assert_int_equal(read(port->far_end, there, sizeof(there)),
			 sizeof(there));
	assert_memory_equal(there, bytes, sizeof(bytes));
	assert_int_equal(write(port->far_end, bytes, sizeof(bytes)),
			 sizeof(bytes));
	assert_int_equal(
		bytes_read(link, back, sizeof(back), deadline_in_ms(LONG_MS)),
		0);
	assert_memory_equal(back, bytes, sizeof(bytes));
}

static void test_the_line_is_set_up(void **state)
{
	static const struct serial_settings odd = {
		.speed = 1200,
		.data_bits = 7,
		.stop_bits = 2,
		.parity = SERIAL_EVEN,
	};
	struct port *port = *state;
	struct termios line;

	assert_int_equal(serial_open(&port->serial, &port->ups, &odd,
				     deadline_in_ms(LONG_MS)),
			 0);
	assert_int_equal(tcgetattr(port->serial.fd, &line), 0);
	assert_int_equal(cfgetospeed(&line), B1200);
	/* A pseudo-terminal has eight bits and no parity, whatever is asked. */
	assert_true(line.c_cflag & CSTOPB);
	assert_true(line.c_cflag & CLOCAL);
	assert_false(line.c_cflag & (HUPCL | CRTSCTS));
	assert_false(line.c_lflag & (ECHO | ICANON | ISIG));
	assert_int_equal(serial_set_speed(&port->serial, 19200), 0);
	assert_int_equal(tcgetattr(port->serial.fd, &line), 0);
	assert_int_equal(cfgetospeed(&line), B19200);
	assert_int_equal(serial_set_speed(&port->serial, 2401), -EINVAL);
}

static void test_silence_ends_at_the_deadline(void **state)
{
	struct port *port = *state;
	struct byte_link *link = &port->serial.link;
	int64_t start_ms;
	char byte;

	assert_int_equal(port_open(port), 0);
	start_ms = clock_now_ms();
	assert_int_equal(
		link->ops->read(link, &byte, 1, deadline_in_ms(SHORTLY_MS)),
		-ETIMEDOUT);
	assert_true(clock_now_ms() - start_ms >= SHORTLY_MS);
}

/* Nobody reads at the far end: the kernel's buffer is full one day. */
static void test_a_full_line_does_not_hang(void **state)
{
	static const uint8_t much[65536];
	struct port *port = *state;
	struct byte_link *link = &port->serial.link;

	assert_int_equal(port_open(port), 0);
	assert_int_equal(link->ops->write(link, much, sizeof(much),
					  deadline_in_ms(SHORTLY_MS)),
			 -ETIMEDOUT);
}

static void test_a_port_that_goes_away_is_gone(void **state)
{
	struct port *port = *state;
	struct byte_link *link = &port->serial.link;
	char byte;

	assert_int_equal(port_open(port), 0);
	(void)close(port->far_end);
	port->far_end = -1;
	assert_int_equal(link->ops->read(link, &byte, 1, deadline_in_ms(LONG_MS)),
			 -ENODEV);
	assert_int_equal(link->ops->write(link, "x", 1, deadline_in_ms(LONG_MS)),
			 -ENODEV);
}

static void test_a_port_that_is_held_is_busy(void **state)
{
	struct port *port = *state;
	int fd = open(ptsname(port->far_end), O_RDWR | O_NOCTTY);

	assert_true(fd >= 0);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_int_equal(port_open(port), -EBUSY);
	assert_non_null(strstr(port->ups.problem, "another program has"));
	(void)close(fd);
}

static void test_a_port_that_is_not_there(void **state)
{
	struct port *port = *state;

	static const char text[] = "[u]\nport = /dev/no-such-port\n[v]\n";

	(void)conf_parse(&port->conf, "ups.conf", text, strlen(text), NULL);
	assert_int_equal(port_open(port), -ENODEV);
	assert_string_equal(port->ups.problem,
			    "[u] there is no port /dev/no-such-port");
	port->ups.section = conf_find_section(&port->conf, "v");
	assert_int_equal(port_open(port), -EINVAL);
	assert_string_equal(port->ups.problem, "[u] names no port");
}

/* What the handover knew of it: udev's link is gone, the device is not. */
static void test_a_port_whose_link_is_gone(void **state)
{
	struct port *port = *state;

	(void)snprintf(port->text, sizeof(port->text),
		       "[u]\nport = /dev/no-such-link\n" SERIAL_KEY_DEVICE
		       " = %s\n",
		       ptsname(port->far_end));
	(void)conf_parse(&port->conf, "ups.conf", port->text,
			 strlen(port->text), NULL);
	assert_int_equal(port_open(port), 0);
}

/* Its name is another's by now. */
static void test_an_adapter_that_is_gone(void **state)
{
	struct port *port = *state;
	const char *name = ptsname(port->far_end);

	(void)snprintf(port->text, sizeof(port->text),
		       "[u]\nport = %s\n" SERIAL_KEY_DEVICE
		       " = %s\n" SERIAL_KEY_PLACE " = 99-9:1.0/0\n",
		       name, name);
	(void)conf_parse(&port->conf, "ups.conf", port->text,
			 strlen(port->text), NULL);
	assert_int_equal(port_open(port), -ENODEV);
	assert_non_null(strstr(port->ups.problem, "there is no port"));
}

static void test_no_modem_lines(void **state)
{
	struct port *port = *state;
	unsigned int lines;

	assert_int_equal(port_open(port), 0);
	assert_int_equal(serial_set_lines(&port->serial, SERIAL_DTR),
			 -EOPNOTSUPP);
	assert_int_equal(serial_read_lines(&port->serial, &lines), -EOPNOTSUPP);
}

static void test_what_was_there_before_is_not_read(void **state)
{
	struct port *port = *state;
	struct byte_link *link = &port->serial.link;
	char line[8];

	assert_int_equal(port_open(port), 0);
	assert_int_equal(write(port->far_end, "old\r", 4), 4);
	bytes_settle(link, SHORTLY_MS, deadline_in_ms(LONG_MS));
	assert_int_equal(write(port->far_end, "new\r", 4), 4);
	assert_int_equal(bytes_read_line(link, '\r', line, sizeof(line), NULL,
					 deadline_in_ms(LONG_MS)),
			 3);
	assert_string_equal(line, "new");
}

static void test_lines(void **state)
{
	struct port *port = *state;
	struct byte_link *link = &port->serial.link;
	char line[8];
	size_t got;

	assert_int_equal(port_open(port), 0);
	assert_int_equal(write(port->far_end, "a\0b\rcd", 6), 6);
	assert_int_equal(bytes_read_line(link, '\r', line, sizeof(line), &got,
					 deadline_in_ms(LONG_MS)),
			 3);
	assert_string_equal(line, "a0b");
	assert_int_equal(bytes_read_line(link, '\r', line, sizeof(line), &got,
					 deadline_in_ms(SHORTLY_MS)),
			 -ETIMEDOUT);
	assert_int_equal(got, 2);
	assert_string_equal(line, "cd");
	assert_int_equal(write(port->far_end, "123456789\r", 10), 10);
	assert_int_equal(bytes_read_line(link, '\r', line, sizeof(line), NULL,
					 deadline_in_ms(LONG_MS)),
			 -EPROTO);
}

int main(void)
{
#define PORT_TEST(test) \
	cmocka_unit_test_setup_teardown(test, port_start, port_end)
	const struct CMUnitTest tests[] = {
		PORT_TEST(test_bytes_pass_unchanged),
		PORT_TEST(test_the_line_is_set_up),
		PORT_TEST(test_silence_ends_at_the_deadline),
		PORT_TEST(test_a_full_line_does_not_hang),
		PORT_TEST(test_a_port_that_goes_away_is_gone),
		PORT_TEST(test_a_port_that_is_held_is_busy),
		PORT_TEST(test_a_port_that_is_not_there),
		PORT_TEST(test_a_port_whose_link_is_gone),
		PORT_TEST(test_an_adapter_that_is_gone),
		PORT_TEST(test_no_modem_lines),
		PORT_TEST(test_what_was_there_before_is_not_read),
		PORT_TEST(test_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
