// SPDX-License-Identifier: MIT
/* Which of several units is opened, how, and which one again. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hid/bench.h"
#include "hid/search.h"
#include "link/sysfs_fake.h"

#define EATON "eaton-3s-700-0463-ffff"

struct carrier {
	int error;  /* of open; 0: it works */
	int opened; /* how often it did */
};

static struct sysfs_fake sysfs;
static struct hid_bench bench;
static union hid_carrier link_of_unit;
static struct carrier usbfs, hidraw;
static int closed;
static char opened[32]; /* the device, by its name in sysfs */

static int forward_get(struct report_link *link, enum report_type type,
		       uint8_t id, uint8_t *report, size_t size,
		       deadline_t until)
{
	(void)link;
	return bench.fake.link.ops->get_report(&bench.fake.link, type, id,
					       report, size, until);
}

static int forward_set(struct report_link *link, enum report_type type,
		       const uint8_t *report, size_t len, deadline_t until)
{
	(void)link;
	return bench.fake.link.ops->set_report(&bench.fake.link, type, report,
					       len, until);
}

static int forward_descriptor(struct report_link *link, uint8_t *descriptor,
			      size_t size, deadline_t until)
{
	(void)link;
	return bench.fake.link.ops->read_descriptor(&bench.fake.link,
						    descriptor, size, until);
}

static void forward_close(struct report_link *link)
{
	(void)link;
	closed++;
}

/** Whatever is opened leads to the unit of the bench. */
static const struct report_link_ops forward_ops = {
	.get_report = forward_get,
	.set_report = forward_set,
	.read_descriptor = forward_descriptor,
	.close = forward_close,
};

static int open_carrier(struct carrier *carrier, union hid_carrier *given,
			const struct usb_device *device)
{
	if (carrier->error)
		return carrier->error;
	carrier->opened++;
	memset(given, 0, sizeof(*given));
	given->link.ops = &forward_ops;
	(void)snprintf(opened, sizeof(opened), "%s", device->name);
	return 0;
}

static int open_usbfs(union hid_carrier *given, const char *path,
		      const struct usb_device *device, uint8_t interface)
{
	(void)path;
	(void)interface;
	return open_carrier(&usbfs, given, device);
}

static int open_hidraw(union hid_carrier *given, const char *path,
		       const struct usb_device *device, uint8_t interface)
{
	(void)path;
	(void)interface;
	return open_carrier(&hidraw, given, device);
}

static int read_no_strings(struct usb_device *device)
{
	(void)device;
	return -EIO;
}

static int search(void)
{
	const struct hid_bus bus = {
		.sysfs = sysfs.path,
		.open = { open_usbfs, open_hidraw },
		.read_strings = read_no_strings,
	};

	opened[0] = '\0';
	memset(&bench.unit, 0, sizeof(bench.unit));
	return hid_search(&bus, &bench.ups, &bench.unit, &link_of_unit,
			  deadline_in_ms(8000));
}

static int start(void **state)
{
	(void)state;
	sysfs_start(&sysfs);
	hid_bench_start(&bench, "");
	hid_fake_load(&bench.fake, EATON);
	usbfs = hidraw = (struct carrier){ 0 };
	closed = 0;
	return 0;
}

static int end(void **state)
{
	(void)state;
	sysfs_end(&sysfs);
	return 0;
}

/** The section gets the lines @keys instead of none. */
static void configure(const char *keys)
{
	hid_bench_start(&bench, keys);
	hid_fake_load(&bench.fake, EATON);
}

static void twins_are_told_apart_by_serial(void **state)
{
	(void)state;
	configure("serial = B");
	sysfs_plug(&sysfs, "1-1", 2, "0463:ffff", "A");
	sysfs_plug(&sysfs, "1-2", 3, "0463:ffff", "B");
	bench.ups.strict = true;
	assert_int_equal(search(), 0);
	assert_string_equal(opened, "1-2");
	assert_int_equal(bench.notes, 0);
}

