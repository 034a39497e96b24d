// SPDX-License-Identifier: MIT
/* What all emulated UPSes on a line have in common, and what ails a line. */
#include "link/line_fake.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

#define BITS_PER_BYTE 10 /* on the line: start, 8, stop */

extern const struct line_fake_kind *const __start_line_fakes[]
	__attribute__((weak, visibility("hidden")));
extern const struct line_fake_kind *const __stop_line_fakes[]
	__attribute__((weak, visibility("hidden")));

const struct line_fake_kind *const *line_fake_kinds(size_t *count)
{
	*count = (size_t)(__stop_line_fakes - __start_line_fakes);
	return __start_line_fakes;
}

const struct line_fake_kind *line_fake_find(const char *name)
{
	size_t count;
	const struct line_fake_kind *const *kind = line_fake_kinds(&count);

	for (size_t i = 0; i < count; i++) {
		if (!strcmp(kind[i]->name, name))
			return kind[i];
	}
	return NULL;
}

void line_fake_start(struct line_fake *fake, const struct line_fake_kind *kind)
{
	memset(fake, 0, sizeof(*fake));
	fake->kind = kind;
	fake->state = calloc(1, kind->state_size ? kind->state_size : 1);
	fake->charge_pct = 15;
	fake->off_at_ms = LINE_FAKE_NEVER;
	fake->noise = 1;
	if (fake->state && kind->start)
		kind->start(fake);
}

void line_fake_end(struct line_fake *fake)
{
	free(fake->state);
	fake->state = NULL;
}

uint8_t line_fake_noise(struct line_fake *fake)
{
	fake->noise = fake->noise * 1103515245u + 12345u;
	return (uint8_t)(fake->noise >> 16);
}

static bool line_fake_suffers(const struct line_fake *fake,
			      enum line_fake_way way)
{
	return fake->way == way && fake->received >= fake->way_from;
}

static bool line_fake_is_mistuned(const struct line_fake *fake)
{
	return fake->speed && fake->kind->speed &&
	       fake->speed != fake->kind->speed;
}

void line_fake_receive(struct line_fake *fake, const void *bytes, size_t len)
{
	const uint8_t *byte = bytes;

	for (size_t i = 0; i < len; i++) {
		if (line_fake_suffers(fake, LINE_FAKE_GONE))
			return;
		if (fake->received < LINE_FAKE_BYTES_MAX)
			fake->in[fake->received] = (struct line_fake_byte){
				.at_ms = clock_now_ms(),
				.byte = byte[i],
			};
		if (!line_fake_suffers(fake, LINE_FAKE_DEAF) &&
		    !line_fake_is_off(fake) && fake->kind->receive)
			fake->kind->receive(fake, line_fake_is_mistuned(fake)
							  ? line_fake_noise(fake)
							  : byte[i]);
		fake->received++;
	}
}

void line_fake_set_lines(struct line_fake *fake, unsigned int lines,
			 bool is_break)
{
	if (line_fake_is_there(fake) &&
	    !line_fake_suffers(fake, LINE_FAKE_DEAF) && fake->kind->set_lines)
		fake->kind->set_lines(fake, lines, is_break);
}

void line_fake_feel(struct line_fake *fake, bool mains, int charge_pct)
{
	fake->mains = mains;
	fake->charge_pct = charge_pct;
	if (fake->kind->feel)
		fake->kind->feel(fake);
}

bool line_fake_is_there(const struct line_fake *fake)
{
	return !line_fake_suffers(fake, LINE_FAKE_GONE);
}

static void line_fake_put(struct line_fake *fake, int64_t at_ms, uint8_t byte)
{
	int speed = fake->kind->speed ? fake->kind->speed : fake->speed;

	if (fake->waiting == LINE_FAKE_BYTES_MAX)
		return;
	if (at_ms < fake->sent_until_ms)
		at_ms = fake->sent_until_ms;
	if (speed)
		at_ms += (1000 * BITS_PER_BYTE + speed - 1) / speed;
	fake->sent_until_ms = at_ms;
	fake->out[fake->waiting++] = (struct line_fake_byte){ at_ms, byte };
}

void line_fake_send_after(struct line_fake *fake, int ms, const void *bytes,
			  size_t len)
{
	const uint8_t *byte = bytes;
	int64_t at_ms = clock_now_ms() + ms;

	if (line_fake_suffers(fake, LINE_FAKE_SILENT))
		return;
	if (line_fake_suffers(fake, LINE_FAKE_SLOW))
		at_ms += fake->trouble_ms;
	for (size_t i = 0; i < len; i++) {
		bool spoiled = line_fake_is_mistuned(fake) ||
			       line_fake_suffers(fake, LINE_FAKE_GARBAGE);

		if (line_fake_suffers(fake, LINE_FAKE_NOISE) &&
		    line_fake_noise(fake) % 4 == 0)
			line_fake_put(fake, at_ms, line_fake_noise(fake));
		line_fake_put(fake, at_ms,
			      spoiled ? line_fake_noise(fake) : byte[i]);
	}
}

void line_fake_send(struct line_fake *fake, const void *bytes, size_t len)
{
	line_fake_send_after(fake, 0, bytes, len);
}

void line_fake_say(struct line_fake *fake, const char *text)
{
	line_fake_send(fake, text, strlen(text));
}

size_t line_fake_take(struct line_fake *fake, void *bytes, size_t size)
{
	uint8_t *to = bytes;
	int64_t now_ms = clock_now_ms();
	size_t len = 0;

	while (len < size && (int)len < fake->waiting &&
	       fake->out[len].at_ms <= now_ms) {
		to[len] = fake->out[len].byte;
		len++;
	}
	fake->waiting -= (int)len;
	memmove(fake->out, fake->out + len,
		(size_t)fake->waiting * sizeof(fake->out[0]));
	return len;
}

int64_t line_fake_next_ms(const struct line_fake *fake)
{
	return fake->waiting ? fake->out[0].at_ms : INT64_MAX;
}

void line_fake_order(struct line_fake *fake, int off_after_s,
		     enum line_fake_back back, int back_after_s)
{
	fake->orders++;
	fake->off_at_ms = clock_now_ms() + 1000LL * off_after_s;
	fake->back = back;
	fake->back_after_s = back_after_s;
	if (fake->told)
		fake->told(fake->arg, fake);
}

void line_fake_cancel(struct line_fake *fake)
{
	fake->cancels++;
	fake->off_at_ms = LINE_FAKE_NEVER;
	if (fake->told)
		fake->told(fake->arg, fake);
}

bool line_fake_collect(char *line, size_t size, size_t *len, uint8_t byte)
{
	if (byte == '\n')
		return false;
	if (byte != '\r' && *len + 1 < size) {
		line[(*len)++] = (char)byte;
		return false;
	}
	line[*len] = '\0';
	*len = 0;
	return true;
}

int line_fake_left_s(const struct line_fake *fake)
{
	int64_t left_ms = fake->off_at_ms - clock_now_ms();

	if (fake->off_at_ms == LINE_FAKE_NEVER)
		return -1;
	return left_ms > 0 ? (int)((left_ms + 999) / 1000) : 0;
}

bool line_fake_is_off(const struct line_fake *fake)
{
	return fake->off_at_ms != LINE_FAKE_NEVER &&
	       clock_now_ms() >= fake->off_at_ms;
}
