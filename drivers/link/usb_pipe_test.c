// SPDX-License-Identifier: MIT
/* USB pipes: which device a section means, and each transfer on it. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "link/usb_echo_fake.h"
#include "link/usb_pipe.h"
#include "link/usb_virtual.h"

static const struct usb_id echo_ids[] = {
	{ .vendor_id = 0x0001, .product_id = 0, .product = "echo" },
	{ .vendor_id = 0x0001, .product_id = 0, .vendor = "Somebody" },
};

struct bench {
	struct conf conf;
	struct ups ups;
	struct usb_fake fake[2];
	struct line_fake line[2];
	struct usb_pipe_link link;
	char note[UPS_SENTENCE_MAX];
};

static void bench_note(void *arg, const char *sentence)
{
	struct bench *bench = arg;

	(void)snprintf(bench->note, sizeof(bench->note), "%s", sentence);
}

static void bench_write_section(struct bench *bench, const char *keys)
{
	char text[256];
	int len = snprintf(text, sizeof(text), "[u]\ndriver = x\n%s\n", keys);

	memset(&bench->conf, 0, sizeof(bench->conf));
	(void)conf_parse(&bench->conf, "ups.conf", text, (size_t)len, NULL);
	bench->ups.section = conf_find_section(&bench->conf, "u");
}

static void bench_plug(struct bench *bench, int i,
		       const struct usb_fake_kind *kind, const char *place)
{
	usb_fake_start(&bench->fake[i], kind, &bench->line[i]);
	usb_fake_move(&bench->fake[i], place);
	bench->fake[i].address = (uint8_t)(5 + i);
	usb_virtual_plug(&bench->fake[i]);
}

static int bench_start(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	assert_non_null(bench);
	bench->ups.conf = &bench->conf;
	bench->ups.name = "u";
	bench->ups.note = bench_note;
	bench->ups.note_arg = bench;
	bench_write_section(bench, "");
	*state = bench;
	return 0;
}

static int bench_end(void **state)
{
	struct bench *bench = *state;

	usb_virtual_clear();
	for (int i = 0; i < 2; i++) {
		if (bench->fake[i].kind)
			usb_fake_end(&bench->fake[i]);
	}
	free(bench);
	return 0;
}

static int bench_open(struct bench *bench)
{
	return usb_pipe_open(&bench->link, &bench->ups, echo_ids, 2, 0);
}

static void test_the_row_of_the_table_is_told(void **state)
{
	struct bench *bench = *state;

	bench_plug(bench, 0, &usb_echo_kind, "1-1");
	assert_int_equal(bench_open(bench), 0);
	bench->link.pipe.ops->close(&bench->link.pipe);
}

static void test_nothing_is_there(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(bench_open(bench), -ENODEV);
	assert_string_equal(bench->ups.problem, "[u] no such USB device");
}

static void test_another_product_is_not_meant(void **state)
{
	struct bench *bench = *state;

	bench_plug(bench, 0, &usb_echo_other_kind, "1-1");
	assert_int_equal(bench_open(bench), -ENODEV);
}

static void test_both_ids_in_the_section_are_enough(void **state)
{
	struct bench *bench = *state;

	bench_plug(bench, 0, &usb_echo_other_kind, "1-1");
	bench_write_section(bench, "vendorid = 0001\nproductid = 0000");
	assert_int_equal(bench_open(bench), 2); /* in no row */
}

static void test_the_section_chooses(void **state)
{
	struct bench *bench = *state;

	bench_plug(bench, 0, &usb_echo_kind, "1-1");
	bench_plug(bench, 1, &usb_echo_kind, "1-2");
	bench_write_section(bench, "busport = 002");
	assert_int_equal(bench_open(bench), 0);
	assert_int_equal(bench->link.handle.fd, bench->fake[1].address);
	assert_string_equal(bench->note, "");
}

static void test_of_two_the_first_is_taken_and_noted(void **state)
{
	struct bench *bench = *state;

	bench_plug(bench, 0, &usb_echo_kind, "1-1");
	bench_plug(bench, 1, &usb_echo_kind, "1-2");
	assert_int_equal(bench_open(bench), 0);
	assert_int_equal(bench->link.handle.fd, bench->fake[0].address);
	assert_string_equal(
		bench->note,
		"[u] fits the USB devices 1-1 and 1-2; serial or busport must choose; the first is taken");
}

static void test_of_two_none_is_taken_when_strict(void **state)
{
	struct bench *bench = *state;

	bench_plug(bench, 0, &usb_echo_kind, "1-1");
	bench_plug(bench, 1, &usb_echo_kind, "1-2");
	bench->ups.strict = true;
	assert_int_equal(bench_open(bench), -EINVAL);
	assert_string_equal(
		bench->ups.problem,
		"[u] fits the USB devices 1-1 and 1-2; serial or busport must choose");
	bench_write_section(bench, "allow_duplicates");
	assert_int_equal(bench_open(bench), 0);
}

