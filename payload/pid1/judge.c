// SPDX-License-Identifier: MIT
/*
 * The verdict on storage. What was unmounted wrote everything, so a sync that
 * hangs is about a server somewhere, unless something of ours is still in use.
 */
#include "pid1/judge.h"

#include <stdio.h>

#include "pid1/layers.h"

static bool judge_is_in_use(const struct judge_facts *facts)
{
	return facts->data > 0 || facts->claimed[0];
}

/* What speaks against "safe", "" if nothing does. */
static void judge_find_fault(const struct judge_facts *facts, char *text,
			     size_t size)
{
	text[0] = '\0';
	if (!facts->table_read) {
		layers_list(text, size, "the mount table cannot be read");
		return;
	}
	if (!facts->flushed || (!facts->synced && judge_is_in_use(facts)))
		layers_list(text, size, "%s", facts->why);
	if (facts->lost)
		layers_list(text, size,
			    "a multipath device without a path was made to fail");
	if (facts->dirty_md[0])
		layers_list(text, size, "%s is not marked clean",
			    facts->dirty_md);
	if (facts->writable > 0)
		layers_list(text, size, "still mounted: %s", facts->left);
	if (facts->claimed[0] && facts->data == 0 && !facts->frozen)
		layers_list(text, size, "%s is still in use", facts->claimed);
}

static void judge_decide(const struct judge_facts *facts,
			 struct teardown_news *news)
{
	judge_find_fault(facts, news->text, sizeof(news->text));
	news->verdict = STORAGE_UNSAFE;
	if (news->text[0])
		return;
	if (facts->data > 0) {
		news->verdict = STORAGE_READ_ONLY;
		(void)snprintf(news->text, sizeof(news->text),
			       "still mounted: %s", facts->left);
	} else if (facts->claimed[0]) {
		news->verdict = STORAGE_READ_ONLY;
		(void)snprintf(news->text, sizeof(news->text),
			       "nothing is mounted, but %s is still in use",
			       facts->claimed);
	} else {
		news->verdict = STORAGE_SAFE;
		(void)snprintf(news->text, sizeof(news->text),
			       "nothing is mounted, %d disk%s flushed%s",
			       facts->disks, facts->disks == 1 ? "" : "s",
			       facts->synced ? "" : ", but sync hangs");
	}
}

void judge_storage(const struct judge_facts *facts, struct teardown_news *news)
{
	judge_decide(facts, news);
	/* What it held that was not with its server yet is lost: name it. */
	if (facts->cut_off)
		layers_list(news->text, sizeof(news->text), "cut off %s",
			    facts->cut_off);
}

bool teardown_is_safe(enum storage_verdict verdict)
{
	return verdict == STORAGE_SAFE || verdict == STORAGE_READ_ONLY;
}

const char *teardown_verdict_name(enum storage_verdict verdict)
{
	switch (verdict) {
	case STORAGE_SAFE:
		return "safe";
	case STORAGE_READ_ONLY:
		return "read-only";
	case STORAGE_UNSAFE:
		return "NOT SAFE";
	case STORAGE_UNKNOWN:
		break;
	}
	return "unknown";
}
