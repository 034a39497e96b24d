/* SPDX-License-Identifier: MIT */
/* What the tests with a real PID 1 expect of a world that has ended. */
#ifndef PID1_EXPECT_FAKE_H
#define PID1_EXPECT_FAKE_H

#include <signal.h>

#include "pid1/world_fake.h"

/* In a process namespace reboot() ends PID 1 with one of these. */
#define POWERED_OFF SIGINT /* halt, too */
#define RESTARTED   SIGHUP

/* ups.conf: one UPS that is not there; more keys may follow. */
#define FAKE_UPS                                           \
	"[rack1]\n driver = lastwatt-fake\n port = auto\n" \
	" journal = /run/journal\n"

/** systemd 252's words for a power-off. */
extern const char *const expect_poweroff[];

/** A flag that is valid and a UPS that is ours: what most tests start from. */
struct world expect_world(const char *const *argv, const char *ups_conf);

/** Run it; skip the test where no world can be made. */
void expect_run(struct world *world);

void expect_said(const char *text, const char *what);
void expect_not_said(const char *text, const char *what);

/** The UPS was commanded, and only after storage was safe. */
void expect_cut(const struct world *world);

/** Nobody has opened the UPS. */
void expect_untouched(const struct world *world);

#endif
