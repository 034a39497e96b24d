// SPDX-License-Identifier: MIT
/* Keepers: the children that own a UPS each, and what PID 1 hears of them. */
#include "pid1/keeper.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "base/fleet.h"

#define KEEPER_START_MS  500
#define KEEPER_STATUS_MS 1000
/* Beyond its own deadline a keeper has this long to say so. */
#define KEEPER_GRACE_MS  500
/* ... and a silent one is looked at this often. */
#define KEEPER_LOOK_MS   250

/* From PID 1 to the keeper: the word. */
struct keeper_word {
	enum ups_command wanted;
	deadline_t until;
};

enum keeper_news {
	KEEPER_NEWS_NOTE,
	KEEPER_NEWS_READY,
	KEEPER_NEWS_DONE,
	KEEPER_NEWS_FAILED,
};

/* From the keeper to PID 1. */
struct keeper_message {
	enum keeper_news news;
	int error; /* of KEEPER_NEWS_FAILED */
	enum ups_mains mains;
	struct ups_cut cut;
	char sentence[UPS_SENTENCE_MAX];
};

static void keeper_tell_failed(int fd, int error, enum ups_mains mains,
			       const struct ups *ups)
{
	struct keeper_message message = {
		.news = KEEPER_NEWS_FAILED,
		.error = error,
		.mains = mains,
	};

	(void)snprintf(message.sentence, sizeof(message.sentence), "%s",
		       ups->problem);
	(void)child_tell(fd, &message, sizeof(message));
}

