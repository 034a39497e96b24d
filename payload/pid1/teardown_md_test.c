// SPDX-License-Identifier: MIT
/*
 * MD arrays of a /sys that a test has made, and an mdmon that a test plays. The
 * real one is in the scenario storage/imsm.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "pid1/layers.h"
#include "pid1/tree_fake.h"

static struct layer layer_of(const struct tree *tree, const char *name)
{
	struct layer layer = { .sys = tree->path, .dev = tree->path };

	(void)strcpy(layer.name, name);
	return layer;
}

static void test_dirty_arrays_are_found(void **state)
{
	static const char *const dirty[] = { "active\n", "active-idle\n",
					     "write-pending\n" };
	static const char *const clean[] = { "clean\n",     "readonly\n",
					     "read-auto\n", "inactive\n",
					     "clear\n",     "" };
	struct layers layers = { 0 };
	struct tree tree;
	char name[64] = "";
	size_t i;

	(void)state;
	tree_make(&tree);
	layers.sys = tree.path;
	layers.dev = tree.path;
	tree_write(&tree, "block/sda/size", "1\n");
	for (i = 0; i < sizeof(dirty) / sizeof(*dirty); i++) {
		tree_write(&tree, "block/md7/md/array_state", dirty[i]);
		assert_true(md_finds_dirty(&layers, name, sizeof(name)));
		assert_string_equal(name, "md7");
	}
	for (i = 0; i < sizeof(clean) / sizeof(*clean); i++) {
		tree_write(&tree, "block/md7/md/array_state", clean[i]);
		assert_false(md_finds_dirty(&layers, name, sizeof(name)));
	}
	tree_remove(&tree);
}

/* mdmon is told to hurry, and waited for, but only so long. */
static void test_external_metadata_is_waited_for(void **state)
{
	struct layers layers = { 0 };
	struct layer layer;
	struct tree tree;

	(void)state;
	tree_make(&tree);
	tree_write(&tree, "block/md126/md/array_state", "active\n");
	tree_write(&tree, "block/md126/md/metadata_version",
		   "external:/md127/0\n");
	tree_write(&tree, "block/md126/md/safe_mode_delay", "");
	tree_write(&tree, "md126", "");
	layer = layer_of(&tree, "md126");
	assert_int_equal(md_layer.detach(&layer, deadline_in_ms(300)), -ENOTTY);
	tree_check(&tree, "block/md126/md/safe_mode_delay", "0.01");

	/* Also when the array itself has to stay. */
	tree_write(&tree, "block/md126/md/safe_mode_delay", "");
	layers.sys = tree.path;
	md_hurry_all(&layers);
	tree_check(&tree, "block/md126/md/safe_mode_delay", "0.01");

	/* The kernel's own metadata need none of that. */
	tree_write(&tree, "block/md126/md/metadata_version", "1.2\n");
	tree_write(&tree, "block/md126/md/safe_mode_delay", "");
	assert_int_equal(md_layer.detach(&layer, deadline_in_ms(300)), -ENOTTY);
	tree_check(&tree, "block/md126/md/safe_mode_delay", "");
	tree_remove(&tree);
}

/* mdmon goes with the container, so what lies in that goes before it. */
static void test_a_container_outlives_its_arrays(void **state)
{
	static const char *const inside[] = { "external:/md127/0\n",
					      "external:-md127/0\n" };
	static const char *const outside[] = { "external:/md1270/0\n",
					       "external:imsm\n", "1.2\n",
					       "external:/\n", "" };
	struct layer layer;
	struct tree tree;
	size_t i;

	(void)state;
	tree_make(&tree);
	tree_write(&tree, "block/md127/md/array_state", "inactive\n");
	tree_write(&tree, "block/md127/md/metadata_version", "external:imsm\n");
	tree_write(&tree, "md127", "");
	tree_write(&tree, "block/md126/md/array_state", "clean\n");
	layer = layer_of(&tree, "md127");
	for (i = 0; i < sizeof(inside) / sizeof(*inside); i++) {
		tree_write(&tree, "block/md126/md/metadata_version", inside[i]);
		assert_int_equal(md_layer.detach(&layer, deadline_in_ms(300)),
				 -EBUSY);
	}
	for (i = 0; i < sizeof(outside) / sizeof(*outside); i++) {
		tree_write(&tree, "block/md126/md/metadata_version", outside[i]);
		assert_int_equal(md_layer.detach(&layer, deadline_in_ms(300)),
				 -ENOTTY);
	}
	tree_write(&tree, "block/md126/md/metadata_version", inside[0]);
	tree_write(&tree, "block/md126/md/array_state", "clear\n");
	assert_int_equal(md_layer.detach(&layer, deadline_in_ms(300)), -ENOTTY);
	tree_remove(&tree);
}

/* What mdmon does with one connection: "answer", "go" or "hang". */
static pid_t start_monitor(const struct tree *tree, char path[128],
			   const char *what)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	uint32_t words[3];
	int fd, peer;
	pid_t pid;

	(void)snprintf(path, 128, "%s/md127.sock", tree->path);
	(void)strcpy(at.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(fd, 1), 0);
	pid = fork();
	if (pid == 0) {
		(void)alarm(20);
		peer = accept(fd, NULL, NULL);
		if (recv(peer, words, sizeof(words), MSG_WAITALL) !=
			    sizeof(words) ||
		    words[0] != 0x5a5aa5a5 || words[1] != 0 ||
		    words[2] != 0xa5a55a5a)
			_exit(1);
		if (strcmp(what, "answer") == 0 &&
		    send(peer, words, sizeof(words), 0) != sizeof(words))
			_exit(2);
		while (strcmp(what, "hang") == 0 && read(peer, words, 1) > 0)
			;
		_exit(0);
	}
	(void)close(fd);
	return pid;
}

static void ask_monitor(const char *what, int wait_ms, int result)
{
	struct tree tree;
	char path[128];
	int status;
	pid_t pid;

	tree_make(&tree);
	pid = start_monitor(&tree, path, what);
	assert_int_equal(md_ask_monitor(path, deadline_in_ms(wait_ms)), result);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	tree_remove(&tree);
}

static void test_mdmon_is_asked(void **state)
{
	(void)state;
	ask_monitor("answer", 10000, 0);
	ask_monitor("go", 10000, -EPIPE);
	ask_monitor("hang", 200, -ETIMEDOUT);
	assert_int_equal(md_ask_monitor("/nonexistent", deadline_in_ms(200)),
			 -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dirty_arrays_are_found),
		cmocka_unit_test(test_external_metadata_is_waited_for),
		cmocka_unit_test(test_a_container_outlives_its_arrays),
		cmocka_unit_test(test_mdmon_is_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
