/* SPDX-License-Identifier: MIT */
/* Reads NAME.ups: what the emulated UPS is, and what is wrong with it. */
#include "ups.h"

#include <string.h>
#include <unistd.h>

static void ups_copy_text(char *to, size_t size, const struct words *words)
{
	const char *word = words_need(words, 2, "the value");

	if (strlen(word) >= size)
		words_die(words->file, "\"%s\" is too long", word);
	strcpy(to, word);
}

/* "answer = 0x09 3": that report is answered with 3 bytes. */
static void ups_take_answer(struct ups *ups, const struct words *words)
{
	long report = words_number(words, 2, 0, 0, 255);

	ups->answer_len[REPORT_FEATURE][report] =
		(uint16_t)words_number(words, 3, 10, 1, UPS_REPORT_MAX);
}

/* "granularity_s = 10 down": rounded to it, up if nothing is said. */
static void ups_take_granularity(struct ups *ups, const struct words *words)
{
	ups->granularity_s = (int)words_number(words, 2, 10, 1, 3600);
	ups->rounds_down = words->count > 3 && !strcmp(words->word[3], "down");
	if (words->count > 3 && !ups->rounds_down && strcmp(words->word[3], "up"))
		words_die(words->file, "\"%s\" is neither up nor down",
			  words->word[3]);
}

static enum delays ups_take_delays(const struct words *words)
{
	static const char *const names[] = {
		[DELAYS_SECONDS] = "seconds",
		[DELAYS_MINUTES_SECONDS] = "minutes-seconds",
		[DELAYS_INDEX] = "index",
	};
	const char *word = words_need(words, 2, "what the delays are");
	int i;

	for (i = 0; i < 3; i++)
		if (!strcmp(word, names[i]))
			return (enum delays)i;
	words_die(words->file,
		  "\"%s\" is not one of seconds, minutes-seconds, index", word);
}

static bool ups_take_flag(const struct words *words)
{
	const char *word = words_need(words, 2, "yes or no");

	if (!strcmp(word, "yes"))
		return true;
	if (strcmp(word, "no"))
		words_die(words->file, "\"%s\" is neither yes nor no", word);
	return false;
}

static const char *ups_find_file(const struct words *words, char *path,
				 size_t size, const char *const *search)
{
	const char *name = words_need(words, 2, "the name of a file");

	for (; *search; search++) {
		snprintf(path, size, "%s/%s", *search, name);
		if (!access(path, R_OK))
			return path;
	}
	words_die(words->file, "there is no file %s", name);
}

static void ups_load_descriptor(struct ups *ups, const struct words *words,
				const char *path)
{
	ups->descriptor_len =
		words_hex_file(path, ups->descriptor, sizeof(ups->descriptor));
	if (!layout_read(&ups->layout, ups->descriptor, ups->descriptor_len))
		words_die(words->file, "%s is no sound report descriptor", path);
}

static bool ups_is_byte(const char *word)
{
	return strlen(word) == 2 && strspn(word, "0123456789abcdefABCDEF") == 2;
}

/*
 * Lines "Feature 0x0b 0b 04 04": a type, a number, the report with it, and
 * words about it. Its length holds, whatever the descriptor says.
 */
static void ups_load_values(struct ups *ups, const char *path)
{
	struct words_file file;
	struct words words;
	enum report_type type;
	uint8_t report;
	int i;

	words_open(&file, path);
	while (words_next(&file, &words)) {
		type = !strcmp(words.word[0], "Feature") ? REPORT_FEATURE
		       : !strcmp(words.word[0], "Input") ? REPORT_INPUT
							 : REPORT_OUTPUT;
		report = (uint8_t)words_number(&words, 1, 0, 0, 255);
		for (i = 3; i < words.count && ups_is_byte(words.word[i]); i++)
			ups->report[type][report][i - 3] =
				(uint8_t)words_number(&words, i, 16, 0, 255);
		ups->answer_len[type][report] = (uint16_t)(i - 2);
	}
	words_close(&file);
}

static bool ups_take_text(struct ups *ups, const struct words *words,
			  const char *key)
{
	if (!strcmp(key, "manufacturer"))
		ups_copy_text(ups->manufacturer, sizeof(ups->manufacturer),
			      words);
	else if (!strcmp(key, "model"))
		ups_copy_text(ups->model, sizeof(ups->model), words);
	else if (!strcmp(key, "serial"))
		ups_copy_text(ups->serial, sizeof(ups->serial), words);
	else
		return false;
	return true;
}

static bool ups_take_number(struct ups *ups, const struct words *words,
			    const char *key)
{
	if (!strcmp(key, "vendor"))
		ups->vendor = (uint16_t)words_number(words, 2, 16, 0, 0xffff);
	else if (!strcmp(key, "product"))
		ups->product = (uint16_t)words_number(words, 2, 16, 0, 0xffff);
	else if (!strcmp(key, "release"))
		ups->release = (uint16_t)words_number(words, 2, 16, 0, 0xffff);
	else if (!strcmp(key, "charge_pct"))
		ups->charge_pct = (int)words_number(words, 2, 10, 0, 100);
	else if (!strcmp(key, "runtime_s"))
		ups->runtime_s = (int)words_number(words, 2, 10, 0, 1000000);
	else if (!strcmp(key, "low_pct"))
		ups->low_pct = (int)words_number(words, 2, 10, 0, 100);
	else
		return false;
	return true;
}

