// SPDX-License-Identifier: MIT
/* Q* over USB bridges: the driver, whole, on emulated ones. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "link/line_bench.h"
#include "qx/bridge_fake.h"

static int bench_make(void **state)
{
	*state = calloc(1, sizeof(struct line_bench));
	return *state ? 0 : -1;
}

static struct line_bench *
bench_start(void **state, const struct usb_fake_kind *kind, const char *keys)
{
	struct line_bench *bench = *state;

	line_bench_start_usb(bench, "nutdrv_qx", kind, keys);
	return bench;
}

static struct qx_bridge_fake *fake_of(struct line_bench *bench)
{
	return bench->usb.state;
}

/** Cut one that does all that is asked, and compare what it was told. */
static void assert_told(void **state, const struct usb_fake_kind *kind,
			const char *keys, const char *told)
{
	struct line_bench *bench = bench_start(state, kind, keys);
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(bench->fake.orders + bench->fake.cancels, 0);
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(line_bench_told(bench, bench->armed_at), told);
	assert_int_equal(bench->fake.orders, 1);
	assert_int_equal(bench->fake.back, LINE_FAKE_WITH_MAINS);
	assert_int_equal(cut.given, UPS_RETURN);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	assert_int_equal(cut.off_after_s, 30);
}

static void test_cypress(void **state)
{
	assert_told(state, &qx_fake_cypress, "",
		    "21 09 0200 0000: 53 2e 35 52 30 30 30 33\n"
		    "21 09 0200 0000: 0d 00 00 00 00 00 00 00\n"
		    "21 09 0200 0000: 51 47 53 0d 00 00 00 00\n");
}

static void test_phoenix(void **state)
{
	assert_told(state, &qx_fake_phoenix, "",
		    "21 09 0200 0000: 53 2e 35 52 30 30 30 33\n"
		    "21 09 0200 0000: 0d 00 00 00 00 00 00 00\n"
		    "21 09 0200 0000: 51 31 0d 00 00 00 00 00\n");
}

static void test_phoenixtec(void **state)
{
	assert_told(state, &qx_fake_phoenixtec, "",
		    "42 0d 0000 0000: 53 2e 35 52 30 30 30 33 0d\n"
		    "42 0d 0000 0000: 51 31 0d\n");
}

static void test_ippon(void **state)
{
	assert_told(state, &qx_fake_ippon, "",
		    "21 09 0002 0000: 53 2e 35 52 30 30 30 33\n"
		    "21 09 0002 0000: 0d 00 00 00 00 00 00 00\n"
		    "21 09 0002 0000: 51 31 0d 00 00 00 00 00\n");
}

static void test_omron(void **state)
{
	assert_told(
		state, &qx_fake_bn150t, "",
		"21 09 0002 0000: 41 6e 0d 00 00 00 00 00 00 00 00 00 00 00 00 00\n"
		"21 09 0002 0000: 53 2e 35 0d 00 00 00 00 00 00 00 00 00 00 00 00\n"
		"21 09 0002 0000: 51 31 0d 00 00 00 00 00 00 00 00 00 00 00 00 00\n");
}

static void test_gtec(void **state)
{
	assert_told(state, &qx_fake_gtec_usb,
		    "vendorid = 06da\nproductid = ffff\nsubdriver = gtec",
		    "21 09 0002 0000: 53 2e 35 52 30 30 30 33\n"
		    "21 09 0002 0000: 0d 00 00 00 00 00 00 00\n"
		    "21 09 0002 0000: 51 34 0d 00 00 00 00 00\n");
}

static void test_sgs(void **state)
{
	assert_told(state, &qx_fake_sgs, "",
		    "21 09 0200 0000: 07 53 2e 35 52 30 30 30\n"
		    "21 09 0200 0000: 02 33 0d 00 00 00 00 00\n"
		    "21 09 0200 0000: 03 51 31 0d 00 00 00 00\n");
}

static void test_ablerex(void **state)
{
	struct line_bench *bench = bench_start(state, &qx_fake_ablerex, "");
	struct ups_cut cut;
	const char *told;

	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	assert_string_equal(cut.how, "S.5R0003, ablerex");
	told = line_bench_told(bench, bench->armed_at);
	assert_non_null(strstr(
		told, "21 09 0305 0000: 05 00 09 53 2e 35 52 30 30 30 33 0d 00"));
}

static void test_armac(void **state)
{
	assert_told(state, &qx_fake_armac, "",
		    "21 09 0200 0000: a3 53 2e 35\n"
		    "21 09 0200 0000: a3 52 30 30\n"
		    "21 09 0200 0000: a3 30 33 0d\n"
		    "21 09 0200 0000: a3 51 31 0d\n");
}

