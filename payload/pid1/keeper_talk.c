// SPDX-License-Identifier: MIT
/* Looks a keeper's message over before PID 1 acts on it. */
#include "pid1/keeper_talk.h"

#include <errno.h>

/* No UPS that we know counts further than 32 bits of tenths. */
#define KEEPER_DELAY_MAX_S (366 * 86400)

/* For a console, for the kernel's log, for whoever reads these. */
static void keeper_make_printable(char *text, size_t size)
{
	size_t i;

	text[size - 1] = '\0';
	for (i = 0; text[i]; i++) {
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			text[i] = '?';
	}
}

static bool keeper_delay_is_sound(int delay_s)
{
	return delay_s == UPS_UNKNOWN_S ||
	       (delay_s >= 0 && delay_s <= KEEPER_DELAY_MAX_S);
}

static bool keeper_cut_is_sound(const struct ups_cut *cut)
{
	return (unsigned int)cut->given <= UPS_REBOOT &&
	       (unsigned int)cut->proof <= UPS_VERIFIED &&
	       keeper_delay_is_sound(cut->off_after_s) &&
	       keeper_delay_is_sound(cut->on_after_s);
}

/* Ready once, done only after the word, and nothing after the end. */
static bool keeper_news_are_due(const struct keeper *keeper,
				const struct keeper_message *message)
{
	switch (message->news) {
	case KEEPER_NEWS_NOTE:
	case KEEPER_NEWS_STOPPED:
		return true;
	case KEEPER_NEWS_READY:
		return keeper->state == KEEPER_ARMING;
	case KEEPER_NEWS_DONE:
		return keeper->state == KEEPER_FIRED &&
		       keeper_cut_is_sound(&message->cut);
	case KEEPER_NEWS_MAINS:
		return keeper->state == KEEPER_DONE;
	case KEEPER_NEWS_FAILED:
		return (keeper->state == KEEPER_ARMING ||
			keeper->state == KEEPER_FIRED ||
			keeper->state == KEEPER_TRYING) &&
		       message->error < 0;
	case KEEPER_NEWS_TRIED:
		return keeper->state == KEEPER_TRYING && !message->armed &&
		       keeper_cut_is_sound(&message->cut);
	case KEEPER_NEWS_SPARED:
		return keeper->state == KEEPER_TRYING && !message->armed;
	}
	return false;
}

bool keeper_message_is_sound(const struct keeper *keeper,
			     struct keeper_message *message)
{
	keeper_make_printable(message->sentence, sizeof(message->sentence));
	keeper_make_printable(message->cut.how, sizeof(message->cut.how));
	return (unsigned int)message->mains <= UPS_MAINS_ABSENT &&
	       message->armed <= (keeper->state == KEEPER_TRYING) &&
	       keeper_news_are_due(keeper, message);
}
