#!/bin/bash
# SPDX-License-Identifier: MIT
# lastwatt fire in an exitrd of somebody else: a root in a tmpfs, in namespaces
# of its own, with what is mounted there and no more.
# Runs with BUILD, the folder of the build, whose test program has the fake.
set -u

lastwatt=${BUILD:?}/test/lastwatt
unset NUT_CONFPATH

# With a process namespace, so that what stays behind ends with this script.
if [ "${1:-}" != inside ]; then
    spaces=(--mount --pid --fork --kill-child --propagation private)
    [ "$(id -u)" = 0 ] || spaces+=(--user --map-root-user)
    unshare "${spaces[@]}" true 2>/dev/null || {
        echo "skip fire needs mount and process namespaces"
        exit 0
    }
    exec unshare "${spaces[@]}" "$0" inside
fi

base=$(mktemp -d)
mount -t tmpfs -o mode=0755 base "$base" || exit 1
trap 'umount -l "$base"; rmdir "$base"' EXIT
number=0

# A root as dracut leaves it: API file systems, a handover, an empty /oldroot.
# new_root FLAG LINES...: the lines are the section's.
new_root() {
    local flag=$1
    shift
    number=$((number + 1))
    root=$base/$number
    mkdir -p "$root"/{dev,proc,sys/block,run,oldroot,etc/nut}
    mount --rbind /proc "$root/proc"
    # It is the machine's own: a key would be pressed here.
    [ ! -e "$root/proc/sysrq-trigger" ] ||
        mount --bind /dev/null "$root/proc/sysrq-trigger" || exit 1
    : >"$root/dev/console"
    evidence="$base/out $base/err $base/calls $root/dev/console"
    : >"$root/dev/kmsg"
    : >"$root/dev/null"
    install -m 0755 "$lastwatt" "$root/lastwatt"
    printf '%s\n' 'POWERDOWNFLAG /etc/killpower' \
        "MONITOR u@localhost 1 admin secret ${role:-primary}" \
        >"$root/etc/nut/upsmon.conf"
    printf '%s\n' '[u]' 'driver = lastwatt-fake' 'journal = /run/journal' \
        "$@" >"$root/etc/nut/ups.conf"
    [ -z "${wait_s:-}" ] || echo "POWEROFF_WAIT=$wait_s" >"$root/etc/nut/nut.conf"
    [ "$flag" = none ] || printf upsmon-shutdown-file >"$root/etc/killpower"
    "$lastwatt" handover --root "$root" >"$base/out" 2>&1
    rm -r "${root:?}/etc"
}

# An overlay holds data in our eyes, and may be mounted by anybody.
mount_data() {
    mkdir -p "$root"/run/{lower,upper,work} "$root/oldroot"
    mount -t overlay data "$root/oldroot" -o \
        "lowerdir=$root/run/lower,upperdir=$root/run/upper,workdir=$root/run/work"
}

fire() {
    chroot "$root" /lastwatt fire "$@" >"$base/out" 2>"$base/err"
    status=$?
    cut -d ' ' -f 3- "$root/run/journal" 2>/dev/null | tr '\n' ' ' >"$base/calls"
}

# shellcheck source=scripts/check.sh
. "${SRC:-.}/scripts/check.sh"

ends() { [ "$status" = "$1" ] && [ "$(cat "$base/calls")" = "$2" ]; }
untouched() { ends 0 ""; }
paints() { grep -qF -- "$1" "$root/dev/console"; }

new_root valid
fire poweroff
ok "commands the UPS and leaves it open" ends 0 "open cut return "
ok "records it on the console" paints "u: return verified, load off in 20 s"
ok "records it in the kernel's log" grep -q "u: return verified" \
    "$root/dev/kmsg"
ok "says that storage was safe" paints "about to command 1 UPS, storage safe"
ok "prints nothing" test ! -s "$base/out"

new_root none
fire poweroff
ok "without a flag nothing is commanded" untouched
new_root valid
fire kexec
ok "nothing is commanded for kexec" untouched
fire dance
ok "nor for a word that is no verb" untouched
role=secondary new_root valid
fire poweroff
ok "nor what is not ours" untouched

new_root valid
mount_data
fire poweroff
ok "refuses while something is writable" ends 4 ""
ok "... and says why" grep -q "mounted and writable" "$base/err"
fire --force poweroff
ok "unless it is forced" ends 0 "open cut return "
ok "... which the record tells" paints "storage NOT SAFE"
new_root valid
mount_data
mount -o remount,ro "$root/oldroot"
fire poweroff
ok "what is read-only may stay" ends 0 "open cut return "
ok "... which the record tells, too" paints "storage read-only"

new_root valid 'cut = refuse'
fire poweroff
ok "a UPS that was not commanded is a failure" test "$status" = 1
ok "... and recorded" paints "u: NOT commanded"
new_root valid 'cut = refuse' 'mains = present'
fire poweroff
ok "a lost race asks for a reboot" test "$status" = 3
role=secondary wait_s=1 new_root valid
fire poweroff
ok "so does POWEROFF_WAIT" ends 3 ""

# Not the first process there, which would be PID 1. What ends it is reboot().
role=secondary wait_s=1 new_root valid
unshare --pid --fork --kill-child bash -c \
    "chroot '$root' /lastwatt fire --reboot poweroff; exit 9" \
    >"$base/out" 2>"$base/err"
status=$?
ok "or reboots by itself" test "$status" = $((128 + 1))

new_root valid
mv "$root/lastwatt" "$root/lastwatt-fire.finalrd"
chroot "$root" /lastwatt-fire.finalrd setup >"$base/out" 2>"$base/err"
status=$?
ok "as a hook it does not answer to \"setup\"" test ! -s "$root/dev/console"
chroot "$root" /lastwatt-fire.finalrd poweroff >"$base/out" 2>"$base/err"
status=$?
ok "... but to a verb" paints "u: return verified"

new_root valid
rm -r "$root/run/lastwatt"
fire poweroff
ok "no handover, no cut" untouched
fire
ok "a verb is needed" test "$status" = 2
chroot --userspec=65534:65534 "$root" /lastwatt fire poweroff \
    >"$base/out" 2>"$base/err"
status=$?
if [ "$status" = 125 ]; then
    echo "skip only-root needs another user"
else
    ok "it is for root" grep -q "only root may" "$base/err"
fi
