// SPDX-License-Identifier: MIT
/* Sockets to a UPS, or to the machine that it hangs on. */
#include "link/net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "link/resolve.h"
#include "link/route.h"

#define NET_DRAIN_MAX 64

static int net_errno(void)
{
	switch (errno) {
	case ECONNREFUSED:
	case EHOSTUNREACH:
	case ENETUNREACH:
	case ENETDOWN:
	case ECONNRESET:
	case EPIPE:
	case ENOTCONN:
		return -ENODEV;
	default:
		return -EIO;
	}
}

static int net_wait(int fd, short events, deadline_t until)
{
	struct pollfd socket = { .fd = fd, .events = events };
	int ret;

	do {
		ret = poll(&socket, 1, deadline_left_ms(until));
	} while (ret < 0 && errno == EINTR);
	if (ret < 0)
		return -EIO;
	return ret > 0 ? 0 : -ETIMEDOUT;
}

/** Connect; a datagram socket needs no answer for that. */
static int net_connect(int fd, const void *to, socklen_t len, deadline_t until)
{
	int error = 0, ret;
	socklen_t size = sizeof(error);

	if (connect(fd, to, len) == 0)
		return 0;
	if (errno != EINPROGRESS)
		return net_errno();
	ret = net_wait(fd, POLLOUT, until);
	if (ret < 0)
		return ret;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0)
		return -EIO;
	errno = error;
	return error ? net_errno() : 0;
}

static int net_open_address(int type, int family,
			    const struct route_address *address, int port,
			    deadline_t until)
{
	struct sockaddr_in four = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
	};
	struct sockaddr_in6 six = {
		.sin6_family = AF_INET6,
		.sin6_port = htons((uint16_t)port),
	};
	bool is_four = family == AF_INET;
	int fd, ret;

	memcpy(&four.sin_addr, address, sizeof(four.sin_addr));
	memcpy(&six.sin6_addr, address, sizeof(six.sin6_addr));
	fd = socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -EIO;
	ret = net_connect(fd, is_four ? (void *)&four : (void *)&six,
			  is_four ? sizeof(four) : sizeof(six), until);
	if (ret < 0) {
		(void)close(fd);
		return ret;
	}
	return fd;
}

static int net_say_why(struct ups *ups, const char *host, int error)
{
	switch (error) {
	case -ENOENT:
		return ups_fail(ups, -ENODEV,
				"[%s] nobody knows the address of %s",
				ups->name, host);
	case -ENETDOWN:
		return ups_fail(ups, -ENODEV,
				"[%s] there is no carrier on the way to %s",
				ups->name, host);
	case -ENODEV:
		return ups_fail(ups, error, "[%s] there is no way to %s",
				ups->name, host);
	case -ETIMEDOUT:
		return ups_fail(ups, error, "[%s] %s does not answer",
				ups->name, host);
	default:
		return ups_fail(ups, -EIO, "[%s] the network fails: %s",
				ups->name, strerror(-error));
	}
}

/** As the handover says that the way was, made again where it is gone. */
static int net_open_route(struct ups *ups, const char *text, int type, int port,
			  deadline_t until)
{
	struct route route;
	char done[UPS_SENTENCE_MAX];
	int ret = route_parse(&route, text);

	if (ret < 0)
		return ret;
	ret = route_restore(&route, done, sizeof(done), until);
	if (done[0])
		ups_note(ups, "[%s] network: %s", ups->name, done);
	return ret < 0 ? ret
		       : net_open_address(type, route.family, &route.host, port,
					  until);
}

static int net_open(struct ups *ups, const char *host, int type, int port,
		    deadline_t until)
{
	const char *text = ups_value(ups, ROUTE_KEY);
	struct resolve_answer answer;
	int ret;

	if (text) {
		ret = net_open_route(ups, text, type, port, until);
		return ret < 0 ? net_say_why(ups, host, ret) : ret;
	}
	ret = resolve_host(host, &answer, until);
	for (int i = 0; ret == 0 && i < answer.count; i++) {
		int fd = net_open_address(type, answer.entry[i].family,
					  &answer.entry[i].address, port, until);

		if (fd >= 0)
			return fd;
		if (i == answer.count - 1)
			ret = fd;
	}
	return net_say_why(ups, host, ret);
}

int net_open_udp(struct ups *ups, const char *host, int port, deadline_t until)
{
	return net_open(ups, host, SOCK_DGRAM, port, until);
}

int net_open_tcp(struct ups *ups, const char *host, int port, deadline_t until)
{
	const int on = 1;
	int fd = net_open(ups, host, SOCK_STREAM, port, until);

	/* Questions are short, and the answer is waited for. */
	if (fd >= 0)
		(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return fd;
}

int net_receive(int fd, void *answer, size_t size, deadline_t until)
{
	int ret = net_wait(fd, POLLIN, until);
	ssize_t got;

	if (ret < 0)
		return ret;
	got = recv(fd, answer, size, 0);
	return got < 0 ? net_errno() : (int)got;
}

int net_exchange(int fd, const void *question, size_t len, void *answer,
		 size_t size, deadline_t until)
{
	if (send(fd, question, len, MSG_NOSIGNAL) != (ssize_t)len)
		return net_errno();
	return net_receive(fd, answer, size, until);
}

static int net_link_fd(struct byte_link *link)
{
	return ((struct net_link *)link)->fd; /* its first member */
}

static int net_write(struct byte_link *link, const void *bytes, size_t len,
		     deadline_t until)
{
	const uint8_t *from = bytes;

	while (len > 0) {
		int ret = net_wait(net_link_fd(link), POLLOUT, until);
		ssize_t done;

		if (ret < 0)
			return ret;
		done = send(net_link_fd(link), from, len, MSG_NOSIGNAL);
		if (done < 0 && errno != EAGAIN && errno != EINTR)
			return net_errno();
		if (done > 0) {
			from += done;
			len -= (size_t)done;
		}
	}
	return 0;
}

static int net_read(struct byte_link *link, void *bytes, size_t size,
		    deadline_t until)
{
	for (;;) {
		int ret = net_wait(net_link_fd(link), POLLIN, until);
		ssize_t len;

		if (ret < 0)
			return ret;
		len = recv(net_link_fd(link), bytes, size, 0);
		if (len > 0)
			return (int)len;
		if (len == 0)
			return -ENODEV;
		if (errno != EAGAIN && errno != EINTR)
			return net_errno();
	}
}

static void net_drain(struct byte_link *link)
{
	uint8_t waste[64];

	/* Who floods us is not listened to for ever. */
	for (int i = 0; i < NET_DRAIN_MAX; i++) {
		if (recv(net_link_fd(link), waste, sizeof(waste),
			 MSG_DONTWAIT) <= 0)
			break;
	}
}

static void net_close(struct byte_link *link)
{
	struct net_link *net = (struct net_link *)link;

	if (net->fd >= 0)
		(void)close(net->fd);
	net->fd = -1;
}

static const struct byte_link_ops net_ops = {
	.write = net_write,
	.read = net_read,
	.drain = net_drain,
	.close = net_close,
};

int net_open_link(struct net_link *net, struct ups *ups, const char *host,
		  int port, deadline_t until)
{
	*net = (struct net_link){
		.link = { .ops = &net_ops },
		.fd = net_open_tcp(ups, host, port, until),
	};
	return net->fd < 0 ? net->fd : 0;
}
