# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# What test scripts have in common; they source this.
#
#	ok NAME COMMAND...	"ok NAME" if it succeeds; else "not ok NAME", the
#				$status that the script kept, and the lines of
#				$evidence: files, or patterns of them
#
# Where $log is set, what the commands print goes there. $failed is 1 after a
# failure.

failed=0 log="" evidence=""

quietly() { "$@" >>"$log" 2>&1; }

show_evidence() {
    local file
    [ -z "${status-}" ] || echo "# status $status"
    for file in $evidence; do
        [ ! -e "$file" ] || sed 's/^/# /' "$file"
    done
}

ok() {
    local name=$1
    shift
    if ${log:+quietly} "$@"; then
        echo "ok $name"
    else
        echo "not ok $name"
        show_evidence
        # shellcheck disable=SC2034 # for who sources this
        failed=1
    fi
}
