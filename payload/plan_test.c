// SPDX-License-Identifier: MIT
/* The table of decisions, row by row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/fleet.h"
#include "plan.h"

#define ONE_UPS "[u]\ndriver = no-such-driver\nport = auto\n"

/** A plan before the decision: ups.conf, and the primaries, comma-separated. */
static void prepare(struct plan *plan, const char *ups_conf,
		    const char *primaries)
{
	struct handover *handover = &plan->handover;

	memset(plan, 0x55, sizeof(*plan));
	memset(handover, 0, sizeof(*handover));
	handover->flag = FLAG_VALID;
	handover->poweroff_wait_ms = -1;
	while (*primaries) {
		size_t len = strcspn(primaries, ",");

		memcpy(handover->primary[handover->primaries++], primaries, len);
		primaries += len + (primaries[len] == ',');
	}
	assert_int_equal(conf_parse(&handover->conf, "ups.conf", ups_conf,
				    strlen(ups_conf), NULL),
			 0);
}

static void the_table_of_decisions_holds(void **state)
{
	const bool on_reboot = IS_ENABLED(CONFIG_CUT_ON_REBOOT);
	const enum plan_after stay =
		on_reboot ? AFTER_STAY_THEN_REBOOT : AFTER_VERB;
	/* clang-format off */
	const struct {
		enum handover_flag flag;
		enum verb verb;
		const char *primaries;
		int64_t poweroff_wait_ms;
		bool cut;
		enum plan_after after;
	} table[] = {
		{ FLAG_VALID, VERB_POWEROFF, "u", -1, true, AFTER_VERB },
		{ FLAG_VALID, VERB_HALT, "u", -1, true, AFTER_VERB },
		{ FLAG_VALID, VERB_EXIT, "u", -1, true, AFTER_VERB },
		{ FLAG_VALID, VERB_POWEROFF, "u", 60000, true, AFTER_WAIT_THEN_REBOOT },
		{ FLAG_VALID, VERB_POWEROFF, "u", 0, true, AFTER_WAIT_THEN_REBOOT },
		{ FLAG_VALID, VERB_HALT, "u", 5, true, AFTER_WAIT_THEN_REBOOT },
		{ FLAG_VALID, VERB_REBOOT, "u", -1, on_reboot, stay },
		{ FLAG_VALID, VERB_REBOOT, "u", 0, on_reboot, stay },
		{ FLAG_VALID, VERB_KEXEC, "u", -1, false, AFTER_VERB },
		{ FLAG_VALID, VERB_KEXEC, "u", 60000, false, AFTER_VERB },
		{ FLAG_VALID, VERB_UNKNOWN, "u", -1, false, AFTER_VERB },
		{ FLAG_VALID, VERB_UNKNOWN, "u", 60000, false, AFTER_VERB },
		{ FLAG_VALID, VERB_POWEROFF, "", -1, false, AFTER_VERB },
		{ FLAG_VALID, VERB_POWEROFF, "", 60000, false, AFTER_WAIT_THEN_REBOOT },
		{ FLAG_VALID, VERB_REBOOT, "", -1, false, AFTER_VERB },
		{ FLAG_VALID, VERB_POWEROFF, "other", -1, false, AFTER_VERB },
	};
	/* clang-format on */
	static struct plan plan;

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		prepare(&plan, ONE_UPS, table[i].primaries);
		plan.handover.flag = table[i].flag;
		plan.handover.poweroff_wait_ms = table[i].poweroff_wait_ms;
		plan_decide(&plan, table[i].verb);
		assert_int_equal(plan.verb, table[i].verb);
		assert_int_equal(plan.cut, table[i].cut);
		assert_int_equal(plan.after, table[i].after);
		assert_int_equal(plan.ups_count, table[i].cut ? 1 : 0);
		assert_int_equal(plan.wait_ms,
				 plan.after == AFTER_WAIT_THEN_REBOOT
					 ? table[i].poweroff_wait_ms
					 : 0);
		assert_non_null(strstr(plan.reason, verb_name(plan.verb)));
	}
}

