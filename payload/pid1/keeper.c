// SPDX-License-Identifier: MIT
/* Keepers: the children that own a UPS each, and what PID 1 hears of them. */
#include "pid1/keeper.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fleet.h"
#include "pid1/keeper_talk.h"

#define KEEPER_START_MS 500
/* Beyond its own deadline a keeper has this long to say so. */
#define KEEPER_GRACE_MS 500
/* Who says more is not heard to the end: it would be PID 1's. */
#define KEEPER_NOTES    50
#define KEEPER_HEAR_MAX 16

/* A try may use half of the time that is left, the last one all of it. */
static deadline_t keeper_try_until(const struct keeper *keeper)
{
	int left_ms = deadline_left_ms(keeper->until);

	return deadline_in_ms(keeper->lives > 0 ? left_ms / 2 : left_ms);
}

/* Has the image NUT's own driver of this UPS, beside one of ours? */
static bool keeper_has_last_resort(const struct keeper *keeper)
{
	const char *driver = keeper->ups->driver;

	return IS_ENABLED(CONFIG_NUT_AFTER_OURS) && !keeper->ups->by_nut &&
	       !keeper->last_resort && fleet_find_foreign(driver);
}

/* The last life is that of NUT's own driver, if the image has it. */
static void keeper_spawn(struct keeper *keeper)
{
	keeper->state = KEEPER_NONE;
	if (keeper->lives <= 0)
		return;
	keeper->lives--;
	keeper->notes = 0;
	if (keeper->lives == 0)
		keeper->last_resort = keeper_has_last_resort(keeper);
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
	/* Whoever else starts one, a test, is no system in its last seconds. */
	keeper->confined = getpid() == 1;
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
		(void)child_kill(&keeper->child);
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

void keeper_try(struct keeper *keeper, deadline_t until)
{
	struct keeper_word word = { .is_drill = true };

	if (keeper->state != KEEPER_READY)
		return;
	keeper->until = until;
	keeper->try_until = until;
	keeper->lives = 0; /* nobody does it a second time */
	word.until = until;
	keeper->state = KEEPER_TRYING;
	(void)child_send(&keeper->child, &word, sizeof(word));
}

void keeper_ask(const struct keeper *keeper)
{
	struct keeper_word word = { .is_question = true };

	/* One that does not answer gets as many as its socket holds. */
	if (keeper->state == KEEPER_DONE)
		(void)child_send(&keeper->child, &word, sizeof(word));
}

/* It died, fell silent or gave up: a new one, if a life and time are left. */
static void keeper_replace(struct keeper *keeper, struct log *log,
			   const char *why)
{
	bool again = keeper->lives > 0 && !deadline_passed(keeper->until);

	/* One that has said why it failed is not in this state any more. */
	keeper->maybe |=
		keeper->state == KEEPER_FIRED || keeper->state == KEEPER_TRYING;
	(void)child_kill(&keeper->child);
	log_say(log, keeper->fired ? "cut" : "arm", "%s: %s%s%s",
		keeper->ups->name, why, again ? "; trying again" : "",
		again && keeper->lives == 1 && keeper_has_last_resort(keeper)
			? " with NUT's own driver"
			: "");
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

/* For our driver another try would end the same; NUT's own may know better. */
static bool keeper_is_hopeless(struct keeper *keeper, int error)
{
	if (error != -EOPNOTSUPP && error != -EINVAL)
		return false;
	if (!keeper_has_last_resort(keeper))
		return true;
	keeper->lives = 1;
	return false;
}

static void keeper_take_failed(struct keeper *keeper, struct log *log,
			       const struct keeper_message *message)
{
	keeper->maybe |=
		keeper_is_in_doubt(keeper, message->error) || message->armed;
	keeper->state = KEEPER_FAILED;
	keeper->hopeless = keeper_is_hopeless(keeper, message->error);
	memcpy(keeper->sentence, message->sentence, sizeof(keeper->sentence));
	if (keeper->fired && !keeper->hopeless)
		keeper_replace(keeper, log, keeper->sentence);
	else
		log_say(log, keeper->fired ? "cut" : "arm", "%s: %s",
			keeper->ups->name, keeper->sentence);
}

/* It is dead, or was never one of ours. */
static void keeper_lose(struct keeper *keeper, struct log *log, const char *why)
{
	if (keeper_is_settled(keeper))
		(void)child_kill(&keeper->child);
	else
		keeper_replace(keeper, log, why);
}

/* The end of its socket came first; the signal that killed it says more. */
static void keeper_lose_dead(struct keeper *keeper, struct log *log)
{
	int status = child_kill(&keeper->child);
	char why[80];

	(void)snprintf(why, sizeof(why),
		       status == 128 + SIGSYS
			       ? "its keeper was killed by its filter"
		       : status > 128 ? "its keeper died (signal %d)"
				      : "its keeper died",
		       status - 128);
	keeper_lose(keeper, log, why);
}

static void keeper_take_stopped(struct keeper *keeper, struct log *log,
				int system_call)
{
	char why[80];

	(void)snprintf(why, sizeof(why),
		       "its keeper was stopped by its filter (system call %d)",
		       system_call);
	keeper_lose(keeper, log, why);
}

static void keeper_take_ready(struct keeper *keeper, struct log *log)
{
	keeper->state = keeper->fired ? KEEPER_FIRED : KEEPER_READY;
	log_say(log, "arm", "%s: ready%s", keeper->ups->name,
		keeper->mains == UPS_MAINS_PRESENT
			? ", it says that mains is present"
		: keeper->mains == UPS_MAINS_ABSENT ? ", on battery"
						    : "");
}

static void keeper_take(struct keeper *keeper, struct log *log,
			const struct keeper_message *message)
{
	if (message->mains != UPS_MAINS_UNKNOWN)
		keeper->mains = message->mains;

	switch (message->news) {
	case KEEPER_NEWS_NOTE:
		if (keeper->notes++ < KEEPER_NOTES)
			log_say(log, keeper->fired ? "cut" : "arm", "%s",
				message->sentence);
		return;
	case KEEPER_NEWS_READY:
		keeper_take_ready(keeper, log);
		return;
	case KEEPER_NEWS_DONE:
		keeper->state = KEEPER_DONE;
		keeper->cut = message->cut;
		keeper->done_at_ms = clock_now_ms();
		return;
	case KEEPER_NEWS_MAINS:
		keeper->mains = message->mains;
		keeper->mains_at_ms = clock_now_ms();
		return;
	case KEEPER_NEWS_TRIED:
		keeper->state = KEEPER_TRIED;
		keeper->cut = message->cut;
		return;
	case KEEPER_NEWS_SPARED:
		keeper->state = KEEPER_FAILED;
		keeper->is_spared = true;
		memcpy(keeper->sentence, message->sentence,
		       sizeof(keeper->sentence));
		return;
	case KEEPER_NEWS_FAILED:
		keeper_take_failed(keeper, log, message);
		return;
	case KEEPER_NEWS_STOPPED:
		keeper_take_stopped(keeper, log, message->error);
		return;
	}
}

static void keeper_listen(struct keeper *keeper, struct log *log)
{
	struct keeper_message message;
	ssize_t len;
	int i;

	for (i = 0; i < KEEPER_HEAR_MAX && keeper->child.fd >= 0; i++) {
		len = child_take(&keeper->child, &message, sizeof(message));
		if (len == -EAGAIN)
			return;
		if (len == 0)
			keeper_lose_dead(keeper, log);
		else if (len == sizeof(message) &&
			 keeper_message_is_sound(keeper, &message))
			keeper_take(keeper, log, &message);
		else
			keeper_lose(keeper, log, "its keeper talks nonsense");
	}
}

void keeper_hear(struct keeper *keeper, struct log *log)
{
	keeper_listen(keeper, log);
	if (!keeper_is_settled(keeper) && keeper->state != KEEPER_READY &&
	    clock_now_ms() > keeper->try_until + KEEPER_GRACE_MS)
		keeper_replace(keeper, log,
			       keeper->state == KEEPER_ARMING
				       ? "not ready in time"
				       : "its keeper hangs");
}
