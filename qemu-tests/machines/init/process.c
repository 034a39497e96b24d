/* SPDX-License-Identifier: MIT */
/*
 * rig-process: what else runs on a machine that goes down. It holds files, or
 * writes records and tells which of them are safe, or keeps the root mounted in
 * a mount namespace of its own, or serves a file system, or waits for one in D
 * state, or stops the server of one, or watches the memory of the exitrd, or
 * takes all memory, all processes or the kernel's log for itself once /shutdown
 * runs, or loads another kernel, or does what must never be done: it cuts while
 * the disks are in use.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuse.h"
#include "kexec.h"
#include "sample.h"

/* HIDIOCSFEATURE of <linux/hidraw.h>, for five bytes. */
#define SET_FEATURE_5 _IOC(_IOC_READ | _IOC_WRITE, 'H', 6, 5)

/* Starts itself again under a name that systemd spares. */
static int survive(char *name, char **argv)
{
	argv[0] = name;
	execv("/usr/bin/rig-process", argv);
	return 1;
}

static int pin(const char *path, bool deleted)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);

	if (fd < 0)
		return 1;
	(void)!write(fd, "open to the last\n", 17);
	if (deleted)
		(void)unlink(path);
	signal(SIGTERM, SIG_IGN);
	dprintf(1, "rig: pinned\n");
	for (;;)
		pause();
}

/* Nobody else sees its mounts; the journal is in use as long as it lives. */
static int hide(const char *path)
{
	int fd, copy;

	signal(SIGTERM, SIG_IGN);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	if (fd < 0)
		return 1;
	(void)!write(fd, "written out of sight\n", 21);
	close(fd);
	/* Its own console: the inherited one would be found. */
	fd = open("/dev/console", O_RDWR | O_NOCTTY);
	for (copy = 0; copy < 3; copy++)
		dup2(fd, copy);
	close(fd);
	dprintf(1, "rig: hidden\n");
	for (;;)
		pause();
}

/* As a daemon from the initrd: nothing of the root is in use. */
static int leave_root(char *name, char **argv)
{
	static char bytes[1 << 20];
	int in = open("/usr/bin/rig-process", O_RDONLY | O_CLOEXEC);
	int out = open("/tmp/rig-process", O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
	ssize_t len;

	while ((len = read(in, bytes, sizeof(bytes))) > 0)
		(void)!write(out, bytes, (size_t)len);
	close(in);
	close(out);
	argv[0] = name;
	execv("/tmp/rig-process", argv);
	return 1;
}

/* From memory, so that no mount at all is in use. */
static int leave_mounts(char *name, char **argv)
{
	static char bytes[1 << 20];
	int in = open("/usr/bin/rig-process", O_RDONLY | O_CLOEXEC);
	int out = memfd_create("rig-process", MFD_CLOEXEC);
	ssize_t len;

	while ((len = read(in, bytes, sizeof(bytes))) > 0)
		(void)!write(out, bytes, (size_t)len);
	argv[0] = name;
	fexecve(out, argv, environ);
	return 1;
}

/* A storage daemon, which systemd spares and we have to. */
static int serve(const char *path, bool deaf)
{
	int fd = fuse_open(path);

	signal(SIGTERM, SIG_IGN);
	if (fd < 0 || chdir("/tmp") || chroot("."))
		return 1;
	fuse_serve(fd, deaf);
	dprintf(1, "rig: fuse: unmounted\n");
	return 0;
}

/* Waits for an answer that never comes, and holds a file of the root. */
static int ask(const char *path)
{
	struct stat stat_of;

	signal(SIGTERM, SIG_IGN);
	if (open("/etc/killpower", O_RDONLY) < 0)
		(void)open("/", O_RDONLY);
	sleep(1);
	dprintf(1, "rig: asking %s\n", path);
	(void)stat(path, &stat_of);
	dprintf(1, "rig: answered: %s\n", strerror(errno));
	return 0;
}

/* Until the exitrd takes over. */
static void wait_for_shutdown(void)
{
	char program[64] = "";

	signal(SIGTERM, SIG_IGN);
	while (readlink("/proc/1/exe", program, sizeof(program) - 1) > 0 &&
	       strcmp(program, "/shutdown"))
		usleep(1000);
}

/* No process can be made for so long; whoever makes one is told EAGAIN. */
static int crowd(const char *seconds)
{
	int fd = open("/proc/sys/kernel/threads-max", O_RDWR);
	char before[32];
	ssize_t len = fd < 0 ? -1 : read(fd, before, sizeof(before));

	if (len < 0)
		return 1;
	wait_for_shutdown();
	if (pwrite(fd, "1\n", 2, 0) == 2)
		dprintf(1, "rig: no process can be made\n");
	sleep((unsigned int)atoi(seconds));
	if (pwrite(fd, before, (size_t)len, 0) == len)
		dprintf(1, "rig: processes can be made again\n");
	return 0;
}

/* A child takes what there is, in pieces of so many KiB; then the next one. */
static int eat(const char *size)
{
	size_t piece = (size_t)atoi(size) * 1024;
	char *at;

	wait_for_shutdown();
	dprintf(1, "rig: eating\n");
	for (;;) {
		if (fork()) {
			(void)wait(NULL);
			continue;
		}
		while ((at = malloc(piece)))
			memset(at, 1, piece);
		_exit(0);
	}
}

/* A warning in the kernel's log, for every console there is, again and again. */
static _Noreturn int shout(const char *text)
{
	int fd;

	wait_for_shutdown();
	for (;;) {
		/* Who keeps it open is limited to ten lines. */
		fd = open("/dev/kmsg", O_WRONLY);
		(void)dprintf(fd, "<3>%s\n", text);
		close(fd);
	}
}

/* The server of an NFS dies at the moment when the exitrd takes over. */
static int stop_server(const char *path)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0)
		return 1;
	wait_for_shutdown();
	if (write(fd, "0\n", 2) == 2)
		dprintf(1, "rig: the server is gone\n");
	return 0;
}

