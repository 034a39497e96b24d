/* SPDX-License-Identifier: MIT */
/*
 * IS_ENABLED(CONFIG_FOO): 1 when the symbol is set to y, 0 otherwise, as an
 * ordinary expression, so that both branches are always compiled. The build
 * includes the generated autoconf.h in front of every file.
 */
#ifndef BASE_KCONFIG_H
#define BASE_KCONFIG_H

#define KCONFIG_TAKE_SECOND(ignored, value, ...) value
#define KCONFIG_PLACEHOLDER_1                    0,
#define KCONFIG_PROBE(junk_or_zero)              KCONFIG_TAKE_SECOND(junk_or_zero 1, 0, 0)
#define KCONFIG_PASTE(value)                     KCONFIG_PROBE(KCONFIG_PLACEHOLDER_##value)
#define KCONFIG_IS_SET(value)                    KCONFIG_PASTE(value)
#define IS_ENABLED(symbol)                       KCONFIG_IS_SET(symbol)

#endif
