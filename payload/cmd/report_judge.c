// SPDX-License-Identifier: MIT
/* From the witnesses to one verdict. */
#include <stdio.h>
#include <string.h>

#include "cmd/report_parts.h"

static int report_count(const struct record *record, enum record_result result)
{
	int count = 0;

	for (int i = 0; i < record->upses && i < RECORD_UPS_MAX; i++)
		count += record->ups[i].result == result;
	return count;
}

static enum report_verdict report_judge_drill(const struct record *record,
					      char *why, size_t size)
{
	int doubtful = report_count(record, RECORD_DOUBTFUL);

	if (!record->is_over) {
		(void)snprintf(
			why, size,
			"A drill, of whose end nothing was written: it hung or crashed.");
		return REPORT_CRASHED;
	}
	if (record->failed || doubtful) {
		(void)snprintf(
			why, size,
			doubtful
				? "A drill: %d of %d UPSes may still count down, see lastwatt cancel."
				: "A drill: %d of %d UPSes could not have been commanded.",
			doubtful ? doubtful : record->failed, record->upses);
		return REPORT_FAILED;
	}
	if (!teardown_is_safe(record->storage)) {
		(void)snprintf(why, size, "A drill: storage was not safe.");
		return REPORT_FAILED;
	}
	(void)snprintf(
		why, size,
		"Everything but the cut was done, and each UPS could have been commanded.");
	return REPORT_DRILL;
}

static enum report_verdict report_judge_record(const struct record *record,
					       char *why, size_t size)
{
	int sent = report_count(record, RECORD_SENT);
	int doubtful = report_count(record, RECORD_DOUBTFUL);

	if (!record->is_over) {
		(void)snprintf(
			why, size,
			"The cut had begun, and nothing was written after that: the load went off at once, or the machine hung.");
		return REPORT_INTERRUPTED;
	}
	if (record->failed) {
		(void)snprintf(why, size, "%d of %d UPS%s not commanded.",
			       record->failed, record->upses,
			       record->upses == 1 ? " was" : "es were");
		return REPORT_FAILED;
	}
	if (sent || doubtful) {
		(void)snprintf(
			why, size,
			"Commanded, but %d of %d UPS%s did not show that it obeyed.",
			sent + doubtful, record->upses,
			record->upses == 1 ? "" : "es");
		return REPORT_UNCONFIRMED;
	}
	if (record->is_still_on) {
		(void)snprintf(
			why, size,
			"Cycle too short: every UPS showed that it obeyed, and the machine was not dark. Its power supply has bridged that, or it hangs on another outlet; a longer ondelay may help.");
		return REPORT_FAILED;
	}
	(void)snprintf(
		why, size,
		record->upses == 1
			? "The UPS was commanded and showed that it obeyed."
			: "Each UPS was commanded and showed that it obeyed.");
	return REPORT_CONFIRMED;
}

/** Is there a line of @stage that begins with @words? */
static const char *report_find_line(const struct report_log *log,
				    const char *stage, const char *words)
{
	size_t len = strlen(stage);

	for (int i = log->lines - 1; i >= 0; i--) {
		if (!strncmp(log->line[i], stage, len) &&
		    !strncmp(log->line[i] + len, ": ", 2) &&
		    strstr(log->line[i] + len + 2, words))
			return log->line[i];
	}
	return NULL;
}

