/* SPDX-License-Identifier: MIT */
/*
 * Plays systemd-shutdown of versions 252, 257 and 262: who is killed, what is
 * unmounted, how the exitrd is entered, and in what state it finds itself.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "init.h"

#define EXITRD     "/run/initramfs"
#define MOVED      "/run/shutdown/mounts"
#define HOOKS      "/usr/lib/systemd/system-shutdown/*"
#define MOUNTS_MAX 256
#define ARGS_MAX   16
/* A tenth of what systemd allows. */
#define LIMIT_MS   9000

/* Blocked at the entry: HUP INT USR1 USR2 TERM CHLD WINCH PWR and RT ones. */
#define MASK_252 0x7fe3c0fe28014a03ull
#define MASK_257 0x7fefc1fe28014a03ull

static void write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	(void)!write(fd, text, strlen(text));
	close(fd);
}

/* Kernel threads have no command line; '@' asks to be spared. */
static bool is_spared(const char *pid)
{
	char path[300], byte = '\0';
	struct stat stat;
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/cmdline", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return true;
	len = read(fd, &byte, 1);
	(void)fstat(fd, &stat);
	close(fd);
	return len <= 0 || (byte == '@' && stat.st_uid == 0);
}

static int kill_round(int signal)
{
	struct dirent *entry;
	DIR *proc = opendir("/proc");
	int count = 0;

	while (proc && (entry = readdir(proc))) {
		if (!isdigit((unsigned char)entry->d_name[0]) ||
		    !strcmp(entry->d_name, "1") || is_spared(entry->d_name))
			continue;
		count++;
		(void)kill(atoi(entry->d_name), signal);
	}
	if (proc)
		closedir(proc);
	return count;
}

static void kill_everybody(void)
{
	int round, left = kill_round(SIGTERM);

	for (round = 0; left && round < 30; round++) {
		usleep(50000);
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
		left = kill_round(round < 20 ? 0 : SIGKILL);
	}
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

static bool begins_with(const char *path, const char *prefix)
{
	size_t len = strlen(prefix);

	return !strncmp(path, prefix, len) && (!path[len] || path[len] == '/');
}

/* The file systems that systemd leaves alone. */
static bool is_kept(const char *path, int systemd)
{
	return !strcmp(path, "/") || begins_with(path, "/proc") ||
	       begins_with(path, "/sys") || begins_with(path, "/dev") ||
	       !strcmp(path, "/run") || begins_with(path, EXITRD) ||
	       begins_with(path, "/run/host") ||
	       (systemd == 252 && !strcmp(path, "/run/lock")) ||
	       (systemd > 252 && !strcmp(path, "/usr"));
}

static int unmount_round(int systemd)
{
	static char path[MOUNTS_MAX][256];
	char line[1024];
	FILE *table = fopen("/proc/self/mountinfo", "re");
	int count = 0, gone = 0, i;

	while (table && count < MOUNTS_MAX && fgets(line, sizeof(line), table))
		if (sscanf(line, "%*s %*s %*s %*s %255s", path[count]) == 1)
			count++;
	if (table)
		fclose(table);
	for (i = count - 1; i >= 0; i--) {
		if (is_kept(path[i], systemd))
			continue;
		(void)mount(NULL, path[i], NULL, MS_REMOUNT | MS_RDONLY, NULL);
		gone += !umount2(path[i], MNT_FORCE | UMOUNT_NOFOLLOW);
	}
	return gone;
}

/* Since 257 what is busy is moved away, so that what is above it can go. */
static void move_round(void)
{
	char line[1024], path[256], to[64];
	FILE *table = fopen("/proc/self/mountinfo", "re");
	int id;

	(void)mkdir("/run/shutdown", 0700);
	(void)mkdir(MOVED, 0);
	while (table && fgets(line, sizeof(line), table)) {
		if (sscanf(line, "%d %*s %*s %*s %255s", &id, path) != 2 ||
		    is_kept(path, 257) || begins_with(path, MOVED))
			continue;
		snprintf(to, sizeof(to), MOVED "/%016x", id);
		(void)mkdir(to, 0700);
		if (!mount(path, to, NULL, MS_MOVE, NULL))
			say("moved busy %s to %s", path, to);
	}
	if (table)
		fclose(table);
}

static void unmount_everything(int systemd)
{
	while (unmount_round(systemd))
		;
	if (systemd > 252) {
		(void)mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
		move_round();
	}
	if (mount(NULL, "/", NULL, MS_REMOUNT | MS_RDONLY, NULL))
		say("the root stays writable: %s", strerror(errno));
}

static void do_sync(int systemd)
{
	(void)systemd;
	sync();
}

/* What may hang does so in a child, and systemd goes on in the end. */
static void limited(void (*work)(int systemd), int systemd)
{
	int waited_ms;
	pid_t pid = fork();

	if (!pid) {
		work(systemd);
		_exit(0);
	}
	for (waited_ms = 0; waited_ms < LIMIT_MS; waited_ms += 20) {
		if (waitpid(pid, NULL, WNOHANG) == pid)
			return;
		usleep(20000);
	}
	say("this hangs, systemd goes on");
	(void)kill(pid, SIGKILL);
}

static bool is_mount_point(const char *path)
{
	struct stat here, above;
	char up[256];

	snprintf(up, sizeof(up), "%s/..", path);
	return !stat(path, &here) && !stat(up, &above) &&
	       here.st_dev != above.st_dev;
}

/* Returns false, with errno, where systemd would go on in the old root. */
static bool switch_root(int systemd)
{
	static const char *const api[] = { "/sys", "/dev", "/run", "/proc" };
	/* What a root has to have, systemd thinks. */
	static const char *const made[] = { "/etc", "/usr", "/var", "/root" };
	unsigned long bind;
	char to[64];
	size_t i;

	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return false;
	if (systemd == 252 || !is_mount_point(EXITRD))
		if (mount(EXITRD, EXITRD, NULL,
			  MS_BIND | (systemd == 252 ? 0 : MS_REC), NULL))
			return false;
	(void)mkdir(EXITRD "/oldroot", 0755);
	for (i = 0; i < sizeof(api) / sizeof(api[0]); i++) {
		snprintf(to, sizeof(to), EXITRD "%s", api[i]);
		(void)mkdir(to, 0755);
		/* Before 254 submounts stayed behind; of /run they still do. */
		bind = MS_BIND;
		if (systemd > 252 && strcmp(api[i], "/run"))
			bind |= MS_REC;
		if (mount(api[i], to, NULL, bind, NULL))
			return false;
	}
	for (i = 0; i < sizeof(made) / sizeof(made[0]); i++) {
		snprintf(to, sizeof(to), EXITRD "%s", made[i]);
		(void)mkdir(to, 0755);
	}
	if (systemd > 252)
		(void)mount("/run/credentials", EXITRD "/run/credentials", NULL,
			    MS_BIND | MS_REC, NULL);
	return !chdir(EXITRD) && !syscall(SYS_pivot_root, ".", "oldroot") &&
	       !chroot(".") && !chdir("/");
}

static void set_environment(void)
{
	/* What systemd and initramfs-tools leave behind. */
	unsetenv("HOME");
	setenv("TERM", "vt220", 1);
	setenv("WATCHDOG_USEC", "0", 1);
	setenv("WATCHDOG_PID", "1", 1);
	setenv("rootmnt", "/root", 1);
	setenv("init", "/sbin/init", 1);
	setenv("drop_caps", "", 1);
}

static void set_process_state(int systemd)
{
	struct rlimit files = { 1024, 524288 };
	unsigned long long mask = systemd == 252 ? MASK_252 : MASK_257;
	pid_t pid;

	(void)umask(022);
	(void)setrlimit(RLIMIT_NOFILE, &files);
	signal(SIGPIPE, SIG_IGN);
	write_text("/proc/sys/kernel/core_pattern", "|/bin/false");
	write_text("/proc/sys/kernel/printk_devkmsg", "on");
	if (systemd > 252)
		reboot(RB_ENABLE_CAD);
	(void)syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, 8);
	/* A SIGCHLD may be pending when the payload starts. */
	pid = fork();
	if (!pid)
		_exit(0);
	(void)waitpid(pid, NULL, 0);
}

