// SPDX-License-Identifier: MIT
/* Keepers with the fake UPS: they fire on PID 1's word and on nothing else. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "nut/nut_fake.h"
#include "pid1/keeper_talk.h"

#define WAIT_MS 10000

static bool has_world; /* in which programs can be packed */

struct bench {
	struct conf conf;
	struct plan_ups ups;
	struct keeper keeper;
	struct log log;
	char path[64];
	char journal[4096];
};

static void bench_start(struct bench *bench, const char *keys)
{
	char text[512];
	int fd;

	memset(bench, 0, sizeof(*bench));
	bench->log.kmsg_fd = bench->log.painter.fd = bench->log.screen.fd = -1;
	(void)strcpy(bench->path, "/tmp/lastwatt-keeper-XXXXXX");
	fd = mkstemp(bench->path);
	assert_int_equal(close(fd), 0);
	(void)snprintf(text, sizeof(text),
		       "[rack1]\ndriver = lastwatt-fake\njournal = %s\n%s",
		       bench->path, keys);
	(void)conf_parse(&bench->conf, "ups.conf", text, strlen(text), NULL);
	(void)strcpy(bench->ups.name, "rack1");
	(void)strcpy(bench->ups.driver, "lastwatt-fake");
	bench->ups.section = 1;
	child_reset_signals(); /* cmocka has its own */
	keeper_start(&bench->keeper, &bench->ups, &bench->conf,
		     deadline_in_ms(WAIT_MS));
}

static void bench_hear(struct bench *bench, enum keeper_state state)
{
	deadline_t until = deadline_in_ms(WAIT_MS);

	while (bench->keeper.state != state && !deadline_passed(until)) {
		keeper_hear(&bench->keeper, &bench->log);
		(void)clock_sleep_ms(5, until);
	}
	assert_int_equal(bench->keeper.state, state);
}

static const char *bench_end(struct bench *bench)
{
	int fd = open(bench->path, O_RDONLY | O_CLOEXEC);
	ssize_t len = read(fd, bench->journal, sizeof(bench->journal) - 1);

	bench->journal[len > 0 ? len : 0] = '\0';
	(void)close(fd);
	(void)unlink(bench->path);
	child_kill(&bench->keeper.child);
	return bench->journal;
}

static void test_fires_on_the_word(void **state)
{
	struct bench bench;

	(void)state;
	bench_start(&bench, "mains = absent\n");
	bench_hear(&bench, KEEPER_READY);
	assert_int_equal(bench.keeper.mains, UPS_MAINS_ABSENT);
	keeper_fire(&bench.keeper, UPS_STAYOFF, deadline_in_ms(WAIT_MS));
	bench_hear(&bench, KEEPER_DONE);
	assert_true(keeper_is_settled(&bench.keeper));
	assert_int_equal(bench.keeper.cut.given, UPS_STAYOFF);
	assert_int_equal(bench.keeper.cut.off_after_s, 20);
	assert_non_null(strstr(bench_end(&bench), "rack1 stayoff\n"));
}

/* Only one that has commanded is asked, and as often as anybody wants. */
static void test_says_whether_mains_is_there(void **state)
{
	struct bench bench;

	(void)state;
	bench_start(&bench, "mains = present\n");
	keeper_ask(&bench.keeper);
	bench_hear(&bench, KEEPER_READY);
	keeper_ask(&bench.keeper);
	keeper_fire(&bench.keeper, UPS_RETURN, deadline_in_ms(WAIT_MS));
	bench_hear(&bench, KEEPER_DONE);
	for (int i = 0; i < 2; i++) {
		bench.keeper.mains = UPS_MAINS_UNKNOWN;
		bench.keeper.mains_at_ms = 0;
		keeper_ask(&bench.keeper);
		keeper_hear_all(&bench.keeper, 1, -1, -1, &bench.log,
				deadline_in_ms(500));
		assert_int_equal(bench.keeper.mains, UPS_MAINS_PRESENT);
		assert_true(bench.keeper.mains_at_ms > 0);
		assert_int_equal(bench.keeper.state, KEEPER_DONE);
	}
	assert_non_null(strstr(bench_end(&bench), "rack1 return\n"));
}

