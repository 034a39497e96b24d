/* SPDX-License-Identifier: MIT */
/*
 * rig-layout FILE.hex: prints the fields that the rig finds in a descriptor,
 * to be compared with what others found.
 */
#include <stdio.h>

#include "layout.h"
#include "words.h"

static void print_field(const struct field *field)
{
	static const char *const types[] = { "", "Input", "Output", "Feature" };
	int i;

	printf("%s 0x%02x %u %u %lld %lld ", types[field->type], field->report,
	       field->bit, field->bits, (long long)field->logical_min,
	       (long long)field->logical_max);
	for (i = 0; i < field->depth; i++)
		printf("%08x.", field->path[i]);
	printf("%08x\n", field->usage);
}

int main(int argc, char **argv)
{
	static struct layout layout;
	static uint8_t bytes[LAYOUT_BYTES_MAX];
	size_t len;
	int i;

	if (argc != 2)
		words_die(NULL, "usage: rig-layout FILE.hex");
	len = words_hex_file(argv[1], bytes, sizeof(bytes));
	if (!layout_read(&layout, bytes, len))
		words_die(NULL, "%s is no sound report descriptor", argv[1]);
	for (i = 0; i < layout.fields; i++)
		print_field(&layout.field[i]);
	return 0;
}
