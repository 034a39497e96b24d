// SPDX-License-Identifier: MIT
/* Collects from NUT's live files what the end of this machine has to know. */
#include "handover.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "handover_parts.h"

/* Our own, beside NUT's, which does not look at it. */
#define HANDOVER_MORE "lastwatt.conf"

/* File systems round times; FAT to two seconds. */
#define HANDOVER_STALE_TOLERANCE_MS 2000

/* Notes that are left for the decision, which comes later. */
#define HANDOVER_NOTES_RESERVED 3

/* A file that is only noise must not fill the journal. */
#define HANDOVER_SENTENCES_MAX 50

/** Where we collect from, and who listens. */
struct collector {
	struct handover *handover;
	const char *root;
	const char *dir;                    /* of NUT's configuration */
	char name[HANDOVER_PATH_MAX + 32];  /* of the file being read */
	const struct conf_report *audience; /* the caller's; may be NULL */
	int sentences;                      /* that were told */
	struct conf_report report;          /* ours: notes, then theirs */
};

bool handover_is_primary_of(const struct handover *handover, const char *name)
{
	for (int i = 0; i < handover->primaries; i++) {
		if (!strcmp(handover->primary[i], name))
			return true;
	}
	return false;
}

const char *handover_flag_name(enum handover_flag flag)
{
	static const char *const names[] = {
		[FLAG_UNKNOWN] = "unknown", [FLAG_UNSET] = "unset",
		[FLAG_ABSENT] = "absent",   [FLAG_INVALID] = "invalid",
		[FLAG_STALE] = "stale",     [FLAG_VALID] = "valid",
	};

	return flag <= FLAG_VALID ? names[flag] : "unknown";
}

void handover_add_note(struct handover *handover, const char *format, ...)
{
	va_list arguments;

	if (handover->notes == HANDOVER_NOTES_MAX)
		return;
	va_start(arguments, format);
	(void)vsnprintf(handover->note[handover->notes++], UPS_SENTENCE_MAX,
			format, arguments); /* a long note is cut */
	va_end(arguments);
}

void handover_read_boot_id(char boot_id[HANDOVER_BOOT_ID_MAX])
{
	int fd = handover_open_file("", "/proc/sys/kernel/random/boot_id");
	ssize_t len = 0;

	if (fd >= 0) {
		len = read(fd, boot_id, HANDOVER_BOOT_ID_MAX - 1);
		(void)close(fd); /* only read */
	}
	boot_id[len > 0 ? len : 0] = '\0';
	boot_id[strcspn(boot_id, "\n")] = '\0';
}

static int64_t handover_time_ms(const struct timespec *time)
{
	return (int64_t)time->tv_sec * 1000 + time->tv_nsec / 1000000;
}

/** Was a file with this time written before the machine started? */
static bool handover_is_stale(const struct timespec *written)
{
	struct timespec now;
	struct timespec uptime;
	int64_t boot_ms;

	(void)clock_gettime(CLOCK_REALTIME, &now);    /* cannot fail */
	(void)clock_gettime(CLOCK_BOOTTIME, &uptime); /* nor this */
	boot_ms = handover_time_ms(&now) - handover_time_ms(&uptime);
	return handover_time_ms(written) < boot_ms - HANDOVER_STALE_TOLERANCE_MS;
}

/** apcupsd's flag is empty: that it is there has to do. */
static enum handover_flag handover_judge_file(const char *root,
					      const char *path, size_t magic_len)
{
	char magic[sizeof(HANDOVER_MAGIC) - 1];
	struct stat stat;
	ssize_t len;
	int fd;
	int ret;

	if (!*path)
		return FLAG_UNSET;
	fd = handover_open_file(root, path);
	if (fd < 0)
		return fd == -ENOENT ? FLAG_ABSENT : FLAG_INVALID;
	ret = fstat(fd, &stat);
	len = read(fd, magic, magic_len);
	(void)close(fd); /* only read */
	if (ret || len != (ssize_t)magic_len ||
	    memcmp(magic, HANDOVER_MAGIC, magic_len))
		return FLAG_INVALID;
	return handover_is_stale(&stat.st_mtim) ? FLAG_STALE : FLAG_VALID;
}

