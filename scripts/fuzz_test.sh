#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs every fuzzer on its seeds, and some seconds longer.
exec make -s -C "$SRC" O="$BUILD" LIBS="$LIBS" fuzz FUZZ_S="${FUZZ_S:-2}"
