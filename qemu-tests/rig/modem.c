// SPDX-License-Identifier: MIT
/*
 * Gives a program modem lines on a pseudo-terminal: loaded by LD_PRELOAD, it
 * stands between the program and the C library.
 */
#include "modem.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define MODEM_BREAK_MS 250 /* of tcsendbreak() */

/* Is @fd the port? Whatever name it was opened by. */
static int modem_is_port(int fd)
{
	const char *port = getenv(MODEM_PORT);
	struct stat is, wanted;

	return port && !stat(port, &wanted) && !fstat(fd, &is) &&
	       S_ISCHR(is.st_mode) && is.st_rdev == wanted.st_rdev;
}

/* Ask whoever plays the port. Returns the lines, or -1. */
static int modem_ask(enum modem_request request, int bits)
{
	struct modem_message message = { request, (uint32_t)bits };
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	int error = EIO;

	snprintf(address.sun_path, sizeof(address.sun_path), "%s" MODEM_SUFFIX,
		 getenv(MODEM_PORT));
	if (fd >= 0 &&
	    !connect(fd, (struct sockaddr *)&address, sizeof(address)) &&
	    write(fd, &message, sizeof(message)) == sizeof(message) &&
	    read(fd, &message, sizeof(message)) == sizeof(message))
		error = 0;
	close(fd);
	if (error)
		errno = error;
	return error ? -1 : (int)message.bits;
}

static int modem_break(int ms)
{
	struct timespec pause = { ms / 1000, ms % 1000 * 1000000L };

	if (modem_ask(MODEM_BREAK, 1) < 0)
		return -1;
	nanosleep(&pause, NULL);
	return modem_ask(MODEM_BREAK, 0) < 0 ? -1 : 0;
}

static int modem_ioctl(unsigned long request, void *arg)
{
	int *bits = arg, lines;

	switch (request) {
	case TIOCMGET:
		lines = modem_ask(MODEM_GET, 0);
		if (lines >= 0)
			*bits = lines;
		return lines < 0 ? -1 : 0;
	case TIOCMSET:
		return modem_ask(MODEM_SET, *bits) < 0 ? -1 : 0;
	case TIOCMBIS:
		return modem_ask(MODEM_RAISE, *bits) < 0 ? -1 : 0;
	case TIOCMBIC:
		return modem_ask(MODEM_DROP, *bits) < 0 ? -1 : 0;
	case TIOCSBRK:
		return modem_ask(MODEM_BREAK, 1) < 0 ? -1 : 0;
	case TIOCCBRK:
		return modem_ask(MODEM_BREAK, 0) < 0 ? -1 : 0;
	default: /* TCSBRK and TCSBRKP */
		return modem_break(MODEM_BREAK_MS);
	}
}

static int modem_is_ours(unsigned long request, const void *arg)
{
	switch (request) {
	case TIOCMGET:
	case TIOCMSET:
	case TIOCMBIS:
	case TIOCMBIC:
	case TIOCSBRK:
	case TIOCCBRK:
	case TCSBRKP:
		return 1;
	case TCSBRK: /* with an argument it is tcdrain() */
		return !arg;
	default:
		return 0;
	}
}

int ioctl(int fd, unsigned long request, ...)
{
	int (*next)(int, unsigned long, ...);
	va_list args;
	void *arg;

	va_start(args, request);
	arg = va_arg(args, void *);
	va_end(args);
	if (modem_is_ours(request, arg) && modem_is_port(fd))
		return modem_ioctl(request, arg);
	*(void **)&next = dlsym(RTLD_NEXT, "ioctl");
	return next(fd, request, arg);
}

/* Of the C library: its own goes straight to the kernel. @duration is in ms. */
int tcsendbreak(int fd, int duration)
{
	int (*next)(int, int);

	if (modem_is_port(fd))
		return modem_break(duration ? duration : MODEM_BREAK_MS);
	*(void **)&next = dlsym(RTLD_NEXT, "tcsendbreak");
	return next(fd, duration);
}

/*
 * What was written counts as sent: whether a pseudo-terminal still holds it
 * depends on how busy the reader is. NUT's belkin flushes between commands.
 */
int tcflush(int fd, int queue)
{
	int (*next)(int, int);

	*(void **)&next = dlsym(RTLD_NEXT, "tcflush");
	if (modem_is_port(fd) && queue == TCOFLUSH)
		return 0;
	if (modem_is_port(fd) && queue == TCIOFLUSH)
		queue = TCIFLUSH;
	return next(fd, queue);
}

static int modem_open(const char *name, const char *path, int flags, mode_t mode)
{
	int (*next)(const char *, int, ...);
	int fd;

	*(void **)&next = dlsym(RTLD_NEXT, name);
	fd = next(path, flags, mode);
	if (fd >= 0 && modem_is_port(fd))
		modem_ask(MODEM_OPEN, 0);
	return fd;
}

int open(const char *path, int flags, ...)
{
	va_list args;
	mode_t mode = 0;

	va_start(args, flags);
	if (flags & (O_CREAT | __O_TMPFILE))
		mode = va_arg(args, mode_t);
	va_end(args);
	return modem_open("open", path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
	va_list args;
	mode_t mode = 0;

	va_start(args, flags);
	if (flags & (O_CREAT | __O_TMPFILE))
		mode = va_arg(args, mode_t);
	va_end(args);
	return modem_open("open64", path, flags, mode);
}
