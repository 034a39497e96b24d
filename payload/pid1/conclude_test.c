// SPDX-License-Identifier: MIT
/* The last words, as somebody reads them who knows nothing of lastwatt. */
#include "pid1/conclude.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct plan_ups rack1 = { .name = "rack1" };

static void expect_words(const struct keeper *keeper, const char *wanted)
{
	char sentence[LOG_LINE_MAX];

	conclude_ups(keeper, sentence, sizeof(sentence));
	assert_string_equal(sentence, wanted);
}

static void test_what_the_load_does(void **state)
{
	struct keeper keeper = {
		.ups = &rack1,
		.state = KEEPER_DONE,
		.cut = { .given = UPS_RETURN,
			 .proof = UPS_VERIFIED,
			 .off_after_s = 20 },
	};

	(void)state;
	expect_words(&keeper,
		     "UPS rack1: load goes off in 20 s, returns with mains");
	keeper.cut.given = UPS_STAYOFF;
	expect_words(&keeper, "UPS rack1: load goes off in 20 s, and stays off");
	keeper.cut.given = UPS_OFF;
	keeper.cut.off_after_s = 0;
	expect_words(&keeper, "UPS rack1: load goes off now");
	keeper.cut.given = UPS_RETURN;
	keeper.cut.off_after_s = UPS_UNKNOWN_S;
	expect_words(&keeper, "UPS rack1: load goes off, returns with mains");
	keeper.cut.proof = UPS_SENT;
	expect_words(
		&keeper,
		"UPS rack1: load should go off, returns with mains (it did not show it)");
}

static void test_what_was_not_done(void **state)
{
	struct keeper keeper = { .ups = &rack1, .state = KEEPER_FAILED };

	(void)state;
	expect_words(&keeper, "UPS rack1: NOT commanded, its load stays on");
	keeper.state = KEEPER_FIRED;
	expect_words(&keeper,
		     "UPS rack1: nobody knows whether its load goes off");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_the_load_does),
		cmocka_unit_test(test_what_was_not_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
