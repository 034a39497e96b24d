// SPDX-License-Identifier: MIT
/*
 * How the UPSes on the network are reached. When PID 1 asks, there may be no
 * address, no route and nobody who knows names: it has to be written down
 * while the network is there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fleet.h"
#include "handover.h"
#include "link/net.h"
#include "link/resolve.h"
#include "link/route.h"

/* One name may hang, and must not take the time of the others. */
#define NETWORK_ASK_MS 3000

struct network {
	struct handover *handover;
	struct handover *old; /* what was written before; NULL if nothing */
	const struct conf_report *report;
};

static void network_say(struct network *network, int section, const char *host,
			const char *what)
{
	const struct conf *conf = &network->handover->conf;
	const char *name = conf_section_name(conf, section);

	handover_add_note(network->handover, "[%s] the way to %s %s", name,
			  host, what);
	conf_say(network->report,
		 conf_place(conf, conf->section_line[section]).text, 0,
		 "[%s] the way to %s %s", name, host, what);
}

/** The first of its addresses to which there is a way. */
static int network_ask(const char *host, struct route *route, deadline_t until)
{
	struct resolve_answer answer;
	int ret = resolve_host(
		host, &answer,
		deadline_earlier(until, deadline_in_ms(NETWORK_ASK_MS)));

	for (int i = 0; ret == 0 && i < answer.count; i++) {
		int found = route_find(route, answer.entry[i].family,
				       &answer.entry[i].address);

		if (found == 0)
			return 0;
		if (i == answer.count - 1)
			ret = found;
	}
	return ret;
}

/** The same host was written down before: that route as text, or NULL. */
static const char *network_remember(const struct network *network, int section,
				    const char *host)
{
	const struct conf *conf = &network->handover->conf;
	char before[NET_HOST_MAX];
	struct ups ups = { 0 };

	if (!network->old)
		return NULL;
	ups.conf = &network->old->conf;
	ups.section =
		conf_find_section(ups.conf, conf_section_name(conf, section));
	if (ups.section <= 0)
		return NULL;
	ups.driver = fleet_find_driver(
		ups_value(&ups, "driver") ? ups_value(&ups, "driver") : "");
	if (!ups.driver || !ups.driver->find_host ||
	    ups.driver->find_host(&ups, before, sizeof(before)) < 0 ||
	    strcmp(before, host) != 0)
		return NULL;
	return ups_value(&ups, ROUTE_KEY);
}

static void network_find_route(struct network *network, int section,
			       const char *host, deadline_t until)
{
	struct conf *conf = &network->handover->conf;
	const char *objection, *before;
	char text[ROUTE_TEXT_MAX];
	struct route route;

	if (network_ask(host, &route, until) == 0) {
		route_print(&route, text);
		objection = route_find_objection(&route);
		if (objection)
			network_say(network, section, host, objection);
	} else {
		before = network_remember(network, section, host);
		if (!before) {
			network_say(
				network, section, host,
				"is not known: it is commanded only if the network stays up");
			return;
		}
		(void)snprintf(text, sizeof(text), "%s", before);
	}
	if (conf_add(conf, section, ROUTE_KEY, text) < 0)
		network_say(network, section, host,
			    "does not fit into the handover");
}

void handover_find_routes(struct handover *handover, const char *dir,
			  const struct conf_report *report, deadline_t until)
{
	struct network network = {
		.handover = handover,
		.old = malloc(sizeof(*network.old)),
		.report = report,
	};
	const struct conf *conf = &handover->conf;
	char why[UPS_SENTENCE_MAX], host[NET_HOST_MAX];

	if (network.old &&
	    handover_read(network.old, dir, handover->boot_id, why) < 0) {
		free(network.old);
		network.old = NULL;
	}
	for (int i = 1; i < conf->sections; i++) {
		struct ups ups = { .conf = conf, .section = i };
		const char *driver = ups_value(&ups, "driver");

		if (!driver || !handover_is_primary_of(
				       handover, conf_section_name(conf, i)))
			continue;
		ups.driver = fleet_find_driver(driver);
		if (ups.driver && ups.driver->find_host &&
		    ups.driver->find_host(&ups, host, sizeof(host)) == 0)
			network_find_route(&network, i, host, until);
	}
	free(network.old);
}
