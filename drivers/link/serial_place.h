/* SPDX-License-Identifier: MIT */
/*
 * Where a serial port is, beyond its name. Links below /dev/serial are udev's,
 * which is gone at the end, and a USB adapter that leaves the bus for a moment
 * comes back with another number; but it comes back at the same place.
 */
#ifndef LINK_SERIAL_PLACE_H
#define LINK_SERIAL_PLACE_H

#include <stddef.h>

/*
 * Keys of a section that users do not write: who copies ups.conf for the end
 * adds them. serial_open() reads them.
 */
#define SERIAL_KEY_DEVICE "lastwatt.device"
#define SERIAL_KEY_PLACE  "lastwatt.place"

#define SERIAL_PLACE_MAX 64

struct serial_place {
	/** What the name leads to: "/dev/ttyUSB0". */
	char device[SERIAL_PLACE_MAX];
	/**
	 * Interface of the USB adapter, and which of its ports: "1-4:1.0/0";
	 * "" for a port that is on no adapter.
	 */
	char place[SERIAL_PLACE_MAX];
};

/**
 * Find out where @port is, by the sysfs at @sysfs. Returns 0, or -ENODEV if
 * it is no device or nothing more is known of it than its name.
 */
int serial_find_place(const char *port, const char *sysfs,
		      struct serial_place *place);

/** The port that is at @place now, to @device. Returns 0 or -ENODEV. */
int serial_find_device(const char *place, const char *sysfs, char *device,
		       size_t size);

/**
 * What to open for the name @port, with what was known of it when the
 * section was copied (NULL: nothing). The adapter's place goes before a name
 * that another adapter may have by now. NULL: the adapter is not there.
 */
const char *serial_choose_port(const char *port, const char *old_device,
			       const char *place, const char *sysfs,
			       char device[SERIAL_PLACE_MAX]);

#endif
