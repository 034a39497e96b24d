/* SPDX-License-Identifier: MIT */
/* One variable of the firmware (UEFI 2.10, 8.2), through efivarfs. */
#ifndef PAYLOAD_EFIVAR_H
#define PAYLOAD_EFIVAR_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define EFIVAR_DIR "/sys/firmware/efi/efivars"

/** Its name, and an id of a vendor that nobody else uses. */
#define EFIVAR_RECORD "LastwattRecord-6955a74b-7c17-4401-a2f6-9706214f5e7b"

#define EFIVAR_MAX 256

/**
 * Is there firmware that keeps variables, and does @dir show them? efivarfs is
 * mounted there if it is not. 0, -ENOENT on a machine without UEFI, or
 * another negative errno.
 */
int efivar_mount(const char *dir);

/** Read the value; its length, -ENOENT if there is none, -EMSGSIZE. */
ssize_t efivar_read(const char *dir, const char *name, void *value, size_t size);

/**
 * Make @value its value, which then outlives the power. One that it has
 * already is not written again, for these memories wear. 0 or a negative
 * errno; -ENOSPC when the firmware has no room.
 */
int efivar_write(const char *dir, const char *name, const void *value,
		 size_t len);

#endif
