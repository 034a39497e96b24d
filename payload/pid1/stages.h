/* SPDX-License-Identifier: MIT */
/*
 * The life of a power-off as a table: each row is a stage with its function,
 * the verbs it is for, its budget, and what happens when it fails.
 */
#ifndef PID1_STAGES_H
#define PID1_STAGES_H

#include <stdbool.h>
#include <stddef.h>

#include "pid1/child.h"
#include "pid1/keeper.h"
#include "pid1/log.h"
#include "pid1/teardown.h"
#include "pid1/watchdog.h"
#include "plan.h"
#include "record.h"

/** Everything PID 1 knows. One of these exists; it is never freed. */
struct pid1 {
	int argc;
	char **argv;
	enum verb verb;
	deadline_t until; /* of the whole, POWEROFF_WAIT aside */
	struct log log;
	struct plan plan;
	struct watchdog watchdog;
	struct child storage_child;
	struct teardown_work storage_work;
	enum storage_verdict storage;
	bool storage_ended;
	char storage_why[200];
	struct keeper keeper[HANDOVER_UPS_MAX];
	int keepers;
	struct record record;
	struct child record_child; /* writes it to where it outlives us */
	bool has_waited;           /* and it did not become dark */
};

#define STAGE_VERB(verb) (1u << (verb))
#define STAGE_ALL        (~0u)
/* kexec and unknown verbs never cut: nothing of a UPS is for them. */
#define STAGE_CUTS                                             \
	(STAGE_VERB(VERB_POWEROFF) | STAGE_VERB(VERB_REBOOT) | \
	 STAGE_VERB(VERB_HALT) | STAGE_VERB(VERB_EXIT))

/** What a stage is for; a plan that is nothing of it skips it. */
enum stage_need {
	STAGE_ANY,      /* every plan */
	STAGE_TO_CUT,   /* one that commands UPSes */
	STAGE_TO_DRILL, /* one that rehearses that */
	STAGE_FOR_UPS,  /* both */
};

struct stage {
	const char *name;
	/** Does its work by @until. 0, or a negative errno once it is said. */
	int (*run)(struct pid1 *pid1, deadline_t until);
	unsigned int verbs;
	int budget_ms;         /* 0: no wait of its own */
	enum stage_need needs; /* what the plan must be */
	const char *does;      /* for people */
	const char *otherwise; /* what happens when it fails */
};

/** Does @plan run this stage, as far as its need and its verbs go? */
bool stages_is_wanted(const struct stage *stage, const struct plan *plan);

/** The table, for `lastwatt plan`. */
const struct stage *stages_list(size_t *count);

/** Run it as PID 1. Does not return. */
void stages_run(int argc, char **argv) __attribute__((noreturn));

/** Does the kernel's command line say NAME=yes? Else as it was configured. */
bool stages_want(const char *name, bool configured);

int adopt_run(struct pid1 *pid1, deadline_t until);
int watch_run(struct pid1 *pid1, deadline_t until);
int handover_run(struct pid1 *pid1, deadline_t until);
int arm_run(struct pid1 *pid1, deadline_t until);
int storage_run(struct pid1 *pid1, deadline_t until);
int cut_run(struct pid1 *pid1, deadline_t until);
int rehearse_run(struct pid1 *pid1, deadline_t until);
int record_run(struct pid1 *pid1, deadline_t until);

/** Leave word that the cut is about to begin. Does not wait for it. */
void record_begin(struct pid1 *pid1);

/** It was waited for the dark in vain: leave word of that, too. */
void record_stay(struct pid1 *pid1);

int wait_run(struct pid1 *pid1, deadline_t until);
int off_run(struct pid1 *pid1, deadline_t until) __attribute__((noreturn));

#endif
