/* SPDX-License-Identifier: MIT */
/* Who else lives in a world (world_fake.h), started by its PID 1 to be. */
#ifndef PID1_WORLD_PEOPLE_FAKE_H
#define PID1_WORLD_PEOPLE_FAKE_H

#include <stdbool.h>

/** Without @what there is no world: say so, and go. */
void world_require(bool holds, const char *what);

/** A process with a deleted file open below /oldroot. */
void world_pin(void);

/** What is left of Plymouth: the name of a process. */
void world_show_splash(const char *name);

/** Somebody who sends PID 1 every signal there is, as long as there is one. */
void world_rain(void);

/** Give the file @path, open, to who is at the other end of the socket @to. */
void world_hand_out(const char *path, int to);

#endif
