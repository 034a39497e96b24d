// SPDX-License-Identifier: MIT
/* Serial ports through termios. */
#include "link/serial.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "link/node.h"
#include "link/serial_place.h"

#define SERIAL_FLAGS (O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)

static struct serial_link *serial_of(struct byte_link *link)
{
	return (struct serial_link *)link; /* its first member */
}

/** What errno says of a port that was there. */
static int serial_error(void)
{
	return errno == EIO || errno == ENXIO || errno == ENODEV ? -ENODEV
								 : -EIO;
}

/** Wait until the port is ready for @events. */
static int serial_wait(struct serial_link *serial, short events,
		       deadline_t until)
{
	struct pollfd port = { .fd = serial->fd, .events = events };

	for (;;) {
		int ret = poll(&port, 1, deadline_left_ms(until));

		if (ret < 0 && errno != EINTR)
			return -EIO;
		if (ret > 0 && port.revents & events)
			return 0;
		if (ret > 0)
			return -ENODEV; /* hung up */
		if (deadline_passed(until))
			return -ETIMEDOUT;
	}
}

static int serial_write(struct byte_link *link, const void *bytes, size_t len,
			deadline_t until)
{
	struct serial_link *serial = serial_of(link);
	const uint8_t *from = bytes;

	while (len > 0) {
		int ret = serial_wait(serial, POLLOUT, until);
		ssize_t done;

		if (ret < 0)
			return ret;
		done = write(serial->fd, from, len);
		if (done < 0 && errno != EAGAIN && errno != EINTR)
			return serial_error();
		if (done > 0) {
			from += done;
			len -= (size_t)done;
		}
	}
	return 0;
}

static int serial_read(struct byte_link *link, void *bytes, size_t size,
		       deadline_t until)
{
	struct serial_link *serial = serial_of(link);

	for (;;) {
		int ret = serial_wait(serial, POLLIN, until);
		ssize_t len;

		if (ret < 0)
			return ret;
		len = read(serial->fd, bytes, size);
		if (len > 0)
			return (int)len;
		if (len == 0)
			return -ENODEV; /* ready, and nothing there: hung up */
		if (errno != EAGAIN && errno != EINTR)
			return serial_error();
	}
}

static void serial_drain(struct byte_link *link)
{
	(void)tcflush(serial_of(link)->fd,
		      TCIFLUSH); /* a gone port tells later */
}

static void serial_close(struct byte_link *link)
{
	struct serial_link *serial = serial_of(link);

	if (serial->fd < 0)
		return;
	/* Or who opens it next needs to be root while others hold it. */
	(void)ioctl(serial->fd, TIOCNXCL);
	(void)close(serial->fd);
	serial->fd = -1;
}

static const struct byte_link_ops serial_ops = {
	.write = serial_write,
	.read = serial_read,
	.drain = serial_drain,
	.close = serial_close,
};

static int serial_find_speed(int baud, speed_t *speed)
{
	static const struct {
		int baud;
		speed_t speed;
	} speeds[] = {
		{ 300, B300 },       { 600, B600 },     { 1200, B1200 },
		{ 2400, B2400 },     { 4800, B4800 },   { 9600, B9600 },
		{ 19200, B19200 },   { 38400, B38400 }, { 57600, B57600 },
		{ 115200, B115200 },
	};

	for (size_t i = 0; i < sizeof(speeds) / sizeof(speeds[0]); i++) {
		if (speeds[i].baud == baud) {
			*speed = speeds[i].speed;
			return 0;
		}
	}
	return -EINVAL;
}

int serial_set_speed(struct serial_link *serial, int speed)
{
	struct termios port;
	speed_t code;

	if (serial_find_speed(speed, &code) < 0)
		return -EINVAL;
	if (tcgetattr(serial->fd, &port) < 0)
		return serial_error();
	(void)cfsetispeed(&port, code); /* it is in the table */
	(void)cfsetospeed(&port, code);
	return tcsetattr(serial->fd, TCSANOW, &port) < 0 ? serial_error() : 0;
}

static int serial_set_up(struct serial_link *serial,
			 const struct serial_settings *settings)
{
	struct termios port;
	speed_t code;

	if (serial_find_speed(settings->speed, &code) < 0)
		return -EINVAL;
	if (tcgetattr(serial->fd, &port) < 0)
		return serial_error();
	port.c_iflag = IGNBRK | IGNPAR;
	port.c_oflag = 0;
	port.c_lflag = 0;
	/* CLOCAL: nobody waits for a carrier; no HUPCL: lines stay. */
	port.c_cflag = CREAD | CLOCAL | (settings->data_bits == 7 ? CS7 : CS8);
	if (settings->stop_bits == 2)
		port.c_cflag |= CSTOPB;
	if (settings->parity != SERIAL_NO_PARITY)
		port.c_cflag |= PARENB;
	if (settings->parity == SERIAL_ODD)
		port.c_cflag |= PARODD;
	port.c_cc[VMIN] = 0;
	port.c_cc[VTIME] = 0;
	/* With no speed in c_cflag, even for a moment, the outputs drop. */
	(void)cfsetispeed(&port, code); /* it is in the table */
	(void)cfsetospeed(&port, code);
	return tcsetattr(serial->fd, TCSANOW, &port) < 0 ? serial_error() : 0;
}

