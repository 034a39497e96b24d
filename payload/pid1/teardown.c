// SPDX-License-Identifier: MIT
/*
 * What the storage child does, in order: unmount everything, kill what is in
 * the way, make read-only what stays, sync, flush the disks, and say what is
 * true then. "Safe" is read from the mount table, never assumed.
 */
#include "pid1/teardown.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "pid1/child.h"
#include "pid1/flush.h"
#include "pid1/mounts.h"
#include "pid1/pinners.h"
#include "pid1/unmount.h"

#define TEARDOWN_ROUNDS          4
#define TEARDOWN_EACH_MS         10000
#define TEARDOWN_READ_ONLY_MS    3000
#define TEARDOWN_KILL_MS         2000
#define TEARDOWN_SYSRQ_MS        2000
#define TEARDOWN_RELEASE_MS      1000
#define TEARDOWN_RELEASE_LOOK_MS 5
#define TEARDOWN_LOOK_MS         50
/* Of the whole budget, unmounting may use this; the rest is for the rungs. */
#define TEARDOWN_UNMOUNT_PCT     60

struct teardown {
	int fd;
	deadline_t until;
	bool synced;
	bool flushed;
	int disks;
	struct unmount unmount;
	char why[200]; /* what is in the way of safe */
};

static void __attribute__((format(printf, 2, 3)))
teardown_say(const struct teardown *teardown, const char *format, ...)
{
	struct teardown_news news = { .verdict = STORAGE_UNKNOWN };
	va_list args;

	va_start(args, format);
	(void)vsnprintf(news.text, sizeof(news.text), format, args);
	va_end(args);
	(void)child_tell(teardown->fd, &news, sizeof(news));
}

static void teardown_killed(void *arg, int pid, const char *name,
			    const char *holds)
{
	teardown_say(arg, "killed %s (pid %d): it held %s", name, pid, holds);
}

/* How many mounts of a kind are there? A table that cannot be read has one. */
static size_t teardown_count(size_t (*count)(const struct mounts *mounts))
{
	struct mounts mounts;
	size_t found;

	if (mounts_read(&mounts, "/proc/self/mountinfo") < 0)
		return 1;
	found = count(&mounts);
	mounts_free(&mounts);
	return found;
}

/* Is anything that holds data still mounted, as far as we can see? */
static bool teardown_has_data_left(void)
{
	return teardown_count(mounts_count_data) > 0;
}

static int teardown_kill_pinners(struct teardown *teardown, deadline_t until)
{
	struct mounts mounts;
	int killed;

	if (mounts_read(&mounts, "/proc/self/mountinfo") < 0)
		return 0;
	killed = pinners_kill(
		"/proc", &mounts, teardown_killed, teardown,
		deadline_earlier(until, deadline_in_ms(TEARDOWN_KILL_MS)));
	mounts_free(&mounts);
	return killed;
}

/*
 * The mounts of a namespace go after its last process, and out of our sight:
 * the disk is free when they have gone. LVM and MD never let go of it.
 */
static void teardown_await_disks(deadline_t until)
{
	until = deadline_earlier(until, deadline_in_ms(TEARDOWN_RELEASE_MS));
	while (flush_finds_claimed_disk()) {
		if (clock_sleep_ms(TEARDOWN_RELEASE_LOOK_MS, until) < 0)
			return;
	}
}

/* Nobody is killed unless something is busy: mostly nobody has to be. */
static void teardown_unmount(struct teardown *teardown)
{
	int64_t start_ms = clock_now_ms();
	int64_t budget_ms = deadline_left_ms(teardown->until);
	deadline_t until =
		deadline_in_ms(budget_ms * TEARDOWN_UNMOUNT_PCT / 100);
	int round;

	for (round = 0; round < TEARDOWN_ROUNDS; round++) {
		unmount_all(&teardown->unmount, TEARDOWN_EACH_MS, until);
		if (deadline_passed(until) ||
		    (!teardown_has_data_left() && !flush_finds_claimed_disk()))
			break;
		if (teardown_kill_pinners(teardown, until) <= 0)
			break;
		if (!teardown_has_data_left())
			teardown_await_disks(until);
	}
	teardown_say(teardown, "unmounted %d in %lld ms%s",
		     teardown->unmount.gone,
		     (long long)(clock_now_ms() - start_ms),
		     teardown->unmount.stuck_count ? ", some calls hang" : "");
}

static bool teardown_sysrq(char key)
{
	int fd = open("/proc/sysrq-trigger", O_WRONLY | O_CLOEXEC);
	bool done;

	if (fd < 0)
		return false;
	done = write(fd, &key, 1) == 1;
	(void)close(fd);
	return done;
}

