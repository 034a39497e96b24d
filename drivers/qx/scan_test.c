// SPDX-License-Identifier: MIT
/* Q*: which USB devices are told of as bridges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "link/line_bench.h"
#include "qx/bridge_fake.h"
#include "qx/scan.h"

struct seen {
	int count;
	struct ups_found found;
};

static void see(void *arg, const struct ups_found *found)
{
	struct seen *seen = arg;

	seen->count++;
	seen->found = *found;
}

static struct seen scan_for(const struct usb_fake_kind *kind)
{
	struct line_bench *bench = calloc(1, sizeof(*bench));
	struct seen seen = { 0 };

	assert_non_null(bench);
	line_bench_start_usb(bench, "nutdrv_qx", kind, "");
	assert_int_equal(qx_scan(see, &seen, deadline_in_ms(1000)), 0);
	/* Whoever it belongs to has not noticed. */
	assert_int_equal(bench->usb.transfers, 0);
	line_bench_end(bench);
	free(bench);
	return seen;
}

static void test_a_bridge_is_known_by_its_name(void **state)
{
	struct seen seen = scan_for(&qx_fake_cypress);

	(void)state;
	assert_int_equal(seen.count, 1);
	assert_string_equal(seen.found.family, "cypress");
	assert_int_equal(seen.found.commands,
			 UPS_CAN(UPS_RETURN) | UPS_CAN(UPS_STAYOFF));
	assert_int_equal(seen.found.step_s, 6);
	assert_int_equal(seen.found.mains, UPS_MAINS_UNKNOWN);
	assert_non_null(strstr(seen.found.keys, "productid = "));
	assert_non_null(strstr(seen.found.who, "0665:5161"));
}

static void test_strings_tell_them_apart(void **state)
{
	(void)state;
	assert_string_equal(scan_for(&qx_fake_fabula).found.family, "fabula");
	assert_string_equal(scan_for(&qx_fake_hunnox).found.family, "hunnox");
	assert_string_equal(scan_for(&qx_fake_phoenixtec).found.family,
			    "phoenixtec");
	assert_int_equal(scan_for(&qx_fake_fuji).found.commands,
			 UPS_CAN(UPS_RETURN));
}

static void test_who_can_only_be_asked(void **state)
{
	struct seen seen = scan_for(&qx_fake_krauler);

	(void)state;
	assert_int_equal(seen.found.commands, 0);
	assert_string_equal(
		seen.found.problem,
		"It cannot be told to switch off: its bridge carries questions only.");
}

static void test_others_are_let_be(void **state)
{
	(void)state;
	assert_int_equal(scan_for(&qx_fake_gtec_usb).count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_bridge_is_known_by_its_name),
		cmocka_unit_test(test_strings_tell_them_apart),
		cmocka_unit_test(test_who_can_only_be_asked),
		cmocka_unit_test(test_others_are_let_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
