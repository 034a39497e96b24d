#!/bin/bash
# SPDX-License-Identifier: MIT
# The units with a real systemd, in a Debian of its own in namespaces: what their
# sandboxes forbid is not what they need. Runs with BUILD and SRC.
set -u

if [ "$(id -u)" != 0 ] || ! command -v mmdebstrap >/dev/null; then
    echo "skip the units need root and mmdebstrap, for a Debian of its own"
    exit 0
fi
if [ "${1:-}" != inside ]; then
    exec unshare --mount --propagation private "$0" inside
fi

base=$(mktemp -d)
mount -t tmpfs -o mode=0755 base "$base" || exit 1
trap 'umount -R -l "$base"; rmdir "$base"' EXIT
debian=$base/debian
results=$debian/var/results
limit_s=90
# Its root is a mount, or systemd could make no mount namespaces below it.
mkdir "$debian"
mount -t tmpfs -o mode=0755 debian "$debian" || exit 1

# shellcheck source=scripts/check.sh
. "${SRC:-.}/scripts/check.sh"
evidence="$results $debian/var/log/lastwatt"
seen() { grep -qx "$1" "$results"; }

"$SRC/image/chroot" "$debian" systemd-sysv >"$base/log" 2>&1 || {
    echo "skip systemd could not be had: $(tail -n 1 "$base/log")"
    exit 0
}
make -s -C "$SRC" O="$BUILD" CC="$CC" DESTDIR="$debian" install || exit 1

# A namespace counts as a container, and there is no journal.
for unit in "$debian"/usr/lib/systemd/system/lastwatt*; do
    sed -i -e '/^ConditionVirtualization/d' -e '/^Standard/d' \
        -e 's,^\[Service\],&\nStandardOutput=append:/var/log/lastwatt\nStandardError=append:/var/log/lastwatt,' \
        "$unit"
done
mkdir "$debian/etc/nut"
printf '%s\n' 'MONITOR u@localhost 1 admin secret primary' \
    'POWERDOWNFLAG /etc/killpower' >"$debian/etc/nut/upsmon.conf"
printf '[u]\ndriver = usbhid-ups\nport = auto\n' >"$debian/etc/nut/ups.conf"
chmod 640 "$debian"/etc/nut/*
cat >"$debian/etc/systemd/system/try.service" <<'END'
[Unit]
DefaultDependencies=no
[Service]
Type=oneshot
StandardOutput=append:/var/results
StandardError=append:/var/results
ExecStart=/try
END
cat >"$debian/try" <<'END'
#!/bin/bash
say() { echo "$1: $(shift; "$@" 2>&1 | tr '\n' ' ' | sed 's/ $//')"; }
flag() { sed -n 's/^FLAG //p' /run/lastwatt/handover; }
program() { /run/initramfs/shutdown --version | head -n 1 | cut -d ' ' -f 1; }
state() { systemctl show -P Result -P ActiveState "$1"; }
has_v() { grep -c '^PRIMARY.* v$' /run/lastwatt/handover; }

systemctl start lastwatt.service
say started state lastwatt.service
say staged program
say open flag
systemctl start lastwatt-refresh.path
printf '[v]\ndriver = usbhid-ups\n' >>/etc/nut/ups.conf
echo 'MONITOR v@localhost 1 admin secret primary' >>/etc/nut/upsmon.conf
for _ in $(seq 100); do
    [ "$(has_v)" = 1 ] && break
    sleep 0.2
done
say refreshed has_v
printf upsmon-shutdown-file >/etc/killpower
rm /run/initramfs/shutdown
systemctl stop lastwatt.service
say stopped state lastwatt.service
say repaired program
say decided flag
systemctl start lastwatt-handover.service
say beside state lastwatt-handover.service
say reopened flag
systemctl stop lastwatt-handover.service
say left state lastwatt-handover.service
say final flag
: >/var/done
END
chmod 755 "$debian/try"
: >"$results"
: >"$debian/var/log/lastwatt"

unshare --mount --pid --fork --kill-child --cgroup --ipc bash -c '
    mount -t proc proc "$1/proc" && mount -t sysfs sysfs "$1/sys" &&
        mount --bind /dev "$1/dev" &&
        mount -t tmpfs -o noexec,mode=755 run "$1/run" &&
        mount -t cgroup2 cgroup2 "$1/sys/fs/cgroup" || exit 77
    exec chroot "$1" env container=other /lib/systemd/systemd \
        --unit=try.service --log-target=null' systemd "$debian" \
    >"$base/log" 2>&1 </dev/null &
systemd=$!
for _ in $(seq $((limit_s * 5))); do
    [ ! -e "$debian/var/done" ] && kill -0 $systemd 2>/dev/null || break
    sleep 0.2
done
if kill -0 $systemd 2>/dev/null; then
    kill -KILL $systemd
    wait $systemd 2>/dev/null
else
    wait $systemd
    [ $? != 77 ] || {
        echo "skip systemd needs cgroups of its own: $(tail -n 1 "$base/log")"
        exit 0
    }
fi

ok "lastwatt.service starts" seen "started: success active"
ok "... and stages what runs, though /run is noexec" seen "staged: lastwatt"
ok "... with the flag left open" seen "open: unknown"
ok "a change of NUT's files refreshes the handover" seen "refreshed: 1"
ok "it stops" seen "stopped: success inactive"
ok "... and stages again what was removed" seen "repaired: lastwatt"
ok "... and judges the flag" seen "decided: valid"
ok "lastwatt-handover.service starts" seen "beside: success active"
ok "... with the flag left open, too" seen "reopened: unknown"
ok "it stops, too" seen "left: success inactive"
ok "... and judges the flag, too" seen "final: valid"
