// SPDX-License-Identifier: MIT
/*
 * What the kernel does with disks on its way down, but before the cut: a UPS
 * that switches off at once would cause an unsafe shutdown of each.
 */
#include "pid1/park.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <scsi/sg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "pid1/child.h"
#include "pid1/disks.h"
#include "pid1/kernel.h"

#define PARK_STOP_MS    10000
#define PARK_START_UNIT 0x1b /* SBC: START STOP UNIT, with START = 0 */

static int park_scsi(const struct layer *layer)
{
	unsigned char command[6] = { PARK_START_UNIT };
	struct sg_io_hdr request = {
		.interface_id = 'S',
		.dxfer_direction = SG_DXFER_NONE,
		.cmd_len = sizeof(command),
		.cmdp = command,
		.timeout = PARK_STOP_MS,
	};
	int fd = layer_open(layer, O_NONBLOCK), ret = 0;

	if (fd < 0)
		return fd;
	if (ioctl(fd, SG_IO, &request) < 0)
		ret = -errno;
	else if (request.status || request.host_status || request.driver_status)
		ret = -EIO;
	(void)close(fd);
	return ret;
}

static bool park_is_scsi(const struct layer *layer)
{
	return strncmp(layer->name, "sd", 2) == 0;
}

static int park_all_scsi(const char *sys, const char *dev, char *parked,
			 size_t size, deadline_t until)
{
	struct disks disks;
	int i, count = 0, failed = 0;

	if (disks_find(&disks, sys, dev) < 0)
		return 1;
	for (i = 0; i < disks.count; i++) {
		if (park_is_scsi(&disks.disk[i].layer))
			disks.disk[count++].layer = disks.disk[i].layer;
	}
	disks.count = count;
	disks_run(&disks, park_scsi, until);
	for (i = 0; i < disks.count; i++) {
		failed += disks.disk[i].result != 0;
		if (disks.disk[i].result == 0)
			layers_list(parked, size, "%s",
				    disks.disk[i].layer.name);
	}
	return failed;
}

/* The driver shuts its controller down when the device is taken away. */
static int park_nvme_body(int fd, void *arg)
{
	(void)fd;
	return kernel_tell(arg, "1") < 0;
}

static int park_all_nvme(const char *sys, char *parked, size_t size,
			 deadline_t until)
{
	struct dirent *entry;
	struct child child;
	char path[512];
	int failed = 0;
	DIR *dir;

	(void)snprintf(path, sizeof(path), "%s/class/nvme", sys);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		(void)snprintf(path, sizeof(path),
			       "%s/class/nvme/%.200s/device/remove", sys,
			       entry->d_name);
		/* On a fabric there is no such thing, nor any need. */
		if (entry->d_name[0] == '.' || access(path, W_OK) < 0)
			continue;
		if (child_start(&child, park_nvme_body, path, until) < 0 ||
		    child_end(&child, until) != 0)
			failed++;
		else
			layers_list(parked, size, "%.32s", entry->d_name);
	}
	if (dir)
		(void)closedir(dir);
	return failed;
}

int park_disks(const char *sys, const char *dev, char *parked, size_t size,
	       deadline_t until)
{
	parked[0] = '\0';
	return park_all_scsi(sys, dev, parked, size, until) +
	       park_all_nvme(sys, parked, size, until);
}
