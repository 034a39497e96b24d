/* SPDX-License-Identifier: MIT */
/* The least that the kernel takes for a FUSE server. */
#include "fuse.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define REQUEST_MAX (8192 + 65536)

/* Of the kernel's FUSE protocol, version 7.31; musl does not have it. */
enum {
	GETATTR = 3,
	INIT = 26,
	FORGET = 2
};

struct in_header {
	uint32_t len, opcode;
	uint64_t unique, node;
	uint32_t uid, gid, pid, padding;
};

struct out_header {
	uint32_t len;
	int32_t error;
	uint64_t unique;
};

struct init_out {
	uint32_t major, minor, max_readahead, flags;
	uint16_t max_background, congestion_threshold;
	uint32_t max_write, more[10];
};

struct attributes_out {
	uint64_t valid;
	uint32_t valid_ns, padding;
	uint64_t ino, size, blocks, atime, mtime, ctime;
	uint32_t atime_ns, mtime_ns, ctime_ns, mode, nlink, uid, gid, rdev;
	uint32_t blksize, flags;
};

static void answer(int fd, uint64_t unique, int error, const void *data,
		   size_t len)
{
	struct out_header head = {
		.len = (uint32_t)(sizeof(head) + len),
		.error = error,
		.unique = unique,
	};
	struct iovec parts[] = {
		{ .iov_base = &head, .iov_len = sizeof(head) },
		{ .iov_base = (void *)data, .iov_len = len },
	};

	(void)!writev(fd, parts, 2);
}

static void answer_init(int fd, uint64_t unique)
{
	struct init_out init = {
		.major = 7,
		.minor = 31,
		.max_write = 65536,
	};

	answer(fd, unique, 0, &init, sizeof(init));
}

static void answer_attributes(int fd, uint64_t unique)
{
	struct attributes_out attributes = {
		.ino = 1,
		.mode = S_IFDIR | 0755,
		.nlink = 2,
	};

	answer(fd, unique, 0, &attributes, sizeof(attributes));
}

int fuse_open(const char *path)
{
	int fd = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	char options[128];

	(void)mkdir(path, 0755);
	snprintf(options, sizeof(options),
		 "fd=%d,rootmode=40000,user_id=0,group_id=0", fd);
	if (fd < 0 || mount("rig", path, "fuse.rig", 0, options)) {
		dprintf(1, "rig: fuse: %s\n", strerror(errno));
		return -1;
	}
	return fd;
}

void fuse_serve(int fd, bool deaf)
{
	static char request[REQUEST_MAX];
	struct in_header *head = (void *)request;

	while (read(fd, request, sizeof(request)) > 0) {
		if (head->opcode == INIT)
			answer_init(fd, head->unique);
		else if (deaf)
			continue;
		else if (head->opcode == GETATTR)
			answer_attributes(fd, head->unique);
		else if (head->opcode != FORGET)
			answer(fd, head->unique, -ENOSYS, NULL, 0);
	}
}
