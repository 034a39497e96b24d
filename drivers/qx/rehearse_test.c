// SPDX-License-Identifier: MIT
/* Q*: which units a drill arms, and what it believes of them. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "link/line_bench.h"
#include "qx/qx_fake.h"

static struct qx_fake *fake_of(struct line_bench *bench)
{
	return bench->fake.state;
}

/** A drill of @kind; -1 if it says that the load may go off. */
static int rehearse(const struct line_fake_kind *kind, const char *keys,
		    void (*make_odd)(struct qx_fake *fake))
{
	struct line_bench *bench = line_bench_new("nutdrv_qx", kind, keys);
	struct ups_cut cut;
	bool armed;
	void *state = bench;
	int ret, orders;

	if (make_odd)
		make_odd(fake_of(bench));
	ret = line_bench_rehearse(bench, &cut, &armed);
	orders = bench->fake.orders;
	if (ret == 0) {
		assert_true(cut.off_after_s >= 300);
		/* If it went off in spite of all: back as soon as can be. */
		assert_true(cut.on_after_s <= 180);
	}
	if (ret == -EOPNOTSUPP)
		assert_int_equal(orders, 0);
	if (!armed)
		assert_true(bench->fake.off_at_ms == LINE_FAKE_NEVER);
	(void)line_bench_free(&state);
	return armed ? -1 : ret == 0 ? orders : ret;
}

static void hides(struct qx_fake *fake)
{
	fake->hides = true;
}

static void sticks(struct qx_fake *fake)
{
	fake->sticks = true;
}

static void keeps_on(struct qx_fake *fake)
{
	fake->ignores_cancel = true;
}

static void denies(struct qx_fake *fake)
{
	fake->denies = true;
}

static void mumbles(struct qx_fake *fake)
{
	fake->mumbles = true;
}

static void falls_dumb(struct qx_fake *fake)
{
	fake->hush_ms = 5000;
}

static void test_a_drill_arms_and_cancels(void **state)
{
	static const struct line_fake_kind *const kinds[] = {
		&qx_fake_megatec,     &qx_fake_mecer,
		&qx_fake_voltronic,   &qx_fake_voltronic_qs,
		&qx_fake_mustek,      &qx_fake_voltronic_qs_hex,
		&qx_fake_megatec_old, &qx_fake_bestups,
		&qx_fake_masterguard, &qx_fake_gtec,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		assert_int_equal(rehearse(kinds[i], "", NULL), 1);
	assert_int_equal(rehearse(&qx_fake_omron, "protocol = omron", NULL), 1);
	assert_int_equal(rehearse(&qx_fake_megatec, "", falls_dumb), 1);
	assert_int_equal(rehearse(&qx_fake_mecer, "", mumbles), 1);
}

/* Silence and a bit that never shows: nobody can tell. A yes can. */
static void test_a_drill_is_not_sure_of_what_does_not_show(void **state)
{
	(void)state;
	assert_int_equal(rehearse(&qx_fake_megatec, "", hides), -1);
	assert_int_equal(rehearse(&qx_fake_voltronic, "", hides), 1);
	assert_int_equal(rehearse(&qx_fake_megatec, "", keeps_on), -1);
	assert_int_equal(rehearse(&qx_fake_voltronic, "", keeps_on), -1);
}

static void test_a_drill_leaves_alone(void **state)
{
	(void)state;
	assert_int_equal(rehearse(&qx_fake_megatec, "", sticks), -EOPNOTSUPP);
	assert_int_equal(rehearse(&qx_fake_megatec, "ignoresab", NULL),
			 -EOPNOTSUPP);
	assert_int_equal(rehearse(&qx_fake_megatec,
				  "override.ups.delay.shutdown = 240", NULL),
			 -EOPNOTSUPP);
	assert_int_equal(rehearse(&qx_fake_megatec, "protocol = hunnox", NULL),
			 -EOPNOTSUPP);
	assert_int_equal(rehearse(&qx_fake_mecer, "", denies), -EPROTO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_drill_arms_and_cancels),
		cmocka_unit_test(test_a_drill_is_not_sure_of_what_does_not_show),
		cmocka_unit_test(test_a_drill_leaves_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
