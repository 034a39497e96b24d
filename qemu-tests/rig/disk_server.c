/* SPDX-License-Identifier: MIT */
/*
 * A disk with a volatile write cache, served to QEMU over NBD: what was written
 * and not flushed exists only here, and is forgotten when QEMU goes. So the
 * image file always holds what a real disk would after its power was cut.
 *
 *	rig-disk IMAGE SOCKET [SLOW_MS]
 *
 * Once the last block was written, every flush that has something to do takes
 * SLOW_MS. Says "ready" when QEMU may connect; serves one connection after the
 *other, and ends with the process that started it.
 */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BLOCK       4096u
#define REQUEST_MAX (32u << 20)

/* Of the NBD protocol, fixed newstyle. */
#define MAGIC_HELLO        0x4e42444d41474943ull /* "NBDMAGIC" */
#define MAGIC_OPTION       0x49484156454f5054ull /* "IHAVEOPT" */
#define MAGIC_OPTION_REPLY 0x0003e889045565a9ull
#define MAGIC_REQUEST      0x25609513u
#define MAGIC_REPLY        0x67446698u

enum {
	HELLO_FIXED_NEWSTYLE = 1,
	HELLO_NO_ZEROES = 2
};
enum {
	OPTION_EXPORT_NAME = 1,
	OPTION_ABORT = 2,
	OPTION_GO = 7
};
enum {
	ANSWER_ACK = 1,
	ANSWER_INFO = 3
};
#define ANSWER_UNSUPPORTED 0x80000001u
enum {
	EXPORT_HAS_FLAGS = 1,
	EXPORT_FLUSH = 4,
	EXPORT_FUA = 8
};
enum {
	DO_READ,
	DO_WRITE,
	DO_DISCONNECT,
	DO_FLUSH
};
enum {
	REQUEST_FUA = 1
};

struct option {
	uint64_t magic;
	uint32_t kind, len;
} __attribute__((packed));

struct option_reply {
	uint64_t magic;
	uint32_t kind, answer, len;
} __attribute__((packed));

struct export_info {
	uint16_t kind;
	uint64_t size;
	uint16_t flags;
} __attribute__((packed));

struct request {
	uint32_t magic;
	uint16_t flags, type;
	uint64_t handle, offset;
	uint32_t len;
} __attribute__((packed));

struct reply {
	uint32_t magic, error;
	uint64_t handle;
} __attribute__((packed));

struct disk {
	int image;
	uint64_t size;
	uint8_t **cache; /* one each block, NULL: not cached */
	uint64_t blocks;
	unsigned int slow_ms; /* what a flush takes ... */
	bool slow;            /* ... from now on */
};

static void die(const char *what)
{
	fprintf(stderr, "rig-disk: %s: %s\n", what, strerror(errno));
	exit(2);
}

static bool receive(int fd, void *data, size_t len)
{
	ssize_t got;

	for (; len; len -= (size_t)got, data = (uint8_t *)data + got) {
		got = read(fd, data, len);
		if (got <= 0)
			return false;
	}
	return true;
}

static bool transmit(int fd, const void *data, size_t len)
{
	ssize_t put;

	for (; len; len -= (size_t)put, data = (const uint8_t *)data + put) {
		put = write(fd, data, len);
		if (put <= 0)
			return false;
	}
	return true;
}

static void disk_open(struct disk *disk, const char *path)
{
	struct stat stat;

	disk->image = open(path, O_RDWR | O_CLOEXEC);
	if (disk->image < 0 || fstat(disk->image, &stat))
		die(path);
	disk->size = (uint64_t)stat.st_size / BLOCK * BLOCK;
	disk->blocks = disk->size / BLOCK;
	disk->cache = calloc(disk->blocks, sizeof(*disk->cache));
	if (!disk->cache)
		die("memory");
}

/* From the cache to the image. */
static void disk_store(struct disk *disk, uint64_t block)
{
	uint8_t *data = disk->cache[block];

	if (!data)
		return;
	if (pwrite(disk->image, data, BLOCK, (off_t)(block * BLOCK)) != BLOCK)
		die("write to the image");
	free(data);
	disk->cache[block] = NULL;
}

static void disk_flush(struct disk *disk)
{
	uint64_t block, first = 0;

	while (first < disk->blocks && !disk->cache[first])
		first++;
	if (disk->slow && first < disk->blocks) {
		fprintf(stderr, "rig-disk: a slow flush\n");
		usleep(disk->slow_ms * 1000);
	}
	for (block = 0; block < disk->blocks; block++)
		disk_store(disk, block);
}

/* The power is gone. */
static void disk_forget(struct disk *disk)
{
	uint64_t block, count = 0;

	for (block = 0; block < disk->blocks; block++) {
		count += disk->cache[block] != NULL;
		free(disk->cache[block]);
		disk->cache[block] = NULL;
	}
	disk->slow = false;
	fprintf(stderr, "rig-disk: %llu blocks were not flushed\n",
		(unsigned long long)count);
}

static void disk_load(struct disk *disk, uint64_t block, uint8_t *data)
{
	if (disk->cache[block])
		memcpy(data, disk->cache[block], BLOCK);
	else if (pread(disk->image, data, BLOCK, (off_t)(block * BLOCK)) != BLOCK)
		die("read from the image");
}

/* Read or write a piece that lies within one block. */
static void disk_piece(struct disk *disk, bool write, uint64_t block,
		       uint32_t from, uint32_t len, uint8_t *data)
{
	uint8_t whole[BLOCK];

	if (!write) {
		disk_load(disk, block, whole);
		memcpy(data, whole + from, len);
		return;
	}
	if (!disk->cache[block]) {
		disk_load(disk, block, whole);
		disk->cache[block] = malloc(BLOCK);
		if (!disk->cache[block])
			die("memory");
		memcpy(disk->cache[block], whole, BLOCK);
	}
	memcpy(disk->cache[block] + from, data, len);
}

