// SPDX-License-Identifier: MIT
/* upsmon.conf and nut.conf: whose UPS is ours, and how long we wait. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/utsname.h>

#include <cmocka.h>

#include "base/said_fake.h"
#include "handover_parts.h"

static void fill(struct handover_file *file, const char *text)
{
	file->len = strlen(text);
	memcpy(file->text, text, file->len);
}

static void read_upsmon(struct handover *handover, const char *text,
			struct said *said)
{
	struct conf_report report = { said_hear, said };
	struct handover_file file;

	memset(handover, 0, sizeof(*handover));
	memset(said, 0, sizeof(*said));
	fill(&file, text);
	handover_read_upsmon(handover, "upsmon.conf", &file, &report);
}

static void monitor_lines_make_primaries(void **state)
{
	/* clang-format off */
	static const struct {
		const char *line;
		const char *primary;    /* NULL: none */
		const char *sentence;   /* NULL: silence */
	} table[] = {
		{ "MONITOR u@localhost 1 admin pw primary", "u", NULL },
		{ "MONITOR u@localhost 1 admin pw Master", "u", NULL },
		{ "MONITOR u 1 admin pw PRIMARY", "u", NULL },
		{ "MONITOR u@LocalHost:3493 0 admin pw primary", "u", NULL },
		{ "MONITOR \"my ups@localhost\" 1 a pw master", "my ups", NULL },
		{ "MONITOR u@127.0.0.1 1 a pw primary", "u", NULL },
		{ "MONITOR u@127.8.9.1:3493 1 a pw primary", "u", NULL },
		{ "MONITOR u@::1 1 a pw primary", "u", NULL },
		{ "MONITOR u@[::1] 1 a pw primary", "u", NULL },
		{ "MONITOR u@[::1]:3493 1 a pw primary", "u", NULL },
		{ "MONITOR u@[::ffff:127.0.0.1]:1 1 a pw primary", "u", NULL },
		{ "MONITOR u@localhost 1 a pw secondary", NULL, NULL },
		{ "MONITOR u@localhost 1 a pw slave", NULL, NULL },
		{ "monitor u@localhost 1 a pw primary", NULL, NULL },
		{ "# MONITOR u@localhost 1 a pw primary", NULL, NULL },
		{ "MONITOR u@localhost 1 pw primary", NULL, "five words" },
		{ "MONITOR u@localhost 1 a pw#x primary", NULL, "five words" },
		{ "MONITOR u@localhost 1 a pw leader", NULL, "must be primary" },
		{ "MONITOR u@192.0.2.77 1 a pw primary", NULL, "another machine" },
		{ "MONITOR u@2001:db8::77 1 a pw primary", NULL, "another machine" },
		{ "MONITOR u@elsewhere.example 1 a pw primary", NULL, "another machine" },
		{ "MONITOR u@ 1 a pw primary", NULL, "another machine" },
		{ "MONITOR @localhost 1 a pw primary", NULL, "a UPS's name" },
	};
	/* clang-format on */
	static struct handover handover;
	struct said said;
	char text[200];

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		snprintf(text, sizeof(text), "%s\n", table[i].line);
		read_upsmon(&handover, text, &said);
		assert_int_equal(handover.primaries, table[i].primary ? 1 : 0);
		if (table[i].primary)
			assert_string_equal(handover.primary[0],
					    table[i].primary);
		said_check(&said, table[i].sentence);
		assert_null(strstr(said.text, "pw"));
	}
}

static void of_two_monitors_of_a_ups_the_first_counts(void **state)
{
	static struct handover handover;
	struct said said;
	char text[80 * 100];
	size_t len = 0;

	(void)state;
	read_upsmon(&handover,
		    "MONITOR u@localhost 1 a b secondary\n"
		    "MONITOR u@localhost 1 a b primary\n"
		    "MONITOR v@localhost 1 a b primary\n"
		    "MONITOR v@localhost 1 a b secondary\n",
		    &said);
	assert_int_equal(handover.primaries, 1);
	assert_string_equal(handover.primary[0], "v");
	said_check(&said, "upsmon.conf:2: this MONITOR is");
	said_check(&said, "upsmon.conf:4: this MONITOR is");
	/* Another spelling of the host is another system, to NUT too. */
	read_upsmon(&handover,
		    "MONITOR u 1 a b secondary\n"
		    "MONITOR u@localhost 1 a b primary\n",
		    &said);
	assert_int_equal(handover.primaries, 1);
	said_check(&said, NULL);
	for (int i = 0; i < 65; i++)
		len += (size_t)sprintf(text + len,
				       "MONITOR u%d 1 a b secondary\n", i);
	read_upsmon(&handover, text, &said);
	said_check(&said, "upsmon.conf:65: this is more than");
}

