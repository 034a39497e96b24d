/* SPDX-License-Identifier: MIT */
/*
 * A device that answers as one did when somebody recorded it. A file of
 * dialogue has lines
 *
 *   > "Q1\r"               from the host: text with the escapes of C,
 *   > 51 31 0d             or hex; a # ends a line of hex
 *   > ctl … string-index=03 …   the request for that string: one byte
 *   < "(230.0 …\r"         from the device
 *   # pause 0.5 s          before what comes next from the device
 *
 * and comments. What the host says is looked for from where the dialogue is
 * on, and then from its beginning, for no two programs ask in the same order.
 * What is nowhere in it is not answered.
 */
#ifndef LINK_LINE_REPLAY_FAKE_H
#define LINK_LINE_REPLAY_FAKE_H

#include "link/line_fake.h"

#define LINE_REPLAY_MAX       128
#define LINE_REPLAY_BYTES_MAX 256

struct line_replay_entry {
	bool from_host;
	int pause_ms;
	size_t len;
	uint8_t bytes[LINE_REPLAY_BYTES_MAX];
};

/** The state of a device of line_replay_kind. */
struct line_replay {
	size_t count, at; /* the entry that is expected next */
	struct line_replay_entry entry[LINE_REPLAY_MAX];
	uint8_t heard[LINE_REPLAY_BYTES_MAX]; /* of what is not complete */
	size_t heard_len;
	int answered, unknown; /* what the host said */
};

/** Not registered: it needs its file. Speaks at any speed. */
extern const struct line_fake_kind line_replay_kind;

/** Read the file at @path; 0, -ENOENT, or -EINVAL for what is no dialogue. */
int line_replay_read(struct line_replay *replay, const char *path);

/**
 * Find what the host says, zeros at the end set aside; the entry after it
 * becomes the next one. False if it is nowhere.
 */
bool line_replay_hear(struct line_replay *replay, const uint8_t *bytes,
		      size_t len);

/** The next entry if the device says it, else NULL; and go on. */
const struct line_replay_entry *line_replay_next(struct line_replay *replay);

#endif
