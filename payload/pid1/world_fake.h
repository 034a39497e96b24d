/* SPDX-License-Identifier: MIT */
/*
 * A world in which the real program is PID 1: user, mount and process
 * namespaces with a root as systemd leaves it. reboot() shows as the signal
 * that ends the namespace. Nothing of the machine is touched.
 */
#ifndef PID1_WORLD_FAKE_H
#define PID1_WORLD_FAKE_H

#include <stdbool.h>

#include "pid1/trouble_fake.h"

#define WORLD_TEXT_MAX 16384

/** What is in the world, and what became of it. */
struct world {
	/* in: NULL or 0 means "nothing of the kind" */
	const char *const *argv;   /* of PID 1, NULL at the end */
	const char *ups_conf;      /* goes into a handover ... */
	const char *primary;       /* ... of which this UPS is ours ... */
	const char *other_primary; /* ... and this one ... */
	bool flag_is_valid;        /* ... with this flag */
	int drill;                 /* asked for: an enum handover_drill */
	long poweroff_wait_ms;     /* -1: not set */
	const char *old_ups_conf;  /* live files below /oldroot */
	const char *old_upsmon_conf;
	const char *old_flag;      /* content of /oldroot/etc/killpower */
	const char *handover_text; /* garbage instead of a handover */
	bool data_below_oldroot;   /* a mount there that holds data */
	bool pinned;               /* a process holds a deleted file there */
	bool held_from_outside;    /* ... and somebody whom nobody can kill */
	bool held_beside_data;     /* what he holds is on a tmpfs there */
	const char *splash;        /* a process of Plymouth's that is left */
	bool console_blocks;       /* /dev/console never takes a byte */
	bool storage_hangs;        /* who looks for swap waits for ever */
	bool signals_rain;         /* somebody sends PID 1 every signal */
	const char *port;          /* a terminal that is /dev/ttyS9 there */
	const char *word;          /* one more of the kernel's command line */
	int budget_s;
	struct trouble trouble;

	/* out */
	const char *skip; /* why no world could be made */
	int signal;       /* that ended PID 1, 0 if none */
	int status;       /* its exit status, if it exited */
	long took_ms;
	char console[WORLD_TEXT_MAX]; /* a serial one */
	char screen[WORLD_TEXT_MAX];
	char kmsg[WORLD_TEXT_MAX];
	char journal[WORLD_TEXT_MAX]; /* what the fake UPS wrote */
};

/** Make it, run it to its end, and fill in what became of it. */
void world_run(struct world *world);

#endif
