// SPDX-License-Identifier: MIT
/* The look of a line: folding, colours, and the countdown's own line. */
#include "pid1/paint.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* A narrower one is a mistake, or nobody's to read. */
#define PAINT_WIDTH_MIN 60

/* "lastwatt: ": what the last words, which have no time, go on below. */
#define PAINT_NAME 10

#define PAINT_CONSOLES "/sys/class/tty/console/active"

bool paint_console_is_virtual(void)
{
	int fd = open(PAINT_CONSOLES, O_RDONLY | O_CLOEXEC);
	char name[128] = "";
	ssize_t len = fd < 0 ? 0 : read(fd, name, sizeof(name) - 1);
	const char *last;

	if (fd >= 0)
		(void)close(fd); /* only read */
	name[len > 0 ? len : 0] = '\0';
	last = strrchr(name, ' ');
	last = last ? last + 1 : name;
	return !strncmp(last, "tty", 3) && last[3] >= '0' && last[3] <= '9';
}

void paint_look(struct paint *paint, int fd, bool is_virtual)
{
	const char *term = getenv("TERM");
	struct winsize size = { .ws_col = 0 };

	memset(paint, 0, sizeof(*paint));
	if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col >= PAINT_WIDTH_MIN)
		paint->width = size.ws_col;
	paint->colours = is_virtual && !getenv("NO_COLOR") &&
			 !(term && !strcmp(term, "dumb"));
}

/** A line in the making; what does not fit is left out. */
struct paint_out {
	char *bytes;
	size_t len;
};

static void paint_put(struct paint_out *out, const char *bytes, size_t len)
{
	if (len > PAINT_OUT_MAX - out->len)
		len = PAINT_OUT_MAX - out->len;
	memcpy(out->bytes + out->len, bytes, len);
	out->len += len;
}

/** How much of @text goes on a line of @room columns: whole words, if any. */
static size_t paint_take(const char *text, size_t len, size_t room)
{
	size_t at;

	if (len <= room)
		return len;
	for (at = room; at > 0; at--) {
		if (text[at] == ' ')
			return at;
	}
	return room;
}

static void paint_fold(struct paint_out *out, const char *text, size_t len,
		       size_t width, size_t indent)
{
	/* The head is never folded: it is shorter than any screen. */
	size_t part = len <= width
			      ? len
			      : indent + paint_take(text + indent, len - indent,
						    width - indent);

	for (;;) {
		paint_put(out, text, part);
		text += part;
		len -= part;
		while (len && *text == ' ') {
			text++;
			len--;
		}
		if (!len)
			return;
		paint_put(out, "\r\n", 2);
		for (size_t i = 0; i < indent; i++)
			paint_put(out, " ", 1);
		part = paint_take(text, len, width - indent);
	}
}

static const char *paint_colour(const struct paint *paint, char tone)
{
	if (!paint->colours)
		return "";
	return tone == PAINT_GOOD  ? "\033[1;32m"
	       : tone == PAINT_BAD ? "\033[1;31m"
				   : "";
}

size_t paint_line(struct paint *paint, const char *message, size_t len,
		  int indent, char bytes[PAINT_OUT_MAX])
{
	struct paint_out out = { .bytes = bytes };
	const char *colour = paint_colour(paint, len ? *message : PAINT_PLAIN);
	bool is_tick = len && *message == PAINT_TICK;

	if (!len)
		return 0;
	if (len > 1 + PAINT_NAME && message[1 + PAINT_NAME] != '[')
		indent = PAINT_NAME;
	if (paint->is_open)
		paint_put(&out, is_tick ? "\r" : "\r\n", is_tick ? 1 : 2);
	paint->is_open = is_tick;
	paint_put(&out, colour, strlen(colour));
	if (is_tick || !paint->width)
		paint_put(&out, message + 1, len - 1);
	else
		paint_fold(&out, message + 1, len - 1, (size_t)paint->width,
			   (size_t)indent);
	if (*colour)
		paint_put(&out, "\033[0m", 4);
	/* The console may have lost its output mapping: both of them. */
	if (!is_tick)
		paint_put(&out, "\r\n", 2);
	return out.len;
}
