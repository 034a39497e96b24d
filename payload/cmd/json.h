/* SPDX-License-Identifier: MIT */
/* What the commands print for programs. */
#ifndef CMD_JSON_H
#define CMD_JSON_H

/** @text as a string of JSON, in its quotes. */
void json_print_string(const char *text);

/** One more member of an object: seconds, null if nobody knows (negative). */
void json_print_delay(const char *name, int delay_s);

#endif
