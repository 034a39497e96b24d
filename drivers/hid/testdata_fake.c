// SPDX-License-Identifier: MIT
/* Reads testdata/ for the tests; a fixture that is missing ends them. */
#include "hid/testdata.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t testdata_hex(const char *name, uint8_t *bytes, size_t size)
{
	char path[128];
	unsigned int byte;
	size_t len = 0;
	FILE *file;

	(void)snprintf(path, sizeof(path), TESTDATA_DIR "%s.hex", name);
	file = fopen(path, "re");
	if (!file) {
		perror(path);
		exit(1);
	}
	while (len < size && fscanf(file, "%x", &byte) == 1)
		bytes[len++] = (uint8_t)byte;
	fclose(file);
	return len;
}

static int testdata_compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

size_t testdata_names(char (*names)[64], size_t max)
{
	DIR *dir = opendir(TESTDATA_DIR);
	struct dirent *entry;
	size_t count = 0;

	if (!dir) {
		perror(TESTDATA_DIR);
		exit(1);
	}
	while (count < max && (entry = readdir(dir))) {
		char *end = strstr(entry->d_name, ".hex");

		if (end && !end[4])
			(void)snprintf(names[count++], sizeof(names[0]), "%.*s",
				       (int)(end - entry->d_name),
				       entry->d_name);
	}
	closedir(dir);
	qsort(names, count, sizeof(names[0]), testdata_compare);
	return count;
}
