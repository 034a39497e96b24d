// SPDX-License-Identifier: MIT
/* What a check found, in lines for people or in one object for programs. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cmd/check_parts.h"
#include "cmd/json.h"

#define CHECK_SENTENCE_MAX 1024

static void __attribute__((format(printf, 3, 0)))
check_say(struct check *check, const char *level, const char *format,
	  va_list arguments)
{
	char sentence[CHECK_SENTENCE_MAX];

	(void)vsnprintf(sentence, sizeof(sentence), format,
			arguments); /* a long one is cut */
	if (!check->is_json) {
		printf("%-8s%s\n", level, sentence);
	} else {
		printf("%s\n    {\"level\": \"%s\", \"sentence\": ",
		       check->findings ? "," : "", level);
		json_print_string(sentence);
		putchar('}');
	}
	check->findings++;
}

void check_error(struct check *check, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	check_say(check, "error", format, arguments);
	va_end(arguments);
	check->errors++;
}

void check_note(struct check *check, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	check_say(check, "note", format, arguments);
	va_end(arguments);
}

void check_begin(struct check *check)
{
	if (check->is_json)
		printf("{\n  \"findings\": [");
}

static void check_print_json_ups(const struct check *check, int number)
{
	const struct plan_ups *ups = &check->plan.ups[number];
	const struct check_ups *found = &check->ups[number];
	const struct ups_cut *cut = &found->cut;

	json_begin_named(number == 0, ups->name);
	json_print_text("driver", ups->driver);
	printf(", \"order\": %d", ups->order);
	json_print_bool("speakable", ups->speakable);
	if (found->is_granted)
		json_print_command(cut->given, cut->off_after_s,
				   cut->on_after_s);
	else
		json_print_command(cut->wanted, UPS_UNKNOWN_S, UPS_UNKNOWN_S);
	json_print_text("how", found->is_granted ? cut->how : "");
	putchar('}');
}

static void check_print_ups(const struct check *check, int number)
{
	const struct plan_ups *ups = &check->plan.ups[number];
	const struct check_ups *found = &check->ups[number];
	const struct ups_cut *cut = &found->cut;

	printf("%-8s%s, driver %s: ", "ups", ups->name,
	       *ups->driver ? ups->driver : "(none)");
	if (!ups->speakable) {
		printf("would not be commanded\n");
		return;
	}
	printf("would be told \"%s\"",
	       ups_command_name(found->is_granted ? cut->given : cut->wanted));
	if (found->is_granted) {
		if (cut->off_after_s >= 0)
			printf(", off after %d s", cut->off_after_s);
		if (cut->on_after_s >= 0)
			printf(", on not before %d s", cut->on_after_s);
		printf(" (%s)", cut->how);
	}
	if (found->mains != UPS_MAINS_UNKNOWN)
		printf("; it %s mains now",
		       found->mains == UPS_MAINS_PRESENT ? "has" : "is without");
	putchar('\n');
}

void check_end(struct check *check)
{
	const struct plan *plan = &check->plan;

	if (check->is_json)
		printf("%s],\n  \"upses\": [", check->findings ? "\n  " : "");
	for (int i = 0; i < plan->ups_count; i++) {
		if (check->is_json)
			check_print_json_ups(check, i);
		else
			check_print_ups(check, i);
	}
	if (!check->is_json) {
		printf("%-8s%d error%s, %d UPS%s to command\n",
		       check->errors ? "bad" : "good", check->errors,
		       check->errors == 1 ? "" : "s", plan->ups_count,
		       plan->ups_count == 1 ? "" : "es");
		return;
	}
	printf("%s],\n  \"errors\": %d,\n  \"ok\": %s\n}\n",
	       plan->ups_count ? "\n  " : "", check->errors,
	       check->errors ? "false" : "true");
}
