#!/bin/sh
# SPDX-License-Identifier: MIT
# Called in rounds, until it succeeds, and once more with final=final. ACTION
# is systemd's verb. It comes after every other hook: they detach storage.
# shellcheck disable=SC2154

if [ -z "$final" ]; then
    for _hook in "$hookdir"/shutdown/*.sh; do
        case $_hook in
        */99-lastwatt-fire.sh) ;;
        *) return 1 ;;
        esac
    done
fi

# It says itself what it does. Only storage is worth another round; the last
# one does not ask.
/usr/sbin/lastwatt fire --reboot ${final:+--force} "$ACTION"
[ $? != 4 ]
