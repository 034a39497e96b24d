// SPDX-License-Identifier: MIT
/*
 * The real program as PID 1 where everything is against it: a kernel that
 * refuses, signals, processes that stop its children, a root that lacks what
 * one relies on. The verb is carried out all the same, and no cut comes that
 * should not.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "pid1/expect_fake.h"
#include "pid1/sandbox_calls.h"

static void test_every_signal_all_the_time(void **state)
{
	struct world world = expect_world(expect_poweroff, FAKE_UPS);

	(void)state;
	world.trouble.signals = true;
	world.data_below_oldroot = true;
	expect_run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	expect_cut(&world);
}

/* Or noise on a serial one; a daemon that systemd spared keeps it open. */
static void test_ctrl_c_on_the_console(void **state)
{
	struct world world = expect_world(expect_poweroff, FAKE_UPS);

	(void)state;
	world.trouble.keys = true;
	world.data_below_oldroot = true;
	expect_run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	expect_cut(&world);
	expect_not_said(world.console, "died");
}

/* Each of its children stands still sooner or later. */
static void test_stopped_children(void **state)
{
	struct world world = expect_world(expect_poweroff, FAKE_UPS);

	(void)state;
	world.trouble.stops = true;
	world.budget_s = 10;
	expect_run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	assert_true(world.took_ms < 30000);
}

static void test_no_process_can_be_made(void **state)
{
	struct world world = expect_world(expect_poweroff, FAKE_UPS);

	(void)state;
	world.trouble.fails[0] = (struct trouble_call){ __NR_clone, EAGAIN };
	world.trouble.fails[1] =
		(struct trouble_call){ SANDBOX_OLD(fork, clone), EAGAIN };
	world.trouble.fails[2] =
		(struct trouble_call){ SANDBOX_OLD(vfork, clone), EAGAIN };
	world.budget_s = 10;
	expect_run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	expect_untouched(&world);
	expect_said(world.kmsg, "off: poweroff");
	assert_true(world.took_ms < 30000);
}

static void test_no_memory(void **state)
{
	struct world world = expect_world(expect_poweroff, FAKE_UPS);

	(void)state;
	world.trouble.fails[0] = (struct trouble_call){ __NR_mmap, ENOMEM };
	world.trouble.fails[1] = (struct trouble_call){ __NR_brk, ENOMEM };
	expect_run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	expect_untouched(&world);
	expect_said(world.console, "no memory or no process");
}

/* It is not the end of PID 1: that would be a panic, and perhaps a reboot. */
static void test_reboot_refused(void **state)
{
	struct world world = expect_world(expect_poweroff, FAKE_UPS);

	(void)state;
	world.trouble.fails[0] = (struct trouble_call){ __NR_reboot, EPERM };
	world.trouble.limit_ms = 5000;
	expect_run(&world);
	assert_int_equal(world.signal, SIGKILL); /* by this test */
	expect_cut(&world);
	expect_said(world.kmsg, "off: poweroff");
}

static void test_missing_proc(void **state)
{
	struct world world = expect_world(expect_poweroff, FAKE_UPS);

	(void)state;
	world.trouble.no_proc = true;
	world.trouble.fails[0] = (struct trouble_call){ __NR_mount, EPERM };
	expect_run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	/* Nobody can say what is mounted: that is not taken for nothing. */
	expect_not_said(world.console, "storage   safe");
	expect_said(world.console, "the mount table cannot be read");

	/* A kernel that mounts it: as if nothing had been. */
	world = expect_world(expect_poweroff, FAKE_UPS);
	world.trouble.no_proc = true;
	expect_run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
}

static void test_missing_dev(void **state)
{
	struct world world = expect_world(expect_poweroff, FAKE_UPS);

	(void)state;
	world.trouble.no_dev = true;
	expect_run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	/* Nothing can be said, but everything be done. */
	expect_said(world.journal, "rack1 return\n");
}

static void test_read_only_dev(void **state)
{
	struct world world = expect_world(expect_poweroff, FAKE_UPS);

	(void)state;
	world.trouble.dev_read_only = true;
	expect_run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	expect_said(world.journal, "rack1 return\n");
}

static void test_no_descriptor_is_left(void **state)
{
	struct world world = expect_world(expect_poweroff, FAKE_UPS);

	(void)state;
	world.trouble.few_files = true;
	world.data_below_oldroot = true;
	expect_run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	expect_cut(&world);
}

/* More milliseconds than fit into 32 bits. */
static void test_a_machine_that_ran_for_years(void **state)
{
	struct world world = expect_world(expect_poweroff, FAKE_UPS);

	(void)state;
	world.trouble.uptime_days = 1500;
	world.data_below_oldroot = true;
	expect_run(&world);
	assert_int_equal(world.signal, POWERED_OFF);
	expect_cut(&world);
	assert_true(world.took_ms < 15000);
}

/* The keeper goes on living without a word, or lives its life away. */
static void test_keepers_that_misbehave(void **state)
{
	static const struct {
		const char *keys, *said;
	} list[] = {
		{ FAKE_UPS " cut = spin\n", "its keeper hangs" },
		{ FAKE_UPS " cut = garble\n", "its keeper talks nonsense" },
		{ FAKE_UPS " cut = deaf\n", "its keeper died" },
		{ FAKE_UPS " cut = babble\n", "its keeper hangs" },
		{ FAKE_UPS " open = deaf\n", "NOT commanded" },
		{ FAKE_UPS " open = garble\n", "NOT commanded" },
		{ FAKE_UPS " open = babble\n", "NOT commanded" },
	};
	struct world world;

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		world = expect_world(expect_poweroff, list[i].keys);
		world.budget_s = 10;
		expect_run(&world);
		assert_int_equal(world.signal, POWERED_OFF);
		expect_said(world.console, list[i].said);
		expect_not_said(world.journal, "return");
		expect_not_said(world.console, "\033");
		assert_true(world.took_ms < 30000);
	}
}

/* As a process like any other it is no PID 1, whatever its name: it says so. */
static void run_as_another_process(const char *program, const char *says)
{
	char path[512], text[1024];
	int status = 0, ends[2];
	ssize_t len;
	pid_t pid;

	(void)snprintf(path, sizeof(path), "%s/test/%s", getenv("BUILD"),
		       program);
	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (pid == 0) {
		(void)dup2(ends[1], STDERR_FILENO);
		(void)execl(path, "/shutdown", "poweroff", (char *)NULL);
		_exit(0);
	}
	(void)close(ends[1]);
	len = read(ends[0], text, sizeof(text) - 1);
	(void)close(ends[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_not_equal(WEXITSTATUS(status), 0);
	text[len > 0 ? len : 0] = '\0';
	expect_said(text, says);
}

static void test_it_is_pid1_only_once(void **state)
{
	(void)state;
	run_as_another_process("shutdown", "only works as process 1");
	run_as_another_process("lastwatt", "poweroff");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_signal_all_the_time),
		cmocka_unit_test(test_ctrl_c_on_the_console),
		cmocka_unit_test(test_stopped_children),
		cmocka_unit_test(test_no_process_can_be_made),
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_reboot_refused),
		cmocka_unit_test(test_missing_proc),
		cmocka_unit_test(test_missing_dev),
		cmocka_unit_test(test_read_only_dev),
		cmocka_unit_test(test_no_descriptor_is_left),
		cmocka_unit_test(test_a_machine_that_ran_for_years),
		cmocka_unit_test(test_keepers_that_misbehave),
		cmocka_unit_test(test_it_is_pid1_only_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
