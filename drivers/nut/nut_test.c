// SPDX-License-Identifier: MIT
/*
 * Programs that behave as drivers of NUT do, well and badly, packed below
 * /run/initramfs of a mount namespace of the test's own.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fleet.h"
#include "nut/nut.h"
#include "nut/nut_fake.h"

#define PACKED  NUT_FAKE_PACKED
#define TEXT    4096
#define WAIT_MS 20000
#define HEAD    NUT_FAKE_HEAD
#define GOOD    NUT_FAKE_GOOD

static bool is_possible;

static const char *read_text(const char *path)
{
	static char text[TEXT];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);

	text[len > 0 ? len : 0] = '\0';
	if (fd >= 0)
		(void)close(fd);
	return text;
}

struct bench {
	struct conf conf;
	struct ups ups;
	struct ups_cut cut;
};

static int arm(struct bench *bench, const char *script, const char *text)
{
	if (!is_possible)
		skip();
	memset(bench, 0, sizeof(*bench));
	bench->cut.by_section = true;
	(void)unlink("/run/words");
	if (script)
		nut_fake_pack("acme_ups", script);
	(void)conf_parse(&bench->conf, "ups.conf", text, strlen(text), NULL);
	return fleet_arm(&bench->ups, &bench->conf, 1, deadline_in_ms(WAIT_MS));
}

#define SECTION "[rack1]\n driver = acme_ups\n port = auto\n"

static int cut_by(struct bench *bench, const char *script, int64_t limit_ms)
{
	int ret;

	assert_int_equal(arm(bench, script, SECTION), 0);
	ret = fleet_cut(&bench->ups, &bench->cut, deadline_in_ms(limit_ms));
	fleet_release(&bench->ups);
	return ret;
}

static void test_it_is_called_as_it_has_to_be(void **state)
{
	struct bench bench;

	(void)state;
	assert_int_equal(cut_by(&bench, GOOD, WAIT_MS), 0);
	assert_int_equal(bench.cut.proof, UPS_SENT);
	assert_int_equal(bench.cut.off_after_s, UPS_UNKNOWN_S);
	assert_string_equal(bench.cut.how, "NUT's own acme_ups");
	assert_string_equal(read_text("/run/words"), "-a rack1 -u root -k\n");
	assert_string_equal(read_text("/run/modes"), "700\n600\n");
}

/* From 2.8.1 on it goes to the background by itself. */
static void test_it_is_kept_in_the_foreground(void **state)
{
	static const char script[] =
		"#!/bin/sh\n[ \"$1\" != -h ] || {\n"
		"echo '  -F   - stay foregrounded'; echo '  -k   - force shutdown'\n"
		"exit; }\necho \"$*\" >/run/words\necho 'Initiating UPS shutdown'\n";
	struct bench bench;

	(void)state;
	assert_int_equal(cut_by(&bench, script, WAIT_MS), 0);
	assert_string_equal(read_text("/run/words"), "-a rack1 -u root -k -F\n");
}

static void test_its_section_is_passed_on(void **state)
{
	static const char text[] =
		"pollinterval = 3\nuser = nut\nchroot = /var/lib/nut\n"
		"[rack1]\n driver = acme_ups\n port = \"/dev/a b\"\n"
		" offdelay = 40\n maxstartdelay = 9\n user = other\n password = \"a\\\"b\\\\c\\#d\"\n"
		" nolock\n[rack2]\n driver = other\n";
	struct bench bench;
	static struct conf read;
	const char *written;

	(void)state;
	assert_int_equal(arm(&bench, GOOD, text), 0);
	assert_int_equal(conf_add(&bench.conf, 1, "lastwatt.route", "x"), 0);
	fleet_release(&bench.ups);
	assert_int_equal(
		fleet_arm(&bench.ups, &bench.conf, 1, deadline_in_ms(WAIT_MS)),
		0);
	assert_int_equal(
		fleet_cut(&bench.ups, &bench.cut, deadline_in_ms(WAIT_MS)), 0);
	fleet_release(&bench.ups);

	written = read_text("/run/conf");
	assert_int_equal(
		conf_parse(&read, "ups.conf", written, strlen(written), NULL),
		0);
	assert_int_equal(read.sections, 2);
	assert_string_equal(conf_section_name(&read, 1), "rack1");
	assert_string_equal(conf_value(&read, 0, "pollinterval"), "3");
	assert_null(conf_value(&read, 0, "user"));
	assert_null(conf_value(&read, 0, "chroot"));
	assert_string_equal(conf_value(&read, 1, "port"), "/dev/a b");
	assert_string_equal(conf_value(&read, 1, "offdelay"), "40");
	assert_string_equal(conf_value(&read, 1, "password"), "a\"b\\c#d");
	assert_string_equal(conf_value(&read, 1, "nolock"), "");
	assert_null(conf_value(&read, 1, "user"));
	/* Drivers of 2.8.0 stop at it: seen. */
	assert_null(conf_value(&read, 1, "maxstartdelay"));
	assert_null(conf_value(&read, 1, "lastwatt.route"));
}

