// SPDX-License-Identifier: MIT
/* Children that answer, die, hang, and hear the end of their parent. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "pid1/child.h"

static int body_echo(int fd, void *arg)
{
	char message[16];
	ssize_t len;

	(void)arg;
	while ((len = child_listen(fd, message, sizeof(message))) > 0)
		(void)child_tell(fd, message, (size_t)len);
	return 7;
}

static int body_hang(int fd, void *arg)
{
	(void)fd;
	(void)arg;
	for (;;)
		(void)pause();
	return 0;
}

static int body_crash(int fd, void *arg)
{
	(void)fd;
	(void)arg;
	(void)raise(SIGKILL);
	return 0;
}

/* Says something and goes without having read what it was told. */
static int body_leave_unread(int fd, void *arg)
{
	char wait_for;

	(void)arg;
	(void)child_listen(fd, &wait_for, sizeof(wait_for));
	(void)child_tell(fd, "last words", 10);
	return 0;
}

/* Which descriptors does it have beyond its socket? */
static int body_count_fds(int fd, void *arg)
{
	int other, count = 0;

	(void)arg;
	for (other = fd + 1; other < 256; other++)
		count += fcntl(other, F_GETFD) >= 0;
	return count;
}

static void start(struct child *child, child_body *body)
{
	assert_int_equal(child_start(child, body, NULL, deadline_in_ms(1000)),
			 0);
}

static void test_messages_keep_their_bounds(void **state)
{
	struct child child;
	char answer[16];

	(void)state;
	start(&child, body_echo);
	assert_int_equal(child_send(&child, "one", 3), 0);
	assert_int_equal(child_send(&child, "three", 5), 0);
	assert_int_equal(child_wait(&child, answer, sizeof(answer),
				    deadline_in_ms(5000)),
			 3);
	assert_int_equal(child_wait(&child, answer, sizeof(answer),
				    deadline_in_ms(5000)),
			 5);
	assert_memory_equal(answer, "three", 5);
	assert_int_equal(child_take(&child, answer, sizeof(answer)), -EAGAIN);
	child_finish(&child);
	assert_int_equal(child_end(&child, deadline_in_ms(5000)), 7);
}

static void test_a_hanging_child_is_killed(void **state)
{
	int64_t start_ms = clock_now_ms();
	struct child child;
	char answer;

	(void)state;
	start(&child, body_hang);
	assert_int_equal(child_wait(&child, &answer, 1, deadline_in_ms(20)),
			 -ETIMEDOUT);
	assert_int_equal(child_end(&child, deadline_in_ms(20)), -ETIMEDOUT);
	assert_int_equal(child.pid, 0);
	assert_true(clock_now_ms() - start_ms < 2000);
}

static void test_a_dead_child_is_noticed(void **state)
{
	struct child child;
	char answer;

	(void)state;
	start(&child, body_crash);
	assert_int_equal(child_wait(&child, &answer, 1, deadline_in_ms(5000)),
			 0);
	assert_int_equal(child_end(&child, deadline_in_ms(5000)), 128 + SIGKILL);
	assert_int_equal(child_send(&child, "x", 1), -EPIPE);
}

static void test_last_words_are_heard(void **state)
{
	struct child child;
	char words[16];

	(void)state;
	start(&child, body_leave_unread);
	assert_int_equal(child_send(&child, "1", 1), 0);
	assert_int_equal(child_send(&child, "never read", 10), 0);
	(void)clock_sleep_ms(100, deadline_in_ms(100));
	assert_int_equal(child_take(&child, words, sizeof(words)), 10);
	assert_int_equal(child_take(&child, words, sizeof(words)), 0);
	child_kill(&child);
}

static void test_a_child_keeps_no_descriptor_of_a_sibling(void **state)
{
	struct child first, second;

	(void)state;
	start(&first, body_echo);
	start(&second, body_count_fds);
	assert_int_equal(child_end(&second, deadline_in_ms(5000)), 0);
	child_kill(&first);
}

static void test_the_end_of_the_parent_is_heard(void **state)
{
	struct child child;
	int status;
	pid_t pid;

	(void)state;
	start(&child, body_echo);
	pid = child.pid;
	(void)close(child.fd);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WEXITSTATUS(status), 7);
}

static int count_fds(void)
{
	int fd, count = 0;

	for (fd = 0; fd < 256; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

/* However often one is replaced: no descriptor, no process stays behind. */
static void test_a_thousand_leave_nothing(void **state)
{
	static child_body *const bodies[] = { body_crash, body_hang, body_echo };
	int before = count_fds(), late = 0;
	struct child child;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		assert_int_equal(child_start(&child, bodies[i % 3], NULL,
					     deadline_in_ms(5000)),
				 0);
		if (i % 3 == 2) {
			child_finish(&child);
			(void)child_end(&child, deadline_in_ms(5000));
		} else {
			(void)child_kill(&child);
		}
	}
	assert_int_equal(count_fds(), before);
	/* On a busy machine a killed one may die later than it is waited for. */
	while (waitpid(-1, NULL, 0) > 0)
		late++;
	assert_int_equal(errno, ECHILD);
	assert_in_range(late, 0, 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_messages_keep_their_bounds),
		cmocka_unit_test(test_a_hanging_child_is_killed),
		cmocka_unit_test(test_a_dead_child_is_noticed),
		cmocka_unit_test(test_last_words_are_heard),
		cmocka_unit_test(test_a_child_keeps_no_descriptor_of_a_sibling),
		cmocka_unit_test(test_the_end_of_the_parent_is_heard),
		cmocka_unit_test(test_a_thousand_leave_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
