// SPDX-License-Identifier: MIT
/* Looks at a device with the driver of ours that could not command it. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fleet.h"
#include "nut/nut.h"

#define NUT_DIE_MS 200

static int nut_look_now(const struct ups *ups, const struct ups_driver *driver,
			deadline_t until)
{
	struct ups_status status = { .off_after_s = UPS_UNKNOWN_S };
	struct ups look = {
		.driver = driver,
		.conf = ups->conf,
		.section = ups->section,
		.name = ups->name,
		.state = calloc(1, driver->state_size),
	};

	if (!look.state || driver->open(&look, until) < 0)
		return UPS_UNKNOWN_S;
	if (driver->status(&look, &status, until) < 0)
		status.off_after_s = UPS_UNKNOWN_S;
	driver->close(&look);
	return status.off_after_s;
}

static void __attribute__((noreturn))
nut_look_as_child(const struct ups *ups, const struct ups_driver *driver,
		  int output, deadline_t until)
{
	int off_after_s;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	off_after_s = nut_look_now(ups, driver, until);
	_exit(write(output, &off_after_s, sizeof(off_after_s)) < 0);
}

static int nut_hear_child(int fd, deadline_t until)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	int off_after_s;

	while (poll(&ready, 1, deadline_left_ms(until)) < 0) {
		if (deadline_passed(until))
			return UPS_UNKNOWN_S;
	}
	if (!ready.revents ||
	    read(fd, &off_after_s, sizeof(off_after_s)) != sizeof(off_after_s))
		return UPS_UNKNOWN_S;
	return off_after_s;
}

int nut_look(const struct ups *ups, deadline_t until)
{
	const struct ups_driver *driver =
		fleet_find_ours(ups_value(ups, "driver"));
	int ends[2], off_after_s = UPS_UNKNOWN_S;
	deadline_t dead;
	pid_t pid;

	if (!driver || !driver->status || pipe2(ends, O_CLOEXEC) < 0)
		return UPS_UNKNOWN_S;
	pid = fork();
	if (pid == 0)
		nut_look_as_child(ups, driver, ends[1], until);
	(void)close(ends[1]);
	if (pid > 0) {
		off_after_s = nut_hear_child(ends[0], until);
		(void)kill(pid, SIGKILL); /* it holds nothing that matters */
		dead = deadline_in_ms(NUT_DIE_MS);
		while (waitpid(pid, NULL, WNOHANG) == 0 &&
		       clock_sleep_ms(1, dead) == 0)
			;
	}
	(void)close(ends[0]);
	return off_after_s;
}
