# SPDX-License-Identifier: MIT
"""NUT's own drivers: Debian's packages of this release, unpacked, not
installed."""

import glob
import os
import shutil
import subprocess

PACKAGE = "nut-server"
# Those with a library that not every driver needs, and that library.
MORE_PACKAGES = ["nut-modbus", "libmodbus5", "nut-snmp", "libsnmp40",
                 "libsnmp-base"]


class Unreachable(Exception):
    """Why there are none here."""


def run(arguments, **more):
    try:
        return subprocess.run(arguments, capture_output=True, text=True,
                              check=False, stdin=subprocess.DEVNULL, **more)
    except FileNotFoundError as problem:
        raise Unreachable(f"{arguments[0]} is not here") from problem


def candidate():
    """The version that apt would install."""
    for line in run(["apt-cache", "policy", PACKAGE]).stdout.splitlines():
        key, _, value = line.strip().partition(": ")
        if key == "Candidate" and value != "(none)":
            return value
    raise Unreachable(f"apt knows no {PACKAGE}")


def fetch_drivers(folder):
    """The folder that NUT's drivers are in; fetched once for each version."""
    kept = os.path.join(folder, "+".join(
        [candidate().replace(":", "_"), *MORE_PACKAGES]))
    drivers = os.path.join(kept, "lib/nut")
    if not os.path.isdir(drivers):
        new = kept + ".new"
        shutil.rmtree(new, ignore_errors=True)
        os.makedirs(new)
        done = run(["apt-get", "-q", "download", PACKAGE, *MORE_PACKAGES],
                   cwd=new)
        if done.returncode:
            raise Unreachable("apt-get download failed: " +
                              " ".join(done.stderr.split())[-200:])
        for package in os.listdir(new):
            done = run(["dpkg-deb", "-x", os.path.join(new, package), new])
            if done.returncode:
                raise Unreachable(f"{package} cannot be unpacked")
        shutil.rmtree(kept, ignore_errors=True)
        os.rename(new, kept)
    if not os.path.isdir(drivers):
        drivers = os.path.join(kept, "usr/lib/nut")
    return drivers


def library_path(folder):
    """Where what fetch_drivers() unpacked has its libraries."""
    return ":".join(glob.glob(os.path.join(folder, "*/usr/lib/*-linux-gnu*")))
