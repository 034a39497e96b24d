// SPDX-License-Identifier: MIT
/* Every verdict from its witnesses, and what the disk remembers of a boot. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "cmd/report_parts.h"

static enum report_verdict judge(const struct report_facts *facts)
{
	char why[UPS_SENTENCE_MAX];
	enum report_verdict verdict = report_judge(facts, why, sizeof(why));

	assert_true(strlen(why) > 10);
	assert_int_equal(why[strlen(why) - 1], (int)'.');
	return verdict;
}

static struct report_facts stopped(bool is_forced)
{
	return (struct report_facts){
		.has_last = true,
		.has_firmware = true,
		.last = { .boot_id = "1",
			  .is_stopped = true,
			  .is_forced = is_forced },
	};
}

static struct report_facts recorded(enum record_result one,
				    enum record_result two)
{
	struct report_facts facts = stopped(true);

	facts.has_record = true;
	facts.record.is_over = true;
	facts.record.upses = 2;
	facts.record.ups[0].result = one;
	facts.record.ups[1].result = two;
	facts.record.failed = (one == RECORD_FAILED) + (two == RECORD_FAILED);
	return facts;
}

static void a_drill_is_told_from_the_real_thing(void **state)
{
	struct report_facts facts = recorded(RECORD_READY, RECORD_TRIED);

	(void)state;
	facts.last.is_forced = false;
	facts.last.is_drill = true;
	facts.record.is_drill = true;
	facts.record.storage = STORAGE_SAFE;
	assert_int_equal(judge(&facts), REPORT_DRILL);
	assert_true(report_is_good(REPORT_DRILL));
	facts.record.storage = STORAGE_UNSAFE;
	assert_int_equal(judge(&facts), REPORT_FAILED);
	facts.record.storage = STORAGE_SAFE;
	facts.record.ups[1].result = RECORD_DOUBTFUL;
	assert_int_equal(judge(&facts), REPORT_FAILED);
	facts.record.is_over = false;
	assert_int_equal(judge(&facts), REPORT_CRASHED);
	facts.has_record = false;
	assert_int_equal(judge(&facts), REPORT_NEVER);
	facts.has_firmware = false;
	assert_int_equal(judge(&facts), REPORT_UNKNOWN);
}

static void without_a_record(void **state)
{
	struct report_facts facts = { 0 };

	(void)state;
	assert_int_equal(judge(&facts), REPORT_NOTHING);
	facts = stopped(false);
	assert_int_equal(judge(&facts), REPORT_ORDINARY);
	facts = stopped(true);
	assert_int_equal(judge(&facts), REPORT_NEVER);
	facts.has_firmware = false;
	assert_int_equal(judge(&facts), REPORT_UNKNOWN);
	assert_true(report_is_good(REPORT_UNKNOWN));
	assert_false(report_is_good(REPORT_NEVER));
	facts.last.is_stopped = false;
	assert_int_equal(judge(&facts), REPORT_LOST);
}

static void by_the_record(void **state)
{
	struct report_facts facts = recorded(RECORD_CONFIRMED, RECORD_CONFIRMED);

	(void)state;
	assert_int_equal(judge(&facts), REPORT_CONFIRMED);
	facts = recorded(RECORD_CONFIRMED, RECORD_SENT);
	assert_int_equal(judge(&facts), REPORT_UNCONFIRMED);
	facts = recorded(RECORD_DOUBTFUL, RECORD_CONFIRMED);
	assert_int_equal(judge(&facts), REPORT_UNCONFIRMED);
	facts = recorded(RECORD_SENT, RECORD_FAILED);
	assert_int_equal(judge(&facts), REPORT_FAILED);
	facts = recorded(RECORD_PENDING, RECORD_PENDING);
	facts.record.is_over = false;
	assert_int_equal(judge(&facts), REPORT_INTERRUPTED);
}

/* The UPS obeyed, and the machine waited for the dark in vain. */
static void a_cycle_that_nobody_noticed(void **state)
{
	struct report_facts facts = recorded(RECORD_CONFIRMED, RECORD_CONFIRMED);
	char why[UPS_SENTENCE_MAX];

	(void)state;
	facts.record.is_still_on = true;
	assert_int_equal(judge(&facts), REPORT_FAILED);
	(void)report_judge(&facts, why, sizeof(why));
	assert_non_null(strstr(why, "ycle too short"));
	/* One that did not show that it obeyed has perhaps done nothing. */
	facts.record.ups[1].result = RECORD_SENT;
	assert_int_equal(judge(&facts), REPORT_UNCONFIRMED);
}

/* One that has no place of its own in the record may be the one that failed. */
static void a_failure_without_a_place_counts(void **state)
{
	struct report_facts facts = recorded(RECORD_CONFIRMED, RECORD_CONFIRMED);

	(void)state;
	facts.record.failed = 1;
	assert_int_equal(judge(&facts), REPORT_FAILED);
}

