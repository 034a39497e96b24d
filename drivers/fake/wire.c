// SPDX-License-Identifier: MIT
/* Tells the UPS that is not there, over UDP or TCP, and waits for its yes. */
#include "fake/wire.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WIRE_LINE_MAX 128
#define WIRE_TRIES    3
#define WIRE_WAIT_MS  1000

const char *wire_key(const struct ups *ups)
{
	return ups_value(ups, "udp")   ? "udp"
	       : ups_value(ups, "tcp") ? "tcp"
				       : NULL;
}

int wire_host(const struct ups *ups, char host[NET_HOST_MAX])
{
	const char *key = wire_key(ups);
	int port;

	return key ? net_split(ups_value(ups, key), host, &port) : -ENOENT;
}

/** One datagram with the answer to this question, or whatever else comes. */
static int wire_hear(struct wire *wire, const char *question, char *answer,
		     deadline_t until)
{
	int len = net_exchange(wire->net.fd, question, strlen(question), answer,
			       WIRE_LINE_MAX - 1, until);

	if (len >= 0)
		answer[len] = '\0';
	return len;
}

static int wire_ask(struct wire *wire, const char *question, char *answer,
		    deadline_t until)
{
	struct byte_link *link = &wire->net.link;
	int ret;

	if (!wire->is_stream)
		return wire_hear(wire, question, answer, until);
	link->ops->drain(link);
	ret = link->ops->write(link, question, strlen(question), until);
	if (ret == 0)
		ret = bytes_read_line(link, '\n', answer, WIRE_LINE_MAX, NULL,
				      until);
	return ret;
}

int wire_tell(struct wire *wire, struct ups *ups, const char *words,
	      deadline_t until)
{
	char question[WIRE_LINE_MAX], answer[WIRE_LINE_MAX];
	int ret = -ETIMEDOUT;

	for (int i = 0; i < WIRE_TRIES && !deadline_passed(until); i++) {
		(void)snprintf(question, sizeof(question), "%d %s\n",
			       ++wire->number, words);
		ret = wire_ask(
			wire, question, answer,
			deadline_earlier(until, deadline_in_ms(WIRE_WAIT_MS)));
		if (ret < 0 && ret != -ETIMEDOUT)
			break;
		/* What is no answer to this question says neither yes nor no. */
		if (ret >= 0 && strtol(answer, NULL, 10) == wire->number &&
		    strstr(answer, " ok"))
			return 0;
		ret = -ETIMEDOUT;
	}
	return bytes_fail(ups, ret);
}

int wire_open(struct wire *wire, struct ups *ups, deadline_t until)
{
	const char *key = wire_key(ups);
	char host[NET_HOST_MAX];
	int port = WIRE_PORT, ret;

	if (!key || net_split(ups_value(ups, key), host, &port) < 0)
		return ups_fail(ups, -EINVAL, "[%s] names no host", ups->name);
	wire->is_stream = !strcmp(key, "tcp");
	ret = wire->is_stream ? net_open_link(&wire->net, ups, host, port, until)
			      : net_open_udp(ups, host, port, until);
	if (ret < 0)
		return ret;
	if (!wire->is_stream)
		wire->net.fd = ret;
	wire->is_open = true;
	return wire_tell(wire, ups, "hello", until);
}

void wire_close(struct wire *wire)
{
	if (wire->is_open)
		(void)close(wire->net.fd);
	wire->is_open = false;
}
