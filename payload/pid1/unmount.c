// SPDX-License-Identifier: MIT
/*
 * The unmount engine. One child does a whole series of calls and notes before
 * each what it is about to do; when that stays the same, the call hangs, and
 * the next child goes on with the others.
 */
#include "pid1/unmount.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "pid1/child.h"
#include "pid1/mounts.h"

#define UNMOUNT_TABLE      "/proc/self/mountinfo"
#define UNMOUNT_CUT_OFF_MS 2000
#define UNMOUNT_FORCE_MS   1000
#define UNMOUNT_AGAIN_MS   100
#define UNMOUNT_LOOK_MS    100

/* In memory that the child shares: a message for each would wake its reader. */
struct unmount_news {
	int tried; /* calls that were begun */
	int id;    /* of the mount of the last one, 0 before and after all */
	int gone;  /* so far, of this child */
	int busy;  /* in its last round */
};

struct unmount_work;

/* For the child: what it does to each mount. */
typedef int unmount_action(const struct unmount_work *work,
			   const struct mount *at);

struct unmount_work {
	unmount_action *action;
	bool repeat; /* rounds until one gets nowhere */
	const struct unmount *unmount;
	const char *to; /* where to move them */
	struct unmount_news *news;
};

static int unmount_one(const struct unmount_work *work, const struct mount *at)
{
	(void)work;
	return umount2(at->path, UMOUNT_NOFOLLOW) < 0 ? -errno : 0;
}

/* Without MS_BIND this is the super block, wherever else it is mounted. */
static int unmount_read_only(const struct unmount_work *work,
			     const struct mount *at)
{
	(void)work;
	if (at->virtual || at->read_only)
		return 0;
	if (mount("", at->path, NULL, MS_REMOUNT | MS_RDONLY, NULL) < 0)
		return -errno;
	return 0;
}

/* What lies directly on data; its own submounts come along. */
static int unmount_move(const struct unmount_work *work, const struct mount *at)
{
	char *mark;
	size_t len = strlen(work->to);
	char path[160];

	if (!at->virtual)
		return -EINVAL;
	/* "/oldroot/dev" becomes "oldroot-dev" there. */
	(void)snprintf(path, sizeof(path), "%s/%s", work->to, at->path + 1);
	while ((mark = strchr(path + len + 1, '/')))
		*mark = '-';
	if (mkdir(work->to, 0700) < 0 && errno != EEXIST)
		return -errno;
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return -errno;
	if (mount(at->path, path, NULL, MS_MOVE, NULL) < 0)
		return -errno;
	return 0;
}

static bool unmount_is_stuck(const struct unmount *unmount, int id)
{
	int i;

	for (i = 0; i < unmount->stuck_count; i++) {
		if (unmount->stuck[i] == id)
			return true;
	}
	return false;
}

static int unmount_round(const struct unmount_work *work)
{
	volatile struct unmount_news *news = work->news;
	const struct mount *at;
	struct mounts mounts;
	int before = news->gone;
	size_t i;

	if (mounts_read(&mounts, UNMOUNT_TABLE) < 0)
		return 0;
	news->busy = 0;
	for (i = 0; i < mounts.count; i++) {
		at = &mounts.mount[i];
		if (at->ours || unmount_is_stuck(work->unmount, at->id))
			continue;
		news->id = at->id;
		news->tried++;
		if (work->action(work, at) == 0)
			news->gone++;
		else
			news->busy++;
	}
	mounts_free(&mounts);
	return news->gone - before;
}

static int unmount_body(int fd, void *arg)
{
	const struct unmount_work *work = arg;

	(void)fd;
	while (unmount_round(work) > 0 && work->repeat && work->news->busy > 0)
		;
	work->news->id = 0;
	return 0;
}

/* Until it has ended, or one of its calls has taken @each_ms. */
static void unmount_watch(const struct child *child,
			  const volatile struct unmount_news *news, int each_ms,
			  deadline_t until)
{
	deadline_t hangs = deadline_in_ms(each_ms);
	int tried = news->tried;
	char nothing;

	while (child_wait(child, &nothing, sizeof(nothing),
			  deadline_in_ms(UNMOUNT_LOOK_MS)) == -ETIMEDOUT) {
		if (news->tried != tried) {
			tried = news->tried;
			hangs = deadline_in_ms(each_ms);
		}
		if (deadline_passed(hangs) || deadline_passed(until))
			return;
	}
}

