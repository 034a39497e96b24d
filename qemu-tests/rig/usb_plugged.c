/* SPDX-License-Identifier: MIT */
/* Switches the device on that the environment names, and keeps its journal. */
#include "usb_plugged.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "hid/hid_usb_fake.h"

/* A process has one bus. */
static struct line_fake plugged_ups;
static struct usb_fake plugged_fake;
static int plugged_cancels;
static FILE *plugged_journal;

static void plugged_told(void *arg, struct line_fake *ups)
{
	static const char *const backs[] = {
		[LINE_FAKE_STAYS_OFF] = "never",
		[LINE_FAKE_WITH_MAINS] = "mains",
		[LINE_FAKE_BY_CLOCK] = "clock",
	};
	long long now_ms = (long long)clock_now_ms();

	(void)arg;
	if (ups->cancels != plugged_cancels)
		fprintf(plugged_journal, "%lld cancel\n", now_ms);
	else
		fprintf(plugged_journal,
			"%lld order off_after_s=%d back=%s back_after_s=%d\n",
			now_ms, line_fake_left_s(ups), backs[ups->back],
			ups->back_after_s);
	plugged_cancels = ups->cancels;
	fflush(plugged_journal);
}

static void plugged_noted(struct usb_fake *fake,
			  const struct usb_fake_transfer *transfer)
{
	const struct usb_fake_setup *setup = &transfer->setup;
	size_t i, len = transfer->len;

	(void)fake;
	if (transfer->endpoint & USB_FAKE_IN)
		return;
	fprintf(plugged_journal, "%lld told ", (long long)transfer->at_ms);
	if (transfer->endpoint)
		fprintf(plugged_journal, "%02x:", transfer->endpoint);
	else
		fprintf(plugged_journal, "%02x %02x %04x %04x:", setup->type,
			setup->request, setup->value, setup->index);
	if (!transfer->endpoint && setup->type & USB_FAKE_IN)
		len = 0; /* what the device says */
	for (i = 0; i < len; i++)
		fprintf(plugged_journal, " %02x", transfer->data[i]);
	fprintf(plugged_journal, "\n");
	fflush(plugged_journal);
}

struct usb_fake *usb_plugged(void)
{
	const char *name = getenv("RIG_USB_DEVICE");
	const char *journal = getenv("RIG_USB_JOURNAL");
	const struct usb_fake_kind *kind;

	if (plugged_fake.kind)
		return &plugged_fake;
	kind = usb_fake_find(name ? name : "") ?: usb_fake_find_hid(name ?: "");
	plugged_journal = journal ? fopen(journal, "ae") : stderr;
	if (!kind || !plugged_journal) {
		fprintf(stderr, "there is no device \"%s\"\n", name ? name : "");
		return NULL;
	}
	usb_fake_start(&plugged_fake, kind, &plugged_ups);
	line_fake_feel(&plugged_ups, getenv("RIG_USB_MAINS") != NULL, 15);
	plugged_ups.told = plugged_told;
	plugged_fake.noted = plugged_noted;
	return &plugged_fake;
}
