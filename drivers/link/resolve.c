// SPDX-License-Identifier: MIT
/* Names of hosts: the C library's resolver, in a child that can be killed. */
#include "link/resolve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void resolve_add(struct resolve_answer *answer, int family,
			const void *address)
{
	if (answer->count == RESOLVE_MAX)
		return;
	answer->entry[answer->count].family = family;
	memcpy(&answer->entry[answer->count].address, address,
	       family == AF_INET ? 4 : 16);
	answer->count++;
}

static bool resolve_number(const char *host, struct resolve_answer *answer)
{
	struct route_address address = { 0 };

	if (inet_pton(AF_INET, host, &address) == 1)
		resolve_add(answer, AF_INET, &address);
	else if (inet_pton(AF_INET6, host, &address) == 1)
		resolve_add(answer, AF_INET6, &address);
	return answer->count > 0;
}

/* The child: the answer to @fd, and the end. */
static void __attribute__((noreturn)) resolve_ask(const char *host, int fd)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_DGRAM };
	struct resolve_answer answer = { 0 };
	struct addrinfo *list = NULL;

	if (getaddrinfo(host, NULL, &hints, &list) != 0)
		list = NULL;
	for (struct addrinfo *at = list; at; at = at->ai_next) {
		if (at->ai_family == AF_INET)
			resolve_add(&answer, AF_INET,
				    &((struct sockaddr_in *)(void *)at->ai_addr)
					     ->sin_addr);
		else if (at->ai_family == AF_INET6)
			resolve_add(&answer, AF_INET6,
				    &((struct sockaddr_in6 *)(void *)at->ai_addr)
					     ->sin6_addr);
	}
	/* Small enough for the pipe to take it in one piece. */
	_exit(write(fd, &answer, sizeof(answer)) != sizeof(answer));
}

static int resolve_hear(int fd, struct resolve_answer *answer, deadline_t until)
{
	struct pollfd child = { .fd = fd, .events = POLLIN };
	int ret;

	do {
		ret = poll(&child, 1, deadline_left_ms(until));
	} while (ret < 0 && errno == EINTR);
	if (ret == 0)
		return -ETIMEDOUT;
	if (ret < 0 || read(fd, answer, sizeof(*answer)) != sizeof(*answer))
		return -EIO;
	return answer->count > 0 ? 0 : -ENOENT;
}

int resolve_host(const char *host, struct resolve_answer *answer,
		 deadline_t until)
{
	int ends[2], ret;
	pid_t child;

	memset(answer, 0, sizeof(*answer));
	if (!*host)
		return -ENOENT;
	if (resolve_number(host, answer))
		return 0;
	if (pipe(ends) < 0)
		return -errno;
	child = fork();
	if (child == 0)
		resolve_ask(host, ends[1]);
	(void)close(ends[1]);
	ret = child < 0 ? -EAGAIN : resolve_hear(ends[0], answer, until);
	(void)close(ends[0]);
	if (child > 0) {
		(void)kill(child, SIGKILL);
		(void)waitpid(child, NULL, 0);
	}
	return ret;
}