/** Without a record: our lines in the kernel's log are as good. */
static enum report_verdict report_judge_log(const struct report_log *log,
					    char *why, size_t size)
{
	const char *last = log->line[log->lines - 1];
	int stage_len = (int)strcspn(last, ":");

	if (log->has_panic) {
		(void)snprintf(why, size,
			       "The kernel panicked in the stage \"%.*s\".",
			       stage_len, last);
		return REPORT_CRASHED;
	}
	if (report_find_line(log, "record", "NOT commanded") ||
	    report_find_line(log, "cut", "no UPS is commanded")) {
		(void)snprintf(why, size, "One UPS at least was not commanded.");
		return REPORT_FAILED;
	}
	if (report_find_line(log, "record", "not verified")) {
		(void)snprintf(
			why, size,
			"Commanded, but one UPS at least did not show that it obeyed.");
		return REPORT_UNCONFIRMED;
	}
	if (report_find_line(log, "record", " verified")) {
		(void)snprintf(why, size,
			       "Commanded, and the UPS showed that it obeyed.");
		return REPORT_CONFIRMED;
	}
	(void)snprintf(why, size, "The last word is of the stage \"%.*s\".",
		       stage_len, last);
	return report_find_line(log, "cut", "about to") ? REPORT_INTERRUPTED
							: REPORT_CRASHED;
}

static enum report_verdict report_judge_silence(const struct report_facts *facts,
						char *why, size_t size)
{
	if (facts->last.is_drill && facts->has_firmware) {
		(void)snprintf(
			why, size,
			"A drill was under way, and lastwatt did not come as far as the UPSes: see lastwatt check.");
		return REPORT_NEVER;
	}
	if (facts->last.is_drill) {
		(void)snprintf(
			why, size,
			"A drill was under way. The machine has come up again, but no firmware keeps what it did: only the console has shown it.");
		return REPORT_UNKNOWN;
	}
	if (facts->has_firmware) {
		(void)snprintf(
			why, size,
			"A forced power-off was under way, and lastwatt did not come as far as the cut: see lastwatt check.");
		return REPORT_NEVER;
	}
	(void)snprintf(
		why, size,
		"A forced power-off was under way. This machine has no firmware that keeps variables and no pstore, so nothing is known of its end.");
	return REPORT_UNKNOWN;
}

enum report_verdict report_judge(const struct report_facts *facts, char *why,
				 size_t size)
{
	if (facts->has_record && facts->record.is_drill)
		return report_judge_drill(&facts->record, why, size);
	if (facts->has_record)
		return report_judge_record(&facts->record, why, size);
	if (!facts->has_last) {
		(void)snprintf(why, size,
			       "Nothing is known of a boot before this one.");
		return REPORT_NOTHING;
	}
	if (!facts->last.is_stopped && !facts->log.found) {
		(void)snprintf(
			why, size,
			"The boot before this one ended without a shutdown: the power went, or the machine crashed.");
		return REPORT_LOST;
	}
	if (facts->last.is_stopped && !facts->last.is_forced &&
	    !facts->last.is_drill) {
		(void)snprintf(
			why, size,
			"An ordinary shutdown, in which no UPS was to be commanded.");
		return REPORT_ORDINARY;
	}
	if (facts->log.found)
		return report_judge_log(&facts->log, why, size);
	return report_judge_silence(facts, why, size);
}

bool report_is_good(enum report_verdict verdict)
{
	/* What a machine has no memory for is no fault of its power-off. */
	return verdict == REPORT_NOTHING || verdict == REPORT_ORDINARY ||
	       verdict == REPORT_DRILL || verdict == REPORT_CONFIRMED ||
	       verdict == REPORT_UNCONFIRMED || verdict == REPORT_UNKNOWN;
}

const char *report_verdict_name(enum report_verdict verdict)
{
	static const char names[][16] = {
		[REPORT_NOTHING] = "nothing",
		[REPORT_ORDINARY] = "ordinary",
		[REPORT_DRILL] = "drill",
		[REPORT_CONFIRMED] = "confirmed",
		[REPORT_UNCONFIRMED] = "unconfirmed",
		[REPORT_FAILED] = "failed",
		[REPORT_INTERRUPTED] = "interrupted",
		[REPORT_CRASHED] = "crashed",
		[REPORT_NEVER] = "never-reached",
		[REPORT_UNKNOWN] = "unknown",
		[REPORT_LOST] = "lost",
	};

	return names[verdict];
}
