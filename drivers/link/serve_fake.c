// SPDX-License-Identifier: MIT
/* Sockets and pseudo-terminals for emulated devices, served by a child. */
#include "link/serve_fake.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/clock.h"

#define SERVE_LOOK_MS  20 /* for what the test has changed meanwhile */
#define SERVE_LATE_MAX 16

/** An answer that is due later. */
struct serve_late {
	int64_t at_ms;
	size_t len;
	uint8_t bytes[NET_FAKE_MESSAGE_MAX];
};

/** What the child has of a socket. */
struct serve_socket {
	struct serve_fake *serve;
	int peer; /* the connection, or -1 */
	struct sockaddr_in from;
	int late;
	struct serve_late answer[SERVE_LATE_MAX];
};

static void serve_die(const char *what)
{
	perror(what);
	abort();
}

static void *serve_share(size_t size)
{
	void *memory = mmap(NULL, size ? size : 1, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		serve_die("shared memory");
	return memory;
}

/** Move a fake's state to where both processes see it. */
static void *serve_share_state(void *state, size_t size)
{
	void *shared = serve_share(size);

	if (state)
		memcpy(shared, state, size);
	free(state);
	return shared;
}

static int serve_listen(struct serve_fake *serve)
{
	const int on = 1;
	bool is_stream = serve->net.kind->is_stream;
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)serve->port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET,
			(is_stream ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC,
			0);

	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
	    bind(fd, (void *)&address, len) < 0 ||
	    getsockname(fd, (void *)&address, &len) < 0)
		serve_die("a socket on the loopback");
	serve->port = ntohs(address.sin_port);
	return fd;
}

struct serve_fake *serve_fake_net(const struct net_fake_kind *kind)
{
	struct serve_fake *serve = serve_share(sizeof(*serve));

	net_fake_start(&serve->net, kind, &serve->ups);
	serve->net.state = serve_share_state(serve->net.state, kind->state_size);
	serve->ups.state = serve_share_state(serve->ups.state, 0);
	serve->fd = serve_listen(serve);
	serve->slave = -1;
	return serve;
}

struct serve_fake *serve_fake_line(const struct line_fake_kind *kind)
{
	struct serve_fake *serve = serve_share(sizeof(*serve));
	struct termios raw;