static void disk_transfer(struct disk *disk, const struct request *request,
			  uint8_t *data)
{
	uint64_t offset = request->offset, end = offset + request->len;
	uint32_t from, len;

	/* The machine says by this when it is time to be slow. */
	if (request->type == DO_WRITE && end == disk->size)
		disk->slow = disk->slow_ms > 0;
	for (; offset < end; offset += len, data += len) {
		from = (uint32_t)(offset % BLOCK);
		len = BLOCK - from;
		if (len > end - offset)
			len = (uint32_t)(end - offset);
		disk_piece(disk, request->type == DO_WRITE, offset / BLOCK,
			   from, len, data);
		if (request->type == DO_WRITE && request->flags & REQUEST_FUA)
			disk_store(disk, offset / BLOCK);
	}
}

static bool answer_option(int fd, uint32_t kind, uint32_t answer,
			  const void *data, uint32_t len)
{
	struct option_reply reply = {
		.magic = htobe64(MAGIC_OPTION_REPLY),
		.kind = htobe32(kind),
		.answer = htobe32(answer),
		.len = htobe32(len),
	};

	return transmit(fd, &reply, sizeof(reply)) && transmit(fd, data, len);
}

/* Returns true when QEMU has chosen the disk. */
static bool negotiate(int fd, uint64_t size)
{
	const uint16_t flags = EXPORT_HAS_FLAGS | EXPORT_FLUSH | EXPORT_FUA;
	struct export_info info = {
		.size = htobe64(size),
		.flags = htobe16(flags),
	};
	struct {
		uint64_t hello, option;
		uint16_t flags;
	} __attribute__((packed)) greeting = {
		htobe64(MAGIC_HELLO),
		htobe64(MAGIC_OPTION),
		htobe16(HELLO_FIXED_NEWSTYLE | HELLO_NO_ZEROES),
	};
	struct option option;
	uint32_t client_flags, len;
	char ignored[4096];

	if (!transmit(fd, &greeting, sizeof(greeting)) ||
	    !receive(fd, &client_flags, sizeof(client_flags)))
		return false;
	while (receive(fd, &option, sizeof(option))) {
		len = be32toh(option.len);
		if (option.magic != htobe64(MAGIC_OPTION) ||
		    len > sizeof(ignored) || !receive(fd, ignored, len))
			return false;
		switch (be32toh(option.kind)) {
		case OPTION_EXPORT_NAME:
			return transmit(fd, &info.size,
					sizeof(info) - sizeof(info.kind));
		case OPTION_GO:
			return answer_option(fd, OPTION_GO, ANSWER_INFO, &info,
					     sizeof(info)) &&
			       answer_option(fd, OPTION_GO, ANSWER_ACK, NULL, 0);
		case OPTION_ABORT:
			return false;
		default:
			if (!answer_option(fd, be32toh(option.kind),
					   ANSWER_UNSUPPORTED, NULL, 0))
				return false;
		}
	}
	return false;
}

static bool request_receive(int fd, const struct disk *disk,
			    struct request *request)
{
	if (!receive(fd, request, sizeof(*request)) ||
	    be32toh(request->magic) != MAGIC_REQUEST)
		return false;
	request->flags = be16toh(request->flags);
	request->type = be16toh(request->type);
	request->offset = be64toh(request->offset);
	request->len = be32toh(request->len);
	return request->len <= REQUEST_MAX && request->len <= disk->size &&
	       request->offset <= disk->size - request->len;
}

static void serve(int fd, struct disk *disk, uint8_t *data)
{
	struct request request;
	struct reply reply = { .magic = htobe32(MAGIC_REPLY) };

	if (!negotiate(fd, disk->size))
		return;
	while (request_receive(fd, disk, &request)) {
		reply.handle = request.handle;
		reply.error = 0;
		if (request.type == DO_DISCONNECT)
			return;
		if (request.type == DO_WRITE && !receive(fd, data, request.len))
			return;
		if (request.type == DO_FLUSH)
			disk_flush(disk);
		else if (request.type == DO_READ || request.type == DO_WRITE)
			disk_transfer(disk, &request, data);
		else
			reply.error = htobe32(EINVAL);
		if (!transmit(fd, &reply, sizeof(reply)))
			return;
		if (request.type == DO_READ && !transmit(fd, data, request.len))
			return;
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct disk disk;
	uint8_t *data;
	int listener, fd;

	if (argc < 3 || argc > 4 || strlen(argv[2]) >= sizeof(address.sun_path)) {
		fprintf(stderr, "usage: rig-disk IMAGE SOCKET [SLOW_MS]\n");
		return 2;
	}
	data = malloc(REQUEST_MAX);
	if (!data)
		die("memory");
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_IGN);
	disk_open(&disk, argv[1]);
	disk.slow_ms = argc > 3 ? (unsigned int)atoi(argv[3]) : 0;
	disk.slow = false;
	strcpy(address.sun_path, argv[2]);
	listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (listener < 0 ||
	    bind(listener, (struct sockaddr *)&address, sizeof(address)) ||
	    listen(listener, 1))
		die(argv[2]);
	printf("ready\n");
	fflush(stdout);
	while ((fd = accept(listener, NULL, NULL)) >= 0) {
		serve(fd, &disk, data);
		close(fd);
		disk_forget(&disk);
	}
	die("accept");
}
