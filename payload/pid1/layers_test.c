// SPDX-License-Identifier: MIT
/*
 * Layers of a /sys that a test has made: what is one, what is named, what is
 * asked. The calls themselves need a kernel: the scenarios in storage/ do them.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pid1/layers.h"
#include "pid1/swap.h"
#include "pid1/tree_fake.h"

static struct layers layers_of(const struct tree *tree)
{
	struct layers layers = { .sys = tree->path, .dev = tree->path };

	return layers;
}

static struct layer layer_of(const struct tree *tree, const char *name)
{
	struct layer layer = { .sys = tree->path, .dev = tree->path };

	(void)strcpy(layer.name, name);
	return layer;
}

/* A LUKS root on a RAID1, a loop device, and disks that nothing lies on. */
static void make_machine(struct tree *tree)
{
	tree_make(tree);
	tree_write(tree, "block/sda/size", "1000\n");
	tree_write(tree, "block/sda/sda1/holders/md0", "");
	tree_write(tree, "block/md0/md/array_state", "active\n");
	tree_write(tree, "block/md0/md/sync_action", "resync\n");
	tree_write(tree, "block/md0/holders/dm-0", "");
	tree_write(tree, "block/dm-0/dm/name", "root_crypt\n");
	tree_write(tree, "block/dm-0/dm/uuid", "CRYPT-LUKS2-0123-root_crypt\n");
	tree_write(tree, "block/dm-0/dev", "253:300\n");
	tree_directory(tree, "block/dm-0/holders");
	tree_write(tree, "block/loop0/loop/backing_file", "/oldroot/img\n");
	tree_directory(tree, "block/loop1/holders");
	tree_write(tree, "block/md1/md/array_state", "clear\n");
}

static void test_what_is_there_is_named(void **state)
{
	struct layers layers;
	struct tree tree;
	char text[140];

	(void)state;
	make_machine(&tree);
	layers = layers_of(&tree);
	assert_int_equal(layers_name_left(&layers, text, sizeof(text)), 3);
	assert_non_null(strstr(text, "md0 (in the middle of a resync)"));
	assert_non_null(strstr(text, "dm root_crypt"));
	assert_non_null(strstr(text, "loop0"));
	assert_null(strstr(text, "loop1"));
	assert_null(strstr(text, "md1"));
	tree_remove(&tree);
}

/* No device answers here: it ends, and nothing counts as closed. */
static void test_what_cannot_be_closed_is_left(void **state)
{
	struct layers layers;
	struct tree tree;

	(void)state;
	make_machine(&tree);
	layers = layers_of(&tree);
	assert_int_equal(layers_close(&layers, deadline_in_ms(5000)), 0);
	assert_string_equal(layers.closed, "");
	tree_remove(&tree);
}

/* A kernel that says yes and does nothing is not asked for ever. */
static void test_what_only_says_yes_is_asked_once(void **state)
{
	struct layers layers;
	struct tree tree;

	(void)state;
	tree_make(&tree);
	tree_write(&tree, "block/bcache0/bcache/state", "clean\n");
	tree_write(&tree, "block/bcache0/bcache/cache/stop", "");
	tree_write(&tree, "bcache0", ""); /* in /dev */
	layers = layers_of(&tree);
	assert_int_equal(layers_close(&layers, deadline_in_ms(20000)), 0);
	tree_check(&tree, "block/bcache0/bcache/cache/stop", "1");
	assert_int_equal(layers.stuck_count, 1);
	assert_string_equal(layers.stuck[0], "bcache0");

	tree_write(&tree, "block/bcache0/bcache/cache/stop", "");
	assert_int_equal(layers_close(&layers, deadline_in_ms(20000)), 0);
	tree_check(&tree, "block/bcache0/bcache/cache/stop", "");
	tree_remove(&tree);
}

static void test_what_carries_another_is_not_touched(void **state)
{
	struct layers layers;
	struct tree tree;

	(void)state;
	tree_make(&tree);
	tree_write(&tree, "block/bcache0/bcache/state", "clean\n");
	tree_write(&tree, "block/bcache0/bcache/stop", "");
	tree_write(&tree, "block/bcache0/bcache0p1/holders/dm-0", "");
	tree_write(&tree, "bcache0", "");
	layers = layers_of(&tree);
	assert_int_equal(layers_close(&layers, deadline_in_ms(20000)), 0);
	tree_check(&tree, "block/bcache0/bcache/stop", "");
	tree_remove(&tree);
}

