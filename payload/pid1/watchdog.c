// SPDX-License-Identifier: MIT
/* Watchdogs: which there are, and a child for each that matters. */
#include "pid1/watchdog.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/watchdog.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define WATCHDOG_TIMEOUT_S 30
#define WATCHDOG_FEED_MS   3000
/* After PID 1's time is over, before nobody feeds it any more. */
#define WATCHDOG_MARGIN_MS 10000
#define WATCHDOG_START_MS  500
#define WATCHDOG_END_MS    1000
#define WATCHDOG_NAME_MAX  32

/* What sysfs says of one. */
struct watchdog_facts {
	char name[WATCHDOG_NAME_MAX]; /* watchdog0 */
	bool active;
	bool nowayout; /* cannot be stopped once it runs */
};

enum watchdog_do {
	WATCHDOG_FEED,  /* go on, until another time */
	WATCHDOG_STOP,  /* stop it, and go */
	WATCHDOG_LEAVE, /* feed it once more, and go */
};

struct watchdog_word {
	enum watchdog_do what;
	deadline_t until;
};

/* What a child is to do, and with what. */
struct watchdog_work {
	char path[96];
	bool arm;
	deadline_t until;
};

static void watchdog_read(const char *sys, const char *name,
			  const char *attribute, char text[16])
{
	char path[128];
	ssize_t len = 0;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/class/watchdog/%.31s/%s", sys,
		       name, attribute); /* all short */
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		len = read(fd, text, 15);
		(void)close(fd);
	}
	text[len > 0 ? len : 0] = '\0';
	text[strcspn(text, "\n")] = '\0';
}

/* A kernel that does not tell its state: to open one could start it. */
static bool watchdog_look(const char *sys, const char *name,
			  struct watchdog_facts *facts)
{
	char state[16], nowayout[16];

	watchdog_read(sys, name, "state", state);
	watchdog_read(sys, name, "nowayout", nowayout);
	(void)snprintf(facts->name, sizeof(facts->name), "%.31s", name);
	facts->active = strcmp(state, "active") == 0;
	facts->nowayout = strcmp(nowayout, "0") != 0;
	return facts->active || strcmp(state, "inactive") == 0;
}

static int watchdog_compare(const void *a, const void *b)
{
	const struct watchdog_facts *one = a, *other = b;

	return strcmp(one->name, other->name);
}

/** All below @sys whose state is known; returns how many. */
static int watchdog_list(const char *sys,
			 struct watchdog_facts facts[WATCHDOG_MAX])
{
	const struct dirent *entry;
	char path[128];
	int count = 0;
	DIR *dir;

	(void)snprintf(path, sizeof(path), "%s/class/watchdog", sys);
	dir = opendir(path);
	while (dir && count < WATCHDOG_MAX && (entry = readdir(dir))) {
		if (strncmp(entry->d_name, "watchdog", 8) == 0)
			count += watchdog_look(sys, entry->d_name,
					       &facts[count]);
	}
	if (dir)
		(void)closedir(dir); /* only read */
	qsort(facts, (size_t)count, sizeof(*facts), watchdog_compare);
	return count;
}

static void watchdog_write(int fd, char byte)
{
	if (write(fd, &byte, 1) < 0)
		return; /* one that cannot be fed fires, that is what it is for */
}

static void watchdog_stop(int fd)
{
	int off = WDIOS_DISABLECARD;

	watchdog_write(fd, '\0'); /* if it cannot be stopped: its full time */
	(void)ioctl(fd, WDIOC_SETOPTIONS, &off);
	watchdog_write(fd, 'V');
}

/* A third of its time, but no less often than we can say why. */
static int watchdog_feed_ms(int fd)
{
	int timeout_s = 0;

	if (ioctl(fd, WDIOC_GETTIMEOUT, &timeout_s) < 0 || timeout_s <= 0 ||
	    timeout_s > 3 * WATCHDOG_FEED_MS / 1000)
		return WATCHDOG_FEED_MS;
	return timeout_s * 1000 / 3;
}

