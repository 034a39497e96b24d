// SPDX-License-Identifier: MIT
/* The operations of a driver for HID UPSes, and what they say of failures. */
#include "hid/hid.h"

#include <errno.h>

#include "hid/ladder.h"
#include "hid/status.h"

static int hid_fail(struct ups *ups, int error, const char *what)
{
	switch (error) {
	case -ENODEV:
		return ups_fail(ups, error, "[%s] went away", ups->name);
	case -ETIMEDOUT:
		return ups_fail(ups, error, "[%s] does not answer", ups->name);
	case -EOPNOTSUPP:
		return ups_fail(ups, error, "[%s] has no way to be %s",
				ups->name, what);
	case -EPROTO:
	case -EPIPE:
		return ups_fail(ups, -EPROTO, "[%s] refuses to be %s",
				ups->name, what);
	default:
		return ups_fail(ups, -EIO, "[%s] transfers to it fail",
				ups->name);
	}
}

int hid_cut(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	int ret = hid_ladder_cut(ups->state, cut, until);

	if (ret == -EOPNOTSUPP && cut->least_s)
		return ups_spare(ups, cut);
	return ret < 0 ? hid_fail(ups, ret, "cut") : 0;
}

int hid_status(struct ups *ups, struct ups_status *status, deadline_t until)
{
	int ret = hid_status_read(ups->state, status, until);

	return ret < 0 ? hid_fail(ups, ret, "read") : 0;
}

int hid_cancel(struct ups *ups, deadline_t until)
{
	int ret = hid_ladder_cancel(ups->state, until);

	return ret < 0 ? hid_fail(ups, ret, "cancelled") : 0;
}
