// SPDX-License-Identifier: MIT
/* What a scan tells of the units of testdata/, in a sysfs made of files. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hid/descriptor.h"
#include "hid/scan.h"
#include "hid/testdata.h"
#include "link/sysfs_fake.h"

#define FOUND_MAX 8

struct found {
	size_t count;
	struct ups_found ups[FOUND_MAX];
};

static struct sysfs_fake sysfs;
static struct found found;
static int opened, closed;

/** On bus 1, at port and number @port, with one interface that nobody has. */
static void put_device(int port, const char *ids, const char *vendor,
		       const char *product, const char *serial)
{
	char name[16], number[16], text[32];

	snprintf(name, sizeof(name), "1-%d", port);
	snprintf(number, sizeof(number), "%d\n", port);
	snprintf(text, sizeof(text), "%.4s\n", ids);
	sysfs_put_text(&sysfs, name, "idVendor", text);
	snprintf(text, sizeof(text), "%.4s\n", ids + 5);
	sysfs_put_text(&sysfs, name, "idProduct", text);
	sysfs_put_text(&sysfs, name, "busnum", "1\n");
	sysfs_put_text(&sysfs, name, "devnum", number);
	sysfs_put_text(&sysfs, name, "devpath", number);
	sysfs_put_text(&sysfs, name, "bDeviceClass", "00\n");
	sysfs_put_text(&sysfs, name, "manufacturer", vendor);
	sysfs_put_text(&sysfs, name, "product", product);
	sysfs_put_text(&sysfs, name, "serial", serial);
}

/** @unit of testdata/ is what the kernel has read; NULL: nothing. */
static void put_interface(int port, int number, const char *subclass,
			  const char *unit)
{
	char device[64], hid[64], text[16];
	uint8_t bytes[HID_DESCRIPTOR_MAX] = { 0 };

	snprintf(device, sizeof(device), "1-%d/1-%d:1.%d", port, port, number);
	snprintf(text, sizeof(text), "%02d\n", number);
	sysfs_put_text(&sysfs, device, "bInterfaceNumber", text);
	sysfs_put_text(&sysfs, device, "bInterfaceClass", "03\n");
	sysfs_put_text(&sysfs, device, "bInterfaceSubClass", subclass);
	snprintf(hid, sizeof(hid), "0003:0000:0000.000%d/report_descriptor",
		 number);
	if (unit)
		sysfs_put_bytes(&sysfs, device, hid, bytes,
				testdata_hex(unit, bytes, sizeof(bytes)));
}

static void put_unit(int port, const char *unit, const char *vendor,
		     const char *product, const char *serial)
{
	put_device(port, unit + strlen(unit) - strlen("0463-ffff"), vendor,
		   product, serial);
	put_interface(port, 0, "00\n", unit);
}

static int remove_sysfs(void **state)
{
	(void)state;
	sysfs_end(&sysfs);
	return 0;
}

static int make_sysfs(void **state)
{
	(void)state;
	sysfs_start(&sysfs);
	return 0;
}

static void note_found(void *arg, const struct ups_found *ups)
{
	(void)arg;
	assert_true(found.count < FOUND_MAX);
	found.ups[found.count++] = *ups;
}

static int refuse_usbfs(union hid_carrier *carrier, const char *path,
			const struct usb_device *device, uint8_t interface)
{
	(void)carrier;
	(void)path;
	(void)interface;
	opened++;
	return device->device == 1 ? -EBUSY : -EIO;
}

/** What is behind it answers, and it is not the first device. */
static int answer_status(struct report_link *link, enum report_type type,
			 uint8_t id, uint8_t *report, size_t size,
			 deadline_t until)
{
	(void)link;
	(void)type;
	(void)until;
	memset(report, 0xff, size);
	report[0] = id;
	return (int)size;
}

static void close_status(struct report_link *link)
{
	(void)link;
	closed++;
}

static int open_hidraw(union hid_carrier *carrier, const char *path,
		       const struct usb_device *device, uint8_t interface)
{
	static const struct report_link_ops ops = {
		.get_report = answer_status,
		.close = close_status,
	};

	(void)path;
	(void)interface;
	if (device->device == 1)
		return -ENODEV;
	carrier->link.ops = &ops;
	return 0;
}

static void look(void)
{
	const struct hid_bus bus = {
		.sysfs = sysfs.path,
		.open = { refuse_usbfs, open_hidraw },
	};
	const struct hid_scan scan = { .bus = &bus, .found = note_found };

	memset(&found, 0, sizeof(found));
	opened = closed = 0;
	assert_int_equal(hid_scan_tree(&scan, deadline_in_ms(1000)), 0);
}

