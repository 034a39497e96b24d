/* SPDX-License-Identifier: MIT */
/*
 * Loads another kernel for "systemctl kexec". Without an initrd, what it starts
 * is this same program, which says so and switches the machine off.
 */
#define _GNU_SOURCE
#include "kexec.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SELF         "/proc/self/exe"
#define INITRD       "/run/rig-initrd"
#define CMDLINE_MAX  4096
#define BEGIN        " rdinit=/init"
#define HEAD_SIZE    110
#define PADDED(size) (((size) + 3) & ~3u)

/* One file of a cpio archive as the kernel unpacks it. */
static void add_file(FILE *out, const char *name, unsigned int mode,
		     const char *data, unsigned int size)
{
	static const char zeros[4];
	unsigned int named = (unsigned int)strlen(name) + 1;
	const unsigned int fields[] = { 1, mode, 0, 0, 1,     0, size,
					0, 0,    0, 0, named, 0 };
	unsigned int head = HEAD_SIZE + named;
	size_t i;

	fputs("070701", out);
	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		fprintf(out, "%08x", fields[i]);
	fwrite(name, 1, named, out);
	fwrite(zeros, 1, PADDED(head) - head, out);
	fwrite(data, 1, size, out);
	fwrite(zeros, 1, PADDED(size) - size, out);
}

/*
 * An initrd with nothing but this program as /init; -1 if there is no way. The
 * kernel takes none that somebody may still write to.
 */
static int make_initrd(void)
{
	int self = open(SELF, O_RDONLY | O_CLOEXEC);
	FILE *out = fopen(INITRD, "we");
	struct stat about;
	char *data;

	if (self < 0 || !out || fstat(self, &about))
		return -1;
	data = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, self,
		    0);
	if (data == MAP_FAILED)
		return -1;
	add_file(out, "init", S_IFREG | 0755, data, (unsigned int)about.st_size);
	add_file(out, "TRAILER!!!", 0, "", 0);
	return fclose(out) ? -1 : open(INITRD, O_RDONLY | O_CLOEXEC);
}

/* This kernel's command line; an initrd is begun as it wants to be. */
static int read_cmdline(char line[CMDLINE_MAX])
{
	int fd = open("/proc/cmdline", O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, line, CMDLINE_MAX - sizeof(BEGIN));

	if (fd >= 0)
		close(fd);
	if (len <= 0)
		return -1;
	line[len] = '\0';
	strcpy(line + strcspn(line, "\n"), BEGIN);
	return 0;
}

int kexec_load(const char *kernel, const char *initrd_path)
{
	char line[CMDLINE_MAX];
	int initrd = initrd_path ? open(initrd_path, O_RDONLY | O_CLOEXEC)
				 : make_initrd();
	int fd = open(kernel, O_RDONLY | O_CLOEXEC);

	if (initrd < 0 || read_cmdline(line)) {
		perror("rig-process: kexec");
		return 1;
	}
	if (fd < 0 || syscall(SYS_kexec_file_load, fd, initrd,
			      (unsigned long)strlen(line) + 1, line, 0ul)) {
		perror(kernel);
		return 1;
	}
	return 0;
}

_Noreturn void kexec_arrived(void)
{
	int fd = open("/dev/console", O_WRONLY | O_NOCTTY);

	dprintf(fd, "rig: another kernel runs\n");
	for (;;) {
		sleep(1); /* for the console */
		reboot(RB_POWER_OFF);
	}
}
