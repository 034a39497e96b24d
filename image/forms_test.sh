#!/bin/bash
# SPDX-License-Identifier: MIT
# The system extension and what is added to an initrd: they hold what they have
# to, and the extension's verity and signature are what systemd looks for.
# Runs with BUILD and SRC.
set -u

PATH=$PATH:/usr/sbin:/sbin
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# shellcheck source=scripts/check.sh
. "${SRC:-.}/scripts/check.sh"
log=$folder/log
evidence=$log
not() { ! "$@"; }

openssl req -x509 -newkey rsa:2048 -nodes -keyout "$folder/key.pem" \
    -out "$folder/certificate.pem" -days 2 -subj /CN=test 2>/dev/null
build() {
    make -s -C "$SRC" O="$BUILD" CC="$CC" KEY="$folder/key.pem" \
        CERTIFICATE="$folder/certificate.pem" sysext &&
        mv "$BUILD/lastwatt.raw" "$folder/$1.raw"
}
ok "a system extension is built" build one
ok "... and built again" build two
ok "with the same bytes" cmp "$folder/one.raw" "$folder/two.raw"

# part NUMBER FIELD: of the table.
part() {
    sfdisk --json "$folder/one.raw" | python3 -c 'import json, sys
print(json.load(sys.stdin)["partitiontable"]["partitions"][int(sys.argv[1])][sys.argv[2]])' "$@"
}
for number in 0 1 2; do
    dd if="$folder/one.raw" of="$folder/part$number" bs=512 status=none \
        skip="$(part $number start)" count="$(part $number size)"
done
hash=$(echo "$(part 0 uuid)$(part 1 uuid)" | tr -d -- - | tr A-Z a-z)
json() { python3 -c 'import json, sys
print(json.loads(open(sys.argv[1]).read().rstrip("\0"))[sys.argv[2]])' "$folder/part2" "$1"; }

ok "verity holds with the hash in the partitions' names" \
    veritysetup verify "$folder/part0" "$folder/part1" "$hash"
ok "the signature is of that hash" test "$(json rootHash)" = "$hash"
json signature | base64 -d >"$folder/signature"
printf %s "$hash" >"$folder/hash"
ok "it is the key's" openssl smime -verify -binary -inform der \
    -in "$folder/signature" -content "$folder/hash" -nointern \
    -certfile "$folder/certificate.pem" -CAfile "$folder/certificate.pem" -purpose any
ok "it names the certificate" test "$(json certificateFingerprint)" = \
    "$(openssl x509 -in "$folder/certificate.pem" -outform der | sha256sum | cut -d ' ' -f 1)"
printf x | dd of="$folder/part0" bs=1 seek=70000 conv=notrunc status=none
ok "a changed byte does not pass" not \
    veritysetup verify "$folder/part0" "$folder/part1" "$hash"

dd if="$folder/one.raw" of="$folder/part0" bs=512 status=none \
    skip="$(part 0 start)" count="$(part 0 size)"
ok "its file system is whole" fsck.erofs --extract="$folder/tree" "$folder/part0"
release=$folder/tree/usr/lib/extension-release.d/extension-release.lastwatt
ok "it says for what it is" grep -qx 'ID=_any' "$release"
ok "it reloads systemd" grep -qx 'EXTENSION_RELOAD_MANAGER=1' "$release"
ok "it has /usr and nothing else" test "$(ls "$folder/tree")" = usr
ok "it has the program" cmp "$BUILD/shutdown" \
    "$folder/tree/usr/lib/lastwatt/exitrd/shutdown"
# Not wanted by a target, which has been started before it is merged.
for target in sysinit multi-user; do
    ok "its unit is held up by $target.target" grep -q \
        'Upholds=lastwatt.service' "$folder/tree/usr/lib/systemd/system/$target.target.d/10-lastwatt.conf"
done
ok "... and wants the others that are to be started" grep -q \
    'Wants=lastwatt-refresh.service lastwatt-report.service' \
    "$folder/tree/usr/lib/systemd/system/lastwatt.service.d/10-lastwatt.conf"

make -s -C "$SRC" O="$BUILD" CC="$CC" initrd
mkdir "$folder/initrd"
unpack() { (cd "$folder/initrd" && cpio -id --quiet) <"$BUILD/lastwatt-initrd.cpio"; }
ok "the initrd's part unpacks" unpack
ok "it has the exitrd" diff -r "$BUILD/exitrd" \
    "$folder/initrd/usr/lib/lastwatt/exitrd"
mkdir "$folder/initrd/run"
own=(--mount)
[ "$(id -u)" = 0 ] || own+=(--user --map-root-user)
ok "its program stages it" unshare "${own[@]}" \
    "$folder/initrd/usr/lib/lastwatt/lastwatt" stage --root "$folder/initrd"
# The kernel takes archives one after the other at multiples of four.
ok "it can be appended" test $(($(stat -c %s "$BUILD/lastwatt-initrd.cpio") % 4)) = 0
sed "s,/usr/lib/lastwatt,$folder/initrd&," \
    "$folder/initrd/usr/lib/systemd/system/lastwatt-initrd.service" \
    >"$folder/lastwatt-initrd.service"
silent() { [ -z "$("$@" 2>&1 | tee /dev/stderr)" ]; }
ok "its unit is sound" silent systemd-analyze verify --man=no \
    "$folder/lastwatt-initrd.service"
