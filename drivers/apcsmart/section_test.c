// SPDX-License-Identifier: MIT
/* What the keys of apcsmart and apcsmart-old lead to. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "apcsmart/apcsmart_fake.h"
#include "link/line_bench.h"

struct section {
	const char *driver, *keys;
	bool mains;
	const char *sent; /* up to the end or the look at 8 */
	enum ups_command given;
};

/* What the section says is done, and no more; the bytes are NUT's. */
static const struct section sections[] = {
	{ "apcsmart", "sdtype = 0", false, "QS8", UPS_RETURN },
	{ "apcsmart", "sdtype = 0\nawd = 7", true, "Q@0078", UPS_RETURN },
	{ "apcsmart", "sdtype = 1", false, "QS8", UPS_RETURN },
	{ "apcsmart", "sdtype = 1", true, "Q@0008", UPS_RETURN },
	{ "apcsmart", "sdtype = 2", false, "QZZQ", UPS_STAYOFF },
	{ "apcsmart", "sdtype = 3", true, "QKK8", UPS_STAYOFF },
	{ "apcsmart", "sdtype = 4", true, "QUS8", UPS_RETURN },
	{ "apcsmart", "sdtype = 4", false, "QS8", UPS_RETURN },
	{ "apcsmart", "sdtype = 5", false, "Q@0008", UPS_RETURN },
	{ "apcsmart", "advorder = 21", false, "QKK8", UPS_STAYOFF },
	{ "apcsmart", "advorder = No\nsdtype = 5", false, "Q@0008", UPS_RETURN },
	{ "apcsmart", "sdtype = 1\nadvorder = 3", true, "QZZQ", UPS_STAYOFF },
	{ "apcsmart", "sdtype = 5\nawd = 12", false, "Q@12Y8@0128", UPS_RETURN },
	{ "apcsmart-old", "", false, "QS8", UPS_RETURN },
	{ "apcsmart-old", "", true, "Q@0008", UPS_RETURN },
	{ "apcsmart-old", "sdtype = 6\nwugrace = 7", false, "Q@0078",
	  UPS_RETURN },
	{ "apcsmart-old", "advorder = 4", true, "QUS8", UPS_RETURN },
};

static void test_sections(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		const struct section *section = &sections[i];
		struct line_bench *bench = line_bench_new(
			section->driver, &apcsmart_fake_kind, section->keys);
		struct ups_cut cut;

		line_fake_feel(&bench->fake, section->mains, 90);
		assert_int_equal(line_bench_cut(bench, UPS_RETURN, &cut), 0);
		assert_string_equal(line_bench_sent(bench, bench->armed_at),
				    section->sent);
		assert_int_equal(cut.given, section->given);
		assert_int_equal(bench->fake.orders, 1);
		line_bench_delete(bench);
	}
}

static void test_keys_that_cannot_be(void **state)
{
	static const char *const keys[][2] = {
		{ "sdtype = 6", "[u] sdtype cannot be \"6\"" },
		{ "sdtype = x", "[u] sdtype cannot be \"x\"" },
		{ "advorder = 05", "[u] advorder cannot be \"05\"" },
		{ "awd = 1000", "[u] awd cannot be \"1000\"" },
		{ "cshdelay = 10", "[u] cshdelay cannot be \"10\"" },
		{ "cshdelay = .", "[u] cshdelay cannot be \".\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		struct line_bench *bench = line_bench_new(
			"apcsmart", &apcsmart_fake_kind, keys[i][0]);

		assert_int_equal(line_bench_arm(bench), -EINVAL);
		assert_string_equal(bench->ups.problem, keys[i][1]);
		line_bench_delete(bench);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sections),
		cmocka_unit_test(test_keys_that_cannot_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
