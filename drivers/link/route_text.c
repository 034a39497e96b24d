// SPDX-License-Identifier: MIT
/*
 * A route as one line of text:
 *
 *   inet 10.0.0.9 from 10.0.0.2/24 via 10.0.0.1 mac 52:54:00:00:00:01
 *   dev vlan5 52:54:00:00:00:02 vlan 5 dev eth0 52:54:00:00:00:02 plain
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "link/route.h"

#define VLAN_MAX 4094

static const char *const route_kinds[] = {
	[ROUTE_PLAIN] = "plain",
	[ROUTE_VLAN] = "vlan",
	[ROUTE_MASTER] = "master",
	[ROUTE_LOST] = "lost",
};

#define ROUTE_KINDS (sizeof(route_kinds) / sizeof(route_kinds[0]))

void route_print_address(int family, const struct route_address *address,
			 char text[48])
{
	if (!inet_ntop(family, address, text, 48))
		text[0] = '\0';
}

static void route_add(char text[ROUTE_TEXT_MAX], const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void route_add(char text[ROUTE_TEXT_MAX], const char *format, ...)
{
	size_t len = strlen(text);
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text + len, ROUTE_TEXT_MAX - len, format, args);
	va_end(args);
}

static void route_add_mac(char text[ROUTE_TEXT_MAX],
			  const uint8_t mac[ROUTE_MAC_LEN])
{
	for (int i = 0; i < ROUTE_MAC_LEN; i++)
		route_add(text, "%c%02x", i ? ':' : ' ', mac[i]);
}

void route_print(const struct route *route, char text[ROUTE_TEXT_MAX])
{
	char host[48], source[48], gateway[48];

	route_print_address(route->family, &route->host, host);
	route_print_address(route->family, &route->source, source);
	route_print_address(route->family, &route->gateway, gateway);
	text[0] = '\0';
	route_add(text, "%s %s from %s/%d",
		  route->family == AF_INET6 ? "inet6" : "inet", host, source,
		  route->prefix_len);
	if (route->is_local)
		route_add(text, " local");
	if (route->has_gateway)
		route_add(text, " via %s", gateway);
	if (route->has_mac) {
		route_add(text, " mac");
		route_add_mac(text, route->mac);
	}
	for (int i = 0; i < route->devices; i++) {
		const struct route_device *device = &route->device[i];

		route_add(text, " dev %s", device->name);
		route_add_mac(text, device->mac);
		route_add(text, " %s", route_kinds[device->kind]);
		if (device->kind == ROUTE_VLAN)
			route_add(text, " %d", device->vlan);
	}
}

/* The words of the text, one after the other. */
struct route_words {
	char text[ROUTE_TEXT_MAX];
	char *rest;
};

/** The next word, "" at the end. */
static const char *route_word(struct route_words *words)
{
	const char *word = strtok_r(NULL, " ", &words->rest);

	return word ? word : "";
}

static bool route_parse_mac(const char *word, uint8_t mac[ROUTE_MAC_LEN])
{
	for (int i = 0; i < ROUTE_MAC_LEN; i++) {
		char *end;
		unsigned long byte = strtoul(word, &end, 16);

		if (end != word + 2 || byte > 0xff ||
		    *end != (i == ROUTE_MAC_LEN - 1 ? '\0' : ':'))
			return false;
		mac[i] = (uint8_t)byte;
		word = end + 1;
	}
	return true;
}

/** A whole number from 0 to @max; -1 if it is not. */
static int route_parse_number(const char *word, int max)
{
	char *end;
	long number = strtol(word, &end, 10);

	return end == word || *end || number < 0 || number > max ? -1
								 : (int)number;
}

static bool route_parse_device(struct route *route, struct route_words *words)
{
	struct route_device *device = &route->device[route->devices];
	const char *name = route_word(words), *kind;
	int vlan;

	if (route->devices == ROUTE_DEVICES_MAX || !*name ||
	    strlen(name) >= sizeof(device->name) || strchr(name, '/'))
		return false;
	(void)strcpy(device->name, name); /* it fits */
	if (!route_parse_mac(route_word(words), device->mac))
		return false;
	kind = route_word(words);
	device->kind = ROUTE_KINDS;
	for (size_t i = 0; i < ROUTE_KINDS; i++) {
		if (!strcmp(kind, route_kinds[i]))
			device->kind = (enum route_kind)i;
	}
	if (device->kind == ROUTE_VLAN) {
		vlan = route_parse_number(route_word(words), VLAN_MAX);
		if (vlan < 0)
			return false;
		device->vlan = (uint16_t)vlan;
	}
	route->devices++;
	return device->kind != ROUTE_KINDS;
}

static bool route_parse_address(const struct route *route, const char *word,
				struct route_address *address)
{
	return inet_pton(route->family, word, address) == 1;
}

/** "ADDRESS/PREFIX" */
static bool route_parse_source(struct route *route, const char *word)
{
	char address[48];
	const char *slash = strchr(word, '/');
	size_t len = slash ? (size_t)(slash - word) : 0;
	int bits = route->family == AF_INET ? 32 : 128, prefix_len;

	if (len == 0 || len >= sizeof(address))
		return false;
	memcpy(address, word, len);
	address[len] = '\0';
	prefix_len = route_parse_number(slash + 1, bits);
	route->prefix_len = (uint8_t)prefix_len;
	return prefix_len >= 0 &&
	       route_parse_address(route, address, &route->source);
}

/** One of the optional parts, which begins with @word. */
static bool route_parse_part(struct route *route, const char *word,
			     struct route_words *words)
{
	if (!strcmp(word, "local")) {
		route->is_local = true;
		return true;
	}
	if (!strcmp(word, "via")) {
		route->has_gateway = true;
		return route_parse_address(route, route_word(words),
					   &route->gateway);
	}
	if (!strcmp(word, "mac")) {
		route->has_mac = true;
		return route_parse_mac(route_word(words), route->mac);
	}
	return !strcmp(word, "dev") && route_parse_device(route, words);
}

int route_parse(struct route *route, const char *text)
{
	struct route_words words;
	const char *word;

	memset(route, 0, sizeof(*route));
	if (strlen(text) >= sizeof(words.text))
		return -EINVAL;
	(void)strcpy(words.text, text); /* it fits */
	word = strtok_r(words.text, " ", &words.rest);
	if (!word)
		return -EINVAL;
	if (!strcmp(word, "inet"))
		route->family = AF_INET;
	else if (!strcmp(word, "inet6"))
		route->family = AF_INET6;
	else
		return -EINVAL;
	if (!route_parse_address(route, route_word(&words), &route->host) ||
	    strcmp(route_word(&words), "from") != 0 ||
	    !route_parse_source(route, route_word(&words)))
		return -EINVAL;
	for (word = route_word(&words); *word; word = route_word(&words)) {
		if (!route_parse_part(route, word, &words))
			return -EINVAL;
	}
	return 0;
}
