// SPDX-License-Identifier: MIT
/* Runs a program of somebody else: bounded in time, memory and what it may reach. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nut/nut.h"

#define NUT_REAP_MS 5
#define NUT_DIE_MS  200
/* Nobody has to wait for the end of a flood longer than for that of a line. */
#define NUT_BLOCK   512

static bool nut_is_program(const char *path)
{
	struct stat stat_of_it;

	return stat(path, &stat_of_it) == 0 && S_ISREG(stat_of_it.st_mode) &&
	       access(path, X_OK) == 0;
}

int nut_find_program(const char *name, struct nut_program *program)
{
	static const char *const places[] = { "/nut", "/run/initramfs/nut" };

	memset(program, 0, sizeof(*program));
	if (!*name || *name == '.' || strchr(name, '/') ||
	    strlen(name) >= NUT_NAME_MAX)
		return -ENOENT;
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		(void)snprintf(program->path, NUT_PATH_MAX, "%s/%s", places[i],
			       name); /* all of it fits */
		if (!nut_is_program(program->path))
			continue;
		(void)strcpy(program->name, name);
		(void)snprintf(program->libraries, NUT_PATH_MAX, "%s/lib",
			       places[i]);
		(void)snprintf(program->loader, NUT_PATH_MAX, "%s/lib/ld.so",
			       places[i]);
		if (!nut_is_program(program->loader))
			program->loader[0] = '\0';
		return 0;
	}
	return -ENOENT;
}

/* The words of its command line; the loader's first if it needs one. */
static void nut_collect_words(const struct nut_program *program,
			      const char *const *args,
			      const char *words[NUT_ARGS_MAX])
{
	size_t count = 0;

	if (*program->loader) {
		words[count++] = program->loader;
		words[count++] = "--library-path";
		words[count++] = program->libraries;
	}
	words[count++] = program->path;
	while (*args && count < NUT_ARGS_MAX - 1)
		words[count++] = *args++;
	words[count] = NULL;
}

static void __attribute__((noreturn))
nut_become(const struct nut_program *program, const char *const *args,
	   int output, pid_t parent)
{
	char place[3][NUT_PATH_MAX + 24];
	char *environment[] = { place[0],
				place[1],
				place[2],
				"NUT_QUIET_INIT_UPSNOTIFY=true",
				"NUT_DEBUG_SYSLOG=stderr",
				NULL };
	static const char *const names[] = { "NUT_CONFPATH", "NUT_STATEPATH",
					     "NUT_ALTPIDPATH" };
	const char *folder = *program->folder ? program->folder : "/";
	const char *words[NUT_ARGS_MAX];
	int none = open("/dev/null", O_RDONLY);

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		(void)snprintf(place[i], sizeof(place[i]), "%s=%s", names[i],
			       folder); /* all of it fits */
	nut_collect_words(program, args, words);
	/* Whoever started us may be killed: then nobody would kill this one. */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(126);
	(void)setsid();
	if (none >= 0)
		(void)dup2(none, 0);
	if (dup2(output, 1) < 0 || dup2(output, 2) < 0 || chdir(folder) < 0)
		_exit(126);
	(void)syscall(SYS_close_range, 3, ~0U, 0); /* they are cloexec, too */
	(void)execve(words[0], (char *const *)words, environment);
	(void)dprintf(2, "Fatal error: %s cannot be run: %s\n", words[0],
		      strerror(errno));
	_exit(127);
}

/* Lines are put together from what comes, however it is cut. */
struct nut_lines {
	char line[NUT_LINE_MAX];
	size_t len;
	nut_hear *hear;
	void *arg;
};

static void nut_take_bytes(struct nut_lines *lines, const char *bytes,
			   size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char byte = (unsigned char)bytes[i];

		if (byte == '\n') {
			lines->line[lines->len] = '\0';
			lines->len = 0;
			lines->hear(lines->arg, lines->line);
		} else if (lines->len < sizeof(lines->line) - 1) {
			/* It goes into our log and onto the console. */
			lines->line[lines->len++] =
				byte < 0x20 || byte > 0x7e ? ' ' : (char)byte;
		}
	}
}

/* Until nobody has the other end any more, which may be more than one. */
static int nut_listen(int fd, struct nut_lines *lines, deadline_t until)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	char block[NUT_BLOCK];
	ssize_t len;

	for (;;) {
		if (deadline_passed(until))
			return -ETIMEDOUT;
		if (poll(&ready, 1, deadline_left_ms(until)) <= 0)
			continue;
		len = read(fd, block, sizeof(block));
		if (len > 0)
			nut_take_bytes(lines, block, (size_t)len);
		else if (len == 0 || (errno != EINTR && errno != EAGAIN))
			break;
	}
	if (lines->len > 0)
		nut_take_bytes(lines, "\n", 1);
	return 0;
}

/* Its wait status, or -ETIMEDOUT when it is not even to be killed. */
static int nut_reap(pid_t pid, deadline_t until)
{
	int status;
	pid_t ended;

	for (;;) {
		ended = waitpid(pid, &status, WNOHANG);
		if (ended == pid)
			return status;
		if (ended < 0 && errno != EINTR)
			return -ECHILD;
		if (clock_sleep_ms(NUT_REAP_MS, until) < 0)
			return -ETIMEDOUT;
	}
}

/* It, and all that it started and that did not leave its session. */
static void nut_kill(pid_t pid)
{
	(void)kill(-pid, SIGKILL);
	(void)kill(pid, SIGKILL); /* before it had a session */
}

int nut_run(const struct nut_program *program, const char *const *args,
	    nut_hear *hear, void *arg, deadline_t until)
{
	struct nut_lines lines = { .hear = hear, .arg = arg };
	pid_t parent = getpid();
	int ends[2], ret;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	pid = fork();
	if (pid == 0)
		nut_become(program, args, ends[1], parent);
	(void)close(ends[1]);
	if (pid < 0) {
		ret = -errno;
		(void)close(ends[0]);
		return ret;
	}
	ret = nut_listen(ends[0], &lines, until);
	if (ret == 0)
		ret = nut_reap(pid, until);
	if (ret == -ETIMEDOUT) {
		nut_kill(pid);
		(void)nut_reap(pid, deadline_in_ms(NUT_DIE_MS));
	} else {
		(void)kill(-pid, SIGKILL); /* what it left behind */
	}
	(void)close(ends[0]);
	return ret;
}
