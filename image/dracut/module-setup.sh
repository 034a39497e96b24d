#!/bin/bash
# SPDX-License-Identifier: MIT
# dracut module: at the very end of dracut's own exitrd, when the old root is
# unmounted and its devices are closed, "lastwatt fire" commands the UPS.
# dracut calls these functions, and moddir is its variable.
# shellcheck disable=SC2154

lastwatt_program=${LASTWATT_PROGRAM:-/usr/sbin/lastwatt}

# Only where it is asked for: add_dracutmodules+=" lastwatt ".
check() {
    [ -x "$lastwatt_program" ] || return 1
    return 255
}

depends() {
    echo base shutdown
}

install() {
    inst_simple "$lastwatt_program" /usr/sbin/lastwatt
    # Without this word dracut has no exitrd for a plain partition or btrfs.
    inst_hook pre-pivot 50 "$moddir/lastwatt-need-shutdown.sh"
    inst_hook pre-shutdown 50 "$moddir/lastwatt-handover.sh"
    inst_hook shutdown 99 "$moddir/lastwatt-fire.sh"
}
