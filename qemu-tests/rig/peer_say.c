// SPDX-License-Identifier: MIT
/* The lines of emulated UPSes outside of the rig. */
#include "peer_say.h"

#include <stdarg.h>
#include <stdio.h>

#include "line_words.h"
#include "timeline.h"

#define PEER_BYTES_MAX 512

void peer_say(const struct peer_say *say, const char *format, ...)
{
	va_list args;

	printf("%lld ", (long long)(now_ms() - say->start_ms));
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
}

void peer_say_bytes(const struct peer_say *say, const char *what,
		    const uint8_t *bytes, size_t len)
{
	char text[3 * PEER_BYTES_MAX + 1] = "";
	size_t i;

	for (i = 0; i < len && i < PEER_BYTES_MAX; i++)
		snprintf(text + 3 * i, 4, " %02x", bytes[i]);
	peer_say(say, "%s%s", what, text);
}

void peer_say_off(struct peer_say *say, const struct line_fake *fake)
{
	if (say->is_off || !line_fake_is_off(fake))
		return;
	say->is_off = true;
	peer_say(say, "off");
}

void peer_say_end(const struct peer_say *say, const struct line_fake *fake)
{
	peer_say(say, "end orders=%d cancels=%d", fake->orders, fake->cancels);
}

void peer_say_told(void *arg, struct line_fake *fake)
{
	struct peer_say *say = arg;

	if (fake->cancels != say->cancels) {
		say->cancels = fake->cancels;
		peer_say(say, "cancel");
		return;
	}
	peer_say(say, "order off_after_s=%d back=%s back_after_s=%d",
		 line_fake_left_s(fake), line_back_name(fake->back),
		 fake->back_after_s);
}
