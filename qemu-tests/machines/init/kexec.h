/* SPDX-License-Identifier: MIT */
/* Another kernel, loaded by this program and found by it. */
#ifndef RIG_KEXEC_H
#define RIG_KEXEC_H

/*
 * Load @kernel for the next kexec, with the initrd at @initrd_path or, if that
 * is NULL, this program. Returns 0, or 1 and says why.
 */
int kexec_load(const char *kernel, const char *initrd_path);

/* What this program does as its process 1: says that it is there, and off. */
_Noreturn void kexec_arrived(void);

#endif
