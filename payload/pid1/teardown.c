// SPDX-License-Identifier: MIT
/*
 * What the storage child does, in order: swap off, unmount everything and take
 * apart what it lay on, kill what is in the way, make read-only what stays,
 * sync, flush the disks, and say what is true then.
 */
#include "pid1/teardown.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "pid1/child.h"
#include "pid1/flush.h"
#include "pid1/freeze.h"
#include "pid1/judge.h"
#include "pid1/layers.h"
#include "pid1/mounts.h"
#include "pid1/park.h"
#include "pid1/pinners.h"
#include "pid1/swap.h"
#include "pid1/unmount.h"

#define TEARDOWN_ROUNDS          4
#define TEARDOWN_EACH_MS         10000
#define TEARDOWN_READ_ONLY_MS    3000
#define TEARDOWN_KILL_MS         3000
#define TEARDOWN_SYSRQ_MS        2000
#define TEARDOWN_RELEASE_MS      1000
#define TEARDOWN_RELEASE_LOOK_MS 5
#define TEARDOWN_LOOK_MS         50
#define TEARDOWN_CLEAN_MS        5000
#define TEARDOWN_PARK_MS         12000
#define TEARDOWN_DEATH_MS        20000
#define TEARDOWN_DEATH_LOOK_MS   250
#define TEARDOWN_VERDICT_MS      1000
/* sync() may stall so long, and so long when nothing of ours waits for it. */
#define TEARDOWN_STALL_MS        10000
#define TEARDOWN_IDLE_STALL_MS   2000
/* Of the whole budget, unmounting may use this; the rest is for the rungs. */
#define TEARDOWN_UNMOUNT_PCT     60
/* Busy mounts that hold no data go here, out of the way. */
#define TEARDOWN_ASIDE           "/run/lastwatt-aside"

