// SPDX-License-Identifier: MIT
/* Fuzzes the table of swap areas. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pid1/swap.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct swaps swaps;
	char *text = malloc(len + 1);

	if (!text)
		return -1;
	memcpy(text, bytes, len);
	text[len] = '\0';
	swap_parse(&swaps, text);
	assert(swaps.count >= 0 && swaps.count <= SWAP_AREAS_MAX);
	for (int i = 0; i < swaps.count; i++) {
		assert(swaps.path[i][0] == '/');
		assert(strlen(swaps.path[i]) < sizeof(swaps.path[i]));
	}
	free(text);
	return 0;
}