static void twins_in_doubt(void **state)
{
	(void)state;
	sysfs_plug(&sysfs, "1-1", 2, "0463:ffff", "A");
	sysfs_plug(&sysfs, "1-2", 3, "0463:ffff", "B");
	bench.ups.strict = true;
	assert_int_equal(search(), -EINVAL);
	assert_non_null(strstr(bench.ups.problem, "1-1 and 1-2"));
	assert_int_equal(closed, 1);
	assert_string_equal(bench.ups.identity, "");

	/* At the end, a cut is better than none. */
	bench.ups.strict = false;
	assert_int_equal(search(), 0);
	assert_string_equal(opened, "1-1");
	assert_int_equal(bench.notes, 1);
	assert_non_null(strstr(bench.note, "1-1 and 1-2"));
	assert_int_equal(closed, 1);
}

static void mouse_is_no_rival(void **state)
{
	(void)state;
	sysfs_plug(&sysfs, "1-1", 2, "0463:ffff", "A");
	sysfs_plug(&sysfs, "1-2", 3, "046d:c31c", "");
	bench.ups.strict = true;
	assert_int_equal(search(), 0);
	assert_string_equal(opened, "1-1");
}

/** The kernel has interface 0 of @name, as a mouse. */
static void bind_as_mouse(const char *name)
{
	static const uint8_t mouse[] = { 0x05, 0x01, 0x09, 0x02,
					 0xa1, 0x01, 0xc0 };
	char path[96];

	(void)snprintf(path, sizeof(path),
		       "bus/usb/devices/%s/%s:1.0/0003:0463:FFFF.0001/"
		       "report_descriptor",
		       name, name);
	sysfs_put(&sysfs, path, mouse, sizeof(mouse));
}

static void nonsense_was_read_by_the_kernel(void **state)
{
	(void)state;
	sysfs_plug(&sysfs, "1-1", 2, "0463:ffff", "A");
	bind_as_mouse("1-1");
	assert_int_equal(search(), 0);
	assert_string_equal(opened, "1-1");

	configure("");
	sysfs_unplug(&sysfs, "1-1");
	sysfs_plug(&sysfs, "1-2", 3, "046d:c31c", "");
	bind_as_mouse("1-2");
	assert_int_equal(search(), -ENODEV);
}

static void found_again_by_serial(void **state)
{
	(void)state;
	/* The section says where it is, and there it will not be. */
	configure("device = 002\nbusport = 001");
	sysfs_plug(&sysfs, "1-1", 2, "0463:ffff", "A");
	assert_int_equal(search(), 0);

	sysfs_unplug(&sysfs, "1-1");
	assert_int_equal(search(), -ENODEV);
	sysfs_plug(&sysfs, "1-1", 5, "0463:ffff", "B");
	assert_int_equal(search(), -ENODEV);
	sysfs_plug(&sysfs, "1-3", 6, "0463:ffff", "A");
	assert_int_equal(search(), 0);
	assert_string_equal(opened, "1-3");
}

static void found_again_by_place(void **state)
{
	(void)state;
	configure("device = 002");
	sysfs_plug(&sysfs, "1-1", 2, "0463:ffff", "");
	assert_int_equal(search(), 0);

	sysfs_unplug(&sysfs, "1-1");
	sysfs_plug(&sysfs, "1-2", 2, "0463:ffff", "");
	assert_int_equal(search(), -ENODEV);
	sysfs_plug(&sysfs, "1-1", 7, "0463:0001", "");
	assert_int_equal(search(), -ENODEV);
	sysfs_unplug(&sysfs, "1-1");
	sysfs_plug(&sysfs, "1-1", 8, "0463:ffff", "");
	assert_int_equal(search(), 0);
	assert_string_equal(opened, "1-1");
}

