/* SPDX-License-Identifier: MIT */
/*
 * The two files of a handover: "ups.conf", and "handover" with the facts, in
 * the same word grammar:
 *
 *	LASTWATT 1
 *	BOOT_ID 0b0c…
 *	FLAG valid
 *	FLAG_PATH /etc/killpower
 *	DRILL look              (or arm; only if one was asked for)
 *	POWEROFF_WAIT_MS -1
 *	PRIMARY eaton           (any number, also none)
 *	NOTE "…"                (the same)
 *	UPS_CONF 123 89abcdef   (length and CRC-32 of the other file)
 *	END 234 01234567        (... of everything above)
 */
#ifndef PAYLOAD_HANDOVER_FORMAT_H
#define PAYLOAD_HANDOVER_FORMAT_H

#include "handover_parts.h"

/** "look" or "arm". */
const char *handover_drill_name(enum handover_drill drill);

/** And back; false, and DRILL_NONE, if @word is neither. */
bool handover_parse_drill(const char *word, enum handover_drill *drill);

/** The CRC-32 of zip and Ethernet. */
uint32_t handover_crc32(const char *text, size_t len);

/** Write ups.conf to @file. Returns 0 or -E2BIG. */
int handover_format_conf(const struct handover *handover,
			 struct handover_file *file);

/** Write the facts to @file; they vouch for @conf. Returns 0 or -E2BIG. */
int handover_format_facts(const struct handover *handover,
			  const struct handover_file *conf,
			  struct handover_file *file);

/**
 * Read both back; handover->source stays empty. Returns 0, or -EBADMSG if
 * one byte is not as it was written.
 */
int handover_parse(struct handover *handover, const struct handover_file *facts,
		   const struct handover_file *conf);

#endif
