// SPDX-License-Identifier: MIT
/* Fuzzes the text of a route: what is read is what would be written. */
#include <assert.h>
#include <string.h>

#include "link/route.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char text[ROUTE_TEXT_MAX + 16] = "", first[ROUTE_TEXT_MAX];
	char second[ROUTE_TEXT_MAX];
	struct route route, copy;

	if (len >= sizeof(text))
		return 0;
	memcpy(text, bytes, len);
	if (route_parse(&route, text) < 0)
		return 0;
	route_print(&route, first);
	assert(route_parse(&copy, first) == 0);
	route_print(&copy, second);
	assert(strcmp(first, second) == 0);
	return 0;
}
