// SPDX-License-Identifier: MIT
/*
 * First acts: undo what PID 1 inherits from systemd (blocked signals, an
 * ignored SIGPIPE, the console on 0, 1, 2) and see that the kernel's own file
 * systems are there.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pid1/kernel.h"
#include "pid1/stages.h"

#define ADOPT_KLOG_CONSOLE_LEVEL 8
/* Warnings and worse still reach the console; our record lines would twice. */
#define ADOPT_CONSOLE_LEVEL      5

/* A signal to PID 1 whose disposition is the default is dropped. */
static void adopt_signals(void)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	child_reset_signals();
	(void)sigaction(SIGPIPE, &ignore, NULL);
	/* From here on Ctrl-Alt-Del is a signal, not a reset. */
	(void)reboot(RB_DISABLE_CAD);
}

/*
 * 0, 1, 2 must be taken, or the first socket would become one of them. The
 * console is our session's: a Ctrl-C there would end all of our children.
 */
static void adopt_fds(void)
{
	int fd = open("/dev/null", O_RDWR);

	(void)ioctl(0, TIOCNOTTY); /* it may be none, or not ours */
	if (fd < 0)
		fd = open("/", O_RDONLY | O_DIRECTORY);
	if (fd < 0)
		return;
	(void)dup2(fd, 0);
	(void)dup2(fd, 1);
	(void)dup2(fd, 2);
	child_close_from(3);
}

/* A service manager may have lowered what it found too high. */
static void adopt_limits(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) < 0)
		return;
	files.rlim_cur = files.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &files); /* what there is will do */
}

static const struct {
	const char *probe; /* is there if it is mounted */
	const char *path;
	const char *type;
} adopt_mounts[] = {
	{ "/proc/self/mountinfo", "/proc", "proc" },
	{ "/sys/block", "/sys", "sysfs" },
	{ "/dev/null", "/dev", "devtmpfs" },
};

static int adopt_api(void)
{
	size_t i;
	int ret = 0;

	for (i = 0; i < sizeof(adopt_mounts) / sizeof(*adopt_mounts); i++) {
		if (access(adopt_mounts[i].probe, F_OK) == 0)
			continue;
		(void)mkdir(adopt_mounts[i].path, 0755); /* may be there */
		if (mount(adopt_mounts[i].type, adopt_mounts[i].path,
			  adopt_mounts[i].type, 0, NULL) < 0)
			ret = -errno;
	}
	return ret;
}

/*
 * Our children are small and few: whoever else lives is a better choice when
 * the kernel looks for memory. Not out of its reach, for a kernel that can
 * choose nobody panics.
 */
static void adopt_be_last_to_go(void)
{
	/* If it fails, they take their chance. */
	(void)kernel_tell("/proc/self/oom_score_adj", "-999");
}

int adopt_run(struct pid1 *pid1, deadline_t until)
{
	int ret;

	(void)until;
	adopt_signals();
	adopt_limits();
	(void)chdir("/");
	(void)umask(077);
	adopt_fds();
	(void)mlockall(MCL_CURRENT | MCL_FUTURE); /* swap may go any moment */
	(void)klogctl(ADOPT_KLOG_CONSOLE_LEVEL, NULL, ADOPT_CONSOLE_LEVEL);

	ret = adopt_api();
	adopt_be_last_to_go();
	log_start(&pid1->log, pid1->log.start_ms);
	log_say(&pid1->log, "adopt", "lastwatt is PID 1 now, verb %s",
		verb_name(pid1->verb));
	if (ret < 0)
		log_say(&pid1->log, "adopt", "a kernel file system is missing");
	return ret;
}
