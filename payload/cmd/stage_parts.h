/* SPDX-License-Identifier: MIT */
/*
 * The steps of `lastwatt stage`. Each returns CMD_OK, or CMD_FAILED when it
 * has said what is wrong and what to do: in @why if it has one, else on stderr.
 */
#ifndef CMD_STAGE_PARTS_H
#define CMD_STAGE_PARTS_H

#include "cmd/cmd.h"

#define STAGE_PATH_MAX 4096
#define STAGE_WHY_MAX  512

/** Where the program is, and how systemd will call it. */
#define STAGE_TARGET "/run/initramfs"

/** Where it is installed, as the tree of the exitrd. */
#define STAGE_SOURCE "/usr/lib/lastwatt/exitrd"

/**
 * Would the kernel run @path, with nothing else on the disk? It must be an
 * executable, static ELF program for the machine of this program.
 */
int stage_check_program(const char *path, char why[STAGE_WHY_MAX]);

/** Really run "@path --version", for ten seconds at most. */
int stage_try_program(const char *path, char why[STAGE_WHY_MAX]);

/** Would SELinux let systemd execute @path? Yes, too, if nobody can say. */
int stage_check_policy(const char *path, char why[STAGE_WHY_MAX]);

/**
 * Does SELinux, whose file system is @selinuxfs, keep a process with the label
 * @init from executing a file with the label @file?
 */
bool stage_policy_denies(const char *selinuxfs, const char *init,
			 const char *file);

/* From stage_mount(): somebody else's exitrd is there, and may be. */
#define STAGE_IS_OTHERS (-1)

/**
 * Make @target a tmpfs of our own, from which programs may be run, unless it
 * is one already. Refuses to cover a shutdown program of somebody else that
 * can be executed, or returns STAGE_IS_OTHERS for it if @again.
 */
int stage_mount(const char *target, bool again);

/** Copy folders and files below @from into @to; each file in one rename. */
int stage_copy_tree(const char *from, const char *to);

/**
 * NUT's own hook below @root, or apcupsd's, if it would run: its place, and in
 * @remedy the command that disables it. NULL if there is none.
 */
const char *stage_find_hook(const char *root, bool of_apcupsd,
			    char remedy[STAGE_WHY_MAX]);

/** Warn if such a hook below @root would cut while disks are mounted. */
void stage_warn_of_hook(const char *root);

#endif
