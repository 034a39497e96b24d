// SPDX-License-Identifier: MIT
/*
 * lastwatt decode: what the driver makes of a report descriptor that somebody
 * has written down, and what it would send to that unit.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/hex.h"
#include "cmd/json.h"
#include "hid/decode.h"

/* A report descriptor has 4 KiB at most; the rest is room for comments. */
#define DECODE_TEXT_MAX  65536
#define DECODE_BYTES_MAX 6144

/** Columns stand between tabs, and what was never stated is "-". */
static void decode_print_row(void *arg, const char *kind,
			     const struct hid_column *column, size_t columns)
{
	(void)arg;
	printf("%s", kind);
	for (size_t i = 0; i < columns; i++, column++) {
		if (!column->is_number)
			printf("\t%s", column->text ? column->text : "-");
		else if (column->hex_digits)
			printf("\t0x%0*llx", column->hex_digits,
			       (unsigned long long)column->number);
		else
			printf("\t%lld", (long long)column->number);
	}
	putchar('\n');
}

static void decode_print_transfer(void *arg, const char *transfer)
{
	(void)arg;
	puts(transfer);
}

/** Begins one more element of the list; @arg counts them. */
static void decode_begin_json(void *arg)
{
	int *elements = arg;

	printf((*elements)++ ? ",\n  " : "\n  ");
}

static void decode_print_row_json(void *arg, const char *kind,
				  const struct hid_column *column,
				  size_t columns)
{
	decode_begin_json(arg);
	printf("{\"row\": \"%s\"", kind);
	for (size_t i = 0; i < columns; i++, column++) {
		if (column->is_number)
			printf(", \"%s\": %lld", column->name,
			       (long long)column->number);
		else
			json_print_text(column->name, column->text);
	}
	putchar('}');
}

static void decode_print_transfer_json(void *arg, const char *transfer)
{
	decode_begin_json(arg);
	json_print_string(transfer);
}

static void decode_print_note(void *arg, const char *sentence)
{
	(void)arg;
	fprintf(stderr, "lastwatt decode: %s\n", sentence);
}

/** All of @fd; -EFBIG if that is more than @size. */
static int decode_read_fd(int fd, char *text, size_t size)
{
	size_t len = 0;

	for (;;) {
		ssize_t ret = read(fd, text + len, size - len);

		if (ret < 0 && errno == EINTR)
			continue;
		if (ret <= 0)
			return ret < 0 ? -errno : (int)len;
		len += (size_t)ret;
		if (len == size)
			return -EFBIG;
	}
}

static int decode_read_file(const char *file, char *text, size_t size)
{
	int fd, ret;

	if (!strcmp(file, "-"))
		return decode_read_fd(STDIN_FILENO, text, size);
	fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ret = decode_read_fd(fd, text, size);
	(void)close(fd); /* only read */
	return ret;
}

/** Returns the number of bytes, or a negative number after saying why. */
static int decode_read(const char *file, uint8_t *bytes, size_t size)
{
	char text[DECODE_TEXT_MAX];
	struct hex_problem problem;
	int len = decode_read_file(file, text, sizeof(text));

	if (len < 0) {
		cmd_fail(&cmd_decode, "%s: %s", file, strerror(-len));
		return len;
	}
	if (hex_is_raw(text, (size_t)len)) {
		if ((size_t)len > size) {
			cmd_fail(&cmd_decode,
				 "%s: %d bytes are no report descriptor", file,
				 len);
			return -EFBIG;
		}
		memcpy(bytes, text, (size_t)len);
		return len;
	}
	len = hex_parse(text, (size_t)len, bytes, size, &problem);
	if (len < 0)
		cmd_fail(&cmd_decode, "%s:%d: %s", file, problem.line,
			 problem.sentence);
	return len;
}

/** Exactly four hexadecimal digits. */
static bool decode_parse_number(const char *text, uint16_t *number)
{
	if (strspn(text, "0123456789abcdefABCDEF") != 4)
		return false;
	*number = (uint16_t)strtoul(text, NULL, 16);
	return true;
}

