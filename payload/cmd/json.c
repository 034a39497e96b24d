// SPDX-License-Identifier: MIT
/* Strings of JSON (RFC 8259, 7). */
#include "cmd/json.h"

#include <stdio.h>

void json_print_string(const char *text)
{
	putchar('"');
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			printf("\\%c", c);
		else if (c < ' ')
			printf("\\u%04x", c);
		else
			putchar(c);
	}
	putchar('"');
}
