#!/bin/bash
# SPDX-License-Identifier: MIT
# The real dracut builds an initramfs with our module, and its own /shutdown
# runs as PID 1 in namespaces, down to the power-off, with a UPS that is not
# there. Runs with BUILD and SRC.
set -u

if [ "$(id -u)" != 0 ] || ! command -v mmdebstrap >/dev/null; then
    echo "skip dracut needs root and mmdebstrap, for a Debian of its own"
    exit 0
fi
if [ "${1:-}" != inside ]; then
    exec unshare --mount --pid --fork --kill-child --propagation private \
        "$0" inside
fi

base=$(mktemp -d)
mount -t tmpfs -o mode=0755 base "$base" || exit 1
trap 'umount -l "$base"; rmdir "$base"' EXIT
debian=$base/debian
modules=/usr/lib/dracut/modules.d
not() { ! "$@"; }

# shellcheck source=scripts/check.sh
. "${SRC:-.}/scripts/check.sh"
evidence="$base/log $base/exitrd/dev/console"

"$SRC/image/chroot" "$debian" dracut-core udev systemd-sysv >"$base/log" 2>&1 || {
    echo "skip dracut could not be had: $(tail -n 1 "$base/log")"
    exit 0
}
mount -t proc proc "$debian/proc"
mount --bind /dev "$debian/dev"

# The program is the one of the tests, which has the fake.
install -D -m 0755 "$BUILD/test/shutdown" \
    "$debian/usr/lib/lastwatt/exitrd/shutdown"
install -D -m 0755 "$BUILD/test/lastwatt" "$debian/usr/sbin/lastwatt"
install -d "$debian$modules/99lastwatt"
install -m 0755 "$SRC"/image/dracut/module-setup.sh \
    "$SRC"/image/dracut/lastwatt-*.sh "$debian$modules/99lastwatt"

build() {
    chroot "$debian" dracut --no-kernel --no-hostonly \
        --no-hostonly-cmdline --no-early-microcode --gzip --force "$@" \
        /tmp/initrd.img 6.1 >"$base/log" 2>&1
}

lists() {
    chroot "$debian" lsinitrd /tmp/initrd.img >"$base/list" 2>&1
    grep -q "$1" "$base/list"
}

ok "dracut builds without the module" build --modules "dash base shutdown"
ok "... which is not there unless it is asked for" not lists usr/sbin/lastwatt
ok "dracut builds with the module" build --modules "dash base shutdown" \
    --add lastwatt
ok "it has the program" lists 'usr/sbin/lastwatt$'
ok "it has the hook of the end" lists 'hooks/shutdown/99-lastwatt-fire.sh$'
ok "it has the hook before the end" \
    lists 'hooks/pre-shutdown/50-lastwatt-handover.sh$'
ok "it asks to be restored" lists 'hooks/pre-pivot/50-lastwatt-need-shutdown.sh$'

# As systemd leaves it: the image in a tmpfs, /run kept, the old root below.
# power_off VERB FLAG: runs dracut's /shutdown to its end.
power_off() {
    local verb=$1 flag=$2
    root=$base/exitrd
    mkdir "$root"
    mount -t tmpfs -o mode=0755 exitrd "$root"
    (cd "$root" && zcat "$debian/tmp/initrd.img" | cpio -id --quiet)
    rm -r "${root:?}/dev" # real devices, that is
    mkdir -p "$root"/{dev,proc,sys/block,run,oldroot/etc/nut}
    : >"$root/dev/console"
    : >"$root/dev/kmsg"
    : >"$root/dev/null"
    chmod 666 "$root/dev/null"
    printf '%s\n' 'POWERDOWNFLAG /etc/killpower' \
        'MONITOR u@localhost 1 admin secret primary' \
        >"$root/oldroot/etc/nut/upsmon.conf"
    printf '%s\n' '[u]' 'driver = lastwatt-fake' 'journal = /run/journal' \
        >"$root/oldroot/etc/nut/ups.conf"
    printf upsmon-shutdown-file >"$root/oldroot/etc/killpower"
    case $flag in
    valid) "$BUILD/test/lastwatt" handover --root "$root/oldroot" \
        --dir "$root/run/lastwatt" >"$base/log" 2>&1 ;;
    esac
    [ -z "${busy:-}" ] || add_hook_that_fails
    { unshare --mount --pid --fork --kill-child bash -c '
        mount -t proc proc "$1/proc"
        mount --bind /dev/null "$1/proc/sysrq-trigger"
        exec chroot "$1" /shutdown "$2"' power-off "$root" "$verb" \
        </dev/null; } >>"$base/log" 2>&1
    status=$?
    cut -d ' ' -f 3- "$root/run/journal" 2>/dev/null | tr '\n' ' ' \
        >"$base/calls"
    cat "$root/dev/console" >>"$base/log"
}