/* The kernel remounts everything read-only, open files or not. */
static void teardown_emergency_remount(struct teardown *teardown)
{
	deadline_t until = deadline_earlier(teardown->until,
					    deadline_in_ms(TEARDOWN_SYSRQ_MS));

	if (!teardown_sysrq('u'))
		return;
	while (teardown_count(mounts_count_writable) > 0) {
		if (clock_sleep_ms(TEARDOWN_LOOK_MS, until) < 0)
			return;
	}
	teardown_say(teardown,
		     "the kernel's emergency remount made it read-only");
}

static void teardown_make_read_only(struct teardown *teardown)
{
	if (teardown_count(mounts_count_writable) == 0)
		return;
	(void)unmount_make_read_only(TEARDOWN_READ_ONLY_MS, teardown->until);
	if (teardown_count(mounts_count_writable) > 0)
		teardown_emergency_remount(teardown);
}

static void teardown_sync_and_flush(struct teardown *teardown)
{
	int ret;

	teardown->synced = flush_sync(teardown->until) == 0;
	if (!teardown->synced)
		(void)snprintf(teardown->why, sizeof(teardown->why),
			       "sync did not finish");

	ret = flush_disks(teardown->why, sizeof(teardown->why), teardown->until);
	teardown->flushed = ret >= 0;
	teardown->disks = ret;
}

/* Name what is still mounted; the first ones are enough to know. */
static void teardown_name_left(const struct mounts *mounts, char *text,
			       size_t size)
{
	const struct mount *mount;
	size_t i, len = 0;

	text[0] = '\0';
	for (i = 0; i < mounts->count && len < size; i++) {
		mount = &mounts->mount[i];
		if (mount->virtual)
			continue;
		len += (size_t)snprintf(
			text + len, size - len, "%s%s (%s, %s)",
			len ? ", " : "", mount->path, mount->type,
			mount->read_only ? "read-only" : "writable");
	}
}

static int teardown_judge(struct teardown *teardown)
{
	struct teardown_news news = { .verdict = STORAGE_UNSAFE };
	struct mounts mounts;
	size_t data, writable;
	char left[120];

	if (mounts_read(&mounts, "/proc/self/mountinfo") < 0) {
		(void)snprintf(news.text, sizeof(news.text),
			       "the mount table cannot be read");
		return child_tell(teardown->fd, &news, sizeof(news));
	}
	data = mounts_count_data(&mounts);
	writable = mounts_count_writable(&mounts);
	teardown_name_left(&mounts, left, sizeof(left));
	mounts_free(&mounts);

	if (!teardown->synced || !teardown->flushed || writable > 0) {
		(void)snprintf(news.text, sizeof(news.text), "%.90s%s%.90s",
			       teardown->why,
			       teardown->why[0] && left[0] ? "; " : "", left);
	} else if (data > 0) {
		news.verdict = STORAGE_READ_ONLY;
		(void)snprintf(news.text, sizeof(news.text),
			       "still mounted: %s", left);
	} else {
		news.verdict = STORAGE_SAFE;
		(void)snprintf(news.text, sizeof(news.text),
			       "nothing is mounted, %d disk%s flushed",
			       teardown->disks, teardown->disks == 1 ? "" : "s");
	}
	return child_tell(teardown->fd, &news, sizeof(news));
}

int teardown_body(int fd, void *work)
{
	const struct teardown_work *given = work;
	struct teardown teardown = { .fd = fd, .until = given->until };

	teardown_unmount(&teardown);
	teardown_make_read_only(&teardown);
	teardown_sync_and_flush(&teardown);
	return teardown_judge(&teardown);
}

int teardown_emergency_body(int fd, void *work)
{
	const struct teardown_work *given = work;
	struct teardown teardown = { .fd = fd, .until = given->until };

	teardown_emergency_remount(&teardown);
	(void)teardown_sysrq('s');
	teardown_sync_and_flush(&teardown);
	return teardown_judge(&teardown);
}

bool teardown_is_safe(enum storage_verdict verdict)
{
	return verdict == STORAGE_SAFE || verdict == STORAGE_READ_ONLY;
}

const char *teardown_verdict_name(enum storage_verdict verdict)
{
	switch (verdict) {
	case STORAGE_SAFE:
		return "safe";
	case STORAGE_READ_ONLY:
		return "read-only";
	case STORAGE_UNSAFE:
		return "NOT SAFE";
	case STORAGE_UNKNOWN:
		break;
	}
	return "unknown";
}
