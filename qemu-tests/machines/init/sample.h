/* SPDX-License-Identifier: MIT */
/* Watches how much memory the programs of an exitrd use. */
#ifndef SAMPLE_H
#define SAMPLE_H

/**
 * From the pivot on: a line "rig: memory" on the console each time that all
 * processes together have more resident than ever before. Returns never.
 */
_Noreturn void sample_memory(int every_ms);

#endif
