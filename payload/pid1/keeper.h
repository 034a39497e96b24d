/* SPDX-License-Identifier: MIT */
/*
 * A keeper owns one UPS: a child that opens the device, says that it is ready
 * and waits. It fires only on PID 1's word; if PID 1's end of the socket
 * closes, it goes without firing. Afterwards it keeps the device open, for
 * some units drop a countdown when they are closed and opened again.
 */
#ifndef PID1_KEEPER_H
#define PID1_KEEPER_H

#include <stdbool.h>

#include "base/ups.h"
#include "pid1/child.h"
#include "pid1/log.h"
#include "plan.h"

/* A keeper that crashed or hung is replaced this many times. */
#define KEEPER_LIVES 3

enum keeper_state {
	KEEPER_NONE,   /* could not be started, or is dead for good */
	KEEPER_ARMING, /* looks for its device */
	KEEPER_READY,  /* holds it */
	KEEPER_FIRED,  /* has the word, has not reported */
	KEEPER_DONE,   /* the UPS was commanded: see cut */
	KEEPER_FAILED, /* the UPS could not be commanded: see sentence */
	KEEPER_TRYING, /* in a drill: arms and cancels */
	KEEPER_TRIED,  /* and has done so: see cut */
};

struct keeper {
	const struct plan_ups *ups;
	const struct conf *conf;
	enum keeper_state state;
	bool fired;       /* may have fired: it was given the word */
	bool hopeless;    /* another try would end the same */
	bool maybe;       /* one that had the word ended without an answer */
	bool last_resort; /* the present one runs NUT's own driver */
	bool is_spared;   /* in a drill: ready, not to be armed: see sentence */
	bool confined;    /* gives away what its link does not need */
	int lives;        /* how many are left */
	int notes;        /* heard of the present one */
	struct child child;
	deadline_t until;     /* of all keepers of this UPS */
	deadline_t try_until; /* of the present one, which gives up by then */
	enum ups_mains mains; /* as it said last */
	int64_t mains_at_ms;  /* when it answered keeper_ask() last */
	struct ups_cut cut;
	int64_t done_at_ms; /* when KEEPER_DONE was heard */
	char sentence[UPS_SENTENCE_MAX];
};

/** Start it: it looks for its device until @until. */
void keeper_start(struct keeper *keeper, const struct plan_ups *ups,
		  const struct conf *conf, deadline_t until);

/** Give the word: command the UPS, by @until. Starts a dead one again. */
void keeper_fire(struct keeper *keeper, enum ups_command wanted,
		 deadline_t until);

/**
 * In a drill, to one that is ready: command the UPS with a long delay and take
 * that back. Never the word to fire, and never given again.
 */
void keeper_try(struct keeper *keeper, deadline_t until);

/** Ask one that is done whether mains is there: keeper->mains, soon. */
void keeper_ask(const struct keeper *keeper);

/** Take what it has said meanwhile; replace it if it has died or hangs. */
void keeper_hear(struct keeper *keeper, struct log *log);

/** It is not done, and the UPS may have been commanded all the same. */
bool keeper_may_have_cut(const struct keeper *keeper);

/** Nothing more is to be expected of it. */
bool keeper_is_settled(const struct keeper *keeper);

/** The same of all @count keepers whose UPS has this sdorder. */
bool keeper_are_settled(const struct keeper *keeper, int count, int order);

/**
 * Hear all @count keepers until @until, or until all those of @order have
 * settled (any order if negative), or @other_fd has something to read.
 */
void keeper_hear_all(struct keeper *keeper, int count, int order, int other_fd,
		     struct log *log, deadline_t until);

#endif