/** "051d:0002"; nothing is known if there is no @text. */
static bool decode_parse_id(const char *text, struct hid_specimen *specimen)
{
	if (!text)
		return true;
	return strlen(text) == 9 && text[4] == ':' &&
	       decode_parse_number(text, &specimen->vendor_id) &&
	       decode_parse_number(text + 5, &specimen->product_id);
}

static int decode_print(const struct hid_specimen *specimen, const char *file,
			const enum ups_command *command, bool is_json)
{
	int elements = 0;
	const struct hid_listener listener = {
		.row = is_json ? decode_print_row_json : decode_print_row,
		.transfer = is_json ? decode_print_transfer_json
				    : decode_print_transfer,
		.note = decode_print_note,
		.arg = &elements,
	};
	char why[UPS_SENTENCE_MAX];
	int ret;

	if (is_json)
		printf("{\"%s\": [", command ? "transfers" : "rows");
	if (command)
		ret = hid_decode_cut(specimen, *command, &listener, why);
	else
		ret = hid_decode_fields(specimen, &listener, why);
	if (is_json) {
		printf("\n]");
		json_print_text("problem", ret < 0 ? why : NULL);
		printf("}\n");
	}
	if (ret == -EPROTO)
		return cmd_fail(&cmd_decode, "%s: %s", file, why);
	if (ret < 0 && !is_json)
		puts(why); /* that is the answer */
	return CMD_OK;
}

static int decode_run(int argc, char **argv)
{
	const char *id = NULL;
	const char *kill = NULL;
	const char *json = NULL;
	const struct cmd_option options[] = {
		{ .name = "id", .value = &id },
		{ .name = "kill", .value = &kill },
		{ .name = "json", .value = &json, .bare = true },
		{ .name = NULL },
	};
	uint8_t bytes[DECODE_BYTES_MAX];
	struct hid_specimen specimen = { .bytes = bytes };
	enum ups_command command;
	const char *word[2];
	int ret = cmd_parse_options(argc, argv, options, 2, word);

	if (ret)
		return ret;
	if (strcmp(word[0], "hid")) {
		cmd_fail(&cmd_decode, "%s is no protocol that it knows: hid",
			 word[0]);
		return CMD_USAGE;
	}
	if (!decode_parse_id(id, &specimen)) {
		cmd_fail(&cmd_decode, "%s is not like 051d:0002", id);
		return CMD_USAGE;
	}
	if (kill && !cmd_parse_cut(&cmd_decode, kill, &command))
		return CMD_USAGE;
	ret = decode_read(word[1], bytes, sizeof(bytes));
	if (ret < 0)
		return CMD_FAILED;
	specimen.len = (size_t)ret;
	return decode_print(&specimen, word[1], kill ? &command : NULL, json);
}

const struct command cmd_decode = {
	.name = "decode",
	.summary = "what a report descriptor says, and what would be sent",
	.usage = "hid [--id VVVV:PPPP] [--kill return|stayoff|off] [--json] FILE",
	.help = "Reads the report descriptor of a USB UPS from FILE (- is the standard input),\n"
		"as the kernel has it or written down in hexadecimal, and prints its fields, one line each with tabs\n"
		"between the columns: type, report ID, bit offset, bit size, count, logical\n"
		"and physical limits, unit, exponent, flags, repair, path in numbers, path in\n"
		"words. No device is talked to.\n"
		"\n"
		"  --id VVVV:PPPP  USB IDs of the unit: some makers have rules of their own\n"
		"  --kill COMMAND  print what would be sent to it, with the default delays:\n"
		"                  return, stayoff or off; or why that cannot be\n"
		"  --json          one JSON object, for programs\n",
	.examples =
		"  lastwatt decode hid /sys/class/hidraw/hidraw0/device/report_descriptor\n"
		"  lastwatt decode hid --id 0463:ffff --kill return descriptor.hex\n",
	.run = decode_run,
};
