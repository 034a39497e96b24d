/* SPDX-License-Identifier: MIT */
/*
 * The architecture as seccomp names it, and stand-ins for system calls that
 * only older ones have: the C library uses those where they exist.
 */
#ifndef PID1_SANDBOX_CALLS_H
#define PID1_SANDBOX_CALLS_H

#include <linux/audit.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
#define SANDBOX_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define SANDBOX_ARCH AUDIT_ARCH_AARCH64
#else
#define SANDBOX_ARCH 0 /* nobody has tried: no filter */
#endif

#ifdef __NR_open
#define SANDBOX_OLD(name, new) __NR_##name
#else
#define SANDBOX_OLD(name, new) __NR_##new
#endif

/* Linux 5.13; the same number everywhere. */
#ifndef __NR_landlock_create_ruleset
#define __NR_landlock_create_ruleset 444
#define __NR_landlock_add_rule       445
#define __NR_landlock_restrict_self  446
#endif

#endif
