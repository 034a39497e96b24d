// SPDX-License-Identifier: MIT
/*
 * Who is killed and who is spared, in a /proc that a test has made: real
 * processes of the machine are never looked at. Only the numbers are real.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "pid1/pinners.h"
#include "pid1/tree_fake.h"

static const char table[] = "30 1 0:30 / / rw - tmpfs tmpfs rw\n"
			    "39 30 8:1 / /oldroot ro - ext4 /dev/sda1 rw\n"
			    "40 39 0:5 / /oldroot/dev rw - devtmpfs udev rw\n";

struct fixture {
	struct tree tree;
	struct mounts mounts;
	struct pinners pinners;
	char said[400];
	pid_t pid; /* of a process that sleeps */
};

static void report(void *arg, int pid, const char *name, const char *holds)
{
	struct fixture *fixture = arg;
	size_t len = strlen(fixture->said);

	assert_int_equal(pid, fixture->pid);
	(void)snprintf(fixture->said + len, sizeof(fixture->said) - len,
		       "%s: %s\n", name, holds);
}

static void put(struct fixture *fixture, const char *name, const char *text)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "%d/%s", fixture->pid, name);
	tree_write(&fixture->tree, path, text);
}

static void point(struct fixture *fixture, const char *name, const char *to)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "%d/%s", fixture->pid, name);
	tree_link(&fixture->tree, path, to);
}

/* A stranger who holds nothing yet. */
static void begin(struct fixture *fixture, const char *command)
{
	memset(fixture, 0, sizeof(*fixture));
	tree_make(&fixture->tree);
	assert_int_equal(mounts_parse(&fixture->mounts, strdup(table)), 0);
	fixture->pinners.report = report;
	fixture->pinners.arg = fixture;
	fixture->pid = fork();
	if (fixture->pid == 0) {
		for (;;)
			(void)pause();
	}
	tree_link(&fixture->tree, "self/exe", "/shutdown");
	tree_link(&fixture->tree, "self/ns/mnt", "mnt:[1]");
	point(fixture, "exe", "/run/daemon");
	point(fixture, "cwd", "/");
	point(fixture, "root", "/");
	point(fixture, "ns/mnt", "mnt:[1]");
	put(fixture, "comm", "daemon\n");
	put(fixture, "cmdline", command);
	put(fixture, "fd/.keep", "");
	put(fixture, "maps", "55-66 r-xp 00000000 00:1d 5    /run/daemon\n");
}

static int look(struct fixture *fixture, bool daemons)
{
	return pinners_kill(&fixture->pinners, fixture->tree.path,
			    &fixture->mounts, daemons, deadline_in_ms(2000));
}

static void end(struct fixture *fixture, bool killed)
{
	int status = 0;

	if (!killed) {
		assert_int_equal(waitpid(fixture->pid, &status, WNOHANG), 0);
		(void)kill(fixture->pid, SIGTERM);
	}
	(void)waitpid(fixture->pid, &status, 0);
	assert_int_equal(WTERMSIG(status), killed ? SIGKILL : SIGTERM);
	mounts_free(&fixture->mounts);
	tree_remove(&fixture->tree);
}

static void test_who_holds_nothing_is_spared(void **state)
{
	struct fixture fixture;

	(void)state;
	begin(&fixture, "daemon");
	/* The name only begins like the mount's. */
	point(&fixture, "fd/3", "/oldroots/file");
	assert_int_equal(look(&fixture, true), 0);
	assert_string_equal(fixture.said, "");
	end(&fixture, false);
}

static void test_each_kind_of_hold(void **state)
{
	static const struct {
		const char *name, *to, *text;
	} holds[] = {
		{ "fd/7", "/oldroot/var/log (deleted)", NULL },
		{ "fd/8", "/oldroot/dev/sda1", NULL },
		{ "maps", NULL,
		  "55-66 r-xp 0 00:1d 5 /lib/x\n66-77 r--p 0 08:01 9 /oldroot/lib/y\n" },
	};
	struct fixture fixture;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(holds) / sizeof(*holds); i++) {
		begin(&fixture, "daemon");
		if (holds[i].to)
			point(&fixture, holds[i].name, holds[i].to);
		else
			put(&fixture, holds[i].name, holds[i].text);
		assert_int_equal(look(&fixture, false), 1);
		assert_non_null(strstr(fixture.said, "daemon: /oldroot/"));
		end(&fixture, true);
	}
}

/* What serves the storage goes only when it is its turn. */
static void test_daemons_are_spared_at_first(void **state)
{
	struct fixture fixture;

	(void)state;
	begin(&fixture, "@daemon");
	point(&fixture, "fd/3", "/oldroot/dev/fuse");
	assert_int_equal(look(&fixture, false), 0);
	assert_string_equal(fixture.said, "");
	assert_int_equal(look(&fixture, true), 1);
	assert_string_equal(fixture.said, "daemon: /oldroot/dev/fuse\n");
	end(&fixture, true);
}

static void test_our_own_kind_is_spared(void **state)
{
	struct fixture fixture;
	char path[256];

	(void)state;
	begin(&fixture, "/shutdown");
	(void)snprintf(path, sizeof(path), "%s/%d/exe", fixture.tree.path,
		       fixture.pid);
	(void)unlink(path);
	point(&fixture, "exe", "/shutdown");
	point(&fixture, "fd/3", "/oldroot/file");
	assert_int_equal(look(&fixture, true), 0);
	end(&fixture, false);
}

/* In D state it stays: it is named once, and counts as nobody's progress. */
static void test_who_does_not_die_is_no_progress(void **state)
{
	struct fixture fixture;
	char said[400], path[256];

	(void)state;
	begin(&fixture, "daemon");
	point(&fixture, "fd/3", "/oldroot/file");
	put(&fixture, "stat", "7 (a) b) D 1 1\n");
	assert_int_equal(look(&fixture, false), 0);
	assert_int_equal(fixture.pinners.count, 1);
	(void)strcpy(said, fixture.said);
	assert_int_equal(look(&fixture, true), 0);
	assert_string_equal(fixture.said, said);

	(void)snprintf(path, sizeof(path), "%s/%d/fd/3", fixture.tree.path,
		       fixture.pid);
	(void)unlink(path);
	put(&fixture, "stat", "7 (a) b) Z 1 1\n");
	assert_int_equal(look(&fixture, true), 1);
	assert_int_equal(fixture.pinners.count, 0);
	end(&fixture, true);
}

/* To look at it hangs: here, because its maps are a pipe without a writer. */
static void test_who_cannot_be_looked_at_is_killed(void **state)
{
	struct fixture fixture;
	char path[256];

	(void)state;
	begin(&fixture, "daemon");
	(void)snprintf(path, sizeof(path), "%s/%d/maps", fixture.tree.path,
		       fixture.pid);
	(void)unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(look(&fixture, false), 1);
	assert_string_equal(fixture.said, "daemon: what hangs\n");
	end(&fixture, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_who_holds_nothing_is_spared),
		cmocka_unit_test(test_each_kind_of_hold),
		cmocka_unit_test(test_daemons_are_spared_at_first),
		cmocka_unit_test(test_our_own_kind_is_spared),
		cmocka_unit_test(test_who_does_not_die_is_no_progress),
		cmocka_unit_test(test_who_cannot_be_looked_at_is_killed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