static bool watchdog_hear(int socket, int feed_ms, struct watchdog_word *word)
{
	struct pollfd ready = { .fd = socket, .events = POLLIN };

	return poll(&ready, 1, feed_ms) > 0 &&
	       child_listen(socket, word, sizeof(*word)) != sizeof(*word);
}

/* Feeds it until PID 1 says otherwise, is gone, or has used up its time. */
static int watchdog_body(int socket, void *arg)
{
	const struct watchdog_work *work = arg;
	struct watchdog_word word = { WATCHDOG_FEED, work->until };
	int fd = open(work->path, O_WRONLY | O_CLOEXEC);
	int timeout_s = WATCHDOG_TIMEOUT_S, feed_ms;

	if (fd < 0)
		return 1;
	if (work->arm)
		(void)ioctl(fd, WDIOC_SETTIMEOUT, &timeout_s);
	feed_ms = watchdog_feed_ms(fd);
	while (word.what == WATCHDOG_FEED) {
		if (clock_now_ms() <= word.until + WATCHDOG_MARGIN_MS)
			watchdog_write(fd, '\0');
		if (watchdog_hear(socket, feed_ms, &word))
			return 1; /* PID 1 is gone: let it fire */
	}
	if (word.what == WATCHDOG_STOP)
		watchdog_stop(fd);
	else
		watchdog_write(fd, '\0');
	return 0;
}

static bool watchdog_ends_dark(enum verb verb)
{
	return verb != VERB_REBOOT && verb != VERB_KEXEC;
}

static void watchdog_start_one(struct watchdog *watchdog,
			       const struct watchdog_facts *facts,
			       struct watchdog_work *work, struct log *log)
{
	struct child *child = &watchdog->child[watchdog->count];

	work->arm = !facts->active;
	if (child_start(child, watchdog_body, work,
			deadline_in_ms(WATCHDOG_START_MS)) < 0)
		return;
	watchdog->count++;
	watchdog->endless |= facts->nowayout;
	log_say(log, "watchdog", "%s %s", facts->name,
		work->arm ? "is armed: it resets the machine if this hangs"
		: facts->nowayout ? "runs and cannot be stopped: it is fed"
				  : "runs: it is fed");
}

void watchdog_start(struct watchdog *watchdog, const char *sys, const char *dev,
		    enum verb verb, struct log *log, deadline_t until)
{
	struct watchdog_facts facts[WATCHDOG_MAX];
	struct watchdog_work work = { .until = until };
	bool arm = watchdog_ends_dark(verb);
	int i, count = watchdog_list(sys, facts);

	watchdog->count = 0;
	watchdog->endless = false;
	for (i = 0; i < count; i++)
		arm = arm && !facts[i].active; /* one is enough */
	for (i = 0; i < count; i++) {
		if (!facts[i].active && (!arm || facts[i].nowayout))
			continue;
		(void)snprintf(work.path, sizeof(work.path), "%.60s/%.31s", dev,
			       facts[i].name);
		watchdog_start_one(watchdog, &facts[i], &work, log);
		arm = false;
	}
}

static void watchdog_tell(struct watchdog *watchdog, enum watchdog_do what,
			  deadline_t until)
{
	struct watchdog_word word = { what, until };
	int i;

	for (i = 0; i < watchdog->count; i++)
		(void)child_send(&watchdog->child[i], &word, sizeof(word));
}

void watchdog_extend(struct watchdog *watchdog, deadline_t until)
{
	watchdog_tell(watchdog, WATCHDOG_FEED, until);
}

bool watchdog_finish(struct watchdog *watchdog, enum verb verb)
{
	deadline_t until = deadline_in_ms(WATCHDOG_END_MS);
	int i;

	if (verb == VERB_HALT && watchdog->endless) {
		watchdog_tell(watchdog, WATCHDOG_FEED,
			      INT64_MAX - WATCHDOG_MARGIN_MS);
		return false;
	}
	watchdog_tell(watchdog,
		      watchdog_ends_dark(verb) ? WATCHDOG_STOP : WATCHDOG_LEAVE,
		      until);
	for (i = 0; i < watchdog->count; i++)
		(void)child_end(&watchdog->child[i], until);
	watchdog->count = 0;
	return true;
}
