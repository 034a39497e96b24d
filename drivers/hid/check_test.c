// SPDX-License-Identifier: MIT
/* What a check of a section says before the device matters. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "hid/bench.h"
#include "hid/scan.h"
#include "hid/testdata.h"
#include "link/sysfs_fake.h"

#define EATON      "eaton-3s-700-0463-ffff"
#define CYBERPOWER "cyberpower-ec850lcd-0764-0501"
#define BACK_UPS   "apc-backups-cs-500-051d-0002"
#define GXT4       "liebert-gxt4-10af-0000"

static struct sysfs_fake sysfs;
static struct hid_bench bench; /* its section */
static struct ups_found found;
static struct ups_cut cut;
static int opened;

static int open_nothing(union hid_carrier *carrier, const char *path,
			const struct usb_device *device, uint8_t interface)
{
	(void)carrier;
	(void)path;
	(void)device;
	(void)interface;
	opened++;
	return -EBUSY;
}

static int check(void)
{
	const struct hid_bus bus = {
		.sysfs = sysfs.path,
		.open = { open_nothing, open_nothing },
	};

	memset(&found, 0, sizeof(found));
	cut = (struct ups_cut){
		.wanted = UPS_RETURN,
		.off_after_s = UPS_UNKNOWN_S,
		.on_after_s = UPS_UNKNOWN_S,
	};
	return hid_check_on(&bus, &bench.ups, &found, &cut,
			    deadline_in_ms(5000));
}

/** A unit of testdata/ at 1-@port, held by the kernel's own driver. */
static void plug(const char *unit, int port, const char *serial)
{
	uint8_t bytes[HID_DESCRIPTOR_MAX];
	size_t len = testdata_hex(unit, bytes, sizeof(bytes));
	char name[8], path[128], ids[10];

	(void)snprintf(name, sizeof(name), "1-%d", port);
	(void)snprintf(ids, sizeof(ids), "%s", unit + strlen(unit) - 9);
	ids[4] = ':';
	sysfs_plug(&sysfs, name, port + 1, ids, serial);
	(void)snprintf(path, sizeof(path),
		       "bus/usb/devices/%s/%s:1.0/0003:0463:FFFF.0001/"
		       "report_descriptor",
		       name, name);
	sysfs_put(&sysfs, path, bytes, len);
}

static int start(void **state)
{
	(void)state;
	sysfs_start(&sysfs);
	hid_bench_start(&bench, "");
	opened = 0;
	return 0;
}

static int end(void **state)
{
	(void)state;
	sysfs_end(&sysfs);
	return 0;
}

static void delays_are_granted_before(void **state)
{
	(void)state;
	plug(EATON, 1, "A");
	assert_int_equal(check(), 0);
	assert_int_equal(cut.given, UPS_RETURN);
	assert_int_equal(cut.off_after_s, 20);
	assert_int_equal(cut.on_after_s, 30);
	assert_string_equal(cut.how, "PowerSummary delays, report 0x09");
	assert_string_equal(found.family, "MGE/Eaton");
	assert_non_null(strstr(found.who, "on USB 1-1"));
	assert_int_equal(bench.notes, 0);
}

static void coarse_delays_are_told(void **state)
{
	(void)state;
	hid_bench_start(&bench, "offdelay = 20");
	plug(CYBERPOWER, 1, "A");
	assert_int_equal(check(), 0);
	assert_int_equal(cut.off_after_s, 60);
	assert_string_equal(
		bench.note,
		"[u] an offdelay of 20 s becomes 60 s: the unit counts in steps of 60 s");
}

static void delay_without_effect_is_told(void **state)
{
	(void)state;
	plug(BACK_UPS, 1, "A");
	assert_int_equal(check(), 0);
	assert_int_equal(bench.notes, 0);
	hid_bench_start(&bench, "offdelay = 30");
	assert_int_equal(check(), 0);
	assert_non_null(strstr(bench.note, "offdelay has no effect"));
}

static void ambiguity_is_refused(void **state)
{
	(void)state;
	plug(EATON, 1, "A");
	plug(EATON, 2, "B");
	assert_int_equal(check(), -EINVAL);
	assert_non_null(strstr(bench.ups.problem, "1-1 and 1-2"));
	hid_bench_start(&bench, "allow_duplicates");
	assert_int_equal(check(), 0);
	hid_bench_start(&bench, "serial = B");
	assert_int_equal(check(), 0);
	assert_non_null(strstr(found.who, "on USB 1-2"));
	hid_bench_start(&bench, "serial = \"(\"");
	assert_int_equal(check(), -EINVAL);
}

static void what_is_missing_is_said(void **state)
{
	(void)state;
	assert_int_equal(check(), -ENODEV);
	assert_string_equal(bench.ups.problem, "[u] no such USB device");
	plug("megatec-prolink-vendorpage-0665-5161", 1, "");
	hid_bench_start(&bench, "vendorid = 0665");
	assert_int_equal(check(), -ENODEV);
	assert_string_equal(
		bench.ups.problem,
		"[u] the USB device that it names is no HID power device");
}

static void unit_that_cannot_is_said(void **state)
{
	(void)state;
	plug(GXT4, 1, "A");
	assert_int_equal(check(), -EOPNOTSUPP);
	assert_string_equal(
		bench.ups.problem,
		"[u] it cannot be told to switch off: it offers nothing that is known to work.");
}

static void command_that_is_not_offered_is_said(void **state)
{
	const struct hid_bus bus = {
		.sysfs = sysfs.path,
		.open = { open_nothing, open_nothing },
	};

	(void)state;
	plug(BACK_UPS, 1, "A");
	cut = (struct ups_cut){ .wanted = UPS_STAYOFF };
	assert_int_equal(hid_check_on(&bus, &bench.ups, &found, &cut,
				      deadline_in_ms(5000)),
			 -EOPNOTSUPP);
	assert_non_null(strstr(bench.ups.problem, "for \"stayoff\""));
	cut = (struct ups_cut){ .wanted = UPS_REBOOT };
	assert_int_equal(hid_check_on(&bus, &bench.ups, &found, &cut,
				      deadline_in_ms(5000)),
			 0);
	assert_int_equal(cut.given, UPS_RETURN);
}

/** NUT's driver runs: then nothing but its presence can be told. */
static void held_unit_is_left_alone(void **state)
{
	(void)state;
	sysfs_plug(&sysfs, "1-1", 2, "0463:ffff", "A");
	assert_int_equal(check(), -EBUSY);
	assert_non_null(
		strstr(bench.ups.problem, "[u] another program holds it"));
	assert_int_equal(opened, 1);

	/* One of a maker that nobody knows, but that the section names. */
	sysfs_plug(&sysfs, "1-2", 3, "1234:0001", "");
	hid_bench_start(&bench, "vendorid = 1234");
	assert_int_equal(check(), -EBUSY);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(delays_are_granted_before),
		TEST(coarse_delays_are_told),
		TEST(delay_without_effect_is_told),
		TEST(ambiguity_is_refused),
		TEST(what_is_missing_is_said),
		TEST(unit_that_cannot_is_said),
		TEST(held_unit_is_left_alone),
		TEST(command_that_is_not_offered_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
