# SPDX-License-Identifier: MIT
# The package for the NixOS module. It was evaluated, not built: see README.md.
{ lib, stdenv, fetchurl, bash, bzip2, kconfig-frontends, linuxHeaders, musl }:
let
  libusb = fetchurl {
    url = "https://github.com/libusb/libusb/releases/download/v1.0.28/libusb-1.0.28.tar.bz2";
    sha256 = "966bb0d231f94a474eaae2e67da5ec844d3527a1f386456394ff432580634b29";
  };
in
stdenv.mkDerivation {
  pname = "lastwatt";
  version = "0.1.0";
  src = lib.cleanSource ../..;
  nativeBuildInputs = [ bzip2 kconfig-frontends ];
  hardeningDisable = [ "all" ]; # it has its own flags
  postPatch = "patchShebangs scripts image";
  # What scripts/tools would look for stands here.
  preBuild = ''
    mkdir -p build downloads && touch build/tools-build
    cp ${libusb} downloads/libusb-1.0.28.tar.bz2
    makeFlagsArray+=(
      SHELL=${bash}/bin/bash DL_DIR=$PWD/downloads CC=cc HOSTCC=cc
      MUSL_LIB=${musl}/lib MUSL_INCLUDE=${lib.getDev musl}/include
      KERNEL_INCLUDE=${linuxHeaders}/include
      KERNEL_ASM=${linuxHeaders}/include/asm PREFIX=$out
    )
  '';
  meta = {
    description = "Cut the UPS after the last file system is unmounted";
    license = lib.licenses.mit;
    platforms = [ "x86_64-linux" ];
  };
}
