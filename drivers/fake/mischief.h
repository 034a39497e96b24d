/* SPDX-License-Identifier: MIT */
/*
 * What a keeper must not do, or must not be able to, done on purpose by the
 * fake UPS, for tests.
 */
#ifndef FAKE_MISCHIEF_H
#define FAKE_MISCHIEF_H

#include "base/ups.h"

/** Misbehave for ever as @word says: spin, babble, garble, deaf, hang. */
void mischief_live(struct ups *ups, const char *word);

/**
 * Try what @word names: 0 if it could be done, else a negative errno. Nothing
 * of it harms the machine if it can.
 */
int mischief_try(struct ups *ups, const char *word);

#endif
