// SPDX-License-Identifier: MIT
/* Reads roles and the flag's path from upsmon.conf; passwords stay there. */
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>
#include <sys/utsname.h>

#include "handover_format.h"
#include "handover_parts.h"

#define UPSMON_MONITOR_WORDS 6
#define UPSMON_SYSTEMS_MAX   64

/** Who is read, and who listens. */
struct upsmon {
	struct handover *handover;
	const char *file;
	const struct conf_report *report;
	int systems;
	uint32_t system[UPSMON_SYSTEMS_MAX]; /* sums of what MONITOR had */
};

/** Does @address, as text, equal the address of an interface? */
static bool upsmon_is_own_address(int family, const void *address)
{
	struct ifaddrs *list;
	bool found = false;

	if (getifaddrs(&list))
		return false;
	for (struct ifaddrs *i = list; i && !found; i = i->ifa_next) {
		const struct sockaddr *own = i->ifa_addr;

		if (!own || own->sa_family != family)
			continue;
		if (family == AF_INET)
			found = !memcmp(
				&((const struct sockaddr_in *)own)->sin_addr,
				address, sizeof(struct in_addr));
		else
			found = !memcmp(
				&((const struct sockaddr_in6 *)own)->sin6_addr,
				address, sizeof(struct in6_addr));
	}
	freeifaddrs(list);
	return found;
}

static bool upsmon_is_own_ipv4(const struct in_addr *address)
{
	uint32_t host = ntohl(address->s_addr);

	/* Who connects to 0.0.0.0 reaches his own machine. */
	return host == 0 || host >> 24 == 127 ||
	       upsmon_is_own_address(AF_INET, address);
}

static bool upsmon_is_own_ipv6(const struct in6_addr *address)
{
	struct in_addr mapped;

	if (IN6_IS_ADDR_V4MAPPED(address)) {
		memcpy(&mapped, address->s6_addr + 12, sizeof(mapped));
		return upsmon_is_own_ipv4(&mapped);
	}
	return IN6_IS_ADDR_LOOPBACK(address) ||
	       IN6_IS_ADDR_UNSPECIFIED(address) ||
	       upsmon_is_own_address(AF_INET6, address);
}

/** "localhost", with whatever /etc/hosts has behind it: 4, 6, a domain. */
static bool upsmon_is_localhost(const char *host)
{
	static const char name[] = "localhost";
	size_t len = sizeof(name) - 1;

	return !strcasecmp(host, "ip6-localhost") ||
	       !strcasecmp(host, "ip6-loopback") ||
	       (!strncasecmp(host, name, len) &&
		(host[len] == '\0' || strchr("46.", host[len])));
}

/** The name of this machine: with a domain there, here, or the same twice. */
static bool upsmon_is_own_name(const char *host)
{
	struct utsname name;
	size_t label;

	if (upsmon_is_localhost(host))
		return true;
	if (uname(&name))
		return false;
	label = strcspn(name.nodename, ".");
	if (label == 0 || label != strcspn(host, ".") ||
	    strncasecmp(host, name.nodename, label) != 0)
		return false;
	return !host[label] || !name.nodename[label] ||
	       !strcasecmp(host, name.nodename);
}

bool handover_is_this_machine(const char *host)
{
	char bare[INET6_ADDRSTRLEN];
	size_t len = strcspn(host, "%"); /* fe80::1%eth0 */
	struct in_addr ipv4;
	struct in6_addr ipv6;

	if (!*host)
		return true;
	if (len < sizeof(bare)) {
		memcpy(bare, host, len);
		bare[len] = '\0';
		if (inet_pton(AF_INET, bare, &ipv4) == 1)
			return upsmon_is_own_ipv4(&ipv4);
		if (inet_pton(AF_INET6, bare, &ipv6) == 1)
			return upsmon_is_own_ipv6(&ipv6);
	}
	return upsmon_is_own_name(host);
}

/**
 * Cut "ups@host:port" into its name and host, in place. Brackets may stand
 * around the host, and must if it is an IPv6 address with a port.
 */
static const char *upsmon_split_system(char *system)
{
	char *host = strchr(system, '@');
	char *end;

	if (!host)
		return "";
	*host++ = '\0';
	if (*host == '[') {
		host++;
		end = strchr(host, ']');
	} else {
		end = strchr(host, ':');
		if (end && strchr(end + 1, ':'))
			end = NULL; /* an IPv6 address, bare */
	}
	if (end)
		*end = '\0';
	return *host ? host : NULL;
}