static void test_a_known_one_is_found_where_it_was(void **state)
{
	struct bench *bench = *state;

	bench_plug(bench, 0, &usb_echo_kind, "1-1");
	bench_plug(bench, 1, &usb_echo_kind, "1-2");
	bench_write_section(bench, "busport = 002");
	assert_int_equal(bench_open(bench), 0);
	usb_fake_move(&bench->fake[1], "1-2");
	assert_int_equal(bench_open(bench), 0);
	assert_int_equal(bench->link.handle.fd, bench->fake[1].address);
}

static void test_a_known_one_is_found_elsewhere_by_its_serial(void **state)
{
	struct bench *bench = *state;

	bench_plug(bench, 0, &usb_echo_kind, "1-1");
	(void)snprintf(bench->fake[0].serial, sizeof(bench->fake[0].serial),
		       "A1");
	assert_int_equal(bench_open(bench), 0);
	usb_fake_move(&bench->fake[0], "1-4");
	assert_int_equal(bench_open(bench), 0);
	usb_fake_move(&bench->fake[0], "1-4");
	(void)snprintf(bench->fake[0].serial, sizeof(bench->fake[0].serial),
		       "B2");
	assert_int_equal(bench_open(bench), -ENODEV);
}

static void test_a_bad_pattern_is_said(void **state)
{
	struct bench *bench = *state;

	bench_write_section(bench, "product = \"(\"");
	assert_int_equal(bench_open(bench), -EINVAL);
}

static int bench_say(struct bench *bench, const char *text)
{
	struct usb_pipe *pipe = &bench->link.pipe;
	char data[8];

	(void)snprintf(data, sizeof(data), "%s", text);
	return pipe->ops->control(pipe, 0x21, 0x09, 0x0200, 0, data,
				  strlen(text), deadline_in_ms(1000));
}

static int bench_hear(struct bench *bench, char *data, size_t size)
{
	struct usb_pipe *pipe = &bench->link.pipe;
	int ret = pipe->ops->transfer(pipe, 0x81, data, size - 1,
				      deadline_in_ms(1000));

	data[ret > 0 ? ret : 0] = '\0';
	return ret;
}

static void test_transfers_go_to_and_fro(void **state)
{
	struct bench *bench = *state;
	struct usb_pipe *pipe = &bench->link.pipe;
	char data[9];

	bench_plug(bench, 0, &usb_echo_kind, "1-1");
	assert_int_equal(bench_open(bench), 0);
	assert_int_equal(bench_say(bench, "Q1\r"), 3);
	assert_int_equal(bench_hear(bench, data, sizeof(data)), 3);
	assert_string_equal(data, "Q1\r");
	assert_int_equal(bench_hear(bench, data, sizeof(data)), -ETIMEDOUT);
	assert_int_equal(
		pipe->ops->transfer(pipe, 0x02, "abc", 3, deadline_in_ms(1000)),
		3);
	assert_int_equal(bench_hear(bench, data, 3), -EOVERFLOW);
	assert_int_equal(pipe->ops->control(pipe, 0xa1, 0x01, 0x0300, 0, data,
					    8, deadline_in_ms(1000)),
			 3);
	assert_int_equal(
		pipe->ops->transfer(pipe, 0x83, data, 8, deadline_in_ms(1000)),
		-EPIPE);
	assert_int_equal(pipe->ops->clear_halt(pipe, 0x83), 0);
	assert_int_equal(bench->fake[0].clears, 1);
	pipe->ops->close(pipe);
}

static void test_whatever_ails_a_device(void **state)
{
	static const struct {
		enum usb_fake_way way;
		int said, heard;
	} ways[] = {
		{ USB_FAKE_HEALTHY, 3, 3 },
		{ USB_FAKE_STALL, -EPIPE, -EPIPE },
		{ USB_FAKE_TIMEOUT, -ETIMEDOUT, -ETIMEDOUT },
		{ USB_FAKE_MUTE, 3, -ETIMEDOUT },
		{ USB_FAKE_GONE, -ENODEV, -ENODEV },
		{ USB_FAKE_SHORT, 3, 1 },
		{ USB_FAKE_LONG, 3, -EOVERFLOW },
		{ USB_FAKE_GARBAGE, 3, 3 },
		{ USB_FAKE_IGNORE, 3, -ETIMEDOUT },
	};
	struct bench *bench = *state;
	char data[9];

	bench_plug(bench, 0, &usb_echo_kind, "1-1");
	assert_int_equal(bench_open(bench), 0);
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		bench->fake[0].way = ways[i].way;
		assert_int_equal(bench_say(bench, "Q1\r"), ways[i].said);
		assert_int_equal(bench_hear(bench, data, sizeof(data)),
				 ways[i].heard);
		assert_int_equal(strcmp(data, "Q1\r") == 0,
				 ways[i].way == USB_FAKE_HEALTHY);
		bench->fake[0].way = USB_FAKE_HEALTHY;
		(void)bench_hear(bench, data, sizeof(data));
	}
}

