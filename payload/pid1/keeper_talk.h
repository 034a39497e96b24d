/* SPDX-License-Identifier: MIT */
/*
 * What PID 1 and a keeper say to each other: structs of one size. PID 1
 * believes no field of them: a keeper has read what a device says, and may be
 * somebody else by now.
 */
#ifndef PID1_KEEPER_TALK_H
#define PID1_KEEPER_TALK_H

#include "pid1/keeper.h"

#define KEEPER_HOST_MAX 256

/** From PID 1 to the keeper: the word. */
struct keeper_word {
	bool is_drill;    /* arm and cancel, by itself */
	bool is_question; /* is mains there? */
	enum ups_command wanted;
	deadline_t until;
};

enum keeper_news {
	KEEPER_NEWS_NOTE,
	KEEPER_NEWS_READY,
	KEEPER_NEWS_DONE,
	KEEPER_NEWS_MAINS, /* the answer to a question */
	KEEPER_NEWS_FAILED,
	KEEPER_NEWS_TRIED,   /* armed and cancelled */
	KEEPER_NEWS_SPARED,  /* not to be armed, so it was left alone */
	KEEPER_NEWS_STOPPED, /* by its filter; it is the last */
};

/** From the keeper to PID 1. */
struct keeper_message {
	enum keeper_news news;
	int error; /* of FAILED; of STOPPED the number of a system call */
	unsigned int armed; /* 1 in a drill: it may count down */
	enum ups_mains mains;
	struct ups_cut cut;
	char sentence[UPS_SENTENCE_MAX];
};

/**
 * Can this message come from a keeper in the state that @keeper is in? Its
 * texts end and print afterwards.
 */
bool keeper_message_is_sound(const struct keeper *keeper,
			     struct keeper_message *message);

/** The keeper's whole life; @arg is its struct keeper. */
int keeper_body(int fd, void *arg);

#endif
