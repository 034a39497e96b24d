// SPDX-License-Identifier: MIT
/* Sockets: binds them, accepts, receives, and answers when it is time. */
#include "listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "timeline.h"
#include "words.h"

/* As long as a datagram can be. */
#define LISTENER_BYTES_MAX 65536
#define LISTENER_BACKLOG   4

bool listener_parse(struct listener_address *address, const char *text, int port)
{
	memset(address, 0, sizeof(*address));
	if (inet_pton(AF_INET, text, &address->four.sin_addr) == 1) {
		address->len = sizeof(address->four);
		address->four.sin_family = AF_INET;
		address->four.sin_port = htons((uint16_t)port);
		return true;
	}
	if (inet_pton(AF_INET6, text, &address->six.sin6_addr) == 1) {
		address->len = sizeof(address->six);
		address->six.sin6_family = AF_INET6;
		address->six.sin6_port = htons((uint16_t)port);
		return true;
	}
	return false;
}

void listener_make(struct listener *listener, bool is_stream)
{
	int i;

	memset(listener, 0, sizeof(*listener));
	listener->is_stream = is_stream;
	listener->client = listener->from_fd = -1;
	for (i = 0; i < LISTENER_ADDRESSES_MAX; i++)
		listener->fd[i] = -1;
	listener->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (listener->epoll < 0)
		words_die(NULL, "epoll: %s", strerror(errno));
}

static void listener_watch(struct listener *listener, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

	if (epoll_ctl(listener->epoll, EPOLL_CTL_ADD, fd, &event))
		words_die(NULL, "epoll: %s", strerror(errno));
}

static int listener_bind(const struct listener *listener,
			 const struct listener_address *address)
{
	int type = listener->is_stream ? SOCK_STREAM : SOCK_DGRAM;
	const int on = 1;
	int fd = socket(address->any.sa_family,
			type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		words_die(NULL, "socket: %s", strerror(errno));
	/* Streams that have just ended do not count. */
	if (listener->is_stream)
		(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (address->any.sa_family == AF_INET6) {
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
		/* An address just added counts as there a moment later. */
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_FREEBIND, &on,
				 sizeof(on));
	}
	if (bind(fd, &address->any, address->len) ||
	    (listener->is_stream && listen(fd, LISTENER_BACKLOG)))
		words_die(NULL, "port %d: %s", ntohs(address->four.sin_port),
			  strerror(errno));
	return fd;
}

void listener_open(struct listener *listener)
{
	int i;

	for (i = 0; i < listener->addresses; i++) {
		if (listener->fd[i] >= 0)
			continue;
		listener->fd[i] = listener_bind(listener, &listener->address[i]);
		listener_watch(listener, listener->fd[i]);
	}
}

static void listener_forget_answers(struct listener *listener)
{
	while (listener->waiting)
		free(listener->answer[--listener->waiting].bytes);
}

void listener_hang_up(struct listener *listener)
{
	if (listener->client < 0)
		return;
	listener_forget_answers(listener);
	close(listener->client);
	listener->client = -1;
	listener->connected(listener->arg, false);
}

void listener_close(struct listener *listener)
{
	int i;

	listener_hang_up(listener);
	listener_forget_answers(listener);
	for (i = 0; i < listener->addresses; i++) {
		if (listener->fd[i] >= 0)
			close(listener->fd[i]);
		listener->fd[i] = -1;
	}
}

/* The newest stream takes the place of the one before. */
static void listener_accept(struct listener *listener, int fd)
{
	int client = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (client < 0)
		return;
	listener_hang_up(listener);
	listener->client = client;
	listener_watch(listener, client);
	listener->connected(listener->arg, true);
}

static void listener_take_stream(struct listener *listener, uint8_t *bytes)
{
	ssize_t len = read(listener->client, bytes, LISTENER_BYTES_MAX);

	if (len > 0)
		listener->received(listener->arg, bytes, (size_t)len);
	else if (len == 0 || (errno != EAGAIN && errno != EINTR))
		listener_hang_up(listener);
}

static void listener_take_datagram(struct listener *listener, int fd,
				   uint8_t *bytes)
{
	struct listener_address *from = &listener->from;
	ssize_t len;

	from->len = sizeof(*from) - offsetof(struct listener_address, any);
	len = recvfrom(fd, bytes, LISTENER_BYTES_MAX, 0, &from->any, &from->len);
	if (len < 0)
		return;
	listener->from_fd = fd;
	listener->received(listener->arg, bytes, (size_t)len);
}

void listener_read(struct listener *listener)
{
	static uint8_t bytes[LISTENER_BYTES_MAX];
	struct epoll_event event;

	/* One at a time: each of them may close the others. */
	if (epoll_wait(listener->epoll, &event, 1, 0) != 1)
		return;
	if (event.data.fd == listener->client)
		listener_take_stream(listener, bytes);
	else if (listener->is_stream)
		listener_accept(listener, event.data.fd);
	else
		listener_take_datagram(listener, event.data.fd, bytes);
}

void listener_answer(struct listener *listener, const uint8_t *bytes,
		     size_t len, int delay_ms)
{
	struct listener_answer *answer;

	if (listener->waiting == LISTENER_WAITING_MAX)
		return;
	answer = &listener->answer[listener->waiting++];
	*answer = (struct listener_answer){
		.at_ms = now_ms() + delay_ms,
		.fd = listener->is_stream ? listener->client : listener->from_fd,
		.to = listener->from,
		.len = len,
		.bytes = malloc(len),
	};
	if (!answer->bytes)
		words_die(NULL, "out of memory");
	memcpy(answer->bytes, bytes, len);
}

void listener_tick(struct listener *listener)
{
	int i = 0;

	while (i < listener->waiting) {
		struct listener_answer *answer = &listener->answer[i];

		if (answer->at_ms > now_ms()) {
			i++;
			continue;
		}
		/* Who does not listen any more loses it. */
		if (listener->is_stream)
			(void)!send(answer->fd, answer->bytes, answer->len,
				    MSG_NOSIGNAL);
		else
			(void)!sendto(answer->fd, answer->bytes, answer->len, 0,
				      &answer->to.any, answer->to.len);
		free(answer->bytes);
		listener->waiting--;
		memmove(answer, answer + 1,
			(size_t)(listener->waiting - i) * sizeof(*answer));
	}
}

int64_t listener_next_ms(const struct listener *listener)
{
	int64_t next = LISTENER_NEVER;
	int i;

	for (i = 0; i < listener->waiting; i++)
		if (listener->answer[i].at_ms < next)
			next = listener->answer[i].at_ms;
	return next;
}
