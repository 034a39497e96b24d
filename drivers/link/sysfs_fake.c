// SPDX-License-Identifier: MIT
/* Lays out a sysfs in /tmp; what cannot be made ends the test. */
#include "link/sysfs_fake.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define DEVICES "bus/usb/devices/"

static int sysfs_remove_one(const char *path, const struct stat *status,
			    int flag, struct FTW *at)
{
	(void)status;
	(void)flag;
	(void)at;
	return remove(path);
}

void sysfs_start(struct sysfs_fake *sysfs)
{
	(void)snprintf(sysfs->path, sizeof(sysfs->path),
		       "/tmp/lastwatt-sysfs-XXXXXX");
	if (!mkdtemp(sysfs->path))
		abort();
}

void sysfs_end(struct sysfs_fake *sysfs)
{
	(void)nftw(sysfs->path, sysfs_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void sysfs_put(struct sysfs_fake *sysfs, const char *path, const void *bytes,
	       size_t len)
{
	char full[256];
	FILE *file;

	(void)snprintf(full, sizeof(full), "%s/%s", sysfs->path, path);
	for (char *at = full + 1; (at = strchr(at, '/')); at++) {
		*at = '\0';
		(void)mkdir(full, 0700);
		*at = '/';
	}
	file = fopen(full, "we");
	if (!file || fwrite(bytes, 1, len, file) != len)
		abort();
	(void)fclose(file);
}

void sysfs_put_bytes(struct sysfs_fake *sysfs, const char *name,
		     const char *attribute, const void *bytes, size_t len)
{
	char path[192];

	(void)snprintf(path, sizeof(path), DEVICES "%s/%s", name, attribute);
	sysfs_put(sysfs, path, bytes, len);
}

void sysfs_put_text(struct sysfs_fake *sysfs, const char *name,
		    const char *attribute, const char *text)
{
	sysfs_put_bytes(sysfs, name, attribute, text, strlen(text));
}

/** Its interface 0: HID, and nobody has it. */
static void sysfs_put_interface(struct sysfs_fake *sysfs, const char *name)
{
	char path[96];

	(void)snprintf(path, sizeof(path), "%s/%s:1.0", name, name);
	sysfs_put_text(sysfs, path, "bInterfaceNumber", "00\n");
	sysfs_put_text(sysfs, path, "bInterfaceClass", "03\n");
	sysfs_put_text(sysfs, path, "bInterfaceSubClass", "00\n");
}

void sysfs_plug(struct sysfs_fake *sysfs, const char *name, int number,
		const char *ids, const char *serial)
{
	char text[16];

	(void)snprintf(text, sizeof(text), "%.4s\n", ids);
	sysfs_put_text(sysfs, name, "idVendor", text);
	sysfs_put_text(sysfs, name, "idProduct", ids + 5);
	sysfs_put_text(sysfs, name, "bcdDevice", "0100\n");
	sysfs_put_text(sysfs, name, "busnum", "1\n");
	(void)snprintf(text, sizeof(text), "%d\n", number);
	sysfs_put_text(sysfs, name, "devnum", text);
	sysfs_put_text(sysfs, name, "devpath", strchr(name, '-') + 1);
	sysfs_put_text(sysfs, name, "bDeviceClass", "00\n");
	sysfs_put_text(sysfs, name, "serial", serial);
	sysfs_put_interface(sysfs, name);
}

void sysfs_bind(struct sysfs_fake *sysfs, const char *name, const char *node,
		const char *number)
{
	char path[128];

	(void)snprintf(path, sizeof(path),
		       "%s/%s:1.0/0003:0463:FFFF.0001/hidraw/%s", name, name,
		       node);
	sysfs_put_text(sysfs, path, "dev", number);
}

void sysfs_unplug(struct sysfs_fake *sysfs, const char *name)
{
	char path[192];

	(void)snprintf(path, sizeof(path), "%s/" DEVICES "%s", sysfs->path,
		       name);
	(void)nftw(path, sysfs_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
