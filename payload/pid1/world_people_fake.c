// SPDX-License-Identifier: MIT
/* Who else lives in a world. */
#include "pid1/world_people_fake.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "pid1/child.h"

#define WORLD_RAIN_MS 20

void world_require(bool holds, const char *what)
{
	if (holds)
		return;
	(void)fprintf(stderr, "world: %s: %s\n", what, strerror(errno));
	_exit(77);
}

/* A process that stays, once it has done @first with @what. */
static void world_start(bool (*first)(const char *what), const char *what)
{
	int ready[2];
	char byte = 0;

	world_require(pipe(ready) == 0, "pipe");
	if (fork() == 0) {
		(void)write(ready[1], &byte, first(what));
		(void)close(ready[0]);
		(void)close(ready[1]);
		/* Not PID 1's program, so it counts as a stranger. */
		for (;;)
			(void)pause();
	}
	world_require(read(ready[0], &byte, 1) == 1, what);
	(void)close(ready[0]);
	(void)close(ready[1]);
}

static bool world_open_deleted(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT, 0600);

	(void)unlink(path);
	return fd >= 0;
}

void world_pin(void)
{
	world_start(world_open_deleted, "/oldroot/data/deleted");
}

static bool world_take_name(const char *name)
{
	return prctl(PR_SET_NAME, name) == 0;
}

void world_show_splash(const char *name)
{
	world_start(world_take_name, name);
}

void world_rain(void)
{
	int signal;

	/* Until it is the program it would have the test's handlers. */
	child_reset_signals();
	if (fork() != 0)
		return;
	for (;;) {
		for (signal = 1; signal < NSIG; signal++)
			(void)kill(1, signal);
		(void)clock_sleep_ms(WORLD_RAIN_MS,
				     deadline_in_ms(WORLD_RAIN_MS));
	}
}

void world_hand_out(const char *path, int to)
{
	char control[CMSG_SPACE(sizeof(int))] = { 0 }, byte = 0;
	struct iovec part = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	int fd = open(path, O_RDONLY | O_CREAT, 0600);

	world_require(fd >= 0, "held");
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	world_require(sendmsg(to, &message, 0) == 1, "hand out");
	(void)close(fd);
}
