/* SPDX-License-Identifier: MIT */
/*
 * Children of PID 1: whatever can hang or crash runs in one of these, talks
 * over a socket in whole messages, and costs only its own result. A child
 * that does not die when it is killed (D state) is abandoned, not waited for.
 */
#ifndef PID1_CHILD_H
#define PID1_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/clock.h"

/* Where a child finds its end of the socket. */
#define CHILD_FD 3

struct child {
	pid_t pid; /* 0: there is none */
	int fd;    /* our end, -1 once closed */
};

/**
 * The body of a child: @fd is its end of the socket. Its return value is the
 * exit status. When our end closes, its reads return 0 and it must go.
 */
typedef int child_body(int fd, void *arg);

/**
 * Start @body in a child of PID 1, which has reset its signals, with no file
 * descriptor but 0, 1, 2 and its socket. Tries again until @until when the
 * system is short of processes or memory. Returns 0 or a negative errno.
 */
int child_start(struct child *child, child_body *body, void *arg,
		deadline_t until);

/** Send one message without waiting. 0, -EAGAIN if it is full, -EPIPE. */
int child_send(const struct child *child, const void *message, size_t len);

/**
 * Take one message that is there already: its length, 0 if the child has
 * closed its end, -EAGAIN if there is none.
 */
ssize_t child_take(const struct child *child, void *message, size_t max);

/** Wait for a message until @until; as child_take(), or -ETIMEDOUT. */
ssize_t child_wait(const struct child *child, void *message, size_t max,
		   deadline_t until);

/**
 * Wait for its end until @until, then kill it. Returns its exit status, 128 +
 * signal, or -ETIMEDOUT if it had to be killed or could not even be.
 */
int child_end(struct child *child, deadline_t until);

/** Tell it that no more messages come: its reads end after the last one. */
void child_finish(const struct child *child);

/**
 * Kill it at once. Returns how it ended, as child_end(): what killed it before
 * we did shows there. 0 if there was none, -ETIMEDOUT if it does not die.
 */
int child_kill(struct child *child);

/* For the child's side. PID 1 begins with the first two, too. */

/** Every signal at its default, none blocked. */
void child_reset_signals(void);

/** Close every file descriptor from @first on. */
void child_close_from(int first);

/** Wait for one message, as long as it takes: its length, 0 at the end. */
ssize_t child_listen(int fd, void *message, size_t max);

/** Send one message to the parent, waiting while it is full. */
int child_tell(int fd, const void *message, size_t len);

#endif
