/* SPDX-License-Identifier: MIT */
/*
 * What the running system leaves for us in /run/lastwatt, and how the same
 * facts are read from NUT's live files when it left nothing.
 */
#ifndef PAYLOAD_HANDOVER_H
#define PAYLOAD_HANDOVER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/conf.h"
#include "base/ups.h"

#define HANDOVER_DIR         "/run/lastwatt"
#define HANDOVER_UPS_MAX     16
#define HANDOVER_PATH_MAX    256
#define HANDOVER_NOTES_MAX   8
#define HANDOVER_BOOT_ID_MAX 40

/* What upsmon writes into its POWERDOWNFLAG (its SDMAGIC). */
#define HANDOVER_MAGIC "upsmon-shutdown-file"

/* What all names of hosts together may take to resolve. */
#define HANDOVER_NETWORK_MS 10000

/** What the POWERDOWNFLAG file says, or apcupsd's powerfail. */
enum handover_flag {
	FLAG_UNKNOWN, /* nobody has looked yet: the copy made at boot */
	FLAG_UNSET,   /* upsmon.conf names no POWERDOWNFLAG, or is absent */
	FLAG_ABSENT,  /* the file is not there */
	FLAG_INVALID, /* it does not begin with upsmon's magic, or is no file */
	FLAG_STALE,   /* it is older than this boot */
	FLAG_VALID,
};

/** A rehearsal in the exitrd: everything but the cut. */
enum handover_drill {
	DRILL_NONE,
	DRILL_LOOK, /* open each UPS, which is written nothing */
	DRILL_ARM,  /* and command it with a long delay, and take that back */
};

/* So long a drill that was asked for waits for its reboot. */
#define HANDOVER_DRILL_S 600

/** Flat, without pointers: it travels over a pipe. */
struct handover {
	enum handover_flag flag;
	enum handover_drill drill; /* counts for a reboot without a flag */
	char flag_path[HANDOVER_PATH_MAX];
	char boot_id[HANDOVER_BOOT_ID_MAX];
	char source[HANDOVER_PATH_MAX]; /* where it came from */
	bool from_apcupsd;              /* there is no NUT, but that */
	int64_t poweroff_wait_ms;       /* -1: not set; <= a year */
	uint16_t primaries;             /* UPSes we are primary of */
	char primary[HANDOVER_UPS_MAX][UPS_NAME_MAX];
	uint16_t others; /* UPSes of other machines; known when collected */
	uint16_t notes;  /* what was wrong, for people */
	char note[HANDOVER_NOTES_MAX][UPS_SENTENCE_MAX];
	struct conf conf; /* ups.conf, and lastwatt.conf behind it */
};

/**
 * Read NUT's own files below @root ("" for the running system): upsmon.conf
 * (flag path and roles, never a password), ups.conf, nut.conf and the flag;
 * and beside them our own lastwatt.conf, whose sections are UPSes that NUT
 * does not drive here and that are ours to cut all the same.
 * The configuration directory is $NUT_CONFPATH, else the first of /etc/nut,
 * /etc/ups, /usr/local/etc that has an upsmon.conf or ups.conf. What is
 * missing or garbled ends in notes; the flag counts as valid only if
 * everything needed to know it was read. Where there is no NUT, apcupsd.conf
 * is read (CONFIG_SOURCE_APCUPSD): one UPS, and the flag is apcupsd's.
 * @report may be NULL; it is told every problem (of a file of nothing but
 * noise: the first 50), notes keep the first ones.
 * Returns 0, -ENOENT when there is no configuration at all.
 */
int handover_collect(struct handover *handover, const char *root,
		     const struct conf_report *report);

/**
 * For each UPS that we are primary of and that is reached over the network:
 * find out how, now that it can be done, and add it to its section
 * (link/route.h). A name that cannot be resolved any more keeps what the
 * handover in @dir, of the boot @handover->boot_id, knows. What cannot be
 * made again ends in notes and in @report (which may be NULL).
 */
void handover_find_routes(struct handover *handover, const char *dir,
			  const struct conf_report *report, deadline_t until);

/** Keep one more note, as long as there is room. */
void handover_add_note(struct handover *handover, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** The kernel's id of this boot, "" if /proc does not tell it. */
void handover_read_boot_id(char boot_id[HANDOVER_BOOT_ID_MAX]);

/** Judge the flag of @handover below @root now. */
enum handover_flag handover_judge(const struct handover *handover,
				  const char *root);

/**
 * Judge upsmon's flag file at @root + @path now. Symlinks do not lead out of
 * @root; FLAG_UNSET for an empty @path.
 */
enum handover_flag handover_judge_flag(const char *root, const char *path);

/** Is this machine the primary of the UPS @name? */
bool handover_is_primary_of(const struct handover *handover, const char *name);

/** "valid", "absent", … */
const char *handover_flag_name(enum handover_flag flag);

/**
 * Write it to @dir (made 0700), files 0600, each in one rename, the one that
 * vouches for the other last. Of ups.conf the global part and the sections we
 * are primary of are written, on the lines where they were; no comments.
 * Returns 0, -EPERM if @dir is somebody else's, or another negative errno.
 */
int handover_write(const struct handover *handover, const char *dir);

/**
 * Ask in @dir for a drill at the next reboot of this boot, within
 * HANDOVER_DRILL_S. Returns 0, -EPERM or another negative errno.
 */
int handover_mark_drill(const char *dir, enum handover_drill drill);

/** What was asked for in @dir, by root, in this boot and lately. */
enum handover_drill handover_read_drill(const char *dir);

/** Nothing is asked for any more. */
void handover_clear_drill(const char *dir);

/**
 * Read it back. Refused with a sentence in @why: not a directory of root's
 * own without access for others, symlinks, truncated or changed content
 * (length and CRC-32), another boot's id than @boot_id. Returns 0, -ENOENT if
 * there is none, -EPERM, -EBADMSG, -ESTALE or another negative errno; then
 * @handover has nothing that may be used.
 */
int handover_read(struct handover *handover, const char *dir,
		  const char *boot_id, char why[UPS_SENTENCE_MAX]);

#endif
