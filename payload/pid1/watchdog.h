/* SPDX-License-Identifier: MIT */
/*
 * Watchdogs of the machine. A power-off that hangs is reset by one, and one
 * that runs already must not reset a machine that is busy getting dark. A
 * child holds each, for opening one or writing to it may block: it keeps it
 * from firing until PID 1's time is over and a margin, and not a second more.
 *
 *   power off, halt  the first one that is idle and can be stopped is armed;
 *                    one that runs is fed, and stopped at the end
 *   reboot, kexec    one that runs is fed, and left running: systemd armed it
 *
 * One that cannot be stopped (nowayout) gets its full time at the end; after
 * a halt, which has no end, it is fed for ever instead.
 */
#ifndef PID1_WATCHDOG_H
#define PID1_WATCHDOG_H

#include <stdbool.h>

#include "base/clock.h"
#include "pid1/child.h"
#include "pid1/log.h"
#include "plan.h"

#define WATCHDOG_MAX 4

struct watchdog {
	struct child child[WATCHDOG_MAX];
	int count;
	bool endless; /* one that runs cannot be stopped */
};

#ifdef CONFIG_WATCHDOG

/** See to those below @sys and @dev, as above. PID 1 promises to end @until. */
void watchdog_start(struct watchdog *watchdog, const char *sys, const char *dev,
		    enum verb verb, struct log *log, deadline_t until);

/** It takes longer: until @until. */
void watchdog_extend(struct watchdog *watchdog, deadline_t until);

/**
 * The last act before reboot(). Returns false when the machine must not be
 * halted, but be kept running: then they are fed for ever.
 */
bool watchdog_finish(struct watchdog *watchdog, enum verb verb);

#else

static inline void watchdog_start(struct watchdog *watchdog, const char *sys,
				  const char *dev, enum verb verb,
				  struct log *log, deadline_t until)
{
	(void)watchdog;
	(void)sys;
	(void)dev;
	(void)verb;
	(void)log;
	(void)until;
}

static inline void watchdog_extend(struct watchdog *watchdog, deadline_t until)
{
	(void)watchdog;
	(void)until;
}

static inline bool watchdog_finish(struct watchdog *watchdog, enum verb verb)
{
	(void)watchdog;
	(void)verb;
	return true;
}

#endif

#endif
