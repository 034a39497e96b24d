/* SPDX-License-Identifier: MIT */
/* Copies a disk image: as a clone where the file system can, else its data. */
#include "disk.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "words.h"

/* Copy the data from @at to @end. Returns false with errno set. */
static bool disk_copy_part(int in, int out, off_t at, off_t end)
{
	char bytes[65536];
	ssize_t len;
	size_t want;

	while (at < end) {
		want = end - at > (off_t)sizeof(bytes) ? sizeof(bytes)
						       : (size_t)(end - at);
		len = pread(in, bytes, want, at);
		if (len <= 0 || pwrite(out, bytes, (size_t)len, at) != len)
			return false;
		at += len;
	}
	return true;
}

void disk_copy(const char *from, const char *to)
{
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	off_t at = 0, end;
	struct stat stat;
	bool good;

	if (in < 0 || out < 0 || fstat(in, &stat))
		words_die(NULL, "copy %s to %s: %s", from, to, strerror(errno));
	good = !ioctl(out, FICLONE, in);
	if (!good) {
		good = !ftruncate(out, stat.st_size);
		while (good && (at = lseek(in, at, SEEK_DATA)) >= 0) {
			end = lseek(in, at, SEEK_HOLE);
			good = disk_copy_part(in, out, at, end);
			at = end;
		}
	}
	if (!good)
		words_die(NULL, "copy %s to %s: %s", from, to, strerror(errno));
	close(in);
	close(out);
}
