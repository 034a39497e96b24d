/* SPDX-License-Identifier: MIT */
/*
 * rig-process: what else runs on a machine that goes down. It holds files, or
 * writes records and tells which of them are safe.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Starts itself again under a name that systemd spares. */
static int survive(char **argv)
{
	argv[0] = "@pin";
	execv("/usr/bin/rig-process", argv);
	return 1;
}

static int pin(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);

	if (fd < 0)
		return 1;
	(void)!write(fd, "deleted, but open\n", 18);
	(void)unlink(path);
	signal(SIGTERM, SIG_IGN);
	dprintf(1, "rig: pinned\n");
	for (;;)
		pause();
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

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[0], "pin"))
		return survive(argv);
	if (argc == 2 && !strcmp(argv[0], "@pin"))
		return pin(argv[1]);
	if (argc == 2 && !strcmp(argv[0], "write"))
		return write_records(argv[1]);
	dprintf(2, "rig-process: pin FILE or write FILE\n");
	return 2;
}
