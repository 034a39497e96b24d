// SPDX-License-Identifier: MIT
/* What apcupsd's own parts would do, where there is no NUT. */
#include "cmd/check_parts.h"
#include "cmd/stage_parts.h"

static void check_powerfail(struct check *check)
{
	const struct handover *handover = &check->plan.handover;
	const char *path = handover->flag_path;

	switch (handover->flag) {
	case FLAG_UNSET:
		return;
	case FLAG_INVALID:
		check_error(check, "%s is there, but is no file: remove it",
			    path);
		break;
	case FLAG_STALE:
		check_error(
			check,
			"%s was left by an earlier boot; apcupsd does not renew it, so that lastwatt would not believe it: remove it",
			path);
		break;
	case FLAG_VALID:
		check_note(
			check,
			"%s is there: apcupsd has asked for it, and the next power-off commands the UPS",
			path);
		break;
	default:
		break;
	}
	check_flag_folder(check);
}

void check_apcupsd(struct check *check)
{
	char remedy[STAGE_WHY_MAX], path[CHECK_PATH_MAX];
	const char *hook = stage_find_hook(check->root, true, remedy);

	check_note(check, "there is no NUT: UPS and flag are those of %s",
		   check_path(check, "apcupsd.conf", path));
	check_powerfail(check);
	if (hook)
		check_error(
			check,
			"apcupsd's own hook %s is active, and would command the UPS while the disks are still mounted: %s",
			hook, remedy);
	if (!check->plan.handover.primaries && !check->plan.handover.others)
		check_error(
			check,
			"apcupsd has no UPS that is ours to cut, so none would be commanded");
}