static void own_names_and_addresses_are_known(void **state)
{
	struct utsname name;
	char label[80], other[100];

	(void)state;
	assert_int_equal(uname(&name), 0);
	snprintf(label, sizeof(label), "%.*s", (int)strcspn(name.nodename, "."),
		 name.nodename);
	assert_true(handover_is_this_machine(name.nodename));
	assert_true(handover_is_this_machine(label));
	/* "nas.local" is nas; but not if it is nas.example.org. */
	snprintf(other, sizeof(other), "%s.local", label);
	assert_int_equal(handover_is_this_machine(other),
			 !strchr(name.nodename, '.') ||
				 !strcasecmp(other, name.nodename));
	snprintf(other, sizeof(other), "%sx.local", label);
	assert_false(handover_is_this_machine(other));
	assert_true(handover_is_this_machine("localhost"));
	assert_true(handover_is_this_machine("localhost6"));
	assert_true(handover_is_this_machine("LocalHost4.localdomain4"));
	assert_true(handover_is_this_machine("ip6-loopback"));
	assert_false(handover_is_this_machine("localhosts"));
	assert_true(handover_is_this_machine(""));
	assert_true(handover_is_this_machine("0.0.0.0"));
	assert_true(handover_is_this_machine("::"));
	assert_false(handover_is_this_machine("fe80::7777%eth0"));
	assert_false(handover_is_this_machine("."));
}

static void many_monitors_are_bounded(void **state)
{
	static struct handover handover;
	struct said said;
	char text[2000] = "";
	size_t len = 0;

	(void)state;
	for (int i = 0; i < HANDOVER_UPS_MAX + 1; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
					"MONITOR u%d 1 a b primary\n"
					"MONITOR u%d@localhost 1 a b primary\n",
					i, i);
	read_upsmon(&handover, text, &said);
	assert_int_equal(handover.primaries, HANDOVER_UPS_MAX);
	said_check(&said, "u16 is left out");
	memset(text, 'u', 100);
	strcpy(text + 100, " 1 a b primary\n");
	memcpy(text, "MONITOR ", 8);
	read_upsmon(&handover, text, &said);
	assert_int_equal(handover.primaries, 0);
	said_check(&said, "1 to 63 characters");
}

static void flag_path_is_taken_as_it_is(void **state)
{
	static struct handover handover;
	struct said said;
	char text[400];

	(void)state;
	read_upsmon(&handover, "POWERDOWNFLAG /etc/killpower\n", &said);
	assert_string_equal(handover.flag_path, "/etc/killpower");
	read_upsmon(&handover, "POWERDOWNFLAG /a\nPOWERDOWNFLAG \"/b c\"\n",
		    &said);
	assert_string_equal(handover.flag_path, "/b c");
	said_check(&said, NULL);
	read_upsmon(&handover, "POWERDOWNFLAG = /a\n", &said);
	assert_string_equal(handover.flag_path, "");
	said_check(&said, "absolute path");
	memset(text, 'x', sizeof(text));
	memcpy(text, "POWERDOWNFLAG /", 15);
	strcpy(text + 15 + HANDOVER_PATH_MAX - 1, "\n");
	read_upsmon(&handover, text, &said);
	assert_string_equal(handover.flag_path, "");
	said_check(&said, "at most 255");
}

static bool read_nut_conf(struct handover *handover, const char *text,
			  struct said *said)
{
	struct conf_report report = { said_hear, said };
	struct handover_file file;
	bool switched_off;

