// SPDX-License-Identifier: MIT
/*
 * Writes the exitrd as a cpio archive (newc, what the kernel unpacks) from a
 * list like exitrd.list. The same list and files give the same bytes on every
 * machine: no owner, time, inode or order of the build machine gets in.
 *
 *   pack LIST FOLDER >ARCHIVE      files are looked for in FOLDER
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PACK_PATH_MAX 256
#define PACK_BLOCK    512

struct pack_entry {
	bool is_dir;
	unsigned int mode;
	char path[PACK_PATH_MAX];
	char source[PACK_PATH_MAX];
};

struct pack_archive {
	FILE *out;
	size_t written;
	unsigned int entries;
};

static void pack_write(struct pack_archive *archive, const void *bytes,
		       size_t len)
{
	if (len && fwrite(bytes, 1, len, archive->out) != len) {
		perror("pack: cannot write the archive");
		exit(1);
	}
	archive->written += len;
}

static void pack_align(struct pack_archive *archive, size_t to)
{
	static const char zeros[PACK_BLOCK];
	size_t over = archive->written % to;

	if (over)
		pack_write(archive, zeros, to - over);
}

/** The header and the name; @path without its leading slash. */
static void pack_header(struct pack_archive *archive, const char *path,
			unsigned int mode, unsigned int links, size_t size)
{
	char header[6 + 13 * 8 + 1];
	size_t name_size = strlen(path) + 1;

	/* magic, inode, mode, uid, gid, links, mtime, size,
	 * device (2), special device (2), size of the name, checksum */
	snprintf(header, sizeof(header),
		 "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X",
		 archive->entries++, mode, 0, 0, links, 0, (unsigned int)size,
		 0, 0, 0, 0, (unsigned int)name_size, 0);
	pack_write(archive, header, sizeof(header) - 1);
	pack_write(archive, path, name_size);
	pack_align(archive, 4);
}

static char *pack_read_file(const char *folder, const char *name, size_t *size)
{
	char path[2 * PACK_PATH_MAX];
	struct stat stat_of_file;
	char *bytes;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "rb");
	if (!file || fstat(fileno(file), &stat_of_file)) {
		perror(path);
		exit(1);
	}
	*size = (size_t)stat_of_file.st_size;
	bytes = malloc(*size + 1);
	if (!bytes || fread(bytes, 1, *size, file) != *size) {
		fprintf(stderr, "pack: cannot read %s\n", path);
		exit(1);
	}
	fclose(file);
	return bytes;
}

static void pack_entry(struct pack_archive *archive, const char *folder,
		       const struct pack_entry *entry)
{
	size_t size = 0;
	char *bytes;

	if (entry->is_dir) {
		pack_header(archive, entry->path + 1, S_IFDIR | entry->mode, 2,
			    0);
		return;
	}
	bytes = pack_read_file(folder, entry->source, &size);
	pack_header(archive, entry->path + 1, S_IFREG | entry->mode, 1, size);
	pack_write(archive, bytes, size);
	pack_align(archive, 4);
	free(bytes);
}

/** Understand one line; false for one that says nothing. */
static bool pack_parse_line(const char *line, struct pack_entry *entry)
{
	char kind[8] = "";
	int words;

	memset(entry, 0, sizeof(*entry));
	words = sscanf(line, "%7s %255s %o %255s", kind, entry->path,
		       &entry->mode, entry->source);
	if (words < 1 || kind[0] == '#')
		return false;
	entry->is_dir = !strcmp(kind, "dir");
	if (entry->path[0] != '/' || words != (entry->is_dir ? 3 : 4) ||
	    (!entry->is_dir && strcmp(kind, "file"))) {
		fprintf(stderr, "pack: cannot understand: %s", line);
		exit(1);
	}
	return true;
}

int main(int argc, char **argv)
{
	struct pack_archive archive = { .out = stdout, .entries = 1 };
	struct pack_entry entry;
	char line[1024];
	FILE *list;

	if (argc != 3) {
		fputs("usage: pack LIST FOLDER >ARCHIVE\n", stderr);
		return 2;
	}
	list = fopen(argv[1], "r");
	if (!list) {
		perror(argv[1]);
		return 1;
	}
	while (fgets(line, sizeof(line), list)) {
		if (pack_parse_line(line, &entry))
			pack_entry(&archive, argv[2], &entry);
	}
	fclose(list);
	pack_header(&archive, "TRAILER!!!", 0, 1, 0);
	pack_align(&archive, PACK_BLOCK);
	if (fflush(stdout)) {
		perror("pack: cannot write the archive");
		return 1;
	}
	return 0;
}