static void test_never_fires_when_pid1_goes_away(void **state)
{
	struct bench bench;
	int status = -1;

	(void)state;
	bench_start(&bench, "");
	bench_hear(&bench, KEEPER_READY);
	(void)close(bench.keeper.child.fd);
	bench.keeper.child.fd = -1;
	assert_int_equal(waitpid(bench.keeper.child.pid, &status, 0),
			 bench.keeper.child.pid);
	bench.keeper.child.pid = 0;
	assert_int_equal(status, 0);
	assert_null(strstr(bench_end(&bench), "cut"));
}

/* A word that is cut short is no word. */
static void test_never_fires_on_half_a_word(void **state)
{
	struct bench bench;

	(void)state;
	bench_start(&bench, "");
	bench_hear(&bench, KEEPER_READY);
	assert_int_equal(child_send(&bench.keeper.child, "now!", 4), 0);
	assert_int_equal(
		child_end(&bench.keeper.child, deadline_in_ms(WAIT_MS)), 0);
	assert_null(strstr(bench_end(&bench), "cut"));
}

/* The word may come before the device is found. */
static void test_a_word_waits_for_the_device(void **state)
{
	struct bench bench;

	(void)state;
	bench_start(&bench, "open = absent\ntimes = 2\n");
	keeper_fire(&bench.keeper, UPS_RETURN, deadline_in_ms(WAIT_MS));
	bench_hear(&bench, KEEPER_DONE);
	assert_non_null(strstr(bench_end(&bench), "rack1 return\n"));
}

static void test_what_is_hopeless_is_not_tried_again(void **state)
{
	struct bench bench;

	(void)state;
	bench_start(&bench, "cut = refuse\n");
	bench_hear(&bench, KEEPER_READY);
	keeper_fire(&bench.keeper, UPS_RETURN, deadline_in_ms(WAIT_MS));
	bench_hear(&bench, KEEPER_FAILED);
	keeper_fire(&bench.keeper, UPS_RETURN, deadline_in_ms(WAIT_MS));
	assert_int_equal(bench.keeper.state, KEEPER_FAILED);
	assert_string_equal(bench.keeper.sentence, "the fake refuses, as told");
	(void)bench_end(&bench);
}

/* A fake that talks for ever costs its own result, and no deadline. */
static void test_a_flood_of_notes_has_an_end(void **state)
{
	deadline_t until = deadline_in_ms(300);
	struct bench bench;

	(void)state;
	bench_start(&bench, "open = babble\n");
	while (!deadline_passed(until))
		keeper_hear(&bench.keeper, &bench.log);
	assert_int_equal(bench.keeper.state, KEEPER_ARMING);
	assert_true(bench.keeper.notes > 50);
	(void)bench_end(&bench);
}

static void test_nonsense_ends_a_keeper(void **state)
{
	struct bench bench;

	(void)state;
	bench_start(&bench, "open = garble\n");
	bench_hear(&bench, KEEPER_NONE);
	assert_int_equal(bench.keeper.lives, 0);
	assert_string_equal(bench.keeper.sentence, "its keeper talks nonsense");
	assert_null(strstr(bench_end(&bench), "cut"));
}

static struct keeper_message message_of(enum keeper_news news)
{
	struct keeper_message message = {
		.news = news,
		.error = news == KEEPER_NEWS_FAILED ? -EIO : 0,
		.cut = { .off_after_s = 20, .on_after_s = UPS_UNKNOWN_S },
	};

	return message;
}

