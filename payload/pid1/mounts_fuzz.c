// SPDX-License-Identifier: MIT
/* Fuzzes the mount table. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pid1/mounts.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char *text = malloc(len + 1);
	struct mounts mounts;

	if (!text)
		return -1;
	memcpy(text, bytes, len);
	text[len] = '\0';
	if (mounts_parse(&mounts, text) < 0)
		return 0;
	assert(mounts.count <= MOUNTS_MAX);
	assert(mounts_count_writable(&mounts) <= mounts_count_data(&mounts));
	for (size_t i = 0; i < mounts.count; i++) {
		const struct mount *remote =
			mounts_find_remote(&mounts, mounts.mount[i].id);

		assert(!remote || remote->remote);
		assert(mounts.mount[i].path && mounts.mount[i].type);
		assert(i == 0 ||
		       mounts.mount[i - 1].depth >= mounts.mount[i].depth);
	}
	mounts_free(&mounts);
	return 0;
}
