// SPDX-License-Identifier: MIT
/*
 * Keepers of the real program in their sandbox: what they must not do ends
 * them or is refused, and what they need works, serial ports and the network.
 */
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cmocka.h>

#include "link/line_fake.h"
#include "pid1/child.h"
#include "pid1/expect_fake.h"
#include "pid1/keeper_talk.h"
#include "pid1/sandbox.h"

#define PORT_LIMIT_MS 60000

static void run_trying(struct world *world, const char *word, const char *more)
{
	char ups_conf[256];

	(void)snprintf(ups_conf, sizeof(ups_conf), FAKE_UPS " tries = %s\n%s",
		       word, more);
	*world = expect_world(expect_poweroff, ups_conf);
	expect_run(world);
	assert_int_equal(world->signal, POWERED_OFF);
}

/* The filter ends it, PID 1 says at which call, and powers off. */
static void test_the_filter_stops_mischief(void **state)
{
	static const struct {
		const char *word;
		long call;
	} list[] = {
		{ "reboot", SYS_reboot },    { "mount", SYS_mount },
		{ "umount", SYS_umount2 },   { "ptrace", SYS_ptrace },
		{ "kexec", SYS_kexec_load }, { "module", SYS_init_module },
		{ "bpf", SYS_bpf },          { "exec", SYS_execve },
		{ "kill", SYS_kill },        { "code", SYS_mmap },
		{ "type", SYS_ioctl },       { "socket", SYS_socket },
	};
	struct world world;
	char sentence[80];

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		run_trying(&world, list[i].word, "");
		(void)snprintf(sentence, sizeof(sentence),
			       "stopped by its filter (system call %ld)",
			       list[i].call);
		expect_said(world.console, sentence);
		expect_said(world.kmsg, "perhaps commanded, not verified");
		expect_not_said(world.journal, "return");
	}
}

/* These have more than one system call, by architecture and C library. */
static void test_the_filter_stops_processes_and_block_nodes(void **state)
{
	static const char *const list[] = { "fork", "block" };
	struct world world;

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		run_trying(&world, list[i], "");
		expect_said(world.console, "by its filter");
		expect_not_said(world.journal, "return");
	}
}

static void test_disks_and_our_own_files_are_out_of_reach(void **state)
{
	static const char *const list[] = { "disk", "program", "sysfs" };
	struct world world;
	char refused[32];

	(void)state;
	if (syscall(SYS_landlock_create_ruleset, NULL, 0, 1) < 0) {
		print_message("this kernel has no Landlock\n");
		skip();
	}
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		run_trying(&world, list[i], "");
		(void)snprintf(refused, sizeof(refused), "rack1 %s -13\n",
			       list[i]);
		expect_said(world.journal, refused);
		expect_cut(&world);
	}
}

/* It runs into its limits, and PID 1 does not feel it. */
static void test_a_leak_has_an_end(void **state)
{
	struct world world;

	(void)state;
	run_trying(&world, "leak", "");
	expect_said(world.journal, "rack1 leak -12\n");
	expect_cut(&world);
	run_trying(&world, "files", "");
	expect_said(world.journal, "rack1 files -24\n");
	expect_cut(&world);
}

static void test_the_network_is_for_who_needs_it(void **state)
{
	struct world world;

	(void)state;
	run_trying(&world, "udp", " host = 127.0.0.1\n");
	expect_said(world.journal, "rack1 udp 0\n");
	expect_cut(&world);

	/* A name that nobody has looked up: the resolver is a process. */
	run_trying(&world, "udp", " host = no-such-host.invalid\n");
	expect_not_said(world.console, "stopped by its filter");
	expect_cut(&world);

	/* With it comes no device. */
	run_trying(&world, "block", " host = 127.0.0.1\n");
	expect_said(world.console, "stopped by its filter");
}

static void test_libusb_starts(void **state)
{
	struct world world;

	(void)state;
	run_trying(&world, "usb", "");
	expect_not_said(world.console, "by its filter");
	expect_said(world.journal, "rack1 usb -");
	expect_cut(&world);
}

/* The far end of a port: an emulated UPS in a process of its own. */
struct far_end {
	int master, slave;
	pid_t pid;
	struct line_fake *fake; /* shared with it */
	char path[64];
};

static void far_end_serve(struct far_end *far)
{
	struct pollfd port = { .fd = far->master, .events = POLLIN };
	deadline_t until = deadline_in_ms(PORT_LIMIT_MS);
	uint8_t bytes[512];
	ssize_t len;

	while (!deadline_passed(until)) {
		if (poll(&port, 1, 5) > 0) {
			len = read(far->master, bytes, sizeof(bytes));
			if (len > 0)
				line_fake_receive(far->fake, bytes, (size_t)len);
		}
		len = (ssize_t)line_fake_take(far->fake, bytes, sizeof(bytes));
		if (len > 0)
			(void)!write(far->master, bytes, (size_t)len);
	}
	_exit(0);
}