static void test_armac_with_pipes(void **state)
{
	assert_told(state, &qx_fake_armac_pipes, "",
		    "02: a9 53 2e 35 52 30 30 30 33 0d\n"
		    "02: a3 51 31 0d\n");
}

/* It has room for three characters. */
static void test_fuji(void **state)
{
	assert_told(state, &qx_fake_fuji, "",
		    "02: 80 06 04 03 53 2e 35 00\n"
		    "02: 80 06 03 03 51 31 00 2f\n");
}

static void test_fuji_can_do_nothing_else(void **state)
{
	struct line_bench *bench = bench_start(state, &qx_fake_fuji, "");
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_OFF, &cut), 0);
	assert_int_equal(cut.given, UPS_RETURN);
	assert_string_equal(cut.how, "S.5, megatec");
}

static void assert_mec0003(void **state, const struct usb_fake_kind *kind,
			   const char *keys, enum ups_command wanted, int index)
{
	struct line_bench *bench = bench_start(state, kind, keys);
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	fake_of(bench)->string_count = 0;
	assert_int_equal(line_bench_cut(bench, wanted, &cut), 0);
	assert_int_equal(fake_of(bench)->strings[0], index);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	assert_int_equal(cut.given, wanted);
}

static void test_fabula_returns(void **state)
{
	assert_mec0003(state, &qx_fake_fabula, "", UPS_RETURN, 0x18);
}

static void test_fabula_stays_off(void **state)
{
	assert_mec0003(state, &qx_fake_fabula, "", UPS_STAYOFF, 0x10);
}

static void test_fabula_of_a_minute(void **state)
{
	assert_mec0003(state, &qx_fake_fabula, "offdelay = 60", UPS_RETURN,
		       0x68);
}

static void test_fabula_of_ten_minutes(void **state)
{
	assert_mec0003(state, &qx_fake_fabula, "offdelay = 600", UPS_RETURN,
		       0xf8);
}

/* It has no such order, and nothing else is made of it. */
static void test_fabula_off_now(void **state)
{
	struct line_bench *bench = bench_start(state, &qx_fake_fabula, "");
	struct ups_cut cut = { .wanted = UPS_OFF, .exact = true };

	assert_int_equal(line_bench_arm(bench), 0);
	assert_int_equal(fleet_cut(&bench->ups, &cut, deadline_in_ms(30000)),
			 -EPROTO);
	assert_int_equal(bench->fake.orders, 0);
}

static void test_hunnox_is_read_in_its_order(void **state)
{
	static const int order[] = { 0, 0, 1, 0x0d, 0x03, 0x03, 0x18, 0x0c, 3 };
	struct line_bench *bench = bench_start(state, &qx_fake_hunnox, "");
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(fake_of(bench)->string_count, 9);
	assert_memory_equal(fake_of(bench)->strings, order, sizeof(order));
}

static void test_hunnox_is_cut(void **state)
{
	struct line_bench *bench = bench_start(state, &qx_fake_hunnox, "");
	struct ups_cut cut;

	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	assert_int_equal(cut.given, UPS_RETURN);
}

/* One was seen that knows index 10 and no other. */
static void test_hunnox_that_only_stays_off(void **state)
{
	struct line_bench *bench = bench_start(state, &qx_fake_hunnox, "");
	struct ups_cut cut;

	fake_of(bench)->only_stays = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	assert_int_equal(cut.given, UPS_STAYOFF);
	assert_int_equal(bench->fake.back, LINE_FAKE_STAYS_OFF);
	assert_string_equal(cut.how, "S.5R0000, megatec");
}

static void test_who_can_only_be_asked(void **state)
{
	struct line_bench *bench = bench_start(state, &qx_fake_krauler, "");

	assert_int_equal(line_bench_arm(bench), -EOPNOTSUPP);
	assert_string_equal(
		bench->ups.problem,
		"[u] speaks krauler, which has no command that switches the load off and on again");
}

static void test_snr_only_by_name(void **state)
{
	struct line_bench *bench =
		bench_start(state, &qx_fake_snr, "subdriver = snr");

	assert_int_equal(line_bench_arm(bench), -EOPNOTSUPP);
}

static void test_a_subdriver_that_does_not_exist(void **state)
{
	struct line_bench *bench =
		bench_start(state, &qx_fake_cypress, "subdriver = zypress");

	assert_int_equal(line_bench_arm(bench), -EINVAL);
	assert_string_equal(bench->ups.problem,
			    "[u] there is no subdriver zypress");
}

