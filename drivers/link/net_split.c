// SPDX-License-Identifier: MIT
/* Hosts and ports, as sections of ups.conf name them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "link/net.h"

#define NET_PORT_MAX 65535

int net_split(const char *text, char host[NET_HOST_MAX], int *port)
{
	const char *from = text, *end, *colon;
	char *rest;
	long number;

	if (*text == '[') {
		from = text + 1;
		end = strchr(from, ']');
		if (!end || (end[1] && end[1] != ':'))
			return -EINVAL;
		colon = end[1] ? end + 1 : NULL;
	} else {
		colon = strchr(text, ':');
		/* More than one: an IPv6 address without brackets. */
		if (colon && strchr(colon + 1, ':'))
			colon = NULL;
		end = colon ? colon : text + strlen(text);
	}
	if (end == from || end - from >= NET_HOST_MAX)
		return -EINVAL;
	memcpy(host, from, (size_t)(end - from));
	host[end - from] = '\0';
	if (!colon)
		return 0;
	number = strtol(colon + 1, &rest, 10);
	if (rest == colon + 1 || *rest || number < 1 || number > NET_PORT_MAX)
		return -EINVAL;
	*port = (int)number;
	return 0;
}
