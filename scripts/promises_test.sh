#!/bin/bash
# SPDX-License-Identifier: MIT
# Each promise of docs/nut.md names a test, and the test is there.
set -u

page=docs/nut.md
promises=27

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

# "what is not there" of the row that begins with | $1.
missing() {
    local row named reference
    row=$(grep "^| $1 |" "$page") || {
        echo "it is not in $page"
        return
    }
    named=$(grep -oE '`[a-z]+(-[a-z]+)?/[^`]+`' <<<"${row##*|*|*| }" | tr -d '`')
    [ -n "$named" ] || echo "it names no test"
    while IFS= read -r reference; do
        exists "$reference" || echo "there is no $reference"
    done <<<"$named"
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
