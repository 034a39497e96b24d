/* SPDX-License-Identifier: MIT */
/*
 * The first program of the bench's machines. It mounts what an initrd mounts,
 * lays the scenario's files over the root, and then either becomes the
 * machine's own init or plays systemd itself, for a machine that has none.
 */
#include "init.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define KLOG_READ_ALL 3
#define USB_WAIT_MS   15000
#define RECORDS_FILE  "/var/tmp/records"
/* What a machine does with the files that were laid over it, while it can. */
#define LAID          "/usr/lib/rig/laid"

void say(const char *format, ...)
{
	char line[512];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	dprintf(1, "rig: %s\n", line);
}

_Noreturn void give_up(const char *what)
{
	say("%s: %s", what, strerror(errno));
	sync();
	for (;;) {
		reboot(RB_POWER_OFF);
		sleep(1);
	}
}

int run_shell(const char *command)
{
	int status = 0;
	pid_t pid = fork();

	if (!pid) {
		execl("/bin/sh", "sh", "-c", command, NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void take_setting(struct settings *settings, char *key, char *value)
{
	const char **list = NULL;

	if (!strcmp(key, "mode"))
		settings->exec = !strcmp(value, "exec");
	else if (!strcmp(key, "systemd"))
		settings->systemd = atoi(value);
	else if (!strcmp(key, "verb"))
		settings->verb = value;
	else if (!strcmp(key, "argv"))
		settings->argv = value;
	else if (!strcmp(key, "wait"))
		settings->wait = !strcmp(value, "yes");
	else if (!strcmp(key, "root"))
		settings->root = value;
	else if (!strcmp(key, "layout"))
		settings->layout = value;
	else if (!strcmp(key, "usb"))
		settings->usb = atoi(value);
	else if (!strcmp(key, "before"))
		list = settings->before;
	else if (!strcmp(key, "process"))
		list = settings->process;
	else if (!strcmp(key, "after"))
		list = settings->after;
	else if (!strcmp(key, "again"))
		list = settings->again;
	while (list && *list)
		list++;
	if (list)
		*list = value;
}

static void read_settings(struct settings *settings)
{
	char *line, *value, *rest;
	ssize_t len;
	int fd = open("/rig.conf", O_RDONLY | O_CLOEXEC);

	settings->verb = "poweroff";
	len = fd < 0 ? -1 : read(fd, settings->text, sizeof(settings->text) - 1);
	if (len < 0)
		give_up("/rig.conf");
	close(fd);
	for (line = strtok_r(settings->text, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest)) {
		value = strchr(line, ' ');
		if (!value)
			continue;
		*value++ = '\0';
		take_setting(settings, line, value);
	}
}

static void mount_or_die(const char *from, const char *to, const char *type,
			 unsigned long flags, const char *options)
{
	(void)mkdir(to, 0755);
	if (mount(from, to, type, flags, options))
		give_up(to);
}

/* As initramfs-tools does: /run cannot be executed from. */
static void mount_basics(void)
{
	const unsigned long strict = MS_NOSUID | MS_NODEV | MS_NOEXEC;

	mount_or_die("udev", "/dev", "devtmpfs", MS_NOSUID, "mode=0755");
	mount_or_die("proc", "/proc", "proc", strict, NULL);
	mount_or_die("sysfs", "/sys", "sysfs", strict, NULL);
	mount_or_die("tmpfs", "/run", "tmpfs", strict, "size=10%,mode=0755");
	(void)mkdir("/run/initramfs", 0700);
	open_console();
}

/* For systemd it is read-only: that it looks before it writes is its part. */
static void mount_root(const struct settings *settings, int boot)
{
	unsigned long flags = settings->exec && boot > 1 ? MS_RDONLY : 0;
	char command[128];
	int tries;

	(void)mkdir("/root", 0755);
	if (settings->root) {
		snprintf(command, sizeof(command), "/layouts/run %s open %d",
			 settings->root, boot);
		errno = EIO;
		if (run_shell(command))
			give_up(command);
		return;
	}
	for (tries = 0; tries < 100; tries++) {
		if (!mount("/dev/vda", "/root", "ext4", flags, NULL))
			return;
		usleep(100000);
	}
	give_up("/dev/vda");
}

/* A boot that only makes a disk, or looks at one. */
static _Noreturn void work_on_layout(const struct settings *settings)
{
	char command[128];

	snprintf(command, sizeof(command), "/layouts/run %s %s", settings->root,
		 settings->layout);
	say("layout exit %d", run_shell(command));
	sync();
	reboot(RB_POWER_OFF);
	give_up("poweroff");
}

static void move_into_root(void)
{
	static const char *const moved[] = { "/dev", "/proc", "/sys", "/run" };
	char to[64];
	size_t i;

	for (i = 0; i < sizeof(moved) / sizeof(moved[0]); i++) {
		snprintf(to, sizeof(to), "/root%s", moved[i]);
		(void)mkdir(to, 0755);
		if (mount(moved[i], to, NULL, MS_MOVE, NULL))
			give_up(to);
	}
	if (chdir("/root") || mount(".", "/", NULL, MS_MOVE, NULL) ||
	    chroot(".") || chdir("/"))
		give_up("move into the root");
}

static void wait_for_usb(int wanted)
{
	glob_t found;
	int waited_ms, count = 0;

	for (waited_ms = 0; waited_ms < USB_WAIT_MS; waited_ms += 50) {
		count = 0;
		/* Not those of root hubs: 1-0:1.0. */
		if (!glob("/sys/bus/usb/devices/[0-9]*-[1-9]*:1.0", 0, NULL,
			  &found))
			count = (int)found.gl_pathc;
		globfree(&found);
		if (count >= wanted)
			return;
		usleep(50000);
	}
	say("only %d of %d USB devices are there", count, wanted);
}

/* Further mounts that a running system has. */
static void mount_like_systemd(void)
{
	const unsigned long strict = MS_NOSUID | MS_NODEV | MS_NOEXEC;

	mount_or_die("devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC,
		     "mode=620");
	mount_or_die("tmpfs", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, NULL);
	mount_or_die("cgroup2", "/sys/fs/cgroup", "cgroup2", strict, NULL);
	mount_or_die("tmpfs", "/run/lock", "tmpfs", strict, "size=5M");
	mount_or_die("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, NULL);
	(void)mkdir("/run/credentials", 0755);
}

static void start_process(const char *words)
{
	char line[512], *argv[8], *rest;
	int argc = 0;

	if (fork())
		return;
	snprintf(line, sizeof(line), "%s", words);
	for (argv[0] = strtok_r(line, " ", &rest); argv[argc] && argc < 6;)
		argv[++argc] = strtok_r(NULL, " ", &rest);
	argv[argc] = NULL;
	execv("/usr/bin/rig-process", argv);
	say("/usr/bin/rig-process: %s", strerror(errno));
	_exit(127);
}

static void wait_for_go(void)
{
	char byte, line[8] = "";
	size_t len = 0;

	while (read(0, &byte, 1) == 1) {
		if (byte != '\n' && byte != '\r') {
			line[len++ % (sizeof(line) - 1)] = byte;
			continue;
		}
		if (len == 2 && !memcmp(line, "go", 2))
			return;
		len = 0;
	}
}

static _Noreturn void play_life(const struct settings *settings)
{
	const char *const *command;

	mount_like_systemd();
	wait_for_usb(settings->usb);
	for (command = settings->before; *command; command++)
		say("before exit %d", run_shell(*command));
	if (!access("/usr/sbin/lastwatt", F_OK))
		say("stage exit %d", run_shell("/usr/sbin/lastwatt stage"));
	for (command = settings->process; *command; command++)
		start_process(*command);
	say("ready");
	if (settings->wait)
		wait_for_go();
	else if (settings->process[0])
		sleep(1);
	if (!access("/usr/sbin/lastwatt", F_OK))
		say("handover exit %d",
		    run_shell("/usr/sbin/lastwatt handover --stopping"));
	for (command = settings->after; *command; command++)
		say("after exit %d", run_shell(*command));
	play_shutdown(settings);
}

/* The number in the last whole line of the file of records. */
static void say_last_record(void)
{
	char line[64];
	long last = -1;
	FILE *file = fopen(RECORDS_FILE, "re");

	if (!file)
		return;
	while (fgets(line, sizeof(line), file))
		if (strchr(line, '\n'))
			last = strtol(line, NULL, 10);
	fclose(file);
	say("last record %ld", last);
}

/* What ext4, xfs and btrfs say when they have to; raid6 and NFSD only talk. */
static bool had_to_mend(char *log)
{
	static const char *const words[] = { "recovery", "orphan",
					     "log replay" };
	char *line, *rest;
	size_t i;

	for (line = strtok_r(log, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest)) {
		if (strstr(line, "raid6: ") || strstr(line, "NFSD: "))
			continue;
		for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			if (strstr(line, words[i]))
				return true;
	}
	return false;
}

/* The boot after the outage: was there anything to repair? */
static _Noreturn void look_and_leave(const struct settings *settings)
{
	static char log[1 << 18];
	const char *const *command;
	int len = klogctl(KLOG_READ_ALL, log, sizeof(log) - 1);

	log[len > 0 ? len : 0] = '\0';
	if (len <= 0 || had_to_mend(log))
		say("the file system had to be recovered");
	else
		say("clean boot");
	say_last_record();
	for (command = settings->again; *command; command++)
		say("again exit %d", run_shell(*command));
	sync();
	if (mount(NULL, "/", NULL, MS_REMOUNT | MS_RDONLY, NULL))
		say("remount: %s", strerror(errno));
	reboot(RB_POWER_OFF);
	give_up("poweroff");
}

static _Noreturn void become_init(int boot)
{
	if (boot == 1 && !access(LAID, X_OK))
		say("laid exit %d", run_shell(LAID));
	if (mount(NULL, "/", NULL, MS_REMOUNT | MS_RDONLY, NULL))
		give_up("remount the root read-only");
	execl("/sbin/init", "/sbin/init", NULL);
	give_up("/sbin/init");
}

int main(void)
{
	static struct settings settings;
	int boot;

	if (!access("/etc/initrd-release", F_OK))
		return join_initrd();
	mount_basics();
	boot = boot_number();
	say("init %d", boot);
	read_settings(&settings);
	load_modules();
	setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
	if (settings.layout)
		work_on_layout(&settings);
	mount_root(&settings, boot);
	if (boot == 1 && access("/laid", F_OK))
		lay_tree("/files", "/root");
	move_into_root();
	if (settings.exec)
		become_init(boot);
	reboot(RB_DISABLE_CAD);
	if (boot > 1)
		look_and_leave(&settings);
	play_life(&settings);
}
