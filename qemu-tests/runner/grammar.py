# SPDX-License-Identifier: MIT
"""NUT's programs and ours, side by side, for the same files."""

import os
import shutil
import subprocess
import tempfile

HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SOURCE = os.path.dirname(HOME)
PARTS = os.path.join(HOME, "nut-grammar.d")
SEED = int(os.environ.get("GRAMMAR_SEED", "2836"))
LIMIT_S = 60


class Differs(Exception):
    """What NUT makes of a file, and what we make of it."""


class Tools:
    """The programs of @nut and ours, and a folder to let them loose in."""

    def __init__(self, build, nut):
        self.nut = nut
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
            "-I", os.path.dirname(base), "-I",
            os.path.dirname(self.nut.find("parseconf.h")),
            "-o", self.words, os.path.join(PARTS, "words.c"),
            os.path.join(base, "conf.c"), os.path.join(base, "words.c"),
            self.nut.find("libupsclient.a"), self.nut.find("libc.so.6"),
            self.nut.loader], must=True)
        self.run(compiler + ["-fPIC", "-shared", "-o", self.quick,
                             os.path.join(PARTS, "quick.c")], must=True)

    def run(self, arguments, must=False, preload="", user=None, **more):
        environment = dict(
            os.environ, **{
                "NUT_CONFPATH": self.folder, "NUT_STATEPATH": self.folder,
                "NUT_ALTPIDPATH": self.folder, "NUT_PIDPATH": self.folder,
                "LC_ALL": "C", "NUT_QUIET_INIT_UPSNOTIFY": "true",
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

    def tokenise(self, *arguments):
        """What nut-grammar.d/words.c prints."""
        return self.run(self.nut.command(self.words, *arguments))

    def plan(self, user=None):
        return self.run([self.lastwatt, "plan", "poweroff", "--forced"],
                        must=True, user=user).stdout


def differ(text, theirs, ours):
    raise Differs(f"NUT understands {theirs!r}, we {ours!r}, of {text!r}")
