# SPDX-License-Identifier: MIT
"""upsmon.conf: roles, the flag's path, and what the flag says."""

import os
import re
import shutil

from .generate import LOCAL, UPSES, Maker
from .grammar import Differs, SEED, SOURCE, differ
from .grammar_conf import orders_of_ours

MAGIC = "upsmon-shutdown-file"


def flag_of_nut(tools, user=None):
    """The flag's path, whom it is primary of, and is the flag set?"""
    done = tools.run(tools.nut.command("upsmon", "-K", "-D"), user=user)
    paths = re.findall(r"Using power down flag file (.*)$", done.stdout, re.M)
    roles = re.findall(r"UPS: (.*) \(primary\) \(power", done.stdout)
    return paths[-1] if paths else "", roles, done.returncode == 0


def flag_of_ours(tools, user=None):
    text = tools.run([tools.lastwatt, "plan", "poweroff"], must=True,
                     user=user).stdout
    state, _, path = re.search(r"^flag      (\w+)(, (.*))?$", text,
                               re.M).groups()
    return path or "", state


def compare_roles(tools):
    """Whom upsmon is primary of, and which flag it looks for."""
    flags = [tools.path("one"), tools.path("two three"), tools.path("four=5"),
             tools.path('six"7'), tools.path("#8")]
    for path in flags[1:]:
        tools.write(path, MAGIC)
    tools.write("ups.conf", "".join(
        f'"[{name}]"\ndriver = x\nport = y\n' for name in UPSES))
    maker = Maker(SEED)
    for _ in range(250):
        text = maker.monitors(flags)
        tools.write("upsmon.conf", text)
        path, roles, is_set = flag_of_nut(tools)
        local = {name for name in UPSES for host in LOCAL
                 if name + host in roles}
        our_path, state = flag_of_ours(tools)
        ours = {name for name, _ in orders_of_ours(tools)}
        if (path, local, is_set) != (our_path, ours, state == "valid"):
            differ(text, (path, local, is_set), (our_path, ours, state))


class Row:
    """One state of the flag, as NUT sees it and as we do."""

    def __init__(self, name, nut_says, ours, make, conf=None, user=None):
        self.name, self.nut, self.ours = name, nut_says, ours
        self.make, self.conf, self.user = make, conf, user

    def compare(self, tools):
        place = tools.path("flag")
        if os.path.isdir(place):
            shutil.rmtree(place)
        elif os.path.lexists(place):
            os.unlink(place)
        conf = "MONITOR a@localhost 1 b c primary\nPOWERDOWNFLAG PATH\n" \
            if self.conf is None else self.conf
        tools.write("upsmon.conf", conf.replace("PATH", place))
        self.make(place)
        is_set = flag_of_nut(tools, self.user)[2]
        state = flag_of_ours(tools, self.user)[1]
        if (is_set, state) != (self.nut, self.ours):
            differ(self.name, is_set, state)


def content(text):
    def make(place):
        with open(place, "w", encoding="ascii") as file:
            file.write(text)
    return make


def link_to(text):
    def make(place):
        content(text)(place + ".real")
        os.symlink(place + ".real", place)
    return make


def old(place):
    content(MAGIC)(place)
    os.utime(place, (10**9, 10**9))


def locked(place):
    content(MAGIC)(place)
    os.chmod(place, 0)


def nothing(_):
    pass


def flag_rows():
    """Each row: what upsmon -K says (True: set), what we say. They differ
    where a flag could be an old one's, or none of upsmon's."""
    valid = content(MAGIC)
    nobody = 65534 if os.geteuid() == 0 else None
    # A daemon would do nothing with these; it would not even start.
    no_user = "MONITOR a@localhost 1 c primary\nPOWERDOWNFLAG PATH\n"
    return [
        Row("absent", False, "absent", nothing),
        Row("magic", True, "valid", valid),
        Row("magic and newline", True, "valid", content(MAGIC + "\n")),
        Row("magic and more", True, "valid", content(MAGIC + " x\ny\n")),
        Row("magic glued to more", True, "valid", content(MAGIC + "s")),
        Row("empty", False, "invalid", content("")),
        Row("other text", False, "invalid", content("something else, longer")),
        Row("cut magic", False, "invalid", content(MAGIC[:-1])),
        Row("magic in upper case", False, "invalid", content(MAGIC.upper())),
        Row("magic behind a blank", False, "invalid", content(" " + MAGIC)),
        Row("magic on line 2", False, "invalid", content("\n" + MAGIC)),
        Row("a directory", False, "invalid", os.mkdir),
        Row("a link to a good one", True, "valid", link_to(MAGIC)),
        Row("a link to a bad one", False, "invalid", link_to("x")),
        Row("a link to nowhere", False, "absent",
            lambda place: os.symlink(place + ".none", place)),
        Row("a link to itself", False, "invalid",
            lambda place: os.symlink(place, place)),
        Row("a device", False, "invalid",
            lambda place: os.symlink("/dev/null", place)),
        Row("no permission", False, "invalid", locked, user=nobody),
        Row("below a file", False, "absent", valid,
            "POWERDOWNFLAG PATH/x\n"),
        Row("in no folder", False, "absent", nothing,
            "POWERDOWNFLAG PATH/x\n"),
        Row("of another boot", True, "stale", old),
        Row("no POWERDOWNFLAG", False, "unset", valid,
            "MONITOR a@localhost 1 b c primary\n"),
        Row("no MONITOR", True, "valid", valid, "POWERDOWNFLAG PATH\n"),
        Row("an empty upsmon.conf", False, "unset", valid, ""),
        Row("POWERDOWNFLAG without a path", False, "unset", valid,
            "POWERDOWNFLAG\n"),
        Row("POWERDOWNFLAG with an =", False, "unset", valid,
            "POWERDOWNFLAG = PATH\n"),
        Row("POWERDOWNFLAG in lower case", False, "unset", valid,
            "powerdownflag PATH\n"),
        Row("a relative path", True, "unset", valid, "POWERDOWNFLAG flag\n"),
        Row("quotes", True, "valid", valid, 'POWERDOWNFLAG "PATH"\n'),
        Row("more words", True, "valid", valid, "POWERDOWNFLAG PATH x y\n"),
        Row("a comment at once", True, "valid", valid, "POWERDOWNFLAG PATH#x\n"),
        Row("CRLF", True, "valid", valid, "POWERDOWNFLAG PATH\r\n"),
        Row("no newline", True, "valid", valid, "POWERDOWNFLAG PATH"),
        Row("twice, the last is good", True, "valid", valid,
            "POWERDOWNFLAG /none\nPOWERDOWNFLAG PATH\n"),
        Row("twice, the first is good", False, "absent", valid,
            "POWERDOWNFLAG PATH\nPOWERDOWNFLAG /none\n"),
        Row("MONITOR without a user", False, "valid", valid, no_user),
    ]


def check_flag_tests(rows):
    """Each row has to be in our own table, too."""
    path = os.path.join(SOURCE, "payload/handover_flag_test.c")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for row in rows:
        if f'"{row.name}"' not in text:
            raise Differs(f'payload/handover_flag_test.c has no "{row.name}"')


def compare_flags(tools):
    tools.write("ups.conf", "[a]\ndriver = x\nport = y\n")
    for row in flag_rows():
        row.compare(tools)
    check_flag_tests(flag_rows())
