# SPDX-License-Identifier: MIT
"""NUT's own programs: Debian's packages of one release with the libraries that
they need, unpacked, not installed."""

import glob
import os
import re
import shutil
import subprocess

PACKAGES = ["nut-server", "nut-client", "nut-modbus", "nut-snmp",
            "libupsclient-dev"]
# This machine's, and Debian's later ones.
SUITES = ["", "trixie", "sid"]
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
# What they depend on and what is no library is not needed to run them.
LIBRARY = re.compile(r"(lib|zlib)(?!.*(?<!upsclient)-dev$)")


class Unreachable(Exception):
    """Why there are none here."""


def run(arguments, **more):
    try:
        return subprocess.run(arguments, capture_output=True, text=True,
                              check=False, stdin=subprocess.DEVNULL, **more)
    except FileNotFoundError as problem:
        raise Unreachable(f"{arguments[0]} is not here") from problem


def must(arguments, what, **more):
    done = run(arguments, **more)
    if done.returncode:
        raise Unreachable(f"{what}: {' '.join(done.stderr.split())[-200:]}")
    return done.stdout


def is_program(path):
    with open(path, "rb") as file:
        return file.read(4) == b"\x7fELF"


def archives():
    """Debian's archives that apt is configured for, the main one before the
    one for security updates."""
    found = run(["apt-get", "indextargets", "--format", "$(REPO_URI)",
                 "Origin: Debian"]).stdout.split()
    return sorted(set(found), reverse=True)