void handover_add_primary(struct handover *handover, const char *name,
			  const char *file, int line,
			  const struct conf_report *report)
{
	if (handover_is_primary_of(handover, name))
		return;
	if (!*name || strlen(name) >= UPS_NAME_MAX) {
		conf_say(report, file, line,
			 "a UPS's name must have 1 to %d characters; this one is ignored",
			 UPS_NAME_MAX - 1);
		return;
	}
	if (handover->primaries == HANDOVER_UPS_MAX) {
		conf_say(report, file, line,
			 "this is more than %d UPSes; %s is left out",
			 HANDOVER_UPS_MAX, name);
		return;
	}
	strcpy(handover->primary[handover->primaries++], name);
}

/** Of two MONITORs of the same system NUT takes the first, role and all. */
static bool upsmon_is_new_system(struct upsmon *upsmon,
				 const struct conf_line *line)
{
	const char *system = line->word[1];
	uint32_t sum = handover_crc32(system, strlen(system));

	for (int i = 0; i < upsmon->systems; i++) {
		if (upsmon->system[i] != sum)
			continue;
		conf_say(upsmon->report, upsmon->file, line->number,
			 "this MONITOR is ignored: there is one of the same UPS above it");
		return false;
	}
	if (upsmon->systems == UPSMON_SYSTEMS_MAX) {
		conf_say(upsmon->report, upsmon->file, line->number,
			 "this is more than %d MONITORs; it is left out",
			 UPSMON_SYSTEMS_MAX);
		return false;
	}
	upsmon->system[upsmon->systems++] = sum;
	return true;
}

/** Never quote a word of it: people mix up the order, and one is a password. */
static void upsmon_take_monitor(struct upsmon *upsmon, struct conf_line *line)
{
	const char *role = line->word[5];
	bool is_primary;
	const char *host;
	bool is_other;

	if (line->words < UPSMON_MONITOR_WORDS) {
		conf_say(upsmon->report, upsmon->file, line->number,
			 "MONITOR needs five words after it; this one is ignored");
		return;
	}
	is_primary = !strcasecmp(role, "primary") || !strcasecmp(role, "master");
	if (!is_primary && strcasecmp(role, "secondary") &&
	    strcasecmp(role, "slave")) {
		conf_say(upsmon->report, upsmon->file, line->number,
			 "the last word of MONITOR must be primary or secondary; this one is ignored");
		return;
	}
	if (!upsmon_is_new_system(upsmon, line))
		return;
	host = upsmon_split_system(line->word[1]);
	is_other = !host || !handover_is_this_machine(host);
	upsmon->handover->others =
		(uint16_t)(upsmon->handover->others + is_other);
	if (!is_primary)
		return;
	if (is_other) {
		conf_say(upsmon->report, upsmon->file, line->number,
			 "this primary's UPS is on another machine, and ours to cut only by a section of lastwatt.conf");
		return;
	}
	handover_add_primary(upsmon->handover, line->word[1], upsmon->file,
			     line->number, upsmon->report);
}

static void upsmon_take_flag_path(const struct upsmon *upsmon,
				  const struct conf_line *line)
{
	struct handover *handover = upsmon->handover;
	const char *path = line->word[1];

	if (line->words < 2)
		return;
	handover->flag_path[0] = '\0';
	if (path[0] != '/' || strlen(path) >= sizeof(handover->flag_path)) {
		conf_say(upsmon->report, upsmon->file, line->number,
			 "POWERDOWNFLAG must be an absolute path of at most %d characters",
			 HANDOVER_PATH_MAX - 1);
		return;
	}
	strcpy(handover->flag_path, path);
}

void handover_read_upsmon(struct handover *handover, const char *name,
			  const struct handover_file *file,
			  const struct conf_report *report)
{
	struct upsmon upsmon = { handover, name, report, 0, { 0 } };
	struct conf_reader reader;
	struct conf_line line;

	conf_reader_start(&reader, name, file->text, file->len, report);
	while (conf_next_line(&reader, &line)) {
		if (!strcmp(line.word[0], "MONITOR"))
			upsmon_take_monitor(&upsmon, &line);
		else if (!strcmp(line.word[0], "POWERDOWNFLAG"))
			upsmon_take_flag_path(&upsmon, &line);
	}
	explicit_bzero(&line, sizeof(line)); /* passwords were in it */
}
