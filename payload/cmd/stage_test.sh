#!/bin/bash
# SPDX-License-Identifier: MIT
# lastwatt stage in a mount namespace of its own, with good trees and bad ones.
# Runs with BUILD, the folder of the build.
set -u

lastwatt=${BUILD:?}/lastwatt
[ -x "$BUILD/test/lastwatt" ] && lastwatt=$BUILD/test/lastwatt
# What the exitrd holds is not the program that stages it.
shutdown=$(dirname "$lastwatt")/shutdown

if [ "${1:-}" != inside ]; then
    unshare --user --map-root-user --mount true 2>/dev/null ||
        unshare --mount true 2>/dev/null || {
        echo "skip stage needs mount namespaces"
        exit 0
    }
    if [ "$(id -u)" = 0 ]; then
        exec unshare --mount --propagation private "$0" inside
    fi
    exec unshare --user --map-root-user --mount "$0" inside
fi

base=$(mktemp -d)
mount -t tmpfs -o mode=0755 base "$base" || exit 1
trap 'umount -l "$base"; rmdir "$base"' EXIT
number=0

# A fresh root with an exitrd and NUT's configuration, and a noexec /run.
new_root() {
    number=$((number + 1))
    root=$base/$number
    tree=$root/usr/lib/lastwatt/exitrd
    mkdir -p "$tree"/{dev,proc,sys,run,oldroot} "$root/etc/nut" "$root/run"
    mount -t tmpfs -o mode=0755,noexec run "$root/run"
    install -m 0755 "$shutdown" "$tree/shutdown"
    echo 'MONITOR u@localhost 1 admin secret primary' \
        >"$root/etc/nut/upsmon.conf"
    echo 'POWERDOWNFLAG /etc/killpower' >>"$root/etc/nut/upsmon.conf"
    printf '[u]\ndriver = usbhid-ups\nport = auto\n' >"$root/etc/nut/ups.conf"
}

stage() {
    "$lastwatt" stage "$@" --root "$root" >"$base/out" 2>"$base/err"
    status=$?
}

# shellcheck source=scripts/check.sh
. "${SRC:-.}/scripts/check.sh"
evidence="$base/out $base/err"

says() { grep -qF -- "$1" "$base/err"; }
fails_saying() { [ "$status" = 1 ] && says "$1"; }
is_staged() {
    [ "$status" = 0 ] && [ -d "$root/run/initramfs/oldroot" ] &&
        "$root/run/initramfs/shutdown" --version >/dev/null
}
options() { findmnt -n -o "$1" --mountpoint "$root/run/initramfs"; }
mounts() { grep -c " $root/run/initramfs " /proc/self/mountinfo; }
nothing_is_staged() { [ ! -e "$root/run/initramfs/shutdown" ]; }

new_root
stage
ok "stage works though /run is noexec" is_staged
ok "stage mounts a tmpfs" test "$(options FSTYPE)" = tmpfs
ok "stage forbids set-user-ID and devices" \
    grep -q 'nosuid,nodev' <<<"$(options OPTIONS)"
ok "stage keeps others from writing" \
    test "$(stat -c %a "$root/run/initramfs")" = 755
ok "stage copies all of the tree" \
    diff -r "$tree" "$root/run/initramfs"
ok "stage writes a handover" grep -qx 'FLAG unknown' \
    "$root/run/lastwatt/handover"
ok "stage hands no password over" \
    test -z "$(grep -r secret "$root/run/lastwatt")"
stage --json
ok "stage prints one object" scripts/json-holds "$base/out" 'it == {"ok": True,
    "exitrd": "'"$root"'/run/initramfs", "handover": "'"$root"'/run/lastwatt",
    "primaries": 1}'
echo "an older one" >"$root/run/initramfs/shutdown"
stage
ok "stage can be repeated" is_staged
ok "stage mounts only once" test "$(mounts)" = 1
mount -o remount,size=4m "$root/run/initramfs"
stage
ok "stage makes room in an older one" grep -q 'size=131072k' \
    <<<"$(options OPTIONS)"

new_root
chmod 644 "$tree/shutdown"
stage
ok "stage refuses a program without exec bit" fails_saying "chmod 755"
ok "stage tells what that means" says "power off without lastwatt"
ok "stage leaves nothing half done" nothing_is_staged

new_root
rm "$tree/shutdown"
stage
ok "stage refuses an empty tree" fails_saying "cannot be opened"

new_root
printf '#!/bin/sh\necho lastwatt 1\n' >"$tree/shutdown"
stage
ok "stage refuses a script" fails_saying "not a program"

new_root
cp /bin/true "$tree/shutdown"
stage
ok "stage refuses a dynamic program" fails_saying "build it static"

new_root
printf '\xff' | dd of="$tree/shutdown" bs=1 seek=18 conv=notrunc 2>/dev/null
stage
ok "stage refuses another machine's program" fails_saying "another kind"

new_root
head -c 4096 "$lastwatt" >"$tree/shutdown"
stage
ok "stage refuses a program that is cut off" fails_saying "does not run"
ok "stage takes it away again" nothing_is_staged

new_root
ln -s shutdown "$tree/link"
stage
ok "stage refuses what it cannot copy" fails_saying "cannot be copied"

# Somebody else's program, in a folder of /run that programs may be run from.
put_other() {
    mount -o remount,exec "$root/run"
    mkdir -p "$root/run/initramfs"
    echo other >"$root/run/initramfs/shutdown"
    chmod 755 "$root/run/initramfs/shutdown"
}

