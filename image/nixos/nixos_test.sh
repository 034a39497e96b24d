#!/bin/bash
# SPDX-License-Identifier: MIT
# Nix understands the NixOS module and its package, and what the module sets is
# what lastwatt needs. NixOS's own library is played. Runs with SRC.
set -u

if [ "$(id -u)" != 0 ] || ! command -v mmdebstrap >/dev/null; then
    echo "skip nix needs root and mmdebstrap, for a Debian of its own"
    exit 0
fi
base=$(mktemp -d)
trap 'rm -rf "$base"' EXIT
"$SRC/image/chroot" "$base" nix-bin >"$base/log" 2>&1 || {
    echo "skip nix could not be had: $(tail -n 1 "$base/log")"
    exit 0
}
mkdir "$base/nixos"
cp "$SRC"/image/nixos/*.nix "$base/nixos"

# shellcheck source=scripts/check.sh
. "${SRC:-.}/scripts/check.sh"
log=$base/log
evidence=$log
nix() { chroot "$base" env HOME=/tmp nix-instantiate --readonly-mode "$@"; }

# The module's "config" as JSON, with services.lastwatt.beside = $1.
evaluate() {
    nix --eval --strict --json --expr '
      let
        lib = {
          mkEnableOption = text: { };
          mkOption = option: option;
          literalExpression = text: text;
          types = { package = null; bool = null; };
          mkIf = condition: content: if condition then content else { };
          mkMerge = list: list;
        };
        module = import /nixos/lastwatt.nix {
          inherit lib;
          pkgs.callPackage = file: arguments: null;
          config.systemd.shutdownRamfs.enable = true;
          config.services.lastwatt = {
            enable = true;
            package = "/nix/lastwatt";
            beside = '"$1"';
          };
        };
      in module.config'
}
# sets PATTERN: is it in what came out? with BESIDE before.
sets() { evaluate "$1" | tee /dev/stderr | grep -qF -- "$2"; }

ok "nix parses the module" nix --parse /nixos/lastwatt.nix
ok "nix parses the package" nix --parse /nixos/package.nix
ok "beside NixOS's exitrd it is a hook there" sets true \
    '"/lib/systemd/system-shutdown/lastwatt-fire":{"source":"/nix/lastwatt/sbin/lastwatt"}'
ok "... with a handover" sets true '"lastwatt-handover":{"wantedBy":["sysinit.target"]}'
ok "as the exitrd it stages" sets false \
    '/nix/lastwatt/sbin/lastwatt stage --from /nix/lastwatt/lib/lastwatt/exitrd'
ok "... instead of NixOS's" sets false '"shutdownRamfs":{"enable":false}'
ok "either way it is refreshed" sets true '"lastwatt-refresh":{"wantedBy":["paths.target"]}'