static void far_end_start(struct far_end *far, const char *kind)
{
	struct termios raw;

	far->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(far->master >= 0);
	assert_int_equal(grantpt(far->master), 0);
	assert_int_equal(unlockpt(far->master), 0);
	(void)snprintf(far->path, sizeof(far->path), "%s", ptsname(far->master));
	/* While somebody holds it, the port does not hang up in between. */
	far->slave = open(far->path, O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(far->slave >= 0);
	assert_int_equal(tcgetattr(far->slave, &raw), 0);
	cfmakeraw(&raw);
	assert_int_equal(tcsetattr(far->slave, TCSANOW, &raw), 0);
	far->fake = mmap(NULL, sizeof(*far->fake), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(far->fake, MAP_FAILED);
	line_fake_start(far->fake, line_fake_find(kind));
	far->pid = fork();
	if (far->pid == 0)
		far_end_serve(far);
}

static int far_end_finish(struct far_end *far)
{
	int orders;

	(void)kill(far->pid, SIGKILL);
	(void)waitpid(far->pid, NULL, 0);
	orders = far->fake->orders;
	line_fake_end(far->fake);
	(void)munmap(far->fake, sizeof(*far->fake));
	(void)close(far->master);
	(void)close(far->slave);
	return orders;
}

/* Real drivers on a real port; a keeper that is stopped is a bug of ours. */
static void test_serial_drivers_work_in_it(void **state)
{
	static const struct {
		const char *kind, *driver;
	} list[] = {
		{ "metasys", "metasys" },
		{ "qx-megatec", "nutdrv_qx" },
		{ "apcsmart", "apcsmart" },
		{ "mge-utalk", "mge-utalk" },
	};
	struct far_end far;
	struct world world;
	char ups_conf[128];
	int orders;

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		far_end_start(&far, list[i].kind);
		(void)snprintf(ups_conf, sizeof(ups_conf),
			       "[rack1]\n driver = %s\n port = /dev/ttyS9\n",
			       list[i].driver);
		world = expect_world(expect_poweroff, ups_conf);
		world.port = far.path;
		world.budget_s = 60;
		world_run(&world);
		orders = far_end_finish(&far);
		if (world.skip)
			skip();
		assert_int_equal(world.signal, POWERED_OFF);
		expect_not_said(world.console, "by its filter");
		expect_said(world.console, "rack1: return");
		assert_true(orders > 0);
	}
}

static int body_confined(int fd, void *arg)
{
	char go;

	sandbox_enter(arg);
	(void)child_tell(fd, "in", 2);
	return (int)child_listen(fd, &go, 1);
}

static void read_status(pid_t pid, const char *file, char text[4096])
{
	char path[64];
	FILE *status;
	size_t len;

	(void)snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, file);
	status = fopen(path, "re");
	assert_non_null(status);
	len = fread(text, 1, 4095, status);
	text[len] = '\0';
	(void)fclose(status);
}

/* As the kernel sees it from outside. */
static void test_what_is_left_of_its_powers(void **state)
{
	/* The memory of sanitizers has no limit. */
	struct sandbox sandbox = { .memory = RLIM_INFINITY };
	struct child child;
	char text[4096];

	(void)state;
	assert_int_equal(child_start(&child, body_confined, &sandbox,
				     deadline_in_ms(5000)),
			 0);
	assert_int_equal(
		child_wait(&child, text, sizeof(text), deadline_in_ms(10000)),
		2);
	read_status(child.pid, "status", text);
	expect_said(text, "NoNewPrivs:\t1\n");
	expect_said(text, "Seccomp:\t2\n");
	expect_said(text, "CapInh:\t0000000000000000\n");
	expect_said(text, "CapAmb:\t0000000000000000\n");
	if (geteuid() == 0) {
		/* CAP_MKNOD */
		expect_said(text, "CapPrm:\t0000000008000000\n");
		expect_said(text, "CapEff:\t0000000008000000\n");
		expect_said(text, "CapBnd:\t0000000008000000\n");
	}
	read_status(child.pid, "limits", text);
	expect_said(text, "Max core file size        0  ");
	expect_said(text, "Max open files            64 ");
	child_kill(&child);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_filter_stops_mischief),
		cmocka_unit_test(test_the_filter_stops_processes_and_block_nodes),
		cmocka_unit_test(test_disks_and_our_own_files_are_out_of_reach),
		cmocka_unit_test(test_a_leak_has_an_end),
		cmocka_unit_test(test_the_network_is_for_who_needs_it),
		cmocka_unit_test(test_libusb_starts),
		cmocka_unit_test(test_serial_drivers_work_in_it),
		cmocka_unit_test(test_what_is_left_of_its_powers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
