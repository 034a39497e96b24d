#!/bin/bash
# SPDX-License-Identifier: MIT
# lastwatt check: UPSes on the network, and machines that only listen to those
# of others. In a network namespace of its own. BUILD is the folder of the build.
set -u

if [ "${1:-}" != inside ]; then
    if ! unshare --user --map-root-user --net true 2>/dev/null; then
        echo "skip check_network: this machine allows no namespaces"
        exit 0
    fi
    exec unshare --user --map-root-user --net "$0" inside
fi

lastwatt=${BUILD:?}/lastwatt
[ -x "$BUILD/test/lastwatt" ] && lastwatt=$BUILD/test/lastwatt

base=$(mktemp -d)
trap 'rm -rf "$base"' EXIT
unset NUT_CONFPATH
# shellcheck source=payload/cmd/root_fake.sh
. "${SRC:-.}/payload/cmd/root_fake.sh"
new_root
mkdir "$root/run/wpa_supplicant"

# ups.conf names a UPS at $1.
ups_at() {
    printf '[u]\ndriver = lastwatt-fake\nport = x\nhost = "%s"\n' "$1" \
        >"$nut/ups.conf"
    check
}

check() {
    "$lastwatt" check --root "$root" >"$root/out" 2>"$root/err"
    status=$?
}

# shellcheck source=scripts/check.sh
. "${SRC:-.}/scripts/check.sh"
evidence="$root/out $root/err"

says() { grep -qF -- "$1" "$root/out"; }
# One error, and this is it.
errs() {
    [ "$status" = 1 ] && [ "$(grep -c ^error "$root/out")" = 1 ] &&
        grep ^error "$root/out" | grep -qF -- "$1"
}
notes() { [ "$status" = 0 ] && grep ^note "$root/out" | grep -qF -- "$1"; }
is_silent() { [ "$status" = 0 ] && ! grep -q ^note "$root/out"; }

ups_at 10.7.0.9
ok "no network at all" errs "[u] there is no way to 10.7.0.9 now"
ok "what it would be told is unknown" says \
    'u, driver lastwatt-fake: would be told "return"'

ip link set lo up
ups_at 127.0.0.1
ok "it is this machine" errs "[u] 127.0.0.1 is this machine"

if ip link add near type veth peer name far 2>/dev/null; then
    ip link set near up && ip link set far up
    ip addr add 10.7.0.2/24 dev near
    ip -6 addr add fd07::2/64 dev near nodad
    ups_at 10.7.0.9
    ok "there is a way" is_silent
    ups_at fd07::9
    ok "there is a way over IPv6" is_silent
    : >"$root/run/wpa_supplicant/near"
    ups_at 10.7.0.9
    ok "a port that 802.1X opens" notes \
        "[u] wpa_supplicant opens the port of the switch that near is on"
    rm "$root/run/wpa_supplicant/near"
    ups_at fe80::9
    ok "a link-local address" errs "is a link-local address"
    ups_at fe80::9%near
    ok "a link-local address and its device" errs "is a link-local address"
    ups_at ups.invalid
    ok "nobody knows the name" says "of ups.invalid"
    ok "that is an error" test "$status" = 1
else
    echo "skip check_network: this kernel has no veth"
fi

if ip link add vpn type ifb 2>/dev/null ||
    ip tuntap add vpn mode tun 2>/dev/null; then
    ip link set vpn up && ip addr add 10.8.0.2/24 dev vpn
    ups_at 10.8.0.9
    ok "it cannot be made again" errs \
        "[u] the way to 10.8.0.9 goes over a device that cannot be made again"
else
    echo "skip check_network: this kernel has neither ifb nor tun"
fi
if ip link add name br0 type bridge 2>/dev/null; then
    ip link set br0 up && ip addr add 10.9.0.2/24 dev br0
    ups_at 10.9.0.9
    ok "a bridge without a port" errs "goes over a device without any below it"
else
    echo "skip check_network: this kernel has no bridge"
fi

# A client of NUT: no ups.conf, and nothing to cut.
rm "$nut/ups.conf"
echo 'MODE=netclient' >"$nut/nut.conf"
echo 'MONITOR far@192.0.2.9 1 u secret secondary' >"$nut/upsmon.conf"
check
ok "a secondary is well" notes "it commands none, and powers off"
ok "and has no UPS" says "0 errors, 0 UPSes to command"
echo 'POWEROFF_WAIT=5m' >>"$nut/nut.conf"
check
ok "a secondary that waits needs the flag" errs "sets no POWERDOWNFLAG"
echo 'POWERDOWNFLAG /run/nut/killpower' >>"$nut/upsmon.conf"
check
ok "a secondary that waits" notes "waits 300 s (POWEROFF_WAIT) and reboots"
sed -i 's/secondary/primary/' "$nut/upsmon.conf"
check
ok "a primary of another's" notes "only by a section of lastwatt.conf"

printf '[far]\ndriver = lastwatt-fake\nport = x\noffdelai = 1\n' \
    >"$nut/lastwatt.conf"
chmod 600 "$nut/lastwatt.conf"
check
ok "a wrong key of ours" errs \
    "lastwatt.conf:4: [far] has a key offdelai that driver lastwatt-fake does not know"
sed -i /offdelai/d "$nut/lastwatt.conf"
check
ok "ours is the last to go" notes "[far] of lastwatt.conf feeds"
ok "ours is commanded" says 'ups     far, driver lastwatt-fake: would be told'
sed -i s/lastwatt-fake/upsd/ "$nut/lastwatt.conf"
mv "$nut/lastwatt.conf" "$nut/ups.conf"
sed -i 's/far@192.0.2.9/far@localhost/' "$nut/upsmon.conf"
check
ok "NUT would start it" says "put this section into lastwatt.conf"
sed -i 's/far@localhost/far@192.0.2.9/' "$nut/upsmon.conf"
sed -i s/upsd/lastwatt-fake/ "$nut/ups.conf"
mv "$nut/ups.conf" "$nut/lastwatt.conf"
chmod 644 "$nut/lastwatt.conf"
check
ok "everybody can read it" errs "lastwatt.conf: is open to everybody"
ok "no password is shown" test -z "$(grep secret "$root/out")"
