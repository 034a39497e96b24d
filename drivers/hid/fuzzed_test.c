// SPDX-License-Identifier: MIT
/* What the fuzzers died of, so that nobody dies of it again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hid/bench.h"

static struct hid_bench bench;

/* clang-format off */

/* One count of the shutdown delay is 2^30 - 1 times ten seconds. */
static const uint8_t slow[] = {
	0x05, 0x84, 0x09, 0x04, 0xa1, 0x01, 0x95, 0x01, 0x09, 0x24, 0xa1, 0x00,
	0x15, 0x00, 0x25, 0x01, 0x35, 0x00, 0x47, 0xff, 0xff, 0xff, 0x3f,
	0x66, 0x01, 0x10, 0x55, 0x01, 0x75, 0x10, 0x85, 0x04, 0x09, 0x57, 0xb1, 0x82,
	0xc0, 0xc0,
};

/* clang-format on */

static void delays_have_room_for_a_margin(void **state)
{
	char transfers[64];
	struct ups_cut cut;

	(void)state;
	hid_bench_start(&bench, "");
	hid_fake_start(&bench.fake, slow, sizeof(slow));
	assert_int_equal(hid_bench_attach(&bench, 0, 0, ""), 0);
	assert_int_equal(hid_bench_cut(&bench, UPS_STAYOFF, &cut, transfers,
				       sizeof(transfers)),
			 0);
	assert_string_equal(transfers, "set 04 01 00; get 04; ");
	assert_true(cut.off_after_s > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(delays_have_room_for_a_margin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