static void tells_what_a_unit_can(void **state)
{
	(void)state;
	put_unit(1, "eaton-3s-700-0463-ffff", "EATON\n", "3S 700\n", "G1\n");
	put_unit(2, "cyberpower-ec850lcd-0764-0501", "", "EC\n", "");
	put_unit(3, "apc-backups-cs-500-051d-0002", "", "", "");
	look();
	assert_int_equal(found.count, 3);
	assert_int_equal(opened, 0);

	assert_string_equal(found.ups[0].who,
			    "EATON 3S 700 (0463:ffff, serial G1) on USB 1-1");
	assert_string_equal(found.ups[0].family, "MGE/Eaton");
	assert_int_equal(found.ups[0].commands, UPS_CAN(UPS_RETURN) |
							UPS_CAN(UPS_STAYOFF) |
							UPS_CAN(UPS_OFF));
	assert_int_equal(found.ups[0].step_s, 1);
	assert_int_equal(found.ups[0].mains, UPS_MAINS_UNKNOWN);
	assert_string_equal(found.ups[0].problem, "");
	assert_string_equal(
		found.ups[0].keys,
		"vendorid = 0463\nproductid = ffff\nserial = \"G1\"\n");

	assert_string_equal(found.ups[1].who, "EC (0764:0501) on USB 1-2");
	assert_int_equal(found.ups[1].mains, UPS_MAINS_PRESENT);
	assert_int_equal(closed, 2);
	assert_int_equal(found.ups[1].step_s, 60);
	assert_string_equal(found.ups[1].keys,
			    "vendorid = 0764\nproductid = 0501\n");

	assert_int_equal(found.ups[2].commands, UPS_CAN(UPS_RETURN));
	assert_int_equal(found.ups[2].step_s, UPS_UNKNOWN_S);
}

static void says_who_cannot(void **state)
{
	(void)state;
	put_unit(1, "liebert-gxt4-10af-0000", "Liebert\n", "GXT4\n", "");
	look();
	assert_int_equal(found.count, 1);
	assert_int_equal(found.ups[0].commands, 0);
	assert_non_null(
		strstr(found.ups[0].problem, "cannot be told to switch off"));
}

static void takes_the_interface_that_can(void **state)
{
	(void)state;
	put_unit(1, "eaton-ellipse-eco-iface0-0463-ffff", "EATON\n", "ECO\n",
		 "");
	put_interface(1, 1, "00\n", "eaton-ellipse-eco-0463-ffff");
	look();
	assert_int_equal(found.count, 1);
	assert_true(found.ups[0].commands & UPS_CAN(UPS_RETURN));
	assert_string_equal(found.ups[0].problem, "");
}

static void passes_by_what_is_no_ups(void **state)
{
	(void)state;
	put_unit(1, "megatec-prolink-vendorpage-0665-5161", "", "", "");
	put_device(2, "046d:c31c", "Logitech\n", "Keyboard\n", "");
	put_interface(2, 0, "01\n", NULL);
	put_device(3, "dead:beef", "", "", "");
	put_interface(3, 0, "00\n", NULL);
	look();
	assert_int_equal(found.count, 0);
	assert_int_equal(opened, 1);
}

static void says_who_is_held(void **state)
{
	(void)state;
	put_device(1, "051d:0002", "APC\n", "Back-UPS\n", "");
	put_interface(1, 0, "00\n", NULL);
	put_device(2, "051d:0002", "APC\n", "Back-UPS\n", "");
	put_interface(2, 0, "00\n", NULL);
	look();
	assert_int_equal(found.count, 2);
	assert_int_equal(opened, 2);
	assert_non_null(strstr(found.ups[0].problem, "Another program holds it"));
	assert_non_null(strstr(found.ups[1].problem, "could not be opened"));
	/* Twins without a serial number differ by their place only. */
	assert_string_equal(
		found.ups[1].keys,
		"vendorid = 051d\nproductid = 0002\nbus = 001\nbusport = 002\n");
}

static void writes_what_can_be_read_back(void **state)
{
	const char *keys;
	struct conf conf;
	struct ups ups = { .conf = &conf, .section = 1, .name = "u" };
	struct usb_device device[2];
	struct usb_match match;
	char text[640];

	(void)state;
	put_unit(1, "eaton-3s-700-0463-ffff", "E\n]\n\tport = x",
		 "\"3\xc3\xa4\\S\"\x1b[2J\n", "a.b*[c]\\\"^$(1|2){3}\xff\n");
	look();
	assert_int_equal(found.count, 1);
	for (const char *at = found.ups[0].who; *at; at++)
		assert_in_range(*at, ' ', '~');
	keys = found.ups[0].keys;
	snprintf(text, sizeof(text), "[u]\n%s", keys);
	assert_int_equal(
		conf_parse(&conf, "ups.conf", text, strlen(text), NULL), 0);
	assert_int_equal(usb_match_start(&match, &ups), 0);
	assert_int_equal(usb_list(sysfs.path, device, 2), 1);
	assert_true(usb_match_device(&match, &device[0]));
	memcpy(device[0].string[USB_SERIAL], "aXb", 4);
	assert_false(usb_match_device(&match, &device[0]));
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, make_sysfs, remove_sysfs)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(tells_what_a_unit_can),
		TEST(says_who_cannot),
		TEST(takes_the_interface_that_can),
		TEST(passes_by_what_is_no_ups),
		TEST(says_who_is_held),
		TEST(writes_what_can_be_read_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
