// SPDX-License-Identifier: MIT
/*
 * The record: the truth about each UPS, one sentence each for the console and
 * the kernel's log, and a few bytes in the firmware for the next boot.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "efivar.h"
#include "pid1/stages.h"
#include "record.h"

/* Six lines of the kernel's log are ours; four stages have one each. */
#define RECORD_KMSG_LINES 2

/* To start a child; a cut does not wait longer for its record. */
#define RECORD_START_MS 100
/* Of the last word, for which there is no stage any more. */
#define RECORD_STAY_MS  2000

static void record_delays(const struct ups_cut *cut, char *text, size_t size)
{
	size_t len = 0;

	text[0] = '\0';
	if (cut->off_after_s != UPS_UNKNOWN_S)
		len = (size_t)snprintf(text, size, ", load off in %d s",
				       cut->off_after_s);
	if (cut->on_after_s != UPS_UNKNOWN_S && len < size)
		(void)snprintf(text + len, size - len, ", on after %d s",
			       cut->on_after_s);
}

static void record_one(const struct keeper *keeper, char *line, size_t size)
{
	const struct ups_cut *cut = &keeper->cut;
	char delays[64];

	if (keeper->state != KEEPER_DONE) {
		(void)snprintf(line, size, "%s: %s: %s", keeper->ups->name,
			       keeper_may_have_cut(keeper)
				       ? "perhaps commanded, not verified"
				       : "NOT commanded",
			       keeper->sentence[0] ? keeper->sentence
						   : "no answer in time");
		return;
	}
	record_delays(cut, delays, sizeof(delays));
	(void)snprintf(line, size, "%s: %s %s%s%s%s", keeper->ups->name,
		       ups_command_name(cut->given),
		       cut->proof == UPS_VERIFIED ? "verified"
						  : "sent, not verified",
		       delays, cut->how[0] ? ", by " : "", cut->how);
}

static enum record_result record_result(const struct keeper *keeper)
{
	switch (keeper->state) {
	case KEEPER_DONE:
		return keeper->cut.proof == UPS_VERIFIED ? RECORD_CONFIRMED
							 : RECORD_SENT;
	case KEEPER_TRIED:
		return RECORD_TRIED;
	case KEEPER_FIRED:
	case KEEPER_TRYING:
		return RECORD_DOUBTFUL;
	case KEEPER_NONE:
	case KEEPER_ARMING:
	case KEEPER_READY:
	case KEEPER_FAILED:
		break;
	}
	return keeper_may_have_cut(keeper) ? RECORD_DOUBTFUL : RECORD_FAILED;
}

/* In a drill a UPS that is ready has done all that it was to do. */
static enum record_result record_outcome(const struct pid1 *pid1, int number)
{
	const struct keeper *keeper = &pid1->keeper[number];

	if (pid1->plan.drill && !keeper_may_have_cut(keeper) &&
	    (keeper->state == KEEPER_READY || keeper->is_spared))
		return RECORD_READY;
	return record_result(keeper);
}

static void record_fill_ups(struct record_ups *ups, const struct keeper *keeper,
			    enum record_result result)
{
	bool was_commanded = record_was_commanded(result);

	memset(ups->name, 0, sizeof(ups->name));
	memcpy(ups->name, keeper->ups->name,
	       strnlen(keeper->ups->name, RECORD_NAME_MAX));
	ups->result = result;
	ups->given = was_commanded ? keeper->cut.given : UPS_RETURN;
	ups->off_after_s =
		was_commanded ? keeper->cut.off_after_s : UPS_UNKNOWN_S;
	ups->on_after_s = was_commanded ? keeper->cut.on_after_s : UPS_UNKNOWN_S;
}

static void record_fill(struct pid1 *pid1, bool is_over)
{
	struct record *record = &pid1->record;
	enum record_result result;
	uint32_t now_ms = (uint32_t)(clock_now_ms() - pid1->log.start_ms);
	int i;

	record->verb = pid1->verb;
	record->storage = pid1->storage;
	record->is_over = is_over;
	record->is_drill = pid1->plan.drill != DRILL_NONE;
	if (is_over)
		record->ended_ms = now_ms;
	else
		record->safe_ms = now_ms;
	record->upses = pid1->keepers;
	record->failed = 0;
	for (i = 0; i < pid1->keepers; i++) {
		result = is_over ? record_outcome(pid1, i) : RECORD_PENDING;
		record->failed += result == RECORD_FAILED;
		if (i < RECORD_UPS_MAX)
			record_fill_ups(&record->ups[i], &pid1->keeper[i],
					result);
	}
}

/* The child: firmware may take its time, or never come back. */
static int record_body(int fd, void *arg)
{
	struct record *record = arg;
	char boot_id[HANDOVER_BOOT_ID_MAX];
	uint8_t bytes[RECORD_BYTES_MAX];
	int ret = efivar_mount(EFIVAR_DIR);

	(void)fd;
	if (ret < 0)
		return ret == -ENOENT ? 0 : 1;
	handover_read_boot_id(boot_id);
	if (!record_parse_boot(boot_id, record->boot))
		return 1;
	return efivar_write(EFIVAR_DIR, EFIVAR_RECORD, bytes,
			    record_pack(record, bytes)) < 0;
}

static void record_start(struct pid1 *pid1, deadline_t until)
{
	if (child_start(&pid1->record_child, record_body, &pid1->record,
			until) < 0)
		pid1->record_child.pid = 0;
}

void record_begin(struct pid1 *pid1)
{
	record_fill(pid1, false);
	if (IS_ENABLED(CONFIG_RECORD_EFI))
		record_start(pid1, deadline_in_ms(RECORD_START_MS));
}

/* The one before must be out of the way: the last word has to be the last. */
static void record_keep(struct pid1 *pid1, deadline_t until)
{
	int ret = pid1->record_child.pid ? child_end(&pid1->record_child, until)
					 : 0;

	if (ret >= 0) {
		record_start(pid1, until);
		ret = pid1->record_child.pid
			      ? child_end(&pid1->record_child, until)
			      : 1;
	}
	if (ret != 0)
		log_say(&pid1->log, "record",
			"the firmware has not kept the outcome%s",
			ret < 0 ? " in time" : "");
}

int record_run(struct pid1 *pid1, deadline_t until)
{
	char line[LOG_LINE_MAX];
	enum paint_tone tone;
	int i;

	/* The drill has said its own. */
	for (i = 0; !pid1->plan.drill && i < pid1->keepers; i++) {
		record_one(&pid1->keeper[i], line, sizeof(line));
		tone = record_result(&pid1->keeper[i]) == RECORD_CONFIRMED
			       ? PAINT_GOOD
			       : PAINT_BAD;
		if (i < RECORD_KMSG_LINES)
			log_record(&pid1->log, tone, "record", "%s", line);
		else
			log_stress(&pid1->log, tone, "record", "%s", line);
	}
	record_fill(pid1, true);
	if (IS_ENABLED(CONFIG_RECORD_EFI))
		record_keep(pid1, until);
	return 0;
}

void record_stay(struct pid1 *pid1)
{
	pid1->record.is_still_on = true;
	if (IS_ENABLED(CONFIG_RECORD_EFI))
		record_keep(pid1, deadline_in_ms(RECORD_STAY_MS));
}
