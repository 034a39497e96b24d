/* SPDX-License-Identifier: MIT */
/* Disks at rest before the cut, for a UPS that cuts at once. */
#ifndef PID1_PARK_H
#define PID1_PARK_H

#include <stddef.h>

#include "base/clock.h"

#ifdef CONFIG_PARK
/**
 * Stop SCSI, SATA and USB disks (START STOP UNIT; to an ATA disk it is STANDBY
 * IMMEDIATE) and shut NVMe controllers on PCI down, by removing them. Only
 * when nothing uses them any more: an NVMe disk is gone after this. @sys and
 * @dev are normally "/sys" and "/dev". The names of what rests go to @parked.
 * Returns how many could not be parked.
 */
int park_disks(const char *sys, const char *dev, char *parked, size_t size,
	       deadline_t until);
#else
static inline int park_disks(const char *sys, const char *dev, char *parked,
			     size_t size, deadline_t until)
{
	(void)sys;
	(void)dev;
	(void)size;
	(void)until;
	parked[0] = '\0';
	return 0;
}
#endif

#endif
