// SPDX-License-Identifier: MIT
/* Arms and cancels. A drill that switches the load off is the worst failure. */
#include "base/rehearse.h"

#include <errno.h>
#include <string.h>

#include "base/fleet.h"

/* What a UPS has to grant, so that whoever comes late can still cancel. */
#define REHEARSE_DELAY_S 300

/** Is this the time for it? */
static int rehearse_look(struct ups *ups, deadline_t until)
{
	struct ups_status status = {
		.mains = UPS_MAINS_UNKNOWN,
		.off_after_s = UPS_UNKNOWN_S,
	};

	ups->mains_only = false;
	/* What cannot be read now could not be read after the cancel. */
	if (ups->driver->status(ups, &status, until) < 0)
		return -EOPNOTSUPP;
	if (status.mains == UPS_MAINS_ABSENT)
		return ups_fail(ups, -EOPNOTSUPP, "it is on battery");
	if (status.off_after_s != UPS_UNKNOWN_S)
		return ups_fail(ups, -EOPNOTSUPP, "it counts down already");
	return 0;
}

static int rehearse_cut(struct ups *ups, struct ups_cut *cut, deadline_t until)
{
	int ret;

	if (!ups->driver->rehearses)
		return ups_fail(
			ups, -EOPNOTSUPP, "driver %s %s", ups->driver->name,
			ups->driver->cancel
				? "is not known to be stopped for certain"
				: "has no word to take a command back");
	ret = rehearse_look(ups, until);
	if (ret < 0)
		return ret;
	return ups->driver->cut(ups, cut, until);
}

int rehearse_arm(struct ups *ups, struct ups_cut *cut, bool *armed,
		 deadline_t until)
{
	char why[UPS_SENTENCE_MAX];
	bool is_shown;
	int ret, cancelled;

	*cut = (struct ups_cut){
		.wanted = UPS_RETURN,
		.exact = true,
		.least_s = REHEARSE_DELAY_S,
	};
	ups->in_doubt = false;
	ret = rehearse_cut(ups, cut, until);
	memcpy(why, ups->problem, sizeof(why));
	*armed = ret != -EOPNOTSUPP && (ret != -EPROTO || ups->in_doubt);
	if (ret == -EPROTO && !*armed)
		return ret; /* a clear no */
	if (!*armed)
		return ups_fail(
			ups, ret,
			"it was left alone: %.120s; level 3 in a test rack tells more",
			why);
	cancelled = fleet_cancel(ups, &is_shown, until);
	if (cancelled == 0 && !is_shown)
		cancelled = fleet_cancel(ups, &is_shown, until);
	if (cancelled < 0)
		return -EPROTO;
	/* What never showed that it counts shows nothing when it does not. */
	*armed = cancelled == 0 &&
		 (ret < 0 || cut->proof != UPS_VERIFIED || !is_shown);
	if (!*armed && ret < 0)
		return ups_fail(ups, ret, "%s", why);
	if (*armed)
		return ups_fail(
			ups, -EPROTO,
			"it was told to cut and to stop, and showed neither");
	if (cut->off_after_s < REHEARSE_DELAY_S)
		return ups_fail(
			ups, -EPROTO,
			"it took a cut in %d s for one in more, and was stopped",
			cut->off_after_s);
	return 0;
}
