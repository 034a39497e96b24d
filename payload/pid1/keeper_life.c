// SPDX-License-Identifier: MIT
/* A keeper's own life: it opens, waits for the word, fires, reports, holds. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "base/fleet.h"
#include "base/rehearse.h"
#include "link/route.h"
#include "pid1/keeper_talk.h"
#include "pid1/sandbox.h"

#define KEEPER_STATUS_MS 1000
/* PID 1 calls it hanging a little later. */
#define KEEPER_AFTER_MS  300
#define KEEPER_MEMORY    (64 * 1024 * 1024)

static void keeper_tell_failed(int fd, int error, enum ups_mains mains,
			       const struct ups *ups)
{
	struct keeper_message message = {
		.news = KEEPER_NEWS_FAILED,
		.error = error,
		.mains = mains,
	};

	(void)snprintf(message.sentence, sizeof(message.sentence), "%s",
		       ups_why(ups));
	(void)child_tell(fd, &message, sizeof(message));
}

static void keeper_tell_mains(int fd, enum keeper_news news,
			      enum ups_mains mains)
{
	struct keeper_message message = {
		.news = news,
		.mains = mains,
	};

	(void)child_tell(fd, &message, sizeof(message));
}

static void keeper_tell_done(int fd, enum ups_mains mains,
			     const struct ups_cut *cut)
{
	struct keeper_message message = {
		.news = KEEPER_NEWS_DONE,
		.mains = mains,
		.cut = *cut,
	};

	(void)child_tell(fd, &message, sizeof(message));
}

/* The drill's end: what came of it, or why it was left alone. */
static int keeper_rehearse(int fd, struct ups *ups, deadline_t until)
{
	struct keeper_message message = { .news = KEEPER_NEWS_TRIED };
	bool armed;

	message.error = rehearse_arm(ups, &message.cut, &armed, until);
	message.armed = armed;
	if (message.error < 0) {
		message.news = message.error == -EOPNOTSUPP && !armed
				       ? KEEPER_NEWS_SPARED
				       : KEEPER_NEWS_FAILED;
		(void)snprintf(message.sentence, sizeof(message.sentence), "%s",
			       ups_why(ups));
	}
	(void)child_tell(fd, &message, sizeof(message));
	return message.error < 0;
}

static void keeper_note(void *arg, const char *sentence)
{
	const int *fd = arg;
	struct keeper_message message = { .news = KEEPER_NEWS_NOTE };

	(void)snprintf(message.sentence, sizeof(message.sentence), "%s",
		       sentence);
	(void)child_tell(*fd, &message, sizeof(message));
}

static enum ups_mains keeper_read_mains(struct ups *ups, deadline_t until)
{
	struct ups_status status = { .mains = UPS_MAINS_UNKNOWN };

	if (!ups->driver->status || ups->driver->status(ups, &status, until) < 0)
		return UPS_MAINS_UNKNOWN;
	return status.mains;
}

/*
 * Mains may have come back since it was armed. A device that was lost in the
 * middle may not even be open.
 */
static enum ups_mains keeper_look_again(struct ups *ups, int result,
					deadline_t until)
{
	if (result == -ENODEV || result == -EIO || result == -EBUSY)
		return UPS_MAINS_UNKNOWN;
	return keeper_read_mains(
		ups, deadline_earlier(deadline_in_ms(KEEPER_STATUS_MS),
				      until + KEEPER_AFTER_MS));
}

/* The filter has stopped a system call: say which, and go. */
static void keeper_is_stopped(int signal, siginfo_t *info, void *context)
{
	struct keeper_message message = {
		.news = KEEPER_NEWS_STOPPED,
		.error = info->si_syscall,
	};

	(void)context;
	(void)child_tell(CHILD_FD, &message, sizeof(message));
	_exit(128 + signal);
}

/* Which means of the machine will it need? Nothing is opened for that. */
static struct sandbox keeper_find_sandbox(const struct keeper *keeper)
{
	struct ups ups = {
		.conf = keeper->conf,
		.section = keeper->ups->section,
		.name = keeper->ups->name,
	};
	const char *driver = ups_value(&ups, "driver");
	char host[KEEPER_HOST_MAX];
	struct sandbox sandbox = { .memory = KEEPER_MEMORY };

	ups.driver = driver ? fleet_find_driver(driver) : NULL;
	sandbox.network = IS_ENABLED(CONFIG_LINK_NET) && ups.driver &&
			  ups.driver->find_host &&
			  ups.driver->find_host(&ups, host, sizeof(host)) == 0;
	sandbox.names = sandbox.network && !ups_value(&ups, ROUTE_KEY);
	return sandbox;
}

/*
 * NUT's own driver is a program: its keeper has to start it, and nobody has
 * written down what each of those opens and which system calls it makes. It is
 * the one kind of keeper that goes without a sandbox; drivers/nut/run.c bounds
 * what it runs.
 */
static bool keeper_is_foreign(const struct keeper *keeper)
{
	struct ups ups = {
		.conf = keeper->conf,
		.section = keeper->ups->section,
	};
	const char *name = ups_value(&ups, "driver");
	const struct ups_driver *driver = name ? fleet_find_driver(name) : NULL;

	return keeper->last_resort || (driver && driver->is_foreign);
}

static void keeper_confine(const struct keeper *keeper)
{
	struct sigaction action = {
		.sa_sigaction = keeper_is_stopped,
		.sa_flags = SA_SIGINFO,
	};
	struct sandbox sandbox = keeper_find_sandbox(keeper);

	(void)sigaction(SIGSYS, &action, NULL);
	sandbox_enter(&sandbox);
}

int keeper_body(int fd, void *arg)
{
	const struct keeper *keeper = arg;
	struct ups ups = {
		.note = keeper_note,
		.note_arg = &fd,
		.mains_only = true,
	};
	struct ups_cut cut = { .by_section = true };
	struct keeper_word word;
	enum ups_mains mains;
	int ret;

	if (IS_ENABLED(CONFIG_SANDBOX) && keeper->confined &&
	    !keeper_is_foreign(keeper))
		keeper_confine(keeper);
	ups.last_resort = keeper->last_resort;
	ret = fleet_arm(&ups, keeper->conf, keeper->ups->section,
			keeper->try_until);
	if (ret < 0) {
		keeper_tell_failed(fd, ret, UPS_MAINS_UNKNOWN, &ups);
		return 1;
	}
	keeper_tell_mains(fd, KEEPER_NEWS_READY,
			  keeper_read_mains(&ups, keeper->try_until));

	if (child_listen(fd, &word, sizeof(word)) != sizeof(word))
		return 0; /* PID 1 is gone, or has no use for us */

	if (IS_ENABLED(CONFIG_DRILL) && word.is_drill)
		return keeper_rehearse(fd, &ups, word.until);

	cut.wanted = word.wanted;
	ret = fleet_cut(&ups, &cut, word.until);
	if (ret < 0) {
		mains = keeper_look_again(&ups, ret, word.until);
		/* Who has had an answer and cannot tell a no is not sure. */
		keeper_tell_failed(fd,
				   ret == -EPROTO && ups.in_doubt ? -EIO : ret,
				   mains, &ups);
		return 1;
	}
	keeper_tell_done(fd, keeper_look_again(&ups, ret, word.until), &cut);

	/* Hold the device until the end: closing it may drop a countdown. */
	while (child_listen(fd, &word, sizeof(word)) == sizeof(word))
		keeper_tell_mains(
			fd, KEEPER_NEWS_MAINS,
			keeper_read_mains(&ups,
					  deadline_in_ms(KEEPER_STATUS_MS)));
	return 0;
}
