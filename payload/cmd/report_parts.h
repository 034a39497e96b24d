/* SPDX-License-Identifier: MIT */
/* The parts of `lastwatt report`: the witnesses, the verdict, the words. */
#ifndef CMD_REPORT_PARTS_H
#define CMD_REPORT_PARTS_H

#include "last.h"
#include "record.h"

#define REPORT_LINES_MAX 8
#define REPORT_LINE_MAX  240

/** What became of the end of the boot before this one. */
enum report_verdict {
	REPORT_NOTHING,     /* nothing is known of one */
	REPORT_ORDINARY,    /* a shutdown that was to command no UPS */
	REPORT_DRILL,       /* a rehearsal that went as it should */
	REPORT_CONFIRMED,   /* each UPS showed that it obeyed */
	REPORT_UNCONFIRMED, /* commanded, and one at least did not show it */
	REPORT_FAILED,      /* one at least was not commanded */
	REPORT_INTERRUPTED, /* the cut had begun, and its end is not known */
	REPORT_CRASHED,     /* ended in a stage before the cut */
	REPORT_NEVER,       /* lastwatt did not come as far as the cut */
	REPORT_UNKNOWN,     /* there was nowhere to leave a word */
	REPORT_LOST,        /* the boot ended without a shutdown */
};

/** What the kernel's log of that time has kept of our lines (pstore). */
struct report_log {
	bool found;     /* a dump with lines of ours */
	bool has_panic; /* it was made because the kernel panicked */
	int lines;      /* the last ones, in their order */
	char line[REPORT_LINES_MAX][REPORT_LINE_MAX];
	int64_t at[REPORT_LINES_MAX]; /* microseconds of that boot */
};

/** All that can be asked. */
struct report_facts {
	bool has_last;
	struct last last;
	bool has_firmware; /* that keeps variables */
	bool has_record;   /* of that boot */
	struct record record;
	struct report_log log;
};

/** The verdict, with a sentence for people in @why. */
enum report_verdict report_judge(const struct report_facts *facts, char *why,
				 size_t size);

const char *report_verdict_name(enum report_verdict verdict);

/** Is it as it should be, as far as anybody can tell? */
bool report_is_good(enum report_verdict verdict);

/** Look for our lines in a dump of the kernel's log. May be called again. */
void report_read_dump(struct report_log *log, const char *text, size_t len);

/** The dumps of the kernel's log that are younger than @since_s. */
void report_find_dumps(struct report_log *log, const char *root,
		       int64_t since_s);

#endif