static int serial_say_why(struct ups *ups, const char *port, int error)
{
	switch (error) {
	case -ENODEV:
		return ups_fail(ups, error, "[%s] there is no port %s",
				ups->name, port);
	case -EBUSY:
		return ups_fail(ups, error,
				"[%s] another program has the port %s",
				ups->name, port);
	case -EINVAL:
		return ups_fail(ups, error,
				"[%s] the port %s cannot be set to that speed",
				ups->name, port);
	default:
		return ups_fail(ups, -EIO, "[%s] %s cannot be used: %s",
				ups->name, port, strerror(errno));
	}
}

/**
 * A port that came back has a node that a keeper may not open; the kernel
 * knows its number. Also where nobody has made a node at all.
 */
static int serial_open_anew(const char *port)
{
	char target[NODE_PATH_MAX], path[NODE_PATH_MAX];
	ssize_t len = readlink(port, target, sizeof(target) - 1);
	const char *name = strrchr(port, '/');
	dev_t number;
	int ret;

	if (len > 0) {
		target[len] = '\0';
		name = strrchr(target, '/');
	}
	if (!name || snprintf(path, sizeof(path), "/sys/class/tty%s/dev",
			      name) >= (int)sizeof(path))
		return -ENODEV;
	ret = node_read_number(path, &number);
	return ret < 0 ? ret : node_open("/dev", name + 1, number, SERIAL_FLAGS);
}

static int serial_open_node(const char *port)
{
	int fd = open(port, SERIAL_FLAGS);

	if (fd >= 0)
		return fd;
	if (errno == ENOENT || errno == EACCES)
		return serial_open_anew(port);
	return -errno;
}

static int serial_open_port(struct serial_link *serial, const struct ups *ups)
{
	char device[SERIAL_PLACE_MAX];
	const char *port = serial_choose_port(
		ups_value(ups, "port"), ups_value(ups, SERIAL_KEY_DEVICE),
		ups_value(ups, SERIAL_KEY_PLACE), "/sys", device);

	if (!port)
		return -ENODEV;
	serial->fd = serial_open_node(port);
	errno = serial->fd < 0 ? -serial->fd : 0;
	if (serial->fd < 0)
		return serial->fd == -ENOENT || serial->fd == -ENODEV ||
				       serial->fd == -ENXIO
			       ? -ENODEV
		       : serial->fd == -EBUSY ? -EBUSY
					      : -EIO;
	if (flock(serial->fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK)
		return -EBUSY;
	(void)ioctl(serial->fd, TIOCEXCL); /* keeps out who is not root */
	return 0;
}

int serial_open(struct serial_link *serial, struct ups *ups,
		const struct serial_settings *settings, deadline_t until)
{
	const char *port = ups_value(ups, "port");
	int ret;

	*serial = (struct serial_link){
		.link = { .ops = &serial_ops },
		.fd = -1,
	};
	if (!port || !*port)
		return ups_fail(ups, -EINVAL, "[%s] names no port", ups->name);
	ret = serial_open_port(serial, ups);
	if (ret == 0)
		ret = serial_set_up(serial, settings);
	if (ret < 0) {
		ret = serial_say_why(ups, port, ret);
		goto out_close;
	}
	ret = serial_set_lines(serial, settings->lines);
	if (ret == 0 && settings->settle_ms > 0)
		ret = clock_sleep_ms(settings->settle_ms, until);
	if (ret < 0 && ret != -EOPNOTSUPP) {
		ret = ups_fail(ups, ret, "[%s] %s does not come up", ups->name,
			       port);
		goto out_close;
	}
	serial_drain(&serial->link);
	return 0;

out_close:
	serial_close(&serial->link);
	return ret;
}

/* The kernel's name of each line. */
static const struct {
	enum serial_line line;
	int bit;
} serial_bits[] = {
	{ SERIAL_DTR, TIOCM_DTR }, { SERIAL_RTS, TIOCM_RTS },
	{ SERIAL_CTS, TIOCM_CTS }, { SERIAL_DCD, TIOCM_CAR },
	{ SERIAL_RNG, TIOCM_RNG }, { SERIAL_DSR, TIOCM_DSR },
};

#define SERIAL_BITS (sizeof(serial_bits) / sizeof(serial_bits[0]))

/** A pseudo-terminal says ENOTTY, some adapters EINVAL. */
static int serial_lines_error(void)
{
	return errno == ENOTTY || errno == EINVAL ? -EOPNOTSUPP : serial_error();
}

int serial_set_lines(struct serial_link *serial, unsigned int lines)
{
	int bits = 0;

	for (size_t i = 0; i < SERIAL_BITS; i++) {
		if (lines & serial_bits[i].line)
			bits |= serial_bits[i].bit;
	}
	return ioctl(serial->fd, TIOCMSET, &bits) < 0 ? serial_lines_error() : 0;
}

int serial_read_lines(struct serial_link *serial, unsigned int *lines)
{
	int bits;

	*lines = 0;
	if (ioctl(serial->fd, TIOCMGET, &bits) < 0)
		return serial_lines_error();
	for (size_t i = 0; i < SERIAL_BITS; i++) {
		if (bits & serial_bits[i].bit)
			*lines |= serial_bits[i].line;
	}
	return 0;
}

int serial_break(struct serial_link *serial, int ms, deadline_t until)
{
	int ret;

	/* tcsendbreak() ignores its duration in musl. */
	if (ioctl(serial->fd, TIOCSBRK) < 0)
		return serial_lines_error();
	ret = clock_sleep_ms(ms, until);
	return ioctl(serial->fd, TIOCCBRK) < 0 ? serial_error() : ret;
}