static void test_a_device_that_nobody_knows(void **state)
{
	struct line_bench *bench = bench_start(
		state, &qx_fake_gtec_usb, "vendorid = 06da\nproductid = ffff");

	assert_int_equal(line_bench_arm(bench), -EINVAL);
	assert_string_equal(
		bench->ups.problem,
		"[u] is a USB device that nobody knows: subdriver must say what it is");
}

static void test_blazer_usb(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	line_bench_start_usb(bench, "blazer_usb", &qx_fake_ippon, "ondelay = 5");
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(cut.how, "S.5R0005, megatec");
}

static void test_megatec_usb(void **state)
{
	struct line_bench *bench = *state;
	struct ups_cut cut;

	line_bench_start_usb(bench, "megatec_usb", &qx_fake_ippon,
			     "offdelay = 2");
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_string_equal(cut.how, "S02R0003, megatec");
}

/* NUT's driver had asked, and was killed before it heard. */
static void test_a_stale_answer_is_let_go(void **state)
{
	struct line_bench *bench = bench_start(state, &qx_fake_cypress, "");
	struct ups_cut cut;

	memcpy(fake_of(bench)->stale, "V\r\0\0\0\0\0", 8);
	fake_of(bench)->has_stale = true;
	assert_int_equal(line_bench_arm(bench), 0);
	fake_of(bench)->has_stale = true;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(cut.proof, UPS_VERIFIED);
	assert_string_equal(cut.how, "S.5R0003, voltronic");
}

/* Vultech's obeys, and its bridge fails to tell. */
static void test_a_read_that_fails_is_no_refusal(void **state)
{
	struct line_bench *bench = bench_start(state, &qx_fake_ippon, "");
	struct ups_cut cut;

	assert_int_equal(line_bench_arm(bench), 0);
	bench->usb.way = USB_FAKE_STALL;
	bench->usb.way_from = bench->armed_at + 2;
	bench->usb.way_times = 1;
	assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
	assert_int_equal(bench->usb.clears, 1);
	assert_int_equal(cut.proof, UPS_VERIFIED);
}

static void test_a_failure_at_first_is_no_end(void **state)
{
	struct line_bench *bench = bench_start(state, &qx_fake_ippon, "");

	bench->usb.way = USB_FAKE_STALL;
	bench->usb.way_times = 1;
	assert_int_equal(line_bench_arm(bench), 0);
}

static void test_whatever_ails_the_bridge(void **state)
{
	static const struct usb_fake_kind *const kinds[] = {
		&qx_fake_cypress, &qx_fake_phoenixtec, &qx_fake_sgs,
		&qx_fake_ablerex, &qx_fake_armac,      &qx_fake_armac_pipes,
		&qx_fake_fuji,    &qx_fake_hunnox,     &qx_fake_bn150t,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		line_bench_storm_usb("nutdrv_qx", kinds[i], "",
				     LINE_BENCH_ANSWERS);
}

int main(void)
{
#define BENCH_TEST(test) \
	cmocka_unit_test_setup_teardown(test, bench_make, line_bench_free)
	const struct CMUnitTest tests[] = {
		BENCH_TEST(test_cypress),
		BENCH_TEST(test_phoenix),
		BENCH_TEST(test_phoenixtec),
		BENCH_TEST(test_ippon),
		BENCH_TEST(test_omron),
		BENCH_TEST(test_gtec),
		BENCH_TEST(test_sgs),
		BENCH_TEST(test_ablerex),
		BENCH_TEST(test_armac),
		BENCH_TEST(test_armac_with_pipes),
		BENCH_TEST(test_fuji),
		BENCH_TEST(test_fuji_can_do_nothing_else),
		BENCH_TEST(test_fabula_returns),
		BENCH_TEST(test_fabula_stays_off),
		BENCH_TEST(test_fabula_of_a_minute),
		BENCH_TEST(test_fabula_of_ten_minutes),
		BENCH_TEST(test_fabula_off_now),
		BENCH_TEST(test_hunnox_is_read_in_its_order),
		BENCH_TEST(test_hunnox_is_cut),
		BENCH_TEST(test_hunnox_that_only_stays_off),
		BENCH_TEST(test_who_can_only_be_asked),
		BENCH_TEST(test_snr_only_by_name),
		BENCH_TEST(test_a_subdriver_that_does_not_exist),
		BENCH_TEST(test_a_device_that_nobody_knows),
		BENCH_TEST(test_blazer_usb),
		BENCH_TEST(test_megatec_usb),
		BENCH_TEST(test_a_stale_answer_is_let_go),
		BENCH_TEST(test_a_read_that_fails_is_no_refusal),
		BENCH_TEST(test_a_failure_at_first_is_no_end),
		cmocka_unit_test(test_whatever_ails_the_bridge),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
