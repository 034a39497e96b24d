// SPDX-License-Identifier: MIT
/* Ways to UPSes on the network: what of them gets into the handover. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/said_fake.h"
#include "handover.h"
#include "link/route.h"

#define BOOT    "00000000-1111-2222-3333-444444444444"
#define LONG_MS 20000

struct fixture {
	char parent[64];
	char dir[80];
	struct handover handover;
	struct said said;
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	(void)strcpy(fixture->parent, "/tmp/handover-network-XXXXXX");
	assert_non_null(mkdtemp(fixture->parent));
	(void)snprintf(fixture->dir, sizeof(fixture->dir), "%s/lastwatt",
		       fixture->parent);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;
	char command[120];

	(void)snprintf(command, sizeof(command), "rm -r %s", fixture->parent);
	assert_int_equal(system(command), 0);
	free(fixture);
	return 0;
}

/** Collect for a ups.conf, as on a running system; the way to [near]. */
static const char *find(struct fixture *fixture, const char *ups_conf)
{
	const struct conf_report report = { .say = said_hear,
					    .arg = &fixture->said };
	struct handover *handover = &fixture->handover;

	memset(handover, 0, sizeof(*handover));
	memset(&fixture->said, 0, sizeof(fixture->said));
	handover->poweroff_wait_ms = -1;
	handover->primaries = 1;
	(void)strcpy(handover->boot_id, BOOT);
	(void)strcpy(handover->primary[0], "near");
	(void)conf_parse(&handover->conf, "ups.conf", ups_conf,
			 strlen(ups_conf), NULL);
	handover_find_routes(handover, fixture->dir, &report,
			     deadline_in_ms(LONG_MS));
	return conf_value(&handover->conf,
			  conf_find_section(&handover->conf, "near"), ROUTE_KEY);
}

static void test_a_way_is_written_down_and_read_back(void **state)
{
	struct fixture *fixture = *state;
	char why[UPS_SENTENCE_MAX];
	struct route route;
	const char *text = find(fixture, "[far]\ndriver = lastwatt-fake\n"
					 "host = 127.0.0.2\n"
					 "[near]\ndriver = lastwatt-fake\n"
					 "host = 127.0.0.1\n");

	assert_non_null(text);
	assert_int_equal(route_parse(&route, text), 0);
	assert_true(route.is_local);
	/* It is not ours to cut. */
	assert_null(conf_value(&fixture->handover.conf, 1, ROUTE_KEY));

	assert_int_equal(handover_write(&fixture->handover, fixture->dir), 0);
	assert_int_equal(
		handover_read(&fixture->handover, fixture->dir, BOOT, why), 0);
	text = conf_value(&fixture->handover.conf,
			  conf_find_section(&fixture->handover.conf, "near"),
			  ROUTE_KEY);
	assert_non_null(text);
	assert_int_equal(route_parse(&route, text), 0);
	said_check(&fixture->said, NULL);
}

/* ".invalid" is a name that will never be one (RFC 2606). */
static void test_a_name_that_is_lost_keeps_its_way(void **state)
{
	static const char ups_conf[] = "[near]\ndriver = lastwatt-fake\n"
				       "host = ups.invalid\n";
	struct fixture *fixture = *state;
	const char *text;

	assert_null(find(fixture, ups_conf));
	said_check(&fixture->said, "[near] the way to ups.invalid is not known");

	assert_int_equal(
		conf_add(&fixture->handover.conf, 1, ROUTE_KEY, "as it was"), 0);
	assert_int_equal(handover_write(&fixture->handover, fixture->dir), 0);
	text = find(fixture, ups_conf);
	assert_non_null(text);
	assert_string_equal(text, "as it was");

	/* Another host's way is of no use. */
	assert_null(find(fixture, "[near]\ndriver = lastwatt-fake\n"
				  "host = other.invalid\n"));
}

static void test_what_is_not_on_the_network_has_none(void **state)
{
	struct fixture *fixture = *state;

	assert_null(find(fixture, "[near]\ndriver = lastwatt-fake\n"));
	assert_null(find(fixture, "[near]\ndriver = nosuchdriver\n"));
	assert_null(find(fixture, "[near]\n"));
	said_check(&fixture->said, NULL);
}

int main(void)
{
#define FIXTURE_TEST(test) \
	cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(test_a_way_is_written_down_and_read_back),
		FIXTURE_TEST(test_a_name_that_is_lost_keeps_its_way),
		FIXTURE_TEST(test_what_is_not_on_the_network_has_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
