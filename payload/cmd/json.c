// SPDX-License-Identifier: MIT
/* Strings and numbers of JSON (RFC 8259). */
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

void json_print_text(const char *name, const char *text)
{
	printf(", \"%s\": ", name);
	if (text)
		json_print_string(text);
	else
		printf("null");
}

void json_print_bool(const char *name, bool value)
{
	printf(", \"%s\": %s", name, value ? "true" : "false");
}

void json_begin_named(bool is_first, const char *name)
{
	printf("%s\n    {\"name\": ", is_first ? "" : ",");
	json_print_string(name);
}

void json_print_delay(const char *name, int delay_s)
{
	if (delay_s >= 0)
		printf(", \"%s\": %d", name, delay_s);
	else
		printf(", \"%s\": null", name);
}

void json_print_command(enum ups_command command, int off_after_s,
			int on_after_s)
{
	json_print_text("command", ups_command_name(command));
	json_print_delay("off_after_s", off_after_s);
	json_print_delay("on_after_s", on_after_s);
}

void json_print_mains(enum ups_mains mains)
{
	json_print_text("mains", mains == UPS_MAINS_PRESENT  ? "present"
				 : mains == UPS_MAINS_ABSENT ? "absent"
							     : "unknown");
}
