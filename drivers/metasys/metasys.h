/* SPDX-License-Identifier: MIT */
/*
 * Meta System's frames. Sources: "UPS MetaSystem public protocol" 1.20b and
 * Legrand's 1.21; networkupstools/nut, drivers/metasys.c.
 *
 *   02 | length | command, data … | sum
 *
 * The length counts command, data and sum; the sum is that of the length,
 * command and data. An answer begins with the command that it answers to.
 */
#ifndef METASYS_METASYS_H
#define METASYS_METASYS_H

#include <stddef.h>
#include <stdint.h>

#define METASYS_START     0x02
#define METASYS_DATA_MAX  254
#define METASYS_FRAME_MAX (2 + METASYS_DATA_MAX + 1)

enum metasys_command {
	METASYS_INFO = 0x00,
	METASYS_STATUS = 0x03,
	METASYS_GET_SCHEDULING = 0x06, /* off s, on s: as SET */
	METASYS_GET_TIMES = 0x08,      /* 4 bytes of limits, autorestart */
	METASYS_SET_SCHEDULING = 0x0a,
	METASYS_SET_TIMES = 0x0c,
};

/** Build the frame for @len bytes that begin with a command; its length. */
size_t metasys_build(uint8_t frame[METASYS_FRAME_MAX], const uint8_t *data,
		     size_t len);

#endif
