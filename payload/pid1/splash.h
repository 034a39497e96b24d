/* SPDX-License-Identifier: MIT */
/*
 * A splash screen (Plymouth) outlives systemd's last kill on purpose, and would
 * hide what we say.
 */
#ifndef PID1_SPLASH_H
#define PID1_SPLASH_H

#include <stdbool.h>

/* The foreground terminal, whichever it is. */
#define SPLASH_SCREEN "/dev/tty0"

/**
 * End it, and bring the text of the screen back. Only the painter may call it,
 * for a graphics driver can hang. True if there was one.
 */
bool splash_end(void);

#endif
