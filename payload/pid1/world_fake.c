// SPDX-License-Identifier: MIT
/*
 * Makes the namespaces in two steps. The keeper of the world mounts a tmpfs
 * and stays outside of its process namespace, so that it can read what PID 1
 * left behind; PID 1 gets a mount namespace of its own and pivots into it.
 */
#include "pid1/world_fake.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "handover.h"
#include "pid1/child.h"
#include "pid1/world_people_fake.h"

#define WORLD_LIMIT_MS 60000
#define WORLD_LOOK_MS  20

static void world_write(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	size_t len = strlen(text);

	world_require(fd >= 0 && write(fd, text, len) == (ssize_t)len, path);
	(void)close(fd);
}

static void world_read(const char *path, char text[WORLD_TEXT_MAX])
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ssize_t len = fd < 0 ? 0 : read(fd, text, WORLD_TEXT_MAX - 1);

	text[len > 0 ? len : 0] = '\0';
	if (fd >= 0)
		(void)close(fd);
}

static void world_copy_program(const char *to)
{
	char from[512], block[65536];
	int in, out;
	ssize_t len;

	(void)snprintf(from, sizeof(from), "%s/test/shutdown", getenv("BUILD"));
	in = open(from, O_RDONLY | O_CLOEXEC);
	world_require(in >= 0, from);
	out = open(to, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
	world_require(out >= 0, to);
	while ((len = read(in, block, sizeof(block))) > 0)
		world_require(write(out, block, (size_t)len) == len, to);
	(void)close(in);
	(void)close(out);
}

/* Root there is this user here. */
static void world_map_user(uid_t uid, gid_t gid)
{
	char map[64];

	world_write("/proc/self/setgroups", "deny", 0);
	(void)snprintf(map, sizeof(map), "0 %u 1", uid);
	world_write("/proc/self/uid_map", map, 0);
	(void)snprintf(map, sizeof(map), "0 %u 1", gid);
	world_write("/proc/self/gid_map", map, 0);
}

static void world_make_handover(const struct world *world)
{
	static struct handover handover;
	char dir[] = "run/lastwatt", boot_id[HANDOVER_BOOT_ID_MAX] = "";
	int fd;

	fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	world_require(fd >= 0 && read(fd, boot_id, sizeof(boot_id) - 1) > 0,
		      "boot_id");
	(void)close(fd);
	boot_id[strcspn(boot_id, "\n")] = '\0';

	memset(&handover, 0, sizeof(handover));
	(void)conf_parse(&handover.conf, "ups.conf", world->ups_conf,
			 strlen(world->ups_conf), NULL);
	handover.flag = world->flag_is_valid ? FLAG_VALID : FLAG_ABSENT;
	handover.drill = (enum handover_drill)world->drill;
	handover.poweroff_wait_ms = world->poweroff_wait_ms;
	(void)strcpy(handover.flag_path, "/etc/killpower");
	(void)strcpy(handover.boot_id, boot_id);
	if (world->primary) {
		(void)strcpy(handover.primary[0], world->primary);
		handover.primaries = 1;
	}
	if (world->other_primary)
		(void)strcpy(handover.primary[handover.primaries++],
			     world->other_primary);
	world_require(handover_write(&handover, dir) == 0, "handover_write");
}

static void world_make_old_root(const struct world *world)
{
	world_require(mkdir("oldroot/etc", 0755) == 0, "oldroot/etc");
	world_require(mkdir("oldroot/etc/nut", 0755) == 0, "oldroot/etc/nut");
	if (world->old_ups_conf)
		world_write("oldroot/etc/nut/ups.conf", world->old_ups_conf,
			    0640);
	if (world->old_upsmon_conf)
		world_write("oldroot/etc/nut/upsmon.conf",
			    world->old_upsmon_conf, 0640);
	if (world->old_flag)
		world_write("oldroot/etc/killpower", world->old_flag, 0644);
}

/* In the tmpfs, in which we stand already. */
static void world_make_tree(const struct world *world)
{
	static const char *const dirs[] = {
		"dev",
		"proc",
		"sys",
		"sys/block",
		"run",
		"oldroot",
		"host",
		"sys/power",
		"dev/bus",
		"dev/bus/usb",
		"dev/bus/usb/001",
	};
	size_t i;

	for (i = 0; i < sizeof(dirs) / sizeof(*dirs); i++)
		world_require(mkdir(dirs[i], 0755) == 0, dirs[i]);
	world_write("dev/null", "", 0666);
	world_write("dev/kmsg", "", 0600);
	world_require(mkfifo("run/never", 0600) == 0, "never");
	if (world->console_blocks)
		world_require(mkfifo("dev/console", 0600) == 0, "console");
	else
		world_write("dev/console", "", 0600);
	world_write("dev/tty0", "", 0600);
	world_write("dev/sda", "", 0600);
	world_write("sys/power/state", "", 0600);
	world_write("dev/bus/usb/001/001", "", 0600); /* no real device */
	world_copy_program("shutdown");
	world_make_old_root(world);
	if (world->ups_conf)
		world_make_handover(world);
	if (world->handover_text) {
		world_require(mkdir("run/lastwatt", 0700) == 0, "run/lastwatt");
		world_write("run/lastwatt/handover", world->handover_text, 0600);
	}
}

/* tmpfs holds no data in our eyes; an overlay may be mounted by anybody. */
static void world_mount_data(const struct world *world)
{
	world_require(mkdir("run/lower", 0755) == 0, "lower");
	world_require(mkdir("run/upper", 0755) == 0, "upper");
	world_require(mkdir("run/work", 0755) == 0, "work");
	world_require(mkdir("oldroot/data", 0755) == 0, "data");
	world_require(
		mount("overlay", "oldroot/data", "overlay", 0,
		      "lowerdir=run/lower,upperdir=run/upper,workdir=run/work") ==
			0,
		"mount overlay");
	if (!world->held_beside_data)
		return;
	world_require(mkdir("oldroot/data/dev", 0755) == 0, "data/dev");
	world_require(mount("tmpfs", "oldroot/data/dev", "tmpfs", 0, NULL) == 0,
		      "mount tmpfs on data");
}

/* Where a program that counts its lines writes: at the same place there. */
static void world_make_counters(const char *folder)
{
	char path[512];
	size_t i;

	for (i = 1; folder[i]; i++) {
		path[i - 1] = folder[i];
		path[i] = '\0';
		if (folder[i + 1] == '/' || !folder[i + 1])
			(void)mkdir(path, 0755);
	}
	world_require(mount(folder, path, NULL, MS_BIND, NULL) == 0, folder);
}

/* A file over which the terminal is laid, as none can be made here. */
static void world_make_port(const struct world *world)
{
	world_write("dev/ttyS9", "", 0600);
	world_require(mount(world->port, "dev/ttyS9", NULL, MS_BIND, NULL) == 0,
		      world->port);
}

/* As systemd does: a mask that blocks much, SIGPIPE ignored. */
static void world_inherit(void)
{
	sigset_t mask;

	(void)sigemptyset(&mask);
	(void)sigaddset(&mask, SIGCHLD);
	(void)sigaddset(&mask, SIGTERM);
	(void)sigaddset(&mask, SIGHUP);
	(void)sigprocmask(SIG_BLOCK, &mask, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
}

/* PID 1 of the world, until it becomes the program. */
static void __attribute__((noreturn))
world_be_pid1(const struct world *world, int outside)
{
	const char *counters = getenv("LASTWATT_COUNTERS");
	char budget[32] = "LASTWATT_BUDGET_S=20";
	char *environment[] = { budget, (char *)world->word, NULL };

	/* The tests' own handlers are for their own mistakes. */
	child_reset_signals();
	world_require(unshare(CLONE_NEWNS) == 0, "unshare mounts");
	world_require(mount("proc", "proc", "proc", 0, NULL) == 0, "mount proc");
	/* It is the machine's own, and root's: a key would be pressed here. */
	world_require(access("proc/sysrq-trigger", F_OK) != 0 ||
			      mount("dev/null", "proc/sysrq-trigger", NULL,
				    MS_BIND, NULL) == 0,
		      "cover sysrq-trigger");
	/* Who opens it waits for a writer. */
	world_require(!world->storage_hangs || mount("run/never", "proc/swaps",
						     NULL, MS_BIND, NULL) == 0,
		      "cover swaps");
	if (world->data_below_oldroot)
		world_mount_data(world);
	if (world->port)
		world_make_port(world);
	if (counters)
		world_make_counters(counters);
	world_require(syscall(SYS_pivot_root, ".", "host") == 0, "pivot_root");
	world_require(chdir("/") == 0, "chdir");
	if (world->pinned)
		world_pin();
	if (world->signals_rain)
		world_rain();
	if (world->splash)
		world_show_splash(world->splash);
	if (world->held_from_outside)
		world_hand_out(world->held_beside_data ? "/oldroot/data/dev/held"
						       : "/oldroot/data/held",
			       outside);
	world_require(umount2("/host", MNT_DETACH) == 0, "leave the host");
	world_require(trouble_begin(&world->trouble), "begin the trouble");
	if (world->budget_s)
		(void)snprintf(budget, sizeof(budget), "LASTWATT_BUDGET_S=%d",
			       world->budget_s);
	world_inherit();
	(void)execve("/shutdown", (char *const *)world->argv, environment);
	world_require(false, "exec /shutdown");
	_exit(77);
}

static int world_wait(pid_t pid, struct world *world)
{
	int limit_ms = world->trouble.limit_ms;
	deadline_t until = deadline_in_ms(limit_ms ? limit_ms : WORLD_LIMIT_MS);
	int64_t start_ms = clock_now_ms();
	int status = 0;

	while (waitpid(pid, &status, WNOHANG) == 0) {
		if (clock_sleep_ms(WORLD_LOOK_MS, until) < 0) {
			(void)kill(pid, SIGKILL);
			(void)waitpid(pid, &status, 0);
			break;
		}
	}
	world->took_ms = (long)(clock_now_ms() - start_ms);
	world->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	world->status = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
	return world->status == 77 ? -1 : 0;
}

/* The keeper of the world; its exit status says whether there was one. */
static int world_keep(struct world *world)
{
	uid_t uid = getuid();
	gid_t gid = getgid();
	char top[] = "/tmp/lastwatt-world-XXXXXX";
	int ends[2];
	pid_t pid;

	if (unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID) < 0) {
		world->skip = "user namespaces are not allowed here";
		return 0;
	}
	world_map_user(uid, gid);
	world_require(mkdtemp(top) != NULL, "mkdtemp");
	world_require(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0,
		      "make mounts private");
	world_require(mount("tmpfs", top, "tmpfs", 0, "mode=0755") == 0,
		      "mount tmpfs");
	world_require(chdir(top) == 0, "chdir");
	world_make_tree(world);

	/* What is sent and never taken out is held by the socket. */
	world_require(
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0,
		"socketpair");
	trouble_set_clock(&world->trouble);
	pid = fork();
	if (pid == 0)
		world_be_pid1(world, ends[1]);
	if (world_wait(pid, world) < 0)
		world->skip = "the world could not be made";
	if (!world->console_blocks)
		world_read("dev/console", world->console);
	world_read("dev/tty0", world->screen);
	world_read("dev/kmsg", world->kmsg);
	world_read("run/journal", world->journal);
	(void)chdir("/");
	(void)umount2(top, MNT_DETACH);
	(void)rmdir(top);
	return 0;
}

void world_run(struct world *world)
{
	struct world *shared =
		mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status = 0;
	pid_t pid;

	if (shared == MAP_FAILED) {
		world->skip = "no memory";
		return;
	}
	*shared = *world;
	pid = fork();
	if (pid == 0)
		_exit(world_keep(shared));
	(void)waitpid(pid, &status, 0);
	*world = *shared;
	if (status != 0 && !world->skip)
		world->skip = "the world could not be made";
	(void)munmap(shared, sizeof(*shared));
}
