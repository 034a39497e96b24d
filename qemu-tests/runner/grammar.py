# SPDX-License-Identifier: MIT
"""NUT's programs and ours, side by side, for the same files."""

import os
import shutil
import subprocess
import tempfile

from . import nut

HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SOURCE = os.path.dirname(HOME)
PARTS = os.path.join(HOME, "nut-grammar.d")
SEED = int(os.environ.get("GRAMMAR_SEED", "2836"))
LIMIT_S = 60


class Differs(Exception):
    """What NUT makes of a file, and what we make of it."""


class Tools:
    """NUT's programs and ours, and a folder to let them loose in."""

    def __init__(self, build):
        packages = self.packages = os.path.join(build, "nut")
        server = nut.fetch_server(packages)
        client = nut.fetch(packages, "nut-client")
        library = nut.fetch(packages, nut.needed_library("libupsclient-dev"))
        devel = nut.fetch(packages, "libupsclient-dev")
        self.upsdrvctl = nut.find(server, "upsdrvctl")
        self.dummy = nut.find(server, "dummy-ups")
        self.drivers = os.path.dirname(self.dummy)
        self.upsmon = nut.find(client, "upsmon")
        self.header = nut.find(devel, "parseconf.h")
        self.archive = nut.find(devel, "libupsclient.a")
        self.libraries = ":".join([
            os.path.dirname(nut.find(library, "libupsclient.so.6")),
            nut.library_path(packages)])
        self.folder = tempfile.mkdtemp(prefix="nut-grammar-")
        os.chmod(self.folder, 0o755)
        test = os.path.join(build, "test/lastwatt")
        self.lastwatt = self.path("lastwatt")
        shutil.copy(test if os.path.exists(test) else
                    os.path.join(build, "lastwatt"), self.lastwatt)
        self.words = self.path("words")
        self.quick = self.path("quick.so")

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="latin-1", newline="") as file:
            file.write(text)

    def compile(self):
        compiler = os.environ.get("CC", "gcc").split() + ["-std=gnu11", "-g",
                                                          "-D_GNU_SOURCE"]
        base = os.path.join(SOURCE, "drivers/base")
        self.run(compiler + [
            "-I", os.path.dirname(base), "-I", os.path.dirname(self.header),
            "-o", self.words, os.path.join(PARTS, "words.c"),
            os.path.join(base, "conf.c"), os.path.join(base, "words.c"),
            self.archive], must=True)
        self.run(compiler + ["-fPIC", "-shared", "-o", self.quick,
                             os.path.join(PARTS, "quick.c")], must=True)

    def run(self, arguments, must=False, preload="", user=None, **more):
        environment = dict(
            os.environ, **{
                "NUT_CONFPATH": self.folder, "NUT_STATEPATH": self.folder,
                "NUT_ALTPIDPATH": self.folder, "NUT_PIDPATH": self.folder,
                "LD_LIBRARY_PATH": self.libraries, "LC_ALL": "C",
                "QUICK_JOURNAL": self.path("journal"), **more})
        if preload:
            environment["LD_PRELOAD"] = preload
        done = subprocess.run(arguments, env=environment, cwd=self.folder,
                              stdin=subprocess.DEVNULL, timeout=LIMIT_S,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              encoding="latin-1", check=False, user=user)
        if must and done.returncode:
            raise Differs(done.stdout.strip())
        return done

    def plan(self, user=None):
        return self.run([self.lastwatt, "plan", "poweroff", "--forced"],
                        must=True, user=user).stdout


def differ(text, theirs, ours):
    raise Differs(f"NUT understands {theirs!r}, we {ours!r}, of {text!r}")
