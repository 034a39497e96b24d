#!/bin/bash
# SPDX-License-Identifier: MIT
# Packs real drivers of NUT, Debian's as they are fetched, and lets lastwatt
# command an emulated UPS with one where there is nothing but the packed tree.
set -u

if [ "${1:-}" != inside ]; then
    # The driver changes its user, which an unprivileged namespace forbids.
    if ! unshare --mount true 2>/dev/null; then
        echo "skip pack: only root may mount here"
        exit 0
    fi
    exec unshare --mount --propagation private "$0" inside
fi
PATH=$PATH:/usr/sbin:/sbin

folder=$(mktemp -d)
tree=$folder/tree
world=$folder/world
peer=
tidy() {
    [ -z "$peer" ] || kill "$peer" 2>/dev/null
    umount -l "$tree/dev" "$tree/proc" "$world" 2>/dev/null
    rm -rf --one-file-system "$folder"
}
trap tidy EXIT

# shellcheck source=scripts/check.sh
. "${SRC:-.}/scripts/check.sh"
evidence="$folder/*.out"

if ! drivers=$(cd "$SRC/qemu-tests" && python3 -B -c '
import os, sys
from runner.nut import Nut, Unreachable
try:
    print(Nut(os.environ["BUILD"]).drivers)
except Unreachable as reason:
    sys.exit("skip pack: " + str(reason))' 2>&1); then
    echo "$drivers"
    exit 0
fi

# All that Debian ships and that can cut is spoken here: so another name.
mkdir "$folder/drivers" "$tree"
cp "$drivers/blazer_ser" "$folder/drivers/acme_ups"
cp "$drivers/usbhid-ups" "$folder/drivers/"
sed 's/libm\.so\.6/libx.so.6/' "$drivers/blazer_ser" >"$folder/drivers/lame_ups"

pack() {
    "$SRC/image/nut/pack" --tree "$tree" --drivers "$folder/drivers" "$@" \
        >"$folder/pack.out" 2>&1
}

packs() { pack "$@" && [ -x "$tree/nut/$1" ]; }
has_plain_files() { [ -z "$(find "$tree" ! -type d ! -type f)" ]; }
refuses() {
    local why=$1
    shift
    ! pack "$@" && grep -qF "$why" "$folder/pack.out"
}
packs_everything() {
    pack --list "$folder/list" everything &&
        grep -q "lame_ups is left out: it needs libx.so.6" "$folder/pack.out" &&
        [ -x "$tree/nut/usbhid-ups" ] && [ ! -e "$tree/nut/lame_ups" ]
}
list_is_whole() {
    diff <(awk '{ print $2 }' "$folder/list" | sort) \
        <(cd "$tree" && find etc nut | sed 's,^,/,' | sort) >"$folder/diff.out"
}

ok "a driver is packed" packs acme_ups
ok "links are resolved" has_plain_files
ok "a driver that is not there is told" refuses "none of that name" no_ups
ok "a library that is not there is told" refuses "needs libx.so.6" lame_ups
ok "everything, but for what would not run" packs_everything
ok "the list for the image names all of it" list_is_whole

plug_in() {
    [ -z "$peer" ] || kill "$peer" 2>/dev/null
    (cd "$SRC" && exec "$BUILD/rig/line-pty" --limit 120 qx-megatec \
        "$folder/$1") >"$folder/peer.out" 2>&1 < <(sleep 120) &
    peer=$!
    for _ in $(seq 100); do
        ! grep -q ready "$folder/peer.out" || break
        sleep 0.1
    done
}

# A world with devices, a configuration and the packed tree; no /usr, no /lib.
mkdir -p "$tree"/{dev,proc,sys,run,etc/nut}
mount --rbind /dev "$tree/dev"
mount -t proc proc "$tree/proc"
cp "$BUILD/lastwatt" "$tree/lastwatt"
plug_in port
cat >"$tree/etc/nut/ups.conf" <<END
[u]
driver = acme_ups
port = $(readlink -f "$folder/port")
maxstartdelay = 20
offdelay = 30
END
echo 'MONITOR u@localhost 1 admin secret primary' >"$tree/etc/nut/upsmon.conf"

run() { chroot "$tree" /lastwatt "$@" >"$folder/run.out" 2>&1; }
plans() {
    run plan poweroff --forced &&
        grep -q "acme_ups (by NUT's own driver in the image)" "$folder/run.out"
}
checks() {
    run check
    grep -q "u, driver acme_ups: would be told \"return\" (by NUT's own driver in the image)" "$folder/run.out"
}
cuts() {
    run cut && grep -q "u: off .*NUT's own acme_ups" "$folder/run.out" &&
        grep -q "order off_after_s=30 back=mains" "$folder/peer.out"
}
leaves_nothing() { [ -z "$(ls "$tree/run")" ]; }
tells_the_truth() {
    sed -i -e 's,^port.*,port = /dev/pts/none,' \
        -e 's/^maxstartdelay.*/maxstartdelay = 2/' "$tree/etc/nut/ups.conf"
    ! run cut && grep -q "NUT's driver acme_ups says: .*/dev/pts/none" \
        "$folder/run.out"
}

ok "there is nothing else" test "$(cd "$tree" && echo *)" = \
    "dev etc lastwatt nut proc run sys"
ok "plan says who would command it" plans
ok "check says so, too" checks
ok "the real driver commands the UPS" cuts
plans_last_resort() {
    sed -i 's,^driver.*,driver = usbhid-ups,' "$tree/etc/nut/ups.conf"
    run plan poweroff --forced
    local status=$?
    sed -i 's,^driver.*,driver = acme_ups,' "$tree/etc/nut/ups.conf"
    [ $status = 0 ] && grep -q "usbhid-ups (by NUT's own in the image, if that fails)" "$folder/run.out"
}
ok "plan tells of the last resort" plans_last_resort
ok "its configuration does not stay" leaves_nothing
ok "a UPS that is not there was not commanded" tells_the_truth

# The same by process 1, whose keepers are confined but for this one. It gets
# namespaces of its own, with users in which a driver may become root.
make_world() {
    mkdir "$world" && mount -t tmpfs none "$world" && cd "$world" &&
        mkdir -p dev/pts proc sys/block run oldroot/etc/nut &&
        touch dev/kmsg dev/console dev/null &&
        cp -R "$tree/nut" "$tree/etc" . && cp "$BUILD/shutdown" . &&
        cp "$tree"/etc/nut/* oldroot/etc/nut/ &&
        printf upsmon-shutdown-file >oldroot/etc/killpower
}

first_process() {
    cd "$world" && mount --rbind /dev/pts dev/pts &&
        mount --bind /dev/null dev/null && mount -t proc proc proc || exit
    mount --bind /dev/null proc/sysrq-trigger 2>/dev/null
    exec env -i LASTWATT_BUDGET_S=30 "$(command -v chroot)" . \
        /shutdown poweroff
}
export -f first_process
export folder world

fires() {
    local ours unshare
    plug_in port-1
    sed -i -e "s,^port.*,port = $(readlink -f "$folder/port-1")," \
        -e 's/^maxstartdelay.*/maxstartdelay = 20/' "$tree/etc/nut/ups.conf"
    echo 'POWERDOWNFLAG /etc/killpower' >>"$tree/etc/nut/upsmon.conf"
    (make_world) || return
    timeout -k 5 60 unshare --user --mount --pid --fork --kill-child \
        bash -c 'until [ -e "$folder/go" ]; do sleep 0.1; done
            exec bash -c first_process' \
        >"$folder/run.out" 2>&1 &
    ours=$!
    for _ in $(seq 100); do
        unshare=$(pgrep -P $ours unshare) && break
        sleep 0.1
    done
    until [ -d "/proc/$unshare/ns" ] && [ "$(readlink "/proc/$unshare/ns/user")" \
        != "$(readlink /proc/self/ns/user)" ]; do sleep 0.1; done
    echo '0 0 1000' >"/proc/$unshare/gid_map"
    echo '0 0 1000' >"/proc/$unshare/uid_map"
    : >"$folder/go"
    wait $ours
    ours=$?
    cp "$world/dev/console" "$folder/console.out"
    [ $ours = 130 ] && # reboot() ends a namespace like that
        grep -q "storage   safe" "$folder/console.out" &&
        grep -q "order off_after_s=30 back=mains" "$folder/peer.out"
}

if unshare --user --mount --pid --fork true 2>/dev/null; then
    ok "process 1 has it done, too" fires
else
    echo "skip pack: no process 1, for there are no user namespaces here"
fi
exit $failed
