// SPDX-License-Identifier: MIT
/* Reads the list of sdcommands. */
#include "base/sdcommands.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static const struct {
	const char *name;
	enum ups_command command;
} sdcommands[] = {
	{ "shutdown.default", UPS_RETURN },  { "shutdown.return", UPS_RETURN },
	{ "shutdown.stayoff", UPS_STAYOFF }, { "shutdown.reboot", UPS_REBOOT },
	{ "load.off.delay", UPS_STAYOFF },   { "load.off", UPS_OFF },
};

bool sdcommands_next(const char **list, struct sdcommand *item)
{
	const char *from = *list;
	size_t len, name_len;

	while (from && (isspace((unsigned char)*from) || *from == ','))
		from++;
	if (!from || !*from)
		return false;
	len = strcspn(from, ",");
	*list = from + len;
	while (isspace((unsigned char)from[len - 1]))
		len--;

	*item = (struct sdcommand){ 0 };
	name_len = len < sizeof(item->name) ? len : sizeof(item->name) - 1;
	memcpy(item->name, from, name_len);
	for (size_t i = 0; i < sizeof(sdcommands) / sizeof(sdcommands[0]); i++) {
		if (strcasecmp(sdcommands[i].name, item->name) != 0)
			continue;
		item->known = true;
		item->exact = i > 0;
		item->command = sdcommands[i].command;
	}
	return true;
}