/* What a keeper may say, and in which state; the rest is nonsense. */
static void test_messages_are_looked_over(void **state)
{
	static const struct {
		enum keeper_state state;
		enum keeper_news news;
		bool sound;
	} list[] = {
		{ KEEPER_ARMING, KEEPER_NEWS_NOTE, true },
		{ KEEPER_ARMING, KEEPER_NEWS_READY, true },
		{ KEEPER_ARMING, KEEPER_NEWS_FAILED, true },
		{ KEEPER_ARMING, KEEPER_NEWS_DONE, false },
		{ KEEPER_READY, KEEPER_NEWS_READY, false },
		{ KEEPER_READY, KEEPER_NEWS_DONE, false }, /* no word yet */
		{ KEEPER_READY, KEEPER_NEWS_FAILED, false },
		{ KEEPER_FIRED, KEEPER_NEWS_DONE, true },
		{ KEEPER_FIRED, KEEPER_NEWS_FAILED, true },
		{ KEEPER_FIRED, KEEPER_NEWS_READY, false },
		{ KEEPER_DONE, KEEPER_NEWS_FAILED, false },
		{ KEEPER_DONE, KEEPER_NEWS_DONE, false },
		{ KEEPER_DONE, KEEPER_NEWS_MAINS, true },
		{ KEEPER_READY, KEEPER_NEWS_MAINS, false },
		{ KEEPER_FIRED, KEEPER_NEWS_MAINS, false },
		{ KEEPER_TRYING, KEEPER_NEWS_TRIED, true },
		{ KEEPER_TRYING, KEEPER_NEWS_SPARED, true },
		{ KEEPER_TRYING, KEEPER_NEWS_FAILED, true },
		{ KEEPER_TRYING, KEEPER_NEWS_DONE, false }, /* no word to fire */
		{ KEEPER_READY, KEEPER_NEWS_TRIED, false },
		{ KEEPER_FIRED, KEEPER_NEWS_TRIED, false },
		{ KEEPER_FIRED, KEEPER_NEWS_SPARED, false },
		{ KEEPER_TRIED, KEEPER_NEWS_FAILED, false },
		{ KEEPER_FIRED, KEEPER_NEWS_STOPPED, true },
		{ KEEPER_FIRED, KEEPER_NEWS_STOPPED + 1, false },
		{ KEEPER_FIRED, (enum keeper_news) - 1, false },
	};
	struct keeper_message message;
	struct keeper keeper = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		keeper.state = list[i].state;
		message = message_of(list[i].news);
		assert_int_equal(keeper_message_is_sound(&keeper, &message),
				 list[i].sound);
	}
}

static void test_fields_are_looked_over(void **state)
{
	struct keeper keeper = { .state = KEEPER_FIRED };
	struct keeper_message good = message_of(KEEPER_NEWS_DONE), bad;

	(void)state;
	memset(good.sentence, '\033', sizeof(good.sentence));
	memset(good.cut.how, 'x', sizeof(good.cut.how));
	bad = good;
	assert_true(keeper_message_is_sound(&keeper, &bad));
	assert_int_equal(strlen(bad.sentence), sizeof(bad.sentence) - 1);
	assert_null(strchr(bad.sentence, '\033'));
	assert_int_equal(strlen(bad.cut.how), sizeof(bad.cut.how) - 1);

	bad = good;
	bad.mains = UPS_MAINS_ABSENT + 1;
	assert_false(keeper_message_is_sound(&keeper, &bad));
	bad = good;
	bad.cut.given = (enum ups_command) - 1;
	assert_false(keeper_message_is_sound(&keeper, &bad));
	bad = good;
	bad.cut.proof = UPS_VERIFIED + 1;
	assert_false(keeper_message_is_sound(&keeper, &bad));
	bad = good;
	bad.cut.off_after_s = -2;
	assert_false(keeper_message_is_sound(&keeper, &bad));
	bad = good;
	bad.cut.on_after_s = INT32_MAX;
	assert_false(keeper_message_is_sound(&keeper, &bad));
	bad = good;
	bad.armed = 1; /* no drill */
	assert_false(keeper_message_is_sound(&keeper, &bad));
	bad = message_of(KEEPER_NEWS_FAILED);
	bad.error = 0;
	assert_false(keeper_message_is_sound(&keeper, &bad));
}

