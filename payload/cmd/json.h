/* SPDX-License-Identifier: MIT */
/* What the commands print for programs. */
#ifndef CMD_JSON_H
#define CMD_JSON_H

/** @text as a string of JSON, in its quotes. */
void json_print_string(const char *text);

#endif
