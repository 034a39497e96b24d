/* SPDX-License-Identifier: MIT */
/*
 * Extended regular expressions, as far as NUT's users choose devices with
 * them: one has to match a whole string, and case never counts. The C
 * library's would be 40 KiB, a fifth of the whole image, most of it for
 * letters that no device name has.
 */
#ifndef LINK_PATTERN_H
#define LINK_PATTERN_H

#include <stdbool.h>
#include <stdint.h>

#define PATTERN_STEPS_MAX 256
#define PATTERN_SETS_MAX  16

enum pattern_kind {
	STEP_CHAR,
	STEP_ANY,
	STEP_SET,
	STEP_SPLIT, /* go both ways */
	STEP_JUMP,
	STEP_BEGIN,
	STEP_END,
};

struct pattern_step {
	uint8_t kind;  /* enum pattern_kind */
	uint8_t value; /* a character, or the set's number */
	int16_t next;  /* relative, as is the other way */
	int16_t other;
};

/** Compiled; without pointers. */
struct pattern {
	int steps;
	int sets;
	struct pattern_step step[PATTERN_STEPS_MAX];
	uint8_t set[PATTERN_SETS_MAX][256 / 8];
};

/**
 * Compile. Returns 0; -EINVAL for what is no expression or uses a back
 * reference; -E2BIG for one that has too many steps.
 */
int pattern_compile(struct pattern *pattern, const char *expression);

/** Does all of @text match? Takes time in proportion to its length. */
bool pattern_matches(const struct pattern *pattern, const char *text);

#endif
