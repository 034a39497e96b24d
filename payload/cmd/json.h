/* SPDX-License-Identifier: MIT */
/* What the commands print for programs. */
#ifndef CMD_JSON_H
#define CMD_JSON_H

#include <stdbool.h>

#include "base/ups.h"

/** @text as a string of JSON, in its quotes. */
void json_print_string(const char *text);

/** One more member of an object: a string, null without one. */
void json_print_text(const char *name, const char *text);

/** One more member of an object: true or false. */
void json_print_bool(const char *name, bool value);

/** Begin one more object of a list in an object, with its name. */
void json_begin_named(bool is_first, const char *name);

/** One more member of an object: seconds, null if nobody knows (negative). */
void json_print_delay(const char *name, int delay_s);

/** Members of an object: a command, and the delays that come with it. */
void json_print_command(enum ups_command command, int off_after_s,
			int on_after_s);

/** One more member of an object: "mains", "present", "absent" or "unknown". */
void json_print_mains(enum ups_mains mains);

#endif
