/* SPDX-License-Identifier: MIT */
/* The file "mains": what happens from outside, and when. */
#ifndef RIG_SCRIPT_H
#define RIG_SCRIPT_H

#include "line_words.h"
#include "device_words.h"
#include "net_words.h"
#include "timeline.h"

#define SCRIPT_LINES_MAX 64

enum action_kind {
	ACTION_MAINS,   /* number: 0 or 1 */
	ACTION_CHARGE,  /* number: percent */
	ACTION_RUNTIME, /* number: seconds */
	ACTION_PLUG,
	ACTION_UNPLUG,
	ACTION_REENUMERATE, /* time_ms */
	ACTION_FAULT,       /* text: stall, hang, ignore, busy; line */
	ACTION_LATENCY,     /* time_ms */
	ACTION_LINE,        /* trouble */
	ACTION_DEVICE,      /* device_trouble */
	ACTION_NETWORK,     /* net_trouble */
	ACTION_CARRIER,     /* number: 0 or 1 */
	ACTION_CUT,
	ACTION_TYPE, /* text */
	ACTION_BUTTON,
	ACTION_SCREEN, /* text: its name */
	ACTION_KEYS,   /* Ctrl-Alt-Del */
	ACTION_KILL,
};

struct action {
	enum action_kind kind;
	int ups; /* its number, or -1: all */
	long number;
	int64_t time_ms;
	struct line_trouble trouble;
	struct device_trouble device_trouble;
	struct net_trouble net_trouble;
	char text[256];
	struct words words; /* of a fault: from the report on */
	int words_from;
};

struct script_line {
	bool waits; /* for an event */
	struct pattern pattern;
	int64_t after_ms;
	bool due; /* at due_ms */
	bool done;
	int64_t due_ms;
	struct action action;
};

struct script {
	int lines;
	struct script_line line[SCRIPT_LINES_MAX];
};

struct ups;

/** Read the file. Names of UPSes are looked up in @ups. Dies on nonsense. */
void script_load(struct script *script, const char *path,
		 struct ups *const ups[], int upses);

/** An event: lines that wait for it become due. */
void script_hear(struct script *script, const struct event *event);

/** The next action that is due now, or NULL. */
const struct action *script_take(struct script *script);

/** When the next line is due, or INT64_MAX. */
int64_t script_next_ms(const struct script *script);

#endif