/* Nothing with passwords in it stays behind. */
static void test_its_folder_goes(void **state)
{
	struct bench bench;

	(void)state;
	assert_int_equal(cut_by(&bench, GOOD, WAIT_MS), 0);
	assert_int_not_equal(system("ls -d /run/lastwatt-nut-* 2>/dev/null"), 0);
}

static void test_its_lies(void **state)
{
	struct bench bench;

	(void)state;
	assert_int_equal(
		cut_by(&bench,
		       GOOD
		       "echo 'Shutdown failed!' >&2\n"
		       "echo \"UPS [rack1]: shutdown request was successful with 'shutdown.default'\"\n"
		       "exit 0\n",
		       300),
		-EIO);
	assert_non_null(strstr(bench.ups.problem, "Shutdown failed!"));
	assert_int_equal(cut_by(&bench, HEAD "exit 0\n", WAIT_MS), -EPROTO);
}

/* Does the process whose number is in the file @path live on? */
static bool lives(const char *path)
{
	deadline_t until = deadline_in_ms(WAIT_MS);
	int pid = atoi(read_text(path));
	const char *state;
	char stat[64];

	assert_true(pid > 0);
	(void)snprintf(stat, sizeof(stat), "/proc/%d/stat", pid);
	do {
		state = strrchr(read_text(stat), ')');
		/* A zombie of somebody else's is dead, too. */
		if (!state || state[2] == 'Z')
			return false;
	} while (clock_sleep_ms(10, until) == 0);
	return true;
}

static void test_it_hangs(void **state)
{
	int64_t began_ms = clock_now_ms();
	struct bench bench;

	(void)state;
	assert_int_equal(cut_by(&bench,
				GOOD "sleep 1000 &\necho $! >/run/child\n"
				     "echo $$ >/run/pid\nwait\n",
				500),
			 -ETIMEDOUT);
	assert_true(clock_now_ms() - began_ms < WAIT_MS);
	assert_false(lives("/run/pid"));
	assert_false(lives("/run/child"));
}

static void test_it_floods(void **state)
{
	struct bench bench;

	(void)state;
	assert_int_equal(
		cut_by(&bench, GOOD "exec yes 'Shutdown failed!'\n", 500),
		-ETIMEDOUT);
	assert_int_equal(
		cut_by(&bench,
		       GOOD "head -c 3000000 /dev/zero\necho\n"
			    "echo 'UPS [rack1]: shutdown request(s) failed'\n",
		       3000),
		-EIO);
	assert_non_null(strstr(bench.ups.problem, "request(s) failed"));
}

static void test_it_crashes(void **state)
{
	struct bench bench;

	(void)state;
	assert_int_equal(cut_by(&bench, GOOD "kill -SEGV $$\n", 300), -EIO);
	assert_non_null(strstr(bench.ups.problem, "signal 11"));
}

/* A device that comes back is tried again. */
static void test_it_finds_it_later(void **state)
{
	struct bench bench;

	(void)state;
	(void)unlink("/run/there");
	assert_int_equal(
		cut_by(&bench,
		       HEAD
		       "[ -e /run/there ] || { >/run/there; echo 'No matching HID UPS found'; exit 1; }\n"
		       "echo 'Initiating UPS shutdown'\n",
		       WAIT_MS),
		0);
}

static void test_what_does_not_run_is_told_when_it_is_opened(void **state)
{
	struct bench bench;

	(void)state;
	assert_int_equal(
		arm(&bench,
		    "#!/bin/sh\necho \"$0: error while loading shared libraries: libusb-1.0.so.0: cannot open shared object file\" >&2\nexit 127\n",
		    SECTION),
		-EOPNOTSUPP);
	assert_non_null(strstr(bench.ups.problem, "libusb-1.0.so.0"));
	assert_int_equal(arm(&bench, "\177ELF no program\n", SECTION),
			 -EOPNOTSUPP);
	assert_non_null(strstr(bench.ups.problem, "cannot be run"));
}

