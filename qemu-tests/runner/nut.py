# SPDX-License-Identifier: MIT
"""NUT's own programs: Debian's packages of this release, unpacked, not
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


def candidate(package):
    """The version that apt would install."""
    for line in run(["apt-cache", "policy", package]).stdout.splitlines():
        key, _, value = line.strip().partition(": ")
        if key == "Candidate" and value != "(none)":
            return value
    raise Unreachable(f"apt knows no {package}")


def fetch(folder, package, *more):
    """The folder that the packages are unpacked in; fetched once for each
    version of the first."""
    name = [candidate(package).replace(":", "_"), *more]
    if package != PACKAGE:
        name.insert(0, package)
    kept = os.path.join(folder, "+".join(name))
    if not os.path.isdir(kept):
        new = kept + ".new"
        shutil.rmtree(new, ignore_errors=True)
        os.makedirs(new)
        done = run(["apt-get", "-q", "download", package, *more], cwd=new)
        if done.returncode:
            raise Unreachable("apt-get download failed: " +
                              " ".join(done.stderr.split())[-200:])
        for archive in os.listdir(new):
            done = run(["dpkg-deb", "-x", os.path.join(new, archive), new])
            if done.returncode:
                raise Unreachable(f"{archive} cannot be unpacked")
        os.rename(new, kept)
    return kept


def fetch_server(folder):
    """Where NUT's drivers and what starts them are."""
    return fetch(folder, PACKAGE, *MORE_PACKAGES)


def fetch_drivers(folder):
    """The folder that NUT's drivers are in."""
    kept = fetch_server(folder)
    drivers = os.path.join(kept, "lib/nut")
    if not os.path.isdir(drivers):
        drivers = os.path.join(kept, "usr/lib/nut")
    return drivers


def library_path(folder):
    """Where what fetch_drivers() unpacked has its libraries."""
    return ":".join(glob.glob(os.path.join(folder, "*/usr/lib/*-linux-gnu*")))


def is_program(path):
    with open(path, "rb") as file:
        return file.read(4) == b"\x7fELF"


def find(folder, name):
    """A file of that name; not one of Debian's scripts around a program."""
    for place, _, files in os.walk(folder):
        path = os.path.join(place, name)
        if name in files and (not os.access(path, os.X_OK) or
                              is_program(path)):
            return path
    raise Unreachable(f"Debian's packages have no {name}")


def needed_library(package):
    """The package with NUT's client library, whatever its number is now."""
    lines = run(["apt-cache", "depends", package]).stdout.splitlines()
    for line in lines:
        _, _, name = line.strip().partition("Depends: ")
        if name.startswith("libupsclient"):
            return name
    raise Unreachable(f"{package} does not say which libupsclient it needs")
