/* SPDX-License-Identifier: MIT */
/*
 * Emulated devices for real sockets and ports, in real time: a net_fake on the
 * loopback interface, a line_fake on a pseudo-terminal. A child process serves
 * it, and the test sees and turns everything in it meanwhile, for its memory
 * is shared. For clients that are not to be played: libraries, other programs.
 * What a kind does before it answers can be seen once the answer is there.
 */
#ifndef LINK_SERVE_FAKE_H
#define LINK_SERVE_FAKE_H

#include <sys/types.h>

#include "link/line_fake.h"
#include "link/net_fake.h"

struct serve_fake {
	struct line_fake ups; /* what it feels and was told; or the line's */
	struct net_fake net;  /* .kind is NULL on a line */
	int port;             /* on 127.0.0.1 */
	char path[64];        /* of the pseudo-terminal */
	pid_t pid;
	int fd;    /* the socket that listens, or the terminal's master */
	int slave; /* so that the port does not hang up between two programs */
};

/**
 * Prepare @kind: its state can be set up, and ->port is known, which nobody
 * answers at before serve_fake_go(). Aborts when the machine cannot do it.
 */
struct serve_fake *serve_fake_net(const struct net_fake_kind *kind);

/** The same on a pseudo-terminal: ->path is known. */
struct serve_fake *serve_fake_line(const struct line_fake_kind *kind);

/** Serve it from now on. It ends with the test, if not before. */
void serve_fake_go(struct serve_fake *serve);

/** Stop it, if it is served, and free everything. */
void serve_fake_end(struct serve_fake *serve);

#endif
