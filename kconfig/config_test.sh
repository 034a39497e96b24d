#!/bin/bash
# SPDX-License-Identifier: MIT
# Builds the ready-made configurations and one with nothing: each has exactly
# the drivers that it says, nothing of the others, and fits into its size.
set -u


# shellcheck source=scripts/check.sh
. "${SRC:-.}/scripts/check.sh"

symbols_of() { # y or n, .config
    case $1 in
    y) sed -n 's/^CONFIG_\(DRIVER_[A-Z0-9_]*\)=y$/\1/p' "$2" ;;
    n) sed -n 's/^# CONFIG_\(DRIVER_[A-Z0-9_]*\) is not set$/\1/p' "$2" ;;
    esac
}

# One name everywhere: CONFIG_DRIVER_FOO, drivers/foo, foo in the list.
names_of() {
    symbols_of "$@" | sed 's/^DRIVER_//' | tr 'A-Z' 'a-z' | LC_ALL=C sort
}

# Without the command: those whose registration the linker has kept.
list_drivers() {
    if grep -q '^CONFIG_COMMAND_LIST=y' "$1/.config"; then
        "$1/lastwatt" list | cut -f 1
    else
        nm "$1/lastwatt.full" |
            sed -n 's/.* ups_driver_of_\(.*\)_driver$/\1/p' | LC_ALL=C sort
    fi
}

lists_what_is_configured() {
    local listed
    listed=$(list_drivers "$1") || return 1
    diff <(names_of y "$1/.config") <(printf '%s' "${listed:+$listed$'\n'}")
}

# Neither code nor data nor words of a driver that is off.
has_nothing_of() {
    local folder=$1 name=$2
    if grep -F "/obj/drivers/$name/" "$folder/lastwatt.map"; then
        return 1
    fi
    ! nm "$folder/lastwatt.full" | grep -E " (${name}_|${name}\$)"
}

has_nothing_that_is_off() {
    local name
    [ -e "$1/lastwatt.map" ] || return 1
    for name in $(names_of n "$1/.config"); do
        has_nothing_of "$1" "$name" || return 1
    done
}

# What an earlier run left must not be taken for the result of this one.
build() {
    rm -f "$BUILD/defconfig/$1"/lastwatt{,.map}
    make -s -C "$SRC" O="$BUILD/defconfig/$1" LIBS="$LIBS" CC="$CC" image
}

build_defconfig() {
    make -s -C "$SRC" O="$BUILD/defconfig/$1" "$1_defconfig" >/dev/null &&
        build "$1"
}

build_none() {
    mkdir -p "$BUILD/defconfig/none"
    sed -n 's/^config \(DRIVER_[A-Z0-9_]*\)$/# CONFIG_\1 is not set/p' \
        "$SRC"/drivers/*/Kconfig >"$BUILD/defconfig/none/.config"
    build none
}

fits() {
    make -s O="$BUILD" LIBS="$LIBS" CC="$CC" size >/dev/null
}

has_no_library() {
    [ -e "$1/lastwatt.map" ] && ! grep -E '/(bearssl|libusb|libmodbus)\.a' "$1/lastwatt.map"
}

cd "$SRC" || exit 1
for name in full tiny; do
    ok "$name: builds" build_defconfig $name
    ok "$name: list" lists_what_is_configured "$BUILD/defconfig/$name"
    ok "$name: nothing of what is off" \
        has_nothing_that_is_off "$BUILD/defconfig/$name"
done
ok "images fit" fits
ok "test: list" lists_what_is_configured "$BUILD/test"
ok "none: builds" build_none
ok "none: list" lists_what_is_configured "$BUILD/defconfig/none"
ok "none: nothing of what is off" \
    has_nothing_that_is_off "$BUILD/defconfig/none"
ok "none: no library" has_no_library "$BUILD/defconfig/none"
exit $failed