	line_fake_start(&serve->ups, kind);
	serve->ups.state = serve_share_state(serve->ups.state, kind->state_size);
	serve->fd = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (serve->fd < 0 || grantpt(serve->fd) || unlockpt(serve->fd) ||
	    ptsname_r(serve->fd, serve->path, sizeof(serve->path)))
		serve_die("a pseudo-terminal");
	serve->slave = open(serve->path, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (serve->slave < 0 || tcgetattr(serve->slave, &raw))
		serve_die(serve->path);
	cfmakeraw(&raw);
	(void)tcsetattr(serve->slave, TCSANOW, &raw);
	return serve;
}

static void serve_answer(struct serve_socket *socket, const uint8_t *bytes,
			 size_t len)
{
	if (socket->serve->net.kind->is_stream)
		(void)send(socket->peer, bytes, len, MSG_NOSIGNAL);
	else
		(void)sendto(socket->serve->fd, bytes, len, 0,
			     (void *)&socket->from, sizeof(socket->from));
}

static void serve_carry(struct net_fake *fake, const uint8_t *bytes, size_t len,
			int delay_ms)
{
	struct serve_socket *socket = fake->carrier;
	struct serve_late *late = &socket->answer[socket->late];

	if (delay_ms == 0 && socket->late == 0) {
		serve_answer(socket, bytes, len);
	} else if (socket->late < SERVE_LATE_MAX) {
		late->at_ms = clock_now_ms() + delay_ms;
		late->len = len;
		memcpy(late->bytes, bytes, len);
		socket->late++;
	}
}

static void serve_hang_up(struct serve_socket *socket)
{
	if (socket->peer >= 0)
		(void)close(socket->peer);
	socket->peer = -1;
	socket->late = 0;
}

/** Somebody comes; the one before has to go, as cheap cards have it. */
static void serve_accept(struct serve_socket *socket)
{
	int peer = accept(socket->serve->fd, NULL, NULL);

	if (peer < 0)
		return;
	serve_hang_up(socket);
	socket->peer = peer;
	net_fake_connect(&socket->serve->net);
}

static void serve_receive(struct serve_socket *socket)
{
	bool is_stream = socket->serve->net.kind->is_stream;
	uint8_t bytes[NET_FAKE_MESSAGE_MAX];
	socklen_t from_len = sizeof(socket->from);
	ssize_t len =
		is_stream ? recv(socket->peer, bytes, sizeof(bytes), 0)
			  : recvfrom(socket->serve->fd, bytes, sizeof(bytes), 0,
				     (void *)&socket->from, &from_len);

	if (len > 0)
		net_fake_receive(&socket->serve->net, bytes, (size_t)len);
	else if (is_stream)
		serve_hang_up(socket);
}

static void serve_send_late(struct serve_socket *socket)
{
	while (socket->late > 0 && socket->answer[0].at_ms <= clock_now_ms()) {
		serve_answer(socket, socket->answer[0].bytes,
			     socket->answer[0].len);
		socket->late--;
		memmove(socket->answer, socket->answer + 1,
			(size_t)socket->late * sizeof(socket->answer[0]));
	}
}

/** Open or close the socket as the fake is there or not. */
static void serve_be_there(struct serve_socket *socket)
{
	struct serve_fake *serve = socket->serve;

	if (!net_fake_is_there(&serve->net) && serve->fd >= 0) {
		serve_hang_up(socket);
		(void)close(serve->fd);
		serve->fd = -1;
	} else if (net_fake_is_there(&serve->net) && serve->fd < 0) {
		serve->fd = serve_listen(serve);
		(void)listen(serve->fd, 4);
	}
}

static void serve_sockets(struct serve_fake *serve)
{
	struct serve_socket *socket = calloc(1, sizeof(*socket));

	if (!socket)
		return;
	socket->serve = serve;
	socket->peer = -1;
	serve->net.carry = serve_carry;
	serve->net.carrier = socket;
	for (;;) {
		struct pollfd poll_fd[] = {
			{ .fd = serve->fd, .events = POLLIN },
			{ .fd = socket->peer, .events = POLLIN },
		};

		(void)poll(poll_fd, 2, SERVE_LOOK_MS);
		if (poll_fd[0].revents && serve->net.kind->is_stream)
			serve_accept(socket);
		else if (poll_fd[0].revents || poll_fd[1].revents)
			serve_receive(socket);
		serve_send_late(socket);
		serve_be_there(socket);
	}
}

static void serve_line(struct serve_fake *serve)
{
	while (line_fake_is_there(&serve->ups)) {
		struct pollfd poll_fd = { .fd = serve->fd, .events = POLLIN };
		int64_t left_ms =
			line_fake_next_ms(&serve->ups) - clock_now_ms();
		uint8_t bytes[512];
		ssize_t len;

		if (left_ms > SERVE_LOOK_MS)
			left_ms = SERVE_LOOK_MS;
		(void)poll(&poll_fd, 1, left_ms > 0 ? (int)left_ms : 0);
		len = read(serve->fd, bytes, sizeof(bytes));
		if (len > 0)
			line_fake_receive(&serve->ups, bytes, (size_t)len);
		len = (ssize_t)line_fake_take(&serve->ups, bytes, sizeof(bytes));
		if (len > 0 && write(serve->fd, bytes, (size_t)len) != len)
			break; /* nobody reads it any more */
	}
}

void serve_fake_go(struct serve_fake *serve)
{
	bool is_net = serve->net.kind;
	pid_t parent = getpid(), pid;

	if (is_net && serve->net.kind->is_stream && listen(serve->fd, 4) < 0)
		serve_die("listen");
	pid = fork();
	if (pid < 0)
		serve_die("fork");
	if (pid == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(0);
		if (is_net)
			serve_sockets(serve);
		else
			serve_line(serve);
		_exit(0);
	}
	serve->pid = pid;
	/* Hung up when the child ends: the port went away. */
	(void)close(serve->fd);
	if (serve->slave >= 0)
		(void)close(serve->slave);
}

static void serve_unshare(void *memory, size_t size)
{
	(void)munmap(memory, size ? size : 1);
}

void serve_fake_end(struct serve_fake *serve)
{
	bool is_net = serve->net.kind;

	if (serve->pid > 0) {
		(void)kill(serve->pid, SIGKILL);
		(void)waitpid(serve->pid, NULL, 0);
	} else {
		(void)close(serve->fd);
		if (serve->slave >= 0)
			(void)close(serve->slave);
	}
	if (is_net)
		serve_unshare(serve->net.state, serve->net.kind->state_size);
	serve_unshare(serve->ups.state,
		      is_net ? 0 : serve->ups.kind->state_size);
	serve_unshare(serve, sizeof(*serve));
}
