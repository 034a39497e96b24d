#!/bin/bash
# SPDX-License-Identifier: MIT
# Every test that docs/faults.md names exists, and every row names one or says
# that there is none.
set -u

page=$SRC/docs/faults.md
scenarios=$SRC/qemu-tests/scenarios
failed=0

bad() {
    echo "not ok row $1: $2"
    failed=1
}

# $1 is the row, $2 what stands between two backticks.
look() {
    local file=${2%% *} function=${2#* }

    case $2 in
    *" "*)
        grep -qs "^static void $function(void \*\*state)" "$SRC/$file" ||
            bad "$1" "there is no $2"
        ;;
    *.sh) [ -x "$SRC/$file" ] || bad "$1" "there is no $2" ;;
    *) [ -e "$scenarios/$2/scenario" ] || bad "$1" "there is no scenario $2" ;;
    esac
}

rows=0
while IFS='|' read -r _ number _ _ _ tests _; do
    [[ $number =~ ^\ [0-9]+\ $ ]] || continue
    rows=$((rows + 1))
    [ $((number)) = $rows ] || bad "$number" "row $rows is missing"
    # shellcheck disable=SC2016 # backticks of the page
    names=$(grep -o '`[^`]*`' <<<"$tests" | tr -d '`')
    if [ -z "$names" ]; then
        grep -q "not yet tested" <<<"$tests" || bad "$number" "it names no test"
    fi
    while IFS= read -r name; do
        [ -z "$name" ] || look "$((number))" "$name"
    done <<<"$names"
done <"$page"
[ $rows -ge 34 ] || bad all "only $rows rows"
[ $failed = 0 ] && echo "ok the tests of $rows faults are there"
exit $failed