static void test_what_blocks_is_told_by_its_marks(void **state)
{
	struct layers layers;
	struct tree tree;

	(void)state;
	make_machine(&tree);
	layers = layers_of(&tree);
	assert_int_equal(dm_unblock(&layers, deadline_in_ms(5000)), 0);
	tree_write(&tree, "block/dm-1/dm/name", "mp\n");
	tree_write(&tree, "block/dm-1/dm/uuid", "mpath-3600\n");
	tree_write(&tree, "block/dm-2/dm/name", "mp1\n");
	tree_write(&tree, "block/dm-2/dm/uuid", "part1-mpath-3600\n");
	tree_write(&tree, "block/dm-2/dm/suspended", "0\n");
	assert_int_equal(dm_unblock(&layers, deadline_in_ms(5000)), 1);
	tree_write(&tree, "block/dm-2/dm/suspended", "1\n");
	assert_int_equal(dm_unblock(&layers, deadline_in_ms(5000)), 1);
	tree_remove(&tree);
}

/* A number that is none must not reach the kernel. */
static void test_dm_without_a_number(void **state)
{
	static const char *const numbers[] = {
		"", "253", "x:1\n", "0:1\n", "253:1048576\n", "4096:1\n"
	};
	struct layer layer;
	struct tree tree;
	size_t i;

	(void)state;
	make_machine(&tree);
	tree_write(&tree, "dm-0", "");
	tree_write(&tree, "mapper/control", "");
	layer = layer_of(&tree, "dm-0");
	/* Not a control node, but it would have been asked. */
	assert_int_equal(dm_layer.detach(&layer, deadline_in_ms(100)), -ENOTTY);
	for (i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		tree_write(&tree, "block/dm-0/dev", numbers[i]);
		assert_int_equal(dm_layer.detach(&layer, deadline_in_ms(100)),
				 -ENODEV);
	}
	tree_remove(&tree);
}

static void test_lists_end_where_the_room_ends(void **state)
{
	char text[12] = "";

	(void)state;
	layers_list(text, sizeof(text), "one");
	layers_list(text, sizeof(text), "two");
	assert_string_equal(text, "one, two");
	layers_list(text, sizeof(text), "three");
	assert_string_equal(text, "one, two, t");
	layers_list(text, sizeof(text), "four");
	assert_string_equal(text, "one, two, t");
}

static void test_swap_table(void **state)
{
	static struct swaps swaps;
	char text[] = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"
		      "/oldroot/dev/sda2    partition\t99\t\t0\t\t-2\n"
		      "/oldroot/swap\\040file    file\t\t99\t\t0\t\t-3\n"
		      "/dev/zram0    partition\t99\t\t0\t\t100\n"
		      "/swapfile\\040(deleted)    file\t99\t0\t-4\n"
		      "none file 1\n";

	(void)state;
	swap_parse(&swaps, text);
	assert_int_equal(swaps.count, 2);
	assert_string_equal(swaps.path[0], "/oldroot/dev/sda2");
	assert_string_equal(swaps.path[1], "/oldroot/swap file");
}

static void test_swap_that_cannot_go_is_not_named(void **state)
{
	struct tree tree;
	char closed[64] = "", path[128];

	(void)state;
	tree_make(&tree);
	tree_write(&tree, "swaps",
		   "Filename Type\n/nonexistent/lastwatt-swap file 1 0 -2\n");
	(void)strcat(strcpy(path, tree.path), "/swaps");
	assert_int_equal(
		swap_off(path, closed, sizeof(closed), deadline_in_ms(2000)), 0);
	assert_string_equal(closed, "");
	assert_int_equal(swap_off("/nonexistent", closed, sizeof(closed),
				  deadline_in_ms(2000)),
			 0);
	tree_remove(&tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_there_is_named),
		cmocka_unit_test(test_what_cannot_be_closed_is_left),
		cmocka_unit_test(test_what_only_says_yes_is_asked_once),
		cmocka_unit_test(test_what_carries_another_is_not_touched),
		cmocka_unit_test(test_what_blocks_is_told_by_its_marks),
		cmocka_unit_test(test_dm_without_a_number),
		cmocka_unit_test(test_lists_end_where_the_room_ends),
		cmocka_unit_test(test_swap_table),
		cmocka_unit_test(test_swap_that_cannot_go_is_not_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
