# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# A root below $base where everything is as it should be for $lastwatt, with
# the fake as the UPS; test scripts source this.
#
#	new_root	one more, as $root, with its NUT in $nut

number=0

new_root() {
    number=$((number + 1))
    root=${base:?}/$number
    nut=$root/etc/nut
    mkdir -p "$nut" "$root/run/initramfs" "$root/run/nut" \
        "$root/etc/systemd/system/sysinit.target.wants"
    cp "${lastwatt:?}" "$root/run/initramfs/shutdown"
    ln -s /lib/systemd/system/lastwatt.service \
        "$root/etc/systemd/system/sysinit.target.wants/lastwatt.service"
    echo 'MONITOR u@localhost 1 admin secret primary' >"$nut/upsmon.conf"
    echo 'POWERDOWNFLAG /run/nut/killpower' >>"$nut/upsmon.conf"
    echo 'MODE=standalone' >"$nut/nut.conf"
    printf '[u]\ndriver = lastwatt-fake\nport = auto\n' >"$nut/ups.conf"
}
