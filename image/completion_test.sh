#!/bin/bash
# SPDX-License-Identifier: MIT
# What bash and zsh offer for lastwatt is what its --help says, no more, no less.
# Runs with BUILD, the folder of the build.
set -u

program=${BUILD:?}/test/lastwatt
folder=$(cd "$(dirname "$0")" && pwd)/completion
base=$(mktemp -d)
trap 'rm -rf "$base"' EXIT
mkdir "$base/nut"
printf '[rack1]\ndriver = usbhid-ups\n  [rack2]\n' >"$base/nut/ups.conf"
export NUT_CONFPATH=$base/nut
# shellcheck source=image/completion/lastwatt.bash
. "$folder/lastwatt.bash"

# shellcheck source=scripts/check.sh
. "${SRC:-.}/scripts/check.sh"
evidence="$base/offered $base/wanted"

# offers WORD…: what bash offers for the last of these words.
offers() {
    COMP_WORDS=("$program" "$@")
    COMP_CWORD=$#
    COMPREPLY=()
    _lastwatt
    printf '%s\n' "${COMPREPLY[@]}" | LC_ALL=C sort -u >"$base/offered"
}

# The same of zsh, whose own functions are told to print.
zsh_offers() {
    zsh -f -c '
        typeset -a words
        compadd() { [[ $1 != -- ]] || shift; print -l -- "$@" }
        _describe() { print -l -- ${(P)4%%:*} | sed "s/:.*//" }
        _files() { print -- files }
        program=$1; shift
        words=($program "$@")
        CURRENT=$(( $# + 1 ))
        . '"$folder"'/_lastwatt
    ' zsh "$program" "$@" | LC_ALL=C sort -u >"$base/offered"
}

wants() {
    printf '%s\n' "$@" | LC_ALL=C sort -u >"$base/wanted"
    cmp -s "$base/wanted" "$base/offered"
}

mapfile -t commands < <("$program" --help | sed -n 's/^  \([a-z]*\) .*/\1/p')
ok "there are commands" test "${#commands[@]}" -gt 5

# The options as the table of the help has them, which a human has written.
options() {
    "$program" "$1" --help | sed -n 's/^  \(--[a-z-]*\).*/\1/p'
    echo --help
}

offers ''
ok "bash offers the commands" wants "${commands[@]}" --help --version
offers dr
ok "... those that begin so" wants drill
for command in "${commands[@]}"; do
    mapfile -t wanted < <(options "$command")
    offers "$command" --
    ok "bash offers the options of $command" wants "${wanted[@]}"
done
offers cut --command ''
ok "bash offers what an option takes" wants return stayoff off
offers drill --level ''
ok "... a number, too" wants 1 2 3
offers cut r
ok "bash offers the UPSes" wants rack1 rack2
offers plan re
ok "bash offers the verbs" wants reboot
offers decode h
ok "bash offers a word that has to stand there" wants hid

if ! command -v zsh >/dev/null; then
    echo "skip zsh: there is no zsh here"
    exit
fi
zsh_offers ''
ok "zsh offers the commands" wants "${commands[@]}"
for command in "${commands[@]}"; do
    mapfile -t wanted < <(options "$command")
    zsh_offers "$command" --
    ok "zsh offers the options of $command" wants "${wanted[@]}"
done
zsh_offers cut --command ''
ok "zsh offers what an option takes" wants return stayoff off
zsh_offers cut r
ok "zsh offers the UPSes" wants rack1 rack2
zsh_offers stage --root ''
ok "zsh offers files" wants files
