// SPDX-License-Identifier: MIT
/* Keys of the magic sysrq, and the kernel's answer in its log. */
#include "pid1/freeze.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "pid1/kernel.h"

#define FREEZE_LOOK_MS 10
#define FREEZE_DONE    "Emergency Remount complete"

/* Each read is one record; -EPIPE says that some were lost meanwhile. */
static bool freeze_hears_done(int fd)
{
	char record[1024];
	ssize_t len;

	while ((len = read(fd, record, sizeof(record) - 1)) > 0 ||
	       (len < 0 && errno == EPIPE)) {
		record[len > 0 ? len : 0] = '\0';
		if (strstr(record, FREEZE_DONE))
			return true;
	}
	return false;
}

bool freeze_everything(const char *trigger, const char *kmsg, deadline_t until)
{
	int fd = open(kmsg, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	bool done = false;

	if (fd < 0)
		return false;
	/* From here on: an earlier remount is not this one. */
	(void)lseek(fd, 0, SEEK_END);
	if (kernel_tell(trigger, "u") == 0) {
		do {
			done = freeze_hears_done(fd);
		} while (!done && clock_sleep_ms(FREEZE_LOOK_MS, until) == 0);
	}
	(void)close(fd);
	return done;
}

void freeze_blindly(const char *trigger)
{
	freeze_start_sync(trigger);
	(void)kernel_tell(trigger, "u");
}

void freeze_thaw(const char *trigger)
{
	(void)kernel_tell(trigger, "j");
}

void freeze_start_sync(const char *trigger)
{
	(void)kernel_tell(trigger, "s");
}
