// SPDX-License-Identifier: MIT
/* What drivers of NUT have said, and what is made of it. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "nut/nut.h"

#define EXITED(status) ((status) << 8)
#define BANNER \
	"Network UPS Tools - Megatec/Q1 protocol serial driver 1.58 (2.8.0)\n"

static struct ups ups = { .name = "rack1" };

/* The lines of @text, and what they are worth with @result. */
static int judge(const char *text, int result)
{
	struct nut_word word = { .began = false };
	char line[512];
	size_t len;

	for (; *text; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		memcpy(line, text, len);
		line[len] = '\0';
		nut_word_hear(&word, line);
	}
	ups.problem[0] = '\0';
	return nut_word_judge(&ups, &word, "blazer_ser", result);
}

static void test_a_good_word(void **state)
{
	(void)state;
	assert_int_equal(judge(BANNER "Supported UPS detected\n"
				      "Initiating UPS shutdown\n",
			       EXITED(0)),
			 0);
	/* With stamps, and as it is since 2.8.3. */
	assert_int_equal(
		judge("   0.000081\t[D1] debug level is '1'\n"
		      "   0.021000     Initiating UPS shutdown\n"
		      "UPS [rack1]: shutdown request was successful with 'shutdown.default'\n",
		      EXITED(0)),
		0);
}

/* blazer: nothing ran that could be stopped, then it took the command. */
static void test_what_went_well_at_last(void **state)
{
	(void)state;
	assert_int_equal(judge("Initiating UPS shutdown\n"
			       "instcmd: command [shutdown.stop] failed\n"
			       "instcmd: command [shutdown.return] failed\n"
			       "Shutting down in 30 seconds\n",
			       EXITED(0)),
			 0);
}

/* The lie of 2.8.3 to 2.8.5: measured, with the device unplugged. */
static void test_success_after_failure_is_none(void **state)
{
	(void)state;
	assert_int_equal(
		judge("Initiating UPS shutdown\n"
		      "Shutdown failed!\n"
		      "UPS [rack1]: shutdown request was successful with 'shutdown.default'\n",
		      EXITED(0)),
		-EIO);
	assert_non_null(strstr(ups.problem, "Shutdown failed!"));
	assert_int_equal(
		judge("Initiating UPS shutdown\n"
		      "shutdown not supported\n"
		      "UPS [rack1]: shutdown request was successful with 'shutdown.default'\n",
		      EXITED(0)),
		-EOPNOTSUPP);
}

static void test_no_word_of_a_shutdown_is_none(void **state)
{
	(void)state;
	assert_int_equal(judge(BANNER, EXITED(0)), -EPROTO);
	assert_int_equal(judge("", EXITED(0)), -EPROTO);
	assert_int_equal(judge("Shutting down in 30 seconds\n", EXITED(0)),
			 -EPROTO);
}

static void test_what_it_stopped_at(void **state)
{
	(void)state;
	assert_int_equal(
		judge(BANNER
		      "Unable to open /dev/ttyS9: No such file or directory\n"
		      "Things to try:\n"
		      "Fatal error: unusable configuration\n",
		      EXITED(1)),
		-ENODEV);
	assert_non_null(strstr(ups.problem, "/dev/ttyS9"));
	assert_int_equal(judge("No matching HID UPS found\n", EXITED(1)),
			 -ENODEV);
	/* Ends with 0: seen. */
	assert_int_equal(
		judge("Fatal error: 'offdlay' is not a valid variable name for this driver.\n",
		      EXITED(0)),
		-EINVAL);
	assert_int_equal(
		judge("/nut/blazer_ser: error while loading shared libraries: libm.so.6: cannot open shared object file: No such file or directory\n",
		      EXITED(127)),
		-EOPNOTSUPP);
	assert_int_equal(
		judge("getpwnam(root): No such file or directory\n", EXITED(1)),
		-EOPNOTSUPP);
}

static void test_its_end_counts_against_it_only(void **state)
{
	static const char *const began = "Initiating UPS shutdown\n";

	(void)state;
	assert_int_equal(judge(began, EXITED(1)), -EIO);
	assert_int_equal(judge(began, 11), -EIO);
	assert_non_null(strstr(ups.problem, "signal 11"));
	assert_int_equal(judge(began, -ETIMEDOUT), -ETIMEDOUT);
	assert_int_equal(judge(began, -EAGAIN), -EAGAIN);
}

static void test_sentences_are_bounded(void **state)
{
	char text[400];

	(void)state;
	memset(text, 'x', sizeof(text));
	memcpy(text, "fail", 4);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(judge(text, EXITED(0)), -EPROTO);
	assert_in_range(strlen(ups.problem), 50, UPS_SENTENCE_MAX - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_good_word),
		cmocka_unit_test(test_what_went_well_at_last),
		cmocka_unit_test(test_success_after_failure_is_none),
		cmocka_unit_test(test_no_word_of_a_shutdown_is_none),
		cmocka_unit_test(test_what_it_stopped_at),
		cmocka_unit_test(test_its_end_counts_against_it_only),
		cmocka_unit_test(test_sentences_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
