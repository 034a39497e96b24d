// SPDX-License-Identifier: MIT
/* Finding and choosing USB devices, in a sysfs made of files. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "link/sysfs_fake.h"
#include "link/usb_find.h"

static struct sysfs_fake sysfs;

static void put_device(const char *name, const char *vendor_id,
		       const char *product_id, const char *bus,
		       const char *number, const char *devpath)
{
	sysfs_put_text(&sysfs, name, "idVendor", vendor_id);
	sysfs_put_text(&sysfs, name, "idProduct", product_id);
	sysfs_put_text(&sysfs, name, "bcdDevice", "0202\n");
	sysfs_put_text(&sysfs, name, "busnum", bus);
	sysfs_put_text(&sysfs, name, "devnum", number);
	sysfs_put_text(&sysfs, name, "devpath", devpath);
	sysfs_put_text(&sysfs, name, "bDeviceClass", "00\n");
}

static void put_interface(const char *device, const char *name,
			  const char *number, const char *class,
			  const char *subclass)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/%s", device, name);
	sysfs_put_text(&sysfs, path, "bInterfaceNumber", number);
	sysfs_put_text(&sysfs, path, "bInterfaceClass", class);
	sysfs_put_text(&sysfs, path, "bInterfaceSubClass", subclass);
}

static int make_sysfs(void **state)
{
	char descriptor[18] = { 18, 1, [14] = 1, [15] = 2, [16] = 4 };

	(void)state;
	sysfs_start(&sysfs);
	put_device("2-1.4", "0463\n", "ffff\n", "2\n", "17\n", "1.4\n");
	sysfs_put_text(&sysfs, "2-1.4", "manufacturer", "EATON \n");
	sysfs_put_text(&sysfs, "2-1.4", "product", "Ellipse ECO\n");
	sysfs_put_bytes(&sysfs, "2-1.4", "descriptors", descriptor,
			sizeof(descriptor));
	put_interface("2-1.4", "2-1.4:1.0", "00\n", "03\n", "00\n");
	put_interface("2-1.4", "2-1.4:1.1", "01\n", "03\n", "00\n");
	put_interface("2-1.4", "2-1.4:1.2", "02\n", "08\n", "06\n");
	sysfs_put_bytes(&sysfs, "2-1.4/2-1.4:1.1/0003:0463:FFFF.0007",
			"report_descriptor", "\x05\x84\x09\x04", 4);

	put_device("1-2", "046d\n", "c31c\n", "1\n", "3\n", "2\n");
	sysfs_put_text(&sysfs, "1-2", "serial", "12\n");
	put_interface("1-2", "1-2:1.0", "00\n", "03\n", "01\n");

	put_device("1-1", "1d6b\n", "0002\n", "1\n", "2\n", "1\n");
	sysfs_put_text(&sysfs, "1-1", "bDeviceClass", "09\n");
	put_device("usb1", "1d6b\n", "0002\n", "1\n", "1\n", "0\n");
	sysfs_put_text(&sysfs, "1-9", "idVendor", "");
	sysfs_put_text(&sysfs, "1-0:1.0", "bInterfaceClass", "09\n");
	return 0;
}

static int remove_sysfs(void **state)
{
	(void)state;
	sysfs_end(&sysfs);
	return 0;
}

static void lists_devices(void **state)
{
	struct usb_device device[USB_DEVICES_MAX];

	(void)state;
	assert_int_equal(usb_list(sysfs.path, device, USB_DEVICES_MAX), 2);
	assert_int_equal(device[0].vendor_id, 0x046d);
	assert_string_equal(device[0].string[USB_SERIAL], "12");
	assert_string_equal(device[1].name, "2-1.4");
	assert_int_equal(device[1].product_id, 0xffff);
	assert_int_equal(device[1].release, 0x0202);
	assert_int_equal(device[1].bus, 2);
	assert_int_equal(device[1].device, 17);
	assert_int_equal(device[1].port, 4);
	assert_string_equal(device[1].string[USB_VENDOR], "EATON");
	assert_string_equal(device[1].string[USB_SERIAL], "");
	assert_true(device[1].has_string[USB_SERIAL]);
	assert_false(device[0].has_string[USB_PRODUCT]);

	assert_int_equal(usb_list(sysfs.path, device, 1), 1);
	assert_int_equal(usb_list("/nonexistent", device, 1), 0);
}

static void lists_interfaces(void **state)
{
	struct usb_device device[USB_DEVICES_MAX];
	struct usb_interface interface[USB_INTERFACES_MAX];
	uint8_t bytes[64];

	(void)state;
	usb_list(sysfs.path, device, USB_DEVICES_MAX);
	assert_int_equal(usb_list_hid(sysfs.path, &device[0], interface, 8), 1);
	assert_true(interface[0].is_boot);
	assert_false(interface[0].is_bound);
	assert_int_equal(usb_list_hid(sysfs.path, &device[1], interface, 8), 2);
	assert_int_equal(usb_list_hid(sysfs.path, &device[1], interface, 1), 1);

	assert_int_equal(usb_peek_descriptor(sysfs.path, &device[1], 1, bytes,
					     sizeof(bytes)),
			 4);
	assert_int_equal(bytes[1], 0x84);
	assert_int_equal(usb_peek_descriptor(sysfs.path, &device[1], 0, bytes,
					     sizeof(bytes)),
			 -ENOENT);
	assert_int_equal(
		usb_peek_descriptor(sysfs.path, &device[1], 1, bytes, 2), 2);
}

/** How many devices a section with these lines means; -1: bad pattern. */
static int count_matches(const char *keys)
{
	struct usb_device device[USB_DEVICES_MAX];
	size_t devices = usb_list(sysfs.path, device, USB_DEVICES_MAX);
	static struct conf conf;
	struct ups ups = { .conf = &conf, .name = "u" };
	struct usb_match match;
	char text[256];
	int count = 0;

	snprintf(text, sizeof(text), "[u]\n%s\n", keys);
	conf_parse(&conf, "ups.conf", text, strlen(text), NULL);
	ups.section = conf_find_section(&conf, "u");
	if (usb_match_start(&match, &ups) < 0) {
		assert_true(strlen(ups.problem) > 0);
		return -1;
	}
	for (size_t i = 0; i < devices; i++)
		count += usb_match_device(&match, &device[i]);
	return count;
}

