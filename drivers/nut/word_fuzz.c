// SPDX-License-Identifier: MIT
/* Fuzzes what is made of a program's words. */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "nut/nut.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct ups ups = { .name = "u" };
	struct nut_word word = { .began = false };
	char line[NUT_LINE_MAX];
	size_t filled = 0;
	int status = len > 0 ? bytes[0] << 8 : 0;

	for (size_t i = 0; i < len; i++) {
		if (bytes[i] != '\n' && filled < sizeof(line) - 1) {
			line[filled++] = bytes[i] ? (char)bytes[i] : ' ';
			continue;
		}
		line[filled] = '\0';
		filled = 0;
		nut_word_hear(&word, line);
	}
	assert(memchr(word.bad, '\0', sizeof(word.bad)));
	if (nut_word_judge(&ups, &word, "driver", status) == 0)
		assert(word.began && !word.complained && status == 0);
	else
		assert(*ups.problem);
	return 0;
}
