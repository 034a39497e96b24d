// SPDX-License-Identifier: MIT
/* Writes down where the serial ports are, for names do not last. */
#include "handover_parts.h"

#include <string.h>

#include "link/serial_place.h"

/** What does not fit is not known later, and the name has to do. */
static void ports_add(struct conf *conf, int section, const char *port)
{
	struct serial_place place;

	if (serial_find_place(port, "/sys", &place) < 0)
		return;
	(void)conf_add(conf, section, SERIAL_KEY_DEVICE, place.device);
	if (*place.place)
		(void)conf_add(conf, section, SERIAL_KEY_PLACE, place.place);
}

void handover_find_ports(struct handover *handover)
{
	struct conf *conf = &handover->conf;

	for (int i = 1; i < conf->sections; i++) {
		const char *port = conf_value(conf, i, "port");

		if (port && !strncmp(port, "/dev/", 5))
			ports_add(conf, i, port);
	}
}
