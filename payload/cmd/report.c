// SPDX-License-Identifier: MIT
/* lastwatt report: what became of the last power-off. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/fleet.h"
#include "cmd/cmd.h"
#include "cmd/each.h"
#include "cmd/json.h"
#include "cmd/report_parts.h"
#include "efivar.h"
#include "pid1/stages.h"

#define REPORT_PATH 256

/* NUT's driver waits behind us when the machine boots. */
#define REPORT_ASK_MS 3000

static const char *report_path(char path[REPORT_PATH], const char *root,
			       const char *dir)
{
	(void)snprintf(path, REPORT_PATH, "%s%s", root,
		       dir); /* if it is cut, nothing is found */
	return path;
}

/** The record, if it is of the boot that we speak of. */
static void report_ask_firmware(struct report_facts *facts, const char *root,
				const char *boot_id)
{
	char dir[REPORT_PATH];
	uint8_t bytes[RECORD_BYTES_MAX], boot[RECORD_BOOT_MAX];
	ssize_t len;

	report_path(dir, root, EFIVAR_DIR);
	facts->has_firmware = access(dir, F_OK) == 0;
	len = efivar_read(dir, EFIVAR_RECORD, bytes, sizeof(bytes));
	if (len < 0 || record_unpack(&facts->record, bytes, (size_t)len) < 0)
		return;
	if (facts->has_last)
		facts->has_record =
			record_parse_boot(facts->last.boot_id, boot) &&
			!memcmp(boot, facts->record.boot, sizeof(boot));
	else /* a system without memory: any other boot is the last one */
		facts->has_record =
			!record_parse_boot(boot_id, boot) ||
			memcmp(boot, facts->record.boot, sizeof(boot)) != 0;
}

static void report_collect(struct report_facts *facts, const char *root)
{
	char boot_id[HANDOVER_BOOT_ID_MAX], dir[REPORT_PATH];

	memset(facts, 0, sizeof(*facts));
	handover_read_boot_id(boot_id);
	facts->has_last =
		last_read(&facts->last, report_path(dir, root, LAST_DIR),
			  boot_id) == 0;
	if (IS_ENABLED(CONFIG_RECORD_EFI))
		report_ask_firmware(facts, root, boot_id);
	if (facts->has_last)
		report_find_dumps(&facts->log, root, facts->last.at_s);
}

static void report_print_delay(const char *what, int delay_s)
{
	if (delay_s >= 0)
		printf(", %s %d s", what, delay_s);
}

static void report_print_ups(const struct record_ups *ups)
{
	printf("ups       %s: %s", ups->name, record_result_name(ups->result));
	if (record_was_commanded(ups->result)) {
		printf(", \"%s\"", ups_command_name(ups->given));
		report_print_delay("load off in", ups->off_after_s);
		report_print_delay("on after", ups->on_after_s);
	}
	putchar('\n');
}

/** When each stage was over; those behind the record cannot tell. */
static void report_print_stages(const struct record *record)
{
	size_t count;
	const struct stage *stage = stages_list(&count);
	const char *before = "stages    ";

	for (size_t i = 0; i < RECORD_STAGES && i < count; i++) {
		if (!record->stage_ms[i])
			continue;
		printf("%s%s %u ms", before, stage[i].name, record->stage_ms[i]);
		before = ", ";
	}
	if (*before == ',')
		putchar('\n');
}

static void report_print_record(const struct record *record)
{
	printf("record    %s, storage %s, safe after %u ms",
	       verb_name(record->verb), teardown_verdict_name(record->storage),
	       record->safe_ms);
	if (record->is_over)
		printf(", the %s was over after %u ms",
		       record->is_drill ? "drill" : "cut", record->ended_ms);
	putchar('\n');
	report_print_stages(record);
	for (int i = 0; i < record->upses && i < RECORD_UPS_MAX; i++)
		report_print_ups(&record->ups[i]);
}

static void report_print_last(const struct last *last)
{
	time_t at = (time_t)last->at_s;
	struct tm tm;

	printf("boot      %s, %s", last->boot_id,
	       last->is_stopped ? "shut down" : "begun");
	if (gmtime_r(&at, &tm))
		printf(" %04d-%02d-%02d %02d:%02d:%02d UTC", tm.tm_year + 1900,
		       tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
		       tm.tm_sec);
	putchar('\n');
	if (last->reason[0])
		printf("decision  %s\n", last->reason);
}

static void report_print(const struct report_facts *facts,
			 enum report_verdict verdict, const char *why)
{
	printf("verdict   %s: %s\n", report_verdict_name(verdict), why);
	if (facts->has_last)
		report_print_last(&facts->last);
	if (facts->has_record)
		report_print_record(&facts->record);
	for (int i = 0; i < facts->log.lines; i++)
		printf("kernel    %s\n", facts->log.line[i]);
}

static void report_print_json_record(const struct record *record)
{
	printf(",\n  \"verb\": \"%s\",\n  \"storage\": \"%s\",\n"
	       "  \"drill\": %s,\n  \"safe_ms\": %u,\n  \"ended_ms\": %u,\n  \"upses\": [",
	       verb_name(record->verb), teardown_verdict_name(record->storage),
	       record->is_drill ? "true" : "false", record->safe_ms,
	       record->ended_ms);
	for (int i = 0; i < record->upses && i < RECORD_UPS_MAX; i++) {
		const struct record_ups *ups = &record->ups[i];

		json_begin_named(i == 0, ups->name);
		json_print_text("result", record_result_name(ups->result));
		json_print_command(ups->given, ups->off_after_s,
				   ups->on_after_s);
		putchar('}');
	}
	printf("\n  ]");
}