/* A UPS that may count down was neither armed and cancelled nor spared. */
static void test_fields_of_a_drill_are_looked_over(void **state)
{
	struct keeper keeper = { .state = KEEPER_TRYING };
	struct keeper_message bad;

	(void)state;
	bad = message_of(KEEPER_NEWS_FAILED);
	bad.armed = 1;
	assert_true(keeper_message_is_sound(&keeper, &bad));
	bad.armed = 2;
	assert_false(keeper_message_is_sound(&keeper, &bad));
	bad = message_of(KEEPER_NEWS_TRIED);
	bad.armed = 1;
	assert_false(keeper_message_is_sound(&keeper, &bad));
	bad = message_of(KEEPER_NEWS_SPARED);
	bad.armed = 1;
	assert_false(keeper_message_is_sound(&keeper, &bad));
	bad = message_of(KEEPER_NEWS_TRIED);
	bad.cut.off_after_s = -2;
	assert_false(keeper_message_is_sound(&keeper, &bad));
}

/* What is left when ours cannot, will not, or crashes: NUT's own driver. */
static void last_resort(const char *keys, enum keeper_state armed)
{
	struct bench bench;

	nut_fake_pack("lastwatt-fake", NUT_FAKE_GOOD);
	bench_start(&bench, keys);
	bench_hear(&bench, armed);
	keeper_fire(&bench.keeper, UPS_RETURN, deadline_in_ms(WAIT_MS));
	bench_hear(&bench, KEEPER_DONE);
	assert_string_equal(bench.keeper.cut.how, "NUT's own lastwatt-fake");
	assert_int_equal(bench.keeper.cut.proof, UPS_SENT);
	assert_null(strstr(bench_end(&bench), "return"));
}

static void test_nuts_own_driver_is_the_last_resort(void **state)
{
	const struct {
		const char *keys;
		enum keeper_state armed;
	} rows[] = {
		{ "cut = refuse\n", KEEPER_READY },
		{ "open = refuse\n", KEEPER_FAILED },
		{ "cut = crash\n", KEEPER_READY },
		{ "open = crash\n", KEEPER_READY },
		{ "cut = hang\n", KEEPER_READY },
	};

	(void)state;
	if (!has_world)
		skip();
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		last_resort(rows[i].keys, rows[i].armed);
}

static void test_nuts_own_driver_fails_too(void **state)
{
	struct bench bench;

	(void)state;
	if (!has_world)
		skip();
	nut_fake_pack("lastwatt-fake",
		      NUT_FAKE_GOOD "echo 'shutdown not supported'\n");
	bench_start(&bench, "cut = refuse\n");
	bench_hear(&bench, KEEPER_READY);
	keeper_fire(&bench.keeper, UPS_RETURN, deadline_in_ms(WAIT_MS));
	bench_hear(&bench, KEEPER_FAILED);
	while (bench.keeper.lives > 0 && !bench.keeper.hopeless)
		keeper_hear(&bench.keeper, &bench.log);
	assert_non_null(strstr(
		bench.keeper.sentence,
		"NUT's driver lastwatt-fake says: shutdown not supported"));
	assert_true(keeper_is_settled(&bench.keeper));
	(void)bench_end(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fires_on_the_word),
		cmocka_unit_test(test_says_whether_mains_is_there),
		cmocka_unit_test(test_never_fires_when_pid1_goes_away),
		cmocka_unit_test(test_never_fires_on_half_a_word),
		cmocka_unit_test(test_a_word_waits_for_the_device),
		cmocka_unit_test(test_what_is_hopeless_is_not_tried_again),
		cmocka_unit_test(test_a_flood_of_notes_has_an_end),
		cmocka_unit_test(test_nonsense_ends_a_keeper),
		cmocka_unit_test(test_messages_are_looked_over),
		cmocka_unit_test(test_fields_are_looked_over),
		cmocka_unit_test(test_fields_of_a_drill_are_looked_over),
		/* From here on there is a program of NUT's. */
		cmocka_unit_test(test_nuts_own_driver_is_the_last_resort),
		cmocka_unit_test(test_nuts_own_driver_fails_too),
	};

	has_world = nut_fake_make_world();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
