// SPDX-License-Identifier: MIT
/*
 * Runs a compiled expression, in all of its places at once: no backtracking,
 * so no expression can make a match take long.
 */
#include "link/pattern.h"

#include <ctype.h>

/** Where the machine is: its steps, and the end behind the last one. */
struct pattern_places {
	bool is_at[PATTERN_STEPS_MAX + 1];
	int count;
	int place[PATTERN_STEPS_MAX + 1];
};

static void pattern_go(struct pattern_places *places, int place)
{
	if (places->is_at[place])
		return;
	places->is_at[place] = true;
	places->place[places->count++] = place;
}

/** Follow every way that takes no character. */
static void pattern_spread(const struct pattern *pattern,
			   struct pattern_places *places, bool begin, bool end)
{
	for (int i = 0; i < places->count; i++) {
		int at = places->place[i];
		const struct pattern_step *step = &pattern->step[at];

		if (at == pattern->steps)
			continue;
		if (step->kind == STEP_SPLIT)
			pattern_go(places, at + step->other);
		if (step->kind == STEP_SPLIT || step->kind == STEP_JUMP ||
		    (step->kind == STEP_BEGIN && begin) ||
		    (step->kind == STEP_END && end))
			pattern_go(places, at + step->next);
	}
}

static bool pattern_is_in(const uint8_t *set, int c)
{
	return set[c / 8] >> (c % 8) & 1;
}

static bool pattern_takes(const struct pattern *pattern,
			  const struct pattern_step *step, int c)
{
	switch (step->kind) {
	case STEP_CHAR:
		return step->value == tolower(c);
	case STEP_ANY:
		return true;
	case STEP_SET:
		return pattern_is_in(pattern->set[step->value], c);
	default:
		return false;
	}
}

bool pattern_matches(const struct pattern *pattern, const char *text)
{
	struct pattern_places now = { .count = 0 };

	pattern_go(&now, 0);
	pattern_spread(pattern, &now, true, !*text);
	for (; *text; text++) {
		struct pattern_places then = { .count = 0 };

		for (int i = 0; i < now.count; i++) {
			int at = now.place[i];

			if (at < pattern->steps &&
			    pattern_takes(pattern, &pattern->step[at],
					  (unsigned char)*text))
				pattern_go(&then, at + 1);
		}
		pattern_spread(pattern, &then, false, !text[1]);
		now = then;
	}
	return now.is_at[pattern->steps];
}
