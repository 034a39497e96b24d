/* SPDX-License-Identifier: MIT */
/* A sysfs made of files, with USB devices in it, for the tests. */
#ifndef LINK_SYSFS_FAKE_H
#define LINK_SYSFS_FAKE_H

#include <stddef.h>
#include <stdint.h>

struct sysfs_fake {
	char path[64];
};

void sysfs_start(struct sysfs_fake *sysfs);
void sysfs_end(struct sysfs_fake *sysfs);

/** Write a file, and the folders on the way to it. */
void sysfs_put(struct sysfs_fake *sysfs, const char *path, const void *bytes,
	       size_t len);

/** An attribute of the USB device or interface @name. */
void sysfs_put_bytes(struct sysfs_fake *sysfs, const char *name,
		     const char *attribute, const void *bytes, size_t len);
void sysfs_put_text(struct sysfs_fake *sysfs, const char *name,
		    const char *attribute, const char *text);

/** "1-4", with number 4 on bus 1 and "0463:ffff". */
void sysfs_plug(struct sysfs_fake *sysfs, const char *name, int number,
		const char *ids, const char *serial);

/** Interface 0 is the kernel's; with a node, "hidraw0" and "240:7". */
void sysfs_bind(struct sysfs_fake *sysfs, const char *name, const char *node,
		const char *number);

void sysfs_unplug(struct sysfs_fake *sysfs, const char *name);

#endif
