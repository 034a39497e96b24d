// SPDX-License-Identifier: MIT
/* SNMP: which cards a drill arms, and what it believes of them. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "link/line_bench.h"
#include "snmp/snmp_fake.h"

#define MAY_GO_OFF 1

struct oddity {
	bool counts_on, shows_nothing, has_alarm, is_read_only, forgets;
	int most_s;
	const char *absent;
};

static char written[512], problem[UPS_SENTENCE_MAX];

/** A drill of a card: what rehearse_arm() returns, or MAY_GO_OFF. */
static int rehearse(const struct net_fake_kind *kind, const char *keys,
		    const struct oddity *oddity)
{
	struct line_bench *bench = calloc(1, sizeof(*bench));
	struct snmp_fake *fake;
	struct ups_cut cut;
	bool armed;
	int ret;

	assert_non_null(bench);
	line_bench_start_net(bench, "snmp-ups", kind, keys);
	fake = bench->net.state;
	if (oddity) {
		fake->counts_on = oddity->counts_on;
		fake->shows_nothing = oddity->shows_nothing;
		fake->has_alarm = oddity->has_alarm;
		fake->is_read_only = oddity->is_read_only;
		fake->forgets = oddity->forgets;
		fake->most_s = oddity->most_s;
		fake->absent = oddity->absent;
	}
	bench->patience_ms = 60000;
	ret = line_bench_rehearse(bench, &cut, &armed);
	(void)strcpy(written, fake->written);
	(void)strcpy(problem, bench->ups.problem);
	if (!armed)
		assert_true(bench->fake.off_at_ms == LINE_FAKE_NEVER);
	assert_true(ret < 0 || !armed);
	line_bench_end(bench);
	free(bench);
	return armed ? MAY_GO_OFF : ret;
}

/*
 * A cancel, to see that it is taken; the order as a cut gives it, but for the
 * second countdown, which nothing would stop; and the cancel.
 */
static void test_who_counts_and_stops_is_armed(void **state)
{
	(void)state;
	assert_int_equal(rehearse(&snmp_fake_ietf, "", NULL), 0);
	assert_string_equal(written,
			    "8.2.0=-1 8.1.0=1 8.5.0=1 8.2.0=600 8.2.0=-1");
	assert_int_equal(rehearse(&snmp_fake_mge, "", NULL), 0);
	assert_int_equal(rehearse(&snmp_fake_tripplite, "", NULL), 0);
	assert_int_equal(rehearse(&snmp_fake_tripplite_old, "", NULL), 0);
	assert_int_equal(rehearse(&snmp_fake_delta, "", NULL), 0);
	assert_string_equal(written,
			    "2.3.0=-1 2.1.0=1 2.2.0=1 2.4.0=11 2.3.0=600 "
			    "2.3.0=-1");
}

/* Their orders are not known to stop, or count by a delay that they keep. */
static void test_the_others_are_left_alone(void **state)
{
	static const struct net_fake_kind *const kinds[] = {
		&snmp_fake_powernet, &snmp_fake_cyberpower,
		&snmp_fake_xups,     &snmp_fake_cpqpower,
		&snmp_fake_xppc,     &snmp_fake_tripplite_products,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		assert_int_equal(rehearse(kinds[i], "", NULL), -EOPNOTSUPP);
		assert_string_equal(written, "");
		assert_non_null(strstr(problem, "it was left alone: [u]"));
	}
}

/* The next way of RFC 1628 would cut at once. */
static void test_who_refuses_is_told_nothing_else(void **state)
{
	static const struct oddity reader = { .is_read_only = true };
	static const struct oddity without = { .absent = "8.2.0" };

	(void)state;
	assert_int_equal(rehearse(&snmp_fake_ietf, "", &reader), -EPROTO);
	assert_non_null(strstr(problem, "refuses to cancel (noSuchName)"));
	assert_int_equal(rehearse(&snmp_fake_ietf, "", &without), -EPROTO);
	assert_string_equal(written, "");
}

static void test_what_is_not_seen_may_go_off(void **state)
{
	static const struct oddity counts_on = { .counts_on = true };
	static const struct oddity hides = { .shows_nothing = true };
	static const struct oddity forgets = { .forgets = true };
	static const struct oddity alarm = { .shows_nothing = true,
					     .has_alarm = true };
	static const struct oddity alarm_stays = { .counts_on = true,
						   .shows_nothing = true,
						   .has_alarm = true };

	(void)state;
	assert_int_equal(rehearse(&snmp_fake_ietf, "", &counts_on), MAY_GO_OFF);
	assert_non_null(strstr(problem, "still goes off in 5"));
	assert_int_equal(rehearse(&snmp_fake_ietf, "", &hides), MAY_GO_OFF);
	assert_int_equal(rehearse(&snmp_fake_ietf, "", &forgets), MAY_GO_OFF);
	assert_int_equal(rehearse(&snmp_fake_ietf, "", &alarm), 0);
	assert_int_equal(rehearse(&snmp_fake_ietf, "", &alarm_stays),
			 MAY_GO_OFF);
}

static void test_who_grants_less_is_stopped_and_told_of(void **state)
{
	static const struct oddity hasty = { .most_s = 60 };

	(void)state;
	assert_int_equal(rehearse(&snmp_fake_ietf, "", &hasty), -EPROTO);
	assert_non_null(strstr(problem, "it took a cut in 60 s"));
	assert_string_equal(written,
			    "8.2.0=-1 8.1.0=1 8.5.0=1 8.2.0=600 8.2.0=-1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_who_counts_and_stops_is_armed),
		cmocka_unit_test(test_the_others_are_left_alone),
		cmocka_unit_test(test_who_refuses_is_told_nothing_else),
		cmocka_unit_test(test_what_is_not_seen_may_go_off),
		cmocka_unit_test(test_who_grants_less_is_stopped_and_told_of),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