new_root
put_other
stage
ok "stage respects another exitrd" fails_saying "is not ours"
ok "stage leaves it as it is" \
    grep -qx other "$root/run/initramfs/shutdown"

stage --again
ok "stage --again stages nothing that was not staged" \
    grep -q "nothing is staged again" "$base/out"

new_root
put_other
mount -o remount,noexec "$root/run"
stage
ok "stage takes the place of what systemd would pass over" is_staged
ok "... and says so" says "systemd would pass it over"

new_root
stage
cp "$root/run/lastwatt/handover" "$base/before"
rm "$root/run/initramfs/shutdown"
stage --again
ok "stage --again repairs what was removed" is_staged
ok "... and keeps the handover" cmp "$base/before" "$root/run/lastwatt/handover"
umount "$root/run/initramfs"
stage --again
ok "stage --again works after what soft-reboot drops" is_staged
umount "$root/run/initramfs"
put_other
stage --again
ok "stage --again leaves an exitrd that was restored" \
    test "$status" = 0 -a "$(cat "$root/run/initramfs/shutdown")" = other
rm "$root/run/initramfs/shutdown"
stage --again
ok "... and takes over where that failed" is_staged
umount "$root/run/initramfs"
put_other
chmod 644 "$root/run/initramfs/shutdown"
stage --again
ok "... and where it would not be executed" is_staged

new_root
mkdir "$base/elsewhere"
ln -s "$base/elsewhere" "$root/run/initramfs"
stage
ok "stage follows no link" fails_saying "is not a folder"

new_root
mkdir "$root/run/initramfs"
touch "$root/run/initramfs/.need_shutdown"
stage
ok "stage warns when dracut wants its turn" says "dracut wants"

new_root
hooks=$root/usr/lib/systemd/system-shutdown
mkdir -p "$hooks"
echo '#!/bin/sh' >"$hooks/nutshutdown"
stage
ok "stage ignores a hook that is disabled" test ! -s "$base/err"
mkdir -p "$root/var/lib"
stage
ok "stage leaves on the disk that this boot began" \
    grep -qx 'state = running' "$root/var/lib/lastwatt/boot"
"$lastwatt" handover --root "$root" >"$base/out" 2>"$base/err"
ok "handover alone does not say that the machine stops" \
    grep -qx 'state = running' "$root/var/lib/lastwatt/boot"
"$lastwatt" handover --stopping --root "$root" >"$base/out" 2>"$base/err"
ok "handover --stopping leaves that it was shut down" \
    grep -qx 'state = stopped' "$root/var/lib/lastwatt/boot"
chmod 755 "$hooks/nutshutdown"
stage
ok "stage warns of an active hook" says \
    "chmod -x /usr/lib/systemd/system-shutdown/nutshutdown"
ok "stage works beside it" is_staged
mkdir -p "$root/var/lib/dpkg/info"
echo /lib/systemd/system-shutdown/nutshutdown \
    >"$root/var/lib/dpkg/info/nut-server.list"
stage
ok "stage knows Debian's way to disable it" says \
    "--add /lib/systemd/system-shutdown/nutshutdown"
mount --bind "$root/usr" "$root/usr"
mount -o remount,bind,ro "$root/usr"
stage
ok "... which cannot be done where nobody can write" says \
    "leave /usr/lib/systemd/system-shutdown/nutshutdown out of the image"
umount "$root/usr"
mount --bind /dev/null "$hooks/nutshutdown"
stage
ok "nor is it hidden by what is mounted over it" says \
    "systemd unmounts what is mounted over it"
umount "$hooks/nutshutdown"
printf '%s\n' '#!/bin/sh' 'if [ -s "/etc/nut/nut.conf" ]; then' \
    '    . "/etc/nut/nut.conf" || true' 'fi' >"$hooks/nutshutdown"
mount --bind "$root/usr" "$root/usr"
mount -o remount,bind,ro "$root/usr"
stage
ok "a newer hook can be told to leave" says "  echo 'case \$0 in"
remedy=$(sed -n "s|^lastwatt stage:   \(echo .*>> \)|\1$root|p" "$base/err")
sh -c "$remedy"
stage
ok "... which that does" test ! -s "$base/err"
umount "$root/usr"

new_root
cat >"$root/etc/nut/upsmon.conf" <<'EOF'
MONITOR far@localhost 1 monitor secret primary
MINSUPPLIES 1
POWERDOWNFLAG /etc/killpower
EOF
printf '[far]\ndriver = lastwatt-fake\nport = auto\nhost = 192.0.2.7\n' \
    >"$root/etc/nut/ups.conf"
unshare --net "$lastwatt" stage --root "$root" >"$base/out" 2>"$base/err"
ok "stage does not complain that the network is not up yet" \
    test ! -s "$base/err"
ok "stage writes it down for PID 1" \
    grep -q "way to 192.0.2.7 is not known" "$root/run/lastwatt/handover"

new_root
rm -r "$root/etc/nut"
stage
ok "stage works before NUT is configured" is_staged
ok "stage leaves it to PID 1 to look again" \
    test ! -e "$root/run/lastwatt"

new_root
echo 'MONITOR u@localhost 1 primary' >"$root/etc/nut/upsmon.conf"
stage
ok "stage tells what is wrong in NUT's files" says \
    "/etc/nut/upsmon.conf:1: MONITOR needs five words"
