// SPDX-License-Identifier: MIT
/* The mount table as systemd 252 and 257 leave it, and as nobody should. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pid1/mounts.h"

/* Not in the order of the tree, as measured. */
static const char table_252[] =
	"40 39 8:1 / /oldroot/var\\040lib rw - ext4 /dev/sda2 rw\n"
	"1 1 0:2 / / rw - rootfs rootfs rw\n"
	"30 1 0:30 / / rw,nosuid - tmpfs tmpfs rw,size=4096k\n"
	"31 30 0:5 / /dev rw - devtmpfs udev rw\n"
	"32 30 0:20 / /proc rw - proc proc rw\n"
	"33 30 0:21 / /sys rw - sysfs sysfs rw\n"
	"34 30 0:22 / /run rw - tmpfs tmpfs rw\n"
	"35 33 0:23 / /sys/fs/cgroup ro shared:4 - cgroup2 cgroup2 rw\n"
	"36 34 8:3 / /run/disk rw - vfat /dev/sdb1 rw\n"
	"39 30 8:1 / /oldroot ro,relatime - ext4 /dev/sda1 rw,errors=remount-ro\n"
	"41 39 0:22 / /oldroot/run rw - tmpfs tmpfs rw\n"
	"42 41 0:30 / /oldroot/run/initramfs rw - tmpfs tmpfs rw\n";

static void parse(struct mounts *mounts, const char *text)
{
	assert_int_equal(mounts_parse(mounts, strdup(text)), 0);
}

static const struct mount *find(const struct mounts *mounts, const char *path)
{
	size_t i;

	for (i = 0; i < mounts->count; i++) {
		if (strcmp(mounts->mount[i].path, path) == 0)
			return &mounts->mount[i];
	}
	fail_msg("%s is not in the table", path);
	return NULL;
}

static void test_ours_and_theirs(void **state)
{
	struct mounts mounts;

	(void)state;
	parse(&mounts, table_252);
	assert_int_equal(mounts.count, 12);
	assert_true(find(&mounts, "/")->ours);
	assert_true(find(&mounts, "/sys/fs/cgroup")->ours);
	/* Below /run, but it holds data. */
	assert_false(find(&mounts, "/run/disk")->ours);
	assert_false(find(&mounts, "/oldroot/run/initramfs")->ours);
	assert_true(find(&mounts, "/oldroot/run/initramfs")->virtual);
	mounts_free(&mounts);
}

static void test_writable_is_the_super_block(void **state)
{
	struct mounts mounts;

	(void)state;
	parse(&mounts, table_252);
	/* The mount point says ro, its super block rw: not safe. */
	assert_false(find(&mounts, "/oldroot")->read_only);
	assert_int_equal(mounts_count_data(&mounts), 3);
	assert_int_equal(mounts_count_writable(&mounts), 3);
	mounts_free(&mounts);
}

static void test_deepest_first(void **state)
{
	static const char *const order[] = {
		"/oldroot/run/initramfs", "/oldroot/run", "/run/disk",
		"/oldroot/var lib",       "/oldroot",
	};
	struct mounts mounts;
	size_t count = 0, i;

	(void)state;
	parse(&mounts, table_252);
	for (i = 0; i < mounts.count; i++) {
		if (mounts.mount[i].ours)
			continue;
		assert_true(count < 5);
		assert_string_equal(mounts.mount[i].path, order[count]);
		count++;
	}
	assert_int_equal(count, 5);
	mounts_free(&mounts);
}

static void test_stacked_mounts(void **state)
{
	struct mounts mounts;

	(void)state;
	parse(&mounts, "5 1 8:1 / /data rw - ext4 /dev/sda1 rw\n"
		       "6 5 8:2 / /data rw - xfs /dev/sda2 rw\n");
	assert_int_equal(mounts.mount[0].id, 6);
	mounts_free(&mounts);
}

static void test_empty_source(void **state)
{
	struct mounts mounts;

	(void)state;
	parse(&mounts, "5 1 0:9 / /a rw - overlay  ro,x\n"
		       "6 1 0:9 / /b rw shared:1 master:2 - overlay  rw\n");
	assert_true(find(&mounts, "/a")->read_only);
	assert_false(find(&mounts, "/b")->read_only);
	mounts_free(&mounts);
}

static void test_garbage(void **state)
{
	static const char *const garbage[] = {
		"",
		"\n\n",
		"1",
		"1 2 3",
		"a b c:d / / rw - x y z\n",
		"1 2 8:1\n",
		"1 2 8:1 /\n",
		"1 2 8:1 / /x rw\n",
		"1 2 8:1 / /x rw -\n",
		"7 7 8:1 / /\\04 rw - ext4",
		"1 2 8:1 / /x rw - ext4 /dev/sda1\n",
		"1 2 8:1 / /x rw - ext4\n2 1 8:1 / /y rw - ext4 z rw\n",
	};
	struct mounts mounts;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(garbage) / sizeof(*garbage); i++) {
		parse(&mounts, garbage[i]);
		mounts_free(&mounts);
	}
	/* Parents that turn in a circle. */
	parse(&mounts, "1 2 8:1 / /x rw - ext4 a rw\n"
		       "2 1 8:1 / /y rw - ext4 b rw\n");
	assert_int_equal(mounts.count, 2);
	mounts_free(&mounts);
}

/* Who walks to a mount waits for every remote one on the way. */
static void test_remote(void **state)
{
	struct mounts mounts;

	(void)state;
	parse(&mounts, "1 0 0:9 / / rw - tmpfs tmpfs rw\n"
		       "2 1 0:8 / /oldroot rw - nfs4 server:/ rw\n"
		       "3 2 0:7 / /oldroot/mnt rw - fuse.sshfs x rw\n"
		       "4 3 8:1 / /oldroot/mnt/disk rw - ext4 /dev/sda1 rw\n"
		       "5 1 8:2 / /ntfs rw - fuseblk /dev/sda2 rw\n"
		       "6 5 0:6 / /ntfs/run rw - tmpfs tmpfs rw\n");
	assert_true(find(&mounts, "/oldroot/mnt")->remote);
	assert_false(find(&mounts, "/ntfs")->remote);
	assert_string_equal(mounts_find_remote(&mounts, 4)->path, "/oldroot");
	assert_string_equal(mounts_find_remote(&mounts, 2)->path, "/oldroot");
	assert_null(mounts_find_remote(&mounts, 6));
	assert_null(mounts_find_remote(&mounts, 99));
	mounts_free(&mounts);

	/* Parents that turn in a circle. */
	parse(&mounts, "1 2 0:1 / /x rw - nfs a rw\n"
		       "2 1 0:2 / /y rw - ext4 b rw\n");
	assert_string_equal(mounts_find_remote(&mounts, 2)->path, "/x");
	mounts_free(&mounts);
}

static void test_live_table(void **state)
{
	struct mounts mounts;

	(void)state;
	assert_int_equal(mounts_read(&mounts, "/proc/self/mountinfo"), 0);
	assert_true(mounts.count > 0);
	assert_true(find(&mounts, "/")->ours);
	mounts_free(&mounts);
	assert_true(mounts_read(&mounts, "/nonexistent") < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ours_and_theirs),
		cmocka_unit_test(test_writable_is_the_super_block),
		cmocka_unit_test(test_deepest_first),
		cmocka_unit_test(test_stacked_mounts),
		cmocka_unit_test(test_empty_source),
		cmocka_unit_test(test_garbage),
		cmocka_unit_test(test_remote),
		cmocka_unit_test(test_live_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
