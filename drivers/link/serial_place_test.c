// SPDX-License-Identifier: MIT
/* Serial ports that lose their names, in a sysfs made of files. */
#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "link/serial_place.h"
#include "link/sysfs_fake.h"

#define BUS     "devices/pci0000:00/0000:00:1d.0/usb1/1-1/1-1.4/"
#define ADAPTER BUS "1-1.4:1.0"
#define MODEM   BUS "1-1.4:1.2"
#define BOARD   "devices/pnp0/00:04/tty/ttyS1"

/* The one device node that is the same everywhere. */
#define NODE   "/dev/null"
#define NUMBER "1:3"

static void link_to(struct sysfs_fake *sysfs, const char *to, const char *path)
{
	char from[PATH_MAX], target[PATH_MAX];

	(void)snprintf(from, sizeof(from), "%s/%s", sysfs->path, path);
	(void)snprintf(target, sizeof(target), "%s/%s", sysfs->path, to);
	(void)unlink(from);
	assert_int_equal(symlink(target, from), 0);
}

static void put(struct sysfs_fake *sysfs, const char *folder)
{
	char path[PATH_MAX];

	(void)snprintf(path, sizeof(path), "%s/dev", folder);
	sysfs_put(sysfs, path, "x", 1);
}

static int start(void **state)
{
	struct sysfs_fake *sysfs = calloc(1, sizeof(*sysfs));

	assert_non_null(sysfs);
	sysfs_start(sysfs);
	put(sysfs, "dev/char/x");
	put(sysfs, "bus/usb/devices/x");
	/* Two ports of an adapter, two of a modem's kind, one of the board. */
	put(sysfs, ADAPTER "/ttyUSB9/tty/ttyUSB9");
	put(sysfs, ADAPTER "/ttyUSB10/tty/ttyUSB10");
	put(sysfs, MODEM "/tty/ttyACM3");
	put(sysfs, BOARD);
	link_to(sysfs, ADAPTER, "bus/usb/devices/1-1.4:1.0");
	link_to(sysfs, MODEM, "bus/usb/devices/1-1.4:1.2");
	*state = sysfs;
	return 0;
}

static int end(void **state)
{
	sysfs_end(*state);
	free(*state);
	return 0;
}

static void assert_place(struct sysfs_fake *sysfs, const char *path,
			 const char *place)
{
	struct serial_place found;

	link_to(sysfs, path, "dev/char/" NUMBER);
	assert_int_equal(serial_find_place(NODE, sysfs->path, &found),
			 *place ? 0 : -ENODEV);
	assert_string_equal(found.place, place);
	assert_string_equal(found.device, NODE);
}

static void test_an_adapter_has_a_place(void **state)
{
	assert_place(*state, ADAPTER "/ttyUSB9/tty/ttyUSB9", "1-1.4:1.0/0");
	assert_place(*state, ADAPTER "/ttyUSB10/tty/ttyUSB10", "1-1.4:1.0/1");
	assert_place(*state, MODEM "/tty/ttyACM3", "1-1.4:1.2/0");
}

static void test_the_board_has_none(void **state)
{
	assert_place(*state, BOARD, "");
}

static void test_a_link_is_followed(void **state)
{
	struct sysfs_fake *sysfs = *state;
	struct serial_place found;
	char name[PATH_MAX];

	(void)snprintf(name, sizeof(name), "%s/by-id", sysfs->path);
	assert_int_equal(symlink(NODE, name), 0);
	link_to(sysfs, BOARD, "dev/char/" NUMBER);
	assert_int_equal(serial_find_place(name, sysfs->path, &found), 0);
	assert_string_equal(found.device, NODE);
	assert_string_equal(found.place, "");
}

static void test_what_is_no_device(void **state)
{
	struct sysfs_fake *sysfs = *state;
	struct serial_place found;

	assert_int_equal(
		serial_find_place("/dev/no-such-port", sysfs->path, &found),
		-ENODEV);
	assert_int_equal(serial_find_place(sysfs->path, sysfs->path, &found),
			 -ENODEV);
	assert_string_equal(found.device, "");
}

static void assert_device(struct sysfs_fake *sysfs, const char *place,
			  const char *device)
{
	char found[SERIAL_PLACE_MAX] = "";

	assert_int_equal(
		serial_find_device(place, sysfs->path, found, sizeof(found)),
		*device ? 0 : -ENODEV);
	if (*device)
		assert_string_equal(found, device);
}

static void test_a_place_has_a_device(void **state)
{
	assert_device(*state, "1-1.4:1.0/0", "/dev/ttyUSB9");
	assert_device(*state, "1-1.4:1.0/1", "/dev/ttyUSB10");
	assert_device(*state, "1-1.4:1.0/2", "");
	assert_device(*state, "1-1.4:1.2/0", "/dev/ttyACM3");
	assert_device(*state, "1-1.5:1.0/0", "");
	assert_device(*state, "", "");
	assert_device(*state, "../../..:./0", "");
}

static const char *choose(struct sysfs_fake *sysfs, const char *port,
			  const char *device, const char *place)
{
	static char found[SERIAL_PLACE_MAX];

	return serial_choose_port(port, device, place, sysfs->path, found);
}

static void test_the_place_goes_before_the_name(void **state)
{
	struct sysfs_fake *sysfs = *state;

	/* It came back with another number, and another one has its own. */
	assert_string_equal(choose(sysfs, NODE, NODE, "1-1.4:1.0/0"),
			    "/dev/ttyUSB9");
	/* It is not back: what has its name is another one. */
	assert_null(choose(sysfs, NODE, NODE, "1-2:1.0/0"));
	assert_null(choose(sysfs, "/dev/no-such-port", NODE, "1-2:1.0/0"));
	/* Somebody has set the link anew since. */
	assert_string_equal(choose(sysfs, NODE, "/dev/ttyUSB0", "1-2:1.0/0"),
			    NODE);
}

static void test_a_link_that_is_gone_has_a_device(void **state)
{
	struct sysfs_fake *sysfs = *state;

	assert_string_equal(choose(sysfs, "/dev/no-such-link", NODE, NULL),
			    NODE);
	assert_string_equal(choose(sysfs, NODE, "/dev/ttyS1", NULL), NODE);
	assert_string_equal(choose(sysfs, "/dev/no-such-port", NULL, NULL),
			    "/dev/no-such-port");
	assert_string_equal(choose(sysfs, NODE, NULL, NULL), NODE);
}

int main(void)
{
#define PLACE_TEST(test) cmocka_unit_test_setup_teardown(test, start, end)
	const struct CMUnitTest tests[] = {
		PLACE_TEST(test_an_adapter_has_a_place),
		PLACE_TEST(test_the_board_has_none),
		PLACE_TEST(test_a_link_is_followed),
		PLACE_TEST(test_what_is_no_device),
		PLACE_TEST(test_a_place_has_a_device),
		PLACE_TEST(test_the_place_goes_before_the_name),
		PLACE_TEST(test_a_link_that_is_gone_has_a_device),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
