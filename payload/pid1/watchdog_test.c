// SPDX-License-Identifier: MIT
/* Watchdogs as files: what is written to them, and which are left alone. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "pid1/watchdog.h"

#define WAIT_MS 10000

struct bench {
	struct watchdog watchdog;
	struct log log;
	char top[64], sys[96], dev[96];
};

static void bench_write(const char *folder, const char *name, const char *text)
{
	char path[256];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "we");
	assert_non_null(file);
	(void)fputs(text, file);
	(void)fclose(file);
}

/* A watchdog of this state; NULL: the kernel does not tell it. */
static void bench_add(struct bench *bench, const char *name, const char *state,
		      const char *nowayout)
{
	char folder[160];

	(void)snprintf(folder, sizeof(folder), "%s/class/watchdog/%s",
		       bench->sys, name);
	assert_int_equal(mkdir(folder, 0700), 0);
	if (state)
		bench_write(folder, "state", state);
	if (nowayout)
		bench_write(folder, "nowayout", nowayout);
	bench_write(bench->dev, name, "");
}

static void bench_make(struct bench *bench)
{
	char path[160];

	memset(bench, 0, sizeof(*bench));
	bench->log.kmsg_fd = -1;
	bench->log.painter.fd = bench->log.screen.fd = -1;
	(void)strcpy(bench->top, "/tmp/lastwatt-watchdog-XXXXXX");
	assert_non_null(mkdtemp(bench->top));
	(void)snprintf(bench->sys, sizeof(bench->sys), "%s/sys", bench->top);
	(void)snprintf(bench->dev, sizeof(bench->dev), "%s/dev", bench->top);
	assert_int_equal(mkdir(bench->sys, 0700), 0);
	assert_int_equal(mkdir(bench->dev, 0700), 0);
	(void)snprintf(path, sizeof(path), "%s/class", bench->sys);
	assert_int_equal(mkdir(path, 0700), 0);
	(void)snprintf(path, sizeof(path), "%s/class/watchdog", bench->sys);
	assert_int_equal(mkdir(path, 0700), 0);
}

static void bench_start(struct bench *bench, enum verb verb, deadline_t until)
{
	watchdog_start(&bench->watchdog, bench->sys, bench->dev, verb,
		       &bench->log, until);
}

