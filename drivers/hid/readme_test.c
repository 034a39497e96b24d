// SPDX-License-Identifier: MIT
/* Holds README.md's table of writes against the code and against NUT's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hid/bench.h"
#include "hid/testdata.h"

#define README    "drivers/hid/README.md"
#define UNITS_MAX 64

/** A row: the bytes that are written by default, and what is said of them. */
struct row {
	char ours[128];
	char nuts[128];
	char why[512];
};

static struct hid_bench bench;

static void add_word(char *text, size_t size, const char *separator,
		     const char *word)
{
	size_t len = strlen(text);

	(void)snprintf(text + len, size - len, "%s%s", len ? separator : "",
		       word);
}

/** "`40 01`, `…`", or "cannot". */
static void write_ours(const char *name, char *text, size_t size)
{
	char transfers[1024];
	struct ups_cut cut;

	*text = '\0';
	if (hid_bench_open(&bench, name, "") == 0)
		assert_int_equal(hid_bench_cut(&bench, UPS_RETURN, &cut,
					       transfers, sizeof(transfers)),
				 0);
	for (int i = bench.opened_at; i < bench.fake.transfers; i++) {
		const struct hid_fake_transfer *at = &bench.fake.transfer[i];
		char bytes[32] = "";

		for (size_t j = 0; at->kind == HID_FAKE_SET && j < at->len; j++) {
			char byte[4];

			(void)snprintf(byte, sizeof(byte), "%02x", at->bytes[j]);
			add_word(bytes, sizeof(bytes), " ", byte);
		}
		if (bytes[0])
			add_word(text, size, ", ", bytes);
	}
	if (!*text)
		add_word(text, size, "", "cannot");
}

/** The first command of NUT's that is for return, of those in the list. */
static void write_nuts(const char *name, char *text, size_t size)
{
	FILE *file = fopen(TESTDATA_DIR "nut-writes.tsv", "re");
	char line[512], of[64], command[32], bytes[64];

	*text = '\0';
	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%63s %*s %31s %*d %*s %*s %*d %*d\t%63[^\n]",
			   of, command, bytes) == 3 &&
		    strcmp(of, name) == 0 &&
		    (strcmp(command, "shutdown.return") == 0 ||
		     strcmp(command, "shutdown.reboot") == 0))
			add_word(text, size, ", ", bytes);
	}
	fclose(file);
	if (!*text)
		add_word(text, size, "", "cannot");
}

static bool read_row(const char *name, struct row *row)
{
	FILE *file = fopen(README, "re");
	char line[1024], start[80];
	bool found = false;

	assert_non_null(file);
	(void)snprintf(start, sizeof(start), "| %s |", name);
	while (!found && fgets(line, sizeof(line), file)) {
		if (strncmp(line, start, strlen(start)) == 0)
			found = sscanf(line + strlen(start),
				       " %127[^|] | %127[^|] | %511[^|]",
				       row->ours, row->nuts, row->why) == 3;
	}
	fclose(file);
	return found;
}

static void trim(char *text)
{
	size_t len = strlen(text);

	while (len > 0 && text[len - 1] == ' ')
		text[--len] = '\0';
}

static void the_table_is_true(void **state)
{
	static char names[UNITS_MAX][64];
	size_t count = testdata_names(names, UNITS_MAX);
	int wrong = 0;

	(void)state;
	assert_true(count >= 22);
	for (size_t i = 0; i < count; i++) {
		struct row row = { .why = "" }, real;
		bool is_right = read_row(names[i], &row);

		trim(row.ours);
		trim(row.nuts);
		trim(row.why);
		write_ours(names[i], real.ours, sizeof(real.ours));
		write_nuts(names[i], real.nuts, sizeof(real.nuts));
		/* Of a new unit nobody has computed NUT's. */
		if (strcmp(row.nuts, "?") == 0 &&
		    strcmp(real.nuts, "cannot") == 0) {
			if (is_right && strcmp(row.ours, real.ours) == 0)
				continue;
			is_right = false;
		}
		is_right &= strcmp(row.ours, real.ours) == 0 &&
			    strcmp(row.nuts, real.nuts) == 0;
		/* Equal, or a reason with its source. */
		if (strcmp(real.ours, real.nuts) == 0)
			is_right &= strcmp(row.why, "equal") == 0;
		else
			is_right &= strchr(row.why, '[') != NULL;
		if (is_right)
			continue;
		wrong++;
		print_message("| %s | %s | %s | %s |\n", names[i], real.ours,
			      real.nuts, row.why);
	}
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_is_true),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