/* Run one child to its end. False when it hung and others may remain. */
static bool unmount_run(struct unmount *unmount, struct unmount_work *work,
			int each_ms, deadline_t until)
{
	struct child child;
	int id;

	work->news = mmap(NULL, sizeof(*work->news), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (work->news == MAP_FAILED)
		return true;
	if (child_start(&child, unmount_body, work, until) == 0) {
		unmount_watch(&child, work->news, each_ms, until);
		child_kill(&child);
	}
	unmount->gone += work->news->gone;
	unmount->busy = work->news->busy;
	id = work->news->id;
	(void)munmap(work->news, sizeof(*work->news));
	if (id == 0)
		return true;
	if (unmount->stuck_count < UNMOUNT_STUCK_MAX)
		unmount->stuck[unmount->stuck_count++] = id;
	return deadline_passed(until) ||
	       unmount->stuck_count == UNMOUNT_STUCK_MAX;
}

/*
 * What waits for the server fails, and most of that is asked again at once: a
 * writer's pages, a reply that recovery wants. It gives up after a few times.
 */
static int unmount_force_body(int fd, void *arg)
{
	deadline_t until = deadline_in_ms(UNMOUNT_FORCE_MS);

	(void)fd;
	while (umount2(arg, MNT_FORCE | UMOUNT_NOFOLLOW) < 0) {
		if (clock_sleep_ms(UNMOUNT_AGAIN_MS, until) < 0)
			return 1;
	}
	return 0;
}

static int unmount_detach_body(int fd, void *arg)
{
	(void)fd;
	return umount2(arg, MNT_DETACH | UMOUNT_NOFOLLOW) < 0 ? 1 : 0;
}

static bool unmount_try(child_body *body, const char *path, deadline_t until)
{
	struct child child;

	until = deadline_earlier(until, deadline_in_ms(UNMOUNT_CUT_OFF_MS));
	return child_start(&child, body, (void *)path, until) == 0 &&
	       child_end(&child, until) == 0;
}

static void unmount_cut_off_one(struct unmount *unmount,
				const struct mount *remote, deadline_t until)
{
	/* The first may hang itself; the second one waits for nobody. */
	if (!unmount_try(unmount_force_body, remote->path, until))
		(void)unmount_try(unmount_detach_body, remote->path, until);
	(void)snprintf(unmount->left_alone, sizeof(unmount->left_alone),
		       "%.80s (%.20s)", remote->path, remote->type);
}

/*
 * The last call hung. Was it for a server that does not answer? Then whatever
 * is mounted there hangs as well, each for as long as the first.
 */
static void unmount_cut_off_stuck(struct unmount *unmount, deadline_t until)
{
	const struct mount *remote;
	struct mounts mounts;

	if (unmount->stuck_count == 0 || mounts_read(&mounts, UNMOUNT_TABLE) < 0)
		return;
	remote = mounts_find_remote(&mounts,
				    unmount->stuck[unmount->stuck_count - 1]);
	if (remote)
		unmount_cut_off_one(unmount, remote, until);
	mounts_free(&mounts);
}

int unmount_cut_off(struct unmount *unmount, deadline_t until)
{
	struct mounts mounts;
	int count = 0;
	size_t i;

	if (mounts_read(&mounts, UNMOUNT_TABLE) < 0)
		return 0;
	for (i = 0; i < mounts.count; i++) {
		if (!mounts.mount[i].remote)
			continue;
		unmount_cut_off_one(unmount, &mounts.mount[i], until);
		count++;
	}
	mounts_free(&mounts);
	return count;
}

void unmount_all(struct unmount *unmount, int each_ms, deadline_t until)
{
	struct unmount_work work = {
		.action = unmount_one,
		.repeat = true,
		.unmount = unmount,
	};

	while (!unmount_run(unmount, &work, each_ms, until))
		unmount_cut_off_stuck(unmount, until);
}

int unmount_set_aside(const char *to, deadline_t until)
{
	struct unmount state = { 0 };
	struct unmount_work work = {
		.action = unmount_move,
		.unmount = &state,
		.to = to,
	};

	(void)unmount_run(&state, &work, deadline_left_ms(until), until);
	return state.gone;
}

int unmount_make_read_only(int each_ms, deadline_t until)
{
	struct unmount state = { 0 };
	struct unmount_work work = {
		.action = unmount_read_only,
		.unmount = &state,
	};

	while (!unmount_run(&state, &work, each_ms, until))
		;
	return state.busy + state.stuck_count;
}
