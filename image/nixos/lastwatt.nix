# SPDX-License-Identifier: MIT
# NixOS module: services.lastwatt.enable = true; with NUT's power.ups beside it.
# NixOS has an exitrd of its own; "beside" puts lastwatt into it as the last
# hook, otherwise lastwatt is the exitrd.
{ config, lib, pkgs, ... }:
let
  cfg = config.services.lastwatt;
  exitrd = "${cfg.package}/lib/lastwatt/exitrd";
  program = "${cfg.package}/sbin/lastwatt";
in
{
  options.services.lastwatt = {
    enable = lib.mkEnableOption "lastwatt, the last program of a power-off";
    package = lib.mkOption {
      type = lib.types.package;
      default = pkgs.callPackage ./package.nix { };
      defaultText = lib.literalExpression "pkgs.callPackage ./package.nix { }";
      description = "What \"make install PREFIX=$out\" has installed.";
    };
    beside = lib.mkOption {
      type = lib.types.bool;
      default = config.systemd.shutdownRamfs.enable;
      defaultText = lib.literalExpression "config.systemd.shutdownRamfs.enable";
      description = "Be a hook in NixOS's exitrd instead of an exitrd.";
    };
  };

  config = lib.mkIf cfg.enable (lib.mkMerge [
    {
      environment.systemPackages = [ cfg.package ];
      systemd.packages = [ cfg.package ];
      systemd.paths.lastwatt-refresh.wantedBy = [ "paths.target" ];
    }
    (lib.mkIf cfg.beside {
      systemd.shutdownRamfs.contents."/lib/systemd/system-shutdown/lastwatt-fire".source =
        program;
      systemd.services.lastwatt-handover.wantedBy = [ "sysinit.target" ];
    })
    (lib.mkIf (!cfg.beside) {
      systemd.shutdownRamfs.enable = false;
      systemd.services.lastwatt = {
        wantedBy = [ "sysinit.target" ];
        serviceConfig = {
          ExecStart = [ "" "${program} stage --from ${exitrd}" ];
          ExecStop = [
            ""
            "-${program} stage --again --from ${exitrd}"
            "${program} handover --stopping"
          ];
        };
      };
    })
  ]);
}
