// SPDX-License-Identifier: MIT
/* Which report descriptor of a unit is read, and how much of it. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "link/usb.h"
#include "link/usb_virtual.h"

#define ROOM       6144 /* as the HID driver has it */
#define CONTROL    4096
#define WITHIN_MS  1000
#define SHORT_FILL 0x11
#define FULL_FILL  0x22

struct bench {
	struct usb_fake_kind kind;
	struct usb_fake fake;
	struct line_fake line;
	uint8_t first[ROOM], second[ROOM];
	uint8_t read[ROOM];
};

static int bench_start(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	assert_non_null(bench);
	memset(bench->first, SHORT_FILL, ROOM);
	memset(bench->second, FULL_FILL, ROOM);
	bench->kind = (struct usb_fake_kind){
		.name = "eaton",
		.vendor_id = 0x0463,
		.product_id = 0xffff,
		.release = 0x0202,
		.interface_class = 3,
		.report_descriptor = bench->first,
		.report_descriptor_len = 1156,
		.second_descriptor = bench->second,
		.second_descriptor_len = 3000,
	};
	*state = bench;
	return 0;
}

static int bench_end(void **state)
{
	struct bench *bench = *state;

	usb_virtual_clear();
	usb_fake_end(&bench->fake);
	free(bench);
	return 0;
}

/** Plug it in and read; returns what read_descriptor() does. */
static int bench_read(struct bench *bench)
{
	deadline_t until = deadline_in_ms(WITHIN_MS);
	struct usb_device device;
	struct usb_link usb;
	int ret;

	usb_fake_start(&bench->fake, &bench->kind, &bench->line);
	usb_fake_move(&bench->fake, "1-1");
	usb_virtual_plug(&bench->fake);
	assert_int_equal(usb_list("/sys", &device, 1), 1);
	assert_int_equal(usb_open(&usb, &device, 0), 0);
	ret = usb.link.ops->read_descriptor(&usb.link, bench->read, ROOM, until);
	usb.link.ops->close(&usb.link);
	return ret;
}

static void test_the_full_one_is_read(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(bench_read(bench), 3000);
	assert_memory_equal(bench->read, bench->second, 3000);
}

static void test_another_release_has_one(void **state)
{
	struct bench *bench = *state;

	bench->kind.release = 0x0100;
	assert_int_equal(bench_read(bench), 1156);
	assert_memory_equal(bench->read, bench->first, 1156);
}

/* 9PX1500IRT2U-L (networkupstools/nut, issue 3534). */
static void test_a_full_one_that_is_too_long_is_left_alone(void **state)
{
	struct bench *bench = *state;

	bench->kind.second_descriptor_len = 4703;
	assert_int_equal(bench_read(bench), 1156);
	assert_memory_equal(bench->read, bench->first, 1156);
}

static void test_a_full_one_that_is_not_there_is_not_missed(void **state)
{
	struct bench *bench = *state;

	bench->kind.second_descriptor = NULL;
	assert_int_equal(bench_read(bench), 1156);
	assert_memory_equal(bench->read, bench->first, 1156);
}

/* A length that cannot be is what damaged firmware states. */
static void test_of_an_only_one_as_much_as_can_be(void **state)
{
	struct bench *bench = *state;

	bench->kind.release = 0x0100;
	bench->kind.report_descriptor_len = 5000;
	assert_int_equal(bench_read(bench), CONTROL);
}

#define BENCH_TEST(test) \
	cmocka_unit_test_setup_teardown(test, bench_start, bench_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		BENCH_TEST(test_the_full_one_is_read),
		BENCH_TEST(test_another_release_has_one),
		BENCH_TEST(test_a_full_one_that_is_too_long_is_left_alone),
		BENCH_TEST(test_a_full_one_that_is_not_there_is_not_missed),
		BENCH_TEST(test_of_an_only_one_as_much_as_can_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
