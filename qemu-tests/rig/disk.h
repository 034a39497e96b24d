/* SPDX-License-Identifier: MIT */
/* Copies of a disk image, taken fast while the machine is held still. */
#ifndef RIG_DISK_H
#define RIG_DISK_H

/** Copy @from to @to, sparse where it is. Dies when it cannot. */
void disk_copy(const char *from, const char *to);

#endif
