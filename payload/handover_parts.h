/* SPDX-License-Identifier: MIT */
/* What the files of the handover share among themselves. */
#ifndef PAYLOAD_HANDOVER_PARTS_H
#define PAYLOAD_HANDOVER_PARTS_H

#include <stddef.h>
#include <sys/stat.h>

#include "handover.h"

/** No file that we read may be bigger. */
#define HANDOVER_FILE_MAX 131072

/** "infinity" of POWEROFF_WAIT, and the most that we wait. */
#define HANDOVER_WAIT_MAX_MS (365LL * 24 * 3600 * 1000)

/**
 * A line of nut.conf that is no assignment, and is meant: the shell that is
 * NUT's hook for a late power-off ends there. lastwatt check asks for it.
 */
#define HANDOVER_HOOK_LEAVES "case $0 in */nutshutdown) exit 0;; esac"

struct handover_file {
	size_t len;
	char text[HANDOVER_FILE_MAX];
};

/**
 * Open the regular file @path (absolute) below @root ("" is "/") to read.
 * Symlinks do not lead out of @root where the kernel has openat2; a FIFO or a
 * device cannot make it wait. Returns the descriptor or a negative errno,
 * -ENOENT also if a folder on the way is missing, -EISDIR for anything that
 * is not a regular file.
 */
int handover_open_file(const char *root, const char *path);

/** Read all of @fd and close it. Returns 0, -EFBIG or a negative errno. */
int handover_read_fd(int fd, struct handover_file *file);

/** What upsmon.conf says: the flag's path and whom we are primary of. */
void handover_read_upsmon(struct handover *handover, const char *name,
			  const struct handover_file *file,
			  const struct conf_report *report);

/** This machine is primary of @name, as line @line of @file says. */
void handover_add_primary(struct handover *handover, const char *name,
			  const char *file, int line,
			  const struct conf_report *report);

/**
 * What nut.conf says: POWEROFF_WAIT. Sets *@switched_off if MODE is none:
 * then NUT's own hook commands nothing either.
 */
void handover_read_nut_conf(struct handover *handover, const char *name,
			    const struct handover_file *file,
			    const struct conf_report *report,
			    bool *switched_off);

#define HANDOVER_APCUPSD_DIR "/etc/apcupsd"

/** What apcupsd.conf says: the flag's path, and its one UPS as ups.conf. */
void handover_read_apcupsd(struct handover *handover, const char *name,
			   const struct handover_file *file,
			   const struct conf_report *report);

/**
 * Add to each section of ups.conf with a serial port where that is now, as
 * serial_open() wants to know it at the end.
 */
void handover_find_ports(struct handover *handover);

/** Is @host, as MONITOR says it, this machine? "" is. */
bool handover_is_this_machine(const char *host);

#endif