	handover->poweroff_wait_ms = -1;
	memset(said, 0, sizeof(*said));
	fill(&file, text);
	handover_read_nut_conf(handover, "nut.conf", &file, &report,
			       &switched_off);
	return switched_off;
}

static void poweroff_wait_is_what_sleep_takes(void **state)
{
	/* clang-format off */
	static const struct {
		const char *text;
		int64_t ms;
		const char *sentence;
	} table[] = {
		{ "", -1, NULL },
		{ "# POWEROFF_WAIT=15m\n", -1, NULL },
		{ "POWEROFF_WAIT=15m\n", 900000, NULL },
		{ "POWEROFF_WAIT=15m", 900000, NULL },
		{ "POWEROFF_WAIT=15m\r\n", 900000, NULL },
		{ "  export  POWEROFF_WAIT=15 # seconds\n", 15000, NULL },
		{ "POWEROFF_WAIT='15'\n", 15000, NULL },
		{ "POWEROFF_WAIT=\"1m 30s\"\n", 90000, NULL },
		{ "POWEROFF_WAIT=1m\\ 30s\n", 90000, NULL },
		{ "POWEROFF_WAIT=1'm'\" 30\"s;\n", 90000, NULL },
		{ "POWEROFF_WAIT=.5\n", 500, NULL },
		{ "POWEROFF_WAIT=1.5h\n", 5400000, NULL },
		{ "POWEROFF_WAIT=1.\n", 1000, NULL },
		{ "POWEROFF_WAIT=2d\n", 172800000, NULL },
		{ "POWEROFF_WAIT=0\n", 0, NULL },
		{ "POWEROFF_WAIT=infinity\n", HANDOVER_WAIT_MAX_MS, NULL },
		{ "POWEROFF_WAIT=\"Inf 3\"\n", HANDOVER_WAIT_MAX_MS, NULL },
		{ "POWEROFF_WAIT=99999999999999999999999d\n", HANDOVER_WAIT_MAX_MS, NULL },
		{ "POWEROFF_WAIT=\n", -1, NULL },
		{ "POWEROFF_WAIT=\"\"\n", -1, NULL },
		{ "POWEROFF_WAIT=5\nPOWEROFF_WAIT=\n", -1, NULL },
		{ "POWEROFF_WAIT=5\nPOWEROFF_WAIT=6\n", 6000, NULL },
		{ "XPOWEROFF_WAIT=5\nPOWEROFF_WAITX=5\n", -1, NULL },
		{ "POWEROFF_WAIT=1m 30s\n", 90000, "nut.conf:1: POWEROFF_WAIT is understood, but" },
		{ "POWEROFF_WAIT = 15\n", 15000, "without blanks" },
		{ "POWEROFF_WAIT= 15\n", 15000, "without blanks" },
		{ "POWEROFF_WAIT=\"15\n", 15000, "not closed" },
		{ "POWEROFF_WAIT=+5\n", 5000, NULL },
		{ "POWEROFF_WAIT=007m\n", 420000, NULL },
		{ "POWEROFF_WAIT=0x10\n", 16000, NULL },
		{ "POWEROFF_WAIT=0X1.8p1m\n", 180000, NULL },
		{ "POWEROFF_WAIT=0x.8\n", 500, NULL },
		{ "POWEROFF_WAIT=1e2\n", 100000, NULL },
		{ "POWEROFF_WAIT=15E-1s\n", 1500, NULL },
		{ "POWEROFF_WAIT=1e+1d\n", 864000000, NULL },
		{ "POWEROFF_WAIT=1e99999999999\n", HANDOVER_WAIT_MAX_MS, NULL },
		{ "POWEROFF_WAIT=1e-99999\n", 0, NULL },
		{ "POWEROFF_WAIT=infm\n", HANDOVER_WAIT_MAX_MS, NULL },
		{ "POWEROFF_WAIT=+infinity\n", HANDOVER_WAIT_MAX_MS, NULL },
		{ "POWEROFF_WAIT=\"1m\n30s\"\nA=1\n", 90000, NULL },
		{ "POWEROFF_WAIT=1\\\n5m\n", 900000, NULL },
		{ "POWEROFF_WAIT=\"1\\\n5m\"\n", 900000, NULL },
		{ "A='it''s'\\'' POWEROFF_WAIT=5'; POWEROFF_WAIT=6;#7\n", 6000, NULL },
		{ "export A=1 POWEROFF_WAIT=7 B=2\n", 7000, NULL },
		{ "A= POWEROFF_WAIT=8\n", 8000, NULL },
		{ "# it's\nPOWEROFF_WAIT=9 # it's\n", 9000, NULL },
		{ "A=1#'\nPOWEROFF_WAIT=9\n", 9000, NULL },
		{ "A=\"\nPOWEROFF_WAIT=9\n", 9000, NULL }, /* never closed */
		{ "POWEROFF_WAIT=5e\n", -1, "not a time" },
		{ "POWEROFF_WAIT=1e+\n", -1, "not a time" },
		{ "POWEROFF_WAIT=0x\n", -1, "not a time" },
		{ "POWEROFF_WAIT=0x1e\n", 30000, NULL },
		{ "POWEROFF_WAIT=+\n", -1, "not a time" },
		{ "POWEROFF_WAIT=nan\n", -1, "not a time" },
		{ "POWEROFF_WAIT=1,5\n", -1, "not a time" },
		{ "POWEROFF_WAIT=3S\n", -1, "not a time" },
		{ "POWEROFF_WAIT=inf5\n", -1, "not a time" },
		{ "A=1; nonsense; POWEROFF_WAIT=5\n", 5000, "nut.conf:1: this is not" },
		{ "A=\"\n\"\n:\n", -1, "nut.conf:3: this is not" },
		{ "POWEROFF_WAIT=-1\n", -1, "not a time" },
		{ "POWEROFF_WAIT=1x\n", -1, "not a time" },
		{ "POWEROFF_WAIT=1ms\n", -1, "not a time" },
		{ "POWEROFF_WAIT=.\n", -1, "not a time" },
		{ "POWEROFF_WAIT=$FOO\n", -1, "not a time" },
		{ "\n:\nPOWEROFF_WAIT 15\n", -1, "nut.conf:3: this is not an assignment" },
	};
	/* clang-format on */
	static struct handover handover;
	struct said said;

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		assert_false(read_nut_conf(&handover, table[i].text, &said));
		assert_int_equal(handover.poweroff_wait_ms, table[i].ms);
		said_check(&said, table[i].sentence);
	}
}

