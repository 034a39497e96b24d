#!/bin/bash
# SPDX-License-Identifier: MIT
# lastwatt(8) names every command and every option that the program has, and
# the references between our own pages lead somewhere.
# Runs with BUILD, the folder of the build.
set -u

program=${BUILD:?}/test/lastwatt
docs=$(cd "$(dirname "$0")/../../docs" && pwd)
page=$docs/lastwatt.8

# shellcheck source=scripts/check.sh
. "${SRC:-.}/scripts/check.sh"

synopsis() { sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESCRIPTION/p' "$page"; }

# The lines of the synopsis that are of command $1.
of_command() {
    synopsis | awk -v command="$1" '
        /^\.Cm / { here = $2 == command }
        here'
}

has_option() { of_command "$1" | grep -q -- "^\.Op Fl -$2\( \|\$\)"; }

while read -r command; do
    ok "$command is in the synopsis" test -n "$(of_command "$command")"
    ok "$command is explained" grep -q "^\.It Cm $command\( \|\$\)" "$page"
    while read -r option; do
        ok "$command --$option is in the synopsis" \
            has_option "$command" "$option"
    done < <("$program" "$command" --help | sed -n 's/^  --\([a-z-]*\).*/\1/p')
done < <("$program" --help | sed -n 's/^  \([a-z]*\) .*/\1/p')

while read -r name section; do
    ok "there is $name($section)" test -e "$docs/$name.$section"
done < <(sed -n 's/^\.Xr \(lastwatt[a-z.-]*\) \([1-8]\).*/\1 \2/p' "$docs"/*.[1-8] |
    sort -u)