/* As become_shutdown() of that version builds it. */
static void fill_arguments(const struct settings *settings, char *argv[])
{
	static char words[1024];
	char *rest;
	int argc = 0;

	if (settings->argv)
		snprintf(words, sizeof(words), "%s", settings->argv);
	else if (!strcmp(settings->verb, "none"))
		words[0] = '\0';
	else if (settings->systemd == 252)
		snprintf(words, sizeof(words),
			 "%s --timeout=90000000us "
			 "--log-level=6 --log-target=kmsg",
			 settings->verb);
	else
		snprintf(words, sizeof(words),
			 "%s --timeout=90000000us "
			 "--log-level info --log-target=kmsg "
			 "--exit-code=0",
			 settings->verb);
	argv[argc++] = "/shutdown";
	argv[argc] = strtok_r(words, " ", &rest);
	while (argv[argc] && argc < ARGS_MAX - 1)
		argv[++argc] = strtok_r(NULL, " ", &rest);
	argv[argc] = NULL;
}

static _Noreturn void carry_out(const char *verb)
{
	int command = !strcmp(verb, "reboot") || !strcmp(verb, "kexec")
			      ? RB_AUTOBOOT
		      : !strcmp(verb, "halt") ? RB_HALT_SYSTEM
					      : RB_POWER_OFF;

	sync();
	for (;;) {
		reboot(command);
		sleep(1);
	}
}

/* The root is still there then, and read-only. NUT's own hook is such a one. */
static void run_hooks(const char *verb)
{
	glob_t found;
	size_t i;

	if (glob(HOOKS, 0, NULL, &found))
		return;
	say("T0 exec hooks");
	for (i = 0; i < found.gl_pathc; i++) {
		pid_t pid = fork();

		if (!pid) {
			execl(found.gl_pathv[i], found.gl_pathv[i], verb, NULL);
			_exit(127);
		}
		(void)waitpid(pid, NULL, 0);
	}
	globfree(&found);
}

_Noreturn void play_shutdown(const struct settings *settings)
{
	char *argv[ARGS_MAX];
	bool exitrd;

	limited(do_sync, settings->systemd);
	kill_everybody();
	/* Asked once, here; on a noexec mount the answer is no, silently. */
	exitrd = !access(EXITRD "/shutdown", X_OK);
	limited(unmount_everything, settings->systemd);
	run_hooks(settings->verb);
	if (!exitrd) {
		say("no exitrd, systemd carries out %s", settings->verb);
		carry_out(settings->verb);
	}
	if (!switch_root(settings->systemd)) {
		say("the pivot failed: %s", strerror(errno));
		carry_out(settings->verb);
	}
	(void)setsid();
	/* The old one would pin the old /dev. Ours it is from now on. */
	open_console();
	(void)ioctl(0, TIOCSCTTY, 1);
	fill_arguments(settings, argv);
	set_environment();
	set_process_state(settings->systemd);
	say("T0 exec /shutdown");
	execv("/shutdown", argv);
	say("Failed to execute shutdown binary: %s", strerror(errno));
	carry_out(settings->verb);
}
