// SPDX-License-Identifier: MIT
/* apc_modbus on the USB: the driver, whole, on an emulated UPS. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "link/line_bench.h"
#include "modbus/apc_usb.h"
#include "modbus/modbus_fake.h"

static int bench_start(void **state)
{
	struct line_bench *bench = calloc(1, sizeof(*bench));

	assert_non_null(bench);
	line_bench_start_usb(bench, "apc_modbus", &modbus_fake_usb_kind, "");
	*state = bench;
	return 0;
}

static struct modbus_fake *fake_of(struct line_bench *bench)
{
	return bench->usb.state;
}

static void test_return_without_a_checksum(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;
	const char *told;

	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(fake_of(bench)->writes, 0);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	told = line_bench_told(bench, bench->armed_at);
	assert_non_null(
		strstr(told, "01: 90 01 10 06 02 00 02 04 00 00 13 88 00 00"));
	assert_int_equal(cut.given, UPS_RETURN);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	assert_in_range(cut.off_after_s, 18, 20);
	assert_int_equal(bench->fake.back, LINE_FAKE_WITH_MAINS);
	assert_int_equal(bench->fake.orders, 1);
}

static void test_other_reports_are_passed_over(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	fake_of(bench)->chatters = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.proof, UPS_VERIFIED);
}

static void test_modbus_is_switched_off(void **state)
{
	/* Its other reports are there all the same. */
	static const uint8_t descriptor[] = { 0x05, 0x84, 0x09, 0x04, 0xa1,
					      0x01, 0x85, 0x07, 0x09, 0x44,
					      0x75, 0x08, 0x95, 0x01, 0x81,
					      0x02, 0xc0 };
	static struct usb_fake_kind kind;
	struct line_bench *bench = calloc(1, sizeof(*bench));

	(void)state;
	assert_non_null(bench);
	kind = modbus_fake_usb_kind;
	kind.report_descriptor = descriptor;
	kind.report_descriptor_len = sizeof(descriptor);
	line_bench_start_usb(bench, "apc_modbus", &kind, "");
	assert_int_equal(line_bench_arm(bench), -EOPNOTSUPP);
	assert_non_null(strstr(bench->ups.problem, "usbhid-ups"));
	line_bench_free((void **)&bench);
}

static void test_it_has_no_host(void **state)
{
	struct line_bench *bench = *state;
	char host[32];

	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(
		bench->ups.driver->find_host(&bench->ups, host, sizeof(host)),
		-ENOENT);
}

static void test_reports_of_a_descriptor(void **state)
{
	static const uint8_t swapped[] = { 0x06, 0x86, 0xff, 0x85, 0x11,
					   0x09, 0xfd, 0x81, 0x02, 0x85,
					   0x12, 0x09, 0xfc, 0x91, 0x02 };
	struct apc_usb_reports reports;

	(void)state;
	assert_int_equal(
		apc_usb_find_reports(swapped, sizeof(swapped), &reports), 0);
	assert_int_equal(reports.out_id, 0x12);
	assert_int_equal(reports.in_id, 0x11);
	for (size_t len = 0; len < sizeof(swapped) - 1; len++)
		assert_int_equal(apc_usb_find_reports(swapped, len, &reports),
				 -EPROTO);
}

static void test_whatever_ails_the_cable(void **state)
{
	(void)state;
	line_bench_storm_usb("apc_modbus", &modbus_fake_usb_kind, "",
			     LINE_BENCH_ANSWERS);
}

int main(void)
{
#define BENCH_TEST(test) \
	cmocka_unit_test_setup_teardown(test, bench_start, line_bench_free)
	const struct CMUnitTest tests[] = {
		BENCH_TEST(test_return_without_a_checksum),
		BENCH_TEST(test_other_reports_are_passed_over),
		cmocka_unit_test(test_modbus_is_switched_off),
		BENCH_TEST(test_it_has_no_host),
		cmocka_unit_test(test_reports_of_a_descriptor),
		cmocka_unit_test(test_whatever_ails_the_cable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
