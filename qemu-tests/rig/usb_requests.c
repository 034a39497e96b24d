/* SPDX-License-Identifier: MIT */
/* Descriptors and HID class requests of the emulated UPS (HID 1.11, 7). */
#include "usb_requests.h"

#include <string.h>
#include <usbredirparser.h>

#include "usb_pipe.h"

#define IN_DEVICE    0x80
#define IN_INTERFACE 0x81
#define CLASS_IN     0xa1
#define CLASS_OUT    0x21

#define GET_STATUS     0
#define GET_DESCRIPTOR 6
#define GET_REPORT     1
#define SET_REPORT     9

#define LOW(number)  ((uint8_t)((number)&0xff))
#define HIGH(number) ((uint8_t)((number) >> 8))

static size_t usb_device_descriptor(const struct ups *ups, uint8_t *out)
{
	const uint8_t bytes[18] = {
		18,
		1,
		0x00,
		0x02,
		0,
		0,
		0,
		8,
		LOW(ups->vendor),
		HIGH(ups->vendor),
		LOW(ups->product),
		HIGH(ups->product),
		LOW(ups->release),
		HIGH(ups->release),
		1,
		2,
		3,
		1,
	};

	memcpy(out, bytes, sizeof(bytes));
	return sizeof(bytes);
}

static size_t usb_hid_descriptor(const struct ups *ups, uint8_t *out)
{
	const uint8_t bytes[9] = {
		9,
		0x21,
		0x10,
		0x01,
		0x21,
		1,
		0x22,
		LOW(ups->descriptor_len),
		HIGH(ups->descriptor_len),
	};

	memcpy(out, bytes, sizeof(bytes));
	return sizeof(bytes);
}

static size_t usb_configuration_descriptor(const struct ups *ups, uint8_t *out)
{
	const uint8_t head[18] = {
		9, 2, 34, 0, 1, 1, 0, 0xa0, 10, 9, 4, 0, 0, 1, 3, 0, 0, 0,
	};
	const uint8_t endpoint[7] = { 7, 5, 0x81, 3, 64, 0, 20 };

	memcpy(out, head, sizeof(head));
	usb_hid_descriptor(ups, out + 18);
	memcpy(out + 27, endpoint, sizeof(endpoint));
	return 34;
}

static size_t usb_string_descriptor(const struct ups *ups, uint8_t number,
				    uint8_t *out)
{
	const char *const texts[] = {
		"", ups->manufacturer, ups->model, ups->serial, "PbAc",
	};
	const char *text;
	size_t i, len;

	if (!number) { /* the languages: English */
		memcpy(out, (uint8_t[]){ 4, 3, 9, 4 }, 4);
		return 4;
	}
	if (number >= sizeof(texts) / sizeof(texts[0]))
		return 0;
	text = texts[number];
	len = strlen(text);
	out[0] = (uint8_t)(2 + 2 * len);
	out[1] = 3;
	for (i = 0; i < len; i++) {
		out[2 + 2 * i] = (uint8_t)text[i];
		out[3 + 2 * i] = 0;
	}
	return out[0];
}

/* What a VP1600ELCD sends now and then: the request, before all else. */
static void usb_spoil_descriptor(struct ups *ups, uint8_t *out)
{
	static const uint8_t setup[8] = { 0x81, 6, 0, 0x22, 0, 0, 0xff, 0 };

	if (!ups->garbage)
		return;
	ups->garbage--;
	memmove(out + 8, out, ups->descriptor_len - 8);
	memcpy(out, setup, sizeof(setup));
	timeline_say(ups->timeline, "garbage", "ups", "%s", ups->name, NULL);
}

static int usb_get_descriptor(struct usb *usb, uint8_t kind, uint8_t number,
			      uint8_t *out)
{
	struct ups *ups = usb->ups;
	size_t len = 0;

	if (kind == 1)
		len = usb_device_descriptor(ups, out);
	else if (kind == 2 && !number)
		len = usb->function->configuration(ups, out);
	else if (kind == 3)
		len = usb_string_descriptor(ups, number, out);
	else if (kind == 0x21 && !number)
		len = usb_hid_descriptor(ups, out);
	else if (kind == 0x22 && !number) {
		len = ups->descriptor_len;
		memcpy(out, ups->descriptor, len);
		usb_spoil_descriptor(ups, out);
	}
	return len ? (int)len : -1;
}

/* A report in the timeline: its bytes as on the wire. */
static void usb_say_report(struct usb *usb, const char *name,
			   const uint8_t *setup, const uint8_t *data, int len,
			   const char *result)
{
	static const char *const types[] = {
		"other",
		"input",
		"output",
		"feature",
	};
	struct shown shown;
	char report[8];

	snprintf(report, sizeof(report), "0x%02x", setup[2]);
	timeline_show(&shown, data, len > 0 ? (size_t)len : 0);
	timeline_say(usb->ups->timeline, name, "ups", "%s", usb->ups->name,
		     "type", "%s", types[setup[3] < 4 ? setup[3] : 0], "report",
		     "%s", report, "data", "%s", shown.data, "result", "%s",
		     result, NULL);
}

/* Asleep, or waking up: the first accesses of each report are refused. */
static bool usb_is_shy(struct ups *ups, uint8_t report)
{
	return ups->shy_seen[report] < ups->shy && ups->shy_seen[report]++ >= 0;
}