static int write_records(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
	long number;

	if (fd < 0)
		return 1;
	for (number = 1;; number++) {
		if (dprintf(fd, "%ld\n", number) < 0 || fsync(fd))
			return 1;
		if (number % 10 == 0)
			dprintf(1, "rig: record %ld\n", number);
	}
}

/* DelayBeforeShutdown of an Eaton, with the root still mounted. */
static int cut(const char *seconds)
{
	uint32_t delay = (uint32_t)atoi(seconds);
	uint8_t report[5] = { 0x09, (uint8_t)delay };
	int fd = -1, tries;

	for (tries = 0; fd < 0 && tries < 100; tries++) {
		usleep(100000);
		fd = open("/dev/hidraw0", O_RDWR);
	}
	if (fd < 0 || ioctl(fd, SET_FEATURE_5, report) < 0) {
		dprintf(1, "rig: cut: %s\n", strerror(errno));
		return 1;
	}
	return 0;
}

/* Those that hold nothing of the root, and that systemd spares. */
static const struct {
	const char *name; /* behind an '@' once it has left the root */
	int (*live)(const char *word);
} guests[] = {
	{ "@stop", stop_server },
	{ "@crowd", crowd },
	{ "@eat", eat },
	{ "@shout", shout },
};

static void be_guest(char **argv)
{
	size_t i;

	for (i = 0; i < sizeof(guests) / sizeof(guests[0]); i++) {
		if (!strcmp(argv[0], guests[i].name + 1))
			exit(leave_root((char *)guests[i].name, argv));
		if (!strcmp(argv[0], guests[i].name))
			exit(guests[i].live(argv[1]));
	}
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[0], "pin"))
		return survive("@pin", argv);
	if (argc == 2 && !strcmp(argv[0], "@pin"))
		return pin(argv[1], true);
	if (argc == 2 && !strcmp(argv[0], "hold"))
		return survive("@hold", argv);
	if (argc == 2 && !strcmp(argv[0], "@hold"))
		return pin(argv[1], false);
	/* Before it starts again: a program keeps the mount it came from. */
	if (argc == 2 && !strcmp(argv[0], "hide") && !unshare(CLONE_NEWNS))
		return survive("@hide", argv);
	if (argc == 2 && !strcmp(argv[0], "@hide"))
		return hide(argv[1]);
	if (argc == 2 && (!strcmp(argv[0], "serve") || !strcmp(argv[0], "deaf")))
		return leave_root(*argv[0] == 's' ? "@serve" : "@deaf", argv);
	if (argc == 2 && !strcmp(argv[0], "@serve"))
		return serve(argv[1], false);
	if (argc == 2 && !strcmp(argv[0], "@deaf"))
		return serve(argv[1], true);
	if (argc == 2 && !strcmp(argv[0], "ask"))
		return survive("@ask", argv);
	if (argc == 2 && !strcmp(argv[0], "@ask"))
		return ask(argv[1]);
	if (argc == 2 && !strcmp(argv[0], "sample"))
		return leave_mounts("@sample", argv);
	if (argc == 2 && !strcmp(argv[0], "@sample"))
		sample_memory(atoi(argv[1]));
	if (argc == 2)
		be_guest(argv);
	if (argc == 2 && !strcmp(argv[0], "write"))
		return write_records(argv[1]);
	if (argc == 2 && !strcmp(argv[0], "cut"))
		return cut(argv[1]);
	if ((argc == 2 || argc == 3) && !strcmp(argv[0], "kexec"))
		return kexec_load(argv[1], argv[2]);
	if (!strcmp(argv[0], "/init") && getpid() == 1)
		kexec_arrived();
	dprintf(2,
		"rig-process: pin, hold, hide, stop or write FILE, serve, deaf or ask DIRECTORY, sample MILLISECONDS, kexec KERNEL [INITRD], cut or crowd SECONDS, eat KIB, or shout TEXT\n");
	return 2;
}
