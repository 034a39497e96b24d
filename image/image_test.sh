#!/bin/bash
# SPDX-License-Identifier: MIT
# The image and its tree hold the program and empty directories, and a build
# from another folder to another folder gives the same bytes, of the Debian
# package and the list of parts as well.
set -u

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# shellcheck source=scripts/check.sh
. "${SRC:-.}/scripts/check.sh"

expected() {
    cat <<'END'
drwxr-xr-x 0 dev
drwxr-xr-x 0 oldroot
drwxr-xr-x 0 proc
drwxr-xr-x 0 run
-rwxr-xr-x SIZE shutdown
drwxr-xr-x 0 sys
END
}

archive_listing() {
    cpio -itv --quiet --numeric-uid-gid <"$BUILD/lastwatt.cpio" |
        awk '$3 == 0 && $4 == 0 {
            print $1, (/^d/ ? 0 : $5), $NF
        }'
}

tree_listing() {
    (cd "$BUILD/exitrd" && find . -mindepth 1 | LC_ALL=C sort |
        xargs stat -c '%A %F %s %n') |
        sed -E 's/ directory [0-9]+ / 0 /; s/ regular file / /; s,\./,,'
}

listing_is_right() {
    local size
    size=$(stat -c %s "$BUILD/shutdown")
    diff <(expected | sed "s/SIZE/$size/") <("$1")
}

same_program() {
    cmp "$BUILD/shutdown" "$BUILD/exitrd/shutdown" &&
        cpio -i --quiet --to-stdout shutdown <"$BUILD/lastwatt.cpio" |
        cmp - "$BUILD/shutdown"
}

has_no_commands() {
    "$BUILD/shutdown" list >"$folder/out" 2>&1
    [ $? = 2 ] && grep -q "only works as process 1" "$folder/out" &&
        [ "$(stat -c %s "$BUILD/shutdown")" -lt \
            "$(stat -c %s "$BUILD/lastwatt")" ]
}

is_staged() {
    local own=(--mount)
    [ "$(id -u)" = 0 ] || own+=(--user --map-root-user)
    mkdir -p "$folder/root/usr/lib/lastwatt" "$folder/root/run" &&
        cp -R "$BUILD/exitrd" "$folder/root/usr/lib/lastwatt/" &&
        unshare "${own[@]}" "$BUILD/lastwatt" stage --root "$folder/root" \
            >"$folder/out" 2>&1 ||
        { cat "$folder/out" && return 1; }
}

build_elsewhere() {
    mkdir -p "$folder/s" "$folder/o"
    (cd "$SRC" && tar -cf - --exclude='./build*' --exclude='./.git' .) |
        tar -xf - -C "$folder/s"
    cp "$BUILD/.config" "$folder/o/.config"
    # Another umask and another time of day, too.
    umask 077
    make -s -C "$folder/s" O="$folder/o" CC="$CC" deb >"$folder/log" 2>&1 ||
        { cat "$folder/log" && return 1; }
}

names_no_folder() {
    ! grep -aF -e "$SRC" -e "$BUILD" "$BUILD/lastwatt"
}

make -s -C "$SRC" O="$BUILD" CC="$CC" deb
ok "the exitrd has no commands" has_no_commands
ok "lastwatt stage takes it" is_staged
ok "archive holds the program and nothing else" \
    listing_is_right archive_listing
ok "tree holds the program and nothing else" \
    listing_is_right tree_listing
ok "both hold the same program" same_program
ok "program names no folder of this machine" names_no_folder
ok "builds in another folder" build_elsewhere
ok "same program there" cmp "$BUILD/shutdown" "$folder/o/shutdown"
ok "same image there" cmp "$BUILD/lastwatt.cpio" "$folder/o/lastwatt.cpio"
ok "same list of parts there" \
    cmp "$BUILD/lastwatt.spdx.json" "$folder/o/lastwatt.spdx.json"
for deb in "$BUILD"/lastwatt_*.deb; do
    ok "same package there: ${deb##*/}" cmp "$deb" "$folder/o/${deb##*/}"
done
exit $failed