class Archive:
    """What apt has here; with @suite that one of Debian's, whatever this
    machine has, from the same archive and with the same signature. Kept in
    @folder until somebody removes it."""

    def __init__(self, folder, suite=""):
        self.folder = folder
        self.suite = suite
        os.makedirs(folder, exist_ok=True)
        # Nothing counts as installed: so all that is needed is named.
        nothing = self.file("installed", "")
        self.options = ["-q", "-o", f"Dir::State::status={nothing}"]
        if suite:
            self.update()

    def file(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def update(self):
        """The suite's list of packages. That of sid is valid for a week
        only, and a mirror may be older."""
        lists = os.path.join(self.folder, "lists")
        self.options += ["-o", f"Dir::State::Lists={lists}",
                         "-o", f"Dir::Cache={self.folder}",
                         "-o", "Dir::Etc::SourceParts=-",
                         "-o", "Acquire::Languages=none", "-o",
                         f"Dir::Etc::SourceList={self.folder}/sources.list"]
        if os.path.isdir(lists):
            return
        os.makedirs(os.path.join(lists, "partial"))
        os.makedirs(os.path.join(self.folder, "archives/partial"),
                    exist_ok=True)
        why = ""
        for uri in archives():
            self.file("sources.list",
                      f"deb [signed-by={KEYRING} check-valid-until=no] "
                      f"{uri} {self.suite} main\n")
            try:
                must(["apt-get", *self.options, "--error-on=any", "update"],
                     f"{uri} has no {self.suite}")
                return
            except Unreachable as problem:
                why = why or str(problem)
        shutil.rmtree(lists)
        raise Unreachable(why or "apt has no archive of Debian's here")

    def candidate(self, package):
        """The version that apt would install."""
        text = run(["apt-cache", *self.options, "policy", package]).stdout
        found = re.search(r"^ *Candidate: ([^(\s]+)", text, re.M)
        if not found:
            raise Unreachable(f"apt knows no {package}")
        return found.group(1)

    def needed(self, packages):
        """They, and the libraries that they need."""
        names = must(["apt-get", *self.options, "--no-install-recommends",
                      "--print-uris", "install", *packages],
                     "apt cannot tell what is needed")
        names = re.findall(r"^'\S+ ([^_\s]+)_", names, re.M)
        return packages + sorted(set(filter(LIBRARY.match, names)) -
                                 set(packages))

    def unpack(self, packages, tree):
        """The packages into a folder that is there as a whole, or not."""
        new = tree + ".new"
        shutil.rmtree(new, ignore_errors=True)
        os.makedirs(new)
        must(["apt-get", *self.options, "download", *packages],
             "apt-get download failed", cwd=new)
        for name in os.listdir(new):
            path = os.path.join(new, name)
            must(["dpkg-deb", "-x", path, new], f"{name} cannot be unpacked")
            os.unlink(path)
        # What a merged /usr has; a program asks for /lib64/ld-linux….
        for name in ("lib", "lib64", "sbin"):
            if not os.path.isdir(os.path.join(new, name)):
                os.symlink("usr/" + name, os.path.join(new, name))
        os.rename(new, tree)

    def fetch(self, package):
        """The folder that this package alone is unpacked in."""
        tree = os.path.join(self.folder, package + "_" +
                            self.candidate(package).replace(":", "_"))
        if not os.path.isdir(tree):
            self.unpack([package], tree)
        return tree


class Nut:
    """One release of NUT. Its programs run with the C library and all others
    that they were built for, through the loader of those."""

    def __init__(self, build, suite=""):
        self.archive = Archive(os.path.join(build, "nut", suite or "here"),
                               suite)
        text = self.archive.candidate(PACKAGES[0])
        self.version = re.match(r"(?:\d+:)?([\d.]+)", text).group(1)
        self.tree = os.path.join(self.archive.folder, "nut_" +
                                 text.replace(":", "_"))
        if not os.path.isdir(self.tree):
            self.archive.unpack(self.archive.needed(PACKAGES), self.tree)
        self.drivers = os.path.dirname(self.find("dummy-ups"))
        self.libraries = ":".join(sorted(
            {os.path.realpath(path) for path in
             glob.glob(self.tree + "/lib/*-linux-gnu*") +
             glob.glob(self.tree + "/usr/lib/*-linux-gnu*")}))
        self.loader = glob.glob(self.tree + "/lib*/ld-linux*.so.[0-9]")[0]

    def is_since(self, version):
        """Is it that version, or a later one?"""
        return [int(number) for number in self.version.split(".")] >= \
            [int(number) for number in version.split(".")]

    def shipped(self):
        """Its drivers; a release has two other programs beside them."""
        return set(os.listdir(self.drivers)) - {"upsd", "upsmon"}

    def has_driver(self, name):
        return os.path.exists(os.path.join(self.drivers, name))

    def find(self, name):
        """A file of that name; not one of Debian's scripts around a
        program."""
        for place, _, files in os.walk(self.tree):
            path = os.path.join(place, name)
            if name in files and (not os.access(path, os.X_OK) or
                                  is_program(path)):
                return path
        raise Unreachable(f"Debian's packages have no {name}")

    def command(self, program, *arguments):
        """What to start for that program or driver."""
        path = os.path.join(self.drivers, program)
        if not self.has_driver(program):
            path = self.find(program)
        return [self.loader, "--library-path", self.libraries, path,
                *arguments]


def spoken(lastwatt):
    """NUT's drivers that this program of ours answers to."""
    listed = must([lastwatt, "list"], "lastwatt list failed")
    return {name for line in listed.splitlines()
            for name in line.split("\t")[1].split()}


def releases(build, name, arguments):
    """The releases that a comparison is with: what this machine's Debian has
    and later ones, or that of "--suite SUITE" alone. Returns them, the other
    arguments, and a line for each one that cannot be had."""
    suites, found, skipped = SUITES, {}, []
    if arguments[:1] == ["--suite"]:
        suites, arguments = arguments[1:2], arguments[2:]
    for suite in suites:
        try:
            nut = Nut(build, suite)
            found.setdefault(nut.version, nut)
        except Unreachable as reason:
            skipped.append(f"skip {name}: no NUT of {suite or 'this machine'}:"
                           f" {reason}")
    return list(found.values()), arguments, skipped