static bool ups_take_quirk(struct ups *ups, const struct words *words,
			   const char *key)
{
	if (!strcmp(key, "stall") || !strcmp(key, "hang") ||
	    !strcmp(key, "ignore") || !strcmp(key, "busy"))
		ups_add_fault(ups, words, 2, key);
	else if (!strcmp(key, "latency"))
		ups->latency_ms = words_time_ms(words, 2);
	else if (!strcmp(key, "delays"))
		ups->delays = ups_take_delays(words);
	else if (!strcmp(key, "reboot_counts"))
		ups->reboot_counts = ups_take_flag(words);
	else if (!strcmp(key, "granularity_s"))
		ups_take_granularity(ups, words);
	else if (!strcmp(key, "answer"))
		ups_take_answer(ups, words);
	else if (!strcmp(key, "shy"))
		ups->shy = (int)words_number(words, 2, 10, 1, 100);
	else if (!strcmp(key, "garbage"))
		ups->garbage = (int)words_number(words, 2, 10, 1, 100);
	else if (!strcmp(key, "forgets"))
		ups->forgets = ups_take_flag(words);
	else
		return false;
	return true;
}

/*
 * "listen = 192.0.2.7", "port = 1610", "vlan = 5", "network = silent", "agent =
 * snmpd.conf".
 */
static bool ups_take_net(struct ups *ups, const struct words *words,
			 const char *key, const char *const *search)
{
	if (!strcmp(key, "listen"))
		ups_copy_text(ups->listen, sizeof(ups->listen), words);
	else if (!strcmp(key, "port"))
		ups->net_port = (int)words_number(words, 2, 10, 1, 65535);
	else if (!strcmp(key, "vlan"))
		ups->vlan = (int)words_number(words, 2, 10, 1, 4094);
	else if (!strcmp(key, "network"))
		ups->net_trouble = net_take_trouble(words, 2);
	else if (!strcmp(key, "agent"))
		ups_find_file(words, ups->agent, sizeof(ups->agent), search);
	else
		return false;
	return true;
}

/* "device = line qx-voltronic", "device = usb …", "device = net …". */
static void ups_take_device(struct ups *ups, const struct words *words)
{
	if (!strcmp(words->word[2], "usb"))
		ups->port = UPS_IS_DEVICE;
	else if (!strcmp(words->word[2], "net"))
		ups->port = UPS_ON_NET;
	else if (strcmp(words->word[2], "line"))
		words_die(words->file,
			  "a device is a line, on usb, or on the net");
	snprintf(ups->line_kind, sizeof(ups->line_kind), "%s",
		 words_need(words, 3, "the kind of device"));
}

/* "on = usb-serial", "line = slow 700ms". */
static bool ups_take_line(struct ups *ups, const struct words *words,
			  const char *key)
{
	static const char *const ports[] = {
		[UPS_ON_USB] = "usb",
		[UPS_ON_SERIAL] = "serial",
		[UPS_ON_USB_SERIAL] = "usb-serial",
		[UPS_ON_ADAPTER] = "adapter",
	};
	size_t i;

	if (!strcmp(key, "line")) {
		ups->line_trouble = line_take_trouble(words, 2);
		return true;
	}
	if (!strcmp(key, "usb")) {
		ups->device_trouble = device_take_trouble(words, 2);
		return true;
	}
	if (!strcmp(key, "device")) {
		ups_take_device(ups, words);
		return true;
	}
	if (strcmp(key, "on"))
		return false;
	for (i = 0; i < sizeof(ports) / sizeof(ports[0]); i++) {
		if (strcmp(words->word[2], ports[i]))
			continue;
		ups->port = (enum ups_port)i;
		return true;
	}
	words_die(words->file, "there is no port \"%s\"", words->word[2]);
}

static bool ups_take_setting(struct ups *ups, const struct words *words,
			     const char *key, const char *const *search)
{
	char path[1024];

	if (!strcmp(key, "descriptor"))
		ups_load_descriptor(
			ups, words,
			ups_find_file(words, path, sizeof(path), search));
	else if (!strcmp(key, "values"))
		ups_load_values(
			ups, ups_find_file(words, path, sizeof(path), search));
	else if (!strcmp(key, "feeds"))
		ups->feeds = ups_take_flag(words);
	else if (!strcmp(key, "restart"))
		ups->restart = ups_take_flag(words);
	else if (!strcmp(key, "plugged"))
		ups->plugged = ups_take_flag(words);
	else
		return ups_take_quirk(ups, words, key) ||
		       ups_take_text(ups, words, key) ||
		       ups_take_line(ups, words, key) ||
		       ups_take_net(ups, words, key, search) ||
		       ups_take_number(ups, words, key);
	return true;
}

void ups_load_file(struct ups *ups, const char *path, const char *const *search)
{
	struct words_file file;
	struct words words;

	ups->vendor = 0x0463;
	ups->product = 0xffff;
	ups->release = 0x0100;
	strcpy(ups->manufacturer, "EATON");
	strcpy(ups->model, "Rig");
	strcpy(ups->serial, ups->name);
	ups->feeds = ups->plugged = ups->mains = ups->load = true;
	ups->charge_pct = 80;
	ups->runtime_s = 600;
	ups->low_pct = 20;
	ups->off_at_ms = ups->on_at_ms = UPS_NEVER;

	words_open(&file, path);
	while (words_next(&file, &words)) {
		if (words.count < 3 || strcmp(words.word[1], "="))
			words_die(&file, "this is not \"key = value\"");
		if (!ups_take_setting(ups, &words, words.word[0], search))
			words_die(&file, "there is no key \"%s\"",
				  words.word[0]);
	}
	if (ups->line_kind[0] && ups->port == UPS_ON_USB)
		ups->port = UPS_ON_SERIAL;
	if (ups->port != UPS_ON_USB && !ups->line_kind[0])
		words_die(&file, "the key \"device\" is missing");
	if (ups->port == UPS_ON_USB && !ups->descriptor_len)
		words_die(&file, "the key \"descriptor\" is missing");
	words_close(&file);
}