static void test_a_fault_has_its_transfers(void **state)
{
	struct bench *bench = *state;

	bench_plug(bench, 0, &usb_echo_kind, "1-1");
	assert_int_equal(bench_open(bench), 0);
	bench->fake[0].way = USB_FAKE_STALL;
	bench->fake[0].way_from = 1;
	bench->fake[0].way_times = 1;
	assert_int_equal(bench_say(bench, "a"), 1);
	assert_int_equal(bench_say(bench, "b"), -EPIPE);
	assert_int_equal(bench_say(bench, "c"), 1);
	assert_int_equal(bench->fake[0].transfers, 3);
	assert_int_equal(bench->fake[0].journal[1].result, -EPIPE);
	assert_int_equal(bench->fake[0].journal[2].data[0], 'c');
}

static void test_a_ups_that_is_off_says_nothing(void **state)
{
	struct bench *bench = *state;
	char data[9];

	bench_plug(bench, 0, &usb_echo_kind, "1-1");
	assert_int_equal(bench_open(bench), 0);
	line_fake_order(&bench->line[0], 0, LINE_FAKE_STAYS_OFF, 0);
	assert_int_equal(bench_say(bench, "a"), 1);
	assert_int_equal(bench_hear(bench, data, sizeof(data)), -ETIMEDOUT);
}

static int bench_describe(struct bench *bench, uint16_t value, uint8_t *data,
			  size_t len)
{
	struct usb_pipe *pipe = &bench->link.pipe;

	return pipe->ops->control(pipe, 0x80, 0x06, value, 0, data, len,
				  deadline_in_ms(1000));
}

static void test_it_describes_itself(void **state)
{
	struct bench *bench = *state;
	uint8_t data[256];

	bench_plug(bench, 0, &usb_echo_kind, "1-1");
	assert_int_equal(bench_open(bench), 0);
	assert_int_equal(bench_describe(bench, 0x0100, data, 8), 8);
	assert_int_equal(bench_describe(bench, 0x0100, data, 64), 18);
	assert_int_equal(data[8], 1);  /* the vendor */
	assert_int_equal(data[16], 0); /* no serial number */
	/* Configuration, interface, HID, and two endpoints. */
	assert_int_equal(bench_describe(bench, 0x0200, data, 255), 41);
	assert_int_equal(data[2], 41);
	assert_int_equal(data[13], 2);
	assert_int_equal(bench_describe(bench, 0x2200, data, 255), 27);
	assert_int_equal(bench_describe(bench, 0x0302, data, 255), 10);
	assert_memory_equal(data,
			    "\x0a\x03"
			    "E\0c\0h\0o\0",
			    10);
	assert_int_equal(bench_describe(bench, 0x0303, data, 255), -EPIPE);
	assert_int_equal(bench_describe(bench, 0x0600, data, 255), -EPIPE);
	/* All that was the kernel's: no transfer of the protocol. */
	assert_int_equal(bench->fake[0].transfers, 0);
}

int main(void)
{
#define BENCH_TEST(test) \
	cmocka_unit_test_setup_teardown(test, bench_start, bench_end)
	const struct CMUnitTest tests[] = {
		BENCH_TEST(test_the_row_of_the_table_is_told),
		BENCH_TEST(test_nothing_is_there),
		BENCH_TEST(test_another_product_is_not_meant),
		BENCH_TEST(test_both_ids_in_the_section_are_enough),
		BENCH_TEST(test_the_section_chooses),
		BENCH_TEST(test_of_two_the_first_is_taken_and_noted),
		BENCH_TEST(test_of_two_none_is_taken_when_strict),
		BENCH_TEST(test_a_known_one_is_found_where_it_was),
		BENCH_TEST(test_a_known_one_is_found_elsewhere_by_its_serial),
		BENCH_TEST(test_a_bad_pattern_is_said),
		BENCH_TEST(test_transfers_go_to_and_fro),
		BENCH_TEST(test_whatever_ails_a_device),
		BENCH_TEST(test_a_fault_has_its_transfers),
		BENCH_TEST(test_a_ups_that_is_off_says_nothing),
		BENCH_TEST(test_it_describes_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