static void by_the_log(void **state)
{
	/* clang-format off */
	static const struct {
		const char *dump;
		enum report_verdict verdict;
	} table[] = {
		{ "<6>[   10.000000] lastwatt: cut: about to command 1 UPS\n"
		  "<6>[   10.200000] lastwatt: record: u: return verified\n"
		  "<6>[   10.300000] lastwatt: off: poweroff\n",
		  REPORT_CONFIRMED },
		{ "[   10.200000] lastwatt: record: u: return sent, not verified\n",
		  REPORT_UNCONFIRMED },
		{ "[   10.200000] lastwatt: record: u: perhaps commanded, not verified: x\n",
		  REPORT_UNCONFIRMED },
		{ "[   10.200000] lastwatt: record: u: NOT commanded: x\n"
		  "[   10.200001] lastwatt: record: v: return verified\n",
		  REPORT_FAILED },
		{ "[   10.200000] lastwatt: cut: no UPS is commanded: storage is not safe\n",
		  REPORT_FAILED },
		{ "[   10.000000] lastwatt: cut: about to command 1 UPS\n",
		  REPORT_INTERRUPTED },
		{ "[   10.000000] lastwatt: handover: poweroff, forced\n",
		  REPORT_CRASHED },
		/* The parts of a dump come in any order. */
		{ "Panic#1 Part2\n[   10.200000] lastwatt: cut: about to command 1 UPS\n"
		  "Panic#1 Part1\n[   10.100000] lastwatt: handover: poweroff\n",
		  REPORT_CRASHED },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct report_facts facts = stopped(true);

		facts.has_firmware = false;
		report_read_dump(&facts.log, table[i].dump,
				 strlen(table[i].dump));
		assert_true(facts.log.found);
		assert_int_equal(judge(&facts), table[i].verdict);
	}
}

static void the_last_lines_are_kept_in_their_order(void **state)
{
	struct report_log log = { 0 };
	char line[80];

	(void)state;
	for (int i = 0; i < 40; i++) {
		int at = (i * 7) % 40; /* each once, in disorder */
		int len = snprintf(line, sizeof(line),
				   "<6>[%5d.000000] lastwatt: wait: %d\n", at,
				   at);

		report_read_dump(&log, line, (size_t)len);
	}
	assert_int_equal(log.lines, REPORT_LINES_MAX);
	for (int i = 0; i < log.lines; i++) {
		snprintf(line, sizeof(line), "wait: %d",
			 40 - REPORT_LINES_MAX + i);
		assert_string_equal(log.line[i], line);
	}
}

static void other_lines_are_not_ours(void **state)
{
	static const char text[] = "[    1.000000] usb 1-1: new device\n"
				   "lastwatt: record: no time\n"
				   "[   x.000000] lastwatt: record: no number\n"
				   "[ 1.0000000] lastwatt: record: seven\n"
				   "[99999999999999999999.0] lastwatt: off: x\n";
	struct report_log log = { 0 };

	(void)state;
	report_read_dump(&log, text, sizeof(text) - 1);
	assert_false(log.found);
}

static void the_disk_remembers_the_boot_before(void **state)
{
	char dir[] = "/tmp/lastwatt-last-XXXXXX", path[128];
	struct last last = { .boot_id = "one",
			     .at_s = 1,
			     .is_stopped = true,
			     .is_forced = true,
			     .reason = "by \"upsmon\"" };

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/lastwatt", dir);
	assert_int_equal(last_read(&last, path, "one"), -ENOENT);

	assert_int_equal(last_begin(path, "one"), 0);
	assert_int_equal(last_read(&last, path, "one"), -ENOENT);
	assert_int_equal(last_read(&last, path, "two"), 0);
	assert_string_equal(last.boot_id, "one");
	assert_false(last.is_stopped);

	last.is_stopped = last.is_forced = true;
	assert_int_equal(last_end(path, &last), 0);
	assert_int_equal(last_begin(path, "two"), 0);
	assert_int_equal(last_begin(path, "two"), 0); /* the unit restarted */
	memset(&last, 0, sizeof(last));
	assert_int_equal(last_read(&last, path, "two"), 0);
	assert_string_equal(last.boot_id, "one");
	assert_true(last.is_stopped);
	assert_true(last.is_forced);

	snprintf(path, sizeof(path), "rm -r %s", dir);
	assert_int_equal(system(path), 0);
}

static void dumps_are_found_below_pstore(void **state)
{
	char root[] = "/tmp/lastwatt-pstore-XXXXXX", command[512];
	struct report_log log = { 0 };

	(void)state;
	assert_non_null(mkdtemp(root));
	snprintf(command, sizeof(command),
		 "mkdir -p %s/sys/fs/pstore %s/var/lib/systemd/pstore/1/2 && "
		 "echo '[  1.000000] lastwatt: cut: about to' >%s/sys/fs/pstore/dmesg-erst-1 && "
		 "echo '[  2.000000] lastwatt: off: x' >%s/var/lib/systemd/pstore/1/2/dmesg.txt && "
		 "mkfifo %s/sys/fs/pstore/fifo",
		 root, root, root, root, root);
	assert_int_equal(system(command), 0);
	report_find_dumps(&log, root, 0);
	assert_int_equal(log.lines, 2);
	assert_string_equal(log.line[1], "off: x");

	memset(&log, 0, sizeof(log));
	report_find_dumps(&log, root, INT64_MAX);
	assert_false(log.found); /* they are of an older boot */
	snprintf(command, sizeof(command), "rm -r %s", root);
	assert_int_equal(system(command), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_drill_is_told_from_the_real_thing),
		cmocka_unit_test(without_a_record),
		cmocka_unit_test(by_the_record),
		cmocka_unit_test(a_cycle_that_nobody_noticed),
		cmocka_unit_test(a_failure_without_a_place_counts),
		cmocka_unit_test(by_the_log),
		cmocka_unit_test(the_last_lines_are_kept_in_their_order),
		cmocka_unit_test(other_lines_are_not_ours),
		cmocka_unit_test(the_disk_remembers_the_boot_before),
		cmocka_unit_test(dumps_are_found_below_pstore),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