struct teardown {
	int fd;
	deadline_t until;
	struct unmount unmount;
	struct layers layers;
	struct pinners pinners;
	bool done; /* nothing is in use any more */
	struct judge_facts facts;
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

static void teardown_begin(struct teardown *teardown, int fd, deadline_t until)
{
	memset(teardown, 0, sizeof(*teardown));
	teardown->fd = fd;
	/* The verdict has to be told in time, too. */
	teardown->until =
		deadline_in_ms(deadline_left_ms(until) - TEARDOWN_VERDICT_MS);
	teardown->layers.sys = "/sys";
	teardown->layers.dev = "/dev";
	teardown->pinners.report = teardown_killed;
	teardown->pinners.arg = teardown;
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

/* Is nothing that holds data in use any more, as far as we can see? */
static bool teardown_look(struct teardown *teardown)
{
	char *claimed = teardown->facts.claimed;

	claimed[0] = '\0';
	teardown->done = teardown_count(mounts_count_data) == 0 &&
			 !flush_finds_claimed_disk(
				 claimed, sizeof(teardown->facts.claimed));
	return teardown->done;
}

/*
 * The mounts of a namespace go after its last process, and out of our sight,
 * and an unmount that seems to hang may only be slow.
 */
static void teardown_await_disks(struct teardown *teardown, int64_t limit_ms,
				 deadline_t until)
{
	until = deadline_earlier(until, deadline_in_ms(limit_ms));
	while (!teardown_look(teardown)) {
		if (teardown_count(mounts_count_data) > 0 ||
		    clock_sleep_ms(TEARDOWN_RELEASE_LOOK_MS, until) < 0)
			return;
	}
}

static void teardown_await_clean_md(struct teardown *teardown)
{
	deadline_t until = deadline_earlier(teardown->until,
					    deadline_in_ms(TEARDOWN_CLEAN_MS));
	char *name = teardown->facts.dirty_md;

	md_hurry_all(&teardown->layers);
	while (md_finds_dirty(&teardown->layers, name,
			      sizeof(teardown->facts.dirty_md))) {
		if (clock_sleep_ms(TEARDOWN_LOOK_MS, until) < 0)
			return;
	}
	name[0] = '\0';
	md_settle(&teardown->layers, until);
}

/* A loop device has a file system below it, which has a disk below it ... */
static void teardown_take_apart(struct teardown *teardown, deadline_t until)
{
	struct layers *layers = &teardown->layers;
	int progress, gone;

	do {
		gone = teardown->unmount.gone;
		progress = swap_off("/proc/swaps", layers->closed,
				    sizeof(layers->closed), until);
		unmount_all(&teardown->unmount, TEARDOWN_EACH_MS, until);
		/* What hangs for want of a path ends now, in an error. */
		if (teardown->unmount.stuck_count > 0 &&
		    dm_unblock(layers, until) > 0)
			teardown->facts.lost = true;
		progress += layers_close(layers, until);
		progress += teardown->unmount.gone - gone;
	} while (!teardown_look(teardown) && progress > 0 &&
		 !deadline_passed(until));
}

static int teardown_kill_pinners(struct teardown *teardown, bool daemons,
				 deadline_t until)
{
	struct mounts mounts;
	int killed;

	if (mounts_read(&mounts, "/proc/self/mountinfo") < 0)
		return 0;
	killed = pinners_kill(
		&teardown->pinners, "/proc", &mounts, daemons,
		deadline_earlier(until, deadline_in_ms(TEARDOWN_KILL_MS)));
	mounts_free(&mounts);
	return killed;
}

/*
 * What is left may be served by the very daemons that are in its way: they
 * write it out first. Returns true if that alone may have helped.
 */
static bool teardown_spare_daemons(struct teardown *teardown, deadline_t until)
{
	(void)unmount_make_read_only(TEARDOWN_READ_ONLY_MS, until);
	(void)flush_sync(TEARDOWN_STALL_MS, until);
	teardown_await_clean_md(teardown);
	return unmount_set_aside(TEARDOWN_ASIDE, until) > 0;
}

/* Something is busy. True if it is worth to try again. */
static bool teardown_make_way(struct teardown *teardown, int round,
			      deadline_t until)
{
	bool killed = teardown_kill_pinners(teardown, false, until) > 0;

	/* Whoever froze a file system for a snapshot thaws it no more. */
	freeze_thaw("/proc/sysrq-trigger");
	if (!killed && round == 0)
		killed = teardown_spare_daemons(teardown, until);
	if (!killed)
		killed = teardown_kill_pinners(teardown, true, until) > 0;
	if (killed && teardown_count(mounts_count_data) == 0)
		teardown_await_disks(teardown, TEARDOWN_RELEASE_MS, until);
	return killed;
}

/* Killed in the middle of a flush that takes long, they die after it. */
static void teardown_await_deaths(struct teardown *teardown, deadline_t until)
{
	until = deadline_earlier(until, deadline_in_ms(TEARDOWN_DEATH_MS));
	while (!teardown->done && teardown->pinners.count > 0) {
		if (clock_sleep_ms(TEARDOWN_DEATH_LOOK_MS, until) < 0)
			return;
		if (teardown_kill_pinners(teardown, true, until) > 0)
			teardown_take_apart(teardown, until);
	}
}

static void teardown_say_gone(struct teardown *teardown, int64_t start_ms)
{
	teardown_say(teardown, "unmounted %d in %lld ms%s",
		     teardown->unmount.gone,
		     (long long)(clock_now_ms() - start_ms),
		     teardown->unmount.stuck_count ? ", some calls hang" : "");
	if (teardown->layers.closed[0])
		teardown_say(teardown, "closed %s", teardown->layers.closed);
	if (teardown->unmount.left_alone[0])
		teardown_say(teardown, "cut off %s: it does not answer",
			     teardown->unmount.left_alone);
	/* When nothing is in use any more, they only were slow. */
	if (teardown->pinners.count > 0 && !teardown->done)
		teardown_say(teardown, "%d killed process%s will not die",
			     teardown->pinners.count,
			     teardown->pinners.count == 1 ? "" : "es");
}

/* Nobody is killed unless something is busy: mostly nobody has to be. */
static void teardown_let_go(struct teardown *teardown)
{
	int64_t start_ms = clock_now_ms();
	int64_t budget_ms = deadline_left_ms(teardown->until);
	deadline_t until =
		deadline_in_ms(budget_ms * TEARDOWN_UNMOUNT_PCT / 100);
	int round;

	for (round = 0; round < TEARDOWN_ROUNDS; round++) {
		teardown_take_apart(teardown, until);
		if (teardown->done || deadline_passed(until) ||
		    !teardown_make_way(teardown, round, until))
			break;
	}
	/* Who waits for a server can be in D state until it is cut off. */
	if (!teardown->done && !deadline_passed(until) &&
	    unmount_cut_off(&teardown->unmount, until) > 0) {
		(void)teardown_kill_pinners(teardown, true, until);
		teardown_take_apart(teardown, until);
	}
	teardown_await_deaths(teardown, until);
	/* It may be on its way still; bcache lets go of its disks by itself. */
	if (!teardown->done)
		teardown_await_disks(teardown,
				     teardown->unmount.stuck_count > 0
					     ? budget_ms
					     : TEARDOWN_RELEASE_MS,
				     until);
	teardown_say_gone(teardown, start_ms);
}

/* The last rung: also for what is mounted where we do not see it. */
static void teardown_freeze(struct teardown *teardown)
{
	deadline_t until = deadline_earlier(teardown->until,
					    deadline_in_ms(TEARDOWN_SYSRQ_MS));
	bool *frozen = &teardown->facts.frozen;

	*frozen = freeze_everything("/proc/sysrq-trigger", "/dev/kmsg", until);
	teardown_say(teardown, *frozen ? "the kernel made everything read-only"
				       : "the kernel's emergency remount hangs");
}

static void teardown_make_read_only(struct teardown *teardown)
{
	if (teardown->done)
		return;
	if (teardown_count(mounts_count_writable) > 0)
		(void)unmount_make_read_only(TEARDOWN_READ_ONLY_MS,
					     teardown->until);
	teardown_freeze(teardown);
	teardown_await_clean_md(teardown);
}

static void teardown_sync_and_flush(struct teardown *teardown)
{
	struct judge_facts *facts = &teardown->facts;
	int64_t start_ms = clock_now_ms(), synced_ms;

	(void)dm_unblock(&teardown->layers, teardown->until);
	facts->synced = flush_sync(teardown->done ? TEARDOWN_IDLE_STALL_MS
						  : TEARDOWN_STALL_MS,
				   teardown->until) == 0;
	synced_ms = clock_now_ms();
	if (!facts->synced)
		(void)snprintf(facts->why, sizeof(facts->why),
			       "sync did not finish");
	facts->disks =
		flush_disks(facts->why, sizeof(facts->why), teardown->until);
	facts->flushed = facts->disks >= 0;
	teardown_say(teardown, "sync took %lld ms, the flush %lld ms",
		     (long long)(synced_ms - start_ms),
		     (long long)(clock_now_ms() - synced_ms));
}

/* Name what is still mounted; the first ones are enough to know. */
static void teardown_name_left(const struct mounts *mounts, char *text,
			       size_t size)
{
	const struct mount *mount;
	size_t i;

	text[0] = '\0';
	for (i = 0; i < mounts->count; i++) {
		mount = &mounts->mount[i];
		if (!mount->virtual)
			layers_list(text, size, "%s (%s, %s)", mount->path,
				    mount->type,
				    mount->read_only ? "read-only" : "writable");
	}
}

static void teardown_judge(struct teardown *teardown, struct teardown_news *news)
{
	struct judge_facts *facts = &teardown->facts;
	struct mounts mounts;

	(void)teardown_look(teardown);
	facts->table_read = mounts_read(&mounts, "/proc/self/mountinfo") == 0;
	if (facts->table_read) {
		facts->data = mounts_count_data(&mounts);
		facts->writable = mounts_count_writable(&mounts);
		teardown_name_left(&mounts, facts->left, sizeof(facts->left));
		mounts_free(&mounts);
	}
	if (teardown->unmount.left_alone[0])
		facts->cut_off = teardown->unmount.left_alone;
	memset(news, 0, sizeof(*news));
	judge_storage(facts, news);
}

static void teardown_park(struct teardown *teardown)
{
	int64_t start_ms = clock_now_ms();
	char parked[LAYERS_TEXT_MAX];
	int failed;

	failed = park_disks("/sys", "/dev", parked, sizeof(parked),
			    deadline_earlier(teardown->until,
					     deadline_in_ms(TEARDOWN_PARK_MS)));
	teardown_say(teardown, "parked %s in %lld ms%s",
		     parked[0] ? parked : "nothing",
		     (long long)(clock_now_ms() - start_ms),
		     failed ? ", some disks refuse" : "");
}

int teardown_body(int fd, void *work)
{
	const struct teardown_work *given = work;
	struct teardown_news news;
	struct teardown teardown;

	teardown_begin(&teardown, fd, given->until);
	teardown_let_go(&teardown);
	teardown_make_read_only(&teardown);
	teardown_sync_and_flush(&teardown);
	teardown_judge(&teardown, &news);
	if (given->park && news.verdict == STORAGE_SAFE)
		teardown_park(&teardown);
	return child_tell(fd, &news, sizeof(news));
}

int teardown_emergency_body(int fd, void *work)
{
	const struct teardown_work *given = work;
	struct teardown_news news;
	struct teardown teardown;

	teardown_begin(&teardown, fd, given->until);
	teardown_freeze(&teardown);
	freeze_start_sync("/proc/sysrq-trigger");
	teardown_sync_and_flush(&teardown);
	teardown_judge(&teardown, &news);
	return child_tell(fd, &news, sizeof(news));
}