/* How often it was fed; @last is the byte that came at the end. */
static int bench_fed(const struct bench *bench, const char *name, char *last)
{
	char path[160], bytes[256];
	int fd, fed = 0;
	ssize_t len;

	(void)snprintf(path, sizeof(path), "%s/%s", bench->dev, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	len = read(fd, bytes, sizeof(bytes));
	(void)close(fd);
	*last = len > 0 ? bytes[len - 1] : '-';
	for (ssize_t i = 0; i < len; i++)
		fed += bytes[i] == '\0';
	return fed;
}

static void bench_wait_fed(const struct bench *bench, const char *name,
			   int times)
{
	deadline_t until = deadline_in_ms(WAIT_MS);
	char last;

	while (bench_fed(bench, name, &last) < times)
		assert_int_equal(clock_sleep_ms(10, until), 0);
}

static void bench_remove(struct bench *bench)
{
	char command[96];

	for (int i = 0; i < bench->watchdog.count; i++)
		(void)child_kill(&bench->watchdog.child[i]);
	(void)snprintf(command, sizeof(command), "rm -r %s", bench->top);
	assert_int_equal(system(command), 0);
}

static void test_an_idle_one_is_armed_and_stopped(void **state)
{
	struct bench bench;
	char last;

	(void)state;
	bench_make(&bench);
	bench_add(&bench, "watchdog1", "inactive\n", "0\n");
	bench_add(&bench, "watchdog0", "inactive\n", "0\n");
	bench_start(&bench, VERB_POWEROFF, deadline_in_ms(WAIT_MS));
	assert_int_equal(bench.watchdog.count, 1);
	bench_wait_fed(&bench, "watchdog0", 2);
	assert_true(watchdog_finish(&bench.watchdog, VERB_POWEROFF));
	(void)bench_fed(&bench, "watchdog0", &last);
	assert_int_equal(last, 'V');
	assert_int_equal(bench_fed(&bench, "watchdog1", &last), 0);
	assert_int_equal(last, '-');
	bench_remove(&bench);
}

/* Once armed it could not be stopped, and would reset what is to be dark. */
static void test_one_without_a_way_out_is_not_armed(void **state)
{
	struct bench bench;
	char last;

	(void)state;
	bench_make(&bench);
	bench_add(&bench, "watchdog0", "inactive\n", "1\n");
	bench_add(&bench, "watchdog1", NULL, NULL);
	bench_add(&bench, "watchdog2", "inactive\n", NULL);
	bench_start(&bench, VERB_HALT, deadline_in_ms(WAIT_MS));
	assert_int_equal(bench.watchdog.count, 0);
	assert_true(watchdog_finish(&bench.watchdog, VERB_HALT));
	assert_int_equal(bench_fed(&bench, "watchdog0", &last), 0);
	assert_int_equal(bench_fed(&bench, "watchdog1", &last), 0);
	bench_remove(&bench);
}

static void test_a_foreign_one_is_fed_and_stopped(void **state)
{
	struct bench bench;
	char last;

	(void)state;
	bench_make(&bench);
	bench_add(&bench, "watchdog0", "inactive\n", "0\n");
	bench_add(&bench, "watchdog1", "active\n", "0\n");
	bench_start(&bench, VERB_POWEROFF, deadline_in_ms(WAIT_MS));
	/* It watches already: the other one is not needed. */
	assert_int_equal(bench.watchdog.count, 1);
	bench_wait_fed(&bench, "watchdog1", 1);
	assert_true(watchdog_finish(&bench.watchdog, VERB_POWEROFF));
	(void)bench_fed(&bench, "watchdog1", &last);
	assert_int_equal(last, 'V');
	assert_int_equal(bench_fed(&bench, "watchdog0", &last), 0);
	bench_remove(&bench);
}

/* systemd armed it for the reboot: it stays armed. */
static void test_a_reboot_keeps_what_runs(void **state)
{
	struct bench bench;
	char last;

	(void)state;
	bench_make(&bench);
	bench_add(&bench, "watchdog0", "active\n", "0\n");
	bench_add(&bench, "watchdog1", "inactive\n", "0\n");
	bench_start(&bench, VERB_REBOOT, deadline_in_ms(WAIT_MS));
	assert_int_equal(bench.watchdog.count, 1);
	bench_wait_fed(&bench, "watchdog0", 1);
	assert_true(watchdog_finish(&bench.watchdog, VERB_REBOOT));
	assert_true(bench_fed(&bench, "watchdog0", &last) >= 2);
	assert_int_equal(last, '\0');
	assert_int_equal(bench_fed(&bench, "watchdog1", &last), 0);
	bench_remove(&bench);
}

static void test_a_halt_feeds_what_cannot_be_stopped(void **state)
{
	struct bench bench;
	char last;
	int fed;

	(void)state;
	bench_make(&bench);
	bench_add(&bench, "watchdog0", "active\n", "1\n");
	bench_start(&bench, VERB_HALT, deadline_in_ms(0));
	bench_wait_fed(&bench, "watchdog0", 1);
	assert_false(watchdog_finish(&bench.watchdog, VERB_HALT));
	fed = bench_fed(&bench, "watchdog0", &last);
	bench_wait_fed(&bench, "watchdog0", fed + 1);
	bench_remove(&bench);
}

/* PID 1 hangs: its time and the margin are over, and nobody feeds it. */
static void test_nobody_feeds_it_for_a_hanging_pid1(void **state)
{
	deadline_t until = deadline_in_ms(0) - 3600 * 1000;
	struct bench bench;
	char last;

	(void)state;
	bench_make(&bench);
	bench_add(&bench, "watchdog0", "inactive\n", "0\n");
	bench_start(&bench, VERB_POWEROFF, until);
	(void)clock_sleep_ms(200, deadline_in_ms(200));
	assert_int_equal(bench_fed(&bench, "watchdog0", &last), 0);
	/* It is alive after all, and says so. */
	watchdog_extend(&bench.watchdog, deadline_in_ms(WAIT_MS));
	bench_wait_fed(&bench, "watchdog0", 1);
	bench_remove(&bench);
}

static void test_a_dead_pid1_lets_it_fire(void **state)
{
	struct bench bench;
	char last;
	int status;

	(void)state;
	bench_make(&bench);
	bench_add(&bench, "watchdog0", "inactive\n", "0\n");
	bench_start(&bench, VERB_POWEROFF, deadline_in_ms(WAIT_MS));
	bench_wait_fed(&bench, "watchdog0", 1);
	(void)close(bench.watchdog.child[0].fd);
	bench.watchdog.child[0].fd = -1;
	status = child_end(&bench.watchdog.child[0], deadline_in_ms(WAIT_MS));
	assert_int_equal(status, 1);
	(void)bench_fed(&bench, "watchdog0", &last);
	assert_int_equal(last, '\0');
	bench_remove(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_idle_one_is_armed_and_stopped),
		cmocka_unit_test(test_one_without_a_way_out_is_not_armed),
		cmocka_unit_test(test_a_foreign_one_is_fed_and_stopped),
		cmocka_unit_test(test_a_reboot_keeps_what_runs),
		cmocka_unit_test(test_a_halt_feeds_what_cannot_be_stopped),
		cmocka_unit_test(test_nobody_feeds_it_for_a_hanging_pid1),
		cmocka_unit_test(test_a_dead_pid1_lets_it_fire),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
