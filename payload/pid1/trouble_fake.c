// SPDX-License-Identifier: MIT
/* Makes the trouble. */
#include "pid1/trouble_fake.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif

#define TROUBLE_PAUSE_NS 1000000

static void trouble_pause(void)
{
	const struct timespec pause = { .tv_nsec = TROUBLE_PAUSE_NS };

	(void)nanosleep(&pause, NULL);
}

static void trouble_send_signals(void)
{
	for (int number = 1;; number = number % 64 + 1) {
		(void)kill(1, number);
		if (number == 64)
			trouble_pause();
	}
}

static void trouble_stop_all(void)
{
	const struct dirent *entry;
	int pid;

	for (;;) {
		DIR *dir = opendir("/proc");

		while (dir && (entry = readdir(dir))) {
			pid = atoi(entry->d_name);
			if (pid > 1 && pid != getpid())
				(void)kill(pid, SIGSTOP);
		}
		if (dir)
			(void)closedir(dir);
		trouble_pause();
	}
}

static bool trouble_start(void (*make)(void))
{
	pid_t pid = fork();

	if (pid == 0)
		make();
	return pid > 0;
}

/*
 * As systemd leaves it: PID 1 leads the session that the console belongs to,
 * so that a Ctrl-C there is a SIGINT to all of its children.
 */
static bool trouble_press_keys(void)
{
	const int unlock = 0;
	int keyboard, console;

	if (mkdir("/run/pts", 0755) < 0 ||
	    mount("devpts", "/run/pts", "devpts", 0, "ptmxmode=0666") < 0)
		return false;
	keyboard = open("/run/pts/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (umount2("/run/pts", MNT_DETACH) < 0 || keyboard < 0 ||
	    ioctl(keyboard, TIOCSPTLCK, &unlock) < 0)
		return false;
	console = ioctl(keyboard, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	(void)setsid(); /* it may lead one already */
	if (console < 0 || dup2(console, STDIN_FILENO) < 0 ||
	    ioctl(STDIN_FILENO, TIOCSCTTY, 0) < 0)
		return false;
	if (fork() > 0)
		return true;
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGHUP, SIG_IGN);
	for (;;) {
		(void)write(keyboard, "\3", 1);
		trouble_pause();
	}
}

/* The offsets hold for children that are born afterwards. */
void trouble_set_clock(const struct trouble *trouble)
{
	FILE *file;

	if (!trouble->uptime_days || unshare(CLONE_NEWTIME) < 0)
		return;
	file = fopen("/proc/self/timens_offsets", "we");
	if (!file)
		return;
	(void)fprintf(file, "monotonic %lld 0\nboottime %lld 0\n",
		      trouble->uptime_days * 86400LL,
		      trouble->uptime_days * 86400LL);
	(void)fclose(file);
}

static bool trouble_make_calls_fail(const struct trouble *trouble)
{
	struct sock_filter code[2 * TROUBLE_CALLS_MAX + 2];
	struct sock_fprog filter = { .filter = code };
	unsigned short len = 0;

	code[len++] = (struct sock_filter)BPF_STMT(
		BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
	for (int i = 0; i < TROUBLE_CALLS_MAX; i++) {
		if (!trouble->fails[i].error)
			continue;
		code[len++] = (struct sock_filter)BPF_JUMP(
			BPF_JMP | BPF_JEQ | BPF_K,
			(unsigned int)trouble->fails[i].number, 0, 1);
		code[len++] = (struct sock_filter)BPF_STMT(
			BPF_RET | BPF_K,
			SECCOMP_RET_ERRNO |
				(unsigned int)trouble->fails[i].error);
	}
	code[len++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
						   SECCOMP_RET_ALLOW);
	filter.len = len;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0;
}

/* Five, all taken; 0, 1, 2 are the first of them. */
static bool trouble_use_all_files(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) < 0)
		return false;
	files.rlim_cur = 5;
	if (setrlimit(RLIMIT_NOFILE, &files) < 0)
		return false;
	while (open("/", O_RDONLY | O_DIRECTORY) >= 0)
		;
	return true;
}

bool trouble_begin(const struct trouble *trouble)
{
	if (trouble->no_dev && mount("none", "/dev", "tmpfs", 0, NULL) < 0)
		return false;
	if (trouble->dev_read_only &&
	    (mount("/dev", "/dev", NULL, MS_BIND, NULL) < 0 ||
	     mount(NULL, "/dev", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL) <
		     0))
		return false;
	if (trouble->signals && !trouble_start(trouble_send_signals))
		return false;
	if (trouble->stops && !trouble_start(trouble_stop_all))
		return false;
	if (trouble->keys && !trouble_press_keys())
		return false;
	if (trouble->no_proc && umount2("/proc", MNT_DETACH) < 0)
		return false;
	if (trouble->few_files && !trouble_use_all_files())
		return false;
	return !trouble->fails[0].error || trouble_make_calls_fail(trouble);
}
