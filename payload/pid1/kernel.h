/* SPDX-License-Identifier: MIT */
/* Files in which the kernel takes a word: in /proc, attributes in /sys. */
#ifndef PID1_KERNEL_H
#define PID1_KERNEL_H

/** Write @text into @path, which is there. Returns 0 or a negative errno. */
int kernel_tell(const char *path, const char *text);

#endif
