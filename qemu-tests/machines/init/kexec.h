/* SPDX-License-Identifier: MIT */
/* Another kernel, loaded by this program and found by it. */
#ifndef RIG_KEXEC_H
#define RIG_KEXEC_H

/* Load @kernel for the next kexec. Returns 0, or 1 and says why. */
int kexec_load(const char *kernel);

/* What process 1 of that kernel does: says that it is there, and off. */
_Noreturn void kexec_arrived(void);

#endif
