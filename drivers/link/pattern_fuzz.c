// SPDX-License-Identifier: MIT
/* Fuzzes the regular expressions: the first line is one, the rest a string. */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "link/pattern.h"

#define EXPRESSION_MAX 512
#define TEXT_MAX       512

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void copy(char *to, size_t size, const uint8_t *from, size_t len)
{
	if (len > size - 1)
		len = size - 1;
	memcpy(to, from, len);
	to[len] = '\0';
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const uint8_t *end = len ? memchr(bytes, '\n', len) : NULL;
	size_t first = end ? (size_t)(end - bytes) : len;
	char expression[EXPRESSION_MAX];
	char text[TEXT_MAX];
	struct pattern pattern;
	int ret;

	copy(expression, sizeof(expression), bytes, first);
	copy(text, sizeof(text), bytes + first, len - first);
	ret = pattern_compile(&pattern, expression);
	assert(ret == 0 || ret == -EINVAL || ret == -E2BIG);
	if (ret == 0) {
		assert(pattern.steps <= PATTERN_STEPS_MAX);
		(void)pattern_matches(&pattern, text[0] ? text + 1 : text);
		(void)pattern_matches(&pattern, expression);
	}
	return 0;
}