static int usb_get_report(struct usb *usb, const uint8_t *setup, uint8_t *out)
{
	struct ups *ups = usb->ups;
	const uint8_t *data;
	size_t len = 0, ids = ups->layout.ids;

	if (usb_is_shy(ups, setup[2])) {
		usb_say_report(usb, "get", setup, NULL, 0, "stall");
		return -1;
	}
	ups_refresh(ups);
	data = setup[3] >= REPORT_INPUT && setup[3] <= REPORT_FEATURE
		       ? ups_report(ups, setup[3], setup[2], &len)
		       : NULL;
	if (!len || len + ids > UPS_REPORT_MAX) {
		usb_say_report(usb, "get", setup, NULL, 0, "stall");
		return -1;
	}
	out[0] = setup[2];
	memcpy(out + ids, data, len);
	len += ids;
	if (ups->answer_len[setup[3]][setup[2]])
		len = ups->answer_len[setup[3]][setup[2]];
	if (len > (size_t)(setup[6] | setup[7] << 8)) {
		usb_say_report(usb, "get", setup, out, (int)len, "long");
		return USB_TOO_LONG;
	}
	usb_say_report(usb, "get", setup, out, (int)len, "ok");
	return (int)len;
}

static int usb_set_report(struct usb *usb, const struct usb_pending *request)
{
	const uint8_t *setup = request->setup;
	struct ups *ups = usb->ups;
	size_t ids = ups->layout.ids;
	const struct fault *fault;
	const char *result = request->spoiled ? "late" : "ok";
	int64_t now = now_ms();
	size_t len = 0;

	if (setup[3] >= REPORT_OUTPUT && setup[3] <= REPORT_FEATURE)
		ups_report(ups, setup[3], setup[2], &len);
	fault = request->spoiled ? NULL : ups_take_fault(ups, setup[2]);
	if (!len || usb_is_shy(ups, setup[2]) ||
	    (fault && fault->kind == FAULT_STALL) ||
	    (size_t)request->len <= ids) {
		usb_say_report(usb, "set", setup, request->data, request->len,
			       "stall");
		return -1;
	}
	if (fault && fault->kind == FAULT_IGNORE)
		result = "ignored";
	else if (ups->busy_ms && now - ups->last_set_ms < ups->busy_ms)
		result = "lost";
	ups->last_set_ms = now;
	usb_say_report(usb, "set", setup, request->data, request->len, result);
	if (!strcmp(result, "ok") || !strcmp(result, "late"))
		ups_write(ups, setup[3], setup[2], request->data + ids,
			  (size_t)request->len - ids);
	return request->len;
}

static int usb_limited(int len, const uint8_t *setup)
{
	int wanted = setup[6] | setup[7] << 8;

	return len > wanted ? wanted : len;
}

static int usb_standard(struct usb *usb, const uint8_t *setup, uint8_t *answer)
{
	char what[16];

	snprintf(what, sizeof(what), "%02x %02x %02x%02x", setup[0], setup[1],
		 setup[3], setup[2]);
	timeline_say(usb->ups->timeline, "control", "ups", "%s", usb->ups->name,
		     "setup", "%s", what, NULL);
	if ((setup[0] == IN_DEVICE || setup[0] == IN_INTERFACE) &&
	    setup[1] == GET_DESCRIPTOR)
		return usb_limited(
			usb_get_descriptor(usb, setup[3], setup[2], answer),
			setup);
	if (setup[0] & 0x80 && !(setup[0] & 0x60) && setup[1] == GET_STATUS) {
		answer[0] = answer[1] = 0;
		return usb_limited(2, setup);
	}
	/* SET_IDLE, SET_FEATURE and CLEAR_FEATURE change nothing here. */
	return setup[0] & 0x80 ? -1 : 0;
}

static int usb_hid_request(struct usb *usb, const struct usb_pending *request,
			   uint8_t *answer)
{
	const uint8_t *setup = request->setup;

	if (setup[0] == CLASS_IN && setup[1] == GET_REPORT)
		return usb_get_report(usb, setup, answer);
	if (setup[0] == CLASS_OUT && setup[1] == SET_REPORT)
		return usb_set_report(usb, request);
	return USB_NOT_MINE;
}

int usb_request(struct usb *usb, const struct usb_pending *request,
		uint8_t *answer)
{
	int ret = usb->function->request(usb, request, answer);

	return ret == USB_NOT_MINE ? usb_standard(usb, request->setup, answer)
				   : ret;
}

const struct usb_function usb_hid_function = {
	.interface_class = 3,
	.endpoint = { { 0x81, usb_redir_type_interrupt, 20 } },
	.configuration = usb_configuration_descriptor,
	.start = usb_pipe_start,
	.request = usb_hid_request,
	.send = usb_pipe_send,
};

int64_t usb_request_delay_ms(struct usb *usb, struct usb_pending *request)
{
	const uint8_t *setup = request->setup;
	struct ups *ups = usb->ups;
	struct fault *fault;
	int i;

	if (setup[0] != CLASS_OUT || setup[1] != SET_REPORT)
		return ups->latency_ms;
	for (i = 0; i < ups->faults; i++) {
		fault = &ups->fault[i];
		if (fault->kind != FAULT_HANG || fault->report != setup[2] ||
		    !fault->times)
			continue;
		if (fault->times > 0)
			fault->times--;
		request->spoiled = true;
		return fault->delay_ms;
	}
	return ups->latency_ms;
}
