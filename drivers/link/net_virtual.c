// SPDX-License-Identifier: MIT
/* The one device on the network of a unit test. */
#include "link/net_virtual.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "link/net.h"

#define NET_VIRTUAL_MAX 32

/** An answer that is on its way. */
struct net_virtual_answer {
	int64_t at_ms;
	size_t len;
	uint8_t bytes[NET_FAKE_MESSAGE_MAX];
};

/* A machine has its network as it has its clock. */
static struct net_fake *net_virtual_fake;
static struct net_virtual_answer net_virtual_answer[NET_VIRTUAL_MAX];
static int net_virtual_answers;

static void net_virtual_carry(struct net_fake *fake, const uint8_t *bytes,
			      size_t len, int delay_ms)
{
	struct net_virtual_answer *answer;

	(void)fake;
	/* Whoever does not listen loses what comes. */
	if (net_virtual_answers == NET_VIRTUAL_MAX)
		return;
	answer = &net_virtual_answer[net_virtual_answers++];
	answer->at_ms = clock_now_ms() + delay_ms;
	answer->len = len;
	memcpy(answer->bytes, bytes, len);
}

void net_virtual_plug(struct net_fake *fake)
{
	net_virtual_fake = fake;
	net_virtual_answers = 0;
	if (fake)
		fake->carry = net_virtual_carry;
}

static bool net_virtual_is_there(void)
{
	return net_virtual_fake && net_fake_is_there(net_virtual_fake);
}

int net_open_udp(struct ups *ups, const char *host, int port, deadline_t until)
{
	(void)port;
	(void)until;
	if (!net_virtual_fake)
		return ups_fail(ups, -ENODEV, "[%s] there is no way to %s",
				ups->name, host);
	net_virtual_answers = 0; /* what is late goes to another port */
	return open("/dev/null", O_RDWR | O_CLOEXEC);
}

/** Streams are not played here. */
int net_open_tcp(struct ups *ups, const char *host, int port, deadline_t until)
{
	(void)port;
	(void)until;
	return ups_fail(ups, -ENODEV, "[%s] there is no way to %s", ups->name,
			host);
}

int net_open_link(struct net_link *net, struct ups *ups, const char *host,
		  int port, deadline_t until)
{
	*net = (struct net_link){ .fd = -1 };
	return net_open_tcp(ups, host, port, until);
}

/** The one that comes first. */
static struct net_virtual_answer *net_virtual_next(void)
{
	struct net_virtual_answer *first = NULL;

	for (int i = 0; i < net_virtual_answers; i++) {
		if (!first || net_virtual_answer[i].at_ms < first->at_ms)
			first = &net_virtual_answer[i];
	}
	return first;
}

int net_receive(int fd, void *answer, size_t size, deadline_t until)
{
	struct net_virtual_answer *next = net_virtual_next();
	size_t len;

	(void)fd;
	if (!net_virtual_is_there())
		return -ENODEV;
	if (!next || next->at_ms > until) {
		(void)clock_sleep_ms(deadline_left_ms(until), until);
		return -ETIMEDOUT;
	}
	(void)clock_sleep_ms(deadline_left_ms(next->at_ms), until);
	len = next->len < size ? next->len : size;
	memcpy(answer, next->bytes, len);
	*next = net_virtual_answer[--net_virtual_answers];
	return (int)len;
}

int net_exchange(int fd, const void *question, size_t len, void *answer,
		 size_t size, deadline_t until)
{
	if (!net_virtual_is_there())
		return -ENODEV;
	net_fake_receive(net_virtual_fake, question, len);
	return net_receive(fd, answer, size, until);
}
