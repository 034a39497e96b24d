#!/bin/bash
# SPDX-License-Identifier: MIT
# The hooks for exitrds of others, called as these call them: finalrd as its
# manual page has it, mkinitcpio with its add_file(). Runs with BUILD and SRC.
set -u

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# shellcheck source=scripts/check.sh
. "${SRC:-.}/scripts/check.sh"
log=$folder/log
evidence=$log

# finalrd runs what is executable there with "setup", and then copies it.
mkdir -p "$folder/finalrd" "$folder/system-shutdown" "$folder/root"
ln -s "$BUILD/lastwatt" "$folder/finalrd/lastwatt-fire.finalrd"
finalrd() {
    run-parts --regex='^.*\.finalrd$' --arg=setup -- "$folder/finalrd" &&
        find "$folder/finalrd" -executable -name '*.finalrd' \
            -exec cp -- {} "$folder/system-shutdown" \;
}
ok "finalrd sets it up" finalrd
ok "... in silence" test ! -s "$folder/log"
ok "finalrd copies the program" \
    cmp "$BUILD/lastwatt" "$folder/system-shutdown/lastwatt-fire.finalrd"

# mkinitcpio sources the hook and calls build().
added=
# shellcheck disable=SC2329 # build() calls it
add_file() { added="$1 $2 $3"; }
# shellcheck source=/dev/null
. "$SRC/image/mkinitcpio/lastwatt"
build
ok "mkinitcpio's hook adds the program" test "$added" = \
    "/usr/sbin/lastwatt /usr/lib/systemd/system-shutdown/lastwatt-fire 0755"
ok "... and explains itself" help
ok "mkinitcpio's list of hooks is one that systemd-tmpfiles understands" \
    systemd-tmpfiles --create --root="$folder/root" \
    "$SRC/image/mkinitcpio/lastwatt.tmpfiles"
ok "... and says what it has to" grep -qx 'HOOKS=(sd-shutdown lastwatt)' \
    "$folder/root/run/initramfs/mkinitcpio-shutdown.conf"
