// SPDX-License-Identifier: MIT
/* Would a UPS on the network be reached at the end, when nobody runs that? */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "cmd/check_parts.h"
#include "cmd/stage_parts.h"
#include "link/net.h"
#include "link/resolve.h"
#include "link/route.h"

#define CHECK_NAME_MS 5000

/** A switch that wants 802.1X closes the port when nobody answers it. */
static void check_wire(struct check *check, const struct ups *ups,
		       const struct route *route)
{
	const struct route_device *device = route->device;
	char path[STAGE_PATH_MAX];

	/* The lowest is the one with the cable in it. */
	for (int i = 1; i < route->devices; i++)
		device = &route->device[i];
	(void)snprintf(path, sizeof(path), "%s/run/wpa_supplicant/%s",
		       check->root, device->name); /* a cut one is not found */
	if (device->name[0] && !access(path, F_OK))
		check_note(
			check,
			"[%s] wpa_supplicant opens the port of the switch that %s is on (802.1X), and nobody does at the end: have it stay open for this machine",
			ups->name, device->name);
}

/** What stands in the way of making this one again. */
static bool check_route(struct check *check, const struct ups *ups,
			const char *host, const struct route *route)
{
	const char *objection = route_find_objection(route);

	if (objection)
		check_error(
			check,
			"[%s] the way to %s %s: at the end, when the network has been taken down, it is not commanded",
			ups->name, host, objection);
	else if (route->is_local)
		check_error(
			check,
			"[%s] %s is this machine, where nobody answers any more at the end: let ups.conf name the UPS itself",
			ups->name, host);
	else
		check_wire(check, ups, route);
	return !objection;
}

/** The first of its addresses to which there is a way, as the handover does. */
static bool check_addresses(struct check *check, const struct ups *ups,
			    const char *host,
			    const struct resolve_answer *answer)
{
	struct route route = { 0 };

	for (int i = 0; i < answer->count; i++) {
		int ret = route_find(&route, answer->entry[i].family,
				     &answer->entry[i].address);

		if (ret == 0)
			return check_route(check, ups, host, &route);
	}
	if (route_find_objection(&route))
		return check_route(check, ups, host, &route);
	check_error(
		check,
		"[%s] there is no way to %s now, so that none can be remembered for the end: is the network up?",
		ups->name, host);
	return false;
}

bool check_network(struct check *check, const struct ups *ups)
{
	struct resolve_answer answer;
	char host[NET_HOST_MAX];
	int ret;

	if (!ups->driver->find_host ||
	    ups->driver->find_host(ups, host, sizeof(host)) < 0)
		return true;
	ret = resolve_host(host, &answer, deadline_in_ms(CHECK_NAME_MS));
	if (ret == 0)
		return check_addresses(check, ups, host, &answer);
	check_error(
		check,
		ret == -ETIMEDOUT
			? "[%s] nobody says in time what the address of %s is: put the address in place of the name, or both into /etc/hosts"
			: "[%s] nobody knows the address of %s: put the address in place of the name, or both into /etc/hosts",
		ups->name, host);
	return false;
}
