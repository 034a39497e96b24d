/* SPDX-License-Identifier: MIT */
/* The last words on the console, for whoever stands before the machine. */
#ifndef PID1_CONCLUDE_H
#define PID1_CONCLUDE_H

#include "pid1/stages.h"

/** What becomes of the load of this UPS, in plain words without an end. */
void conclude_ups(const struct keeper *keeper, char *sentence, size_t size);

/** Say of each UPS what becomes of its load, and what the machine does now. */
void conclude(struct pid1 *pid1);

#endif