static void without_a_valid_flag_nothing_is_cut(void **state)
{
	static struct plan plan;

	(void)state;
	for (int flag = FLAG_UNKNOWN; flag <= FLAG_VALID + 1; flag++) {
		for (int verb = VERB_POWEROFF; verb <= VERB_UNKNOWN; verb++) {
			if (flag == FLAG_VALID)
				continue;
			prepare(&plan, ONE_UPS, "u");
			plan.handover.flag = (enum handover_flag)flag;
			plan.handover.poweroff_wait_ms = 60000;
			plan_decide(&plan, (enum verb)verb);
			assert_false(plan.cut);
			assert_int_equal(plan.after, AFTER_VERB);
			assert_int_equal(plan.ups_count, 0);
			assert_non_null(strstr(plan.reason, "no UPS"));
		}
	}
}

static void sdorder_orders_and_excludes(void **state)
{
	static const char ups_conf[] =
		"[b]\ndriver=x\nsdorder=1\n[a]\nsdorder=0\ndriver=x\n"
		"[c]\ndriver=x\nsdorder=1\n[d]\ndriver=x\n"
		"[e]\ndriver=x\nsdorder=-1\n[f]\ndriver=x\nsdorder=zero\n"
		"[g]\ndriver=x\nsdorder=-7\n";
	static struct plan plan;

	(void)state;
	prepare(&plan, ups_conf, "c,b,a,e,d,f,g,b");
	plan_decide(&plan, VERB_POWEROFF);
	assert_int_equal(plan.ups_count, 5);
	assert_string_equal(plan.ups[0].name, "a");
	assert_string_equal(plan.ups[1].name, "d");
	assert_string_equal(plan.ups[2].name, "f");
	assert_string_equal(plan.ups[3].name, "b");
	assert_string_equal(plan.ups[4].name, "c");
	assert_int_equal(plan.ups[4].order, 1);
	assert_int_equal(plan.ups[4].section, 3);
	assert_non_null(strstr(plan.reason, "5 UPSes"));
}

static void all_excluded_is_nothing_to_cut(void **state)
{
	static struct plan plan;

	(void)state;
	prepare(&plan, "[e]\ndriver=x\nsdorder=-1\n", "e");
	plan_decide(&plan, VERB_REBOOT);
	assert_false(plan.cut);
	assert_int_equal(plan.after, AFTER_VERB);
}

static void maxstartdelay_is_a_limit(void **state)
{
	/* clang-format off */
	static const struct {
		const char *ups_conf;
		int64_t limit_ms;
	} table[] = {
		{ "[u]\ndriver=x\n", 75000 },
		{ "maxstartdelay=30\n[u]\ndriver=x\n", 30000 },
		{ "maxstartdelay=30\n[u]\nmaxstartdelay=5\ndriver=x\n", 5000 },
		{ "maxstartdelay=30\n[u]\nmaxstartdelay=-1\ndriver=x\n", 30000 },
		{ "maxstartdelay=-1\n[u]\ndriver=x\n", 0 },
		{ "maxstartdelay=99999999999999999999\n[u]\ndriver=x\n", 3600000 },
	};
	/* clang-format on */
	static struct plan plan;

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		prepare(&plan, table[i].ups_conf, "u");
		plan_decide(&plan, VERB_POWEROFF);
		assert_int_equal(plan.ups[0].limit_ms, table[i].limit_ms);
	}
}

