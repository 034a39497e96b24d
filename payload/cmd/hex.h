/* SPDX-License-Identifier: MIT */
/* Bytes that people have written down in hexadecimal. */
#ifndef CMD_HEX_H
#define CMD_HEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HEX_PROBLEM_MAX 80

/** What hex_parse() could not read, for people, and on which line. */
struct hex_problem {
	int line;
	char sentence[HEX_PROBLEM_MAX];
};

/**
 * Read at most @size bytes out of @text: two digits each, together or apart,
 * also with 0x in front, one digit if it stands alone. Spaces and commas
 * separate; "#", ";" or "//" begins a comment that ends with the line. Returns
 * how many there were, or -EINVAL with @problem filled in.
 */
int hex_parse(const char *text, size_t len, uint8_t *bytes, size_t size,
	      struct hex_problem *problem);

/**
 * Does @text have a byte that nobody writes, so that it is the bytes
 * themselves? Every report descriptor has one.
 */
bool hex_is_raw(const char *text, size_t len);

#endif
