#!/bin/bash
# SPDX-License-Identifier: MIT
# What "make install" installs for systemd: systemd finds nothing wrong with it,
# and the sandboxes are what they were meant to be. Runs with BUILD and SRC.
set -u

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# shellcheck source=scripts/check.sh
. "${SRC:-.}/scripts/check.sh"
log=$folder/log
evidence=$log
not() { ! "$@"; }

# As PREFIX, so that systemd finds the programs that it is to run.
make -s -C "$SRC" O="$BUILD" CC="$CC" DESTDIR= PREFIX="$folder/usr" install \
    >"$folder/log" 2>&1 || {
    echo "not ok make install"
    cat "$folder/log"
    exit 1
}
units=$folder/usr/lib/systemd/system

ok "units name no path that PREFIX moved" \
    not grep -rE '[= ]-?/usr/(sbin|lib)/lastwatt' "$units"
ok "what they run is installed" test -x "$folder/usr/sbin/lastwatt"
ok "the exitrd is installed" \
    cmp "$BUILD/shutdown" "$folder/usr/lib/lastwatt/exitrd/shutdown"

# Silence is a part of it: warnings do not change the status.
verifies() { [ -z "$(systemd-analyze verify --man=no "$units"/lastwatt* 2>&1 | tee "$folder/said")" ]; }
ok "systemd-analyze verify is silent" verifies
[ ! -s "$folder/said" ] || sed 's/^/# /' "$folder/said"

# In tenths of systemd's exposure, which is 96 for a unit without a sandbox.
exposed() {
    systemd-analyze security --offline=true --no-pager --threshold="$2" \
        "$units/$1"
}
ok "the handover to others is sandboxed" exposed lastwatt-handover.service 30
ok "the refresh is sandboxed" exposed lastwatt-refresh.service 30
ok "staging is, as far as its mount allows" exposed lastwatt.service 45
ok "staging has no mount namespace" not grep -E \
    '^(Private|Protect|ReadWrite|ReadOnly|Inaccessible|Bind|Temporary|Runtime)' \
    "$units/lastwatt.service"

ok "in a container none of them does anything" test -z \
    "$(grep -L '^ConditionVirtualization=!container' "$units"/lastwatt*.*)"

# dracut removes /shutdown when it fails, and then it is our turn.
drop_in=$units/dracut-shutdown-onfailure.service
printf '[Unit]\nDefaultDependencies=no\n[Service]\nType=oneshot\nExecStart=-/bin/rm /run/initramfs/shutdown\n' >"$drop_in"
two_steps() {
    grep -q 'stage --again' "$drop_in.d/lastwatt.conf" &&
        SYSTEMD_UNIT_PATH=$units: systemd-analyze verify --man=no "$drop_in"
}
ok "the drop-in for dracut's failure is sound" two_steps
