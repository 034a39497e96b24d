// SPDX-License-Identifier: MIT
/* Children with deadlines, over a socket that keeps message bounds. */
#include "pid1/child.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CHILD_FORK_AGAIN_MS 50
#define CHILD_REAP_MS       10
#define CHILD_DIE_MS        200
#define CHILD_FD            3
#define CHILD_FDS_MAX       1024

void child_reset_signals(void)
{
	struct sigaction action = { .sa_handler = SIG_DFL };
	sigset_t none;
	int signal;

	for (signal = 1; signal < NSIG; signal++)
		(void)sigaction(signal, &action, NULL); /* KILL, STOP refuse */
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

void child_close_from(int first)
{
	int fd;

	if (syscall(SYS_close_range, first, ~0U, 0) == 0)
		return;
	for (fd = first; fd < CHILD_FDS_MAX; fd++)
		(void)close(fd);
}

static void __attribute__((noreturn))
child_become(int fd, child_body *body, void *arg)
{
	struct sigaction action = { .sa_handler = SIG_DFL };

	/* The only one that PID 1 has changed since it reset them all. */
	(void)sigaction(SIGPIPE, &action, NULL);
	if (fd != CHILD_FD && dup2(fd, CHILD_FD) < 0)
		_exit(1);
	/* Of PID 1's, too: a sibling's socket kept open would hide its end. */
	child_close_from(CHILD_FD + 1);
	_exit(body(CHILD_FD, arg));
}

static pid_t child_fork(deadline_t until)
{
	pid_t pid;

	for (;;) {
		pid = fork();
		if (pid >= 0)
			return pid;
		if (clock_sleep_ms(CHILD_FORK_AGAIN_MS, until) < 0)
			return -EAGAIN;
	}
}

int child_start(struct child *child, child_body *body, void *arg,
		deadline_t until)
{
	int ends[2];
	pid_t pid;

	child->pid = 0;
	child->fd = -1;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;

	pid = child_fork(until);
	if (pid == 0)
		child_become(ends[1], body, arg);
	(void)close(ends[1]);
	if (pid < 0) {
		(void)close(ends[0]);
		return (int)pid;
	}
	child->pid = pid;
	child->fd = ends[0];
	return 0;
}

int child_send(const struct child *child, const void *message, size_t len)
{
	if (child->fd < 0)
		return -EPIPE;
	if (send(child->fd, message, len, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		return -errno;
	return 0;
}

ssize_t child_take(const struct child *child, void *message, size_t max)
{
	ssize_t len;

	if (child->fd < 0)
		return 0;
	len = recv(child->fd, message, max, MSG_DONTWAIT);
	/*
	 * It went without reading all that we had sent: the kernel tells that
	 * first, and its last messages only then.
	 */
	if (len < 0 && errno == ECONNRESET)
		len = recv(child->fd, message, max, MSG_DONTWAIT);
	if (len >= 0)
		return len;
	return errno == EAGAIN || errno == EINTR ? -EAGAIN : 0;
}

ssize_t child_wait(const struct child *child, void *message, size_t max,
		   deadline_t until)
{
	struct pollfd ready = { .fd = child->fd, .events = POLLIN };
	ssize_t len;

	for (;;) {
		len = child_take(child, message, max);
		if (len != -EAGAIN)
			return len;
		if (deadline_passed(until))
			return -ETIMEDOUT;
		(void)poll(&ready, 1, deadline_left_ms(until));
	}
}

static int child_status(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}

/* Its exit status, or -EAGAIN while it lives. */
static int child_look(struct child *child)
{
	int status;
	pid_t pid = waitpid(child->pid, &status, WNOHANG);

	if (pid == 0 || (pid < 0 && errno == EINTR))
		return -EAGAIN;
	child->pid = 0;
	return pid > 0 ? child_status(status) : 128;
}

/*
 * As child_look(), by @until. It lives for a moment after its socket: the
 * signal of its end comes when it can be reaped, and not later.
 */
static int child_reap(struct child *child, deadline_t until)
{
	struct timespec look = { .tv_nsec = CHILD_REAP_MS * 1000000L };
	sigset_t ends, before;
	int status;

	(void)sigemptyset(&ends);
	(void)sigaddset(&ends, SIGCHLD);
	(void)sigprocmask(SIG_BLOCK, &ends, &before); /* else it is dropped */
	while ((status = child_look(child)) == -EAGAIN && !deadline_passed(until))
		(void)sigtimedwait(&ends, NULL, &look); /* or another's end */
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	return status;
}

/* Its socket closes when it ends: sleep on that instead of looking. */
static void child_wait_for_end(const struct child *child, deadline_t until)
{
	struct pollfd end = { .fd = child->fd, .events = 0 };

	while (child->fd >= 0 && !deadline_passed(until)) {
		if (poll(&end, 1, deadline_left_ms(until)) > 0)
			return;
	}
}

int child_end(struct child *child, deadline_t until)
{
	int status;

	if (child->pid == 0)
		return 0;
	child_wait_for_end(child, until);
	status = child_reap(
		child, deadline_earlier(until, deadline_in_ms(CHILD_DIE_MS)));
	if (status == -EAGAIN) {
		(void)child_kill(child);
		return -ETIMEDOUT;
	}
	if (child->fd >= 0)
		(void)close(child->fd);
	child->fd = -1;
	return status;
}

void child_finish(const struct child *child)
{
	if (child->fd >= 0)
		(void)shutdown(child->fd, SHUT_WR);
}

int child_kill(struct child *child)
{
	int status;

	if (child->fd >= 0)
		(void)close(child->fd);
	child->fd = -1;
	if (child->pid == 0)
		return 0;
	(void)kill(child->pid, SIGKILL);
	status = child_reap(child, deadline_in_ms(CHILD_DIE_MS));
	child->pid = 0; /* what is in D state now is nobody's any more */
	return status == -EAGAIN ? -ETIMEDOUT : status;
}

ssize_t child_listen(int fd, void *message, size_t max)
{
	ssize_t len;

	do {
		len = recv(fd, message, max, 0);
	} while (len < 0 && errno == EINTR);
	return len < 0 ? 0 : len;
}

int child_tell(int fd, const void *message, size_t len)
{
	ssize_t sent;

	do {
		sent = send(fd, message, len, MSG_NOSIGNAL);
	} while (sent < 0 && errno == EINTR);
	return sent < 0 ? -errno : 0;
}
