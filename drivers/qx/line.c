// SPDX-License-Identifier: MIT
/* Asks over a serial line. */
#include "qx/line.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/conf.h"

#define QX_SPEED 2400

static const struct {
	char name[8];
	uint8_t lines;
} qx_powers[] = {
	{ "normal", SERIAL_DTR },
	{ "reverse", SERIAL_RTS },
	{ "both", SERIAL_DTR | SERIAL_RTS },
	{ "none", 0 },
};

static int qx_line_say(struct qx_line *line, const char *command,
		       deadline_t until)
{
	struct byte_link *link = &line->serial.link;
	char bytes[QX_COMMAND_MAX + 1];
	size_t len = strnlen(command, QX_COMMAND_MAX);

	memcpy(bytes, command, len);
	bytes[len++] = '\r';
	link->ops->drain(link);
	if (line->pace_ms)
		return bytes_write_slowly(link, bytes, len, line->pace_ms,
					  until);
	return link->ops->write(link, bytes, len, until);
}

static int qx_line_ask(struct qx_port *port, const char *command, char *answer,
		       size_t size, deadline_t until)
{
	struct qx_line *line = (struct qx_line *)port; /* its first member */
	struct byte_link *link = &line->serial.link;
	int ret = qx_line_say(line, command, until);
	deadline_t whole, next;
	size_t len = 0;

	whole = deadline_earlier(until, deadline_in_ms(QX_WHOLE_MS));
	next = deadline_earlier(until, deadline_in_ms(QX_FIRST_MS));
	while (ret >= 0 && len < size) {
		ret = link->ops->read(link, answer + len, 1, next);
		if (ret < 0)
			break;
		next = deadline_earlier(whole, deadline_in_ms(QX_GAP_MS));
		if (answer[len] != '\r' && (len > 0 || answer[len] != '\n'))
			len++;
		else if (len > 0)
			break;
	}
	/* Whoever calls knows better what half an answer is worth. */
	if (ret == -ETIMEDOUT && !deadline_passed(until))
		ret = 0;
	return ret < 0 ? ret : (int)len;
}

static void qx_line_close(struct qx_port *port)
{
	struct qx_line *line = (struct qx_line *)port;

	line->serial.link.ops->close(&line->serial.link);
}

static const struct qx_port_ops qx_line_ops = {
	.ask = qx_line_ask,
	.close = qx_line_close,
};

int qx_line_open(struct qx_line *line, struct ups *ups, unsigned int lines,
		 int settle_ms, int pace_ms, deadline_t until)
{
	const char *power = ups_value(ups, "cablepower");
	struct serial_settings settings = {
		.speed = QX_SPEED,
		.lines = lines,
		.settle_ms = settle_ms,
	};
	size_t i = 0;
	int ret;

	while (power && strcasecmp(power, qx_powers[i].name) != 0) {
		if (++i == sizeof(qx_powers) / sizeof(qx_powers[0]))
			return ups_fail(
				ups, -EINVAL,
				"[%s] cablepower = %s (line %d): it can be normal, reverse, both or none",
				ups->name, power,
				conf_value_line(ups->conf, ups->section,
						"cablepower"));
	}
	if (power)
		settings.lines = qx_powers[i].lines;
	ret = serial_open(&line->serial, ups, &settings, until);
	if (ret < 0)
		return ret;
	line->pace_ms = pace_ms;
	line->port.ops = &qx_line_ops;
	return 0;
}
