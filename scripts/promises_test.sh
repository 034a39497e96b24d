#!/bin/bash
# SPDX-License-Identifier: MIT
# Each promise of docs/nut.md names a test, and the test is there; what is about
# NUT is shown by NUT, on a real machine.
set -u

page=docs/nut.md
promises=27
# About what NUT does or has done when we come.
by_nut=" R2 R3 R4 R6 R7 R8 R10 R12 R17 R18 R19 R20 R23 R25 "

# Is what the page names there: a folder of a scenario, or "FILE: NAME"?
exists() {
    local file=${1%%: *} name=${1#*: }
    if [ "$file" = "$1" ]; then
        [ -f "$file/scenario" ]
    elif [ "${file%.c}" != "$file" ]; then
        grep -qE "(TEST|unit_test[a-z_]*)\\(${name}[,)]" "$file"
    else
        grep -qF "\"$name\"" "$file"
    fi
}

# The value of key $2 in the scenario $1.
setting() {
    sed -n "s/^$2 *= *//p" "$1/scenario"
}

# Is scenario $1 played by a real machine? What it does not say, its base does.
is_real() {
    local folder=$1 machine
    until machine=$(setting "$folder" machine) && [ -n "$machine" ]; do
        [ -n "$(setting "$folder" base)" ] || return 1
        folder=$folder/$(setting "$folder" base)
    done
    [ "${machine#fast}" = "$machine" ]
}

# "what is not there" of the row that begins with | $1.
missing() {
    local row named reference real=
    row=$(grep "^| $1 |" "$page") || {
        echo "it is not in $page"
        return
    }
    named=$(grep -oE '`[a-z]+(-[a-z]+)?/[^`]+`' <<<"${row##*|*|*| }" | tr -d '`')
    [ -n "$named" ] || echo "it names no test"
    while IFS= read -r reference; do
        exists "$reference" || echo "there is no $reference"
        [ ! -f "$reference/scenario" ] || ! is_real "$reference" || real=1
    done <<<"$named"
    case $by_nut in
    *" $1 "*) [ -n "$real" ] || echo "no real machine shows it" ;;
    esac
}

for ((i = 1; i <= promises; i++)); do
    why=$(missing "R$i")
    if [ -z "$why" ]; then
        echo "ok R$i"
    else
        echo "not ok R$i: $why"
    fi
done
if exists "payload/plan_test.c: no_such_test" || exists "qemu-tests/scenarios/none" ||
    exists "image/image_test.sh: no such test"; then
    echo "not ok what is not there is found"
else
    echo "ok what is not there is not found"
fi
