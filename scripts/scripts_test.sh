#!/bin/bash
# SPDX-License-Identifier: MIT
# The scripts that guard the build and count its tests: each is shown what it
# has to refuse.
set -u

scripts=$SRC/scripts
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# shellcheck source=scripts/check.sh
. "${SRC:-.}/scripts/check.sh"
log=$folder/log
evidence=$log

refuse() {
    ok "$1" not "${@:2}"
}

not() {
    ! "$@"
}

# --- assert-static-pie ---

compile() { # NAME FLAG...
    echo 'int main(void) { return 0; }' >"$folder/main.c"
    "${CC%% *}" -o "$folder/$1" "${@:2}" "$folder/main.c" 2>/dev/null
}

assert() {
    "$scripts/assert-static-pie" "$folder/$1"
}

compile dynamic && refuse "a dynamic program is refused" assert dynamic
compile static -static && refuse "a program for one address is refused" \
    assert static
compile lazy -static-pie -Wl,-z,norelro &&
    refuse "a program without RELRO is refused" assert lazy
compile stack -static-pie -Wl,-z,now -Wl,-z,execstack &&
    refuse "an executable stack is refused" assert stack
compile good -static-pie -Wl,-z,relro -Wl,-z,now &&
    ok "a static PIE is taken" assert good
ok "ours is taken" "$scripts/assert-static-pie" "$BUILD/lastwatt"

# --- size ---

bytes=$(stat -c %s "$BUILD/lastwatt.cpio")
check "an image of its budget is taken" "$scripts/size" image "$BUILD" "$bytes"
refuse "one byte more is refused" "$scripts/size" image "$BUILD" $((bytes - 1))

# --- check-includes ---

includes() { # FILE HEADER: does the check take it?
    rm -rf "$folder/tree"
    mkdir -p "$folder/tree"/{payload/pid1,drivers/{base,link,hid,qx}}
    touch "$folder/tree"/{payload/plan.h,payload/pid1/log.h} \
        "$folder/tree"/drivers/{base/ups.h,link/usb.h,hid/usages.h,qx/qx.h}
    echo "#include \"$2\"" >"$folder/tree/$1"
    (cd "$folder/tree" && "$scripts/check-includes")
}

ok "payload may include drivers" includes payload/pid1/a.c base/ups.h
ok "a protocol may include a link" includes drivers/hid/a.c link/usb.h
ok "a link may include base" includes drivers/link/a.c base/ups.h
refuse "drivers may not include payload" includes drivers/hid/a.c plan.h
refuse "not in a folder either" includes drivers/base/a.c pid1/log.h
refuse "base may not include a link" includes drivers/base/a.c link/usb.h
refuse "a link may not include a protocol" includes drivers/link/a.c \
    hid/usages.h
refuse "nor a protocol another one" includes drivers/hid/a.c qx/qx.h

# --- run-tests ---

# What is the last line and the status for a test that runs this?
counts() { # EXPECTED STATUS SCRIPT
    local status last
    printf '#!/bin/sh\n%s\n' "$3" >"$folder/test"
    chmod +x "$folder/test"
    "$scripts/run-tests" "$folder/test" >"$folder/output" 2>&1
    status=$?
    last=$(tail -n 1 "$folder/output")
    echo "$last, status $status"
    [ "$last" = "$1" ] && [ "$status" = "$2" ]
}

ok "passes are counted" counts "2 passed, 0 failed" 0 'echo ok a; echo ok b'
ok "failures are counted" counts "1 passed, 1 failed" 1 \
    'echo ok a; echo not ok b'
ok "skips are counted" counts "1 passed, 0 failed, 1 skipped" 0 \
    'echo ok a; echo skip b no reason'
ok "a crash is a failure" counts "1 passed, 1 failed" 1 \
    'echo ok a; kill -SEGV $$'
ok "silence is a failure" counts "0 passed, 1 failed" 1 'true'
ok "a command's status gets through" not \
    "$scripts/run-tests" /bin/true -- /bin/false

# --- fetch ---

explains() {
    local file=$folder/nowhere/library.tar.gz
    ! "$scripts/fetch" "$file" 0000 pool/no/such.tar.gz file:///no/such/file \
        2>"$folder/said" &&
        grep -qF "$file" "$folder/said" && ! [ -e "$file" ]
}

takes_only_what_fits() {
    local file=$folder/downloads/main.c
    local sha256
    sha256=$(sha256sum "$folder/main.c" | cut -d ' ' -f 1)
    "$scripts/fetch" "$file" "$sha256" pool/no/such.c \
        "file://$folder/main.c" && cmp "$file" "$folder/main.c"
}

shows_evidence() {
    local said
    echo why >"$folder/found"
    said=$(bash -c '. "$1"; evidence=$2; ok x true; ok y false; exit "$failed"' \
        - "$scripts/check.sh" "$folder/foun*") && return 1
    [ "$said" = $'ok x\nnot ok y\n# why' ]
}
ok "a failed check shows its evidence" shows_evidence
ok "a missing archive is explained" explains
ok "what fits is kept" takes_only_what_fits
exit $failed
