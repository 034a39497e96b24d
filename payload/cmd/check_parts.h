/* SPDX-License-Identifier: MIT */
/*
 * The parts of `lastwatt check`. Each looks at one thing and tells what is
 * wrong with it, with what to do about it.
 */
#ifndef CMD_CHECK_PARTS_H
#define CMD_CHECK_PARTS_H

#include "cmd/cmd.h"
#include "plan.h"

#define CHECK_PATH_MAX (HANDOVER_PATH_MAX + 24)

/** What a UPS would be told, as far as that shows. */
struct check_ups {
	bool is_granted;    /* cut is filled in */
	struct ups_cut cut; /* else only ->wanted */
	enum ups_mains mains;
};

struct check {
	const char *root; /* NUT's files are below it; "" for this system */
	bool is_image;    /* the root of one that is being made */
	bool is_json;
	int errors;
	int findings;
	struct plan plan; /* of a forced power-off */
	struct check_ups ups[HANDOVER_UPS_MAX];
};

/** Something that keeps a forced power-off from working as it should. */
void check_error(struct check *check, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** Something that is as it should be, but worth knowing. */
void check_note(struct check *check, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** The beginning and the end of what is printed; the latter with the plan. */
void check_begin(struct check *check);
void check_end(struct check *check);

/** Has systemd something to run at the end, and is it ours? */
void check_stage(struct check *check);

/** upsmon's flag, NUT's mode, NUT's own hook. */
void check_nut(struct check *check);

/** The folder that upsmon, or apcupsd, would write its flag into. */
void check_flag_folder(struct check *check);

/** The same as check_nut() where there is apcupsd instead. */
void check_apcupsd(struct check *check);

/** upsmon.conf and nut.conf: directives that nobody knows. */
void check_directives(struct check *check);

/** The keys of section @section of ups.conf; 0 is the global part. */
void check_keys(struct check *check, int section);

/**
 * Is there a way to the host of this UPS, and can it be made again at the
 * end? False if nothing can be asked there now. True for what is not on the
 * network.
 */
bool check_network(struct check *check, const struct ups *ups);

/** Where NUT's file @name is, below the root. */
const char *check_path(const struct check *check, const char *name,
		       char path[CHECK_PATH_MAX]);

#define CHECK_KEY_MAX  48 /* longer ones are nobody's slip of the pen */
#define CHECK_HINT_MAX (CHECK_KEY_MAX + 24)

/** Which known key comes closest to @key? Begin with CHECK_KEY_MAX slips. */
struct check_guess {
	const char *key;
	int slips; /* letters that are wrong, missing, too many, swapped */
	char meant[CHECK_KEY_MAX];
};

/** Compare with one word, or with a row of check_known.c. */
void check_look_for(struct check_guess *guess, const char *known);
void check_look_in_row(struct check_guess *guess, const char *row);

/** " (did you mean X?)", or "" if nothing comes close. */
const char *check_hint(const struct check_guess *guess,
		       char hint[CHECK_HINT_MAX]);

/** Is there such a row, and is @key in it, in whatever case? */
bool check_has_row(const char *row);
bool check_row_has(const char *row, const char *key);

/** Is it a key of one driver of NUT's at least? */
bool check_some_driver_has(const char *key);

/** Does NUT's @driver, installed at @path, end at the core's key @key? */
bool check_driver_is_too_old(const struct check *check, const char *driver,
			     const char *key, char path[CHECK_PATH_MAX]);

/** The device of the plan's UPS number @number: is it there, what can it do? */
void check_device(struct check *check, int number);

#endif
