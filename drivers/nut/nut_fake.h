/* SPDX-License-Identifier: MIT */
/* Shell scripts in the place of NUT's drivers, for tests. */
#ifndef NUT_NUT_FAKE_H
#define NUT_NUT_FAKE_H

#include <stdbool.h>

/** Where they are: that of a staged exitrd. */
#define NUT_FAKE_PACKED "/run/initramfs/nut/"

/** Says what it can, or writes down how it was called and what it was given. */
#define NUT_FAKE_HEAD                                                     \
	"#!/bin/sh\n"                                                     \
	"PATH=/usr/bin:/bin\n"                                            \
	"[ \"$1\" != -h ] || { echo '  -k   - force shutdown'; exit; }\n" \
	"echo \"$*\" >/run/words\n"                                       \
	"cat \"$NUT_CONFPATH/ups.conf\" >/run/conf\n"                     \
	"stat -c %a \"$NUT_CONFPATH\" \"$NUT_CONFPATH/ups.conf\" >/run/modes\n"

/** ... and does what it is told. */
#define NUT_FAKE_GOOD NUT_FAKE_HEAD "echo 'Initiating UPS shutdown'\n"

/**
 * Give this process mounts of its own, with an empty /run. False where that
 * is not allowed.
 */
bool nut_fake_make_world(void);

/** Put @script there as driver @name. Exits when it cannot. */
void nut_fake_pack(const char *name, const char *script);

#endif
