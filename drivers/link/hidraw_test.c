// SPDX-License-Identifier: MIT
/* From a USB device to its hidraw node, in a sysfs made of files. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cmocka.h>

#include "link/hidraw.h"
#include "link/sysfs_fake.h"

#define BIND "bus/usb/drivers/usbhid/bind"

static struct sysfs_fake sysfs;
static struct usb_device device;
static struct hidraw_link hidraw;
static char node[96];

static int start(void **state)
{
	(void)state;
	sysfs_start(&sysfs);
	sysfs_plug(&sysfs, "1-4", 4, "0463:ffff", "A");
	sysfs_put(&sysfs, BIND, "", 0);
	usb_list(sysfs.path, &device, 1);
	(void)snprintf(node, sizeof(node), "%s/hidraw3", sysfs.path);
	return 0;
}

static int end(void **state)
{
	(void)state;
	sysfs_end(&sysfs);
	return 0;
}

static int open_it(void)
{
	return hidraw_open(&hidraw, sysfs.path, sysfs.path, &device, 0);
}

/** /dev/null's number: a node that opens, and knows no hidraw. */
static void opens_the_node_that_sysfs_names(void **state)
{
	uint8_t report[8] = { 9 };

	(void)state;
	sysfs_bind(&sysfs, "1-4", "hidraw3", "1:3\n");
	if (mknod(node, S_IFCHR | 0600, makedev(1, 3)) < 0 || open_it() < 0)
		skip(); /* not allowed to, here */
	assert_true(hidraw.fd >= 0);
	assert_int_equal(hidraw.link.ops->get_report(
				 &hidraw.link, REPORT_FEATURE, 9, report,
				 sizeof(report), deadline_in_ms(100)),
			 -EPIPE);
	assert_int_equal(hidraw.link.ops->set_report(&hidraw.link,
						     REPORT_FEATURE, report, 2,
						     deadline_in_ms(0)),
			 -ETIMEDOUT);
	assert_int_equal(hidraw.link.ops->get_report(
				 &hidraw.link, REPORT_FEATURE, 9, report,
				 REPORT_MAX + 1, deadline_in_ms(100)),
			 -EIO);
	hidraw.link.ops->close(&hidraw.link);
	assert_int_equal(hidraw.fd, -1);
	hidraw.link.ops->close(&hidraw.link);
}

static void makes_the_node_that_is_missing(void **state)
{
	struct stat status;

	(void)state;
	/* No driver has this number: it can be made, and not opened. */
	sysfs_bind(&sysfs, "1-4", "hidraw3", "4095:7\n");
	assert_int_equal(open_it(), -ENODEV);
	if (stat(node, &status) < 0)
		skip(); /* not allowed to, here */
	assert_true(S_ISCHR(status.st_mode));
	assert_int_equal(status.st_rdev, makedev(4095, 7));
}

static void refuses_what_is_another_node(void **state)
{
	(void)state;
	sysfs_bind(&sysfs, "1-4", "hidraw3", "240:7\n");
	sysfs_put(&sysfs, "hidraw3", "x", 1);
	assert_int_equal(open_it(), -EIO);
}

static void asks_the_kernel_to_take_it_back(void **state)
{
	char path[128], text[32] = "";
	FILE *file;

	(void)state;
	assert_int_equal(open_it(), -ENODEV);
	(void)snprintf(path, sizeof(path), "%s/" BIND, sysfs.path);
	file = fopen(path, "re");
	assert_non_null(file);
	assert_non_null(fgets(text, sizeof(text), file));
	fclose(file);
	assert_string_equal(text, "1-4:1.0");
}

static void leaves_bad_numbers_alone(void **state)
{
	static const char *const numbers[] = { "", "x", "1", "1:" };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		sysfs_bind(&sysfs, "1-4", "hidraw3", numbers[i]);
		assert_int_equal(open_it(), -ENODEV);
	}
	assert_int_equal(access(node, F_OK), -1);
	assert_int_equal(hidraw_open(&hidraw, sysfs.path, sysfs.path, &device, 1),
			 -ENODEV);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, start, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(opens_the_node_that_sysfs_names),
		TEST(makes_the_node_that_is_missing),
		TEST(refuses_what_is_another_node),
		TEST(asks_the_kernel_to_take_it_back),
		TEST(leaves_bad_numbers_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
