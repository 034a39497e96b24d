// SPDX-License-Identifier: MIT
/* Sets up a section and a device for the tests of drivers. */
#include "link/line_bench.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "link/net_virtual.h"
#include "link/serial_virtual.h"
#include "link/usb_virtual.h"

#define LINE_BENCH_ASK_MS 5000

static void line_bench_note(void *arg, const char *sentence)
{
	struct line_bench *bench = arg;

	bench->notes++;
	(void)snprintf(bench->note, sizeof(bench->note), "%s", sentence);
}

static void line_bench_set_up(struct line_bench *bench, const char *driver,
			      const char *port, const char *keys)
{
	char text[1024];
	int len = snprintf(text, sizeof(text),
			   "[u]\ndriver = %s\nport = %s\n%s\n", driver, port,
			   keys);

	memset(bench, 0, sizeof(*bench));
	(void)conf_parse(&bench->conf, "ups.conf", text, (size_t)len, NULL);
	bench->patience_ms = 30000;
	bench->ups.note = line_bench_note;
	bench->ups.note_arg = bench;
}

void line_bench_start(struct line_bench *bench, const char *driver,
		      const struct line_fake_kind *kind, const char *keys)
{
	line_bench_set_up(bench, driver, "/dev/ttyS0", keys);
	line_fake_start(&bench->fake, kind);
	serial_virtual_plug(&bench->fake);
}

void line_bench_start_usb(struct line_bench *bench, const char *driver,
			  const struct usb_fake_kind *kind, const char *keys)
{
	line_bench_set_up(bench, driver, "auto", keys);
	usb_fake_start(&bench->usb, kind, &bench->fake);
	usb_virtual_plug(&bench->usb);
}

void line_bench_start_net(struct line_bench *bench, const char *driver,
			  const struct net_fake_kind *kind, const char *keys)
{
	line_bench_set_up(bench, driver, "ups", keys);
	net_fake_start(&bench->net, kind, &bench->fake);
	net_virtual_plug(&bench->net);
}

void line_bench_end(struct line_bench *bench)
{
	fleet_release(&bench->ups);
	serial_virtual_plug(NULL);
	usb_virtual_clear();
	net_virtual_plug(NULL);
	if (bench->usb.kind)
		usb_fake_end(&bench->usb);
	else if (bench->net.kind)
		net_fake_end(&bench->net);
	else
		line_fake_end(&bench->fake);
}

int line_bench_seen(const struct line_bench *bench)
{
	return bench->usb.kind   ? bench->usb.transfers
	       : bench->net.kind ? bench->net.received
				 : bench->fake.received;
}

static struct line_bench *line_bench_allocate(void)
{
	struct line_bench *bench = calloc(1, sizeof(*bench));

	if (!bench)
		abort();
	return bench;
}

struct line_bench *line_bench_new(const char *driver,
				  const struct line_fake_kind *kind,
				  const char *keys)
{
	struct line_bench *bench = line_bench_allocate();

	line_bench_start(bench, driver, kind, keys);
	return bench;
}

struct line_bench *line_bench_new_usb(const char *driver,
				      const struct usb_fake_kind *kind,
				      const char *keys)
{
	struct line_bench *bench = line_bench_allocate();

	line_bench_start_usb(bench, driver, kind, keys);
	return bench;
}

struct line_bench *line_bench_new_net(const char *driver,
				      const struct net_fake_kind *kind,
				      const char *keys)
{
	struct line_bench *bench = line_bench_allocate();

	line_bench_start_net(bench, driver, kind, keys);
	return bench;
}

void line_bench_delete(struct line_bench *bench)
{
	line_bench_end(bench);
	free(bench);
}

int line_bench_free(void **state)
{
	line_bench_delete(*state);
	return 0;
}

int line_bench_arm(struct line_bench *bench)
{
	int ret = fleet_arm(&bench->ups, &bench->conf,
			    conf_find_section(&bench->conf, "u"),
			    deadline_in_ms(bench->patience_ms));

	bench->armed_at = line_bench_seen(bench);
	return ret;
}

int line_bench_cut(struct line_bench *bench, enum ups_command wanted,
		   struct ups_cut *cut)
{
	int ret = bench->ups.state ? 0 : line_bench_arm(bench);

	*cut = (struct ups_cut){ .wanted = wanted };
	return ret < 0 ? ret
		       : fleet_cut(&bench->ups, cut,
				   deadline_in_ms(bench->patience_ms));
}

int line_bench_rehearse(struct line_bench *bench, struct ups_cut *cut,
			bool *armed)
{
	int section = conf_find_section(&bench->conf, "u"), ret = 0;

	*armed = false;
	line_fake_feel(&bench->fake, true, 90);
	if (!bench->ups.state) {
		(void)conf_add(&bench->conf, section, "offdelay", "600");
		(void)conf_add(&bench->conf, section, "ondelay", "660");
		ret = line_bench_arm(bench);
	}
	return ret < 0 ? ret
		       : rehearse_arm(&bench->ups, cut, armed,
				      deadline_in_ms(bench->patience_ms));
}

int line_bench_status(struct line_bench *bench, struct ups_status *status)
{
	return bench->ups.driver->status(&bench->ups, status,
					 deadline_in_ms(LINE_BENCH_ASK_MS));
}

int line_bench_cancel(struct line_bench *bench)
{
	int ret = bench->ups.driver->cancel(&bench->ups,
					    deadline_in_ms(LINE_BENCH_ASK_MS));

	return ret > 0 ? 0 : ret;
}

const char *line_bench_sent(struct line_bench *bench, int from)
{
	size_t at = 0;

	bench->sent[0] = '\0';
	for (int i = from; i < bench->fake.received; i++) {
		uint8_t byte = bench->fake.in[i].byte;
		char one[8];

		if (byte == '\r' || byte == '\n')
			(void)snprintf(one, sizeof(one), "\\%c",
				       byte == '\r' ? 'r' : 'n');
		else
			(void)snprintf(one, sizeof(one),
				       isprint(byte) ? "%c" : "<%02x>", byte);
		if (at + strlen(one) >= sizeof(bench->sent))
			break;
		at += (size_t)snprintf(bench->sent + at,
				       sizeof(bench->sent) - at, "%s", one);
	}
	return bench->sent;
}

/** "43 0d" at the end of bench->sent, as far as there is room. */
static void __attribute__((format(printf, 2, 3)))
line_bench_add(struct line_bench *bench, const char *format, ...)
{
	size_t at = strlen(bench->sent);
	va_list args;

	va_start(args, format);
	(void)vsnprintf(bench->sent + at, sizeof(bench->sent) - at, format,
			args);
	va_end(args);
}

const char *line_bench_told(struct line_bench *bench, int from)
{
	bench->sent[0] = '\0';
	for (int i = from;
	     i < bench->usb.transfers && i < USB_FAKE_TRANSFERS_MAX; i++) {
		const struct usb_fake_transfer *one = &bench->usb.journal[i];
		const struct usb_fake_setup *setup = &one->setup;

		if (one->endpoint & USB_FAKE_IN)
			continue;
		if (one->endpoint)
			line_bench_add(bench, "%02x:", one->endpoint);
		else
			line_bench_add(
				bench, "%02x %02x %04x %04x:", setup->type,
				setup->request, setup->value, setup->index);
		for (size_t k = 0; k < one->len; k++)
			line_bench_add(bench, " %02x", one->data[k]);
		line_bench_add(bench, "\n");
	}
	return bench->sent;
}
