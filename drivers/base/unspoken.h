/* SPDX-License-Identifier: MIT */
/* NUT's drivers that nobody here speaks for, each with the reason why. */
#ifndef BASE_UNSPOKEN_H
#define BASE_UNSPOKEN_H

#include <stdbool.h>
#include <stddef.h>

/**
 * Why this lastwatt has no driver for what @driver of NUT serves: the end of
 * a sentence, behind a colon. NULL if there is no reason but that it was not
 * built in, or that nobody has heard of it.
 */
#ifdef CONFIG_UNSPOKEN
const char *unspoken_reason(const char *driver);
#else
static inline const char *unspoken_reason(const char *driver)
{
	(void)driver;
	return NULL;
}
#endif

/**
 * Can NUT's @driver switch a load off at all? @upstype is genericups' type, or
 * negative. A driver that is not known to be unable to counts as able.
 */
#ifdef CONFIG_UNSPOKEN
bool unspoken_nut_cuts(const char *driver, int upstype);
#else
static inline bool unspoken_nut_cuts(const char *driver, int upstype)
{
	(void)driver;
	(void)upstype;
	return true;
}
#endif

#endif