/** "000000" on both: the number that one has is not its own. */
static void shared_serial_is_none(void **state)
{
	(void)state;
	configure("busport = 001");
	sysfs_plug(&sysfs, "1-1", 2, "0463:ffff", "000000");
	sysfs_plug(&sysfs, "1-2", 3, "0463:ffff", "000000");
	assert_int_equal(search(), 0);
	sysfs_unplug(&sysfs, "1-1");
	assert_int_equal(search(), -ENODEV);
	sysfs_plug(&sysfs, "1-1", 4, "0463:ffff", "000000");
	assert_int_equal(search(), 0);
	assert_string_equal(opened, "1-1");
}

static void hidraw_when_usbfs_is_refused(void **state)
{
	static const int errors[] = { -EBUSY, -ENODEV, -EIO };

	(void)state;
	sysfs_plug(&sysfs, "1-1", 2, "0463:ffff", "A");
	for (size_t i = 0; i < 3; i++) {
		usbfs.error = errors[i];
		assert_int_equal(search(), 0);
		assert_int_equal(hidraw.opened, (int)i + 1);
		assert_non_null(strstr(bench.note, "over hidraw"));
	}
	/* When neither works, it is usbfs that is spoken of. */
	usbfs.error = -EBUSY;
	hidraw.error = -ENODEV;
	assert_int_equal(search(), -EBUSY);
	assert_non_null(strstr(bench.ups.problem, "held by another process"));
}

static void hidraw_when_usbfs_fails(void **state)
{
	(void)state;
	sysfs_plug(&sysfs, "1-1", 2, "0463:ffff", "A");
	hid_fake_misbehave(&bench.fake,
			   (struct hid_fake_quirk){ HID_FAKE_IO_ERROR,
						    HID_FAKE_DESCRIPTOR, 0, 3 });
	assert_int_equal(search(), 0);
	assert_int_equal(usbfs.opened, 1);
	assert_int_equal(closed, 1);
	assert_int_equal(hidraw.opened, 1);
}

static void hidraw_goes_first_after_two_failed_cuts(void **state)
{
	(void)state;
	sysfs_plug(&sysfs, "1-1", 2, "0463:ffff", "A");
	bench.ups.failures = 1;
	assert_int_equal(search(), 0);
	assert_int_equal(usbfs.opened, 1);
	bench.ups.failures = 2;
	assert_int_equal(search(), 0);
	assert_int_equal(usbfs.opened, 1);
	assert_int_equal(hidraw.opened, 1);
	hidraw.error = -ENODEV;
	assert_int_equal(search(), 0);
	assert_int_equal(usbfs.opened, 2);
}

static void something_else_is_named(void **state)
{
	(void)state;
	configure("vendorid = 0665");
	hid_fake_load(&bench.fake, "megatec-prolink-vendorpage-0665-5161");
	assert_int_equal(search(), -ENODEV);
	assert_string_equal(bench.ups.problem, "[u] no such USB device");
	sysfs_plug(&sysfs, "1-1", 2, "0665:5161", "A");
	assert_int_equal(search(), -ENODEV);
	assert_string_equal(
		bench.ups.problem,
		"[u] USB device 1-1 (0665:5161) is no HID power device");
}

/** Power savers set it to sleep; it is woken before it is spoken to. */
static void sleeping_device_is_kept_awake(void **state)
{
	int64_t began;

	(void)state;
	sysfs_plug(&sysfs, "1-1", 2, "0463:ffff", "A");
	sysfs_put(&sysfs, "bus/usb/devices/1-1/power/control", "auto\n", 5);
	began = clock_now_ms();
	assert_int_equal(search(), 0);
	assert_true(clock_now_ms() - began >= USB_WAKE_MS);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(twins_are_told_apart_by_serial),
		TEST(twins_in_doubt),
		TEST(mouse_is_no_rival),
		TEST(found_again_by_serial),
		TEST(found_again_by_place),
		TEST(shared_serial_is_none),
		TEST(hidraw_when_usbfs_is_refused),
		TEST(hidraw_when_usbfs_fails),
		TEST(hidraw_goes_first_after_two_failed_cuts),
		TEST(nonsense_was_read_by_the_kernel),
		TEST(something_else_is_named),
		TEST(sleeping_device_is_kept_awake),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