static void report_print_json(const struct report_facts *facts,
			      enum report_verdict verdict, const char *why)
{
	printf("{\n  \"verdict\": \"%s\",\n  \"ok\": %s,\n  \"sentence\": ",
	       report_verdict_name(verdict),
	       report_is_good(verdict) ? "true" : "false");
	json_print_string(why);
	if (facts->has_last) {
		printf(",\n  \"boot\": ");
		json_print_string(facts->last.boot_id);
		printf(",\n  \"at\": %lld", (long long)facts->last.at_s);
	}
	if (facts->has_record)
		report_print_json_record(&facts->record);
	printf(",\n  \"kernel\": [");
	for (int i = 0; i < facts->log.lines; i++) {
		printf("%s\n    ", i ? "," : "");
		json_print_string(facts->log.line[i]);
	}
	printf("%s]\n}\n", facts->log.lines ? "\n  " : "");
}

static void report_print_status(const struct ups *ups,
				const struct ups_status *status)
{
	printf("now       %s: %s%s", ups->name,
	       status->mains == UPS_MAINS_PRESENT  ? "has mains"
	       : status->mains == UPS_MAINS_ABSENT ? "on battery"
						   : "mains not known",
	       status->battery_low ? ", battery low" : "");
	if (status->off_after_s >= 0)
		printf(", COUNTS DOWN: its load goes off in %d s; lastwatt cancel %s stops it",
		       status->off_after_s, ups->name);
	putchar('\n');
}

/** A countdown that still runs, or runs again, is the news that matters. */
static int report_ask_ups(struct ups *ups, void *arg, deadline_t until)
{
	struct ups_status status = { .off_after_s = UPS_UNKNOWN_S };
	bool *counts_down = arg;
	int ret = ups->driver->status ? ups->driver->status(ups, &status, until)
				      : -EOPNOTSUPP;

	if (ret == -EOPNOTSUPP)
		printf("now       %s: its driver cannot ask it\n", ups->name);
	else if (ret < 0)
		return ret;
	else
		report_print_status(ups, &status);
	*counts_down |= status.off_after_s >= 0;
	return 0;
}

/** One that is not to be had tells us nothing, and that is no fault. */
static bool report_ask(const char *root)
{
	bool counts_down = false;
	const struct each each = {
		.command = &cmd_report,
		.root = root,
		.patience_ms = REPORT_ASK_MS,
		.act = report_ask_ups,
		.arg = &counts_down,
	};

	(void)fflush(stdout);  /* what follows may take its time */
	(void)each_run(&each); /* says itself what is wrong */
	return counts_down;
}

static int report_run(int argc, char **argv)
{
	const char *json = NULL, *ask = NULL;
	const char *root = "";
	const struct cmd_option options[] = {
		{ .name = "ask", .value = &ask, .bare = true },
		{ .name = "json", .value = &json, .bare = true },
		{ .name = "root", .value = &root },
		{ .name = NULL },
	};
	struct report_facts facts;
	enum report_verdict verdict;
	char why[UPS_SENTENCE_MAX];
	int ret = cmd_parse_options(argc, argv, options, 0, NULL);

	if (ret)
		return ret;
	report_collect(&facts, root);
	verdict = report_judge(&facts, why, sizeof(why));
	if (json)
		report_print_json(&facts, verdict, why);
	else
		report_print(&facts, verdict, why);
	ret = report_is_good(verdict) ? CMD_OK : CMD_FAILED;
	if (ask && !json && report_ask(root))
		ret = CMD_FAILED;
	return ret;
}

const struct command cmd_report = {
	.name = "report",
	.summary = "what became of the last power-off",
	.usage = "[--ask] [--json] [--root DIR]",
	.help = "Asks everybody who can know how the boot before this one ended: what it\n"
		"wrote to " LAST_DIR " when it was shut down, the record in the\n"
		"firmware, and the kernel's log in pstore. Gives one verdict:\n"
		"\n"
		"  nothing        nothing is known of a boot before\n"
		"  ordinary       no UPS was to be commanded\n"
		"  drill          a rehearsal: each UPS could have been commanded\n"
		"  confirmed      each UPS showed that it obeyed\n"
		"  unconfirmed    commanded, but one at least did not show it\n"
		"  failed         one at least was not commanded, or the load was not off\n"
		"                 long enough to be noticed\n"
		"  interrupted    the cut had begun; its end is not known\n"
		"  crashed        it ended in a stage before that\n"
		"  never-reached  lastwatt did not come as far as the cut\n"
		"  unknown        there was nowhere to leave a word\n"
		"  lost           it ended without a shutdown\n"
		"\n"
		"  --ask       also ask each UPS for its state now; not while NUT's driver\n"
		"              has it\n"
		"  --json      print one object for programs\n"
		"  --root DIR  all paths are below DIR\n"
		"\n"
		"It exits with 0 for the first five, unless a UPS counts down, else with 1.\n",
	.examples = "  lastwatt report --ask\n"
		    "  lastwatt report --json | jq -r .sentence\n",
	.run = report_run,
};