# A layer that only goes in the third round, or never. (dracut has no wc.)
add_hook_that_fails() {
    cat >"$root/lib/dracut/hooks/shutdown/30-layer.sh" <<END
[ -e /run/journal ] && : >/run/wrong
rounds=; read -r rounds </run/rounds
echo "x\$rounds" >/run/rounds
[ "\$rounds" = "$busy" ]
END
    echo >"$root/run/rounds"
}

next() { umount -l "$root" && rmdir "$root"; }
# In a process namespace reboot() shows as SIGINT or SIGHUP.
ended_by() { [ "$status" = $((128 + $1)) ]; }
calls() { [ "$(cat "$base/calls")" = "$1" ]; }

power_off poweroff valid
ok "dracut powers off" ended_by 2
ok "... and the UPS is commanded before" calls "open cut return "
next
busy=xx power_off poweroff valid
ok "it comes after the last hook of others" test ! -e "$root/run/wrong" -a \
    "$(cat "$root/run/rounds")" = xxx
ok "... and only once" calls "open cut return "
next
busy=never power_off poweroff valid
ok "... or when dracut gives up" calls "open cut return "
next
power_off poweroff none
ok "without a handover the old root is read in time" calls "open cut return "
next
power_off kexec valid
ok "dracut's other verbs command nothing" calls ""
next

# At shutdown dracut unpacks its initramfs into /run/initramfs, or fails to.
mount -t tmpfs -o mode=0755,noexec run "$debian/run"
initramfs=$debian/run/initramfs
image=$debian/boot/initrd.img-$(uname -r)
mkdir -p "$debian/etc/nut"
echo 6c617374776174744474800073797374 >"$debian/etc/machine-id"
echo 'MONITOR u@localhost 1 admin secret primary' >"$debian/etc/nut/upsmon.conf"
restore() { chroot "$debian" /usr/lib/dracut/dracut-initramfs-restore >>"$base/log" 2>&1; }
lastwatt() { chroot "$debian" lastwatt "$@" >>"$base/log" 2>&1; }
is_lastwatt() { cmp -s "$BUILD/test/shutdown" "$initramfs/shutdown"; }
: >"$base/log"

mkdir "$initramfs"
: >"$initramfs/.need_shutdown"
lastwatt handover --open-flag
ok "dracut says that it cannot restore" not restore
rm -f "$initramfs/shutdown" # as dracut-shutdown-onfailure.service does
ok "then lastwatt takes over" lastwatt stage --again
ok "... as the exitrd" is_lastwatt
ok "dracut leaves it so" restore
ok "... which it is still" is_lastwatt
umount "$initramfs"

# In a plain folder of such a /run dracut's exitrd would be passed over, too.
# dracut's own initramfs mounts a /run that programs may be run from.
mount -o remount,exec "$debian/run"
cp "$debian/tmp/initrd.img" "$image"
ok "dracut restores its exitrd" restore
ok "lastwatt leaves that" lastwatt stage --again
ok "... as it is" test -f "$initramfs/usr/sbin/lastwatt" -a \
    "$(head -c 9 "$initramfs/shutdown" | tr -d "\0")" = '#!/bin/sh'
ok "and does not take its place" not lastwatt stage
