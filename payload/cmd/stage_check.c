// SPDX-License-Identifier: MIT
/* Makes sure that systemd will take the exitrd's program and it will run. */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "cmd/stage_parts.h"

#define STAGE_TRY_MS      10000
#define STAGE_HEADERS_MAX 64
#define STAGE_CANNOT_EXEC 127

static int stage_say(char why[STAGE_WHY_MAX], const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** Write down why, cut if it is long, and return CMD_FAILED. */
static int stage_say(char why[STAGE_WHY_MAX], const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(why, STAGE_WHY_MAX, format, arguments); /* as said */
	va_end(arguments);
	return CMD_FAILED;
}

static bool stage_read_header(int fd, ElfW(Ehdr) * header)
{
	return pread(fd, header, sizeof(*header), 0) ==
		       (ssize_t)sizeof(*header) &&
	       !memcmp(header->e_ident, ELFMAG, SELFMAG);
}

static bool stage_is_same_machine(const ElfW(Ehdr) * header)
{
	ElfW(Ehdr) own;
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	bool same;

	if (fd < 0)
		return true; /* then running it will tell */
	same = stage_read_header(fd, &own) &&
	       own.e_ident[EI_CLASS] == header->e_ident[EI_CLASS] &&
	       own.e_ident[EI_DATA] == header->e_ident[EI_DATA] &&
	       own.e_machine == header->e_machine;
	(void)close(fd); /* only read */
	return same;
}

/** Does it ask for an interpreter? An unreadable table counts as yes. */
static bool stage_is_dynamic(int fd, const ElfW(Ehdr) * header)
{
	ElfW(Phdr) part;

	if (header->e_phentsize != sizeof(part) ||
	    header->e_phnum > STAGE_HEADERS_MAX)
		return true;
	for (int i = 0; i < header->e_phnum; i++) {
		off_t at = (off_t)(header->e_phoff + sizeof(part) * (size_t)i);

		if (pread(fd, &part, sizeof(part), at) != (ssize_t)sizeof(part) ||
		    part.p_type == PT_INTERP)
			return true;
	}
	return false;
}

static int stage_check_elf(int fd, const char *path, char why[STAGE_WHY_MAX])
{
	ElfW(Ehdr) header;

	if (!stage_read_header(fd, &header))
		return stage_say(
			why,
			"%s is not a program (no ELF header): install lastwatt again",
			path);
	if (!stage_is_same_machine(&header))
		return stage_say(
			why,
			"%s is made for another kind of machine: install the lastwatt for this one",
			path);
	if (stage_is_dynamic(fd, &header))
		return stage_say(
			why,
			"%s needs an interpreter or libraries, which are gone when it runs: build it static",
			path);
	return CMD_OK;
}

int stage_check_program(const char *path, char why[STAGE_WHY_MAX])
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat stat;
	int ret;

	if (fd < 0)
		return stage_say(
			why, "%s cannot be opened: %s; install lastwatt again",
			path, strerror(errno));
	if (fstat(fd, &stat) || !S_ISREG(stat.st_mode))
		ret = stage_say(why, "%s is not a file: install lastwatt again",
				path);
	else if (!(stat.st_mode & 0111))
		ret = stage_say(
			why,
			"%s is not executable, and systemd would pass it over without a word: chmod 755 %s",
			path, path);
	else
		ret = stage_check_elf(fd, path, why);
	(void)close(fd); /* only read */
	return ret;
}

/** The child: @path with its standard output going to @out. */
static void __attribute__((noreturn)) stage_exec(const char *path, int out)
{
	char *const argv[] = { (char *)"shutdown", (char *)"--version", NULL };

	if (dup2(out, STDOUT_FILENO) >= 0)
		(void)execve(path, argv, environ); /* returns if it failed */
	_exit(STAGE_CANNOT_EXEC);
}

/** Read until the end or @until; returns how many bytes came. */
static size_t stage_read_answer(int fd, char *answer, size_t size,
				deadline_t until)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	size_t len = 0;
	ssize_t got;

	while (len < size) {
		if (poll(&poll_fd, 1, deadline_left_ms(until)) <= 0)
			break;
		got = read(fd, answer + len, size - len);
		if (got <= 0)
			break;
		len += (size_t)got;
	}
	return len;
}

/** Its exit status, 128 + signal, or -1 if it had to be killed. */
static int stage_wait(pid_t pid, deadline_t until)
{
	bool late = false;
	int status;

	while (!waitpid(pid, &status, WNOHANG)) {
		late = deadline_passed(until);
		if (late) {
			(void)kill(pid, SIGKILL); /* it is our own child */
			(void)waitpid(pid, &status, 0);
			return -1;
		}
		(void)clock_sleep_ms(5, until); /* the loop looks anyway */
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int stage_try_program(const char *path, char why[STAGE_WHY_MAX])
{
	static const char expected[] = "lastwatt ";
	deadline_t until = deadline_in_ms(STAGE_TRY_MS);
	char answer[64];
	size_t len;
	int pipe_fd[2];
	int status;
	pid_t pid;

	if (access(path, X_OK))
		return stage_say(
			why,
			"%s may not be executed (%s): systemd would pass it over; is its file system noexec, or does a security policy forbid it?",
			path, strerror(errno));
	if (stage_check_policy(path, why))
		return CMD_FAILED;
	if (pipe2(pipe_fd, O_CLOEXEC))
		return stage_say(why, "no pipe: %s", strerror(errno));
	pid = fork();
	if (!pid)
		stage_exec(path, pipe_fd[1]);
	(void)close(pipe_fd[1]); /* the child has it */
	len = pid < 0 ? 0
		      : stage_read_answer(pipe_fd[0], answer, sizeof(answer),
					  until);
	(void)close(pipe_fd[0]); /* only read */
	status = pid < 0 ? -1 : stage_wait(pid, until);
	if (!status && len >= sizeof(expected) - 1 &&
	    !memcmp(answer, expected, sizeof(expected) - 1))
		return CMD_OK;
	return stage_say(
		why,
		"%s does not run: \"%s --version\" ended with %d; install lastwatt again",
		path, path, status);
}