static void what_cannot_be_commanded_is_told(void **state)
{
	static struct plan plan;

	(void)state;
	prepare(&plan, "[u]\nport=auto\n[v]\n\ndriver=odd\n", "u,v,w");
	plan_decide(&plan, VERB_POWEROFF);
	assert_true(plan.cut);
	assert_int_equal(plan.ups_count, 2);
	assert_false(plan.ups[0].speakable);
	assert_string_equal(plan.ups[0].driver, "");
	assert_false(plan.ups[1].speakable);
	assert_string_equal(plan.ups[1].driver, "odd");
	assert_int_equal(plan.handover.notes, 3);
	assert_string_equal(plan.handover.note[0],
			    "ups.conf:1: [u] has no driver");
	assert_string_equal(
		plan.handover.note[1],
		"ups.conf:5: [v] has driver = odd, which this build does not speak");
	assert_non_null(strstr(plan.handover.note[2], "no section [w]"));
}

static void our_own_drivers_are_speakable(void **state)
{
	const struct ups_driver *driver[64];
	size_t count = fleet_drivers(driver, 64);
	static struct plan plan;
	char text[200];

	(void)state;
	for (size_t i = 0; i < count; i++) {
		if (driver[i]->is_foreign)
			continue;
		snprintf(text, sizeof(text), "[u]\ndriver = %s\n",
			 driver[i]->nut_names[0]);
		prepare(&plan, text, "u");
		plan_decide(&plan, VERB_POWEROFF);
		assert_true(plan.ups[0].speakable);
		assert_int_equal(plan.handover.notes, 0);
	}
}

static void the_global_part_is_no_ups(void **state)
{
	static struct plan plan;

	(void)state;
	prepare(&plan, "driver = x\n", "");
	plan.handover.primaries = 1; /* with the name "" */
	plan_decide(&plan, VERB_POWEROFF);
	assert_false(plan.cut);
}

static void verbs_are_systemds(void **state)
{
	static const char *const unknown[] = { "",         "power-off",
					       "POWEROFF", "--timeout=90s",
					       "unknown",  NULL };

	(void)state;
	for (int verb = VERB_POWEROFF; verb < VERB_UNKNOWN; verb++)
		assert_int_equal(verb_parse(verb_name((enum verb)verb)), verb);
	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
		assert_int_equal(verb_parse(unknown[i]), VERB_UNKNOWN);
	assert_string_equal(verb_name((enum verb)99), "unknown");
}

/* Only a reboot, and only if nobody means it. */
static void a_drill_never_takes_the_place_of_a_cut(void **state)
{
	struct plan plan;

	(void)state;
	for (enum handover_flag flag = FLAG_UNKNOWN; flag <= FLAG_VALID + 1;
	     flag++) {
		for (enum verb verb = VERB_POWEROFF; verb <= VERB_UNKNOWN;
		     verb++) {
			prepare(&plan, ONE_UPS, "u");
			plan.handover.flag = flag;
			plan.handover.drill = DRILL_ARM;
			plan_decide(&plan, verb);
			assert_int_equal(plan.drill != DRILL_NONE,
					 verb == VERB_REBOOT &&
						 flag > FLAG_UNKNOWN &&
						 flag < FLAG_VALID);
			assert_false(plan.drill && plan.cut);
		}
	}
	prepare(&plan, ONE_UPS "offdelay = 5\n", "u");
	plan.handover.flag = FLAG_ABSENT;
	plan.handover.drill = DRILL_ARM;
	plan_decide(&plan, VERB_REBOOT);
	assert_int_equal(plan.ups_count, 1);
	assert_string_equal(conf_value(&plan.handover.conf, plan.ups[0].section,
				       "offdelay"),
			    "600");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_drill_never_takes_the_place_of_a_cut),
		cmocka_unit_test(the_table_of_decisions_holds),
		cmocka_unit_test(without_a_valid_flag_nothing_is_cut),
		cmocka_unit_test(sdorder_orders_and_excludes),
		cmocka_unit_test(all_excluded_is_nothing_to_cut),
		cmocka_unit_test(maxstartdelay_is_a_limit),
		cmocka_unit_test(what_cannot_be_commanded_is_told),
		cmocka_unit_test(our_own_drivers_are_speakable),
		cmocka_unit_test(the_global_part_is_no_ups),
		cmocka_unit_test(verbs_are_systemds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