static void test_what_is_not_packed_is_not_spoken(void **state)
{
	static const char *const names[] = { "acme_two", "lib",
					     "",         ".",
					     "..",       "../nut/acme_ups" };
	struct bench bench;

	(void)state;
	assert_int_equal(arm(&bench, GOOD, SECTION), 0);
	fleet_release(&bench.ups);
	(void)mkdir(PACKED "lib", 0755);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		assert_null(fleet_find_driver(names[i]));
	assert_non_null(fleet_find_driver("acme_ups"));
	(void)chmod(PACKED "acme_ups", 0644);
	assert_null(fleet_find_driver("acme_ups"));
}

/* NUT walks that list itself; any other order it cannot be given. */
static void test_sdcommands_are_its_own_affair(void **state)
{
	struct bench bench;

	(void)state;
	assert_int_equal(
		arm(&bench, GOOD, SECTION " sdcommands = shutdown.stayoff\n"),
		0);
	assert_int_equal(
		fleet_cut(&bench.ups, &bench.cut, deadline_in_ms(WAIT_MS)), 0);
	assert_non_null(strstr(read_text("/run/conf"), "shutdown.stayoff"));
	bench.cut = (struct ups_cut){ .wanted = UPS_OFF };
	assert_int_equal(
		fleet_cut(&bench.ups, &bench.cut, deadline_in_ms(WAIT_MS)),
		-EOPNOTSUPP);
	fleet_release(&bench.ups);
}

/* Of ours, unless that was tried in vain; then ours may look what came of it. */
static void test_ours_come_first(void **state)
{
	static const char text[] =
		"[rack1]\n driver = lastwatt-fake\n port = auto\n runs = 17\n";
	struct bench bench;

	(void)state;
	if (!is_possible)
		skip();
	nut_fake_pack("lastwatt-fake", GOOD);
	assert_int_equal(arm(&bench, NULL, text), 0);
	assert_false(bench.ups.driver->is_foreign);
	fleet_release(&bench.ups);

	bench.ups.last_resort = true;
	assert_int_equal(
		fleet_arm(&bench.ups, &bench.conf, 1, deadline_in_ms(WAIT_MS)),
		0);
	assert_true(bench.ups.driver->is_foreign);
	assert_int_equal(
		fleet_cut(&bench.ups, &bench.cut, deadline_in_ms(WAIT_MS)), 0);
	fleet_release(&bench.ups);
	assert_string_equal(read_text("/run/words"), "-a rack1 -u root -k\n");
	assert_int_equal(bench.cut.proof, UPS_VERIFIED);
	assert_int_equal(bench.cut.off_after_s, 17);
	(void)unlink(PACKED "lastwatt-fake");
}

/* Whoever runs it may be killed at any time. */
static void test_it_does_not_outlive_us(void **state)
{
	struct bench bench;
	deadline_t until = deadline_in_ms(WAIT_MS);
	pid_t pid;

	(void)state;
	if (!is_possible)
		skip();
	(void)unlink("/run/pid");
	pid = fork();
	if (pid == 0) {
		(void)cut_by(&bench, GOOD "echo $$ >/run/pid\nexec sleep 1000\n",
			     WAIT_MS);
		_exit(0);
	}
	while (!strchr(read_text("/run/pid"), '\n'))
		assert_int_equal(clock_sleep_ms(5, until), 0);
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
	assert_false(lives("/run/pid"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_it_is_called_as_it_has_to_be),
		cmocka_unit_test(test_it_is_kept_in_the_foreground),
		cmocka_unit_test(test_its_section_is_passed_on),
		cmocka_unit_test(test_its_folder_goes),
		cmocka_unit_test(test_its_lies),
		cmocka_unit_test(test_it_hangs),
		cmocka_unit_test(test_it_floods),
		cmocka_unit_test(test_it_crashes),
		cmocka_unit_test(test_it_finds_it_later),
		cmocka_unit_test(
			test_what_does_not_run_is_told_when_it_is_opened),
		cmocka_unit_test(test_what_is_not_packed_is_not_spoken),
		cmocka_unit_test(test_sdcommands_are_its_own_affair),
		cmocka_unit_test(test_ours_come_first),
		cmocka_unit_test(test_it_does_not_outlive_us),
	};

	is_possible = nut_fake_make_world();
	if (!is_possible)
		print_message("user namespaces are not allowed here\n");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