static void chooses_as_nut_does(void **state)
{
	static const struct {
		const char *keys;
		int matches;
	} cases[] = {
		{ "port = auto", 2 },
		{ "vendorid = 0463", 1 },
		{ "vendorid = 046.", 2 },
		{ "vendorid = 046", 0 },
		{ "vendorid = 0463\nproductid = FFFF", 1 },
		{ "vendorid = 0463\nproductid = fffe", 0 },
		{ "vendor = eaton", 1 },
		{ "product = Ellipse", 0 },
		{ "product = \"Ellipse.*\"", 1 },
		{ "product = .*", 2 },
		{ "serial = 12", 1 },
		{ "serial = 1", 0 },
		{ "bus = 002", 1 },
		{ "bus = 2", 0 },
		{ "device = 017", 1 },
		{ "busport = 004", 1 },
		{ "vendorid = (0463", -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (count_matches(cases[i].keys) != cases[i].matches)
			fail_msg("%s: %d", cases[i].keys,
				 count_matches(cases[i].keys));
	}
}

static void knows_when_to_ask_the_device(void **state)
{
	struct usb_device device[USB_DEVICES_MAX];
	struct usb_match match = { .is_set = { [USB_KEY_SERIAL] = true } };

	(void)state;
	usb_list(sysfs.path, device, USB_DEVICES_MAX);
	assert_false(usb_match_needs_string(&match, &device[0]));
	assert_true(usb_match_needs_string(&match, &device[1]));
	match.is_set[USB_KEY_SERIAL] = false;
	assert_false(usb_match_needs_string(&match, &device[1]));
}

static void read_control(const char *name, char text[8])
{
	char path[192];
	FILE *file;

	snprintf(path, sizeof(path), "%s/bus/usb/devices/%s/power/control",
		 sysfs.path, name);
	memset(text, 0, 8);
	file = fopen(path, "re");
	assert_non_null(file);
	assert_true(fread(text, 1, 7, file) > 0);
	fclose(file);
}

static void device_is_kept_awake(void **state)
{
	struct usb_device device = { .name = "9-1" };
	char control[8];

	(void)state;
	assert_int_equal(usb_keep_awake(sysfs.path, &device), 0);
	sysfs_put_text(&sysfs, "9-1", "power/control", "on\n");
	assert_int_equal(usb_keep_awake(sysfs.path, &device), 0);
	sysfs_put_text(&sysfs, "9-1", "power/control", "auto\n");
	assert_int_equal(usb_keep_awake(sysfs.path, &device), 1);
	read_control("9-1", control);
	assert_string_equal(control, "on");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_devices),
		cmocka_unit_test(lists_interfaces),
		cmocka_unit_test(chooses_as_nut_does),
		cmocka_unit_test(knows_when_to_ask_the_device),
		cmocka_unit_test(device_is_kept_awake),
	};

	return cmocka_run_group_tests(tests, make_sysfs, remove_sysfs);
}
