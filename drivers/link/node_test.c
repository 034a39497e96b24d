// SPDX-License-Identifier: MIT
/* Nodes of character devices: found, made where they are missing, checked. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cmocka.h>

#include "link/node.h"

#define NULL_DEVICE makedev(1, 3)
#define ZERO_DEVICE makedev(1, 5)

static char folder[64], own[96], node[96];

static int start(void **state)
{
	(void)state;
	(void)strcpy(folder, "/tmp/lastwatt-node-XXXXXX");
	assert_non_null(mkdtemp(folder));
	(void)snprintf(own, sizeof(own), "%s/" NODE_FOLDER, folder);
	(void)snprintf(node, sizeof(node), "%s/" NODE_FOLDER "/null", folder);
	return 0;
}

static int end(void **state)
{
	char beside[96];

	(void)state;
	(void)snprintf(beside, sizeof(beside), "%s/null", folder);
	(void)unlink(node);
	(void)unlink(beside);
	(void)rmdir(own);
	return rmdir(folder);
}

/* Not everybody may make nodes, and not everywhere can they be opened. */
static int open_or_skip(dev_t number)
{
	int fd = node_open(folder, "null", number, O_RDWR | O_CLOEXEC);

	if (fd < 0) {
		print_message("no node can be made here: %s\n", strerror(-fd));
		skip();
	}
	return fd;
}

static void test_a_missing_node_is_made(void **state)
{
	(void)state;
	assert_int_equal(close(open_or_skip(NULL_DEVICE)), 0);
	assert_int_equal(close(open_or_skip(NULL_DEVICE)), 0);
}

static void test_it_is_made_in_our_own_folder(void **state)
{
	struct stat status;

	(void)state;
	assert_int_equal(mkdir(own, 0700), 0);
	assert_int_equal(close(open_or_skip(NULL_DEVICE)), 0);
	assert_int_equal(stat(node, &status), 0);
	/* The device came back as another one. */
	assert_int_equal(close(open_or_skip(ZERO_DEVICE)), 0);
	assert_int_equal(stat(node, &status), 0);
	assert_int_equal(status.st_rdev, ZERO_DEVICE);
}

static void test_another_device_is_refused(void **state)
{
	(void)state;
	assert_int_equal(
		node_open("/dev", "null", ZERO_DEVICE, O_RDWR | O_CLOEXEC),
		-EIO);
	assert_int_equal(node_open("/proc", "version", ZERO_DEVICE, O_RDONLY),
			 -EIO);
}

static void test_a_number_is_read(void **state)
{
	static const char *const bad[] = { "", ":", "4", "4:", ":4", "x:1" };
	dev_t number = 0;
	FILE *file;

	(void)state;
	assert_int_equal(mkdir(own, 0700), 0);
	file = fopen(node, "we");
	assert_non_null(file);
	(void)fputs("240:7\n", file);
	(void)fclose(file);
	assert_int_equal(node_read_number(node, &number), 0);
	assert_int_equal(number, makedev(240, 7));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		file = fopen(node, "we");
		assert_non_null(file);
		(void)fputs(bad[i], file);
		(void)fclose(file);
		assert_int_equal(node_read_number(node, &number), -ENODEV);
	}
	assert_int_equal(node_read_number("/nowhere", &number), -ENODEV);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_a_missing_node_is_made,
						start, end),
		cmocka_unit_test_setup_teardown(
			test_it_is_made_in_our_own_folder, start, end),
		cmocka_unit_test(test_another_device_is_refused),
		cmocka_unit_test_setup_teardown(test_a_number_is_read, start,
						end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
