/* SPDX-License-Identifier: MIT */
/* Brings the bytes of a serial port to an emulated UPS, and its orders back. */
#include "line.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* After so long a silence what came before is told. */
#define LINE_PAUSE_MS 60

static void line_tell_run(struct line *line)
{
	struct line_run *run = &line->run;
	struct shown shown;

	if (!run->len)
		return;
	timeline_show(&shown, run->bytes, run->len);
	run->len = 0;
	timeline_say(line->ups->timeline, "line", "ups", "%s", line->ups->name,
		     "to", "%s", run->to_ups ? "ups" : "host", "data", "%s",
		     shown.data, "text", "%s", shown.text, NULL);
}

static void line_add_to_run(struct line *line, bool to_ups,
			    const uint8_t *bytes, size_t len)
{
	struct line_run *run = &line->run;
	size_t i;

	if (run->to_ups != to_ups)
		line_tell_run(line);
	run->to_ups = to_ups;
	run->last_ms = now_ms();
	for (i = 0; i < len; i++) {
		if (run->len == LINE_RUN_MAX)
			line_tell_run(line);
		run->bytes[run->len++] = bytes[i];
	}
}

static void line_take_order(struct line *line)
{
	const struct line_fake *fake = &line->fake;
	struct ups *ups = line->ups;
	int off_after_s = line_fake_left_s(fake);
	bool stays = fake->back == LINE_FAKE_STAYS_OFF;

	timeline_say(ups->timeline, "command", "ups", "%s", ups->name, "how",
		     "%s", line->how, "off_after_s", "%d", off_after_s,
		     "on_after_s", "%d", stays ? -1 : fake->back_after_s,
		     "back", "%s", line_back_name(fake->back), NULL);
	ups->commanded(ups->arg, ups, off_after_s);
	ups->off_at_ms = fake->off_at_ms;
	ups->on_at_ms = stays ? UPS_NEVER
			      : fake->off_at_ms + 1000LL * fake->back_after_s;
	ups->ignores_mains = fake->back == LINE_FAKE_BY_CLOCK;
	ups_tick(ups);
}

static void line_told(void *arg, struct line_fake *fake)
{
	struct line *line = arg;
	struct ups *ups = line->ups;

	line_tell_run(line);
	if (line->before)
		line->before(line->carrier);
	if (fake->cancels == line->cancels) {
		line_take_order(line);
		return;
	}
	line->cancels = fake->cancels;
	ups->off_at_ms = ups->on_at_ms = UPS_NEVER;
	timeline_say(ups->timeline, "cancel", "ups", "%s", ups->name, NULL);
}

struct line *line_alloc(struct ups *ups, const char *how)
{
	struct line *line = calloc(1, sizeof(*line));

	if (!line)
		words_die(NULL, "out of memory");
	line->ups = ups;
	line->how = how;
	line->fd = -1;
	return line;
}

void line_join(struct line *line)
{
	line->fake.told = line_told;
	line->fake.arg = line;
	line_suffer(line, &line->ups->line_trouble);
	line_feel(line);
}

struct line *line_make(struct ups *ups)
{
	const struct line_fake_kind *kind;
	struct line *line;

	if (ups->port == UPS_ON_USB)
		return NULL;
	kind = line_fake_find(ups->line_kind);
	if (!kind)
		words_die(NULL, "%s: there is no device \"%s\" on a line",
			  ups->name, ups->line_kind);
	line = line_alloc(ups, kind->name);
	line_fake_start(&line->fake, kind);
	line_join(line);
	return line;
}

void line_start(struct line *line, int fd)
{
	line->fd = fd;
}

void line_stop(struct line *line)
{
	line_tell_run(line);
	if (line->fd >= 0)
		close(line->fd);
	line->fd = -1;
}

void line_receive(struct line *line, const uint8_t *bytes, size_t len)
{
	size_t i;

	/* One by one: what an order was made of is told before it. */
	for (i = 0; i < len; i++) {
		line_add_to_run(line, true, bytes + i, 1);
		line_fake_receive(&line->fake, bytes + i, 1);
	}
}

bool line_read(struct line *line)
{
	uint8_t bytes[256];
	ssize_t len = read(line->fd, bytes, sizeof(bytes));

	if (len > 0)
		line_receive(line, bytes, (size_t)len);
	return len > 0 || (len < 0 && (errno == EAGAIN || errno == EINTR));
}

void line_set_outputs(struct line *line, unsigned int outputs, bool is_break)
{
	if (outputs == line->outputs && is_break == line->is_break)
		return;
	line_tell_run(line);
	line->outputs = outputs;
	line->is_break = is_break;
	timeline_say(line->ups->timeline, "lines", "ups", "%s", line->ups->name,
		     "dtr", "%s", outputs & SERIAL_DTR ? "on" : "off", "rts",
		     "%s", outputs & SERIAL_RTS ? "on" : "off", "break", "%s",
		     is_break ? "on" : "off", NULL);
	line_fake_set_lines(&line->fake, outputs, is_break);
}

void line_set_speed(struct line *line, int speed)
{
	if (line->fake.speed != speed)
		timeline_say(line->ups->timeline, "speed", "ups", "%s",
			     line->ups->name, "baud", "%d", speed, NULL);
	line->fake.speed = speed;
}

void line_tick(struct line *line)
{
	uint8_t bytes[64];
	size_t len;

	if (line->bridged)
		return;
	len = line_fake_take(&line->fake, bytes, sizeof(bytes));
	if (len > 0) {
		line_add_to_run(line, false, bytes, len);
		if (line->carry)
			line->carry(line->carrier, bytes, len);
		else if (line->fd >= 0)
			/* A machine that does not read them loses them. */
			(void)!write(line->fd, bytes, len);
	}
	if (line->run.len && line->run.last_ms + LINE_PAUSE_MS <= now_ms())
		line_tell_run(line);
	if (!line_fake_is_there(&line->fake))
		line_stop(line);
}

int64_t line_next_ms(const struct line *line)
{
	int64_t next =
		line->bridged ? INT64_MAX : line_fake_next_ms(&line->fake);

	if (line->run.len && line->run.last_ms + LINE_PAUSE_MS < next)
		next = line->run.last_ms + LINE_PAUSE_MS;
	return next;
}

void line_suffer(struct line *line, const struct line_trouble *trouble)
{
	line->fake.way = trouble->way;
	line->fake.way_from = trouble->from;
	line->fake.trouble_ms = trouble->ms;
}

void line_feel(struct line *line)
{
	const struct ups *ups = line->ups;
	struct line_fake *fake = &line->fake;

	/* Switched on again, or forgotten. */
	if (ups->load && (line_fake_is_off(fake) || ups->off_at_ms == UPS_NEVER))
		fake->off_at_ms = LINE_FAKE_NEVER;
	line_fake_feel(fake, ups->mains, ups->charge_pct);
}
