/* SPDX-License-Identifier: MIT */
/* Adds up Pss of all processes: a page that several share counts once. */
#include "sample.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct sum {
	long kib;
	size_t len;
	char of[512]; /* "PID NAME KIB, …" */
};

static void wait_for_exitrd(void)
{
	char program[64] = "";

	while (readlink("/proc/1/exe", program, sizeof(program) - 1) > 0 &&
	       !strncmp(program, "/init", 5))
		usleep(1000);
}

static bool read_file(const char *pid, const char *name, char text[2048])
{
	char path[300];
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/%s", pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	len = read(fd, text, 2047);
	close(fd);
	text[len > 0 ? len : 0] = '\0';
	return len > 0;
}

static void add_process(struct sum *sum, const char *pid)
{
	char text[2048], name[16] = "";
	const char *resident;
	long kib;

	if (!read_file(pid, "comm", text) || sscanf(text, "%15s", name) != 1 ||
	    !read_file(pid, "smaps_rollup", text))
		return;
	/* Kernel threads have none. */
	resident = strstr(text, "\nPss:");
	if (!resident)
		return;
	kib = strtol(resident + strlen("\nPss:"), NULL, 10);
	sum->kib += kib;
	if (sum->len < sizeof(sum->of) - 64)
		sum->len +=
			(size_t)sprintf(sum->of + sum->len, "%s%s %s %ld",
					sum->len ? ", " : "", pid, name, kib);
}

static void add_all(struct sum *sum)
{
	struct dirent *entry;
	DIR *proc = opendir("/proc");

	while (proc && (entry = readdir(proc)))
		if (isdigit((unsigned char)entry->d_name[0]) &&
		    atoi(entry->d_name) != getpid())
			add_process(sum, entry->d_name);
	if (proc)
		closedir(proc);
}

_Noreturn void sample_memory(int every_ms)
{
	long most = 0;
	int fd;

	/* What is held of the old root would be found, and killed. */
	for (fd = 0; fd < 3; fd++)
		close(fd);
	wait_for_exitrd();
	for (;; usleep(1000 * every_ms)) {
		struct sum sum = { .kib = 0 };

		add_all(&sum);
		if (sum.kib <= most)
			continue;
		most = sum.kib;
		fd = open("/dev/console", O_WRONLY | O_NOCTTY | O_CLOEXEC);
		dprintf(fd, "rig: memory %ld KiB: %s\n", sum.kib, sum.of);
		close(fd);
	}
}