static void mode_none_switches_off(void **state)
{
	static struct handover handover;
	struct said said;
	char text[1100];

	(void)state;
	assert_true(read_nut_conf(&handover, "MODE=none\n", &said));
	said_check(&said, NULL);
	assert_true(read_nut_conf(&handover, "A=1;MODE='no'ne\n", &said));
	assert_false(read_nut_conf(&handover, "MODE=None\n", &said));
	assert_false(read_nut_conf(&handover, "MODE=\"none \"\n", &said));
	assert_true(read_nut_conf(&handover, "MODE=none\r\n", &said));
	assert_true(read_nut_conf(&handover, "MODE = \"none\"\n", &said));
	said_check(&said, "MODE is understood");
	assert_false(read_nut_conf(&handover, "MODE=none\nMODE=standalone\n",
				   &said));
	assert_false(read_nut_conf(&handover, "MODE=netclient\n", &said));
	assert_false(read_nut_conf(&handover, "#MODE=none\nUPSD_OPTIONS=x\n",
				   &said));
	memset(text, 'M', 1000);
	strcpy(text + 1000, "\nMODE=none\n");
	assert_true(read_nut_conf(&handover, text, &said));
	said_check(&said, "nut.conf:1: this line is too long");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(monitor_lines_make_primaries),
		cmocka_unit_test(of_two_monitors_of_a_ups_the_first_counts),
		cmocka_unit_test(own_names_and_addresses_are_known),
		cmocka_unit_test(many_monitors_are_bounded),
		cmocka_unit_test(flag_path_is_taken_as_it_is),
		cmocka_unit_test(poweroff_wait_is_what_sleep_takes),
		cmocka_unit_test(mode_none_switches_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