enum handover_flag handover_judge_flag(const char *root, const char *path)
{
	return handover_judge_file(root, path, sizeof(HANDOVER_MAGIC) - 1);
}

enum handover_flag handover_judge(const struct handover *handover,
				  const char *root)
{
	if (IS_ENABLED(CONFIG_SOURCE_APCUPSD) && handover->from_apcupsd)
		return handover_judge_file(root, handover->flag_path, 0);
	return handover_judge_flag(root, handover->flag_path);
}

static void collector_listen(void *arg, const char *file, int line,
			     const char *sentence)
{
	struct collector *collector = arg;

	if (collector->sentences == HANDOVER_SENTENCES_MAX)
		return;
	if (++collector->sentences == HANDOVER_SENTENCES_MAX)
		sentence = "more is wrong than is told here";
	if (collector->handover->notes <
	    HANDOVER_NOTES_MAX - HANDOVER_NOTES_RESERVED)
		handover_add_note(collector->handover, "%s", sentence);
	if (collector->audience && collector->audience->say)
		collector->audience->say(collector->audience->arg, file, line,
					 sentence);
}

/** Open @file of the configuration; its name is in collector->name then. */
static int collector_open(struct collector *collector, const char *file)
{
	int len = snprintf(collector->name, sizeof(collector->name), "%s/%s",
			   collector->dir, file);

	if (len < 0 || (size_t)len >= sizeof(collector->name))
		return -ENAMETOOLONG;
	return handover_open_file(collector->root, collector->name);
}

/** Read @file whole. A failure is reported, but for a missing @optional one. */
static int collector_read(struct collector *collector, const char *name,
			  bool optional, struct handover_file *file)
{
	int fd = collector_open(collector, name);
	int ret = fd < 0 ? fd : handover_read_fd(fd, file);

	if (!ret || (optional && ret == -ENOENT))
		return ret;
	if (ret == -ENOENT)
		conf_say(&collector->report, collector->name, 0, "is missing");
	else if (ret == -EISDIR)
		conf_say(&collector->report, collector->name, 0,
			 "is not a regular file");
	else
		conf_say(&collector->report, collector->name, 0,
			 "cannot be read: %s", strerror(-ret));
	return ret;
}

static bool collector_has_file(struct collector *collector, const char *file)
{
	int fd = collector_open(collector, file);

	if (fd >= 0)
		(void)close(fd); /* was not even read */
	return fd != -ENOENT;
}

static bool collector_try_dir(struct collector *collector, const char *dir)
{
	collector->dir = dir;
	return collector_has_file(collector, "upsmon.conf") ||
	       collector_has_file(collector, "ups.conf");
}

/** Find NUT's configuration. Returns 0 or -ENOENT. */
static int collector_find_dir(struct collector *collector)
{
	/* Distributions'; then those of NUT's own sources, the default last. */
	static const char *const dirs[] = { "/etc/nut", "/etc/ups",
					    "/usr/local/etc",
					    "/usr/local/etc/nut",
					    "/usr/local/ups/etc" };
	const char *dir = getenv("NUT_CONFPATH");

	if (dir && *dir)
		return collector_try_dir(collector, dir) ? 0 : -ENOENT;
	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
		if (collector_try_dir(collector, dirs[i]))
			return 0;
	}
	return -ENOENT;
}

/** Without upsmon.conf nothing is ours and no flag is known: no cut. */
static void collector_read_upsmon(struct collector *collector,
				  struct handover_file *file)
{
	if (collector_read(collector, "upsmon.conf", false, file))
		return;
	handover_read_upsmon(collector->handover, collector->name, file,
			     &collector->report);
}

static void collector_read_nut_conf(struct collector *collector,
				    struct handover_file *file)
{
	struct handover *handover = collector->handover;
	bool switched_off;

	if (collector_read(collector, "nut.conf", true, file))
		return;
	handover_read_nut_conf(handover, collector->name, file,
			       &collector->report, &switched_off);
	if (!switched_off || !handover->primaries)
		return;
	conf_say(&collector->report, collector->name, 0,
		 "MODE is none, NUT is switched off: no UPS is ours to cut");
	handover->primaries = 0;
}