static void keeper_tell_ready(int fd, enum ups_mains mains)
{
	struct keeper_message message = {
		.news = KEEPER_NEWS_READY,
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
static enum ups_mains keeper_look_again(struct ups *ups, int result)
{
	if (result == -ENODEV || result == -EIO || result == -EBUSY)
		return UPS_MAINS_UNKNOWN;
	return keeper_read_mains(ups, deadline_in_ms(KEEPER_STATUS_MS));
}

/* The keeper's whole life. */
static int keeper_body(int fd, void *arg)
{
	const struct keeper *keeper = arg;
	struct ups ups = { .note = keeper_note, .note_arg = &fd };
	struct ups_cut cut = { .by_section = true };
	struct keeper_word word;
	int ret;

	ret = fleet_arm(&ups, keeper->conf, keeper->ups->section,
			keeper->try_until);
	if (ret < 0) {
		keeper_tell_failed(fd, ret, UPS_MAINS_UNKNOWN, &ups);
		return 1;
	}
	keeper_tell_ready(fd, keeper_read_mains(&ups, keeper->try_until));

	if (child_listen(fd, &word, sizeof(word)) != sizeof(word))
		return 0; /* PID 1 is gone, or has no use for us */

	cut.wanted = word.wanted;
	ret = fleet_cut(&ups, &cut, word.until);
	if (ret < 0) {
		keeper_tell_failed(fd, ret, keeper_look_again(&ups, ret), &ups);
		return 1;
	}
	keeper_tell_done(fd, keeper_look_again(&ups, ret), &cut);

	/* Hold the device until the end: closing it may drop a countdown. */
	(void)child_listen(fd, &word, sizeof(word));
	return 0;
}

/* A try may use half of the time that is left, the last one all of it. */
static deadline_t keeper_try_until(const struct keeper *keeper)
{
	int left_ms = deadline_left_ms(keeper->until);

	return deadline_in_ms(keeper->lives > 0 ? left_ms / 2 : left_ms);
}

static void keeper_spawn(struct keeper *keeper)
{
	keeper->state = KEEPER_NONE;
	if (keeper->lives <= 0)
		return;
	keeper->lives--;
	keeper->try_until = keeper_try_until(keeper);
	if (child_start(&keeper->child, keeper_body, keeper,
			deadline_in_ms(KEEPER_START_MS)) < 0) {
		(void)snprintf(keeper->sentence, sizeof(keeper->sentence),
			       "no process could be started for it");
		return;
	}
	keeper->state = KEEPER_ARMING;
}

void keeper_start(struct keeper *keeper, const struct plan_ups *ups,
		  const struct conf *conf, deadline_t until)
{
	memset(keeper, 0, sizeof(*keeper));
	keeper->child.fd = -1;
	keeper->ups = ups;
	keeper->conf = conf;
	keeper->until = until;
	keeper->lives = KEEPER_LIVES;
	keeper_spawn(keeper);
}

void keeper_fire(struct keeper *keeper, enum ups_command wanted,
		 deadline_t until)
{
	struct keeper_word word = { .wanted = wanted };

	if (keeper->hopeless)
		return;
	keeper->until = until;
	keeper->fired = true;
	keeper->cut.wanted = wanted;
	if (keeper->state == KEEPER_NONE || keeper->state == KEEPER_FAILED) {
		child_kill(&keeper->child);
		keeper_spawn(keeper);
	}
	if (keeper->state == KEEPER_NONE)
		return;

	keeper->try_until = keeper_try_until(keeper);
	word.until = keeper->try_until;
	/*
	 * One that is still arming finds the word waiting when it is ready. A
	 * send that fails means that it just died: keeper_hear() replaces it.
	 */
	(void)child_send(&keeper->child, &word, sizeof(word));
	if (keeper->state == KEEPER_READY)
		keeper->state = KEEPER_FIRED;
}

/* It died, fell silent or gave up: a new one, if a life and time are left. */
static void keeper_replace(struct keeper *keeper, struct log *log,
			   const char *why)
{
	bool again = keeper->lives > 0 && !deadline_passed(keeper->until);

	/* One that has said why it failed is not in this state any more. */
	keeper->maybe |= keeper->state == KEEPER_FIRED;
	child_kill(&keeper->child);
	log_say(log, keeper->fired ? "cut" : "arm", "%s: %s%s",
		keeper->ups->name, why, again ? "; trying again" : "");
	if (keeper->sentence != why)
		(void)snprintf(keeper->sentence, sizeof(keeper->sentence), "%s",
			       why);
	keeper->state = KEEPER_NONE;
	if (!again)
		return;
	if (keeper->fired)
		keeper_fire(keeper, keeper->cut.wanted, keeper->until);
	else
		keeper_spawn(keeper);
}

/* It had begun to command, and nobody knows how far it came. */
static bool keeper_is_in_doubt(const struct keeper *keeper, int error)
{
	return keeper->state == KEEPER_FIRED &&
	       (error == -ETIMEDOUT || error == -EIO || error == -ENODEV);
}

static void keeper_take_failed(struct keeper *keeper, struct log *log,
			       const struct keeper_message *message)
{
	keeper->maybe |= keeper_is_in_doubt(keeper, message->error);
	keeper->state = KEEPER_FAILED;
	keeper->hopeless =
		message->error == -EOPNOTSUPP || message->error == -EINVAL;
	memcpy(keeper->sentence, message->sentence, sizeof(keeper->sentence));
	if (keeper->fired && !keeper->hopeless)
		keeper_replace(keeper, log, keeper->sentence);
	else
		log_say(log, keeper->fired ? "cut" : "arm", "%s: %s",
			keeper->ups->name, keeper->sentence);
}

static void keeper_take(struct keeper *keeper, struct log *log,
			struct keeper_message *message)
{
	message->sentence[sizeof(message->sentence) - 1] = '\0';
	message->cut.how[sizeof(message->cut.how) - 1] = '\0';
	if (message->mains != UPS_MAINS_UNKNOWN)
		keeper->mains = message->mains;

	switch (message->news) {
	case KEEPER_NEWS_NOTE:
		log_say(log, keeper->fired ? "cut" : "arm", "%s",
			message->sentence);
		return;
	case KEEPER_NEWS_READY:
		keeper->state = keeper->fired ? KEEPER_FIRED : KEEPER_READY;
		log_say(log, "arm", "%s: ready%s", keeper->ups->name,
			keeper->mains == UPS_MAINS_PRESENT
				? ", it says that mains is present"
			: keeper->mains == UPS_MAINS_ABSENT ? ", on battery"
							    : "");
		return;
	case KEEPER_NEWS_DONE:
		keeper->state = KEEPER_DONE;
		keeper->cut = message->cut;
		keeper->done_at_ms = clock_now_ms();
		return;
	case KEEPER_NEWS_FAILED:
		keeper_take_failed(keeper, log, message);
		return;
	}
}

void keeper_hear(struct keeper *keeper, struct log *log)
{
	struct keeper_message message;
	ssize_t len;

	while (keeper->child.fd >= 0) {
		len = child_take(&keeper->child, &message, sizeof(message));
		if (len == -EAGAIN)
			break;
		if (len == sizeof(message)) {
			keeper_take(keeper, log, &message);
			continue;
		}
		if (keeper_is_settled(keeper)) {
			child_kill(&keeper->child);
			return;
		}
		keeper_replace(keeper, log,
			       len == 0 ? "its keeper died"
					: "its keeper talks nonsense");
	}
	if (!keeper_is_settled(keeper) && keeper->state != KEEPER_READY &&
	    clock_now_ms() > keeper->try_until + KEEPER_GRACE_MS)
		keeper_replace(keeper, log,
			       keeper->state == KEEPER_ARMING
				       ? "not ready in time"
				       : "its keeper hangs");
}

bool keeper_may_have_cut(const struct keeper *keeper)
{
	return keeper->state == KEEPER_FIRED ||
	       (keeper->maybe && keeper->state != KEEPER_DONE);
}

bool keeper_is_settled(const struct keeper *keeper)
{
	return keeper->state == KEEPER_NONE || keeper->state == KEEPER_DONE ||
	       keeper->state == KEEPER_FAILED;
}

bool keeper_are_settled(const struct keeper *keeper, int count, int order)
{
	int i;

	for (i = 0; i < count; i++) {
		if (keeper[i].ups->order == order &&
		    !keeper_is_settled(&keeper[i]))
			return false;
	}
	return true;
}

void keeper_hear_all(struct keeper *keeper, int count, int order, int other_fd,
		     struct log *log, deadline_t until)
{
	struct pollfd ready[HANDOVER_UPS_MAX + 1];
	int left_ms, i;

	for (;;) {
		for (i = 0; i < count; i++) {
			keeper_hear(&keeper[i], log);
			ready[i].fd = keeper[i].child.fd;
			ready[i].events = POLLIN;
		}
		ready[count].fd = other_fd;
		ready[count].events = POLLIN;
		ready[count].revents = 0;

		if (order >= 0 && keeper_are_settled(keeper, count, order))
			return;
		if (deadline_passed(until))
			return;
		left_ms = deadline_left_ms(until);
		if (left_ms > KEEPER_LOOK_MS)
			left_ms = KEEPER_LOOK_MS;
		if (poll(ready, (nfds_t)count + 1, left_ms) > 0 &&
		    ready[count].revents)
			return;
	}
}
