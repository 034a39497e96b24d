#!/bin/bash
# SPDX-License-Identifier: MIT
# The Debian package in a Debian of its own, with NUT: installed, upgraded,
# removed and purged, with nothing left behind; and lintian's opinion of it.
# Runs with BUILD and SRC.
set -u

if [ "$(id -u)" != 0 ] || ! command -v mmdebstrap >/dev/null; then
    echo "skip the package needs root and mmdebstrap, for a Debian of its own"
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
hook=/lib/systemd/system-shutdown/nutshutdown
wants=/etc/systemd/system/sysinit.target.wants

# shellcheck source=scripts/check.sh
. "${SRC:-.}/scripts/check.sh"
log=$base/log
evidence=$log
not() { ! "$@"; }
there() { [ -e "$debian$1" ] || [ -L "$debian$1" ]; }
in_debian() {
    chroot "$debian" env DEBIAN_FRONTEND=noninteractive PATH=/usr/sbin:/usr/bin \
        "$@" </dev/null
}
ours() { in_debian dpkg-divert --listpackage "$hook" | grep -qx lastwatt; }

: >"$base/log"
make -s -C "$SRC" O="$BUILD" CC="$CC" deb >"$base/log" 2>&1 || {
    echo "not ok make deb"
    cat "$base/log"
    exit 1
}
deb=$(ls "$BUILD"/lastwatt_*_amd64.deb)
"$SRC/image/chroot" "$debian" nut-client nut-server systemd-sysv >"$base/log" 2>&1 || {
    echo "skip the package could not be tried: $(tail -n 1 "$base/log")"
    exit 0
}
mount -t proc proc "$debian/proc"
cp "$deb" "$debian/tmp/lastwatt.deb"

# A newer one, as far as dpkg can see.
dpkg-deb -R "$deb" "$base/newer"
sed -i 's/^Version: .*/&+1/' "$base/newer/DEBIAN/control"
dpkg-deb --root-owner-group -b "$base/newer" "$debian/tmp/newer.deb" >/dev/null
rm -r "$base/newer"

# Everything but what dpkg, debconf and logs keep.
everything() {
    (cd "$debian" && find . -xdev \( -path ./var/lib/dpkg -o -path ./tmp \
        -o -path ./var/cache/debconf -o -path ./var/log -o -path ./proc \) \
        -prune -o -printf '%M %U %G %p %l\n' | LC_ALL=C sort)
}
everything >"$base/before"
ok "NUT has its hook" there "$hook"

: >"$base/log"
ok "installs" in_debian dpkg -i /tmp/lastwatt.deb
ok "the program runs" in_debian lastwatt --version
ok "the unit is enabled" there "$wants/lastwatt.service"
ok "so is the refresh" \
    there /etc/systemd/system/paths.target.wants/lastwatt-refresh.path
ok "and the report" \
    there /etc/systemd/system/multi-user.target.wants/lastwatt-report.service
ok "the unit for other exitrds is not" not there "$wants/lastwatt-handover.service"
ok "NUT's hook is out of the way" not there "$hook"
ok "... and kept" there /usr/lib/lastwatt/nutshutdown
ok "... and check sees none" not grep -q nutshutdown <(in_debian lastwatt check)
ok "dpkg finds every file as it was packed" \
    test -z "$(in_debian dpkg --verify lastwatt)"

: >"$base/log"
in_debian deb-systemd-helper disable lastwatt.service >/dev/null 2>&1
rm -f "$debian$wants/lastwatt.service"
ok "upgrades" in_debian dpkg -i /tmp/newer.deb
ok "a disabled unit stays disabled" not there "$wants/lastwatt.service"
ok "NUT's hook stays out of the way" ours

: >"$base/log"
ok "removes" in_debian dpkg -r lastwatt
ok "NUT's hook is back" there "$hook"
ok "... and nobody's but NUT's" not ours
ok "purges" in_debian dpkg -P lastwatt
everything >"$base/after"
ok "leaves nothing behind" diff "$base/before" "$base/after"

: >"$base/log"
echo "lastwatt lastwatt/divert-hook boolean false" |
    chroot "$debian" debconf-set-selections
ok "installs again" in_debian dpkg -i /tmp/lastwatt.deb
ok "NUT's hook stays if it was said so" there "$hook"
ok "the unit is enabled again" there "$wants/lastwatt.service"
ok "purges at once" in_debian dpkg -P lastwatt
everything >"$base/after"
ok "leaves nothing behind again" diff "$base/before" "$base/after"

if command -v lintian >/dev/null; then
    ok "lintian has neither errors nor warnings" \
        lintian --allow-root --fail-on error,warning "$deb"
else
    echo "skip lintian is not installed"
fi