/** upsd finds [APC] for "MONITOR apc" as well, where there is no [apc]. */
static void collector_settle_name(const struct conf *conf, char *primary)
{
	if (conf_find_section(conf, primary) >= 0)
		return;
	for (int i = 1; i < conf->sections; i++) {
		const char *name = conf_section_name(conf, i);

		if (strcasecmp(name, primary) == 0) {
			strcpy(primary, name); /* as long */
			return;
		}
	}
}

static void collector_read_ups_conf(struct collector *collector,
				    struct handover_file *file)
{
	struct handover *handover = collector->handover;
	/* One that only asks another machine's upsd has none. */
	bool optional = !handover->primaries;

	if (collector_read(collector, "ups.conf", optional, file))
		file->len = 0;
	/* What does not fit is reported and left out. */
	(void)conf_parse(&handover->conf, collector->name, file->text,
			 file->len, &collector->report);
	for (int i = 0; i < handover->primaries; i++)
		collector_settle_name(&handover->conf, handover->primary[i]);
}

/** A password is in it, mostly. */
static void collector_check_access(struct collector *collector, const char *file)
{
	int fd = collector_open(collector, file);
	struct stat stat;

	if (fd < 0)
		return;
	if (fstat(fd, &stat) == 0 && stat.st_mode & (S_IROTH | S_IWOTH))
		conf_say(&collector->report, collector->name, 0,
			 "is open to everybody, and there are passwords in it: chmod 600");
	(void)close(fd); /* was not even read */
}

/** No file of NUT's: what stands in it is ours because it stands there. */
static void collector_read_more(struct collector *collector,
				struct handover_file *file)
{
	struct handover *handover = collector->handover;
	const struct conf *conf = &handover->conf;
	int known = conf->sections;

	if (collector_read(collector, HANDOVER_MORE, true, file))
		return;
	collector_check_access(collector, HANDOVER_MORE);
	(void)conf_parse_more(&handover->conf, collector->name, file->text,
			      file->len, &collector->report); /* as above */
	for (int i = known; i < conf->sections; i++)
		handover_add_primary(handover, conf_section_name(conf, i),
				     collector->name, 0, &collector->report);
}

static void collector_read_nut(struct collector *collector,
			       struct handover_file *file)
{
	collector_read_upsmon(collector, file);
	collector_read_ups_conf(collector, file);
	collector_read_more(collector, file);
	collector_read_nut_conf(collector, file);
}

/** Where there is no NUT. */
static bool collector_read_apcupsd(struct collector *collector,
				   struct handover_file *file)
{
	const char *nut = getenv("NUT_CONFPATH");

	if (nut && *nut)
		return false;
	collector->dir = HANDOVER_APCUPSD_DIR;
	if (collector_read(collector, "apcupsd.conf", true, file))
		return false;
	handover_read_apcupsd(collector->handover, collector->name, file,
			      &collector->report);
	return true;
}

int handover_collect(struct handover *handover, const char *root,
		     const struct conf_report *report)
{
	struct collector collector = {
		.handover = handover,
		.root = root,
		.audience = report,
	};
	struct handover_file file;

	collector.report.say = collector_listen;
	collector.report.arg = &collector;
	memset(handover, 0, sizeof(*handover));
	handover->flag = FLAG_UNSET;
	handover->poweroff_wait_ms = -1;
	handover_read_boot_id(handover->boot_id);
	(void)conf_parse(&handover->conf, "", "", 0, NULL); /* a sound one */
	if (!collector_find_dir(&collector)) {
		collector_read_nut(&collector, &file);
	} else if (!IS_ENABLED(CONFIG_SOURCE_APCUPSD) ||
		   !collector_read_apcupsd(&collector, &file)) {
		handover_add_note(handover, "there is no configuration of NUT");
		return -ENOENT;
	}
	(void)snprintf(handover->source, sizeof(handover->source), "%s%s", root,
		       collector.dir);       /* for people: may be cut */
	explicit_bzero(&file, sizeof(file)); /* passwords were in it */
	if (IS_ENABLED(CONFIG_LINK_SERIAL))
		handover_find_ports(handover);
	handover->flag = handover_judge(handover, root);
	return 0;
}
