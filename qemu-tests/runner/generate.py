# SPDX-License-Identifier: MIT
"""Files of NUT's as people write them, and as nobody should: made from a
seed, so that the same ones come out again."""

import random

UPSES = ["a", "b", "c", "d-1", "e_2", "f g"]
LOCAL = ["", "@localhost", "@127.0.0.1", "@localhost:3493", "@[::1]:3493"]
KEYS = ["k1", "k2", "k3", "k4"]
SECRET = "pass-word"


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace(
        "#", "\\#") + '"'


class Maker:
    """Random choices, and how a line may be spelt."""

    def __init__(self, seed):
        self.dice = random.Random(seed)

    def one(self, choices):
        return self.dice.choice(choices)

    def maybe(self, percent):
        return self.dice.randrange(100) < percent

    def word(self, text):
        """The same word in another spelling."""
        if not text or " " in text or self.maybe(25):
            return quoted(text)
        if self.maybe(5):
            at = self.dice.randrange(len(text))
            return text[:at] + "\\" + text[at:]
        if self.maybe(3):
            at = self.dice.randrange(len(text))
            return text[:at] + "\\\n" + text[at:]
        return text

    def value(self):
        plain = ["auto", "20", "/dev/ttyS0", "-1", "0x10", "a=b", "it's",
                 "two words", "", "UPS #1", 'say "so"', "C:\\x", "$HOME",
                 "x" * 150, "a;b", "[x]", "=", "%s", "1e3", "`x`"]
        text = self.word(self.one(plain))
        if self.maybe(4):
            text += self.one(["#c", '"b"', " more", "\x01", "\xe4"])
        return text

    def end(self):
        return self.one(["", "", "", " ", "\t", " # why", "#why", "\r",
                         " # it's \"so\""]) + "\n"

    def equals(self):
        return self.one([" = ", "=", " =", "= ", "\t=\t"])

    def noise(self):
        """A line that means nothing, to NUT neither."""
        return self.one(["\n", "# comment\n", "   \t\n", "foo bar\n", "foo =\n",
                         "#\n", "= b c\n", "\r\n", "foo bar = x\n"])

    def finish(self, lines):
        text = "".join(lines)
        return text[:-1] if text.endswith("\n") and self.maybe(10) else text

    def header(self, name):
        text = f"[{name}]"
        text = quoted(text) if " " in name or self.maybe(10) else text
        return self.one(["", " "]) + text + self.one(["", " junk"]) + self.end()

    def variables(self):
        """A ups.conf that sets variables, which a driver shows."""
        lines = []
        for _ in range(self.dice.randrange(3, 30)):
            kind = self.dice.randrange(10)
            if kind == 0:
                lines.append(self.header(self.one(["u", "v", "u"])))
            elif kind == 1:
                lines.append(self.noise())
            else:
                prefix = self.one(["override.", "default.", "OverRide."])
                lines.append(self.one(["", " ", "\t"]) + self.word(
                    prefix + self.one(KEYS)) + self.equals() + self.value() +
                    self.end())
        head = "[u]\ndriver = dummy-ups\nport = u.dev\n"
        return head + self.finish(lines)

    def orders(self, drivers):
        """A ups.conf that says in which order UPSes are commanded."""
        lines = []
        for name in self.dice.sample(UPSES, self.dice.randrange(1, 7)):
            # NUT's upsdrvctl loses a sdorder that stands before these.
            lines += [self.header(name), "driver" + self.equals() +
                      self.word(self.one(drivers)) + self.end(),
                      "port" + self.equals() + self.word("auto") + self.end()]
            if self.maybe(30):
                lines.append(self.noise())
            for _ in range(self.dice.randrange(0, 3)):
                lines.append("sdorder" + self.equals() + self.word(
                    self.one(["0", "1", "2", "3", "-1", "zero", "1x", "+2",
                              " 1", "0x2"])) + self.end())
            if self.maybe(20):
                lines.append("driver = " + self.one(drivers) + "\n")
        return self.finish(lines)

    def monitors(self, flags):
        """A upsmon.conf: roles, and where the flag is."""
        lines = []
        for _ in range(self.dice.randrange(1, 14)):
            kind = self.dice.randrange(8)
            if kind < 4:
                words = ["MONITOR", self.one(UPSES) + self.one(
                    LOCAL + ["@192.0.2.7", "@other.example:1"]),
                    self.one(["1", "2"]), "admin", SECRET,
                    self.one(["primary", "secondary", "master", "slave",
                              "PRIMARY", "Secondary"])]
                text = " ".join(map(self.word, words))
                lines.append(text + self.one(["", " more"]) + self.end())
            elif kind < 6:
                lines.append("POWERDOWNFLAG" + self.one([" ", "\t", "  "]) +
                             self.word(self.one(flags)) + self.end())
            elif kind == 6:
                lines.append(self.noise())
            else:
                lines.append(self.one([
                    'SHUTDOWNCMD "/sbin/shutdown -h +0"\n', "FINALDELAY 5\n",
                    "powerdownflag /none\n", "monitor a 1 b c primary\n",
                    "# POWERDOWNFLAG /none\n", "POWERDOWNFLAG\n",
                    "MINSUPPLIES 1\r\n", "HOSTSYNC 15 # s\n"]))
        return self.finish(lines)

    def nut_conf(self):
        """A nut.conf that a shell takes."""
        lines = []
        for _ in range(self.dice.randrange(1, 8)):
            kind = self.dice.randrange(6)
            if kind < 3:
                lines.append(self.assignment("POWEROFF_WAIT", self.wait()))
            elif kind == 3:
                lines.append(self.assignment("MODE", self.one(
                    ["none", "standalone", "netserver", "netclient", "",
                     "NONE", "None", "none "])))
            elif kind == 4:
                lines.append(self.assignment("UPSD_OPTIONS", self.one(
                    ["", "-D -D", "a;b", "POWEROFF_WAIT=9", "it's", "#"])))
            else:
                lines.append(self.one(["\n", "# MODE=none\n", ": nothing\n",
                                       "  # it's\n", "\t\n"]))
        return self.finish(lines)

    def assignment(self, name, value):
        ends = ["\n", "\n", "\n", " # why\n", ";\n", "; ", " \n", "\t\n"]
        return (self.one(["", " ", "export ", "\t"]) + name + "=" +
                self.shell_word(value) + self.one(ends))

    def shell_word(self, text):
        """As a shell would have it."""
        if any(c in text for c in " ;#'\n\t") or self.maybe(40):
            if "'" in text or self.maybe(60):
                return f'"{text}"'
            return f"'{text}'"
        if text and self.maybe(15):
            at = self.dice.randrange(len(text))
            return text[:at] + self.one(['""', "''", "\\", "\\\n"]) + text[at:]
        return text

    def wait(self):
        """What sleep takes, and what it does not."""
        if self.maybe(40):
            return self.one(["", " ", "infinity", "inf", "INF", "infm", "soon",
                             "5 s", "1,5", ".", "1.5.5", "5ms", "3S", "0x", "5e",
                             "nan", "1m\n30s", "1\t2", "e5", "5 5x", "0x1p3",
                             "0x.8", "+5", "+", "infinite", "0b11", "1d1"])
        return " ".join(self.duration()
                        for _ in range(self.dice.randrange(1, 4)))

    def duration(self):
        number = self.one(["0", "1", "5", "15", "90", "007", "0.5", ".25",
                           "5.", "1.75", "1e2", "1E1", "15e-1", "0x10", "0xAp0",
                           "1e+1"])
        return number + self.one(["", "", "s", "m", "h", "d"])
