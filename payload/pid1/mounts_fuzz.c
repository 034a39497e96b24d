// SPDX-License-Identifier: MIT
/* Fuzzes the mount table. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pid1/mounts.h"

#define SKIP_MAX 64

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char *text = malloc(len + 1);
	const struct mount *mount;
	struct mounts mounts;
	int skip[SKIP_MAX];
	size_t skips = 0;

	if (!text)
		return -1;
	memcpy(text, bytes, len);
	text[len] = '\0';
	if (mounts_parse(&mounts, text) < 0)
		return 0;
	assert(mounts.count <= MOUNTS_MAX);
	assert(mounts_count_writable(&mounts) <= mounts_count_data(&mounts));
	while (skips < SKIP_MAX &&
	       (mount = mounts_deepest(&mounts, skip, skips))) {
		assert(!mount->ours && mount->path && mount->type);
		for (size_t i = 0; i < skips; i++)
			assert(skip[i] != mount->id);
		skip[skips++] = mount->id;
	}
	mounts_free(&mounts);
	return 0;
}
